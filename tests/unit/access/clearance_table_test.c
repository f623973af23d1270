/* What the table that is built in says: the requirements on privacy (PR-05 to PR-08, PR-18), role
 * by role. */
#include "access/clearance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct arena arena;

static int begin(void **state)
{
    const struct clearance *c;
    struct error e = {.language = LANGUAGE_EN};
    if (clearance_builtin(&arena, &c, &e) != 0)
        fail_msg("%s", e.detail);
    *state = (void *)(uintptr_t)c;
    return 0;
}

static int end(void **state)
{
    arena_end(&arena);
    return 0;
}

/* What a role sees at a relation for a purpose, in the order of the classes: "name* sex" is a
 * masked name and the sex. */
static const char *seen(const struct clearance *c, enum role role, enum relation relation,
                        enum purpose purpose)
{
    const uint8_t *sights = clearance_sights(c, role, relation, purpose);
    char text[800];
    size_t n = 0;
    text[0] = '\0';
    for (int i = 0; i < CLASS_COUNT; i++)
        if (sights[i] != SIGHT_ABSENT)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s", n ? " " : "",
                                  data_class_name((enum data_class)i),
                                  sights[i] == SIGHT_MASKED ? "*" : "");
    return arena_string(&arena, slice_from(text));
}

/* PR-06: that a visit is needed, which child by a tap once the visit is theirs, and never why. */
static void child_director(void **state)
{
    const struct clearance *c = *state;
    enum role r = ROLE_CHILD_DIRECTOR;
    assert_string_equal(seen(c, r, RELATION_AREA, PURPOSE_ROUTINE),
                        "id name* birth_date* division level task staff public");
    assert_string_equal(
        seen(c, r, RELATION_ASSIGNED, PURPOSE_ROUTINE),
        "id name* birth_date* division address* kin* kin_phone* level task staff public "
        "visit_finding");
    assert_string_equal(seen(c, r, RELATION_AREA, PURPOSE_VISIT), "");
    assert_string_equal(seen(c, r, RELATION_ASSIGNED, PURPOSE_VISIT), "name address kin_phone");
    assert_string_equal(seen(c, r, RELATION_AREA, PURPOSE_EMERGENCY), "name address kin_phone");
    static const enum data_class why[] = {CLASS_CATEGORY,  CLASS_BASIS,       CLASS_FACT,
                                          CLASS_FACT_HARM, CLASS_FACT_HEALTH, CLASS_FACT_HIV,
                                          CLASS_NARRATIVE, CLASS_REPORTER,    CLASS_FACT_JUSTICE,
                                          CLASS_ID_NUMBER, CLASS_REFERENCE,   CLASS_TRACE};
    for (size_t i = 0; i < sizeof why / sizeof why[0]; i++)
        for (int relation = 0; relation < RELATION_COUNT; relation++)
            for (int purpose = 1; purpose < PURPOSE_COUNT; purpose++)
                assert_int_equal(
                    clearance_rule(c, why[i], r, (enum relation)relation, (enum purpose)purpose)
                        .line,
                    0);
    struct clearance_rule tap = clearance_rule(c, CLASS_NAME, r, RELATION_ASSIGNED, PURPOSE_VISIT);
    assert_int_equal(tap.way, WAY_TAP);
    assert_int_equal(tap.minutes, 15);
}

static void town_and_county(void **state)
{
    const struct clearance *c = *state;
    static const enum role town[] = {ROLE_SUPERVISOR, ROLE_STATION_WORKER};
    for (size_t i = 0; i < 2; i++) {
        const char *list = seen(c, town[i], RELATION_AREA, PURPOSE_ROUTINE);
        const char *traced = i == 0 ? "trace staff staff_phone reason public visit_finding"
                                    : "staff staff_phone public visit_finding";
        char expected[400];
        snprintf(expected, sizeof expected,
                 "id reference name* id_number* sex birth_date* division hukou* address* phone* "
                 "kin* kin_phone* category level task %s",
                 traced);
        assert_string_equal(list, expected);
        assert_string_equal(seen(c, town[i], RELATION_ASSIGNED, PURPOSE_ROUTINE), expected);
        assert_string_equal(
            seen(c, town[i], RELATION_AREA, PURPOSE_CASEWORK),
            "name id_number birth_date hukou address phone kin kin_phone basis fact");
        assert_string_equal(seen(c, town[i], RELATION_ASSIGNED, PURPOSE_CASEWORK),
                            "name id_number birth_date hukou address phone kin kin_phone basis "
                            "fact fact_health fact_justice fact_harm narrative");
    }
    assert_string_equal(seen(c, ROLE_CENTRE_WORKER, RELATION_ASSIGNED, PURPOSE_CASEWORK),
                        "name id_number birth_date hukou address phone kin kin_phone basis fact "
                        "fact_health fact_hiv fact_justice fact_harm narrative reporter");
}

static void who_helps(void **state)
{
    const struct clearance *c = *state;
    assert_string_equal(seen(c, ROLE_DEPARTMENT_LIAISON, RELATION_DEPARTMENT, PURPOSE_ROUTINE),
                        "id name* division* public cell feed");
    assert_string_equal(seen(c, ROLE_DEPARTMENT_LIAISON, RELATION_AREA, PURPOSE_ROUTINE),
                        "id public feed");
    assert_string_equal(seen(c, ROLE_ORGANISATION_MANAGER, RELATION_TEAM, PURPOSE_ROUTINE),
                        "id name* division level task staff public");
    assert_string_equal(seen(c, ROLE_HELPER, RELATION_TEAM, PURPOSE_ROUTINE), "id public");
    assert_string_equal(seen(c, ROLE_HELPER, RELATION_ASSIGNED, PURPOSE_ROUTINE),
                        "id name* birth_date* division address* kin_phone* task public");
    assert_string_equal(seen(c, ROLE_HELPER, RELATION_ASSIGNED, PURPOSE_AID),
                        "name address kin_phone");
    for (int purpose = 2; purpose < PURPOSE_COUNT; purpose++) {
        assert_string_equal(
            seen(c, ROLE_DEPARTMENT_LIAISON, RELATION_DEPARTMENT, (enum purpose)purpose), "");
        assert_string_equal(
            seen(c, ROLE_ORGANISATION_MANAGER, RELATION_TEAM, (enum purpose)purpose), "");
    }
}

/* PR-08: a guardian may be the one who is reported. */
static void guardian(void **state)
{
    const struct clearance *c = *state;
    assert_string_equal(seen(c, ROLE_GUARDIAN, RELATION_GUARDIAN, PURPOSE_ROUTINE),
                        "id name birth_date division task public");
    for (int relation = 0; relation < RELATION_COUNT; relation++)
        for (int purpose = 1; purpose < PURPOSE_COUNT; purpose++) {
            const char *text = seen(c, ROLE_GUARDIAN, (enum relation)relation,
                                    (enum purpose)purpose);
            if (relation != RELATION_GUARDIAN)
                assert_string_equal(text, purpose == PURPOSE_ROUTINE ? "id public" : "");
            else if (purpose != PURPOSE_ROUTINE)
                assert_string_equal(text, "");
        }
}

/* A data officer keeps deliveries in order: no child, and no cell whole. */
static void data_officer(void **state)
{
    const struct clearance *c = *state;
    assert_string_equal(seen(c, ROLE_DATA_OFFICER, RELATION_AREA, PURPOSE_ROUTINE),
                        "id public cell* feed");
    for (int relation = 0; relation < RELATION_COUNT; relation++)
        for (int purpose = 2; purpose < PURPOSE_COUNT; purpose++)
            assert_string_equal(
                seen(c, ROLE_DATA_OFFICER, (enum relation)relation, (enum purpose)purpose), "");
}

static void bureau_leader(void **state)
{
    const struct clearance *c = *state;
    assert_string_equal(seen(c, ROLE_BUREAU_LEADER, RELATION_AREA, PURPOSE_ROUTINE),
                        "id name* sex birth_date* division* hukou* category level task trace "
                        "staff reason public feed");
    assert_string_equal(seen(c, ROLE_BUREAU_LEADER, RELATION_AREA, PURPOSE_OVERSIGHT),
                        "reference name basis fact fact_harm narrative");
}

static void administrators(void **state)
{
    const struct clearance *c = *state;
    static const struct {
        enum role role;
        const char *seen;
    } cases[] = {
        {ROLE_SYSTEM_ADMINISTRATOR, "id staff staff_phone* account system public"},
        {ROLE_SECURITY_ADMINISTRATOR, "id staff account public feed"},
        {ROLE_AUDIT_ADMINISTRATOR, "id staff trail public"},
    };
    for (size_t i = 0; i < 3; i++)
        for (int relation = 0; relation < RELATION_COUNT; relation++)
            for (int purpose = 1; purpose < PURPOSE_COUNT; purpose++)
                assert_string_equal(
                    seen(c, cases[i].role, (enum relation)relation, (enum purpose)purpose),
                    purpose != PURPOSE_ROUTINE            ? ""
                    : (int)relation != (int)RELATION_NONE ? "id public"
                                                          : cases[i].seen);
}

/* PR-18, and the strictest of the facts: nobody but the county's worker who leads the case, with a
 * second person's yes; in an emergency the illness, the reporter never. */
static void what_is_strictest(void **state)
{
    const struct clearance *c = *state;
    for (int role = 1; role < ROLE_COUNT; role++)
        for (int relation = 0; relation < RELATION_COUNT; relation++)
            for (int purpose = 1; purpose < PURPOSE_COUNT; purpose++) {
                struct clearance_rule hiv = clearance_rule(c, CLASS_FACT_HIV, (enum role)role,
                                                           (enum relation)relation,
                                                           (enum purpose)purpose);
                struct clearance_rule reporter = clearance_rule(c, CLASS_REPORTER, (enum role)role,
                                                                (enum relation)relation,
                                                                (enum purpose)purpose);
                bool centre = role == ROLE_CENTRE_WORKER;
                bool leads = centre && relation == RELATION_ASSIGNED;
                bool glass = centre && purpose == PURPOSE_EMERGENCY &&
                             (relation == RELATION_AREA || leads);
                uint8_t approval = leads && purpose == PURPOSE_CASEWORK ? WAY_APPROVAL : WAY_NONE;
                assert_int_equal(reporter.way, approval);
                assert_int_equal(hiv.way, glass ? WAY_GLASS : approval);
            }
}

/* PR-05, PR-07: beyond the routine nothing about a child's situation is opened without a second
 * person or a broken glass; a tap gives a name, a door and a telephone to whoever is sent there. */
static void a_tap_opens_the_door_alone(void **state)
{
    const struct clearance *c = *state;
    for (int class = 0; class < CLASS_COUNT; class ++)
        for (int role = 1; role < ROLE_COUNT; role++)
            for (int relation = 0; relation < RELATION_COUNT; relation++)
                for (int purpose = 2; purpose < PURPOSE_COUNT; purpose++) {
                    struct clearance_rule rule = clearance_rule(
                        c, (enum data_class) class, (enum role)role, (enum relation)relation,
                        (enum purpose)purpose);
                    if (rule.way != WAY_TAP)
                        continue;
                    assert_true(class == CLASS_NAME || class == CLASS_ADDRESS ||
                                class == CLASS_KIN_PHONE);
                    assert_int_equal(relation, RELATION_ASSIGNED);
                    assert_true(rule.minutes <= 15);
                }
}

static void permissions(void **state)
{
    const struct clearance *c = *state;
    static const struct {
        const char *permission, *roles;
    } cases[] = {
        {"session:own", "everybody"},
        {"account:own", "everybody"},
        {"division:read", "everybody"},
        {"change:read", "everybody"},
        {"child:search", "supervisor station_worker centre_worker"},
        {"child:assign", "supervisor centre_worker"},
        {"trace:read", "supervisor centre_worker bureau_leader"},
        {"opening:decide", "supervisor centre_worker bureau_leader"},
        {"account:create", "system_administrator"},
        {"account:post", "security_administrator"},
        {"clearance:read", "security_administrator"},
        {"trail:verify", "audit_administrator"},
        {"child:delete", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char got[300] = "";
        int count = 0;
        for (int role = 1; role < ROLE_COUNT; role++)
            if (clearance_permits(c, (enum role)role, slice_from(cases[i].permission))) {
                snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", count ? " " : "",
                         role_name((enum role)role));
                count++;
            }
        assert_string_equal(count == ROLE_COUNT - 1 ? "everybody" : got, cases[i].roles);
    }
}

/* Who has somebody's requests to decide must be able to reach them, and can read why they were
 * made. */
static void who_decides_can_decide(void **state)
{
    const struct clearance *c = *state;
    for (int approver = 1; approver < ROLE_COUNT; approver++)
        for (int asker = 1; asker < ROLE_COUNT; asker++) {
            if (!clearance_approves(c, (enum role)approver, (enum role)asker))
                continue;
            assert_true(clearance_permits(c, (enum role)approver, SLICE_LITERAL("opening:decide")));
            assert_true(clearance_permits(c, (enum role)approver, SLICE_LITERAL("opening:review")));
            assert_true(clearance_permits(c, (enum role)approver, SLICE_LITERAL("opening:list")));
            assert_true(clearance_permits(c, (enum role)asker, SLICE_LITERAL("child:open")));
            assert_int_equal(
                clearance_rule(c, CLASS_REASON, (enum role)approver, RELATION_AREA, PURPOSE_ROUTINE)
                    .sight,
                SIGHT_SHOWN);
        }
    /* Whoever can open anything may ask to. */
    for (int role = 1; role < ROLE_COUNT; role++)
        for (int relation = 0; relation < RELATION_COUNT; relation++)
            for (int class = 0; class < CLASS_COUNT; class ++)
                if (clearance_ways(c, (enum role)role, (enum relation)relation)[class])
                    assert_true(clearance_permits(c, (enum role)role, SLICE_LITERAL("child:open")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(child_director),
        cmocka_unit_test(town_and_county),
        cmocka_unit_test(who_helps),
        cmocka_unit_test(guardian),
        cmocka_unit_test(data_officer),
        cmocka_unit_test(bureau_leader),
        cmocka_unit_test(administrators),
        cmocka_unit_test(what_is_strictest),
        cmocka_unit_test(a_tap_opens_the_door_alone),
        cmocka_unit_test(permissions),
        cmocka_unit_test(who_decides_can_decide),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
