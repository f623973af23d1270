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

int load_divisions(struct deployment *d, const struct load_options *o, struct load_totals *ret,
                   struct error *e)
{
    struct load_file f;
    struct slice cells[COLUMN_COUNT];
    struct division division;
    struct opt_int parent;
    int column;
    int rc = load_file_begin(&f, d, o, columns, e);

    while (rc >= 0 && (rc = load_file_next(&f, cells, e)) > 0) {
        struct error reason = {.language = e->language};
        if (check(cells, &division, &parent, &f.arena, &column, &reason) < 0) {
            rc = load_file_refuse(&f, column, &reason, e);
        } else {
            rc = sql_division_put(d->store, division.code, slice_from(division.name),
                                  division.level, parent, e);
            f.totals.added++;
        }
    }
    return load_file_end(&f, rc, ret, e);
}
