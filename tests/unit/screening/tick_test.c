/* The nightly job tells each boundary once and on its day, whatever the nights on which it was not run
 * and wherever it was killed. */
#include "crowd.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t seed;

#define NIGHTS 420

/* What the timelines themselves say will be told between two days. */
static const char *expected(struct scene *s, const struct edition *edition, day from, day to)
{
    ARENA_AUTO(a);
    struct population all;
    struct crowd_changes c;

    crowd_listen(&c, s, edition);
    OK(s, population_read_all(s->d, &a, &all, &s->e));
    for (size_t i = 0; i < all.person_count; i++) {
        struct policy_timeline *timelines;
        if (!crowd_verdict(&all, edition, all.persons[i].id, &a, &timelines).p)
            continue;
        for (size_t category = 0; category < edition->category_count; category++) {
            enum policy_truth before = POLICY_FALSE;
            for (day d = from; d <= to; d++) {
                const struct policy_stretch *stretch = policy_timeline_at(&timelines[category], d);
                enum policy_truth now = stretch ? stretch->status : POLICY_FALSE;
                if (d > from && now != before)
                    crowd_tell(
                        &c, &(struct verdict_change){all.persons[i].id, category, d, before, now});
                before = now;
            }
        }
    }
    return crowd_changes_text(&c);
}

/* Ticks from the first night to the last with gaps below `gap`. */
static const char *walk(struct scene *s, const struct edition *edition, uint64_t *r, unsigned gap)
{
    struct crowd_changes told;

    crowd_listen(&told, s, edition);
    for (day d = crowd_day(); d < crowd_day() + NIGHTS;) {
        d += 1 + (day)random_below(r, gap);
        d = d > crowd_day() + NIGHTS ? crowd_day() + NIGHTS : d;
        crowd_tick(s, edition, d, &told);
        if (random_below(r, 4) == 0) { /* a second time, or an earlier day: nothing */
            size_t count = told.count;
            crowd_tick(s, edition, d - (day)random_below(r, 3), &told);
            assert_int_equal(told.count, count);
        }
    }
    return crowd_changes_text(&told);
}

static void fill(struct scene *s, const struct edition *edition, uint64_t random)
{
    struct scene_text rows = {0};
    struct crowd c;

    crowd_begin(&c, random);
    crowd_load(&c, s);
    for (int i = 0; i < 70; i++)
        crowd_record(&c, &rows);
    /* Half of what is known comes before the clock, half after. */
    char *middle = rows.p + rows.n / 2;
    middle += strcspn(middle, "\n") + 1;
    crowd_ingest(s, edition, arena_printf(&s->arena, "%.*s", (int)(middle - rows.p), rows.p));
    crowd_tick(s, edition, crowd_day(), NULL);
    crowd_ingest(s, edition, middle);
    scene_text_end(&rows);
    crowd_end(&c);
}

static void each_once(void **state)
{
    struct scene *s = scene_of(state);
    enum store_engine engine = s->database.engine;
    uint64_t r = seed;

    for (int round = 0; round < 3; round++) {
        /* Night by night (on SQLite), with small gaps, with large ones, and all at once. */
        static const unsigned gaps[] = {1, 20, 100, 10000};
        for (size_t g = engine == STORE_SQLITE && round == 0 ? 0 : 1; g < 4; g++) {
            struct scene *own = scene_begin(engine);
            struct edition edition;
            OK(own, edition_read(NULL, &own->arena, &edition, &own->e));
            fill(own, &edition, seed + (uint64_t)round);
            const char *want = expected(own, &edition, crowd_day(), crowd_day() + NIGHTS);
            assert_true(strlen(want) > 0);
            assert_string_equal(walk(own, &edition, &r, gaps[g]), want);
            scene_end(own);
        }
    }
}

/* ---- killed -------------------------------------------------------------------------------------------- */

struct doom {
    int left;
};

static void fall_over(void *context, const struct verdict_change *change)
{
    struct doom *d = context;

    (void)change;
    if (d->left-- == 0)
        _exit(7);
}

static void tick_killed(struct scene *s, const struct edition *edition, day date, int after)
{
    pid_t pid;
    int status;

    scene_close(s); /* a connection is not carried over a fork */
    pid = fork();
    if (pid == 0) {
        struct doom doom = {after};
        struct tick_totals totals;
        struct error e = {.language = LANGUAGE_EN};
        struct deployment *d;
        int rc = deployment_open(s->database.url, STORE_WRITE, &d, &e);
        if (rc == 0)
            rc = tick_run(
                d,
                &(struct tick_order){
                    .edition = edition, .date = date, .tell = fall_over, .context = &doom},
                &totals, &e);
        _exit(rc == 0 ? 0 : 1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 1);
    scene_open(s);
}

/* 200 children in transactions of 64: a kill leaves some told and some not. The father of each is dead
 * from the 10th to the 20th of March. */
static void district(struct scene *s, const struct edition *edition)
{
    struct scene_text people = {0}, kin = {0}, rows = {0};

    scene_print(&people, "%s", PEOPLE_HEADER);
    scene_print(&kin, "%s", RELATIONS_HEADER);
    for (unsigned i = 0; i < 200; i++) {
        struct scene_id_number id = scene_id_number("1980-01-01", i);
        scene_print(&people, "c%u,,c,,2015-03-01,,,,,,\nf%u,%s,f,,,,,,,,\nm%u,,m,,,,,,,,\n", i, i,
                    id.text, i);
        scene_print(&kin, "c%u,f%u,father,,\nc%u,m%u,mother,,\n", i, i, i, i);
        scene_print(&rows, "k%u,justice,dead,%s,,,,2024-03-10,2024-03-20,declared,,\n", i, id.text);
    }
    scene_load(s, load_people, false, people.p);
    scene_load(s, load_relations, false, kin.p);
    crowd_ingest(s, edition, rows.p);
    scene_text_end(&people);
    scene_text_end(&kin);
    scene_text_end(&rows);
}

/* The same said again, but for the end, on the 25th. */
static void correct(struct scene *s, const struct edition *edition)
{
    struct scene_text rows = {0};

    for (unsigned i = 0; i < 200; i++)
        scene_print(&rows, "k%u,justice,dead,%s,,,,2024-03-10,2024-03-25,declared,,\n", i,
                    scene_id_number("1980-01-01", i).text);
    crowd_ingest(s, edition, rows.p);
    scene_text_end(&rows);
}

#define CHANGES "SELECT count(*) FROM verdict_change"

static void killed(void **state)
{
    struct scene *s = scene_of(state);
    struct edition edition;
    uint64_t r = seed;

    OK(s, edition_read(NULL, &s->arena, &edition, &s->e));
    district(s, &edition);
    crowd_tick(s, &edition, crowd_day(), NULL);
    for (int i = 0; i < 4; i++) /* single_parent of each begins */
        tick_killed(s, &edition, crowd_day() + 10, (int)random_below(&r, 100));
    crowd_tick(s, &edition, crowd_day() + 10, NULL);
    assert_int_equal(scene_count(s, CHANGES), 200);
    for (int i = 0; i < 4; i++) /* and ends */
        tick_killed(s, &edition, crowd_day() + 30, (int)random_below(&r, 100));
    crowd_tick(s, &edition, crowd_day() + 30, NULL);
    assert_int_equal(scene_count(s, CHANGES), 400);
    assert_int_equal(scene_count(s, "SELECT count(DISTINCT on_day) FROM verdict_change"), 2);
}

/* Records that come between a kill and the next run do not tell anything twice. */
static void killed_then_records(void **state)
{
    struct scene *s = scene_of(state);
    struct edition edition;

    OK(s, edition_read(NULL, &s->arena, &edition, &s->e));
    district(s, &edition);
    crowd_tick(s, &edition, crowd_day(), NULL);
    tick_killed(s, &edition, crowd_day() + 10, 100);
    assert_int_equal(scene_count(s, CHANGES), 64);
    correct(s, &edition);
    crowd_tick(s, &edition, crowd_day() + 10, NULL);
    assert_int_equal(scene_count(s, CHANGES), 200);
    crowd_tick(s, &edition, crowd_day() + 24, NULL);
    assert_int_equal(scene_count(s, CHANGES), 400);
}

/* The same where it was the first tick of all that was killed. */
static void first_killed_then_records(void **state)
{
    struct scene *s = scene_of(state);
    struct edition edition;

    OK(s, edition_read(NULL, &s->arena, &edition, &s->e));
    district(s, &edition);
    tick_killed(s, &edition, crowd_day() + 10, 100);
    assert_int_equal(scene_count(s, CHANGES), 64);
    correct(s, &edition);
    crowd_tick(s, &edition, crowd_day() + 10, NULL);
    assert_int_equal(scene_count(s, CHANGES), 200);
    crowd_tick(s, &edition, crowd_day() + 24, NULL);
    assert_int_equal(scene_count(s, CHANGES), 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(each_once), EACH(killed), EACH(killed_then_records),
                                       EACH(first_killed_then_records)};

    seed = random_seed();
    return cmocka_run_group_tests_name("ticks", tests, NULL, NULL);
}
