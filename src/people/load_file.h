/* What the loads share: the file, its columns, one transaction, refused rows. Of this room only. */
#ifndef HUMIAO_PEOPLE_LOAD_FILE_H
#define HUMIAO_PEOPLE_LOAD_FILE_H

#include "base/arena.h"
#include "base/progress.h"
#include "people/load.h"

#define LOAD_COLUMNS_MAX 16

struct load_file {
    struct deployment *d;
    const struct load_options *options;
    struct csv_reader *csv;
    const char *const *columns;
    int places[LOAD_COLUMNS_MAX];
    struct progress progress;
    struct id_source subjects;
    int64_t delivery_id, now;
    struct load_totals totals;
    struct csv_row row;
    struct arena arena; /* reset for each row */
};

/* Opens the file, reads the header, begins the transaction and the delivery. */
int load_file_begin(struct load_file *f, struct deployment *d, const struct load_options *o,
                    const char *const *columns, struct error *e);

/* The next row as cells in the order of the columns (an absent optional one is NONE): 1, or 0 at the
 * end, or an error that ends the load. Rows that are no CSV are refused on the way. */
int load_file_next(struct load_file *f, struct slice *ret_cells, struct error *e);

/* Refuses the current row: it goes to quarantine and is told. `column` is an index or -1. */
int load_file_refuse(struct load_file *f, int column, const struct error *reason, struct error *e);

/* Commits (rc 0) or rolls back, closes all, and gives the totals. */
int load_file_end(struct load_file *f, int rc, struct load_totals *ret, struct error *e);

/* Whether what the file does not name shall end: with --full, and when no row was refused. A refused row
 * may name anybody, so then nothing ends, and a warning says so. */
bool load_file_ends_absent(const struct load_file *f);

#endif
