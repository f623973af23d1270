#include "care/clock.h"

#include "care/workflow.h"
#include "store/sql_clock.h"

int clock_set(struct care *c, const char *workflow, int64_t object_id, int64_t child_id,
              struct slice state, int step, int64_t due_at, struct error *e)
{
    int64_t id;
    int rc = sql_clock_stop(c->d->store, slice_from(workflow), object_id, c->now, e);

    if (rc < 0 || due_at == 0 || due_at == WORKFLOW_NEVER)
        return rc;
    rc = id_source_next(&c->clocks, c->d->sealer, &id, e);
    return rc < 0 ? rc
                  : sql_clock_insert(c->d->store, id, slice_from(workflow), object_id, child_id,
                                     state, step, due_at, e);
}

/* Alerts and visits are all that waits. Anything else would be damage: its clock is taken like any other, so
 * that it holds up nobody, and nothing follows. */
static int dispatch(struct care *c, const struct clock_row *row, struct error *e)
{
    if (slice_is(row->workflow, "alert"))
        return alert_due(c, row, e);
    if (slice_is(row->workflow, "visit"))
        return visit_due(c, row, e);
    return 0;
}

static int fire(struct care *c, const struct clock_row *row, bool *ret_fired, struct error *e)
{
    struct sql_clock_take taken;
    bool found;
    /* One that fired before it in the same call may have stopped it. */
    int rc = sql_clock_take(c->d->store, row->id, c->now, &found, &taken, e);

    if (rc < 0 || !found)
        return rc;
    rc = dispatch(c, row, e);
    if (rc < 0)
        return rc;
    *ret_fired = true;
    return 0;
}

/* The rows are copied first: what a step writes would change them under our hands. */
static int due_rows(struct care *c, size_t limit, struct clock_row **ret, size_t *ret_count,
                    struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_clock_due row;
    struct clock_row *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_clock_due(c->d->store, c->now, (int64_t)limit, &rows, e);

    while (rc >= 0 && (rc = sql_clock_due_next(&rows, &row, e)) > 0) {
        list = arena_grow(c->arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct clock_row){.id = row.id,
                                           .object_id = row.object_id,
                                           .child_id = row.child_id,
                                           .workflow = arena_copy(c->arena, row.workflow),
                                           .state = arena_copy(c->arena, row.state),
                                           .step = (int)row.step,
                                           .due_at = row.due_at};
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

int clock_fire(struct care *c, size_t limit, size_t *ret_fired, struct error *e)
{
    struct clock_row *list;
    size_t count, fired = 0;
    int rc = due_rows(c, limit, &list, &count, e);

    for (size_t i = 0; i < count && rc == 0; i++) {
        bool done = false;
        rc = fire(c, &list[i], &done, e);
        fired += done;
    }
    if (rc < 0)
        return rc;
    *ret_fired = fired;
    return 0;
}

int clock_next(struct deployment *d, int64_t *ret, struct error *e)
{
    struct sql_clock_next row;
    bool found;
    int rc = sql_clock_next(d->store, &found, &row, e);

    if (rc == 0)
        *ret = found ? row.due_at : INT64_MAX;
    return rc;
}
