/* What came of it: alerts and their visits, by feed and by category. The figures are for those who tend
 * the feeds and the policies and are not published, so small ones are not hidden. */
#include "access/packed.h"
#include "care/visit.h"
#include "intake/coverage.h"
#include "store/sql_yield.h"

#include <string.h>

#define PAGE 64 /* alerts at once: memory does not grow with their number */

struct yields {
    struct arena *arena;
    struct yield *list;
    size_t count, capacity;
};

static struct yield *yield_of(struct yields *y, struct slice name, bool policy)
{
    for (size_t i = 0; i < y->count; i++)
        if (y->list[i].policy == policy && slice_equal(y->list[i].name, name))
            return &y->list[i];
    y->list = arena_grow(y->arena, y->list, &y->capacity, y->count + 1, sizeof(*y->list));
    y->list[y->count] = (struct yield){.name = arena_copy(y->arena, name), .policy = policy};
    return &y->list[y->count++];
}

static void add_visits(struct yield *y, int64_t outcome, int64_t visits)
{
    y->visits += visits;
    switch (outcome) {
    case VISIT_VERIFIED: y->verified += visits; break;
    case VISIT_FALSE_ALARM: y->false_alarm += visits; break;
    case VISIT_REFUSED: y->refused += visits; break;
    default: break; /* nobody home, or not yet */
    }
}

/* ---- by feed -------------------------------------------------------------------------------- */

static int read_feeds(struct deployment *d, int64_t since, struct yields *y, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_yield_alerts alerts;
    struct sql_yield_visits visits;
    int rc = sql_yield_alerts(d->store, since, &rows, e);

    while (rc >= 0 && (rc = sql_yield_alerts_next(&rows, &alerts, e)) > 0)
        yield_of(y, alerts.feed, false)->alerts = alerts.alerts;
    if (rc >= 0)
        rc = sql_yield_visits(d->store, since, &rows, e);
    while (rc >= 0 && (rc = sql_yield_visits_next(&rows, &visits, e)) > 0)
        add_visits(yield_of(y, visits.feed, false), visits.outcome, visits.visits);
    return rc;
}

/* ---- by category: sealed, so that they are opened, a page at a time ------------------------- */

struct page {
    struct arena arena;
    struct slice alerts_by[PAGE * 16]; /* category of each pair */
    int64_t alert[PAGE * 16];
    size_t pairs;
    int64_t ids[PAGE];
    size_t count;
};

static bool has_pair(const struct page *p, int64_t alert, struct slice category)
{
    for (size_t i = p->pairs; i > 0 && p->alert[i - 1] == alert; i--)
        if (slice_equal(p->alerts_by[i - 1], category))
            return true;
    return false;
}

static int read_page(struct deployment *d, int64_t since, int64_t after, struct page *p,
                     struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_yield_page row;
    int rc = sql_yield_page(d->store, since, after, PAGE, &rows, e);

    arena_reset(&p->arena);
    p->pairs = p->count = 0;
    while (rc >= 0 && (rc = sql_yield_page_next(&rows, &row, e)) > 0)
        p->ids[p->count++] = row.alert_id;
    return rc;
}

static int read_pairs(struct deployment *d, int64_t since, struct page *p, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_yield_causes row;
    int rc = sql_yield_causes(d->store, p->ids, p->count, since, &rows, e);

    while (rc >= 0 && (rc = sql_yield_causes_next(&rows, &row, e)) > 0) {
        struct slice packed, category;
        rc = sealer_set_subject(d->sealer, (const uint8_t *)row.salt.p, e);
        if (rc == 0)
            rc = sealer_open(d->sealer,
                             (struct seal_place){SLICE_LITERAL("alert_cause.sealed"), row.id},
                             row.sealed, &p->arena, &packed, e);
        if (rc < 0)
            break;
        if (!packed_read(packed, &category, 1))
            return error_set(e, ERR_DATABASE_DAMAGED, NULL);
        if (p->pairs == PAGE * 16 || has_pair(p, row.alert_id, category))
            continue;
        p->alerts_by[p->pairs] = category;
        p->alert[p->pairs++] = row.alert_id;
    }
    return rc;
}

static int add_page(struct deployment *d, const struct page *p, struct yields *y, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_yield_outcomes row;
    int rc = sql_yield_outcomes(d->store, p->ids, p->count, &rows, e);

    for (size_t i = 0; i < p->pairs; i++)
        yield_of(y, p->alerts_by[i], true)->alerts++;
    while (rc >= 0 && (rc = sql_yield_outcomes_next(&rows, &row, e)) > 0)
        for (size_t i = 0; i < p->pairs; i++)
            if (p->alert[i] == row.alert_id)
                add_visits(yield_of(y, p->alerts_by[i], true), row.outcome, 1);
    return rc;
}

static int read_categories(struct deployment *d, int64_t since, struct yields *y, struct error *e)
{
    ARENA_AUTO(scratch);
    struct page *p = ARENA_NEW(&scratch, struct page);
    int64_t after = 0;
    int rc;

    while ((rc = read_page(d, since, after, p, e)) >= 0 && p->count > 0) {
        after = p->ids[p->count - 1];
        if ((rc = read_pairs(d, since, p, e)) < 0 || (rc = add_page(d, p, y, e)) < 0)
            break;
    }
    arena_end(&p->arena);
    return rc;
}

int yield_read(struct deployment *d, day from, struct arena *arena, struct yield **ret,
               size_t *ret_count, struct error *e)
{
    struct yields y = {.arena = arena};
    int64_t since = from <= 0 ? 0 : (int64_t)from * INT64_C(86400000000) - INT64_C(28800000000);
    int rc = read_feeds(d, since, &y, e);

    if (rc >= 0)
        rc = read_categories(d, since, &y, e);
    if (rc < 0)
        return rc;
    *ret = y.list;
    *ret_count = y.count;
    return 0;
}
