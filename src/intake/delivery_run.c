/* Rows of a file into records, transaction by transaction, from wherever the cursor stands. */
#include "base/progress.h"
#include "intake/delivery_inside.h"
#include "store/sql_delivery.h"
#include "store/sql_delivery_piece.h"

#include <stdio.h>
#include <unistd.h>

struct running {
    const struct delivery_work *w;
    struct deployment *d;
    int64_t id;
    bool baseline;
    struct sheet *sheet;
    struct delivery_batch batch;
    uint64_t at;     /* number of the file's row that is read next */
    uint64_t cursor; /* rows before it are done */
    uint64_t rows;   /* as counted before */
    size_t limit;    /* records of a transaction, by how long the last one took */
    bool end;
    struct progress progress;
    struct delivery_totals *totals;
};

static bool row_error(int rc)
{
    return rc == -ERR_CSV || rc == -ERR_ENCODING || rc == -ERR_TOO_LONG;
}

/* ---- reading a batch -------------------------------------------------------------------------------- */

/* 1: it is taken up, or is none of ours; 0: the end. */
static int read_row(struct running *r, struct error *e)
{
    const struct delivery_look *look = r->w->look;
    struct sheet_row row;
    struct error reason = {.language = e->language};
    int rc = sheet_next(r->sheet, &row, &reason);

    if (rc < 0 && !row_error(rc)) {
        *e = reason;
        return rc;
    }
    if (rc == 0 || row.number <= look->header_number ||
        (rc > 0 && delivery_row_sums_up(r->w->feed, &look->places, &row)))
        return rc == 0 ? 0 : 1;
    if (r->at++ < r->cursor)
        return 1;
    delivery_batch_add(&r->batch, &row, rc < 0 ? &reason : NULL);
    return 1;
}

static int read_batch(struct running *r, struct error *e)
{
    delivery_batch_reset(&r->batch, r->at < r->cursor ? r->cursor : r->at);
    while (delivery_batch_room(&r->batch, r->limit)) {
        int rc = read_row(r, e);
        if (rc < 0)
            return rc;
        if (rc == 0) {
            r->end = true;
            return 0;
        }
    }
    return 0;
}

/* ---- storing it --------------------------------------------------------------------------------------- */

static void take_over(struct running *r, const struct delivery_entry *entry)
{
    r->cursor = (uint64_t)entry->rows_done;
    delivery_totals_of(entry, r->totals);
}

/* Somebody else may have been here with the same file: its cursor, its counts, its end. */
static int store_in(struct running *r, struct delivery_entry *entry, struct delivery_store *s,
                    struct error *e)
{
    int rc = delivery_entry_read(r->d, r->id, &r->batch.arena, entry, e);

    if (rc < 0)
        return rc;
    if (entry->finished_at) {
        r->end = true;
        r->batch.count = 0;
        return 0;
    }
    if (entry->state != DELIVERY_RUNNING)
        return error_set(e, ERR_WRONG_STATE, N_("somebody decided on this delivery meanwhile"));
    uint64_t next = (uint64_t)entry->rows_done;
    delivery_batch_skip(&r->batch, next);
    s->rows = r->batch.rows;
    s->count = r->batch.count;
    if (r->batch.next > next)
        next = r->batch.next;
    if (r->end)
        entry->finished_at = s->now;
    rc = delivery_store(s, e);
    return rc < 0 ? rc : delivery_advance(r->d, entry, s, next, e);
}

static int store_batch(struct running *r, struct error *e)
{
    struct delivery_entry entry;
    struct delivery_store s = {.d = r->d,
                               .edition = r->w->in->edition,
                               .tables = r->w->in->tables,
                               .arena = &r->batch.arena,
                               .lexicon = r->w->in->lexicon,
                               .feed = r->w->feed->name,
                               .delivery_id = r->id,
                               .now = instant_now(),
                               .baseline = r->baseline};
    int64_t begun;
    int rc = store_begin(r->d->store, e);

    begun = delivery_clock();
    if (rc == 0)
        rc = store_in(r, &entry, &s, e);
    if (rc == 0)
        rc = store_commit(r->d->store, e);
    if (rc < 0) {
        store_rollback(r->d->store);
        return rc;
    }
    delivery_pace(&r->limit, delivery_clock() - begun);
    take_over(r, &entry);
    delivery_refusals(r->w->in, r->w->name, &r->batch);
    if (r->w->in->changed && (s.changed_count > 0 || s.everywhere))
        r->w->in->changed(r->w->in->context, s.changed, s.changed_count, s.everywhere);
    if (r->w->in->progress)
        progress_show(&r->progress, r->cursor, r->rows);
    return 0;
}

static bool stopped(const struct running *r)
{
    const struct intake *in = r->w->in;

    return in->stop && in->stop(in->context);
}

int delivery_run(const struct delivery_work *w, const struct delivery_entry *entry,
                 struct delivery_totals *ret, struct error *e)
{
    struct running r = {.w = w,
                        .d = w->in->d,
                        .id = entry->id,
                        .baseline = entry->baseline,
                        .rows = w->look->rows,
                        .limit = BATCH_MAX,
                        .totals = ret};
    struct sheet_options options = {
        .encoding = w->encoding, .sheet = w->feed->sheet, .program = w->in->reader};
    struct error own = {.language = LANGUAGE_EN};
    int rc;

    if (!e)
        e = &own;
    r.batch.feed = w->feed;
    r.batch.places = &w->look->places;
    r.batch.language = e->language;
    take_over(&r, entry);
    r.end = entry->finished_at != 0;
    rc = r.end                                  ? 0
         : lseek(w->bytes->fd, 0, SEEK_SET) < 0 ? error_set(e, ERR_IO, NULL)
                                                : sheet_open(w->bytes->fd, &options, &r.sheet, e);
    if (w->in->progress)
        progress_begin(&r.progress, w->in->progress);
    while (rc == 0 && !r.end && !stopped(&r)) {
        rc = read_batch(&r, e);
        if (rc == 0)
            rc = store_batch(&r, e);
    }
    if (w->in->progress)
        progress_end(&r.progress);
    sheet_close(r.sheet);
    arena_end(&r.batch.arena);
    if (rc == 0 && r.end)
        rc = delivery_finish(w, ret, e);
    return rc;
}

/* ---- its end -------------------------------------------------------------------------------------------- */

/* Of each delivery two rows: that it began, and what came of it. */
static int mark(struct deployment *d, const struct delivery_totals *t, struct error *e)
{
    const struct delivery_entry entry = {.id = t->id};
    char detail[160];

    snprintf(detail, sizeof(detail), "accepted %llu duplicate %llu quarantined %llu unlinked %llu",
             (unsigned long long)t->accepted, (unsigned long long)t->duplicate,
             (unsigned long long)t->quarantined, (unsigned long long)t->unlinked);
    int rc = sql_delivery_done(d->store, t->id, instant_now(), e);
    if (rc == 0)
        rc = sql_delivery_piece_drop(d->store, t->id, 0, e);
    return rc < 0 ? rc : delivery_audit(d, AUDIT_RECORDS_INGESTED, &entry, 0, detail, e);
}

/* The totals first, the mark after them: a kill in between has them told twice, not taken twice. The first piece goes
 * with the mark: as long as it is there, the delivery is found again. */
int delivery_finish(const struct delivery_work *w, struct delivery_totals *t, struct error *e)
{
    struct deployment *d = w->in->d;
    int rc;

    t->state = DELIVERY_DONE;
    rc = w->tell ? w->tell(w->in->context, t, e) : 0;
    if (rc == 0)
        rc = delivery_drop_pieces(d, t->id, e);
    if (rc < 0)
        return rc;
    rc = store_begin(d->store, e);
    if (rc == 0)
        rc = mark(d, t, e);
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}
