/* CSV as RFC 4180 has it: read in pieces, with the place of every cell; written with LF.
 *
 * The reader never loses its place: after a row that is not well formed it carries on at the next line
 * that can begin one, so that a single stray quote costs a row, not the file. It checks that the text
 * is UTF-8 and tolerates a byte order mark and LF or CRLF. Memory is bounded by CSV_ROW_MAX. */
#ifndef HUMIAO_BASE_CSV_H
#define HUMIAO_BASE_CSV_H

#include "base/error.h"
#include "base/slice.h"

#include <stdint.h>
#include <stdio.h>

#define CSV_ROW_MAX (1u << 20) /* bytes of one row */
#define CSV_COLUMNS_MAX 256

struct csv_reader;

/* Opens a file; "-" is standard input. `encoding` is NULL for UTF-8, else a name that iconv knows
 * ("gb18030"). Errors: ERR_IO, ERR_PERMISSION, ERR_ENCODING (unknown name). */
int csv_open(const char *path, const char *encoding, struct csv_reader **ret, struct error *e);

/* The same over bytes in memory, which must outlive the reader; for tests and fuzzing. */
int csv_open_bytes(struct slice bytes, const char *encoding, struct csv_reader **ret,
                   struct error *e);
void csv_close(struct csv_reader *r);

struct csv_row {
    const struct slice *cells; /* unquoted; valid until the next call; never NULL pointers */
    size_t count;
    uint64_t line;    /* of the row's first character, from 1 */
    uint64_t offset;  /* in bytes of the UTF-8 text: where the row begins, for a cursor */
    struct slice raw; /* the row as it stood, without its line end: for the quarantine */
};

/* 1: a row. 0: the end. A negative error: ERR_CSV or ERR_ENCODING say that this row cannot be read
 * (ret holds line and raw, and reading may go on); ERR_IO ends the reading. Blank lines are skipped. */
int csv_next(struct csv_reader *r, struct csv_row *ret, struct error *e);

/* From now on a row with another number of cells is ERR_CSV: its cells would stand under the wrong
 * names. csv_header sets it to the header's own number; 0 takes any. */
void csv_expect_cells(struct csv_reader *r, size_t cells);

/* Columns by name. Reads the header line and finds for each of `names` (NULL-terminated) its column.
 * A name that begins with '?' is optional. places[i] is the column or -1. Names met in the file but not
 * asked for are reported through `unknown` (may be NULL), once each.
 * Errors: ERR_FILE_EMPTY, ERR_COLUMN_MISSING, ERR_CSV (two columns of one name). */
int csv_header(struct csv_reader *r, const char *const *names, int *places,
               void (*unknown)(void *context, struct slice name), void *context, struct error *e);

/* Bytes of input consumed so far and the input's size (0 where it is not known): for progress. */
uint64_t csv_consumed(const struct csv_reader *r);
uint64_t csv_size(const struct csv_reader *r);

/* Writes one cell, quoted where it must be. A cell of free text that would begin a formula in a
 * spreadsheet (= + - @ TAB CR) is preceded by an apostrophe when `guard` is set. */
void csv_write_cell(FILE *f, struct slice cell, bool guard);

#endif
