/* A visit from its planning to its record: by whom, when, and what follows. */
#include "visit_cast.h"

#include "notify/outbox.h"

#include <string.h>

#define NOW CAST_NOW
#define is(v, name) assert_string_equal(arena_string(&t->s->arena, (v).state), name)

static int64_t child_of(struct visit_cast *t)
{
    return cast_child(t->s, "a-child", "2015-05-10", VILLAGE);
}

static int fire(struct visit_cast *t, int64_t visit, const struct account *actor, const char *event,
                int64_t at, int64_t now)
{
    return visit_cast_fire(t, visit, actor, event, at, now);
}

static int64_t running(struct visit_cast *t, int64_t visit)
{
    return scene_count(t->s, arena_printf(&t->s->arena,
                                          "SELECT count(*) FROM clock WHERE object_id = %lld AND "
                                          "fired_at IS NULL AND stopped_at IS NULL",
                                          (long long)visit));
}

static void the_whole_way(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = child_of(t), id = visit_cast_plan(t, child, t->director.id, NOW);
    struct visit_write write = {
        .field = FIELD_LIVING, .value = SLICE_LITERAL("good"), .written_at = NOW + 40 * MINUTES};
    struct visit_value *values;
    struct care_event *history;
    struct visit v = visit_cast_get(t, id);
    size_t count;

    is(v, "planned");
    assert_true(v.alert_id == 0 && v.owner_id == t->director.id && v.division == VILLAGE);
    assert_true(v.escort == ESCORT_ALONE && v.planned == day_of_instant(NOW));
    assert_true(v.opened_at == NOW && v.due_at > NOW && running(t, id) == 1);
    assert_true(visit_cast_task(t, child, t->director.id));
    assert_int_equal(visit_cast_notices(t, NOTICE_VISIT_PLANNED, t->director.id), 1);

    OK(t->s, fire(t, id, &t->director, "start", 0, NOW + MINUTES));
    v = visit_cast_get(t, id);
    is(v, "under_way");
    assert_true(v.started_at == NOW + MINUTES && v.due_at == NOW + 241 * MINUTES);
    OK(t->s, CARE(t, NOW + 41 * MINUTES, visit_save(&t->c, id, &t->director, &write, 1, &t->s->e)));
    OK(t->s, fire(t, id, &t->director, "check_in", 0, NOW + 60 * MINUTES));
    v = visit_cast_get(t, id);
    is(v, "back");
    assert_true(v.back_at == NOW + 60 * MINUTES && running(t, id) == 1);
    OK(t->s, fire(t, id, &t->director, "record", 0, NOW + 70 * MINUTES));
    v = visit_cast_get(t, id);
    is(v, "recorded");
    assert_true(v.recorded_at == NOW + 70 * MINUTES && v.closed_at == v.recorded_at);
    assert_true(v.due_at == 0 && v.outcome == VISIT_FALSE_ALARM && running(t, id) == 0);
    assert_false(visit_cast_task(t, child, t->director.id));

    OK(t->s, visit_values(t->s->d, &v, false, &t->s->arena, &values, &count, &t->s->e));
    assert_true(count == 1 && values[0].version == 1 && slice_is(values[0].value, "good"));
    assert_true(values[0].written_at == NOW + 40 * MINUTES);
    OK(t->s, care_history(t->s->d, id, child, &t->s->arena, &history, &count, &t->s->e));
    assert_int_equal(count, 4);
    assert_true(slice_is(history[3].event, "record") && slice_is(history[3].from_state, "back"));
}

static void who_may(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = visit_cast_plan(t, child_of(t), t->director.id, NOW);
    struct visit_write write = {.field = FIELD_LIVING, .value = SLICE_LITERAL("good")};
    struct visit v = visit_cast_get(t, id);
    const char **events;
    size_t count;

    assert_int_equal(fire(t, id, &t->neighbour, "start", 0, NOW), -ERR_FORBIDDEN);
    assert_int_equal(fire(t, id, &t->supervisor, "start", 0, NOW), -ERR_FORBIDDEN);
    assert_int_equal(fire(t, id, &t->director, "check_in", 0, NOW), -ERR_WRONG_STATE);
    assert_int_equal(fire(t, id, &t->director, "fly", 0, NOW), -ERR_NOT_FOUND);
    assert_int_equal(fire(t, id + 1, &t->director, "start", 0, NOW), -ERR_NOT_FOUND);
    assert_int_equal(CARE(t, NOW, visit_save(&t->c, id, &t->neighbour, &write, 1, &t->s->e)),
                     -ERR_FORBIDDEN);
    assert_int_equal(CARE(t, NOW, visit_save(&t->c, id, &t->supervisor, &write, 1, &t->s->e)),
                     -ERR_FORBIDDEN);
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM visit_field"), 0);
    OK(t->s, visit_open_events(t->s->d, t->tables, &v, &t->director, NOW, &t->s->arena, &events,
                               &count, &t->s->e));
    assert_true(count > 0);
    assert_string_equal(events[0], "start");
    OK(t->s, visit_open_events(t->s->d, t->tables, &v, &t->neighbour, NOW, &t->s->arena, &events,
                               &count, &t->s->e));
    assert_int_equal(count, 0);
    OK(t->s, fire(t, id, &t->director, "start", 0, NOW));
    /* Reported safe by the supervisor, who has spoken to the visitor. */
    OK(t->s, fire(t, id, &t->supervisor, "check_in", 0, NOW + MINUTES));
    OK(t->s, fire(t, id, &t->director, "record", 0, NOW + MINUTES));
    OK(t->s, CARE(t, NOW + MINUTES, visit_save(&t->c, id, &t->supervisor, &write, 1, &t->s->e)));
}

/* Nothing of the phone's way is lost, and no alarm rings for who is back already. */
static void a_phone_that_was_away(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = visit_cast_plan(t, child_of(t), t->director.id, NOW);
    int64_t late = NOW + 9 * HOURS;
    size_t fired;

    OK(t->s, fire(t, id, &t->director, "start", NOW + HOURS, late));
    OK(t->s, CARE(t, late + MINUTES, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_int_equal(fired, 0);
    OK(t->s, fire(t, id, &t->director, "check_in", NOW + 2 * HOURS, late + MINUTES));
    OK(t->s, fire(t, id, &t->director, "record", NOW + 3 * HOURS, late + 2 * MINUTES));
    struct visit v = visit_cast_get(t, id);
    is(v, "recorded");
    assert_true(v.started_at == NOW + HOURS && v.back_at == NOW + 2 * HOURS);
    assert_true(v.recorded_at == NOW + 3 * HOURS && v.closed_at == late + 2 * MINUTES);
    OK(t->s, CARE(t, late + CAST_DAY, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_int_equal(visit_cast_events(t, id, "overdue"), 0);
    assert_int_equal(visit_cast_notices(t, NOTICE_NO_CHECK_IN, t->supervisor.id), 0);
}

/* A late start, and then nothing: somebody looks for the visitor. */
static void a_late_start_rings_after_grace(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = visit_cast_plan(t, child_of(t), t->director.id, NOW), late = NOW + 9 * HOURS;
    size_t fired;

    OK(t->s, fire(t, id, &t->director, "start", NOW + HOURS, late));
    OK(t->s, CARE(t, late + VISIT_GRACE, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_int_equal(fired, 0);
    OK(t->s, CARE(t, late + VISIT_GRACE + MINUTES, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_int_equal(fired, 1);
    assert_int_equal(visit_cast_notices(t, NOTICE_NO_CHECK_IN, t->supervisor.id), 1);
}

static void an_alarm_stays_in_the_history(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = visit_cast_plan(t, child_of(t), t->director.id, NOW);
    struct visit v;
    size_t fired;

    OK(t->s, fire(t, id, &t->director, "start", 0, NOW));
    OK(t->s, CARE(t, NOW + 240 * MINUTES, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_int_equal(fired, 0);
    OK(t->s, CARE(t, NOW + 240 * MINUTES + 1, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_int_equal(fired, 1);
    v = visit_cast_get(t, id);
    is(v, "under_way");
    assert_true(v.step == 1 && v.owner_id == t->director.id);
    assert_int_equal(visit_cast_notices(t, NOTICE_NO_CHECK_IN, t->supervisor.id), 1);
    OK(t->s, CARE(t, NOW + 280 * MINUTES, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_int_equal(visit_cast_notices(t, NOTICE_NO_CHECK_IN, t->station.id), 1);
    /* The phone has network again: its owner was back before the first alarm. */
    OK(t->s, fire(t, id, &t->director, "check_in", NOW + 90 * MINUTES, NOW + 300 * MINUTES));
    v = visit_cast_get(t, id);
    is(v, "back");
    assert_true(v.back_at == NOW + 90 * MINUTES);
    OK(t->s, CARE(t, NOW + 400 * MINUTES, clock_fire(&t->c, 10, &fired, &t->s->e)));
    assert_int_equal(fired, 0);
    assert_int_equal(visit_cast_events(t, id, "overdue"), 2);
}

static void moments_that_cannot_be(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = visit_cast_plan(t, child_of(t), t->director.id, NOW);

    OK(t->s, fire(t, id, &t->director, "start", NOW + 30 * HOURS, NOW + HOURS));
    assert_true(visit_cast_get(t, id).started_at == NOW + HOURS);
    OK(t->s, fire(t, id, &t->director, "turn_back", 0, NOW + HOURS + 1));
    assert_true(visit_cast_get(t, id).started_at == 0);
    OK(t->s, fire(t, id, &t->director, "start", NOW - 1, NOW + 2 * HOURS));
    assert_true(visit_cast_get(t, id).started_at == NOW + 2 * HOURS);
    /* Back before it started. */
    OK(t->s, fire(t, id, &t->director, "check_in", NOW + HOURS, NOW + 3 * HOURS));
    assert_true(visit_cast_get(t, id).back_at == NOW + 3 * HOURS);
    OK(t->s, fire(t, id, &t->director, "record", NOW + 2 * HOURS + 1, NOW + 4 * HOURS));
    assert_true(visit_cast_get(t, id).recorded_at == NOW + 4 * HOURS);
}

static void the_same_again(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = visit_cast_plan(t, child_of(t), t->director.id, NOW);
    struct care_step other = {
        .event = "record", .actor = &t->director, .outcome = VISIT_NOBODY_HOME};

    for (int i = 0; i < 3; i++)
        OK(t->s, fire(t, id, &t->director, "start", NOW + 1, NOW + HOURS + i));
    assert_true(visit_cast_get(t, id).started_at == NOW + 1);
    assert_int_equal(fire(t, id, &t->neighbour, "start", NOW + 1, NOW + HOURS), -ERR_WRONG_STATE);
    OK(t->s, fire(t, id, &t->supervisor, "check_in", 0, NOW + 2 * HOURS));
    OK(t->s, fire(t, id, &t->supervisor, "check_in", 0, NOW + 3 * HOURS));
    /* The start comes once more, later: it is the one that is known. */
    OK(t->s, fire(t, id, &t->director, "start", NOW + 1, NOW + 3 * HOURS));
    OK(t->s, fire(t, id, &t->director, "record", 0, NOW + 4 * HOURS));
    OK(t->s, fire(t, id, &t->director, "record", 0, NOW + 5 * HOURS));
    assert_int_equal(CARE(t, NOW + 6 * HOURS, visit_fire(&t->c, id, &other, &t->s->e)),
                     -ERR_WRONG_STATE);
    assert_true(visit_cast_get(t, id).recorded_at == NOW + 4 * HOURS);
    assert_int_equal(visit_cast_events(t, id, "start"), 1);
    assert_int_equal(visit_cast_events(t, id, "check_in"), 1);
    assert_int_equal(visit_cast_events(t, id, "record"), 1);
}

static int postpone(struct visit_cast *t, int64_t id, const struct account *actor, int days,
                    const char *reason)
{
    struct care_step step = {.event = "postpone",
                             .actor = actor,
                             .reason = slice_from(reason),
                             .planned = day_of_instant(NOW) + days};

    return CARE(t, NOW, visit_fire(&t->c, id, &step, &t->s->e));
}

static void postponed(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = visit_cast_plan(t, child_of(t), t->director.id, NOW);

    assert_int_equal(postpone(t, id, &t->director, 2, NULL), -ERR_WRONG_STATE);
    assert_int_equal(postpone(t, id, &t->director, -1, "rain"), -ERR_VALUE);
    assert_int_equal(postpone(t, id, &t->director, VISIT_AHEAD + 1, "rain"), -ERR_VALUE);
    for (int i = 1; i <= 3; i++) {
        OK(t->s, postpone(t, id, &t->director, i, "rain"));
        OK(t->s, postpone(t, id, &t->director, i, "rain")); /* a phone that repeats */
    }
    struct visit v = visit_cast_get(t, id);
    assert_true(v.postponed == 3 && v.planned == day_of_instant(NOW) + 3);
    assert_int_equal(day_of_instant(v.due_at), v.planned + 3); /* of the lowest level */
    assert_true(postpone(t, id, &t->director, 4, "rain") < 0);
    OK(t->s, postpone(t, id, &t->supervisor, 4, "agreed"));
    assert_true(visit_cast_get(t, id).planned == day_of_instant(NOW) + 4);
    assert_int_equal(visit_cast_events(t, id, "postpone"), 4);
}

static int hand_over(struct visit_cast *t, int64_t id, const struct account *actor, int64_t to)
{
    struct care_step step = {
        .event = "hand_over", .actor = actor, .to_account = to, .reason = SLICE_LITERAL("ill")};

    return CARE(t, NOW + HOURS, visit_fire(&t->c, id, &step, &t->s->e));
}

static void handed_over(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = child_of(t), id = visit_cast_plan(t, child, t->director.id, NOW);
    int64_t helper = cast_account(t->s, "h1", ROLE_HELPER, VILLAGE, NULL, "team", 0);
    int64_t stranger = cast_account(t->s, "d9", ROLE_CHILD_DIRECTOR, INT64_C(999902001001), NULL,
                                    NULL, 0);
    struct visit_write write = {
        .field = FIELD_WISH, .value = SLICE_LITERAL("a book"), .written_at = NOW + MINUTES};

    assert_int_equal(hand_over(t, id, &t->supervisor, 0), -ERR_VALUE);
    assert_int_equal(hand_over(t, id, &t->supervisor, helper), -ERR_VALUE);
    assert_int_equal(hand_over(t, id, &t->supervisor, stranger), -ERR_VALUE);
    assert_int_equal(hand_over(t, id, &t->supervisor, INT64_MAX), -ERR_VALUE);
    assert_int_equal(hand_over(t, id, &t->neighbour, t->neighbour.id), -ERR_FORBIDDEN);
    OK(t->s, hand_over(t, id, &t->supervisor, t->neighbour.id));
    OK(t->s, hand_over(t, id, &t->supervisor, t->neighbour.id));
    assert_int_equal(visit_cast_events(t, id, "hand_over"), 1);
    assert_true(visit_cast_get(t, id).owner_id == t->neighbour.id);
    assert_true(visit_cast_task(t, child, t->neighbour.id));
    assert_false(visit_cast_task(t, child, t->director.id));
    assert_int_equal(visit_cast_notices(t, NOTICE_HANDED_OVER, t->neighbour.id), 1);
    assert_int_equal(fire(t, id, &t->director, "start", 0, NOW + 2 * HOURS), -ERR_FORBIDDEN);
    /* What the one before wrote without network while it was theirs comes through; nothing later does. */
    OK(t->s, CARE(t, NOW + 2 * HOURS, visit_save(&t->c, id, &t->director, &write, 1, &t->s->e)));
    write.written_at = NOW + 90 * MINUTES;
    assert_int_equal(
        CARE(t, NOW + 2 * HOURS, visit_save(&t->c, id, &t->director, &write, 1, &t->s->e)),
        -ERR_FORBIDDEN);
    /* By the roster, and to nobody for now. */
    struct care_step roster = {.event = "hand_over", .to_account = 0};
    OK(t->s, CARE(t, NOW + 3 * HOURS, visit_fire(&t->c, id, &roster, &t->s->e)));
    assert_true(visit_cast_get(t, id).owner_id == 0);
    assert_false(visit_cast_task(t, child, t->neighbour.id));
    roster.to_account = t->director.id;
    OK(t->s, CARE(t, NOW + 3 * HOURS, visit_fire(&t->c, id, &roster, &t->s->e)));
    assert_true(visit_cast_task(t, child, t->director.id));
}

static void danger_is_told_at_once(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t id = visit_cast_plan(t, child_of(t), t->director.id, NOW);
    struct visit_write write = {
        .field = FIELD_SAFETY, .value = SLICE_LITERAL("unsure"), .written_at = NOW + 1};

    OK(t->s, CARE(t, NOW + 2, visit_save(&t->c, id, &t->director, &write, 1, &t->s->e)));
    assert_int_equal(visit_cast_events(t, id, "danger"), 0);
    write.value = SLICE_LITERAL("danger"); /* upon the same version as before: thought again */
    write.written_at = NOW + 2;
    for (int i = 0; i < 2; i++)
        OK(t->s, CARE(t, NOW + 3 + i, visit_save(&t->c, id, &t->director, &write, 1, &t->s->e)));
    assert_int_equal(visit_cast_events(t, id, "danger"), 1);
    assert_int_equal(visit_cast_notices(t, NOTICE_DANGER, t->supervisor.id), 1);
    assert_int_equal(visit_cast_notices(t, NOTICE_DANGER, t->station.id), 1);
    assert_int_equal(visit_cast_notices(t, NOTICE_DANGER, t->centre.id), 1);
    assert_int_equal(visit_cast_notices(t, NOTICE_DANGER, t->director.id), 0);
}

/* ---- what an outcome does to the alert ---- */

static int64_t record(struct visit_cast *t, int64_t visit, int outcome, int64_t now)
{
    struct care_step step = {.event = "record", .actor = &t->director, .outcome = outcome};
    struct scene *s = t->s;

    OK(s, fire(t, visit, &t->director, "start", 0, now));
    OK(s, fire(t, visit, &t->director, "check_in", 0, now + 1));
    OK(s, CARE(t, now + 2, visit_fire(&t->c, visit, &step, &s->e)));
    OK(s, CARE(t, now + 3, visit_fire(&t->c, visit, &step, &s->e)));
    return visit_cast_get(t, visit).alert_id;
}

static struct alert alert_after(struct visit_cast *t, int64_t id)
{
    struct alert a;

    OK(t->s, alert_get(t->s->d, id, &t->s->arena, &a, &t->s->e));
    return a;
}

static void outcomes_move_the_alert(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct alert a = visit_cast_alert(t, child_of(t), "orphan", NOW);
    struct visit v = visit_cast_get(t, a.visit_id);

    assert_true(v.alert_id == a.id && v.level == a.level && v.escort == ESCORT_PAIR);
    /* Nobody at home: gone to again, by a visit of its own. */
    assert_true(record(t, v.id, VISIT_NOBODY_HOME, NOW + HOURS) == a.id);
    a = alert_after(t, a.id);
    is(a, "again");
    assert_true(a.visit_id != 0 && a.visit_id != v.id);
    v = visit_cast_get(t, a.visit_id);
    is(v, "planned");
    assert_true(visit_cast_task(t, a.child_id, t->director.id));
    /* Refused: watched, with repeat visits, never forced. */
    record(t, v.id, VISIT_REFUSED, NOW + 2 * HOURS);
    a = alert_after(t, a.id);
    is(a, "watch");
    assert_true(a.visit_id != 0 && a.visit_id != v.id);
    v = visit_cast_get(t, a.visit_id);
    is(v, "planned");
    assert_true(v.planned > day_of_instant(NOW) && v.planned <= day_of_instant(NOW) + 14);
    /* Seen at last. */
    record(t, v.id, VISIT_VERIFIED, NOW + 10 * CAST_DAY);
    a = alert_after(t, a.id);
    is(a, "verified");
    assert_true(a.visit_id == 0);
}

static void a_false_alarm(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct alert a = visit_cast_alert(t, child_of(t), "low_income", NOW);

    record(t, a.visit_id, VISIT_FALSE_ALARM, NOW + HOURS);
    a = alert_after(t, a.id);
    is(a, "false_alarm");
}

static void called_off_with_its_alert(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct alert a = visit_cast_alert(t, child_of(t), "low_income", NOW);
    int64_t id = a.visit_id;
    struct care_step off = {.event = "call_off"};

    OK(t->s, fire(t, id, &t->director, "start", 0, NOW + 1));
    assert_int_equal(CARE(t, NOW + 2, visit_fire(&t->c, id, &off, &t->s->e)), -ERR_WRONG_STATE);
    OK(t->s, fire(t, id, &t->director, "turn_back", 0, NOW + 3));
    OK(t->s, CARE(t, NOW + 4, visit_fire(&t->c, id, &off, &t->s->e)));
    struct visit v = visit_cast_get(t, id);
    is(v, "cancelled");
    assert_true(v.closed_at == NOW + 4 && running(t, id) == 0);
}

static void listed(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t ids[6];
    struct visit *list;
    size_t count;

    for (int i = 0; i < 6; i++) {
        char ref[8];
        snprintf(ref, sizeof(ref), "c%d", i);
        int64_t child = cast_child(t->s, ref, "2015-05-10", i < 4 ? VILLAGE : NEIGHBOUR);
        int64_t owner = i < 4 ? t->director.id : t->neighbour.id;
        OK(t->s, CARE(t, NOW,
                      visit_plan(&t->c, NULL, child, owner, day_of_instant(NOW) + (i == 0 ? 5 : i),
                                 &ids[i], &t->s->e)));
    }
    OK(t->s, fire(t, ids[1], &t->director, "start", 0, NOW + HOURS));
    OK(t->s, fire(t, ids[1], &t->director, "check_in", 0, NOW + HOURS));
    OK(t->s, fire(t, ids[1], &t->director, "record", 0, NOW + HOURS));
    struct visit_filter f = {.owner_id = t->director.id};
    OK(t->s, visit_list(t->s->d, &f, 0, 2, &t->s->arena, &list, &count, &t->s->e));
    assert_true(count == 2 && list[0].id == ids[2] && list[1].id == ids[3]);
    OK(t->s, visit_list(t->s->d, &f, ids[3], 2, &t->s->arena, &list, &count, &t->s->e));
    assert_true(count == 1 && list[0].id == ids[0]);
    f.closed = true;
    f.changed_after = NOW;
    OK(t->s, visit_list(t->s->d, &f, 0, 9, &t->s->arena, &list, &count, &t->s->e));
    assert_true(count == 1 && list[0].id == ids[1]);
    f = (struct visit_filter){.division = TOWN};
    OK(t->s, visit_list(t->s->d, &f, 0, 9, &t->s->arena, &list, &count, &t->s->e));
    assert_int_equal(count, 5);
    f.division = NEIGHBOUR;
    OK(t->s, visit_list(t->s->d, &f, 0, 9, &t->s->arena, &list, &count, &t->s->e));
    assert_true(count == 2 && list[0].id == ids[4]);
    f = (struct visit_filter){.child_id = visit_cast_get(t, ids[1]).child_id, .closed = true};
    OK(t->s, visit_list(t->s->d, &f, 0, 9, &t->s->arena, &list, &count, &t->s->e));
    assert_true(count == 1 && list[0].id == ids[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(the_whole_way),
        EACH(who_may),
        EACH(a_phone_that_was_away),
        EACH(a_late_start_rings_after_grace),
        EACH(an_alarm_stays_in_the_history),
        EACH(moments_that_cannot_be),
        EACH(the_same_again),
        EACH(postponed),
        EACH(handed_over),
        EACH(danger_is_told_at_once),
        EACH(outcomes_move_the_alert),
        EACH(a_false_alarm),
        EACH(called_off_with_its_alert),
        EACH(listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
