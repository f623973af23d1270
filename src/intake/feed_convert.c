/* A row of a file as records. */
#include "base/utf8.h"
#include "intake/feed_inside.h"

#define HEADER_SHOWN 60 /* bytes of the file's name for a column in a message */

/* A row whose columns have been read. */
struct reading {
    const struct feed *f;
    struct arena *arena;
    struct slice values[FEED_COLUMNS_MAX];
};

static int tell_column(const struct feed_places *p, const struct feed_column *c, int place,
                       struct error *e)
{
    struct error inner = *e;
    struct slice shown = p->header[place];

    if (shown.n > HEADER_SHOWN)
        shown.n = utf8_valid_prefix((struct slice){shown.p, HEADER_SHOWN});
    error_set(e, inner.code, N_("column %s (%.*s): %s"), c->name, (int)shown.n, shown.p,
              inner.detail);
    return inner.hint[0] ? error_hint(e, "%s", inner.hint) : -(int)inner.code;
}

static int read_columns(struct reading *r, const struct feed_places *p,
                        const struct sheet_cell *cells, size_t count, int *ret_column,
                        struct error *e)
{
    struct error own = {.language = LANGUAGE_EN};

    if (!e)
        e = &own;
    for (size_t i = 0; i < r->f->column_count; i++) {
        int place = p->place[i];
        r->values[i] = SLICE_LITERAL("");
        if (place < 0 || (size_t)place >= count)
            continue;
        if (feed_read_cell(&r->f->columns[i], &cells[place], r->arena, &r->values[i], e) < 0) {
            if (ret_column)
                *ret_column = (int)i;
            return tell_column(p, &r->f->columns[i], place, e);
        }
    }
    return 0;
}

static bool holds(const struct reading *r, const struct feed_condition *c)
{
    bool met = false;

    for (size_t i = 0; i < c->count && !met; i++)
        met = slice_equal(c->values[i], r->values[c->column]);
    return met != c->negated;
}

/* Of a template one of whose columns is empty nothing is made: "-h" alone is no key. */
static struct slice fill(const struct reading *r, struct slice template)
{
    struct feed_piece pieces[FEED_PIECES_MAX];
    size_t count = feed_pieces(template, pieces), n = 0;

    for (size_t i = 0; i < count; i++) {
        int column = pieces[i].column ? feed_column_find(r->f, pieces[i].text) : -1;
        if (pieces[i].column)
            pieces[i].text = column < 0 ? SLICE_LITERAL("") : r->values[column];
        if (pieces[i].text.n == 0)
            return SLICE_LITERAL("");
        n += pieces[i].text.n;
    }
    if (count == 1)
        return pieces[0].text;
    char *text = arena_take(r->arena, n + 1);
    n = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(text + n, pieces[i].text.p, pieces[i].text.n);
        n += pieces[i].text.n;
    }
    return (struct slice){text, n};
}

/* A day alone counts as its first moment. */
static struct slice revision_of(struct slice text, struct arena *arena)
{
    day d;

    return day_parse(text, &d)
               ? slice_from(arena_printf(arena, "%.*sT00:00:00+08:00", (int)text.n, text.p))
               : text;
}

/* False: the row says that there is none. */
static bool make(const struct reading *r, const struct feed_record *record, struct feed_cells *ret)
{
    if (record->when.column >= 0 && !holds(r, &record->when))
        return false;
    for (int i = 0; i < RECORD_COLUMN_COUNT; i++)
        ret->cells[i] = fill(r, record->templates[i]);
    if (record->kind != KIND_NONE)
        ret->cells[RECORD_KIND] = slice_from(record_kind_name(record->kind));
    ret->cells[RECORD_DEPARTMENT] = r->f->department;
    ret->cells[RECORD_REVISION] = revision_of(ret->cells[RECORD_REVISION], r->arena);
    if (record->withdrawn.column >= 0 && holds(r, &record->withdrawn))
        ret->cells[RECORD_VALUE] = SLICE_LITERAL("retracted");
    return ret->cells[RECORD_KIND].n > 0;
}

static bool line_of_totals(const struct sheet_cell *cells, size_t count, struct arena *arena)
{
    static const char *const words[] = {"合计", "总计", "小计", "共计"};
    size_t i = 0;

    while (i < count && cells[i].text.n == 0)
        i++;
    if (i == count)
        return true;
    struct slice first = feed_unspaced(cells[i].text, arena);
    for (i = 0; i < COUNT(words); i++)
        if (feed_take(&first, words[i]))
            return first.n == 0 || first.p[0] == ':' || first.p[0] == '(' ||
                   (first.p[0] >= '0' && first.p[0] <= '9');
    return false;
}

int feed_convert(const struct feed *f, const struct feed_places *p, const struct sheet_cell *cells,
                 size_t count, struct arena *arena, struct feed_cells ret[FEED_RECORDS_MAX],
                 size_t *ret_count, int *ret_column, struct error *e)
{
    struct reading r = {.f = f, .arena = arena};

    if (ret_column)
        *ret_column = -1;
    *ret_count = 0;
    if (line_of_totals(cells, count, arena))
        return 0;
    int rc = read_columns(&r, p, cells, count, ret_column, e);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < f->record_count; i++)
        if (make(&r, &f->records[i], &ret[*ret_count]))
            ret[(*ret_count)++].record = (int)i;
    return 0;
}
