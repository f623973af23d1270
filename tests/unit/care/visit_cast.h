/* Who plays in the tests of visits: one town with its people, and care that is given at a moment. */
#ifndef HUMIAO_TESTS_VISIT_CAST_H
#define HUMIAO_TESTS_VISIT_CAST_H

#include "people/cast.h"

#include "care/alert.h"
#include "care/clock.h"
#include "care/tables.h"
#include "care/visit.h"

#define VILLAGE INT64_C(999901001001)
#define NEIGHBOUR INT64_C(999901001002)
#define TOWN INT64_C(999901001000)
#define COUNTY INT64_C(999901000000)
#define MINUTES INT64_C(60000000)
#define HOURS (60 * MINUTES)

struct visit_cast {
    struct scene *s;
    const struct care_tables *tables;
    struct account director, neighbour, supervisor, station, centre;
    struct care c; /* of the transaction that runs */
};

/* Skips the test when its engine is not there. */
struct visit_cast *visit_cast_of(void **state);

/* A transaction of care at that moment; visit_cast_end commits it, or undoes it where rc is negative, and
 * gives rc. */
void visit_cast_begin(struct visit_cast *t, int64_t now);
int visit_cast_end(struct visit_cast *t, int rc);

#define CARE(t, now, call) (visit_cast_begin(t, now), visit_cast_end(t, call))

/* A routine visit, planned at that moment for its day. */
int64_t visit_cast_plan(struct visit_cast *t, int64_t child, int64_t owner, int64_t now);

/* An alert of "orphan" (high), "destitute" (medium) or "low_income" (low), which its owner has accepted. */
struct alert visit_cast_alert(struct visit_cast *t, int64_t child, const char *category,
                              int64_t now);

struct visit visit_cast_get(struct visit_cast *t, int64_t visit);

/* One event; `at` 0: now. */
int visit_cast_fire(struct visit_cast *t, int64_t visit, const struct account *actor,
                    const char *event, int64_t at, int64_t now);

/* How many rows of the history have this event. */
int64_t visit_cast_events(struct visit_cast *t, int64_t visit, const char *event);

/* Notices of that kind to the account. */
int64_t visit_cast_notices(struct visit_cast *t, int kind, int64_t account);

/* Whether the account has the task of visiting the child now. */
bool visit_cast_task(struct visit_cast *t, int64_t child, int64_t account);

/* The seed of a random test, which it prints; HUMIAO_TEST_SEED instead. */
uint64_t visit_cast_seed(void);
uint32_t visit_cast_random(uint64_t *seed, uint32_t below);

#endif
