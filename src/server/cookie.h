/* The cookie of a session: __Host-humiao, HttpOnly, Secure, SameSite=Strict, Path=/.
 *
 * There is no form of it without Secure: browsers take http://localhost for trustworthy, so that
 * development needs none, and everything else comes through TLS. The prefix __Host- binds it to the host
 * that set it, so that no neighbour under the same domain can plant one. */
#ifndef HUMIAO_SERVER_COOKIE_H
#define HUMIAO_SERVER_COOKIE_H

#include "access/session.h"

#define COOKIE_NAME "__Host-humiao"

/* The token in a Cookie header; NONE when there is none, when it is not one by its form, or when the
 * header has two of them, since then somebody else may have planted one. */
struct slice cookie_token(struct slice header);

/* The Set-Cookie value that gives the token for so long, and the one that takes it away. In the arena. */
const char *cookie_give(struct arena *arena, const char *token, int64_t seconds);
const char *cookie_take_away(struct arena *arena);

#endif
