#include "care/forget.h"

#include "care/alert_inside.h"
#include "care/clock.h"
#include "care/review.h"
#include "notify/outbox.h"
#include "people/erase.h"
#include "store/sql_care.h"

#define ERASED "erased" /* an event of no table: nobody decided it */

/* The clock stands still, unseen notices are taken back, and the history tells that it was erased. */
static int end_object(struct care *c, const char *workflow, int64_t id, int64_t child,
                      struct slice from, struct slice to, struct error *e)
{
    int rc = clock_set(c, workflow, id, child, to, 0, 0, e);

    if (rc == 0)
        rc = outbox_recall(c->d, workflow, id, c->now, e);
    return rc < 0
               ? rc
               : care_record_step(c, workflow, id, child, ERASED, from, to, NULL, SLICE_NONE, 0, e);
}

static int end_visits(struct care *c, int64_t child, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_care_visits_open row;
    int rc = sql_care_visits_open(c->d->store, child, &rows, e);

    while (rc >= 0 && (rc = sql_care_visits_open_next(&rows, &row, e)) > 0) {
        struct slice from = arena_copy(c->arena, row.state);
        rc = sql_care_visit_drop(c->d->store, row.id, c->now, e);
        if (rc == 0)
            rc = end_object(c, "visit", row.id, child, from, SLICE_LITERAL("cancelled"), e);
        if (rc == 0 && row.owner_id.set)
            rc = step_unassign(c, child, row.owner_id.v, e);
    }
    return rc < 0 ? rc : 0;
}

static int end_alert(struct care *c, int64_t child, struct error *e)
{
    struct alert a;
    bool found;
    int rc = alert_thread(c->d, child, c->arena, &found, &a, e);

    if (rc < 0 || !found)
        return rc;
    struct slice from = a.state;
    int64_t owner = a.owner_id;
    a.state = SLICE_LITERAL("closed");
    a.owner_id = a.due_at = a.visit_id = 0;
    a.closed_at = c->now;
    rc = alert_write(c, &a, e);
    if (rc == 0)
        rc = end_object(c, ALERT_WORKFLOW, a.id, child, from, a.state, e);
    return rc < 0 || owner == 0 ? rc : step_unassign(c, child, owner, e);
}

static int forget(struct deployment *d, int64_t person, struct arena *arena, struct error *e)
{
    struct care c;
    int64_t now = instant_now();
    int rc = care_begin(&c, d, NULL, arena, now, day_of_instant(now), e);

    if (rc == 0)
        rc = end_visits(&c, person, e);
    if (rc == 0)
        rc = end_alert(&c, person, e);
    return rc < 0 ? rc : review_put(&c, person, NULL, 0, e);
}

int care_person_erase(struct deployment *d, int64_t person_id, struct error *e)
{
    ARENA_AUTO(arena);
    int rc = store_bulk_begin(d->store, e);

    if (rc < 0)
        return rc;
    rc = forget(d, person_id, &arena, e);
    if (rc == 0)
        rc = person_erase_within(d, person_id, e);
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}
