/* What an event does to an alert, by the table workflows/alert.workflow. */
#include "care/alert_inside.h"
#include "care/clock.h"
#include "care/duty.h"
#include "care/visit.h"
#include "notify/outbox.h"
#include "store/sql_alert.h"
#include "store/sql_alert_cause.h"
#include "store/sql_care_event.h"

bool alert_is(const struct alert *a, const char *state) { return slice_is(a->state, state); }

struct workflow_times alert_times(const struct care *c, const struct alert *a)
{
    return (struct workflow_times){.now = c->now,
                                   .opened_at = a->released_at ? a->released_at : a->opened_at,
                                   .day_set = DAY_FOREVER};
}

struct step_object alert_object(const struct care *c, const struct alert *a)
{
    return (struct step_object){.workflow = care_workflow(c->tables, ALERT_WORKFLOW),
                                .id = a->id,
                                .child_id = a->child_id,
                                .division = a->division,
                                .owner_id = a->owner_id};
}

int alert_find_owner(struct care *c, const struct alert *a, int64_t *ret, struct error *e)
{
    struct error nobody = {.language = e ? e->language : LANGUAGE_ZH};
    int step, rc;

    *ret = 0;
    if (a->division == 0)
        return 0;
    rc = duty_owner(c->d, a->division, 0, c->today, ret, &step, &nobody);
    if (rc == -ERR_REFERENCE) {
        *ret = 0;
        return 0;
    }
    if (rc < 0 && e)
        *e = nobody;
    return rc;
}

int alert_hasten(struct care *c, struct alert *a, struct error *e)
{
    const struct workflow *w = care_workflow(c->tables, ALERT_WORKFLOW);
    struct workflow_times times = alert_times(c, a);
    int64_t due = workflow_deadline(w, a->state, (enum level)a->level, &times);

    if (a->due_at == 0 || due >= a->due_at)
        return 0;
    a->due_at = due;
    return clock_set(c, ALERT_WORKFLOW, a->id, a->child_id, a->state, a->step, due, e);
}

/* ---- asking the engine ------------------------------------------------------------------------------ */

/* A second pair of eyes: neither the owner nor whoever recorded the last visit. */
static int is_second_person(struct deployment *d, const struct alert *a,
                            const struct account *account, bool *ret, struct error *e)
{
    struct sql_care_event_visitor row;
    bool found;
    int rc = sql_care_event_visitor(d->store, a->id, &found, &row, e);

    if (rc == 0)
        *ret = account && account->id != a->owner_id &&
               !(found && row.account_id.set && row.account_id.v == account->id);
    return rc;
}

/* Guards that do not come with the request. */
static int find_guards(struct deployment *d, const struct alert *a, const struct account *account,
                       uint64_t *ret, struct error *e)
{
    struct sql_alert_cause_standing standing;
    bool second = false, found = true;
    int rc = is_second_person(d, a, account, &second, e);

    if (rc == 0)
        rc = sql_alert_cause_standing(d->store, a->id, &found, &standing, e);
    if (rc == 0)
        *ret = (second ? WORKFLOW_GUARD(GUARD_SECOND_PERSON) : 0) |
               (a->basis_withdrawn ? WORKFLOW_GUARD(GUARD_BASIS_WITHDRAWN) : 0) |
               (found || a->origin == ALERT_BY_HAND ? 0
                                                    : WORKFLOW_GUARD(GUARD_NOTHING_ELSE_SUPPORTS));
    return rc;
}

static int decide(struct care *c, const struct alert *a, const struct care_step *how,
                  struct workflow_decision *ret, struct error *e)
{
    struct workflow_question q = {.state = a->state,
                                  .event = how->event,
                                  .level = (enum level)a->level,
                                  .times = alert_times(c, a)};
    int rc = step_actor(c->d, how->actor, a->owner_id, a->division, c->today, &q.actor, e);

    if (rc == 0)
        rc = find_guards(c->d, a, how->actor, &q.guards, e);
    if (rc < 0)
        return rc;
    q.guards |= (how->reason.n ? WORKFLOW_GUARD(GUARD_HAS_REASON) : 0) |
                (how->outcome ? WORKFLOW_GUARD(GUARD_HAS_OUTCOME) : 0) |
                (how->planned != DAY_BEGINNING ? WORKFLOW_GUARD(GUARD_HAS_DAY) : 0);
    return workflow_step(care_workflow(c->tables, ALERT_WORKFLOW), &q, ret, e);
}

int alert_open_events(struct deployment *d, const struct care_tables *tables, const struct alert *a,
                      const struct account *account, int64_t now, struct arena *arena,
                      const char ***ret, size_t *ret_count, struct error *e)
{
    struct workflow_open open[WORKFLOW_EVENTS_MAX];
    struct workflow_question q = {.state = a->state,
                                  .level = (enum level)a->level,
                                  .times = {now, a->opened_at, DAY_FOREVER}};
    int rc = step_actor(d, account, a->owner_id, a->division, day_of_instant(now), &q.actor, e);

    if (rc == 0)
        rc = find_guards(d, a, account, &q.guards, e);
    if (rc < 0)
        return rc;
    size_t count = workflow_events_open(care_workflow(tables, ALERT_WORKFLOW), &q, open);
    const char **list = ARENA_ARRAY(arena, count + 1, const char *);
    for (size_t i = 0; i < count; i++)
        list[i] = open[i].event;
    *ret = list;
    *ret_count = count;
    return 0;
}

/* ---- whose it becomes -------------------------------------------------------------------------------- */

/* The owner after the event. */
static int find_taker(struct care *c, const struct alert *a, const struct care_step *how,
                      int64_t *ret, struct error *e)
{
    bool push = strcmp(how->event, "push") == 0, hand_over = strcmp(how->event, "hand_over") == 0;
    int rc = 0;

    *ret = a->owner_id;
    if (!push && !hand_over)
        return 0;
    if (how->to_account)
        *ret = how->to_account;
    if (how->actor && (hand_over || how->to_account))
        return step_check_taker(c, care_workflow(c->tables, ALERT_WORKFLOW), a->division,
                                how->actor, how->to_account, e);
    if (how->to_account)
        return 0;
    rc = alert_find_owner(c, a, ret, e);
    if (rc == 0 && *ret == 0)
        rc = error_set(e, ERR_REFERENCE, N_("nobody is on duty for that division"));
    return rc;
}

/* ---- its visit ------------------------------------------------------------------------------------------ */

/* In these states somebody is to go, so a visit is planned. */
static bool wants_visit(const struct alert *a)
{
    return a->visit_id == 0 && a->owner_id != 0 &&
           (alert_is(a, "accepted") || alert_is(a, "again") || alert_is(a, "watch"));
}

static int plan_visit(struct care *c, struct alert *a, day wanted, struct error *e)
{
    day due = a->due_at ? day_of_instant(a->due_at) : c->today;
    day first = day_of_instant(c->now);

    if (wanted == DAY_BEGINNING)
        wanted = due;
    return visit_plan(c, a, a->child_id, a->owner_id, wanted > first ? wanted : first, &a->visit_id,
                      e);
}

/* ---- recalled ------------------------------------------------------------------------------------------- */

/* Whoever never heard of it need not hear that it is gone. */
static int never_heard(struct care *c, const struct alert *a, bool *ret, struct error *e)
{
    int rc = outbox_unheard(c->d, ALERT_WORKFLOW, a->id, a->owner_id, NOTICE_ALERT_NEW, ret, e);

    return rc < 0 || *ret ? rc
                          : outbox_unheard(c->d, ALERT_WORKFLOW, a->id, a->owner_id,
                                           NOTICE_HANDED_OVER, ret, e);
}

/* ---- writing it down --------------------------------------------------------------------------------------- */

static int64_t deadline(const struct workflow_decision *decision)
{
    return decision->ends || decision->due == WORKFLOW_NEVER ? 0 : decision->due;
}

static void enter(struct care *c, struct alert *a, const struct workflow_decision *decision)
{
    if (decision->stays)
        return;
    a->state = slice_from(decision->to);
    a->step = decision->step;
    a->due_at = deadline(decision);
    if (decision->ends) {
        a->closed_at = c->now;
        a->owner_id = 0;
    }
}

/* From accepting on the visit is the owner's, and with it the task by which a tap opens whom to visit (PR-06). */
static int move_task(struct care *c, const struct alert *a, int64_t before, struct error *e)
{
    bool theirs = !alert_is(a, "new") && !alert_is(a, "held") && !alert_is(a, "pushed");
    int rc = 0;

    if (before && before != a->owner_id)
        rc = step_unassign(c, a->child_id, before, e);
    if (rc == 0 && a->owner_id && theirs)
        rc = step_assign(c, a->child_id, a->owner_id, e);
    return rc;
}

static int write_step(struct care *c, struct alert *a, const struct workflow_decision *decision,
                      const struct care_step *how, int64_t owner, struct error *e)
{
    bool unheard = false;
    int rc = 0;

    a->owner_id = owner;
    struct step_object told = alert_object(c, a); /* whoever owned it is told of the end */
    if (owner && strcmp(how->event, "recall") == 0)
        rc = never_heard(c, a, &unheard, e);
    if (unheard)
        told.owner_id = 0;
    if (strcmp(how->event, "release") == 0)
        a->released_at = c->now;
    if (strcmp(how->event, "withdraw_basis") == 0)
        a->basis_withdrawn = true;
    if (strcmp(how->event, "keep") == 0)
        a->basis_withdrawn = false;
    enter(c, a, decision);
    if (rc == 0 && decision->ends) {
        rc = outbox_recall(c->d, ALERT_WORKFLOW, a->id, c->now, e);
        if (rc == 0)
            rc = visit_call_off(c, a->id, e);
        a->visit_id = 0;
    }
    if (rc == 0 && wants_visit(a))
        rc = plan_visit(c, a, how->planned, e);
    if (rc == 0)
        rc = alert_write(c, a, e);
    return rc < 0 ? rc : step_write(c, &told, decision, how, e);
}

/* ---- what follows at once ------------------------------------------------------------------------------------- */

/* Given out where anybody is on duty; else it waits for the supervisor, and its clock runs. */
static int give_out(struct care *c, struct alert *a, struct error *e)
{
    struct care_step push = {.event = "push", .planned = DAY_BEGINNING};
    int rc = alert_find_owner(c, a, &push.to_account, e);

    return rc < 0 || push.to_account == 0 ? rc : alert_step(c, a, &push, e);
}

static int follow(struct care *c, struct alert *a, const struct care_step *how, int64_t before,
                  struct error *e)
{
    const struct care_step watch = {.event = "begin_watch", .planned = DAY_BEGINNING};

    if (strcmp(how->event, "release") == 0 && alert_is(a, "new"))
        return give_out(c, a, e);
    if (strcmp(how->event, "refuse") == 0 && alert_is(a, "refused")) /* nobody is forced */
        return alert_step(c, a, &watch, e);
    if (a->owner_id && before && a->owner_id != before)
        return visit_follow_owner(c, a->id, a->owner_id, e);
    return 0;
}

/* `by`: whom the history names; with a step of the system, whoever moved the system to it. */
static int take_step(struct care *c, struct alert *a, const struct care_step *how,
                     const struct account *by, struct error *e)
{
    struct workflow_decision decision;
    struct care_step written = *how;
    int64_t before = a->owner_id, owner;
    int rc = decide(c, a, how, &decision, e);

    written.actor = by;
    if (written.at < a->opened_at || written.at > c->now) /* a clock that goes wrong */
        written.at = 0;
    if (rc == 0)
        rc = find_taker(c, a, how, &owner, e);
    if (rc == 0)
        rc = write_step(c, a, &decision, &written, owner, e);
    if (rc == 0)
        rc = follow(c, a, how, before, e);
    return rc < 0 ? rc : move_task(c, a, before, e);
}

int alert_step(struct care *c, struct alert *a, const struct care_step *how, struct error *e)
{
    return take_step(c, a, how, how->actor, e);
}

int alert_fire(struct care *c, int64_t alert_id, const struct care_step *step, struct error *e)
{
    struct alert a;
    struct care_step how = *step;
    int rc = alert_get(c->d, alert_id, c->arena, &a, e);

    if (how.planned == 0) /* 1970: a caller that left it out */
        how.planned = DAY_BEGINNING;
    return rc < 0 ? rc : alert_step(c, &a, &how, e);
}

/* ---- from the visit, from the clock, from the register ----------------------------------------------------- */

int alert_visited(struct care *c, int64_t alert_id, int64_t visit_id, int outcome,
                  const struct account *actor, struct error *e)
{
    static const char *const events[] = {[VISIT_VERIFIED] = "verify",
                                         [VISIT_FALSE_ALARM] = "dismiss",
                                         [VISIT_REFUSED] = "refuse",
                                         [VISIT_NOBODY_HOME] = "nobody_home"};
    struct care_step how = {.event = "visit", .planned = DAY_BEGINNING, .outcome = outcome};
    struct alert a;
    int rc = alert_get(c->d, alert_id, c->arena, &a, e);

    if (rc < 0 || a.closed_at)
        return rc;
    if (outcome < VISIT_VERIFIED || outcome > VISIT_NOBODY_HOME)
        return error_set(e, ERR_VALUE, N_("there is no such outcome"));
    if (a.visit_id == visit_id)
        a.visit_id = 0;
    if (alert_is(&a, "accepted") || alert_is(&a, "again"))
        rc = take_step(c, &a, &how, actor, e);
    else if (!alert_is(&a, "watch")) /* decided meanwhile: the visit's sheet tells the rest */
        return alert_write(c, &a, e);
    how.event = events[outcome];
    return rc < 0 ? rc : take_step(c, &a, &how, actor, e);
}

int alert_visit_cancelled(struct care *c, int64_t alert_id, int64_t visit_id, struct error *e)
{
    struct alert a;
    int rc = alert_get(c->d, alert_id, c->arena, &a, e);

    if (rc < 0 || a.closed_at || a.visit_id != visit_id)
        return rc;
    a.visit_id = 0;
    if (wants_visit(&a))
        rc = plan_visit(c, &a, DAY_BEGINNING, e);
    return rc < 0 ? rc : alert_write(c, &a, e);
}

/* The deadline stays the one that was missed: overdue is overdue until somebody acts. */
int alert_due(struct care *c, const struct clock_row *row, struct error *e)
{
    const struct workflow *w = care_workflow(c->tables, ALERT_WORKFLOW);
    struct workflow_escalation up;
    struct alert a;
    int rc = alert_get(c->d, row->object_id, c->arena, &a, e);

    if (rc == -ERR_NOT_FOUND) { /* damage; its clock holds up nobody else's */
        error_clear(e);
        return 0;
    }
    if (rc < 0)
        return rc;
    if (a.closed_at || !slice_equal(a.state, row->state) ||
        !workflow_escalate(w, a.state, (enum level)a.level, row->step, row->due_at, c->now, &up))
        return clock_set(c, ALERT_WORKFLOW, a.id, a.child_id, a.state, a.step, 0, e);
    a.step = up.step;
    rc = alert_write(c, &a, e);
    struct step_object o = alert_object(c, &a);
    return rc < 0 ? rc : step_escalate(c, &o, a.state, &up, e);
}

/* Where the child lives by now, with its visits. Who is under way, or has not said yet what they saw, does so
 * first. */
static int move(struct care *c, struct alert *a, int64_t division, bool *ret_waits, struct error *e)
{
    int rc = visit_in_field(c->d, a->visit_id, c->arena, ret_waits, e);

    if (rc < 0 || *ret_waits)
        return rc;
    care_changed(c, a->division);
    care_changed(c, division);
    a->division = division;
    rc = alert_write(c, a, e);
    return rc < 0 ? rc : visit_follow_place(c, a->id, division, e);
}

static int settle(struct care *c, int64_t id, struct error *e)
{
    struct care_step hand = {.event = "hand_over", .planned = DAY_BEGINNING};
    int64_t division;
    bool waits = false;
    struct alert a;
    int rc = alert_get(c->d, id, c->arena, &a, e);

    if (rc == 0)
        rc = care_division(c->d, a.child_id, &division, e);
    if (rc == -ERR_NOT_FOUND) { /* left the register: the supervisor sees it where it is */
        error_clear(e);
        return 0;
    }
    if (rc == 0 && division && division != a.division)
        rc = move(c, &a, division, &waits, e);
    if (rc < 0 || waits || alert_is(&a, "held"))
        return rc;
    if (alert_is(&a, "new"))
        return give_out(c, &a, e);
    rc = alert_find_owner(c, &a, &hand.to_account, e);
    if (rc < 0 || hand.to_account == 0 || hand.to_account == a.owner_id)
        return rc;
    struct error refused = {.language = e ? e->language : LANGUAGE_ZH};
    rc = alert_step(c, &a, &hand, &refused);
    if (rc == -ERR_WRONG_STATE) /* it waits for the supervisor's decision */
        return 0;
    if (rc < 0 && e)
        *e = refused;
    return rc;
}

int alert_settle(struct care *c, int64_t *after, size_t limit, bool *ret_more, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_alert_astray row;
    int64_t ids[64];
    size_t count = 0;
    int rc = 0;

    if (limit > 64)
        limit = 64;
    rc = sql_alert_astray(c->d->store, *after, (int64_t)limit, &rows, e);
    while (rc >= 0 && (rc = sql_alert_astray_next(&rows, &row, e)) > 0)
        ids[count++] = row.id;
    for (size_t i = 0; i < count && rc >= 0; i++)
        rc = settle(c, ids[i], e);
    if (rc < 0)
        return rc;
    if (count > 0)
        *after = ids[count - 1];
    *ret_more = count == limit;
    return 0;
}
