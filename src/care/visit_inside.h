/* What the files of visits share. Of visit*.c and deal.c alone. */
#ifndef HUMIAO_CARE_VISIT_INSIDE_H
#define HUMIAO_CARE_VISIT_INSIDE_H

#include "care/step.h"
#include "care/visit.h"

#define VISIT_WORKFLOW "visit"

/* Writes the row as it stands in `v`; its changed_at becomes now. */
int visit_keep(struct care *c, struct visit *v, struct error *e);

/* As step.h has it. */
struct step_object visit_object(const struct care *c, const struct visit *v);

/* Now, unless the actor's clock said a moment that can be: not in the future, not before the visit was planned,
 * or what it has been through. */
int64_t visit_moment(const struct care *c, const struct visit *v, int64_t at);

/* What the level asks for. */
enum visit_escort visit_escort_of(const struct care *c, int level);

/* visit_plan of a routine visit, with an escort of its own. */
int visit_plan_routine(struct care *c, int64_t child_id, int64_t owner_id, day planned,
                       enum visit_escort escort, int64_t *ret_id, struct error *e);

/* Routine visits of one village within these days, both among them: deal.c. On the days of alerts' visits
 * where there are any. `steady`: at least VISIT_ROUND, whatever there is of alerts. */
int deal_village(struct care *c, int64_t village, day from, day to, bool steady, struct error *e);

#endif
