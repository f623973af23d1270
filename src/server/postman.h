/* The postman: takes notices from the outbox to the county's message platform (notify/gateway.h), where one is
 * configured. A thread of its own, so that a platform that hangs holds up nobody. A notice that was seen
 * meanwhile is not sent; whoever has no telephone number is not written to. */
#ifndef HUMIAO_SERVER_POSTMAN_H
#define HUMIAO_SERVER_POSTMAN_H

#include "base/error.h"

struct postman;
struct server;

/* Without a `notice_url` there is none: *ret is NULL. */
int postman_start(struct server *s, struct postman **ret, struct error *e);
struct postman *postman_stop(struct postman *p); /* takes NULL, returns NULL */

#endif
