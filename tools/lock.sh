#!/usr/bin/env bash
# Renew the three locks from pyproject.toml, each on top of the one before; hashes show that a package is the one meant.
set -eu
cd "$(dirname "$0")/.."
compile() { # compile LOCK OPTIONS...
    lock=$1
    shift
    uv pip compile pyproject.toml "$@" --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links -q -o "$lock"
}
compile requirements-report.lock
compile requirements-lab.lock --extra lab -c requirements-report.lock
compile requirements-test.lock --extra lab --extra test -c requirements-lab.lock
on_top() { # on_top LOCK BELOW: leave in LOCK only what BELOW does not bring
    { echo "-r $2"; awk '/^[^ ]/ { split($1, part, "=="); mine = FILENAME == ARGV[1]; if (!mine) keep = !(part[1] in have) }
        /^[^ ]/ && mine { have[part[1]] = 1 } !mine && keep' "$2.whole" "$1.whole"; } > "$1"
}
for name in report lab test; do cp "requirements-$name.lock" "requirements-$name.lock.whole"; done
on_top requirements-test.lock requirements-lab.lock
on_top requirements-lab.lock requirements-report.lock
rm requirements-*.lock.whole
