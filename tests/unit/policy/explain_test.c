/* Explanations: the lines, what is wanting, and what would change the verdict. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;
static const struct policy_set *set;

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

static void explain(const struct fixture *f, const char *category, const char *date,
                    struct policy_explanation *ret)
{
    int c = policy_category_by_name(set, slice_from(category));
    policy_explain(set, &f->family, (size_t)c, on(date), &arena, ret);
}

/* The decisive lines as text: depth, truth, whom, words, stretch, facts, why. */
static const char *drawn(const struct policy_explanation *x)
{
    static char text[8192];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < x->reason_count; i++) {
        const struct policy_reason *r = &x->reasons[i];
        char since[DAY_TEXT], until[DAY_TEXT];
        if (!r->decisive)
            continue;
        n += (size_t)snprintf(text + n, sizeof text - n, "%*s%c %s [%s %s", r->depth, "",
                              "-?+"[r->truth], r -> en, day_format(r->since, since),
                              day_format(r->until, until));
        for (size_t k = 0; k < r->fact_count; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, " #%u", r->facts[k]);
        n += (size_t)snprintf(text + n, sizeof text - n, "]\n");
    }
    return text;
}

static const char *changes(const struct policy_explanation *x)
{
    static char text[512];
    size_t n = 0;
    text[0] = '\0';
    for (size_t i = 0; i < x->change_count; i++) {
        const struct policy_reason *r = &x->reasons[x->changes[i].reason];
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%d %s %s", i ? "; " : "",
                              policy_role_name(r->role), r->person, r->en,
                              x->changes[i].becomes ? "yes" : "no");
    }
    return text;
}

static void it_holds(void **state)
{
    struct fixture f;
    struct policy_explanation x;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "imprisoned", "2020-01-15", "", "P1Y");
    fixture_fact(&f, 2, "dead", "2016-03-10", "", "natural");
    explain(&f, "de_facto_unattended", "2020-06-01", &x);
    assert_string_equal(
        drawn(&x),
        "+ de facto unattended child [2020-01-15 2021-01-15]\n"
        " + all of [2020-01-15 2021-01-15]\n"
        "  + under 18 years of age [2012-05-01 2030-05-01]\n"
        "  + every legal parent [2020-01-15 2021-01-15]\n"
        "   + father [2020-01-15 2021-01-15]\n"
        "    + at least one of [2020-01-15 2021-01-15]\n"
        "     + unable to raise a child [2020-01-15 2021-01-15]\n"
        "      + at least one of [2020-01-15 2021-01-15]\n"
        "       + imprisoned [2020-01-15 2021-01-15]\n"
        "        + imprisoned with a term of at least 6 months [2020-01-15 2021-01-15 #0]\n"
        "   + mother [2016-03-10 2030-05-01]\n"
        "    + at least one of [2016-03-10 2030-05-01]\n"
        "     + dead or missing [2016-03-10 2030-05-01]\n"
        "      + at least one of [2016-03-10 2030-05-01]\n"
        "       + dead [2016-03-10 2030-05-01]\n"
        "        + dead [2016-03-10 2030-05-01 #1]\n"
        "  + any legal parent [2020-01-15 2021-01-15]\n"
        "   + father [2020-01-15 2021-01-15]\n"
        "    + unable to raise a child [2020-01-15 2021-01-15]\n"
        "  + not [2012-05-01 2030-05-01]\n"
        "   - orphan [2012-05-01 2030-05-01]\n"
        "    - all of [2012-05-01 2030-05-01]\n"
        "     - at least one of [2012-05-01 2030-05-01]\n"
        "      - every legal parent [2012-05-01 2030-05-01]\n"
        "       - father [2012-05-01 2030-05-01]\n"
        "        - dead or missing [2012-05-01 2030-05-01]\n"
        "         - at least one of [2012-05-01 2030-05-01]\n"
        "          - dead [2012-05-01 2030-05-01]\n"
        "           - dead [2012-05-01 2030-05-01]\n"
        "          - declared missing [2012-05-01 2030-05-01]\n"
        "           - declared missing [2012-05-01 2030-05-01]\n"
        "      - all of [2012-05-01 2030-05-01]\n"
        "       - parents not found [2012-05-01 2030-05-01]\n");
    assert_int_equal(x.next, on("2021-01-15"));
    assert_int_equal(x.next_truth, POLICY_FALSE);
    assert_string_equal(x.reasons[0].cites[1].document, "民发〔2020〕125号");
    assert_int_equal(x.change_count, 0);
}

static void it_does_not_hold_and_what_would_change_it(void **state)
{
    struct fixture f;
    struct policy_explanation x;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 2, "dead", "2016-03-10", "", "natural");
    explain(&f, "de_facto_unattended", "2020-06-01", &x);
    assert_int_equal(x.truth, POLICY_FALSE);
    assert_string_equal(changes(&x), "father1 unable to raise a child yes");
    assert_int_equal(x.next, DAY_FOREVER);
    explain(&f, "orphan", "2020-06-01", &x);
    assert_string_equal(changes(&x), "father1 dead or missing yes");
    explain(&f, "hiv_child", "2020-06-01", &x);
    assert_string_equal(changes(&x), "0 HIV infection yes");
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "imprisoned", "2021-01-15", "", "P1Y");
    explain(&f, "de_facto_unattended", "2020-06-01", &x);
    assert_string_equal(changes(&x),
                        "father1 unable to raise a child yes; mother2 unable to raise a child yes");
    explain(&f, "orphan", "2020-06-01", &x);
    assert_string_equal(changes(&x), "0 parents not found yes");
    explain(&f, "low_income", "2020-06-01", &x);
    assert_string_equal(changes(&x), "0 minimum living allowance yes");
    explain(&f, "single_parent", "2020-06-01", &x);
    assert_int_equal(x.change_count, 1);
}

static void a_record_that_does_not_suffice_is_named(void **state)
{
    struct fixture f;
    struct policy_explanation x;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "imprisoned", "2020-01-15", "", "P5M");
    fixture_fact(&f, 1, "disability", "2010-01-15", "", "physical/3");
    explain(&f, "de_facto_unattended", "2020-03-01", &x);
    assert_non_null(strstr(
        drawn(&x), "- imprisoned with a term of at least 6 months [2012-05-01 2030-05-01 #0]"));
    assert_non_null(strstr(drawn(&x), "intellectual/4) [2012-05-01 2030-05-01 #1]"));
}

static void it_cannot_be_decided(void **state)
{
    struct fixture f;
    struct policy_explanation x;
    fixture_begin(&f, "2012-05-01");
    int father = fixture_person(&f);
    fixture_kin(&f, father, "father", "", "");
    fixture_fact(&f, father, "other_custody", "2020-08-31", "", "");
    explain(&f, "de_facto_unattended", "2020-09-01", &x);
    assert_int_equal(x.truth, POLICY_UNKNOWN);
    const struct policy_reason *custody = NULL, *mother = NULL;
    for (size_t i = 0; i < x.undecided_count; i++) {
        const struct policy_reason *r = &x.reasons[x.undecided[i]];
        if (r->why == POLICY_WHY_TERM_UNKNOWN)
            custody = r;
        else if (r->why == POLICY_WHY_NOT_REGISTERED)
            mother = r;
    }
    assert_non_null(custody);
    assert_int_equal(custody->person, father);
    assert_int_equal(custody->why_until, on("2021-02-28"));
    assert_int_equal(custody->facts[0], 0);
    assert_non_null(mother);
    assert_int_equal(mother->person, POLICY_NOBODY);
    assert_int_equal(mother->role, POLICY_ROLE_MOTHER);
    assert_int_equal(x.until, on("2030-05-01"));
    explain(&f, "single_parent", "2020-09-01", &x);
    assert_int_equal(x.truth, POLICY_UNKNOWN);
    assert_true(x.undecided_count >= 2);
}

static void outside_childhood(void **state)
{
    struct fixture f;
    struct policy_explanation x;
    fixture_couple(&f, "2012-02-29");
    fixture_fact(&f, 0, "hiv", "2012-02-29", "", "");
    explain(&f, "hiv_child", "2012-02-28", &x);
    assert_int_equal(x.truth, POLICY_FALSE);
    assert_int_equal(x.next, on("2012-02-29"));
    assert_int_equal(x.next_truth, POLICY_TRUE);
    assert_string_equal(x.reasons[1].en, "born");
    explain(&f, "hiv_child", "2030-02-27", &x);
    assert_int_equal(x.truth, POLICY_TRUE);
    assert_int_equal(x.next, on("2030-02-28"));
    explain(&f, "hiv_child", "2030-02-28", &x);
    assert_int_equal(x.truth, POLICY_FALSE);
    assert_int_equal(x.next, DAY_FOREVER);
    assert_int_equal(x.change_count, 0);
    assert_int_equal(x.reasons[1].op, POLICY_OP_MINOR);
}

static void divorce_names_its_records(void **state)
{
    struct fixture f;
    struct policy_explanation x;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "divorced", "2014-01-01", "", "")->other = 2;
    fixture_fact(&f, 2, "married", "2013-01-01", "", "")->other = 1;
    explain(&f, "single_parent", "2014-01-01", &x);
    assert_int_equal(x.truth, POLICY_TRUE);
    assert_non_null(
        strstr(drawn(&x), "(divorced, married) is divorced [2014-01-01 2030-05-01 #0 #1]"));
    explain(&f, "single_parent", "2013-06-01", &x);
    assert_int_equal(x.next, on("2014-01-01"));
}

static void the_words_in_chinese(void **state)
{
    struct fixture f;
    struct policy_explanation x;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 1, "lost_contact", "2014-01-01", "", "reported");
    explain(&f, "de_facto_unattended", "2014-07-02", &x);
    bool reported = false, every = false;
    for (size_t i = 0; i < x.reason_count; i++) {
        reported |= strcmp(x.reasons[i].zh, "失联（reported），超过6个月") == 0 &&
                    x.reasons[i].truth == POLICY_TRUE && x.reasons[i].since == on("2014-07-02");
        every |= strcmp(x.reasons[i].zh, "每一位法定父母") == 0;
    }
    assert_true(reported && every);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds),
        cmocka_unit_test(it_does_not_hold_and_what_would_change_it),
        cmocka_unit_test(a_record_that_does_not_suffice_is_named),
        cmocka_unit_test(it_cannot_be_decided),
        cmocka_unit_test(outside_childhood),
        cmocka_unit_test(divorce_names_its_records),
        cmocka_unit_test(the_words_in_chinese),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
