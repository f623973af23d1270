/* How many families a second one thread evaluates, all categories with since and until; and that
 * the commonest family takes nothing from the arena. The figures are printed, not judged. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int rounds(void)
{
    const char *text = getenv("HUMIAO_TEST_ROUNDS");
    return text ? (int)strtol(text, NULL, 10) : 20000;
}

static void evaluate_often(const struct policy_set *set, const struct fixture *f, const char *what)
{
    ARENA_AUTO(a);
    struct policy_timeline all[FIXTURE_MAX];
    int n = rounds();
    double begin = seconds();
    for (int i = 0; i < n; i++) {
        arena_reset(&a);
        policy_evaluate(set, &f->family, &a, all);
    }
    double each = (seconds() - begin) / n;
    print_message("# %s: %.0f ns a family, %.0f families/second\n", what, each * 1e9, 1 / each);
}

static void family_typical(struct fixture *f)
{
    fixture_couple(f, "2012-05-01");
    int grandmother = fixture_person(f);
    fixture_kin(f, grandmother, "grandparent", "", "");
    fixture_kin(f, grandmother, "guardian", "2020-02-01", "");
    f->persons[3] = (struct policy_person){true, false};
    fixture_fact(f, 0, "school_enrolled", "2018-09-01", "", "3307820001");
    fixture_fact(f, 0, "residence", "2012-05-01", "", "330782001001");
    fixture_fact(f, 1, "imprisoned", "2019-06-30", "2023-06-30", "P4Y");
    fixture_fact(f, 1, "divorced", "2018-01-01", "", "")->other = 2;
    fixture_fact(f, 2, "lost_contact", "2019-11-30", "", "reported");
    fixture_fact(f, 3, "low_income", "2020-01-01", "2024-01-01", "");
}

static void figures(void **state)
{
    ARENA_AUTO(lasting);
    const struct policy_set *set = fixture_set(&lasting);
    static struct fixture f;
    fixture_couple(&f, "2012-05-01");
    evaluate_often(set, &f, "two parents, no facts");
    ARENA_AUTO(a);
    struct policy_timeline all[FIXTURE_MAX];
    policy_evaluate(set, &f.family, &a, all);
    assert_int_equal(a.total, 0);
    fixture_fact(&f, 0, "school_enrolled", "2018-09-01", "", "3307820001");
    fixture_fact(&f, 0, "residence", "2012-05-01", "", "330782001001");
    fixture_fact(&f, 1, "outside_for_work", "2016-05-01", "", "330782001001");
    evaluate_often(set, &f, "two parents, school, residence, work");
    fixture_begin(&f, "2012-05-01");
    evaluate_often(set, &f, "no parent registered");
    family_typical(&f);
    evaluate_often(set, &f, "custody, lost contact, divorce, low income");
}

static void explanation_figures(void **state)
{
    ARENA_AUTO(lasting);
    const struct policy_set *set = fixture_set(&lasting);
    static struct fixture f;
    ARENA_AUTO(a);
    family_typical(&f);
    int n = rounds() / 10 + 1;
    double begin = seconds();
    for (int i = 0; i < n; i++)
        for (size_t c = 0; c < policy_category_count(set); c++) {
            struct policy_explanation x;
            arena_reset(&a);
            policy_explain(set, &f.family, c, on("2021-01-01"), &a, &x);
        }
    print_message("# all categories explained: %.1f us a child\n", (seconds() - begin) / n * 1e6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(figures),
                                       cmocka_unit_test(explanation_figures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
