#!/usr/bin/env bats
# The scripts themselves: what they say when something is wrong, and how results are summed up.

setup() {
    export HUMIAO_PACKAGES=$BATS_TEST_TMPDIR/packages.txt
    # No package lists and no archive: what a machine without network looks like to apt-get.
    export APT_CONFIG=$BATS_TEST_TMPDIR/apt.conf
    printf 'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "/dev/null";\nDir::State::lists "%s";\n' \
        "$BATS_TEST_TMPDIR/lists" >"$APT_CONFIG"
    mkdir -p "$BATS_TEST_TMPDIR/lists/partial"
    reports=$BATS_TEST_TMPDIR/reports
    mkdir "$reports"
}

script() {
    "$BATS_TEST_DIRNAME/$1" "${@:2}"
}

report() {
    printf '%s\t%s\t1\n' "$1" "$2" >>"$reports/status.tsv"
    [ -z "${3:-}" ] || printf '<testsuites><testsuite>%s</testsuite></testsuites>' "$3" >"$reports/$1.xml"
}

last_line() {
    [ "${lines[${#lines[@]} - 1]}" = "$1" ]
}

@test "bootstrap asks apt-get for nothing when nothing is missing" {
    echo "bash build - the shell" >"$HUMIAO_PACKAGES"
    run script bootstrap build
    [ "$status" -eq 0 ]
    [[ "$output" != *"installing from Debian"* ]]
}

@test "bootstrap leaves test packages alone when only building" {
    echo "no-such-package-humiao test - a test package" >"$HUMIAO_PACKAGES"
    run script bootstrap build
    [ "$status" -eq 0 ]
}

@test "bootstrap takes a program on the PATH for its package" {
    echo "no-such-package-humiao build sh any shell will do" >"$HUMIAO_PACKAGES"
    run script bootstrap build
    [ "$status" -eq 0 ]
}

@test "bootstrap says plainly that a package cannot be had" {
    [ "$(id -u)" -eq 0 ] || skip "only root gets as far as apt-get"
    echo "no-such-package-humiao build - does not exist" >"$HUMIAO_PACKAGES"
    run script bootstrap build
    [ "$status" -eq 3 ]
    [[ "$output" == *"could not install: no-such-package-humiao"* ]]
    [[ "$output" == *"online"* ]]
}

@test "bootstrap tells who is not root what to run" {
    echo "no-such-package-humiao build - does not exist" >"$HUMIAO_PACKAGES"
    chmod -R a+rX "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
    if [ "$(id -u)" -eq 0 ]; then
        run setpriv --reuid=65534 --clear-groups "$BATS_TEST_DIRNAME/bootstrap" build
        [ "$status" -ne 126 ] || skip "this tree stands where others may not go"
    else
        run script bootstrap build
    fi
    [ "$status" -eq 3 ]
    [[ "$output" == *"only root may install them: no-such-package-humiao"* ]]
    [[ "$output" == *"sudo apt-get install"* ]]
}

@test "bootstrap says plainly that PyPI cannot be had" {
    echo "bash build - the shell" >"$HUMIAO_PACKAGES"
    local tree=$BATS_TEST_TMPDIR/tree
    mkdir -p "$tree/script" "$tree/tests/api"
    cp "$BATS_TEST_DIRNAME"/{bootstrap,common.sh} "$tree/script/"
    cp "$BATS_TEST_DIRNAME/../tests/api/requirements.txt" "$tree/tests/api/"
    PIP_INDEX_URL=http://127.0.0.1:1/ PIP_NO_CACHE_DIR=1 PIP_RETRIES=0 PIP_FIND_LINKS='' \
        run "$tree/script/bootstrap" test
    [ "$status" -eq 3 ]
    [[ "$output" == *"PyPI could not be reached"* ]]
    [ ! -e "$tree/build/venv" ]
}

@test "bootstrap refuses a scope it does not know" {
    run script bootstrap everything
    [ "$status" -eq 2 ]
}

@test "the summary adds up suites with reports and suites without" {
    report units 0 '<testcase name="a"/><testcase name="b"/><testcase name="c"><skipped/></testcase>'
    report lint 0
    run script test-summary "$reports"
    [ "$status" -eq 0 ]
    last_line "3 passed, 0 failed"
}

@test "the summary counts and names what failed" {
    report units 1 '<testcase name="a"/><testcase classname="day" name="b"><failure/></testcase>'
    run script test-summary "$reports"
    [ "$status" -eq 1 ]
    [[ "$output" == *"FAILED units: day: b"* ]]
    last_line "1 passed, 1 failed"
}

@test "a suite that dies after passing cases is a failure" {
    report cli 139 '<testcase name="a"/>'
    run script test-summary "$reports"
    [ "$status" -eq 1 ]
    last_line "1 passed, 1 failed"
}

@test "a report cut short is a failure" {
    report cli 0 '<testcase name="a"'
    run script test-summary "$reports"
    [ "$status" -eq 1 ]
    last_line "0 passed, 1 failed"
}

@test "nothing run is no success" {
    : >"$reports/status.tsv"
    run script test-summary "$reports"
    [ "$status" -eq 1 ]
    last_line "0 passed, 0 failed"
}
