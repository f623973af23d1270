/* Finding the header of a file, and where each column of a mapping stands in it. */
#include "intake/feed_inside.h"

struct matching {
    const struct feed *f;
    struct arena *arena;
    const struct slice *names; /* of the file, folded */
    size_t width;
    bool *taken;
};

static struct slice *fold_all(const struct sheet_row *row, struct arena *arena)
{
    struct slice *names = ARENA_ARRAY(arena, row->count, struct slice);

    for (size_t i = 0; i < row->count; i++)
        names[i] = feed_fold(row->cells[i].text, arena);
    return names;
}

static int find_name(const struct matching *m, struct slice name)
{
    struct slice folded = feed_fold(name, m->arena);

    for (size_t i = 0; i < m->width; i++)
        if (!m->taken[i] && slice_equal(m->names[i], folded))
            return (int)i;
    return -1;
}

/* The first of its names that is there: a mapping lists them from the one that says most. */
static int find_column(const struct matching *m, const struct feed_column *c)
{
    int place = -1;

    for (size_t i = 0; i < c->named_count && place < 0; i++)
        place = find_name(m, c->named[i]);
    return place;
}

static void tell_missing(const struct matching *m, struct feed_places *p)
{
    int *missing = ARENA_ARRAY(m->arena, m->f->column_count, int);

    for (size_t i = 0; i < m->f->column_count; i++)
        if (p->place[i] < 0 && !m->f->columns[i].optional)
            missing[p->missing_count++] = (int)i;
    p->missing = missing;
}

static void tell_unknown(const struct matching *m, struct feed_places *p)
{
    int *unknown = ARENA_ARRAY(m->arena, m->width, int);

    for (size_t i = 0; i < m->f->ignored_count; i++) {
        int place = find_name(m, m->f->ignored[i]);
        if (place >= 0)
            m->taken[place] = true;
    }
    for (size_t i = 0; i < m->width; i++)
        if (!m->taken[i] && m->names[i].n > 0)
            unknown[p->unknown_count++] = (int)i;
    p->unknown = unknown;
}

static const struct slice *copy_header(const struct sheet_row *row, struct arena *arena)
{
    struct slice *header = ARENA_ARRAY(arena, row->count, struct slice);

    for (size_t i = 0; i < row->count; i++)
        header[i] = arena_copy(arena, slice_trim(row->cells[i].text));
    return header;
}

bool feed_match_header(const struct feed *f, const struct sheet_row *row, struct arena *arena,
                       struct feed_places *ret)
{
    struct feed_places p = {
        .header_line = row->line, .header_number = row->number, .width = row->count};
    struct matching m = {f, arena, fold_all(row, arena), row->count,
                         ARENA_ARRAY(arena, row->count, bool)};
    size_t needed = 0, met = 0;

    for (size_t i = 0; i < f->column_count; i++) {
        p.place[i] = find_column(&m, &f->columns[i]);
        if (p.place[i] >= 0)
            m.taken[p.place[i]] = true;
        p.matched += p.place[i] >= 0;
        needed += !f->columns[i].optional;
        met += !f->columns[i].optional && p.place[i] >= 0;
    }
    if (p.matched == 0 || (p.matched < 3 && met * 2 < needed))
        return false;
    tell_missing(&m, &p);
    tell_unknown(&m, &p);
    p.header = copy_header(row, arena);
    *ret = p;
    return true;
}
