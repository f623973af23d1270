#include "screening/daily.h"

#include "access/audit.h"
#include "care/alert.h"
#include "care/clock.h"
#include "care/duty.h"
#include "care/visit.h"
#include "care/wave.h"
#include "store/sql_deployment.h"

#include <stdio.h>

#define STEP 50 /* objects a transaction: nobody else waits longer than for those */

/* One transaction of care; `ret_done` 0: there is no more. */
typedef int daily_step(struct care *c, day from, size_t *ret_done, struct error *e);

static int one_step(const struct daily_work *w, day from, daily_step *step, size_t *ret_done,
                    struct error *e)
{
    ARENA_AUTO(arena);
    struct care c;
    int rc = store_begin(w->d->store, e);

    if (rc == 0)
        rc = care_begin(&c, w->d, w->tables, &arena, w->now, w->date, e);
    if (rc == 0)
        rc = step(&c, from, ret_done, e);
    if (rc == 0)
        rc = store_commit(w->d->store, e);
    if (rc < 0)
        store_rollback(w->d->store);
    return rc;
}

static int all_steps(const struct daily_work *w, day from, daily_step *step, uint64_t *total,
                     struct error *e)
{
    size_t done = 1;
    int rc = 0;

    while (rc == 0 && done > 0) {
        done = 0;
        rc = one_step(w, from, step, &done, e);
        *total += rc == 0 ? done : 0;
    }
    return rc;
}

/* ---- the steps -------------------------------------------------------------------------------- */

static int roll(struct care *c, day from, size_t *ret_done, struct error *e)
{
    return duty_roll_some(c, from, c->today, STEP, ret_done, e);
}

static int remind(struct care *c, day from, size_t *ret_done, struct error *e)
{
    *ret_done = 0;
    return alert_remind(c, from, c->today, e);
}

static int release(struct care *c, day from, size_t *ret_done, struct error *e)
{
    (void)from;
    return wave_release(c, c->today, STEP, ret_done, e);
}

static int deal(struct care *c, day from, size_t *ret_done, struct error *e)
{
    (void)from;
    return visit_deal(c, c->today, STEP, ret_done, e);
}

static int fire(struct care *c, day from, size_t *ret_done, struct error *e)
{
    (void)from;
    int rc = clock_fire(c, STEP, ret_done, e);
    if (rc < 0 || *ret_done == 0)
        return rc;
    char detail[32];
    snprintf(detail, sizeof(detail), "%zu", *ret_done);
    return audit_append(c->d,
                        &(struct audit_entry){.event = AUDIT_DEADLINES_FIRED, .detail = detail}, e);
}

/* Alerts whose child has moved, and those that nobody had been found for. */
static int settle(const struct daily_work *w, struct error *e)
{
    int64_t after = 0;
    bool more = true;
    int rc = 0;

    while (rc == 0 && more) {
        ARENA_AUTO(arena);
        struct care c;
        rc = store_begin(w->d->store, e);
        if (rc == 0)
            rc = care_begin(&c, w->d, w->tables, &arena, w->now, w->date, e);
        if (rc == 0)
            rc = alert_settle(&c, &after, STEP, &more, e);
        if (rc == 0)
            rc = store_commit(w->d->store, e);
        if (rc < 0)
            store_rollback(w->d->store);
    }
    return rc;
}

int daily_deadlines(struct deployment *d, const struct care_tables *tables, int64_t now,
                    uint64_t *ret_fired, struct error *e)
{
    struct daily_work w = {.d = d, .tables = tables, .date = day_of_instant(now), .now = now};
    int64_t next;
    int rc = clock_next(d, &next, e);

    *ret_fired = 0;
    if (rc < 0 || next >= now)
        return rc;
    return all_steps(&w, w.date, fire, ret_fired, e);
}

int daily_run(const struct daily_work *w, struct daily_totals *ret, struct error *e)
{
    struct sql_deployment_get deployment;
    uint64_t moved = 0;
    bool found;
    int rc = sql_deployment_get(w->d->store, &found, &deployment, e);

    *ret = (struct daily_totals){0};
    if (rc < 0)
        return rc;
    day from = deployment.last_tick.set ? (day)deployment.last_tick.v : w->date;
    const struct tick_order order = {.edition = w->edition,
                                     .tables = w->tables,
                                     .alerts = w->alerts,
                                     .date = w->date,
                                     .progress = w->progress,
                                     .tell = w->tell,
                                     .context = w->context};
    /* Before the clock moves, by which the next run would know that it has been done. */
    rc = all_steps(w, from, roll, &moved, e);
    if (rc == 0)
        rc = all_steps(w, from, remind, &moved, e);
    if (rc == 0)
        rc = tick_run(w->d, &order, &ret->tick, e);
    if (rc == 0)
        rc = settle(w, e);
    if (rc == 0)
        rc = all_steps(w, from, release, &ret->released, e);
    if (rc == 0)
        rc = all_steps(w, from, deal, &ret->dealt, e);
    if (rc == 0)
        rc = all_steps(w, from, fire, &ret->fired, e);
    return rc;
}
