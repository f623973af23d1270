/* The fields of the sheet, their words, and what each takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "care/sheet.h"

static int check(enum sheet_field f, const char *given, const char *kept, struct error *e)
{
    ARENA_AUTO(arena);
    struct slice value = {NULL, 0};
    int rc = sheet_value_check(f, slice_from(given), &arena, &value, e);

    if (rc == 0)
        assert_true(slice_is(value, kept));
    return rc;
}

static void names_and_numbers(void **state)
{
    static const char *const names[] = {"met",    "living", "care",     "health", "mood", "school",
                                        "safety", "needs",  "findings", "wish",   "next"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        enum sheet_field f = sheet_field_parse(slice_from(names[i]));
        assert_int_equal(f, i + 1); /* numbers are stored */
        assert_string_equal(sheet_field_name(f), names[i]);
        assert_int_equal(sheet_word(f, 0) != NULL, sheet_field_type(f) != SHEET_TEXT);
    }
    assert_int_equal(sheet_field_parse(SLICE_LITERAL("")), FIELD_NONE);
    assert_int_equal(sheet_field_parse(SLICE_LITERAL("Met")), FIELD_NONE);
    assert_string_equal(sheet_field_name(FIELD_NONE), "");
    assert_string_equal(sheet_field_name((enum sheet_field)12), "");
}

static void one_word(void **state)
{
    struct error e = {.language = LANGUAGE_EN};

    assert_int_equal(check(FIELD_SAFETY, "danger", "danger", &e), 0);
    assert_int_equal(check(FIELD_SAFETY, " unsure ", "unsure", &e), 0);
    assert_int_equal(check(FIELD_SAFETY, "", "", &e), 0);
    assert_int_equal(check(FIELD_SAFETY, "Danger", NULL, &e), -ERR_VALUE);
    assert_string_equal(e.detail, "safety takes one of: no_sign, unsure, danger");
    assert_int_equal(check(FIELD_SAFETY, "no_sign,danger", NULL, &e), -ERR_VALUE);
    assert_int_equal(check(FIELD_LIVING, "danger", NULL, &e), -ERR_VALUE);
    assert_int_equal(check(FIELD_NONE, "good", NULL, &e), -ERR_VALUE);
    assert_int_equal(check((enum sheet_field)99, "good", NULL, &e), -ERR_VALUE);
    assert_int_equal(check((enum sheet_field) - 1, "good", NULL, &e), -ERR_VALUE);
}

static void several_words(void **state)
{
    struct error e = {.language = LANGUAGE_EN};

    assert_int_equal(check(FIELD_MET, "guardian, child,guardian", "child,guardian", &e), 0);
    assert_int_equal(check(FIELD_NEEDS, "goods,study", "study,goods", &e), 0);
    assert_int_equal(check(FIELD_MET, "child,", NULL, &e), -ERR_VALUE);
    assert_int_equal(check(FIELD_MET, ",", NULL, &e), -ERR_VALUE);
    assert_int_equal(check(FIELD_MET, "uncle", NULL, &e), -ERR_VALUE);
    assert_string_equal(e.detail,
                        "met takes any of these, by commas: child, guardian, other, nobody");
    assert_null(strstr(e.detail, "uncle"));
}

static void free_text(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    char longest[SHEET_TEXT_MAX + 2];

    memset(longest, 'a', sizeof(longest));
    longest[SHEET_TEXT_MAX] = 0;
    assert_int_equal(check(FIELD_FINDINGS, longest, longest, &e), 0);
    longest[SHEET_TEXT_MAX] = 'a';
    longest[SHEET_TEXT_MAX + 1] = 0;
    assert_int_equal(check(FIELD_FINDINGS, longest, NULL, &e), -ERR_TOO_LONG);
    assert_int_equal(check(FIELD_WISH, "想要一本书\n再来", "想要一本书\n再来", &e), 0);
    assert_int_equal(check(FIELD_NEXT, "a\x01", NULL, &e), -ERR_VALUE);
    assert_int_equal(check(FIELD_NEXT, "a\xff", NULL, &e), -ERR_VALUE);
    assert_string_equal(e.detail, "next: the text is not UTF-8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_numbers),
        cmocka_unit_test(one_word),
        cmocka_unit_test(several_words),
        cmocka_unit_test(free_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
