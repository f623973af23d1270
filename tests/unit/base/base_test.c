/* Errors, texts, slices and arenas. */
#include "base/arena.h"
#include "base/error.h"
#include "base/progress.h"

#include "base/utf8.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void error_codes_are_stable_and_distinct(void **state)
{
    static const enum error_code codes[] = {
#define ERROR(symbol, code, http, exit, text) symbol,
#include "base/errors.def"
#undef ERROR
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(codes[i], codes[j]);
        int exit_status = error_exit_status(codes[i]), http = error_http_status(codes[i]);
        assert_true(exit_status >= 1 && exit_status <= 4 && http >= 400 && http < 600);
    }
    assert_int_equal(error_exit_status(ERR_NONE), 0);
    assert_int_equal(error_exit_status(ERR_DISK_FULL), 3);
    assert_int_equal(error_http_status(ERR_CONFLICT), 409);
    assert_int_equal(error_exit_status((enum error_code)9999), 3);
}

static void error_is_filled(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(error_set(&e, ERR_VALUE, "line %d", 7), -3101);
    assert_string_equal(e.detail, "line 7");
    assert_string_equal(error_primary(&e), "a value is not acceptable");
    assert_int_equal(error_hint(&e, "Write %s.", "M"), -3101);
    assert_string_equal(e.hint, "Write M.");
    error_set(&e, ERR_IO, NULL);
    assert_string_equal(e.detail, "");
    assert_string_equal(e.hint, "");
    error_clear(&e);
    assert_int_equal(e.code, ERR_NONE);
    assert_int_equal(e.language, LANGUAGE_EN);
    assert_int_equal(error_set(NULL, ERR_IO, "x"), -2001);
}

static void error_wraps_its_own_detail(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    error_set(&e, ERR_VALUE, "inner");
    error_set(&e, ERR_VALUE, "outer: %s", e.detail);
    assert_string_equal(e.detail, "outer: inner");
}

static void error_cuts_between_characters(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    char text[1024];
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'x', sizeof text);
        for (size_t i = shift; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "童", 3);
        text[shift + 900] = '\0';
        error_set(&e, ERR_VALUE, "%s", text);
        size_t n = strlen(e.detail);
        assert_true(n < sizeof e.detail && n > sizeof e.detail - 4);
        assert_int_equal(utf8_valid_prefix(slice_from(e.detail)), n);
    }
}

static void error_from_errno(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(error_set_errno(&e, ENOSPC, "a.csv"), -ERR_DISK_FULL);
    assert_int_equal(error_set_errno(&e, EDQUOT, "a.csv"), -ERR_DISK_FULL);
    assert_int_equal(error_set_errno(&e, EACCES, "a.csv"), -ERR_PERMISSION);
    assert_int_equal(error_set_errno(&e, EROFS, "a.csv"), -ERR_PERMISSION);
    assert_int_equal(error_set_errno(&e, EBADF, "a.csv"), -ERR_IO);
    assert_int_equal(error_set_errno(&e, ENOENT, "a.csv"), -ERR_IO);
    assert_string_equal(e.detail, "a.csv: there is no such file or directory");
    e.language = LANGUAGE_ZH;
    error_set_errno(&e, ENOENT, "a.csv");
    assert_string_equal(e.detail, "a.csv: 没有这个文件或目录");
}

static void every_error_has_its_chinese(void **state)
{
    static const char *const texts[] = {
#define ERROR(symbol, code, http, exit, text) text,
#include "base/errors.def"
#undef ERROR
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_ptr_equal(text_in(LANGUAGE_EN, texts[i]), texts[i]);
        assert_string_not_equal(text_in(LANGUAGE_ZH, texts[i]), texts[i]);
    }
    assert_string_equal(text_in(LANGUAGE_ZH, "the disk is full"), "磁盘已满");
    assert_string_equal(text_in(LANGUAGE_ZH, "no such sentence"), "no such sentence");
    assert_string_equal(text_in(LANGUAGE_ZH, ""), "");
}

static void language_of_the_environment(void **state)
{
    static const char *const names[] = {"HUMIAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < 4; i++)
        unsetenv(names[i]);
    assert_int_equal(text_language_of_environment(), LANGUAGE_ZH);
    setenv("LANG", "en_GB.UTF-8", 1);
    assert_int_equal(text_language_of_environment(), LANGUAGE_EN);
    setenv("LC_ALL", "C.UTF-8", 1); /* names no language */
    assert_int_equal(text_language_of_environment(), LANGUAGE_EN);
    setenv("LC_ALL", "zh_CN.UTF-8", 1);
    assert_int_equal(text_language_of_environment(), LANGUAGE_ZH);
    setenv("HUMIAO_LANG", "en", 1);
    assert_int_equal(text_language_of_environment(), LANGUAGE_EN);
    setenv("HUMIAO_LANG", "", 1);
    assert_int_equal(text_language_of_environment(), LANGUAGE_ZH);
}

static void slices(void **state)
{
    assert_true(slice_equal(SLICE_NONE, SLICE_LITERAL("")));
    assert_true(slice_is(SLICE_LITERAL("ab"), "ab"));
    assert_false(slice_is(SLICE_LITERAL("ab"), "abc"));
    assert_true(slice_compare(SLICE_LITERAL("ab"), SLICE_LITERAL("abc")) < 0);
    assert_true(slice_compare(SLICE_LITERAL("b"), SLICE_LITERAL("abc")) > 0);
    assert_int_equal(slice_compare(SLICE_NONE, SLICE_LITERAL("")), 0);
    assert_true(slice_compare(SLICE_LITERAL("z"), SLICE_LITERAL("李")) < 0);
    assert_true(slice_is(slice_trim(SLICE_LITERAL(" \t\xC2\xA0\xE3\x80\x80李 明\xE3\x80\x80\r\n")),
                         "李 明"));
    assert_int_equal(slice_trim(SLICE_LITERAL(" \xE3\x80\x80 ")).n, 0);
    assert_null(slice_trim(SLICE_NONE).p);
    /* A character that merely ends in the same bytes stays whole. */
    assert_int_equal(slice_trim(SLICE_LITERAL("\xE4\xB8\x80")).n, 3);
}

static void utf8(void **state)
{
    static const struct {
        struct slice text;
        size_t good;
    } cases[] = {
        {SLICE_LITERAL("abcdefghijk\xFF"), 11},
        {SLICE_LITERAL("护苗 é 𠮷"), 14},
        {SLICE_LITERAL("\xC0\x80"), 0},
        {SLICE_LITERAL("\xE0\x9F\xBF"), 0},
        {SLICE_LITERAL("\xED\xA0\x80"), 0},
        {SLICE_LITERAL("\xED\x9F\xBF"), 3},
        {SLICE_LITERAL("\xF0\x8F\xBF\xBF"), 0},
        {SLICE_LITERAL("\xF4\x8F\xBF\xBF"), 4},
        {SLICE_LITERAL("\xF4\x90\x80\x80"), 0},
        {SLICE_LITERAL("\xF5\x80\x80\x80"), 0},
        {SLICE_LITERAL("a\xE6\x8A"), 1},
        {SLICE_LITERAL("a\x80"), 1},
        {SLICE_LITERAL(""), 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(utf8_valid_prefix(cases[i].text), cases[i].good);
}

static void arena_pieces_are_zeroed_aligned_and_apart(void **state)
{
    ARENA_AUTO(a);
    for (int round = 0; round < 3; round++) {
        unsigned char *pieces[600];
        for (size_t i = 0; i < 600; i++) {
            size_t size = i * i % 5000 + (i % 97 == 0 ? 300000 : 0);
            pieces[i] = arena_take(&a, size);
            assert_int_equal((uintptr_t)pieces[i] % 16, 0);
            for (size_t k = 0; k < size; k++)
                assert_int_equal(pieces[i][k], 0);
            memset(pieces[i], (int)(i & 0xFF), size);
        }
        size_t total = 0;
        for (size_t i = 0; i < 600; i++) {
            size_t size = i * i % 5000 + (i % 97 == 0 ? 300000 : 0);
            total += size;
            for (size_t k = 0; k < size; k++)
                assert_int_equal(pieces[i][k], i & 0xFF);
        }
        assert_int_equal(a.total, total);
        arena_reset(&a);
        assert_int_equal(a.total, 0);
    }
}

static void arena_texts(void **state)
{
    ARENA_AUTO(a);
    assert_string_equal(arena_string(&a, (struct slice){"hello", 4}), "hell");
    assert_string_equal(arena_string(&a, SLICE_NONE), "");
    assert_null(arena_copy(&a, SLICE_NONE).p);
    assert_non_null(arena_copy(&a, SLICE_LITERAL("")).p);
    struct slice copy = arena_copy(&a, SLICE_LITERAL("苗"));
    assert_true(slice_is(copy, "苗"));
    assert_int_equal(copy.p[copy.n], '\0');
    assert_string_equal(arena_printf(&a, "%s-%d", "x", 7), "x-7");
    assert_non_null(arena_take(&a, 0));
}

static void arena_array_grows(void **state)
{
    ARENA_AUTO(a);
    int *numbers = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        numbers = arena_grow(&a, numbers, &capacity, (size_t)i + 1, sizeof *numbers);
        assert_int_equal(numbers[capacity - 1], 0);
        numbers[i] = i + 1;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i + 1);
    assert_true(capacity >= 1000 && capacity < 4096);
}

static void progress_is_silent_without_a_terminal(void **state)
{
    struct progress p;
    progress_begin(&p, "x");
    p.terminal = false;
    progress_show(&p, 1, 2);
    assert_false(p.drawn);
    progress_end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_codes_are_stable_and_distinct),
        cmocka_unit_test(error_is_filled),
        cmocka_unit_test(error_wraps_its_own_detail),
        cmocka_unit_test(error_cuts_between_characters),
        cmocka_unit_test(error_from_errno),
        cmocka_unit_test(every_error_has_its_chinese),
        cmocka_unit_test(language_of_the_environment),
        cmocka_unit_test(slices),
        cmocka_unit_test(utf8),
        cmocka_unit_test(arena_pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(arena_texts),
        cmocka_unit_test(arena_array_grows),
        cmocka_unit_test(progress_is_silent_without_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
