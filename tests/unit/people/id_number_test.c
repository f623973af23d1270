/* Identity numbers, credit codes, divisions, telephone numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../base/random.h"
#include "people/id_number.h"

static uint64_t seed;

static enum id_number_fault check(const char *text)
{
    return id_number_check(slice_from(text), NULL);
}

static void test_people_id_number__vectors(void **state)
{
    (void)state;
    static const struct {
        const char *text, *birth;
        char sex;
    } good[] = {
        {"11010519491231002X", "1949-12-31", 'F'}, /* the standard's own example */
        {"999999201503010016", "2015-03-01", 'M'},
        {"999999200802290025", "2008-02-29", 'F'},
        {"999999201212310123", "2012-12-31", 'F'},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct id_number id;
        char text[DAY_TEXT];
        assert_int_equal(id_number_check(slice_from(good[i].text), &id), ID_NUMBER_GOOD);
        assert_string_equal(id.text, good[i].text);
        assert_string_equal(day_format(id.birth, text), good[i].birth);
        assert_int_equal(id.sex, good[i].sex);
        assert_memory_equal(id.division, good[i].text, 6);
        assert_true(id_number_agrees_birth(&id, id.birth));
        assert_true(id_number_agrees_birth(&id, DAY_BEGINNING));
        assert_false(id_number_agrees_birth(&id, id.birth + 1));
        assert_true(id_number_agrees_sex(&id, 0));
        assert_true(id_number_agrees_sex(&id, id.sex));
        assert_false(id_number_agrees_sex(&id, id.sex == 'M' ? 'F' : 'M'));
    }
}

static void test_people_id_number__as_people_write_it(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "11010519491231002x",
        "  11010519491231002X\t",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        "　11010519491231002X　",
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct id_number id;
        assert_int_equal(id_number_check(slice_from(forms[i]), &id), ID_NUMBER_GOOD);
        assert_string_equal(id.text, "11010519491231002X");
    }
    char text[4];
    assert_int_equal(id_number_normalise(SLICE_LITERAL("１２３４５"), text, sizeof text), 5);
    assert_string_equal(text, "123");
    assert_int_equal(id_number_normalise(SLICE_NONE, text, sizeof text), 0);
    assert_string_equal(text, "");
}

static void test_people_id_number__reasons(void **state)
{
    (void)state;
    assert_int_equal(check(""), ID_NUMBER_EMPTY);
    assert_int_equal(check(" 　"), ID_NUMBER_EMPTY);
    assert_int_equal(check("110105491231002"), ID_NUMBER_OBSOLETE);
    assert_int_equal(check("11010549123100X"), ID_NUMBER_LENGTH);
    assert_int_equal(check("99999920150301001"), ID_NUMBER_LENGTH);
    assert_int_equal(check("9999992015030100166"), ID_NUMBER_LENGTH);
    assert_int_equal(check("999999 01503010016"), ID_NUMBER_CHARACTER);
    assert_int_equal(check("9999992015030100X6"), ID_NUMBER_CHARACTER);
    assert_int_equal(check("99999920150301001Y"), ID_NUMBER_CHARACTER);
    assert_int_equal(check("999999201502290016"), ID_NUMBER_BIRTH_DATE);
    assert_int_equal(check("999999201513010016"), ID_NUMBER_BIRTH_DATE);
    assert_int_equal(check("999999171503010016"), ID_NUMBER_BIRTH_DATE);
    assert_int_equal(check("999999201503010017"), ID_NUMBER_CHECK_DIGIT);
    struct error e = {.language = LANGUAGE_EN};
    struct id_number id;
    assert_int_equal(id_number_parse(SLICE_LITERAL("999999201503010017"), &id, &e), -ERR_ID_NUMBER);
    assert_string_equal(e.detail, id_number_fault_text(ID_NUMBER_CHECK_DIGIT));
    assert_null(strstr(e.detail, "9999"));
    assert_int_equal(id_number_parse(SLICE_LITERAL("999999201503010016"), &id, &e), 0);
}

/* A number of a random person of no real division. */
static void make_number(uint64_t *state, char text[ID_NUMBER_SIZE + 1])
{
    int year, month, dom;
    day_to_date((day)random_below(state, 40000) - 20000, &year, &month, &dom);
    snprintf(text, ID_NUMBER_SIZE + 1, "9999%02u%04d%02d%02d%03u", random_below(state, 100), year,
             month, dom, random_below(state, 1000));
    text[17] = id_number_check_digit(text);
    text[18] = '\0';
}

/* ISO 7064 MOD 11-2 finds every wrong digit and every two neighbours exchanged. */
static void test_people_id_number__one_wrong_digit_is_found(void **state)
{
    (void)state;
    uint64_t random = seed;
    for (int round = 0; round < 3000; round++) {
        char text[ID_NUMBER_SIZE + 1], wrong[ID_NUMBER_SIZE + 1];
        make_number(&random, text);
        assert_int_equal(check(text), ID_NUMBER_GOOD);
        for (int i = 0; i < 18; i++)
            for (const char *c = i == 17 ? "0123456789X" : "0123456789"; *c; c++) {
                memcpy(wrong, text, sizeof wrong);
                wrong[i] = *c;
                if (*c != text[i])
                    assert_int_not_equal(check(wrong), ID_NUMBER_GOOD);
            }
        for (int i = 0; i < 17; i++) {
            memcpy(wrong, text, sizeof wrong);
            wrong[i] = text[i + 1];
            wrong[i + 1] = text[i];
            if (text[i] != text[i + 1])
                assert_int_not_equal(check(wrong), ID_NUMBER_GOOD);
        }
    }
}

static void test_people_id_number__any_bytes(void **state)
{
    (void)state;
    uint64_t random = seed;
    for (int round = 0; round < 20000; round++) {
        char bytes[40], out[64];
        size_t n = random_below(&random, sizeof bytes);
        for (size_t i = 0; i < n; i++)
            bytes[i] = random_below(&random, 3) ? (char)('0' + random_below(&random, 10))
                                                : (char)random_next(&random);
        struct slice s = {bytes, n};
        id_number_check(s, NULL);
        uscc_check(s, NULL);
        division_code_level(s);
        phone_normalise(s, out);
    }
}

static enum uscc_fault uscc(const char *text) { return uscc_check(slice_from(text), NULL); }

static void test_people_id_number__uscc(void **state)
{
    (void)state;
    static const char *const good[] = {"91350100M000100Y43", "52330782MJ0000018F",
                                       "51330700500000023G"};
    char text[USCC_SIZE + 1];
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        assert_int_equal(uscc_check(slice_from(good[k]), text), USCC_GOOD);
        assert_string_equal(text, good[k]);
        for (int i = 0; i < 18; i++)
            for (const char *c = "0123456789ABCDEFGHJKLMNPQRTUWXY"; *c; c++) {
                memcpy(text, good[k], sizeof text);
                text[i] = *c;
                if (*c != good[k][i])
                    assert_int_not_equal(uscc(text), USCC_GOOD);
            }
    }
    assert_int_equal(uscc_check(slice_from(" ９1350100m000100y43"), text), USCC_GOOD);
    assert_string_equal(text, good[0]);
    assert_int_equal(uscc(""), USCC_EMPTY);
    assert_int_equal(uscc("91350100M000100Y4"), USCC_LENGTH);
    assert_int_equal(uscc("91350100I000100Y43"), USCC_CHARACTER);
    assert_int_equal(uscc("91A50100M000100Y43"), USCC_CHARACTER);
    assert_int_equal(uscc("91350100M000100Y53"), USCC_INNER_CHECK);
    assert_int_equal(uscc("91350100M000100Y44"), USCC_CHECK_CHARACTER);
    for (int fault = 0; fault < USCC_FAULT_COUNT; fault++)
        assert_non_null(uscc_fault_text((enum uscc_fault)fault));
}

static void test_people_id_number__divisions(void **state)
{
    (void)state;
    assert_int_equal(division_code_level(SLICE_LITERAL("330000000000")), 1);
    assert_int_equal(division_code_level(SLICE_LITERAL("330700000000")), 2);
    assert_int_equal(division_code_level(SLICE_LITERAL("330782000000")), 3);
    assert_int_equal(division_code_level(SLICE_LITERAL("330782001000")), 4);
    assert_int_equal(division_code_level(SLICE_LITERAL("330782001001")), 5);
    assert_int_equal(division_code_level(SLICE_LITERAL("330782000001")), 0);
    assert_int_equal(division_code_level(SLICE_LITERAL("000000000000")), 0);
    assert_int_equal(division_code_level(SLICE_LITERAL("330782")), 0);
    assert_int_equal(division_code_level(SLICE_LITERAL("33078200100A")), 0);
    assert_int_equal(division_code_level(SLICE_NONE), 0);
}

static void test_people_id_number__telephones(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *normal;
    } cases[] = {
        {"13800138000", "+8613800138000"},
        {" 138-0013-8000 ", "+8613800138000"},
        {"１３８００１３８０００", "+8613800138000"},
        {"+86 138 0013 8000", "+8613800138000"},
        {"(+86)13800138000", "+8613800138000"},
        {"008613800138000", "+8613800138000"},
        {"8613800138000", "+8613800138000"},
        {"0579-85551234", "+8657985551234"},
        {"0579 5551234", "+865795551234"},
        {"(010)65551234", "+861065551234"},
        {"+86 579 85551234", "+8657985551234"},
        {"+86 0579 85551234", "+8657985551234"},
        {"+852 2345 6789", "+85223456789"},
        {"12800138000", NULL}, /* no mobile begins 12 */
        {"1380013800", NULL},
        {"138001380000", NULL},
        {"0579-155512", NULL},
        {"0579", NULL},
        {"010-5551234", NULL}, /* Beijing has 8 digits */
        {"110", NULL},
        {"12345", NULL},
        {"85551234", NULL}, /* no area */
        {"", NULL},
        {"+", NULL},
        {"+0123456789", NULL},
        {"13800138000 turn 2", NULL},
        {"1380013800A", NULL},
        {"138+0138000", NULL},
        {"1234567890123456789012345678901234567890", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char phone[PHONE_SIZE] = "";
        bool good = phone_normalise(slice_from(cases[i].raw), phone);
        assert_int_equal(good, cases[i].normal != NULL);
        if (good)
            assert_string_equal(phone, cases[i].normal);
    }
}

int main(void)
{
    seed = random_seed();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_id_number__vectors),
        cmocka_unit_test(test_people_id_number__as_people_write_it),
        cmocka_unit_test(test_people_id_number__reasons),
        cmocka_unit_test(test_people_id_number__one_wrong_digit_is_found),
        cmocka_unit_test(test_people_id_number__any_bytes),
        cmocka_unit_test(test_people_id_number__uscc),
        cmocka_unit_test(test_people_id_number__divisions),
        cmocka_unit_test(test_people_id_number__telephones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
