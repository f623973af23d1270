/* Whoever works elsewhere by now does not keep the old place's work; what somebody took upon themselves they do. */
#include "duty_stage.h"

#include "care/duty_accounts.h"

#define FAR_VILLAGE INT64_C(999901002201)

static void post(struct stage *t, const char *name, enum role role, int64_t division)
{
    struct account_row row = {
        .name = slice_from(name), .display = slice_from(name), .role = role, .division = division};
    int64_t id;

    OK(t->s, account_put(t->s->d, &row, 0, &t->s->arena, &id, &t->s->e));
}

/* As a file of accounts says it: of care nobody thinks. */
static void repost(struct stage *t, const char *name, enum role role, int64_t division)
{
    OK(t->s, store_begin(t->s->d->store, &t->s->e));
    post(t, name, role, division);
    OK(t->s, store_commit(t->s->d->store, &t->s->e));
}

static void roll(struct stage *t, day on)
{
    struct care *c = stage_begin(t, on);

    OK(t->s, duty_roll(c, on, on, &t->s->e));
    stage_end(t);
}

static int64_t owner(struct stage *t, int64_t alert) { return stage_alert_get(t, alert).owner_id; }

static int64_t visit_owner(struct stage *t, int64_t id)
{
    struct visit v;

    OK(t->s, visit_get(t->s->d, id, &t->s->arena, &v, &t->s->e));
    return v.owner_id;
}

static int64_t visit_by(struct stage *t, int64_t by, int64_t owner)
{
    static int children;
    int64_t id, child = cast_child(t->s, arena_printf(&t->s->arena, "own %d", ++children),
                                   "2016-05-05", VILLAGE);
    struct account account;
    struct care *c;

    if (by)
        account = cast_account_get(t->s, by);
    c = stage_begin(t, TODAY);
    OK(t->s, visit_plan_by(c, by ? &account : NULL, child, owner, TODAY, &id, &t->s->e));
    stage_end(t);
    return id;
}

static void the_tick_takes_up_what_lies_with_who_works_elsewhere(void **state)
{
    struct stage t = stage_of(state);
    int64_t director = stage_account(&t, "director", ROLE_CHILD_DIRECTOR, VILLAGE);
    int64_t supervisor = stage_account(&t, "supervisor", ROLE_SUPERVISOR, TOWN);
    int64_t open = stage_alert(&t, VILLAGE, 3, false), taken = stage_alert(&t, VILLAGE, 4, false);
    int64_t routine = visit_by(&t, 0, director);

    stage_fire(&t, taken, "accept", director, 0);
    repost(&t, "director", ROLE_CHILD_DIRECTOR, FAR_VILLAGE);
    roll(&t, TODAY);
    assert_int_equal(owner(&t, open), supervisor);
    assert_int_equal(owner(&t, taken), supervisor);
    assert_int_equal(visit_owner(&t, stage_alert_get(&t, taken).visit_id), supervisor);
    assert_int_equal(visit_owner(&t, routine), supervisor);
    int64_t moves = scene_count(t.s, "SELECT count(*) FROM care_event WHERE event = 'hand_over'");
    roll(&t, TODAY);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM care_event WHERE event = 'hand_over'"),
                     moves);
}

static void by_roster_and_by_hand_it_stays(void **state)
{
    struct stage t = stage_of(state);
    int64_t director = stage_account(&t, "director", ROLE_CHILD_DIRECTOR, VILLAGE);
    int64_t other = stage_account(&t, "other", ROLE_CHILD_DIRECTOR, FAR_VILLAGE);
    int64_t supervisor = stage_account(&t, "supervisor", ROLE_SUPERVISOR, TOWN);
    int64_t by_roster = stage_alert(&t, VILLAGE, 3, false);
    int64_t by_hand = stage_alert(&t, VILLAGE, 4, false);

    stage_give(&t, VILLAGE, ROLE_CHILD_DIRECTOR, director, 1, TODAY);
    stage_fire(&t, by_hand, "hand_over", supervisor, other);
    repost(&t, "director", ROLE_CHILD_DIRECTOR, OTHER_VILLAGE);
    roll(&t, TODAY);
    assert_int_equal(owner(&t, by_roster), director);
    assert_int_equal(owner(&t, by_hand), other);
}

static void follow(struct stage *t, const struct duty_accounts *before)
{
    OK(t->s, duty_accounts_follow(t->s->d, t->tables, before, &t->s->arena, &t->s->e));
}

static void a_load_of_accounts_moves_open_work_at_once(void **state)
{
    struct stage t = stage_of(state);
    int64_t leaves = stage_account(&t, "leaves", ROLE_CHILD_DIRECTOR, VILLAGE);
    int64_t supervisor = stage_account(&t, "supervisor", ROLE_SUPERVISOR, TOWN);
    struct duty_accounts before;
    int64_t here = stage_alert(&t, VILLAGE, 3, false);
    int64_t there = stage_alert(&t, OTHER_VILLAGE, 3, false);

    assert_int_equal(owner(&t, here), leaves);
    assert_int_equal(owner(&t, there), supervisor);
    OK(t.s, duty_accounts_read(t.s->d, &t.s->arena, &before, &t.s->e));
    repost(&t, "leaves", ROLE_CHILD_DIRECTOR, OTHER_VILLAGE);
    follow(&t, &before);
    assert_int_equal(owner(&t, here), supervisor);
    assert_int_equal(owner(&t, there), leaves); /* it has its director by now */
    /* One that comes. */
    OK(t.s, duty_accounts_read(t.s->d, &t.s->arena, &before, &t.s->e));
    repost(&t, "comes", ROLE_CHILD_DIRECTOR, VILLAGE);
    follow(&t, &before);
    struct account comes;
    OK(t.s, account_find(t.s->d, SLICE_LITERAL("comes"), &t.s->arena, &comes, &t.s->e));
    assert_int_equal(owner(&t, here), comes.id);
    /* One that goes. */
    OK(t.s, duty_accounts_read(t.s->d, &t.s->arena, &before, &t.s->e));
    stage_begin(&t, TODAY);
    OK(t.s, account_disable(t.s->d, comes.id, 0, &t.s->e));
    stage_end(&t);
    follow(&t, &before);
    assert_int_equal(owner(&t, here), supervisor);
}

static void a_load_moves_more_than_one_step_holds(void **state)
{
    struct stage t = stage_of(state);
    struct duty_accounts before;

    stage_account(&t, "leaves", ROLE_CHILD_DIRECTOR, VILLAGE);
    stage_account(&t, "supervisor", ROLE_SUPERVISOR, TOWN);
    for (int i = 0; i < 53; i++)
        stage_alert(&t, VILLAGE, 4, false);
    OK(t.s, duty_accounts_read(t.s->d, &t.s->arena, &before, &t.s->e));
    repost(&t, "leaves", ROLE_CHILD_DIRECTOR, FAR_VILLAGE);
    follow(&t, &before);
    assert_int_equal(scene_count(t.s,
                                 "SELECT count(*) FROM care_event WHERE workflow = 'alert' AND "
                                 "event = 'hand_over'"),
                     53);
    assert_int_equal(scene_count(t.s, "SELECT count(DISTINCT owner_id) FROM alert"), 1);
}

/* The second director of a village plans a round of their own: no stand-in's. */
static void what_somebody_planned_for_themselves_stays(void **state)
{
    struct stage t = stage_of(state);
    int64_t first = stage_account(&t, "first", ROLE_CHILD_DIRECTOR, VILLAGE);
    int64_t second = stage_account(&t, "second", ROLE_CHILD_DIRECTOR, VILLAGE);
    int64_t own = visit_by(&t, second, second), dealt = visit_by(&t, 0, second);
    int64_t station = stage_account(&t, "station", ROLE_STATION_WORKER, TOWN);
    struct care *c = stage_begin(&t, TODAY);

    OK(t.s, duty_account_gone(c, station, &t.s->e));
    stage_end(&t);
    assert_int_equal(visit_owner(&t, own), second);
    assert_int_equal(visit_owner(&t, dealt), first);
    assert_int_equal(
        scene_count(t.s,
                    arena_printf(&t.s->arena, "SELECT count(*) FROM outbox WHERE object_id = %lld",
                                 (long long)own)),
        0); /* who planned it knows */
    stage_leave(&t, second, TODAY, TODAY + 3, TODAY);
    assert_int_equal(visit_owner(&t, own), first);
}

static void what_they_planned_is_left_where_they_worked(void **state)
{
    struct stage t = stage_of(state);
    int64_t first = stage_account(&t, "first", ROLE_CHILD_DIRECTOR, VILLAGE);
    int64_t second = stage_account(&t, "second", ROLE_CHILD_DIRECTOR, VILLAGE);
    int64_t own = visit_by(&t, second, second);

    repost(&t, "second", ROLE_CHILD_DIRECTOR, FAR_VILLAGE);
    roll(&t, TODAY);
    assert_int_equal(visit_owner(&t, own), first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(the_tick_takes_up_what_lies_with_who_works_elsewhere),
        EACH(by_roster_and_by_hand_it_stays),
        EACH(a_load_of_accounts_moves_open_work_at_once),
        EACH(a_load_moves_more_than_one_step_holds),
        EACH(what_somebody_planned_for_themselves_stays),
        EACH(what_they_planned_is_left_where_they_worked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
