/* What every store test begins with: cmocka, a database of the fixture schema, both engines. */
#ifndef HUMIAO_TEST_STORE_FIXTURE_H
#define HUMIAO_TEST_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store/fixture_statements.h"
#include "store/fixture_thing.h"
#include "store/migrate.h"
#include "store/store.h"
#include "test_database.h"

struct fixture {
    struct test_database database;
    struct store *store;
    struct error e;
};

/* Each test runs on both: EACH(name) in the list of tests. */
#define EACH(name)                                                                    \
    {#name " (SQLite)", name, fixture_setup_sqlite, fixture_teardown, NULL},          \
    {                                                                                 \
#name " (PostgreSQL)", name, fixture_setup_postgresql, fixture_teardown, NULL \
    }

#define SQLITE(name)                                              \
    {                                                             \
#name, name, fixture_setup_sqlite, fixture_teardown, NULL \
    }
#define POSTGRESQL(name)                                              \
    {                                                                 \
#name, name, fixture_setup_postgresql, fixture_teardown, NULL \
    }

int fixture_setup_sqlite(void **state);
int fixture_setup_postgresql(void **state);
int fixture_teardown(void **state);

/* Where a test begins: skips it when its engine is not there. */
struct fixture *fixture_of(void **state);

/* r must be 0 (or 1); else the error is shown. */
#define OK(f, call) fixture_ok((f), (call), #call, __FILE__, __LINE__)
int fixture_ok(struct fixture *f, int r, const char *call, const char *file, int line);

/* The call must fail with that code. */
#define FAILS(f, code, call) fixture_fails((f), (code), (call), #call, __FILE__, __LINE__)
void fixture_fails(struct fixture *f, enum error_code code, int r, const char *call,
                   const char *file, int line);

/* How many things there are. */
int64_t fixture_count(struct fixture *f, struct store *s);

/* Only an id, all else NULL. */
int fixture_insert(struct store *s, int64_t id, struct error *e);

#endif
