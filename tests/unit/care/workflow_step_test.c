/* The engine by example: what an event does, who may, when deadlines fall, how they go up. */
#include "care/workflow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const char text[] =
    "workflow w \"流程\" \"flow\"\n"
    "owned by child_director, supervisor\n"
    "initial state a \"甲\" \"A\"\n"
    "    waits for owner\n"
    "    clock extreme 90 minutes, high 24 hours, medium 3 days, low 1 month\n"
    "    escalates to supervisor, then centre, with late\n"
    "    each after extreme 30 minutes, high 4 hours, medium 1 day, low 1 week\n"
    "initial state o \"始\" \"O\"\n"
    "    waits for supervisor\n"
    "    clock from the opening extreme 24 hours, high 3 days, medium 1 week, low 3 months\n"
    "    escalates to station, then centre, with late\n"
    "    each after extreme 1 day, high 1 day, medium 1 day, low 1 day\n"
    "state d \"日\" \"D\"\n"
    "    waits for centre\n"
    "    clock from the day set extreme 0 days, high 12 hours, medium 1 day, low 2 weeks\n"
    "    escalates to centre, with late\n"
    "    each after extreme 1 hour, high 1 hour, medium 1 hour, low 1 hour\n"
    "state r \"复\" \"R\"\n"
    "    waits for owner\n"
    "    repeats extreme weekly, high every 2 weeks, medium monthly, low quarterly\n"
    "    escalates to supervisor, then station, then centre, with late\n"
    "    each after extreme 1 day, high 1 day, medium 1 day, low 1 day\n"
    "end state z \"终\" \"Z\"\n"
    "event go \"走\" \"go\"\n"
    "    from a to d\n"
    "        by owner, helper\n"
    "        notifies supervisor, owner with gone\n"
    "        notifies guardian with told\n"
    "    from d to r\n"
    "        by centre_worker if has_reason and not basis_withdrawn\n"
    "    from d to z\n"
    "        by centre_worker if has_reason and basis_withdrawn\n"
    "event keep \"留\" \"keep\"\n"
    "    stays in a, r\n"
    "        by supervisor\n"
    "event ask \"问\" \"ask\"\n"
    "    from r to z\n"
    "        by helper if not has_reason\n"
    "event stop \"停\" \"stop\"\n"
    "    from a, o, r to z\n"
    "        by system\n";

/* 2026-11-24 10:05:30 in Shanghai. */
#define NOW (INT64_C(1795485930) * 1000000)
#define MINUTE INT64_C(60000000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define TODAY 20781
/* The last microsecond of today in Shanghai. */
#define TONIGHT (INT64_C(1795535999999999))

struct world {
    struct arena arena;
    const struct workflow *w;
};

static int set_up(void **state)
{
    static struct world world;
    struct error e = {.language = LANGUAGE_EN};
    world = (struct world){.arena = ARENA_EMPTY};
    *state = &world;
    return workflow_compile("t", slice_from(text), &world.arena, &world.w, &e);
}

static int tear_down(void **state)
{
    arena_end(&((struct world *)*state)->arena);
    return 0;
}

static struct workflow_question ask(const char *state, const char *event, enum role role)
{
    return (struct workflow_question){
        .state = slice_from(state),
        .event = event,
        .actor = {.role = role},
        .level = LEVEL_HIGH,
        .times = {.now = NOW, .opened_at = NOW - 2 * DAY, .day_set = TODAY + 2},
    };
}

static void the_moment_is_what_it_says(void **state)
{
    char day_text[DAY_TEXT];
    assert_string_equal(day_format(day_of_instant(NOW), day_text), "2026-11-24");
    assert_int_equal(day_of_instant(NOW), TODAY);
    assert_int_equal(hour_of_instant(NOW), 10);
    assert_int_equal(day_of_instant(TONIGHT), TODAY);
    assert_int_equal(day_of_instant(TONIGHT + 1), TODAY + 1);
}

/* ---- steps ---- */

static void a_step(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    struct workflow_question q = ask("a", "go", ROLE_CHILD_DIRECTOR);
    struct workflow_decision d;
    struct error e = {.language = LANGUAGE_EN};
    q.actor.is_owner = true;
    assert_int_equal(workflow_step(w, &q, &d, &e), 0);
    assert_string_equal(d.from, "a");
    assert_string_equal(d.event, "go");
    assert_string_equal(d.to, "d");
    assert_false(d.stays || d.ends || d.repeats);
    assert_int_equal(d.waits_for, AUDIENCE_CENTRE);
    assert_int_equal(d.step, 3);
    assert_int_equal(d.notice_count, 3);
    assert_int_equal(d.notices[0].to, AUDIENCE_OWNER);
    assert_string_equal(d.notices[0].kind, "gone");
    assert_int_equal(d.notices[1].to, AUDIENCE_SUPERVISOR);
    assert_string_equal(d.notices[1].kind, "gone");
    assert_int_equal(d.notices[2].to, AUDIENCE_GUARDIAN);
    assert_string_equal(d.notices[2].kind, "told");
}

static void guards_choose_the_way(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    struct workflow_question q = ask("d", "go", ROLE_CENTRE_WORKER);
    struct workflow_decision d;
    q.guards = WORKFLOW_GUARD(GUARD_HAS_REASON);
    assert_int_equal(workflow_step(w, &q, &d, NULL), 0);
    assert_string_equal(d.to, "r");
    assert_true(d.repeats);
    assert_int_equal(d.due, TONIGHT + 14 * DAY);
    q.guards |= WORKFLOW_GUARD(GUARD_BASIS_WITHDRAWN);
    assert_int_equal(workflow_step(w, &q, &d, NULL), 0);
    assert_string_equal(d.to, "z");
    assert_true(d.ends);
    assert_int_equal(d.due, WORKFLOW_NEVER);
    assert_int_equal(d.waits_for, AUDIENCE_COUNT);
}

static void staying(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    struct workflow_question q = ask("r", "keep", ROLE_SUPERVISOR);
    struct workflow_decision d;
    assert_int_equal(workflow_step(w, &q, &d, NULL), 0);
    assert_true(d.stays);
    assert_false(d.ends);
    assert_string_equal(d.to, "r");
    assert_int_equal(d.waits_for, AUDIENCE_OWNER);
}

static void who_may(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    struct workflow_decision d;
    for (int role = ROLE_NONE; role <= ROLE_COUNT; role++)
        for (int owner = 0; owner < 2; owner++)
            for (int system = 0; system < 2; system++) {
                struct workflow_question q = ask("a", "go", (enum role)role);
                q.actor.is_owner = owner;
                q.actor.is_system = system;
                bool may = !system &&
                           (role == ROLE_HELPER ||
                            (owner && (role == ROLE_CHILD_DIRECTOR || role == ROLE_SUPERVISOR)));
                assert_int_equal(workflow_step(w, &q, &d, NULL), may ? 0 : -ERR_FORBIDDEN);
                q.event = "stop";
                assert_int_equal(workflow_step(w, &q, &d, NULL), system ? 0 : -ERR_FORBIDDEN);
            }
}

static void beginnings(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    const struct workflow_times times = {NOW, NOW, DAY_FOREVER};
    struct workflow_decision d;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(workflow_begin(w, SLICE_NONE, LEVEL_EXTREME, &times, &d, &e), 0);
    assert_string_equal(d.to, "a");
    assert_null(d.from);
    assert_null(d.event);
    assert_int_equal(d.step, 0);
    assert_int_equal(d.notice_count, 0);
    assert_int_equal(d.due, NOW + 91 * MINUTE - MINUTE / 2); /* up to the whole minute */
    assert_int_equal(workflow_begin(w, SLICE_LITERAL("o"), LEVEL_LOW, &times, &d, &e), 0);
    assert_int_equal(d.step, 1);
    assert_int_equal(d.waits_for, AUDIENCE_SUPERVISOR);
    assert_int_equal(workflow_begin(w, SLICE_LITERAL("d"), LEVEL_LOW, &times, &d, &e),
                     -ERR_WRONG_STATE);
    assert_string_equal(e.detail, "nothing of the workflow w begins in “d”");
    assert_int_equal(workflow_begin(w, SLICE_LITERAL("no"), LEVEL_LOW, &times, &d, NULL),
                     -ERR_WRONG_STATE);
}

/* ---- refusals ---- */

static void assert_refused(const struct workflow *w, const struct workflow_question *q,
                           enum error_code code, const char *detail, const char *hint)
{
    struct error e = {.language = LANGUAGE_EN};
    struct workflow_decision d = {.step = 77};
    assert_int_equal(workflow_step(w, q, &d, &e), -(int)code);
    assert_int_equal(e.code, code);
    assert_string_equal(e.detail, detail);
    assert_string_equal(e.hint, hint);
    assert_int_equal(d.step, 77);
}

static void refusals(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    struct workflow_question q = ask("a", "gone", ROLE_SUPERVISOR);
    assert_refused(w, &q, ERR_NOT_FOUND, "the workflow w has no event “gone”", "");
    q = ask("aa", "go", ROLE_SUPERVISOR);
    assert_refused(w, &q, ERR_WRONG_STATE, "the workflow w has no state “aa”", "");
    q = ask("z", "go", ROLE_SUPERVISOR);
    assert_refused(w, &q, ERR_WRONG_STATE, "“go” is not possible in the state “Z”",
                   "Nothing is open to you in this state.");
    q = ask("a", "go", ROLE_SUPERVISOR);
    assert_refused(w, &q, ERR_FORBIDDEN, "“go” is for others to do", "Open to you now: keep.");
    q.actor.is_owner = true;
    q.event = "stop";
    assert_refused(w, &q, ERR_FORBIDDEN, "“stop” is for others to do",
                   "Open to you now: go, keep.");
    q = ask("d", "go", ROLE_CENTRE_WORKER);
    assert_refused(w, &q, ERR_WRONG_STATE, "“go” is possible only if a reason is given",
                   "Open to you now: go.");
    q = ask("r", "go", ROLE_CENTRE_WORKER);
    assert_refused(w, &q, ERR_WRONG_STATE, "“go” is not possible in the state “R”",
                   "Nothing is open to you in this state.");
    q = (struct workflow_question){.state = SLICE_NONE};
    assert_refused(w, &q, ERR_NOT_FOUND, "the workflow w has no event “”", "");
}

/* ---- what is open ---- */

static void what_is_open(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    struct workflow_open open[WORKFLOW_EVENTS_MAX];
    struct workflow_question q = ask("a", NULL, ROLE_SUPERVISOR);
    q.actor.is_owner = true;
    assert_int_equal(workflow_events_open(w, &q, open), 2);
    assert_string_equal(open[0].event, "go");
    assert_string_equal(open[0].to, "d");
    assert_string_equal(open[1].event, "keep");
    assert_string_equal(open[1].to, "a");
    assert_int_equal(open[1].needs, 0);
    q = ask("d", NULL, ROLE_CENTRE_WORKER);
    assert_int_equal(workflow_events_open(w, &q, open), 1);
    assert_string_equal(open[0].to, "r");
    assert_int_equal(open[0].needs, WORKFLOW_GUARD(GUARD_HAS_REASON));
    q.guards = WORKFLOW_GUARD(GUARD_BASIS_WITHDRAWN);
    assert_int_equal(workflow_events_open(w, &q, open), 1);
    assert_string_equal(open[0].to, "z");
    /* What comes with the request may also be left out of it. */
    q = ask("r", NULL, ROLE_HELPER);
    q.guards = WORKFLOW_GUARD(GUARD_HAS_REASON);
    assert_int_equal(workflow_events_open(w, &q, open), 1);
    assert_string_equal(open[0].event, "ask");
    assert_int_equal(open[0].needs, 0);
    q = ask("z", NULL, ROLE_CENTRE_WORKER);
    assert_int_equal(workflow_events_open(w, &q, open), 0);
    q = ask("nowhere", NULL, ROLE_CENTRE_WORKER);
    assert_int_equal(workflow_events_open(w, &q, open), 0);
}

/* ---- deadlines ---- */

static void deadlines(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    const struct workflow_times t = {NOW, NOW - 2 * DAY, TODAY + 2};
    const int64_t whole = NOW + MINUTE / 2; /* 10:06 */
    struct {
        const char *state;
        enum level level;
        int64_t due;
    } cases[] = {
        {"a", LEVEL_EXTREME, whole + 90 * MINUTE},
        {"a", LEVEL_HIGH, whole + 24 * HOUR},
        {"a", LEVEL_MEDIUM, TONIGHT + 3 * DAY},
        {"a", LEVEL_LOW, TONIGHT + 30 * DAY}, /* 24 December */
        {"o", LEVEL_EXTREME, whole - DAY},    /* past: it fires at once */
        {"o", LEVEL_HIGH, TONIGHT + DAY},
        {"o", LEVEL_MEDIUM, TONIGHT + 5 * DAY},
        {"o", LEVEL_LOW, TONIGHT + 90 * DAY}, /* 22 November to 22 February */
        {"d", LEVEL_EXTREME, TONIGHT + 2 * DAY},
        {"d", LEVEL_HIGH, TONIGHT + DAY + 1 + 12 * HOUR},
        {"d", LEVEL_MEDIUM, TONIGHT + 3 * DAY},
        {"d", LEVEL_LOW, TONIGHT + 16 * DAY},
        {"r", LEVEL_EXTREME, TONIGHT + 7 * DAY},
        {"r", LEVEL_LOW, TONIGHT + 92 * DAY}, /* 24 February */
        {"r", LEVEL_NONE, TONIGHT + 7 * DAY}, /* no level counts as the most urgent */
        {"z", LEVEL_LOW, WORKFLOW_NEVER},
        {"no", LEVEL_LOW, WORKFLOW_NEVER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(workflow_deadline(w, slice_from(cases[i].state), cases[i].level, &t),
                         cases[i].due);
    struct workflow_times unset = {NOW, NOW, DAY_FOREVER};
    assert_int_equal(workflow_deadline(w, SLICE_LITERAL("d"), LEVEL_MEDIUM, &unset), TONIGHT + DAY);
    /* Midnight belongs to the day that begins. */
    unset.now = TONIGHT + 1;
    assert_int_equal(workflow_deadline(w, SLICE_LITERAL("a"), LEVEL_MEDIUM, &unset),
                     TONIGHT + 4 * DAY);
    unset.now = TONIGHT;
    assert_int_equal(workflow_deadline(w, SLICE_LITERAL("a"), LEVEL_MEDIUM, &unset),
                     TONIGHT + 3 * DAY);
    /* A whole minute stays what it is. */
    unset.now = whole;
    assert_int_equal(workflow_deadline(w, SLICE_LITERAL("a"), LEVEL_HIGH, &unset), whole + DAY);
}

static void months_end_with_the_month(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    day from, to;
    assert_true(day_from_date(2027, 1, 31, &from));
    assert_true(day_from_date(2027, 2, 28, &to));
    const int64_t now = NOW + (from - TODAY) * DAY;
    const struct workflow_times t = {now, now, DAY_FOREVER};
    assert_int_equal(workflow_deadline(w, SLICE_LITERAL("a"), LEVEL_LOW, &t),
                     TONIGHT + (to - TODAY) * DAY);
}

/* ---- going up ---- */

static void going_up(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    struct workflow_escalation up;
    const struct slice a = SLICE_LITERAL("a");
    int64_t due = TONIGHT;
    /* owner, supervisor, centre, and again and again; noted a second late each time */
    static const int steps[] = {1, 3, 3, 3};
    int step = 0;
    for (size_t i = 0; i < 4; i++) {
        assert_true(workflow_escalate(w, a, LEVEL_MEDIUM, step, due, due + 1000000, &up));
        assert_int_equal(up.step, steps[i]);
        assert_int_equal(up.due, due + DAY);
        assert_int_equal(up.notice_count, 2);
        assert_int_equal(up.notices[0].to, AUDIENCE_OWNER);
        assert_int_equal(up.notices[1].to, steps[i]);
        assert_string_equal(up.notices[1].kind, "late");
        step = up.step;
        due = up.due;
    }
    /* After an outage of ten days whoever is next still has their day. */
    assert_true(workflow_escalate(w, a, LEVEL_MEDIUM, 0, due, due + 10 * DAY + HOUR, &up));
    assert_int_equal(up.step, 1);
    assert_int_equal(up.due, due + 12 * DAY);
    /* Whom it waits for is told once where it is the step itself. */
    assert_true(workflow_escalate(w, SLICE_LITERAL("d"), LEVEL_LOW, 3, due, due, &up));
    assert_int_equal(up.step, 3);
    assert_int_equal(up.notice_count, 1);
    assert_int_equal(up.notices[0].to, AUDIENCE_CENTRE);
    assert_int_equal(up.due, due + 1 + HOUR);
    assert_false(workflow_escalate(w, SLICE_LITERAL("z"), LEVEL_LOW, 0, due, due, &up));
    assert_false(workflow_escalate(w, SLICE_LITERAL("no"), LEVEL_LOW, 0, due, due, &up));
}

static void labels(void **state)
{
    const struct workflow *w = ((struct world *)*state)->w;
    assert_true(slice_is(workflow_state_label(w, SLICE_LITERAL("a"), LANGUAGE_ZH), "甲"));
    assert_true(slice_is(workflow_event_label(w, SLICE_LITERAL("go"), LANGUAGE_EN), "go"));
    assert_true(slice_is(workflow_state_label(w, SLICE_LITERAL("gone"), LANGUAGE_ZH), "gone"));
    assert_true(workflow_is_initial(w, SLICE_LITERAL("o")));
    assert_false(workflow_is_initial(w, SLICE_LITERAL("r")));
    assert_true(workflow_is_end(w, SLICE_LITERAL("z")));
    assert_int_equal(workflow_waits_for(w, SLICE_LITERAL("d")), AUDIENCE_CENTRE);
    assert_int_equal(workflow_waits_for(w, SLICE_LITERAL("z")), AUDIENCE_COUNT);
    assert_true(workflow_has_event(w, "stop"));
    assert_false(workflow_has_state(w, SLICE_LITERAL("stop")));
    assert_int_equal(workflow_audience_role(AUDIENCE_STATION), ROLE_STATION_WORKER);
    for (int level = LEVEL_NONE + 1; level < LEVEL_COUNT; level++) {
        assert_int_equal(level_parse(slice_from(level_name((enum level)level))), level);
        assert_string_not_equal(level_label((enum level)level, LANGUAGE_ZH), "");
    }
    assert_int_equal(level_parse(SLICE_NONE), LEVEL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_moment_is_what_it_says),
        cmocka_unit_test(a_step),
        cmocka_unit_test(guards_choose_the_way),
        cmocka_unit_test(staying),
        cmocka_unit_test(who_may),
        cmocka_unit_test(beginnings),
        cmocka_unit_test(refusals),
        cmocka_unit_test(what_is_open),
        cmocka_unit_test(deadlines),
        cmocka_unit_test(months_end_with_the_month),
        cmocka_unit_test(going_up),
        cmocka_unit_test(labels),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
