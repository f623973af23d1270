/* One server on one database: a lock that lives as long as its process, and no longer. */
#ifndef HUMIAO_STORE_LOCK_H
#define HUMIAO_STORE_LOCK_H

#include "base/error.h"

struct store_lock;

/* Takes the lock: on SQLite of the file PATH.lock, on PostgreSQL of a session. Does not wait;
 * when it is held, ERR_DATABASE_LOCKED names the process that holds it. A killed process holds
 * nothing. */
int store_lock_server(const char *url, struct store_lock **ret, struct error *e);

/* NULL is allowed. */
void store_lock_release(struct store_lock *lock);

#endif
