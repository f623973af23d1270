/* The pinyin table against ICU: whatever ICU reads, the table reads too. The way from ICU's answer to
 * letters is another one here than in the tool that writes the table: ICU's own Latin-ASCII. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "people/pinyin.h"

static bool reads(uint32_t c, const char *reading)
{
    for (const uint16_t *r = pinyin_set(c); *r; r++)
        if (strcmp(pinyin_reading(*r), reading) == 0)
            return true;
    return false;
}

static void compare_with(const char *id, uint32_t first, uint32_t last, size_t *ret_read)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar name[128];
    u_uastrcpy(name, id);
    UTransliterator *t = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    assert_true(U_SUCCESS(status));
    for (uint32_t c = first; c <= last; c++) {
        UChar text[64];
        int32_t n = 0, limit, j = 0;
        char reading[64];
        U16_APPEND_UNSAFE(text, n, c);
        limit = n;
        utrans_transUChars(t, text, &n, 64, 0, &limit, &status);
        assert_true(U_SUCCESS(status));
        bool letters = true;
        for (int32_t i = 0; i < n; i++) {
            letters &= text[i] == ' ' || (text[i] >= 'a' && text[i] <= 'z');
            if (text[i] != ' ')
                reading[j++] = (char)text[i];
        }
        reading[j] = '\0';
        if (!letters) /* ICU knows no reading of it */
            continue;
        ++*ret_read;
        if (!reads(c, reading))
            fail_msg("U+%04X is %s to ICU, not to the table", c, reading);
    }
    utrans_close(t);
}

static void test_people_pinyin__icu_is_in_the_table(void **state)
{
    (void)state;
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x3007, 0x3007}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF}, {0xF900, 0xFAFF}, {0x20000, 0x323AF}};
    size_t general = 0, names = 0;
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        compare_with("Han-Latin; Latin-ASCII; Lower", ranges[i].first, ranges[i].last, &general);
        compare_with("Han-Latin/Names; Latin-ASCII; Lower", ranges[i].first, ranges[i].last,
                     &names);
    }
    assert_true(general > 20000 && names >= general);
}

static void test_people_pinyin__polyphones(void **state)
{
    (void)state;
    static const struct {
        uint32_t c;
        const char *readings[4];
    } cases[] = {
        {0x5355, {"shan", "dan", "chan"}}, /* 单 */
        {0x66FE, {"zeng", "ceng"}},        /* 曾 */
        {0x4EC7, {"qiu", "chou"}},         /* 仇 */
        {0x89E3, {"xie", "jie"}},          /* 解 */
        {0x67E5, {"zha", "cha"}},          /* 查 */
        {0x76D6, {"ge", "gai"}},           /* 盖 */
        {0x533A, {"ou", "qu"}},            /* 区 */
        {0x6734, {"piao", "pu"}},          /* 朴 */
        {0x5415, {"lv", "lu", "lyu"}},     /* 吕 */
        {0x7565, {"lve", "lue", "lyue"}},  /* 略 */
        {0x5973, {"nv", "nu", "nyu"}},     /* 女 */
        {0x5C09, {"wei", "yu"}},           /* 尉, as in 尉迟 */
        {0x4E07, {"wan", "mo"}},           /* 万, as in 万俟 */
        {0x4FDF, {"si", "qi"}},            /* 俟 */
        {0x4E50, {"le", "yue"}},           /* 乐 */
        {0x91CD, {"chong", "zhong"}},      /* 重 */
        {0x957F, {"chang", "zhang"}},      /* 长 */
        {0x3007, {"ling"}},                /* 〇 */
        {0x5F20, {"zhang"}},               /* 张 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < 4 && cases[i].readings[k]; k++)
            if (!reads(cases[i].c, cases[i].readings[k]))
                fail_msg("U+%04X is not read %s", cases[i].c, cases[i].readings[k]);
}

static void test_people_pinyin__the_table_is_well_formed(void **state)
{
    (void)state;
    for (size_t i = 1; i < pinyin_reading_count(); i++) {
        const char *r = pinyin_reading((uint16_t)i);
        assert_true(strlen(r) >= 1 && strlen(r) <= PINYIN_READING_MAX);
        assert_int_equal(strspn(r, "abcdefghijklmnopqrstuvwxyz"), strlen(r));
        if (i > 1)
            assert_true(strcmp(pinyin_reading((uint16_t)(i - 1)), r) < 0);
    }
    assert_int_equal(*pinyin_set_at(0), 0);
    for (size_t i = 0; i < pinyin_set_count(); i++) {
        size_t n = 0;
        for (const uint16_t *r = pinyin_set_at(i); *r; r++, n++)
            assert_true(*r < pinyin_reading_count());
        assert_true(n <= PINYIN_SET_MAX);
    }
    for (uint32_t c = 0; c <= 0x10FFFF; c++)
        if (!pinyin_is_han(c))
            assert_int_equal(*pinyin_set(c), 0);
        else
            assert_true(pinyin_set_of(c) < pinyin_set_count());
    assert_false(pinyin_is_han('a'));
    assert_true(pinyin_is_han(0x20000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_pinyin__icu_is_in_the_table),
        cmocka_unit_test(test_people_pinyin__polyphones),
        cmocka_unit_test(test_people_pinyin__the_table_is_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
