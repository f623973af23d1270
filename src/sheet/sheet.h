/* Sheets: a file of rows, whatever it is (CSV in UTF-8, GB 18030 or UTF-16, XLSX), as rows of text.
 *
 * What comes from outside is opened in a child: the same binary started anew (`humiao sheet-reader`), with the
 * file as its standard input and a pipe as its output, without any other open file, without environment, under
 * limits of memory, processor time and files, and behind a seccomp filter that leaves it read, write, memory and
 * exit. It has no key, no database and no network. What it sends is checked like any stranger's word.
 *
 * Refused whole (ERR_SHEET_HOSTILE): archives that unfold beyond their limits, documents with a document type or
 * entities, programs (vbaProject), links outside. ERR_SHEET: no sheet (also .xls and encrypted books, with the
 * remedy in the hint). ERR_SHEET_LIMIT: more rows, columns or bytes than a sheet may have. ERR_SHEET_CUT: an
 * archive or a quoted cell without its end. ERR_FILE_EMPTY. A single row that cannot be read (bytes of another
 * encoding, a stray quote) costs that row.
 *
 * This room knows no child and no mapping. */
#ifndef HUMIAO_SHEET_SHEET_H
#define HUMIAO_SHEET_SHEET_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SHEET_COLUMNS_MAX 256
#define SHEET_ROW_MAX (1u << 20)     /* bytes of one row */
#define SHEET_XLSX_ROWS_MAX 1048576u /* as the format has it */

enum sheet_cell_kind {
    CELL_TEXT = 0,
    CELL_NUMBER, /* XLSX: a number; the text is its shortest exact decimal form, whole ones without exponent up to 10^21 */
    CELL_DATE, /* XLSX: a number under a date format; the text is YYYY-MM-DD, with THH:MM:SS where it has a time */
    CELL_BOOLEAN, /* TRUE or FALSE */
    CELL_FORMULA, /* XLSX: what a formula had given when the book was saved */
    CELL_ERROR    /* #N/A and its kin */
};

struct sheet_cell {
    struct slice text; /* UTF-8; never NULL; "" where the cell is empty */
    enum sheet_cell_kind kind;
};

struct sheet_row {
    const struct sheet_cell *cells; /* valid until the next call */
    size_t count;                   /* trailing empty cells are left out */
    uint64_t line;   /* CSV: of the row's first character; XLSX: the row's own number; from 1 */
    uint64_t number; /* of the row in the sheet, blank ones not counted; from 1 */
    struct slice
        raw; /* the row as RFC 4180 in UTF-8, without its line end: for the quarantine. Of a refused row
                                     * that is not UTF-8, bytes that are none become U+FFFD */
};

struct sheet_options {
    const char *
        encoding; /* NULL: found out (BOM, then UTF-8 if every byte of the first MiB is, else GB 18030) */
    const char
        *sheet; /* XLSX: which sheet, by name, may end in `*`; NULL: the first that is visible */
    const char *program; /* NULL: /proc/self/exe; tests name the binary */
    uint64_t bytes_max;  /* of the file; 0: 2 GiB */
};

struct sheet;

/* Starts the child on an open file, of which it gets a copy at its beginning; a pipe is taken too (CSV only). The
 * caller keeps `fd`. ERR_IO, ERR_MEMORY. */
int sheet_open(int fd, const struct sheet_options *o, struct sheet **ret, struct error *e);

/* The next row. 1: a row; 0: the end; negative: ERR_CSV or ERR_ENCODING or ERR_TOO_LONG say that this row cannot be
 * read (ret holds line, number and raw, and reading may go on); any other error ends the reading. A child that died is an error too,
 * never an end. */
int sheet_next(struct sheet *s, struct sheet_row *ret, struct error *e);

/* What the child found the file to be: "csv" or "xlsx", encoding ("utf-8", "gb18030", "utf-16"), name of the sheet read
 * and names of all sheets. Known once sheet_next was called. Lives as long as the sheet. */
struct sheet_nature {
    const char *format, *encoding, *sheet;
    const char *const *sheets;
    size_t sheet_count;
};
const struct sheet_nature *sheet_nature(const struct sheet *s);

/* Ends the child, whatever it does. Takes NULL, returns NULL. */
struct sheet *sheet_close(struct sheet *s);

/* What the child does: standard input to standard output; returns its exit status. Called by `humiao sheet-reader`
 * alone. */
int sheet_reader_main(int argc, char **argv);

/* ---- the pure part, for tests, fuzzing and the bench: the same rows in this process, without a child ---- */

/* Rows go to `row` (return 0 to go on); refused ones to it too, with `refusal` set. */
struct sheet_sink {
    int (*row)(void *context, const struct sheet_row *row, const struct error *refusal);
    void (*nature)(void *context,
                   const struct sheet_nature *nature); /* before the first row; may be NULL */
    void *context;
};
int sheet_parse(struct slice bytes, const struct sheet_options *o, const struct sheet_sink *sink,
                struct error *e);

/* ---- writing ---- */

/* A workbook of one sheet, for people: every cell is text, none is a formula; the header is frozen and bold; columns in
 * `marked` (bits of the first 64) are tinted. Rows are given as they come; closed by sheet_writer_end, which puts the file's bytes
 * into the arena. ERR_MEMORY, ERR_IO. */
struct sheet_writer;
int sheet_writer_begin(const char *sheet_name, const struct slice *header, size_t count,
                       uint64_t marked, struct sheet_writer **ret, struct error *e);
int sheet_writer_row(struct sheet_writer *w, const struct slice *cells, size_t count,
                     struct error *e);
int sheet_writer_end(struct sheet_writer *w, struct arena *arena, struct slice *ret,
                     struct error *e); /* frees it */

#endif
