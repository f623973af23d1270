/* What must hold of every row that a sheet gives, whatever the bytes were. For the harnesses alone. */
#ifndef HUMIAO_FUZZ_SHEET_CHECKS_H
#define HUMIAO_FUZZ_SHEET_CHECKS_H

#include "base/csv.h"
#include "base/utf8.h"
#include "sheet/sheet.h"

#include <stdlib.h>

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

struct seen_rows {
    uint64_t number;
};

/* The row as text reads back as its cells. */
static inline void must_read_back(const struct sheet_row *row)
{
    struct csv_reader *r;
    struct csv_row again;
    struct error e = {.language = LANGUAGE_EN};

    if (row->raw.n >= 3 && memcmp(row->raw.p, "\xEF\xBB\xBF", 3) == 0)
        return; /* a mark in the middle of a file is text, at its beginning it is none */
    for (size_t i = 0; i < row->count; i++)
        if (memchr(row->cells[i].text.p, '\0', row->cells[i].text.n))
            return;
    MUST(csv_open_bytes(row->raw, NULL, &r, &e) == 0);
    MUST(csv_next(r, &again, &e) == 1);
    MUST(again.count >= row->count);
    for (size_t i = 0; i < again.count; i++)
        MUST(i < row->count ? slice_equal(again.cells[i], row->cells[i].text)
                            : again.cells[i].n == 0);
    csv_close(r);
}

static inline int check_row(void *context, const struct sheet_row *row, const struct error *refusal)
{
    struct seen_rows *seen = context;

    MUST(row->number == ++seen->number);
    MUST(utf8_valid_prefix(row->raw) == row->raw.n);
    if (refusal) {
        MUST(refusal->code == ERR_CSV || refusal->code == ERR_ENCODING ||
             refusal->code == ERR_TOO_LONG);
        return 0;
    }
    MUST(row->count > 0 && row->count <= SHEET_COLUMNS_MAX);
    MUST(row->cells[row->count - 1].text.n > 0 || row->cells[row->count - 1].kind == CELL_FORMULA);
    for (size_t i = 0; i < row->count; i++) {
        MUST(row->cells[i].text.p && row->cells[i].kind <= CELL_ERROR);
        MUST(utf8_valid_prefix(row->cells[i].text) == row->cells[i].text.n);
    }
    must_read_back(row);
    return 0;
}

#endif
