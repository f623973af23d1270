#include "care/review.h"

#include "access/packed.h"
#include "care/care_inside.h"
#include "people/relation.h"
#include "store/sql_review.h"

#include <stdio.h>

#define ITEMS_MAX 64 /* categories times facts, of one child */

static struct seal_place place_of(int64_t child_id)
{
    return (struct seal_place){SLICE_LITERAL("review.sealed"), child_id};
}

/* ---- a row: how many, then category and missing fact of each ------------------------------------------ */

static struct slice pack(const struct review_item *items, size_t count, struct arena *arena)
{
    struct slice texts[1 + 2 * ITEMS_MAX];
    char number[16];

    snprintf(number, sizeof number, "%zu", count);
    texts[0] = slice_from(number);
    for (size_t i = 0; i < count; i++) {
        texts[1 + 2 * i] = items[i].category;
        texts[2 + 2 * i] = items[i].missing;
    }
    return packed_from(texts, 1 + 2 * count, arena);
}

/* The texts point into `plain`. */
static int unpack(struct slice plain, struct slice texts[1 + 2 * ITEMS_MAX], size_t *ret_count,
                  struct error *e)
{
    size_t n = 0;

    if (!packed_read(plain, texts, 1))
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    for (size_t i = 0; i < texts[0].n && n <= ITEMS_MAX; i++)
        n = n * 10 + (size_t)(texts[0].p[i] - '0');
    if (n > ITEMS_MAX || !packed_read(plain, texts, 1 + 2 * n))
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    *ret_count = n;
    return 0;
}

/* ---- writing ------------------------------------------------------------------------------------------ */

/* Whether the row stands so already: a child is judged far more often than this changes. */
static int same_row(struct care *c, int64_t child_id, const struct sql_review_get *row,
                    int64_t division, struct slice plain, bool *ret, struct error *e)
{
    ARENA_AUTO(scratch);
    struct slice old;
    int rc = 0;

    *ret = row->division == division;
    if (*ret)
        rc = sealer_open(c->d->sealer, place_of(child_id), row->sealed, &scratch, &old, e);
    if (rc == 0 && *ret)
        *ret = slice_equal(old, plain);
    return rc;
}

int review_put(struct care *c, int64_t child_id, const struct review_item *items, size_t count,
               struct error *e)
{
    ARENA_AUTO(scratch);
    struct sql_review_get row;
    struct slice plain, sealed;
    int64_t division;
    bool found, same = false;

    if (count == 0)
        return sql_review_drop(c->d->store, child_id, e);
    if (count > ITEMS_MAX)
        count = ITEMS_MAX;
    int rc = care_division(c->d, child_id, &division, e);
    if (rc == 0)
        rc = care_subject(c->d, child_id, e);
    if (rc < 0)
        return rc;
    plain = pack(items, count, &scratch);
    rc = sql_review_get(c->d->store, child_id, &found, &row, e);
    if (rc == 0 && found)
        rc = same_row(c, child_id, &row, division, plain, &same, e);
    if (rc == 0 && !same)
        rc = sealer_seal_arena(c->d->sealer, place_of(child_id), plain, &scratch, &sealed, e);
    if (rc == 0 && !same)
        rc = sql_review_put(c->d->store, child_id, division, c->today, sealed, e);
    if (rc == 0 && !same)
        care_changed(c, division);
    return rc;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

static int64_t last_of(int64_t division) { return division ? division_last(division) : INT64_MAX; }

static int open_row(struct deployment *d, int64_t child_id, struct slice salt, struct slice sealed,
                    struct arena *arena, struct slice texts[1 + 2 * ITEMS_MAX], size_t *ret_count,
                    struct error *e)
{
    struct slice plain;
    int rc = sealer_set_subject(d->sealer, (const uint8_t *)salt.p, e);

    if (rc == 0)
        rc = sealer_open(d->sealer, place_of(child_id), sealed, arena, &plain, e);
    return rc < 0 ? rc : unpack(plain, texts, ret_count, e);
}

int review_list(struct deployment *d, int64_t division, int64_t after_child, size_t limit,
                struct arena *arena, struct review **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_review_in row;
    struct slice texts[1 + 2 * ITEMS_MAX];
    struct review *list = NULL;
    size_t count = 0, capacity = 0, n;
    int rc = sql_review_in(d->store, division, last_of(division), after_child, (int64_t)limit,
                           &rows, e);

    while (rc >= 0 && (rc = sql_review_in_next(&rows, &row, e)) > 0) {
        rc = open_row(d, row.child_id, row.salt, row.sealed, arena, texts, &n, e);
        if (rc < 0)
            return rc;
        struct review_item *items = ARENA_ARRAY(arena, n, struct review_item);
        for (size_t i = 0; i < n; i++)
            items[i] = (struct review_item){texts[1 + 2 * i], texts[2 + 2 * i]};
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct review){row.child_id, row.division, (day)row.since_day, items, n};
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

/* ---- groups ------------------------------------------------------------------------------------------- */

struct groups {
    struct review_group *list;
    size_t count, capacity;
};

/* There are as many as categories times facts that they ask for: some dozens. */
static void count_item(struct groups *g, struct slice category, struct slice missing,
                       struct arena *arena)
{
    for (size_t i = 0; i < g->count; i++)
        if (slice_equal(g->list[i].missing, missing) &&
            slice_equal(g->list[i].category, category)) {
            g->list[i].children++;
            return;
        }
    g->list = arena_grow(arena, g->list, &g->capacity, g->count + 1, sizeof(*g->list));
    g->list[g->count++] = (struct review_group){arena_copy(arena, missing),
                                                arena_copy(arena, category), 1};
}

static int by_size(const void *a, const void *b)
{
    const struct review_group *x = a, *y = b;
    int order;

    if (x->children != y->children)
        return x->children < y->children ? 1 : -1;
    order = slice_compare(x->missing, y->missing);
    return order ? order : slice_compare(x->category, y->category);
}

int review_groups(struct deployment *d, int64_t division, struct arena *arena,
                  struct review_group **ret, size_t *ret_count, struct error *e)
{
    ARENA_AUTO(scratch);
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_review_of_area row;
    struct slice texts[1 + 2 * ITEMS_MAX];
    struct groups groups = {0};
    size_t n;
    int rc = sql_review_of_area(d->store, division, last_of(division), &rows, e);

    while (rc >= 0 && (rc = sql_review_of_area_next(&rows, &row, e)) > 0) {
        arena_reset(&scratch);
        rc = open_row(d, row.child_id, row.salt, row.sealed, &scratch, texts, &n, e);
        if (rc < 0)
            return rc;
        for (size_t i = 0; i < n; i++)
            count_item(&groups, texts[1 + 2 * i], texts[2 + 2 * i], arena);
    }
    if (rc < 0)
        return rc;
    if (groups.count > 0)
        qsort(groups.list, groups.count, sizeof(*groups.list), by_size);
    *ret = groups.list;
    *ret_count = groups.count;
    return 0;
}
