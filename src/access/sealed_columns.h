/* Inside access/: the columns that hold sealed values, all alike to whoever walks through them. */
#ifndef HUMIAO_ACCESS_SEALED_COLUMNS_H
#define HUMIAO_ACCESS_SEALED_COLUMNS_H

#include "access/deployment.h"

struct sealed_value {
    int64_t at;  /* where the walk is: values are met in this order, some may share it */
    int64_t row; /* of the place under which it is sealed */
    uint8_t salt[SEAL_SALT_SIZE];
    struct slice sealed;
};

/* Values of erased subjects, which nobody can open. */
struct sealed_count {
    uint8_t number;
    uint64_t rows, erased; /* erased ones are counted in both */
};

struct sealed_column {
    const char *name; /* "table.column" */
    struct slice place;
    /* At most `limit` values after `after` that are not sealed under `number` and whose subject has a
     * salt; into the arena. Number 0: all. */
    int (*batch)(struct store *s, int64_t after, uint8_t number, size_t limit, struct arena *arena,
                 struct sealed_value **ret, size_t *ret_count, struct error *e);
    /* Puts another in the place of this very value; nothing happens if it changed meanwhile. */
    int (*put)(struct store *s, int64_t at, struct slice sealed, struct slice old, struct error *e);
    /* By key number. */
    int (*count)(struct store *s, void (*tell)(void *context, const struct sealed_count *c),
                 void *context, struct error *e);
};

extern const struct sealed_column sealed_columns[]; /* sealed.def */
extern const size_t sealed_column_count;

#endif
