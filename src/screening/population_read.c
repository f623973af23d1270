#include "screening/population_read.h"

#include "people/fact.h"
#include "people/kin.h"
#include "store/sql_kin.h"
#include "store/sql_person.h"
#include "store/sql_record.h"

#include <stdlib.h>

/* ---- filling: rows as they come from the store ------------------------------------------------ */

void collect_person(struct collection *c, int64_t id, struct opt_int birth, struct slice household)
{
    c->persons = arena_grow(c->arena, c->persons, &c->person_capacity, c->person_count + 1,
                            sizeof(*c->persons));
    struct population_person *p = &c->persons[c->person_count++];
    *p = (struct population_person){.id = id, .birth = birth.set ? (day)birth.v : DAY_BEGINNING};
    if (household.p) {
        p->has_household = true;
        memcpy(p->household, household.p, SEAL_HASH_SIZE);
    }
}

void collect_kin(struct collection *c, int64_t child, int64_t person, int64_t role,
                 struct opt_int from, struct opt_int to)
{
    c->kin = arena_grow(c->arena, c->kin, &c->kin_capacity, c->kin_count + 1, sizeof(*c->kin));
    c->kin[c->kin_count++] = (struct collected_kin){
        child, person, from.set ? (day)from.v : DAY_BEGINNING, to.set ? (day)to.v : DAY_FOREVER,
        c->roles[role > 0 && role < KIN_COUNT ? role : 0]};
}

int collect_fact(struct collection *c, struct sealer *sealer, int64_t id, int64_t subject,
                 struct opt_int from, struct opt_int to, struct slice other, struct slice salt,
                 struct slice sealed, struct error *e)
{
    struct fact fact;
    int rc = fact_open(sealer, (const uint8_t *)salt.p, id, sealed, c->arena, &fact, e);

    if (rc < 0)
        return rc;
    c->facts = arena_grow(c->arena, c->facts, &c->fact_capacity, c->fact_count + 1,
                          sizeof(*c->facts));
    struct collected_fact *f = &c->facts[c->fact_count++];
    *f = (struct collected_fact){.subject = subject,
                                 .id = id,
                                 .from = from.set ? (day)from.v : DAY_BEGINNING,
                                 .to = to.set ? (day)to.v : DAY_FOREVER,
                                 .value = fact.value,
                                 .kind = c->kinds[fact.kind],
                                 .household = record_kind_is_of_household(fact.kind),
                                 .other = POPULATION_NOBODY};
    if (other.p) {
        f->has_other = true;
        memcpy(f->other_hash, other.p, SEAL_HASH_SIZE);
    }
    return 0;
}

void collection_begin(struct collection *c, struct arena *arena)
{
    *c = (struct collection){.arena = arena};
    for (int role = 0; role < KIN_COUNT; role++)
        c->roles[role] = policy_role_by_name(slice_from(kin_role_name((enum kin_role)role)));
    for (int kind = 0; kind < KIND_COUNT; kind++)
        c->kinds[kind] = policy_kind_by_name(slice_from(record_kind_name((enum record_kind)kind)));
}

/* ---- indexing: rows sorted by whom they are about ---------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct population_person *)a)->id;
    int64_t y = ((const struct population_person *)b)->id;

    return (x > y) - (x < y);
}

static void sort_persons(struct collection *c, struct population *p)
{
    bool sorted = true;
    size_t kept = 0;

    for (size_t i = 1; i < c->person_count && sorted; i++)
        sorted = c->persons[i - 1].id < c->persons[i].id;
    if (!sorted) {
        qsort(c->persons, c->person_count, sizeof(*c->persons), by_id);
        for (size_t i = 0; i < c->person_count; i++)
            if (kept == 0 || c->persons[kept - 1].id != c->persons[i].id)
                c->persons[kept++] = c->persons[i];
        c->person_count = kept;
    }
    p->persons = c->persons;
    p->person_count = c->person_count;
}

/* Rows come nearly in order: the person is looked for near the one before. */
static uint32_t find_near(const struct population *p, uint32_t *hint, int64_t id)
{
    for (size_t i = *hint; i < p->person_count && i < (size_t)*hint + 8; i++)
        if (p->persons[i].id == id)
            return *hint = (uint32_t)i;
    uint32_t at = population_find(p, id);
    if (at != POPULATION_NOBODY)
        *hint = at;
    return at;
}

/* From counts per person to offsets. */
static void offsets(uint32_t *begin, size_t count)
{
    uint32_t sum = 0;

    for (size_t i = 0; i <= count; i++) {
        uint32_t here = begin[i];
        begin[i] = sum;
        sum += here;
    }
}

static void index_kin(struct collection *c, struct population *p, struct arena *arena)
{
    uint32_t *child = ARENA_ARRAY(arena, c->kin_count, uint32_t);
    uint32_t *person = ARENA_ARRAY(arena, c->kin_count, uint32_t);
    uint32_t near_child = 0, near_person = 0;

    p->kin_begin = ARENA_ARRAY(arena, p->person_count + 1, uint32_t);
    for (size_t i = 0; i < c->kin_count; i++) {
        child[i] = find_near(p, &near_child, c->kin[i].child);
        person[i] = find_near(p, &near_person, c->kin[i].person);
        if (child[i] != POPULATION_NOBODY && person[i] != POPULATION_NOBODY)
            p->kin_begin[child[i]]++;
    }
    offsets(p->kin_begin, p->person_count);
    uint32_t *next = ARENA_ARRAY(arena, p->person_count + 1, uint32_t);
    memcpy(next, p->kin_begin, p->person_count * sizeof(*next));
    p->kin = ARENA_ARRAY(arena, c->kin_count, struct population_kin);
    for (size_t i = 0; i < c->kin_count; i++)
        if (child[i] != POPULATION_NOBODY && person[i] != POPULATION_NOBODY)
            p->kin[next[child[i]]++] = (struct population_kin){child[i], person[i],
                                                               (enum policy_role)c->kin[i].role,
                                                               c->kin[i].from, c->kin[i].to};
    p->kin_count = p->kin_begin[p->person_count];
}

static void index_facts(struct collection *c, struct population *p, struct arena *arena)
{
    uint32_t *person = ARENA_ARRAY(arena, c->fact_count, uint32_t);
    uint32_t near_person = 0;

    p->fact_begin = ARENA_ARRAY(arena, p->person_count + 1, uint32_t);
    for (size_t i = 0; i < c->fact_count; i++) {
        person[i] = find_near(p, &near_person, c->facts[i].subject);
        if (person[i] != POPULATION_NOBODY)
            p->fact_begin[person[i]]++;
    }
    offsets(p->fact_begin, p->person_count);
    uint32_t *next = ARENA_ARRAY(arena, p->person_count + 1, uint32_t);
    memcpy(next, p->fact_begin, p->person_count * sizeof(*next));
    p->facts = ARENA_ARRAY(arena, c->fact_count, struct population_fact);
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct collected_fact *f = &c->facts[i];
        if (person[i] == POPULATION_NOBODY)
            continue;
        p->facts[next[person[i]]++] = (struct population_fact){.person = person[i],
                                                               .other = f->other,
                                                               .kind = f->kind,
                                                               .from = f->from,
                                                               .to = f->to,
                                                               .value = f->value,
                                                               .record_id = f->id};
        p->persons[person[i]].lists |= f->household;
    }
    p->fact_count = p->fact_begin[p->person_count];
}

static int by_household(const void *a, const void *b, void *context)
{
    const struct population *p = context;

    return memcmp(p->persons[*(const uint32_t *)a].household,
                  p->persons[*(const uint32_t *)b].household, SEAL_HASH_SIZE);
}

static void index_listed(struct population *p, struct arena *arena)
{
    size_t count = 0;

    for (size_t i = 0; i < p->person_count; i++)
        count += p->persons[i].lists && p->persons[i].has_household;
    p->listed = ARENA_ARRAY(arena, count, uint32_t);
    for (size_t i = 0; i < p->person_count; i++)
        if (p->persons[i].lists && p->persons[i].has_household)
            p->listed[p->listed_count++] = (uint32_t)i;
    qsort_r(p->listed, p->listed_count, sizeof(*p->listed), by_household, p);
}

/* The other parties of marriages and divorces, from keyed hash to person. */
static int resolve_others(struct deployment *d, struct collection *c, const struct population *p,
                          struct error *e)
{
    struct collected_fact *waiting[64];
    struct slice hashes[64];
    size_t count = 0;

    for (size_t i = 0; i <= c->fact_count; i++) {
        if (i < c->fact_count && c->facts[i].has_other) {
            waiting[count] = &c->facts[i];
            hashes[count++] = SLICE_OF(c->facts[i].other_hash);
        }
        if (count == 0 || (count < 64 && i < c->fact_count))
            continue;
        STORE_ROWS_AUTO struct store_rows rows = {0};
        struct sql_person_by_id_hashes row;
        int rc = sql_person_by_id_hashes(d->store, hashes, count, &rows, e);
        while (rc >= 0 && (rc = sql_person_by_id_hashes_next(&rows, &row, e)) > 0)
            for (size_t j = 0; j < count; j++)
                if (slice_equal(hashes[j], row.id_hash))
                    waiting[j]->other = population_find(p, row.person_id);
        if (rc < 0)
            return rc;
        count = 0;
    }
    return 0;
}

int collection_index(struct deployment *d, struct collection *people, struct collection *facts,
                     struct arena *arena, struct population *ret, struct error *e)
{
    struct population p = {0};

    sort_persons(people, &p);
    int rc = resolve_others(d, facts, &p, e);
    if (rc < 0)
        return rc;
    index_kin(people, &p, arena);
    index_facts(facts, &p, arena);
    index_listed(&p, arena);
    *ret = p;
    return 0;
}
