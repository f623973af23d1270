/* A deployment of its own for one test of access/, on either engine. */
#ifndef HUMIAO_TESTS_ACCESS_PLACE_H
#define HUMIAO_TESTS_ACCESS_PLACE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../store/test_database.h"
#include "access/deployment.h"

struct place {
    struct test_database database;
    struct deployment *d;
    struct arena arena;
    struct error e;
};

/* A test runs on both engines: EACH_ENGINE(name) in the list of tests. */
#define EACH_ENGINE(name)                                                         \
    {#name " (SQLite)", name, place_setup_sqlite, place_teardown, NULL},          \
    {                                                                             \
#name " (PostgreSQL)", name, place_setup_postgresql, place_teardown, NULL \
    }
int place_setup_sqlite(void **state);
int place_setup_postgresql(void **state);
int place_teardown(void **state);

/* Where a test begins: skips it when its engine is not there. */
struct place *place_of(void **state);

/* The call must not fail; else the error is shown. */
#define GOOD(p, call) place_good((p), (call), #call, __FILE__, __LINE__)
int place_good(struct place *p, int r, const char *call, const char *file, int line);

/* The call in a write transaction of its own, which is committed when it does not fail. */
#define WRITES(p, call) (GOOD((p), store_begin((p)->d->store, &(p)->e)), place_wrote((p), (call)))
int place_wrote(struct place *p, int r);

/* One number by SQL, on a connection of its own: of what is committed. */
int64_t place_count(struct place *p, const char *sql);

#endif
