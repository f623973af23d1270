/* What both engines share: URLs, the state of the transaction, rows. */
#include "store/engine.h"

#include <assert.h>
#include <string.h>

int store_open(const char *url, enum store_mode mode, struct store **ret, struct error *e)
{
    static const char sqlite[] = "sqlite:";
    if (strncmp(url, sqlite, sizeof sqlite - 1) == 0) {
        if (!url[sizeof sqlite - 1])
            return error_set(e, ERR_DATABASE_URL, N_("the path after sqlite: is empty"));
        return sqlite_open(url + sizeof sqlite - 1, mode, ret, e);
    }
    if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0)
        return postgresql_open(url, mode, ret, e);
    /* The URL itself is not shown: it may hold a password. */
    error_set(e, ERR_DATABASE_URL, N_("it begins neither with sqlite: nor with postgresql://"));
    return error_hint(e, N_("Write sqlite:PATH or postgresql://HOST/DATABASE."));
}

void store_close(struct store *s)
{
    if (!s)
        return;
    store_rollback(s);
    s->engine->close(s);
}

enum store_engine store_engine(const struct store *s) { return s->engine->kind; }

int store_set_timeout(struct store *s, int milliseconds, struct error *e)
{
    return s->engine->set_timeout(s, milliseconds, e);
}

int store_share(struct store *s, struct error *e) { return s->engine->share(s, e); }

int store_fold_log(struct store *s, size_t *ret_left, struct error *e)
{
    *ret_left = 0;
    return s->engine->fold_log ? s->engine->fold_log(s, ret_left, e) : 0;
}

size_t store_log_pages(const struct store *s)
{
    return s->engine->log_pages ? s->engine->log_pages(s) : 0;
}

bool store_in_transaction(const struct store *s) { return s->transaction != TRANSACTION_NONE; }

/* A failure inside a transaction spoils it, on both engines. */
static int spoil(struct store *s, int r)
{
    if (r < 0 && s->transaction != TRANSACTION_NONE)
        s->failed = true;
    return r;
}

static int spoiled(struct error *e)
{
    return error_set(e, ERR_DATABASE, N_("an earlier statement of the transaction has failed"));
}

static int begin_checked(struct store *s, enum transaction kind, struct error *e)
{
    if (s->transaction != TRANSACTION_NONE)
        return error_set(e, ERR_INTERNAL, N_("a transaction is already open"));
    if (kind == TRANSACTION_WRITE && s->mode == STORE_READ)
        return error_set(e, ERR_INTERNAL, N_("the connection is for reading only"));
    s->failed = s->savepoint = false;
    int r = kind == TRANSACTION_WRITE ? s->engine->begin(s, e) : s->engine->begin_read(s, e);
    if (r == 0)
        s->transaction = kind;
    return r;
}

int store_begin(struct store *s, struct error *e)
{
    int r = begin_checked(s, TRANSACTION_WRITE, e);
    if (r == 0 && s->begun && (r = s->begun(s->begun_context, e)) < 0)
        store_rollback(s);
    return r;
}

void store_on_begin(struct store *s, store_begun *call, void *context)
{
    s->begun = call;
    s->begun_context = context;
}

int store_begin_read(struct store *s, struct error *e)
{
    return begin_checked(s, TRANSACTION_READ, e);
}

int store_bulk_begin(struct store *s, struct error *e)
{
    int r = s->engine->bulk(s, true, e);
    if (r < 0)
        return r;
    s->bulk = true;
    r = store_begin(s, e);
    if (r < 0) {
        s->bulk = false;
        s->engine->bulk(s, false, NULL);
    }
    return r;
}

/* Whatever its caller has read is told elsewhere: what follows the end of a load is
 * housekeeping. */
static void transaction_over(struct store *s)
{
    s->transaction = TRANSACTION_NONE;
    s->failed = s->savepoint = false;
    if (s->bulk) {
        s->bulk = false;
        s->engine->bulk(s, false, NULL);
    }
}

int store_commit(struct store *s, struct error *e)
{
    if (s->transaction == TRANSACTION_NONE)
        return error_set(e, ERR_INTERNAL, N_("no transaction is open"));
    if (s->failed) {
        store_rollback(s);
        return spoiled(e);
    }
    int r = s->engine->commit(s, e);
    if (r < 0)
        store_rollback(s);
    else
        transaction_over(s);
    return r;
}

void store_rollback(struct store *s)
{
    if (!s || s->transaction == TRANSACTION_NONE)
        return;
    s->engine->rollback(s);
    transaction_over(s);
}

int store_savepoint(struct store *s, struct error *e)
{
    if (s->transaction != TRANSACTION_WRITE || s->savepoint)
        return error_set(e, ERR_INTERNAL, N_("a savepoint cannot be set here"));
    if (s->failed)
        return spoiled(e);
    int r = spoil(s, s->engine->savepoint(s, e));
    s->savepoint = r == 0;
    return r;
}

int store_release(struct store *s, struct error *e)
{
    if (!s->savepoint)
        return error_set(e, ERR_INTERNAL, N_("no savepoint is set"));
    if (s->failed)
        return spoiled(e);
    int r = spoil(s, s->engine->release(s, e));
    if (r == 0)
        s->savepoint = false;
    return r;
}

int store_rollback_savepoint(struct store *s, struct error *e)
{
    if (!s->savepoint)
        return error_set(e, ERR_INTERNAL, N_("no savepoint is set"));
    int r = s->engine->rollback_savepoint(s, e);
    s->failed = r < 0;
    if (r == 0)
        s->savepoint = false;
    return r;
}

int store_run(struct store *s, const char *sql, struct error *e)
{
    if (s->failed)
        return spoiled(e);
    return spoil(s, s->engine->run(s, sql, e));
}

int store_exec(struct store *s, const struct store_statement *st, const struct store_value *params,
               struct error *e)
{
    if (s->failed)
        return spoiled(e);
    return spoil(s, s->engine->exec(s, st, params, e));
}

int store_maybe(struct store *s, const struct store_statement *st, const struct store_value *params,
                bool *ret_found, void *row, struct error *e)
{
    if (s->failed)
        return spoiled(e);
    return spoil(s, s->engine->maybe(s, st, params, ret_found, row, e));
}

int store_many(struct store *s, const struct store_statement *st, const struct store_value *params,
               struct store_rows *ret, struct error *e)
{
    *ret = (struct store_rows){.statement = st};
    if (s->failed)
        return spoiled(e);
    /* A stream sees one state of the database, however long it lasts. */
    if (st->stream && s->transaction == TRANSACTION_NONE) {
        int r = store_begin_read(s, e);
        if (r < 0)
            return r;
        ret->own_transaction = true;
    }
    int r = spoil(s, s->engine->many(s, st, params, ret, e));
    if (r == 0)
        ret->store = s;
    else if (ret->own_transaction)
        store_rollback(s);
    return r;
}

int store_rows_next(struct store_rows *rows, void *row, struct error *e)
{
    if (!rows->store)
        return 0;
    int r = spoil(rows->store, rows->store->engine->next(rows, row, e));
    if (r != 1)
        store_rows_close(rows);
    return r;
}

void store_rows_close(struct store_rows *rows)
{
    struct store *s = rows->store;
    if (!s)
        return;
    rows->store = NULL;
    s->engine->rows_close(s, rows);
    if (rows->own_transaction)
        store_rollback(s);
}

int store_row_set_int(const struct store_statement *st, unsigned c, void *row, bool null, int64_t v,
                      struct error *e)
{
    const struct store_column *column = &st->columns[c];
    char *at = (char *)row + column->offset;
    if (column->nullable)
        *(struct opt_int *)(void *)at = (struct opt_int){!null, null ? 0 : v};
    else if (null)
        return error_set(e, ERR_DATABASE_DAMAGED, N_("statement %s: column %s is empty"), st->name,
                         column->name);
    else
        *(int64_t *)(void *)at = v;
    return 0;
}

int store_row_set_slice(const struct store_statement *st, unsigned c, void *row, struct slice v,
                        struct error *e)
{
    const struct store_column *column = &st->columns[c];
    if (!v.p && !column->nullable)
        return error_set(e, ERR_DATABASE_DAMAGED, N_("statement %s: column %s is empty"), st->name,
                         column->name);
    *(struct slice *)(void *)((char *)row + column->offset) = v;
    return 0;
}

int store_statements_check(struct store *s, struct store_statements statements, struct error *e)
{
    for (size_t i = 0; i < statements.count; i++) {
        assert(statements.list[i]->index == i);
        int r = s->engine->check(s, statements.list[i], e);
        if (r < 0)
            return r;
    }
    return 0;
}
