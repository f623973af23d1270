/* The schema's history: the numbered files in sql/schema, applied in order, each in one
 * transaction. */
#ifndef HUMIAO_STORE_MIGRATE_H
#define HUMIAO_STORE_MIGRATE_H

#include "store/store.h"

struct store_migration {
    int number;
    const char *name;
    uint64_t hash; /* of the file's text: a migration is never edited once it was applied */
    const char *sqlite;
    const char *postgresql;
};

struct store_migrations {
    const struct store_migration *list; /* numbered 1, 2, 3, … */
    size_t count;
};

/* Applies what is missing and gives the number of migrations applied (`ret_applied` may be
 * NULL). The store is open with STORE_CREATE or STORE_WRITE, without a transaction. Two
 * processes may do so at once: one applies, the other finds nothing to do. Errors:
 * ERR_DATABASE_VERSION where the database has a migration that this program does not know, or
 * knows with another text. */
int store_migrate(struct store *s, int *ret_applied, struct error *e);

/* 0 when exactly this program's migrations are applied; ERR_DATABASE_VERSION otherwise, and
 * ERR_DATABASE_MISSING where the database was never initialised. */
int store_check_version(struct store *s, struct error *e);

/* The same with migrations other than the program's own; for tests. */
int store_migrate_with(struct store *s, struct store_migrations m, int *ret_applied,
                       struct error *e);
int store_check_version_with(struct store *s, struct store_migrations m, struct error *e);

#endif
