/* What the files of the quarantine desk share. Of this room only. */
#ifndef HUMIAO_INTAKE_DESK_INSIDE_H
#define HUMIAO_INTAKE_DESK_INSIDE_H

#include "intake/delivery_inside.h"
#include "intake/desk.h"
#include "intake/push.h"
#include "store/sql_quarantine.h"

/* What a refused row is a row of. */
enum desk_form {
    DESK_OF_NOTHING, /* a file of the register, or a mapping that is gone: handed in again as a file */
    DESK_OF_FEED,
    DESK_OF_RECORDS
};

/* A refused row, opened. */
struct desk_kept {
    struct desk_row row; /* cells and header are the arena's */
    enum desk_form form;
    bool erased; /* its salt is gone: nothing of it opens any more */
    const struct feed *feed;
    const struct feed_places *places; /* DESK_OF_FEED; also of records: where each stands */
    struct slice detail, hint;        /* as they were written down */
    struct slice set_aside;           /* why a person settled it so; NONE: not */
    struct slice raw;                 /* as it came, or was mended last */
    bool edited, mended; /* edited: some cell, since it was opened; mended: the one at fault */
};

/* The header of a delivery, which its rows share. */
struct desk_header {
    int64_t delivery_id;
    enum desk_form form;
    const struct feed *feed;
    struct slice *names;
    size_t count;
    struct feed_places places;
    const struct feed_column **columns; /* of each name, NULL: unmapped */
};

/* Opening many rows. */
struct desk_reader {
    struct deployment *d;
    const struct feed_library *feeds;
    struct arena *arena;
    enum language language;
    struct desk_header *header;   /* of the row before */
    struct delivery_batch *batch; /* by which a row is tried without being stored */
};
void desk_reader_begin(struct desk_reader *r, struct deployment *d,
                       const struct feed_library *feeds, struct arena *arena,
                       enum language language);
void desk_reader_end(struct desk_reader *r);
int desk_open(struct desk_reader *r, const struct sql_quarantine_of_id *row, struct desk_kept *ret,
              struct error *e);

/* Whatever the row is read by refuses it as it stands: true, with the reason in the reader's language, the
 * column as the file calls it and as we do. */
struct desk_refusal {
    struct error reason;
    struct quarantine_cell cell;
};
bool desk_refused(struct desk_reader *r, const struct desk_kept *k, struct desk_refusal *ret);

/* The place of a column, by its name in the file or by the column that it is; -1: none. */
int desk_column(const struct desk_kept *k, struct slice name);

/* The cells of a row as RFC 4180 has them. What is not well formed is taken as it stands. */
void desk_split(struct slice raw, struct arena *arena, struct slice **ret, size_t *ret_count);

/* Cells of a row in the order of record_columns; those that are not there are NONE. */
void desk_record_cells(const struct desk_kept *k, struct slice ret[RECORD_COLUMN_COUNT]);

/* Sealed anew with what stands in it; the row may have been edited. */
int desk_reseal(struct deployment *d, const struct desk_kept *k, struct arena *arena,
                struct slice *ret, struct error *e);

/* The filter as parameters of the statements. `hash` lives as long as the filter is used. */
struct desk_query {
    struct slice feed, department, value_hash; /* NONE: any */
    int64_t delivery_id, only_id;              /* only_id: this row alone; 0: any */
    int state;
    int64_t division, division_last, covered_on; /* the scope */
    uint8_t hash[SEAL_HASH_SIZE];
};
int desk_query_of(struct deployment *d, const struct desk_filter *f, struct arena *arena,
                  struct desk_query *ret, struct error *e);

/* A page of the desk. */
int desk_page(struct desk_reader *r, const struct desk_query *q, int64_t after, size_t limit,
              struct desk_kept **ret, size_t *ret_count, struct error *e);
int desk_kept_get(struct desk_reader *r, int64_t id, struct desk_kept *ret, struct error *e);

/* Rows of one feed (or records of one department), tried in the caller's transaction: at most
 * BATCH_MAX records. What became of each is written down. A row that is refused again keeps its edits;
 * but where the edit that all have in common (NULL: none) is what is refused, it stays as it was. */
struct desk_trial {
    struct push *p;
    struct desk_reader *reader;
    struct desk_kept *rows;
    size_t count;
    int64_t account_id;
    const struct desk_edit *common;
    struct desk_totals totals;
};
int desk_try(struct desk_trial *t, struct error *e);

/* Whether it waits for somebody still. */
bool desk_open_state(int state);

int desk_audit(struct deployment *d, enum audit_event event, int64_t object_id, int64_t account_id,
               const struct desk_totals *totals, struct error *e);

#endif
