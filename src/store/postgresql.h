/* One PostgreSQL connection. Private to the store's PostgreSQL files.
 *
 * The connection is always in pipeline mode: statements are sent one behind the other, and
 * `collect` asks for all their results at once. */
#ifndef HUMIAO_STORE_POSTGRESQL_H
#define HUMIAO_STORE_POSTGRESQL_H

#include "store/engine.h"

#include <libpq-fe.h>

enum {
    PG_QUEUE_MAX = 512, /* statements sent before their results are asked for */
    PG_PARAMS_MAX = 256 /* tools/sqlgen.py refuses more */
};

/* What one call sends. */
struct pg_params {
    Oid types[PG_PARAMS_MAX];
    const char *values[PG_PARAMS_MAX];
    int lengths[PG_PARAMS_MAX];
    int formats[PG_PARAMS_MAX]; /* all 1: binary */
    uint64_t integers[PG_PARAMS_MAX];
};

struct pg_store {
    struct store base;
    PGconn *conn;
    const struct store_statement **prepared; /* by index */
    size_t prepared_count;
    const char *queue[PG_QUEUE_MAX]; /* names of what was sent; NULL for the store's own */
    unsigned queued;
    unsigned streams; /* opened so far: the number in a cursor's name */
    PGresult *row;    /* of the last `:maybe` */
    struct pg_params params;
};

/* Sends a text without parameters. */
int pg_send_text(struct pg_store *s, const char *sql, struct error *e);

/* Waits for all that was sent. `ret_last`, if not NULL, gets the last one's result, to be
 * cleared by the caller. On an error the first one is told, and nothing is given. */
int pg_collect(struct pg_store *s, PGresult **ret_last, struct error *e);

/* Counts a statement as sent; `sent` is what libpq's PQsend… has returned. */
int pg_sent(struct pg_store *s, int sent, const char *name, struct error *e);

/* `result` may be NULL when the connection is lost; `statement` may be NULL. */
int pg_error(struct pg_store *s, const PGresult *result, const char *statement, struct error *e);

int pg_check(struct store *s, const struct store_statement *st, struct error *e);
int pg_exec(struct store *s, const struct store_statement *st, const struct store_value *params,
            struct error *e);
int pg_maybe(struct store *s, const struct store_statement *st, const struct store_value *params,
             bool *ret_found, void *row, struct error *e);
int pg_many(struct store *s, const struct store_statement *st, const struct store_value *params,
            struct store_rows *ret, struct error *e);
int pg_next(struct store_rows *rows, void *row, struct error *e);
void pg_rows_close(struct store *s, struct store_rows *rows);

#endif
