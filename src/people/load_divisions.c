#include "people/division.h"
#include "people/load_file.h"
#include "store/sql_division.h"

#include <stdlib.h>

enum { CODE, NAME, LEVEL, PARENT, COLUMN_COUNT };
static const char *const columns[COLUMN_COUNT + 1] = {"code", "name", "level", "parent", NULL};

static int check(const struct slice *cells, struct division *ret, struct opt_int *ret_parent,
                 struct arena *arena, int *column, struct error *e)
{
    int64_t parent = 0;

    *column = CODE;
    if (!division_parse(slice_trim(cells[CODE]), &ret->code))
        return error_set(e, ERR_DIVISION, N_("column %s: %s"), "code",
                         text_in(e->language, N_("a division is a code of 12 digits")));
    *column = NAME;
    ret->name = arena_string(arena, slice_trim(cells[NAME]));
    if (ret->name[0] == '\0')
        return error_set(e, ERR_VALUE, N_("column %s: %s"), "name",
                         text_in(e->language, N_("it is empty")));
    *column = LEVEL;
    ret->level = division_level_parse(slice_trim(cells[LEVEL]));
    if (ret->level == 0)
        return error_set(e, ERR_VALUE, N_("column %s: %s"), "level",
                         text_in(e->language, N_("write province, city, county, town or village")));
    *column = PARENT;
    struct slice text = slice_trim(cells[PARENT]);
    if (text.n > 0 && !division_parse(text, &parent))
        return error_set(e, ERR_DIVISION, N_("column %s: %s"), "parent",
                         text_in(e->language, N_("a division is a code of 12 digits")));
    *ret_parent = text.n > 0 ? opt_int(parent) : OPT_INT_NONE;
    return 0;
}

/* A row that waits for the end of the file: its parent may come later. */
struct pending {
    struct division division;
    struct opt_int parent;
    struct csv_row row; /* raw is in the arena */
    bool refused;
};

struct divisions_load {
    struct load_file f;
    struct arena lasting;
    struct division_tree known; /* those in the database */
    struct pending *rows;
    size_t count, capacity;
};

static int by_code(const void *a, const void *b)
{
    int64_t x = ((const struct pending *)a)->division.code;
    int64_t y = ((const struct pending *)b)->division.code;

    return (x > y) - (x < y);
}

/* The highest level of what is loaded and what is in the file: a county that loads its own tree alone
 * names a city that is not in it. */
static int top_level(const struct divisions_load *l)
{
    int top = 5;

    for (size_t i = 0; i < l->known.count; i++)
        top = l->known.divisions[i].level < top ? l->known.divisions[i].level : top;
    for (size_t i = 0; i < l->count; i++)
        top = l->rows[i].division.level < top ? l->rows[i].division.level : top;
    return top;
}

static bool has_parent(const struct divisions_load *l, const struct pending *row, int top)
{
    struct pending key = {.division = {.code = row->parent.v}};

    if (!row->parent.set || row->division.level == top || division_find(&l->known, row->parent.v))
        return true;
    const struct pending *found = bsearch(&key, l->rows, l->count, sizeof(*l->rows), by_code);
    return found && !found->refused;
}

static int refuse_orphaned(struct divisions_load *l, struct pending *row, struct error *e)
{
    struct error reason = {.language = e->language};

    error_set(&reason, ERR_DIVISION, N_("column %s: %s"), "parent",
              text_in(reason.language, N_("no such division")));
    error_hint(&reason, N_("The parent must be in the file, or have been loaded before."));
    row->refused = true;
    l->f.row = row->row;
    return load_file_refuse(&l->f, PARENT, &reason, e);
}

/* Refusing one row can leave others without a parent, a level below at a time. */
static int settle(struct divisions_load *l, struct error *e)
{
    bool again = true;
    int top = top_level(l), rc = 0;

    if (l->count > 0)
        qsort(l->rows, l->count, sizeof(*l->rows), by_code);
    while (again && rc >= 0) {
        again = false;
        for (size_t i = 0; i < l->count && rc >= 0; i++)
            if (!l->rows[i].refused && !has_parent(l, &l->rows[i], top)) {
                rc = refuse_orphaned(l, &l->rows[i], e);
                again = true;
            }
    }
    for (size_t i = 0; i < l->count && rc >= 0; i++) {
        const struct pending *row = &l->rows[i];
        if (row->refused)
            continue;
        const struct division *old = division_find(&l->known, row->division.code);
        rc = sql_division_put(l->f.d->store, row->division.code, slice_from(row->division.name),
                              row->division.level, row->parent, e);
        if (!old)
            l->f.totals.added++;
        else if (strcmp(old->name, row->division.name) != 0 || old->level != row->division.level)
            l->f.totals.changed++;
        else
            l->f.totals.unchanged++;
    }
    return rc;
}

int load_divisions(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                   struct error *e)
{
    struct divisions_load l = {0};
    struct slice cells[COLUMN_COUNT];
    int rc = load_file_begin(&l.f, d, o, columns, e);

    if (rc == 0)
        rc = division_tree_read(d->store, &l.lasting, &l.known, e);
    while (rc >= 0 && (rc = load_file_next(&l.f, cells, e)) > 0) {
        struct error reason = {.language = e->language};
        struct pending row = {.row = l.f.row};
        int column;
        if (check(cells, &row.division, &row.parent, &l.lasting, &column, &reason) < 0) {
            rc = load_file_refuse(&l.f, column, &reason, e);
            continue;
        }
        row.row.raw = arena_copy(&l.lasting, l.f.row.raw);
        row.row.cells = NULL;
        l.rows = arena_grow(&l.lasting, l.rows, &l.capacity, l.count + 1, sizeof(*l.rows));
        l.rows[l.count++] = row;
    }
    if (rc >= 0)
        rc = settle(&l, e);
    arena_end(&l.lasting);
    return load_file_end(&l.f, rc, ret, e);
}
