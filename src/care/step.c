#include "care/step.h"

#include "care/care_inside.h"
#include "care/clock.h"
#include "care/duty.h"
#include "notify/outbox.h"
#include "people/assignment.h"
#include "people/relation.h"
#include "store/sql_assignment.h"

int step_actor(struct deployment *d, const struct account *account, int64_t owner_id,
               int64_t division, day on, struct workflow_actor *ret, struct error *e)
{
    bool acts = false;
    int rc = 0;

    if (account && owner_id)
        rc = duty_acts_for(d, account->id, owner_id, division, on, &acts, e);
    if (rc == 0)
        *ret = (struct workflow_actor){
            .role = account ? account->role : ROLE_NONE, .is_owner = acts, .is_system = !account};
    return rc;
}

int step_check_taker(struct care *c, const struct workflow *w, int64_t division,
                     const struct account *actor, int64_t account_id, struct error *e)
{
    int64_t within = actor->role == ROLE_CHILD_DIRECTOR ? 1000 : 1000000;
    struct account taker;

    if (account_id == 0)
        return error_set(e, ERR_VALUE, N_("it is not said to whom it is handed over"));
    int rc = account_get(c->d, account_id, c->arena, &taker, e);
    if (rc < 0 && rc != -ERR_NOT_FOUND)
        return rc;
    if (rc == 0 && !taker.disabled && workflow_may_own(w, taker.role) &&
        (taker.division / within == division / within || division_covers(taker.division, division)))
        return 0;
    error_set(e, ERR_VALUE, N_("that account cannot take it over"));
    return error_hint(e, N_("Name a child director, supervisor or worker of this county."));
}

/* ---- notices ------------------------------------------------------------------------------------- */

/* The accounts that one step tells: nobody twice the same. */
struct told {
    int64_t accounts[WORKFLOW_NOTICES_MAX];
    enum notice_kind kinds[WORKFLOW_NOTICES_MAX];
    size_t count;
};

static int audience_account(struct care *c, const struct step_object *o, enum workflow_audience to,
                            int64_t *ret, struct error *e)
{
    struct error nobody = {.language = e ? e->language : LANGUAGE_ZH};
    int step, rc;

    *ret = 0;
    if (to == AUDIENCE_OWNER)
        *ret = o->owner_id;
    if (to == AUDIENCE_OWNER || to == AUDIENCE_GUARDIAN || o->division == 0)
        return 0;
    rc = duty_owner(c->d, o->division, (int)to, c->today, ret, &step, &nobody);
    if (rc == -ERR_REFERENCE) {
        *ret = 0;
        return 0;
    }
    if (rc < 0 && e)
        *e = nobody;
    return rc;
}

static int notify(struct care *c, const struct step_object *o, enum workflow_audience to,
                  const char *name, int64_t but, struct told *told, struct error *e)
{
    enum notice_kind kind = notice_kind_parse(slice_from(name));
    int64_t account;
    int rc = audience_account(c, o, to, &account, e);

    if (rc < 0 || account == 0 || account == but)
        return rc;
    for (size_t i = 0; i < told->count; i++)
        if (told->accounts[i] == account && told->kinds[i] == kind)
            return 0;
    if (told->count < WORKFLOW_NOTICES_MAX) {
        told->accounts[told->count] = account;
        told->kinds[told->count++] = kind;
    }
    return outbox_put(c->d, &c->outbox, kind, account, workflow_name(o->workflow), o->id,
                      o->child_id, c->now, e);
}

int step_notify(struct care *c, const struct step_object *o, enum workflow_audience to,
                const char *kind, int64_t but, struct error *e)
{
    struct told told = {.count = 0};

    return notify(c, o, to, kind, but, &told, e);
}

static int notify_all(struct care *c, const struct step_object *o,
                      const struct workflow_notice *notices, size_t count, int64_t but,
                      struct error *e)
{
    struct told told = {.count = 0};
    int rc = 0;

    for (size_t i = 0; i < count && rc == 0; i++)
        rc = notify(c, o, notices[i].to, notices[i].kind, but, &told, e);
    return rc;
}

/* ---- the step ------------------------------------------------------------------------------------- */

int step_write(struct care *c, const struct step_object *o,
               const struct workflow_decision *decision, const struct care_step *how,
               struct error *e)
{
    const char *workflow = workflow_name(o->workflow);
    struct slice to = slice_from(decision->to);
    const char *event = decision->event ? decision->event : "begun";
    int rc = care_record_step(c, workflow, o->id, o->child_id, event, slice_from(decision->from),
                              to, how->actor, how->reason, how->at, e);

    if (rc == 0 && !decision->stays)
        rc = clock_set(c, workflow, o->id, o->child_id, to, decision->step,
                       decision->ends || decision->due == WORKFLOW_NEVER ? 0 : decision->due, e);
    if (rc == 0)
        rc = notify_all(c, o, decision->notices, decision->notice_count,
                        how->actor ? how->actor->id : 0, e);
    if (rc == 0)
        care_changed(c, o->division);
    return rc;
}

int step_escalate(struct care *c, const struct step_object *o, struct slice state,
                  const struct workflow_escalation *escalation, struct error *e)
{
    const char *workflow = workflow_name(o->workflow);
    int rc = care_record_step(c, workflow, o->id, o->child_id, "overdue", state, state, NULL,
                              SLICE_NONE, 0, e);

    if (rc == 0)
        rc = clock_set(c, workflow, o->id, o->child_id, state, escalation->step, escalation->due,
                       e);
    if (rc == 0)
        rc = notify_all(c, o, escalation->notices, escalation->notice_count, 0, e);
    if (rc == 0)
        care_changed(c, o->division);
    return rc;
}

/* ---- the owner's task ------------------------------------------------------------------------------ */

/* Given anew while the old one still lasts so long, a task would only leave rows. */
#define TASK_LASTS (ASSIGNMENT_TIME_MAX / 2)

int step_assign(struct care *c, int64_t child_id, int64_t account_id, struct error *e)
{
    struct sql_assignment_of_system row;
    struct error gone = {.language = e ? e->language : LANGUAGE_ZH};
    int64_t id;
    bool found;
    int rc = sql_assignment_of_system(c->d->store, child_id, account_id, c->now + TASK_LASTS,
                                      &found, &row, e);

    if (rc < 0 || found)
        return rc;
    rc = assignment_give(c->d, child_id, account_id, TASK_VISIT, c->now + ASSIGNMENT_TIME_MAX, 0,
                         c->now, &id, &gone);
    if (rc == -ERR_REFERENCE) /* the child left the register, the account is disabled */
        return 0;
    if (rc < 0 && e)
        *e = gone;
    return rc;
}

int step_unassign(struct care *c, int64_t child_id, int64_t account_id, struct error *e)
{
    struct sql_assignment_needless row;
    bool found;
    int rc = sql_assignment_needless(c->d->store, child_id, account_id, c->now, &found, &row, e);

    return rc < 0 || !found ? rc : assignment_end(c->d, row.id, 0, c->now, e);
}
