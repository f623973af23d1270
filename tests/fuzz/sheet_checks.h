/* What must hold of every row that a sheet gives, whatever the bytes were. For the harnesses alone. */
#ifndef HUMIAO_FUZZ_SHEET_CHECKS_H
#define HUMIAO_FUZZ_SHEET_CHECKS_H

#include "base/csv.h"
#include "base/utf8.h"
#include "sheet/wire.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

struct seen_rows {
    uint64_t number;
};

/* What the child would say, in memory; flushed to a file that only this process has. */
static inline struct wire_out *to_parent(void)
{
    static struct wire_out w;

    if (!w.buffer)
        MUST(wire_out_begin(&w, memfd_create("fuzz", MFD_CLOEXEC)) == 0 && w.fd >= 0);
    return &w;
}

/* The body of the only frame that was written. */
static inline struct slice frame(struct wire_out *w, enum wire_kind kind)
{
    uint32_t size;

    MUST(w->n >= WIRE_HEAD && !w->broken && w->buffer[4] == (char)kind);
    memcpy(&size, w->buffer, 4);
    MUST(size == w->n - WIRE_HEAD && size <= WIRE_FRAME_MAX);
    w->n = 0;
    return (struct slice){w->buffer + WIRE_HEAD, size};
}

/* The parent reads of the child what the child has read. */
static inline void must_cross(const struct sheet_row *row, const struct error *refusal)
{
    struct wire_out *w = to_parent();
    static struct sheet_cell cells[SHEET_COLUMNS_MAX];
    struct sheet_row got;
    struct error e = {.language = LANGUAGE_EN};

    wire_row(w, row, refusal);
    int rc = wire_read_row(frame(w, WIRE_ROW), cells, &got, &e);
    MUST(rc == (refusal ? -(int)refusal->code : 1));
    MUST(got.line == row->line && got.number == row->number && got.count == row->count);
    MUST(slice_equal(got.raw, row->raw));
    for (size_t i = 0; i < row->count; i++)
        MUST(slice_equal(got.cells[i].text, row->cells[i].text) &&
             got.cells[i].kind == row->cells[i].kind);
}

static inline void check_nature(void *context, const struct sheet_nature *nature)
{
    ARENA_AUTO(arena);
    struct wire_out *w = to_parent();
    struct sheet_nature got;

    wire_nature(w, nature);
    MUST(wire_read_nature(frame(w, WIRE_NATURE), &arena, &got));
    MUST(strcmp(got.format, nature->format) == 0 && got.sheet_count == nature->sheet_count);
}

/* How it ended, too. `e` NULL: with the last row. */
static inline void check_end(const struct error *e)
{
    struct wire_out *w = to_parent();
    char said[WIRE_HEAD + 4096];
    struct error got = {.language = LANGUAGE_EN};

    wire_end(w, e);
    ssize_t n = pread(w->fd, said, sizeof said, 0);
    MUST(n > WIRE_HEAD && ftruncate(w->fd, 0) == 0 && lseek(w->fd, 0, SEEK_SET) == 0);
    MUST(wire_read_end((struct slice){said + WIRE_HEAD, (size_t)n - WIRE_HEAD}, &got) ==
         (e ? -(int)e->code : 0));
}

/* A formula is written as one, and a number that has lost its last digits as such. */
static inline bool is_written_as(const struct sheet_cell *cell, struct slice written)
{
    if (cell->kind == CELL_FORMULA && (cell->text.n == 0 || cell->text.p[0] != '='))
        return written.n == cell->text.n + 1 && written.p[0] == '=' &&
               memcmp(written.p + 1, cell->text.p, cell->text.n) == 0;
    if (cell->kind == CELL_NUMBER && cell->text.n > 15 && memchr(written.p, 'E', written.n))
        return true;
    return slice_equal(written, cell->text);
}

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
        MUST(i < row->count ? is_written_as(&row->cells[i], again.cells[i])
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
        must_cross(row, refusal);
        return 0;
    }
    MUST(row->count > 0 && row->count <= SHEET_COLUMNS_MAX);
    MUST(row->cells[row->count - 1].text.n > 0 || row->cells[row->count - 1].kind == CELL_FORMULA);
    for (size_t i = 0; i < row->count; i++) {
        MUST(row->cells[i].text.p && row->cells[i].kind <= CELL_ERROR);
        MUST(utf8_valid_prefix(row->cells[i].text) == row->cells[i].text.n);
    }
    must_read_back(row);
    must_cross(row, NULL);
    return 0;
}

#endif
