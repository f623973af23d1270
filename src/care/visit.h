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
    int64_t due_at, started_at, back_at, recorded_at, changed_at, closed_at; /* 0: not */
    enum visit_outcome outcome;                                              /* 0: none yet */
};

/* Plans a visit for an alert (its owner, level and deadline) or, with alert NULL, a routine one. */
struct alert;
int visit_plan(struct care *c, const struct alert *alert, int64_t child_id, int64_t owner_id,
               day planned, int64_t *ret_id, struct error *e);

/* An outcome of an alert's visit moves the alert in the same transaction: verified, false alarm, refused
 * (which becomes a watch with repeat visits), nobody home (visited again). */
int visit_fire(struct care *c, int64_t visit_id, const struct care_step *step, struct error *e);
int visit_open_events(struct deployment *d, const struct care_tables *tables, const struct visit *v,
                      const struct account *account, struct arena *arena, const char ***ret,
                      size_t *ret_count, struct error *e);

int visit_get(struct deployment *d, int64_t id, struct arena *arena, struct visit *ret,
              struct error *e);
struct visit_filter {
    int64_t owner_id, child_id, division; /* 0: whatever */
    bool closed;                          /* closed ones too */
    int64_t changed_after;                /* instant; 0: all */
};
/* By planned day, then id, behind `after`. */
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
/* Saves all of them or none. Upon the version in force: a new one. Upon an older one: the same value changes
 * nothing, another becomes a rival. ERR_VALUE names the field. Only the visit's owner, its deputy of today
 * and, when it is recorded, the supervisor write. */
int visit_save(struct care *c, int64_t visit_id, const struct account *actor,
               const struct visit_write *writes, size_t count, struct error *e);

/* In force and rivals, by field then version; with `all` the replaced ones too. Reads only. */
int visit_values(struct deployment *d, const struct visit *v, bool all, struct arena *arena,
                 struct visit_value **ret, size_t *ret_count, struct error *e);

enum sheet_field sheet_field_parse(struct slice name); /* FIELD_NONE: no such field */
const char *sheet_field_name(enum sheet_field f);

/* Deals the routine visits of a day: to each director, beside the alerts' visits of the week, at least as
 * many others as levels.table says, chosen by who was seen least lately and then by a keyed hash, so that a
 * visit tells nobody anything (PR-06). Catches up, each day once. */
int visit_deal(struct care *c, day until, struct error *e);

#endif
