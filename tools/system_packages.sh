#!/usr/bin/env bash
# Install the Debian packages that Python packages cannot bring, where they are missing and we may; otherwise say what is missing.
# Usage: system_packages.sh report|test
set -eu

missing=""
need() { # need COMMAND-OR-LIBRARY PACKAGE
    command -v "$1" >/dev/null 2>&1 || ldconfig -p 2>/dev/null | grep -q "$1" || missing="$missing $2"
}

need libpango-1.0.so.0 libpango-1.0-0
need libpangoft2-1.0.so.0 libpangoft2-1.0-0
need libharfbuzz-subset.so.0 libharfbuzz-subset0
if [ "${1:-report}" = test ]; then
    need chromium chromium
    need soffice libreoffice-writer-nogui
    need pdftoppm poppler-utils
    need npm npm
    fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fontconfig fonts-droid-fallback"
fi

[ -z "$missing" ] && exit 0
install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    echo "installing$missing"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
if ! install; then # a report needs none of them
    echo "missing system packages:$missing"
    echo "install them, for example: sudo apt-get install$missing"
fi
