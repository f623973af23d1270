/* Transactions, savepoints, and when an error is told, alike on both engines. */
#include "fixture.h"

#include <string.h>

static void commit_and_rollback(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, store_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 1, &f->e));
    assert_int_equal(fixture_count(f, f->store), 1);
    store_rollback(f->store);
    store_rollback(f->store);
    assert_int_equal(fixture_count(f, f->store), 0);
    OK(f, store_begin(f->store, &f->e));
    FAILS(f, ERR_INTERNAL, store_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, store_commit(f->store, &f->e));
    FAILS(f, ERR_INTERNAL, store_commit(f->store, &f->e));
    assert_int_equal(fixture_count(f, f->store), 1);
}

static void bulk(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, store_bulk_begin(f->store, &f->e));
    for (int i = 0; i < 2000; i++)
        OK(f, fixture_insert(f->store, i, &f->e));
    OK(f, store_commit(f->store, &f->e));
    OK(f, store_bulk_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 2000, &f->e));
    store_rollback(f->store);
    assert_int_equal(fixture_count(f, f->store), 2000);
}

struct begun {
    struct fixture *f;
    int times, result;
};

static int count_begun(void *context, struct error *e)
{
    struct begun *b = context;
    assert_true(store_in_transaction(b->f->store));
    b->times++;
    OK(b->f, fixture_insert(b->f->store, 100 + b->times, &b->f->e));
    return b->result < 0 ? error_set(e, -b->result, NULL) : 0;
}

/* Each write transaction calls it first, and does not begin when it fails. */
static void called_at_begin(void **state)
{
    struct fixture *f = fixture_of(state);
    struct begun b = {.f = f};
    store_on_begin(f->store, count_begun, &b);
    OK(f, store_begin(f->store, &f->e));
    OK(f, store_commit(f->store, &f->e));
    OK(f, store_bulk_begin(f->store, &f->e));
    OK(f, store_commit(f->store, &f->e));
    OK(f, store_begin_read(f->store, &f->e));
    OK(f, store_commit(f->store, &f->e));
    assert_int_equal(b.times, 2);
    b.result = -ERR_KEY_WRONG;
    FAILS(f, ERR_KEY_WRONG, store_begin(f->store, &f->e));
    FAILS(f, ERR_KEY_WRONG, store_bulk_begin(f->store, &f->e));
    assert_false(store_in_transaction(f->store));
    assert_int_equal(fixture_count(f, f->store), 2);
    store_on_begin(f->store, NULL, NULL);
    OK(f, store_bulk_begin(f->store, &f->e));
    OK(f, store_commit(f->store, &f->e));
    assert_int_equal(b.times, 4);
}

static void savepoints(void **state)
{
    struct fixture *f = fixture_of(state);
    FAILS(f, ERR_INTERNAL, store_savepoint(f->store, &f->e));
    OK(f, store_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, store_savepoint(f->store, &f->e));
    FAILS(f, ERR_INTERNAL, store_savepoint(f->store, &f->e));
    OK(f, fixture_insert(f->store, 2, &f->e));
    OK(f, store_rollback_savepoint(f->store, &f->e));
    OK(f, store_savepoint(f->store, &f->e));
    OK(f, fixture_insert(f->store, 3, &f->e));
    OK(f, store_release(f->store, &f->e));
    FAILS(f, ERR_INTERNAL, store_release(f->store, &f->e));
    OK(f, store_commit(f->store, &f->e));
    assert_int_equal(fixture_count(f, f->store), 2);
}

/* The first failure, at whichever call it surfaces, spoils the transaction. */
static void error_spoils_transaction(void **state)
{
    struct fixture *f = fixture_of(state);
    struct fixture_thing_count row;
    bool found;
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, store_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 2, &f->e));
    int r = fixture_insert(f->store, 1, &f->e);
    if (store_engine(f->store) == STORE_POSTGRESQL) {
        assert_int_equal(r, 0); /* queued */
        OK(f, fixture_insert(f->store, 3, &f->e));
        r = fixture_thing_count(f->store, &found, &row, &f->e);
    }
    FAILS(f, ERR_DATABASE, r);
    assert_non_null(strstr(f->e.detail, "thing_insert"));
    FAILS(f, ERR_DATABASE, fixture_insert(f->store, 4, &f->e));
    FAILS(f, ERR_DATABASE, fixture_thing_count(f->store, &found, &row, &f->e));
    FAILS(f, ERR_DATABASE, store_commit(f->store, &f->e));
    assert_false(store_in_transaction(f->store));
    assert_int_equal(fixture_count(f, f->store), 1);
}

static void error_surfaces_at_commit(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, store_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 1, &f->e));
    fixture_insert(f->store, 1, &f->e);
    FAILS(f, ERR_DATABASE, store_commit(f->store, &f->e));
    assert_int_equal(fixture_count(f, f->store), 0);
}

static void error_surfaces_at_release(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, store_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, store_savepoint(f->store, &f->e));
    OK(f, fixture_insert(f->store, 2, &f->e));
    fixture_insert(f->store, 1, &f->e);
    FAILS(f, ERR_DATABASE, store_release(f->store, &f->e));
    OK(f, store_rollback_savepoint(f->store, &f->e));
    OK(f, fixture_insert(f->store, 3, &f->e));
    OK(f, store_commit(f->store, &f->e));
    assert_int_equal(fixture_count(f, f->store), 2);
}

/* More statements than are sent before their results are asked for, the first of them wrong. */
static void long_queue(void **state)
{
    struct fixture *f = fixture_of(state);
    int r = 0;
    OK(f, fixture_insert(f->store, 0, &f->e));
    OK(f, store_begin(f->store, &f->e));
    for (int i = 0; i < 2000 && r == 0; i++)
        r = fixture_insert(f->store, i, &f->e);
    FAILS(f, ERR_DATABASE, r);
    store_rollback(f->store);
    OK(f, store_begin(f->store, &f->e));
    for (int i = 1; i < 2000; i++)
        OK(f, fixture_insert(f->store, i, &f->e));
    OK(f, store_commit(f->store, &f->e));
    assert_int_equal(fixture_count(f, f->store), 2000);
}

static void outside_a_transaction(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, fixture_insert(f->store, 1, &f->e));
    FAILS(f, ERR_DATABASE, fixture_insert(f->store, 1, &f->e));
    OK(f, fixture_insert(f->store, 2, &f->e));
    assert_int_equal(fixture_count(f, f->store), 2);
}

/* Neither a duplicate key, nor a foreign key, nor a check tells the value that it refused. */
static void errors_hold_no_value(void **state)
{
    struct fixture *f = fixture_of(state);
    struct slice secret = SLICE_LITERAL("SECRET");
    OK(f, fixture_thing_insert(f->store, 4711471, OPT_INT_NONE, OPT_INT_NONE, SLICE_NONE, secret,
                               &f->e));
    FAILS(f, ERR_DATABASE,
          fixture_thing_insert(f->store, 4711472, OPT_INT_NONE, OPT_INT_NONE, SLICE_NONE, secret,
                               &f->e));
    assert_null(strstr(f->e.detail, "SECRET"));
    FAILS(f, ERR_DATABASE, fixture_part_insert(f->store, 815815, secret, &f->e));
    assert_null(strstr(f->e.detail, "SECRET"));
    assert_null(strstr(f->e.detail, "815815"));
    FAILS(f, ERR_DATABASE,
          fixture_part_insert(f->store, 4711471, SLICE_LITERAL("it's; BYTES"), &f->e));
    assert_null(strstr(f->e.detail, "it's"));
    FAILS(f, ERR_DATABASE, fixture_part_insert(f->store, 4711471, SLICE_NONE, &f->e));
}

/* A reader sees one state, however much is written meanwhile, and cannot write. */
static void snapshot(void **state)
{
    struct fixture *f = fixture_of(state);
    STORE_AUTO struct store *reader = NULL;
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, store_open(f->database.url, STORE_READ, &reader, &f->e));
    OK(f, store_begin_read(reader, &f->e));
    OK(f, fixture_insert(f->store, 2, &f->e));
    assert_int_equal(fixture_count(f, reader), 1);
    OK(f, fixture_insert(f->store, 3, &f->e));
    assert_int_equal(fixture_count(f, reader), 1);
    OK(f, store_commit(reader, &f->e));
    assert_int_equal(fixture_count(f, reader), 3);
    FAILS(f, ERR_INTERNAL, store_begin(reader, &f->e));
    FAILS(f, ERR_PERMISSION, fixture_insert(reader, 4, &f->e));
}

static void one_writer_at_a_time(void **state)
{
    struct fixture *f = fixture_of(state);
    STORE_AUTO struct store *other = NULL;
    OK(f, store_open(f->database.url, STORE_WRITE, &other, &f->e));
    OK(f, store_set_timeout(other, 50, &f->e));
    OK(f, store_begin(f->store, &f->e));
    FAILS(f, ERR_DATABASE_LOCKED, store_begin(other, &f->e));
    assert_true(f->e.hint[0] != '\0');
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, store_commit(f->store, &f->e));
    OK(f, store_begin(other, &f->e));
    assert_int_equal(fixture_count(f, other), 1);
    store_rollback(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(commit_and_rollback),
        EACH(bulk),
        EACH(called_at_begin),
        EACH(savepoints),
        EACH(error_spoils_transaction),
        EACH(error_surfaces_at_commit),
        EACH(error_surfaces_at_release),
        EACH(long_queue),
        EACH(outside_a_transaction),
        EACH(errors_hold_no_value),
        EACH(snapshot),
        EACH(one_writer_at_a_time),
    };
    return cmocka_run_group_tests_name("store transactions", tests, NULL, NULL);
}
