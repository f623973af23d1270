/* A step of a workflow, written down: the history, the clock, the notices, and where something changed. One
 * function for all workflows; the object's own row (state, owner, step, due) is its file's to write. Of
 * this room only. */
#ifndef HUMIAO_CARE_STEP_H
#define HUMIAO_CARE_STEP_H

#include "care/care.h"
#include "care/workflow.h"

/* What takes the step. `owner_id` is who owns it after the step: who is told as owner. */
struct step_object {
    const struct workflow *workflow;
    int64_t id, child_id, division;
    int64_t owner_id; /* 0: nobody */
};

/* Who asks the engine: the account's role, and whether it is the owner or acts for an owner who is away
 * (duty_acts_for, on c->today). NULL: the system. Reads only, so a care need not have begun. */
int step_actor(struct deployment *d, const struct account *account, int64_t owner_id,
               int64_t division, day on, struct workflow_actor *ret, struct error *e);

/* The event in the history, the clock (set to the decision's due and step; stopped at an end; left alone
 * where the decision stays), a notice to each audience (its post's account of today; the actor is not told
 * of its own step, nobody twice), and the division among those changed. `how` gives actor, reason, time; its
 * `event` is not looked at. A beginning (decision->from NULL) is written as event "begun" from "". */
int step_write(struct care *c, const struct step_object *o,
               const struct workflow_decision *decision, const struct care_step *how,
               struct error *e);

/* A deadline that was missed: event "overdue", the clock set to its next, the notices. */
int step_escalate(struct care *c, const struct step_object *o, struct slice state,
                  const struct workflow_escalation *escalation, struct error *e);

/* Whether a person may hand it over to that account: it can own it, and works there. Who owns it hands over
 * within the town, whoever is above them within the county. ERR_VALUE. */
int step_check_taker(struct care *c, const struct workflow *w, int64_t division,
                     const struct account *actor, int64_t account_id, struct error *e);

/* One notice to an audience: the owner, or the account that holds that post for the division today; where
 * nobody does, nobody is told. `but` is not told; 0: no exception. */
int step_notify(struct care *c, const struct step_object *o, enum workflow_audience to,
                const char *kind, int64_t but, struct error *e);

/* The owner's task at hand (people/assignment.h), given by the system: it lets the owner open name, address and
 * the guardian's phone by a tap. Nothing happens where the account has it. */
int step_assign(struct care *c, int64_t child_id, int64_t account_id, struct error *e);

/* Ends it, once neither an open alert nor an open visit of the child is the account's: to be called after
 * the object's row was written. */
int step_unassign(struct care *c, int64_t child_id, int64_t account_id, struct error *e);

#endif
