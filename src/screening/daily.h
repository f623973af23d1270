/* What a day brings, in its order: the verdicts that change on it (tick.h), then what care owes: work that
 * moves because somebody's leave begins or ends, held alerts that a wave releases, the round of routine visits, and
 * deadlines that were missed. Days that nobody was there for are caught up, each once.
 *
 * All of it in short transactions over the deployment's own connection, so that it can run beside a server
 * (decision 012); stopped anywhere, the next run carries on. */
#ifndef HUMIAO_SCREENING_DAILY_H
#define HUMIAO_SCREENING_DAILY_H

#include "care/tables.h"
#include "screening/tick.h"

struct daily_totals {
    struct tick_totals tick;
    uint64_t released; /* held alerts */
    uint64_t dealt;    /* villages that had their round */
    uint64_t fired;    /* deadlines */
};

struct daily_work {
    struct deployment *d;
    const struct edition *edition;
    const struct care_tables *tables;
    day date;
    int64_t now;               /* instant on that day: deadlines before it are missed */
    enum tick_alerts alerts;   /* what becomes of those that arise */
    struct progress *progress; /* may be NULL */
    void (*tell)(void *context, const struct verdict_change *change); /* may be NULL; see tick.h */
    void *context;
};

int daily_run(const struct daily_work *w, struct daily_totals *ret, struct error *e);

/* Deadlines alone: for a server, between two days. Costs one look where none is due. */
int daily_deadlines(struct deployment *d, const struct care_tables *tables, int64_t now,
                    uint64_t *ret_fired, struct error *e);

#endif
