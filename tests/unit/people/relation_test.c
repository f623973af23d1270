/* Relations: each rule by an example. */
#include "cast.h"

#include "people/assignment.h"
#include "people/erase.h"
#include "people/relation.h"

#include <string.h>

#define VILLAGE INT64_C(999901001001)
#define OTHER_VILLAGE INT64_C(999901001002)
#define OTHER_TOWN INT64_C(999901002001)
#define OTHER_COUNTY INT64_C(999902001001)
#define TOWN INT64_C(999901001000)
#define COUNTY INT64_C(999901000000)

static void divisions_cover_their_subtrees(void **state)
{
    static const struct {
        int64_t outer, inner;
        bool covers;
    } rows[] = {
        {990000000000, 999901001001, true},
        {990000000000, 989901001001, false},
        {990000000000, 990000000000, true},
        {999900000000, 999901001001, true},
        {999900000000, 999801001001, false},
        {999901000000, 999901001001, true},
        {999901000000, 999901999999, true},
        {999901000000, 999902000000, false},
        {999901001000, 999901001999, true},
        {999901001000, 999901002000, false},
        {999901001000, 999901000000, false},
        {999901001001, 999901001001, true},
        {999901001001, 999901001002, false},
        {0, 999901001001, false},
        {999901000000, 0, false},
        {0, 0, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (division_covers(rows[i].outer, rows[i].inner) != rows[i].covers)
            fail_msg("%lld covers %lld", (long long)rows[i].outer, (long long)rows[i].inner);
    assert_int_equal(division_last(999901000000), 999901999999);
    assert_int_equal(division_last(999901001001), 999901001001);
}

static enum relation tie(struct scene *s, int64_t account, int64_t child)
{
    struct account a = cast_account_get(s, account);
    enum relation r;

    OK(s, relation_of(s->d, &a, child, CAST_NOW, &r, &s->e));
    return r;
}

static void area_and_task(void **state)
{
    struct scene *s = cast_of(state);
    int64_t near = cast_child(s, "near", "2015-05-10", VILLAGE);
    int64_t far = cast_child(s, "far", "2015-05-10", OTHER_COUNTY);
    int64_t nowhere = cast_child(s, "nowhere", "2015-05-10", 0);
    int64_t grown = cast_child(s, "grown", "2008-11-23", VILLAGE);
    int64_t last_day = cast_child(s, "last day", "2008-11-24", VILLAGE);
    int64_t unborn = cast_child(s, "no birth", NULL, VILLAGE);
    int64_t w = cast_account(s, "w", ROLE_STATION_WORKER, TOWN, NULL, NULL, 0);
    int64_t admin = cast_account(s, "admin", ROLE_SYSTEM_ADMINISTRATOR, COUNTY, NULL, NULL, 0);
    int64_t id;
    int rc;

    assert_int_equal(tie(s, w, near), RELATION_AREA);
    assert_int_equal(tie(s, w, far), RELATION_NONE);
    assert_int_equal(tie(s, w, nowhere), RELATION_NONE);
    assert_int_equal(tie(s, w, grown), RELATION_NONE);
    assert_int_equal(tie(s, w, last_day), RELATION_AREA);
    assert_int_equal(tie(s, w, unborn), RELATION_NONE);
    assert_int_equal(tie(s, w, 123456789), RELATION_NONE);
    assert_int_equal(tie(s, admin, near), RELATION_NONE);
    /* A task ties across divisions, for its time. */
    CAST_WRITE(s, rc,
               assignment_give(s->d, far, w, TASK_CASE, CAST_NOW + 1, 0, CAST_NOW, &id, &s->e));
    OK(s, rc);
    assert_int_equal(tie(s, w, far), RELATION_ASSIGNED);
    struct account a = cast_account_get(s, w);
    enum relation r;
    OK(s, relation_of(s->d, &a, far, CAST_NOW + 1, &r, &s->e));
    assert_int_equal(r, RELATION_NONE);
    struct relation_tie why;
    OK(s, relation_explain(s->d, &a, far, CAST_NOW, &why, &s->e));
    assert_int_equal(why.task, TASK_CASE);
    assert_int_equal(why.task_until, CAST_NOW + 1);
    CAST_WRITE(s, rc, account_disable(s->d, w, 0, &s->e));
    OK(s, rc);
    assert_int_equal(tie(s, w, near), RELATION_NONE);
}

static void a_team_sees_what_its_members_do(void **state)
{
    struct scene *s = cast_of(state);
    int64_t child = cast_child(s, "c", "2015-05-10", VILLAGE);
    int64_t manager = cast_account(s, "m", ROLE_ORGANISATION_MANAGER, 0, NULL, "t1", 0);
    int64_t helper = cast_account(s, "h", ROLE_HELPER, 0, NULL, "t1", 0);
    int64_t stranger = cast_account(s, "x", ROLE_HELPER, 0, NULL, "t2", 0);
    int64_t id;
    int rc;

    assert_int_equal(tie(s, manager, child), RELATION_NONE);
    CAST_WRITE(s, rc,
               assignment_give(s->d, child, helper, TASK_AID, CAST_NOW + CAST_DAY, 0, CAST_NOW, &id,
                               &s->e));
    OK(s, rc);
    assert_int_equal(tie(s, manager, child), RELATION_TEAM);
    assert_int_equal(tie(s, helper, child), RELATION_ASSIGNED);
    assert_int_equal(tie(s, stranger, child), RELATION_NONE);
    CAST_WRITE(s, rc, account_disable(s->d, helper, 0, &s->e));
    OK(s, rc);
    assert_int_equal(tie(s, manager, child), RELATION_NONE);
}

static void a_department_knows_whom_it_spoke_of(void **state)
{
    struct scene *s = cast_of(state);
    int64_t child = cast_child(s, "c", "2015-05-10", VILLAGE);
    int64_t sibling = cast_child(s, "d", "2016-05-10", VILLAGE);
    int64_t far = cast_child(s, "e", "2016-05-10", OTHER_COUNTY);
    int64_t father = cast_child(s, "f", "1985-05-10", OTHER_COUNTY);
    int64_t uncle = cast_child(s, "u", "1986-05-10", VILLAGE);
    int64_t justice = cast_account(s, "j", ROLE_DEPARTMENT_LIAISON, COUNTY, "justice", NULL, 0);
    int64_t health = cast_account(s, "h", ROLE_DEPARTMENT_LIAISON, COUNTY, "health", NULL, 0);
    int64_t worker = cast_account(s, "w", ROLE_CENTRE_WORKER, COUNTY, NULL, NULL, 0);

    cast_kin(s, child, father, KIN_FATHER, NULL, NULL);
    cast_kin(s, far, father, KIN_FATHER, NULL, NULL);
    cast_kin(s, sibling, uncle, KIN_RELATIVE, NULL, NULL);
    cast_record(s, father, KIND_IMPRISONED, "P3Y", "justice", "2025-01-01", NULL);
    cast_record(s, uncle, KIND_IMPRISONED, "P3Y", "justice", "2025-01-01", NULL);
    cast_record(s, sibling, KIND_DISABILITY, "visual/1", "health", "2020-01-01", "2021-01-01");
    assert_int_equal(tie(s, justice, child), RELATION_DEPARTMENT);
    assert_int_equal(tie(s, justice, sibling), RELATION_AREA);
    assert_int_equal(tie(s, justice, far), RELATION_NONE);
    assert_int_equal(tie(s, health, child), RELATION_AREA);
    assert_int_equal(tie(s, health, sibling), RELATION_DEPARTMENT);
    assert_int_equal(tie(s, worker, child), RELATION_AREA);
}

static void guardians_by_law(void **state)
{
    struct scene *s = cast_of(state);
    static const struct {
        enum kin_role role;
        const char *from, *to;
        enum relation relation;
    } rows[] = {
        {KIN_FATHER, NULL, NULL, RELATION_GUARDIAN},
        {KIN_MOTHER, NULL, "2026-11-24", RELATION_GUARDIAN},
        {KIN_MOTHER, NULL, CAST_TODAY, RELATION_NONE},
        {KIN_ADOPTIVE_MOTHER, CAST_TODAY, NULL, RELATION_GUARDIAN},
        {KIN_ADOPTIVE_FATHER, "2026-11-24", NULL, RELATION_NONE},
        {KIN_GUARDIAN, "2020-01-01", NULL, RELATION_GUARDIAN},
        {KIN_GUARDIAN, "2020-01-01", "2021-01-01", RELATION_NONE},
        {KIN_FOSTER_PARENT, "2020-01-01", NULL, RELATION_NONE},
        {KIN_STEP_FATHER, NULL, NULL, RELATION_NONE},
        {KIN_STEP_MOTHER, NULL, NULL, RELATION_NONE},
        {KIN_GRANDPARENT, NULL, NULL, RELATION_NONE},
        {KIN_SIBLING, NULL, NULL, RELATION_NONE},
        {KIN_RELATIVE, NULL, NULL, RELATION_NONE},
        {KIN_INSTITUTION, NULL, NULL, RELATION_NONE},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char name[16];
        snprintf(name, sizeof name, "p%zu", i);
        int64_t person = cast_child(s, name, "1980-01-01", VILLAGE);
        snprintf(name, sizeof name, "c%zu", i);
        int64_t child = cast_child(s, name, "2015-05-10", VILLAGE);
        snprintf(name, sizeof name, "a%zu", i);
        int64_t account = cast_account(s, name, ROLE_GUARDIAN, VILLAGE, NULL, NULL, person);
        cast_kin(s, child, person, rows[i].role, rows[i].from, rows[i].to);
        if (tie(s, account, child) != rows[i].relation)
            fail_msg("%s", kin_role_name(rows[i].role));
    }
}

static void adoption_ends_what_birth_gave(void **state)
{
    struct scene *s = cast_of(state);
    int64_t child = cast_child(s, "c", "2015-05-10", VILLAGE);
    int64_t birth = cast_child(s, "b", "1980-01-01", VILLAGE);
    int64_t adoptive = cast_child(s, "a", "1980-01-01", VILLAGE);
    int64_t b = cast_account(s, "gb", ROLE_GUARDIAN, 0, NULL, NULL, birth);
    int64_t a = cast_account(s, "ga", ROLE_GUARDIAN, 0, NULL, NULL, adoptive);

    cast_kin(s, child, birth, KIN_MOTHER, NULL, NULL);
    assert_int_equal(tie(s, b, child), RELATION_GUARDIAN);
    cast_kin(s, child, adoptive, KIN_ADOPTIVE_FATHER, "2024-01-01", NULL);
    assert_int_equal(tie(s, b, child), RELATION_NONE);
    assert_int_equal(tie(s, a, child), RELATION_GUARDIAN);
}

static void what_a_court_has_taken(void **state)
{
    struct scene *s = cast_of(state);
    int64_t child = cast_child(s, "c", "2015-05-10", VILLAGE);
    int64_t father = cast_child(s, "f", "1980-01-01", VILLAGE);
    int64_t mother = cast_child(s, "m", "1980-01-01", VILLAGE);
    int64_t gf = cast_account(s, "gf", ROLE_GUARDIAN, VILLAGE, NULL, NULL, father);
    int64_t gm = cast_account(s, "gm", ROLE_GUARDIAN, VILLAGE, NULL, NULL, mother);

    cast_kin(s, child, father, KIN_FATHER, NULL, NULL);
    cast_kin(s, child, mother, KIN_MOTHER, NULL, NULL);
    cast_record(s, mother, KIND_GUARDIANSHIP_REVOKED, "", "court", "2020-01-01", CAST_TODAY);
    cast_record(s, mother, KIND_GUARDIANSHIP_REVOKED, "", "court", "2026-11-24", NULL);
    assert_int_equal(tie(s, gm, child), RELATION_GUARDIAN);
    assert_int_equal(tie(s, gf, child), RELATION_GUARDIAN);
    cast_record(s, father, KIND_GUARDIANSHIP_REVOKED, "", "court", CAST_TODAY, NULL);
    assert_int_equal(tie(s, gf, child), RELATION_NONE);
    assert_int_equal(tie(s, gm, child), RELATION_GUARDIAN);
    struct account a = cast_account_get(s, gf);
    struct relation_tie why;
    OK(s, relation_explain(s->d, &a, child, CAST_NOW, &why, &s->e));
    assert_true(why.revoked);
    assert_int_equal(why.kin, KIN_FATHER);
}

/* Whoever is erased ties to nobody: what a court said of them went with them. */
static void who_was_erased(void **state)
{
    struct scene *s = cast_of(state);
    int64_t child = cast_child(s, "c", "2015-05-10", VILLAGE);
    int64_t father = cast_child(s, "f", "1980-01-01", VILLAGE);
    int64_t mother = cast_child(s, "m", "1980-01-01", VILLAGE);
    int64_t gf = cast_account(s, "gf", ROLE_GUARDIAN, 0, NULL, NULL, father);
    int64_t gm = cast_account(s, "gm", ROLE_GUARDIAN, 0, NULL, NULL, mother);

    cast_kin(s, child, father, KIN_FATHER, NULL, NULL);
    cast_kin(s, child, mother, KIN_MOTHER, NULL, NULL);
    cast_record(s, father, KIND_GUARDIANSHIP_REVOKED, "", "court", "2020-01-01", NULL);
    OK(s, person_erase(s->d, father, &s->e));
    assert_int_equal(tie(s, gf, child), RELATION_NONE);
    assert_int_equal(tie(s, gm, child), RELATION_GUARDIAN);
    OK(s, person_erase(s->d, child, &s->e));
    assert_int_equal(tie(s, gm, child), RELATION_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(divisions_cover_their_subtrees),
        EACH(area_and_task),
        EACH(a_team_sees_what_its_members_do),
        EACH(a_department_knows_whom_it_spoke_of),
        EACH(guardians_by_law),
        EACH(adoption_ends_what_birth_gave),
        EACH(what_a_court_has_taken),
        EACH(who_was_erased),
    };

    return cmocka_run_group_tests_name("relations", tests, NULL, NULL);
}
