#include "sheet/sheet.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define WIDTH 18       /* of a column, in characters */
#define CELL_MAX 32767 /* characters of a cell, as the format has it; bytes are never fewer */

struct sheet_writer {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *plain, *marked;
    uint64_t mark;
    uint32_t row;
    struct arena scratch;
    int file; /* in memory */
};

/* What XML cannot hold is left out, and a cell ends where the format ends it. */
static const char *clean(struct sheet_writer *w, struct slice s)
{
    char *out = arena_take(&w->scratch, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n && n < CELL_MAX; i++)
        if ((unsigned char)s.p[i] >= 0x20 || s.p[i] == '\t' || s.p[i] == '\n')
            out[n++] = s.p[i];
    n = utf8_valid_prefix((struct slice){out, n}); /* no half character at the cut */
    out[n] = '\0';
    return out;
}

static int put_row(struct sheet_writer *w, const struct slice *cells, size_t count,
                   lxw_format *format, struct error *e)
{
    arena_reset(&w->scratch);
    for (size_t i = 0; i < count; i++) {
        bool marked = !format && i < 64 && (w->mark >> i & 1);
        lxw_format *f = format ? format : marked ? w->marked : w->plain;
        lxw_error rc = cells[i].n ? worksheet_write_string(w->sheet, w->row, (lxw_col_t)i,
                                                           clean(w, cells[i]), f)
                                  : worksheet_write_blank(w->sheet, w->row, (lxw_col_t)i, f);
        if (rc != LXW_NO_ERROR)
            return error_set(e, rc == LXW_ERROR_MEMORY_MALLOC_FAILED ? ERR_MEMORY : ERR_IO, NULL);
    }
    w->row++;
    return 0;
}

int sheet_writer_begin(const char *sheet_name, const struct slice *header, size_t count,
                       uint64_t marked, struct sheet_writer **ret, struct error *e)
{
    struct sheet_writer *w = calloc(1, sizeof(*w));
    lxw_workbook_options options = {.tmpdir = "/dev/shm"}; /* memory: no plain text on a disk */
    char path[40];

    if (!w)
        return error_set(e, ERR_MEMORY, NULL);
    w->mark = marked;
    w->file = memfd_create("sheet", MFD_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", w->file);
    w->book = w->file < 0 ? NULL : workbook_new_opt(path, &options);
    w->sheet = w->book ? workbook_add_worksheet(w->book, sheet_name) : NULL;
    if (!w->sheet) {
        if (w->file >= 0)
            close(w->file);
        free(w);
        return error_set(e, ERR_MEMORY, NULL);
    }
    lxw_format *bold = workbook_add_format(w->book);
    w->plain = workbook_add_format(w->book);
    w->marked = workbook_add_format(w->book);
    format_set_bold(bold);
    format_set_num_format(w->plain, "@");
    format_set_num_format(w->marked, "@");
    format_set_bg_color(w->marked, 0xFFF2CC);
    worksheet_freeze_panes(w->sheet, 1, 0);
    worksheet_set_column(w->sheet, 0, (lxw_col_t)(count ? count - 1 : 0), WIDTH, NULL);
    int rc = put_row(w, header, count, bold, e);
    if (rc < 0) {
        struct arena scratch = ARENA_EMPTY;
        struct slice none;
        sheet_writer_end(w, &scratch, &none, e);
        arena_end(&scratch);
        return rc;
    }
    *ret = w;
    return 0;
}

int sheet_writer_row(struct sheet_writer *w, const struct slice *cells, size_t count,
                     struct error *e)
{
    return put_row(w, cells, count, NULL, e);
}

/* The file's bytes, from its beginning. */
static int read_back(int file, struct arena *arena, struct slice *ret, struct error *e)
{
    struct stat about;
    size_t done = 0;

    if (fstat(file, &about) != 0)
        return error_set_errno(e, errno, "");
    char *bytes = arena_take(arena, (size_t)about.st_size + 1);
    while (done < (size_t)about.st_size) {
        ssize_t n = pread(file, bytes + done, (size_t)about.st_size - done, (off_t)done);
        if (n <= 0)
            return error_set_errno(e, errno, "");
        done += (size_t)n;
    }
    *ret = (struct slice){bytes, done};
    return 0;
}

int sheet_writer_end(struct sheet_writer *w, struct arena *arena, struct slice *ret,
                     struct error *e)
{
    int rc = workbook_close(w->book) == LXW_NO_ERROR ? read_back(w->file, arena, ret, e)
                                                     : error_set(e, ERR_IO, NULL);

    close(w->file);
    arena_end(&w->scratch);
    free(w);
    return rc;
}
