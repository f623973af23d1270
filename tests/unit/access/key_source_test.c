/* Where the master key comes from: a file, or a program that asks a key server; and everything that such a
 * program may do wrong. */
#include "support.h"

#include "access/key_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DIGITS "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"

static char directory[] = "/tmp/humiao-source-XXXXXX";
static char program[64];

static int make_directory(void **state)
{
    (void)state;
    umask(0);
    if (!mkdtemp(directory))
        return -1;
    snprintf(program, sizeof program, "%s/fetch", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(program);
    return rmdir(directory);
}

static void write_program(const char *body, mode_t mode)
{
    FILE *f = fopen(program, "w");
    assert_non_null(f);
    fprintf(f, "#!/bin/sh\n%s\n", body);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(program, mode), 0);
}

static int fetch(const char *path, struct master_key *ret, struct error *e)
{
    struct key_source source = key_source_command(path);
    return key_source_fetch(&source, ret, e);
}

static int fetch_from(const char *body, mode_t mode)
{
    struct master_key got;
    struct error e = {0};
    write_program(body, mode);
    int r = fetch(program, &got, &e);
    if (r == 0)
        assert_int_equal(got.bytes[31], 0xFF);
    return r;
}

static void test_access_key_source__a_program_gives_the_key(void **state)
{
    (void)state;
    assert_int_equal(dup2(2, 9), 9);
    assert_int_equal(fetch_from("echo " DIGITS, 0700), 0);
    assert_int_equal(fetch_from("echo '# a comment'; printf %s " DIGITS, 0755), 0);
    /* Input is empty, the environment is too, no file of ours is open, and a broken pipe ends it. */
    assert_int_equal(fetch_from("test -z \"$HOME$HUMIAO_KEY_COMMAND\" && ! read line && "
                                "test ! -e /proc/self/fd/9 && echo " DIGITS,
                                0700),
                     0);
    assert_int_equal(fetch_from("exec 2>/dev/null; kill -PIPE $$; echo " DIGITS, 0700),
                     -ERR_KEY_MISSING);
}

static void test_access_key_source__what_a_program_may_do_wrong(void **state)
{
    (void)state;
    struct master_key got = {{0}}, untouched = {{0}};
    struct error e = {0};
    assert_int_equal(fetch_from("echo " DIGITS "; exit 3", 0700), -ERR_KEY_MISSING);
    assert_int_equal(fetch_from("exit 0", 0700), -ERR_KEY_WRONG);
    assert_int_equal(fetch_from("echo 0011", 0700), -ERR_KEY_WRONG);
    assert_int_equal(fetch_from("echo " DIGITS "; echo " DIGITS, 0700), -ERR_KEY_WRONG);
    assert_int_equal(fetch_from("exec yes", 0700), -ERR_KEY_WRONG); /* too long, and ended by us */
    assert_int_equal(fetch_from("echo " DIGITS, 0600), -ERR_KEY_MISSING);
    assert_int_equal(fetch_from("echo " DIGITS, 0720), -ERR_KEY_EXPOSED);
    assert_int_equal(fetch_from("echo " DIGITS, 0702), -ERR_KEY_EXPOSED);
    write_program("echo " DIGITS, 0700);
    assert_int_equal(chmod(directory, 0777), 0); /* another may put a program in its place */
    assert_int_equal(fetch(program, &got, &e), -ERR_KEY_EXPOSED);
    assert_int_equal(chmod(directory, 0700), 0);
    assert_int_equal(fetch("fetch", &got, &e), -ERR_USAGE);
    assert_int_equal(fetch("/no/where/fetch", &got, &e), -ERR_KEY_MISSING);
    assert_int_equal(fetch(directory, &got, &e), -ERR_KEY_MISSING);
    assert_memory_equal(&got, &untouched, sizeof got);
}

static void test_access_key_source__a_program_that_hangs_is_ended(void **state)
{
    (void)state;
    struct timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    assert_int_equal(fetch_from("echo " DIGITS "; exec >&-; kill -STOP $$", 0700),
                     -ERR_KEY_MISSING);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    assert_true(ended.tv_sec - began.tv_sec <= KEY_COMMAND_SECONDS + 2);
}

static void test_access_key_source__the_environment_says_which(void **state)
{
    (void)state;
    ARENA_AUTO(arena);
    struct key_source source;
    struct master_key got;
    struct error e = {0};
    unsetenv("HUMIAO_KEY_COMMAND");
    setenv("HUMIAO_KEY_FILE", "/somewhere/k", 1);
    assert_int_equal(key_source_find("d1", &arena, &source, &e), 0);
    assert_true(source.file);
    assert_string_equal(source.place, "/somewhere/k");
    assert_int_equal(key_source_fetch(&source, &got, &e), -ERR_KEY_MISSING);
    setenv("HUMIAO_KEY_COMMAND", program, 1);
    assert_int_equal(key_source_find("d1", &arena, &source, &e), -ERR_USAGE);
    unsetenv("HUMIAO_KEY_FILE");
    write_program("echo " DIGITS, 0700);
    assert_int_equal(key_source_find("d1", &arena, &source, &e), 0);
    assert_false(source.file);
    assert_int_equal(key_source_fetch(&source, &got, &e), 0);
    unsetenv("HUMIAO_KEY_COMMAND");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_access_key_source__a_program_gives_the_key),
        cmocka_unit_test(test_access_key_source__what_a_program_may_do_wrong),
        cmocka_unit_test(test_access_key_source__a_program_that_hangs_is_ended),
        cmocka_unit_test(test_access_key_source__the_environment_says_which),
    };
    return cmocka_run_group_tests_name("access_key_source", tests, make_directory,
                                       remove_directory);
}
