/* Crypto-erasure: the person's salt is dropped, and with it the key of all that was sealed about them,
 * here and in every backup that lacks the row (architecture rule 6; PIPL art. 47). */
#ifndef HUMIAO_PEOPLE_ERASE_H
#define HUMIAO_PEOPLE_ERASE_H

#include "access/deployment.h"

/* Drops the salt, the keyed hashes of identity number and telephone, and ends the person; when it
 * returns 0 the old pages are overwritten too, unless a reader holds the log: then by the next checkpoint. Ids, divisions and days stay, so that counts do. The ref
 * stays taken: a later load that names it is told. ERR_NOT_FOUND when there is no such person. */
int person_erase(struct deployment *d, int64_t person_id, struct error *e);

/* The same inside a write transaction of the caller, who begins it with store_bulk_begin and has ended before
 * what else is open about the person. */
int person_erase_within(struct deployment *d, int64_t person_id, struct error *e);

#endif
