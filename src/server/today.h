/* The deployment's clock, moved on by a server that runs (`clock = on`): at each new day what the day brings, and every
 * five seconds the deadlines that were missed. Over a connection and a thread of its own, by turns with the
 * writer (decision 012).
 *
 * The first tick of a deployment is a person's to give: it decides what of the past is alerted. Until then
 * there is nothing to move on. */
#ifndef HUMIAO_SERVER_TODAY_H
#define HUMIAO_SERVER_TODAY_H

#include "base/error.h"

struct server;
struct today;

int today_start(struct server *s, struct today **ret, struct error *e);
struct today *today_stop(struct today *t); /* takes NULL, returns NULL */

#endif
