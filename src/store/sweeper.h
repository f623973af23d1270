/* Folds the log of a server's SQLite database into its file, in a thread of its own.
 *
 * Left to SQLite, every so many commits one would do it, and all that wait for that commit would wait for
 * thousands of pages more. The thread does it beside the writer; the little that the writer adds meanwhile it
 * folds itself, between two commits, so that the log begins anew and stays short. Where the thread does not
 * keep up, SQLite's own limit holds (sqlite.c). Private to the store. */
#ifndef HUMIAO_STORE_SWEEPER_H
#define HUMIAO_STORE_SWEEPER_H

#include "store/store.h"

struct sweeper;

/* On a connection of its own to the SQLite database `url`. */
int sweeper_start(const char *url, struct sweeper **ret, struct error *e);

/* To be called by the writer after each commit of `store`, its own connection: wakes the thread when the
 * log has become long, and folds the rest when the thread is done. NULL is allowed. Not one of its errors
 * loses anything: what is not folded stays in the log, and is tried again. */
void sweeper_committed(struct sweeper *s, struct store *store);

/* Ends the thread. NULL is allowed. */
void sweeper_stop(struct sweeper *s);

#endif
