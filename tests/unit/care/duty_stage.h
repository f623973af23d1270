/* A county for the tests of who is on duty, of waves and of reviews: accounts, rosters, leave, alerts. */
#ifndef HUMIAO_TESTS_DUTY_STAGE_H
#define HUMIAO_TESTS_DUTY_STAGE_H

#include "../people/cast.h"

#include "care/alert.h"
#include "care/duty.h"
#include "care/tables.h"
#include "care/visit.h"

#define COUNTY INT64_C(999901000000)
#define TOWN INT64_C(999901001000)
#define VILLAGE INT64_C(999901001201)
#define OTHER_VILLAGE INT64_C(999901001202)
#define TODAY ((day)20780) /* 2026-11-23 */

struct stage {
    struct scene *s;
    const struct care_tables *tables;
    struct care c;
    int64_t now;
};

/* Opens the stage over the test's scene; skips the test where its engine is not there. */
struct stage stage_of(void **state);

/* A write transaction of care, on the day; committed by stage_end. */
struct care *stage_begin(struct stage *t, day today);
void stage_end(struct stage *t);

/* An account by that name; a role in a division. */
int64_t stage_account(struct stage *t, const char *name, enum role role, int64_t division);
void stage_disable(struct stage *t, int64_t account_id);

/* Each in a transaction of its own, on the day. */
int64_t stage_give(struct stage *t, int64_t division, enum role role, int64_t account_id, int rank,
                   day today);
int64_t stage_leave(struct stage *t, int64_t account_id, day from, day to, day today);

/* Who acts for a division from a step on; 0: nobody. */
int64_t stage_owner(struct stage *t, int64_t division, int step, day on);

/* An alert of a new child in the village; held, or given out at once. */
int64_t stage_alert(struct stage *t, int64_t village, int level, bool held);
struct alert stage_alert_get(struct stage *t, int64_t id);
void stage_fire(struct stage *t, int64_t alert, const char *event, int64_t actor, int64_t to);

#endif
