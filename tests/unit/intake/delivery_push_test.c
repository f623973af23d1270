/* Rows of a feed as names and texts, pushed by a department's system. */
#include "delivered.h"

#define COUNT(t, sql) scene_count((t)->s, sql)

static struct push push_of(struct delivered *t)
{
    return (struct push){.d = t->s->d,
                         .edition = &t->edition,
                         .tables = t->tables,
                         .now = CAST_NOW,
                         .arena = &t->s->arena};
}

static int push(struct delivered *t, struct push *p, const struct feed *feed,
                struct delivery_row *rows, size_t count)
{
    struct scene *s = t->s;
    int rc;

    error_clear(&s->e);
    CAST_WRITE(s, rc, delivery_push(p, feed, rows, count, &s->e));
    return rc;
}

static const struct slice names[] = {
    {"状态", 6}, {"died_on", 7}, {"身份证号", 12}, {"注销编号", 12}, {"备注", 6}};

static struct delivery_row row(struct delivered *t, const char *key, const char *id,
                               const char *died, const char *remark)
{
    struct slice *values = ARENA_ARRAY(&t->s->arena, 5, struct slice);

    values[0] = SLICE_NONE; /* null */
    values[1] = slice_from(died);
    values[2] = slice_from(id);
    values[3] = slice_from(key);
    values[4] = slice_from(remark);
    return (struct delivery_row){
        .names = names, .values = values, .count = 5, .reason = {.language = LANGUAGE_EN}};
}

static void outcomes(void **state)
{
    struct delivered t;

    delivered_begin(&t, state);
    struct push p = push_of(&t);
    struct delivery_row rows[] = {row(&t, "d1", t.father.text, "2024-01-02", NULL),
                                  row(&t, "d1", t.father.text, "2024/1/2", NULL),
                                  row(&t, "d2", t.stranger.text, "2024-01-02", NULL),
                                  row(&t, "d3", t.mother.text, "24-01-02", "later"),
                                  row(&t, "d4", t.mother.text, NULL, NULL)};
    OK(t.s, push(&t, &p, t.deaths, rows, 5));
    assert_int_equal(rows[0].outcome, PUSH_ACCEPTED);
    assert_int_equal(rows[1].outcome, PUSH_DUPLICATE);
    assert_int_equal(rows[2].outcome, PUSH_UNLINKED);
    assert_int_equal(rows[3].outcome, PUSH_QUARANTINED);
    assert_true(slice_is(rows[3].column, "死亡日期"));
    assert_int_equal(rows[3].reason.code, ERR_DATE);
    assert_int_equal(rows[4].outcome, PUSH_QUARANTINED);
    assert_int_equal(p.counts[PUSH_QUARANTINED], 2);
    assert_int_equal(p.changed_count, 1);
    struct delivery_story story = delivered_story(&t, p.delivery_id);
    assert_int_equal(story.channel, CHANNEL_PUSH);
    assert_int_equal(story.rows_done, 5);
    assert_int_equal(story.row_count, 5);
    assert_true(slice_is(story.header, "注销编号,身份证号,姓名,死亡日期,状态"));
    /* Of one day and feed one delivery; another feed's is another. */
    int64_t first = p.delivery_id;
    struct delivery_row one = row(&t, "d9", t.stranger.text, "2024-01-02", NULL);
    OK(t.s, push(&t, &p, t.deaths, &one, 1));
    assert_int_equal(p.delivery_id, first);
    assert_int_equal(delivered_story(&t, first).rows_done, 6);
    static const struct slice divorce_names[] = {
        {"登记编号", 12}, {"男方身份证号", 18}, {"女方身份证号", 18}, {"登记日期", 12}};
    struct slice values[] = {SLICE_LITERAL("v1"), slice_from(t.father.text),
                             slice_from(t.stranger.text), SLICE_LITERAL("2024-01-02")};
    struct delivery_row divorce = {.names = divorce_names, .values = values, .count = 4};
    OK(t.s, push(&t, &p, t.divorces, &divorce, 1));
    assert_int_not_equal(p.delivery_id, first);
    assert_int_equal(divorce.outcome, PUSH_UNLINKED); /* the worse of the two records */
    assert_int_equal(p.counts[PUSH_ACCEPTED], 1);
    assert_int_equal(p.counts[PUSH_UNLINKED], 1);
    p.now += CAST_DAY;
    OK(t.s, push(&t, &p, t.divorces, &divorce, 1));
    assert_int_equal(divorce.outcome, PUSH_DUPLICATE);
}

static void refused(void **state)
{
    struct delivered t;

    delivered_begin(&t, state);
    struct push p = push_of(&t);
    int64_t deliveries = COUNT(&t, "SELECT count(*) FROM delivery");
    /* What no mapping knows and is somebody's number stops it all. */
    struct delivery_row rows[] = {row(&t, "d1", t.father.text, "2024-01-02", NULL),
                                  row(&t, "d2", t.mother.text, "2024-01-02", t.stranger.text)};
    assert_int_equal(push(&t, &p, t.deaths, rows, 2), -ERR_HELD);
    assert_null(strstr(t.s->e.detail, t.stranger.text));
    assert_int_equal(push(&t, &p, t.deaths, rows, 0), -ERR_TOO_MANY);
    assert_int_equal(push(&t, &p, t.deaths, rows, PUSH_MAX + 1), -ERR_TOO_MANY);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery"), deliveries);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 0);
    /* More records than a transaction takes. */
    static const struct slice divorce_names[] = {
        {"登记编号", 12}, {"男方身份证号", 18}, {"女方身份证号", 18}, {"登记日期", 12}};
    struct delivery_row many[PUSH_MAX];
    for (int i = 0; i < PUSH_MAX; i++) {
        struct slice *values = ARENA_ARRAY(&t.s->arena, 4, struct slice);
        values[0] = slice_from(arena_printf(&t.s->arena, "v%d", i));
        values[1] = slice_from(t.father.text);
        values[2] = slice_from(t.stranger.text);
        values[3] = SLICE_LITERAL("2024-01-02");
        many[i] = (struct delivery_row){.names = divorce_names, .values = values, .count = 4};
    }
    assert_int_equal(push(&t, &p, t.divorces, many, PUSH_MAX), -ERR_TOO_MANY);
    OK(t.s, push(&t, &p, t.divorces, many, PUSH_MAX / 2));
    /* Rows that somebody else keeps are told and not kept. */
    int64_t kept = COUNT(&t, "SELECT count(*) FROM quarantine");
    struct delivery_row bad = row(&t, "d1", t.father.text, "soon", NULL);
    p.unkept = true;
    p.channel = CHANNEL_DESK;
    OK(t.s, push(&t, &p, t.deaths, &bad, 1));
    assert_int_equal(bad.outcome, PUSH_QUARANTINED);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM quarantine"), kept);
    struct delivery_story story = delivered_story(&t, p.delivery_id);
    assert_int_equal(story.channel, CHANNEL_DESK);
    assert_int_equal(story.quarantined, 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {EACH(outcomes), EACH(refused)};

    return cmocka_run_group_tests_name("pushed rows of a feed", tests, NULL, NULL);
}
