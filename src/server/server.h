/* A server on one database: its sockets, its threads, its writer, from start to stop.
 *
 *     client ── guard ── libmicrohttpd, a thread a core ── router ── handler ── reader (a connection)
 *                                                                       └─ writer (one thread)
 *     page ──── guard ── live (one thread)        minute (links and heads of the trail, sweeps)
 *
 * All that lives lives in `struct server`; there is nothing global but the guard's table of descriptors. */
#ifndef HUMIAO_SERVER_SERVER_H
#define HUMIAO_SERVER_SERVER_H

#include "base/error.h"
#include "server/configuration.h"

struct server;

/* Starts; when it returns 0 requests are answered. The caller has blocked the signals that it waits for.
 * `url` is the caller's and outlives the server. ERR_DATABASE_LOCKED: another server is on the database;
 * ERR_USAGE: an address that is none; ERR_IO, ERR_PERMISSION: one that cannot be taken. */
int server_start(const char *url, const struct configuration *c, struct server **ret,
                 struct error *e);

/* "127.0.0.1:8480" or a path, as it really is; lives as long as the server. */
const char *server_address(const struct server *s);
const char *server_live_address(const struct server *s);

/* Takes what of a configuration can be changed while it runs (`log`), and reads keys anew. */
void server_reload(struct server *s, const struct configuration *c);

/* Takes no more connections, lets what runs come to its end (at most `stop_seconds`), writes the last row
 * of the trail, publishes its heads, ends the writer. The error is that of the last rows; all is given
 * back in any case. NULL is allowed. */
int server_stop(struct server *s, struct error *e);

#endif
