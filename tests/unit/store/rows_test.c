/* Statements and rows: every type goes in and comes out the same, on both engines. */
#include "fixture.h"

static void types_and_nulls(void **state)
{
    struct fixture *f = fixture_of(state);
    static const char blob[] = {0, 1, '\'', 0, (char)0xff, 0};
    struct fixture_thing_get row;
    bool found = true;
    OK(f, fixture_thing_get(f->store, 1, &found, &row, &f->e));
    assert_false(found);
    OK(f, fixture_thing_insert(f->store, 1, opt_int(INT64_MIN), opt_int(INT32_MIN), SLICE_OF(blob),
                               SLICE_LITERAL("\xe8\x8b\x97"), &f->e));
    OK(f, fixture_thing_insert(f->store, INT64_MAX, opt_int(INT64_MAX), opt_int(INT32_MAX),
                               SLICE_LITERAL(""), SLICE_LITERAL(""), &f->e));
    OK(f, fixture_insert(f->store, -7, &f->e));

    OK(f, fixture_thing_get(f->store, 1, &found, &row, &f->e));
    assert_true(found);
    assert_true(row.number.set && row.number.v == INT64_MIN);
    assert_true(row.small.set && row.small.v == INT32_MIN);
    assert_true(slice_equal(row.bytes, SLICE_OF(blob)));
    assert_true(slice_is(row.text, "\xe8\x8b\x97"));
    OK(f, fixture_thing_get(f->store, INT64_MAX, &found, &row, &f->e));
    assert_true(row.number.v == INT64_MAX && row.small.v == INT32_MAX);
    assert_true(row.bytes.p && row.bytes.n == 0 && row.text.p && row.text.n == 0);
    OK(f, fixture_thing_get(f->store, -7, &found, &row, &f->e));
    assert_true(!row.number.set && !row.small.set && !row.bytes.p && !row.text.p);
}

static void large_blob(void **state)
{
    struct fixture *f = fixture_of(state);
    size_t n = 3000000;
    char *big = malloc(n);
    for (size_t i = 0; i < n; i++)
        big[i] = (char)(i * 31);
    OK(f, fixture_thing_insert(f->store, 1, OPT_INT_NONE, OPT_INT_NONE, (struct slice){big, n},
                               SLICE_NONE, &f->e));
    struct fixture_thing_get row;
    bool found;
    OK(f, fixture_thing_get(f->store, 1, &found, &row, &f->e));
    assert_true(slice_equal(row.bytes, (struct slice){big, n}));
    free(big);
}

static void null_where_none_may_be(void **state)
{
    struct fixture *f = fixture_of(state);
    struct fixture_thing_number row;
    bool found;
    OK(f, fixture_insert(f->store, 1, &f->e));
    FAILS(f, ERR_DATABASE_DAMAGED, fixture_thing_number(f->store, 1, &found, &row, &f->e));
}

static void more_rows_than_one(void **state)
{
    struct fixture *f = fixture_of(state);
    struct fixture_thing_every row;
    bool found;
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, fixture_thing_every(f->store, &found, &row, &f->e));
    assert_true(found && row.id == 1);
    OK(f, fixture_insert(f->store, 2, &f->e));
    FAILS(f, ERR_INTERNAL, fixture_thing_every(f->store, &found, &row, &f->e));
}

static void returning(void **state)
{
    struct fixture *f = fixture_of(state);
    struct fixture_thing_upsert row;
    bool found;
    OK(f, fixture_thing_upsert(f->store, 1, 10, &found, &row, &f->e));
    assert_true(found && row.number.v == 10);
    OK(f, fixture_thing_upsert(f->store, 1, 12, &found, &row, &f->e));
    assert_true(found && row.number.v == 12);
    OK(f, fixture_thing_upsert(f->store, 1, 11, &found, &row, &f->e));
    assert_false(found);
    assert_int_equal(fixture_count(f, f->store), 1);
}

/* Text is ordered by code point on both engines: Z before a. */
static void arrays_and_order(void **state)
{
    struct fixture *f = fixture_of(state);
    static const char *const texts[] = {"b", "Z", "a", "\xe8\x8b\x97"};
    for (int i = 0; i < 4; i++)
        OK(f, fixture_thing_insert(f->store, i, OPT_INT_NONE, OPT_INT_NONE, SLICE_NONE,
                                   slice_from(texts[i]), &f->e));
    struct slice wanted[] = {SLICE_LITERAL("a"), SLICE_LITERAL("b"), SLICE_LITERAL("Z")};
    struct store_rows rows;
    struct fixture_thing_by_text row;
    char seen[8] = "";
    OK(f, fixture_thing_by_text(f->store, wanted, 3, 0, &rows, &f->e));
    while (OK(f, fixture_thing_by_text_next(&rows, &row, &f->e)) == 1)
        strncat(seen, row.text.p, row.text.n);
    assert_string_equal(seen, "Zab");
    assert_null(rows.store);

    OK(f, fixture_thing_by_text(f->store, wanted, 3, 2, &rows, &f->e));
    assert_int_equal(OK(f, fixture_thing_by_text_next(&rows, &row, &f->e)), 1);
    assert_int_equal(row.id, 2);
    assert_int_equal(OK(f, fixture_thing_by_text_next(&rows, &row, &f->e)), 0);
    assert_int_equal(OK(f, fixture_thing_by_text_next(&rows, &row, &f->e)), 0);

    OK(f, fixture_thing_by_text(f->store, NULL, 0, 0, &rows, &f->e));
    assert_int_equal(OK(f, fixture_thing_by_text_next(&rows, &row, &f->e)), 0);
    int64_t ids[] = {3, 0, 99, 1};
    struct fixture_thing_by_id found;
    OK(f, fixture_thing_by_id(f->store, ids, 4, &rows, &f->e));
    int count = 0;
    while (OK(f, fixture_thing_by_id_next(&rows, &found, &f->e)) == 1)
        count++;
    assert_int_equal(count, 3);
}

static void fill(struct fixture *f, int count)
{
    char text[24];
    OK(f, store_begin(f->store, &f->e));
    for (int i = 0; i < count; i++) {
        snprintf(text, sizeof text, "thing %d", i);
        OK(f, fixture_thing_insert(f->store, i, opt_int(i), OPT_INT_NONE, slice_from(text),
                                   i % 3 ? slice_from(text) : SLICE_NONE, &f->e));
    }
    OK(f, store_commit(f->store, &f->e));
}

/* The rows of a `:many` stay what they were, whatever happens meanwhile; also one inside
 * another. */
static void many_while_others_run(void **state)
{
    struct fixture *f = fixture_of(state);
    struct store_rows rows, inner;
    struct fixture_thing_all row;
    char text[24];
    int seen = 0;
    fill(f, 200);
    OK(f, store_begin(f->store, &f->e));
    OK(f, fixture_thing_all(f->store, &rows, &f->e));
    while (OK(f, fixture_thing_all_next(&rows, &row, &f->e)) == 1) {
        snprintf(text, sizeof text, "thing %d", seen);
        assert_int_equal(row.id, seen);
        OK(f, fixture_thing_delete(f->store, 199 - seen, &f->e));
        if (seen == 50) {
            struct fixture_thing_all other;
            OK(f, fixture_thing_all(f->store, &inner, &f->e));
            assert_int_equal(OK(f, fixture_thing_all_next(&inner, &other, &f->e)), 1);
            store_rows_close(&inner);
        }
        if (seen == 100)
            store_rollback(f->store);
        assert_true(slice_is(row.bytes, text));
        assert_true(seen % 3 ? slice_is(row.text, text) : !row.text.p);
        seen++;
    }
    assert_int_equal(seen, 200);
}

static int scan(struct fixture *f, int64_t least, int stop_after)
{
    struct store_rows rows;
    struct fixture_thing_scan row;
    int seen = 0;
    OK(f, fixture_thing_scan(f->store, least, &rows, &f->e));
    while (seen < stop_after && OK(f, fixture_thing_scan_next(&rows, &row, &f->e)) == 1) {
        assert_int_equal(row.id, least + seen);
        assert_true(row.bytes.n >= 7);
        seen++;
    }
    store_rows_close(&rows);
    store_rows_close(&rows);
    return seen;
}

static void streams(void **state)
{
    struct fixture *f = fixture_of(state);
    fill(f, 8000); /* a whole number of the pieces in which PostgreSQL is asked */
    assert_int_equal(scan(f, 0, INT32_MAX), 8000);
    assert_int_equal(scan(f, 7990, INT32_MAX), 10);
    assert_int_equal(scan(f, 9000, INT32_MAX), 0);
    assert_int_equal(scan(f, 0, 4500), 4500);
    assert_false(store_in_transaction(f->store));
    OK(f, store_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 8000, &f->e)); /* seen by the stream behind it */
    OK(f, fixture_thing_delete(f->store, 8000, &f->e));
    assert_int_equal(scan(f, 100, 10), 10);
    assert_int_equal(scan(f, 0, INT32_MAX), 8000);
    OK(f, store_commit(f->store, &f->e));
}

static void every_statement(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, store_statements_check(f->store, fixture_statements, &f->e));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(types_and_nulls),       EACH(large_blob), EACH(null_where_none_may_be),
        EACH(more_rows_than_one),    EACH(returning),  EACH(arrays_and_order),
        EACH(many_while_others_run), EACH(streams),    EACH(every_statement),
    };
    return cmocka_run_group_tests_name("store rows", tests, NULL, NULL);
}
