/* Texts that people write: reading them, and pointing into them. */
#include "base/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void excerpt_is(const char *text, size_t line, uint32_t column, const char *expected)
{
    char shown[SOURCE_EXCERPT_SIZE];

    source_excerpt(slice_from(text), text + line, column, shown);
    assert_string_equal(shown, expected);
}

static void the_caret_stands_under_the_place(void **state)
{
    char long_line[400];

    (void)state;
    excerpt_is("one\ntwo three\nfour", 4, 5, "\ntwo three\n    ^");
    excerpt_is("one\r\ntwo", 0, 1, "\none\n^");
    excerpt_is("孤儿 x", 0, 4, "\n孤儿 x\n     ^"); /* a Chinese character takes two columns */
    excerpt_is("\tx", 0, 2, "\n\tx\n\t^");
    excerpt_is("", 0, 1, "\n\n^");
    memset(long_line, 'a', sizeof long_line - 1);
    long_line[sizeof long_line - 1] = '\0';
    char shown[SOURCE_EXCERPT_SIZE];
    source_excerpt(slice_from(long_line), long_line, 300, shown);
    assert_int_equal(strlen(shown), 121); /* clipped, and no caret that would lie */
    memcpy(long_line + 119, "孤", 3);     /* never half a character */
    source_excerpt(slice_from(long_line), long_line, 1, shown);
    assert_memory_equal(shown + 119, "a\n^", 4);
    source_excerpt(SLICE_LITERAL("x"), NULL, 1, shown);
    assert_string_equal(shown, "");
}

static void of_a_long_path_the_end(void **state)
{
    char path[200] = "/";

    (void)state;
    assert_string_equal(source_path("a/b.policy"), "a/b.policy");
    while (strlen(path) < 150)
        strncat(path, "folder/", sizeof path - strlen(path) - 1);
    strncat(path, "orphan.policy", sizeof path - strlen(path) - 1);
    const char *end = source_path(path);
    assert_true(strlen(end) <= 80 && strncmp(end, "folder/", 7) == 0);
    assert_string_equal(strrchr(end, '/'), "/orphan.policy");
}

static void the_nearest_name(void **state)
{
    static const char *const names[] = {"orphan", "destitute", "low_income", "low_income_edge"};
    static const struct {
        const char *wanted, *best;
    } cases[] = {{"orphn", "orphan"},
                 {"orfan", "orphan"},
                 {"low_incom", "low_income"},
                 {"lowincome_edge", "low_income_edge"},
                 {"zzzzzz", NULL},
                 {"o", NULL},
                 {"", NULL}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nearest n = nearest_to(slice_from(cases[i].wanted));
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            nearest_try(&n, names[k]);
        struct error e = {.language = LANGUAGE_EN};
        error_set(&e, ERR_POLICY, NULL);
        assert_int_equal(nearest_hint(&n, &e, NULL), -ERR_POLICY);
        if (cases[i].best)
            assert_string_equal(n.best, cases[i].best);
        else
            assert_null(n.best);
        assert_int_equal(e.hint[0] != '\0', cases[i].best != NULL);
    }
    assert_int_equal(nearest_hint(&(struct nearest){.best = NULL}, NULL, NULL), -ERR_INTERNAL);
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void a_folder_is_read_by_name(void **state)
{
    ARENA_AUTO(arena);
    char folder[] = "/tmp/humiao-source-XXXXXX", path[300];
    struct error e = {.language = LANGUAGE_EN};
    struct source *list;
    size_t count;

    (void)state;
    assert_non_null(mkdtemp(folder));
    put(folder, "b.policy", "two");
    put(folder, "a.policy", "one");
    put(folder, ".c.policy", "hidden");
    put(folder, "notes.txt", "passed over");
    put(folder, ".policy", "a name of nothing but the suffix");
    assert_int_equal(
        source_read_folder(folder, ".policy", 8, ERR_POLICY, &arena, &list, &count, &e), 0);
    assert_int_equal(count, 2);
    assert_true(slice_is(list[0].text, "one") && slice_is(list[1].text, "two"));
    assert_string_equal(strrchr(list[0].file, '/'), "/a.policy");
    assert_int_equal(source_read_folder(folder, ".table", 8, ERR_POLICY, &arena, &list, &count, &e),
                     0);
    assert_int_equal(count, 0);
    put(folder, "c.policy", "too large for it");
    assert_int_equal(
        source_read_folder(folder, ".policy", 8, ERR_POLICY, &arena, &list, &count, &e),
        -ERR_POLICY);
    snprintf(path, sizeof path, "%s/none", folder);
    assert_true(source_read_folder(path, ".policy", 8, ERR_POLICY, &arena, &list, &count, &e) < 0);
    static const char *const left[] = {"a.policy",  "b.policy", "c.policy",
                                       ".c.policy", ".policy",  "notes.txt"};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, left[i]);
        unlink(path);
    }
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caret_stands_under_the_place),
        cmocka_unit_test(of_a_long_path_the_end),
        cmocka_unit_test(the_nearest_name),
        cmocka_unit_test(a_folder_is_read_by_name),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
