/* Erasing a person of whom care holds something: what is open about them ends, by nobody's decision, and what
 * was written under their key never opens again (people/erase.h). Ids, levels, states and days stay, so that
 * counts do. */
#ifndef HUMIAO_CARE_FORGET_H
#define HUMIAO_CARE_FORGET_H

#include "access/deployment.h"

/* A transaction of its own, as person_erase. ERR_NOT_FOUND, ERR_ERASED. */
int care_person_erase(struct deployment *d, int64_t person_id, struct error *e);

#endif
