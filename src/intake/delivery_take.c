/* A delivery whose file is here, sealed: looked at, held or taken in, from wherever it stands. */
#include "intake/delivery_inside.h"
#include "store/sql_delivery.h"
#include "store/sql_delivery_piece.h"

#include <stdio.h>

int delivery_next(struct deployment *d, int64_t *ret_id, struct error *e)
{
    struct sql_delivery_next next;
    bool found;
    int rc = sql_delivery_next(d->store, &found, &next, e);

    if (rc == 0)
        *ret_id = found ? next.id : 0;
    return rc;
}

int delivery_enter(struct deployment *d, struct delivery_entry *entry, const struct feed *feed,
                   const struct delivery_look *look, int allow, struct error *e)
{
    int rc;

    entry->state = DELIVERY_RUNNING;
    entry->allowed |= allow;
    entry->held = 0;
    entry->holds = SLICE_LITERAL("");
    entry->header = look->header;
    entry->row_count = (int64_t)look->rows;
    rc = delivery_entry_looked(d, entry, feed, e);
    return rc < 0 ? rc
                  : delivery_audit(d, AUDIT_RECORDS_INGESTED, entry, 0,
                                   entry->baseline ? "begun baseline" : "begun", e);
}

int delivery_hold(struct deployment *d, struct delivery_entry *entry, const struct feed *feed,
                  const struct delivery_look *look, int held, int64_t now, struct error *e)
{
    ARENA_AUTO(scratch);
    char words[96];
    int rc;

    entry->state = DELIVERY_HELD;
    entry->held = held;
    entry->holds = delivery_look_names(look, &scratch);
    entry->header = look->header;
    entry->row_count = (int64_t)look->rows;
    rc = delivery_entry_looked(d, entry, feed, e);
    if (rc == 0)
        rc = delivery_audit(d, AUDIT_DELIVERY_HELD, entry, 0,
                            delivery_holds_words(held, words, sizeof(words)), e);
    if (rc == 0)
        rc = delivery_tell(d, NOTICE_DELIVERY_HELD, entry, 0, now, e);
    entry->holds = SLICE_LITERAL(""); /* the scratch's */
    return rc;
}

/* ---- one transaction each ----------------------------------------------------------------------------- */

struct taking {
    struct intake *in;
    const struct feed *feed;
    struct arena arena;
    struct delivery_entry entry;
    struct delivery_bytes bytes;
    struct delivery_look look;
};

static int finish_step(struct deployment *d, int rc, struct error *e)
{
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}

/* The file, or the mapping that it names, is at fault: it is rejected, with the reason in its story. */
static int reject(struct taking *t, const struct error *reason, struct error *e)
{
    struct deployment *d = t->in->d;
    int rc = delivery_drop_pieces(d, t->entry.id, e);

    if (rc == 0)
        rc = store_begin(d->store, e);
    if (rc < 0)
        return rc;
    rc = delivery_entry_reject(d, &t->entry, delivery_reason(reason, &t->arena), 0, instant_now(),
                               e);
    if (rc == 0)
        rc = sql_delivery_piece_drop(d->store, t->entry.id, 0, e);
    return finish_step(d, rc, e);
}

/* What runs already and can no longer be read, since its mapping was changed meanwhile: nobody behind it waits for it,
 * and its rows are not read by what fits them not. It carries on where it stood when the mapping has been mended. */
static int hold_running(struct taking *t, struct slice what, struct error *e)
{
    const struct delivery_look look = {
        .missing = what,
        .sensitive = SLICE_LITERAL(""),
        .header = t->entry.header,
        .rows = t->entry.row_count < 0 ? 0 : (uint64_t)t->entry.row_count};

    return delivery_hold(t->in->d, &t->entry, t->feed, &look, HOLD_COLUMNS_MISSING, instant_now(),
                         e);
}

static int settle_unreadable(struct taking *t, const struct error *reason, struct error *e)
{
    struct deployment *d = t->in->d;
    int rc = store_begin(d->store, e);

    if (rc < 0)
        return rc;
    rc = delivery_entry_read(d, t->entry.id, &t->arena, &t->entry, e);
    if (rc == 0 && t->entry.state == DELIVERY_RUNNING)
        rc = hold_running(t, delivery_reason(reason, &t->arena), e);
    return finish_step(d, rc, e);
}

/* What waits is held or begins; what runs goes on. Somebody else may have done it meanwhile. */
static int settle(struct taking *t, struct error *e)
{
    struct deployment *d = t->in->d;
    int rc = store_begin(d->store, e);

    if (rc < 0)
        return rc;
    rc = delivery_entry_read(d, t->entry.id, &t->arena, &t->entry, e);
    if (rc == 0 && t->entry.state == DELIVERY_WAITING) {
        int held = t->look.held & ~(t->entry.allowed & ~HOLD_COLUMNS_MISSING);
        rc = held ? delivery_hold(d, &t->entry, t->feed, &t->look, held, instant_now(), e)
                  : delivery_enter(d, &t->entry, t->feed, &t->look, 0, e);
    } else if (rc == 0 && t->entry.state == DELIVERY_RUNNING && t->look.missing.n) {
        rc = hold_running(t, t->look.missing, e);
    }
    return finish_step(d, rc, e);
}

static int take_in(struct taking *t, struct delivery_totals *ret, struct error *e)
{
    struct delivery_work w = {
        .in = t->in, .feed = t->feed, .bytes = &t->bytes, .look = &t->look, .name = ""};
    bool resumed = t->entry.rows_done > 0;
    int rc = settle(t, e);

    if (rc < 0)
        return rc;
    delivery_totals_of(&t->entry, ret);
    ret->resumed = resumed;
    return t->entry.state == DELIVERY_RUNNING ? delivery_run(&w, &t->entry, ret, e) : 0;
}

static int look_and_take(struct taking *t, struct delivery_totals *ret, struct error *e)
{
    struct error reason = {.language = e->language};
    int rc = delivery_look(t->in, t->feed, &t->bytes, NULL, t->entry.division, &t->look, &reason);

    if (rc == 0) {
        rc = take_in(t, ret, e);
        delivery_look_end(&t->look);
        return rc;
    }
    if (!delivery_error_of_file(reason.code)) {
        *e = reason;
        return rc;
    }
    /* Of what runs already, rows are taken: it is not rejected for what a second reading met. */
    rc = t->entry.state == DELIVERY_WAITING ? reject(t, &reason, e)
                                            : settle_unreadable(t, &reason, e);
    if (rc == 0)
        delivery_totals_of(&t->entry, ret);
    return rc;
}

static int find_feed(struct taking *t, struct delivery_totals *ret, struct error *e)
{
    struct error reason = {.language = e->language};

    t->feed = t->entry.feed.p ? feed_library_find(t->in->feeds, t->entry.feed) : NULL;
    if (t->feed)
        return 1;
    error_set(&reason, ERR_NOT_FOUND, N_("there is no mapping %.*s"), (int)t->entry.feed.n,
              t->entry.feed.p ? t->entry.feed.p : "");
    int rc = reject(t, &reason, e);
    if (rc == 0)
        delivery_totals_of(&t->entry, ret);
    return rc;
}

int delivery_take(struct intake *in, int64_t id, struct delivery_totals *ret, struct error *e)
{
    struct taking t = {.in = in, .bytes = {.fd = -1}};
    struct delivery_totals totals = {0};
    struct error own = {.language = LANGUAGE_EN};
    int rc;

    if (!e)
        e = &own;
    rc = delivery_entry_read(in->d, id, &t.arena, &t.entry, e);
    if (rc == 0)
        delivery_totals_of(&t.entry, &totals);
    if (rc == 0 && (t.entry.state == DELIVERY_WAITING || t.entry.state == DELIVERY_RUNNING)) {
        rc = find_feed(&t, &totals, e);
        if (rc > 0 && t.entry.finished_at) { /* all of it is in: only its end is missing */
            struct delivery_work w = {.in = in, .feed = t.feed};
            rc = delivery_finish(&w, &totals, e);
        } else if (rc > 0) {
            rc = delivery_open_pieces(in->d, &t.entry, &t.bytes, e);
            if (rc == 0)
                rc = look_and_take(&t, &totals, e);
        }
    }
    delivery_bytes_close(&t.bytes);
    arena_end(&t.arena);
    if (rc == 0)
        *ret = totals;
    return rc;
}
