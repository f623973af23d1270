/* Live updates: pages that hear of changes by server-sent events, from a listener and a thread of their
 * own.
 *
 * Not by libmicrohttpd, whose suspended connections are not to be trusted in 0.9.75 (its ChangeLog of
 * 1.0.3). A page sends one request, GET /api/v1/live with its session's cookie, guarded like any other
 * (guard.h), and then only listens: a change number, and every 25 seconds a sign of life, at which its
 * session is looked at again. A page that does not take what is sent is closed; it comes back by itself
 * and asks what it has missed. */
#ifndef HUMIAO_SERVER_LIVE_H
#define HUMIAO_SERVER_LIVE_H

#include "server/configuration.h"

#include <stdint.h>

struct live;
struct server;

int live_start(struct server *server, const char *address, struct live **ret, struct error *e);
void live_stop(struct live *l); /* NULL is allowed */

const char *live_address(const struct live *l);
int64_t live_pages(const struct live *l); /* how many listen; NULL: 0 */

#endif
