#include "screening/tick.h"

#include "access/audit.h"
#include "screening/verdict_text.h"
#include "store/sql_deployment.h"
#include "store/sql_person.h"
#include "store/sql_verdict.h"

#include <stdio.h>

#define STEP 64

struct tick {
    struct verdict_work work;
    const struct care_tables *tables; /* NULL: no care */
    bool baseline;
};

int64_t tick_instant(day date)
{
    int64_t now = instant_now();

    return now + ((int64_t)date - day_of_instant(now)) * INT64_C(86400000000);
}

static int judge(struct tick *t, const int64_t *children, size_t count, struct error *e)
{
    ARENA_AUTO(arena);
    struct verdict_work *w = &t->work;
    struct care care;
    int rc = verdict_begin(w, e);

    if (rc == 0 && t->tables) {
        rc = care_begin(&care, w->d, t->tables, &arena, tick_instant(w->clock), w->clock, e);
        care.baseline = t->baseline;
        care.edition = SLICE_OF(w->edition->hash);
        w->care = &care;
    }
    if (rc == 0)
        rc = verdict_children(w, children, count, e);
    w->care = NULL;
    return rc;
}

/* One transaction: these children, up to the clock. */
static int bring_forward(struct tick *t, const int64_t *children, size_t count, struct error *e)
{
    struct verdict_work *w = &t->work;
    uint64_t told = w->told;
    int rc = store_begin(w->d->store, e);

    if (rc == 0)
        rc = judge(t, children, count, e);
    if (rc == 0)
        rc = store_commit(w->d->store, e);
    if (rc < 0) {
        store_rollback(w->d->store);
        w->told = told;
    }
    return rc;
}

/* Children whose next boundary has come. Each one's due day moves on, so the list ends. */
static int due_children(struct tick *t, struct tick_totals *totals, struct error *e)
{
    struct verdict_work *w = &t->work;

    for (;;) {
        STORE_ROWS_AUTO struct store_rows rows = {0};
        struct sql_person_due row;
        int64_t ids[STEP];
        size_t count = 0;
        int rc = sql_person_due(w->d->store, w->clock, STEP, &rows, e);
        while (rc >= 0 && (rc = sql_person_due_next(&rows, &row, e)) > 0)
            ids[count++] = row.id;
        if (rc < 0 || count == 0)
            return rc;
        if ((rc = bring_forward(t, ids, count, e)) < 0)
            return rc;
        totals->children += count;
    }
}

/* Every child is evaluated from arrays in memory; only those whose verdict is not the kept one are
 * taken through a transaction. */
struct full_pass {
    struct verdict_work *w;
    struct population population;
    struct slice *kept; /* per person: the text of the kept verdict; NONE: there is none */
};

/* A verdict that was never told, or is of another edition, equals none: it goes through the
 * transaction. */
static int read_kept_verdicts(struct full_pass *pass, struct arena *arena, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_verdict_scan row;
    struct deployment *d = pass->w->d;
    int rc = sql_verdict_scan(d->store, &rows, e);

    pass->kept = ARENA_ARRAY(arena, pass->population.person_count, struct slice);
    while (rc >= 0 && (rc = sql_verdict_scan_next(&rows, &row, e)) > 0) {
        uint32_t index = population_find(&pass->population, row.child_id);
        if (index == POPULATION_NOBODY)
            continue;
        if (!row.seen_day.set || !slice_equal(row.edition, SLICE_OF(pass->w->edition->hash)))
            pass->kept[index] = SLICE_LITERAL("?");
        else if ((rc = verdict_open(d->sealer, row.child_id, row.salt, row.sealed, arena,
                                    &pass->kept[index], e)) < 0)
            return rc;
    }
    return rc;
}

/* Whether what the policies say now is not what is kept. */
static bool differs(struct full_pass *pass, uint32_t child, struct arena *scratch,
                    struct policy_timeline *timelines)
{
    const struct policy_set *set = pass->w->edition->set;
    struct family family;

    population_family(&pass->population, child, scratch, &family);
    policy_evaluate(set, &family.policy, scratch, timelines);
    struct slice now = verdict_text(set, timelines, scratch);
    return !slice_equal(now, pass->kept[child].p ? pass->kept[child] : SLICE_LITERAL(""));
}

static int all_children(struct tick *t, struct progress *progress, struct tick_totals *totals,
                        struct error *e)
{
    ARENA_AUTO(arena);
    ARENA_AUTO(scratch);
    struct verdict_work *w = &t->work;
    struct full_pass pass = {.w = w};
    struct policy_timeline *timelines = ARENA_ARRAY(&arena, w->edition->category_count,
                                                    struct policy_timeline);
    int64_t ids[STEP];
    size_t count = 0;
    int rc = population_read_all(w->d, &arena, &pass.population, e);

    if (rc == 0)
        rc = read_kept_verdicts(&pass, &arena, e);
    for (size_t i = 0; i < pass.population.person_count && rc >= 0; i++) {
        const struct population_person *p = &pass.population.persons[i];
        if (p->birth == DAY_BEGINNING ||
            (w->clock >= day_anniversary(p->birth, 18) && !pass.kept[i].p))
            continue;
        arena_reset(&scratch);
        totals->children++;
        if (differs(&pass, (uint32_t)i, &scratch, timelines))
            ids[count++] = p->id;
        if (count == STEP) {
            rc = bring_forward(t, ids, count, e);
            count = 0;
        }
        if (progress)
            progress_show(progress, i, pass.population.person_count);
    }
    if (rc >= 0 && count > 0)
        rc = bring_forward(t, ids, count, e);
    return rc;
}

static int must_see_all(struct verdict_work *w, const struct sql_deployment_get *deployment,
                        bool *ret, struct error *e)
{
    struct slice hash = SLICE_OF(w->edition->hash);
    struct sql_verdict_other_edition row;
    struct sql_deployment_edition last;
    bool told;
    int rc = sql_deployment_edition(w->d->store, &told, &last, e);

    if (rc < 0)
        return rc;
    w->other_law = told && !slice_equal(last.last_edition, hash);
    *ret = deployment->screen_all != 0 || w->other_law;
    return *ret ? 0 : sql_verdict_other_edition(w->d->store, hash, ret, &row, e);
}

/* `loads` is what screen_all was when the tick began: a load in between must be seen by the next one. */
static int move_clock(struct verdict_work *w, int64_t loads, const struct tick_totals *totals,
                      struct error *e)
{
    char on[DAY_TEXT], detail[96];
    const struct audit_entry entry = {.event = AUDIT_CLOCK_TICKED, .detail = detail};
    struct deployment *d = w->d;
    int rc = store_begin(d->store, e);

    snprintf(detail, sizeof(detail), "%s children %llu changes %llu", day_format(w->clock, on),
             (unsigned long long)totals->children, (unsigned long long)totals->changes);
    if (rc == 0)
        rc = sql_deployment_ticked(d->store, w->clock, loads, SLICE_OF(w->edition->hash), e);
    if (rc == 0)
        rc = audit_append(d, &entry, e);
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}

int tick_run(struct deployment *d, const struct tick_order *order, struct tick_totals *ret,
             struct error *e)
{
    struct tick t = {.work = {.d = d,
                              .edition = order->edition,
                              .ticked = true,
                              .clock = order->date,
                              .moves_clock = true,
                              .ticked_before = DAY_BEGINNING,
                              .learns_law = order->alerts == TICK_ALERTS_BY_RULE,
                              .tell = order->tell,
                              .context = order->context},
                     .tables = order->tables};
    struct verdict_work *w = &t.work;
    struct sql_deployment_get deployment;
    struct tick_totals totals = {0};
    bool found, all = false;
    int rc = sql_deployment_get(d->store, &found, &deployment, e);

    if (rc < 0)
        return rc;
    if (deployment.last_tick.set)
        w->ticked_before = (day)deployment.last_tick.v;
    if (w->ticked_before > w->clock)
        w->clock = w->ticked_before; /* the past has been told */
    t.baseline = order->alerts == TICK_ALERTS_HELD ||
                 (order->alerts == TICK_ALERTS_BY_RULE && !deployment.last_tick.set);
    rc = must_see_all(w, &deployment, &all, e);
    if (rc == 0 && all)
        rc = all_children(&t, order->progress, &totals, e);
    if (rc >= 0)
        rc = due_children(&t, &totals, e);
    totals.changes = w->told;
    if (rc >= 0)
        rc = move_clock(w, deployment.screen_all, &totals, e);
    *ret = totals;
    return rc < 0 ? rc : 0;
}
