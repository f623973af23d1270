/* A fresh database for one test, on either engine.
 *
 * PostgreSQL is tested where HUMIAO_TEST_PG holds the URL of a server that lets databases be
 * created, as script/test provides; without it those tests are skipped. */
#ifndef HUMIAO_TEST_DATABASE_H
#define HUMIAO_TEST_DATABASE_H

#include "store/store.h"

struct test_database {
    char dir[64];   /* a directory of its own, also on PostgreSQL */
    char path[128]; /* the SQLite file, which is not there yet */
    char url[512];
    enum store_engine engine;
};

/* False when PostgreSQL is asked for and there is none. Aborts when it cannot be made. */
bool test_database_make(struct test_database *d, enum store_engine engine);

/* Removes it all. */
void test_database_remove(struct test_database *d);

#endif
