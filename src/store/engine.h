/* What an engine must be able to do, and what all engines share. Private to the store. */
#ifndef HUMIAO_STORE_ENGINE_H
#define HUMIAO_STORE_ENGINE_H

#include "store/statement.h"

struct engine {
    enum store_engine kind;
    void (*close)(struct store *s);
    int (*set_timeout)(struct store *s, int milliseconds, struct error *e);
    int (*share)(struct store *s, struct error *e);

    int (*begin)(struct store *s, struct error *e);
    int (*begin_read)(struct store *s, struct error *e);
    int (*commit)(struct store *s, struct error *e);
    void (*rollback)(struct store *s);
    int (*savepoint)(struct store *s, struct error *e);
    int (*release)(struct store *s, struct error *e);
    int (*rollback_savepoint)(struct store *s, struct error *e);
    int (*bulk)(struct store *s, bool on, struct error *e);
    /* Of an engine with a log that somebody must fold into the database; else NULL. */
    size_t (*log_pages)(const struct store *s);
    int (*fold_log)(struct store *s, size_t *ret_left, struct error *e);

    /* Fixed text, several statements, no parameters, no result. */
    int (*run)(struct store *s, const char *sql, struct error *e);

    int (*check)(struct store *s, const struct store_statement *st, struct error *e);
    int (*exec)(struct store *s, const struct store_statement *st, const struct store_value *params,
                struct error *e);
    int (*maybe)(struct store *s, const struct store_statement *st,
                 const struct store_value *params, bool *ret_found, void *row, struct error *e);
    int (*many)(struct store *s, const struct store_statement *st, const struct store_value *params,
                struct store_rows *ret, struct error *e);
    int (*next)(struct store_rows *rows, void *row, struct error *e);
    void (*rows_close)(struct store *s, struct store_rows *rows);
};

enum transaction { TRANSACTION_NONE, TRANSACTION_READ, TRANSACTION_WRITE };

/* The head of each engine's own struct. */
struct store {
    const struct engine *engine;
    enum store_mode mode;
    enum transaction transaction;
    bool savepoint;
    bool failed; /* a statement failed inside the transaction */
    bool bulk;
    store_begun *begun; /* NULL: nobody asked */
    void *begun_context;
};

/* `path` is what follows `sqlite:`. */
int sqlite_open(const char *path, enum store_mode mode, struct store **ret, struct error *e);
int postgresql_open(const char *url, enum store_mode mode, struct store **ret, struct error *e);

/* Fixed text on either engine, outside the named statements: migrations and the engines' own. */
int store_run(struct store *s, const char *sql, struct error *e);

/* Writes column `c` of a row: an integer (`null` for SQL NULL) or a run of bytes (NULL for SQL
 * NULL). A NULL where none is allowed is ERR_DATABASE_DAMAGED. */
int store_row_set_int(const struct store_statement *st, unsigned c, void *row, bool null, int64_t v,
                      struct error *e);
int store_row_set_slice(const struct store_statement *st, unsigned c, void *row, struct slice v,
                        struct error *e);

#endif
