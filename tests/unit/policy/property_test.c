/* Thousands of random families: the evaluator and the day-by-day oracle agree on every day. */
#include "fixture.h"
#include "oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static uint64_t state_of_dice;

static uint32_t dice(uint32_t sides)
{
    state_of_dice ^= state_of_dice << 13;
    state_of_dice ^= state_of_dice >> 7;
    state_of_dice ^= state_of_dice << 17;
    return (uint32_t)(state_of_dice >> 32) % sides;
}

static uint64_t number_from(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text && *text ? strtoull(text, NULL, 10) : otherwise;
}

/* ---- random families ------------------------------------------------------------------------- */

/* Ends of months and 29 February more often than chance has it. */
static int any_day(int first_year, int years)
{
    int year = first_year + (int)dice((uint32_t)years);
    switch (dice(6)) {
    case 0: return oracle_day(year, 3, 1) - 1;
    case 1: return oracle_day(year, 1 + (int)dice(12), 1) - 1 + (int)dice(2);
    case 2: return oracle_day(year, (int)(2 + 6 * dice(2)), 28) + (int)dice(4);
    default: return oracle_day(year, 1, 1) + (int)dice(365);
    }
}

/* Often on, just before or just after what came before, so that intervals touch. */
static int near_day(const struct oracle_family *f, int first_year)
{
    if (f->facts && dice(3) == 0) {
        const struct oracle_fact *x = &f->fact[dice((uint32_t)f->facts)];
        int base = dice(2) && x->to != ORACLE_OPEN ? x->to : x->from;
        return oracle_add(base < 0 ? 0 : base, 6 * (int)dice(3), (int)dice(3) - 1);
    }
    return dice(12) == 0 ? f->birth : any_day(first_year - 2, 22);
}

static const char *any_value(enum oracle_kind kind)
{
    static const char *const terms[] = {"", "", "P6M", "P5M", "P5M28D", "P5M30D", "P26W", "P183D", "P3Y",
                                        "P1Y2M3W4D", "P181D"};
    static const char *const kinds[] = {"visual",       "hearing", "speech",  "physical",
                                        "intellectual", "mental",  "multiple"};
    static char value[24];
    switch (kind) {
    case O_DEAD: return dice(2) ? "natural" : "declared";
    case O_LOST: return dice(3) ? "reported" : "determined";
    case O_IMPRISONED:
    case O_REHAB:
    case O_CUSTODY: return terms[dice(sizeof terms / sizeof *terms)];
    case O_DISABILITY:
        snprintf(value, sizeof value, "%s/%u", kinds[dice(7)], 1 + dice(4));
        return value;
    default: return "";
    }
}

static void add_fact(struct oracle_family *f, int first_year)
{
    struct oracle_fact x = {.other = -1};
    x.person = (int)dice((uint32_t)f->persons);
    x.kind = (enum oracle_kind)dice(O_KINDS);
    if (dice(3) == 0 && f->persons > 2) { /* dense where it decides: the first two, with what counts */
        x.person = 1 + (int)dice(2);
        x.kind = (enum oracle_kind)dice(O_DEPORTED + 1);
    }
    if (x.kind == O_DIVORCED || x.kind == O_MARRIED) {
        x.person = f->persons > 2 && dice(4) ? 1 + (int)dice(2) : x.person;
        x.other = dice(5) == 0 ? -1 : dice(4) && x.person < 3 ? 3 - x.person : (int)dice((uint32_t)f->persons);
        if (x.other == x.person)
            x.other = -1;
    }
    x.from = near_day(f, first_year);
    x.to = dice(2) ? ORACLE_OPEN : x.from + 1 + (int)dice(dice(2) ? 400 : 5000);
    if (dice(50) == 0)
        x.to = x.from - (int)dice(3);
    if (x.to != ORACLE_OPEN && dice(4) == 0)
        x.to = oracle_add(x.from, 6, (int)dice(3) - 1);
    snprintf(x.value, sizeof x.value, "%s", any_value(x.kind));
    f->fact[f->facts++] = x;
}

static void add_kin(struct oracle_family *f, int first_year)
{
    static const char *const roles[] = {"father", "mother", "adoptive_father", "adoptive_mother",
                                        "guardian", "father", "mother", "step_father", "grandparent",
                                        "guardian"};
    struct oracle_kin k = {.from = ORACLE_BIRTH, .to = ORACLE_OPEN};
    k.person = f->persons > 1 ? 1 + (int)dice((uint32_t)f->persons - 1) : 0;
    snprintf(k.role, sizeof k.role, "%s", roles[dice(10)]);
    if (dice(3))
        k.from = near_day(f, first_year);
    int from = k.from == ORACLE_BIRTH ? f->birth : k.from;
    if (dice(3))
        k.to = from + 1 + (int)dice(4000);
    f->row[f->kin++] = k;
}

static void random_family(struct oracle_family *f)
{
    memset(f, 0, sizeof *f);
    int first_year = 1995 + (int)dice(25);
    f->birth = dice(4) == 0 ? oracle_day(first_year / 4 * 4, 2, 29) : any_day(first_year, 2);
    f->persons = dice(20) == 0 ? 20 : 1 + (int)dice(6);
    for (int i = 0; i < f->persons; i++)
        f->household[i] = dice(2) ? 0 : 1 + (int)dice(2);
    if (f->persons > 1 && dice(6))
        f->row[f->kin++] = (struct oracle_kin){1, "father", ORACLE_BIRTH, ORACLE_OPEN};
    if (f->persons > 2 && dice(6))
        f->row[f->kin++] = (struct oracle_kin){2, "mother", ORACLE_BIRTH, ORACLE_OPEN};
    int facts = dice(10) == 0 ? 30 : (int)dice(9);
    for (int i = 0; i < facts; i++)
        add_fact(f, first_year);
    int kin = dice(10) == 0 ? 25 : dice(2) ? (int)dice(5) : 0;
    for (int i = 0; i < kin; i++)
        add_kin(f, first_year);
    oracle_prepare(f);
}

/* ---- the same family for the evaluator ------------------------------------------------------- */

static void hand_over(const struct oracle_family *o, struct fixture *f)
{
    memset(f, 0, sizeof *f);
    f->family = (struct policy_family){.birth = o->birth, .persons = f->persons, .facts = f->facts,
                                       .kin = f->kin};
    for (int i = 0; i < o->persons; i++)
        fixture_person(f);
    for (int i = 0; i < o->persons; i++) {
        f->persons[i].household_empty = o->household[i] == 0;
        f->persons[i].same_household = o->household[i] && o->household[i] == o->household[0];
    }
    for (int i = 0; i < o->facts; i++) {
        const struct oracle_fact *x = &o->fact[i];
        struct policy_fact *fact =
            fixture_fact(f, x->person, oracle_kind_names[x->kind], "2000-01-01", "", x->value);
        fact->from = x->from;
        fact->to = x->to == ORACLE_OPEN ? DAY_FOREVER : x->to;
        fact->other = x->other;
    }
    for (int i = 0; i < o->kin; i++) {
        fixture_kin(f, o->row[i].person, o->row[i].role, "", "");
        f->kin[i].from = o->row[i].from == ORACLE_BIRTH ? DAY_BEGINNING : o->row[i].from;
        f->kin[i].to = o->row[i].to == ORACLE_OPEN ? DAY_FOREVER : o->row[i].to;
    }
}

static void print_family(const struct oracle_family *o)
{
    char a[DAY_TEXT], b[DAY_TEXT];
    print_message("birth %s, %d persons\n", day_format(o->birth, a), o->persons);
    for (int i = 0; i < o->kin; i++)
        print_message("  kin %d %s %s %s\n", o->row[i].person, o->row[i].role,
                      o->row[i].from == ORACLE_BIRTH ? "birth" : day_format(o->row[i].from, a),
                      o->row[i].to == ORACLE_OPEN ? "" : day_format(o->row[i].to, b));
    for (int i = 0; i < o->facts; i++)
        print_message("  fact %d %s '%s' %s %s other %d\n", o->fact[i].person,
                      oracle_kind_names[o->fact[i].kind], o->fact[i].value, day_format(o->fact[i].from, a),
                      o->fact[i].to == ORACLE_OPEN ? "" : day_format(o->fact[i].to, b), o->fact[i].other);
}

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
            print_family(o);
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
    uint64_t seed = number_from("HUMIAO_TEST_SEED", 20240630);
    uint64_t families = number_from("HUMIAO_TEST_FAMILIES", 2000);
    print_message("# HUMIAO_TEST_SEED=%llu, %llu families\n", (unsigned long long)seed,
                  (unsigned long long)families);
    state_of_dice = seed * 2654435761u + 1;
    assert_int_equal(policy_category_count(set), ORACLE_CATEGORIES);
    for (uint64_t n = 0; n < families; n++) {
        ARENA_AUTO(a);
        static struct oracle_family o;
        static struct fixture f;
        struct policy_timeline all[ORACLE_CATEGORIES];
        random_family(&o);
        hand_over(&o, &f);
        policy_evaluate(set, &f.family, &a, all);
        for (int i = 0; i < ORACLE_CATEGORIES; i++) {
            int category = policy_category_by_name(set, slice_from(oracle_names[i]));
            assert_true(category >= 0);
            compare(&o, i, &all[category]);
            compare_explanation(set, &f, all, (size_t)category, o.birth - 400 + (int)dice(7400));
        }
    }
    for (int i = 0; i < ORACLE_CATEGORIES; i++) {
        print_message("# %s: %zu stretches hold, %zu for review\n", oracle_names[i], met[i][2], met[i][1]);
        assert_true(families < 1000 || met[i][2] > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(evaluator_equals_oracle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
