/* What the files of duty share: posts by step, and who stands in them. Of this room only. */
#ifndef HUMIAO_CARE_DUTY_INSIDE_H
#define HUMIAO_CARE_DUTY_INSIDE_H

#include "care/duty.h"

#define DUTY_STEPS 4 /* director, supervisor, station, centre */

/* The post that answers for a division at that step. */
struct duty_place {
    int64_t division;
    enum role role;
};
struct duty_place duty_place_at(int64_t division, int step);

/* The first in the post who is not away, 0: nobody; and whether that is the first of all of them, so that
 * nobody is stood in for. */
int duty_acting(struct deployment *d, struct duty_place place, day on, int64_t *ret_account,
                bool *ret_holder, struct error *e);

/* Whether the account stands in the post, and is away. */
int duty_stands(struct deployment *d, struct duty_place place, int64_t account_id, day on,
                bool *ret_stands, bool *ret_away, struct error *e);

/* Whether work can lie with the account at all: it is there, is not disabled, and is of a role that works by
 * posts. ERR_NOT_FOUND: no such account. */
struct duty_staff {
    enum role role;
    int64_t division; /* 0: none */
    bool able, away;
};
int duty_staff(struct deployment *d, int64_t account_id, day on, struct duty_staff *ret,
               struct error *e);

/* A post, a place in it or a leave of the account has changed: what is open where it stands or stood, and
 * what it owns, goes to whom it belongs to today. */
int duty_turn(struct care *c, int64_t account_id, struct error *e);

#endif
