/* Deadlines as rows: each object of a workflow has one clock that runs at most. A clock that has run out moves
 * the object one step up (owner, supervisor, station, centre) and starts the next; at the top it runs anew.
 * After downtime each missed step is taken, once, in order. */
#ifndef HUMIAO_CARE_CLOCK_H
#define HUMIAO_CARE_CLOCK_H

#include "care/care.h"

/* Stops the running one of the object, and starts another unless due_at is 0. */
int clock_set(struct care *c, const char *workflow, int64_t object_id, int64_t child_id,
              struct slice state, int step, int64_t due_at, struct error *e);

/* Fires what is due by c->now, at most `limit` objects, earliest first; `ret_fired` says how many. To be called
 * again until it is 0. Each is dispatched to its workflow's file (alert_due, visit_due). */
int clock_fire(struct care *c, size_t limit, size_t *ret_fired, struct error *e);

/* The next due instant of all; INT64_MAX: none. Reads only. */
int clock_next(struct deployment *d, int64_t *ret, struct error *e);

struct clock_row {
    int64_t id, object_id, child_id;
    struct slice workflow, state;
    int step;
    int64_t due_at;
};
/* Each workflow's own answer to a clock that ran out: escalation, repeat visit, no check-in. */
int alert_due(struct care *c, const struct clock_row *row, struct error *e);
int visit_due(struct care *c, const struct clock_row *row, struct error *e);

#endif
