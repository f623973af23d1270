/* How fast it is: printed, not asserted, since the machine is not ours alone. */
#include "fixture.h"

#include <sqlite3.h>
#include <string.h>
#include <time.h>

enum { ROWS = 100000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void tell(struct fixture *f, const char *what, double began)
{
    double took = now() - began;
    print_message("# %s: %s: %.0f a second, %.2f us each\n",
                  store_engine(f->store) == STORE_SQLITE ? "SQLite" : "PostgreSQL", what,
                  ROWS / took, took / ROWS * 1e6);
}

static void rates(void **state)
{
    struct fixture *f = fixture_of(state);
    struct store_rows rows;
    struct fixture_thing_scan row;
    struct fixture_thing_get one;
    bool found;
    char text[100];
    memset(text, 'x', sizeof text);
    double began = now();
    OK(f, store_bulk_begin(f->store, &f->e));
    for (int i = 0; i < ROWS; i++)
        OK(f, fixture_thing_insert(f->store, i, opt_int(i), opt_int(i), SLICE_OF(text), SLICE_NONE,
                                   &f->e));
    OK(f, store_commit(f->store, &f->e));
    tell(f, "inserts in one transaction, with its commit", began);

    began = now();
    OK(f, fixture_thing_scan(f->store, 0, &rows, &f->e));
    int seen = 0;
    while (OK(f, fixture_thing_scan_next(&rows, &row, &f->e)) == 1)
        seen++;
    assert_int_equal(seen, ROWS);
    tell(f, "rows of a stream", began);

    began = now();
    OK(f, store_begin_read(f->store, &f->e));
    for (int i = 0; i < ROWS; i += 10)
        OK(f, fixture_thing_get(f->store, (i * 7919LL) % ROWS, &found, &one, &f->e));
    OK(f, store_commit(f->store, &f->e));
    began = now() - (now() - began) * 10;
    tell(f, "rows by key, one call each", began);
}

/* The same inserts by SQLite alone: what the store adds is the difference. */
static void bare_sqlite(void **state)
{
    struct fixture *f = fixture_of(state);
    sqlite3 *db;
    sqlite3_stmt *st;
    char text[100];
    memset(text, 'x', sizeof text);
    assert_int_equal(sqlite3_open(f->database.path, &db), SQLITE_OK);
    sqlite3_exec(db,
                 "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-262144;"
                 "PRAGMA wal_autocheckpoint=0",
                 NULL, NULL, NULL);
    double began = now();
    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    sqlite3_prepare_v2(db,
                       "INSERT INTO thing (id, number, small, bytes, text) VALUES (?, ?, ?, ?, ?)",
                       -1, &st, NULL);
    for (int i = 0; i < ROWS; i++) {
        sqlite3_bind_int64(st, 1, i);
        sqlite3_bind_int64(st, 2, i);
        sqlite3_bind_int64(st, 3, i);
        sqlite3_bind_blob64(st, 4, text, sizeof text, SQLITE_STATIC);
        sqlite3_bind_null(st, 5);
        assert_int_equal(sqlite3_step(st), SQLITE_DONE);
        sqlite3_reset(st);
    }
    sqlite3_exec(db, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
    tell(f, "inserts without the store", began);
    sqlite3_finalize(st);
    sqlite3_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(rates), SQLITE(bare_sqlite)};
    return cmocka_run_group_tests_name("store rates", tests, NULL, NULL);
}
