/* A subject: whoever has a salt of their own, under which what is written about them is sealed. People,
 * accounts and rows of the registers are subjects; their ids come from one ascending source. */
#ifndef HUMIAO_ACCESS_SUBJECT_H
#define HUMIAO_ACCESS_SUBJECT_H

#include "access/deployment.h"

/* Subject ids go on from the highest in use. Inside a write transaction. */
int subject_ids_begin(struct deployment *d, struct id_source *ret, struct error *e);

/* A new subject: an id and a salt, stored; the sealer is set to it. */
int subject_new(struct deployment *d, struct id_source *ids, int64_t *ret_id,
                uint8_t ret_salt[SEAL_SALT_SIZE], struct error *e);

#endif
