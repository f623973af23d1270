/* How far knowledge reaches: which feed speaks of the people of which divisions and days, when it was last heard, and
 * whether it is silent beyond its usual interval. Silence is not "no": an explanation says of every kind of fact whether
 * anybody would have told us. */
#ifndef HUMIAO_INTAKE_COVERAGE_H
#define HUMIAO_INTAKE_COVERAGE_H

#include "intake/feed.h"
#include "people/division.h"
#include "policy/policy.h"
#include "screening/population.h"

struct coverage {
    int64_t id, division, said_at;
    struct slice feed;
    day from, to; /* [from, to); DAY_FOREVER: open */
};
/* Inside a write transaction. ERR_NOT_FOUND (feed), ERR_DIVISION, ERR_INTERVAL. Audit rows are written here. */
int coverage_put(struct deployment *d, const struct feed *feed, const struct division_tree *tree,
                 int64_t division, day from, day to, int64_t account_id, int64_t now,
                 int64_t *ret_id, struct error *e);
int coverage_end(struct deployment *d, int64_t id, int64_t account_id, int64_t now,
                 struct error *e);
int coverage_list(struct deployment *d, struct arena *arena, struct coverage **ret,
                  size_t *ret_count, struct error *e);

enum reach {
    REACH_NOT_SAID =
        0, /* no coverage was ever said of any feed of this kind: as far as its department told us */
    REACH_COVERED,
    REACH_NOT_COVERED /* feeds of this kind exist, and none speaks of that place and day */
};
struct reach_of {
    enum reach reach;
    struct slice feed, department; /* the feed that covers it, or would */
    int64_t heard_at;              /* instant; 0: never */
    bool silent;
};
/* What reach there is of one kind of record about a person registered (or living) at `division` on a day. `division` 0: not
 * known, which is REACH_NOT_COVERED where coverage was said. */
struct coverage_map; /* in the arena; read only */
int coverage_map_read(struct deployment *d, const struct feed_library *feeds,
                      const struct division_tree *tree, struct arena *arena,
                      struct coverage_map **ret, struct error *e);
struct reach_of coverage_reach(const struct coverage_map *m, enum record_kind kind,
                               int64_t division, day on);

/* What an explanation says of it: for each kind of fact that is asked of the child and its legal parents. */
struct reach_line {
    enum record_kind kind;
    enum policy_role role; /* NONE: the child */
    bool
        registered; /* false: a parent of whom the register knows nothing, so that no record finds them */
    struct reach_of of;
    int64_t
        province; /* where they are registered, or live; 0: not known. Never more exact than that */
};
/* By kind, the child first. Kinds of which no coverage was ever said are left out. */
int coverage_lines(struct deployment *d, const struct coverage_map *m, const struct policy_set *set,
                   const struct policy_asked *asked, const struct population *population,
                   const struct family *family, day on, struct arena *arena,
                   struct reach_line **ret, size_t *ret_count, struct error *e);
const char *reach_name(enum reach reach); /* "covered" "not_covered" "not_said" */

/* ---- silence ---- */

/* By which notices of silence name a feed. */
int64_t feed_number(const char *feed);

/* Noted with every batch of a feed, inside its transaction; ends a silence, and takes back the notices of it. */
int feed_heard(struct deployment *d, const char *feed, int64_t now, struct error *e);
/* Feeds that are silent beyond interval and grace at `now` and were not alarmed yet: marks them and notifies the data
 * officers (workflow "feed", object feed_number). Inside a write transaction. A feed that was never heard counts from its
 * first coverage; one whose coverage is over is expected no more. Of the tick, and of a server. */
int feed_silence(struct deployment *d, const struct feed_library *feeds, int64_t now,
                 size_t *ret_alarmed, struct error *e);

/* ---- sources at a glance ---- */

struct source_glance {
    const struct feed *feed;
    int64_t last_id, last_at, last_rows, last_refused,
        last_unlinked; /* the last delivery; -1, 0: none */
    int64_t
        lag_days; /* the middle one of: day received minus day it holds from (0 where it holds from later), of
                            * the first 500 records of the last delivery that were news; -1: none */
    int64_t heard_at, due_at, silent_at; /* due: when the next is expected; 0: not */
    int64_t waiting;                     /* refused rows */
    int64_t held;                        /* deliveries that wait for a person */
    int64_t unlinked;                    /* records that wait for their person */
    int64_t divisions;                   /* covered */
};
/* Counts and the last delivery are of a scope (delivery.h; NULL: of all); when a feed was heard and when
 * it is due are the feed's own, wherever it was handed in. */
struct delivery_scope;
int source_glances(struct deployment *d, const struct feed_library *feeds,
                   const struct delivery_scope *scope, int64_t now, struct arena *arena,
                   struct source_glance **ret, size_t *ret_count, struct error *e);

/* ---- yield: what came of it ---- */

struct yield {
    struct slice name; /* a feed, or a category */
    bool policy;
    int64_t alerts, visits, verified, false_alarm,
        refused; /* alerts set in motion since `from`, and their visits' outcomes */
};
int yield_read(struct deployment *d, day from, struct arena *arena, struct yield **ret,
               size_t *ret_count, struct error *e);

/* ---- a department's system ---- */

/* A new token, "hmf_" and 43 characters: told once, kept as a keyed hash. Inside a write transaction; the audit rows are
 * written here. */
int feed_token_make(struct deployment *d, const struct feed *feed, int64_t account_id, int64_t now,
                    struct arena *arena, int64_t *ret_id, struct slice *ret_token, struct error *e);
int feed_token_end(struct deployment *d, int64_t id, int64_t account_id, int64_t now,
                   struct error *e);
struct feed_token {
    int64_t id, made_at, account_id, used_at, ended_at;
    struct slice feed, department;
};
/* Within a write transaction, with each push: written at most once a minute. */
int feed_token_used(struct deployment *d, int64_t id, int64_t now, struct error *e);
int feed_token_list(struct deployment *d, struct arena *arena, struct feed_token **ret,
                    size_t *ret_count, struct error *e);
/* Whose token this is. ERR_NOT_SIGNED_IN: nobody's, or ended. Reads only. */
int feed_token_find(struct deployment *d, struct slice token, struct arena *arena,
                    struct feed_token *ret, struct error *e);

#endif
