/* Opening what is masked: for a purpose, for a time, by a tap, with a second person's approval, or
 * by breaking the glass (at once, with a reason, reviewed by the end of the next day). MOR art. 36.
 *
 *     asked ──approve──> open ──time, or closed──> ended          asked ──refuse──> refused
 *     tap ─────────────> open                                     asked ──24 h────> lapsed
 *     glass ───────────> open (review due) ──review──> justified or not, which ends it
 *
 * Writing functions run inside a write transaction and leave their audit row there. What is unusual
 * raises an alarm for the security administrator in the same transaction: opening_alarms. */
#ifndef HUMIAO_ACCESS_OPENING_H
#define HUMIAO_ACCESS_OPENING_H

#include "access/account.h"
#include "access/clearance.h"

enum opening_state {
    OPENING_NONE = 0,
    OPENING_ASKED = 1,
    OPENING_OPEN = 2,
    OPENING_REFUSED = 3,
    OPENING_ENDED = 4,
    OPENING_LAPSED = 5,
    OPENING_STATE_COUNT
};
const char *opening_state_name(enum opening_state s);

struct opening {
    int64_t id, account_id, child_id;
    uint64_t classes;
    enum purpose purpose;
    enum relation relation;
    enum opening_state state; /* as of `now`: an open one whose time is over is ended */
    bool glass;
    int64_t asked_at, decided_by, decided_at, expires_at; /* 0: not yet */
    day review_due;                                       /* DAY_FOREVER: none */
    int64_t reviewed_by, reviewed_at;
    bool justified;
    struct slice reason;
};

struct opening_request {
    int64_t account_id, child_id;
    enum role role;
    enum relation relation;
    enum purpose purpose;
    uint64_t classes;    /* at least one */
    struct slice reason; /* 1 to 500 bytes where approval or glass is needed; else may be empty */
    int64_t now;
};

/* Every class asked for must be one that the table opens for this role, relation and purpose
 * (ERR_FORBIDDEN names the first that is not); the strictest way of them is taken (approval, then
 * glass, then tap) and the shortest time. ERR_VALUE: no reason, no class. Asking again, under the
 * same relation and purpose, for what is open gives that one; for what is asked too, unless this
 * would open at once. */
int opening_ask(struct deployment *d, const struct clearance *c, const struct opening_request *r,
                struct arena *arena, struct opening *ret, struct error *e);

/* Another account, whose role approves the asker's (ERR_FORBIDDEN); only while asked
 * (ERR_WRONG_STATE). The caller has checked that the child is in the approver's scope. */
int opening_decide(struct deployment *d, const struct clearance *c, int64_t opening_id,
                   const struct account *approver, bool grant, int64_t now, struct arena *arena,
                   struct opening *ret, struct error *e);

/* Who opened it closes it before its time. */
int opening_end(struct deployment *d, int64_t opening_id, int64_t account_id, int64_t now,
                struct error *e);

/* Of a broken glass, by another account whose role approves; once (ERR_WRONG_STATE). What was not
 * justified and is still open ends. */
int opening_review(struct deployment *d, const struct clearance *c, int64_t opening_id,
                   const struct account *reviewer, bool justified, int64_t now, struct arena *arena,
                   struct opening *ret, struct error *e);

int opening_get(struct deployment *d, int64_t id, int64_t now, struct arena *arena,
                struct opening *ret, struct error *e);

/* Those in force for this account and child now: for sights_open. `child_id` 0: of all children, so
 * that a list asks once. */
int opening_in_force(struct deployment *d, int64_t account_id, int64_t child_id, int64_t now,
                     struct arena *arena, struct opening **ret, size_t *ret_count, struct error *e);

/* By child (the trace: who looked), or waiting for a decision or review; by id after `after_id`. */
enum opening_list { OPENINGS_OF_CHILD, OPENINGS_OF_ACCOUNT, OPENINGS_ASKED, OPENINGS_TO_REVIEW };
int opening_list(struct deployment *d, enum opening_list which, int64_t of, int64_t after_id,
                 size_t limit, int64_t now, struct arena *arena, struct opening **ret,
                 size_t *ret_count, struct error *e);

/* Writes down what time has done: requests nobody decided in 24 h lapse, openings end, reviews past
 * their day raise an alarm, once each. By `tick` and each minute by the server; no answer depends
 * on it. */
int opening_sweep(struct deployment *d, int64_t now, struct error *e);

/* ---- alarms ---- */

enum alarm_kind {
    ALARM_NONE = 0,
#define ALARM(symbol, number, name, limit) symbol = number,
#include "access/alarms.def"
#undef ALARM
    ALARM_KIND_COUNT
};
const char *alarm_kind_name(enum alarm_kind k);

struct alarm {
    int64_t id, account_id, opening_id, raised_at, figure, seen_by, seen_at;
    enum alarm_kind kind;
};

/* One of a kind an account and hour at most, but for broken glass and late reviews, which are told
 * each. Of an `account_id` of 0 likewise. Inside a write transaction. */
int alarm_raise(struct deployment *d, enum alarm_kind kind, int64_t account_id, int64_t opening_id,
                int64_t figure, int64_t now, struct error *e);
int alarm_list(struct deployment *d, bool unseen_only, int64_t after_id, size_t limit,
               struct arena *arena, struct alarm **ret, size_t *ret_count, struct error *e);
int alarm_see(struct deployment *d, int64_t alarm_id, int64_t by, int64_t now, struct error *e);

#endif
