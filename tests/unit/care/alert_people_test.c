/* What people do with an alert: accept, hand over, visit, assess, close. */
#include "alert_stage.h"

static void accepted(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    a = alert_stage_open_alert(t, child);
    assert_string_equal(alert_stage_events(t, a.id, &t->director), "accept");
    assert_string_equal(alert_stage_events(t, a.id, &t->neighbour), "");
    assert_int_equal(alert_stage_fire(t, a.id, &t->neighbour, "accept", NULL, NOW), -ERR_FORBIDDEN);
    assert_int_equal(alert_stage_fire(t, a.id, &t->director, "close", NULL, NOW), -ERR_WRONG_STATE);
    assert_int_equal(alert_stage_fire(t, a.id, &t->director, "no_such", NULL, NOW), -ERR_NOT_FOUND);
    assert_int_equal(alert_stage_fire(t, a.id + 1, &t->director, "accept", NULL, NOW),
                     -ERR_NOT_FOUND);
    OK(t->s, alert_stage_fire(t, a.id, &t->director, "accept", NULL, NOW + HOURS));
    a = alert_stage_get(t, a.id);
    STATE(a, "accepted");
    assert_true(a.visit_id > 0);
    struct visit v = visit_cast_get(t, a.visit_id);
    assert_int_equal(v.alert_id, a.id);
    assert_int_equal(v.planned, day_of_instant(a.due_at));
    assert_true(visit_cast_task(t, child, t->director.id));
    assert_int_equal(alert_stage_fire(t, a.id, &t->director, "accept", NULL, NOW + HOURS),
                     -ERR_WRONG_STATE);
}

/* To whom it is handed over: visit and task go with it. */
static void handed_over(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    int64_t far = cast_account(t->s, "f1", ROLE_CHILD_DIRECTOR, INT64_C(999902001001), NULL, NULL,
                               0);
    int64_t helper = cast_account(t->s, "h1", ROLE_HELPER, VILLAGE, NULL, NULL, 0);
    struct care_step step = {.event = "hand_over", .actor = &t->supervisor};
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    a = alert_stage_open_alert(t, child);
    OK(t->s, alert_stage_fire(t, a.id, &t->director, "accept", NULL, NOW));
    int64_t visit = alert_stage_get(t, a.id).visit_id;
    step.to_account = t->neighbour.id;
    assert_int_equal(CARE(t, NOW, alert_fire(&t->c, a.id, &step, &t->s->e)), -ERR_WRONG_STATE);
    step.reason = SLICE_LITERAL("ill");
    for (int i = 0; i < 3; i++) {
        step.to_account = i == 0 ? 0 : i == 1 ? far : helper;
        assert_int_equal(CARE(t, NOW, alert_fire(&t->c, a.id, &step, &t->s->e)), -ERR_VALUE);
    }
    step.to_account = t->neighbour.id;
    OK(t->s, CARE(t, NOW, alert_fire(&t->c, a.id, &step, &t->s->e)));
    a = alert_stage_get(t, a.id);
    STATE(a, "accepted");
    assert_int_equal(a.owner_id, t->neighbour.id);
    assert_int_equal(a.visit_id, visit);
    assert_int_equal(visit_cast_get(t, visit).owner_id, t->neighbour.id);
    assert_true(visit_cast_task(t, child, t->neighbour.id));
    assert_false(visit_cast_task(t, child, t->director.id));
    assert_int_equal(visit_cast_notices(t, NOTICE_HANDED_OVER, t->neighbour.id) > 0, true);
    /* The reason is in the history, sealed under the child's key. */
    struct care_event *history;
    size_t count;
    OK(t->s, care_history(t->s->d, a.id, child, &t->s->arena, &history, &count, &t->s->e));
    assert_string_equal(arena_printf(&t->s->arena, "%.*s %.*s", (int)history[count - 1].event.n,
                                     history[count - 1].event.p, (int)history[count - 1].reason.n,
                                     history[count - 1].reason.p),
                        "hand_over ill");
    assert_int_equal(history[count - 1].account_id, t->supervisor.id);
}

static struct alert visited(struct visit_cast *t, int64_t child, int outcome)
{
    struct alert a = alert_stage_open_alert(t, child);
    int64_t visit = a.visit_id;
    struct care_step step = {.actor = &t->director, .outcome = outcome};

    step.event = "start";
    OK(t->s, CARE(t, NOW + HOURS, visit_fire(&t->c, visit, &step, &t->s->e)));
    step.event = "check_in";
    OK(t->s, CARE(t, NOW + 2 * HOURS, visit_fire(&t->c, visit, &step, &t->s->e)));
    step.event = "record";
    OK(t->s, CARE(t, NOW + 3 * HOURS, visit_fire(&t->c, visit, &step, &t->s->e)));
    return alert_stage_get(t, a.id);
}

static void outcomes(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    static const char *const states[] = {"", "verified", "false_alarm", "watch", "again"};

    for (int outcome = VISIT_VERIFIED; outcome <= VISIT_NOBODY_HOME; outcome++) {
        int64_t child = cast_child(t->s, arena_printf(&t->s->arena, "C%d", outcome), "2018-05-01",
                                   VILLAGE);
        OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
        struct alert a = alert_stage_open_alert(t, child);
        OK(t->s, alert_stage_fire(t, a.id, &t->director, "accept", NULL, NOW));
        int64_t first = alert_stage_get(t, a.id).visit_id;
        a = visited(t, child, outcome);
        STATE(a, states[outcome]);
        assert_true(visit_cast_notices(t, NOTICE_VISITED, t->supervisor.id) > 0);
        if (outcome >= VISIT_REFUSED) { /* somebody goes again, by the day the state is due */
            assert_true(a.visit_id > 0 && a.visit_id != first);
            assert_int_equal(visit_cast_get(t, a.visit_id).planned, day_of_instant(a.due_at));
        } else
            assert_int_equal(a.visit_id, 0);
        if (outcome == VISIT_VERIFIED) { /* a second pair of eyes, then the end */
            assert_int_equal(alert_stage_fire(t, a.id, &t->director, "assess", NULL, NOW + DAYS),
                             -ERR_FORBIDDEN);
            OK(t->s, alert_stage_fire(t, a.id, &t->supervisor, "assess", NULL, NOW + DAYS));
            OK(t->s, alert_stage_fire(t, a.id, &t->supervisor, "close", NULL, NOW + DAYS));
            STATE(alert_stage_get(t, a.id), "closed");
            assert_false(visit_cast_task(t, child, t->director.id));
            assert_int_equal(alert_stage_clocks(t, a.id), 0);
        }
    }
}

/* Nobody visited and nobody else may look twice: the supervisor who went needs another. */
static void second_pair_of_eyes(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    a = alert_stage_open_alert(t, child);
    struct care_step over = {.event = "hand_over",
                             .actor = &t->station,
                             .reason = SLICE_LITERAL("alone"),
                             .to_account = t->supervisor.id};
    OK(t->s, CARE(t, NOW, alert_fire(&t->c, a.id, &over, &t->s->e)));
    OK(t->s, alert_stage_fire(t, a.id, &t->supervisor, "accept", NULL, NOW));
    struct account director = t->director;
    t->director = t->supervisor;
    a = visited(t, child, VISIT_VERIFIED);
    t->director = director;
    assert_int_equal(alert_stage_fire(t, a.id, &t->supervisor, "assess", NULL, NOW + DAYS),
                     -ERR_WRONG_STATE);
    OK(t->s, alert_stage_fire(t, a.id, &t->station, "assess", NULL, NOW + DAYS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(accepted), EACH(handed_over), EACH(outcomes),
                                       EACH(second_pair_of_eyes)};

    return cmocka_run_group_tests_name("alerts and people", tests, NULL, NULL);
}
