#include "screening/screen.h"

#include "people/person.h"
#include "store/sql_person.h"

#include <pthread.h>
#include <stdlib.h>

#define THREADS 2
#define STEP 64

/* One thread's share of the children. */
struct share {
    const struct population *population;
    const struct edition *edition;
    day as_of;
    size_t begin, end; /* persons */
    struct arena arena;
    struct screen_row *rows;
    size_t count, capacity, children;
};

static void screen_child(struct share *s, struct arena *scratch, struct policy_timeline *timelines,
                         uint32_t child)
{
    struct family family;

    population_family(s->population, child, scratch, &family);
    policy_evaluate(s->edition->set, &family.policy, scratch, timelines);
    for (size_t c = 0; c < s->edition->category_count; c++) {
        const struct policy_stretch *stretch = policy_timeline_at(&timelines[c], s->as_of);
        if (!stretch)
            continue;
        s->rows = arena_grow(&s->arena, s->rows, &s->capacity, s->count + 1, sizeof(*s->rows));
        s->rows[s->count++] = (struct screen_row){.child = child,
                                                  .category = c,
                                                  .status = stretch->status,
                                                  .since = stretch->from,
                                                  .until = stretch->to};
    }
}

static void *screen_share(void *context)
{
    struct share *s = context;
    ARENA_AUTO(lasting);
    ARENA_AUTO(scratch);
    struct policy_timeline *timelines = ARENA_ARRAY(&lasting, s->edition->category_count,
                                                    struct policy_timeline);

    for (size_t i = s->begin; i < s->end; i++) {
        day birth = s->population->persons[i].birth;
        if (birth == DAY_BEGINNING || s->as_of < birth || s->as_of >= day_anniversary(birth, 18))
            continue;
        arena_reset(&scratch);
        screen_child(s, &scratch, timelines, (uint32_t)i);
        s->children++;
    }
    return NULL;
}

/* Opens the refs of the children that have a row; rows of one child stand together. */
static int open_refs(struct deployment *d, const struct population *p, struct screen_result *r,
                     struct arena *arena, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_sealed_in row;
    int64_t ids[STEP];
    int rc = 0;

    for (size_t at = 0; at < r->count && rc >= 0;) {
        size_t n = 0, end = at;
        for (; end < r->count; end++) {
            int64_t id = p->persons[r->rows[end].child].id;
            if (n > 0 && ids[n - 1] == id)
                continue;
            if (n == STEP)
                break;
            ids[n++] = id;
        }
        rc = sql_person_sealed_in(d->store, ids, n, &rows, e);
        while (rc >= 0 && (rc = sql_person_sealed_in_next(&rows, &row, e)) > 0) {
            ARENA_AUTO(scratch);
            struct person person;
            rc = person_open(d->sealer, (const uint8_t *)row.salt.p, row.person_id, row.sealed,
                             &scratch, &person, e);
            if (rc < 0)
                break;
            struct slice ref = arena_copy(arena, person.ref);
            for (size_t i = at; i < end; i++)
                if (p->persons[r->rows[i].child].id == row.person_id)
                    r->rows[i].child_ref = ref;
        }
        at = end;
    }
    return rc;
}

static int by_ref(const void *a, const void *b)
{
    const struct screen_row *x = a, *y = b;
    int order = slice_compare(x->child_ref, y->child_ref);

    return order ? order : (x->category > y->category) - (x->category < y->category);
}

/* A person who was erased has no ref and no row. */
static void drop_erased(struct screen_result *r)
{
    size_t kept = 0;

    for (size_t i = 0; i < r->count; i++)
        if (r->rows[i].child_ref.p)
            r->rows[kept++] = r->rows[i];
    r->count = kept;
}

int screen_all(struct deployment *d, const struct edition *edition, day as_of, struct arena *arena,
               struct screen_result *ret, struct error *e)
{
    ARENA_AUTO(everybody);
    struct population population;
    struct share shares[THREADS];
    struct screen_result r = {0};
    pthread_t threads[THREADS];
    int rc = population_read_all(d, &everybody, &population, e);

    if (rc < 0)
        return rc;
    for (size_t t = 0; t < THREADS; t++) {
        shares[t] = (struct share){.population = &population,
                                   .edition = edition,
                                   .as_of = as_of,
                                   .begin = population.person_count * t / THREADS,
                                   .end = population.person_count * (t + 1) / THREADS};
        if (t > 0 && pthread_create(&threads[t], NULL, screen_share, &shares[t]) != 0)
            abort(); /* no thread, no memory: nothing was written */
    }
    screen_share(&shares[0]);
    for (size_t t = 1; t < THREADS; t++)
        pthread_join(threads[t], NULL);
    for (size_t t = 0; t < THREADS; t++) {
        r.count += shares[t].count;
        r.children += shares[t].children;
    }
    r.rows = ARENA_ARRAY(arena, r.count, struct screen_row);
    for (size_t t = 0, at = 0; t < THREADS; t++) {
        if (shares[t].count)
            memcpy(r.rows + at, shares[t].rows, shares[t].count * sizeof(*r.rows));
        at += shares[t].count;
        arena_end(&shares[t].arena);
    }
    rc = open_refs(d, &population, &r, arena, e);
    if (rc < 0)
        return rc;
    drop_erased(&r);
    qsort(r.rows, r.count, sizeof(*r.rows), by_ref);
    *ret = r;
    return 0;
}

static int compare_rows(const struct edition *from, const struct screen_row *a,
                        const struct edition *to, const struct screen_row *b)
{
    int order = slice_compare(a->child_ref, b->child_ref);

    return order ? order
                 : strcmp(policy_category_info(from->set, a->category)->name,
                          policy_category_info(to->set, b->category)->name);
}

int screen_compare(const struct edition *from, const struct screen_result *before,
                   const struct edition *to, const struct screen_result *after, struct arena *arena,
                   struct simulate_row **ret, size_t *ret_count)
{
    struct simulate_row *rows = NULL;
    size_t capacity = 0, count = 0, i = 0, j = 0;

    while (i < before->count || j < after->count) {
        const struct screen_row *a = i < before->count ? &before->rows[i] : NULL;
        const struct screen_row *b = j < after->count ? &after->rows[j] : NULL;
        int order = !a ? 1 : !b ? -1 : compare_rows(from, a, to, b);
        bool held = order <= 0 && a->status == POLICY_TRUE;
        bool holds = order >= 0 && b->status == POLICY_TRUE;
        if (held != holds) {
            const struct screen_row *row = holds ? b : a;
            const struct edition *edition = holds ? to : from;
            rows = arena_grow(arena, rows, &capacity, count + 1, sizeof(*rows));
            rows[count++] = (struct simulate_row){
                row->child_ref, policy_category_info(edition->set, row->category)->name, holds,
                row->since, row->until};
        }
        i += order <= 0;
        j += order >= 0;
    }
    *ret = rows;
    *ret_count = count;
    return 0;
}
