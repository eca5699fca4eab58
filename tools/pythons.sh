#!/usr/bin/env bash
# Run the quick tests with each later Python that is at hand, by its name or under pyenv, each in a clone of its own.
set -eu
cd "$(dirname "$0")/.."
for python in python3.12 python3.13 python3.14 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[2-4].*/bin/python; do
    if "$python" -c "" 2>/dev/null; then
        echo "with $("$python" --version)"
        clone=$(mktemp -d)
        git clone -q . "$clone"
        make -C "$clone" "PYTHON=$python" test-fast
        rm -rf "$clone"
    else
        echo "with $python: not at hand, not tried"
    fi
done
