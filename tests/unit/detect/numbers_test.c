/* Numbers: what is one of a person, and what merely looks like it. */
#include "marked_text.h"

static void test_identity_in_its_forms(void **state)
{
    assert_marked(NULL, "身份证[id_number|999901201203151233]。");
    assert_marked(NULL, "[id_number|999901 20120315 1233]");
    assert_marked(NULL, "[id_number|999901-20120315-1233]");
    assert_marked(NULL, "[id_number|999 901 2012 0315 1233]");
    assert_marked(NULL, "号[id_number|９９９９０１２０１２０３１５１２３３]的");
    assert_marked(NULL, "id [id_number|99990120120315002X], and [id_number|99990120120315002x]");
    assert_marked(NULL, "[id_number|99990120120315002X]李");
    assert_marked(NULL, "[id_number|999901201203151233] [phone|13800138000]");
}

static void test_identity_one_off(void **state)
{
    assert_marked(NULL, "[id_number_near|999901201203151234]"); /* the check digit */
    assert_marked(NULL, "[id_number_near|999901201213151233]"); /* month 13 */
    assert_marked(NULL, "[id_number_near|99990120120315123]");  /* one is missing */
    assert_marked(NULL, "[id_number_near|99990101203151233]");
    assert_marked(NULL, "[id_number_near|9999012012031512334]"); /* one too many */
    assert_marked(NULL, "[id_number_near|9999O1201203151233]");
    assert_marked(NULL, "[id_number_near|99990120l203151233]");
}

/* Born in 2039, so that nobody has it. */
static void test_prefixes(void **state)
{
    assert_marked(NULL, "[id_number|330102203912311237]");
    assert_marked(NULL, "[id_number|820000203912311235]");
    assert_marked(NULL, "[id_number|933133203912311236]"); /* a foreigner's card */
    assert_marked(NULL, "160102203913311236");             /* no province */
    assert_marked(NULL, "202411240000012345");             /* an order */
    assert_marked(NULL, "913307820000000000");             /* a code of digits alone */
}

static void test_telephones(void **state)
{
    assert_marked(NULL, "电话[phone|13800138000]，");
    assert_marked(NULL, "[phone|138 0013 8000]或[phone|138-0013-8000]");
    assert_marked(NULL, "[phone|+8613800138000] [phone|+86 13800138000] [phone|+86-138-0013-8000]");
    assert_marked(NULL, "[phone|008613800138000]");
    assert_marked(NULL, "[phone|１３８００１３８０００]");
    assert_marked(NULL, "座机[phone|0579-85123456]，[phone|0579 8512345]，[phone|010-62345678]");
    assert_marked(NULL, "[phone|(0579)85123456]或[phone|（0579）85123456]");
    assert_marked(NULL, "电话[phone|057985123456]");
    assert_marked(NULL, "057985123456");
    assert_marked(NULL, "12800138000、138001380001、SF13800138000、138001380");
    assert_marked(NULL, "订单号13800138000，热线12345、110");
    assert_marked(NULL, "¥13800138000.50");
    assert_marked(NULL, "2024-11-24 08:30");
}

static void test_cards(void **state)
{
    assert_marked(NULL, "卡号[bank_card|6228480012345678903]");
    assert_marked(NULL, "[bank_card|6228 4800 1234 5671]");
    assert_marked(NULL, "[bank_card|4563712345678909] [bank_card|5216412345678904]");
    assert_marked(NULL, "[bank_card|371234567890120]");
    assert_marked(NULL, "6228480012345678904"); /* Luhn */
    assert_marked(NULL, "1234567890123452");    /* no issuer */
    assert_marked(NULL, "流水号：6228480012345678903");
}

static void test_lists(void **state)
{
    assert_marked(NULL,
                  "[phone|13800138000] [phone|13800138001] [phone|13800138002] [phone|13800138003] "
                  "[phone|13800138004] [phone|13800138005] [phone|13800138006] 12 13 14 "
                  "[id_number|999901 20120315 1233] 15 [id_number|999901201203151233] 16 "
                  "[bank_card|6228 4800 1234 5671] [phone|138 0013 8000]");
}

static void test_long_runs(void **state)
{
    char digits[4096];
    ARENA_AUTO(arena);
    memset(digits, '1', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    assert_string_equal(marked_text(NULL, digits, &arena), digits);
    for (size_t i = 1; i < sizeof digits - 1; i += 2)
        digits[i] = ' ';
    assert_string_equal(marked_text(NULL, digits, &arena), digits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identity_in_its_forms),
        cmocka_unit_test(test_identity_one_off),
        cmocka_unit_test(test_prefixes),
        cmocka_unit_test(test_telephones),
        cmocka_unit_test(test_cards),
        cmocka_unit_test(test_long_runs),
        cmocka_unit_test(test_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
