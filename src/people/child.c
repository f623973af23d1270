#include "people/child.h"

#include "people/person.h"
#include "people/relation.h"
#include "store/sql_child.h"
#include "store/sql_kin.h"

#include <stdlib.h>

#define BATCH 64 /* as many as a statement takes */
#define AGE_OF_MAJORITY 18

/* The last day of birth of those who are 18 on the day: with 28 February as the birthday of who was
 * born on the 29th that is not always the same day of an earlier year. */
static day grown_by(day today)
{
    day birth = day_add_months(today, -12 * AGE_OF_MAJORITY);

    while (day_anniversary(day_add_days(birth, 1), AGE_OF_MAJORITY) <= today)
        birth = day_add_days(birth, 1);
    return birth;
}

/* A page that grows. */
struct page {
    struct deployment *d;
    struct arena *arena;
    struct child *list;
    size_t count, capacity;
};

static int add(struct page *p, const struct sql_child_in *row, struct error *e)
{
    struct person person;
    int rc = person_open(p->d->sealer, (const uint8_t *)row->salt.p, row->id, row->sealed, p->arena,
                         &person, e);

    if (rc < 0)
        return rc;
    p->list = arena_grow(p->arena, p->list, &p->capacity, p->count + 1, sizeof(*p->list));
    p->list[p->count++] = (struct child){
        .id = row->id,
        .ref = person.ref,
        .name = person.name,
        .id_no = person.id_no,
        .address = person.address,
        .phone = person.phone,
        .sex = person.sex,
        .birth = row->birth_day.set ? (day)row->birth_day.v : DAY_BEGINNING,
        .residence = row->residence.set ? row->residence.v : 0,
        .hukou = row->hukou.set ? row->hukou.v : 0,
    };
    return 0;
}

/* All these statements give the columns of child_in. */
#define ADD_ROWS(page, rows, statement, e)                                                \
    do {                                                                                  \
        struct sql_##statement row;                                                       \
        struct sql_child_in same;                                                         \
        _Static_assert(sizeof(row) == sizeof(same), "the columns are those of child_in"); \
        while (rc >= 0 && (rc = sql_##statement##_next(rows, &row, e)) > 0) {             \
            memcpy(&same, &row, sizeof(row));                                             \
            rc = add(page, &same, e);                                                     \
        }                                                                                 \
    } while (0)

int child_list_of_division(struct deployment *d, int64_t division, struct child_place after,
                           size_t limit, day today, struct arena *arena, struct child **ret,
                           size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct page page = {.d = d, .arena = arena};

    if (after.residence < division)
        after = (struct child_place){division, 0}; /* ids are positive */
    int rc = sql_child_in_area(d->store, after.residence, after.id, division_last(division),
                               grown_by(today), today, (int64_t)limit, &rows, e);
    ADD_ROWS(&page, &rows, child_in_area, e);
    if (rc < 0)
        return rc;
    *ret = page.list;
    *ret_count = page.count;
    return 0;
}

/* Of an account's own tasks; of an organisation's manager, of its team's. */
static int list_of_tasks(struct deployment *d, const struct account *a, struct child_place after,
                         size_t limit, int64_t now, struct page *page, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    day today = day_of_instant(now);
    int rc;

    if (a->role != ROLE_ORGANISATION_MANAGER) {
        rc = sql_child_of_account(d->store, a->id, now, after.residence, after.id, grown_by(today),
                                  today, (int64_t)limit, &rows, e);
        ADD_ROWS(page, &rows, child_of_account, e);
        return rc;
    }
    if (!a->team.p)
        return 0;
    rc = sql_child_of_team(d->store, a->team, now, after.residence, after.id, grown_by(today),
                           today, (int64_t)limit, &rows, e);
    ADD_ROWS(page, &rows, child_of_team, e);
    return rc;
}

static int by_place(const void *a, const void *b)
{
    const struct child *x = a, *y = b;

    if (x->residence != y->residence)
        return x->residence < y->residence ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* The page of an area, and behind the same place those of tasks that lie elsewhere: a child that has moved
 * away is still visited by whom it was given to. */
static int list_of_area(struct deployment *d, const struct account *a, int64_t division,
                        struct child_place after, size_t limit, int64_t now, struct page *page,
                        struct error *e)
{
    struct page area = {.d = d, .arena = page->arena}, tasks = area;
    size_t i = 0, j = 0;
    int rc = child_list_of_division(d, division ? division : a->division, after, limit,
                                    day_of_instant(now), page->arena, &area.list, &area.count, e);

    if (rc == 0)
        rc = list_of_tasks(d, a, after, limit, now, &tasks, e);
    if (rc < 0 || tasks.count == 0) {
        *page = area;
        return rc;
    }
    page->list = ARENA_ARRAY(page->arena, area.count + tasks.count, struct child);
    while (page->count < limit && (i < area.count || j < tasks.count)) {
        int order = i == area.count    ? 1
                    : j == tasks.count ? -1
                                       : by_place(&area.list[i], &tasks.list[j]);
        page->list[page->count++] = order <= 0 ? area.list[i] : tasks.list[j];
        i += order <= 0;
        j += order >= 0;
    }
    return 0;
}

/* Children to whom the person is kin, by the store. */
static int kin_children(struct deployment *d, int64_t person_id, struct arena *arena, int64_t **ret,
                        size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_kin_children_of row;
    size_t count = 0, capacity = 0;
    int64_t *ids = NULL;
    int rc = sql_kin_children_of(d->store, &person_id, 1, &rows, e);

    while (rc >= 0 && (rc = sql_kin_children_of_next(&rows, &row, e)) > 0) {
        ids = arena_grow(arena, ids, &capacity, count + 1, sizeof(*ids));
        ids[count++] = row.child_id;
    }
    *ret = ids;
    *ret_count = count;
    return rc < 0 ? rc : 0;
}

/* A guardian's own children: a handful, so that the page is cut here. */
static int list_own(struct deployment *d, const struct account *a, struct child_place after,
                    size_t limit, int64_t now, struct page *page, struct error *e)
{
    enum relation *relations;
    size_t count, kept = 0;
    int64_t *ids;
    int rc = a->person_id ? kin_children(d, a->person_id, page->arena, &ids, &count, e) : 0;

    if (rc < 0 || a->person_id == 0)
        return rc;
    relations = ARENA_ARRAY(page->arena, count, enum relation);
    if ((rc = relation_of_all(d, a, ids, count, now, relations, e)) < 0)
        return rc;
    for (size_t i = 0; i < count; i++)
        if (relations[i] == RELATION_GUARDIAN)
            ids[kept++] = ids[i];
    rc = child_get_all(d, ids, kept, day_of_instant(now), page->arena, &page->list, &page->count,
                       e);
    if (rc < 0 || page->count == 0)
        return rc;
    qsort(page->list, page->count, sizeof(*page->list), by_place);
    struct child begin = {.residence = after.residence, .id = after.id};
    size_t first = 0;
    while (first < page->count && by_place(&page->list[first], &begin) <= 0)
        first++;
    page->list += first;
    page->count = page->count - first < limit ? page->count - first : limit;
    return 0;
}

int child_list(struct deployment *d, const struct account *a, int64_t division,
               struct child_place after, size_t limit, int64_t now, struct arena *arena,
               struct child **ret, size_t *ret_count, struct error *e)
{
    struct page page = {.d = d, .arena = arena};
    int rc = 0;

    if (after.residence < division)
        after = (struct child_place){division, 0}; /* ids are positive */
    if (role_is_administrator(a->role) || a->role == ROLE_NONE) {
        rc = 0;
    } else if (a->role == ROLE_GUARDIAN) {
        rc = list_own(d, a, after, limit, now, &page, e);
    } else if (a->role == ROLE_HELPER || a->role == ROLE_ORGANISATION_MANAGER) {
        rc = list_of_tasks(d, a, after, limit, now, &page, e);
    } else if (division != 0 && !division_covers(a->division, division)) {
        rc = error_set(e, ERR_FORBIDDEN, N_("that division is not in yours"));
    } else if (a->division != 0) {
        rc = list_of_area(d, a, division, after, limit, now, &page, e);
    }
    if (rc < 0)
        return rc;
    /* Pages go by residence: behind the division's last one there is nothing more to come. */
    while (division != 0 && page.count > 0 &&
           page.list[page.count - 1].residence > division_last(division))
        page.count--;
    *ret = page.list;
    *ret_count = page.count;
    return 0;
}

static int read_batch(struct page *page, const int64_t *ids, size_t count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    int rc = sql_child_in(page->d->store, ids, count, &rows, e);

    ADD_ROWS(page, &rows, child_in, e);
    return rc;
}

/* Puts the page into the order of the ids, without those who are no children on the day. Whoever is asked for
 * twice is there twice. */
static void arrange(struct page *page, const int64_t *ids, size_t count, day today)
{
    struct child *list = ARENA_ARRAY(page->arena, count, struct child);
    size_t n = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < page->count; k++)
            if (page->list[k].id == ids[i] && relation_is_minor(page->list[k].birth, today)) {
                list[n++] = page->list[k];
                break;
            }
    page->list = list;
    page->count = n;
}

int child_get_all(struct deployment *d, const int64_t *ids, size_t count, day today,
                  struct arena *arena, struct child **ret, size_t *ret_count, struct error *e)
{
    struct page all = {.d = d, .arena = arena};

    for (size_t i = 0; i < count; i += BATCH) {
        struct page page = {.d = d, .arena = arena};
        size_t n = count - i < BATCH ? count - i : BATCH;
        int rc = read_batch(&page, ids + i, n, e);
        if (rc < 0)
            return rc;
        arrange(&page, ids + i, n, today);
        if (page.count == 0)
            continue;
        all.list = arena_grow(arena, all.list, &all.capacity, all.count + page.count,
                              sizeof(*all.list));
        memcpy(all.list + all.count, page.list, page.count * sizeof(*page.list));
        all.count += page.count;
    }
    *ret = all.list;
    *ret_count = all.count;
    return 0;
}

int child_get(struct deployment *d, int64_t child_id, day today, struct arena *arena,
              struct child *ret, struct error *e)
{
    struct child *list;
    size_t count;
    int rc = child_get_all(d, &child_id, 1, today, arena, &list, &count, e);

    if (rc == 0 && count == 0)
        rc = error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = list[0];
    return rc;
}
