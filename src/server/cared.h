/* Inside the handlers: what is done for a child (care/), as the caller may see it.
 *
 * The tie is the relation to the child (people/relation.h). Whoever owns an alert or a visit,
 * deputises for its owner, or answers for the division in which it arose is of the area at
 * least: the child may have moved away, or the deputy's own village be another. A tie beyond
 * that, which opens a name by a tap, comes with the task that accepting gives. */
#ifndef HUMIAO_SERVER_CARED_H
#define HUMIAO_SERVER_CARED_H

#include "care/alert.h"
#include "care/visit.h"
#include "server/seen.h"

/* One thing that is done for a child, and how much of it the caller may see. */
struct cared {
    int64_t child_id, division; /* given: whose duty it is */
    bool mine;                  /* given: the caller owns it, or acts for its owner */

    enum relation relation; /* RELATION_NONE: nothing is told, not even that it is there */
    struct sights sights;   /* of the routine, raised by the openings in force */
    struct child
        child; /* opened: goes to view_write only. Id 0: no child of the register any more */
};

/* Fills in all of them, asking once for each kind of thing. */
int cared_see(struct request *r, struct deployment *d, struct cared *list, size_t count);

/* One, `mine` decided by its owner; ERR_NOT_FOUND where nothing may be told. Fills r->audit. */
int cared_see_one(struct request *r, struct deployment *d, int64_t object_id, int64_t child_id,
                  int64_t division, int64_t owner_id, struct cared *ret);

/* After a step: what the caller sees now. Who has just given it away is shown what they were
 * shown. */
int cared_see_again(struct request *r, struct deployment *d, struct cared *of);

/* The division that a list is asked for: the caller's own where `text` is NONE. ERR_FORBIDDEN
 * for one that is not in it, or when the caller has none; ERR_NOT_FOUND for no code. */
int cared_scope(struct request *r, struct slice text, int64_t *ret);

/* ---- writing ---- */

/* Care inside a request_work, at the request's own moment. */
int cared_begin(struct request *r, struct deployment *d, struct care *c);
/* Its row of the trail, and whom the pages are told of. */
int cared_end(struct request *r, struct deployment *d, const struct care *c,
              const struct audit_entry *entry);
/* The owner of what was changed, who may work elsewhere than the child lives (a deputy, or by hand): their page
 * listens to their own division. */
int cared_tell_owner(struct request *r, struct deployment *d, int64_t owner_id);

/* The members of the body that a step has; complains of days and instants that are none. */
int cared_step(struct request *r, struct care_step *ret);

/* RFC 3339: date, time, and Z or an offset; false where it is none. Microseconds. */
bool cared_instant(struct slice text, int64_t *ret);

/* ---- parts of answers ---- */

/* A list inside a view: what is written to r->out between these is the text of a RAW value. */
struct sublist {
    struct json json, *outer;
};
void sublist_begin(struct request *r, struct sublist *s);
struct view_value sublist_end(struct request *r, struct sublist *s);

/* The names of events, as a RAW value. */
struct view_value cared_events(struct request *r, const char *const *events, size_t count);
/* The history of an object, as a RAW value. */
int cared_history(struct request *r, struct deployment *d, const struct cared *of,
                  const char *workflow, int64_t object_id, struct names_seen *names,
                  struct view_value *ret);

const char *escort_name(enum visit_escort escort);    /* "" for none */
const char *outcome_name(enum visit_outcome outcome); /* "" for none */

/* One line about a visit; `v` is of the child that `of` tells of. visits.c */
void write_visit_item(struct request *r, struct deployment *d, const struct cared *of,
                      struct names_seen *names, const struct visit *v);

static inline struct view_value seen_name(const char *name)
{
    return name && name[0] ? view_text(slice_from(name)) : VIEW_NULL;
}

#endif
