/* Inside the handlers: accounts that work with children in the caller's division. */
#ifndef HUMIAO_SERVER_STAFF_H
#define HUMIAO_SERVER_STAFF_H

#include "care/duty.h"
#include "server/request.h"

/* An account of one of the four roles that work by division, in the caller's. ERR_NOT_FOUND for
 * any other. */
int staff_find(struct request *r, struct deployment *d, int64_t id, struct account *ret);

/* duty.c; of one whom the caller may see. */
void write_absence(struct request *r, const struct absence *a, struct slice name);
void write_training(struct request *r, const struct training *t);

#endif
