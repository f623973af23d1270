/* The roster and leave, written and read. */
#include "care/duty.h"

#include "care/care_inside.h"
#include "care/duty_inside.h"
#include "people/relation.h"
#include "store/sql_absence.h"
#include "store/sql_duty.h"

#define RANK_MAX 9

static day day_or(struct opt_int v, day none) { return v.set ? (day)v.v : none; }

/* ---- posts ---------------------------------------------------------------------------------------- */

/* A director's post is a village's, a centre's a county's: what a code leaves open must fit the role. */
static bool fits(int64_t division, enum role role)
{
    int64_t open = division_last(division) - division;

    switch (role) {
    case ROLE_CHILD_DIRECTOR: return division > 0 && open == 0;
    case ROLE_SUPERVISOR:
    case ROLE_STATION_WORKER: return division > 0 && open == 999;
    case ROLE_CENTRE_WORKER: return division > 0 && open == 999999;
    default: return false;
    }
}

/* A post is held by an account of its role, or of one further up: what its holder is told of, the role has to be able
 * to do. Roles of the line are numbered from the village up (roles.def). */
static int check_holder(struct care *c, int64_t account_id, enum role role, struct error *e)
{
    struct duty_staff staff;
    int rc = duty_staff(c->d, account_id, c->today, &staff, e);

    if (rc == -ERR_NOT_FOUND || (rc == 0 && (!staff.able || staff.role < role)))
        return error_set(e, ERR_REFERENCE, N_("this account cannot hold that post"));
    return rc;
}

static int next_duty_id(struct care *c, int64_t *ret, struct error *e)
{
    struct sql_duty_last last;
    bool found;
    int rc = sql_duty_last(c->d->store, &found, &last, e);
    struct id_source ids = {rc == 0 && found ? last.id : 0};

    return rc < 0 ? rc : id_source_next(&ids, c->d->sealer, ret, e);
}

/* Those who stood there are looked after too: what they had is not theirs any more. */
static int turn_all(struct care *c, const int64_t *accounts, size_t count, struct error *e)
{
    int rc = 0;

    for (size_t i = 0; i < count && rc == 0; i++)
        rc = duty_turn(c, accounts[i], e);
    return rc;
}

static int holders_of(struct care *c, int64_t division, enum role role, struct arena *arena,
                      int64_t **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_duty_people row;
    int64_t *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_duty_people(c->d->store, division, role, c->today, &rows, e);

    while (rc >= 0 && (rc = sql_duty_people_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = row.account_id;
    }
    *ret = list;
    *ret_count = count;
    return rc < 0 ? rc : 0;
}

int duty_give(struct care *c, int64_t division, enum role role, int64_t account_id, int rank,
              day from, int64_t by, int64_t *ret_id, struct error *e)
{
    ARENA_AUTO(scratch);
    int64_t *before, id;
    size_t count;

    if (rank < 1 || rank > RANK_MAX)
        return error_set(e, ERR_VALUE, N_("a place in a post is a number from 1 to %d"), RANK_MAX);
    if (!fits(division, role))
        return error_set(e, ERR_VALUE,
                         N_("a director's post is a village's, a supervisor's and a station's a "
                            "town's, a centre's a county's"));
    int rc = check_holder(c, account_id, role, e);
    if (rc == 0)
        rc = holders_of(c, division, role, &scratch, &before, &count, e);
    if (rc == 0)
        rc = sql_duty_make_room(c->d->store, division, role, rank, account_id, from, e);
    if (rc == 0)
        rc = next_duty_id(c, &id, e);
    if (rc == 0)
        rc = sql_duty_insert(c->d->store, id, division, role, account_id, rank, from, care_opt(by),
                             c->now, e);
    if (rc == 0 && from <= c->today)
        rc = turn_all(c, before, count, e);
    if (rc == 0 && from <= c->today)
        rc = duty_turn(c, account_id, e);
    if (rc == 0) {
        care_changed(c, division);
        *ret_id = id;
    }
    return rc;
}

int duty_get(struct deployment *d, int64_t duty_id, struct duty *ret, struct error *e)
{
    struct sql_duty_get row;
    bool found;
    int rc = sql_duty_get(d->store, duty_id, &found, &row, e);

    if (rc == 0 && !found)
        return error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = (struct duty){.id = duty_id,
                             .division = row.division,
                             .account_id = row.account_id,
                             .role = (enum role)row.role,
                             .rank = (int)row.rank,
                             .from = (day)row.from_day,
                             .to = day_or(row.to_day, DAY_FOREVER)};
    return rc;
}

int duty_end(struct care *c, int64_t duty_id, day to, int64_t by, struct error *e)
{
    struct duty duty;
    int rc = duty_get(c->d, duty_id, &duty, e);

    (void)by; /* stands in the audit trail */
    if (rc == 0 && duty.to <= to)
        return error_set(e, ERR_WRONG_STATE, N_("it has ended by then"));
    if (rc == 0)
        rc = sql_duty_end(c->d->store, duty_id, to < duty.from ? duty.from : to, e);
    if (rc == 0 && to <= c->today)
        rc = duty_turn(c, duty.account_id, e);
    if (rc == 0)
        care_changed(c, duty.division);
    return rc;
}

/* ---- leave ---------------------------------------------------------------------------------------- */

static int next_absence_id(struct care *c, int64_t *ret, struct error *e)
{
    struct sql_absence_last last;
    bool found;
    int rc = sql_absence_last(c->d->store, &found, &last, e);
    struct id_source ids = {rc == 0 && found ? last.id : 0};

    return rc < 0 ? rc : id_source_next(&ids, c->d->sealer, ret, e);
}

/* Pages that show who acts hear of it where the account works. */
static int tell_change(struct care *c, int64_t account_id, bool today, struct error *e)
{
    struct duty_staff staff;
    int rc = duty_staff(c->d, account_id, c->today, &staff, e);

    if (rc == 0 && staff.division)
        care_changed(c, staff.division);
    return rc < 0 || !today ? rc : duty_turn(c, account_id, e);
}

int absence_add(struct care *c, int64_t account_id, day from, day to, int64_t by, int64_t *ret_id,
                struct error *e)
{
    struct duty_staff staff;
    int64_t id;

    if (to <= from)
        return error_set(e, ERR_VALUE, N_("leave ends after the day on which it begins"));
    int rc = duty_staff(c->d, account_id, c->today, &staff, e);
    if (rc == 0)
        rc = next_absence_id(c, &id, e);
    if (rc == 0)
        rc = sql_absence_insert(c->d->store, id, account_id, from, to, by, c->now, e);
    if (rc == 0)
        rc = tell_change(c, account_id, from <= c->today && c->today < to, e);
    if (rc == 0)
        *ret_id = id;
    return rc;
}

int absence_get(struct deployment *d, int64_t absence_id, struct absence *ret, struct error *e)
{
    struct sql_absence_get row;
    bool found;
    int rc = sql_absence_get(d->store, absence_id, &found, &row, e);

    if (rc == 0 && !found)
        return error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = (struct absence){.id = absence_id,
                                .account_id = row.account_id,
                                .from = (day)row.from_day,
                                .to = (day)row.to_day};
    return rc;
}

int absence_cancel(struct care *c, int64_t absence_id, int64_t by, struct error *e)
{
    struct sql_absence_get row;
    bool found;
    int rc = sql_absence_get(c->d->store, absence_id, &found, &row, e);

    (void)by; /* stands in the audit trail */
    if (rc == 0 && !found)
        return error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0 && row.cancelled_at.set)
        return error_set(e, ERR_WRONG_STATE, N_("this leave is off already"));
    if (rc == 0)
        rc = sql_absence_cancel(c->d->store, absence_id, c->now, e);
    if (rc == 0)
        rc = tell_change(c, row.account_id, row.from_day <= c->today && c->today < row.to_day, e);
    return rc;
}

int absences_of(struct deployment *d, int64_t account_id, day from, struct arena *arena,
                struct absence **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_absence_of row;
    struct absence *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_absence_of(d->store, account_id, from, &rows, e);

    while (rc >= 0 && (rc = sql_absence_of_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct absence){.id = row.id,
                                         .account_id = account_id,
                                         .from = (day)row.from_day,
                                         .to = (day)row.to_day};
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}
