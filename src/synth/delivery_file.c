/* One file of a list: a workbook, or text in the encoding of the department's programs. */
#include "synth/deliveries.h"

#include "base/csv.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

struct synth_sheet {
    lxw_workbook *book; /* NULL: text */
    lxw_worksheet *sheet;
    lxw_format *bold, *date;
    FILE *text;
    iconv_t converter; /* (iconv_t)-1: UTF-8 */
    const char *path;
    lxw_row_t row;
    bool failed;
};

/* Day 0 of workbooks is 1899-12-30. */
#define BOOK_DAY (-25569)

static int open_book(struct synth_sheet *s, const struct synth_list *l, struct error *e)
{
    lxw_workbook_options options = {.constant_memory = l->shape == SHAPE_XLSX_TEXT};
    lxw_doc_properties properties = {.created = 1782748800}; /* not the clock: the same bytes */

    s->book = workbook_new_opt(s->path, &options);
    s->sheet = s->book ? workbook_add_worksheet(s->book, "Sheet1") : NULL;
    if (!s->sheet)
        return error_set(e, ERR_IO, "%s", s->path);
    workbook_set_properties(s->book, &properties);
    s->bold = workbook_add_format(s->book);
    format_set_bold(s->bold);
    s->date = workbook_add_format(s->book);
    format_set_num_format(s->date, "yyyy/m/d");
    return 0;
}

static int open_text(struct synth_sheet *s, const struct synth_list *l, struct error *e)
{
    s->text = fopen(s->path, "we");
    if (!s->text)
        return error_set_errno(e, errno, s->path);
    if (l->shape == SHAPE_GB18030) {
        s->converter = iconv_open("GB18030", "UTF-8");
        if (s->converter == (iconv_t)-1)
            return error_set_errno(e, errno, s->path);
    } else {
        fputs("\xef\xbb\xbf", s->text);
    }
    return 0;
}

int synth_sheet_open(const char *path, const struct synth_list *l, struct synth_sheet **ret,
                     struct error *e)
{
    struct synth_sheet *s = calloc(1, sizeof(*s));
    int rc;

    if (!s)
        abort();
    s->path = path;
    s->converter = (iconv_t)-1;
    rc = l->shape == SHAPE_XLSX || l->shape == SHAPE_XLSX_TEXT ? open_book(s, l, e)
                                                               : open_text(s, l, e);
    if (rc < 0)
        synth_sheet_close(s, NULL);
    else
        *ret = s;
    return rc;
}

static void write_text(struct synth_sheet *s, char *line, size_t n)
{
    char room[8192], *to = room, *from = line;
    size_t left = sizeof(room);

    if (s->converter == (iconv_t)-1) {
        fwrite(line, 1, n, s->text);
        return;
    }
    if (iconv(s->converter, &from, &n, &to, &left) == (size_t)-1)
        s->failed = true;
    fwrite(room, 1, sizeof(room) - left, s->text);
}

static void write_line(struct synth_sheet *s, const struct synth_cell *cells, size_t count)
{
    char *line = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&line, &n);

    if (!f)
        abort();
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc(',', f);
        csv_write_cell(f, slice_from(cells[i].text), false);
    }
    fputs(s->converter == (iconv_t)-1 ? "\n" : "\r\n", f);
    if (fclose(f) != 0)
        abort();
    write_text(s, line, n);
    free(line);
}

static void write_cell(struct synth_sheet *s, lxw_col_t column, const struct synth_cell *c,
                       bool header)
{
    double serial = (double)(c->date - BOOK_DAY - 0);

    if (*c->text == 0)
        return;
    switch (c->form) {
    case CELL_IS_TEXT:
        worksheet_write_string(s->sheet, s->row, column, c->text, header ? s->bold : NULL);
        break;
    case CELL_IS_DATE: worksheet_write_number(s->sheet, s->row, column, serial, s->date); break;
    case CELL_IS_SERIAL: worksheet_write_number(s->sheet, s->row, column, serial, NULL); break;
    case CELL_IS_NUMBER:
        worksheet_write_number(s->sheet, s->row, column, strtod(c->text, NULL), NULL);
        break;
    case CELL_IS_FORMULA: worksheet_write_formula(s->sheet, s->row, column, c->text, NULL); break;
    }
}

void synth_sheet_row(struct synth_sheet *s, const struct synth_cell *cells, size_t count,
                     bool header)
{
    if (!s->book) {
        write_line(s, cells, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        write_cell(s, (lxw_col_t)i, &cells[i], header);
    s->row++;
}

void synth_sheet_titles(struct synth_sheet *s, const char *const *lines, size_t count, size_t width)
{
    for (size_t i = 0; i < count; i++) {
        struct synth_cell cell = {.form = CELL_IS_TEXT};
        snprintf(cell.text, sizeof(cell.text), "%s", lines[i]);
        if (s->book && width > 1)
            worksheet_merge_range(s->sheet, s->row, 0, s->row, (lxw_col_t)(width - 1), cell.text,
                                  s->bold);
        else
            write_line(s, &cell, 1);
        s->row++;
    }
}

int synth_sheet_close(struct synth_sheet *s, struct error *e)
{
    bool failed = s->failed;
    int errnum = 0;

    if (s->book) {
        failed = workbook_close(s->book) != LXW_NO_ERROR || failed;
    } else if (s->text) {
        failed = ferror(s->text) != 0 || failed;
        if (fclose(s->text) != 0) {
            errnum = errno;
            failed = true;
        }
    }
    if (s->converter != (iconv_t)-1)
        iconv_close(s->converter);
    const char *path = s->path;
    free(s);
    return failed ? error_set_errno(e, errnum ? errnum : EIO, path) : 0;
}
