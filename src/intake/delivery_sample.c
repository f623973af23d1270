/* Columns that no mapping knows, and whether they hold what is sensitive: a sample of rows, spread over the
 * whole file. */
#include "intake/delivery_inside.h"

#include "base/utf8.h"
#include "intake/feed_inside.h"

#define ROWS_MAX 1000u
#define CELL_MAX 256u /* bytes of a cell that are looked at */

struct delivery_sample {
    struct arena *arena;
    const int *columns;
    size_t width;
    struct slice *cells; /* ROWS_MAX rows of `width` */
    size_t rows;
    uint64_t seen, stride; /* every so many rows one is kept */
};

struct delivery_sample *delivery_sample_begin(struct arena *arena, const int *columns, size_t count)
{
    struct delivery_sample *s = ARENA_NEW(arena, struct delivery_sample);

    *s = (struct delivery_sample){.arena = arena,
                                  .columns = columns,
                                  .width = count,
                                  .cells = ARENA_ARRAY(arena, count * ROWS_MAX + 1, struct slice),
                                  .stride = 1};
    return s;
}

/* Half of the rows make room, and from now on half as many are kept. */
static void thin_out(struct delivery_sample *s)
{
    for (size_t i = 0; i < ROWS_MAX / 2; i++)
        memcpy(s->cells + i * s->width, s->cells + 2 * i * s->width, s->width * sizeof(*s->cells));
    s->rows = ROWS_MAX / 2;
    s->stride *= 2;
}

void delivery_sample_row(struct delivery_sample *s, const struct sheet_cell *cells, size_t count)
{
    if (s->width == 0 || s->seen++ % s->stride != 0)
        return;
    if (s->rows == ROWS_MAX)
        thin_out(s);
    for (size_t i = 0; i < s->width; i++) {
        size_t place = (size_t)s->columns[i];
        struct slice text = place < count ? cells[place].text : SLICE_LITERAL("");
        if (text.n > CELL_MAX)
            text.n = utf8_valid_prefix((struct slice){text.p, CELL_MAX});
        s->cells[s->rows * s->width + i] = text.n ? arena_copy(s->arena, text) : SLICE_LITERAL("");
    }
    s->rows++;
}

static int column_sensitive(const struct delivery_sample *s, size_t column,
                            const struct detect_lexicon *lexicon, bool *ret, struct error *e)
{
    ARENA_AUTO(scratch);
    struct slice *cells = ARENA_ARRAY(&scratch, s->rows + 1, struct slice);
    struct detect_column found;

    for (size_t i = 0; i < s->rows; i++)
        cells[i] = s->cells[i * s->width + column];
    int rc = detect_column(lexicon, cells, s->rows, &scratch, &found, e);
    if (rc == 0)
        *ret = detect_column_sensitive(&found);
    return rc;
}

/* A name of the file's own goes to screens, reports and trails: without what is not seen, and masked where the first row
 * is no header but somebody's row. */
struct slice delivery_name_shown(const struct detect_lexicon *lexicon, struct slice name,
                                 struct arena *arena)
{
    struct error unsaid = {.language = LANGUAGE_EN};
    struct detect_span *spans;
    size_t count;

    name = feed_clean(name, arena);
    if (name.n > 60)
        name.n = utf8_valid_prefix((struct slice){name.p, 60});
    if (detect_find(lexicon, name, arena, &spans, &count, &unsaid) < 0)
        return SLICE_LITERAL("***");
    return detect_mask(name, spans, count, UINT32_MAX, arena);
}

/* A column without a name is called by its place, as a spreadsheet does. */
static struct slice name_of(const struct detect_lexicon *lexicon, const struct slice *header,
                            size_t width, int place, struct arena *arena)
{
    if ((size_t)place < width && header[place].n > 0)
        return delivery_name_shown(lexicon, header[place], arena);
    int first = place / 26, last = place % 26;
    return slice_from(first ? arena_printf(arena, "%c%c", 'A' + first - 1, 'A' + last)
                            : arena_printf(arena, "%c", 'A' + last));
}

int delivery_sample_end(struct delivery_sample *s, const struct detect_lexicon *lexicon,
                        const struct slice *header, size_t header_width, struct slice *ret_names,
                        struct error *e)
{
    const char *names = "";

    for (size_t i = 0; i < s->width; i++) {
        bool sensitive = false;
        int rc = column_sensitive(s, i, lexicon, &sensitive, e);
        if (rc < 0)
            return rc;
        if (sensitive) {
            struct slice name = name_of(lexicon, header, header_width, s->columns[i], s->arena);
            names = arena_printf(s->arena, "%s%s%.*s", names, names[0] ? ", " : "", (int)name.n,
                                 name.p);
        }
    }
    *ret_names = slice_from(names);
    return 0;
}
