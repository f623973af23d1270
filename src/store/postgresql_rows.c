/* PostgreSQL: the named statements and their rows, in binary. */
#include "store/postgresql.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types of pg_type.dat that a client is to know by number. */
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_UNKNOWN = 705,
    OID_VARCHAR = 1043
};

enum { STREAM_ROWS = 4000 }; /* fetched at a time */

static struct pg_store *pg_of(struct store *s) { return (struct pg_store *)s; }

/* Fills the arrays that libpq wants; it copies what they point to before it returns. */
static void set_params(struct pg_params *p, const struct store_statement *st,
                       const struct store_value *params)
{
    static const Oid types[] = {
        [STORE_INT] = OID_INT8, [STORE_BYTES] = OID_BYTEA, [STORE_TEXT] = OID_TEXT};
    for (unsigned i = 0; i < st->param_count; i++) {
        p->types[i] = types[st->param_types[i]];
        if (!params)
            continue;
        const struct store_value *v = &params[i];
        p->integers[i] = htobe64((uint64_t)v->i);
        p->values[i] = v->null                ? NULL
                       : v->type == STORE_INT ? (const char *)&p->integers[i]
                                              : v->s.p;
        p->lengths[i] = v->type == STORE_INT ? (int)sizeof(uint64_t) : (int)v->s.n;
    }
}

static bool type_fits(Oid found, enum store_type wanted)
{
    switch (wanted) {
    case STORE_INT:
        return found == OID_INT8 || found == OID_INT4 || found == OID_INT2 || found == OID_BOOL;
    case STORE_BYTES: return found == OID_BYTEA;
    case STORE_TEXT: return found == OID_TEXT || found == OID_VARCHAR || found == OID_UNKNOWN;
    }
    return false;
}

static bool is_prepared(const struct pg_store *s, const struct store_statement *st)
{
    return st->index < s->prepared_count && s->prepared[st->index] == st;
}

static bool remember(struct pg_store *s, const struct store_statement *st)
{
    if (st->index >= s->prepared_count) {
        size_t count = st->index + 64u;
        const struct store_statement **list = realloc(s->prepared, count * sizeof *list);
        if (!list)
            return false;
        memset(list + s->prepared_count, 0, (count - s->prepared_count) * sizeof *list);
        s->prepared = list;
        s->prepared_count = count;
    }
    s->prepared[st->index] = st;
    return true;
}

static const char *prepared_name(const struct store_statement *st, char buffer[24])
{
    snprintf(buffer, 24, "s%u", st->index);
    return buffer;
}

/* The columns must have the declared types: later, rows are read by them. */
static int check_columns(struct pg_store *s, const struct store_statement *st, struct error *e)
{
    char name[24];
    PGresult *result = NULL;
    int r = pg_sent(s, PQsendDescribePrepared(s->conn, prepared_name(st, name)), st->name, e);
    if (r == 0)
        r = pg_collect(s, &result, e);
    if (r == 0 && PQnfields(result) != st->column_count)
        r = error_set(e, ERR_INTERNAL, N_("statement %s: its columns are not as declared"),
                      st->name);
    for (int c = 0; r == 0 && c < st->column_count; c++)
        if (!type_fits(PQftype(result, c), st->columns[c].type))
            r = error_set(e, ERR_INTERNAL, N_("statement %s: column %s has another type"), st->name,
                          st->columns[c].name);
    PQclear(result);
    return r;
}

/* Once a connection and statement. What was sent before is waited for, so that a failure of it
 * cannot take the preparation down unseen. */
static int prepare(struct pg_store *s, const struct store_statement *st, struct error *e)
{
    char name[24];
    int r = pg_collect(s, NULL, e);
    if (r < 0)
        return r;
    if (st->index < s->prepared_count && s->prepared[st->index]) { /* another program part's */
        char sql[48];
        snprintf(sql, sizeof sql, "DEALLOCATE %s", prepared_name(st, name));
        s->prepared[st->index] = NULL;
        if ((r = pg_send_text(s, sql, e)) < 0)
            return r;
    }
    set_params(&s->params, st, NULL);
    r = pg_sent(s,
                PQsendPrepare(s->conn, prepared_name(st, name), st->postgresql, st->param_count,
                              s->params.types),
                st->name, e);
    if (r == 0)
        r = check_columns(s, st, e);
    if (r == 0 && !remember(s, st))
        r = error_set(e, ERR_MEMORY, NULL);
    return r;
}

static int send(struct pg_store *s, const struct store_statement *st,
                const struct store_value *params, struct error *e)
{
    char name[24];
    int r = 0;
    if (!is_prepared(s, st))
        r = prepare(s, st, e);
    else if (s->queued == PG_QUEUE_MAX)
        r = pg_collect(s, NULL, e);
    if (r < 0)
        return r;
    set_params(&s->params, st, params);
    return pg_sent(s,
                   PQsendQueryPrepared(s->conn, prepared_name(st, name), st->param_count,
                                       s->params.values, s->params.lengths, s->params.formats, 1),
                   st->name, e);
}

static void forget_row(struct pg_store *s)
{
    PQclear(s->row);
    s->row = NULL;
}

int pg_exec(struct store *base, const struct store_statement *st, const struct store_value *params,
            struct error *e)
{
    struct pg_store *s = pg_of(base);
    forget_row(s);
    int r = send(s, st, params, e);
    if (r == 0 && base->transaction == TRANSACTION_NONE)
        r = pg_collect(s, NULL, e);
    return r;
}

static int64_t read_int(const PGresult *result, int row, int column)
{
    const char *p = PQgetvalue(result, row, column);
    uint64_t v8;
    uint32_t v4;
    uint16_t v2;
    switch (PQgetlength(result, row, column)) {
    case sizeof v8: memcpy(&v8, p, sizeof v8); return (int64_t)be64toh(v8);
    case sizeof v4: memcpy(&v4, p, sizeof v4); return (int32_t)be32toh(v4);
    case sizeof v2: memcpy(&v2, p, sizeof v2); return (int16_t)be16toh(v2);
    default: return *p;
    }
}

static int read_row(const PGresult *result, int at, const struct store_statement *st, void *row,
                    struct error *e)
{
    int r = 0;
    for (int c = 0; r == 0 && c < st->column_count; c++) {
        bool null = PQgetisnull(result, at, c);
        if (st->columns[c].type == STORE_INT) {
            r = store_row_set_int(st, (unsigned)c, row, null, null ? 0 : read_int(result, at, c),
                                  e);
        } else {
            struct slice v = SLICE_NONE;
            if (!null)
                v = (struct slice){PQgetvalue(result, at, c), (size_t)PQgetlength(result, at, c)};
            r = store_row_set_slice(st, (unsigned)c, row, v, e);
        }
    }
    return r;
}

int pg_maybe(struct store *base, const struct store_statement *st, const struct store_value *params,
             bool *ret_found, void *row, struct error *e)
{
    struct pg_store *s = pg_of(base);
    forget_row(s);
    int r = send(s, st, params, e);
    if (r == 0)
        r = pg_collect(s, &s->row, e);
    if (r < 0)
        return r;
    if (PQntuples(s->row) > 1)
        return error_set(e, ERR_INTERNAL, N_("statement %s: more than one row"), st->name);
    bool found = PQntuples(s->row) == 1;
    if (found && (r = read_row(s->row, 0, st, row, e)) < 0)
        return r;
    *ret_found = found;
    return 0;
}

/* A cursor, of which a piece has been fetched. */
struct pg_stream {
    PGresult *piece;
    unsigned number;
};

static int fetch(struct pg_store *s, struct pg_stream *stream, struct error *e)
{
    char sql[64];
    snprintf(sql, sizeof sql, "FETCH %d FROM stream_%u", STREAM_ROWS, stream->number);
    PQclear(stream->piece);
    stream->piece = NULL;
    int r = pg_send_text(s, sql, e);
    return r == 0 ? pg_collect(s, &stream->piece, e) : r;
}

static int open_cursor(struct pg_store *s, const struct store_statement *st,
                       const struct store_value *params, struct pg_stream *stream, struct error *e)
{
    char *sql;
    stream->number = ++s->streams;
    if (asprintf(&sql, "DECLARE stream_%u NO SCROLL CURSOR FOR %s", stream->number,
                 st->postgresql) < 0)
        return error_set(e, ERR_MEMORY, NULL);
    int r = s->queued + 1 >= PG_QUEUE_MAX ? pg_collect(s, NULL, e) : 0;
    set_params(&s->params, st, params);
    struct pg_params *p = &s->params;
    if (r == 0)
        r = pg_sent(s,
                    PQsendQueryParams(s->conn, sql, st->param_count, p->types, p->values,
                                      p->lengths, p->formats, 1),
                    st->name, e);
    free(sql);
    return r == 0 ? fetch(s, stream, e) : r;
}

static int open_stream(struct pg_store *s, const struct store_statement *st,
                       const struct store_value *params, struct store_rows *ret, struct error *e)
{
    /* Preparing it checks its columns, once a connection. */
    int r = is_prepared(s, st) ? 0 : prepare(s, st, e);
    if (r < 0)
        return r;
    struct pg_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return error_set(e, ERR_MEMORY, NULL);
    r = open_cursor(s, st, params, stream, e);
    if (r < 0) {
        free(stream);
        return r;
    }
    ret->handle = stream;
    ret->end = (size_t)PQntuples(stream->piece);
    return 0;
}

int pg_many(struct store *base, const struct store_statement *st, const struct store_value *params,
            struct store_rows *ret, struct error *e)
{
    struct pg_store *s = pg_of(base);
    PGresult *result = NULL;
    forget_row(s);
    if (st->stream)
        return open_stream(s, st, params, ret, e);
    int r = send(s, st, params, e);
    if (r == 0)
        r = pg_collect(s, &result, e);
    if (r < 0)
        return r;
    ret->handle = result;
    ret->end = (size_t)PQntuples(result);
    return 0;
}

static int next_piece(struct store_rows *rows, struct error *e)
{
    struct pg_stream *stream = rows->handle;
    if (rows->end < STREAM_ROWS)
        return 0;
    int r = fetch(pg_of(rows->store), stream, e);
    if (r < 0)
        return r;
    rows->at = 0;
    rows->end = (size_t)PQntuples(stream->piece);
    return rows->end > 0;
}

int pg_next(struct store_rows *rows, void *row, struct error *e)
{
    const PGresult *result = rows->handle;
    if (rows->at == rows->end) {
        int r = rows->statement->stream ? next_piece(rows, e) : 0;
        if (r <= 0)
            return r;
    }
    if (rows->statement->stream)
        result = ((struct pg_stream *)rows->handle)->piece;
    int r = read_row(result, (int)rows->at, rows->statement, row, e);
    if (r < 0)
        return r;
    rows->at++;
    return 1;
}

void pg_rows_close(struct store *base, struct store_rows *rows)
{
    struct pg_stream *stream = rows->handle;
    rows->handle = NULL;
    if (!rows->statement->stream) {
        PQclear((PGresult *)(void *)stream);
        return;
    }
    if (!base->failed && base->transaction != TRANSACTION_NONE) {
        char sql[48];
        snprintf(sql, sizeof sql, "CLOSE stream_%u", stream->number);
        pg_send_text(pg_of(base), sql, NULL);
    }
    PQclear(stream->piece);
    free(stream);
}

int pg_check(struct store *base, const struct store_statement *st, struct error *e)
{
    struct pg_store *s = pg_of(base);
    forget_row(s);
    return is_prepared(s, st) ? 0 : prepare(s, st, e);
}
