/* Listening: "ADDR:PORT", "[ADDR]:PORT", or a path that begins with '/', to a socket. */
#ifndef HUMIAO_SERVER_LISTEN_H
#define HUMIAO_SERVER_LISTEN_H

#include "base/error.h"
#include "server/configuration.h"

/* Port 0 takes a free one; a Unix socket left by a server that was killed is replaced, and made for owner
 * and group. `ret_address` is where it really listens. ERR_USAGE, ERR_IO, ERR_PERMISSION. */
int listen_on(const char *address, int *ret_fd, char ret_address[CONFIGURATION_ADDRESS_MAX],
              struct error *e);

/* Beside it: the next port (0 stays 0), or PATH.live. ERR_USAGE. */
int listen_beside(const char *address, char ret[CONFIGURATION_ADDRESS_MAX], struct error *e);

#endif
