/* The nightly job: whatever falls due by a day, caught up, each once. */
#ifndef HUMIAO_SCREENING_TICK_H
#define HUMIAO_SCREENING_TICK_H

#include "base/progress.h"
#include "screening/verdict.h"

struct tick_totals {
    uint64_t children; /* looked at */
    uint64_t changes;  /* told */
};

/* Brings the deployment to that day, in transactions of at most 64 children; when it is stopped, the
 * next run carries on, and `ret` says how much is safe. A day before the last tick has nothing due.
 * `tell` may be NULL; it is called before the commit of its transaction. */
int tick_run(struct deployment *d, const struct edition *edition, day date,
             struct progress *progress,
             void (*tell)(void *context, const struct verdict_change *change), void *context,
             struct tick_totals *ret, struct error *e);

#endif
