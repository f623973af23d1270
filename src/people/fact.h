/* Facts: department records as they are kept, sealed under the key of the subject they are about.
 *
 * A fact is two sealed values: `fact` (kind and value), which screening opens, and `envelope` (who said
 * it and under which key, and the rest of the row), which only explanation and correction open. A
 * record about somebody whom the register does not hold hangs on a stand-in subject, and moves to the
 * person, sealed anew, when the person arrives or changes identity number. */
#ifndef HUMIAO_PEOPLE_FACT_H
#define HUMIAO_PEOPLE_FACT_H

#include "access/deployment.h"
#include "people/record.h"

#include <stdbool.h>

struct fact {
    enum record_kind kind;
    struct slice value;
};

struct fact_envelope {
    struct slice department, key, id_no, name, division, note;
    struct slice note_marks; /* packed spans of the note; empty: none, or an older record */
};

/* The sealer's subject is set to the record's. */
int fact_seal(struct sealer *sealer, int64_t record_id, const struct record *record,
              struct arena *arena, struct slice *ret_fact, struct slice *ret_envelope,
              struct error *e);
int fact_open(struct sealer *sealer, const uint8_t salt[SEAL_SALT_SIZE], int64_t record_id,
              struct slice sealed, struct arena *arena, struct fact *ret, struct error *e);
int fact_open_envelope(struct sealer *sealer, const uint8_t salt[SEAL_SALT_SIZE], int64_t record_id,
                       struct slice sealed, struct arena *arena, struct fact_envelope *ret,
                       struct error *e);

/* Records that wait for this identity number become the person's. */
int fact_link(struct deployment *d, const uint8_t id_hash[SEAL_HASH_SIZE], int64_t person_id,
              const uint8_t salt[SEAL_SALT_SIZE], struct error *e);

/* The person no longer holds this identity number: the records under it wait again, on the subject
 * with `stand_in` and its salt. */
int fact_unlink(struct deployment *d, const uint8_t id_hash[SEAL_HASH_SIZE], int64_t person_id,
                const uint8_t salt[SEAL_SALT_SIZE], int64_t stand_in,
                const uint8_t stand_in_salt[SEAL_SALT_SIZE], struct error *e);

#endif
