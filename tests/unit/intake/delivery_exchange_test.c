/* A table on the exchange side, read by cursor: all of it, once, in order; and never written to. */
#include "delivered.h"

#include "store/exchange.h"

#include <libpq-fe.h>

#define COUNT(t, sql) scene_count((t)->s, sql)

struct side {
    struct test_database database;
    PGconn *conn;
};

static void run(struct side *x, const char *sql)
{
    PGresult *r = PQexec(x->conn, sql);

    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(x->conn));
    PQclear(r);
}

/* The exchange database is always PostgreSQL, whatever the product's own is. */
static bool side_begin(struct side *x)
{
    if (!test_database_make(&x->database, STORE_POSTGRESQL))
        return false;
    x->conn = PQconnectdb(x->database.url);
    assert_int_equal(PQstatus(x->conn), CONNECTION_OK);
    run(x, "CREATE TABLE deaths (changed timestamp, nr text, id_no text, \"姓名\" text, died_on "
           "date, \"状态\" text)");
    return true;
}

static void side_end(struct side *x)
{
    PQfinish(x->conn);
    test_database_remove(&x->database);
}

static void add(struct delivered *t, struct side *x, int from, int count, const char *changed)
{
    for (int i = from; i < from + count; i++)
        run(x,
            arena_printf(&t->s->arena,
                         "INSERT INTO deaths VALUES (%s, 'n%05d', '%s', NULL, '2024-01-04', NULL)",
                         changed, i, scene_id_number("1970-01-01", (unsigned)i % 900).text));
}

static int exchange(struct delivered *t, struct side *x, uint64_t rows_max,
                    struct delivery_totals *ret)
{
    error_clear(&t->s->e);
    return delivery_exchange(&t->in, x->database.url, t->deaths, rows_max, ret, &t->s->e);
}

static void by_cursor(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    struct side x;

    delivered_begin(&t, state);
    if (!side_begin(&x))
        skip();
    OK(t.s, exchange(&t, &x, UINT64_MAX, &totals));
    assert_int_equal(totals.rows, 0);
    run(&x,
        arena_printf(
            &t.s->arena,
            "INSERT INTO deaths VALUES (now()::timestamp, 'f', '%s', '甲', '2024-01-02', '有效')",
            t.father.text));
    add(&t, &x, 0, 120, "now()::timestamp");
    run(&x, "INSERT INTO deaths VALUES (now()::timestamp, 'x', 'y', '', NULL, '')");
    OK(t.s, exchange(&t, &x, 50, &totals));
    assert_int_equal(totals.rows, 50);
    OK(t.s, exchange(&t, &x, UINT64_MAX, &totals));
    assert_int_equal(totals.rows, 72);
    assert_int_equal(totals.quarantined, 1);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 121);
    struct delivery_story story = delivered_story(&t, totals.id);
    assert_int_equal(story.channel, CHANNEL_EXCHANGE);
    assert_int_equal(story.rows_done, 122);
    assert_true(slice_is(story.header, "changed,nr,id_no,姓名,died_on,状态"));
    OK(t.s, exchange(&t, &x, UINT64_MAX, &totals));
    assert_int_equal(totals.rows, 0);
    /* A changed row comes again, behind the cursor. */
    run(&x, arena_printf(&t.s->arena,
                         "UPDATE deaths SET changed = now()::timestamp + interval '1 s', died_on = "
                         "'2024-01-03' WHERE id_no = '%s'",
                         t.father.text));
    OK(t.s, exchange(&t, &x, UINT64_MAX, &totals));
    assert_int_equal(totals.rows, 1);
    assert_int_equal(totals.accepted, 1);
    /* Stopped in between and carried on: nothing twice, nothing left out. */
    add(&t, &x, 200, 700, "now()::timestamp + interval '1 min'");
    uint64_t rows = 0;
    for (int turn = 0; turn < 100 && rows < 700; turn++) {
        t.stop_after = 4;
        OK(t.s, exchange(&t, &x, UINT64_MAX, &totals));
        rows += totals.rows;
    }
    assert_int_equal(rows, 700);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record WHERE known_to IS NULL"), 821);
    side_end(&x);
}

static void held(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    struct side x;

    delivered_begin(&t, state);
    if (!side_begin(&x))
        skip();
    add(&t, &x, 0, 3, "now()::timestamp");
    run(&x, "ALTER TABLE deaths ADD COLUMN remark text");
    run(&x, arena_printf(&t.s->arena, "UPDATE deaths SET remark = '%s'", t.mother.text));
    assert_int_equal(exchange(&t, &x, UINT64_MAX, &totals), -ERR_HELD);
    assert_non_null(strstr(t.s->e.detail, "remark"));
    run(&x, "ALTER TABLE deaths DROP COLUMN remark");
    run(&x, "ALTER TABLE deaths RENAME COLUMN id_no TO number");
    assert_int_equal(exchange(&t, &x, UINT64_MAX, &totals), -ERR_HELD);
    run(&x, "ALTER TABLE deaths RENAME COLUMN number TO id_no");
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 0);
    /* Rows without a cursor are told of, and hold nobody up. */
    add(&t, &x, 10, 1, "NULL");
    assert_int_equal(exchange(&t, &x, UINT64_MAX, &totals), -ERR_VALUE);
    assert_int_equal(totals.rows, 3);
    run(&x, "DELETE FROM deaths WHERE changed IS NULL");
    run(&x, "ALTER TABLE deaths RENAME COLUMN changed TO moment");
    assert_int_equal(exchange(&t, &x, UINT64_MAX, &totals), -ERR_COLUMN_MISSING);
    run(&x, "DROP TABLE deaths");
    assert_int_equal(exchange(&t, &x, UINT64_MAX, &totals), -ERR_NOT_FOUND);
    assert_int_equal(delivery_exchange(&t.in, x.database.url, t.divorces, 1, &totals, &t.s->e),
                     -ERR_MAPPING);
    side_end(&x);
}

/* ---- the table alone ------------------------------------------------------------------------------- */

static void ties(void **state)
{
    struct delivered t;
    struct side x;
    struct exchange *e;
    struct exchange_rows rows;
    const char *const cursor[] = {"at"};
    struct slice after = SLICE_NONE;
    size_t seen = 0;

    delivered_begin(&t, state);
    if (!side_begin(&x))
        skip();
    run(&x, "CREATE TABLE \"Odd \"\"table\" (at int, v text)");
    run(&x, "INSERT INTO \"Odd \"\"table\" SELECT g / 7, repeat('x', 100000) FROM "
            "generate_series(0, 99) g");
    OK(t.s, exchange_open(x.database.url, &e, &t.s->e));
    do { /* rows that share a cursor are never cut apart */
        OK(t.s, exchange_read(e, "Odd \"table", cursor, 1, after.p ? &after : NULL, 5, &t.s->arena,
                              &rows, &t.s->e));
        seen += rows.count;
        if (rows.count > 0) {
            assert_true(rows.count % 7 == 0 || seen == 100);
            assert_int_equal(rows.cells[1].n, 65537); /* no cell is longer */
            after = rows.cursors[rows.count - 1];
        }
    } while (rows.count > 0);
    assert_int_equal(seen, 100);
    exchange_close(e);
    side_end(&x);
}

static void unreachable(void **state)
{
    struct scene *s = scene_of(state);
    struct exchange *x;
    const char *const urls[] = {"postgresql://secret:word@127.0.0.1:1/nothing",
                                "postgresql:///nothing?host=/no/such&user=secret"};

    for (int i = 0; i < 2; i++) {
        error_clear(&s->e);
        assert_int_equal(exchange_open(urls[i], &x, &s->e), -ERR_DATABASE);
        assert_null(strstr(s->e.detail, "secret"));
        assert_null(strstr(s->e.detail, "127.0.0.1"));
        assert_null(strstr(s->e.hint, "secret"));
    }
    assert_int_equal(exchange_open("sqlite:x", &x, &s->e), -ERR_DATABASE_URL);
    assert_int_equal(exchange_open("host=x password=secret", &x, &s->e), -ERR_DATABASE_URL);
    assert_null(strstr(s->e.detail, "secret"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {EACH(by_cursor), EACH(held), EACH(ties), EACH(unreachable)};

    return cmocka_run_group_tests_name("a table on the exchange side", tests, NULL, NULL);
}
