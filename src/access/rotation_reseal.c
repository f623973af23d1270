/* Re-sealing. Values are read, opened and sealed anew outside of any transaction; the write transaction
 * only puts each in the place of the very value that was read, so it is short, and what somebody else
 * wrote in between stays: it is of the newest key already. */
#include "access/audit.h"
#include "access/rotation.h"
#include "access/rotation_inside.h"
#include "store/sql_key_rotation.h"

#include <time.h>

#define BATCH 50
#define MILLISECONDS 15 /* then a transaction ends, so that its commit ends within 20 */
#define PATIENCE 60 /* waits of the store's timeout: a load of a register holds the writer long */

struct reseal {
    struct deployment *d;
    uint8_t number;
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *context;
    uint64_t total, done;
    struct rotation_figures figures;
};

/* What a batch became: of a value that did not open, `sealed` is NONE. */
struct batch {
    struct sealed_value *values;
    struct slice *sealed;
    size_t count;
    bool last;
    int64_t cursor; /* when all of it is done */
};

static int64_t milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Values that share the last place may go on behind the limit: they are left to the next batch, which
 * finds them again. */
static void cut_at_last_place(struct batch *b)
{
    b->last = b->count < BATCH;
    if (b->count == 0)
        return;
    b->cursor = b->values[b->count - 1].at;
    if (b->last || b->values[0].at == b->cursor)
        return;
    while (b->values[b->count - 1].at == b->cursor)
        b->count--;
    b->cursor--;
}

static int reseal_value(struct reseal *r, const struct sealed_column *column,
                        const struct sealed_value *v, struct arena *arena, struct slice *ret,
                        struct error *e)
{
    struct sealer *s = r->d->sealer;
    struct seal_place place = {column->place, v->row};
    struct slice plain;
    int rc = sealer_set_subject(s, v->salt, e);

    if (rc == 0)
        rc = sealer_open(s, place, v->sealed, arena, &plain, e);
    if (rc == -ERR_SEAL_BROKEN || rc == -ERR_KEY_UNKNOWN) {
        error_clear(e);
        *ret = SLICE_NONE;
        r->figures.broken++;
        return 0;
    }
    return rc < 0 ? rc : sealer_seal_arena(s, place, plain, arena, ret, e);
}

static int read_batch(struct reseal *r, const struct sealed_column *column, int64_t after,
                      struct arena *arena, struct batch *ret, struct error *e)
{
    int rc = column->batch(r->d->store, after, r->number, BATCH, arena, &ret->values, &ret->count,
                           e);

    if (rc < 0)
        return rc;
    cut_at_last_place(ret);
    ret->sealed = arena_take(arena, (ret->count + 1) * sizeof(*ret->sealed));
    for (size_t i = 0; i < ret->count && rc == 0; i++)
        rc = reseal_value(r, column, &ret->values[i], arena, &ret->sealed[i], e);
    return rc;
}

static int begin(struct reseal *r, struct error *e)
{
    int rc = 0;

    for (int waits = 0; waits < PATIENCE; waits++) {
        error_clear(e);
        rc = store_begin(r->d->store, e);
        if (rc != -ERR_DATABASE_LOCKED)
            break;
    }
    if (rc == 0 && rotation_newest(r->d).number != r->number) {
        store_rollback(r->d->store);
        rc = error_set(e, ERR_WRONG_STATE, N_("another sealing key was added meanwhile"));
    }
    return rc;
}

/* One transaction: as much of the batch as there is time for, and the cursor. */
static int put_batch(struct reseal *r, const struct sealed_column *column, struct batch *b,
                     int64_t *cursor, bool *ret_done, struct error *e)
{
    struct store *store = r->d->store;
    int64_t until = milliseconds() + MILLISECONDS, to = b->cursor;
    size_t put = 0, i = 0;
    int rc = 0;

    for (; i < b->count && rc == 0; i++) {
        const struct sealed_value *v = &b->values[i];
        if (i > 0 && milliseconds() >= until && b->values[i - 1].at < v->at) {
            to = v->at - 1;
            break;
        }
        if (b->sealed[i].p) {
            rc = column->put(store, v->at, b->sealed[i], v->sealed, e);
            put++;
        }
    }
    *ret_done = i == b->count && b->last;
    if (*ret_done)
        to = b->count ? to : *cursor;
    if (rc == 0)
        rc = sql_key_rotation_put(store, slice_from(column->name), r->number, to, *ret_done, e);
    if (rc == 0) {
        *cursor = to;
        r->figures.resealed += put;
        r->done += i;
    }
    return rc;
}

static int tell_column_done(struct reseal *r, const struct sealed_column *column, uint64_t resealed,
                            struct error *e)
{
    char detail[128];

    snprintf(detail, sizeof(detail), "%s key %u values %llu", column->name, (unsigned)r->number,
             (unsigned long long)resealed);
    return audit_append(r->d, &(struct audit_entry){.event = AUDIT_RESEALED, .detail = detail}, e);
}

static int reseal_column(struct reseal *r, const struct sealed_column *column, int64_t cursor,
                         struct error *e)
{
    uint64_t before = r->figures.resealed;
    bool done = false;

    while (!done) {
        ARENA_AUTO(arena);
        struct batch batch = {.cursor = cursor};
        int rc = read_batch(r, column, cursor, &arena, &batch, e);
        if (rc == 0)
            rc = begin(r, e);
        if (rc < 0)
            return rc;
        rc = put_batch(r, column, &batch, &cursor, &done, e);
        if (rc == 0 && done && r->figures.resealed > before)
            rc = tell_column_done(r, column, r->figures.resealed - before, e);
        if (rc == 0)
            rc = store_commit(r->d->store, e);
        if (rc < 0) {
            store_rollback(r->d->store);
            return rc;
        }
        if (r->progress)
            r->progress(r->context, r->done < r->total ? r->done : r->total, r->total);
    }
    return 0;
}

/* Where a column's walk goes on, from its beginning unless a walk to this key was interrupted. */
static int find_cursor(struct reseal *r, const struct sealed_column *column, int64_t *ret_cursor,
                       struct error *e)
{
    struct sql_key_rotation_get row;
    bool found;
    int rc = sql_key_rotation_get(r->d->store, slice_from(column->name), &found, &row, e);

    if (rc == 0)
        *ret_cursor = found && row.key_number == r->number && !row.done ? row.after_id : INT64_MIN;
    return rc;
}

static void add_left(void *context, const struct rotation_count *c)
{
    struct reseal *r = context;

    if (c->number != r->number)
        r->total += c->rows - c->erased;
}

/* A walk may leave something behind, where many values share a place; the next one takes it. */
static int left_over(struct reseal *r, uint64_t *ret, struct error *e)
{
    struct reseal count = {.number = r->number};
    int rc = rotation_count(r->d, add_left, &count, e);

    *ret = count.total;
    return rc;
}

int rotation_reseal(struct deployment *d,
                    void (*progress)(void *context, uint64_t done, uint64_t total), void *context,
                    struct rotation_figures *ret, struct error *e)
{
    struct reseal r = {.d = d, .progress = progress, .context = context};
    int rc = deployment_refresh(d, e);
    uint64_t left = 0;

    r.number = rotation_newest(d).number;
    if (rc == 0)
        rc = left_over(&r, &left, e);
    r.total = left;
    while (rc == 0 && left > r.figures.broken) {
        uint64_t before = r.figures.resealed;
        r.figures.broken = 0;
        for (size_t i = 0; i < sealed_column_count && rc == 0; i++) {
            int64_t cursor;
            rc = find_cursor(&r, &sealed_columns[i], &cursor, e);
            if (rc == 0)
                rc = reseal_column(&r, &sealed_columns[i], cursor, e);
        }
        if (rc == 0)
            rc = left_over(&r, &left, e);
        if (r.figures.resealed == before)
            break;
    }
    *ret = r.figures;
    return rc;
}
