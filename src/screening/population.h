/* A population: everything known of some children, or of all, as arrays that policies read.
 *
 * Two ways to fill it, one way to read it: `population_read` fetches a few children with their
 * families (intake, explanation), `population_read_all` scans the database with two threads (a screening
 * of everybody). Both see what is in force now. Sealed facts are opened here and live in the arena. */
#ifndef HUMIAO_SCREENING_POPULATION_H
#define HUMIAO_SCREENING_POPULATION_H

#include "access/deployment.h"
#include "base/arena.h"
#include "policy/policy.h"

#include <stddef.h>
#include <stdint.h>

#define POPULATION_NOBODY UINT32_MAX

struct population_person {
    int64_t id;
    day birth;                 /* DAY_BEGINNING: not known */
    bool has_household, lists; /* lists: a household list names this person */
    uint8_t household[SEAL_HASH_SIZE];
};

struct population_kin {
    uint32_t child, person; /* indexes of persons */
    enum policy_role role;
    day from, to;
};

struct population_fact {
    uint32_t person, other; /* other: index or POPULATION_NOBODY */
    int kind;               /* policy_kind_by_name */
    day from, to;
    struct slice value;
    int64_t record_id;
};

struct population {
    struct population_person *persons; /* ascending by id */
    size_t person_count;
    struct population_kin *kin; /* by child, then in the order of entry */
    size_t kin_count;
    uint32_t *kin_begin;           /* person_count + 1 offsets */
    struct population_fact *facts; /* by person, then by record */
    size_t fact_count;
    uint32_t *fact_begin;
    uint32_t *listed; /* persons with a household that a household list names, by household */
    size_t listed_count;
};

/* The named children, whoever has a kin row to them, and those of their households whom a list names.
 * Ids that are no persons of the register are passed over. */
int population_read(struct deployment *d, const int64_t *children, size_t count,
                    struct arena *arena, struct population *ret, struct error *e);

/* Everybody. The deployment's store must be in no transaction. */
int population_read_all(struct deployment *d, struct arena *arena, struct population *ret,
                        struct error *e);

/* Index of the person, or POPULATION_NOBODY. */
uint32_t population_find(const struct population *p, int64_t id);

/* One child with its family, ready for the policies. */
struct family {
    struct policy_family policy;
    const uint32_t *persons; /* index in the population of each person of the family */
    const int64_t *records;  /* record id of each fact */
};
void population_family(const struct population *p, uint32_t child, struct arena *arena,
                       struct family *ret);

/* The family of one child by its id; ERR_NOT_FOUND when the register does not hold the child now, or
 * not its birth date. */
int population_read_child(struct deployment *d, int64_t child_id, struct arena *arena,
                          struct population *ret, struct family *ret_family, struct error *e);

#endif
