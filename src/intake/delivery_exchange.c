/* Rows of a table on the exchange side, from the cursor on; the cursor moves with the rows, in one transaction. */
#include "base/progress.h"
#include "intake/delivery_inside.h"
#include "store/exchange.h"
#include "store/sql_feed_cursor.h"

#include <stdio.h>
#include <stdlib.h>

#define ROWS_AT_ONCE 500

struct exchanging {
    struct intake *in;
    const struct feed *feed;
    struct exchange *exchange;
    size_t cursor_count;
    struct arena arena;    /* of one read */
    struct slice position; /* as it is stored; NONE: the beginning */
    struct exchange_rows rows;
    struct feed_places places;
    struct slice header;
    size_t at;    /* rows of this read that are done */
    bool moved;   /* somebody else has moved the cursor: read again */
    size_t limit; /* records of a transaction */
    struct delivery_batch batch;
    struct delivery_totals *totals;
};

/* ---- the cursor as a text: each value with its length before it -------------------------------------- */

static struct slice position_text(const struct slice *values, size_t count, struct arena *arena)
{
    const char *text = "";

    for (size_t i = 0; i < count; i++)
        text = arena_printf(arena, "%s%zu:%.*s", text, values[i].n, (int)values[i].n, values[i].p);
    return slice_from(text);
}

static bool position_read(struct slice text, struct slice *ret, size_t count)
{
    const char *p = text.p, *end = text.p + text.n;

    for (size_t i = 0; i < count; i++) {
        size_t n = 0;
        while (p < end && *p >= '0' && *p <= '9' && n < 1u << 20)
            n = n * 10 + (size_t)(*p++ - '0');
        if (p == end || *p != ':' || (size_t)(end - p - 1) < n)
            return false;
        ret[i] = (struct slice){p + 1, n};
        p += 1 + n;
    }
    return p == end;
}

static int read_position(struct exchanging *x, struct arena *arena, struct slice *ret,
                         struct error *e)
{
    struct sql_feed_cursor_get row;
    bool found;
    int rc = sql_feed_cursor_get(x->in->d->store, slice_from(x->feed->name), &found, &row, e);

    if (rc == 0)
        *ret = found ? arena_copy(arena, row.position) : SLICE_NONE;
    return rc;
}

/* ---- reading ---------------------------------------------------------------------------------------- */

static void fake_row(const struct slice *texts, size_t count, struct arena *arena,
                     struct sheet_row *ret)
{
    struct sheet_cell *cells = ARENA_ARRAY(arena, count + 1, struct sheet_cell);

    for (size_t i = 0; i < count; i++)
        cells[i].text = texts[i].p ? texts[i] : SLICE_LITERAL("");
    *ret = (struct sheet_row){.cells = cells, .count = count};
}

/* What holds a file back holds a table back too; there is nothing to keep meanwhile, the rows stay where they are. */
static int check_columns(struct exchanging *x, struct error *e)
{
    struct delivery_look look = {.missing = SLICE_LITERAL(""), .sensitive = SLICE_LITERAL("")};
    const struct feed_places *p = &x->places;
    struct sheet_row row;
    const char *names = "";

    fake_row(x->rows.names, x->rows.width, &x->arena, &row);
    if (!feed_match_header(x->feed, &row, &x->arena, &x->places))
        look.missing = x->feed->columns[0].named[0];
    for (size_t i = 0; look.missing.n == 0 && i < p->missing_count; i++) {
        struct slice name = x->feed->columns[p->missing[i]].named[0];
        names = arena_printf(&x->arena, "%s%s%.*s", names, names[0] ? ", " : "", (int)name.n,
                             name.p);
    }
    if (look.missing.n == 0)
        look.missing = slice_from(names);
    if (look.missing.n)
        return delivery_held_error(&look, HOLD_COLUMNS_MISSING, e);
    struct delivery_sample *s = delivery_sample_begin(&x->arena, p->unknown, p->unknown_count);
    for (size_t i = 0; i < x->rows.count; i++) {
        fake_row(x->rows.cells + i * x->rows.width, x->rows.width, &x->arena, &row);
        delivery_sample_row(s, row.cells, row.count);
    }
    int rc = delivery_sample_end(s, x->in->lexicon, p->header, p->width, &look.sensitive, e);
    if (rc == 0 && look.sensitive.n)
        rc = delivery_held_error(&look, HOLD_SENSITIVE_COLUMN, e);
    return rc;
}

static int read_more(struct exchanging *x, uint64_t left, struct error *e)
{
    struct slice values[2];
    size_t limit = left < ROWS_AT_ONCE ? (size_t)left : ROWS_AT_ONCE;

    arena_reset(&x->arena);
    x->at = 0;
    x->moved = false;
    int rc = read_position(x, &x->arena, &x->position, e);
    if (rc == 0 && x->position.p && !position_read(x->position, values, x->cursor_count)) {
        error_set(e, ERR_WRONG_STATE, N_("the mapping's cursor columns are not those read so far"));
        return error_hint(e, N_("Give the mapping with the new cursor a new name."));
    }
    if (rc == 0)
        rc = exchange_read(x->exchange, x->feed->exchange_table, x->feed->exchange_cursor,
                           x->cursor_count, x->position.p ? values : NULL, limit, &x->arena,
                           &x->rows, e);
    if (rc == 0 && x->rows.count > 0)
        rc = check_columns(x, e);
    if (rc == 0)
        x->header = delivery_csv_row(x->rows.names, x->rows.width, &x->arena);
    return rc;
}

/* ---- storing ------------------------------------------------------------------------------------------ */

static void fill(struct exchanging *x)
{
    delivery_batch_reset(&x->batch, 0);
    while (x->at + x->batch.file_rows < x->rows.count && delivery_batch_room(&x->batch, x->limit)) {
        const struct slice *cells = x->rows.cells + (x->at + x->batch.file_rows) * x->rows.width;
        struct sheet_row row;
        fake_row(cells, x->rows.width, &x->batch.arena, &row);
        row.raw = delivery_csv_row(cells, x->rows.width, &x->batch.arena);
        delivery_batch_add(&x->batch, &row, NULL);
    }
}

static void number_rows(struct delivery_batch *b, uint64_t rows_done)
{
    for (size_t i = 0; i < b->count; i++)
        b->rows[i].csv.line = rows_done + b->rows[i].csv.offset + 1;
}

static int begun(struct exchanging *x, const struct delivery_entry *entry, struct error *e)
{
    return entry->rows_done
               ? 0
               : delivery_audit(x->in->d, AUDIT_RECORDS_INGESTED, entry, 0, "begun", e);
}

static int put_position(struct exchanging *x, int64_t now, struct slice *ret, struct error *e)
{
    size_t last = x->at + x->batch.file_rows - 1;

    *ret = position_text(x->rows.cursors + last * x->cursor_count, x->cursor_count, &x->arena);
    return sql_feed_cursor_put(x->in->d->store, slice_from(x->feed->name), *ret, now, e);
}

static int store_in(struct exchanging *x, struct delivery_store *s, struct error *e)
{
    struct deployment *d = x->in->d;
    struct delivery_entry entry;
    struct slice now_there = SLICE_NONE, next = SLICE_NONE;
    int rc = read_position(x, &x->batch.arena, &now_there, e);

    if (rc < 0)
        return rc;
    if (!slice_equal(now_there, x->position) || (now_there.p == NULL) != (x->position.p == NULL)) {
        x->moved = true;
        return 0;
    }
    rc = delivery_of_day(d, x->feed->department, 0, x->feed->name, CHANNEL_EXCHANGE, x->header,
                         s->now, &entry, e);
    if (rc == 0)
        rc = begun(x, &entry, e);
    if (rc < 0)
        return rc;
    s->delivery_id = x->totals->id = entry.id;
    number_rows(&x->batch, (uint64_t)entry.rows_done);
    s->rows = x->batch.rows;
    s->count = x->batch.count;
    rc = delivery_store(s, e);
    entry.row_count = entry.rows_done + (int64_t)x->batch.file_rows;
    if (rc == 0)
        rc = delivery_advance(d, &entry, s, (uint64_t)entry.row_count, e);
    if (rc == 0)
        rc = put_position(x, s->now, &next, e);
    if (rc == 0)
        x->position = next;
    return rc;
}

static void count(struct exchanging *x, const struct delivery_store *s)
{
    struct delivery_totals *t = x->totals;

    t->rows += x->batch.file_rows;
    t->accepted += s->counts[OUTCOME_ACCEPTED];
    t->duplicate += s->counts[OUTCOME_DUPLICATE];
    t->quarantined += s->counts[OUTCOME_QUARANTINED];
    t->unlinked += s->counts[OUTCOME_UNLINKED];
    t->changes += s->changes;
    x->at += x->batch.file_rows;
}

static int store_batch(struct exchanging *x, struct error *e)
{
    struct deployment *d = x->in->d;
    struct delivery_store s = {.d = d,
                               .edition = x->in->edition,
                               .tables = x->in->tables,
                               .arena = &x->batch.arena,
                               .lexicon = x->in->lexicon,
                               .feed = x->feed->name,
                               .now = instant_now(),
                               .baseline = x->in->baseline};
    int rc;

    fill(x);
    rc = store_begin(d->store, e);
    int64_t from = delivery_clock();
    if (rc == 0)
        rc = store_in(x, &s, e);
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    if (rc < 0 || x->moved)
        return rc;
    delivery_pace(&x->limit, delivery_clock() - from);
    delivery_refusals(x->in, x->feed->exchange_table, &x->batch);
    if (x->in->changed && (s.changed_count > 0 || s.everywhere))
        x->in->changed(x->in->context, s.changed, s.changed_count, s.everywhere);
    count(x, &s);
    return 0;
}

static bool stopped(const struct exchanging *x)
{
    return x->in->stop && x->in->stop(x->in->context);
}

static int take_all(struct exchanging *x, uint64_t rows_max, struct error *e)
{
    while (x->totals->rows < rows_max && !stopped(x)) {
        int rc = read_more(x, rows_max - x->totals->rows, e);
        if (rc < 0)
            return rc;
        if (x->rows.count == 0)
            return 0;
        while (x->at < x->rows.count && !x->moved && !stopped(x))
            if ((rc = store_batch(x, e)) < 0)
                return rc;
    }
    return 0;
}

static int leave_row(struct exchanging *x, struct error *e)
{
    const struct delivery_totals *t = x->totals;
    const struct delivery_entry entry = {.id = t->id};
    struct deployment *d = x->in->d;
    char detail[160];

    if (t->rows == 0)
        return 0;
    snprintf(detail, sizeof(detail), "accepted %llu duplicate %llu quarantined %llu unlinked %llu",
             (unsigned long long)t->accepted, (unsigned long long)t->duplicate,
             (unsigned long long)t->quarantined, (unsigned long long)t->unlinked);
    int rc = store_begin(d->store, e);
    if (rc == 0)
        rc = delivery_audit(d, AUDIT_RECORDS_INGESTED, &entry, 0, detail, e);
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}

int delivery_exchange(struct intake *in, const char *url, const struct feed *feed,
                      uint64_t rows_max, struct delivery_totals *ret, struct error *e)
{
    struct exchanging *x;
    int rc;

    *ret = (struct delivery_totals){.state = DELIVERY_DONE};
    if (!feed->exchange_table || !feed->exchange_cursor[0]) {
        error_set(e, ERR_MAPPING, N_("the mapping %s names no table of an exchange database"),
                  feed->name);
        return error_hint(e, N_("Add `exchange` with a table and its cursor to the mapping."));
    }
    x = calloc(1, sizeof(*x));
    if (!x)
        return error_set(e, ERR_MEMORY, NULL);
    x->in = in;
    x->feed = feed;
    x->cursor_count = feed->exchange_cursor[1] ? 2 : 1;
    x->limit = BATCH_MAX;
    x->totals = ret;
    x->batch.feed = feed;
    x->batch.places = &x->places;
    x->batch.language = e ? e->language : LANGUAGE_EN;
    rc = exchange_open(url, &x->exchange, e);
    if (rc == 0)
        rc = take_all(x, rows_max, e);
    exchange_close(x->exchange);
    if (ret->rows > 0) {
        int left = leave_row(x, rc < 0 ? NULL : e);
        rc = rc < 0 ? rc : left;
    }
    arena_end(&x->batch.arena);
    arena_end(&x->arena);
    free(x);
    return rc;
}
