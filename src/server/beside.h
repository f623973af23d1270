/* A connection that writes beside the writer, for what a request does in many transactions
 * (request_beside): it gives way to others between them. One request at a time. */
#ifndef HUMIAO_SERVER_BESIDE_H
#define HUMIAO_SERVER_BESIDE_H

#include "base/error.h"

struct beside;

int beside_new(struct beside **ret, struct error *e);
struct beside *beside_free(struct beside *b); /* takes NULL, returns NULL; nobody is at work */

#endif
