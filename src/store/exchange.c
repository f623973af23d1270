#include "store/exchange.h"

#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define CONNECT_MS 10000
#define COLUMNS_MAX 256
#define CURSOR_MAX 2
#define CELL_MAX 65537       /* characters of a cell; no value of ours is as long */
#define BYTES_MAX (1u << 24) /* of one read */
#define WIDER_MAX 3          /* times a read is widened where rows share a cursor */

struct exchange {
    PGconn *conn;
};

/* ---- errors: never with a word of the URL, and never with a value ------------------------------------ */

static int lost(struct error *e)
{
    error_set(e, ERR_DATABASE, N_("the exchange database does not answer"));
    return error_hint(
        e, N_("See that it runs where the URL says, and that this machine may reach it."));
}

static int state_error(const char *state, const char *table, struct error *e)
{
    if (strcmp(state, "42P01") == 0 || strcmp(state, "3F000") == 0)
        return error_set(e, ERR_NOT_FOUND, N_("the exchange database has no table %s"), table);
    if (strcmp(state, "42703") == 0)
        return error_set(e, ERR_COLUMN_MISSING, N_("table %s has no such cursor column"), table);
    if (strcmp(state, "3D000") == 0)
        return error_set(e, ERR_DATABASE_MISSING, N_("the exchange server has no such database"));
    if (strncmp(state, "28", 2) == 0 || strcmp(state, "42501") == 0) {
        error_set(e, ERR_PERMISSION, N_("the exchange database does not let us read"));
        return error_hint(e,
                          N_("The account needs CONNECT on the database and SELECT on the table."));
    }
    return error_set(e, ERR_DATABASE, N_("the exchange database refused the reading (%s)"), state);
}

static int result_error(struct exchange *x, const PGresult *result, const char *table,
                        struct error *e)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return !state || PQstatus(x->conn) == CONNECTION_BAD ? lost(e) : state_error(state, table, e);
}

/* ---- connecting ------------------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

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

/* A refusal comes as text alone; with it, its state. Nothing else of the text is used. */
static int connect_error(PGconn *conn, struct error *e)
{
    static const char *const known[] = {"3D000", "28000", "28P01", "42501"};
    const char *message = PQerrorMessage(conn);

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (strstr(message, known[i]))
            return state_error(known[i], "", e);
    return lost(e);
}

static void no_notice(void *unused, const PGresult *result) {}

/* Texts of days, times and numbers as we read them; and nothing is ever written. */
static int configure(struct exchange *x, struct error *e)
{
    PGresult *result = PQexec(
        x->conn, "SET default_transaction_read_only = on; SET statement_timeout = 60000;"
                 "SET lock_timeout = 10000; SET DateStyle = 'ISO, YMD';"
                 "SET TimeZone = 'Asia/Shanghai'; SET extra_float_digits = 1");
    int rc = PQresultStatus(result) == PGRES_COMMAND_OK ? 0 : result_error(x, result, "", e);

    PQclear(result);
    return rc;
}

static bool is_url(const char *url)
{
    return strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0;
}

int exchange_open(const char *url, struct exchange **ret, struct error *e)
{
    const char *keywords[] = {"fallback_application_name", "dbname", "client_encoding", NULL};
    const char *values[] = {"humiao", url, "UTF8", NULL};
    struct exchange *x;
    int rc = 0;

    if (!is_url(url)) {
        error_set(e, ERR_DATABASE_URL, NULL);
        return error_hint(e, N_("An exchange database is named as postgresql://HOST/DATABASE."));
    }
    x = calloc(1, sizeof(*x));
    if (!x || !(x->conn = PQconnectStartParams(keywords, values, 1))) {
        free(x);
        return error_set(e, ERR_MEMORY, NULL);
    }
    PQsetErrorVerbosity(x->conn, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(x->conn, no_notice, NULL);
    if (PQstatus(x->conn) == CONNECTION_BAD || !connect_within(x->conn, CONNECT_MS))
        rc = connect_error(x->conn, e);
    if (rc == 0)
        rc = configure(x, e);
    if (rc < 0) {
        exchange_close(x);
        return rc;
    }
    *ret = x;
    return 0;
}

struct exchange *exchange_close(struct exchange *x)
{
    if (x)
        PQfinish(x->conn);
    free(x);
    return NULL;
}

/* ---- the statement ------------------------------------------------------------------------------------ */

struct reading {
    struct exchange *x;
    const char *table;
    const char *const *cursor;
    size_t cursor_count;
    const struct slice *after;
    struct arena *arena;
    const char *from;                /* the table, quoted */
    const char *columns[CURSOR_MAX]; /* of the cursor, quoted */
    struct exchange_rows rows;
};

static int quote(struct reading *r, const char *name, size_t n, const char **ret, struct error *e)
{
    char *quoted = PQescapeIdentifier(r->x->conn, name, n);

    if (!quoted)
        return error_set(e, ERR_VALUE, N_("that is no name of a table or column"));
    *ret = arena_string(r->arena, slice_from(quoted));
    PQfreemem(quoted);
    return 0;
}

/* "schema.table" or "table". */
static int quote_names(struct reading *r, struct error *e)
{
    const char *dot = strchr(r->table, '.'), *name = dot ? dot + 1 : r->table;
    const char *schema = NULL, *table = NULL;
    int rc = dot ? quote(r, r->table, (size_t)(dot - r->table), &schema, e) : 0;

    if (rc == 0)
        rc = quote(r, name, strlen(name), &table, e);
    for (size_t i = 0; i < r->cursor_count && rc == 0; i++)
        rc = quote(r, r->cursor[i], strlen(r->cursor[i]), &r->columns[i], e);
    if (rc == 0)
        r->from = schema ? arena_printf(r->arena, "%s.%s", schema, table) : table;
    return rc;
}

static int query(struct reading *r, const char *sql, PGresult **ret, struct error *e)
{
    PGresult *result = PQexec(r->x->conn, sql);

    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        int rc = result_error(r->x, result, r->table, e);
        PQclear(result);
        return rc;
    }
    *ret = result;
    return 0;
}

static int read_names(struct reading *r, struct error *e)
{
    PGresult *result = NULL;
    int rc = query(r, arena_printf(r->arena, "SELECT * FROM %s LIMIT 0", r->from), &result, e);

    if (rc < 0)
        return rc;
    int width = PQnfields(result);
    if (width < 1 || width > COLUMNS_MAX) {
        PQclear(result);
        return error_set(e, ERR_SHEET_LIMIT, NULL);
    }
    struct slice *names = ARENA_ARRAY(r->arena, (size_t)width, struct slice);
    for (int i = 0; i < width; i++)
        names[i] = arena_copy(r->arena, slice_from(PQfname(result, i)));
    r->rows.names = names;
    r->rows.width = (size_t)width;
    PQclear(result);
    return 0;
}

static void write_cursor(FILE *f, const struct reading *r, const char *form, const char *between)
{
    for (size_t i = 0; i < r->cursor_count; i++) {
        fputs(i ? between : "", f);
        fprintf(f, form, r->columns[i]);
    }
}

static int statement(struct reading *r, size_t limit, char **ret, struct error *e)
{
    size_t n = 0;
    FILE *f = open_memstream(ret, &n);
    int rc = 0;

    if (!f)
        return error_set(e, ERR_MEMORY, NULL);
    fputs("SELECT ", f);
    for (size_t i = 0; i < r->rows.width && rc == 0; i++) {
        const char *name = NULL;
        rc = quote(r, r->rows.names[i].p, r->rows.names[i].n, &name, e);
        if (rc == 0)
            fprintf(f, "left(q.%s::text, %d), ", name, CELL_MAX);
    }
    write_cursor(f, r, "q.%s::text", ", ");
    fprintf(f, " FROM %s AS q WHERE ", r->from);
    write_cursor(f, r, "q.%s IS NOT NULL", " AND ");
    if (r->after) {
        fputs(" AND (", f);
        write_cursor(f, r, "q.%s", ", ");
        fputs(r->cursor_count == 2 ? ") > ($1, $2)" : ") > ($1)", f);
    }
    fputs(" ORDER BY ", f);
    write_cursor(f, r, "q.%s", ", ");
    fprintf(f, " LIMIT %zu", limit);
    if (fclose(f) != 0)
        rc = error_set(e, ERR_MEMORY, NULL);
    return rc;
}

/* ---- rows, one by one as they arrive ------------------------------------------------------------------- */

struct gathering {
    struct reading *r;
    struct slice *cells, *cursors;
    size_t count, bytes, bytes_max;
    bool more; /* the table has more than this */
};

static struct slice value(const PGresult *result, int column, struct arena *arena)
{
    if (PQgetisnull(result, 0, column))
        return SLICE_NONE;
    return arena_copy(arena, (struct slice){PQgetvalue(result, 0, column),
                                            (size_t)PQgetlength(result, 0, column)});
}

static void take(struct gathering *g, const PGresult *result)
{
    struct reading *r = g->r;
    size_t width = r->rows.width;

    for (size_t i = 0; i < width; i++) {
        struct slice cell = value(result, (int)i, r->arena);
        g->cells[g->count * width + i] = cell;
        g->bytes += cell.n;
    }
    for (size_t i = 0; i < r->cursor_count; i++)
        g->cursors[g->count * r->cursor_count + i] = value(result, (int)(width + i), r->arena);
    g->count++;
}

static void stop(struct exchange *x)
{
    char message[256];
    PGcancel *cancel = PQgetCancel(x->conn);

    if (cancel)
        PQcancel(cancel, message, sizeof(message));
    PQfreeCancel(cancel);
}

static int gather(struct gathering *g, size_t limit, struct error *e)
{
    struct exchange *x = g->r->x;
    PGresult *result;
    bool stopped = false;
    int rc = 0;

    while ((result = PQgetResult(x->conn))) {
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_SINGLE_TUPLE && !stopped && rc == 0) {
            take(g, result);
            stopped = g->bytes > g->bytes_max && g->count < limit;
            if (stopped)
                stop(x);
        } else if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && !stopped &&
                   rc == 0) {
            rc = result_error(x, result, g->r->table, e);
        }
        PQclear(result);
    }
    g->more = stopped || g->count == limit;
    return rc;
}

static int send(struct reading *r, const char *sql, struct error *e)
{
    const char *values[CURSOR_MAX] = {NULL, NULL};

    for (size_t i = 0; i < r->cursor_count && r->after; i++)
        values[i] = arena_string(r->arena, r->after[i]);
    if (!PQsendQueryParams(r->x->conn, sql, r->after ? (int)r->cursor_count : 0, NULL, values, NULL,
                           NULL, 0) ||
        !PQsetSingleRowMode(r->x->conn))
        return lost(e);
    return 0;
}

static bool same_cursor(const struct gathering *g, size_t a, size_t b)
{
    size_t n = g->r->cursor_count;

    for (size_t i = 0; i < n; i++)
        if (!slice_equal(g->cursors[a * n + i], g->cursors[b * n + i]))
            return false;
    return true;
}

/* Rows that share a cursor are read together or not at all: the next read begins behind all of them. False: all that
 * was read shares one, and there may be more. */
static bool cut_at_cursor(struct gathering *g)
{
    size_t last = g->count - 1;

    if (!g->more)
        return true;
    while (g->count > 0 && same_cursor(g, g->count - 1, last))
        g->count--;
    return g->count > 0;
}

static int read_once(struct reading *r, size_t limit, size_t bytes_max, bool *ret_whole,
                     struct error *e)
{
    struct gathering g = {.r = r, .bytes_max = bytes_max};
    char *sql = NULL;
    int rc = statement(r, limit + 1, &sql, e);

    if (rc == 0)
        rc = send(r, sql, e);
    free(sql);
    if (rc < 0)
        return rc;
    g.cells = ARENA_ARRAY(r->arena, (limit + 1) * r->rows.width, struct slice);
    g.cursors = ARENA_ARRAY(r->arena, (limit + 1) * r->cursor_count, struct slice);
    rc = gather(&g, limit + 1, e);
    if (rc < 0)
        return rc;
    *ret_whole = cut_at_cursor(&g);
    r->rows.cells = g.cells;
    r->rows.cursors = g.cursors;
    r->rows.count = g.count;
    return 0;
}

/* A row without a cursor is in no order: it would be passed over for ever, and nobody would know. */
static int refuse_without_cursor(struct reading *r, struct error *e)
{
    PGresult *result = NULL;
    const char *second = r->cursor_count == 2
                             ? arena_printf(r->arena, " OR q.%s IS NULL", r->columns[1])
                             : "";
    int rc = query(r,
                   arena_printf(r->arena, "SELECT 1 FROM %s AS q WHERE q.%s IS NULL%s LIMIT 1",
                                r->from, r->columns[0], second),
                   &result, e);

    if (rc < 0)
        return rc;
    int rows = PQntuples(result);
    PQclear(result);
    if (rows == 0)
        return 0;
    error_set(e, ERR_VALUE, N_("table %s has rows without a value in a cursor column"), r->table);
    return error_hint(e,
                      N_("All rows before them are taken; these never are, until they have one."));
}

int exchange_read(struct exchange *x, const char *table, const char *const *cursor,
                  size_t cursor_count, const struct slice *after, size_t limit, struct arena *arena,
                  struct exchange_rows *ret, struct error *e)
{
    struct reading r = {.x = x,
                        .table = table,
                        .cursor = cursor,
                        .cursor_count = cursor_count,
                        .after = after,
                        .arena = arena};
    bool whole = false;
    int rc;

    if (cursor_count < 1 || cursor_count > CURSOR_MAX || limit < 1)
        return error_set(e, ERR_INTERNAL, NULL);
    rc = quote_names(&r, e);
    if (rc == 0)
        rc = read_names(&r, e);
    for (int wider = 0; rc == 0 && !whole && wider <= WIDER_MAX; wider++)
        rc = read_once(&r, limit << (2 * wider), (size_t)BYTES_MAX << wider, &whole, e);
    if (rc == 0 && !whole) {
        error_set(e, ERR_VALUE, N_("too many rows of table %s share one value of the cursor"),
                  table);
        return error_hint(
            e, N_("Name a second cursor column in the mapping, such as the row's own number."));
    }
    if (rc == 0 && r.rows.count == 0)
        rc = refuse_without_cursor(&r, e);
    if (rc == 0)
        *ret = r.rows;
    return rc;
}
