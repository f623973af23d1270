/* The porter: takes deliveries in while a server runs. Over a connection and a thread of its own,
 * by turns with the writer (decision 012), so that nobody waits longer than one of its
 * transactions.
 *
 * What was handed in is taken at once, and what was left running by a process that is gone carries
 * on. The watched folder (`feed_folder`), the tables of the exchange side (`exchange_url_file`)
 * and the silence of feeds are looked at by their own beats. */
#ifndef HUMIAO_SERVER_PORTER_H
#define HUMIAO_SERVER_PORTER_H

#include "base/error.h"

struct porter;
struct server;

/* ERR_PERMISSION: others can read the file of the exchange side's address. */
int porter_start(struct server *s, struct porter **ret, struct error *e);

/* A delivery waits: looks at once. From any thread; takes NULL. */
void porter_wake(struct porter *p);

/* Waits for the transaction that is under way; what is not done carries on at the next start.
 * Takes NULL, returns NULL. */
struct porter *porter_stop(struct porter *p);

#endif
