#include "access/sealed_columns.h"

#include "store/sql_sealed.h"

#include <string.h>

static void value_add(struct sealed_value *list, size_t *count, int64_t at, int64_t row,
                      struct slice salt, struct slice sealed, struct arena *arena)
{
    struct sealed_value *v = &list[(*count)++];

    *v = (struct sealed_value){.at = at, .row = row, .sealed = arena_copy(arena, sealed)};
    if (salt.n == SEAL_SALT_SIZE)
        memcpy(v->salt, salt.p, SEAL_SALT_SIZE);
}

static void tell_count(void (*tell)(void *context, const struct sealed_count *c), void *context,
                       struct slice number, int64_t rows, int64_t erased)
{
    struct sealed_count c = {number.n ? (uint8_t)number.p[0] : 0, (uint64_t)rows, (uint64_t)erased};

    tell(context, &c);
}

/* The statements of a column differ in their types only by name. */
#define SEALED(symbol, name, place)                                                              \
    static int symbol##_batch(struct store *s, int64_t after, uint8_t number, size_t limit,      \
                              struct arena *arena, struct sealed_value **ret, size_t *ret_count, \
                              struct error *e)                                                   \
    {                                                                                            \
        STORE_ROWS_AUTO struct store_rows rows = {0};                                            \
        struct sql_sealed_##symbol##_batch row;                                                  \
        struct sealed_value *list = arena_take(arena, limit * sizeof(*list));                    \
        size_t n = 0;                                                                            \
        struct slice except = {(const char *)&number, 1};                                        \
        int rc = sql_sealed_##symbol##_batch(s, after, except, (int64_t)limit, &rows, e);        \
        while (rc >= 0 && (rc = sql_sealed_##symbol##_batch_next(&rows, &row, e)) > 0)           \
            value_add(list, &n, row.at, row.row, row.salt, row.sealed, arena);                   \
        if (rc < 0)                                                                              \
            return rc;                                                                           \
        *ret = list;                                                                             \
        *ret_count = n;                                                                          \
        return 0;                                                                                \
    }                                                                                            \
                                                                                                 \
    static int symbol##_count(struct store *s,                                                   \
                              void (*tell)(void *context, const struct sealed_count *c),         \
                              void *context, struct error *e)                                    \
    {                                                                                            \
        STORE_ROWS_AUTO struct store_rows rows = {0};                                            \
        struct sql_sealed_##symbol##_count row;                                                  \
        int rc = sql_sealed_##symbol##_count(s, &rows, e);                                       \
        while (rc >= 0 && (rc = sql_sealed_##symbol##_count_next(&rows, &row, e)) > 0)           \
            tell_count(tell, context, row.number, row.rows, row.erased);                         \
        return rc < 0 ? rc : 0;                                                                  \
    }
#include "access/sealed.def"
#undef SEALED

#define SEALED(symbol, name, place) \
    {name, {place, sizeof(place) - 1}, symbol##_batch, sql_sealed_##symbol##_put, symbol##_count},
const struct sealed_column sealed_columns[] = {
#include "access/sealed.def"
};
#undef SEALED

const size_t sealed_column_count = sizeof(sealed_columns) / sizeof(sealed_columns[0]);
