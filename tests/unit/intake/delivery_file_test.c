/* A department's own file becomes records: whole rows, holds, a carried-on reading, two readers of one file. */
#include "delivered.h"

#include <sys/wait.h>
#include <unistd.h>

#define COUNT(t, sql) scene_count((t)->s, sql)

static void taken_in(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    char *text;

    delivered_begin(&t, state);
    text = arena_printf(&t.s->arena, "死亡名单,,,,\n%sd1,,,,\n合计,,,,\n", delivered_deaths(&t, 3));
    OK(t.s, delivered_file(&t, text, 0, &totals));
    assert_int_equal(totals.state, DELIVERY_DONE);
    assert_int_equal(totals.rows, 6);
    assert_int_equal(totals.accepted, 2);
    assert_int_equal(totals.unlinked, 3);
    assert_int_equal(totals.quarantined, 1);
    assert_int_equal(t.refused, 1);
    assert_true(t.divisions > 0);
    struct delivery_story story = delivered_story(&t, totals.id);
    assert_int_equal(story.state, DELIVERY_DONE);
    assert_int_equal(story.row_count, 6);
    assert_int_equal(story.rows_done, 6);
    assert_int_equal(story.waiting, 1);
    assert_int_equal(story.alerts, 1);
    assert_true(slice_is(story.feed, "test-deaths"));
    assert_true(slice_is(story.department, "public_security"));
    assert_true(slice_is(story.header, "注销编号,身份证号,姓名,死亡日期,状态"));
    /* Which delivery set an alert in motion is kept with each cause. */
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM alert_cause WHERE delivery_id IS NULL"), 0);
    assert_true(COUNT(&t, "SELECT count(*) FROM alert_cause") > 0);
    /* Handed in once more after it is done: a new delivery, and nothing but duplicates. */
    int64_t first = totals.id, records = COUNT(&t, "SELECT count(*) FROM record");
    OK(t.s, delivered_file(&t, text, 0, &totals));
    assert_true(totals.id != first);
    assert_int_equal(totals.duplicate, 5);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), records);
}

/* One record of a row is refused: so is the row, once, and none of its records is kept. */
static void whole_rows(void **state)
{
    struct delivered t;
    struct delivery_totals totals;

    delivered_begin(&t, state);
    char *wrong = arena_string(&t.s->arena, slice_from(t.mother.text));
    wrong[17] = wrong[17] == '1' ? '2' : '1'; /* the check digit */
    const char *path = scene_file(
        t.s, arena_printf(&t.s->arena, DIVORCES_HEADER "v1,%s,%s,2024-01-02\nv2,%s,%s,2024-01-02\n",
                          t.father.text, t.mother.text, t.stranger.text, wrong));
    OK(t.s, delivered_path(&t, path, t.divorces, 0, &totals));
    assert_int_equal(totals.rows, 2);
    assert_int_equal(totals.accepted, 2);
    assert_int_equal(totals.quarantined, 1);
    assert_string_equal(t.column, "女方身份证号");
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 2);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM quarantine WHERE column_name = 'wife'"), 1);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM quarantine WHERE value_hash IS NULL"), 0);
}

/* A withdrawal of what was never seen is refused when it is stored, not before. */
static void withdrawn(void **state)
{
    struct delivered t;
    struct delivery_totals totals;

    delivered_begin(&t, state);
    OK(t.s,
       delivered_file(
           &t, arena_printf(&t.s->arena, DEATHS_HEADER "d9,%s,甲,2024-01-02,撤销\n", t.father.text),
           0, &totals));
    assert_int_equal(totals.quarantined, 1);
    assert_int_equal(
        COUNT(&t, "SELECT count(*) FROM quarantine WHERE error = 3105 AND column_name IS NULL"), 1);
    OK(t.s, delivered_file(&t, delivered_deaths(&t, 0), 0, &totals));
    assert_int_equal(totals.accepted, 2);
    OK(t.s,
       delivered_file(
           &t, arena_printf(&t.s->arena, DEATHS_HEADER "d1,%s,甲,2024-01-02,撤销\n", t.father.text),
           0, &totals));
    assert_int_equal(totals.accepted, 1);
}

static void held(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    struct scene *s;

    delivered_begin(&t, state);
    s = t.s;
    OK(s, delivered_file(&t, delivered_deaths(&t, 38), 0, &totals));
    int64_t deliveries = COUNT(&t, "SELECT count(*) FROM delivery");
    int64_t trail = COUNT(&t, "SELECT count(*) FROM audit");
    /* A tenth of the rows. */
    const char *small = arena_printf(&s->arena, "%s", delivered_deaths(&t, 2));
    assert_int_equal(delivered_file(&t, small, 0, &totals), -ERR_HELD);
    assert_int_equal(delivered_file(&t, small, HOLD_SENSITIVE_COLUMN, &totals), -ERR_HELD);
    /* A column has another name. */
    const char *renamed = arena_printf(
        &s->arena, "注销编号,证件,姓名,死亡日期\nx1,%s,甲,2024-01-02\n", t.father.text);
    assert_int_equal(delivered_file(&t, renamed, HOLD_SHRUNK, &totals), -ERR_HELD);
    assert_non_null(strstr(s->e.detail, "身份证号"));
    assert_int_equal(delivered_file(&t, renamed, HOLD_SHRUNK | HOLD_COLUMNS_MISSING, &totals),
                     -ERR_HELD);
    /* All of them have. */
    assert_int_equal(delivered_file(&t, "a,b,c\n1,2,3\n", HOLD_SHRUNK, &totals), -ERR_HELD);
    /* A column that nobody knows, with numbers of people in it; with a name or without. */
    const char *strange = arena_printf(
        &s->arena, "注销编号,身份证号,死亡日期,监护人证件\nx1,%s,2024-01-02,%s\n", t.stranger.text,
        t.mother.text);
    assert_int_equal(delivered_file(&t, strange, HOLD_SHRUNK, &totals), -ERR_HELD);
    assert_non_null(strstr(s->e.detail, "监护人证件"));
    assert_null(strstr(s->e.detail, t.mother.text));
    const char *nameless = arena_printf(&s->arena,
                                        "注销编号,身份证号,死亡日期,\nx1,%s,2024-01-02,%s\n",
                                        t.stranger.text, t.mother.text);
    assert_int_equal(delivered_file(&t, nameless, HOLD_SHRUNK, &totals), -ERR_HELD);
    assert_non_null(strstr(s->e.detail, "D"));
    /* Nothing has changed by any of them. */
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery"), deliveries);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM audit"), trail);
    OK(s, delivered_file(&t, strange, HOLD_SHRUNK | HOLD_SENSITIVE_COLUMN, &totals));
    assert_int_equal(totals.unlinked, 1);
    assert_int_equal(delivered_story(&t, totals.id).allowed, HOLD_SHRUNK | HOLD_SENSITIVE_COLUMN);
}

/* The name of a column is the file's own word: it is told without what does something to a screen, and without anybody. */
static void names_of_columns(void **state)
{
    struct delivered t;
    struct delivery_totals totals;

    delivered_begin(&t, state);
    const char *number = t.stranger.text;
    assert_int_equal(
        delivered_file(&t,
                       arena_printf(&t.s->arena,
                                    "注销编号,身份证号,死亡日期,\x1b[31m电\xE2\x80\xAE话%s\n"
                                    "d1,%s,2024-01-02,%s\n",
                                    number, t.father.text, number),
                       0, &totals),
        -ERR_HELD);
    assert_non_null(strstr(t.s->e.detail, "[31m电话"));
    assert_null(strstr(t.s->e.detail, number));
    assert_null(strchr(t.s->e.detail, '\x1b'));
}

static void unreadable(void **state)
{
    struct delivered t;
    struct delivery_totals totals;

    delivered_begin(&t, state);
    int64_t deliveries = COUNT(&t, "SELECT count(*) FROM delivery");
    assert_int_equal(delivered_file(&t, "", 0, &totals), -ERR_FILE_EMPTY);
    /* Not one row can be read: why, and not that there are none. */
    assert_int_equal(delivered_file(&t, "a\rb\n", 0, &totals), -ERR_SHEET);
    assert_non_null(strstr(t.s->e.detail, "carriage return"));
    assert_true(delivered_path(&t, "/no/such", t.deaths, 0, &totals) < 0);
    assert_true(delivered_path(&t, "/", t.deaths, 0, &totals) < 0);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery"), deliveries);
}

/* Rows in another encoding than the file's cost these rows. */
static void mixed_encodings(void **state)
{
    struct delivered t;
    struct delivery_totals totals;

    delivered_begin(&t, state);
    OK(t.s,
       delivered_file(&t,
                      arena_printf(&t.s->arena,
                                   "%ss1,%s,\xb1\xfb\xb1\xfb,2024-01-04,\ns2,%s,丙,2024-01-04,\n",
                                   delivered_deaths(&t, 0), t.stranger.text, t.stranger.text),
                      0, &totals));
    assert_int_equal(totals.rows, 4);
    assert_int_equal(totals.accepted + totals.unlinked, 3);
    assert_int_equal(totals.quarantined, 1);
}

static void carried_on(void **state)
{
    struct delivered t;
    struct delivery_totals totals;
    const char *path;
    int turns = 0;

    delivered_begin(&t, state);
    path = scene_file(t.s, delivered_deaths(&t, 700));
    do {
        t.stop_after = 3;
        OK(t.s, delivered_path(&t, path, t.deaths, 0, &totals));
        turns++;
    } while (totals.state == DELIVERY_RUNNING && turns < 100);
    assert_true(turns > 2);
    assert_true(totals.resumed);
    assert_int_equal(totals.rows, 702);
    assert_int_equal(totals.accepted, 2);
    assert_int_equal(totals.unlinked, 700);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 702);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery WHERE feed = 'test-deaths'"), 1);
}

/* ---- two processes, one file -------------------------------------------------------------------------- */

static pid_t reader(const struct delivered *t, const char *path, const int start[2])
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    struct intake in = {.edition = &t->edition, .tables = t->tables, .feeds = &t->library};
    const struct delivery_file f = {.path = path, .feed = t->deaths, .channel = CHANNEL_COMMAND};
    struct error e = {.language = LANGUAGE_EN};
    struct delivery_totals totals;
    char byte;
    int rc = deployment_open(t->s->database.url, STORE_WRITE, &in.d, &e);

    if (close(start[1]) != 0 || read(start[0], &byte, 1) != 0)
        _exit(1);
    if (rc == 0)
        rc = delivery_file(&in, &f, &totals, &e);
    if (rc < 0)
        fprintf(stderr, "reader: %s %s\n", error_primary(&e), e.detail);
    _exit(rc < 0 || totals.rows != 802 ||
          totals.unlinked + totals.duplicate + totals.accepted != 802);
}

static void two_at_once(void **state)
{
    struct delivered t;
    int start[2], status;

    delivered_begin(&t, state);
    const char *path = scene_file(t.s, delivered_deaths(&t, 800));
    assert_int_equal(pipe(start), 0);
    scene_close(t.s);
    pid_t first = reader(&t, path, start), second = reader(&t, path, start);
    assert_true(first > 0 && second > 0);
    close(start[0]);
    close(start[1]);
    assert_int_equal(waitpid(first, &status, 0), first);
    assert_int_equal(status, 0);
    assert_int_equal(waitpid(second, &status, 0), second);
    assert_int_equal(status, 0);
    scene_open(t.s);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 802);
    assert_int_equal(
        COUNT(&t, "SELECT sum(accepted + unlinked) FROM delivery WHERE feed = 'test-deaths'"), 802);
    printf("# in %lld deliveries\n",
           (long long)COUNT(&t, "SELECT count(*) FROM delivery WHERE feed = 'test-deaths'"));
}

int main(int argc, char **argv)
{
    DELIVERED_READER(argc, argv);
    const struct CMUnitTest tests[] = {
        EACH(taken_in),   EACH(whole_rows),       EACH(withdrawn),       EACH(held),
        EACH(unreadable), EACH(names_of_columns), EACH(mixed_encodings), EACH(carried_on),
        EACH(two_at_once)};

    return cmocka_run_group_tests_name("files by a mapping", tests, NULL, NULL);
}
