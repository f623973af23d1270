/* Rows of data on standard output: CSV, JSON or an aligned table, whatever --format says. */
#ifndef HUMIAO_CLI_ROWS_H
#define HUMIAO_CLI_ROWS_H

#include "cli/command.h"

enum rows_format { ROWS_CSV, ROWS_JSON, ROWS_TABLE };

#define ROWS_COLUMNS_MAX 8

struct rows_writer {
    enum rows_format format;
    const char *const *columns;
    size_t column_count, row_count;
    struct arena *arena;
    char **kept; /* cells of a table, which is printed at the end, when widths are known */
    size_t kept_count, kept_capacity;
};

/* `columns` ends with NULL and lives as long as the writer. ERR_USAGE for an unknown format. */
int rows_begin(struct rows_writer *w, const struct invocation *in, const char *const *columns);

/* One cell a column. NONE is an empty cell, null in JSON. */
void rows_add(struct rows_writer *w, const struct slice *cells);
void rows_end(struct rows_writer *w);

/* Columns of a terminal that the text takes: a Chinese character takes two. */
size_t text_width(const char *text);

void print_padded(const char *text, size_t width);

#endif
