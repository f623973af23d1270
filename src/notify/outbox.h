/* Notices: written in the transaction of the change they tell of, and delivered afterwards.
 *
 * The inbox is the table itself: it shows a notice as soon as it is committed. The channel outside (SMS,
 * e-mail, a webhook of the county's message platform) takes what has `send_at`, by the server's own thread, with
 * growing pauses after a failure, until it is sent, seen or given up. What goes outside says "there is
 * something to do in Humiao" and no more: no child, no level, no place (PR-06).
 *
 * This room knows no workflow: an object is a name and an id. */
#ifndef HUMIAO_NOTIFY_OUTBOX_H
#define HUMIAO_NOTIFY_OUTBOX_H

#include "access/deployment.h"
#include "base/arena.h"

enum notice_kind {
    NOTICE_NONE = 0,
#define NOTICE(symbol, number, name, outside) symbol = number,
#include "notify/notices.def"
#undef NOTICE
};
enum notice_kind notice_kind_parse(struct slice name); /* NOTICE_NONE: no such kind */
const char *notice_kind_name(enum notice_kind kind);   /* "" for no kind */

struct notice {
    int64_t id;
    enum notice_kind kind;
    int64_t account_id, object_id, child_id; /* child 0: none */
    struct slice workflow;
    int64_t at, seen_at; /* instants; seen 0: not yet */
};

/* Where ids go on from: the highest in use. Inside a write transaction. */
int outbox_ids_begin(struct deployment *d, struct id_source *ret, struct error *e);

/* Inside a write transaction. The same notice of the same object that its account has not seen is not
 * written again. A kind that is told outside too (notices.def) is to be sent from `now` on. */
int outbox_put(struct deployment *d, struct id_source *ids, enum notice_kind kind,
               int64_t account_id, const char *workflow, int64_t object_id, int64_t child_id,
               int64_t now, struct error *e);

/* Newest first, before the id `before` (0: from the newest), without those that were taken back;
 * `ret_unseen` counts all that the account has not seen, on this page or not. Reads only. */
int outbox_list(struct deployment *d, int64_t account_id, int64_t before, size_t limit,
                struct arena *arena, struct notice **ret, size_t *ret_count, int64_t *ret_unseen,
                struct error *e);

/* All up to this id are seen; what has not gone outside yet does not go any more. */
int outbox_seen(struct deployment *d, int64_t account_id, int64_t up_to_id, int64_t now,
                struct error *e);

/* Takes back unseen notices of an object (a recalled alert): nobody sees them any more. */
int outbox_recall(struct deployment *d, const char *workflow, int64_t object_id, int64_t now,
                  struct error *e);

/* Of one kind alone: what it told of is over (somebody who was looked for is back). */
int outbox_recall_kind(struct deployment *d, const char *workflow, int64_t object_id,
                       enum notice_kind kind, int64_t now, struct error *e);

/* Whether such a notice to the account waits still: neither seen, nor sent outside, nor taken back. Reads
 * only. */
int outbox_unheard(struct deployment *d, const char *workflow, int64_t object_id,
                   int64_t account_id, enum notice_kind kind, bool *ret, struct error *e);

/* The highest id there is, 0: none; for whoever waits for news. Never falls. Reads only. */
int outbox_last(struct deployment *d, int64_t *ret, struct error *e);

/* ---- the channel outside ---- */

struct notice_to_send {
    int64_t id, account_id, at; /* at: instant of the change */
    enum notice_kind kind;
    int attempts; /* that have failed */
};

/* What is to be sent by `now`, longest due first, at most `limit`. Reads only. */
int outbox_due(struct deployment *d, int64_t now, size_t limit, struct arena *arena,
               struct notice_to_send **ret, size_t *ret_count, struct error *e);

/* When the next one is to be sent; INT64_MAX: none. Reads only. */
int outbox_next(struct deployment *d, int64_t *ret, struct error *e);

/* Inside a write transaction. What was seen or taken back meanwhile is left as it is. */
int outbox_sent(struct deployment *d, int64_t id, int64_t now, struct error *e);

/* Tried again after 1, 2, 4 … minutes; once a pause would be longer than a day, it is given up, which
 * `ret_given_up` (may be NULL) says. `class` is a word of the sender's own, no words of the other side. */
int outbox_failed(struct deployment *d, int64_t id, int64_t now, const char *class,
                  bool *ret_given_up, struct error *e);

#endif
