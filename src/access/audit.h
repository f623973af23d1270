/* The audit trail: every write and every opening, in a keyed chain.
 *
 *     segment = one writer (a server, or the command line) and one day
 *     mac(1)   = HMAC(key, segment's identity, heads of the other segments)
 *     mac(n+1) = HMAC(key, mac(n), every column of row n+1)
 *
 * The key is in a file of its own beside the master key (ID.audit.key, or HUMIAO_AUDIT_KEY_FILE): who has
 * the database cannot write a row that verifies; who has this key alone reads nothing sealed. Heads are
 * appended to a file (ID.heads beside it, or HUMIAO_AUDIT_HEADS) where a database administrator cannot
 * write, each minute by a server and at the end of each command, and cross-linked by rows of their own.
 * A row holds random ids, numbers and words of a fixed set: nothing personal, so that it stays after an
 * erasure. Kept three years (domain.md PR-11); it is never deleted by this program. */
#ifndef HUMIAO_ACCESS_AUDIT_H
#define HUMIAO_ACCESS_AUDIT_H

#include "access/deployment.h"
#include "base/arena.h"

enum audit_event {
    AUDIT_NONE = 0,
#define EVENT(symbol, number, name) symbol = number,
#include "access/events.def"
#undef EVENT
    AUDIT_EVENT_COUNT
};

const char *audit_event_name(enum audit_event e); /* "account.created" */
enum audit_event audit_event_parse(struct slice name);

struct audit_entry {
    enum audit_event event;
    int64_t account_id; /* who; 0: nobody signed in, or the command line */
    int64_t child_id;   /* about whom; 0: nobody in particular */
    int64_t object_id;  /* what it was done to; 0: nothing */
    const char *detail; /* words of a fixed set and numbers; NULL: "" */
};

/* Appends a row inside the write transaction of the change that it tells of. The segment is that of the
 * deployment's `audit_writer` ("cli" unless set) and today. */
int audit_append(struct deployment *d, const struct audit_entry *entry, struct error *e);

/* Appends a row with the heads of all other segments of the last two days, inside a write transaction. */
int audit_link(struct deployment *d, struct error *e);

/* Appends the heads of the segments written by this deployment's writer to the file of heads; after the
 * commit. A file that cannot be written is an error: ERR_IO, ERR_PERMISSION. */
int audit_publish_heads(struct deployment *d, struct error *e);

/* Whoever verifies is told of each fault; it goes on as far as it can. */
enum audit_fault { FAULT_ALTERED, FAULT_REMOVED, FAULT_INSERTED, FAULT_SWAPPED, FAULT_TAIL, FAULT_SEGMENT, FAULT_HEADS };
struct audit_finding {
    enum audit_fault fault;
    const char *writer; /* of the segment */
    day day;
    int64_t seq;  /* the row, or the first of those missing */
    int64_t missing; /* how many rows, where known */
};
struct audit_figures {
    uint64_t segments, rows, heads;
};
/* 0 when all is whole; ERR_AUDIT_BROKEN when anything was found. */
int audit_verify(struct deployment *d, void (*tell)(void *context, const struct audit_finding *f),
                 void *context, struct audit_figures *ret, struct error *e);

/* Rows for the audit administrator, newest first, before `before_id` (0: from the end); filtered by
 * account or child where these are not 0. */
struct audit_row {
    int64_t id, at, account_id, child_id, object_id;
    enum audit_event event;
    struct slice detail;
};
int audit_list(struct deployment *d, int64_t before_id, int64_t account_id, int64_t child_id,
               size_t limit, struct arena *arena, struct audit_row **ret, size_t *ret_count,
               struct error *e);

#endif
