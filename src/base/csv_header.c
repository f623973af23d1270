#include "base/csv.h"

/* The same name twice would leave open which of the two is meant. Nameless columns, as spreadsheets
 * leave at the right edge, are nobody's. */
static int check_twice(const struct csv_row *row, struct error *e)
{
    for (size_t i = 0; i < row->count; i++)
        for (size_t j = 0; j < i; j++)
            if (row->cells[i].n &&
                slice_equal(slice_trim(row->cells[i]), slice_trim(row->cells[j])))
                return error_set(e, ERR_CSV,
                                 N_("line %llu: columns %zu and %zu have the same name"),
                                 (unsigned long long)row->line, j + 1, i + 1);
    return 0;
}

static int find_column(const struct csv_row *row, const char *name)
{
    for (size_t i = 0; i < row->count; i++)
        if (slice_is(slice_trim(row->cells[i]), name))
            return (int)i;
    return -1;
}

static bool is_asked_for(const char *const *names, struct slice cell)
{
    for (; *names; names++)
        if (slice_is(cell, **names == '?' ? *names + 1 : *names))
            return true;
    return false;
}

int csv_header(struct csv_reader *r, const char *const *names, int *places,
               void (*unknown)(void *context, struct slice name), void *context, struct error *e)
{
    struct csv_row row;
    int status = csv_next(r, &row, e);
    if (status == 0)
        return error_set(e, ERR_FILE_EMPTY, NULL);
    if (status < 0)
        return status;
    status = check_twice(&row, e);
    if (status != 0)
        return status;
    for (size_t i = 0; names[i]; i++) {
        bool optional = names[i][0] == '?';
        places[i] = find_column(&row, names[i] + optional);
        if (places[i] < 0 && !optional) {
            error_set(e, ERR_COLUMN_MISSING, N_("line %llu: no column is named \"%s\""),
                      (unsigned long long)row.line, names[i]);
            return error_hint(e, N_("The first line of the file must name its columns."));
        }
    }
    for (size_t i = 0; unknown && i < row.count; i++) {
        struct slice name = slice_trim(row.cells[i]);
        if (name.n && !is_asked_for(names, name))
            unknown(context, name);
    }
    csv_expect_cells(r, row.count);
    return 0;
}
