/* An alert whose child moves away, that is recalled, whose visit is cancelled: what goes with it, and who hears. */
#include "alert_stage.h"

#include "care/duty.h"

#include "store/sql_person.h"

static void live_at(struct visit_cast *t, int64_t child, int64_t village)
{
    day birth;

    assert_true(day_parse(SLICE_LITERAL("2018-05-01"), &birth));
    OK(t->s, store_begin(t->s->d->store, &t->s->e));
    OK(t->s, sql_person_update(t->s->d->store, child, opt_int(birth), SLICE_NONE, OPT_INT_NONE,
                               opt_int(village), OPT_INT_NONE, NOW, &t->s->e));
    OK(t->s, store_commit(t->s->d->store, &t->s->e));
}

static void settle(struct visit_cast *t, int64_t now)
{
    int64_t after = 0;
    bool more = true;

    while (more)
        OK(t->s, CARE(t, now, alert_settle(&t->c, &after, 1, &more, &t->s->e)));
}

static struct alert accepted(struct visit_cast *t, int64_t child)
{
    return visit_cast_alert(t, child, "orphan", NOW);
}

/* Who acts for both villages keeps the alert: its visit is the new village's all the same. */
static void the_visit_moves_though_its_owner_stays(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE), id;
    struct alert a = accepted(t, child);

    OK(t->s, CARE(t, NOW,
                  duty_give(&t->c, NEIGHBOUR, ROLE_CHILD_DIRECTOR, t->director.id, 1,
                            day_of_instant(NOW), 1, &id, &t->s->e)));
    live_at(t, child, NEIGHBOUR);
    settle(t, NOW + 1);
    a = alert_stage_get(t, a.id);
    assert_int_equal(a.division, NEIGHBOUR);
    assert_int_equal(a.owner_id, t->director.id);
    struct visit v = visit_cast_get(t, a.visit_id);
    assert_int_equal(v.division, NEIGHBOUR);
    assert_int_equal(v.owner_id, t->director.id);
    assert_int_equal(v.changed_at, NOW + 1); /* a phone that comes back hears of it */
}

/* Who is with the family, or has come from it, says first what they saw. */
static void a_visit_under_way_is_recorded_first(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a = accepted(t, child);
    struct care_step record = {
        .event = "record", .actor = &t->director, .outcome = VISIT_NOBODY_HOME};

    OK(t->s, visit_cast_fire(t, a.visit_id, &t->director, "start", 0, NOW + 1));
    live_at(t, child, NEIGHBOUR);
    settle(t, NOW + 2);
    assert_int_equal(alert_stage_get(t, a.id).owner_id, t->director.id);
    assert_int_equal(alert_stage_get(t, a.id).division, VILLAGE);
    OK(t->s, visit_cast_fire(t, a.visit_id, &t->director, "check_in", 0, NOW + 3));
    settle(t, NOW + 4);
    assert_int_equal(alert_stage_get(t, a.id).owner_id, t->director.id);
    OK(t->s, CARE(t, NOW + 5, visit_fire(&t->c, a.visit_id, &record, &t->s->e)));
    settle(t, NOW + 6);
    a = alert_stage_get(t, a.id);
    STATE(a, "again");
    assert_int_equal(a.division, NEIGHBOUR);
    assert_int_equal(a.owner_id, t->neighbour.id);
    assert_int_equal(visit_cast_get(t, a.visit_id).owner_id, t->neighbour.id);
    assert_int_equal(visit_cast_get(t, a.visit_id).division, NEIGHBOUR);
}

static int64_t recalled(struct visit_cast *t, const char *ref, bool seen)
{
    int64_t child = cast_child(t->s, ref, "2018-05-01", VILLAGE);

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    if (seen) {
        OK(t->s, store_begin(t->s->d->store, &t->s->e));
        OK(t->s, outbox_seen(t->s->d, t->director.id, INT64_MAX, NOW, &t->s->e));
        OK(t->s, store_commit(t->s->d->store, &t->s->e));
    }
    OK(t->s, alert_stage_follow(t, child, "-orphan", "", false, NOW + 1));
    return visit_cast_notices(t, NOTICE_ALERT_RECALLED, t->director.id);
}

static void who_never_heard_of_it_hears_of_no_recall(void **state)
{
    struct visit_cast *t = visit_cast_of(state);

    assert_int_equal(recalled(t, "C1", false), 0);
    assert_int_equal(recalled(t, "C2", true), 1);
}

/* The alert stands: somebody is to go. */
static void a_cancelled_visit_is_planned_anew(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a = accepted(t, child);
    int64_t first = a.visit_id;

    OK(t->s, visit_cast_fire(t, first, &t->supervisor, "cancel", 0, NOW + 1));
    STATE(visit_cast_get(t, first), "cancelled");
    a = alert_stage_get(t, a.id);
    STATE(a, "accepted");
    assert_true(a.visit_id > 0 && a.visit_id != first);
    struct visit v = visit_cast_get(t, a.visit_id);
    STATE(v, "planned");
    assert_int_equal(v.owner_id, t->director.id);
    assert_int_equal(v.planned, day_of_instant(a.due_at));
    assert_true(visit_cast_task(t, child, t->director.id));
    /* A routine one is over, and an ended alert plans none. */
    int64_t routine = visit_cast_plan(t, child, t->director.id, NOW + 2);
    int64_t before = scene_count(t->s, "SELECT count(*) FROM visit");
    OK(t->s, visit_cast_fire(t, routine, &t->supervisor, "cancel", 0, NOW + 3));
    OK(t->s, alert_stage_follow(t, child, "-orphan", "", false, NOW + 4));
    OK(t->s, alert_stage_fire(t, a.id, &t->supervisor, "close_withdrawn", "a mistake", NOW + 5));
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM visit"), before);
    STATE(visit_cast_get(t, a.visit_id), "cancelled");
}

/* The alert has gone to somebody else, or has ended, while its visit was under way: what turned back follows it. */
static void what_turned_back_follows_its_alert(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a = accepted(t, child);
    struct care_step hand = {.event = "hand_over",
                             .actor = &t->supervisor,
                             .reason = SLICE_LITERAL("ill"),
                             .to_account = t->neighbour.id};

    OK(t->s, visit_cast_fire(t, a.visit_id, &t->director, "start", 0, NOW + 1));
    OK(t->s, CARE(t, NOW + 2, alert_fire(&t->c, a.id, &hand, &t->s->e)));
    assert_int_equal(visit_cast_get(t, a.visit_id).owner_id, t->director.id);
    OK(t->s, visit_cast_fire(t, a.visit_id, &t->director, "turn_back", 0, NOW + 3));
    assert_int_equal(visit_cast_get(t, a.visit_id).owner_id, t->neighbour.id);
    assert_true(visit_cast_task(t, child, t->neighbour.id));
    OK(t->s, visit_cast_fire(t, a.visit_id, &t->neighbour, "start", 0, NOW + 4));
    OK(t->s, alert_stage_follow(t, child, "-orphan", "", false, NOW + 5));
    OK(t->s, alert_stage_fire(t, a.id, &t->supervisor, "close_withdrawn", "a mistake", NOW + 6));
    STATE(visit_cast_get(t, a.visit_id), "under_way");
    OK(t->s, visit_cast_fire(t, a.visit_id, &t->neighbour, "turn_back", 0, NOW + 7));
    STATE(visit_cast_get(t, a.visit_id), "cancelled");
}

/* A visit that is handed over takes its alert along, and neither lies with anybody who is gone. */
static void a_visit_takes_its_alert_along(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a = accepted(t, child);
    struct care_step hand = {.event = "hand_over",
                             .actor = &t->director,
                             .reason = SLICE_LITERAL("nearer"),
                             .to_account = t->neighbour.id};
    day today = day_of_instant(NOW);

    OK(t->s, CARE(t, NOW + 1, visit_fire(&t->c, a.visit_id, &hand, &t->s->e)));
    OK(t->s, CARE(t, NOW + 2, duty_roll(&t->c, today, today, &t->s->e)));
    assert_int_equal(visit_cast_get(t, a.visit_id).owner_id, t->neighbour.id);
    assert_int_equal(alert_stage_get(t, a.id).owner_id, t->neighbour.id);
    OK(t->s, CARE(t, NOW + 3, account_disable(t->s->d, t->neighbour.id, 0, &t->s->e)));
    OK(t->s, CARE(t, NOW + 4, duty_roll(&t->c, today, today, &t->s->e)));
    assert_int_equal(visit_cast_get(t, a.visit_id).owner_id, t->director.id);
    assert_int_equal(alert_stage_get(t, a.id).owner_id, t->director.id);
}

/* What a phone's clock says of a moment before there was an alert is not written down. */
static void a_clock_that_goes_wrong(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct care_step step = {.event = "accept", .actor = &t->director, .at = NOW - DAYS};

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    struct alert a = alert_stage_open_alert(t, child);
    OK(t->s, CARE(t, NOW + 5, alert_fire(&t->c, a.id, &step, &t->s->e)));
    assert_int_equal(
        alert_stage_count_of(
            t, "SELECT at FROM care_event WHERE event = 'accept' AND object_id =", a.id),
        NOW + 5);
}

/* More urgent than it was: whoever goes, goes sooner, and not alone. */
static void a_planned_visit_is_as_urgent_as_its_alert(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a = visit_cast_alert(t, child, "low_income", NOW);
    struct visit v = visit_cast_get(t, a.visit_id);

    assert_int_equal(v.level, 4);
    day before = v.planned;
    OK(t->s, alert_stage_follow(t, child, "+orphan", "low_income orphan", false, NOW + 1));
    a = alert_stage_get(t, a.id);
    v = visit_cast_get(t, a.visit_id);
    assert_int_equal(a.level, 2);
    assert_int_equal(v.level, 2);
    assert_int_equal(v.escort, ESCORT_PAIR);
    assert_true(v.planned < before);
    assert_int_equal(v.planned, day_of_instant(a.due_at));
    assert_int_equal(v.changed_at, NOW + 1);
    assert_int_equal(alert_stage_clocks(t, v.id), 1);
    assert_int_equal(alert_stage_count_of(t,
                                          "SELECT due_at FROM clock WHERE stopped_at IS NULL AND "
                                          "fired_at IS NULL AND object_id =",
                                          v.id),
                     v.due_at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(the_visit_moves_though_its_owner_stays),
        EACH(a_visit_under_way_is_recorded_first),
        EACH(who_never_heard_of_it_hears_of_no_recall),
        EACH(a_cancelled_visit_is_planned_anew),
        EACH(what_turned_back_follows_its_alert),
        EACH(a_visit_takes_its_alert_along),
        EACH(a_clock_that_goes_wrong),
        EACH(a_planned_visit_is_as_urgent_as_its_alert),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
