/* Inside the router: which route a path and a method mean, and what an address says behind '?'. */
#ifndef HUMIAO_SERVER_MATCH_H
#define HUMIAO_SERVER_MATCH_H

#include "server/router.h"

/* Sets r->route and r->path. ERR_NOT_FOUND; ERR_METHOD with r->allow. OPTIONS gets a route of its own,
 * which answers 204 with r->allow. */
int match_route(struct request *r, const struct incoming *in);

/* Sets r->query in the order of the route's parameters, decoded and held to their schemas, and r->path
 * held to theirs (ERR_NOT_FOUND: no such thing can be). ERR_SCHEMA for a parameter that is wrong, not
 * known, given twice or missing. */
int match_parameters(struct request *r, const struct incoming *in);

#endif
