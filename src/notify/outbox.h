/* Notices: written in the transaction of the change they tell of, and delivered afterwards.
 *
 * The inbox is the table itself: it shows a notice as soon as it is committed. The channel outside (SMS,
 * e-mail, a webhook of the county's message platform) takes what has `send_at`, by the server's own thread, with
 * growing pauses after a failure, until it is sent or given up after a day. What goes outside says "there is
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
enum notice_kind notice_kind_parse(struct slice name);
const char *notice_kind_name(enum notice_kind kind);

struct notice {
    int64_t id;
    enum notice_kind kind;
    int64_t account_id, object_id, child_id; /* child 0: none */
    struct slice workflow;
    int64_t at, seen_at; /* 0: not seen */
};

/* Inside a write transaction. The same notice of the same object that its account has not seen is not written again. */
int outbox_put(struct deployment *d, struct id_source *ids, enum notice_kind kind, int64_t account_id,
               const char *workflow, int64_t object_id, int64_t child_id, int64_t now, struct error *e);

/* Newest first, before the id `before` (0: from the newest). Reads only. */
int outbox_list(struct deployment *d, int64_t account_id, int64_t before, size_t limit, struct arena *arena,
                struct notice **ret, size_t *ret_count, int64_t *ret_unseen, struct error *e);
int outbox_seen(struct deployment *d, int64_t account_id, int64_t up_to_id, int64_t now, struct error *e);
/* Takes back unseen notices of an object (a recalled alert). */
int outbox_recall(struct deployment *d, const char *workflow, int64_t object_id, int64_t now, struct error *e);
/* The highest id there is, for whoever waits for news. Reads only. */
int outbox_last(struct deployment *d, int64_t *ret, struct error *e);

#endif
