# Sourced by the scripts beside it: one root, one PATH, one way to speak.
# shellcheck shell=bash

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Debian's own programs come first: a version manager's python has none of Debian's modules.
export PATH="/usr/bin:/bin:$PATH"

# Sorting and formats are the same everywhere; the language that the caller asked for stays.
export HUMIAO_LANG=${HUMIAO_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}}
export LC_ALL=C.UTF-8

name=script/$(basename "$0")

say() {
    printf '%s: %s\n' "$name" "$*" >&2
}

# Ends with exit status 3, "the environment", as the product's own commands do.
die() {
    say "$@"
    exit 3
}

# Only one run at a time works in the tree: two builds in one directory spoil each other.
# A script called by another one inherits its lock.
take_turn() {
    if [ -n "${HUMIAO_TURN:-}" ]; then
        return
    fi
    mkdir -p build
    exec 9>build/.turn
    if ! flock -n 9; then
        say "another script is at work in this tree; waiting for it"
        flock 9
    fi
    export HUMIAO_TURN=taken
}

# The files that the build description looks for by itself, by name: when one comes or goes, Meson has to
# look again, which it does not notice on its own.
discovered() {
    find feeds policies sql src tests \( -name meson.build -o -name '*.sql' -o -name '*.policy' -o -name '*.yaml' \) |
        LC_ALL=C sort
}

# configure DIR OPTION... : makes a Meson build directory, or lets Meson look again at one whose options
# or discovered files are others now. A directory left half made by an interrupted setup is made anew.
configure() {
    local dir=$1 wanted
    shift
    wanted="$*"$'\n'$(discovered)
    if [ -f "$dir/build.ninja" ] && [ -f "$dir/meson-private/coredata.dat" ]; then
        if [ "$(cat "$dir/.configured-as" 2>/dev/null)" = "$wanted" ]; then
            return
        fi
        say "configuring $dir again"
        meson setup "$dir" --reconfigure "$@" >&2 || return
    else
        say "configuring $dir"
        rm -rf "$dir/meson-private" "$dir/meson-info"
        meson setup "$dir" "$@" >&2 || return
    fi
    printf '%s\n' "$wanted" >"$dir/.configured-as"
}
