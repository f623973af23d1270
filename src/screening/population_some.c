#include "screening/population_read.h"

#include "store/sql_kin.h"
#include "store/sql_person.h"
#include "store/sql_record.h"

#include <stdlib.h>

#define STEP 64 /* ids a statement takes */

static size_t step_of(size_t count, size_t at) { return count - at < STEP ? count - at : STEP; }

/* Ids, sorted, each once. */
struct id_list {
    int64_t *ids;
    size_t count, capacity;
};

static void list_add(struct id_list *l, struct arena *arena, int64_t id)
{
    l->ids = arena_grow(arena, l->ids, &l->capacity, l->count + 1, sizeof(*l->ids));
    l->ids[l->count++] = id;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void list_sort(struct id_list *l)
{
    size_t kept = 0;

    if (l->count == 0)
        return;
    qsort(l->ids, l->count, sizeof(*l->ids), compare_ids);
    for (size_t i = 0; i < l->count; i++)
        if (kept == 0 || l->ids[kept - 1] != l->ids[i])
            l->ids[kept++] = l->ids[i];
    l->count = kept;
}

static int read_kin(struct deployment *d, const struct id_list *children, struct collection *c,
                    struct id_list *ret_persons, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_kin_of_children row;
    int rc = 0;

    for (size_t at = 0; at < children->count && rc >= 0; at += STEP) {
        rc = sql_kin_of_children(d->store, children->ids + at, step_of(children->count, at), &rows,
                                 e);
        while (rc >= 0 && (rc = sql_kin_of_children_next(&rows, &row, e)) > 0) {
            collect_kin(c, row.child_id, row.person_id, row.role, row.from_day, row.to_day);
            list_add(ret_persons, c->arena, row.person_id);
        }
    }
    return rc;
}

static int read_persons(struct deployment *d, const struct id_list *ids, struct collection *c,
                        struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_in row;
    int rc = 0;

    for (size_t at = 0; at < ids->count && rc >= 0; at += STEP) {
        rc = sql_person_in(d->store, ids->ids + at, step_of(ids->count, at), &rows, e);
        while (rc >= 0 && (rc = sql_person_in_next(&rows, &row, e)) > 0)
            collect_person(c, row.id, row.birth_day, row.household);
    }
    return rc;
}

/* Whoever shares a household with one of the children (the first `count` persons collected are all
 * kin and children; those households that are not a child's bring people who do no harm). */
static int read_households(struct deployment *d, const struct id_list *children,
                           struct collection *c, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_in_households row;
    struct slice *households = ARENA_ARRAY(c->arena, children->count, struct slice);
    size_t count = 0, collected = c->person_count;
    int rc = 0;

    for (size_t i = 0; i < collected; i++)
        if (c->persons[i].has_household && bsearch(&c->persons[i].id, children->ids,
                                                   children->count, sizeof(int64_t), compare_ids))
            households[count++] = arena_copy(c->arena, SLICE_OF(c->persons[i].household));
    for (size_t at = 0; at < count && rc >= 0; at += STEP) {
        rc = sql_person_in_households(d->store, households + at, step_of(count, at), &rows, e);
        while (rc >= 0 && (rc = sql_person_in_households_next(&rows, &row, e)) > 0)
            collect_person(c, row.id, row.birth_day, row.household);
    }
    return rc;
}

static int read_facts(struct deployment *d, struct collection *c, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_record_in_force row;
    struct id_list ids = {0};
    int rc = 0;

    for (size_t i = 0; i < c->person_count; i++)
        list_add(&ids, c->arena, c->persons[i].id);
    list_sort(&ids);
    for (size_t at = 0; at < ids.count && rc >= 0; at += STEP) {
        rc = sql_record_in_force(d->store, ids.ids + at, step_of(ids.count, at), &rows, e);
        while (rc >= 0 && (rc = sql_record_in_force_next(&rows, &row, e)) > 0)
            rc = collect_fact(c, d->sealer, row.id, row.subject_id, row.from_day, row.to_day,
                              row.other_hash, row.salt, row.fact, e);
    }
    return rc;
}

int population_read(struct deployment *d, const int64_t *children, size_t count,
                    struct arena *arena, struct population *ret, struct error *e)
{
    struct collection c;
    struct id_list wanted = {0}, persons = {0};
    int rc;

    collection_begin(&c, arena);
    for (size_t i = 0; i < count; i++)
        list_add(&wanted, arena, children[i]);
    list_sort(&wanted);
    rc = read_kin(d, &wanted, &c, &persons, e);
    for (size_t i = 0; i < wanted.count; i++)
        list_add(&persons, arena, wanted.ids[i]);
    list_sort(&persons);
    if (rc >= 0)
        rc = read_persons(d, &persons, &c, e);
    if (rc >= 0)
        rc = read_households(d, &wanted, &c, e);
    if (rc >= 0)
        rc = read_facts(d, &c, e);
    if (rc >= 0)
        rc = collection_index(d, &c, &c, arena, ret, e);
    return rc < 0 ? rc : 0;
}

int population_read_child(struct deployment *d, int64_t child_id, struct arena *arena,
                          struct population *ret, struct family *ret_family, struct error *e)
{
    int rc = population_read(d, &child_id, 1, arena, ret, e);

    if (rc < 0)
        return rc;
    uint32_t child = population_find(ret, child_id);
    if (child == POPULATION_NOBODY)
        return error_set(e, ERR_NOT_FOUND, N_("this person has left the register"));
    if (ret->persons[child].birth == DAY_BEGINNING)
        return error_set(e, ERR_NOT_FOUND,
                         N_("this person has no birth date, so no category is known"));
    population_family(ret, child, arena, ret_family);
    return 0;
}
