/* Posts, deputies, leave, vacancies: who gets what, and what moves when that changes. */
#include "duty_stage.h"

#include "notify/outbox.h"

#define STEPS 4

/* A director, two who may stand in, a supervisor, a station, a centre. */
struct staff {
    int64_t director, first, second, supervisor, station, centre;
};

static struct staff staff(struct stage *t)
{
    return (struct staff){
        .director = stage_account(t, "director", ROLE_CHILD_DIRECTOR, VILLAGE),
        .first = stage_account(t, "first", ROLE_CHILD_DIRECTOR, OTHER_VILLAGE),
        .second = stage_account(t, "second", ROLE_SUPERVISOR, TOWN + 1000),
        .supervisor = stage_account(t, "supervisor", ROLE_SUPERVISOR, TOWN),
        .station = stage_account(t, "station", ROLE_STATION_WORKER, TOWN),
        .centre = stage_account(t, "centre", ROLE_CENTRE_WORKER, COUNTY),
    };
}

static struct staff with_deputies(struct stage *t)
{
    struct staff who = staff(t);

    stage_give(t, VILLAGE, ROLE_CHILD_DIRECTOR, who.director, 1, TODAY);
    stage_give(t, VILLAGE, ROLE_CHILD_DIRECTOR, who.first, 2, TODAY);
    stage_give(t, VILLAGE, ROLE_CHILD_DIRECTOR, who.second, 3, TODAY);
    return who;
}

static int64_t owner(struct stage *t, int64_t alert) { return stage_alert_get(t, alert).owner_id; }

static size_t notices(struct stage *t, int64_t account, enum notice_kind kind)
{
    struct notice *list;
    size_t count, n = 0;
    int64_t unseen;

    OK(t->s, outbox_list(t->s->d, account, 0, 100, &t->s->arena, &list, &count, &unseen, &t->s->e));
    for (size_t i = 0; i < count; i++)
        n += list[i].kind == kind;
    return n;
}

/* ---- the line ---------------------------------------------------------------------------------------- */

static void the_line_goes_up_from_holder_to_county(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);

    const int64_t line[] = {who.director,   who.first,   who.second,
                            who.supervisor, who.station, who.centre};
    for (size_t i = 0; i < sizeof line / sizeof line[0]; i++) {
        assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY), line[i]);
        stage_leave(&t, line[i], TODAY, TODAY + 5, TODAY);
    }
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY), 0);
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY + 5), who.director);
    assert_int_equal(stage_owner(&t, VILLAGE, 2, TODAY + 5), who.station);
}

static void accounts_hold_a_post_that_the_roster_leaves_open(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = staff(&t);
    int64_t younger = stage_account(&t, "younger", ROLE_CHILD_DIRECTOR, VILLAGE);

    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY), who.director);
    stage_leave(&t, who.director, TODAY, TODAY + 1, TODAY);
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY), younger);
    int64_t duty = stage_give(&t, VILLAGE, ROLE_CHILD_DIRECTOR, who.first, 1, TODAY);
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY), who.first);
    stage_leave(&t, who.first, TODAY, TODAY + 1, TODAY);
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY), who.supervisor);
    stage_disable(&t, who.first); /* the roster names nobody any more */
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY), younger);
    struct care *c = stage_begin(&t, TODAY);
    OK(t.s, duty_end(c, duty, TODAY, 1, &t.s->e));
    stage_end(&t);
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY + 1), who.director);
}

static void a_place_has_one_person_and_a_person_one_place(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);
    struct duty duty;

    int64_t id = stage_give(&t, VILLAGE, ROLE_CHILD_DIRECTOR, who.first, 1, TODAY + 1);
    OK(t.s, duty_get(t.s->d, id, &duty, &t.s->e));
    assert_int_equal(duty.rank, 1);
    assert_int_equal(duty.from, TODAY + 1);
    assert_int_equal(duty.to, DAY_FOREVER);
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY), who.director);
    assert_int_equal(stage_owner(&t, VILLAGE, 0, TODAY + 1), who.first);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM duty WHERE to_day IS NULL"), 2);
}

static void what_cannot_be_is_refused(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = staff(&t);
    int64_t helper = stage_account(&t, "helper", ROLE_HELPER, VILLAGE), id;
    struct care *c = stage_begin(&t, TODAY);
    struct error *e = &t.s->e;

    assert_int_equal(duty_give(c, TOWN, ROLE_CHILD_DIRECTOR, who.first, 1, TODAY, 1, &id, e),
                     -ERR_VALUE);
    assert_int_equal(duty_give(c, VILLAGE, ROLE_SUPERVISOR, who.first, 1, TODAY, 1, &id, e),
                     -ERR_VALUE);
    assert_int_equal(duty_give(c, VILLAGE, ROLE_HELPER, who.first, 1, TODAY, 1, &id, e),
                     -ERR_VALUE);
    assert_int_equal(duty_give(c, VILLAGE, ROLE_CHILD_DIRECTOR, who.first, 0, TODAY, 1, &id, e),
                     -ERR_VALUE);
    assert_int_equal(duty_give(c, VILLAGE, ROLE_CHILD_DIRECTOR, helper, 1, TODAY, 1, &id, e),
                     -ERR_REFERENCE);
    /* A director's role can do nothing with what a supervisor is told. */
    assert_int_equal(duty_give(c, TOWN, ROLE_SUPERVISOR, who.first, 1, TODAY, 1, &id, e),
                     -ERR_REFERENCE);
    assert_int_equal(duty_give(c, VILLAGE, ROLE_CHILD_DIRECTOR, 77, 1, TODAY, 1, &id, e),
                     -ERR_REFERENCE);
    assert_int_equal(duty_end(c, 77, TODAY, 1, e), -ERR_NOT_FOUND);
    assert_int_equal(absence_add(c, who.first, TODAY, TODAY, 1, &id, e), -ERR_VALUE);
    assert_int_equal(absence_add(c, 77, TODAY, TODAY + 1, 1, &id, e), -ERR_NOT_FOUND);
    assert_int_equal(absence_cancel(c, 77, 1, e), -ERR_NOT_FOUND);
    OK(t.s, absence_add(c, who.first, TODAY, TODAY + 1, 1, &id, e));
    OK(t.s, absence_cancel(c, id, 1, e));
    assert_int_equal(absence_cancel(c, id, 1, e), -ERR_WRONG_STATE);
    stage_end(&t);
}

static void leave_and_training_are_kept(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = staff(&t);
    struct absence *leave;
    struct training *had;
    size_t count;
    int64_t id;

    stage_leave(&t, who.first, TODAY + 10, TODAY + 20, TODAY);
    stage_leave(&t, who.first, TODAY - 9, TODAY - 2, TODAY);
    OK(t.s, absences_of(t.s->d, who.first, TODAY, &t.s->arena, &leave, &count, &t.s->e));
    assert_int_equal(count, 1);
    assert_int_equal(leave[0].from, TODAY + 10);
    struct care *c = stage_begin(&t, TODAY);
    OK(t.s,
       training_add(c, who.first, TODAY - 9, DAY_FOREVER, SLICE_LITERAL("急救"), 1, &id, &t.s->e));
    OK(t.s,
       training_add(c, who.first, TODAY - 3, TODAY + 300, SLICE_LITERAL("心理"), 1, &id, &t.s->e));
    assert_int_equal(training_add(c, who.first, TODAY, TODAY, SLICE_LITERAL("x"), 1, &id, &t.s->e),
                     -ERR_VALUE);
    assert_int_equal(training_add(c, who.first, TODAY, TODAY + 1, SLICE_NONE, 1, &id, &t.s->e),
                     -ERR_VALUE);
    stage_end(&t);
    OK(t.s, trainings_of(t.s->d, who.first, &t.s->arena, &had, &count, &t.s->e));
    assert_int_equal(count, 2);
    assert_true(slice_is(had[0].course, "心理") && slice_is(had[1].course, "急救"));
    assert_int_equal(had[0].valid_to, TODAY + 300);
    assert_int_equal(had[1].valid_to, DAY_FOREVER);
}

/* ---- work moves --------------------------------------------------------------------------------------- */

static void leave_hands_work_over_at_once_and_its_end_brings_it_home(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);
    int64_t alert = stage_alert(&t, VILLAGE, 3, false);

    assert_int_equal(owner(&t, alert), who.director);
    int64_t leave = stage_leave(&t, who.director, TODAY, TODAY + 3, TODAY);
    assert_int_equal(owner(&t, alert), who.first);
    assert_int_equal(notices(&t, who.first, NOTICE_HANDED_OVER), 1);
    struct care *c = stage_begin(&t, TODAY);
    OK(t.s, absence_cancel(c, leave, 1, &t.s->e));
    stage_end(&t);
    assert_int_equal(owner(&t, alert), who.director);
}

static void leave_that_comes_is_taken_up_on_its_day(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);
    int64_t alert = stage_alert(&t, VILLAGE, 3, false);

    stage_leave(&t, who.director, TODAY + 1, TODAY + 3, TODAY);
    assert_int_equal(owner(&t, alert), who.director);
    struct care *c = stage_begin(&t, TODAY + 1);
    OK(t.s, duty_roll(c, TODAY + 1, TODAY + 1, &t.s->e));
    stage_end(&t);
    assert_int_equal(owner(&t, alert), who.first);
    c = stage_begin(&t, TODAY + 4); /* a day was missed */
    OK(t.s, duty_roll(c, TODAY + 2, TODAY + 4, &t.s->e));
    stage_end(&t);
    assert_int_equal(owner(&t, alert), who.director);
}

static void a_deputy_keeps_what_is_accepted_while_the_holder_is_away(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);

    stage_leave(&t, who.director, TODAY, TODAY + 9, TODAY);
    int64_t first_leave = stage_leave(&t, who.first, TODAY, TODAY + 3, TODAY);
    int64_t taken = stage_alert(&t, VILLAGE, 3, false), open = stage_alert(&t, VILLAGE, 4, false);
    assert_int_equal(owner(&t, taken), who.second);
    stage_fire(&t, taken, "accept", who.second, 0);
    struct care *c = stage_begin(&t, TODAY);
    OK(t.s, absence_cancel(c, first_leave, 1, &t.s->e)); /* the first deputy is back */
    stage_end(&t);
    assert_int_equal(owner(&t, taken), who.second);
    assert_int_equal(owner(&t, open), who.first);
    c = stage_begin(&t, TODAY + 9); /* and now the holder */
    OK(t.s, duty_roll(c, TODAY + 9, TODAY + 9, &t.s->e));
    stage_end(&t);
    assert_int_equal(owner(&t, taken), who.director);
    assert_int_equal(owner(&t, open), who.director);
}

static void what_is_handed_over_by_hand_stays_there(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);
    int64_t alert = stage_alert(&t, VILLAGE, 3, false);

    stage_fire(&t, alert, "hand_over", who.supervisor, who.second);
    assert_int_equal(owner(&t, alert), who.second);
    stage_leave(&t, who.director, TODAY, TODAY + 2, TODAY);
    assert_int_equal(owner(&t, alert), who.second);
    stage_leave(&t, who.second, TODAY, TODAY + 2, TODAY);
    assert_int_equal(owner(&t, alert), who.first);
}

static void a_vacancy_goes_up_and_a_new_holder_gets_the_work(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = staff(&t);
    int64_t alert = stage_alert(&t, VILLAGE, 3, false);

    assert_int_equal(owner(&t, alert), who.director);
    stage_disable(&t, who.director);
    assert_int_equal(owner(&t, alert), who.supervisor);
    int64_t fresh = stage_account(&t, "fresh", ROLE_CHILD_DIRECTOR, OTHER_VILLAGE + 1);
    stage_give(&t, VILLAGE, ROLE_CHILD_DIRECTOR, fresh, 1, TODAY);
    assert_int_equal(owner(&t, alert), fresh);
}

static void an_alert_that_nobody_could_get_is_given_out_when_somebody_comes(void **state)
{
    struct stage t = stage_of(state);
    int64_t alert = stage_alert(&t, VILLAGE, 3, false);

    assert_int_equal(owner(&t, alert), 0);
    assert_true(slice_is(stage_alert_get(&t, alert).state, "new"));
    int64_t centre = stage_account(&t, "centre", ROLE_CENTRE_WORKER, COUNTY);
    struct care *c = stage_begin(&t, TODAY);
    OK(t.s, duty_roll(c, TODAY, TODAY, &t.s->e));
    stage_end(&t);
    assert_int_equal(owner(&t, alert), centre);
    assert_true(slice_is(stage_alert_get(&t, alert).state, "pushed"));
}

static void an_account_disabled_elsewhere_is_taken_up_by_the_tick(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = staff(&t);
    int64_t alert = stage_alert(&t, VILLAGE, 3, false);
    struct care *c;

    stage_begin(&t, TODAY);
    OK(t.s, account_disable(t.s->d, who.director, 0, &t.s->e)); /* such as by accounts.csv */
    stage_end(&t);
    assert_int_equal(owner(&t, alert), who.director);
    c = stage_begin(&t, TODAY + 1);
    OK(t.s, duty_roll(c, TODAY + 1, TODAY + 1, &t.s->e));
    stage_end(&t);
    assert_int_equal(owner(&t, alert), who.supervisor);
}

/* ---- visits of the rounds ------------------------------------------------------------------------------ */

static int64_t routine_visit(struct stage *t, int64_t account)
{
    static int children;
    int64_t child = cast_child(t->s, arena_printf(&t->s->arena, "round %d", ++children),
                               "2016-05-05", VILLAGE);
    struct care *c = stage_begin(t, TODAY);
    int64_t id;

    OK(t->s, visit_plan(c, NULL, child, account, TODAY, &id, &t->s->e));
    stage_end(t);
    return id;
}

static struct visit visit(struct stage *t, int64_t id)
{
    struct visit v;

    OK(t->s, visit_get(t->s->d, id, &t->s->arena, &v, &t->s->e));
    return v;
}

static void visit_step(struct stage *t, int64_t id, const char *event, int64_t actor, int outcome)
{
    struct account account = cast_account_get(t->s, actor);
    struct care_step step = {.event = event, .actor = &account, .outcome = outcome};
    struct care *c = stage_begin(t, day_of_instant(t->now));

    OK(t->s, visit_fire(c, id, &step, &t->s->e));
    stage_end(t);
}

static void a_visit_under_way_stays_until_it_is_recorded(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);
    int64_t planned = routine_visit(&t, who.director), begun = routine_visit(&t, who.director);

    visit_step(&t, begun, "start", who.director, 0);
    stage_leave(&t, who.director, TODAY, TODAY + 3, TODAY);
    assert_int_equal(visit(&t, planned).owner_id, who.first);
    assert_int_equal(visit(&t, begun).owner_id, who.director);
    visit_step(&t, begun, "check_in", who.director, 0);
    struct care *c = stage_begin(&t, TODAY + 1);
    OK(t.s, duty_roll(c, TODAY + 1, TODAY + 1, &t.s->e));
    stage_end(&t);
    assert_int_equal(visit(&t, begun).owner_id, who.director);
    visit_step(&t, begun, "record", who.director, VISIT_VERIFIED);
    assert_true(visit(&t, begun).closed_at != 0);
}

static void an_alert_stays_while_its_visit_is_under_way(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);
    int64_t leave = stage_leave(&t, who.director, TODAY, TODAY + 3, TODAY);
    int64_t alert = stage_alert(&t, VILLAGE, 3, false);

    stage_fire(&t, alert, "accept", who.first, 0);
    int64_t visit_id = stage_alert_get(&t, alert).visit_id;
    assert_int_equal(visit(&t, visit_id).owner_id, who.first);
    visit_step(&t, visit_id, "start", who.first, 0);
    struct care *c = stage_begin(&t, TODAY);
    OK(t.s, absence_cancel(c, leave, 1, &t.s->e)); /* the holder is back */
    stage_end(&t);
    assert_int_equal(owner(&t, alert), who.first);
    assert_int_equal(visit(&t, visit_id).owner_id, who.first);
    visit_step(&t, visit_id, "check_in", who.first, 0);
    visit_step(&t, visit_id, "record", who.first, VISIT_NOBODY_HOME);
    c = stage_begin(&t, TODAY);
    OK(t.s, duty_settle(c, who.first, &t.s->e));
    stage_end(&t);
    assert_true(slice_is(stage_alert_get(&t, alert).state, "again"));
    assert_int_equal(owner(&t, alert), who.director);
    visit_id = stage_alert_get(&t, alert).visit_id;
    assert_int_equal(visit(&t, visit_id).owner_id, who.director); /* the next goes with it */
}

static void moving_goes_in_short_steps(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = staff(&t);
    size_t moved, rounds = 0;

    for (int i = 0; i < 5; i++)
        stage_alert(&t, VILLAGE, 3, false);
    stage_leave(&t, who.director, TODAY + 1, TODAY + 2, TODAY);
    do {
        struct care *c = stage_begin(&t, TODAY + 1);
        OK(t.s, duty_roll_some(c, TODAY + 1, TODAY + 1, 2, &moved, &t.s->e));
        stage_end(&t);
        assert_true(moved <= 2);
        rounds++;
    } while (moved > 0);
    assert_int_equal(rounds, 4);
    assert_int_equal(notices(&t, who.supervisor, NOTICE_HANDED_OVER), 5);
}

static void who_stands_in_acts_for_who_is_away(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = with_deputies(&t);
    bool acts;

    OK(t.s, duty_acts_for(t.s->d, who.first, who.director, VILLAGE, TODAY, &acts, &t.s->e));
    assert_false(acts);
    stage_leave(&t, who.director, TODAY, TODAY + 3, TODAY);
    OK(t.s, duty_acts_for(t.s->d, who.first, who.director, VILLAGE, TODAY, &acts, &t.s->e));
    assert_true(acts);
    OK(t.s, duty_acts_for(t.s->d, who.second, who.director, VILLAGE, TODAY, &acts, &t.s->e));
    assert_false(acts);
    OK(t.s, duty_acts_for(t.s->d, who.director, who.director, VILLAGE, TODAY, &acts, &t.s->e));
    assert_true(acts);
}

static void caseload_is_counted(void **state)
{
    struct stage t = stage_of(state);
    struct staff who = staff(&t);
    struct caseload load;

    stage_alert(&t, VILLAGE, 2, false);
    stage_alert(&t, VILLAGE, 4, false);
    routine_visit(&t, who.director);
    OK(t.s, duty_caseload(t.s->d, who.director, t.now, &load, &t.s->e));
    assert_int_equal(load.open_alerts, 2);
    assert_int_equal(load.overdue_alerts, 0);
    assert_true(load.open_visits >= 1);
    OK(t.s, duty_caseload(t.s->d, who.director, t.now + INT64_C(86400000000) * 9, &load, &t.s->e));
    assert_int_equal(load.overdue_alerts, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(the_line_goes_up_from_holder_to_county),
        EACH(accounts_hold_a_post_that_the_roster_leaves_open),
        EACH(a_place_has_one_person_and_a_person_one_place),
        EACH(what_cannot_be_is_refused),
        EACH(leave_and_training_are_kept),
        EACH(leave_hands_work_over_at_once_and_its_end_brings_it_home),
        EACH(leave_that_comes_is_taken_up_on_its_day),
        EACH(a_deputy_keeps_what_is_accepted_while_the_holder_is_away),
        EACH(what_is_handed_over_by_hand_stays_there),
        EACH(a_vacancy_goes_up_and_a_new_holder_gets_the_work),
        EACH(an_alert_that_nobody_could_get_is_given_out_when_somebody_comes),
        EACH(an_account_disabled_elsewhere_is_taken_up_by_the_tick),
        EACH(a_visit_under_way_stays_until_it_is_recorded),
        EACH(an_alert_stays_while_its_visit_is_under_way),
        EACH(moving_goes_in_short_steps),
        EACH(who_stands_in_acts_for_who_is_away),
        EACH(caseload_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
