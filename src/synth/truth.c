#include "synth/truth.h"

#include <stdlib.h>

const char *const synth_categories[SYNTH_CATEGORY_COUNT] = {
#define X(symbol, name) name,
    SYNTH_CATEGORIES(X)
#undef X
};

static enum synth_status both(enum synth_status a, enum synth_status b) { return a < b ? a : b; }
static enum synth_status either(enum synth_status a, enum synth_status b) { return a > b ? a : b; }
static enum synth_status no(enum synth_status a) { return SYNTH_HOLDS - a; }

/* --- who the legal parents are ------------------------------------------- */

#define UNKNOWN_PARENT (-1)

struct legal {
    int parents[2]; /* or UNKNOWN_PARENT */
    int count;      /* 1 for a single adoptive parent, else 2 */
    bool adopted;
};

/* Of two rows of one role on one day the later beginning counts. */
static int in_role(const struct synth_family *f, int child, enum synth_relation role, day d)
{
    int person = UNKNOWN_PARENT;
    day latest = DAY_BEGINNING;

    for (int i = 0; i < f->kin_count; i++) {
        const struct synth_kin *k = &f->kin[i];
        if (k->child == child && k->relation == role && k->from <= d && d < k->to &&
            k->from >= latest) {
            latest = k->from;
            person = k->person;
        }
    }
    return person;
}

static struct legal legal_parents(const struct synth_family *f, int child, day d)
{
    int father = in_role(f, child, SYNTH_ADOPTIVE_FATHER, d);
    int mother = in_role(f, child, SYNTH_ADOPTIVE_MOTHER, d);
    struct legal legal = {.count = 2, .adopted = true};

    if (father == UNKNOWN_PARENT && mother == UNKNOWN_PARENT) {
        legal.adopted = false;
        father = in_role(f, child, SYNTH_FATHER, d);
        mother = in_role(f, child, SYNTH_MOTHER, d);
    } else if (father == UNKNOWN_PARENT || mother == UNKNOWN_PARENT) {
        legal.count = 1; /* whoever it is comes first */
        father = father == UNKNOWN_PARENT ? mother : father;
    }
    legal.parents[0] = father;
    legal.parents[1] = mother;
    return legal;
}

/* --- what is the matter with a person ------------------------------------ */

static enum synth_status condition(const struct synth_family *f, int person,
                                   enum synth_meaning meaning, day d)
{
    enum synth_status status = SYNTH_NO;

    if (person == UNKNOWN_PARENT)
        return SYNTH_REVIEW;
    for (int i = 0; i < f->facts_count; i++) {
        const struct synth_fact *fact = &f->facts[i];
        if (fact->person != person || fact->meaning != meaning)
            continue;
        if (interval_holds(fact->holds, d))
            return SYNTH_HOLDS;
        if (interval_holds(fact->unknown, d))
            status = SYNTH_REVIEW;
    }
    return status;
}

static bool is_divorced(const struct synth_family *f, int a, int b, day d)
{
    const struct synth_bond *last = NULL;

    for (int i = 0; i < f->bonds_count; i++) {
        const struct synth_bond *bond = &f->bonds[i];
        bool theirs = (bond->a == a && bond->b == b) || (bond->a == b && bond->b == a);
        if (theirs && bond->on <= d && (!last || bond->on >= last->on))
            last = bond;
    }
    return last && !last->married;
}

/* --- the categories ------------------------------------------------------ */

static enum synth_status orphan(const struct synth_family *f, int child, day d)
{
    struct legal legal = legal_parents(f, child, d);
    enum synth_status all_gone = SYNTH_HOLDS;

    if (!legal.adopted && condition(f, child, SYNTH_MEANS_FOUNDLING, d) == SYNTH_HOLDS)
        return SYNTH_HOLDS;
    for (int i = 0; i < legal.count; i++)
        all_gone = both(all_gone, condition(f, legal.parents[i], SYNTH_MEANS_GONE, d));
    return all_gone;
}

static enum synth_status de_facto(const struct synth_family *f, int child, day d)
{
    struct legal legal = legal_parents(f, child, d);
    enum synth_status all_struck = SYNTH_HOLDS, some_unable = SYNTH_NO;

    for (int i = 0; i < legal.count; i++) {
        enum synth_status unable = condition(f, legal.parents[i], SYNTH_MEANS_UNABLE, d);
        enum synth_status gone = condition(f, legal.parents[i], SYNTH_MEANS_GONE, d);
        all_struck = both(all_struck, either(unable, gone));
        some_unable = either(some_unable, unable);
    }
    return both(both(all_struck, some_unable), no(orphan(f, child, d)));
}

static enum synth_status single_parent(const struct synth_family *f, int child, day d)
{
    struct legal legal = legal_parents(f, child, d);
    enum synth_status first = condition(f, legal.parents[0], SYNTH_MEANS_GONE, d), second;

    if (legal.count == 1)
        return first; /* exactly one, and there is only one; nobody to be divorced from */
    if (legal.parents[0] == UNKNOWN_PARENT || legal.parents[1] == UNKNOWN_PARENT)
        return SYNTH_REVIEW;
    second = condition(f, legal.parents[1], SYNTH_MEANS_GONE, d);
    if (is_divorced(f, legal.parents[0], legal.parents[1], d))
        return SYNTH_HOLDS;
    return either(both(first, no(second)), both(no(first), second));
}

static bool answers_for(const struct synth_family *f, int person, int child, day d)
{
    struct legal legal = legal_parents(f, child, d);

    for (int i = 0; i < legal.count; i++)
        if (legal.parents[i] == person)
            return true;
    for (int i = 0; i < f->kin_count; i++) {
        const struct synth_kin *k = &f->kin[i];
        if (k->child == child && k->person == person && k->relation == SYNTH_GUARDIAN &&
            k->from <= d && d < k->to)
            return true;
    }
    return false;
}

/* One member's listing is the household's; without a household it is the person's own and that of
 * the minors he or she answers for. It holds or it does not: there is no doubt about a list. */
static enum synth_status listed(const struct synth_family *f, int child, enum synth_meaning list,
                                day d)
{
    for (int i = 0; i < f->facts_count; i++) {
        const struct synth_fact *fact = &f->facts[i];
        uint64_t household = f->people[fact->person].household;
        if (fact->meaning != list || !interval_holds(fact->holds, d))
            continue;
        if (fact->person == child)
            return SYNTH_HOLDS;
        if (household ? household == f->people[child].household
                      : answers_for(f, fact->person, child, d))
            return SYNTH_HOLDS;
    }
    return SYNTH_NO;
}

enum synth_status synth_truth_on(const struct synth_family *f, int child,
                                 enum synth_category category, day d)
{
    day birth = f->people[child].birth;

    if (birth == SYNTH_NO_DAY || d < birth || d >= day_anniversary(birth, 18))
        return SYNTH_NO;
    switch (category) {
    case SYNTH_CATEGORY_ORPHAN: return orphan(f, child, d);
    case SYNTH_CATEGORY_DE_FACTO: return de_facto(f, child, d);
    case SYNTH_CATEGORY_SINGLE_PARENT: return single_parent(f, child, d);
    case SYNTH_CATEGORY_DISABLED: return condition(f, child, SYNTH_MEANS_DISABLED, d);
    case SYNTH_CATEGORY_HIV: return condition(f, child, SYNTH_MEANS_HIV, d);
    case SYNTH_CATEGORY_LOW_INCOME: return listed(f, child, SYNTH_MEANS_LOW_INCOME, d);
    case SYNTH_CATEGORY_LOW_INCOME_EDGE: return listed(f, child, SYNTH_MEANS_LOW_INCOME_EDGE, d);
    case SYNTH_CATEGORY_DESTITUTE: return listed(f, child, SYNTH_MEANS_DESTITUTE, d);
    default: return SYNTH_NO;
    }
}

/* --- how long ------------------------------------------------------------ */

struct turns {
    day days[2 * (SYNTH_KIN_MAX + 2 * SYNTH_FACTS_MAX) + SYNTH_BONDS_MAX + 2];
    int count;
};

static int compare_days(const void *a, const void *b)
{
    day x = *(const day *)a, y = *(const day *)b;

    return (x > y) - (x < y);
}

/* Every day in the child's minority on which anything of the story begins or ends. */
static void find_turns(const struct synth_family *f, struct interval minority, struct turns *ret)
{
    int n = 0;

    ret->days[n++] = minority.from;
    for (int i = 0; i < f->kin_count; i++) {
        ret->days[n++] = f->kin[i].from;
        ret->days[n++] = f->kin[i].to;
    }
    for (int i = 0; i < f->facts_count; i++) {
        ret->days[n++] = f->facts[i].holds.from;
        ret->days[n++] = f->facts[i].holds.to;
        ret->days[n++] = f->facts[i].unknown.from;
        ret->days[n++] = f->facts[i].unknown.to;
    }
    for (int i = 0; i < f->bonds_count; i++)
        ret->days[n++] = f->bonds[i].on;
    ret->count = 0;
    for (int i = 0; i < n; i++)
        if (interval_holds(minority, ret->days[i]))
            ret->days[ret->count++] = ret->days[i];
    qsort(ret->days, (size_t)ret->count, sizeof(day), compare_days);
}

static struct interval stretch(const struct synth_family *f, int child, struct synth_verdict *v,
                               const struct turns *turns, struct interval minority, day as_of)
{
    struct interval during = minority;
    int here = 0, i;

    while (here + 1 < turns->count && turns->days[here + 1] <= as_of)
        here++;
    for (i = here; i > 0; i--)
        if (synth_truth_on(f, child, v->category, turns->days[i] - 1) != v->status)
            break;
    during.from = turns->days[i];
    for (i = here + 1; i < turns->count; i++)
        if (synth_truth_on(f, child, v->category, turns->days[i]) != v->status)
            break;
    if (i < turns->count)
        during.to = turns->days[i];
    return during;
}

int synth_truth_verdicts(const struct synth_family *f, int child, day as_of,
                         struct synth_verdict ret[SYNTH_CATEGORY_COUNT])
{
    day birth = f->people[child].birth;
    struct interval minority;
    struct turns turns = {.count = -1};
    int n = 0;

    if (birth == SYNTH_NO_DAY)
        return 0;
    minority = (struct interval){birth, day_anniversary(birth, 18)};
    if (!interval_holds(minority, as_of))
        return 0;
    for (int c = 0; c < SYNTH_CATEGORY_COUNT; c++) {
        struct synth_verdict v = {(enum synth_category)c, SYNTH_NO, minority};
        v.status = synth_truth_on(f, child, v.category, as_of);
        if (v.status == SYNTH_NO)
            continue;
        if (turns.count < 0)
            find_turns(f, minority, &turns);
        v.during = stretch(f, child, &v, &turns, minority, as_of);
        ret[n++] = v;
    }
    return n;
}
