/* Who is on duty: posts, their holders and deputies, leave, vacancies. No alert ever falls to an empty post.
 *
 * A post is a role in a division: the child director of a village, the supervisor and the station of a town,
 * the centre of a county. Where the roster (table duty) names nobody for a post, the accounts of that role
 * in that division hold it, the oldest first. A disabled account holds nothing: where the roster names only
 * such ones, it names nobody.
 *
 * Open work moves as its line changes. What lies with somebody who is away or gone goes to who acts. What lies
 * with somebody who stood in comes home once the holder acts again; while the holder is away, a stand-in
 * keeps what they have accepted. Nothing moves while its visit is under way and not recorded, and what somebody
 * handed over by hand stays there as long as that person is on duty at all; a visit that somebody planned for
 * themselves, as long as they are on duty there. */
#ifndef HUMIAO_CARE_DUTY_H
#define HUMIAO_CARE_DUTY_H

#include "care/care.h"

/* Who acts on that day for the village, at the given step of escalation (0 director, 1 supervisor, 2 station,
 * 3 centre): the holder who is not on leave, else the deputies in order, else the next step up. `ret_step` is
 * the step at which somebody was found. ERR_REFERENCE when the whole line is empty up to the county: then the
 * alert stands without owner and the security administrator's and every station's board shows it as
 * ownerless; callers store owner 0. Reads only. */
int duty_owner(struct deployment *d, int64_t division, int step, day on, int64_t *ret_account,
               int *ret_step, struct error *e);

/* Whether the account may act for the owner today: it is the owner, or deputises for an owner who is away. */
int duty_acts_for(struct deployment *d, int64_t account_id, int64_t owner_id, int64_t division,
                  day on, bool *ret, struct error *e);

struct duty {
    int64_t id, division, account_id;
    enum role role;
    int rank;
    day from, to; /* DAY_FOREVER: open */
};
struct absence {
    int64_t id, account_id;
    day from, to; /* [from, to) */
};
struct training {
    int64_t id, account_id;
    day on, valid_to; /* DAY_FOREVER: does not lapse */
    struct slice course;
};
/* A post as the roster page shows it. */
struct post {
    int64_t division;
    enum role role;
    const struct duty *people; /* rank order; those by account alone have id 0 */
    size_t people_count;
    int64_t
        acting; /* account that acts today, of the post or of a step above; 0: nobody up to the county */
    int acting_step; /* where: 0 director, 1 supervisor, 2 station, 3 centre; 4: nobody */
    int open_alerts, overdue_alerts, open_visits; /* caseload of the acting one */
    bool vacant, on_leave;
};
/* The posts of a division's subtree by code, behind `after_division`. Villages without anybody are posts too. The posts
 * of one division come together: a page may hold one more than `limit`. */
int duty_posts(struct deployment *d, int64_t division, int64_t after_division, size_t limit, day on,
               int64_t now, struct arena *arena, struct post **ret, size_t *ret_count,
               struct error *e);

/* Writes; the caller has checked that `by` may. What an absence or a change leaves without somebody moves at once:
 * open alerts and visits of the account go to who acts now, with notices.
 *
 * The same rank of the same post, and another place of the same account in it, end on `from`. ERR_VALUE: a rank
 * outside 1 to 9, or a division that is not of the level of the role's posts; ERR_REFERENCE: no such account, or
 * one that cannot own work (disabled, or of another role). duty_end: ERR_WRONG_STATE when it has ended by then. */
int duty_give(struct care *c, int64_t division, enum role role, int64_t account_id, int rank,
              day from, int64_t by, int64_t *ret_id, struct error *e);
int duty_end(struct care *c, int64_t duty_id, day to, int64_t by, struct error *e);
int duty_get(struct deployment *d, int64_t duty_id, struct duty *ret, struct error *e);
/* Days are those of the caller; a leave that covers today moves work at once, a later one by duty_roll. ERR_VALUE:
 * it does not end after it begins; ERR_NOT_FOUND; ERR_WRONG_STATE: it was cancelled before. */
int absence_add(struct care *c, int64_t account_id, day from, day to, int64_t by, int64_t *ret_id,
                struct error *e);
int absence_cancel(struct care *c, int64_t absence_id, int64_t by, struct error *e);
int absence_get(struct deployment *d, int64_t absence_id, struct absence *ret, struct error *e);
int absences_of(struct deployment *d, int64_t account_id, day from, struct arena *arena,
                struct absence **ret, size_t *ret_count, struct error *e);
int training_add(struct care *c, int64_t account_id, day on, day valid_to, struct slice course,
                 int64_t by, int64_t *ret_id, struct error *e);
int trainings_of(struct deployment *d, int64_t account_id, struct arena *arena,
                 struct training **ret, size_t *ret_count, struct error *e);
/* Of the account, newest first. Open work: alerts that are its to act on, overdue ones among them, visits. */
struct caseload {
    int open_alerts, overdue_alerts, open_visits;
};
int duty_caseload(struct deployment *d, int64_t account_id, int64_t now, struct caseload *ret,
                  struct error *e);

/* Those whose leave or place in a post begins or ends on a day of [from, until]: their open work moves to who acts
 * on `until`. Also takes up what lies with nobody, with somebody away, with an account that is gone, or with one
 * that works elsewhere by now. Part of the tick; harmless to repeat. */
int duty_roll(struct care *c, day from, day until, struct error *e);

/* The same in short transactions: at most `limit` pieces of work a call; to be called again until `ret_moved` is 0. */
int duty_roll_some(struct care *c, day from, day until, size_t limit, size_t *ret_moved,
                   struct error *e);

/* To be called in the transaction that disables an account or changes its role or division, after it: what it
 * had goes to who acts. The other way too, after it is enabled. */
int duty_account_gone(struct care *c, int64_t account_id, struct error *e);

/* The same in short transactions after it: at most `limit` pieces of work; there may be others where
 * `ret_moved` is `limit`. */
int duty_account_gone_some(struct care *c, int64_t account_id, size_t limit, size_t *ret_moved,
                           struct error *e);

/* What the account owns goes to whom it belongs to: after a visit is recorded during which it could not. */
int duty_settle(struct care *c, int64_t account_id, struct error *e);

#endif
