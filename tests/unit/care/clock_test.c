/* Deadlines: one running a thing; each missed step once, in order; also after an outage, and after a kill. */
#include "visit_cast.h"

#include "care/care_inside.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW CAST_NOW
#define VISITS 8

static size_t fire(struct visit_cast *t, int64_t now, size_t limit)
{
    size_t fired = 0;

    OK(t->s, CARE(t, now, clock_fire(&t->c, limit, &fired, &t->s->e)));
    return fired;
}

static int64_t count(struct visit_cast *t, const char *where)
{
    return scene_count(t->s,
                       arena_printf(&t->s->arena, "SELECT count(*) FROM clock WHERE %s", where));
}

static void one_runs_at_most(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct slice name = SLICE_LITERAL("planned");
    int64_t next;

    OK(t->s, clock_next(t->s->d, &next, &t->s->e));
    assert_true(next == INT64_MAX);
    visit_cast_begin(t, NOW);
    OK(t->s, clock_set(&t->c, "visit", 7, 1, name, 0, NOW + 20, &t->s->e));
    OK(t->s, clock_set(&t->c, "visit", 7, 1, name, 1, NOW + 10, &t->s->e));
    OK(t->s, clock_set(&t->c, "alert", 7, 1, name, 0, NOW + 30, &t->s->e)); /* another's */
    OK(t->s, visit_cast_end(t, 0));
    assert_int_equal(count(t, "stopped_at IS NULL"), 2);
    OK(t->s, clock_next(t->s->d, &next, &t->s->e));
    assert_true(next == NOW + 10);
    OK(t->s, CARE(t, NOW, clock_set(&t->c, "visit", 7, 1, name, 0, 0, &t->s->e)));
    assert_int_equal(count(t, "stopped_at IS NULL"), 1);
    OK(t->s, clock_next(t->s->d, &next, &t->s->e));
    assert_true(next == NOW + 30);
}

/* A clock without anything it belongs to holds up nobody. */
static void astray(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct slice name = SLICE_LITERAL("planned");

    OK(t->s, CARE(t, NOW, clock_set(&t->c, "visit", 7, 1, name, 0, NOW + 1, &t->s->e)));
    OK(t->s, CARE(t, NOW, clock_set(&t->c, "no such", 8, 1, name, 0, NOW + 1, &t->s->e)));
    assert_int_equal(fire(t, NOW + 2, 10), 2);
    assert_int_equal(fire(t, NOW + 2, 10), 0);
    assert_int_equal(count(t, "fired_at IS NULL AND stopped_at IS NULL"), 0);
}

/* ---- a simulated time, against an oracle ---- */

struct expected {
    int64_t id, due;
    int step;
    uint64_t order; /* in which its clock was set */
    bool open;
};
struct world {
    struct expected visits[VISITS];
    int64_t alarms[4096]; /* ids, in the order in which they must ring */
    size_t count, compared;
    int64_t last; /* event up to which they were compared */
    uint64_t order;
};

/* The slow way: the earliest of what has run out, one after another. */
static void oracle(struct visit_cast *t, struct world *w, int64_t now)
{
    for (;;) {
        struct expected *first = NULL;
        for (size_t i = 0; i < VISITS; i++) {
            struct expected *v = &w->visits[i];
            if (v->open && v->due < now &&
                (!first || v->due < first->due ||
                 (v->due == first->due && v->order < first->order)))
                first = v;
        }
        if (!first)
            return;
        struct visit v = visit_cast_get(t, first->id);
        struct workflow_escalation up;
        assert_true(workflow_escalate(care_workflow(t->tables, "visit"), v.state, LEVEL_LOW,
                                      first->step, first->due, now, &up));
        assert_true(up.due >= now); /* else it would ring twice for one outage */
        assert_true(up.step == (first->step < 3 ? first->step + 1 : 3));
        first->step = up.step;
        first->due = up.due;
        first->order = ++w->order;
        w->alarms[w->count++] = first->id;
    }
}

static void compare(struct visit_cast *t, struct world *w)
{
    struct scene *s = t->s;

    for (; w->compared < w->count; w->compared++) {
        w->last = scene_count(s, arena_printf(&s->arena,
                                              "SELECT min(id) FROM care_event WHERE id > %lld AND "
                                              "event = 'overdue'",
                                              (long long)w->last));
        int64_t object = scene_count(
            s, arena_printf(&s->arena, "SELECT object_id FROM care_event WHERE id = %lld",
                            (long long)w->last));
        assert_true(object == w->alarms[w->compared]);
    }
    assert_int_equal(scene_count(s, "SELECT count(*) FROM care_event WHERE event = 'overdue'"),
                     w->count);
    for (size_t i = 0; i < VISITS; i++) {
        const struct expected *v = &w->visits[i];
        const char *running = arena_printf(
            &s->arena,
            "object_id = %lld AND fired_at IS NULL AND stopped_at IS NULL AND "
            "due_at = %lld AND step = %d",
            (long long)v->id, (long long)v->due, v->step);
        assert_int_equal(count(t, running), v->open);
        assert_int_equal(visit_cast_get(t, v->id).step, v->open ? v->step : 0);
    }
    assert_true(count(t, "fired_at IS NULL AND stopped_at IS NULL") <= VISITS);
}

/* Somebody acts: the clock begins anew, or stops. */
static void act(struct visit_cast *t, struct world *w, size_t which, int64_t now)
{
    static const char *const next[] = {"start", "check_in", "record"};
    static const char *const states[] = {"planned", "under_way", "back"};
    struct expected *x = &w->visits[which];
    struct visit v = visit_cast_get(t, x->id);

    for (size_t i = 0; i < 3; i++)
        if (slice_is(v.state, states[i])) {
            OK(t->s, visit_cast_fire(t, x->id, &t->director, next[i], 0, now));
            break;
        }
    v = visit_cast_get(t, x->id);
    x->open = v.closed_at == 0;
    x->step = 0;
    x->due = v.due_at;
    x->order = ++w->order;
}

static void as_the_oracle_has_it(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct world *w = calloc(1, sizeof(*w));
    int64_t now = NOW;
    uint64_t seed = visit_cast_seed();
    int rounds = t->s->database.engine == STORE_SQLITE ? 80 : 25;

    assert_non_null(w);
    for (size_t i = 0; i < VISITS; i++) {
        int64_t child = cast_child(t->s, arena_printf(&t->s->arena, "c%zu", i), "2015-05-10",
                                   VILLAGE);
        int64_t id = visit_cast_plan(t, child, t->director.id, now += MINUTES);
        w->visits[i] = (struct expected){id, visit_cast_get(t, id).due_at, 0, ++w->order, true};
    }
    for (int i = 0; i < rounds; i++) {
        /* Minutes, or an outage of days. */
        now += visit_cast_random(&seed, 6) ? visit_cast_random(&seed, 50) * MINUTES + 7
                                           : visit_cast_random(&seed, 200) * HOURS;
        oracle(t, w, now);
        while (fire(t, now, 1 + visit_cast_random(&seed, 4)) > 0)
            ;
        compare(t, w);
        size_t which = visit_cast_random(&seed, VISITS);
        if (w->visits[which].open && visit_cast_random(&seed, 3) == 0)
            act(t, w, which, now);
    }
    assert_true(w->count > 10);
    free(w);
}

/* ---- killed ---- */

/* Fires `whole` batches and dies in the middle of the next. */
static void die_firing(struct visit_cast *t, int64_t now, int whole)
{
    struct scene *s = t->s;

    fflush(NULL);
    scene_close(s); /* no connection is carried over */
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        size_t fired = 0;
        scene_open(s);
        for (int i = 0; i < whole; i++)
            fire(t, now, 2);
        visit_cast_begin(t, now);
        if (clock_fire(&t->c, 2, &fired, &s->e) < 0)
            _exit(1);
        _exit(9);
    }
    int status;
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 9);
    scene_open(s);
}

static void killed_between_fires(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t now = NOW + 30 * CAST_DAY;

    for (int i = 0; i < VISITS; i++) {
        int64_t child = cast_child(t->s, arena_printf(&t->s->arena, "c%d", i), "2015-05-10",
                                   VILLAGE);
        visit_cast_plan(t, child, t->director.id, NOW + i * MINUTES);
    }
    for (int whole = 0; whole < 3; whole++)
        die_firing(t, now, whole); /* 0, then 2, then 4 more */
    while (fire(t, now, 3) > 0)
        ;
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM care_event WHERE event = 'overdue'"),
                     VISITS);
    assert_int_equal(scene_count(t->s, "SELECT count(DISTINCT object_id) FROM care_event WHERE "
                                       "event = 'overdue'"),
                     VISITS);
    assert_int_equal(count(t, "fired_at IS NULL AND stopped_at IS NULL"), VISITS);
    /* One notice a visit and person told: the director, and whoever is next up. */
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM outbox WHERE kind = 5"), 2 * VISITS);
}

/* A save that was not acknowledged has not happened; sent again it is there once. */
static void killed_in_a_save(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct scene *s = t->s;
    int64_t child = cast_child(s, "a-child", "2015-05-10", VILLAGE);
    int64_t id = visit_cast_plan(t, child, t->director.id, NOW);
    struct visit_write writes[2] = {
        {.field = FIELD_WISH, .value = SLICE_LITERAL("a book"), .written_at = NOW + 1},
        {.field = FIELD_SAFETY, .value = SLICE_LITERAL("danger"), .written_at = NOW + 1}};

    for (int commits = 0; commits < 2; commits++) {
        fflush(NULL);
        scene_close(s);
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            scene_open(s);
            visit_cast_begin(t, NOW + 2);
            if (visit_save(&t->c, id, &t->director, writes, 2, &s->e) < 0)
                _exit(1);
            if (commits)
                visit_cast_end(t, 0);
            _exit(9); /* before, or after it is on disk and before the phone hears of it */
        }
        int status;
        assert_true(waitpid(pid, &status, 0) == pid);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 9);
        scene_open(s);
        assert_int_equal(scene_count(s, "SELECT count(*) FROM visit_field"), commits ? 2 : 0);
        assert_int_equal(visit_cast_events(t, id, "danger"), commits);
    }
    OK(s, CARE(t, NOW + 3, visit_save(&t->c, id, &t->director, writes, 2, &s->e)));
    assert_int_equal(scene_count(s, "SELECT count(*) FROM visit_field"), 2);
    assert_int_equal(visit_cast_events(t, id, "danger"), 1);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM outbox WHERE kind = 9"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(one_runs_at_most),     EACH(astray),           EACH(as_the_oracle_has_it),
        EACH(killed_between_fires), EACH(killed_in_a_save),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
