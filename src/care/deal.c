/* Dealing routine visits: whom, when, how many. */
#include "care/duty.h"
#include "care/tables.h"
#include "care/visit.h"
#include "care/visit_inside.h"
#include "store/sql_deployment.h"
#include "store/sql_visit.h"

#include <stdlib.h>

#define WEEK 7
#define AGE_OF_MAJORITY 18
#define VILLAGE_MAX 4096 /* children of one village who are looked at */
#define DEALT_MAX 4      /* villages with their turn in one transaction: others want to write too */
#define BESIDE_ELSE 2    /* routine visits beside an alert's whose level has no rule */

/* ---- whom ---- */

struct candidate {
    int64_t child_id;
    bool seen;
    day seen_day;
    uint8_t hash[SEAL_HASH_SIZE];
};

/* Whoever was never seen first, then the least lately seen, then by hash. */
static int by_turn(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;

    if (x->seen != y->seen)
        return x->seen ? 1 : -1;
    if (x->seen && x->seen_day != y->seen_day)
        return x->seen_day < y->seen_day ? -1 : 1;
    return memcmp(x->hash, y->hash, SEAL_HASH_SIZE);
}

static int hash_of(struct care *c, int64_t id, uint8_t ret[SEAL_HASH_SIZE], struct error *e)
{
    return sealer_hash(c->d->sealer, HASH_ROUND, (struct slice){(const char *)&id, sizeof(id)}, ret,
                       e);
}

/* The last day of birth of those who are 18 on the day (people/child.c has why it is not plain). */
static day grown_by(day today)
{
    day birth = day_add_months(today, -12 * AGE_OF_MAJORITY);

    while (day_anniversary(day_add_days(birth, 1), AGE_OF_MAJORITY) <= today)
        birth = day_add_days(birth, 1);
    return birth;
}

static int find_candidates(struct care *c, int64_t village, day on, struct candidate **ret,
                           size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_visit_round_of row;
    struct candidate *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_visit_round_of(c->d->store, village, grown_by(on), on,
                                day_add_days(on, -VISIT_APART), VILLAGE_MAX, &rows, e);

    while (rc >= 0 && (rc = sql_visit_round_of_next(&rows, &row, e)) > 0) {
        list = arena_grow(c->arena, list, &capacity, count + 1, sizeof(*list));
        list[count] = (struct candidate){.child_id = row.id,
                                         .seen = row.seen_day.set,
                                         .seen_day = row.seen_day.set ? (day)row.seen_day.v : 0};
        rc = hash_of(c, row.id, list[count++].hash, e);
    }
    if (rc < 0)
        return rc;
    if (count > 0)
        qsort(list, count, sizeof(*list), by_turn);
    *ret = list;
    *ret_count = count;
    return 0;
}

/* ---- how many, and when ---- */

/* The days of one village's week. */
struct week {
    day from, to;
    int beside[WEEK];               /* how many routine visits the day's alert visits ask for */
    int routine[WEEK];              /* how many there are */
    enum visit_escort escort[WEEK]; /* how the day's alert visits go; 0: none */
};

static int read_week(struct care *c, int64_t village, struct week *w, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_visit_week row;
    int rc = sql_visit_week(c->d->store, village, w->from, w->to, &rows, e);

    while (rc >= 0 && (rc = sql_visit_week_next(&rows, &row, e)) > 0) {
        const struct level_rule *rule = care_level(c->tables, (int)row.level);
        size_t at = (size_t)(row.planned_day - w->from);
        if (!row.of_alert) {
            w->routine[at]++;
            continue;
        }
        w->beside[at] += rule ? rule->routine_per_alert : BESIDE_ELSE;
        if ((enum visit_escort)row.escort > w->escort[at])
            w->escort[at] = (enum visit_escort)row.escort;
    }
    return rc < 0 ? rc : 0;
}

/* Adds the steady round: where alerts' visits are, else on a day of this village and week alone. */
static int add_steady(struct care *c, int64_t village, struct week *w, struct error *e)
{
    uint8_t hash[SEAL_HASH_SIZE];
    int days = w->to - w->from + 1, have = 0, busiest = 0;
    int rc = hash_of(c, village ^ (int64_t)w->from << 40, hash, e);

    for (int i = 0; i < days; i++) {
        have += w->routine[i] > w->beside[i] ? w->routine[i] : w->beside[i];
        busiest = w->beside[i] > w->beside[busiest] ? i : busiest;
    }
    for (int k = 0; have < VISIT_ROUND && rc == 0; k++, have++) {
        int at = w->beside[busiest] ? busiest : hash[k % SEAL_HASH_SIZE] % days;
        w->beside[at] = (w->beside[at] > w->routine[at] ? w->beside[at] : w->routine[at]) + 1;
    }
    return rc;
}

/* Two who come to one door, and one to all others, would say which door it was. But nobody comes with the police
 * who needs none. */
static enum visit_escort escort_on(const struct care *c, const struct week *w, int at)
{
    const struct level_rule *rule = care_level(c->tables, LEVEL_LOW);

    if (w->escort[at])
        return w->escort[at] > ESCORT_PAIR ? ESCORT_PAIR : w->escort[at];
    return rule ? (enum visit_escort)rule->escort : ESCORT_PAIR;
}

/* Makes up what each day lacks, as far as there are children. */
static int fill(struct care *c, int64_t village, int64_t owner, const struct week *w,
                struct error *e)
{
    struct candidate *list = NULL;
    size_t count = 0, next = 0;
    bool found = false;
    int rc = 0;

    for (int i = 0; i <= w->to - w->from && rc == 0; i++)
        for (int k = w->routine[i]; k < w->beside[i] && rc == 0; k++) {
            int64_t visit;
            if (!found)
                rc = find_candidates(c, village, w->from, &list, &count, e);
            found = true;
            if (rc < 0 || next == count)
                return rc;
            rc = visit_plan_routine(c, list[next++].child_id, owner, w->from + i,
                                    escort_on(c, w, i), &visit, e);
        }
    return rc;
}

int deal_village(struct care *c, int64_t village, day from, day to, bool steady, struct error *e)
{
    struct error nobody = {.language = e ? e->language : LANGUAGE_ZH};
    struct week w = {.from = from, .to = to};
    int64_t owner;
    int step;
    int rc = duty_owner(c->d, village, 0, c->today, &owner, &step, &nobody);

    if (rc == -ERR_REFERENCE)
        return 0;
    if (rc < 0) {
        if (e)
            *e = nobody;
        return rc;
    }
    rc = read_week(c, village, &w, e);
    if (rc == 0 && steady && step == 0) /* a vacant post's rounds would drown whoever stands in */
        rc = add_steady(c, village, &w, e);
    return rc < 0 ? rc : fill(c, village, owner, &w, e);
}

/* ---- the round of a day ---- */

/* Each village has its day of the week. */
static int has_turn(struct care *c, int64_t village, day on, bool *ret, struct error *e)
{
    uint8_t hash[SEAL_HASH_SIZE];
    int rc = hash_of(c, village, hash, e);

    *ret = rc == 0 && (hash[0] | hash[1] << 8) % WEEK == (on % WEEK + WEEK) % WEEK;
    return rc;
}

/* Routine visits to children who live there no more: where they live now they have their turn. */
static int call_off_moved(struct care *c, int64_t village, struct error *e)
{
    const struct care_step off = {.event = "call_off", .planned = DAY_BEGINNING};
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_visit_of_moved row;
    int64_t *ids = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_visit_of_moved(c->d->store, village, &rows, e);

    while (rc >= 0 && (rc = sql_visit_of_moved_next(&rows, &row, e)) > 0) {
        ids = arena_grow(c->arena, ids, &capacity, count + 1, sizeof(*ids));
        ids[count++] = row.id;
    }
    for (size_t i = 0; i < count && rc >= 0; i++)
        rc = visit_fire(c, ids[i], &off, e);
    return rc < 0 ? rc : 0;
}

/* The next village behind `*at` on that day; false when there is none. `dealt` counts those that had their
 * turn. */
static int walk(struct care *c, day on, int64_t *at, bool *ret_found, size_t *dealt,
                struct error *e)
{
    struct sql_visit_village_after row;
    day last = day_add_days(on, WEEK - 1), first = on > c->today ? on : c->today;
    bool turn;
    int rc = sql_visit_village_after(c->d->store, *at, ret_found, &row, e);

    if (rc < 0 || !*ret_found)
        return rc;
    *at = row.residence;
    rc = has_turn(c, *at, on, &turn, e);
    if (rc < 0 || !turn || last < first)
        return rc;
    ++*dealt;
    rc = call_off_moved(c, *at, e);
    return rc < 0 ? rc : deal_village(c, *at, first, last, true, e);
}

int visit_deal(struct care *c, day until, size_t limit, size_t *ret_villages, struct error *e)
{
    struct sql_deployment_round round;
    bool found;
    int rc = sql_deployment_round(c->d->store, &found, &round, e);

    if (rc < 0)
        return rc;
    day least = day_add_days(until, -WEEK);
    day last = found && round.last_round.set ? (day)round.last_round.v : least;
    int64_t at = found && round.round_at.set ? round.round_at.v : 0;
    size_t villages = 0, dealt = 0;

    if (last < least) { /* longer ago than a week: each village's turn comes within these days */
        last = least;
        at = 0;
    }
    if (last >= until) {
        *ret_villages = 0;
        return 0;
    }
    while (last < until && villages < limit && dealt < DEALT_MAX && rc == 0) {
        rc = walk(c, last + 1, &at, &found, &dealt, e);
        villages += rc == 0 && found;
        if (rc == 0 && !found) {
            last++;
            at = 0;
        }
    }
    if (rc == 0)
        rc = sql_deployment_round_set(c->d->store, opt_int(last), at ? opt_int(at) : OPT_INT_NONE,
                                      e);
    if (rc == 0)
        *ret_villages = villages;
    return rc;
}
