/* A thread that calls something again and again, until it is ended. */
#ifndef HUMIAO_SERVER_TICKER_H
#define HUMIAO_SERVER_TICKER_H

#include "base/error.h"

struct server;
struct ticker;

/* The first call comes after `seconds`. ERR_MEMORY. */
int ticker_start(unsigned seconds, void (*call)(struct server *s), struct server *s,
                 struct ticker **ret, struct error *e);

/* Waits for a call that is being made. Takes NULL, returns NULL. */
struct ticker *ticker_stop(struct ticker *t);

#endif
