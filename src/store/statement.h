/* What the calls generated from sql/ are made of: a statement described by data, and four verbs
 * that run it on either engine. Only generated code and the store's own files use it. */
#ifndef HUMIAO_STORE_STATEMENT_H
#define HUMIAO_STORE_STATEMENT_H

#include "store/store.h"

enum store_type { STORE_INT, STORE_BYTES, STORE_TEXT };

struct store_value {
    enum store_type type;
    bool null;
    union {
        int64_t i;
        struct slice s;
    };
};

struct store_column {
    const char *name;
    enum store_type type;
    bool nullable;
    uint16_t offset; /* in the row's struct: int64_t, struct opt_int or struct slice */
};

struct store_statement {
    const char *name;
    const char *sqlite;     /* the text with ?1 */
    const char *postgresql; /* the text with $1 */
    uint16_t
        index; /* the place among its program's statements: where a connection keeps it prepared */
    uint16_t param_count;
    uint16_t column_count;
    uint16_t row_size;
    bool stream;
    const uint8_t *param_types; /* enum store_type */
    const struct store_column *columns;
};

/* All statements of sql/, in the order of their index. */
struct store_statements {
    const struct store_statement *const *list;
    size_t count;
};

static inline struct store_value store_value_int(int64_t v)
{
    return (struct store_value){.type = STORE_INT, .i = v};
}
static inline struct store_value store_value_opt_int(struct opt_int v)
{
    return (struct store_value){.type = STORE_INT, .null = !v.set, .i = v.v};
}
static inline struct store_value store_value_bytes(struct slice v)
{
    return (struct store_value){.type = STORE_BYTES, .null = !v.p, .s = v};
}
static inline struct store_value store_value_text(struct slice v)
{
    return (struct store_value){.type = STORE_TEXT, .null = !v.p, .s = v};
}

int store_exec(struct store *s, const struct store_statement *st, const struct store_value *params,
               struct error *e);

/* `row` is filled as the statement's columns say when *ret_found is true; its slices are valid
 * until the next statement on the store. More than one row is ERR_INTERNAL. */
int store_maybe(struct store *s, const struct store_statement *st, const struct store_value *params,
                bool *ret_found, void *row, struct error *e);

int store_many(struct store *s, const struct store_statement *st, const struct store_value *params,
               struct store_rows *ret, struct error *e);

/* 1 with the row filled, 0 at the end, negative on an error. */
int store_rows_next(struct store_rows *rows, void *row, struct error *e);

/* Prepares every statement and compares its parameters and columns with what is declared. The error
 * names the statement. For tests, and after a migration. */
int store_statements_check(struct store *s, struct store_statements statements, struct error *e);

#endif
