/* Reasons without our own names of columns, in both languages. */
#include "intake/refusal_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static struct error made(enum language language, int form)
{
    struct error e = {.language = language};

    if (form == 1)
        error_set(&e, ERR_VALUE, N_("column %s: %s"), "id_no", "why: so");
    else if (form == 2)
        error_set(&e, ERR_VALUE, N_("column %s (%.*s): %s"), "from", 9, "日期: x", "why");
    else
        error_set(&e, ERR_VALUE, "%s", "column of soldiers");
    error_hint(&e, "%s", "mend it");
    return e;
}

static void without_our_names(void **state)
{
    static const enum language languages[] = {LANGUAGE_EN, LANGUAGE_ZH};

    for (int i = 0; i < 2; i++) {
        struct error one = made(languages[i], 1), two = made(languages[i], 2),
                     other = made(languages[i], 3);
        assert_string_equal(refusal_without_column(&one), "why: so");
        assert_string_equal(refusal_without_column(&two), "why");
        assert_string_equal(refusal_without_column(&other), "column of soldiers");
    }
}

static void by_the_departments_name(void **state)
{
    struct error one = made(LANGUAGE_ZH, 1), told = refusal_of_column(&one, "男方身份证号");

    assert_string_equal(told.detail, "男方身份证号 列：why: so");
    assert_string_equal(told.hint, "mend it");
    assert_int_equal(told.code, ERR_VALUE);
    told = refusal_of_column(&one, NULL);
    assert_string_equal(told.detail, one.detail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(without_our_names),
                                       cmocka_unit_test(by_the_departments_name)};

    return cmocka_run_group_tests_name("intake_refusal_text", tests, NULL, NULL);
}
