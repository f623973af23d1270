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

/* That the key and the file of heads are there, before a change begins that will need them: a command
 * that could not leave its row does nothing. ERR_KEY_MISSING and the other errors of a key file, ERR_IO,
 * ERR_PERMISSION. */
int audit_ready(struct deployment *d, struct error *e);

/* The heads as they stand in the database, in the order in which segments were begun. */
struct audit_head {
    const char *writer; /* the arena's */
    day day;
    int64_t rows;
    uint8_t mac[32];
};
int audit_heads(struct deployment *d, struct arena *arena, struct audit_head **ret,
                size_t *ret_count, struct error *e);

/* A new audit key, which new segments use; old segments keep theirs, so the file keeps the old keys too.
 * Leaves its row (key.added), in a transaction of its own. */
int audit_rotate_key(struct deployment *d, int64_t *ret_number, struct error *e);

/* Verifying. What is found, and by what:
 *
 * FAULT_ALTERED   the row does not verify, and no other explanation fits: the next row was made from the
 *                 MAC that is stored here (then a column was changed), or from the one computed here (then
 *                 the MAC was), or from neither (both were: the next row is then taken unverified). A value
 *                 of another type than its column's ends the reading there.
 * FAULT_REMOVED   a gap in seq; or a row that does not verify, while the next was made from it, but as
 *                 number seq + missing: rows were removed and the rest renumbered.
 * FAULT_INSERTED  a seq that was there before; a row behind the last that audit_segment knows; or a row
 *                 that does not verify, while one further down verifies as this number: `missing` rows
 *                 stand before it that were never written.
 * FAULT_SWAPPED   the same, and the row that stands here verifies in that one's place, `other`.
 * FAULT_TAIL      audit_segment, a row of another segment or the file of heads knows of more rows.
 * FAULT_SEGMENT   all rows of a segment are gone; or its line in audit_segment (rows of it are then not
 *                 verified: `missing` 0 where they are there); or, seq 0, the file of audit keys does not
 *                 have the key that its line names.
 * FAULT_HEADS     the rows verify, and are not those whose head was told: audit_segment, a row of another
 *                 segment or the file of heads has another MAC for row seq (rewritten by somebody who has
 *                 the key, or cut back and continued); or a line of the file of heads is forged; or, with
 *                 no writer, the file is missing.
 *
 * Places are seq as they now stand in the table. A forged last row whose line in audit_segment was forged
 * with it is told as altered, removed rows of which nobody tells are not seen: that is what heads are
 * published for. A fault behind a place where all that follows was rewritten may hide behind it. */
enum audit_fault {
    FAULT_ALTERED,
    FAULT_REMOVED,
    FAULT_INSERTED,
    FAULT_SWAPPED,
    FAULT_TAIL,
    FAULT_SEGMENT,
    FAULT_HEADS
};
struct audit_finding {
    enum audit_fault fault;
    const char *writer; /* of the segment; "": not known */
    day day;            /* DAY_BEGINNING: not known */
    int64_t seq;        /* the row, or the first of those missing */
    int64_t missing;    /* how many rows are missing, or were inserted; 0: not known */
    int64_t other;      /* FAULT_SWAPPED: the place of the other row */
};
struct audit_figures {
    uint64_t segments, rows,
        heads; /* heads: told by rows and by the file, each held against its row */
};
/* Rows stream by, in memory for the segments alone. Whoever verifies is told of each fault, at once or,
 * for what others tell of a segment, in the end; it goes on as far as it can. 0 when all is whole;
 * ERR_AUDIT_BROKEN when anything was found, with `ret` set too. */
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
