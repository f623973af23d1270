/* The guard between libmicrohttpd and its sockets.
 *
 * The server is linked with `--wrap=recv`: each call of recv in libmicrohttpd's archive goes to
 * __wrap_recv, which reads, shows the bytes to the connection's guard, and hands on what it passes.
 * What it refuses never reaches libmicrohttpd: the guard answers by itself, closes the writing side, and
 * throws away what still comes, until the client closes or two seconds are over. Why it is done so:
 * docs/decisions/011-http-guard.md.
 *
 * The table from descriptor to connection is the process's, as descriptors are; all else belongs to a
 * `guard_house`. A connection is touched by the one thread of libmicrohttpd that serves it, but for its
 * deadline, which the watch reads. */
#ifndef HUMIAO_SERVER_GUARD_SOCKET_H
#define HUMIAO_SERVER_GUARD_SOCKET_H

#include "server/guard.h"

struct guard_house;

int guard_house_new(uint64_t body_max, struct guard_house **ret, struct error *e);

/* Takes NULL, returns NULL; after its last connection. */
struct guard_house *guard_house_free(struct guard_house *h);

/* A connection has been accepted, and nothing read yet; is about to be closed; has been answered.
 * False: there is no room for it, and it must be closed. */
bool guard_socket_begin(struct guard_house *h, int fd);
void guard_socket_end(int fd);
void guard_socket_answered(int fd);

/* Somebody else answers on a duplicate of the descriptor: closing this one must not shut the connection.
 * libmicrohttpd shuts before it closes, so its calls of shutdown pass here too (`--wrap=shutdown`). */
void guard_socket_hand_over(int fd);

/* Shuts the connections whose time is over, so that their next read ends. About each second. */
void guard_house_watch(struct guard_house *h);

/* By reason, since the start: GUARD_REFUSAL_COUNT figures. */
void guard_house_refusals(struct guard_house *h, uint64_t ret[GUARD_REFUSAL_COUNT]);

/* One more, where the guard is used elsewhere. */
void guard_house_count(struct guard_house *h, enum guard_refusal refusal);

/* Microseconds of a steady clock. */
int64_t guard_now(void);

#endif
