/* A person of the register: what one row of people.csv says, checked; and how it is sealed. */
#ifndef HUMIAO_PEOPLE_PERSON_H
#define HUMIAO_PEOPLE_PERSON_H

#include "access/seal.h"
#include "base/arena.h"
#include "base/day.h"
#include "base/error.h"
#include "people/division.h"

#include <stdbool.h>

enum person_column {
    PERSON_REF,
    PERSON_ID_NO,
    PERSON_NAME,
    PERSON_SEX,
    PERSON_BIRTH_DATE,
    PERSON_HUKOU,
    PERSON_RESIDENCE,
    PERSON_RESIDENCE_SINCE,
    PERSON_ADDRESS,
    PERSON_PHONE,
    PERSON_HOUSEHOLD,
    PERSON_COLUMN_COUNT
};
extern const char *const person_columns[PERSON_COLUMN_COUNT + 1];

struct person {
    struct slice ref, id_no, name, address, phone, household; /* empty: not given */
    char sex;                                                 /* 'M', 'F' or 0 */
    day birth;                                                /* DAY_BEGINNING: not known */
    int64_t hukou, residence;                                 /* 12-digit codes; 0: not given */
    day residence_since;                                      /* DAY_BEGINNING: not given */
};

/* Checks one row. A birth date or sex that is left empty is taken from the identity number. Texts are
 * copied into the arena; id_no and phone are normalised; what is
 * no telephone number is kept as it stands. `divisions` decides which codes exist. */
int person_check(const struct slice cells[PERSON_COLUMN_COUNT],
                 const struct division_tree *divisions, struct arena *arena, struct person *ret,
                 int *ret_column, struct error *e);

/* Seals what says who the person is; the sealer's subject is set to the person. */
int person_seal(struct sealer *sealer, int64_t person_id, const struct person *person,
                struct arena *arena, struct slice *ret, struct error *e);

/* Opens it: ref, id_no, name, sex, address and phone are set, the rest is empty. */
int person_open(struct sealer *sealer, const uint8_t salt[SEAL_SALT_SIZE], int64_t person_id,
                struct slice sealed, struct arena *arena, struct person *ret, struct error *e);

#endif
