#include "test_database.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_server(const char *sql)
{
    PGconn *conn = PQconnectdb(getenv("HUMIAO_TEST_PG"));
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        fprintf(stderr, "%s: %s\n", sql, PQerrorMessage(conn));
        abort();
    }
    PQclear(result);
    PQfinish(conn);
}

/* The server's URL with another database: what stands between the last slash and the question
 * mark. */
static void url_of_database(const char *server, const char *name, char *url, size_t size)
{
    const char *query = server + strcspn(server, "?");
    const char *host = strstr(server, "://") + 3, *slash = query;
    for (const char *p = host; p < query; p++)
        if (*p == '/')
            slash = p;
    snprintf(url, size, "%.*s/%s%s", (int)(slash - server), server, name, query);
}

static void name_of_database(const struct test_database *d, char name[96])
{
    snprintf(name, 96, "humiao_%s", strrchr(d->dir, '.') + 1);
}

bool test_database_make(struct test_database *d, enum store_engine engine)
{
    const char *server = getenv("HUMIAO_TEST_PG");
    if (engine == STORE_POSTGRESQL && (!server || !*server))
        return false;
    *d = (struct test_database){.engine = engine};
    snprintf(d->dir, sizeof d->dir, "/tmp/humiao-test.XXXXXX");
    if (!mkdtemp(d->dir))
        abort();
    snprintf(d->path, sizeof d->path, "%s/test.db", d->dir);
    snprintf(d->url, sizeof d->url, "sqlite:%s", d->path);
    if (engine == STORE_POSTGRESQL) {
        char name[96], sql[160];
        name_of_database(d, name);
        snprintf(sql, sizeof sql, "CREATE DATABASE \"%s\" ENCODING 'UTF8' TEMPLATE template0",
                 name);
        on_server(sql);
        url_of_database(server, name, d->url, sizeof d->url);
    }
    return true;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    return remove(path);
}

void test_database_remove(struct test_database *d)
{
    if (d->engine == STORE_POSTGRESQL) {
        char name[96], sql[160];
        name_of_database(d, name);
        snprintf(sql, sizeof sql, "DROP DATABASE \"%s\" WITH (FORCE)", name);
        on_server(sql);
    }
    nftw(d->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
