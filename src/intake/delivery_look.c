/* The first reading of a file: its header, its rows, and what speaks against taking it. */
#include "intake/delivery_inside.h"
#include "store/sql_delivery.h"

#include <unistd.h>

#define HEADER_WITHIN 20   /* rows */
#define SHRUNK_FROM 20     /* rows of the delivery before: local, unconfirmed */
#define SHRUNK_TO 10       /* a tenth: local, unconfirmed */
#define HEADER_KEPT 60000u /* bytes of the header that are kept */

struct looking {
    const struct intake *in;
    const struct feed *feed;
    int64_t division; /* from which it comes; 0: from a program */
    struct sheet *sheet;
    struct delivery_look *look;
    struct delivery_sample *sample;
    bool found;
    struct error first; /* row that could not be read */
    size_t above;       /* rows that were no header */
    size_t width;       /* of the widest of them, which stands in for the header */
};

static bool row_error(int rc)
{
    return rc == -ERR_CSV || rc == -ERR_ENCODING || rc == -ERR_TOO_LONG;
}

static void keep_header(struct looking *l, const struct sheet_row *row)
{
    struct arena *arena = &l->look->arena;
    struct slice *names = ARENA_ARRAY(arena, row->count + 1, struct slice);

    for (size_t i = 0; i < row->count; i++) /* a formula gives a name as well as a text does */
        names[i] = row->cells[i].text;
    struct slice header = delivery_csv_row(names, row->count, arena);
    l->look->header = header.n > HEADER_KEPT ? SLICE_LITERAL("") : header;
    l->look->header_number = row->number;
}

/* Those that the mapping does not know, and those without a name: whatever stands under them. */
static void begin_sample(struct looking *l)
{
    struct delivery_look *look = l->look;
    const struct feed_places *p = &look->places;
    int *columns = ARENA_ARRAY(&look->arena, SHEET_COLUMNS_MAX, int);
    size_t count = 0;

    for (size_t i = 0; i < p->unknown_count && count < SHEET_COLUMNS_MAX; i++)
        columns[count++] = p->unknown[i];
    for (size_t i = 0; i < SHEET_COLUMNS_MAX && count < SHEET_COLUMNS_MAX; i++)
        if (i >= p->width || p->header[i].n == 0)
            columns[count++] = (int)i;
    l->sample = delivery_sample_begin(&look->arena, columns, count);
}

static void look_for_header(struct looking *l, const struct sheet_row *row)
{
    l->above++;
    if (feed_match_header(l->feed, row, &l->look->arena, &l->look->places)) {
        l->found = true;
        keep_header(l, row);
        l->look->rows = 0;
        begin_sample(l);
    } else {
        if (row->count > l->width) {
            l->width = row->count;
            keep_header(l, row);
        }
        l->look->rows++;
    }
}

static int read_all(struct looking *l, struct error *e)
{
    for (;;) {
        struct sheet_row row;
        struct error reason = {.language = e->language};
        int rc = sheet_next(l->sheet, &row, &reason);
        if (rc == 0)
            return 0;
        if (rc < 0 && !row_error(rc)) {
            *e = reason;
            return rc;
        }
        if (rc < 0 && !l->first.code)
            l->first = reason;
        if (!l->found && l->above < HEADER_WITHIN && rc > 0) {
            look_for_header(l, &row);
            continue;
        }
        if (rc > 0 && l->found && delivery_row_sums_up(l->feed, &l->look->places, &row))
            continue;
        l->look->rows++;
        if (rc > 0 && l->found)
            delivery_sample_row(l->sample, row.cells, row.count);
    }
}

/* ---- what speaks against it ------------------------------------------------------------------------- */

static void find_missing(struct looking *l)
{
    struct delivery_look *look = l->look;
    const struct feed *f = l->feed;
    const char *names = "";

    for (size_t i = 0; i < f->column_count; i++) {
        bool missing = !l->found && !f->columns[i].optional;
        for (size_t k = 0; l->found && k < look->places.missing_count && !missing; k++)
            missing = look->places.missing[k] == (int)i;
        if (missing)
            names = arena_printf(&look->arena, "%s%s%.*s", names, names[0] ? ", " : "",
                                 (int)f->columns[i].named[0].n, f->columns[i].named[0].p);
    }
    look->missing = slice_from(names);
    if (names[0])
        look->held |= HOLD_COLUMNS_MISSING;
}

/* Rows that were sent back, as the sheet in which they were says (desk_return.c): few by nature. */
static bool comes_back(const struct looking *l)
{
    static const enum language languages[] = {LANGUAGE_EN, LANGUAGE_ZH};

    for (size_t i = 0; i < l->look->places.unknown_count; i++)
        for (size_t k = 0; k < 2; k++)
            if (slice_is(l->look->places.header[l->look->places.unknown[i]],
                         text_in(languages[k], N_("why it was returned"))))
                return true;
    return false;
}

static int find_shrunk(struct looking *l, struct error *e)
{
    struct sql_delivery_before before;
    bool found;

    if (l->found && comes_back(l))
        return 0;
    int rc = sql_delivery_before(l->in->d->store, slice_from(l->feed->name), l->division, &found,
                                 &before, e);

    if (rc < 0 || !found)
        return rc;
    l->look->rows_before = before.row_count;
    if (before.row_count >= SHRUNK_FROM && l->look->rows * SHRUNK_TO <= (uint64_t)before.row_count)
        l->look->held |= HOLD_SHRUNK;
    return 0;
}

static int find_holds(struct looking *l, struct error *e)
{
    struct delivery_look *look = l->look;
    int rc = 0;

    look->sensitive = SLICE_LITERAL("");
    find_missing(l);
    if (l->found)
        rc = delivery_sample_end(l->sample, l->in->lexicon, look->places.header, look->places.width,
                                 &look->sensitive, e);
    if (rc == 0 && look->sensitive.n)
        look->held |= HOLD_SENSITIVE_COLUMN;
    return rc < 0 ? rc : find_shrunk(l, e);
}

int delivery_look(const struct intake *in, const struct feed *feed, const struct delivery_bytes *b,
                  const char *encoding, int64_t division, struct delivery_look *ret,
                  struct error *e)
{
    struct sheet_options options = {
        .encoding = encoding, .sheet = feed->sheet, .program = in->reader};
    struct looking l = {.in = in, .feed = feed, .division = division, .look = ret};
    struct error own = {.language = LANGUAGE_EN};
    int rc;

    if (!e)
        e = &own;
    *ret = (struct delivery_look){.header = SLICE_LITERAL("")};
    if (lseek(b->fd, 0, SEEK_SET) < 0)
        return error_set(e, ERR_IO, NULL);
    rc = sheet_open(b->fd, &options, &l.sheet, e);
    if (rc == 0)
        rc = read_all(&l, e);
    sheet_close(l.sheet);
    if (rc == 0 && !l.found && l.above == 0 &&
        l.first.code) { /* not one row that could be a header */
        rc = error_set(e, ERR_SHEET, "%s", l.first.detail);
        error_hint(e, "%s", l.first.hint);
    }
    if (rc == 0 && !l.found && l.above == 0)
        rc = error_set(e, ERR_FILE_EMPTY, NULL);
    if (rc == 0)
        rc = find_holds(&l, e);
    if (rc < 0)
        delivery_look_end(ret);
    return rc;
}

void delivery_look_end(struct delivery_look *look) { arena_end(&look->arena); }

struct slice delivery_look_names(const struct delivery_look *look, struct arena *arena)
{
    return slice_from(arena_printf(arena, "%.*s%s%.*s", (int)look->missing.n, look->missing.p,
                                   look->missing.n && look->sensitive.n ? "; " : "",
                                   (int)look->sensitive.n, look->sensitive.p));
}

int delivery_held_error(const struct delivery_look *look, int held, struct error *e)
{
    if (held & HOLD_COLUMNS_MISSING) {
        error_set(e, ERR_HELD, N_("columns of the mapping are not there: %.*s"),
                  (int)look->missing.n, look->missing.p);
        return error_hint(
            e, N_("If they have new names, add these to the mapping; nothing was taken."));
    }
    if (held & HOLD_SENSITIVE_COLUMN) {
        error_set(e, ERR_HELD,
                  N_("columns that the mapping does not know hold what is sensitive: %.*s"),
                  (int)look->sensitive.n, look->sensitive.p);
        return error_hint(e, N_("Map them, put them under `ignore`, or allow sensitive_column: "
                                "they are then passed over. Nothing was taken."));
    }
    error_set(e, ERR_HELD, N_("%llu rows, and the delivery before had %lld"),
              (unsigned long long)look->rows, (long long)look->rows_before);
    return error_hint(e, N_("If the file is whole, allow shrunk; nothing was taken."));
}
