/* Deliveries: a file of a feed on its way from the department to records, whatever the channel.
 *
 *     arriving → waiting → (held → waiting | rejected) → running → done
 *
 * Before its first row is taken, the whole file is read once in the sheet reader's child: its rows are counted, its header is
 * matched, and a sample of its unmapped columns is searched for what is sensitive. Then rows are taken in transactions of at
 * most 50 records or 20 ms, each with the cursor and with the verdicts that follow; other writers have their turn in between. A
 * process that is killed carries on; the same file again while it runs is the same delivery; two at once share its rows.
 * A row of which one record is refused is refused whole. Nothing is dropped.
 *
 * Held (holds.def): with fewer rows than a tenth of the last delivery of its feed (of 20 rows at least: local, unconfirmed),
 * with columns missing, or with an unmapped sensitive column. A held delivery has taken no row. */
#ifndef HUMIAO_INTAKE_DELIVERY_H
#define HUMIAO_INTAKE_DELIVERY_H

#include "care/tables.h"
#include "detect/detect.h"
#include "intake/feed.h"
#include "people/quarantine.h"
#include "screening/edition.h"
#include "screening/verdict.h"

enum delivery_channel {
#define CHANNEL(symbol, number, name) symbol = number,
#include "intake/channels.def"
#undef CHANNEL
};
enum delivery_state {
#define DELIVERY_STATE(symbol, number, name) symbol = number,
#include "intake/delivery_states.def"
#undef DELIVERY_STATE
};
enum delivery_hold {
#define HOLD(symbol, bit, name) symbol = bit,
#include "intake/holds.def"
#undef HOLD
};
const char *delivery_channel_name(int channel);
const char *delivery_state_name(int state);
const char *delivery_hold_name(int bit);

#define DELIVERY_PIECE_MAX (1u << 20) /* bytes */
#define DELIVERY_PIECES_MAX 512       /* of a file that comes by a page: 512 MiB */

/* What all of intake works with; lives as long as the work. */
struct intake {
    struct deployment *d; /* a connection that may write, in no transaction */
    const struct edition *edition;
    const struct care_tables *tables; /* NULL: verdicts alone */
    const struct feed_library *feeds;
    const struct detect_lexicon *lexicon; /* NULL: without names of the register */
    const char *reader;                   /* program of the sheet reader; NULL: this binary */
    bool baseline;
    /* Told after each commit; any may be NULL. */
    struct refusal_sink refusals;
    void (*changed)(void *context, const int64_t *divisions, size_t count, bool everywhere);
    bool (*stop)(
        void *context); /* asked between transactions: true ends the work, which carries on later */
    const char *progress; /* label of the progress bar; NULL: none */
    void *context;
};

/* ---- handing in, by pieces ---- */

/* Inside a write transaction each. A file may come in any order of pieces, and again. The name is sealed. feed NULL:
 * for the assistant. `division`: of the account; 0: for the whole deployment. Audit rows are written here. ERR_NOT_FOUND (no such feed), ERR_TOO_LARGE, ERR_WRONG_STATE. */
int delivery_begin(struct deployment *d, const struct feed *feed, struct slice department,
                   struct slice file_name, int channel, int64_t size, int64_t account_id,
                   int64_t division, int64_t now, int64_t *ret_id, struct error *e);
int delivery_piece(struct deployment *d, int64_t id, int number, struct slice bytes,
                   struct error *e);
/* Of a delivery that arrives: its SHA-256, made by opening all of it; at most 512 MiB, so not inside a write transaction. Reads only.
 * ERR_SHEET_CUT: not all pieces are there. */
struct delivery_digest {
    uint8_t sha256[32];
    int64_t pieces; /* tells these pieces from any that came later */
};
int delivery_digest(struct deployment *d, int64_t id, struct delivery_digest *ret, struct error *e);
/* As delivery_close, by a digest made before; a piece that came since is ERR_SHEET_CUT. */
int delivery_close_by(struct deployment *d, int64_t id, const struct delivery_digest *digest,
                      struct slice sha256, int64_t now, int64_t *ret_same, struct error *e);
/* All there, and whole: ERR_SHEET_CUT when size or SHA-256 differ (hex; NONE: not compared). The same file as one that waits, runs or is held
 * already: `ret_same` names it, and this one is rejected as its double. */
int delivery_close(struct deployment *d, int64_t id, struct slice sha256, int64_t now,
                   int64_t *ret_same, struct error *e);

/* ---- taking in ---- */

/* The next one that waits, or was left running by a process that is gone; 0: none. Reads only. */
int delivery_next(struct deployment *d, int64_t *ret_id, struct error *e);

struct delivery_totals {
    int64_t id;
    int state;     /* after it: done, held, rejected, running (stopped) */
    int held;      /* bits that wait for a person */
    uint64_t rows; /* of the file */
    uint64_t accepted, duplicate, quarantined, unlinked; /* of records; of refused rows */
    uint64_t changes;
    bool resumed;
};
/* Takes one in, from wherever it stands. What is wrong with the file itself is no error of this call: it is rejected, with
 * the reason in its story. */
int delivery_take(struct intake *in, int64_t id, struct delivery_totals *ret, struct error *e);

/* The same straight from a file that stays where it is (command line, folder): nothing of it is kept but refused rows. The
 * command line passes `allow`: holds that a person has allowed. Held: ERR_HELD, with why and what to do, and nothing is
 * changed; with `keep`, it becomes a held delivery with its pieces, and the call returns 0 with the reason in `e` all the same. A file that
 * cannot be read: its error; with `keep`, a rejected delivery, and the reason in `e` likewise. `ret` is set also after an error:
 * these rows are safe. */
struct delivery_file {
    const char *path;
    const char *encoding; /* NULL: found out */
    const struct feed *feed;
    int channel, allow;
    bool keep;
    /* All is on disk, not yet marked as told; may be NULL. When it fails, the delivery is told once more by the next run. */
    int (*tell)(void *context, const struct delivery_totals *totals, struct error *e);
};
int delivery_file(struct intake *in, const struct delivery_file *f, struct delivery_totals *ret,
                  struct error *e);

/* A watched folder: FOLDER/FEED/file → taken in, and moved to FOLDER/FEED/done, held/ (kept here, the file waits there) or
 * rejected/, with NAME.txt beside it that says what came of it without a value of anybody. Names that begin with a dot or end in .part, .tmp or
 * .crdownload are still on their way; so is a file that grew or was touched within the last 5 s; with NAME.sha256 beside it, one whose digest differs. */
int delivery_folder(struct intake *in, const char *folder, int64_t now, uint64_t *ret_taken,
                    struct error *e);

/* A table of a database on the exchange side, from the cursor on; at most `rows_max`. The cursor is kept in the transaction of
 * the rows. What is taken on one day is one delivery. */
int delivery_exchange(struct intake *in, const char *url, const struct feed *feed,
                      uint64_t rows_max, struct delivery_totals *ret, struct error *e);

/* A held delivery: allow some of its holds (it waits again), or reject it. Inside a write transaction. A new edition
 * of its mapping also sets it free (`delivery_remapped`, of all held and unmapped ones that name it). */
int delivery_decide(struct deployment *d, int64_t id, int allow, bool reject, struct slice reason,
                    int64_t account_id, int64_t now, struct error *e);
int delivery_remapped(struct deployment *d, int64_t id, const struct feed *feed, int64_t account_id,
                      int64_t now, struct error *e);

/* ---- rows as they arise: a department's system ---- */

/* Rows of a feed as names and texts, through its mapping, in the caller's write transaction: like intake_push (push.h), all
 * or none. One outcome a row. At most PUSH_MAX / FEED_RECORDS_MAX … rows that make at most BATCH_MAX records. */
struct delivery_row {
    const struct slice *names, *values;
    size_t count;
    /* What came of it. */
    int outcome;         /* enum push_outcome; of several records the least good */
    struct slice column; /* of a refusal, the department's own name; NONE */
    struct error reason;
};
struct push;
int delivery_push(struct push *p, const struct feed *feed, struct delivery_row *rows, size_t count,
                  struct error *e);

/* ---- reading, for pages ---- */

struct delivery_story {
    int64_t id, began_at, finished_at, account_id, size; /* 0: not */
    struct slice feed, department;                       /* NONE: none */
    int channel, state, held, allowed;
    int64_t row_count, rows_done, accepted, duplicate, quarantined, unlinked,
        changes;     /* row_count -1: not counted */
    int64_t waiting; /* refused rows that wait still */
    int64_t alerts;  /* that it set in motion */
    struct slice file_name,
        reason; /* opened; NONE: none. The reason of a rejection, or what the holds name: columns */
    struct slice header; /* as the file has it, RFC 4180 */
};
/* Who reads sees what accounts of the division's subtree handed in, and what programs did: with
 * `covered_on`, only that of feeds which speak on that day, and of no place outside of the subtree. */
struct delivery_scope {
    int64_t division; /* 0: any */
    day covered_on;   /* 0: whatever programs handed in */
};
struct delivery_filter {
    struct slice feed, department; /* NONE: any */
    int state;                     /* 0: any */
    struct delivery_scope scope;
};
/* Whether there is such a delivery in it; NULL: of all. Reads only. */
int delivery_within(struct deployment *d, int64_t id, const struct delivery_scope *scope, bool *ret,
                    struct error *e);
/* Newest first, before the id (0: from the newest). */
int delivery_list(struct deployment *d, const struct delivery_filter *f, int64_t before,
                  size_t limit, struct arena *arena, struct delivery_story **ret, size_t *ret_count,
                  struct error *e);
int delivery_get(struct deployment *d, int64_t id, struct arena *arena, struct delivery_story *ret,
                 struct error *e);

/* The first rows of an unmapped or held delivery, read in the child again: for the assistant and its preview. Copies in the
 * arena. */
int delivery_sample(struct deployment *d, const char *reader, int64_t id, size_t limit,
                    struct arena *arena, struct sheet_row **ret, size_t *ret_count,
                    struct sheet_nature *ret_nature, struct error *e);

#endif
