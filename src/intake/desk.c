/* The quarantine desk: what waits, by rows and by groups of rows that are alike. */
#include "intake/desk_inside.h"
#include "people/relation.h"

#include <stdio.h>
#include <string.h>

/* The statements of quarantine.sql that select rows have the same columns. */
_Static_assert(sizeof(struct sql_quarantine_page) == sizeof(struct sql_quarantine_of_id) &&
                   sizeof(struct sql_quarantine_trial) == sizeof(struct sql_quarantine_of_id),
               "alike in quarantine.sql");

const char *quarantine_state_name(int state)
{
    switch (state) {
#define QUARANTINE_STATE(symbol, number, name) \
    case number:                               \
        return name;
#include "intake/quarantine_states.def"
#undef QUARANTINE_STATE
    default: return "";
    }
}

bool desk_open_state(int state)
{
    return state == QUARANTINE_WAITS || state == QUARANTINE_RETURNED;
}

int desk_audit(struct deployment *d, enum audit_event event, int64_t object_id, int64_t account_id,
               const struct desk_totals *t, struct error *e)
{
    char detail[128];

    snprintf(detail, sizeof(detail),
             "rows %llu accepted %llu duplicate %llu unlinked %llu refused %llu",
             (unsigned long long)t->rows, (unsigned long long)t->accepted,
             (unsigned long long)t->duplicate, (unsigned long long)t->unlinked,
             (unsigned long long)t->still_refused);
    return audit_append(
        d,
        &(struct audit_entry){
            .event = event, .account_id = account_id, .object_id = object_id, .detail = detail},
        e);
}

/* ---- the filter ----------------------------------------------------------------------------- */

/* The row itself is of the scope, too. */
static int find_like(struct deployment *d, int64_t id, struct arena *arena, struct desk_query *q,
                     struct error *e)
{
    struct sql_quarantine_like row;
    bool found;
    int rc = sql_quarantine_like(d->store, id, q->division, q->division_last, q->covered_on, &found,
                                 &row, e);

    if (rc < 0)
        return rc;
    if (!found)
        return error_set(e, ERR_NOT_FOUND, N_("there is no such refused row"));
    if (row.value_hash.n != SEAL_HASH_SIZE) { /* of before: nothing is known to be like it */
        q->only_id = id;
        return 0;
    }
    memcpy(q->hash, row.value_hash.p, SEAL_HASH_SIZE);
    q->value_hash = (struct slice){(const char *)q->hash, SEAL_HASH_SIZE};
    if (row.feed.p)
        q->feed = arena_copy(arena, row.feed);
    if (row.department.p)
        q->department = arena_copy(arena, row.department);
    return 0;
}

int desk_query_of(struct deployment *d, const struct desk_filter *f, struct arena *arena,
                  struct desk_query *ret, struct error *e)
{
    *ret = (struct desk_query){.feed = f->feed.n ? f->feed : SLICE_NONE,
                               .department = f->department.n ? f->department : SLICE_NONE,
                               .delivery_id = f->delivery_id,
                               .state = f->state,
                               .division = f->scope.division,
                               .division_last = division_last(f->scope.division),
                               .covered_on = f->scope.covered_on};
    return f->like_id ? find_like(d, f->like_id, arena, ret, e) : 0;
}

/* ---- rows ----------------------------------------------------------------------------------- */

int desk_kept_get(struct desk_reader *r, int64_t id, struct desk_kept *ret, struct error *e)
{
    struct sql_quarantine_of_id row;
    bool found;
    int rc = sql_quarantine_of_id(r->d->store, id, &found, &row, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, N_("there is no such refused row"));
    return rc < 0 ? rc : desk_open(r, &row, ret, e);
}

int desk_page(struct desk_reader *r, const struct desk_query *q, int64_t after, size_t limit,
              struct desk_kept **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_quarantine_page row;
    struct desk_kept *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_quarantine_page(r->d->store, q->feed, q->department, q->delivery_id, q->state,
                                 q->value_hash, after, (int64_t)limit, q->division,
                                 q->division_last, q->covered_on, &rows, e);

    while (rc >= 0 && (rc = sql_quarantine_page_next(&rows, &row, e)) > 0) {
        struct sql_quarantine_of_id same;
        if (q->only_id && row.id != q->only_id)
            continue;
        memcpy(&same, &row, sizeof(same));
        list = arena_grow(r->arena, list, &capacity, count + 1, sizeof(*list));
        if ((rc = desk_open(r, &same, &list[count], e)) < 0)
            break;
        count++;
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

static int list_one(struct desk_reader *r, int64_t id, struct desk_kept **ret, size_t *ret_count,
                    struct error *e)
{
    *ret = ARENA_NEW(r->arena, struct desk_kept);
    *ret_count = 1;
    return desk_kept_get(r, id, *ret, e);
}

int desk_list(struct deployment *d, const struct feed_library *feeds, const struct desk_filter *f,
              int64_t after, size_t limit, struct arena *arena, struct desk_row **ret,
              size_t *ret_count, struct error *e)
{
    struct desk_reader r;
    struct desk_query q;
    struct desk_kept *kept;
    size_t count = 0;
    int rc = desk_query_of(d, f, arena, &q, e);

    if (rc < 0)
        return rc;
    desk_reader_begin(&r, d, feeds, arena, e ? e->language : LANGUAGE_EN);
    if (q.only_id == 0)
        rc = desk_page(&r, &q, after, limit, &kept, &count, e);
    else if (after == 0)
        rc = list_one(&r, q.only_id, &kept, &count, e);
    desk_reader_end(&r);
    if (rc < 0)
        return rc;
    *ret = ARENA_ARRAY(arena, count + 1, struct desk_row);
    for (size_t i = 0; i < count; i++)
        (*ret)[i] = kept[i].row;
    *ret_count = count;
    return 0;
}

int desk_get(struct deployment *d, const struct feed_library *feeds, int64_t id,
             struct arena *arena, struct desk_row *ret, struct error *e)
{
    struct desk_reader r;
    struct desk_kept kept;

    desk_reader_begin(&r, d, feeds, arena, e ? e->language : LANGUAGE_EN);
    int rc = desk_kept_get(&r, id, &kept, e);
    desk_reader_end(&r);
    if (rc == 0)
        *ret = kept.row;
    return rc;
}

/* ---- groups --------------------------------------------------------------------------------- */

static int name_group(struct desk_reader *r, struct desk_group *g, struct error *e)
{
    struct desk_kept kept;
    int rc = desk_kept_get(r, g->example_id, &kept, e);

    if (rc == 0)
        g->column = kept.row.column;
    return rc;
}

int desk_groups(struct deployment *d, const struct feed_library *feeds, const struct desk_filter *f,
                size_t limit, struct arena *arena, struct desk_group **ret, size_t *ret_count,
                struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_quarantine_groups row;
    struct desk_group *list = ARENA_ARRAY(arena, limit + 1, struct desk_group);
    struct desk_reader r;
    size_t count = 0;
    int rc = sql_quarantine_groups(
        d->store, f->feed.n ? f->feed : SLICE_NONE, f->department.n ? f->department : SLICE_NONE,
        f->delivery_id, f->state ? f->state : QUARANTINE_WAITS, (int64_t)limit, f->scope.division,
        division_last(f->scope.division), f->scope.covered_on, &rows, e);

    while (rc >= 0 && (rc = sql_quarantine_groups_next(&rows, &row, e)) > 0 && count < limit)
        list[count++] = (struct desk_group){.feed = arena_copy(arena, row.feed),
                                            .department = arena_copy(arena, row.department),
                                            .error = (enum error_code)row.error,
                                            .rows = row.rows,
                                            .example_id = row.example,
                                            .oldest_at = row.oldest};
    desk_reader_begin(&r, d, feeds, arena, e ? e->language : LANGUAGE_EN);
    for (size_t i = 0; i < count && rc >= 0; i++)
        rc = name_group(&r, &list[i], e);
    desk_reader_end(&r);
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}
