/* Random policies over random families: the evaluator's timelines against a plain reading of the
 * same expressions, one day at a time. */
#include "chance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { NO, UNKNOWN, YES };
enum form { AND, OR, NOT, FACT, REFERENCE, PERSONS, AGED, MINOR, ADOPTED };
enum fact_form { PLAIN, VALUE, SEVERAL, TERM, AFTER_MORE, AFTER_LEAST, FACT_FORMS };

struct tree {
    enum form form;
    struct tree *parts[3];
    int part_count;
    enum fact_form fact;
    enum oracle_kind kind;
    int months, days;      /* of a length */
    struct tree *referred; /* REFERENCE */
    int group, quota, number;
    int over;
};

struct policy_text {
    struct arena *a;
    char text[60000];
    size_t n;
    struct tree *conditions[4], *categories[4];
    int condition_count, category_count;
};

#define SAY(p, ...) \
    ((p)->n += (size_t)snprintf((p)->text + (p)->n, sizeof(p)->text - (p)->n, __VA_ARGS__))

/* ---- writing one at random ------------------------------------------------------------------- */

static void say_length(struct policy_text *p, struct tree *t)
{
    int n = 1 + (int)dice(8);
    switch (dice(4)) {
    case 0:
        SAY(p, "%d days", n);
        t->days = n;
        break;
    case 1:
        SAY(p, "%d weeks", n);
        t->days = 7 * n;
        break;
    case 2:
        SAY(p, "%d months", n);
        t->months = n;
        break;
    default: SAY(p, "%d years", n); t->months = 12 * n;
    }
}

static void say_fact(struct policy_text *p, struct tree *t)
{
    t->form = FACT;
    t->fact = (enum fact_form)dice(FACT_FORMS);
    t->kind = t->fact == VALUE     ? O_LOST
              : t->fact == SEVERAL ? O_DISABILITY
              : t->fact == TERM    ? (enum oracle_kind)(O_IMPRISONED + (int)dice(3))
                                   : (enum oracle_kind)dice(O_DIVORCED);
    SAY(p, "fact %s", oracle_kind_names[t->kind]);
    switch (t->fact) {
    case VALUE: SAY(p, " is reported"); break;
    case SEVERAL: SAY(p, " is one of */1, mental/*, visual/4"); break;
    case TERM: SAY(p, " with a term of at least "); break;
    case AFTER_MORE: SAY(p, ", after more than "); break;
    case AFTER_LEAST: SAY(p, " after at least "); break;
    default: return;
    }
    if (t->fact >= TERM)
        say_length(p, t);
}

static struct tree *say(struct policy_text *p, bool child, int depth);

static void say_joined(struct policy_text *p, struct tree *t, bool child, int depth)
{
    t->form = dice(2) ? AND : OR;
    t->part_count = 2 + (int)dice(2);
    for (int i = 0; i < t->part_count; i++) {
        SAY(p, "%s(", i == 0 ? "" : t->form == AND ? " and " : " or ");
        t->parts[i] = say(p, child, depth - 1);
        SAY(p, ")");
    }
}

static void say_persons(struct policy_text *p, struct tree *t, int depth)
{
    static const char *const groups[] = {"legal parent", "guardian", "household member"};
    static const char *const quotas[] = {"every", "any", "no", "exactly", "at least", "at most"};
    t->form = PERSONS;
    t->group = (int)(dice(2) ? 0 : dice(3));
    t->quota = (int)dice(6);
    t->number = (int)dice(4);
    SAY(p, "%s ", quotas[t->quota]);
    if (t->quota > 2)
        SAY(p, "%d ", t->number);
    SAY(p, "%s (", groups[t->group]);
    t->parts[0] = say(p, false, depth - 1);
    t->part_count = 1;
    SAY(p, ")");
}

static void say_child(struct policy_text *p, struct tree *t, int depth)
{
    switch (dice(6)) {
    case 0:
        t->form = AGED;
        t->number = (int)dice(20);
        t->over = (int)dice(2);
        SAY(p, t->over ? "aged %d or over" : "aged under %d", t->number);
        break;
    case 1:
        t->form = MINOR;
        SAY(p, "minor");
        break;
    case 2:
        t->form = ADOPTED;
        SAY(p, "adopted");
        break;
    default: say_persons(p, t, depth);
    }
}

static struct tree *say(struct policy_text *p, bool child, int depth)
{
    struct tree *t = ARENA_NEW(p->a, struct tree);
    uint32_t chance = dice(depth > 0 ? 10 : 4);
    if (chance < 2 && child) {
        say_child(p, t, depth);
    } else if (chance == 2 && (child ? p->category_count : p->condition_count)) {
        int i = (int)dice((uint32_t)(child ? p->category_count : p->condition_count));
        t->form = REFERENCE;
        t->referred = child ? p->categories[i] : p->conditions[i];
        SAY(p, "%s%d", child ? "k" : "c", i);
    } else if (chance < 4) {
        say_fact(p, t);
    } else if (chance == 4) {
        t->form = NOT;
        t->part_count = 1;
        SAY(p, "not (");
        t->parts[0] = say(p, child, depth - 1);
        SAY(p, ")");
    } else if (chance < 7 && child) {
        say_persons(p, t, depth);
    } else {
        say_joined(p, t, child, depth);
    }
    return t;
}

static void random_policy(struct policy_text *p, struct arena *a)
{
    p->a = a;
    p->n = 0;
    for (p->condition_count = 0; p->condition_count < 4; p->condition_count++) {
        SAY(p, "condition c%d \"c\" \"c\" when ", p->condition_count);
        p->conditions[p->condition_count] = say(p, false, 3);
        SAY(p, "\n");
    }
    for (p->category_count = 0; p->category_count < 4; p->category_count++) {
        SAY(p, "category k%d \"k\" \"k\" holds while ", p->category_count);
        p->categories[p->category_count] = say(p, true, 3);
        SAY(p, "\n");
    }
}

/* ---- reading it, on one day ------------------------------------------------------------------ */

static int record(const struct tree *t, const struct oracle_fact *x, int d)
{
    int late = oracle_add(x->from, t->months, t->days);
    int covers = x->from <= d && d < x->to ? YES : NO;
    size_t n = strlen(x->value);
    switch (t->fact) {
    case VALUE: return strcmp(x->value, "reported") == 0 ? covers : NO;
    case SEVERAL:
        return x->value[n - 1] == '1' || strncmp(x->value, "mental/", 7) == 0 ||
                       strcmp(x->value, "visual/4") == 0
                   ? covers
                   : NO;
    case AFTER_MORE: return d > late ? covers : NO;
    case AFTER_LEAST: return d >= late ? covers : NO;
    case TERM: {
        if (x->term_end < 0 && x->to == ORACLE_OPEN)
            return d < x->from ? NO : d < late ? UNKNOWN : YES;
        int end = x->to == ORACLE_OPEN ? x->term_end : x->to;
        return (x->term_end < 0 ? x->to : x->term_end) >= late && x->from <= d && d < end ? YES
                                                                                          : NO;
    }
    default: return covers;
    }
}

static int read_tree(const struct tree *t, const struct oracle_family *f, int person, int d);

static int read_persons(const struct tree *t, const struct oracle_family *f, int d)
{
    int yes = 0, unknown = 0, all = 0;
    struct oracle_parents parents = oracle_legal_parents(f, d);
    int count = t->group == 0 ? parents.count : f->persons;
    for (int i = 0; i < count; i++) {
        int person = t->group == 0 ? parents.who[i] : i;
        if ((t->group == 1 && !oracle_is_guardian(f, person, d)) ||
            (t->group == 2 && !oracle_in_household(f, person, d)))
            continue;
        int truth = read_tree(t->parts[0], f, person, d);
        yes += truth == YES;
        unknown += truth == UNKNOWN;
        all++;
    }
    int can_be = 0, can_fail = 0; /* over every way in which the unknown may turn out */
    for (int n = yes; n <= yes + unknown; n++) {
        int is = t->quota == 0   ? n == all
                 : t->quota == 1 ? n > 0
                 : t->quota == 2 ? n == 0
                 : t->quota == 3 ? n == t->number
                 : t->quota == 4 ? n >= t->number
                                 : n <= t->number;
        can_be |= is;
        can_fail |= !is;
    }
    return can_be && can_fail ? UNKNOWN : can_be ? YES : NO;
}

static int read_tree(const struct tree *t, const struct oracle_family *f, int person, int d)
{
    int truth = t->form == AND ? YES : NO;
    int age_day = t->form == AGED ? oracle_add(f->birth, 12 * t->number, 0) : 0;
    switch (t->form) {
    case AND:
    case OR:
        for (int i = 0; i < t->part_count; i++) {
            int part = read_tree(t->parts[i], f, person, d);
            if (t->form == AND ? part < truth : part > truth)
                truth = part;
        }
        return truth;
    case NOT: return YES - read_tree(t->parts[0], f, person, d);
    case FACT:
        if (person < 0)
            return UNKNOWN;
        for (int i = 0; i < f->facts; i++)
            if (f->fact[i].person == person && f->fact[i].kind == t->kind) {
                int one = record(t, &f->fact[i], d);
                truth = one > truth ? one : truth;
            }
        return truth;
    case REFERENCE: return read_tree(t->referred, f, person, d);
    case PERSONS: return read_persons(t, f, d);
    case AGED: return (d >= age_day) == t->over ? YES : NO;
    case MINOR: return YES;
    default: return oracle_legal_parents(f, d).adopted ? YES : NO;
    }
}

/* ---- comparing ------------------------------------------------------------------------------- */

static void compare_day(const struct policy_text *p, const struct oracle_family *o, int category,
                        const struct policy_timeline *t, int d)
{
    if (d < o->birth || d >= o->adult)
        return;
    const struct policy_stretch *s = policy_timeline_at(t, d);
    int got = s ? (int)s->status : NO, wanted = read_tree(p->categories[category], o, 0, d);
    if (got == wanted)
        return;
    char date[DAY_TEXT];
    print_message("%s", p->text);
    chance_print(o);
    fail_msg("k%d on %s: wanted %d, got %d", category, day_format(d, date), wanted, got);
}

static size_t changes_seen;

static void compare(const struct policy_text *p, const struct policy_set *set,
                    const struct oracle_family *o, const struct fixture *f)
{
    ARENA_AUTO(a);
    struct policy_timeline all[4];
    policy_evaluate(set, &f->family, &a, all);
    for (int c = 0; c < 4; c++) {
        for (size_t i = 0; i < all[c].count; i++)
            for (int k = -1; k <= 0; k++) {
                compare_day(p, o, c, &all[c], all[c].stretches[i].from + k);
                compare_day(p, o, c, &all[c], all[c].stretches[i].to + k);
            }
        changes_seen += all[c].count;
        for (int i = 0; i < 40; i++)
            compare_day(p, o, c, &all[c], o->birth + (int)dice(6574));
        struct policy_explanation x;
        int d = o->birth + (int)dice(6574);
        policy_explain(set, &f->family, (size_t)c, d, &a, &x);
        const struct policy_stretch *s = policy_timeline_at(&all[c], d);
        assert_int_equal(x.truth, s ? s->status : POLICY_FALSE);
    }
}

static void random_policies(void **state)
{
    static struct policy_text p;
    static struct oracle_family o;
    static struct fixture f;
    chance_begin(7);
    int policies = (int)chance_number("HUMIAO_TEST_POLICIES", 300);
    for (int i = 0; i < policies; i++) {
        ARENA_AUTO(a);
        random_policy(&p, &a);
        const struct policy_set *set = fixture_compile(&a, p.text);
        struct slice once = policy_set_print(set, &a);
        assert_string_equal(once.p, policy_set_print(fixture_compile(&a, once.p), &a).p);
        for (int k = 0; k < 10; k++) {
            chance_family(&o);
            chance_hand_over(&o, &f);
            compare(&p, set, &o, &f);
        }
    }
    print_message("# %d policies, %zu stretches\n", policies, changes_seen);
    assert_true(changes_seen > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_policies)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
