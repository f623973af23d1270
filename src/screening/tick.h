/* The nightly job: whatever falls due by a day, caught up, each once. */
#ifndef HUMIAO_SCREENING_TICK_H
#define HUMIAO_SCREENING_TICK_H

#include "base/progress.h"
#include "screening/verdict.h"

struct tick_totals {
    uint64_t children; /* looked at */
    uint64_t changes;  /* told */
};

/* What becomes of alerts that a tick raises. */
enum tick_alerts {
    TICK_ALERTS_BY_RULE, /* held back where nothing has happened to the child: at the first tick, which
                          * tells what holds, and where another edition of the policies alone says so */
    TICK_ALERTS_HELD,    /* all are held back, until a wave releases them (care/wave.h) */
    TICK_ALERTS_RAISED /* none is */
};

struct tick_order {
    const struct edition *edition;
    const struct care_tables *tables; /* NULL: verdicts alone, no care */
    enum tick_alerts alerts;
    day date;
    struct progress *progress; /* may be NULL */
    /* May be NULL; called before the commit of its transaction. */
    void (*tell)(void *context, const struct verdict_change *change);
    void *context;
};

/* The instant at which care acts on that day: now, or the present hour of another day. */
int64_t tick_instant(day date);

/* Brings the deployment to that day, in transactions of at most 64 children; when it is stopped, the
 * next run carries on, and `ret` says how much is safe. A day before the last tick has nothing due. */
int tick_run(struct deployment *d, const struct tick_order *order, struct tick_totals *ret,
             struct error *e);

#endif
