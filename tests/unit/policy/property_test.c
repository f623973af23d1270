/* Thousands of random families: the evaluator and the day-by-day oracle agree on every day. */
#include "chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* Stretches met, by category and status: so that a test that tests nothing is seen. */
static size_t met[ORACLE_CATEGORIES][3];

/* Runs of days of the oracle against the stretches, in order. */
static void compare(const struct oracle_family *o, int category, const struct policy_timeline *t)
{
    size_t next = 0;
    int at = o->birth;
    while (at < o->adult) {
        int status = oracle_status(o, category, at), from = at;
        while (at < o->adult && oracle_status(o, category, at) == status)
            at++;
        if (status == 0)
            continue;
        const struct policy_stretch *s = next < t->count ? &t->stretches[next] : NULL;
        if (!s || s->from != from || s->to != at || (int)s->status != status) {
            char a[DAY_TEXT], b[DAY_TEXT], c[DAY_TEXT], d[DAY_TEXT];
            chance_print(o);
            fail_msg("%s: oracle %d [%s %s), evaluator %d [%s %s)", oracle_names[category], status,
                     day_format(from, a), day_format(at, b), s ? (int)s->status : -1,
                     s ? day_format(s->from, c) : "", s ? day_format(s->to, d) : "");
        }
        met[category][status]++;
        next++;
    }
    assert_int_equal(next, t->count);
}

/* The explanation says on that day what the timeline says. */
static void compare_explanation(const struct policy_set *set, const struct fixture *f,
                                const struct policy_timeline *all, size_t category, day d)
{
    ARENA_AUTO(a);
    struct policy_explanation x;
    policy_explain(set, &f->family, category, d, &a, &x);
    const struct policy_stretch *s = policy_timeline_at(&all[category], d);
    assert_int_equal(x.truth, s ? s->status : POLICY_FALSE);
    if (s) {
        assert_int_equal(x.since, s->from);
        assert_int_equal(x.until, s->to);
    }
    assert_int_equal(x.next, policy_timeline_next(&all[category], 1, d));
    assert_true(x.reason_count > 1);
    if (x.truth == POLICY_UNKNOWN)
        assert_true(x.undecided_count > 0);
}

static void evaluator_equals_oracle(void **state)
{
    ARENA_AUTO(lasting);
    const struct policy_set *set = fixture_set(&lasting);
    uint64_t families = chance_number("HUMIAO_TEST_FAMILIES", 2000);
    chance_begin(20240630);
    assert_int_equal(policy_category_count(set), ORACLE_CATEGORIES);
    for (uint64_t n = 0; n < families; n++) {
        ARENA_AUTO(a);
        static struct oracle_family o;
        static struct fixture f;
        struct policy_timeline all[ORACLE_CATEGORIES];
        chance_family(&o);
        chance_hand_over(&o, &f);
        policy_evaluate(set, &f.family, &a, all);
        for (int i = 0; i < ORACLE_CATEGORIES; i++) {
            int category = policy_category_by_name(set, slice_from(oracle_names[i]));
            assert_true(category >= 0);
            compare(&o, i, &all[category]);
            compare_explanation(set, &f, all, (size_t)category, o.birth - 400 + (int)dice(7400));
        }
    }
    for (int i = 0; i < ORACLE_CATEGORIES; i++) {
        print_message("# %s: %zu stretches hold, %zu for review\n", oracle_names[i], met[i][2],
                      met[i][1]);
        assert_true(families < 1000 || met[i][2] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(evaluator_equals_oracle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
