/* Any bytes as what the reader's child might say: the parent believes nothing that does not fit. The first byte is the
 * kind of the frame. */
#include "base/utf8.h"
#include "sheet/wire.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static void check_row(struct slice body)
{
    struct sheet_cell cells[SHEET_COLUMNS_MAX];
    struct sheet_row row;
    struct error e = {.language = LANGUAGE_EN};
    int rc = wire_read_row(body, cells, &row, &e);

    if (rc == 0)
        return;
    MUST(row.count <= SHEET_COLUMNS_MAX && utf8_valid_prefix(row.raw) == row.raw.n);
    for (size_t i = 0; i < row.count; i++) {
        struct slice s = row.cells[i].text;
        MUST(s.p >= body.p && s.p + s.n <= body.p + body.n && row.cells[i].kind <= CELL_ERROR);
    }
    MUST(rc == 1 || rc == -(int)e.code);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    struct sheet_nature nature;

    if (size == 0)
        return 0;
    /* A copy of its own, so that one byte beyond it is seen. */
    struct slice body = arena_copy(&arena, (struct slice){(const char *)data + 1, size - 1});
    body.n = size - 1;
    if (data[0] == WIRE_ROW)
        check_row(body);
    else if (data[0] == WIRE_END)
        wire_read_end(body, &e);
    else if (wire_read_nature(body, &arena, &nature))
        for (size_t i = 0; i < nature.sheet_count; i++)
            MUST(nature.sheets[i]);
    return 0;
}
