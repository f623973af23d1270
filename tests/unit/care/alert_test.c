/* Alerts: raised, joined, withdrawn, recalled, held back; overdue; given out, moved, erased; boards. */
#include "alert_stage.h"

#include "care/forget.h"
#include "care/review.h"
#include "store/sql_person.h"

static void raised(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    a = alert_stage_open_alert(t, child);
    STATE(a, "pushed");
    assert_int_equal(a.level, LEVEL_HIGH);
    assert_int_equal(a.owner_id, t->director.id);
    assert_int_equal(a.division, VILLAGE);
    assert_int_equal(a.origin, ALERT_OF_RECORD);
    assert_true(a.due_at > NOW && a.due_at < NOW + 3 * DAYS);
    assert_int_equal(alert_stage_clocks(t, a.id), 1);
    assert_int_equal(visit_cast_notices(t, NOTICE_ALERT_NEW, t->director.id), 1);
    assert_string_equal(alert_stage_causes(t, a.id), "orphan");
    assert_string_equal(alert_stage_needs(t, a.id), "guardianship livelihood company");
    /* Whose it is, is not yet told by a task: the visit is not theirs before they accept (PR-06). */
    assert_false(visit_cast_task(t, child, t->director.id));
    /* What the tables do not name raises nothing. */
    child = cast_child(t->s, "C2", "2018-05-01", VILLAGE);
    OK(t->s, alert_stage_follow(t, child, "+left_behind", "left_behind", false, NOW));
    assert_false(alert_stage_thread(t, child, &a));
    /* What began and ended while nobody looked raises nothing either. */
    OK(t->s, alert_stage_follow(t, child, "+orphan -orphan", "", false, NOW));
    assert_false(alert_stage_thread(t, child, &a));
}

static void joined(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert before, a;

    OK(t->s, alert_stage_follow(t, child, "+low_income", "low_income", false, NOW));
    before = alert_stage_open_alert(t, child);
    assert_int_equal(before.level, LEVEL_LOW);
    OK(t->s, alert_stage_follow(t, child, "+orphan +single_parent",
                                "low_income orphan single_parent", false, NOW + DAYS));
    a = alert_stage_open_alert(t, child);
    assert_int_equal(a.id, before.id);
    assert_int_equal(a.level, LEVEL_HIGH);
    assert_true(a.due_at < before.due_at); /* a day for high, three were left */
    assert_int_equal(alert_stage_clocks(t, a.id), 1);
    assert_int_equal(visit_cast_notices(t, NOTICE_ALERT_CHANGED, t->director.id), 1);
    assert_string_equal(alert_stage_causes(t, a.id), "low_income orphan single_parent");
    assert_string_equal(alert_stage_needs(t, a.id), "livelihood study guardianship company");
    /* The same once more is known. */
    OK(t->s, alert_stage_follow(t, child, "+orphan", "low_income orphan single_parent", false,
                                NOW + 2 * DAYS));
    assert_string_equal(alert_stage_causes(t, a.id), "low_income orphan single_parent");
    /* The urgent one goes: the level falls, and the deadline stays. */
    OK(t->s,
       alert_stage_follow(t, child, "-orphan", "low_income single_parent", false, NOW + 2 * DAYS));
    assert_int_equal(alert_stage_get(t, a.id).level, LEVEL_LOW);
    assert_int_equal(alert_stage_get(t, a.id).due_at, a.due_at);
    assert_string_equal(alert_stage_causes(t, a.id), "low_income orphan! single_parent");
    assert_string_equal(alert_stage_needs(t, a.id), "livelihood study company");
    /* A level that rises when the deadline has nearly come does not put it off. */
    OK(t->s, alert_stage_follow(t, child, "+hiv_child", "low_income single_parent hiv_child", false,
                                a.due_at - 1));
    assert_int_equal(alert_stage_get(t, a.id).due_at, a.due_at);
}

static void withdrawn(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+orphan +low_income", "orphan low_income", false, NOW));
    a = alert_stage_open_alert(t, child);
    OK(t->s, alert_stage_follow(t, child, "-orphan", "low_income", false, NOW + 1));
    STATE(alert_stage_open_alert(t, child), "pushed"); /* something else supports it */
    OK(t->s, alert_stage_follow(t, child, "-low_income", "", false, NOW + 2));
    assert_false(alert_stage_thread(t, child, &a));
    a = alert_stage_get(t, scene_count(t->s, "SELECT max(id) FROM alert"));
    STATE(a, "recalled");
    assert_int_equal(a.owner_id, 0);
    assert_int_equal(a.due_at, 0);
    assert_int_equal(alert_stage_clocks(t, a.id), 0);
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM outbox WHERE kind = 1 AND "
                                       "recalled_at IS NULL"),
                     0);
    /* Another thread begins when it holds again. */
    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW + 3));
    assert_int_not_equal(alert_stage_open_alert(t, child).id, a.id);
    /* Once accepted it is not recalled: the supervisor decides. */
    a = alert_stage_open_alert(t, child);
    OK(t->s, alert_stage_fire(t, a.id, &t->director, "accept", NULL, NOW + 4));
    OK(t->s, alert_stage_follow(t, child, "-orphan", "", false, NOW + 5));
    a = alert_stage_open_alert(t, child);
    STATE(a, "accepted");
    assert_true(a.basis_withdrawn);
    assert_int_equal(visit_cast_notices(t, NOTICE_BASIS_WITHDRAWN, t->supervisor.id), 1);
    assert_string_equal(alert_stage_events(t, a.id, &t->supervisor),
                        "hand_over keep close_withdrawn");
    assert_int_equal(alert_stage_fire(t, a.id, &t->supervisor, "close_withdrawn", NULL, NOW + 6),
                     -ERR_WRONG_STATE);
    /* It holds again: there is a basis. */
    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW + 7));
    assert_false(alert_stage_open_alert(t, child).basis_withdrawn);
    OK(t->s, alert_stage_follow(t, child, "-orphan", "", false, NOW + 8));
    OK(t->s, alert_stage_fire(t, a.id, &t->supervisor, "close_withdrawn", "retracted by justice",
                              NOW + 9));
    a = alert_stage_get(t, a.id);
    STATE(a, "closed");
    assert_true(a.basis_withdrawn); /* the file keeps it */
    assert_int_equal(
        alert_stage_count_of(
            t, "SELECT count(*) FROM visit WHERE closed_at IS NULL AND child_id =", child),
        0);
    assert_false(visit_cast_task(t, child, t->director.id));
}

static void held_back(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    int64_t other = cast_child(t->s, "C2", "2018-05-01", VILLAGE);
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+low_income", "low_income", true, NOW));
    OK(t->s, alert_stage_follow(t, other, "+low_income", "low_income", true, NOW));
    a = alert_stage_open_alert(t, child);
    STATE(a, "held");
    assert_int_equal(a.origin, ALERT_OF_BASELINE);
    assert_int_equal(a.owner_id, 0);
    assert_int_equal(a.due_at, 0);
    assert_int_equal(alert_stage_clocks(t, a.id), 0);
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM outbox"), 0);
    /* More of the baseline keeps it back, and so does an end. */
    OK(t->s,
       alert_stage_follow(t, child, "+single_parent", "low_income single_parent", true, NOW + 1));
    STATE(alert_stage_get(t, a.id), "held");
    OK(t->s, alert_stage_follow(t, other, "-low_income", "", false, NOW + 1));
    STATE(alert_stage_get(t, scene_count(t->s, "SELECT max(id) FROM alert")), "recalled");
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM outbox"), 0);
    /* News lets it out. */
    OK(t->s,
       alert_stage_follow(t, child, "+orphan", "low_income single_parent orphan", false, NOW + 2));
    a = alert_stage_get(t, a.id);
    STATE(a, "pushed");
    assert_int_equal(a.released_at, NOW + 2);
    assert_int_equal(a.owner_id, t->director.id);
    assert_int_equal(alert_stage_clocks(t, a.id), 1);
}

/* ---- what the clock does ---------------------------------------------------------------------------------- */

static void overdue(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE), counts[ALERTS_CLOSED + 1];
    const int64_t posts[] = {t->supervisor.id, t->station.id, t->centre.id};
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    a = alert_stage_open_alert(t, child);
    int64_t due = a.due_at, at = due;
    for (int step = 1; step <= 4; step++) {
        struct clock_row row = {.object_id = a.id, .state = a.state, .step = a.step, .due_at = at};
        OK(t->s, CARE(t, at + 1, alert_due(&t->c, &row, &t->s->e)));
        a = alert_stage_get(t, a.id);
        assert_int_equal(a.step, step > 3 ? 3 : step);
        assert_int_equal(a.due_at, due); /* overdue until somebody acts */
        assert_int_equal(alert_stage_clocks(t, a.id), 1);
        assert_int_equal(visit_cast_notices(t, NOTICE_OVERDUE, posts[a.step - 1]), 1);
        at = alert_stage_count_of(t, "SELECT max(due_at) FROM clock WHERE object_id =", a.id);
        assert_true(at > due);
    }
    OK(t->s, alert_counts(t->s->d, TOWN, due + 1, counts, &t->s->e));
    assert_int_equal(counts[ALERTS_OPEN], 1);
    assert_int_equal(counts[ALERTS_OVERDUE], 1);
    OK(t->s, alert_stage_fire(t, a.id, &t->director, "accept", NULL, at));
    assert_int_equal(alert_stage_get(t, a.id).step, 0);
    /* A clock of a state that is over does nothing. */
    struct clock_row stale = {.object_id = a.id, .state = SLICE_LITERAL("pushed"), .due_at = due};
    OK(t->s, CARE(t, at, alert_due(&t->c, &stale, &t->s->e)));
    assert_int_equal(alert_stage_get(t, a.id).step, 0);
}

/* Thousands may be held: of a town and a level one notice, as the oldest waits. */
static void held_too_long(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    day today = day_of_instant(NOW);
    const struct {
        day until;
        int64_t supervisor, station, centre;
    } steps[] = {{today + 30, 0, 0, 0}, {today + 31, 1, 1, 0}, {today + 80, 1, 1, 1}};

    for (int i = 0; i < 5; i++) {
        int64_t child = cast_child(t->s, arena_printf(&t->s->arena, "C%d", i), "2018-05-01",
                                   i % 2 ? VILLAGE : NEIGHBOUR);
        OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", true, NOW + i));
    }
    day from = today;
    for (size_t i = 0; i < 3; i++) {
        day until = steps[i].until;
        for (int twice = 0; twice < 2; twice++) {
            OK(t->s,
               CARE(t, NOW + (until - today) * DAYS, alert_remind(&t->c, from, until, &t->s->e)));
            assert_int_equal(visit_cast_notices(t, NOTICE_OVERDUE, t->supervisor.id),
                             steps[i].supervisor);
            assert_int_equal(visit_cast_notices(t, NOTICE_OVERDUE, t->station.id),
                             steps[i].station);
            assert_int_equal(visit_cast_notices(t, NOTICE_OVERDUE, t->centre.id), steps[i].centre);
        }
        from = until;
    }
}

/* ---- nobody there, moved away, erased ------------------------------------------------------------------------ */

static void settle(struct visit_cast *t, int64_t now)
{
    int64_t after = 0;
    bool more = true;

    while (more)
        OK(t->s, CARE(t, now, alert_settle(&t->c, &after, 1, &more, &t->s->e)));
}

static void nobody_on_duty(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t empty = INT64_C(999902001001);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", empty);
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    a = alert_stage_open_alert(t, child);
    STATE(a, "new");
    assert_int_equal(a.owner_id, 0);
    assert_int_equal(alert_stage_clocks(t, a.id), 1);
    settle(t, NOW + 1);
    STATE(alert_stage_get(t, a.id), "new");
    int64_t account = cast_account(t->s, "x1", ROLE_CHILD_DIRECTOR, empty, NULL, NULL, 0);
    settle(t, NOW + 2);
    a = alert_stage_get(t, a.id);
    STATE(a, "pushed");
    assert_int_equal(a.owner_id, account);
    assert_int_equal(visit_cast_notices(t, NOTICE_ALERT_NEW, account), 1);
}

static void moved_away(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct alert a;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    a = alert_stage_open_alert(t, child);
    OK(t->s, alert_stage_fire(t, a.id, &t->director, "accept", NULL, NOW));
    OK(t->s, store_begin(t->s->d->store, &t->s->e));
    day birth;
    assert_true(day_parse(SLICE_LITERAL("2018-05-01"), &birth));
    OK(t->s, sql_person_update(t->s->d->store, child, opt_int(birth), SLICE_NONE, OPT_INT_NONE,
                               opt_int(NEIGHBOUR), OPT_INT_NONE, NOW, &t->s->e));
    OK(t->s, store_commit(t->s->d->store, &t->s->e));
    settle(t, NOW + 1);
    a = alert_stage_get(t, a.id);
    assert_int_equal(a.division, NEIGHBOUR);
    assert_int_equal(a.owner_id, t->neighbour.id);
    assert_int_equal(visit_cast_get(t, a.visit_id).owner_id, t->neighbour.id);
    assert_true(visit_cast_task(t, child, t->neighbour.id));
    assert_false(visit_cast_task(t, child, t->director.id));
    settle(t, NOW + 2);
    assert_int_equal(alert_stage_get(t, a.id).changed_at, NOW + 1);
}

static void erased(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t child = cast_child(t->s, "C1", "2018-05-01", VILLAGE);
    struct review_item item = {SLICE_LITERAL("orphan"), SLICE_LITERAL("father_not_registered")};
    struct care_event *history;
    struct slice *list;
    size_t count;

    OK(t->s, alert_stage_follow(t, child, "+orphan", "orphan", false, NOW));
    struct alert a = alert_stage_open_alert(t, child);
    OK(t->s, alert_stage_fire(t, a.id, &t->director, "accept", NULL, NOW));
    OK(t->s, CARE(t, NOW, review_put(&t->c, child, &item, 1, &t->s->e)));
    int64_t visit = alert_stage_get(t, a.id).visit_id;
    OK(t->s, care_person_erase(t->s->d, child, &t->s->e));
    a = alert_stage_get(t, a.id);
    STATE(a, "closed");
    assert_int_equal(a.owner_id, 0);
    STATE(visit_cast_get(t, visit), "cancelled");
    assert_int_equal(alert_stage_clocks(t, a.id), 0);
    assert_int_equal(alert_stage_clocks(t, visit), 0);
    assert_false(visit_cast_task(t, child, t->director.id));
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM review"), 0);
    assert_int_equal(scene_count(t->s, "SELECT count(*) FROM outbox WHERE seen_at IS NULL AND "
                                       "recalled_at IS NULL AND child_id IS NOT NULL"),
                     0);
    assert_int_equal(alert_needs(t->s->d, &a, &t->s->arena, &list, &count, &t->s->e), -ERR_ERASED);
    OK(t->s, care_history(t->s->d, a.id, child, &t->s->arena, &history, &count, &t->s->e));
    assert_true(slice_is(history[count - 1].event, "erased"));
    assert_int_equal(care_person_erase(t->s->d, child, &t->s->e), -ERR_ERASED);
}

/* ---- boards --------------------------------------------------------------------------------------------------- */

static void boards(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    static const char *const raise[] = {"low_income", "orphan", "destitute", "hiv_child", "orphan"};
    struct alert_filter f = {.view = ALERTS_OPEN, .division = TOWN, .now = NOW};
    struct alert *page, last = {.level = 0};
    struct alert_place after = {0};
    int64_t counts[ALERTS_CLOSED + 1];
    size_t count, seen = 0;

    for (int i = 0; i < 5; i++) {
        int64_t child = cast_child(t->s, arena_printf(&t->s->arena, "C%d", i), "2018-05-01",
                                   i == 3 ? NEIGHBOUR : VILLAGE);
        OK(t->s, alert_stage_follow(t, child, arena_printf(&t->s->arena, "+%s", raise[i]), raise[i],
                                    i == 4, NOW + (i == 1 ? DAYS : 0)));
    }
    do { /* by pages of one: level, then due, then id */
        OK(t->s, alert_list(t->s->d, &f, after, 1, &t->s->arena, &page, &count, &t->s->e));
        if (count == 0)
            break;
        assert_true(last.level < page->level ||
                    (last.level == page->level && last.due_at < page->due_at));
        last = *page;
        after = alert_place_of(page);
    } while (++seen < 9);
    assert_int_equal(seen, 4);
    f.owner_id = t->neighbour.id;
    OK(t->s,
       alert_list(t->s->d, &f, (struct alert_place){0}, 9, &t->s->arena, &page, &count, &t->s->e));
    assert_int_equal(count, 1);
    assert_int_equal(page->division, NEIGHBOUR);
    f = (struct alert_filter){.view = ALERTS_HELD, .division = VILLAGE};
    OK(t->s,
       alert_list(t->s->d, &f, (struct alert_place){0}, 9, &t->s->arena, &page, &count, &t->s->e));
    assert_int_equal(count, 1);
    f.level = LEVEL_LOW;
    OK(t->s,
       alert_list(t->s->d, &f, (struct alert_place){0}, 9, &t->s->arena, &page, &count, &t->s->e));
    assert_int_equal(count, 0);
    OK(t->s, alert_counts(t->s->d, COUNTY, NOW, counts, &t->s->e));
    assert_int_equal(counts[ALERTS_OPEN], 4);
    assert_int_equal(counts[ALERTS_HELD], 1);
    assert_int_equal(counts[ALERTS_CLOSED], 0);
    OK(t->s, alert_counts(t->s->d, INT64_C(999903000000), NOW, counts, &t->s->e));
    assert_int_equal(counts[ALERTS_OPEN], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(raised),        EACH(joined),         EACH(withdrawn),  EACH(held_back), EACH(overdue),
        EACH(held_too_long), EACH(nobody_on_duty), EACH(moved_away), EACH(erased),    EACH(boards)};

    return cmocka_run_group_tests_name("alerts", tests, NULL, NULL);
}
