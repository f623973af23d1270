/* Rows of the store on their way into a population. Of this room only. */
#ifndef HUMIAO_SCREENING_POPULATION_READ_H
#define HUMIAO_SCREENING_POPULATION_READ_H

#include "people/kin.h"
#include "people/record.h"
#include "screening/population.h"

struct collected_kin {
    int64_t child, person;
    day from, to;
    int role; /* enum policy_role */
};

struct collected_fact {
    int64_t subject, id;
    day from, to;
    struct slice value;
    int kind;
    uint32_t other;
    bool household, has_other;
    uint8_t other_hash[SEAL_HASH_SIZE];
};

struct collection {
    struct arena *arena;
    struct population_person *persons;
    size_t person_count, person_capacity;
    struct collected_kin *kin;
    size_t kin_count, kin_capacity;
    struct collected_fact *facts;
    size_t fact_count, fact_capacity;
    int roles[KIN_COUNT];  /* from stored number to policy_role */
    int kinds[KIND_COUNT]; /* from record_kind to policy kind */
};

void collection_begin(struct collection *c, struct arena *arena);
void collect_person(struct collection *c, int64_t id, struct opt_int birth, struct slice household);
void collect_kin(struct collection *c, int64_t child, int64_t person, int64_t role,
                 struct opt_int from, struct opt_int to);
int collect_fact(struct collection *c, struct sealer *sealer, int64_t id, int64_t subject,
                 struct opt_int from, struct opt_int to, struct slice other, struct slice salt,
                 struct slice sealed, struct error *e);

/* Sorts and joins; `people` and `facts` may be one collection. */
int collection_index(struct deployment *d, struct collection *people, struct collection *facts,
                     struct arena *arena, struct population *ret, struct error *e);

#endif
