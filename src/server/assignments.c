/* Who works for a child (api/assignments.yaml). */
#include "server/handlers.h"
#include "server/seen.h"

#define DAY INT64_C(86400000000) /* in microseconds */

static void write_assignment(struct request *r, struct deployment *d, struct names_seen *names,
                             enum relation relation, const struct assignment *a)
{
    struct view_value v[FIELD_ASSIGNMENT_COUNT] = {
        [FIELD_ASSIGNMENT_ID] = view_number(a->id),
        [FIELD_ASSIGNMENT_CHILD] = view_number(a->child_id),
        [FIELD_ASSIGNMENT_ACCOUNT] = view_text(seen_account_name(r, d, names, a->account_id)),
        [FIELD_ASSIGNMENT_TASK] = view_text(slice_from(assignment_task_name(a->task))),
        [FIELD_ASSIGNMENT_FROM] = view_number(a->from_at),
        [FIELD_ASSIGNMENT_TO] = view_number(a->to_at)};
    struct sights sights;

    sights_routine(r->clearance, r->account.role, relation, &sights);
    view_write(r->out, &view_of_assignment, &sights, &(struct mask_context){.today = r->today}, v);
}

#define LIST_MAX 200 /* rows looked at at once */

int route_assignment_list(struct request *r)
{
    struct names_seen names = {0};
    struct assignment *list;
    enum relation relation;
    int64_t child, after = 0;
    size_t count = LIST_MAX;
    int rc = request_id(r, r->path[0], &child);

    if (rc == 0)
        rc = seen_relation(r, r->d, child, &relation);
    if (rc < 0)
        return rc;
    page_begin(r);
    while (rc == 0 && count == LIST_MAX) {
        rc = assignment_list_of_child(r->d, child, after, LIST_MAX, r->arena, &list, &count,
                                      r->error);
        for (size_t i = 0; rc == 0 && i < count; i++) {
            if (assignment_holds(&list[i], r->now))
                write_assignment(r, r->d, &names, relation, &list[i]);
            after = list[i].id;
        }
    }
    page_end(r, NULL);
    r->audit.child_id = child;
    r->audit.detail = "tasks";
    return rc;
}

/* ---- giving and ending ---- */

struct task {
    int64_t child_id, account_id;
    enum assignment_task task;
};

/* A task lets its account see the child (relation `assigned`), whatever its division: never an
 * administrator, whom the table shows nothing, nor a guardian, who has a tie of their own. */
static int check_receiver(struct request *r, struct deployment *d, const struct task *t)
{
    struct account receiver;
    int rc = account_get(d, t->account_id, r->arena, &receiver, r->error);

    if (rc == -ERR_NOT_FOUND ||
        (rc == 0 && (receiver.disabled || role_is_administrator(receiver.role) ||
                     receiver.role == ROLE_NONE || receiver.role == ROLE_GUARDIAN)))
        return schema_complain(
            &r->faults, r->arena, r->error, "/account",
            text_in(r->error->language, N_("is no account that can be given a task")));
    return rc;
}

static int give(struct request *r, struct deployment *d, void *context)
{
    const struct task *t = context;
    struct names_seen names = {0};
    struct assignment assignment;
    enum relation relation;
    int64_t id, until = r->now + body_integer(r->body, "days", 1) * DAY;
    int rc = seen_relation(r, d, t->child_id, &relation);

    if (rc == 0)
        rc = check_receiver(r, d, t);
    if (rc == 0)
        rc = assignment_give(d, t->child_id, t->account_id, t->task, until, r->account.id, r->now,
                             &id, r->error);
    if (rc == 0)
        rc = assignment_get(d, id, &assignment, r->error);
    if (rc < 0)
        return rc;
    r->status = 201;
    write_assignment(r, d, &names, relation, &assignment);
    request_changed(r, r->account.division);
    return 0;
}

int route_assignment_give(struct request *r)
{
    struct task t = {.task = assignment_task_parse(body_text(r->body, "task"))};
    int rc = request_id(r, r->path[0], &t.child_id);

    if (rc == 0 && request_id(r, body_text(r->body, "account"), &t.account_id) < 0)
        rc = schema_complain(&r->faults, r->arena, r->error, "/account",
                             text_in(r->error->language, N_("is no id")));
    return rc < 0 ? rc : request_write(r, give, &t);
}

static int end(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    struct assignment assignment;
    enum relation relation;
    int rc = assignment_get(d, *id, &assignment, r->error);

    if (rc == 0)
        rc = seen_relation(r, d, assignment.child_id, &relation);
    if (rc == 0)
        rc = assignment_end(d, *id, r->account.id, r->now, r->error);
    if (rc < 0)
        return rc;
    r->status = 204;
    request_changed(r, r->account.division);
    return 0;
}

int route_assignment_end(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    return rc < 0 ? rc : request_write(r, end, &id);
}
