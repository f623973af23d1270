/* The quarantine desk: refused rows are seen, mended, sent back and tried again. Nothing is dropped: a row stays with its
 * reason and with what became of it. */
#ifndef HUMIAO_INTAKE_DESK_H
#define HUMIAO_INTAKE_DESK_H

#include "intake/delivery.h"

enum quarantine_state {
#define QUARANTINE_STATE(symbol, number, name) symbol = number,
#include "intake/quarantine_states.def"
#undef QUARANTINE_STATE
};
const char *quarantine_state_name(int state);

struct desk_row {
    int64_t id, delivery_id, at, settled_at;
    uint64_t line;
    struct slice feed, department; /* NONE: records.csv */
    enum error_code error;
    struct slice column; /* of the file, as the department calls it; NONE: the row as a whole */
    struct slice value;  /* the cell; NONE */
    struct slice reason, remedy; /* in the language of the caller where the catalogue has it */
    int state;
    const struct slice *header, *cells; /* the row as it came, or as it was mended last */
    size_t count;
    const struct feed_column *const
        *columns; /* of each cell, NULL: unmapped; for masking by what it is */
};
struct desk_filter {
    struct slice feed, department; /* NONE: any */
    int64_t delivery_id;           /* 0: any */
    int state;                     /* 0: any */
    int64_t like_id;               /* with the same error, column and value as this row; 0: any */
    struct delivery_scope scope;
};

/* Newest delivery first, then by line; `after` is the last id of the page before, 0: from the start. Reads only. */
int desk_list(struct deployment *d, const struct feed_library *feeds, const struct desk_filter *f,
              int64_t after, size_t limit, struct arena *arena, struct desk_row **ret,
              size_t *ret_count, struct error *e);
int desk_get(struct deployment *d, const struct feed_library *feeds, int64_t id,
             struct arena *arena, struct desk_row *ret, struct error *e);

/* What waits, by feed, column, error and value: largest first. */
struct desk_group {
    struct slice feed, department, column; /* NONE: none */
    enum error_code error;
    int64_t rows, example_id; /* one of them: for `like_id`, and for its texts */
    int64_t oldest_at;
};
int desk_groups(struct deployment *d, const struct feed_library *feeds, const struct desk_filter *f,
                size_t limit, struct arena *arena, struct desk_group **ret, size_t *ret_count,
                struct error *e);

/* A correction of one column of the row, named as the department names it. */
struct desk_edit {
    struct slice column, value;
};
struct desk_totals {
    uint64_t rows, accepted, duplicate, unlinked, still_refused;
};
/* Mends one row and tries it, in the caller's write transaction (as intake_push): its records count into today's delivery by
 * desk of the department. Refused again: it waits with the new reason and with the cells as edited. ERR_WRONG_STATE when it waits no longer. */
int desk_mend(struct push *p, const struct feed_library *feeds, int64_t id,
              const struct desk_edit *edits, size_t count, int64_t account_id,
              struct desk_totals *ret, struct error *e);

/* All that wait and match, as they stand (after a new mapping, or when a division was loaded), or with one edit (all alike: filter.like_id). In transactions of
 * its own of at most 50 records; `after` moves on; ret_more says whether to call again. */
int desk_retry(struct intake *in, const struct desk_filter *f, const struct desk_edit *edit,
               int64_t account_id, int64_t *after, bool *ret_more, struct desk_totals *ret,
               struct error *e);

/* As the department's own sheet (XLSX): its columns in its order, and two more, 退回原因 reason and 处理办法 remedy; the column at
 * fault is tinted. Rows that wait become `returned`. Inside a write transaction; at most 5,000 rows: those that wait still go
 * into the next one. */
int desk_return(struct deployment *d, const struct feed_library *feeds, const struct desk_filter *f,
                int64_t account_id, int64_t now, struct arena *arena, struct slice *ret_xlsx,
                size_t *ret_rows, struct error *e);

/* Nothing follows from this row, and why. Inside a write transaction. */
int desk_set_aside(struct deployment *d, int64_t id, struct slice reason, int64_t account_id,
                   int64_t now, struct error *e);

/* ---- records about somebody the register does not hold ---- */

struct desk_unlinked { /* of one feed */
    struct slice feed, department;
    int64_t records, without_number; /* the latter no arrival can link */
    int64_t oldest_at;
};
/* Of a scope; NULL: all. */
int desk_unlinked_list(struct deployment *d, const struct delivery_scope *scope,
                       struct arena *arena, struct desk_unlinked **ret, size_t *ret_count,
                       struct error *e);

#endif
