/* Roles: their names go both ways, and what is required of each. */
#include "access/role.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static void names_go_both_ways(void **state)
{
    int count = 0;
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++, count++) {
        assert_string_not_equal(role_name((enum role)i), "");
        assert_int_equal(role_parse(slice_from(role_name((enum role)i))), i);
    }
    assert_int_equal(count, 13);
    assert_int_equal(role_parse(SLICE_LITERAL("helper")), ROLE_HELPER);
}

static void what_is_no_role(void **state)
{
    static const char *const none[] = {"", "Helper", "helper ", "help", "helpers", "administrator"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_int_equal(role_parse(slice_from(none[i])), ROLE_NONE);
    assert_int_equal(role_parse(SLICE_NONE), ROLE_NONE);
    assert_int_equal(role_parse((struct slice){"helper\0", 7}), ROLE_NONE);
    assert_string_equal(role_name(ROLE_NONE), "");
    assert_string_equal(role_name(ROLE_COUNT), "");
    assert_string_equal(role_name((enum role)99), "");
    assert_false(role_is_administrator((enum role)99) || role_needs_second_factor(ROLE_NONE));
}

/* GB/T 22239-2019, level 3: three administrators; a second factor for them, for bureau leaders and for data
 * officers. */
static void administrators_and_second_factors(void **state)
{
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++) {
        bool administrator = i == ROLE_SYSTEM_ADMINISTRATOR || i == ROLE_SECURITY_ADMINISTRATOR ||
                             i == ROLE_AUDIT_ADMINISTRATOR;
        assert_int_equal(role_is_administrator((enum role)i), administrator);
        assert_int_equal(role_needs_second_factor((enum role)i),
                         administrator || i == ROLE_BUREAU_LEADER || i == ROLE_DATA_OFFICER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(what_is_no_role),
        cmocka_unit_test(administrators_and_second_factors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
