/* policies/alerts.table names categories of the policies: the two are compared here, above both. */
#include "care/tables.h"
#include "screening/edition.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A category that the policies do not have would never raise anything. */
static void tables_agree(void **state)
{
    ARENA_AUTO(arena);
    struct edition edition;
    struct error e = {.language = LANGUAGE_EN};
    const struct care_tables *tables;
    size_t count;

    (void)state;
    assert_int_equal(edition_read(NULL, &arena, &edition, &e), 0);
    assert_int_equal(care_tables_load(NULL, &arena, &tables, &e), 0);
    const struct alert_rule *rules = care_alert_rules(tables, &count);
    for (size_t i = 0; i < count; i++)
        assert_true(policy_category_by_name(edition.set, slice_from(rules[i].category)) >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_agree)};

    return cmocka_run_group_tests_name("the table of alerts and the policies", tests, NULL, NULL);
}
