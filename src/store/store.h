/* The database: one connection, its transactions, and nothing of what is kept in it.
 *
 * A `struct store` is one connection to SQLite or to PostgreSQL, used by one thread at a time. The
 * statements themselves are written once, in sql/, and become typed calls (`sql_person_by_ref` in
 * "store/sql_person.h"); see tools/sqlgen.py for their form. Transactions behave alike on both
 * engines:
 *
 * - After a statement has failed inside a transaction, every further statement, and the commit,
 *   fails until the transaction, or the savepoint, is rolled back.
 * - On PostgreSQL `:exec` statements inside a transaction are queued; their errors surface at the
 *   next statement that reads, at store_release or at store_commit. Outside a transaction each
 *   statement is durable, or has failed, when its call returns.
 * - An error's detail never holds a bound value. */
#ifndef HUMIAO_STORE_STORE_H
#define HUMIAO_STORE_STORE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct store;
struct store_statement;

enum store_mode {
    STORE_READ,  /* the connection refuses to write */
    STORE_WRITE, /* the database must be there */
    STORE_CREATE /* a missing SQLite file, and the table of migrations, are made */
};

enum store_engine { STORE_SQLITE, STORE_POSTGRESQL };

/* An integer or SQL NULL. */
struct opt_int {
    bool set;
    int64_t v;
};

#define OPT_INT_NONE ((struct opt_int){false, 0})
static inline struct opt_int opt_int(int64_t v) { return (struct opt_int){true, v}; }

/* The rows of one `:many` call; on the caller's stack. Closed by its `_next` call when that
 * returns 0 or an error, else by store_rows_close. Rows of a statement that is not `:stream`
 * were all fetched by the call: other statements, even a rollback, may run in between. While a
 * `:stream` is open, no other statement may run on its store. */
struct store_rows {
    struct store *store; /* NULL once closed */
    const struct store_statement *statement;
    void *handle; /* the engine's */
    size_t at, end;
    bool own_transaction;
};

/* Opens `sqlite:PATH`, `postgresql://…` or `postgres://…`.
 * Errors: ERR_DATABASE_URL, ERR_DATABASE_MISSING, ERR_DATABASE_DAMAGED, ERR_PERMISSION,
 * ERR_DISK_FULL, ERR_IO, ERR_DATABASE_LOCKED, ERR_DATABASE (another program's database). */
int store_open(const char *url, enum store_mode mode, struct store **ret, struct error *e);

/* Rolls back what is open. NULL is allowed. */
void store_close(struct store *s);

/* For `STORE_AUTO struct store *s = NULL;`: closed at the end of the block. */
static inline void store_close_auto(struct store **s) { store_close(*s); }
#define STORE_AUTO __attribute__((cleanup(store_close_auto)))

enum store_engine store_engine(const struct store *s);

/* How long a lock is waited for before ERR_DATABASE_LOCKED; 10,000 ms when not set. */
int store_set_timeout(struct store *s, int milliseconds, struct error *e);

/* For a connection of a server: many short transactions, while others read and write. One that writes leaves
 * the log to a sweeper (sweeper.h). What is opened otherwise is set up for one long piece of work. */
int store_share(struct store *s, struct error *e);

/* Folds into the database file what the log holds, without waiting for anybody and while others write: on
 * SQLite, outside a transaction; nothing to do on PostgreSQL. `ret_left`: pages that could not be folded, as
 * they came meanwhile or a reader stands before them. When nothing is left the next transaction begins
 * the log anew. */
int store_fold_log(struct store *s, size_t *ret_left, struct error *e);

/* How many pages the log held after the last commit of a connection made by store_share; 0 on
 * PostgreSQL. */
size_t store_log_pages(const struct store *s);

/* A write transaction, the only one at a time on the whole database: waits for the one before.
 * Errors: ERR_DATABASE_LOCKED when that lasts too long. */
int store_begin(struct store *s, struct error *e);

/* A write transaction for a load of very many rows: caches are larger, and the log is folded
 * into the database file once, after the commit. Durable like any other. */
int store_bulk_begin(struct store *s, struct error *e);

/* From now on each write transaction of this connection, bulk ones too, calls `call` inside it before
 * anything else; when that fails the transaction is rolled back, and its beginning fails. NULL: none. */
typedef int store_begun(void *context, struct error *e);
void store_on_begin(struct store *s, store_begun *call, void *context);

/* A read transaction: all statements up to the commit or rollback see one state of the database. */
int store_begin_read(struct store *s, struct error *e);

/* When it returns 0 the transaction is on disk. On an error it was rolled back, except that after
 * a lost connection or a failing disk nobody knows: the caller must read again. */
int store_commit(struct store *s, struct error *e);

/* Never fails; does nothing when no transaction is open. */
void store_rollback(struct store *s);

/* Is a transaction open? */
bool store_in_transaction(const struct store *s);

/* One savepoint inside a write transaction; not nested. store_release surfaces the errors of the
 * statements since store_savepoint; after an error of any of them store_rollback_savepoint undoes
 * what came since the savepoint, and the transaction goes on. */
int store_savepoint(struct store *s, struct error *e);
int store_release(struct store *s, struct error *e);
int store_rollback_savepoint(struct store *s, struct error *e);

/* Closes early; safe on rows that are closed or zeroed. */
void store_rows_close(struct store_rows *rows);
static inline void store_rows_close_auto(struct store_rows *rows) { store_rows_close(rows); }
#define STORE_ROWS_AUTO __attribute__((cleanup(store_rows_close_auto)))

#endif
