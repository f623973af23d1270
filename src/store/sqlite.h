/* One SQLite connection. Private to the store's SQLite files. */
#ifndef HUMIAO_STORE_SQLITE_H
#define HUMIAO_STORE_SQLITE_H

#include "store/engine.h"

#include <sqlite3.h>

/* A statement kept prepared. */
struct sqlite_slot {
    const struct store_statement *statement;
    sqlite3_stmt *prepared;
};

/* Fetched rows: each is the row's struct, in which a slice's `p` is an offset into `data` (0 for
 * SQL NULL), then the bytes of its slices. */
struct sqlite_buffer {
    struct sqlite_buffer *next; /* in the list of those that are free */
    char *data;
    size_t used, capacity;
};

struct sqlite_store {
    struct store base;
    sqlite3 *db;
    struct sqlite_slot *slots;
    size_t slot_count;
    int timeout;        /* how long a lock is waited for, in milliseconds */
    int64_t busy_until; /* by the steady clock: of the wait that is under way */
    size_t log_pages;   /* after the last commit, if the connection is shared */
    int turn;           /* of a connection that may write: see sqlite_turn.c; -1: none */
    struct sqlite_buffer *free_buffers;
    struct sqlite_buffer scratch; /* the slices of the last `:maybe` row */
};

/* The error of the last call on the connection, as one of ours. */
int sqlite_error(struct sqlite_store *s, int rc, const char *statement, struct error *e);

int sqlite_check(struct store *s, const struct store_statement *st, struct error *e);
int sqlite_exec(struct store *s, const struct store_statement *st, const struct store_value *params,
                struct error *e);
int sqlite_maybe(struct store *s, const struct store_statement *st,
                 const struct store_value *params, bool *ret_found, void *row, struct error *e);
int sqlite_many(struct store *s, const struct store_statement *st, const struct store_value *params,
                struct store_rows *ret, struct error *e);
int sqlite_next(struct store_rows *rows, void *row, struct error *e);
void sqlite_rows_close(struct store *s, struct store_rows *rows);

/* Fair turns among the processes that write: see sqlite_turn.c. */
void sqlite_turn_open(struct sqlite_store *s, const char *path);
void sqlite_turn_close(struct sqlite_store *s);
void sqlite_turn_take(struct sqlite_store *s); /* or waits in vain for half of the timeout */
void sqlite_turn_give(struct sqlite_store *s);
void sqlite_wait(
    struct sqlite_store *s); /* from now on a lock is waited for as long as the timeout */

/* Finalises all that is prepared, frees all buffers. */
void sqlite_statements_end(struct sqlite_store *s);

#endif
