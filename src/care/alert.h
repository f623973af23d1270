/* Alerts: a change of verdict becomes "visit this child". One open thread a child.
 *
 * A category that begins to hold raises an alert, or joins the one that is open; its level is the most
 * urgent of its causes, its likely needs are theirs (policies/alerts.table). A cause whose category holds no
 * longer is withdrawn; when none is left, an alert that nobody has accepted is recalled, and any other is
 * marked "basis withdrawn" for the supervisor to decide. `review` raises no alert (contracts.md): it is kept as
 * a row of the supervisor's work list (review.h).
 *
 * PR-06 binds whoever writes an alert out: which child, level, due, escort; never why. */
#ifndef HUMIAO_CARE_ALERT_H
#define HUMIAO_CARE_ALERT_H

#include "care/care.h"

enum alert_origin { ALERT_OF_RECORD = 1, ALERT_OF_BOUNDARY, ALERT_OF_BASELINE, ALERT_BY_HAND };

struct alert {
    int64_t id, child_id, division;
    int level; /* levels.def */
    struct slice state;
    int64_t owner_id; /* 0: nobody */
    int step;
    enum alert_origin origin;
    int64_t opened_at, changed_at, due_at, released_at, closed_at; /* instants; 0: not */
    bool basis_withdrawn;
    int64_t visit_id; /* 0: none */
};

/* One change of one category of one child, as screening tells it. */
struct alert_change {
    const char *category;
    bool held, holds; /* before, after */
    day on_day;
};

/* All changes that one transaction brings to one child, with what holds after them. Raises, joins, withdraws or
 * recalls as told above. `holding` names the categories that hold on the day, `count` of them. */
int alert_follow(struct care *c, int64_t child_id, const struct alert_change *changes,
                 size_t change_count, const char *const *holding, size_t holding_count,
                 enum alert_origin origin, struct error *e);

/* A person has heard something that no record says: raises an alert of that level, or joins the open one, which
 * becomes as urgent at least, and is held back no longer. What a person stands behind is never recalled: when
 * its records are withdrawn it stays. The caller has checked that it is a child, and that the actor may see it.
 *
 * ERR_FORBIDDEN: only supervisors, stations and centres, of where the child lives. ERR_VALUE: no such level or
 * need, no reason. ERR_NOT_FOUND: not of the register. */
int alert_raise_by_hand(struct care *c, int64_t child_id, int level, const struct slice *needs,
                        size_t need_count, struct slice reason, const struct account *actor,
                        int64_t *ret_id, struct error *e);

/* One event by a person (or, with no actor, by the system). ERR_FORBIDDEN, ERR_WRONG_STATE (says which events
 * are open), ERR_NOT_FOUND. Accepting plans the visit; see visit.h for what its outcome does here. */
int alert_fire(struct care *c, int64_t alert_id, const struct care_step *step, struct error *e);

/* A visit of the alert was recorded by the actor (its row is closed): the outcome (visit.h) moves the alert.
 * Refused becomes a watch at once; nobody home is visited again. Nothing happens to an alert that has ended
 * meanwhile. */
int alert_visited(struct care *c, int64_t alert_id, int64_t visit_id, int outcome,
                  const struct account *actor, struct error *e);

/* A visit of the alert was cancelled by a person: while the alert stands, another is planned by its deadline. */
int alert_visit_cancelled(struct care *c, int64_t alert_id, int64_t visit_id, struct error *e);

/* What is open and lies wrong: alerts whose child lives elsewhere by now move there, and those that nobody had
 * been found for are given out. Not while a visit of theirs is under way or not recorded. At most `limit`, by id behind `*after`, which moves on; `ret_more` says whether
 * there may be others. Of the tick. */
int alert_settle(struct care *c, int64_t *after, size_t limit, bool *ret_more, struct error *e);

/* Reminds of held alerts, which have no clock of their own: of each town and level, as the oldest of them is
 * overdue, with the steps that were missed on a day of (from, until]. Harmless to repeat. Of the tick. */
int alert_remind(struct care *c, day from, day until, struct error *e);

/* The names of the events that this account may fire at that instant, for buttons. Reads only. */
int alert_open_events(struct deployment *d, const struct care_tables *tables, const struct alert *a,
                      const struct account *account, int64_t now, struct arena *arena,
                      const char ***ret, size_t *ret_count, struct error *e);

int alert_get(struct deployment *d, int64_t id, struct arena *arena, struct alert *ret,
              struct error *e);

/* Likely needs: names of needs.def. */
int alert_needs(struct deployment *d, const struct alert *a, struct arena *arena,
                struct slice **ret, size_t *ret_count, struct error *e);

struct alert_cause {
    int64_t id;
    struct slice category;
    day on_day;
    int64_t known_at, withdrawn_at; /* 0: stands */
};
int alert_causes(struct deployment *d, const struct alert *a, struct arena *arena,
                 struct alert_cause **ret, size_t *ret_count, struct error *e);

/* Boards and inboxes. Reads only. */
enum alert_view {
    ALERTS_OPEN = 1,
    ALERTS_OVERDUE,
    ALERTS_WATCH,
    ALERTS_WITHDRAWN,
    ALERTS_HELD,
    ALERTS_CLOSED
};
struct alert_filter {
    enum alert_view view;
    int64_t division; /* subtree; 0: all */
    int64_t owner_id; /* 0: whoever */
    int level;        /* 0: all */
    int64_t now;      /* decides what is overdue */
};
/* Where an alert stands on a board, and a page begins behind. It is kept by whoever turns the pages, so that an
 * alert that moves meanwhile takes none of the others with it. Zeros: from the start. */
struct alert_place {
    int64_t level, due, id; /* due INT64_MAX: it has none */
};
struct alert_place alert_place_of(const struct alert *a);

/* Most urgent first: by level, then due, then id. */
int alert_list(struct deployment *d, const struct alert_filter *f, struct alert_place after,
               size_t limit, struct arena *arena, struct alert **ret, size_t *ret_count,
               struct error *e);
/* How many are open, overdue, watched, withdrawn, held: by view. */
int alert_counts(struct deployment *d, int64_t division, int64_t now,
                 int64_t ret[ALERTS_CLOSED + 1], struct error *e);

#endif
