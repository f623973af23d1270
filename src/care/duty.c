#include "care/duty.h"

#include "care/duty_inside.h"
#include "store/sql_duty.h"

#define TOWN INT64_C(1000) /* what a code leaves open below a town, below a county */
#define COUNTY INT64_C(1000000)

struct duty_place duty_place_at(int64_t division, int step)
{
    static const enum role roles[DUTY_STEPS] = {ROLE_CHILD_DIRECTOR, ROLE_SUPERVISOR,
                                                ROLE_STATION_WORKER, ROLE_CENTRE_WORKER};
    int64_t below = step == 0 ? 1 : step == 3 ? COUNTY : TOWN;

    return (struct duty_place){division / below * below, roles[step]};
}

int duty_acting(struct deployment *d, struct duty_place place, day on, int64_t *ret_account,
                bool *ret_holder, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_duty_people row;
    bool by_roster = false;
    size_t before = 0;
    int rc = sql_duty_people(d->store, place.division, place.role, on, &rows, e);

    *ret_account = 0;
    while (rc >= 0 && (rc = sql_duty_people_next(&rows, &row, e)) > 0) {
        by_roster |= row.id != 0;
        if (by_roster && row.id == 0) /* the roster names somebody: it alone counts */
            break;
        if (!row.away) {
            *ret_account = row.account_id;
            *ret_holder = before == 0;
            return 0;
        }
        before++;
    }
    return rc < 0 ? rc : 0;
}

int duty_stands(struct deployment *d, struct duty_place place, int64_t account_id, day on,
                bool *ret_stands, bool *ret_away, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_duty_people row;
    bool by_roster = false;
    int rc = sql_duty_people(d->store, place.division, place.role, on, &rows, e);

    *ret_stands = *ret_away = false;
    while (rc >= 0 && (rc = sql_duty_people_next(&rows, &row, e)) > 0) {
        by_roster |= row.id != 0;
        if (by_roster && row.id == 0)
            break;
        if (row.account_id == account_id) {
            *ret_stands = true;
            *ret_away = row.away;
            return 0;
        }
    }
    return rc < 0 ? rc : 0;
}

int duty_staff(struct deployment *d, int64_t account_id, day on, struct duty_staff *ret,
               struct error *e)
{
    struct sql_duty_account row;
    bool found;
    int rc = sql_duty_account(d->store, account_id, on, &found, &row, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, N_("there is no such account"));
    if (rc == 0)
        *ret = (struct duty_staff){
            .role = (enum role)row.role,
            .division = row.division.set ? row.division.v : 0,
            .able = !row.disabled_at.set && row.role >= ROLE_CHILD_DIRECTOR &&
                    row.role <= ROLE_CENTRE_WORKER,
            .away = row.away,
        };
    return rc;
}

int duty_owner(struct deployment *d, int64_t division, int step, day on, int64_t *ret_account,
               int *ret_step, struct error *e)
{
    for (; step >= 0 && step < DUTY_STEPS; step++) {
        int64_t account;
        bool holder;
        int rc = duty_acting(d, duty_place_at(division, step), on, &account, &holder, e);

        if (rc < 0)
            return rc;
        if (account) {
            *ret_account = account;
            *ret_step = step;
            return 0;
        }
    }
    return error_set(e, ERR_REFERENCE, N_("nobody is on duty there, up to the county"));
}

/* An owner who is away is stood in for by who acts, at the step where the owner stands. */
int duty_acts_for(struct deployment *d, int64_t account_id, int64_t owner_id, int64_t division,
                  day on, bool *ret, struct error *e)
{
    struct error nobody = {.language = e ? e->language : LANGUAGE_ZH};
    int64_t acting;
    int rc = 0, found;

    *ret = account_id == owner_id;
    for (int step = 0; step < DUTY_STEPS && !*ret && rc == 0; step++) {
        bool stands, away;
        rc = duty_stands(d, duty_place_at(division, step), owner_id, on, &stands, &away, e);
        if (rc < 0 || !stands)
            continue;
        if (!away) /* is there, and needs nobody */
            return 0;
        rc = duty_owner(d, division, step, on, &acting, &found, &nobody);
        if (rc == -ERR_REFERENCE)
            return 0;
        if (rc < 0 && e)
            *e = nobody;
        *ret = rc == 0 && acting == account_id;
    }
    return rc;
}
