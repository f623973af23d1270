/* Workbooks made by hand, part by part: what no spreadsheet program would save, too. */
#ifndef HUMIAO_TESTS_SHEET_BOOKS_H
#define HUMIAO_TESTS_SHEET_BOOKS_H

#include "sheet/sheet.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

struct part {
    const char *name;
    struct slice bytes;
};

/* An archive of these parts, in the arena. */
struct slice archive(const struct part *parts, size_t count, struct arena *arena);

/* A workbook of one visible sheet with this sheetData, and these shared strings and styles (NULL: none). `more` (NULL: none) is another part. */
struct slice book(const char *rows, const char *strings, const char *styles,
                  const struct part *more, struct arena *arena);

/* Rows as "a|b|c" with '/' between them and the kind of a cell that is no text before it (n d b f e); a refused row is
 * "!CODE@LINE". An error that ends the reading comes last: "?CODE". In the arena. */
const char *read_here(struct slice bytes, const struct sheet_options *o, struct arena *arena);
const char *read_in_child(struct slice bytes, const struct sheet_options *o, struct arena *arena);

#endif
