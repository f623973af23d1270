/* The master key file and the key blob: made, read, lost, exposed, mistaken, replaced. */
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/humiao-keys-XXXXXX";

static int make_directory(void **state)
{
    (void)state;
    umask(0);
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
    static const char *const files[] = {"/config/humiao/d1.key",
                                        "/config/humiao",
                                        "/config",
                                        "/exposed.key",
                                        "/bad.key",
                                        "/other.key",
                                        ""};
    char path[256];
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s%s", directory, files[i]);
        remove(path);
    }
    return 0;
}

static const char *path_in(struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%s", directory, name);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void test_access_keys__path(void **state)
{
    (void)state;
    ARENA_AUTO(arena);
    struct error e = {0};
    const char *path = NULL;
    setenv("HUMIAO_KEY_FILE", "/somewhere/k", 1);
    assert_int_equal(keys_master_path("d1", &arena, &path, &e), 0);
    assert_string_equal(path, "/somewhere/k");
    setenv("HUMIAO_KEY_FILE", "", 1);
    setenv("XDG_CONFIG_HOME", "/xdg", 1);
    setenv("HOME", "/home/h", 1);
    assert_int_equal(keys_master_path("d1", &arena, &path, &e), 0);
    assert_string_equal(path, "/xdg/humiao/d1.key");
    unsetenv("XDG_CONFIG_HOME");
    assert_int_equal(keys_master_path("d1", &arena, &path, &e), 0);
    assert_string_equal(path, "/home/h/.config/humiao/d1.key");
    assert_int_equal(keys_master_path("../d1", &arena, &path, &e), -ERR_USAGE);
    assert_int_equal(keys_master_path("", &arena, &path, &e), -ERR_USAGE);
    unsetenv("HOME");
    assert_int_equal(keys_master_path("d1", &arena, &path, &e), -ERR_KEY_MISSING);
    assert_true(e.hint[0] != '\0');
}

static void test_access_keys__created_key_is_read_again(void **state)
{
    (void)state;
    ARENA_AUTO(arena);
    struct error e = {0};
    struct master_key made, got;
    struct stat st;
    const char *path = path_in(&arena, "config/humiao/d1.key");
    assert_int_equal(keys_master_create(path, &made, &e), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(stat(path_in(&arena, "config/humiao"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_int_equal(keys_master_read(path, &got, &e), 0);
    assert_memory_equal(&made, &got, sizeof made);

    /* Never overwritten. */
    struct master_key second;
    assert_int_equal(keys_master_create(path, &second, &e), -ERR_CONFLICT);
    assert_int_equal(keys_master_read(path, &got, &e), 0);
    assert_memory_equal(&made, &got, sizeof made);

    assert_int_equal(keys_master_create(path_in(&arena, "other.key"), &second, &e), 0);
    assert_memory_not_equal(&made, &second, sizeof made);
}

static void test_access_keys__bad_files(void **state)
{
    (void)state;
    ARENA_AUTO(arena);
    struct error e = {0};
    struct master_key got = {{0}}, untouched = {{0}};
    assert_int_equal(keys_master_read(path_in(&arena, "none.key"), &got, &e), -ERR_KEY_MISSING);
    assert_true(e.hint[0] != '\0');
    assert_int_equal(keys_master_read(path_in(&arena, "no/where.key"), &got, &e), -ERR_KEY_MISSING);

    const char *digits = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
    const char *path = path_in(&arena, "exposed.key");
    static const mode_t open_to_others[] = {0640, 0604, 0620, 0610, 0666};
    for (size_t i = 0; i < sizeof open_to_others / sizeof *open_to_others; i++) {
        write_file(path, digits, open_to_others[i]);
        assert_int_equal(keys_master_read(path, &got, &e), -ERR_KEY_EXPOSED);
        assert_true(e.hint[0] != '\0');
    }
    assert_int_equal(keys_master_read(directory, &got, &e), -ERR_KEY_WRONG);
    path = path_in(&arena, "bad.key");
    const char *texts[] = {
        "",
        "\n",
        "# only a comment\n",
        "# only a comment",
        "0011",
        arena_printf(&arena, "%sff\n", digits),
        arena_printf(&arena, "# c\n%.63s\n", digits),
        arena_printf(&arena, "# c\n%.63sg\n", digits),
        arena_printf(&arena, "%s\nmore\n", digits),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        write_file(path, texts[i], 0600);
        assert_int_equal(keys_master_read(path, &got, &e), -ERR_KEY_WRONG);
    }
    assert_memory_equal(&got, &untouched, sizeof got); /* ret is set on success only */
    write_file(path, arena_printf(&arena, "# c\n# d\n%s \r\n", digits), 0400);
    assert_int_equal(keys_master_read(path, &got, &e), 0);
    assert_int_equal(got.bytes[31], 0xFF);
    keys_master_wipe(&got);
    assert_memory_equal(&got, &untouched, sizeof got);
}

static void check_vault(enum seal_suite suite)
{
    struct bench_of_keys k = keys_of(suite);
    struct error e = {0};
    struct vault *none = NULL;
    assert_true(k.blob.n <= VAULT_BLOB_MAX);
    assert_int_equal(vault_suite(k.vault), suite);

    struct master_key other = k.master;
    other.bytes[31] ^= 1;
    assert_int_equal(vault_open(&other, k.blob, &none, &e), -ERR_KEY_WRONG);
    assert_true(e.hint[0] != '\0');

    /* An altered blob does not open; in the salt or key check it looks like another key. */
    char *bytes = (char *)k.blob.p;
    for (size_t i = 0; i < k.blob.n; i++) {
        bytes[i] ^= 4;
        int r = vault_open(&k.master, k.blob, &none, &e);
        assert_true(r == -ERR_SEAL_BROKEN || (r == -ERR_KEY_WRONG && i >= 6 && i < 38));
        bytes[i] ^= 4;
    }
    for (size_t n = 0; n < k.blob.n; n++)
        assert_int_equal(vault_open(&k.master, (struct slice){k.blob.p, n}, &none, &e),
                         -ERR_SEAL_BROKEN);

    /* A replaced master key opens the same data keys, and the old one does not. */
    struct slice blob;
    struct vault *again = NULL;
    struct sealer *s = NULL;
    uint8_t before[SEAL_HASH_SIZE], after[SEAL_HASH_SIZE];
    assert_int_equal(vault_rewrap(k.vault, &other, &k.arena, &blob, &e), 0);
    assert_int_equal(vault_open(&k.master, blob, &none, &e), -ERR_KEY_WRONG);
    assert_int_equal(vault_open(&other, blob, &again, &e), 0);
    assert_int_equal(sealer_new(again, &s, &e), 0);
    assert_int_equal(sealer_hash(k.sealer, HASH_REF, SLICE_LITERAL("r"), before, &e), 0);
    assert_int_equal(sealer_hash(s, HASH_REF, SLICE_LITERAL("r"), after, &e), 0);
    assert_memory_equal(before, after, sizeof before);
    assert_null(none);
    sealer_free(s);
    vault_close(again);
    keys_end(&k);
}

static void test_access_vault__international(void **state)
{
    (void)state;
    check_vault(SUITE_INTERNATIONAL);
}

static void test_access_vault__national(void **state)
{
    (void)state;
    check_vault(SUITE_NATIONAL);
}

static void test_access_vault__suite_names(void **state)
{
    (void)state;
    enum seal_suite suite = SUITE_NONE;
    struct error e = {0};
    struct master_key master = {{0}};
    struct slice blob;
    ARENA_AUTO(arena);
    assert_true(seal_suite_parse(slice_from("national"), &suite));
    assert_int_equal(suite, SUITE_NATIONAL);
    assert_true(seal_suite_parse(slice_from(seal_suite_name(SUITE_INTERNATIONAL)), &suite));
    assert_int_equal(suite, SUITE_INTERNATIONAL);
    assert_false(seal_suite_parse(slice_from("none"), &suite));
    assert_int_equal(vault_create(&master, SUITE_NONE, &arena, &blob, &e), -ERR_INTERNAL);
    assert_null(vault_close(NULL));
    assert_null(sealer_free(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_access_keys__path),
        cmocka_unit_test(test_access_keys__created_key_is_read_again),
        cmocka_unit_test(test_access_keys__bad_files),
        cmocka_unit_test(test_access_vault__international),
        cmocka_unit_test(test_access_vault__national),
        cmocka_unit_test(test_access_vault__suite_names),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
