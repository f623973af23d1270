/* Held alerts that wait too long. None of them has a clock of its own (workflows/alert.workflow, `escalates
 * together`): of all in a town and of one level the oldest counts, and one notice tells of them. */
#ifndef HUMIAO_CARE_REMIND_H
#define HUMIAO_CARE_REMIND_H

#include "care/care.h"

/* Tells, once each, of the deadlines that were missed on the days (from, c->today]: the supervisor, and whoever the
 * escalation goes up to. Part of the tick. */
int remind_held(struct care *c, day from, struct error *e);

#endif
