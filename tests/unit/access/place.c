#include "place.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>

static int setup(void **state, enum store_engine engine)
{
    struct place *p = calloc(1, sizeof *p);
    bool created;

    p->e.language = LANGUAGE_EN;
    if (!test_database_make(&p->database, engine)) {
        free(p);
        *state = NULL;
        return 0;
    }
    /* The keys lie beside the database and go with it. */
    setenv("HUMIAO_KEY_FILE", arena_printf(&p->arena, "%s/master.key", p->database.dir), 1);
    setenv("HUMIAO_AUDIT_KEY_FILE", arena_printf(&p->arena, "%s/audit.key", p->database.dir), 1);
    setenv("HUMIAO_AUDIT_HEADS", arena_printf(&p->arena, "%s/heads", p->database.dir), 1);
    setenv("HUMIAO_ARGON2", "interactive", 1);
    GOOD(p,
         deployment_create(p->database.url, SUITE_INTERNATIONAL, &p->arena, &created, NULL, &p->e));
    GOOD(p, deployment_open(p->database.url, STORE_WRITE, &p->d, &p->e));
    *state = p;
    return 0;
}

int place_setup_sqlite(void **state) { return setup(state, STORE_SQLITE); }
int place_setup_postgresql(void **state) { return setup(state, STORE_POSTGRESQL); }

int place_teardown(void **state)
{
    struct place *p = *state;

    if (!p)
        return 0;
    deployment_close(p->d);
    test_database_remove(&p->database);
    arena_end(&p->arena);
    free(p);
    return 0;
}

struct place *place_of(void **state)
{
    if (!*state)
        skip();
    return *state;
}

int place_good(struct place *p, int r, const char *call, const char *file, int line)
{
    if (r < 0) {
        print_error("%s:%d: %s: HM-%d %s (%s)\n", file, line, call, -r, p->e.detail, p->e.hint);
        _fail(file, line);
    }
    return r;
}

int place_wrote(struct place *p, int r)
{
    if (r < 0)
        store_rollback(p->d->store);
    else
        GOOD(p, store_commit(p->d->store, &p->e));
    return r;
}

static int64_t count_sqlite(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement = NULL;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    int64_t n = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return n;
}

int64_t place_count(struct place *p, const char *sql)
{
    if (p->database.engine == STORE_SQLITE)
        return count_sqlite(p->database.path, sql);
    PGconn *connection = PQconnectdb(p->database.url);
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1)
        fail_msg("%s: %s", sql, PQerrorMessage(connection));
    int64_t n = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    PQfinish(connection);
    return n;
}
