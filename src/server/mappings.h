/* The feeds there are, read once for each newest edition and lent to whoever answers a request: a
 * mapping is parsed when it was saved, not with every row that comes in. */
#ifndef HUMIAO_SERVER_MAPPINGS_H
#define HUMIAO_SERVER_MAPPINGS_H

#include "intake/feed.h"

struct mappings;

int mappings_new(struct mappings **ret, struct error *e);
struct mappings *mappings_free(
    struct mappings *m); /* takes NULL, returns NULL; all were given back */

/* As `d` sees them now. What is lent stays whole while a newer one is read. Reads only. */
int mappings_hold(struct mappings *m, struct deployment *d, const struct feed_library **ret,
                  struct error *e);
void mappings_let_go(struct mappings *m, const struct feed_library *library); /* takes NULL */

#endif
