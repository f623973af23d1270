/* What the files of alerts share. Of this room only. */
#ifndef HUMIAO_CARE_ALERT_INSIDE_H
#define HUMIAO_CARE_ALERT_INSIDE_H

#include "care/alert.h"
#include "care/care_inside.h"
#include "care/step.h"
#include "care/tables.h"

#define ALERT_WORKFLOW "alert"

/* The open alert of a child; `ret_found` false: none. Texts belong to the arena. */
int alert_thread(struct deployment *d, int64_t child_id, struct arena *arena, bool *ret_found,
                 struct alert *ret, struct error *e);

/* Writes the row as the struct has it, changed now. */
int alert_write(struct care *c, struct alert *a, struct error *e);

/* What an event does, on an alert that is in hand: asks the engine, writes row, history, clock, notices,
 * task; and what follows from it at once (given out after a release, watched after a refusal, a visit
 * planned where one is wanted, called off at an end). */
int alert_step(struct care *c, struct alert *a, const struct care_step *how, struct error *e);

/* For the engine. */
struct workflow_times alert_times(const struct care *c, const struct alert *a);
struct step_object alert_object(const struct care *c, const struct alert *a);
bool alert_is(const struct alert *a, const char *state);

/* Who is on duty for it; 0: nobody. */
int alert_find_owner(struct care *c, const struct alert *a, int64_t *ret, struct error *e);

/* Its first steps, its causes being written: `needs` by commas, `how` gives who began it, and why. Held back with a
 * baseline, else given out. */
int alert_begin(struct care *c, struct alert *a, struct slice needs, const struct care_step *how,
                struct error *e);

/* Something new about what is open: told to who has it, and not held back any longer, but in a baseline. */
int alert_join(struct care *c, struct alert *a, struct error *e);

/* Seals the needs, by commas. Sets the sealer to the child. */
int alert_seal_needs(struct care *c, const struct alert *a, struct slice needs, struct slice *ret,
                     struct error *e);

/* Writes the row after a change of level from `before`: deadline and visit move, never to a later day. */
int alert_write_level(struct care *c, struct alert *a, int before, struct error *e);

/* The level rose: the deadline moves, never to a later one. */
int alert_hasten(struct care *c, struct alert *a, struct error *e);

#endif
