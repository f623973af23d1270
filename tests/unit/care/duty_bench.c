/* How long the roster page of a county of 544 villages takes, and the groups of 5,000 rows under review; by hand:
 * duty_bench. */
#include "duty_stage.h"

#include "care/care_inside.h"
#include "care/review.h"
#include "store/sql_alert.h"
#include "store/sql_division.h"
#include "store/sql_review.h"

#include <string.h>
#include <time.h>

#define TOWNS 27
#define BENCH_VILLAGES 544
#define ALERTS 12000
#define REVIEWS 5000

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int64_t village(int i) { return COUNTY + (1 + i % TOWNS) * 1000 + 201 + i / TOWNS; }

/* A director in most villages, a supervisor and a station in each town, by account; some by roster, some away. */
static void people(struct stage *t, int64_t directors[BENCH_VILLAGES])
{
    for (int i = 0; i < TOWNS; i++) {
        int64_t town = COUNTY + (1 + i) * 1000;
        stage_account(t, arena_printf(&t->s->arena, "s%d", i), ROLE_SUPERVISOR, town);
        stage_account(t, arena_printf(&t->s->arena, "w%d", i), ROLE_STATION_WORKER, town);
    }
    stage_account(t, "centre", ROLE_CENTRE_WORKER, COUNTY);
    for (int i = 0; i < BENCH_VILLAGES; i++) {
        directors[i] = 0;
        if (i % 20 != 0)
            directors[i] = stage_account(t, arena_printf(&t->s->arena, "d%d", i),
                                         ROLE_CHILD_DIRECTOR, village(i));
        if (directors[i] && i % 3 == 1)
            stage_give(t, village(i), ROLE_CHILD_DIRECTOR, directors[i], 1, TODAY);
        if (directors[i] && i % 15 == 1)
            stage_leave(t, directors[i], TODAY, TODAY + 9, TODAY);
    }
}

static void divisions(struct stage *t)
{
    struct care *c = stage_begin(t, TODAY);

    OK(t->s,
       sql_division_put(c->d->store, COUNTY, SLICE_LITERAL("county"), 3, OPT_INT_NONE, &t->s->e));
    for (int i = 0; i < TOWNS; i++)
        OK(t->s, sql_division_put(c->d->store, COUNTY + (1 + i) * 1000, SLICE_LITERAL("town"), 4,
                                  opt_int(COUNTY), &t->s->e));
    for (int i = 0; i < BENCH_VILLAGES; i++)
        OK(t->s, sql_division_put(c->d->store, village(i), SLICE_LITERAL("village"), 5,
                                  opt_int(village(i) / 1000 * 1000), &t->s->e));
    stage_end(t);
}

/* Open alerts, each of a child that is no person: they are only counted. */
static void alerts(struct stage *t, const int64_t directors[BENCH_VILLAGES])
{
    struct care *c = stage_begin(t, TODAY);

    for (int i = 0; i < ALERTS; i++) {
        int v = i % BENCH_VILLAGES;
        OK(t->s, sql_alert_insert(
                     c->d->store, 1 + i, 1000000 + i, village(v), 3, SLICE_LITERAL("accepted"),
                     SLICE_LITERAL("e"), care_opt(directors[v]), 0, 1, t->now, t->now,
                     opt_int(t->now + (i % 3 - 1) * 1000), SLICE_LITERAL("s"), &t->s->e));
    }
    stage_end(t);
}

static void reviews(struct stage *t)
{
    static const struct review_item items[] = {
        {{"de_facto_unattended", 19}, {"father not registered", 21}},
        {{"orphan", 6}, {"term of custody", 15}},
    };
    int64_t *children = calloc(REVIEWS, sizeof *children);

    for (int i = 0; i < REVIEWS; i++)
        children[i] = cast_child(t->s, arena_printf(&t->s->arena, "r%d", i), "2016-05-05",
                                 village(0));
    struct care *c = stage_begin(t, TODAY);
    double from = seconds();
    for (int i = 0; i < REVIEWS; i++)
        OK(t->s, review_put(c, children[i], items, 1 + (size_t)i % 2, &t->s->e));
    printf("# review_put: %.1f us each\n", (seconds() - from) * 1e6 / REVIEWS);
    from = seconds();
    for (int i = 0; i < REVIEWS; i++)
        OK(t->s, review_put(c, children[i], items, 1 + (size_t)i % 2, &t->s->e));
    printf("# review_put, unchanged: %.1f us each\n", (seconds() - from) * 1e6 / REVIEWS);
    stage_end(t);
    free(children);
}

static void measure(void **state)
{
    struct stage t = stage_of(state);
    static int64_t directors[BENCH_VILLAGES];
    struct review_group *groups;
    struct post *posts;
    size_t count;
    double from;

    divisions(&t);
    people(&t, directors);
    alerts(&t, directors);
    for (int i = 0; i < 3; i++) {
        from = seconds();
        OK(t.s,
           duty_posts(t.s->d, COUNTY, 0, 1000, TODAY, t.now, &t.s->arena, &posts, &count, &t.s->e));
        printf("# duty_posts: %zu posts, %d alerts, in %.1f ms\n", count, ALERTS,
               (seconds() - from) * 1e3);
    }
    from = seconds();
    for (int i = 0; i < 1000; i++)
        assert_int_not_equal(stage_owner(&t, village(i % BENCH_VILLAGES), 0, TODAY), 0);
    printf("# duty_owner: %.1f us\n", (seconds() - from) * 1e3);
    for (int i = 0; i < 2;
         i++) { /* first what lies with nobody or with who is away, then nothing */
        struct care *c = stage_begin(&t, TODAY);
        from = seconds();
        OK(t.s, duty_roll(c, TODAY - 1, TODAY - 1, &t.s->e));
        stage_end(&t);
        printf("# duty_roll of %d open alerts: %.1f ms\n", ALERTS, (seconds() - from) * 1e3);
    }
    printf(
        "# moved: %lld\n",
        (long long)scene_count(t.s, "SELECT count(*) FROM care_event WHERE event = 'hand_over'"));
    reviews(&t);
    for (int i = 0; i < 3; i++) {
        from = seconds();
        OK(t.s, review_groups(t.s->d, TOWN, &t.s->arena, &groups, &count, &t.s->e));
        printf("# review_groups of %d rows: %.1f ms\n", REVIEWS, (seconds() - from) * 1e3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(measure)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
