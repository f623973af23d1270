/* Sources at a glance: a line for each feed. */
#include "intake/coverage_inside.h"
#include "intake/delivery.h"
#include "people/relation.h"
#include "store/sql_quarantine.h"
#include "store/sql_record.h"
#include "store/sql_source.h"

#include <stdlib.h>

#define LAG_SAMPLE 500  /* records */
#define LAG_WINDOW 4000 /* records among which they are looked for: others write too */

struct glancing {
    struct deployment *d;
    struct delivery_scope of;
    int64_t last; /* code of its subtree */
    struct source_glance *list;
    size_t count;
};

static struct source_glance *glance_of(struct glancing *g, struct slice feed)
{
    for (size_t i = 0; i < g->count; i++)
        if (slice_is(feed, g->list[i].feed->name))
            return &g->list[i];
    return NULL; /* its mapping is gone */
}

/* ---- the lag -------------------------------------------------------------------------------- */

/* The id from which on records were learnt at that instant or later: ids ascend. */
static int first_record_since(struct deployment *d, int64_t instant, int64_t *ret, struct error *e)
{
    struct sql_record_last last;
    struct sql_source_record_from row;
    int64_t low = 1, high;
    bool found;
    int rc = sql_record_last(d->store, &found, &last, e);

    if (rc < 0)
        return rc;
    high = found ? last.id : 1;
    while (low < high && rc == 0) {
        int64_t middle = low + (high - low) / 2;
        rc = sql_source_record_from(d->store, middle, &found, &row, e);
        if (rc == 0 && (!found || row.known_from >= instant))
            high = middle;
        else if (rc == 0)
            low = row.id + 1;
    }
    *ret = low;
    return rc;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static int read_lag(struct deployment *d, struct source_glance *g, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_source_days row;
    int64_t lags[LAG_SAMPLE], first;
    size_t count = 0;
    day received = day_of_instant(g->last_at);
    int rc = first_record_since(d, g->last_at, &first, e);

    if (rc == 0)
        rc = sql_source_days(d->store, first, g->last_id, LAG_WINDOW, LAG_SAMPLE, &rows, e);
    while (rc >= 0 && (rc = sql_source_days_next(&rows, &row, e)) > 0 && count < LAG_SAMPLE)
        lags[count++] = row.from_day < received ? received - row.from_day : 0;
    if (rc >= 0 && count > 0) {
        qsort(lags, count, sizeof(*lags), by_size);
        g->lag_days = lags[count / 2];
    }
    return rc < 0 ? rc : 0;
}

/* ---- each figure of all feeds --------------------------------------------------------------- */

static int read_last(struct glancing *g, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_source_last row;
    int rc = sql_source_last(g->d->store, g->of.division, g->last, g->of.covered_on, &rows, e);

    while (rc >= 0 && (rc = sql_source_last_next(&rows, &row, e)) > 0) {
        struct source_glance *s = glance_of(g, row.feed);
        if (!s)
            continue;
        s->last_id = row.id;
        s->last_at = row.began_at;
        s->last_rows = row.row_count.set ? row.row_count.v : row.rows_done;
        s->last_refused = row.quarantined;
        s->last_unlinked = row.unlinked;
    }
    return rc;
}

static int read_waiting(struct glancing *g, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_quarantine_waiting row;
    int rc = sql_quarantine_waiting(g->d->store, g->of.division, g->last, g->of.covered_on, &rows,
                                    e);

    while (rc >= 0 && (rc = sql_quarantine_waiting_next(&rows, &row, e)) > 0) {
        struct source_glance *s = glance_of(g, row.feed);
        if (s)
            s->waiting = row.rows;
    }
    return rc;
}

static int read_held(struct glancing *g, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_source_held row;
    int rc = sql_source_held(g->d->store, g->of.division, g->last, g->of.covered_on, &rows, e);

    while (rc >= 0 && (rc = sql_source_held_next(&rows, &row, e)) > 0) {
        struct source_glance *s = glance_of(g, row.feed);
        if (s)
            s->held = row.deliveries;
    }
    return rc;
}

static int read_unlinked(struct glancing *g, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_source_unlinked row;
    int rc = sql_source_unlinked(g->d->store, g->of.division, g->last, g->of.covered_on, &rows, e);

    while (rc >= 0 && (rc = sql_source_unlinked_next(&rows, &row, e)) > 0) {
        struct source_glance *s = row.feed.p ? glance_of(g, row.feed) : NULL;
        if (s)
            s->unlinked += row.records;
    }
    return rc;
}

static int read_heard(struct glancing *g, int64_t now, struct arena *arena, struct error *e)
{
    struct heard_feeds heard;
    struct coverage *covered;
    size_t count;
    int rc = heard_feeds_read(g->d, arena, &heard, e);

    if (rc == 0)
        rc = coverage_list(g->d, arena, &covered, &count, e);
    for (size_t i = 0; i < g->count && rc == 0; i++) {
        struct source_glance *s = &g->list[i];
        struct heard_feed h = heard_feed_find(&heard, slice_from(s->feed->name));
        s->heard_at = h.at;
        s->silent_at = h.silent_at;
        s->due_at = feed_due(s->feed, &h, covered, count, now);
        for (size_t k = 0; k < count; k++)
            s->divisions += slice_is(covered[k].feed, s->feed->name) &&
                            covered[k].to > day_of_instant(now);
    }
    return rc;
}

int source_glances(struct deployment *d, const struct feed_library *feeds,
                   const struct delivery_scope *scope, int64_t now, struct arena *arena,
                   struct source_glance **ret, size_t *ret_count, struct error *e)
{
    struct glancing g = {.d = d,
                         .of = scope ? *scope : (struct delivery_scope){0},
                         .last = scope ? division_last(scope->division) : 0,
                         .list = ARENA_ARRAY(arena, feeds->count + 1, struct source_glance),
                         .count = feeds->count};
    int rc;

    for (size_t i = 0; i < g.count; i++)
        g.list[i] = (struct source_glance){.feed = feeds->feeds[i], .last_id = -1, .lag_days = -1};
    rc = read_last(&g, e);
    if (rc >= 0)
        rc = read_waiting(&g, e);
    if (rc >= 0)
        rc = read_held(&g, e);
    if (rc >= 0)
        rc = read_unlinked(&g, e);
    if (rc >= 0)
        rc = read_heard(&g, now, arena, e);
    for (size_t i = 0; i < g.count && rc >= 0; i++)
        if (g.list[i].last_id > 0)
            rc = read_lag(d, &g.list[i], e);
    if (rc < 0)
        return rc;
    *ret = g.list;
    *ret_count = g.count;
    return 0;
}
