/* A table of somebody else's PostgreSQL database (前置库), read by cursor. Reads only: its session is set so. */
#ifndef HUMIAO_STORE_EXCHANGE_H
#define HUMIAO_STORE_EXCHANGE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

struct exchange;

/* ERR_DATABASE_MISSING, ERR_DATABASE. `url` is never part of a message. */
int exchange_open(const char *url, struct exchange **ret, struct error *e);
struct exchange *exchange_close(struct exchange *x); /* takes NULL, returns NULL */

/* The next rows behind the cursor, ascending, as text, all columns of the table. `after` has as many texts as there are cursor columns, or is NULL: from the
 * beginning. Names are quoted. ERR_COLUMN_MISSING: the table has no such cursor column. */
struct exchange_rows {
    const struct slice *names; /* of columns */
    size_t width, count;
    const struct slice *cells;   /* count rows of width; NONE: NULL */
    const struct slice *cursors; /* count rows of cursor values */
};
int exchange_read(struct exchange *x, const char *table, const char *const *cursor,
                  size_t cursor_count, const struct slice *after, size_t limit, struct arena *arena,
                  struct exchange_rows *ret, struct error *e);

#endif
