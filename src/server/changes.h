/* Changes, for pages that are open: a number that grows with each, and in which division it was. Nothing
 * of what has changed: a page that hears of one asks again, and sees what it may see.
 *
 * The last CHANGES_KEPT are kept in memory. Numbers begin with the milliseconds of the start, so that
 * after a restart they are higher than any that a page knows, and each page asks again once. */
#ifndef HUMIAO_SERVER_CHANGES_H
#define HUMIAO_SERVER_CHANGES_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

#define CHANGES_KEPT 1024

struct changes;

int changes_new(struct changes **ret, struct error *e);
struct changes *changes_free(struct changes *c); /* takes NULL, returns NULL */

/* From any thread. Division 0: everywhere. */
void changes_add(struct changes *c, int64_t division);

/* The number now, and whether any after `after` lies in what `division` covers (0: only what is
 * everywhere). One that is no longer kept counts as such. */
int64_t changes_now(struct changes *c);
bool changes_since(struct changes *c, int64_t after, int64_t division, int64_t *ret_now);

/* A descriptor that can be read when there was a change; changes_heard makes it wait again. */
int changes_descriptor(const struct changes *c);
void changes_heard(struct changes *c);

#endif
