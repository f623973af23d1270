/* Visits: to a child, by its director or a deputy; one neutral sheet for every child, whether an alert stands
 * behind it or the monthly round (domain.md part 4, the child director's duties).
 *
 * The sheet is a set of fields (sheet.def). Each saved value is a version of its field; a phone says which
 * version it had seen. Whoever wrote upon an older one has lost nothing: the value is kept as a rival, both
 * are shown, and a person merges them. */
#ifndef HUMIAO_CARE_VISIT_H
#define HUMIAO_CARE_VISIT_H

#include "care/care.h"

enum visit_outcome { VISIT_VERIFIED = 1, VISIT_FALSE_ALARM, VISIT_REFUSED, VISIT_NOBODY_HOME };
enum visit_escort { ESCORT_ALONE = 1, ESCORT_PAIR, ESCORT_POLICE };

enum sheet_field {
    FIELD_NONE = 0,
#define FIELD(symbol, number, name, type) symbol = number,
#include "care/sheet.def"
#undef FIELD
};

struct visit {
    int64_t id, child_id, alert_id, division; /* alert 0: routine */
    int level;
    struct slice state;
    int64_t owner_id;
    int step;
    enum visit_escort escort;
    day planned; /* DAY_BEGINNING: none */
    int postponed;
    int64_t opened_at; /* when it was planned */
    int64_t due_at, started_at, back_at, recorded_at, changed_at, closed_at; /* 0: not */
    enum visit_outcome outcome;                                              /* 0: none yet */
};

/* Plans a visit for an alert (of its level, for its owner) or, with alert NULL, a routine one, which is of the
 * lowest level. The owner gets the task of visiting the child (people/assignment.h), and, for an alert, routine
 * visits in the same week beside it (visit_deal). A day in the past is taken as today. `alert_id` alone is of
 * the alert's file to write down. ERR_NOT_FOUND: no child of the register. */
struct alert;
int visit_plan(struct care *c, const struct alert *alert, int64_t child_id, int64_t owner_id,
               day planned, int64_t *ret_id, struct error *e);

/* A routine visit that the account plans: for itself, or for `owner_id`. The history names who planned it, who is
 * told of nothing. */
int visit_plan_by(struct care *c, const struct account *by, int64_t child_id, int64_t owner_id,
                  day planned, int64_t *ret_id, struct error *e);

/* An event of visit.workflow. An outcome of an alert's visit moves the alert in the same transaction: verified,
 * false alarm, refused (which becomes a watch with repeat visits), nobody home (visited again).
 *
 * A phone without network sends what happened later, in order: step->at is kept where it lies neither in the
 * future nor before what the visit has been through; else it is the server's. The check-in of a start that
 * comes late is not missed before VISIT_GRACE is over, in which the rest may arrive; an alarm that rang meanwhile
 * stays in the history.
 *
 * The same again is no error, and writes nothing: a step that this account took at that very moment, or its
 * last step, where the visit stands as it left it (the same outcome, the same day, the same account).
 *
 * The system calls off and hands over: an alert that is recalled, leave, a vacancy. While somebody is under way
 * both are ERR_WRONG_STATE, to be left alone: who has set out comes back first. The system may hand over to
 * account 0: nobody for now.
 *
 * Whoever was reported safe by another reports back safe too: kept in the history, no error. Unseen alarms that
 * they had not checked in are taken back.
 *
 * ERR_NOT_FOUND, ERR_WRONG_STATE, ERR_FORBIDDEN as workflow_step; ERR_VALUE: a day before today or beyond
 * VISIT_AHEAD, or handing over to nobody who can make visits there. */
#define VISIT_GRACE INT64_C(600000000) /* microseconds: 10 minutes. Local, unconfirmed */
#define VISIT_AHEAD 92                 /* days. Local, unconfirmed */
int visit_fire(struct care *c, int64_t visit_id, const struct care_step *step, struct error *e);
/* The names of the events that this account may fire at that instant, for buttons. Reads only. */
int visit_open_events(struct deployment *d, const struct care_tables *tables, const struct visit *v,
                      const struct account *account, int64_t now, struct arena *arena,
                      const char ***ret, size_t *ret_count, struct error *e);

/* What is open for an alert that is recalled or closed is called off, unless somebody is under way: then it goes
 * on. */
int visit_call_off(struct care *c, int64_t alert_id, struct error *e);

/* What is open for an alert goes where the alert is and to its owner (0: nobody for now); while somebody is under
 * way it stays theirs. */
int visit_follow_owner(struct care *c, int64_t alert_id, int64_t owner_id, struct error *e);

/* What is open for an alert is of that division from now on. */
int visit_follow_place(struct care *c, int64_t alert_id, int64_t division, struct error *e);

/* Its alert has become more urgent: the visit that is open for it is as urgent, goes no later than the alert is
 * due, and with the escort of that level. What is under way keeps its hours. */
int visit_hasten(struct care *c, const struct alert *alert, struct error *e);

/* Whether somebody is under way, or back and has not recorded it. No visit by that id: not. Reads only. */
int visit_in_field(struct deployment *d, int64_t visit_id, struct arena *arena, bool *ret,
                   struct error *e);

int visit_get(struct deployment *d, int64_t id, struct arena *arena, struct visit *ret,
              struct error *e);
struct visit_filter {
    int64_t owner_id, child_id, division; /* 0: whatever */
    bool closed;                          /* closed ones too, of an owner or a child */
    int64_t changed_after;                /* instant; 0: all */
};
/* By planned day, then id, behind the visit `after` (0: from the start). */
int visit_list(struct deployment *d, const struct visit_filter *f, int64_t after, size_t limit,
               struct arena *arena, struct visit **ret, size_t *ret_count, struct error *e);

/* ---- the sheet ---- */

struct visit_value {
    int64_t id;
    enum sheet_field field;
    int version, base;
    int standing; /* 1 in force, 2 replaced, 3 rival */
    int64_t account_id, written_at, saved_at;
    struct slice
        marks; /* of a text: what is sensitive in it (detect_spans_read); NONE: not searched */
    struct slice
        value; /* opened. A choice: its name; several: names by commas; text: as written; at most 4000 bytes */
};

struct visit_write {
    enum sheet_field field;
    int base; /* the version that the writer saw; 0: none */
    struct slice value;
    int64_t written_at;
    const int64_t *merges; /* rivals that this value settles */
    size_t merge_count;
};
/* Saves all of them or none. Upon the version in force: a new one. Upon an older one: the same value as that in
 * force, or as a rival, changes nothing; another becomes a rival. But who wrote upon that same version before
 * is no rival of their own: of the two the one written later stands, the other is kept as replaced. What the same
 * account wrote before at the same moment changes nothing: a phone repeats. `merges` are settled in each of
 * these cases.
 *
 * safety=danger, in force or as a rival, is told to supervisor, station and centre at once.
 *
 * ERR_VALUE names the field, and the words it takes. ERR_FORBIDDEN: only the visit's owner, its deputy of today,
 * who had it when the value was written (its phone was without network then), and, when it is recorded, the
 * supervisor write. */
int visit_save(struct care *c, int64_t visit_id, const struct account *actor,
               const struct visit_write *writes, size_t count, struct error *e);

/* In force and rivals, by field then version; with `all` the replaced ones too. Reads only. */
int visit_values(struct deployment *d, const struct visit *v, bool all, struct arena *arena,
                 struct visit_value **ret, size_t *ret_count, struct error *e);

enum sheet_field sheet_field_parse(struct slice name); /* FIELD_NONE: no such field */
const char *sheet_field_name(enum sheet_field f);      /* "" for FIELD_NONE */

/* Deals routine visits, so that a visit tells nobody anything (PR-06): in each village, in each week, beside the
 * alerts' visits at least as many others as levels.table says, and VISIT_ROUND in any case. Children who live
 * there, have no open alert or visit, and were not seen for VISIT_APART days; the least lately seen first, then
 * by a keyed hash; on the days of the alerts' visits where there are any, and in pairs where those go in pairs.
 *
 * Each village has its turn once in seven days, by a keyed hash. Days that were missed are caught up, each
 * once; of those more than a week ago nothing is left to do. What was planned for a child that moved
 * away is called off. At most `limit` villages a call, which is one
 * short transaction; `ret_villages` 0 when all is dealt. */
#define VISIT_ROUND 2  /* routine visits a village and week. Local, unconfirmed */
#define VISIT_APART 30 /* days */
int visit_deal(struct care *c, day until, size_t limit, size_t *ret_villages, struct error *e);

#endif
