/* What the tests of alerts share: telling changes of verdicts, firing events, and looking at what came of it. */
#ifndef HUMIAO_TESTS_ALERT_STAGE_H
#define HUMIAO_TESTS_ALERT_STAGE_H

#include "visit_cast.h"

#include "care/alert_inside.h"
#include "notify/outbox.h"

#define NOW CAST_NOW
#define DAYS CAST_DAY

/* "+orphan -low_income" and what holds after it, by blanks. */
int alert_stage_follow(struct visit_cast *t, int64_t child, const char *told, const char *holding,
                       bool baseline, int64_t now);
/* Whether the child has an open one. */
bool alert_stage_thread(struct visit_cast *t, int64_t child, struct alert *ret);
/* The open one of the child, which there is. */
struct alert alert_stage_open_alert(struct visit_cast *t, int64_t child);
struct alert alert_stage_get(struct visit_cast *t, int64_t id);
/* One event; the error is the caller's to look at. */
int alert_stage_fire(struct visit_cast *t, int64_t alert, const struct account *actor,
                     const char *event, const char *reason, int64_t now);
/* "orphan low_income! …": each cause, withdrawn ones with a mark. */
const char *alert_stage_causes(struct visit_cast *t, int64_t alert);
/* Names by blanks. */
const char *alert_stage_needs(struct visit_cast *t, int64_t alert);
/* Open to that account: names by blanks. */
const char *alert_stage_events(struct visit_cast *t, int64_t alert, const struct account *account);
/* One number by SQL, which ends where the id is wanted. */
int64_t alert_stage_count_of(struct visit_cast *t, const char *sql, int64_t id);
/* Clocks of the object that run. */
int64_t alert_stage_clocks(struct visit_cast *t, int64_t object);

#define STATE(a, name) assert_true(slice_is((a).state, name))

#endif
