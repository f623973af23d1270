#include "people/assignment.h"

#include "access/audit.h"
#include "store/sql_assignment.h"

static const char *const names[ASSIGNMENT_TASK_COUNT] = {
    [TASK_NONE] = "",
#define TASK(symbol, number, name) [symbol] = name,
#include "access/tasks.def"
#undef TASK
};

enum assignment_task assignment_task_parse(struct slice name)
{
    for (int task = TASK_NONE + 1; task < ASSIGNMENT_TASK_COUNT; task++)
        if (slice_is(name, names[task]))
            return (enum assignment_task)task;
    return TASK_NONE;
}

const char *assignment_task_name(enum assignment_task task)
{
    return task > TASK_NONE && task < ASSIGNMENT_TASK_COUNT ? names[task] : "";
}

bool assignment_holds(const struct assignment *a, int64_t now)
{
    return a->from_at <= now && now < a->to_at && (a->ended_at == 0 || now < a->ended_at);
}

static struct assignment assignment_of(const struct sql_assignment_of_id *row)
{
    return (struct assignment){.id = row->id,
                               .child_id = row->child_id,
                               .account_id = row->account_id,
                               .task = (enum assignment_task)row->task,
                               .given_by = row->given_by,
                               .from_at = row->from_at,
                               .to_at = row->to_at,
                               .ended_at = row->ended_at.set ? row->ended_at.v : 0};
}

static int tell(struct deployment *d, enum audit_event event, const struct assignment *a,
                int64_t by, struct error *e)
{
    return audit_append(d,
                        &(struct audit_entry){.event = event,
                                              .account_id = by,
                                              .child_id = a->child_id,
                                              .object_id = a->id,
                                              .detail = assignment_task_name(a->task)},
                        e);
}

static int check(struct deployment *d, const struct assignment *a, struct error *e)
{
    struct sql_assignment_ends_exist row;
    bool found;

    if (a->task <= TASK_NONE || a->task >= ASSIGNMENT_TASK_COUNT)
        return error_set(e, ERR_VALUE, N_("there is no such task"));
    if (a->account_id == a->given_by) /* a task opens by a tap what else a second person approves */
        return error_set(e, ERR_FORBIDDEN, N_("nobody gives themselves a task"));
    if (a->to_at <= a->from_at || a->to_at - a->from_at > ASSIGNMENT_TIME_MAX)
        return error_set(e, ERR_VALUE, N_("a task ends after it begins, within a year"));
    int rc = sql_assignment_ends_exist(d->store, a->child_id, a->account_id, &found, &row, e);
    if (rc == 0 && !found)
        rc = error_set(e, ERR_REFERENCE, N_("there is no such child or account"));
    return rc;
}

/* The same task given again takes the place of the one before; the system's and a person's stand side by
 * side, for each ends for a reason of its own. */
static int replace(struct deployment *d, const struct assignment *a, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_assignment_same row;
    int rc = sql_assignment_same(d->store, a->child_id, a->account_id, a->task, a->from_at,
                                 a->given_by, &rows, e);

    while (rc >= 0 && (rc = sql_assignment_same_next(&rows, &row, e)) > 0) {
        struct assignment old = *a;
        old.id = row.id;
        rc = sql_assignment_end(d->store, old.id, a->from_at, e);
        if (rc == 0)
            rc = tell(d, AUDIT_CHILD_UNASSIGNED, &old, a->given_by, e);
    }
    return rc < 0 ? rc : 0;
}

int assignment_give(struct deployment *d, int64_t child_id, int64_t account_id,
                    enum assignment_task task, int64_t until, int64_t by, int64_t now,
                    int64_t *ret_id, struct error *e)
{
    struct assignment a = {.child_id = child_id,
                           .account_id = account_id,
                           .given_by = by,
                           .task = task,
                           .from_at = now,
                           .to_at = until};
    struct sql_assignment_last last;
    bool found;
    int rc = check(d, &a, e);

    if (rc == 0)
        rc = replace(d, &a, e);
    if (rc == 0)
        rc = sql_assignment_last(d->store, &found, &last, e);
    if (rc < 0)
        return rc;
    struct id_source ids = {found ? last.id : 0};
    rc = id_source_next(&ids, d->sealer, &a.id, e);
    if (rc == 0)
        rc = sql_assignment_insert(d->store, a.id, child_id, account_id, task, by, now, until, e);
    if (rc == 0)
        rc = tell(d, AUDIT_CHILD_ASSIGNED, &a, by, e);
    if (rc == 0)
        *ret_id = a.id;
    return rc;
}

int assignment_get(struct deployment *d, int64_t id, struct assignment *ret, struct error *e)
{
    struct sql_assignment_of_id row;
    bool found;
    int rc = sql_assignment_of_id(d->store, id, &found, &row, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = assignment_of(&row);
    return rc;
}

int assignment_end(struct deployment *d, int64_t id, int64_t by, int64_t now, struct error *e)
{
    struct assignment a;
    int rc = assignment_get(d, id, &a, e);

    if (rc == 0 && !assignment_holds(&a, now))
        rc = error_set(e, ERR_WRONG_STATE, N_("that task is over"));
    if (rc == 0)
        rc = sql_assignment_end(d->store, id, now, e);
    return rc < 0 ? rc : tell(d, AUDIT_CHILD_UNASSIGNED, &a, by, e);
}

int assignment_list_of_child(struct deployment *d, int64_t child_id, int64_t after_id, size_t limit,
                             struct arena *arena, struct assignment **ret, size_t *ret_count,
                             struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_assignment_of_child row;
    struct assignment *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_assignment_of_child(d->store, child_id, after_id, (int64_t)limit, &rows, e);

    while (rc >= 0 && (rc = sql_assignment_of_child_next(&rows, &row, e)) > 0) {
        struct sql_assignment_of_id same;
        _Static_assert(sizeof(same) == sizeof(row), "the columns of assignment.sql are the same");
        memcpy(&same, &row, sizeof(row));
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = assignment_of(&same);
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

int assignment_list_of_account(struct deployment *d, int64_t account_id, int64_t after_id,
                               size_t limit, struct arena *arena, struct assignment **ret,
                               size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_assignment_of_account row;
    struct assignment *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_assignment_of_account(d->store, account_id, after_id, (int64_t)limit, &rows, e);

    while (rc >= 0 && (rc = sql_assignment_of_account_next(&rows, &row, e)) > 0) {
        struct sql_assignment_of_id same;
        _Static_assert(sizeof(same) == sizeof(row), "the columns of assignment.sql are the same");
        memcpy(&same, &row, sizeof(row));
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = assignment_of(&same);
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}
