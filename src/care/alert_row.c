/* Alerts as rows: reading, writing, boards. */
#include "care/alert_inside.h"
#include "people/relation.h"
#include "store/sql_alert.h"
#include "store/sql_alert_cause.h"

/* The selecting statements of alert.sql have the same columns, so their rows are alike. */
#define SAME_ROW(other) \
    _Static_assert(sizeof(struct other) == sizeof(struct sql_alert_of_id), "alike in alert.sql")
SAME_ROW(sql_alert_thread);
SAME_ROW(sql_alert_board);
SAME_ROW(sql_alert_of_owner);
SAME_ROW(sql_alert_held_back);
SAME_ROW(sql_alert_closed);

static struct alert alert_of(const void *columns, struct arena *arena)
{
    struct sql_alert_of_id row;

    memcpy(&row, columns, sizeof(row));
    return (struct alert){.id = row.id,
                          .child_id = row.child_id,
                          .division = row.division,
                          .level = (int)row.level,
                          .state = arena_copy(arena, row.state),
                          .owner_id = care_instant(row.owner_id),
                          .step = (int)row.step,
                          .origin = (enum alert_origin)row.origin,
                          .opened_at = row.opened_at,
                          .changed_at = row.changed_at,
                          .due_at = care_instant(row.due_at),
                          .released_at = care_instant(row.released_at),
                          .closed_at = care_instant(row.closed_at),
                          .basis_withdrawn = row.basis_withdrawn != 0,
                          .visit_id = care_instant(row.visit_id)};
}

int alert_get(struct deployment *d, int64_t id, struct arena *arena, struct alert *ret,
              struct error *e)
{
    struct sql_alert_of_id row;
    bool found;
    int rc = sql_alert_of_id(d->store, id, &found, &row, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = alert_of(&row, arena);
    return rc;
}

int alert_thread(struct deployment *d, int64_t child_id, struct arena *arena, bool *ret_found,
                 struct alert *ret, struct error *e)
{
    struct sql_alert_thread row;
    int rc = sql_alert_thread(d->store, child_id, ret_found, &row, e);

    if (rc == 0 && *ret_found)
        *ret = alert_of(&row, arena);
    return rc;
}

int alert_write(struct care *c, struct alert *a, struct error *e)
{
    a->changed_at = c->now;
    return sql_alert_update(c->d->store, a->id, a->division, a->level, a->state,
                            care_opt(a->owner_id), a->step, a->changed_at, care_opt(a->due_at),
                            care_opt(a->released_at), a->basis_withdrawn, care_opt(a->visit_id),
                            care_opt(a->closed_at), e);
}

/* ---- boards ----------------------------------------------------------------------------------------- */

struct listing {
    struct arena *arena;
    struct alert *list;
    size_t count, capacity;
};

static void add(struct listing *l, const void *row)
{
    l->list = arena_grow(l->arena, l->list, &l->capacity, l->count + 1, sizeof(*l->list));
    l->list[l->count++] = alert_of(row, l->arena);
}

/* A range of divisions. */
struct range {
    int64_t from, until;
};

static struct range range_of(int64_t division)
{
    return division ? (struct range){division, division_last(division)}
                    : (struct range){0, INT64_MAX};
}

struct alert_place alert_place_of(const struct alert *a)
{
    return (struct alert_place){a->level, a->due_at ? a->due_at : INT64_MAX, a->id};
}

static int list_open(struct deployment *d, const struct alert_filter *f,
                     const struct alert_place *after, size_t limit, struct listing *l,
                     struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct range in = range_of(f->division);
    struct opt_int overdue = f->view == ALERTS_OVERDUE ? opt_int(f->now) : OPT_INT_NONE;
    int watched = f->view == ALERTS_WATCH, withdrawn = f->view == ALERTS_WITHDRAWN, rc;

    if (f->owner_id) {
        struct sql_alert_of_owner row;
        rc = sql_alert_of_owner(d->store, f->owner_id, in.from, in.until, f->level, overdue,
                                watched, withdrawn, after->level, after->due, after->id,
                                (int64_t)limit, &rows, e);
        while (rc >= 0 && (rc = sql_alert_of_owner_next(&rows, &row, e)) > 0)
            add(l, &row);
    } else {
        struct sql_alert_board row;
        rc = sql_alert_board(d->store, in.from, in.until, f->level, overdue, watched, withdrawn,
                             after->level, after->due, after->id, (int64_t)limit, &rows, e);
        while (rc >= 0 && (rc = sql_alert_board_next(&rows, &row, e)) > 0)
            add(l, &row);
    }
    return rc;
}

static int list_resting(struct deployment *d, const struct alert_filter *f,
                        const struct alert_place *after, size_t limit, struct listing *l,
                        struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct range in = range_of(f->division);
    struct sql_alert_held_back held;
    struct sql_alert_closed closed;
    int rc;

    if (f->view == ALERTS_HELD) {
        rc = sql_alert_held_back(d->store, in.from, in.until, f->level, after->level, after->id,
                                 (int64_t)limit, &rows, e);
        while (rc >= 0 && (rc = sql_alert_held_back_next(&rows, &held, e)) > 0)
            add(l, &held);
        return rc;
    }
    rc = sql_alert_closed(d->store, in.from, in.until, f->level, after->level, after->id,
                          (int64_t)limit, &rows, e);
    while (rc >= 0 && (rc = sql_alert_closed_next(&rows, &closed, e)) > 0)
        add(l, &closed);
    return rc;
}

int alert_list(struct deployment *d, const struct alert_filter *f, struct alert_place after,
               size_t limit, struct arena *arena, struct alert **ret, size_t *ret_count,
               struct error *e)
{
    struct listing l = {.arena = arena};
    int rc = f->view == ALERTS_HELD || f->view == ALERTS_CLOSED
                 ? list_resting(d, f, &after, limit, &l, e)
                 : list_open(d, f, &after, limit, &l, e);

    if (rc < 0)
        return rc;
    *ret = l.list;
    *ret_count = l.count;
    return 0;
}

static int64_t or_0(struct opt_int v) { return v.set ? v.v : 0; }

int alert_counts(struct deployment *d, int64_t division, int64_t now,
                 int64_t ret[ALERTS_CLOSED + 1], struct error *e)
{
    struct range in = range_of(division);
    struct sql_alert_count_open open;
    struct sql_alert_count_held held;
    struct sql_alert_count_closed closed;
    bool found;
    int rc = sql_alert_count_open(d->store, in.from, in.until, now, &found, &open, e);

    if (rc == 0)
        rc = sql_alert_count_held(d->store, in.from, in.until, &found, &held, e);
    if (rc == 0)
        rc = sql_alert_count_closed(d->store, in.from, in.until, &found, &closed, e);
    if (rc < 0)
        return rc;
    ret[0] = 0;
    ret[ALERTS_OPEN] = open.open;
    ret[ALERTS_OVERDUE] = or_0(open.overdue);
    ret[ALERTS_WATCH] = or_0(open.watched);
    ret[ALERTS_WITHDRAWN] = or_0(open.withdrawn);
    ret[ALERTS_HELD] = held.held;
    ret[ALERTS_CLOSED] = closed.closed;
    return 0;
}
