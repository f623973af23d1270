/* Books made by hand, and rows collected, for the tests of sheets. */
#ifndef HUMIAO_TESTS_SHEET_MAKER_H
#define HUMIAO_TESTS_SHEET_MAKER_H

#include "base/arena.h"
#include "sheet/sheet.h"

#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""

struct part {
    const char *name;
    struct slice bytes;
};

/* A ZIP archive of these parts. */
struct slice archive_of(struct arena *a, const struct part *parts, size_t count);

/* A workbook of one sheet whose <sheetData> holds `rows`; strings, styles and workbook may be NULL. `extra` is one
 * more part, where its name is not NULL. */
struct book_parts {
    const char *rows, *strings, *styles, *workbook, *sheet; /* sheet: the whole part instead of rows */
    struct part extra;
};
struct slice book_of(struct arena *a, const struct book_parts *b);

struct seen {
    struct arena *arena;
    struct sheet_nature nature;
    struct sheet_row rows[512];
    struct error refusals[512]; /* code 0: a row */
    size_t count;
    uint64_t all;
    int rc;
    struct error e;
};

/* All rows by sheet_parse. The arena's. */
struct seen *see(struct arena *a, struct slice bytes, const struct sheet_options *o);

/* All rows by sheet_open and sheet_next, of the same bytes in a file. */
struct seen *see_by_child(struct arena *a, struct slice bytes, const struct sheet_options *o);

/* Bytes as an unnamed file. */
int file_of(struct slice bytes);

const char *cell(const struct seen *s, size_t row, size_t column, struct arena *a);

#endif
