/* Each boundary of the shipped policies: on it, just before it, just after it. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct arena arena;
static const struct policy_set *set;

#define STATUS(f, category, date, expected) \
    assert_string_equal(fixture_status(set, &(f), category, date), expected)
#define STRETCH(f, category, date, expected) \
    assert_string_equal(fixture_stretch(set, &(f), category, date), expected)

static int begin(void **state)
{
    set = fixture_set(&arena);
    return 0;
}

static int end(void **state)
{
    arena_end(&arena);
    return 0;
}

static void both_dead_is_orphan(void **state)
{
    struct fixture f;
    fixture_couple(&f, "2012-02-29");
    fixture_fact(&f, 1, "dead", "2015-03-10", "", "natural");
    fixture_fact(&f, 2, "missing_declared", "2020-01-31", "", "");
    STATUS(f, "orphan", "2020-01-30", "");
    STRETCH(f, "orphan", "2020-01-31", "holds 2020-01-31 2030-02-28");
    STATUS(f, "orphan", "2030-02-27", "holds");
    STATUS(f, "orphan", "2030-02-28", ""); /* born on 29 February: adult on the 28th */
    STATUS(f, "de_facto_unattended", "2020-02-01", "");
    STRETCH(f, "single_parent", "2016-01-01", "holds 2015-03-10 2020-01-31");
}

static void revoked_declaration_ends_it(void **state)
{
    struct fixture f;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "dead", "2015-03-10", "2018-07-01", "declared");
    fixture_fact(&f, 2, "dead", "2016-03-10", "", "natural");
    STRETCH(f, "orphan", "2017-01-01", "holds 2016-03-10 2018-07-01");
    STATUS(f, "orphan", "2018-07-01", "");
}

/* With one term beside a dead mother: in which status the child is on the day of admission. */
static const char *custody(const char *from, const char *to, const char *term, const char *date)
{
    static struct fixture f;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 2, "dead", "2016-03-10", "", "natural");
    fixture_fact(&f, 1, "imprisoned", from, to, term);
    return fixture_stretch(set, &f, "de_facto_unattended", date);
}

static void terms_of_custody(void **state)
{
    assert_string_equal(custody("2020-08-31", "", "P6M", "2020-08-31"),
                        "holds 2020-08-31 2021-02-28");
    assert_string_equal(custody("2020-08-31", "", "P5M30D", "2020-08-31"),
                        "holds 2020-08-31 2021-03-02");
    assert_string_equal(custody("2020-08-31", "", "P5M27D", "2020-08-31"), "");
    assert_string_equal(custody("2020-08-31", "2021-02-28", "", "2020-08-31"),
                        "holds 2020-08-31 2021-02-28");
    assert_string_equal(custody("2020-08-31", "2021-02-27", "", "2020-08-31"), "");
    assert_string_equal(custody("2020-01-01", "2020-03-01", "P3Y", "2020-02-29"),
                        "holds 2020-01-01 2020-03-01");
    assert_string_equal(custody("2020-08-31", "", "", "2020-08-31"),
                        "review 2020-08-31 2021-02-28");
    assert_string_equal(custody("2020-08-31", "", "", "2021-02-28"), "holds 2021-02-28 2030-05-01");
    assert_string_equal(custody("2020-08-31", "", "P26W", "2020-09-01"),
                        "holds 2020-08-31 2021-03-01");
    assert_string_equal(custody("2020-01-01", "", "P5M29D", "2020-01-01"), "");
}

static void lost_contact_after_more_than_six_months(void **state)
{
    struct fixture f;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 2, "dead", "2016-03-10", "", "natural");
    struct policy_fact *lost = fixture_fact(&f, 1, "lost_contact", "2020-08-31", "", "reported");
    STATUS(f, "de_facto_unattended", "2021-02-28", "");
    STRETCH(f, "de_facto_unattended", "2021-03-01", "holds 2021-03-01 2030-05-01");
    lost->to = on("2021-03-01");
    STATUS(f, "de_facto_unattended", "2021-03-01", "");
    lost->value = slice_from("determined");
    STRETCH(f, "de_facto_unattended", "2020-08-31", "holds 2020-08-31 2021-03-01");
    STATUS(f, "de_facto_unattended", "2020-08-30", "");
}

static void severity_of_disability(void **state)
{
    static const struct {
        const char *value, *expected;
    } rows[] = {{"visual/1", "holds"},       {"physical/2", "holds"}, {"physical/3", ""},
                {"mental/3", "holds"},       {"mental/4", "holds"},   {"intellectual/3", "holds"},
                {"intellectual/4", "holds"}, {"multiple/1", "holds"}, {"multiple/3", ""},
                {"multiple/4", ""},          {"speech/4", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fixture f;
        fixture_couple(&f, "2012-05-01");
        fixture_fact(&f, 2, "dead", "2016-03-10", "", "natural");
        fixture_fact(&f, 1, "disability", "2018-01-01", "", rows[i].value);
        STATUS(f, "de_facto_unattended", "2018-01-01", rows[i].expected);
        fixture_fact(&f, 0, "disability", "2019-01-01", "", rows[i].value);
        STRETCH(f, "disabled_child", "2019-01-01", "holds 2019-01-01 2030-05-01");
    }
}

static void a_parent_who_is_not_registered(void **state)
{
    struct fixture f;
    fixture_begin(&f, "2012-05-01");
    STRETCH(f, "orphan", "2012-05-01", "review 2012-05-01 2030-05-01");
    STRETCH(f, "de_facto_unattended", "2020-01-01", "review 2012-05-01 2030-05-01");
    STATUS(f, "orphan", "2012-04-30", "");
    STATUS(f, "single_parent", "2020-01-01", "review");
    STATUS(f, "low_income", "2020-01-01", "");
    int mother = fixture_person(&f);
    fixture_kin(&f, mother, "mother", "", "");
    STATUS(f, "orphan", "2020-01-01", "");
    STATUS(f, "de_facto_unattended", "2020-01-01", "");
    fixture_fact(&f, mother, "deported", "2019-01-01", "2020-01-01", "");
    STRETCH(f, "de_facto_unattended", "2019-06-01", "review 2019-01-01 2020-01-01");
    fixture_fact(&f, 0, "parents_not_found", "2013-01-01", "", "");
    STRETCH(f, "orphan", "2019-06-01", "holds 2013-01-01 2030-05-01");
}

static void adoption_and_its_end(void **state)
{
    struct fixture f;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "dead", "2013-01-01", "", "natural");
    fixture_fact(&f, 2, "dead", "2013-01-01", "", "natural");
    int adopter = fixture_person(&f);
    fixture_kin(&f, adopter, "adoptive_mother", "2014-06-01", "2020-06-01");
    STRETCH(f, "orphan", "2014-05-31", "holds 2013-01-01 2014-06-01");
    STATUS(f, "orphan", "2014-06-01", "");
    STRETCH(f, "orphan", "2020-06-01", "holds 2020-06-01 2030-05-01");
    fixture_fact(&f, adopter, "guardianship_revoked", "2016-01-01", "", "");
    STRETCH(f, "de_facto_unattended", "2016-01-01", "holds 2016-01-01 2020-06-01");
    fixture_fact(&f, 0, "parents_not_found", "2012-06-01", "", "");
    STRETCH(f, "orphan", "2012-07-01", "holds 2012-06-01 2014-06-01");
}

static void the_later_row_of_a_role_counts(void **state)
{
    struct fixture f;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "dead", "2013-01-01", "", "natural");
    fixture_fact(&f, 2, "dead", "2013-01-01", "", "natural");
    int found = fixture_person(&f);
    fixture_kin(&f, found, "father", "2015-01-01", "2016-01-01");
    STRETCH(f, "orphan", "2014-01-01", "holds 2013-01-01 2015-01-01");
    STRETCH(f, "orphan", "2016-01-01", "holds 2016-01-01 2030-05-01");
    fixture_kin(&f, found, "mother", "2012-05-01",
                ""); /* as early as "since birth", but later in the list */
    STATUS(f, "orphan", "2014-01-01", "");
}

static void divorced_and_married_again(void **state)
{
    struct fixture f;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "divorced", "2014-01-01", "", "")->other = 2;
    STRETCH(f, "single_parent", "2014-01-01", "holds 2014-01-01 2030-05-01");
    fixture_fact(&f, 2, "married", "2016-01-01", "2018-01-01", "")->other = 1;
    STRETCH(f, "single_parent", "2014-01-01", "holds 2014-01-01 2016-01-01");
    STRETCH(f, "single_parent", "2018-01-01", "holds 2018-01-01 2030-05-01");
    fixture_fact(&f, 2, "married", "2014-01-01", "", "")->other =
        1; /* the same day: divorced counts */
    STATUS(f, "single_parent", "2014-01-01", "holds");
    fixture_fact(&f, 2, "married", "2019-01-01", "", ""); /* somebody else */
    STATUS(f, "single_parent", "2020-01-01", "holds");
}

static void households(void **state)
{
    struct fixture f;
    fixture_couple(&f, "2012-05-01");
    int lodger = fixture_person(&f);
    fixture_fact(&f, 1, "low_income", "2014-01-01", "2015-01-01", "");
    fixture_fact(&f, lodger, "low_income_edge", "2014-01-01", "", "");
    STRETCH(f, "low_income", "2014-06-01", "holds 2014-01-01 2015-01-01");
    STATUS(f, "low_income_edge", "2014-06-01", "");
    fixture_kin(&f, lodger, "guardian", "2014-02-01", "2014-05-01");
    STRETCH(f, "low_income_edge", "2014-02-01", "holds 2014-02-01 2014-05-01");
    f.persons[1].household_empty = false; /* a household that is not the child's */
    STATUS(f, "low_income", "2014-06-01", "");
    f.persons[lodger] = (struct policy_person){true, false};
    STRETCH(f, "low_income_edge", "2014-01-01", "holds 2014-01-01 2030-05-01");
}

static void windows_at_the_ends_of_the_calendar(void **state)
{
    struct fixture f;
    fixture_couple(&f, "9999-12-31");
    fixture_fact(&f, 1, "dead", "0001-01-01", "", "natural");
    fixture_fact(&f, 2, "dead", "9999-12-31", "", "natural");
    STRETCH(f, "orphan", "9999-12-31", "holds 9999-12-31 ");
    fixture_couple(&f, "0001-01-01");
    fixture_fact(&f, 1, "imprisoned", "0001-01-01", "", "P9999Y");
    fixture_fact(&f, 2, "imprisoned", "0001-01-01", "", "");
    STATUS(f, "de_facto_unattended", "0001-01-01", "review");
    STRETCH(f, "de_facto_unattended", "0001-07-01", "holds 0001-07-01 0019-01-01");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_dead_is_orphan),
        cmocka_unit_test(revoked_declaration_ends_it),
        cmocka_unit_test(terms_of_custody),
        cmocka_unit_test(lost_contact_after_more_than_six_months),
        cmocka_unit_test(severity_of_disability),
        cmocka_unit_test(a_parent_who_is_not_registered),
        cmocka_unit_test(adoption_and_its_end),
        cmocka_unit_test(the_later_row_of_a_role_counts),
        cmocka_unit_test(divorced_and_married_again),
        cmocka_unit_test(households),
        cmocka_unit_test(windows_at_the_ends_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
