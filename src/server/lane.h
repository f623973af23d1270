/* The slow lane: requests that take half a second of a core and 64 MiB and more each, because they check a
 * password. They leave the thread that has read them, with their socket, and are answered here; after the
 * answer the connection is closed. Its threads yield to all others. */
#ifndef HUMIAO_SERVER_LANE_H
#define HUMIAO_SERVER_LANE_H

#include "base/error.h"

struct exchange;
struct lane;
struct server;

int lane_start(struct server *server, struct lane **ret, struct error *e);

/* Whoever still waits is dropped. After the last lane_take. Takes NULL, returns NULL. */
struct lane *lane_stop(struct lane *l);

/* The exchange, with its own_fd, is the lane's from now on. */
void lane_take(struct lane *l, struct exchange *x);

#endif
