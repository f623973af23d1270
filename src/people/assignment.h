/* Tasks at hand: this account works for this child until then. A task is what lets its account open
 * the child's data by a tap (clearance.table); it ends by itself. */
#ifndef HUMIAO_PEOPLE_ASSIGNMENT_H
#define HUMIAO_PEOPLE_ASSIGNMENT_H

#include "access/deployment.h"
#include "base/arena.h"

enum assignment_task {
    TASK_NONE = 0,
#define TASK(symbol, number, name) symbol = number,
#include "access/tasks.def"
#undef TASK
    ASSIGNMENT_TASK_COUNT
};

enum assignment_task assignment_task_parse(struct slice name); /* TASK_NONE: no such task */
const char *assignment_task_name(enum assignment_task task);

struct assignment {
    int64_t id, child_id, account_id,
        given_by; /* given_by 0: the system, with an alert or a visit */
    enum assignment_task task;
    int64_t from_at, to_at; /* instants: in force during [from_at, to_at) */
    int64_t ended_at;       /* 0: not ended before its time */
};

/* A task is given for a year at most: who works longer for a child is asked again. */
#define ASSIGNMENT_TIME_MAX INT64_C(31622400000000) /* 366 days in microseconds */

/* Gives the account the task for the child from `now` until `until`, inside a write transaction.
 * The caller has checked that `by` may, and that the child is in its scope. An unended one of the
 * same task ends: the new one stands; but the system's (`by` 0) and a person's leave one another alone. ERR_VALUE for a time that is over or longer than
 * ASSIGNMENT_TIME_MAX; ERR_FORBIDDEN for `by` itself, who would open by a tap what else a second
 * person approves; ERR_REFERENCE for a child or an account that is not there. */
int assignment_give(struct deployment *d, int64_t child_id, int64_t account_id,
                    enum assignment_task task, int64_t until, int64_t by, int64_t now,
                    int64_t *ret_id, struct error *e);

/* Ends it before its time, inside a write transaction. ERR_NOT_FOUND; ERR_WRONG_STATE when it is
 * over. */
int assignment_end(struct deployment *d, int64_t id, int64_t by, int64_t now, struct error *e);

int assignment_get(struct deployment *d, int64_t id, struct assignment *ret, struct error *e);

/* Whether it is in force at that moment. */
bool assignment_holds(const struct assignment *a, int64_t now);

/* All of a child or of an account, past ones too, by id after `after_id`, at most `limit`. */
int assignment_list_of_child(struct deployment *d, int64_t child_id, int64_t after_id, size_t limit,
                             struct arena *arena, struct assignment **ret, size_t *ret_count,
                             struct error *e);
int assignment_list_of_account(struct deployment *d, int64_t account_id, int64_t after_id,
                               size_t limit, struct arena *arena, struct assignment **ret,
                               size_t *ret_count, struct error *e);

#endif
