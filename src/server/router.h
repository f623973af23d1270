/* The router: from a request's line and headers to its handler, by the table of route.h.
 *
 * Everything that holds for all routes is done here, in this order: route and method, the session (or
 * the feed's token), rate, permission (deny by default), second factor, same origin, CSRF, parameters, and only then the
 * body. A handler runs for none but those who may. */
#ifndef HUMIAO_SERVER_ROUTER_H
#define HUMIAO_SERVER_ROUTER_H

#include "server/route.h"

/* What the HTTP side has read. NONE: the header is not there. Texts live as long as the request. */
struct incoming {
    struct slice method;
    struct slice path;  /* as sent, before '?', not decoded */
    struct slice query; /* as sent, after '?' */
    struct slice content_type, cookie, csrf, idempotency_key, authorization;
    struct slice host, origin, sec_fetch_site, user_agent;
    struct slice address; /* of the client: the peer, or what the proxy on loopback says */
    struct slice body;    /* may be set after router_admit; NONE: no body */
};

/* Before the body is read. The caller has set in `r`: server, shelf, arena, error, d, clearance, now,
 * today. Sets route, path, query, account and session; ERR_NOT_FOUND, ERR_METHOD (r->allow),
 * ERR_NOT_SIGNED_IN, ERR_FORBIDDEN, ERR_SECOND_FACTOR, ERR_CSRF, ERR_TOO_MANY (r->retry_after),
 * ERR_SCHEMA (r->faults). When it returns 0, r->route->body_max bytes of body may be read; more is
 * ERR_TOO_LARGE. */
int router_admit(struct request *r, const struct incoming *in);

/* After the body: parses and checks it, runs the handler, writes the audit row of a reading route and
 * waits for it. The answer is in `r`; on an error it becomes a problem document, and whatever stands in
 * r->out is thrown away. */
int router_run(struct request *r, const struct incoming *in);

/* Both. */
int router_dispatch(struct request *r, const struct incoming *in);

/* Gives back what the request holds outside its arena. After the answer. */
void router_end(struct request *r);

#endif
