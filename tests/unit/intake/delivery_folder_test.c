/* A watched folder: what is whole is taken in and moved, with a report; what is not stays; what is no file is let be. */
#include "delivered.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(t, sql) scene_count((t)->s, sql)

static char root[256];

static const char *path_of(const char *name)
{
    static char path[8][512];
    static int turn;

    turn = (turn + 1) % 8;
    snprintf(path[turn], sizeof(path[turn]), "%s/%s", root, name);
    return path[turn];
}

static void begin(struct delivered *t, void **state)
{
    delivered_begin(t, state);
    snprintf(root, sizeof(root), "%s", scene_file(t->s, ""));
    unlink(root);
    assert_int_equal(mkdir(root, 0700), 0);
    assert_int_equal(mkdir(path_of("test-deaths"), 0700), 0);
}

/* `age`: seconds since it was touched. */
static void put(const char *name, const char *text, int age)
{
    FILE *f = fopen(path_of(name), "w");
    struct timespec at[2];

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    clock_gettime(CLOCK_REALTIME, &at[0]);
    at[0].tv_sec -= age;
    at[1] = at[0];
    assert_int_equal(utimensat(AT_FDCWD, path_of(name), at, 0), 0);
}

static bool there(const char *name)
{
    struct stat st;

    return lstat(path_of(name), &st) == 0;
}

static const char *text_of(struct delivered *t, const char *name)
{
    char text[4096];
    FILE *f = fopen(path_of(name), "r");

    if (!f)
        fail_msg("there is no %s", name);
    size_t n = fread(text, 1, sizeof(text) - 1, f);
    fclose(f);
    return arena_string(&t->s->arena, (struct slice){text, n});
}

static uint64_t watch(struct delivered *t)
{
    uint64_t taken;

    error_clear(&t->s->e);
    OK(t->s, delivery_folder(&t->in, root, instant_now(), &taken, &t->s->e));
    return taken;
}

static void moved(void **state)
{
    struct delivered t;

    begin(&t, state);
    put("test-deaths/a.csv",
        arena_printf(&t.s->arena, "%sd7,%s,丁,soon,\n", delivered_deaths(&t, 2), t.stranger.text),
        60);
    put("test-deaths/b.csv.part", delivered_deaths(&t, 1), 60);
    put("test-deaths/.c.csv", delivered_deaths(&t, 1), 60);
    put("test-deaths/young.csv", delivered_deaths(&t, 1), 0);
    put("test-deaths/empty.csv", "", 60);
    put("test-deaths/renamed.csv", "编号,证件,姓名,日期\n1,2,3,4\n", 60);
    assert_int_equal(mkdir(path_of("nobody"), 0700), 0);
    put("nobody/x.csv", delivered_deaths(&t, 1), 60);
    assert_int_equal(symlink("/etc/passwd", path_of("test-deaths/link.csv")), 0);
    assert_int_equal(mkfifo(path_of("test-deaths/pipe.csv"), 0600), 0);
    assert_int_equal(watch(&t), 3);
    assert_true(there("test-deaths/done/a.csv"));
    const char *report = text_of(&t, "test-deaths/done/a.csv.txt");
    assert_non_null(strstr(report, "rows 5\naccepted 2\nduplicate 0\nquarantined 1\nunlinked 2\n"));
    assert_non_null(strstr(report, "line 6, 死亡日期"));
    assert_null(strstr(report, t.stranger.text));
    assert_true(there("test-deaths/rejected/empty.csv"));
    assert_non_null(strstr(text_of(&t, "test-deaths/rejected/empty.csv.txt"), "the file is empty"));
    assert_true(there("test-deaths/held/renamed.csv"));
    assert_non_null(strstr(text_of(&t, "test-deaths/held/renamed.csv.txt"), "身份证号"));
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery WHERE state = 4"), 1);
    assert_true(there("test-deaths/young.csv"));
    assert_true(there("test-deaths/b.csv.part"));
    assert_true(there("test-deaths/.c.csv"));
    assert_true(there("test-deaths/link.csv"));
    assert_true(there("test-deaths/pipe.csv"));
    assert_true(there("nobody/x.csv"));
    assert_non_null(strstr(text_of(&t, "nobody.txt"), "nobody"));
    /* The same name again gets a number; a held one that comes again is the held one. */
    put("test-deaths/a.csv", delivered_deaths(&t, 3), 60);
    put("test-deaths/renamed.csv", "编号,证件,姓名,日期\n1,2,3,4\n", 60);
    assert_int_equal(watch(&t), 2);
    assert_true(there("test-deaths/done/a-2.csv"));
    assert_true(there("test-deaths/done/a-2.csv.txt"));
    assert_true(there("test-deaths/held/renamed-2.csv"));
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery WHERE state = 4"), 1);
    /* The held one has all it needs where it is kept. */
    struct delivery_story *list;
    size_t count;
    struct delivery_filter waiting = {.state = DELIVERY_HELD};
    OK(t.s, delivery_list(t.s->d, &waiting, 0, 9, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(list[0].held, HOLD_COLUMNS_MISSING);
    assert_true(slice_is(list[0].file_name, "renamed.csv"));
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery_piece"), 1);
}

static void with_a_digest(void **state)
{
    struct delivered t;

    begin(&t, state);
    put("test-deaths/abc.csv", "abc", 60);
    put("test-deaths/abc.csv.sha256", "00000000", 60);
    assert_int_equal(watch(&t), 0);
    assert_true(there("test-deaths/abc.csv"));
    put("test-deaths/abc.csv.sha256",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc.csv\n", 60);
    assert_int_equal(watch(&t), 1);
    assert_true(there("test-deaths/held/abc.csv"));
    assert_true(there("test-deaths/held/abc.csv.sha256"));
    assert_false(there("test-deaths/abc.csv.sha256"));
}

/* Killed after the last row and before the file was moved: the next run moves it, and takes nothing twice. */
static void moved_late(void **state)
{
    struct delivered t;

    begin(&t, state);
    put("test-deaths/a.csv", delivered_deaths(&t, 200), 60);
    assert_int_equal(mkdir(path_of("test-deaths/done"), 0700), 0);
    assert_int_equal(rmdir(path_of("test-deaths/done")), 0);
    put("test-deaths/done", "in the way", 0); /* a file where the folder should be */
    uint64_t taken;
    assert_true(delivery_folder(&t.in, root, instant_now(), &taken, &t.s->e) < 0);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 202);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery WHERE state = 3"), 1);
    assert_int_equal(unlink(path_of("test-deaths/done")), 0);
    assert_int_equal(watch(&t), 1);
    assert_true(there("test-deaths/done/a.csv"));
    assert_non_null(strstr(text_of(&t, "test-deaths/done/a.csv.txt"), "accepted 2\nduplicate 0"));
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery WHERE feed = 'test-deaths'"), 1);
    assert_int_equal(
        COUNT(&t, "SELECT count(*) FROM delivery WHERE state = 5 AND feed = 'test-deaths'"), 1);
}

/* Stopped within a file: it stays, and the next run carries on. */
static void stopped(void **state)
{
    struct delivered t;

    begin(&t, state);
    put("test-deaths/a.csv", delivered_deaths(&t, 300), 60);
    t.stop_after = 5;
    assert_int_equal(watch(&t), 0);
    assert_true(there("test-deaths/a.csv"));
    t.stop_after = 0;
    assert_int_equal(watch(&t), 1);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 302);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM delivery WHERE feed = 'test-deaths'"), 1);
}

/* Somebody puts the next file there by the same name, while this one is read: it is not moved unread. */
static void put_anew(void *context, const int64_t *divisions, size_t count, bool everywhere)
{
    struct delivered *t = context;

    if (t->stop_after == 0)
        return;
    t->stop_after = 0;
    put("test-deaths/next.part", DEATHS_HEADER "d9,,己,2024-01-05,\n", 60);
    assert_int_equal(rename(path_of("test-deaths/next.part"), path_of("test-deaths/a.csv")), 0);
}

static void replaced(void **state)
{
    struct delivered t;

    begin(&t, state);
    put("test-deaths/a.csv", delivered_deaths(&t, 1), 60);
    t.stop_after = 1000;
    t.in.changed = put_anew;
    assert_int_equal(watch(&t), 1);
    assert_int_equal(t.stop_after, 0);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 3);
    assert_true(there("test-deaths/a.csv"));
    assert_false(there("test-deaths/done/a.csv"));
    assert_int_equal(watch(&t), 1);
    assert_int_equal(COUNT(&t, "SELECT count(*) FROM record"), 4);
    assert_non_null(strstr(text_of(&t, "test-deaths/done/a.csv"), "d9"));
}

/* What cannot be read or moved is the matter of one source. */
static void others_go_on(void **state)
{
    struct delivered t;
    uint64_t taken = 0;

    begin(&t, state);
    put("test-deaths/done", "in the way", 0);
    put("test-deaths/a.csv", delivered_deaths(&t, 1), 60);
    assert_int_equal(mkdir(path_of("test-divorces"), 0700), 0);
    put("test-divorces/b.csv",
        arena_printf(&t.s->arena, DIVORCES_HEADER "v1,%s,%s,2024-01-05\n", t.father.text,
                     t.mother.text),
        60);
    assert_int_equal(delivery_folder(&t.in, root, instant_now(), &taken, &t.s->e), -ERR_IO);
    assert_int_equal(taken, 1);
    assert_true(there("test-divorces/done/b.csv"));
    assert_true(there("test-deaths/a.csv"));
}

/* A delivered file that is called as the report of another is not written over. */
static void called_as_a_report(void **state)
{
    struct delivered t;

    begin(&t, state);
    put("test-deaths/a.csv.txt", delivered_deaths(&t, 1), 60);
    assert_int_equal(watch(&t), 1);
    put("test-deaths/a.csv", delivered_deaths(&t, 2), 60);
    assert_int_equal(watch(&t), 1);
    assert_non_null(strstr(text_of(&t, "test-deaths/done/a.csv.txt"), "注销编号"));
    assert_true(there("test-deaths/done/a-2.csv"));
    assert_non_null(strstr(text_of(&t, "test-deaths/done/a-2.csv.txt"), "rows 4"));
}

int main(int argc, char **argv)
{
    DELIVERED_READER(argc, argv);
    const struct CMUnitTest tests[] = {
        EACH(moved),    EACH(with_a_digest), EACH(moved_late),        EACH(stopped),
        EACH(replaced), EACH(others_go_on),  EACH(called_as_a_report)};

    return cmocka_run_group_tests_name("a watched folder", tests, NULL, NULL);
}
