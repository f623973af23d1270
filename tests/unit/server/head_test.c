/* What is read out of headers. */
#include "server/head.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdint.h>

static void test_head__language(void **state)
{
    static const struct {
        const char *accept;
        enum language language;
    } examples[] = {
        {"en", LANGUAGE_EN},
        {"EN-us", LANGUAGE_EN},
        {"en-GB,en;q=0.9,zh;q=0.8", LANGUAGE_EN},
        {"zh;q=0.1, en;q=0.25", LANGUAGE_EN},
        {"fr, en;q=0.001", LANGUAGE_EN},
        {"", LANGUAGE_ZH},
        {"*", LANGUAGE_ZH},
        {"fr", LANGUAGE_ZH},
        {"zh-CN,zh;q=0.9,en;q=0.8", LANGUAGE_ZH},
        {"en;q=0.5,zh;q=0.5", LANGUAGE_ZH},
        {"en;q=0", LANGUAGE_ZH},
        {"eng", LANGUAGE_ZH},
        {"e", LANGUAGE_ZH},
        {",,;q=,en;q=x", LANGUAGE_ZH},
    };
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
        if (head_language(slice_from(examples[i].accept)) != examples[i].language)
            fail_msg("%s", examples[i].accept);
    assert_int_equal(head_language(SLICE_NONE), LANGUAGE_ZH);
}

static void test_head__same_host(void **state)
{
    static const struct {
        const char *origin, *host;
        bool same;
    } examples[] = {
        {"https://a.example", "a.example", true},
        {"https://A.example", "a.Example", true},
        {"https://a.example:8443", "a.example:8444", true},
        {"http://[::1]:80", "[::1]:8480", true},
        {"http://[::1]", "[::1]:8480", true},
        {"https://a.example", "b.example", false},
        {"https://a.example.evil.example", "a.example", false},
        {"https://evila.example", "a.example", false},
        {"https://a.example/", "a.example", false},
        {"ftp://a.example", "a.example", false},
        {"null", "a.example", false},
        {"https://", "", false},
        {"", "", false},
    };
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
        if (head_same_host(slice_from(examples[i].origin), slice_from(examples[i].host)) !=
            examples[i].same)
            fail_msg("%s at %s", examples[i].origin, examples[i].host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_head__language),
        cmocka_unit_test(test_head__same_host),
    };
    return cmocka_run_group_tests_name("head", tests, NULL, NULL);
}
