/* Stories told by hand, with the verdicts that the contract gives them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"
#include "synth/truth.h"

/* "orphan holds 2020-01-01 2026-05-04;" for each verdict */
static void expect(const struct synth_family *f, const char *as_of, const char *wanted)
{
    struct synth_verdict verdicts[SYNTH_CATEGORY_COUNT];
    int n = synth_truth_verdicts(f, 0, fixture_day(as_of), verdicts);
    char text[1024] = "", from[DAY_TEXT], to[DAY_TEXT];
    size_t at = 0;

    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(
            text + at, sizeof(text) - at, "%s %s %s %s;", synth_categories[verdicts[i].category],
            verdicts[i].status == SYNTH_HOLDS ? "holds" : "review",
            day_format(verdicts[i].during.from, from), day_format(verdicts[i].during.to, to));
    assert_string_equal(text, wanted);
}

static void both_parents(struct synth_family *f, const char *birth)
{
    fixture_family(f, birth);
    fixture_kin(f, 1, SYNTH_FATHER, NULL, NULL);
    fixture_kin(f, 2, SYNTH_MOTHER, NULL, NULL);
}

static void test_orphan_by_death_and_declaration(void **state)
{
    struct synth_family f;

    both_parents(&f, "2010-05-04");
    expect(&f, "2020-01-01", "");
    fixture_fact(&f, 1, SYNTH_KIND_DEAD, "2018-03-01", NULL);
    expect(&f, "2020-01-01", "single_parent holds 2018-03-01 2028-05-04;");
    fixture_fact(&f, 2, SYNTH_KIND_MISSING, "2019-06-01", "2021-01-01");
    expect(&f, "2020-01-01", "orphan holds 2019-06-01 2021-01-01;");
    expect(&f, "2019-05-31", "single_parent holds 2018-03-01 2019-06-01;");
    expect(&f, "2021-01-01", "single_parent holds 2021-01-01 2028-05-04;");
    expect(&f, "2028-05-04", ""); /* of age */
    expect(&f, "2010-05-03", ""); /* not born */
}

static void test_de_facto_unattended(void **state)
{
    struct synth_family f;

    both_parents(&f, "2010-05-04");
    fixture_fact(&f, 1, SYNTH_KIND_IMPRISONED, "2018-01-01", "2022-01-01");
    expect(&f, "2020-01-01", "");
    fixture_fact(&f, 2, SYNTH_KIND_ILLNESS, "2019-01-01", "2020-06-01");
    fixture_fact(&f, 2, SYNTH_KIND_ILLNESS, "2020-06-01", "2020-09-01"); /* unbroken */
    expect(&f, "2020-01-01", "de_facto_unattended holds 2019-01-01 2020-09-01;");
    fixture_fact(&f, 2, SYNTH_KIND_DEAD, "2020-03-01", NULL);
    expect(&f, "2020-01-01", "de_facto_unattended holds 2019-01-01 2022-01-01;");
    fixture_fact(&f, 1, SYNTH_KIND_DEAD, "2021-01-01", NULL); /* then an orphan */
    expect(&f, "2020-01-01", "de_facto_unattended holds 2019-01-01 2021-01-01;");
    expect(&f, "2021-01-01", "orphan holds 2021-01-01 2028-05-04;");
}

static void test_custody_of_unknown_term(void **state)
{
    struct synth_family f;
    struct synth_fact *fact;

    both_parents(&f, "2012-02-29");
    fixture_fact(&f, 1, SYNTH_KIND_REVOKED, "2015-01-01", NULL);
    fact = fixture_fact(&f, 2, SYNTH_KIND_CUSTODY, "2019-08-31", NULL);
    fact->unknown = (struct interval){fixture_day("2019-08-31"), fixture_day("2020-02-29")};
    fact->holds.from = fixture_day("2020-02-29");
    expect(&f, "2019-08-30", "");
    expect(&f, "2020-02-28", "de_facto_unattended review 2019-08-31 2020-02-29;");
    expect(&f, "2020-02-29", "de_facto_unattended holds 2020-02-29 2030-02-28;");
}

static void test_unknown_parents(void **state)
{
    struct synth_family f;

    fixture_family(&f, "2015-01-01");
    expect(&f, "2020-01-01",
           "de_facto_unattended review 2015-01-01 2033-01-01;"
           "orphan review 2015-01-01 2033-01-01;"
           "single_parent review 2015-01-01 2033-01-01;");
}

static void test_one_parent_unknown(void **state)
{
    struct synth_family f;

    fixture_family(&f, "2015-01-01");
    fixture_kin(&f, 2, SYNTH_MOTHER, NULL, NULL);
    expect(&f, "2020-01-01", "single_parent review 2015-01-01 2033-01-01;");
    fixture_fact(&f, 2, SYNTH_KIND_DEAD, "2019-01-01", NULL);
    expect(&f, "2020-01-01",
           "de_facto_unattended review 2019-01-01 2033-01-01;"
           "orphan review 2019-01-01 2033-01-01;"
           "single_parent review 2015-01-01 2033-01-01;");
    fixture_kin(&f, 1, SYNTH_FATHER, "2021-01-01", "2022-01-01");
    expect(&f, "2021-06-01", "single_parent holds 2021-01-01 2022-01-01;");
    expect(&f, "2022-01-01",
           "de_facto_unattended review 2022-01-01 2033-01-01;"
           "orphan review 2022-01-01 2033-01-01;"
           "single_parent review 2022-01-01 2033-01-01;");
}

static void test_foundling_adopted_and_back(void **state)
{
    struct synth_family f;

    fixture_family(&f, "2015-01-01");
    fixture_fact(&f, 0, SYNTH_KIND_NOT_FOUND, "2015-06-01", NULL);
    fixture_kin(&f, 2, SYNTH_ADOPTIVE_MOTHER, "2017-01-01", "2021-01-01");
    expect(&f, "2016-01-01",
           "orphan holds 2015-06-01 2017-01-01;"
           "single_parent review 2015-01-01 2017-01-01;");
    expect(&f, "2018-01-01", "");
    fixture_fact(&f, 2, SYNTH_KIND_ILLNESS, "2018-01-01", "2019-01-01");
    expect(&f, "2018-01-01", "de_facto_unattended holds 2018-01-01 2019-01-01;");
    fixture_fact(&f, 2, SYNTH_KIND_DEAD, "2020-01-01", NULL);
    expect(&f, "2020-06-01",
           "orphan holds 2020-01-01 2033-01-01;"
           "single_parent holds 2020-01-01 2021-01-01;");
    expect(&f, "2021-01-01",
           "orphan holds 2020-01-01 2033-01-01;"
           "single_parent review 2021-01-01 2033-01-01;");
}

static void test_divorce_and_remarriage(void **state)
{
    struct synth_family f;

    both_parents(&f, "2015-01-01");
    f.bonds[f.bonds_count++] = (struct synth_bond){1, 2, false, fixture_day("2016-01-01")};
    f.bonds[f.bonds_count++] = (struct synth_bond){2, 1, true, fixture_day("2018-01-01")};
    f.bonds[f.bonds_count++] = (struct synth_bond){2, 1, false, fixture_day("2020-01-01")};
    expect(&f, "2015-06-01", "");
    expect(&f, "2017-01-01", "single_parent holds 2016-01-01 2018-01-01;");
    expect(&f, "2019-01-01", "");
    expect(&f, "2020-01-01", "single_parent holds 2020-01-01 2033-01-01;");
}

/* After a step-parent's adoption the legal parents are the mother and he; the divorce from the birth
 * father no longer counts. */
static void test_step_parent_adopts(void **state)
{
    struct synth_family f;

    both_parents(&f, "2015-01-01");
    f.people[3] = f.people[1];
    f.people_count = 4;
    f.bonds[f.bonds_count++] = (struct synth_bond){1, 2, false, fixture_day("2016-01-01")};
    fixture_kin(&f, 3, SYNTH_ADOPTIVE_FATHER, "2018-01-01", NULL);
    fixture_kin(&f, 2, SYNTH_ADOPTIVE_MOTHER, "2018-01-01", NULL);
    expect(&f, "2017-01-01", "single_parent holds 2016-01-01 2018-01-01;");
    fixture_fact(&f, 1, SYNTH_KIND_DEAD, "2019-01-01", NULL);
    expect(&f, "2020-01-01", "");
}

static void test_later_row_of_a_role_counts(void **state)
{
    struct synth_family f;

    both_parents(&f, "2015-01-01");
    f.people[3] = f.people[1];
    f.people_count = 4;
    fixture_kin(&f, 3, SYNTH_FATHER, "2018-01-01", NULL);
    fixture_fact(&f, 1, SYNTH_KIND_DEAD, "2016-01-01", NULL);
    expect(&f, "2017-01-01", "single_parent holds 2016-01-01 2018-01-01;");
    expect(&f, "2018-01-01", "");
}

static void test_lists(void **state)
{
    struct synth_family f;

    both_parents(&f, "2015-01-01");
    fixture_fact(&f, 2, SYNTH_KIND_LOW_INCOME, "2019-01-01", "2020-01-01");
    fixture_fact(&f, 2, SYNTH_KIND_LOW_INCOME, "2020-01-01", "2021-01-01");
    fixture_fact(&f, 1, SYNTH_KIND_LOW_INCOME_EDGE, "2021-01-01", NULL);
    expect(&f, "2019-06-01", "low_income holds 2019-01-01 2021-01-01;");
    expect(&f, "2021-01-01", "low_income_edge holds 2021-01-01 2033-01-01;");
    f.people[1].household = 2; /* he lives elsewhere now: his household, not the child's */
    expect(&f, "2021-01-01", "");
    f.people[1].household = 0; /* without a household, a legal parent's listing is the child's */
    expect(&f, "2021-01-01", "low_income_edge holds 2021-01-01 2033-01-01;");
}

static void test_list_of_a_guardian(void **state)
{
    struct synth_family f;

    both_parents(&f, "2015-01-01");
    f.people[3] = f.people[1];
    f.people[3].household = 0;
    f.people_count = 4;
    fixture_kin(&f, 3, SYNTH_GUARDIAN, "2018-01-01", "2019-01-01");
    fixture_fact(&f, 3, SYNTH_KIND_DESTITUTE, "2010-01-01", NULL);
    expect(&f, "2017-01-01", "");
    expect(&f, "2018-06-01", "destitute holds 2018-01-01 2019-01-01;");
}

static void test_own_conditions(void **state)
{
    struct synth_family f;

    both_parents(&f, "2015-01-01");
    fixture_fact(&f, 0, SYNTH_KIND_DISABILITY, "2014-01-01", "2020-01-01")->meaning =
        SYNTH_MEANS_DISABLED;
    fixture_fact(&f, 0, SYNTH_KIND_HIV, "2016-01-01", NULL);
    expect(&f, "2018-01-01",
           "disabled_child holds 2015-01-01 2020-01-01;"
           "hiv_child holds 2016-01-01 2033-01-01;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orphan_by_death_and_declaration),
        cmocka_unit_test(test_de_facto_unattended),
        cmocka_unit_test(test_custody_of_unknown_term),
        cmocka_unit_test(test_unknown_parents),
        cmocka_unit_test(test_one_parent_unknown),
        cmocka_unit_test(test_foundling_adopted_and_back),
        cmocka_unit_test(test_divorce_and_remarriage),
        cmocka_unit_test(test_step_parent_adopts),
        cmocka_unit_test(test_later_row_of_a_role_counts),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_list_of_a_guardian),
        cmocka_unit_test(test_own_conditions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
