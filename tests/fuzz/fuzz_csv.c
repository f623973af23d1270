/* The CSV reader over any bytes. The first byte chooses the encoding: 'g' is GB 18030, 'x' is one that does not exist;
 * 'f' reads from a file, block by block, and asks of each row as many cells as the first one has; 'l' does so with the
 * bytes over and over, until they are more than a row may have. What it reads must be
 * UTF-8, lie in its row, move forward, and come back the same when it is written. */
#include "base/csv.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static void must_come_back(const struct csv_row *row)
{
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    for (size_t i = 0; i < row->count; i++) {
        if (i)
            putc(',', f);
        csv_write_cell(f, row->cells[i], false);
    }
    putc('\n', f);
    fclose(f);
    struct csv_reader *r;
    struct csv_row again;
    /* What looks like a byte order mark at the start of a file is text in the middle of one. */
    if (row->cells[0].n >= 3 && memcmp(row->cells[0].p, "\xEF\xBB\xBF", 3) == 0) {
        free(text);
        return;
    }
    MUST(csv_open_bytes((struct slice){text, n}, NULL, &r, NULL) == 0);
    MUST(csv_next(r, &again, NULL) == 1);
    MUST(again.count == row->count);
    for (size_t i = 0; i < row->count; i++)
        MUST(slice_equal(again.cells[i], row->cells[i]));
    MUST(csv_next(r, &again, NULL) == 0);
    csv_close(r);
    free(text);
}

/* From a file that only this process has. */
static struct csv_reader *open_file(struct slice bytes)
{
    struct error e = {.language = LANGUAGE_EN};
    struct csv_reader *r;
    char path[64];
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    MUST(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    MUST(csv_open(path, NULL, &r, &e) == 0);
    close(fd);
    return r;
}

static struct slice repeated(struct slice bytes, struct arena *arena)
{
    size_t times = bytes.n ? CSV_ROW_MAX / bytes.n + 2 : 0;
    char *all = arena_take(arena, times * bytes.n + 1);

    for (size_t i = 0; i < times; i++)
        memcpy(all + i * bytes.n, bytes.p, bytes.n);
    return (struct slice){all, times * bytes.n};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(arena);
    if (size < 1)
        return 0;
    struct error e = {.language = LANGUAGE_ZH};
    struct slice bytes = {(const char *)data + 1, size - 1};
    bool long_row = data[0] == 'l' && size <= 6; /* few inputs: each is a MiB of work */
    struct csv_reader *r;
    const char *encoding = data[0] == 'g' ? "gb18030" : data[0] == 'x' ? "no-such" : NULL;
    if (long_row)
        bytes = repeated(bytes, &arena);
    if (data[0] == 'f' || long_row)
        r = open_file(bytes);
    else if (csv_open_bytes(bytes, encoding, &r, &e) != 0) {
        MUST(e.code == ERR_ENCODING && data[0] == 'x');
        return 0;
    }
    struct csv_row row;
    uint64_t line = 0, past = 0;
    int status;
    while ((status = csv_next(r, &row, &e)) != 0) {
        MUST(row.line > line && (past == 0 || row.offset > past));
        MUST(csv_consumed(r) <= csv_size(r));
        line = row.line;
        past = row.offset;
        if (status < 0) {
            MUST((status == -ERR_CSV || status == -ERR_ENCODING) && e.detail[0] != '\0');
            continue;
        }
        MUST(row.count >= 1 && row.count <= CSV_COLUMNS_MAX);
        if (data[0] == 'f' || long_row)
            csv_expect_cells(r, row.count);
        MUST(utf8_valid_prefix(row.raw) == row.raw.n);
        size_t total = 0;
        for (size_t i = 0; i < row.count; i++)
            total += row.cells[i].n;
        MUST(total <= row.raw.n);
        /* One empty cell is written as a blank line; of very many rows the same is not asked again and again. */
        if (!long_row && (row.count > 1 || row.cells[0].n > 0))
            must_come_back(&row);
    }
    MUST(csv_consumed(r) == csv_size(r));
    csv_close(r);
    return 0;
}
