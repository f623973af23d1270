/* Rows of a feed as names and texts, as a department's system pushes them. */
#include "intake/push_inside.h"

struct pushing {
    struct push *p;
    const struct feed *feed;
    struct feed_places places; /* each column at its own place */
    struct delivery_batch *batch;
    size_t *first; /* of each row: where its records begin in the batch */
};

/* Without a header row each column stands under its own number. */
static void place_columns(struct pushing *g)
{
    const struct feed *f = g->feed;
    struct slice *header = ARENA_ARRAY(g->p->arena, f->column_count + 1, struct slice);

    for (size_t i = 0; i < FEED_COLUMNS_MAX; i++)
        g->places.place[i] = i < f->column_count ? (int)i : -1;
    for (size_t i = 0; i < f->column_count; i++)
        header[i] = f->columns[i].named[0];
    g->places.header = header;
    g->places.width = f->column_count;
}

/* ---- what no mapping knows ----------------------------------------------------------------------- */

struct stranger {
    struct slice name;
    struct slice values[PUSH_MAX];
    size_t count;
};

static int judge_strangers(const struct detect_lexicon *lexicon, const struct stranger *list,
                           size_t count, struct arena *arena, struct error *e)
{
    for (size_t i = 0; i < count; i++) {
        struct detect_column found;
        int rc = detect_column(lexicon, list[i].values, list[i].count, arena, &found, e);
        if (rc < 0)
            return rc;
        if (!detect_column_sensitive(&found))
            continue;
        struct slice name = delivery_name_shown(lexicon, list[i].name, arena);
        error_set(e, ERR_HELD,
                  N_("columns that the mapping does not know hold what is sensitive: %.*s"),
                  (int)name.n, name.p);
        return error_hint(e, N_("Map them, or put them under `ignore`. Nothing was taken."));
    }
    return 0;
}

/* A name that the mapping does not know, with what stands under it in all rows. */
static int refuse_strangers(const struct pushing *g, const struct delivery_row *rows, size_t count,
                            struct error *e)
{
    ARENA_AUTO(scratch);
    struct stranger *list = NULL;
    size_t n = 0, capacity = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < rows[i].count; k++) {
            size_t at = 0;
            if (rows[i].values[k].n == 0 || feed_column_of(g->feed, rows[i].names[k]) != -1)
                continue;
            while (at < n && !slice_equal(list[at].name, rows[i].names[k]))
                at++;
            if (at == n) {
                list = arena_grow(&scratch, list, &capacity, n + 1, sizeof(*list));
                list[n++].name = rows[i].names[k];
            }
            list[at].values[list[at].count++] = rows[i].values[k];
            if (list[at].count == PUSH_MAX) /* the same name twice in a row: enough is seen */
                list[at].count--;
        }
    return judge_strangers(g->p->lexicon, list, n, &scratch, e);
}

/* ---- rows ------------------------------------------------------------------------------------------- */

/* A name that comes twice: the first that says something counts, as in a header. */
static bool add_row(struct pushing *g, const struct delivery_row *row, uint64_t line)
{
    size_t width = g->feed->column_count;
    struct sheet_cell *cells = ARENA_ARRAY(g->p->arena, width + 1, struct sheet_cell);
    struct slice *texts = ARENA_ARRAY(g->p->arena, width + 1, struct slice);
    struct sheet_row r = {.cells = cells, .count = width, .line = line, .number = line};

    for (size_t i = 0; i < width; i++)
        cells[i].text = SLICE_LITERAL("");
    for (size_t k = 0; k < row->count; k++) {
        int column = feed_column_of(g->feed, row->names[k]);
        if (column >= 0 && cells[column].text.n == 0 && row->values[k].p)
            cells[column].text = row->values[k];
    }
    for (size_t i = 0; i < width; i++)
        texts[i] = cells[i].text;
    r.raw = delivery_csv_row(texts, width, g->p->arena); /* under the mapping's own header */
    return delivery_batch_add(g->batch, &r, NULL);
}

/* The least good of what became of a row's records. */
static void report(const struct pushing *g, struct delivery_row *rows, size_t count)
{
    static const int badness[OUTCOME_COUNT] = {[OUTCOME_DUPLICATE] = 0,
                                               [OUTCOME_ACCEPTED] = 1,
                                               [OUTCOME_UNLINKED] = 2,
                                               [OUTCOME_QUARANTINED] = 3};

    for (size_t i = 0; i < count; i++) {
        struct delivery_row *row = &rows[i];
        size_t end = i + 1 < count ? g->first[i + 1] : g->batch->count;
        row->outcome = PUSH_ACCEPTED; /* of a row that says nothing new there is nothing to keep */
        row->column = SLICE_NONE;
        for (size_t k = g->first[i]; k < end; k++) {
            const struct batch_row *r = &g->batch->rows[k];
            if (k == g->first[i] || badness[r->outcome] > badness[row->outcome])
                row->outcome = (int)r->outcome;
            if (r->outcome == OUTCOME_QUARANTINED) {
                row->column = r->cell.named.n ? arena_copy(g->p->arena, r->cell.named) : SLICE_NONE;
                row->reason = r->reason;
            }
            if (r->outcome == OUTCOME_QUARANTINED)
                break;
        }
    }
}

static int take_rows(struct pushing *g, struct delivery_row *rows, size_t count, struct error *e)
{
    struct delivery_entry delivery;
    struct slice header = delivery_csv_row(g->places.header, g->places.width, g->p->arena);
    int rc = push_begin(g->p, header, &delivery, e);

    if (rc < 0)
        return rc;
    uint64_t line = (uint64_t)delivery.rows_done;
    delivery_batch_reset(g->batch, line);
    for (size_t i = 0; i < count; i++) {
        g->first[i] = g->batch->count;
        g->batch->language = rows[i].reason.language;
        if (!add_row(g, &rows[i], ++line))
            return error_set(e, ERR_TOO_MANY, NULL);
    }
    rc = push_store(g->p, &delivery, g->batch->rows, g->batch->count, line, e);
    if (rc == 0)
        report(g, rows, count);
    return rc;
}

int delivery_push(struct push *p, const struct feed *feed, struct delivery_row *rows, size_t count,
                  struct error *e)
{
    struct pushing g = {.p = p, .feed = feed};
    int rc;

    if (count == 0 || count > PUSH_MAX)
        return error_set(e, ERR_TOO_MANY, NULL);
    p->feed = feed->name;
    p->department = feed->department;
    g.batch = ARENA_NEW(p->arena, struct delivery_batch);
    g.first = ARENA_ARRAY(p->arena, count, size_t);
    g.batch->feed = feed;
    g.batch->places = &g.places;
    place_columns(&g);
    rc = refuse_strangers(&g, rows, count, e);
    if (rc == 0)
        rc = take_rows(&g, rows, count, e);
    arena_end(&g.batch->arena);
    return rc;
}
