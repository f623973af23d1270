/* PostgreSQL: connecting, transactions, the pipeline, and what its errors mean. */
#include "store/postgresql.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONNECT_MS = 10000 };

static struct pg_store *pg_of(struct store *s) { return (struct pg_store *)s; }

/* What a condition of PostgreSQL's is called here; the first whose beginning fits. */
static const struct condition {
    const char *sqlstate;
    enum error_code code;
} conditions[] = {
    {"53100", ERR_DISK_FULL},        /* disk_full */
    {"53200", ERR_MEMORY},           /* out_of_memory */
    {"55P03", ERR_DATABASE_LOCKED},  /* lock_not_available: lock_timeout */
    {"57014", ERR_DATABASE_LOCKED},  /* query_canceled: statement_timeout */
    {"40", ERR_DATABASE_LOCKED},     /* serialization_failure, deadlock_detected */
    {"XX001", ERR_DATABASE_DAMAGED}, /* data_corrupted */
    {"XX002", ERR_DATABASE_DAMAGED}, /* index_corrupted */
    {"25006", ERR_PERMISSION},       /* read_only_sql_transaction */
    {"28", ERR_PERMISSION},          /* invalid_authorization */
    {"42501", ERR_PERMISSION},       /* insufficient_privilege */
    {"3D000", ERR_DATABASE_MISSING}, /* invalid_catalog_name */
    {"", ERR_DATABASE},
};

static enum error_code code_of(const char *sqlstate)
{
    const struct condition *c = conditions;
    while (strncmp(sqlstate, c->sqlstate, strlen(c->sqlstate)) != 0)
        c++;
    return c->code;
}

static int add_hint(enum error_code code, struct error *e)
{
    switch (code) {
    case ERR_DISK_FULL:
        return error_hint(e, N_("Free space on the disk of the database, and run it again."));
    case ERR_DATABASE_LOCKED:
        return error_hint(e,
                          N_("Wait until the other command is done, or stop it, and try again."));
    case ERR_DATABASE_MISSING:
        return error_hint(e, N_("Create it with createdb, then run: humiao init --db URL"));
    default: return -(int)code;
    }
}

int pg_error(struct pg_store *s, const PGresult *result, const char *statement, struct error *e)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!sqlstate || PQstatus(s->conn) == CONNECTION_BAD) {
        error_set(e, ERR_DATABASE, N_("the connection to the database was lost"));
        return error_hint(e, N_("See that PostgreSQL runs, and run it again."));
    }
    /* The messages of data exceptions (class 22), like every DETAIL, may quote a bound value. */
    if (!message || strncmp(sqlstate, "22", 2) == 0)
        message = "";
    enum error_code code = code_of(sqlstate);
    if (statement)
        error_set(e, code, N_("statement %s: %s (%s)"), statement, message, sqlstate);
    else
        error_set(e, code, "%s (%s)", message, sqlstate);
    return add_hint(code, e);
}

int pg_sent(struct pg_store *s, int sent, const char *name, struct error *e)
{
    if (!sent)
        return PQstatus(s->conn) == CONNECTION_BAD ? pg_error(s, NULL, name, e)
                                                   : error_set(e, ERR_MEMORY, NULL);
    s->queue[s->queued++] = name;
    return 0;
}

int pg_send_text(struct pg_store *s, const char *sql, struct error *e)
{
    int r = s->queued == PG_QUEUE_MAX ? pg_collect(s, NULL, e) : 0;
    return r < 0
               ? r
               : pg_sent(s, PQsendQueryParams(s->conn, sql, 0, NULL, NULL, NULL, NULL, 1), NULL, e);
}

static bool is_error(const PGresult *result)
{
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK: return false;
    default: return true;
    }
}

/* The result of one statement; its end mark is taken too. */
static PGresult *result_of_next(struct pg_store *s)
{
    PGresult *result = PQgetResult(s->conn), *end;
    while (result && (end = PQgetResult(s->conn)))
        PQclear(end);
    return result;
}

int pg_collect(struct pg_store *s, PGresult **ret_last, struct error *e)
{
    int r = 0;
    PGresult *last = NULL;
    unsigned count = s->queued;
    s->queued = 0;
    if (!PQpipelineSync(s->conn))
        return pg_error(s, NULL, NULL, e);
    for (unsigned i = 0; i < count; i++) {
        PQclear(last);
        last = result_of_next(s);
        if (r == 0 && (!last || is_error(last)))
            r = pg_error(s, last, s->queue[i], e);
        if (!last && PQstatus(s->conn) == CONNECTION_BAD)
            return r;
    }
    PQclear(PQgetResult(s->conn)); /* the mark of the synchronisation */
    if (r == 0 && ret_last)
        *ret_last = last;
    else
        PQclear(last);
    return r;
}

/* Several statements at once are possible outside the pipeline only. */
static int run_text(struct store *base, const char *sql, struct error *e)
{
    struct pg_store *s = pg_of(base);
    int r = pg_collect(s, NULL, e);
    if (r < 0)
        return r;
    if (!PQexitPipelineMode(s->conn))
        return pg_error(s, NULL, NULL, e);
    PGresult *result = PQexec(s->conn, sql);
    if (is_error(result))
        r = pg_error(s, result, NULL, e);
    PQclear(result);
    if (!PQenterPipelineMode(s->conn) && r == 0)
        r = pg_error(s, NULL, NULL, e);
    return r;
}

/* Its server's own settings are made for many connections. */
static int share(struct store *base, struct error *e) { return 0; }

static int set_timeout(struct store *base, int milliseconds, struct error *e)
{
    char sql[64];
    snprintf(sql, sizeof sql, "SET lock_timeout = %d", milliseconds);
    return run_text(base, sql, e);
}

static int send_and_collect(struct pg_store *s, const char *sql, struct error *e)
{
    int r = pg_send_text(s, sql, e);
    return r < 0 ? r : pg_collect(s, NULL, e);
}

static void rollback(struct store *base)
{
    struct pg_store *s = pg_of(base);
    pg_collect(s, NULL, NULL);
    send_and_collect(s, "ROLLBACK", NULL);
}

/* One writer at a time, as on SQLite: whoever has this lock of the database, to the
 * transaction's end. The snapshots of the statements behind it begin after it was granted. */
static int begin(struct store *base, struct error *e)
{
    struct pg_store *s = pg_of(base);
    int r = pg_send_text(s, "BEGIN", e);
    if (r == 0)
        r = send_and_collect(s, "SELECT pg_advisory_xact_lock(1215127905, 1)", e);
    if (r < 0)
        rollback(base);
    return r;
}

/* The snapshot is that of the first statement; SELECT 1 takes it now, as on SQLite. */
static int begin_read(struct store *base, struct error *e)
{
    struct pg_store *s = pg_of(base);
    int r = pg_send_text(s, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", e);
    if (r == 0)
        r = send_and_collect(s, "SELECT 1", e);
    if (r < 0)
        rollback(base);
    return r;
}

/* A COMMIT of a transaction that cannot be committed says ROLLBACK, and is no error to
 * PostgreSQL. */
static int commit(struct store *base, struct error *e)
{
    struct pg_store *s = pg_of(base);
    PGresult *result = NULL;
    int r = pg_send_text(s, "COMMIT", e);
    if (r == 0)
        r = pg_collect(s, &result, e);
    if (r == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        r = error_set(e, ERR_DATABASE, N_("the transaction was rolled back"));
    PQclear(result);
    return r;
}

static int savepoint(struct store *base, struct error *e)
{
    return pg_send_text(pg_of(base), "SAVEPOINT job", e);
}

static int release(struct store *base, struct error *e)
{
    return send_and_collect(pg_of(base), "RELEASE job", e);
}

/* The queue may hold errors that nobody has asked for; they are undone with the rest. */
static int rollback_savepoint(struct store *base, struct error *e)
{
    struct pg_store *s = pg_of(base);
    pg_collect(s, NULL, NULL);
    int r = pg_send_text(s, "ROLLBACK TO job", e);
    return r == 0 ? send_and_collect(s, "RELEASE job", e) : r;
}

static int bulk(struct store *base, bool on, struct error *e)
{
    /* The server's own settings serve a load; but afterwards the planner must know that the tables are
     * no longer empty, and not only when the autovacuum comes by. */
    return on ? 0 : run_text(base, "ANALYZE", e);
}

static void pg_close(struct store *base)
{
    struct pg_store *s = pg_of(base);
    PQclear(s->row);
    PQfinish(s->conn);
    free(s->prepared);
    free(s);
}

static const struct engine postgresql_engine = {
    .kind = STORE_POSTGRESQL,
    .close = pg_close,
    .set_timeout = set_timeout,
    .share = share,
    .begin = begin,
    .begin_read = begin_read,
    .commit = commit,
    .rollback = rollback,
    .savepoint = savepoint,
    .release = release,
    .rollback_savepoint = rollback_savepoint,
    .bulk = bulk,
    .run = run_text,
    .check = pg_check,
    .exec = pg_exec,
    .maybe = pg_maybe,
    .many = pg_many,
    .next = pg_next,
    .rows_close = pg_rows_close,
};

static void no_notice(void *unused, const PGresult *result) {}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* By hand rather than by PQconnectdb, for only so can a refusal be had with its SQLSTATE. */
static bool connect_within(PGconn *conn, int milliseconds)
{
    int64_t deadline = now_ms() + milliseconds;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
        struct pollfd p = {PQsocket(conn), state == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0};
        int64_t left = deadline - now_ms();
        if (left <= 0 || poll(&p, 1, (int)left) == 0)
            return false;
        state = PQconnectPoll(conn);
    }
    return state == PGRES_POLLING_OK;
}

/* The message looks like `… FATAL:  3D000: database "x" does not exist`. */
static int connect_error(PGconn *conn, struct error *e)
{
    static const char *const known[] = {"3D000", "28000", "28P01", "42501", "53300"};
    const char *message = PQerrorMessage(conn), *last = message;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const char *at = strstr(message, known[i]);
        if (at) {
            enum error_code code = code_of(known[i]);
            error_set(e, code, "%.*s", (int)strcspn(at, "\n"), at);
            return add_hint(code, e);
        }
    }
    if (*last)
        error_set(e, ERR_DATABASE, "%.*s", (int)strcspn(last, "\n"), last);
    else
        error_set(e, ERR_DATABASE, N_("PostgreSQL does not answer"));
    return error_hint(e, N_("See that PostgreSQL runs where the URL says."));
}

static int connect_url(struct pg_store *s, const char *url, struct error *e)
{
    /* What the URL says overrides what stands before it. */
    const char *keywords[] = {"fallback_application_name", "dbname", "client_encoding", NULL};
    const char *values[] = {"humiao", url, "UTF8", NULL};
    s->conn = PQconnectStartParams(keywords, values, 1);
    if (!s->conn)
        return error_set(e, ERR_MEMORY, NULL);
    PQsetErrorVerbosity(s->conn, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(s->conn, no_notice, NULL);
    if (PQstatus(s->conn) == CONNECTION_BAD || !connect_within(s->conn, CONNECT_MS))
        return connect_error(s->conn, e);
    const char *encoding = PQparameterStatus(s->conn, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0) {
        error_set(e, ERR_DATABASE_URL, N_("the database is not encoded in UTF-8"));
        return error_hint(e,
                          N_("Create it with: createdb --encoding UTF8 --template template0 NAME"));
    }
    return 0;
}

static int configure(struct pg_store *s, struct error *e)
{
    /* A cursor is always read to its end, so it is planned for that. */
    static const char every[] = "SET lock_timeout = 10000; SET statement_timeout = 600000;"
                                "SET cursor_tuple_fraction = 1.0; SET synchronous_commit = on;"
                                "SET jit = off";
    if (!PQenterPipelineMode(s->conn))
        return pg_error(s, NULL, NULL, e);
    int r = run_text(&s->base, every, e);
    if (r == 0 && s->base.mode == STORE_READ)
        r = run_text(&s->base, "SET default_transaction_read_only = on", e);
    /* A writer's statements each have their index. A plan made while a table was still small would read
     * the whole of it at each call, and be kept while the table grows. */
    else if (r == 0)
        r = run_text(&s->base, "SET enable_seqscan = off", e);
    return r;
}

int postgresql_open(const char *url, enum store_mode mode, struct store **ret, struct error *e)
{
    struct pg_store *s = calloc(1, sizeof *s);
    if (!s)
        return error_set(e, ERR_MEMORY, NULL);
    s->base = (struct store){.engine = &postgresql_engine, .mode = mode};
    for (int i = 0; i < PG_PARAMS_MAX; i++)
        s->params.formats[i] = 1;
    int r = connect_url(s, url, e);
    if (r == 0)
        r = configure(s, e);
    if (r < 0) {
        pg_close(&s->base);
        return r;
    }
    *ret = &s->base;
    return 0;
}
