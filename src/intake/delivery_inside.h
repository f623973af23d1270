/* What the files about deliveries share. Of this room only. */
#ifndef HUMIAO_INTAKE_DELIVERY_INSIDE_H
#define HUMIAO_INTAKE_DELIVERY_INSIDE_H

#include "access/audit.h"
#include "intake/batch.h"
#include "intake/delivery.h"
#include "intake/judge.h"
#include "notify/outbox.h"

/* ---- the row of a delivery (delivery_entry.c) ---- */

struct delivery_entry {
    int64_t id, began_at, finished_at, told_at, size, account_id, subject_id; /* 0: none */
    int64_t accepted, duplicate, quarantined, unlinked, changes;
    int64_t row_count; /* -1: not counted */
    int64_t rows_done;
    int64_t division; /* of whose account handed it in; 0: a program's */
    bool baseline;
    int channel, state, held, allowed;
    struct slice feed, department; /* NONE: none */
    uint8_t file_hash[SEAL_HASH_SIZE];
    struct slice file_name, header, holds, reason; /* sealed; "": none */
};

/* Opened too; texts are the arena's. ERR_NOT_FOUND. Reads only. */
int delivery_entry_read(struct deployment *d, int64_t id, struct arena *arena,
                        struct delivery_entry *ret, struct error *e);

/* Opens what was sealed of it; what was sealed under a salt that is gone reads as empty. */
int delivery_entry_open(struct deployment *d, struct slice sealed, struct arena *arena,
                        struct delivery_entry *entry, struct error *e);

/* Inside a write transaction. A new row, with an id, a subject and what is sealed. */
int delivery_entry_put(struct deployment *d, struct delivery_entry *entry, struct error *e);

/* Inside a write transaction: state, held, allowed and what is sealed, as they stand in `entry`. */
int delivery_entry_settle(struct deployment *d, const struct delivery_entry *entry,
                          struct error *e);

/* The same with the mapping that reads it and the rows that it has. */
int delivery_entry_looked(struct deployment *d, const struct delivery_entry *entry,
                          const struct feed *feed, struct error *e);

/* The sealer is set to the delivery's own subject. ERR_ERASED. */
int delivery_entry_subject(struct deployment *d, const struct delivery_entry *entry,
                           struct error *e);

int delivery_audit(struct deployment *d, enum audit_event event, const struct delivery_entry *entry,
                   int64_t account_id, const char *detail, struct error *e);

/* A notice to every data officer who may see it, and to `also` (0: nobody else). */
int delivery_tell(struct deployment *d, enum notice_kind kind, const struct delivery_entry *entry,
                  int64_t also, int64_t now, struct error *e);

/* Names of holds, comma between: the words of an audit row. */
const char *delivery_holds_words(int held, char *buffer, size_t size);

/* Rejected: state, reason, audit row, notices. Inside a write transaction. */
int delivery_entry_reject(struct deployment *d, struct delivery_entry *entry, struct slice reason,
                          int64_t account_id, int64_t now, struct error *e);

/* Whether it is the file that is wrong, and not the machine it is read on. */
bool delivery_error_of_file(enum error_code code);

/* An error as a person reads it: primary text, detail, hint. */
struct slice delivery_reason(const struct error *reason, struct arena *arena);

/* ---- the file (delivery_file_open.c, delivery_piece.c) ---- */

/* An open file, read from its beginning by whoever gets it. */
struct delivery_bytes {
    int fd;
    int64_t size;
    uint8_t hash[SEAL_HASH_SIZE]; /* of a path */
};

/* What is no regular file (a pipe, "-") is first copied into memory. */
int delivery_open_path(struct deployment *d, const char *path, struct delivery_bytes *ret,
                       struct error *e);

/* Of a watched folder: a regular file, and no link. */
int delivery_open_in(struct deployment *d, int folder, const char *name, struct delivery_bytes *ret,
                     struct error *e);

/* The pieces, opened, in memory that nobody can change any more: no plain text touches the disk. */
int delivery_open_pieces(struct deployment *d, const struct delivery_entry *entry,
                         struct delivery_bytes *ret, struct error *e);
void delivery_bytes_close(struct delivery_bytes *b);

/* In transactions of its own: the file as pieces of a delivery that has none yet. */
int delivery_keep_pieces(struct deployment *d, const struct delivery_entry *entry,
                         const struct delivery_bytes *b, struct error *e);

/* In transactions of its own: all pieces but the first, which goes with the delivery's end. */
int delivery_drop_pieces(struct deployment *d, int64_t id, struct error *e);

/* delivery_file of a file that is open already; f->path is its name in messages. */
int delivery_file_of(struct intake *in, const struct delivery_file *f,
                     const struct delivery_bytes *b, struct delivery_totals *ret, struct error *e);

/* ---- rows (delivery_rows.c) ---- */

/* Rows of a file on their way into one transaction: at most BATCH_MAX records. */
struct delivery_batch {
    const struct feed *feed;
    const struct feed_places *places;
    enum language language;
    struct arena arena;
    struct batch_row rows[BATCH_MAX];
    size_t count;
    size_t file_rows; /* that were added, also those that make no record */
    uint64_t next;    /* number of the file's row behind the last, from 0 */
};
void delivery_batch_reset(struct delivery_batch *b, uint64_t next);

/* Whether a row more still fits, when at most `limit` records are wanted. */
bool delivery_batch_room(const struct delivery_batch *b, size_t limit);

/* The row with number b->next; `refusal`: why it could not be read, or NULL. False: it makes more records than fit
 * still; nothing was added. */
bool delivery_batch_add(struct delivery_batch *b, const struct sheet_row *row,
                        const struct error *refusal);

/* Without the rows before this one, which somebody else has taken meanwhile. */
void delivery_batch_skip(struct delivery_batch *b, uint64_t rows_done);

/* A line under the table that sums up or signs: no row of anybody. */
bool delivery_row_sums_up(const struct feed *f, const struct feed_places *p,
                          const struct sheet_row *row);

/* ---- the first reading (delivery_look.c) ---- */

struct delivery_look {
    struct arena arena;
    struct feed_places places;
    uint64_t header_number; /* rows up to this one are no rows of anybody */
    struct slice header;    /* as the file has it */
    uint64_t rows;
    int held; /* what speaks against taking it, whoever may have allowed it */
    struct slice missing, sensitive; /* names of columns; "" where none */
    int64_t rows_before;             /* of the last delivery of the feed */
};
int delivery_look(const struct intake *in, const struct feed *feed, const struct delivery_bytes *b,
                  const char *encoding, int64_t division, struct delivery_look *ret,
                  struct error *e);
void delivery_look_end(struct delivery_look *look);

/* The columns that the holds name. */
struct slice delivery_look_names(const struct delivery_look *look, struct arena *arena);

/* ERR_HELD, and what to do. */
int delivery_held_error(const struct delivery_look *look, int held, struct error *e);

/* Unknown columns of which a sample holds what is sensitive; names in the arena, "" where there are none. */
struct delivery_sample;
struct delivery_sample *delivery_sample_begin(struct arena *arena, const int *columns,
                                              size_t count);
void delivery_sample_row(struct delivery_sample *s, const struct sheet_cell *cells, size_t count);
int delivery_sample_end(struct delivery_sample *s, const struct detect_lexicon *lexicon,
                        const struct slice *header, size_t header_width, struct slice *ret_names,
                        struct error *e);

/* The file's own name of a column, as it may be told. In the arena. */
struct slice delivery_name_shown(const struct detect_lexicon *lexicon, struct slice name,
                                 struct arena *arena);

/* ---- storing (delivery_store.c) ---- */

/* One batch: stored, judged, the feed heard. Inside a write transaction. */
struct delivery_store {
    struct deployment *d;
    const struct edition *edition;
    const struct care_tables *tables;
    struct arena *arena;
    const struct detect_lexicon *lexicon; /* NULL: none */
    const char *feed;                     /* NULL: records as such */
    int64_t delivery_id, now;
    bool baseline, unkept;
    struct batch_row *rows;
    size_t count;
    /* What came of it. */
    uint64_t counts[OUTCOME_COUNT];
    uint64_t changes;
    const int64_t *changed;
    size_t changed_count;
    bool everywhere;
};
int delivery_store(struct delivery_store *s, struct error *e);

/* How many records the next transaction takes, by how many milliseconds the last one kept others waiting. */
void delivery_pace(size_t *limit, int64_t took);
int64_t delivery_clock(void); /* milliseconds */

/* After the commit: refused rows are told, by the department's own names of its columns. */
void delivery_refusals(const struct intake *in, const char *name, struct delivery_batch *b);

/* Adds what came of a batch to the entry and writes the row. */
int delivery_advance(struct deployment *d, struct delivery_entry *entry,
                     const struct delivery_store *s, uint64_t rows_done, struct error *e);

/* What comes row by row on one day: the delivery of department, division (0: of a program), feed (NULL: records as such), channel and header
 * (NONE: none), begun with its first row. Inside a write transaction; only id, counts and rows_done are set. */
int delivery_of_day(struct deployment *d, struct slice department, int64_t division,
                    const char *feed, int channel, struct slice header, int64_t now,
                    struct delivery_entry *ret, struct error *e);

/* Texts as one row of RFC 4180. */
struct slice delivery_csv_row(const struct slice *texts, size_t count, struct arena *arena);

/* ---- taking in (delivery_run.c) ---- */

/* Rows into records, from the cursor on, until the end or until told to stop: totals.state says which. The entry is
 * running already. */
struct delivery_work {
    struct intake *in;
    const struct feed *feed;
    const struct delivery_bytes *bytes;
    const struct delivery_look *look;
    const char *encoding;
    const char *name; /* of the file, for refusals */
    int (*tell)(void *context, const struct delivery_totals *totals,
                struct error *e); /* NULL: nobody waits */
};
int delivery_run(const struct delivery_work *w, const struct delivery_entry *entry,
                 struct delivery_totals *ret, struct error *e);

/* After the last row: told, its pieces dropped, marked. */
int delivery_finish(const struct delivery_work *w, struct delivery_totals *t, struct error *e);

/* Begins what waits or was allowed, inside a write transaction. */
int delivery_enter(struct deployment *d, struct delivery_entry *entry, const struct feed *feed,
                   const struct delivery_look *look, int allow, struct error *e);

/* Becomes a held one, inside a write transaction. */
int delivery_hold(struct deployment *d, struct delivery_entry *entry, const struct feed *feed,
                  const struct delivery_look *look, int held, int64_t now, struct error *e);

void delivery_totals_of(const struct delivery_entry *entry, struct delivery_totals *ret);

#endif
