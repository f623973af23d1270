/* A row of records.csv, cut out of any bytes, through the checks of a department record. What passes
 * must keep the promises of its header; what does not must name its column. */
#include "base/arena.h"
#include "base/csv.h"
#include "people/icd10.h"
#include "people/id_number.h"
#include "people/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static void check(const struct csv_row *row, struct arena *a)
{
    struct slice cells[RECORD_COLUMN_COUNT];
    for (size_t i = 0; i < RECORD_COLUMN_COUNT; i++)
        cells[i] = i < row->count ? row->cells[i] : SLICE_LITERAL("");
    struct record record;
    struct error e = {.language = LANGUAGE_ZH};
    int column = -1;
    if (record_check(cells, a, &record, &column, &e) != 0) {
        MUST(e.code != ERR_NONE && column >= 0 && column < RECORD_COLUMN_COUNT);
        return;
    }
    MUST(record.kind > KIND_NONE && record.kind < KIND_COUNT);
    MUST(record.key.n > 0 && department_known(record.department));
    if (record.withdrawn)
        return;
    MUST(record.from >= DAY_FIRST && record.from <= DAY_LAST && record.from < record.to);
    MUST(record.division.n == 0 || record.division.n == 12);
    MUST(id_number_check(record.id_no, NULL) != ID_NUMBER_CHECK_DIGIT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(a);
    struct slice bytes = {(const char *)data, size};
    struct slice block = icd10_block_of(bytes);
    MUST(slice_equal(block, bytes) || slice_equal(icd10_block_of(block), block));
    struct csv_reader *r;
    struct csv_row row;
    MUST(csv_open_bytes(bytes, NULL, &r, NULL) == 0);
    int status;
    while ((status = csv_next(r, &row, NULL)) != 0)
        if (status > 0)
            check(&row, &a);
    csv_close(r);
    return 0;
}
