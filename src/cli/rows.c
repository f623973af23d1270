#include "cli/rows.h"

#include "base/csv.h"

#include <stdio.h>
#include <unistd.h>

int rows_begin(struct rows_writer *w, const struct invocation *in, const char *const *columns)
{
    static const char *const names[] = {"csv", "json", "table"};
    const char *format = invocation_value(in, "--format");

    *w = (struct rows_writer){.columns = columns,
                              .arena = in->arena,
                              .format = isatty(STDOUT_FILENO) ? ROWS_TABLE : ROWS_CSV};
    while (columns[w->column_count])
        w->column_count++;
    for (int i = 0; format && i < 3; i++)
        if (strcmp(format, names[i]) == 0) {
            w->format = (enum rows_format)i;
            format = NULL;
        }
    if (format) {
        error_set(in->error, ERR_USAGE, N_("there is no format %s"), format);
        return error_hint(in->error, N_("Formats are csv, json and table."));
    }
    if (w->format == ROWS_CSV)
        for (size_t i = 0; i < w->column_count; i++)
            printf("%s%s", columns[i], i + 1 < w->column_count ? "," : "\n");
    if (w->format == ROWS_JSON)
        printf("[");
    return 0;
}

static void print_json_string(struct slice s)
{
    putchar('"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c < 0x20)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void add_json(struct rows_writer *w, const struct slice *cells)
{
    printf("%s\n{", w->row_count ? "," : "");
    for (size_t i = 0; i < w->column_count; i++) {
        printf("%s\"%s\":", i ? "," : "", w->columns[i]);
        if (cells[i].p)
            print_json_string(cells[i]);
        else
            printf("null");
    }
    putchar('}');
}

void rows_add(struct rows_writer *w, const struct slice *cells)
{
    switch (w->format) {
    case ROWS_CSV:
        for (size_t i = 0; i < w->column_count; i++) {
            if (cells[i].p)
                csv_write_cell(stdout, cells[i], false);
            putchar(i + 1 < w->column_count ? ',' : '\n');
        }
        break;
    case ROWS_JSON: add_json(w, cells); break;
    case ROWS_TABLE:
        w->kept = arena_grow(w->arena, w->kept, &w->kept_capacity, w->kept_count + w->column_count,
                             sizeof(*w->kept));
        for (size_t i = 0; i < w->column_count; i++)
            w->kept[w->kept_count++] = arena_string(w->arena,
                                                    cells[i].p ? cells[i] : SLICE_LITERAL(""));
        break;
    }
    w->row_count++;
}

size_t text_width(const char *text)
{
    size_t width = 0;

    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if ((*p & 0xc0) != 0x80)                       /* begins a character */
            width += *p >= 0xe2 && *p != 0xe2 ? 2 : 1; /* U+3000 and beyond are wide, near enough */
    return width;
}

void print_padded(const char *text, size_t width)
{
    size_t used = text_width(text);

    fputs(text, stdout);
    printf("%*s", used < width ? (int)(width - used) : 0, "");
}

void rows_end(struct rows_writer *w)
{
    size_t widths[ROWS_COLUMNS_MAX] = {0};

    if (w->format == ROWS_JSON)
        printf("%s]\n", w->row_count ? "\n" : "");
    if (w->format != ROWS_TABLE || w->column_count == 0)
        return;
    for (size_t i = 0; i < w->column_count; i++)
        widths[i] = text_width(w->columns[i]);
    for (size_t i = 0; i < w->kept_count; i++) {
        size_t width = text_width(w->kept[i]);
        if (width > widths[i % w->column_count])
            widths[i % w->column_count] = width;
    }
    for (size_t i = 0; i < w->column_count; i++)
        print_padded(w->columns[i], i + 1 < w->column_count ? widths[i] + 2 : 0);
    putchar('\n');
    for (size_t i = 0; i < w->kept_count; i++) {
        bool last = i % w->column_count == w->column_count - 1;
        print_padded(w->kept[i], last ? 0 : widths[i % w->column_count] + 2);
        if (last)
            putchar('\n');
    }
}
