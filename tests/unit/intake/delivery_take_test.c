/* A file handed in by pieces: whole or not, taken in, held, decided, rejected; its double; its story. */
#include "delivered.h"

#include "access/packed.h"
#include "store/sql_salt.h"

#include <unistd.h>

#define COUNT(t, sql) scene_count((t)->s, sql)

static void take(struct delivered *t, int64_t id, struct delivery_totals *ret)
{
    OK(t->s, delivery_take(&t->in, id, ret, &t->s->e));
}

static void by_pieces(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    int64_t next;

    delivered_begin(&t, state);
    int64_t id = delivered_pieces(&t, t.deaths, delivered_deaths(&t, 20), 300);
    struct delivery_story story = delivered_story(&t, id);
    assert_int_equal(story.state, DELIVERY_WAITING);
    assert_true(slice_is(story.file_name, "名单.csv"));
    assert_int_equal(story.row_count, -1);
    OK(t.s, delivery_next(t.s->d, &next, &t.s->e));
    assert_int_equal(next, id);
    /* The same file again while it waits is the same delivery. */
    assert_int_equal(delivered_pieces(&t, t.deaths, delivered_deaths(&t, 20), 1000), id);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery WHERE state = 6"), 1);
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_DONE);
    assert_int_equal(totals.rows, 22);
    assert_int_equal(totals.accepted + totals.unlinked, 22);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery_piece"), 0);
    OK(t.s, delivery_next(t.s->d, &next, &t.s->e));
    assert_int_equal(next, 0);
    take(&t, id, &totals); /* done already */
    assert_int_equal(totals.state, DELIVERY_DONE);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 22);
}

/* Its mapping is changed while it runs: what does not fit any more waits for a person, and nobody behind it does. */
static void remapped_while_it_runs(void **state)
{
    static const char text[] = "feed: test-deaths\n"
                               "title: {zh: 死亡, en: Deaths}\n"
                               "department: public_security\n"
                               "columns:\n"
                               "  key: {named: [又一编号]}\n"
                               "  id_no: {named: [身份证号], form: id_number}\n"
                               "  died: {named: [死亡日期], form: date}\n"
                               "records:\n"
                               "  - kind: dead\n"
                               "    record_key: \"{key}\"\n"
                               "    id_no: \"{id_no}\"\n"
                               "    from: \"{died}\"\n"
                               "    value: natural\n";
    struct delivered t;
    struct delivery_totals totals;
    struct feed *other;
    int64_t next;
    int rc;

    delivered_begin(&t, state);
    int64_t id = delivered_pieces(&t, t.deaths, delivered_deaths(&t, 300), 1 << 20);
    t.stop_after = 3;
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_RUNNING);
    int64_t records = COUNT(&t, "SELECT count(*) FROM record");
    t.stop_after = 0;
    OK(t.s, feed_parse(&(struct source){"x.yaml", slice_from(text)}, &t.s->arena, &other, &t.s->e));
    struct feed *before = t.library.feeds[0];
    t.library.feeds[0] = other;
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_HELD);
    assert_int_equal(totals.held, HOLD_COLUMNS_MISSING);
    assert_true(slice_is(delivered_story(&t, id).reason, "又一编号"));
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM quarantine"), 0);
    OK(t.s, delivery_next(t.s->d, &next, &t.s->e));
    assert_int_equal(next, 0);
    /* Mended, it carries on where it stood. */
    t.library.feeds[0] = before;
    CAST_WRITE(t.s, rc, delivery_remapped(t.s->d, id, before, 0, CAST_NOW, &t.s->e));
    OK(t.s, rc);
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_DONE);
    assert_int_equal(totals.accepted + totals.unlinked, 302);
    assert_int_equal(totals.duplicate, 0);
    assert_true(records < 302);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 302);
}

static void carried_on(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    int64_t next;

    delivered_begin(&t, state);
    int64_t id = delivered_pieces(&t, t.deaths, delivered_deaths(&t, 300), 1 << 20);
    t.stop_after = 3;
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_RUNNING);
    OK(t.s, delivery_next(t.s->d, &next, &t.s->e));
    assert_int_equal(next, id);
    t.stop_after = 0;
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_DONE);
    assert_true(totals.resumed);
    assert_int_equal(totals.accepted + totals.unlinked, 302);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 302);
}

static void not_whole(void **state)
{
    struct delivered t;
    struct scene *s;
    int64_t id, same;
    int rc;

    delivered_begin(&t, state);
    s = t.s;
    CAST_WRITE(s, rc,
               delivery_begin(s->d, t.deaths, SLICE_NONE, SLICE_LITERAL("a"), CHANNEL_PAGE, 10, 0,
                              0, CAST_NOW, &id, &s->e));
    OK(s, rc);
    CAST_WRITE(s, rc, delivery_close(s->d, id, SLICE_NONE, CAST_NOW, &same, &s->e));
    assert_int_equal(rc, -ERR_SHEET_CUT);
    CAST_WRITE(s, rc, delivery_piece(s->d, id, 0, SLICE_LITERAL("12345"), &s->e));
    OK(s, rc);
    CAST_WRITE(s, rc, delivery_piece(s->d, id, 2, SLICE_LITERAL("67890"), &s->e));
    OK(s, rc);
    CAST_WRITE(s, rc, delivery_close(s->d, id, SLICE_NONE, CAST_NOW, &same, &s->e));
    assert_int_equal(rc, -ERR_SHEET_CUT); /* a piece is missing in between */
    CAST_WRITE(s, rc, delivery_piece(s->d, id, DELIVERY_PIECES_MAX, SLICE_LITERAL("67890"), &s->e));
    assert_int_equal(rc, -ERR_TOO_LARGE);
    CAST_WRITE(s, rc, delivery_piece(s->d, id + 1, 0, SLICE_LITERAL("67890"), &s->e));
    assert_int_equal(rc, -ERR_NOT_FOUND);
    CAST_WRITE(s, rc,
               delivery_begin(s->d, t.deaths, SLICE_NONE, SLICE_LITERAL("a"), CHANNEL_PAGE,
                              INT64_C(1) << 40, 0, 0, CAST_NOW, &id, &s->e));
    assert_int_equal(rc, -ERR_TOO_LARGE);
    CAST_WRITE(s, rc,
               delivery_begin(s->d, t.deaths, SLICE_NONE, SLICE_LITERAL("a"), CHANNEL_PAGE, 3, 0, 0,
                              CAST_NOW, &id, &s->e));
    OK(s, rc);
    CAST_WRITE(s, rc, delivery_piece(s->d, id, 0, SLICE_LITERAL("xyz"), &s->e));
    CAST_WRITE(
        s, rc,
        delivery_piece(s->d, id, 0, SLICE_LITERAL("abc"), &s->e)); /* again: the later one counts */
    OK(s, rc);
    CAST_WRITE(s, rc, delivery_close(s->d, id, SLICE_LITERAL("00"), CAST_NOW, &same, &s->e));
    assert_int_equal(rc, -ERR_SHEET_CUT);
    CAST_WRITE(
        s, rc,
        delivery_close(
            s->d, id,
            SLICE_LITERAL("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"),
            CAST_NOW, &same, &s->e));
    OK(s, rc);
    CAST_WRITE(s, rc, delivery_piece(s->d, id, 0, SLICE_LITERAL("abc"), &s->e));
    assert_int_equal(rc, -ERR_WRONG_STATE);
}

static void held_and_decided(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    struct scene *s;
    int rc;

    delivered_begin(&t, state);
    s = t.s;
    const char *text = arena_printf(&s->arena,
                                    "注销编号,身份证号,死亡日期,联系人\nx1,%s,2024-01-02,%s\n",
                                    t.stranger.text, t.mother.text);
    int64_t id = delivered_pieces(&t, t.deaths, text, 4096);
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_HELD);
    assert_int_equal(totals.held, HOLD_SENSITIVE_COLUMN);
    struct delivery_story story = delivered_story(&t, id);
    assert_true(slice_is(story.reason, "联系人"));
    assert_true(slice_is(story.header, "注销编号,身份证号,死亡日期,联系人"));
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 0);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM outbox WHERE kind = 14"), 1);
    assert_int_equal(delivered_pieces(&t, t.deaths, text, 4096), id);
    /* From the command line it is the same one, and held. */
    assert_int_equal(delivered_file(&t, text, 0, &totals), -ERR_HELD);
    CAST_WRITE(s, rc,
               delivery_decide(s->d, id, HOLD_SHRUNK, false, SLICE_NONE, 1, CAST_NOW, &s->e));
    assert_int_equal(rc, -ERR_WRONG_STATE);
    CAST_WRITE(
        s, rc,
        delivery_decide(s->d, id, HOLD_SENSITIVE_COLUMN, false, SLICE_NONE, 1, CAST_NOW, &s->e));
    OK(s, rc);
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_DONE);
    assert_int_equal(totals.unlinked, 1);
    CAST_WRITE(s, rc,
               delivery_decide(s->d, id, 0, true, SLICE_LITERAL("late"), 1, CAST_NOW, &s->e));
    assert_int_equal(rc, -ERR_WRONG_STATE);
}

static void rejected(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    struct scene *s;
    int rc;

    delivered_begin(&t, state);
    s = t.s;
    int64_t id = delivered_pieces(&t, t.deaths, "a,b,c\n1,2,3\n", 4096);
    take(&t, id, &totals);
    assert_int_equal(totals.held, HOLD_COLUMNS_MISSING);
    CAST_WRITE(
        s, rc,
        delivery_decide(s->d, id, HOLD_COLUMNS_MISSING, false, SLICE_NONE, 1, CAST_NOW, &s->e));
    assert_int_equal(rc, -ERR_WRONG_STATE);
    CAST_WRITE(
        s, rc,
        delivery_decide(s->d, id, 0, true, SLICE_LITERAL("the wrong list"), 1, CAST_NOW, &s->e));
    OK(s, rc);
    struct delivery_story story = delivered_story(&t, id);
    assert_int_equal(story.state, DELIVERY_REJECTED);
    assert_true(slice_is(story.reason, "the wrong list"));
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery_piece"), 0);
    /* What cannot be read at all is rejected by the reading. */
    id = delivered_pieces(&t, t.deaths, "\n\n\n", 4096);
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_REJECTED);
    assert_true(delivered_story(&t, id).reason.n > 0);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM outbox WHERE kind = 15"), 2);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery_piece"), 0);
}

static void unmapped(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    struct sheet_row *rows;
    struct sheet_nature nature;
    struct scene *s;
    size_t count;
    int rc;

    delivered_begin(&t, state);
    s = t.s;
    int64_t id = delivered_pieces(&t, NULL, delivered_deaths(&t, 5), 4096);
    assert_int_equal(delivered_story(&t, id).state, DELIVERY_UNMAPPED);
    OK(s, delivery_sample(s->d, NULL, id, 3, &s->arena, &rows, &count, &nature, &s->e));
    assert_int_equal(count, 3);
    assert_true(slice_is(rows[0].cells[1].text, "身份证号"));
    assert_string_equal(nature.format, "csv");
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_UNMAPPED);
    CAST_WRITE(s, rc, delivery_remapped(s->d, id, t.deaths, 1, CAST_NOW, &s->e));
    OK(s, rc);
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_DONE);
    assert_int_equal(totals.accepted, 2);
    assert_true(slice_is(delivered_story(&t, id).department, "public_security"));
}

static void listed(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    struct delivery_story *list;
    size_t count;

    delivered_begin(&t, state);
    OK(t.s, delivered_file(&t, delivered_deaths(&t, 1), 0, &totals));
    int64_t id = delivered_pieces(&t, t.divorces, DIVORCES_HEADER, 4096);
    struct delivery_filter any = {0}, deaths = {.feed = SLICE_LITERAL("test-deaths")},
                           waiting = {.state = DELIVERY_WAITING},
                           justice = {.department = SLICE_LITERAL("justice")};
    OK(t.s, delivery_list(t.s->d, &any, 0, 10, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 2); /* the register's loads are none */
    assert_int_equal(list[0].id, id);
    OK(t.s, delivery_list(t.s->d, &any, id, 10, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 1);
    OK(t.s, delivery_list(t.s->d, &deaths, 0, 10, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 1);
    OK(t.s, delivery_list(t.s->d, &waiting, 0, 10, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 1);
    OK(t.s, delivery_list(t.s->d, &justice, 0, 10, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 0);
    /* A delivery of no rows is done with none. */
    take(&t, id, &totals);
    assert_int_equal(totals.state, DELIVERY_DONE);
    assert_int_equal(totals.rows, 0);
}

int main(int argc, char **argv)
{
    DELIVERED_READER(argc, argv);
    const struct CMUnitTest tests[] = {EACH(by_pieces),
                                       EACH(carried_on),
                                       EACH(remapped_while_it_runs),
                                       EACH(not_whole),
                                       EACH(held_and_decided),
                                       EACH(rejected),
                                       EACH(unmapped),
                                       EACH(listed)};

    return cmocka_run_group_tests_name("files by pieces", tests, NULL, NULL);
}
