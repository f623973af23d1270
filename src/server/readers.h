/* Readers: deployments for reading, lent to whoever answers a request and given back afterwards. As many
 * are made as are in use at once; those idle are kept. */
#ifndef HUMIAO_SERVER_READERS_H
#define HUMIAO_SERVER_READERS_H

#include "access/deployment.h"

struct readers;

/* `base` outlives them, and is not used by anybody else meanwhile. */
int readers_new(const struct deployment *base, struct readers **ret, struct error *e);
struct readers *readers_free(struct readers *r); /* takes NULL, returns NULL; all were given back */

int readers_take(struct readers *r, struct deployment **ret, struct error *e);

/* `outcome` is that of the work: after an error of the connection or its keys the reader is not lent
 * again. NULL is allowed. */
void readers_give(struct readers *r, struct deployment *d, enum error_code outcome);

/* Those lent so far are made anew when they come back: after a reload. */
void readers_renew(struct readers *r);

#endif
