/* Back from a visit: who says so, and what becomes of alarms that rang meanwhile. */
#include "visit_cast.h"

#include "notify/outbox.h"

#define NOW CAST_NOW

static int64_t under_way(struct visit_cast *t)
{
    int64_t child = cast_child(t->s, "a-child", "2015-05-10", VILLAGE);
    int64_t id = visit_cast_plan(t, child, t->director.id, NOW);

    OK(t->s, visit_cast_fire(t, id, &t->director, "start", 0, NOW + 1));
    return id;
}

static int64_t waiting(struct visit_cast *t, const char *of)
{
    return scene_count(t->s, arena_printf(&t->s->arena,
                                          "SELECT count(*) FROM outbox WHERE %s AND "
                                          "seen_at IS NULL AND recalled_at IS NULL",
                                          of));
}

/* The visitor's phone had no network: the alarm is needless, and nothing else is taken back with it. */
static void a_needless_alarm_is_taken_back(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = under_way(t);
    struct visit_write write = {
        .field = FIELD_SAFETY, .value = SLICE_LITERAL("danger"), .written_at = NOW + 2};
    size_t fired;

    OK(t->s, CARE(t, NOW + 2, visit_save(&t->c, id, &t->director, &write, 1, &t->s->e)));
    OK(t->s, CARE(t, NOW + 250 * MINUTES, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_true(fired > 0);
    int64_t alarms = waiting(t, "kind = 8 AND send_at IS NOT NULL"),
            danger = waiting(t, "kind = 9");
    assert_true(alarms > 0); /* no_check_in */
    OK(t->s,
       visit_cast_fire(t, id, &t->director, "check_in", NOW + 90 * MINUTES, NOW + 310 * MINUTES));
    assert_int_equal(waiting(t, "kind = 8"), 0);
    assert_true(danger > 0 && waiting(t, "kind = 9") == danger);
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM outbox WHERE kind = 8 AND "
                                       "recalled_at IS NOT NULL AND send_at IS NULL"),
                     alarms);
    assert_int_equal(visit_cast_events(t, id, "overdue"), 1);
}

static void an_alarm_stands_until_somebody_is_back(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = under_way(t);
    struct visit_write write = {
        .field = FIELD_SAFETY, .value = SLICE_LITERAL("unsure"), .written_at = NOW + 2};
    size_t fired;

    OK(t->s, CARE(t, NOW + 300 * MINUTES, clock_fire(&t->c, 10, &fired, &t->s->e)));
    OK(t->s,
       CARE(t, NOW + 301 * MINUTES, visit_save(&t->c, id, &t->director, &write, 1, &t->s->e)));
    assert_true(waiting(t, "kind = 8") > 0);
    OK(t->s, visit_cast_fire(t, id, &t->director, "turn_back", 0, NOW + 302 * MINUTES));
    assert_int_equal(waiting(t, "kind = 8"), 0);
}

/* The supervisor reached them by telephone; their phone sends its own report later, and what follows. */
static void the_visitors_own_report_comes_after_anothers(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = under_way(t), own = NOW + 2 * HOURS;

    OK(t->s, visit_cast_fire(t, id, &t->supervisor, "check_in", 0, NOW + 3 * HOURS));
    for (int i = 0; i < 3; i++) /* a phone repeats */
        OK(t->s, visit_cast_fire(t, id, &t->director, "check_in", own, NOW + 4 * HOURS + i));
    struct visit v = visit_cast_get(t, id);
    assert_true(slice_is(v.state, "back") && v.back_at == NOW + 3 * HOURS);
    assert_int_equal(visit_cast_events(t, id, "check_in"), 2);
    assert_int_equal(scene_count(t->s,
                                 "SELECT max(at) FROM care_event WHERE event = 'check_in' AND "
                                 "from_state = 'back'"),
                     own);
    /* Nobody else's report goes that way. */
    assert_int_equal(visit_cast_fire(t, id, &t->neighbour, "check_in", 0, NOW + 5 * HOURS),
                     -ERR_WRONG_STATE);
    assert_int_equal(visit_cast_fire(t, id, &t->station, "check_in", 0, NOW + 5 * HOURS),
                     -ERR_WRONG_STATE);
    OK(t->s, visit_cast_fire(t, id, &t->director, "record", 0, NOW + 5 * HOURS));
    /* And again after everything. */
    OK(t->s, visit_cast_fire(t, id, &t->director, "check_in", own, NOW + 6 * HOURS));
    assert_int_equal(visit_cast_events(t, id, "check_in"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_needless_alarm_is_taken_back),
        EACH(an_alarm_stands_until_somebody_is_back),
        EACH(the_visitors_own_report_comes_after_anothers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
