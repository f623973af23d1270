/* Openings and alarms on both engines: each rule of opening.h by itself. */
#include "opening_stage.h"

/* The events of the trail about one object, oldest first, as words. */
static const char *trail(struct stage *s, int64_t object)
{
    struct audit_row *rows;
    size_t count;
    const char *text = "";

    OK(s, audit_list(s->d, 0, 0, 0, 1000, &s->arena, &rows, &count, &s->e));
    for (size_t i = count; i-- > 0;)
        if (rows[i].object_id == object)
            text = arena_printf(&s->arena, "%s%s%s[%.*s]", text, *text ? " " : "",
                                audit_event_name(rows[i].event), (int)rows[i].detail.n,
                                rows[i].detail.p);
    return text;
}

static void a_tap_opens_at_once(void **state)
{
    struct stage *s = stage_of(state);
    struct opening_request r = request(s, DIRECTOR, RELATION_ASSIGNED, PURPOSE_VISIT,
                                       BIT(CLASS_NAME) | BIT(CLASS_ADDRESS), NULL, MORNING);
    struct opening o, again;

    OK(s, ask(s, &r, &o));
    assert_int_equal(o.state, OPENING_OPEN);
    assert_int_equal(o.expires_at, MORNING + 15 * MINUTE);
    assert_false(o.glass);
    assert_int_equal(in_force(s, DIRECTOR, CHILD, MORNING), 1);
    assert_int_equal(in_force(s, DIRECTOR, CHILD + 1, MORNING), 0);
    assert_int_equal(in_force(s, DIRECTOR, 0, MORNING), 1);
    assert_int_equal(in_force(s, SUPERVISOR, CHILD, MORNING), 0);
    /* A part of it asked again is the same one. */
    r.classes = BIT(CLASS_ADDRESS);
    r.now += MINUTE;
    OK(s, ask(s, &r, &again));
    assert_int_equal(again.id, o.id);
    /* More than that is another. */
    r.classes = BIT(CLASS_ADDRESS) | BIT(CLASS_KIN_PHONE);
    OK(s, ask(s, &r, &again));
    assert_int_not_equal(again.id, o.id);
    assert_int_equal(in_force(s, DIRECTOR, CHILD, MORNING + 15 * MINUTE - 1), 2);
    assert_int_equal(in_force(s, DIRECTOR, CHILD, MORNING + 15 * MINUTE), 1);
    OK(s, opening_get(s->d, o.id, MORNING + 15 * MINUTE, &s->arena, &again, &s->e));
    assert_int_equal(again.state, OPENING_ENDED);
    sweep(s, MORNING + HOUR);
    sweep(s, MORNING + HOUR);
    assert_string_equal(trail(s, o.id), "opening.granted[visit name address] opening.ended[time]");
    assert_int_equal(alarms(s, ALARM_NO_TASK) + alarms(s, ALARM_HOUR), 0);
}

static void what_the_table_does_not_open_is_refused(void **state)
{
    struct stage *s = stage_of(state);
    struct opening o;
    struct opening_request r = request(s, DIRECTOR, RELATION_ASSIGNED, PURPOSE_VISIT,
                                       BIT(CLASS_NAME) | BIT(CLASS_FACT_HIV), "x", MORNING);

    assert_int_equal(ask(s, &r, &o), -ERR_FORBIDDEN);
    assert_non_null(strstr(s->e.detail, "fact_hiv"));
    r.classes = 0;
    assert_int_equal(ask(s, &r, &o), -ERR_VALUE);
    r.classes = BIT(CLASS_COUNT);
    assert_int_equal(ask(s, &r, &o), -ERR_VALUE);
    r = request(s, DIRECTOR, RELATION_ASSIGNED, PURPOSE_ROUTINE, BIT(CLASS_NAME), "x", MORNING);
    assert_int_equal(ask(s, &r, &o), -ERR_FORBIDDEN);
    r = request(s, SECURITY, RELATION_AREA, PURPOSE_OVERSIGHT, BIT(CLASS_NAME), "x", MORNING);
    assert_int_equal(ask(s, &r, &o), -ERR_FORBIDDEN);
    r = request(s, CENTRE, RELATION_NONE, PURPOSE_CASEWORK, BIT(CLASS_NAME), "x", MORNING);
    assert_int_equal(ask(s, &r, &o), -ERR_FORBIDDEN);
    assert_int_equal(list_count(s, OPENINGS_OF_CHILD, CHILD, MORNING), 0);
}

static void a_second_person_agrees(void **state)
{
    struct stage *s = stage_of(state);
    struct opening o, again;
    struct opening_request r = request(s, SUPERVISOR, RELATION_ASSIGNED, PURPOSE_CASEWORK,
                                       BIT(CLASS_ID_NUMBER), "  ", MORNING);

    assert_int_equal(ask(s, &r, &o), -ERR_VALUE);
    r.reason = SLICE_LITERAL("benefit application");
    OK(s, ask(s, &r, &o));
    assert_int_equal(o.state, OPENING_ASKED);
    OK(s, ask(s, &r, &again));
    assert_int_equal(again.id, o.id);
    assert_int_equal(in_force(s, SUPERVISOR, CHILD, MORNING), 0);
    assert_int_equal(list_count(s, OPENINGS_ASKED, 0, MORNING), 1);
    assert_int_equal(decide(s, o.id, SUPERVISOR, true, MORNING, &again), -ERR_FORBIDDEN);
    assert_int_equal(decide(s, o.id, DIRECTOR, true, MORNING, &again), -ERR_FORBIDDEN);
    assert_int_equal(decide(s, o.id, SECURITY, true, MORNING, &again), -ERR_FORBIDDEN);
    assert_int_equal(end(s, o.id, SUPERVISOR, MORNING), -ERR_WRONG_STATE);
    OK(s, decide(s, o.id, CENTRE, true, MORNING + HOUR, &again));
    assert_int_equal(again.state, OPENING_OPEN);
    assert_int_equal(again.expires_at, MORNING + HOUR + 480 * MINUTE);
    assert_int_equal(again.decided_by, s->accounts[CENTRE].id);
    assert_true(slice_is(again.reason, "benefit application"));
    assert_int_equal(decide(s, o.id, CENTRE, false, MORNING + HOUR, &again), -ERR_WRONG_STATE);
    assert_int_equal(list_count(s, OPENINGS_ASKED, 0, MORNING + HOUR), 0);
    assert_int_equal(in_force(s, SUPERVISOR, CHILD, MORNING + HOUR), 1);
    assert_int_equal(end(s, o.id, DIRECTOR, MORNING + 2 * HOUR), -ERR_FORBIDDEN);
    OK(s, end(s, o.id, SUPERVISOR, MORNING + 2 * HOUR));
    assert_int_equal(in_force(s, SUPERVISOR, CHILD, MORNING + 2 * HOUR), 0);
    assert_string_equal(
        trail(s, o.id),
        "opening.asked[casework id_number] opening.granted[] opening.ended[closed]");
}

static void a_request_lapses_after_a_day(void **state)
{
    struct stage *s = stage_of(state);
    struct opening o, again;
    struct opening_request r = request(s, CENTRE, RELATION_AREA, PURPOSE_CASEWORK,
                                       BIT(CLASS_FACT_HARM), "conference", MORNING);

    OK(s, ask(s, &r, &o));
    assert_int_equal(list_count(s, OPENINGS_ASKED, 0, MORNING + DAY_LONG - 1), 1);
    assert_int_equal(list_count(s, OPENINGS_ASKED, 0, MORNING + DAY_LONG), 0);
    assert_int_equal(decide(s, o.id, LEADER, true, MORNING + DAY_LONG, &again), -ERR_WRONG_STATE);
    sweep(s, MORNING + DAY_LONG);
    OK(s, opening_get(s->d, o.id, MORNING, &s->arena, &again, &s->e));
    assert_int_equal(again.state, OPENING_LAPSED);
    assert_string_equal(trail(s, o.id), "opening.asked[casework fact_harm] opening.ended[lapsed]");
    r.now = MORNING + DAY_LONG;
    OK(s, ask(s, &r, &again));
    assert_int_not_equal(again.id, o.id);
    OK(s, decide(s, again.id, LEADER, false, r.now, &again));
    assert_int_equal(again.state, OPENING_REFUSED);
}

static void broken_glass_is_reviewed(void **state)
{
    struct stage *s = stage_of(state);
    struct opening o, again;
    struct opening_request r = request(s, DIRECTOR, RELATION_AREA, PURPOSE_EMERGENCY,
                                       BIT(CLASS_NAME) | BIT(CLASS_ADDRESS), NULL, MORNING);
    day today = day_of_instant(MORNING);

    assert_int_equal(ask(s, &r, &o), -ERR_VALUE);
    r.reason = SLICE_LITERAL("child alone on the roof");
    OK(s, ask(s, &r, &o));
    assert_int_equal(o.state, OPENING_OPEN);
    assert_true(o.glass);
    assert_int_equal(o.review_due, today + 1);
    assert_int_equal(alarms(s, ALARM_GLASS), 1);
    assert_int_equal(alarms(s, ALARM_NO_TASK), 1);
    assert_int_equal(list_count(s, OPENINGS_TO_REVIEW, 0, MORNING), 1);
    assert_int_equal(review(s, o.id, DIRECTOR, true, MORNING, &again), -ERR_FORBIDDEN);
    assert_int_equal(review(s, o.id, CENTRE, true, MORNING, &again), -ERR_FORBIDDEN);
    /* On the day after it is due, not before; once. */
    int64_t midnight = ((int64_t)today + 1) * DAY_LONG - 8 * HOUR;
    sweep(s, midnight + DAY_LONG - 1);
    assert_int_equal(alarms(s, ALARM_NOT_REVIEWED), 0);
    sweep(s, midnight + DAY_LONG);
    sweep(s, midnight + 2 * DAY_LONG);
    assert_int_equal(alarms(s, ALARM_NOT_REVIEWED), 1);
    OK(s, review(s, o.id, SUPERVISOR, false, MORNING + HOUR, &again));
    assert_false(again.justified);
    assert_int_equal(again.reviewed_by, s->accounts[SUPERVISOR].id);
    assert_int_equal(review(s, o.id, SUPERVISOR, true, MORNING + HOUR, &again), -ERR_WRONG_STATE);
    assert_int_equal(list_count(s, OPENINGS_TO_REVIEW, 0, MORNING + HOUR), 0);
}

static void glass_that_was_not_justified_closes(void **state)
{
    struct stage *s = stage_of(state);
    struct opening o;
    struct opening_request r = request(s, DIRECTOR, RELATION_AREA, PURPOSE_EMERGENCY,
                                       BIT(CLASS_NAME), "I was curious", MORNING);

    OK(s, ask(s, &r, &o));
    OK(s, review(s, o.id, SUPERVISOR, false, MORNING + MINUTE, &o));
    assert_int_equal(o.state, OPENING_ENDED);
    assert_int_equal(in_force(s, DIRECTOR, CHILD, MORNING + MINUTE), 0);
    assert_string_equal(trail(s, o.id),
                        "glass.broken[emergency name] glass.reviewed[not_justified] "
                        "opening.ended[not_justified]");
}

static void glass_of_a_disabled_account_is_reviewed_too(void **state)
{
    struct stage *s = stage_of(state);
    struct opening o;
    struct opening_request r = request(s, DIRECTOR, RELATION_AREA, PURPOSE_EMERGENCY,
                                       BIT(CLASS_NAME), "x", MORNING);
    int rc;

    OK(s, ask(s, &r, &o));
    WRITE(s, rc, account_disable(s->d, s->accounts[DIRECTOR].id, 0, &s->e));
    OK(s, rc);
    OK(s, review(s, o.id, SUPERVISOR, true, MORNING + MINUTE, &o));
    assert_true(o.justified);
}

static void unusual_hours_and_volume(void **state)
{
    struct stage *s = stage_of(state);
    struct opening o;
    int64_t evening = MORNING + 11 * HOUR; /* 21:00 */
    struct opening_request r = request(s, DIRECTOR, RELATION_ASSIGNED, PURPOSE_VISIT,
                                       BIT(CLASS_NAME), NULL, evening - MINUTE);

    OK(s, ask(s, &r, &o));
    assert_int_equal(alarms(s, ALARM_HOUR), 0);
    for (int i = 0; i < 19; i++) {
        r.child_id = CHILD + 1 + i;
        r.now = evening + i * SECOND;
        OK(s, ask(s, &r, &o));
    }
    assert_int_equal(alarms(s, ALARM_HOUR), 1);
    assert_int_equal(alarms(s, ALARM_VOLUME), 0);
    for (int i = 20; i < 25; i++) {
        r.child_id = CHILD + 1 + i;
        OK(s, ask(s, &r, &o));
    }
    assert_int_equal(alarms(s, ALARM_VOLUME), 1);
    /* Another hour is another alarm; seven in the morning is none. */
    r.now = evening + 2 * HOUR;
    OK(s, ask(s, &r, &o));
    assert_int_equal(alarms(s, ALARM_HOUR), 2);
    r.now = evening + 10 * HOUR - 1;
    OK(s, ask(s, &r, &o));
    assert_int_equal(alarms(s, ALARM_HOUR), 3);
    r.now = evening + 12 * HOUR;
    OK(s, ask(s, &r, &o));
    assert_int_equal(alarms(s, ALARM_HOUR), 3);
    assert_int_equal(alarms(s, ALARM_VOLUME), 1);
}

static void alarms_are_seen_once(void **state)
{
    struct stage *s = stage_of(state);
    struct alarm *list;
    size_t count;
    int rc;

    WRITE(s, rc, alarm_raise(s->d, ALARM_SIGN_IN, s->accounts[HELPER].id, 0, 6, MORNING, &s->e));
    OK(s, rc);
    WRITE(s, rc, alarm_raise(s->d, ALARM_SIGN_IN, 0, 0, 6, MORNING, &s->e));
    OK(s, rc);
    OK(s, alarm_list(s->d, true, 0, 10, &s->arena, &list, &count, &s->e));
    assert_int_equal(count, 2);
    assert_int_equal(list[0].figure, 6);
    assert_int_equal(list[0].account_id, s->accounts[HELPER].id);
    assert_int_equal(list[1].account_id, 0);
    int64_t id = list[0].id;
    for (int i = 0; i < 2; i++) {
        WRITE(s, rc,
              alarm_see(s->d, id, s->accounts[i == 0 ? SECURITY : LEADER].id, MORNING + i, &s->e));
        OK(s, rc);
    }
    OK(s, alarm_list(s->d, true, 0, 10, &s->arena, &list, &count, &s->e));
    assert_int_equal(count, 1);
    OK(s, alarm_list(s->d, false, 0, 1, &s->arena, &list, &count, &s->e));
    assert_int_equal(list[0].seen_by, s->accounts[SECURITY].id);
    assert_int_equal(list[0].seen_at, MORNING);
    assert_string_equal(trail(s, id), "alarm.raised[sign_in] alarm.seen[]");
    WRITE(s, rc, alarm_see(s->d, 12345, 1, MORNING, &s->e));
    assert_int_equal(rc, -ERR_NOT_FOUND);
}

static void reasons_are_sealed(void **state)
{
    struct stage *s = stage_of(state);
    struct opening o;
    struct opening_request r = request(s, DIRECTOR, RELATION_AREA, PURPOSE_EMERGENCY,
                                       BIT(CLASS_NAME), "kanarienvogel", MORNING);
    char *page = NULL;
    size_t n = 0, size;

    OK(s, ask(s, &r, &o));
    if (s->database.engine != STORE_SQLITE)
        return;
    s->d = deployment_close(s->d);
    FILE *f = fopen(s->database.path, "rb");
    assert_non_null(f);
    page = malloc(1 << 24);
    while ((size = fread(page + n, 1, (1 << 24) - n, f)) > 0)
        n += size;
    fclose(f);
    assert_true(n > 0);
    assert_null(memmem(page, n, "kanarienvogel", 13));
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_tap_opens_at_once),
        EACH(what_the_table_does_not_open_is_refused),
        EACH(a_second_person_agrees),
        EACH(a_request_lapses_after_a_day),
        EACH(broken_glass_is_reviewed),
        EACH(glass_that_was_not_justified_closes),
        EACH(glass_of_a_disabled_account_is_reviewed_too),
        EACH(unusual_hours_and_volume),
        EACH(alarms_are_seen_once),
        EACH(reasons_are_sealed),
    };

    return cmocka_run_group_tests_name("openings", tests, NULL, NULL);
}
