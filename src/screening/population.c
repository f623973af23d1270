#include "screening/population.h"

#include <stdlib.h>

uint32_t population_find(const struct population *p, int64_t id)
{
    size_t low = 0, high = p->person_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->persons[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->person_count && p->persons[low].id == id ? (uint32_t)low : POPULATION_NOBODY;
}

/* A family is small: a few parents, guardians, people of the household. Beyond that it still works. */
struct builder {
    const struct population *population;
    struct arena *arena;
    uint32_t *persons;
    size_t count, capacity;
};

static int local_index(struct builder *b, uint32_t person)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->persons[i] == person)
            return (int)i;
    return -1;
}

static int add_person(struct builder *b, uint32_t person)
{
    int at = local_index(b, person);

    if (at >= 0)
        return at;
    b->persons = arena_grow(b->arena, b->persons, &b->capacity, b->count + 1, sizeof(uint32_t));
    b->persons[b->count] = person;
    return (int)b->count++;
}

static bool same_household(const struct population_person *a, const struct population_person *b)
{
    return a->has_household && b->has_household &&
           memcmp(a->household, b->household, SEAL_HASH_SIZE) == 0;
}

/* People of the child's household whom a household list names. */
static void add_listed(struct builder *b, const struct population_person *child)
{
    const struct population *p = b->population;
    size_t low = 0, high = p->listed_count;

    if (!child->has_household)
        return;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(p->persons[p->listed[middle]].household, child->household, SEAL_HASH_SIZE) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < p->listed_count && same_household(&p->persons[p->listed[low]], child); low++)
        add_person(b, p->listed[low]);
}

static void copy_facts(struct builder *b, struct family *ret)
{
    const struct population *p = b->population;
    size_t count = 0, at = 0;

    for (size_t i = 0; i < b->count; i++)
        count += p->fact_begin[b->persons[i] + 1] - p->fact_begin[b->persons[i]];
    struct policy_fact *facts = ARENA_ARRAY(b->arena, count, struct policy_fact);
    int64_t *records = ARENA_ARRAY(b->arena, count, int64_t);
    for (size_t i = 0; i < b->count; i++)
        for (uint32_t f = p->fact_begin[b->persons[i]]; f < p->fact_begin[b->persons[i] + 1]; f++) {
            const struct population_fact *from = &p->facts[f];
            facts[at] = (struct policy_fact){
                .person = (int)i,
                .kind = from->kind,
                .from = from->from,
                .to = from->to,
                .value = from->value,
                .other = from->other == POPULATION_NOBODY ? -1 : local_index(b, from->other)};
            records[at++] = from->record_id;
        }
    ret->policy.facts = facts;
    ret->policy.fact_count = count;
    ret->records = records;
}

void population_family(const struct population *p, uint32_t child, struct arena *arena,
                       struct family *ret)
{
    struct builder b = {.population = p, .arena = arena, .capacity = 8};
    uint32_t begin = p->kin_begin[child], end = p->kin_begin[child + 1];
    struct policy_kin *kin = ARENA_ARRAY(arena, end - begin, struct policy_kin);

    b.persons = ARENA_ARRAY(arena, b.capacity, uint32_t);
    add_person(&b, child);
    for (uint32_t i = begin; i < end; i++)
        kin[i - begin] = (struct policy_kin){.person = add_person(&b, p->kin[i].person),
                                             .role = p->kin[i].role,
                                             .from = p->kin[i].from,
                                             .to = p->kin[i].to};
    add_listed(&b, &p->persons[child]);

    struct policy_person *persons = ARENA_ARRAY(arena, b.count, struct policy_person);
    for (size_t i = 0; i < b.count; i++) {
        const struct population_person *person = &p->persons[b.persons[i]];
        persons[i].same_household = same_household(person, &p->persons[child]);
        persons[i].household_empty = !person->has_household;
    }
    *ret = (struct family){.policy = {.birth = p->persons[child].birth,
                                      .persons = persons,
                                      .person_count = b.count,
                                      .kin = kin,
                                      .kin_count = end - begin},
                           .persons = b.persons};
    copy_facts(&b, ret);
}
