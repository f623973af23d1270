/* Tasks: given, listed, replaced, ended, over by themselves; each with its row in the trail. */
#include "cast.h"

#include "access/audit.h"
#include "people/assignment.h"

static int give(struct scene *s, int64_t child, int64_t account, enum assignment_task task,
                int64_t until, int64_t now, int64_t *ret)
{
    int rc;

    CAST_WRITE(s, rc, assignment_give(s->d, child, account, task, until, 7, now, ret, &s->e));
    return rc;
}

static void names(void **state)
{
    assert_int_equal(assignment_task_parse(SLICE_LITERAL("visit")), TASK_VISIT);
    assert_int_equal(assignment_task_parse(SLICE_LITERAL("aid")), TASK_AID);
    assert_int_equal(assignment_task_parse(SLICE_LITERAL("case")), TASK_CASE);
    assert_int_equal(assignment_task_parse(SLICE_LITERAL("")), TASK_NONE);
    assert_string_equal(assignment_task_name(TASK_CASE), "case");
    assert_string_equal(assignment_task_name(TASK_NONE), "");
}

static void what_is_no_task_is_refused(void **state)
{
    struct scene *s = cast_of(state);
    int64_t child = cast_child(s, "c1", "2015-05-10", 999901001001);
    int64_t account = cast_account(s, "w1", ROLE_CHILD_DIRECTOR, 999901001001, NULL, NULL, 0);
    int64_t id;

    assert_int_equal(give(s, child, account, TASK_NONE, CAST_NOW + 1, CAST_NOW, &id), -ERR_VALUE);
    assert_int_equal(give(s, child, account, ASSIGNMENT_TASK_COUNT, CAST_NOW + 1, CAST_NOW, &id),
                     -ERR_VALUE);
    assert_int_equal(give(s, child, account, TASK_VISIT, CAST_NOW, CAST_NOW, &id), -ERR_VALUE);
    assert_int_equal(
        give(s, child, account, TASK_VISIT, CAST_NOW + ASSIGNMENT_TIME_MAX + 1, CAST_NOW, &id),
        -ERR_VALUE);
    assert_int_equal(give(s, child + 1, account, TASK_VISIT, CAST_NOW + 1, CAST_NOW, &id),
                     -ERR_REFERENCE);
    assert_int_equal(give(s, child, account + 1, TASK_VISIT, CAST_NOW + 1, CAST_NOW, &id),
                     -ERR_REFERENCE);
    int rc;
    CAST_WRITE(s, rc,
               assignment_give(s->d, child, account, TASK_VISIT, CAST_NOW + 1, account, CAST_NOW,
                               &id, &s->e));
    assert_int_equal(rc, -ERR_FORBIDDEN);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM assignment"), 0);
}

static void given_and_ended(void **state)
{
    struct scene *s = cast_of(state);
    int64_t child = cast_child(s, "c1", "2015-05-10", 999901001001);
    int64_t account = cast_account(s, "w1", ROLE_CHILD_DIRECTOR, 999901001001, NULL, NULL, 0);
    struct assignment *list, a;
    int64_t first, second, third;
    size_t count;
    int rc;

    OK(s, give(s, child, account, TASK_VISIT, CAST_NOW + CAST_DAY, CAST_NOW, &first));
    OK(s, give(s, child, account, TASK_CASE, CAST_NOW + CAST_DAY, CAST_NOW, &second));
    /* The same task again: the one before ends. */
    OK(s, give(s, child, account, TASK_VISIT, CAST_NOW + 2 * CAST_DAY, CAST_NOW + 10, &third));
    OK(s, assignment_list_of_child(s->d, child, 0, 10, &s->arena, &list, &count, &s->e));
    assert_int_equal(count, 3);
    assert_true(list[0].id == first && list[1].id == second && list[2].id == third);
    assert_false(assignment_holds(&list[0], CAST_NOW + 10));
    assert_true(assignment_holds(&list[0], CAST_NOW + 9));
    assert_true(assignment_holds(&list[1], CAST_NOW + CAST_DAY - 1));
    assert_false(assignment_holds(&list[1], CAST_NOW + CAST_DAY));
    assert_false(assignment_holds(&list[1], CAST_NOW - 1));
    assert_true(assignment_holds(&list[2], CAST_NOW + CAST_DAY));
    OK(s, assignment_list_of_account(s->d, account, second, 10, &s->arena, &list, &count, &s->e));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].given_by, 7);
    CAST_WRITE(s, rc, assignment_end(s->d, third, 8, CAST_NOW + 20, &s->e));
    OK(s, rc);
    CAST_WRITE(s, rc, assignment_end(s->d, third, 8, CAST_NOW + 20, &s->e));
    assert_int_equal(rc, -ERR_WRONG_STATE);
    CAST_WRITE(s, rc, assignment_end(s->d, second, 8, CAST_NOW + CAST_DAY, &s->e));
    assert_int_equal(rc, -ERR_WRONG_STATE);
    CAST_WRITE(s, rc, assignment_end(s->d, 1, 8, CAST_NOW, &s->e));
    assert_int_equal(rc, -ERR_NOT_FOUND);
    OK(s, assignment_get(s->d, third, &a, &s->e));
    assert_int_equal(a.ended_at, CAST_NOW + 20);
}

static void every_change_is_in_the_trail(void **state)
{
    struct scene *s = cast_of(state);
    int64_t child = cast_child(s, "c1", "2015-05-10", 999901001001);
    int64_t account = cast_account(s, "w1", ROLE_CHILD_DIRECTOR, 999901001001, NULL, NULL, 0);
    struct audit_row *rows;
    int64_t id;
    size_t count;
    int rc;

    OK(s, give(s, child, account, TASK_AID, CAST_NOW + CAST_DAY, CAST_NOW, &id));
    CAST_WRITE(s, rc, assignment_end(s->d, id, 8, CAST_NOW + 1, &s->e));
    OK(s, rc);
    OK(s, audit_list(s->d, 0, 0, child, 10, &s->arena, &rows, &count, &s->e));
    assert_int_equal(count, 2);
    assert_int_equal(rows[1].event, AUDIT_CHILD_ASSIGNED);
    assert_int_equal(rows[1].account_id, 7);
    assert_int_equal(rows[0].event, AUDIT_CHILD_UNASSIGNED);
    assert_int_equal(rows[0].account_id, 8);
    assert_int_equal(rows[0].object_id, id);
    assert_true(slice_is(rows[0].detail, "aid"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        EACH(what_is_no_task_is_refused),
        EACH(given_and_ended),
        EACH(every_change_is_in_the_trail),
    };

    return cmocka_run_group_tests_name("assignments", tests, NULL, NULL);
}
