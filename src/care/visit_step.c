/* What happens to a visit: the steps of people, of its alert and the roster, and of the clock. */
#include "care/alert.h"
#include "care/care_inside.h"
#include "care/clock.h"
#include "care/duty.h"
#include "care/tables.h"
#include "care/visit.h"
#include "care/visit_inside.h"
#include "notify/outbox.h"
#include "store/sql_duty.h"
#include "store/sql_visit.h"

#include <string.h>

#define MINUTE INT64_C(60000000)
#define POSTPONED_OFTEN 3 /* as visit.workflow says; local, unconfirmed */

/* ---- asking the engine ---- */

static struct workflow_question question_of(const struct visit *v, const struct care_step *step,
                                            const struct workflow_actor *actor, int64_t now)
{
    struct workflow_question q = {
        .state = v->state,
        .event = step->event,
        .actor = *actor,
        .level = (enum level)v->level,
        .times = {.now = now,
                  .opened_at = v->opened_at,
                  .day_set = v->planned == DAY_BEGINNING ? DAY_FOREVER : v->planned}};

    if (step->planned != DAY_BEGINNING)
        q.times.day_set = step->planned;
    q.guards |= step->reason.n > 0 ? WORKFLOW_GUARD(GUARD_HAS_REASON) : 0;
    q.guards |= step->outcome >= VISIT_VERIFIED && step->outcome <= VISIT_NOBODY_HOME
                    ? WORKFLOW_GUARD(GUARD_HAS_OUTCOME)
                    : 0;
    q.guards |= step->planned != DAY_BEGINNING ? WORKFLOW_GUARD(GUARD_HAS_DAY) : 0;
    q.guards |= v->escort ? WORKFLOW_GUARD(GUARD_SAFETY_DECIDED) : 0;
    q.guards |= v->postponed >= POSTPONED_OFTEN ? WORKFLOW_GUARD(GUARD_OFTEN_POSTPONED) : 0;
    return q;
}

static int ask(struct care *c, const struct visit *v, const struct care_step *step,
               struct workflow_decision *ret, struct error *e)
{
    struct workflow_actor actor;
    int rc = step_actor(c->d, step->actor, v->owner_id, v->division, c->today, &actor, e);

    if (rc < 0)
        return rc;
    struct workflow_question q = question_of(v, step, &actor, c->now);
    return workflow_step(care_workflow(c->tables, VISIT_WORKFLOW), &q, ret, e);
}

int visit_open_events(struct deployment *d, const struct care_tables *tables, const struct visit *v,
                      const struct account *account, int64_t now, struct arena *arena,
                      const char ***ret, size_t *ret_count, struct error *e)
{
    struct workflow_open open[WORKFLOW_EVENTS_MAX];
    struct care_step none = {.planned = DAY_BEGINNING};
    struct workflow_actor actor;
    int rc = step_actor(d, account, v->owner_id, v->division, day_of_instant(now), &actor, e);

    if (rc < 0)
        return rc;
    struct workflow_question q = question_of(v, &none, &actor, now);
    size_t count = workflow_events_open(care_workflow(tables, VISIT_WORKFLOW), &q, open);
    const char **names = ARENA_ARRAY(arena, count, const char *);
    for (size_t i = 0; i < count; i++)
        names[i] = open[i].event;
    *ret = names;
    *ret_count = count;
    return 0;
}

/* ---- a phone that repeats ---- */

/* What the step asks for stands already. */
static bool stands(const struct visit *v, const struct care_step *step)
{
    return (step->outcome == 0 || step->outcome == (int)v->outcome) &&
           (step->planned == DAY_BEGINNING || step->planned == v->planned) &&
           (step->to_account == 0 || step->to_account == v->owner_id);
}

static int repeats(struct care *c, const struct visit *v, const struct care_step *step, bool *ret,
                   struct error *e)
{
    struct sql_visit_step_repeated same;
    struct sql_visit_step_last last;
    bool found = false;
    int rc = 0;

    *ret = false;
    if (!step->actor)
        return 0;
    if (step->at)
        rc = sql_visit_step_repeated(c->d->store, v->id, slice_from(step->event), step->actor->id,
                                     step->at, &found, &same, e);
    if (rc < 0 || found) {
        *ret = found;
        return rc;
    }
    rc = sql_visit_step_last(c->d->store, v->id, &found, &last, e);
    *ret = rc == 0 && found && slice_is(last.event, step->event) &&
           last.account_id == step->actor->id && slice_equal(last.to_state, v->state) &&
           stands(v, step);
    return rc;
}

/* ---- what comes with a step ---- */

static int check(struct care *c, const struct visit *v, const struct care_step *step,
                 struct error *e)
{
    if (step->planned != DAY_BEGINNING &&
        (step->planned < c->today || step->planned > day_add_days(c->today, VISIT_AHEAD)))
        return error_set(e, ERR_VALUE, N_("the day is past, or too far ahead"));
    if (!step->actor || strcmp(step->event, "hand_over") != 0)
        return 0;
    return step_check_taker(c, care_workflow(c->tables, VISIT_WORKFLOW), v->division, step->actor,
                            step->to_account, e);
}

/* ---- taking it ---- */

/* When the visitor must have come back. Of a start that was told late, what followed may be on its way. */
static int64_t check_in_due(const struct care *c, const struct visit *v, int64_t at)
{
    const struct level_rule *rule = care_level(c->tables, v->level);
    int64_t due = at + (rule ? rule->check_in_minutes : 0) * MINUTE;

    if (at < c->now && due < c->now + VISIT_GRACE)
        due = c->now + VISIT_GRACE;
    return (due + MINUTE - 1) / MINUTE * MINUTE;
}

/* The row after the step. States are the workflow's; what a visit keeps of each is this file's to know. */
static void apply(const struct care *c, struct visit *v, struct workflow_decision *decision,
                  const struct care_step *step, int64_t at)
{
    struct slice from = v->state;

    if (strcmp(decision->event, "hand_over") == 0)
        v->owner_id = step->to_account;
    if (decision->stays)
        return;
    v->state = slice_from(decision->to);
    if (slice_is(v->state, "under_way")) {
        v->started_at = at;
        decision->due = check_in_due(c, v, at);
    } else if (slice_is(v->state, "back")) {
        v->back_at = at;
    } else if (slice_is(v->state, "recorded")) {
        v->recorded_at = at;
        v->outcome = (enum visit_outcome)step->outcome;
    } else if (slice_is(v->state, "planned")) {
        v->started_at = 0; /* turned back */
        if (step->planned != DAY_BEGINNING) {
            v->planned = step->planned;
            v->postponed += slice_equal(from, v->state);
        }
    }
    v->step = decision->step;
    v->due_at = decision->ends || decision->due == WORKFLOW_NEVER ? 0 : decision->due;
    if (decision->ends)
        v->closed_at = c->now;
}

/* Who owned it before has the task no more; who owns an open visit has it. */
static int pass_task(struct care *c, const struct visit *v, int64_t before, struct error *e)
{
    int rc = 0;

    if (before && (v->closed_at || v->owner_id != before))
        rc = step_unassign(c, v->child_id, before, e);
    if (rc == 0 && !v->closed_at && v->owner_id && v->owner_id != before)
        rc = step_assign(c, v->child_id, v->owner_id, e);
    return rc;
}

/* Turned back, it waits again: its alert may have ended meanwhile, or gone to somebody else. What a person handed
 * over stays with whom they gave it to. */
static int rejoin(struct care *c, const struct visit *v, struct error *e)
{
    struct sql_duty_handed_by last;
    struct alert a;
    bool found;
    int rc = alert_get(c->d, v->alert_id, c->arena, &a, e);

    if (rc == 0 && a.closed_at)
        return visit_call_off(c, a.id, e);
    if (rc < 0 || a.owner_id == 0 || a.owner_id == v->owner_id)
        return rc;
    rc = sql_duty_handed_by(c->d->store, SLICE_LITERAL(VISIT_WORKFLOW), v->id, &found, &last, e);
    if (rc < 0 || (found && last.account_id.set && slice_is(last.event, "hand_over")))
        return rc;
    return visit_follow_owner(c, a.id, a.owner_id, e);
}

/* A routine visit has no alert that waits for the supervisor: what was found has to be told. */
static int tell_supervisor(struct care *c, const struct visit *v, struct error *e)
{
    const struct step_object o = visit_object(c, v);

    return step_notify(c, &o, AUDIENCE_SUPERVISOR, notice_kind_name(NOTICE_DECISION), 0, e);
}

/* Its alert goes on: by what was found, or to another visit. What is called off was so by the alert. */
static int tell_alert(struct care *c, const struct visit *v,
                      const struct workflow_decision *decision, const struct account *actor,
                      struct error *e)
{
    if (!decision->ends)
        return 0;
    if (!v->alert_id)
        return v->outcome == VISIT_VERIFIED ? tell_supervisor(c, v, e) : 0;
    if (v->outcome)
        return alert_visited(c, v->alert_id, v->id, v->outcome, actor, e);
    return actor ? alert_visit_cancelled(c, v->alert_id, v->id, e) : 0;
}

/* Whoever visits has the alert too: a visit that somebody handed over takes it along. */
static int take_alert_along(struct care *c, const struct visit *v, const struct care_step *step,
                            struct error *e)
{
    const struct care_step along = {.event = "hand_over",
                                    .actor = step->actor,
                                    .reason = step->reason,
                                    .to_account = v->owner_id};
    struct error refused = {.language = e ? e->language : LANGUAGE_ZH};
    int rc = alert_fire(c, v->alert_id, &along, &refused);

    if (rc == -ERR_WRONG_STATE) /* past visiting, or over */
        return 0;
    if (rc < 0 && e)
        *e = refused;
    return rc;
}

static int take(struct care *c, struct visit *v, struct workflow_decision *decision,
                const struct care_step *step, struct error *e)
{
    struct care_step how = *step;
    int64_t owner_before = v->owner_id;
    bool was_out = slice_is(v->state, "under_way");

    how.at = visit_moment(c, v, step->at);
    apply(c, v, decision, step, how.at);
    int rc = visit_keep(c, v, e);
    struct step_object object = visit_object(c, v);
    if (rc == 0 && was_out && !decision->stays) /* nobody need look for them any more */
        rc = outbox_recall_kind(c->d, VISIT_WORKFLOW, v->id, NOTICE_NO_CHECK_IN, c->now, e);
    if (rc == 0)
        rc = step_write(c, &object, decision, &how, e);
    if (rc == 0)
        rc = pass_task(c, v, owner_before, e);
    if (rc == 0 && step->actor && v->alert_id && v->owner_id != owner_before)
        rc = take_alert_along(c, v, step, e);
    if (rc == 0)
        rc = tell_alert(c, v, decision, step->actor, e);
    if (rc == 0 && v->alert_id && was_out && slice_is(v->state, "planned"))
        rc = rejoin(c, v, e);
    if (rc == 0 && decision->ends && v->owner_id) /* what stayed because the visit was under way */
        rc = duty_settle(c, v->owner_id, e);
    return rc;
}

/* The visitor's own report, after somebody else had reported them safe: their phone must be able to go on, and
 * when it was stays in the history. */
static int report_too(struct care *c, const struct visit *v, const struct care_step *step,
                      bool *ret_done, struct error *e)
{
    struct workflow_actor actor;
    int rc;

    if (!step->actor || strcmp(step->event, "check_in") != 0 || !slice_is(v->state, "back"))
        return 0;
    rc = step_actor(c->d, step->actor, v->owner_id, v->division, c->today, &actor, e);
    if (rc < 0 || !actor.is_owner)
        return rc;
    *ret_done = true;
    int64_t at = step->at >= v->started_at && step->at <= c->now ? step->at : c->now;
    return care_record_step(c, VISIT_WORKFLOW, v->id, v->child_id, step->event, v->state, v->state,
                            step->actor, step->reason, at, e);
}

int visit_fire(struct care *c, int64_t visit_id, const struct care_step *step, struct error *e)
{
    struct workflow_decision decision;
    struct care_step how = *step;
    struct visit v;
    bool again = false;
    int rc = visit_get(c->d, visit_id, c->arena, &v, e);

    if (how.planned == 0) /* 1970: a caller that left it out */
        how.planned = DAY_BEGINNING;
    if (rc == 0)
        rc = repeats(c, &v, &how, &again, e);
    if (rc == 0 && !again)
        rc = report_too(c, &v, &how, &again, e);
    if (rc < 0 || again)
        return rc;
    rc = ask(c, &v, &how, &decision, e);
    if (rc == 0)
        rc = check(c, &v, &how, e);
    return rc < 0 ? rc : take(c, &v, &decision, &how, e);
}

/* ---- with its alert ---- */

/* A step of the system; where the state does not allow it nothing happens. */
static int fire_if_open(struct care *c, int64_t visit_id, const struct care_step *step,
                        struct error *e)
{
    struct error refused = {.language = e ? e->language : LANGUAGE_ZH};
    int rc = visit_fire(c, visit_id, step, &refused);

    if (rc == -ERR_WRONG_STATE)
        return 0;
    if (rc < 0 && e)
        *e = refused;
    return rc;
}

static int fire_all(struct care *c, int64_t alert_id, const struct care_step *step, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_visit_open_of_alert row;
    struct visit_ids {
        int64_t id, owner_id;
    } *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_visit_open_of_alert(c->d->store, alert_id, &rows, e);

    while (rc >= 0 && (rc = sql_visit_open_of_alert_next(&rows, &row, e)) > 0) {
        list = arena_grow(c->arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct visit_ids){row.id, care_instant(row.owner_id)};
    }
    for (size_t i = 0; i < count && rc >= 0; i++)
        if (strcmp(step->event, "hand_over") != 0 || step->to_account != list[i].owner_id)
            rc = fire_if_open(c, list[i].id, step, e);
    return rc < 0 ? rc : 0;
}

int visit_call_off(struct care *c, int64_t alert_id, struct error *e)
{
    return fire_all(c, alert_id, &(struct care_step){.event = "call_off", .planned = DAY_BEGINNING},
                    e);
}

int visit_follow_owner(struct care *c, int64_t alert_id, int64_t owner_id, struct error *e)
{
    struct care_step step = {
        .event = "hand_over", .planned = DAY_BEGINNING, .to_account = owner_id};
    struct alert a;
    int rc = alert_get(c->d, alert_id, c->arena, &a, e);

    if (rc == 0)
        rc = visit_follow_place(c, alert_id, a.division, e);
    return rc < 0 ? rc : fire_all(c, alert_id, &step, e);
}

int visit_follow_place(struct care *c, int64_t alert_id, int64_t division, struct error *e)
{
    return sql_visit_follow_alert(c->d->store, alert_id, division, c->now, e);
}

static int write_hastened(struct care *c, struct visit *v, day due, struct error *e)
{
    struct workflow_times times = {.now = c->now, .opened_at = v->opened_at};
    bool waits = slice_is(v->state, "planned");

    if (waits && due < v->planned)
        v->planned = due > c->today ? due : c->today;
    times.day_set = v->planned;
    int64_t due_at = workflow_deadline(care_workflow(c->tables, VISIT_WORKFLOW), v->state,
                                       (enum level)v->level, &times);
    bool sooner = waits && v->due_at && due_at < v->due_at;
    if (sooner)
        v->due_at = due_at;
    int rc = sql_visit_hasten(c->d->store, v->id, v->level, v->escort, opt_int(v->planned),
                              care_opt(v->due_at), c->now, e);
    if (rc == 0 && sooner)
        rc = clock_set(c, VISIT_WORKFLOW, v->id, v->child_id, v->state, v->step, due_at, e);
    if (rc == 0 && waits) /* on its new day it tells nobody anything either */
        rc = deal_village(c, v->division, v->planned, v->planned, false, e);
    return rc;
}

int visit_hasten(struct care *c, const struct alert *alert, struct error *e)
{
    struct visit v;
    int rc = alert->visit_id ? visit_get(c->d, alert->visit_id, c->arena, &v, e) : 0;

    if (rc < 0 || !alert->visit_id || v.closed_at || v.level <= alert->level)
        return rc;
    v.level = alert->level;
    if (visit_escort_of(c, v.level) > v.escort)
        v.escort = visit_escort_of(c, v.level);
    care_changed(c, v.division);
    return write_hastened(c, &v, alert->due_at ? day_of_instant(alert->due_at) : c->today, e);
}

int visit_in_field(struct deployment *d, int64_t visit_id, struct arena *arena, bool *ret,
                   struct error *e)
{
    struct visit v;
    int rc = visit_id ? visit_get(d, visit_id, arena, &v, e) : -ERR_NOT_FOUND;

    if (rc == -ERR_NOT_FOUND) {
        error_clear(e);
        *ret = false;
        return 0;
    }
    if (rc == 0)
        *ret = slice_is(v.state, "under_way") || slice_is(v.state, "back");
    return rc;
}

/* ---- the clock's ---- */

int visit_due(struct care *c, const struct clock_row *row, struct error *e)
{
    const struct workflow *w = care_workflow(c->tables, VISIT_WORKFLOW);
    struct workflow_escalation up;
    struct visit v;
    int rc = visit_get(c->d, row->object_id, c->arena, &v, e);

    if (rc == -ERR_NOT_FOUND) { /* its clock is of no use to anybody */
        error_clear(e);
        return 0;
    }
    if (rc < 0 || v.closed_at || !slice_equal(v.state, row->state) ||
        !workflow_escalate(w, v.state, (enum level)v.level, row->step, row->due_at, c->now, &up))
        return rc;
    v.step =
        up.step; /* due_at stays the deadline that was missed: overdue is overdue until somebody acts */
    rc = visit_keep(c, &v, e);
    struct step_object object = visit_object(c, &v);
    return rc < 0 ? rc : step_escalate(c, &object, v.state, &up, e);
}
