/* Quarantine: a refused row is kept as it stood, sealed, with its reason; nothing is dropped. */
#ifndef HUMIAO_PEOPLE_QUARANTINE_H
#define HUMIAO_PEOPLE_QUARANTINE_H

#include "access/subject.h"
#include "base/csv.h"

/* Where refused rows are told as they are met. `column` is the name of the column, or NULL. */
struct refusal {
    const char *file;
    uint64_t line;
    const char *column;
    const struct error *error;
};
struct refusal_sink {
    void (*tell)(void *context, const struct refusal *refusal);
    void *context;
};

/* Keeps the row inside the caller's transaction, and tells the sink when the row is safe to tell: the
 * caller may still roll back, and says so then. `ids` is the source of subject ids. */
int quarantine_keep(struct deployment *d, struct id_source *ids, int64_t delivery_id,
                    const struct csv_row *row, const char *column, const struct error *reason,
                    struct error *e);

/* What a refusal is of. */
struct quarantine_cell {
    const char *column; /* ours: a name of records.csv or of a mapping; NULL: the row as a whole */
    struct slice named; /* as the file calls it; NONE: the row as a whole */
    struct slice value; /* the cell; NONE: none */
};

/* The same for a row of a delivery, with its cell: sealed as row, name of the column in the file, detail, hint
 * and cell, and with a keyed hash of column, error and cell, by which rows that can be mended alike find
 * each other. */
int quarantine_keep_cell(struct deployment *d, struct id_source *ids, int64_t delivery_id,
                         uint64_t line, struct slice raw, const struct quarantine_cell *cell,
                         const struct error *reason, struct error *e);

/* The hash alone. */
int quarantine_cell_hash(struct sealer *s, const char *column, enum error_code error,
                         struct slice value, uint8_t ret[SEAL_HASH_SIZE], struct error *e);

#endif
