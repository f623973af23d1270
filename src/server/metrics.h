/* Figures for Prometheus. Labels are words of fixed tables (operations, status classes, reasons of the
 * guard): nothing that a client sends becomes one. */
#ifndef HUMIAO_SERVER_METRICS_H
#define HUMIAO_SERVER_METRICS_H

#include "base/arena.h"
#include "base/error.h"
#include "server/guard.h"

#include <stdbool.h>
#include <stdint.h>

struct metrics;
struct route;

/* How each feed fares. */
struct metrics_feed {
    const char *name;
    int64_t heard_age; /* seconds */
    bool silent;
};

#define METRICS_STATES 8 /* more than there are in delivery_states.def */

/* What is not counted here but read when somebody asks. */
struct metrics_seen {
    uint64_t transactions, jobs; /* of the writer */
    uint64_t refusals[GUARD_REFUSAL_COUNT];
    int64_t connections, pages, running; /* at this moment */
    int64_t audit_rows;                  /* -1: not known */
    int64_t heads_age;                   /* seconds since heads were published; -1: never */
    int64_t deliveries[METRICS_STATES];  /* by state */
    int64_t rows;                        /* of deliveries, taken in */
    const struct metrics_feed *feeds;
    size_t feed_count;
    bool ready;
};

int metrics_new(struct metrics **ret, struct error *e);
struct metrics *metrics_free(struct metrics *m); /* takes NULL, returns NULL */

/* An answered request, from any thread. NULL: no route was found. */
void metrics_request(struct metrics *m, const struct route *route, int status,
                     int64_t microseconds);

struct slice metrics_text(struct metrics *m, const struct metrics_seen *seen, struct arena *arena);

#endif
