/* A delivery straight from a file that stays where it is: of the command line, or of a watched folder. */
#include "intake/delivery_inside.h"
#include "store/sql_delivery.h"

struct filing {
    struct intake *in;
    const struct delivery_file *f;
    struct arena arena;
    struct delivery_bytes bytes;
    struct delivery_look look;
    struct delivery_entry entry;
    bool found; /* it was begun before: carried on, or held */
};

static struct slice base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slice_from(slash ? slash + 1 : path);
}

static struct delivery_entry new_entry(const struct filing *g, int state)
{
    struct delivery_entry entry = {.began_at = instant_now(),
                                   .size = g->bytes.size,
                                   .baseline = g->in->baseline,
                                   .channel = g->f->channel,
                                   .state = state,
                                   .row_count = -1,
                                   .department = g->f->feed->department,
                                   .feed = slice_from(g->f->feed->name),
                                   .file_name = base_name(g->f->path),
                                   .header = SLICE_LITERAL(""),
                                   .holds = SLICE_LITERAL(""),
                                   .reason = SLICE_LITERAL("")};

    memcpy(entry.file_hash, g->bytes.hash, SEAL_HASH_SIZE);
    return entry;
}

static int end_step(struct filing *g, int rc, struct error *e)
{
    if (rc == 0)
        rc = store_commit(g->in->d->store, e);
    if (rc < 0)
        store_rollback(g->in->d->store);
    return rc;
}

/* The same file, begun before and not settled. */
static int find(struct filing *g, struct error *e)
{
    struct deployment *d = g->in->d;
    struct sql_delivery_same same;
    int rc = sql_delivery_same(d->store, SLICE_OF(g->bytes.hash), slice_from(g->f->feed->name), 0,
                               &g->found, &same, e);

    if (rc == 0 && g->found)
        rc = delivery_entry_read(d, same.id, &g->arena, &g->entry, e);
    return rc;
}

static int holds_of(const struct filing *g)
{
    int allowed = g->f->allow | (g->found ? g->entry.allowed : 0);

    if (g->found && g->entry.state == DELIVERY_RUNNING) /* it has begun: its holds are past */
        return g->look.held & HOLD_COLUMNS_MISSING;     /* but by another mapping since then */
    return g->look.held & ~(allowed & ~HOLD_COLUMNS_MISSING);
}

/* ---- taken in ----------------------------------------------------------------------------------------- */

static int begin(struct filing *g, struct error *e)
{
    struct deployment *d = g->in->d;
    int rc = store_begin(d->store, e);

    if (rc < 0)
        return rc;
    rc = find(g, e);            /* once more: somebody else may have begun it */
    if (rc == 0 && holds_of(g)) /* and somebody may have held it */
        rc = delivery_held_error(&g->look, holds_of(g), e);
    if (rc == 0 && !g->found) {
        g->entry = new_entry(g, DELIVERY_RUNNING);
        rc = delivery_entry_put(d, &g->entry, e);
    }
    if (rc == 0 && (!g->found || g->entry.state != DELIVERY_RUNNING))
        rc = delivery_enter(d, &g->entry, g->f->feed, &g->look, g->f->allow, e);
    return end_step(g, rc, e);
}

static int take(struct filing *g, struct delivery_totals *ret, struct error *e)
{
    struct delivery_work w = {.in = g->in,
                              .feed = g->f->feed,
                              .bytes = &g->bytes,
                              .look = &g->look,
                              .encoding = g->f->encoding,
                              .name = g->f->path,
                              .tell = g->f->tell};
    int rc = begin(g, e);

    if (rc < 0)
        return rc;
    delivery_totals_of(&g->entry, ret);
    ret->resumed = g->entry.rows_done > 0;
    return delivery_run(&w, &g->entry, ret, e);
}

/* ---- kept for a person, or rejected ----------------------------------------------------------------- */

/* The row under which its pieces are put: that of an earlier try, or a new one. */
static int arrive(struct filing *g, struct error *e)
{
    struct deployment *d = g->in->d;
    struct sql_delivery_arriving before;
    bool found;
    int rc = store_begin(d->store, e);

    if (rc < 0)
        return rc;
    rc = sql_delivery_arriving(d->store, SLICE_OF(g->bytes.hash), g->f->channel, &found, &before,
                               e);
    if (rc == 0 && found)
        rc = delivery_entry_read(d, before.id, &g->arena, &g->entry, e);
    if (rc == 0 && !found) {
        g->entry = new_entry(g, DELIVERY_ARRIVING);
        rc = delivery_entry_put(d, &g->entry, e);
        if (rc == 0)
            rc = delivery_audit(d, AUDIT_DELIVERY_RECEIVED, &g->entry, 0,
                                delivery_channel_name(g->f->channel), e);
    }
    return end_step(g, rc, e);
}

static int keep_held(struct filing *g, int held, struct delivery_totals *ret, struct error *e)
{
    struct deployment *d = g->in->d;
    int rc = 0;

    if (!g->found) {
        rc = arrive(g, e);
        if (rc == 0)
            rc = delivery_keep_pieces(d, &g->entry, &g->bytes, e);
        if (rc == 0)
            rc = store_begin(d->store, e);
        if (rc < 0)
            return rc;
        rc = delivery_hold(d, &g->entry, g->f->feed, &g->look, held, instant_now(), e);
        rc = end_step(g, rc, e);
    }
    if (rc == 0)
        delivery_totals_of(&g->entry, ret);
    return rc;
}

static int keep_rejected(struct filing *g, const struct error *reason, struct delivery_totals *ret,
                         struct error *e)
{
    struct deployment *d = g->in->d;
    int rc = store_begin(d->store, e);

    if (rc < 0)
        return rc;
    g->entry = new_entry(g, DELIVERY_REJECTED);
    rc = delivery_entry_put(d, &g->entry, e);
    if (rc == 0)
        rc = delivery_entry_reject(d, &g->entry, delivery_reason(reason, &g->arena), 0,
                                   instant_now(), e);
    rc = end_step(g, rc, e);
    if (rc == 0)
        delivery_totals_of(&g->entry, ret);
    return rc;
}

static int look_and_take(struct filing *g, struct delivery_totals *ret, struct error *e)
{
    struct error reason = {.language = e->language};
    int rc = delivery_look(g->in, g->f->feed, &g->bytes, g->f->encoding, 0, &g->look, &reason);

    if (rc < 0 && g->f->keep && delivery_error_of_file(reason.code)) {
        rc = keep_rejected(g, &reason, ret, e);
        if (rc == 0)
            *e = reason; /* for the report beside the file */
        return rc;
    }
    if (rc < 0) {
        *e = reason;
        return error_of_file(e, g->f->path);
    }
    rc = find(g, e);
    int held = rc == 0 ? holds_of(g) : 0;
    if (rc == 0 && held && g->f->keep) {
        rc = keep_held(g, held, ret, e);
        if (rc == 0)
            delivery_held_error(&g->look, held, e); /* for the report beside the file */
    } else if (rc == 0 && held) {
        delivery_held_error(&g->look, held, e);
        rc = error_of_file(e, g->f->path);
    } else if (rc == 0) {
        rc = take(g, ret, e);
    }
    delivery_look_end(&g->look);
    return rc;
}

int delivery_file_of(struct intake *in, const struct delivery_file *f,
                     const struct delivery_bytes *b, struct delivery_totals *ret, struct error *e)
{
    struct filing g = {.in = in, .f = f, .bytes = *b};
    struct error own = {.language = LANGUAGE_EN};

    *ret = (struct delivery_totals){0};
    int rc = look_and_take(&g, ret, e ? e : &own);
    arena_end(&g.arena);
    return rc;
}

int delivery_file(struct intake *in, const struct delivery_file *f, struct delivery_totals *ret,
                  struct error *e)
{
    struct delivery_bytes b;
    int rc = delivery_open_path(in->d, f->path, &b, e);

    *ret = (struct delivery_totals){0};
    if (rc < 0)
        return rc;
    rc = delivery_file_of(in, f, &b, ret, e);
    delivery_bytes_close(&b);
    return rc;
}
