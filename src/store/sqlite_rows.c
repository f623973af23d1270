/* SQLite: the named statements and their rows. */
#include "store/sqlite.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

static struct sqlite_store *sqlite_of(struct store *s) { return (struct sqlite_store *)s; }

/* The place where the statement is kept; grows with the highest index seen. */
static struct sqlite_slot *slot_of(struct sqlite_store *s, const struct store_statement *st)
{
    if (st->index >= s->slot_count) {
        size_t count = st->index + 64u;
        struct sqlite_slot *slots = realloc(s->slots, count * sizeof *slots);
        if (!slots)
            return NULL;
        memset(slots + s->slot_count, 0, (count - s->slot_count) * sizeof *slots);
        s->slots = slots;
        s->slot_count = count;
    }
    struct sqlite_slot *slot = &s->slots[st->index];
    if (slot->statement != st) {
        sqlite3_finalize(slot->prepared);
        *slot = (struct sqlite_slot){st, NULL};
    }
    return slot;
}

static int prepare(struct sqlite_store *s, const struct store_statement *st, unsigned flags,
                   sqlite3_stmt **ret, struct error *e)
{
    int rc = sqlite3_prepare_v3(s->db, st->sqlite, -1, flags, ret, NULL);
    return rc == SQLITE_OK ? 0 : sqlite_error(s, rc, st->name, e);
}

static int take(struct sqlite_store *s, const struct store_statement *st, sqlite3_stmt **ret,
                struct error *e)
{
    struct sqlite_slot *slot = slot_of(s, st);
    if (!slot)
        return error_set(e, ERR_MEMORY, NULL);
    if (!slot->prepared) {
        int r = prepare(s, st, SQLITE_PREPARE_PERSISTENT, &slot->prepared, e);
        if (r < 0)
            return r;
    }
    *ret = slot->prepared;
    return 0;
}

/* Values stay the caller's: each call steps to the end of what it needs before it returns. A stream
 * outlives its call, and has its values copied. */
static int bind(struct sqlite_store *s, sqlite3_stmt *prepared, const struct store_statement *st,
                const struct store_value *params, sqlite3_destructor_type lifetime, struct error *e)
{
    int rc = SQLITE_OK;
    for (int i = 0; i < st->param_count && rc == SQLITE_OK; i++) {
        const struct store_value *v = &params[i];
        if (v->null)
            rc = sqlite3_bind_null(prepared, i + 1);
        else if (v->type == STORE_INT)
            rc = sqlite3_bind_int64(prepared, i + 1, v->i);
        else if (v->type == STORE_BYTES)
            rc = sqlite3_bind_blob64(prepared, i + 1, v->s.p, v->s.n, lifetime);
        else
            rc = sqlite3_bind_text64(prepared, i + 1, v->s.p, v->s.n, lifetime, SQLITE_UTF8);
    }
    return rc == SQLITE_OK ? 0 : sqlite_error(s, rc, st->name, e);
}

/* One column as it stands in the statement; its slice is SQLite's until the next step. */
static int read_column(sqlite3_stmt *prepared, const struct store_statement *st, unsigned c,
                       void *row, struct error *e)
{
    static const int types[] = {
        [STORE_INT] = SQLITE_INTEGER, [STORE_BYTES] = SQLITE_BLOB, [STORE_TEXT] = SQLITE_TEXT};
    int type = sqlite3_column_type(prepared, (int)c);
    enum store_type wanted = st->columns[c].type;
    if (type != SQLITE_NULL && type != types[wanted])
        return error_set(e, ERR_DATABASE_DAMAGED, N_("statement %s: column %s has another type"),
                         st->name, st->columns[c].name);
    if (wanted == STORE_INT)
        return store_row_set_int(st, c, row, type == SQLITE_NULL,
                                 sqlite3_column_int64(prepared, (int)c), e);
    struct slice v = SLICE_NONE;
    if (type != SQLITE_NULL) {
        v.p = sqlite3_column_blob(prepared, (int)c); /* of a text too: UTF-8, not copied */
        v.n = (size_t)sqlite3_column_bytes(prepared, (int)c);
        if (!v.p)
            v.p = ""; /* an empty run is a value */
    }
    return store_row_set_slice(st, c, row, v, e);
}

static int read_row(sqlite3_stmt *prepared, const struct store_statement *st, void *row,
                    struct error *e)
{
    for (unsigned c = 0; c < st->column_count; c++) {
        int r = read_column(prepared, st, c, row, e);
        if (r < 0)
            return r;
    }
    return 0;
}

static bool reserve(struct sqlite_buffer *b, size_t more)
{
    if (b->data && more <= b->capacity - b->used)
        return true;
    size_t capacity = (b->used + more) * 2;
    char *data = realloc(b->data, capacity);
    if (!data)
        return false;
    b->data = data;
    b->capacity = capacity;
    return true;
}

static struct slice *slice_at(const struct store_statement *st, unsigned c, void *row)
{
    return (struct slice *)(void *)((char *)row + st->columns[c].offset);
}

/* Moves the row's slices into the buffer, and the row before them; see struct sqlite_buffer. */
static bool keep_row(struct sqlite_buffer *b, const struct store_statement *st, void *row)
{
    size_t size = st->row_size;
    for (unsigned c = 0; c < st->column_count; c++)
        if (st->columns[c].type != STORE_INT)
            size += slice_at(st, c, row)->n;
    size = (size + 7) & ~(size_t)7;
    if (!reserve(b, size))
        return false;
    size_t at = b->used + st->row_size;
    for (unsigned c = 0; c < st->column_count; c++) {
        struct slice *v = st->columns[c].type == STORE_INT ? NULL : slice_at(st, c, row);
        if (!v || !v->p)
            continue;
        memcpy(b->data + at, v->p, v->n);
        v->p = (const char *)(uintptr_t)at; /* never 0: a row stands before it */
        at += v->n;
    }
    memcpy(b->data + b->used, row, st->row_size);
    b->used += size;
    return true;
}

/* Takes the row at `*at` out of the buffer, and moves `*at` to the next. */
static void take_row(const struct sqlite_buffer *b, const struct store_statement *st, size_t *at,
                     void *row)
{
    size_t size = st->row_size;
    memcpy(row, b->data + *at, st->row_size);
    for (unsigned c = 0; c < st->column_count; c++) {
        struct slice *v = st->columns[c].type == STORE_INT ? NULL : slice_at(st, c, row);
        if (!v || !v->p)
            continue;
        v->p = b->data + (uintptr_t)v->p;
        size += v->n;
    }
    *at += (size + 7) & ~(size_t)7;
}

int sqlite_exec(struct store *base, const struct store_statement *st,
                const struct store_value *params, struct error *e)
{
    struct sqlite_store *s = sqlite_of(base);
    sqlite3_stmt *prepared = NULL;
    int r = take(s, st, &prepared, e);
    if (r < 0 || (r = bind(s, prepared, st, params, SQLITE_STATIC, e)) < 0)
        return r;
    int rc = sqlite3_step(prepared);
    while (rc == SQLITE_ROW)
        rc = sqlite3_step(prepared);
    if (rc != SQLITE_DONE)
        r = sqlite_error(s, rc, st->name, e);
    sqlite3_reset(prepared);
    return r;
}

/* Steps to the end and keeps every row, at most `limit` of them, so that nothing stays open. */
static int fetch(struct sqlite_store *s, const struct store_statement *st,
                 const struct store_value *params, struct sqlite_buffer *b, size_t limit,
                 struct error *e)
{
    sqlite3_stmt *prepared = NULL;
    int r = take(s, st, &prepared, e);
    if (r < 0 || (r = bind(s, prepared, st, params, SQLITE_STATIC, e)) < 0)
        return r;
    uint64_t row[256]; /* 128 slices; tools/sqlgen.py refuses longer rows */
    assert(st->row_size <= sizeof row);
    int rc;
    size_t count = 0;
    while (r == 0 && (rc = sqlite3_step(prepared)) != SQLITE_DONE) {
        if (rc != SQLITE_ROW)
            r = sqlite_error(s, rc, st->name, e);
        else if (count++ == limit)
            r = error_set(e, ERR_INTERNAL, N_("statement %s: more than one row"), st->name);
        else if ((r = read_row(prepared, st, row, e)) == 0 && !keep_row(b, st, row))
            r = error_set(e, ERR_MEMORY, NULL);
    }
    sqlite3_reset(prepared);
    return r;
}

int sqlite_maybe(struct store *base, const struct store_statement *st,
                 const struct store_value *params, bool *ret_found, void *row, struct error *e)
{
    struct sqlite_store *s = sqlite_of(base);
    s->scratch.used = 0;
    int r = fetch(s, st, params, &s->scratch, 1, e);
    if (r < 0)
        return r;
    size_t at = 0;
    *ret_found = s->scratch.used > 0;
    if (*ret_found)
        take_row(&s->scratch, st, &at, row);
    return 0;
}

static struct sqlite_buffer *take_buffer(struct sqlite_store *s)
{
    struct sqlite_buffer *b = s->free_buffers;
    if (!b)
        return calloc(1, sizeof *b);
    s->free_buffers = b->next;
    b->used = 0;
    return b;
}

static void give_buffer(struct sqlite_store *s, struct sqlite_buffer *b)
{
    enum { KEPT = 1 << 20 }; /* a large one goes back to the system */
    if (b->capacity > KEPT) {
        free(b->data);
        *b = (struct sqlite_buffer){0};
    }
    b->next = s->free_buffers;
    s->free_buffers = b;
}

static int open_stream(struct sqlite_store *s, const struct store_statement *st,
                       const struct store_value *params, struct store_rows *ret, struct error *e)
{
    sqlite3_stmt *prepared = NULL;
    int r = prepare(s, st, 0, &prepared, e);
    if (r == 0)
        r = bind(s, prepared, st, params, SQLITE_TRANSIENT, e);
    if (r < 0)
        sqlite3_finalize(prepared);
    else
        ret->handle = prepared;
    return r;
}

int sqlite_many(struct store *base, const struct store_statement *st,
                const struct store_value *params, struct store_rows *ret, struct error *e)
{
    struct sqlite_store *s = sqlite_of(base);
    if (st->stream)
        return open_stream(s, st, params, ret, e);
    struct sqlite_buffer *b = take_buffer(s);
    if (!b)
        return error_set(e, ERR_MEMORY, NULL);
    int r = fetch(s, st, params, b, SIZE_MAX, e);
    if (r < 0) {
        give_buffer(s, b);
        return r;
    }
    ret->handle = b;
    ret->end = b->used;
    return 0;
}

int sqlite_next(struct store_rows *rows, void *row, struct error *e)
{
    struct sqlite_store *s = sqlite_of(rows->store);
    if (!rows->statement->stream) {
        if (rows->at == rows->end)
            return 0;
        take_row(rows->handle, rows->statement, &rows->at, row);
        return 1;
    }
    int rc = sqlite3_step(rows->handle);
    if (rc == SQLITE_DONE)
        return 0;
    if (rc != SQLITE_ROW)
        return sqlite_error(s, rc, rows->statement->name, e);
    int r = read_row(rows->handle, rows->statement, row, e);
    return r < 0 ? r : 1;
}

void sqlite_rows_close(struct store *base, struct store_rows *rows)
{
    if (rows->statement->stream)
        sqlite3_finalize(rows->handle);
    else
        give_buffer(sqlite_of(base), rows->handle);
    rows->handle = NULL;
}

/* Is every parameter there, and does the statement give the declared columns? */
int sqlite_check(struct store *base, const struct store_statement *st, struct error *e)
{
    struct sqlite_store *s = sqlite_of(base);
    sqlite3_stmt *prepared = NULL;
    int r = take(s, st, &prepared, e);
    if (r < 0)
        return r;
    if (sqlite3_bind_parameter_count(prepared) != st->param_count)
        return error_set(e, ERR_INTERNAL, N_("statement %s: its parameters are not as declared"),
                         st->name);
    if (sqlite3_column_count(prepared) != st->column_count)
        return error_set(e, ERR_INTERNAL, N_("statement %s: its columns are not as declared"),
                         st->name);
    return 0;
}

void sqlite_statements_end(struct sqlite_store *s)
{
    for (size_t i = 0; i < s->slot_count; i++)
        sqlite3_finalize(s->slots[i].prepared);
    free(s->slots);
    free(s->scratch.data);
    while (s->free_buffers) {
        struct sqlite_buffer *b = s->free_buffers;
        s->free_buffers = b->next;
        free(b->data);
        free(b);
    }
}
