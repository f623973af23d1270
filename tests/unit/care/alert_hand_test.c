/* Alerts that somebody raises who has heard something. */
#include "alert_stage.h"

#include "care/duty.h"

static int64_t child_of(struct visit_cast *t, const char *ref)
{
    return cast_child(t->s, ref, "2018-05-01", VILLAGE);
}

static int raise(struct visit_cast *t, int64_t child, int level, const char *need,
                 const struct account *actor, int64_t now, int64_t *ret)
{
    struct slice needs[2] = {slice_from(need), slice_from(need)};

    return CARE(t, now,
                alert_raise_by_hand(&t->c, child, level, needs, 2, SLICE_LITERAL("a neighbour"),
                                    actor, ret, &t->s->e));
}

static void a_new_one(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = child_of(t, "C1"), id;
    struct care_event *history;
    size_t count;

    OK(t->s, raise(t, child, 1, "safety", &t->supervisor, NOW, &id));
    struct alert a = alert_stage_get(t, id);
    STATE(a, "pushed");
    assert_int_equal(a.origin, ALERT_BY_HAND);
    assert_int_equal(a.level, 1);
    assert_int_equal(a.owner_id, t->director.id);
    assert_int_equal(alert_stage_clocks(t, id), 1);
    assert_string_equal(alert_stage_needs(t, id), "safety");
    assert_string_equal(alert_stage_causes(t, id), "");
    assert_int_equal(visit_cast_notices(t, NOTICE_ALERT_NEW, t->director.id), 1);
    OK(t->s, care_history(t->s->d, id, child, &t->s->arena, &history, &count, &t->s->e));
    assert_true(slice_is(history[0].event, "begun") && slice_is(history[1].event, "push"));
    assert_int_equal(history[0].account_id, t->supervisor.id);
    assert_true(slice_is(history[0].reason, "a neighbour"));
}

static void where_nobody_is_on_duty_it_waits(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = child_of(t, "C1"), id, leave;
    const struct account *line[] = {&t->director, &t->supervisor, &t->station, &t->centre};

    for (int i = 0; i < 4; i++)
        OK(t->s, CARE(t, NOW,
                      absence_add(&t->c, line[i]->id, day_of_instant(NOW), day_of_instant(NOW) + 2,
                                  1, &leave, &t->s->e)));
    OK(t->s, raise(t, child, 2, "study", &t->centre, NOW, &id));
    struct alert a = alert_stage_get(t, id);
    STATE(a, "new");
    assert_int_equal(a.owner_id, 0);
    assert_int_equal(alert_stage_clocks(t, id), 1);
}

/* What somebody stands behind is not recalled, and no less urgent, when the records are withdrawn. */
static void the_open_one_is_joined(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = child_of(t, "C1"), id;

    OK(t->s, alert_stage_follow(t, child, "+low_income", "low_income", false, NOW));
    struct alert a = alert_stage_open_alert(t, child);
    OK(t->s, raise(t, child, 2, "safety", &t->station, NOW + 1, &id));
    assert_int_equal(id, a.id);
    a = alert_stage_get(t, id);
    assert_int_equal(a.level, 2);
    assert_int_equal(a.origin, ALERT_BY_HAND);
    assert_int_equal(alert_stage_clocks(t, id), 1);
    assert_true(strncmp(alert_stage_needs(t, id), "safety ", 7) == 0);
    assert_int_equal(visit_cast_notices(t, NOTICE_ALERT_CHANGED, t->director.id), 1);
    assert_int_equal(alert_stage_count_of(t,
                                          "SELECT count(*) FROM care_event WHERE event = 'raise' "
                                          "AND object_id =",
                                          id),
                     1);
    OK(t->s, alert_stage_follow(t, child, "-low_income", "", false, NOW + 2));
    a = alert_stage_get(t, id);
    STATE(a, "pushed");
    assert_true(a.level == 2 && !a.basis_withdrawn);
    assert_true(strncmp(alert_stage_needs(t, id), "safety", 6) == 0);
    /* Less urgent changes nothing. */
    OK(t->s, raise(t, child, 4, "study", &t->station, NOW + 3, &id));
    assert_int_equal(alert_stage_get(t, id).level, 2);
    /* A record more urgent than what was said. */
    OK(t->s, alert_stage_follow(t, child, "+destitute", "destitute", false, NOW + 4));
    assert_int_equal(alert_stage_get(t, id).level, 2);
    assert_string_equal(alert_stage_causes(t, id), "low_income! destitute");
}

static void what_was_held_back_is_so_no_longer(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = child_of(t, "C1"), id;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", true, NOW));
    STATE(alert_stage_open_alert(t, child), "held");
    OK(t->s, raise(t, child, 3, "study", &t->centre, NOW + 1, &id));
    struct alert a = alert_stage_get(t, id);
    STATE(a, "pushed");
    assert_int_equal(a.owner_id, t->director.id);
    assert_int_equal(a.level, 2);
}

static void what_is_refused(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = child_of(t, "C1"), id = 0;
    struct account far = cast_account_get(
        t->s, cast_account(t->s, "s9", ROLE_SUPERVISOR, INT64_C(999902001000), NULL, NULL, 0));
    struct slice none = SLICE_NONE;

    assert_int_equal(raise(t, child, 1, "study", &t->director, NOW, &id), -ERR_FORBIDDEN);
    assert_int_equal(raise(t, child, 1, "study", &far, NOW, &id), -ERR_FORBIDDEN);
    assert_int_equal(raise(t, child, 0, "study", &t->supervisor, NOW, &id), -ERR_VALUE);
    assert_int_equal(raise(t, child, 5, "study", &t->supervisor, NOW, &id), -ERR_VALUE);
    assert_int_equal(raise(t, child, 1, "sleep", &t->supervisor, NOW, &id), -ERR_VALUE);
    assert_int_equal(raise(t, child + 1, 1, "study", &t->supervisor, NOW, &id), -ERR_NOT_FOUND);
    assert_int_equal(
        CARE(t, NOW,
             alert_raise_by_hand(&t->c, child, 1, NULL, 0, none, &t->supervisor, &id, &t->s->e)),
        -ERR_VALUE);
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM alert"), 0);
    assert_int_equal(id, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_new_one),
        EACH(where_nobody_is_on_duty_it_waits),
        EACH(the_open_one_is_joined),
        EACH(what_was_held_back_is_so_no_longer),
        EACH(what_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
