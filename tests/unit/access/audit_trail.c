#include "audit_trail.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static bool try_sqlite(struct place *p, const char *sql)
{
    sqlite3 *db = NULL;
    int rc = sqlite3_open(p->database.path, &db);

    sqlite3_busy_timeout(db, 10000);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    sqlite3_close(db);
    return rc == SQLITE_OK;
}

bool trail_try(struct place *p, const char *sql)
{
    if (p->database.engine == STORE_SQLITE)
        return try_sqlite(p, sql);
    PGconn *connection = PQconnectdb(p->database.url);
    PGresult *result = PQexec(connection, sql);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    PQfinish(connection);
    return good;
}

static char *text_of(const char *format, va_list args)
{
    char *text = NULL;

    if (vasprintf(&text, format, args) < 0)
        abort();
    return text;
}

void trail_sql(struct place *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *sql = text_of(format, args);
    va_end(args);
    if (!trail_try(p, sql))
        fail_msg("refused: %s", sql);
    free(sql);
}

int64_t trail_number(struct place *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *sql = text_of(format, args);
    va_end(args);
    int64_t n = place_count(p, sql);
    free(sql);
    return n;
}

void trail_today(const char *on) { setenv("HUMIAO_TODAY", on, 1); }

void trail_append(struct place *p, const char *writer, const struct audit_entry *entry)
{
    p->d->audit_writer = writer;
    GOOD(p, WRITES(p, audit_append(p->d, entry, &p->e)));
}

void trail_link(struct place *p, const char *writer)
{
    p->d->audit_writer = writer;
    GOOD(p, WRITES(p, audit_link(p->d, &p->e)));
}

void trail_publish(struct place *p, const char *writer)
{
    p->d->audit_writer = writer;
    GOOD(p, audit_publish_heads(p->d, &p->e));
}

static void remember(void *context, const struct audit_finding *f)
{
    struct trail_found *found = context;

    if (found->count == TRAIL_FINDINGS)
        return;
    found->list[found->count] = *f;
    snprintf(found->writers[found->count], sizeof found->writers[0], "%s", f->writer);
    found->list[found->count].writer = found->writers[found->count];
    found->count++;
}

int trail_verify(struct place *p, struct trail_found *ret)
{
    *ret = (struct trail_found){0};
    int rc = audit_verify(p->d, remember, ret, &ret->figures, &p->e);

    if (rc < 0 && rc != -ERR_AUDIT_BROKEN)
        GOOD(p, rc);
    assert_int_equal(rc == -ERR_AUDIT_BROKEN, ret->count > 0);
    return rc;
}

void trail_print(const struct trail_found *f)
{
    for (size_t i = 0; i < f->count; i++)
        print_error("  fault %d %s day %d seq %lld missing %lld other %lld\n",
                    (int)f->list[i].fault, f->list[i].writer, (int)f->list[i].day,
                    (long long)f->list[i].seq, (long long)f->list[i].missing,
                    (long long)f->list[i].other);
}

void trail_whole(struct place *p)
{
    struct trail_found found;

    if (trail_verify(p, &found) < 0) {
        trail_print(&found);
        fail_msg("a trail that nobody touched does not verify");
    }
}
