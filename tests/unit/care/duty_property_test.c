/* Who is on duty, by a slow and obvious oracle over random rosters, leave and disabled accounts. */
#include "../base/random.h"
#include "../people/cast.h"

#include "care/duty.h"
#include "store/sql_absence.h"
#include "store/sql_account.h"
#include "store/sql_duty.h"

#include <string.h>

#define WORLDS 24
#define ACCOUNTS 14
#define ROWS 16
#define LEAVES 8
#define DAYS 12
#define FIRST_DAY 20780

struct who {
    int64_t id, division;
    enum role role;
    bool disabled;
};
struct row {
    int64_t id, division, account;
    enum role role;
    int rank;
    day from, to;
};
struct leave {
    int64_t account;
    day from, to;
    bool cancelled;
};

/* A county of two towns with two villages each, and what stands in the tables about it. */
struct world {
    struct scene *s;
    uint64_t *random;
    int64_t county;
    struct who accounts[ACCOUNTS];
    struct row rows[ROWS];
    struct leave leaves[LEAVES];
    size_t row_count, leave_count;
};

static unsigned below(struct world *w, unsigned limit) { return random_below(w->random, limit); }

static int64_t some_village(struct world *w)
{
    return w->county + (1 + below(w, 2)) * 1000 + 1 + below(w, 2);
}

static int64_t division_for(struct world *w, enum role role)
{
    int64_t village = some_village(w);

    switch (role) {
    case ROLE_CHILD_DIRECTOR: return village;
    case ROLE_CENTRE_WORKER: return w->county;
    default: return village / 1000 * 1000;
    }
}

static enum role some_role(struct world *w) { return (enum role)(1 + below(w, 4)); }

static day some_day(struct world *w) { return FIRST_DAY + (day)below(w, DAYS); }

/* ---- the world is made ------------------------------------------------------------------------------ */

static int write_accounts(struct world *w)
{
    int rc = 0;

    for (size_t i = 0; i < ACCOUNTS && rc == 0; i++) {
        struct who *a = &w->accounts[i];
        char name[40];
        a->role = below(w, 12) == 0 ? ROLE_HELPER : some_role(w);
        a->division = below(w, 8) == 0 ? 0 : division_for(w, a->role);
        a->disabled = below(w, 5) == 0;
        snprintf(name, sizeof name, "a%lld.%zu", (long long)w->county, i);
        struct account_row row = {.name = slice_from(name),
                                  .display = slice_from(name),
                                  .role = a->role,
                                  .division = a->division};
        rc = account_put(w->s->d, &row, 0, &w->s->arena, &a->id, &w->s->e);
        if (rc == 0 && a->disabled)
            rc = account_disable(w->s->d, a->id, 0, &w->s->e);
    }
    return rc;
}

static int write_rows(struct world *w)
{
    struct sql_duty_last last;
    bool found;
    int rc = sql_duty_last(w->s->d->store, &found, &last, &w->s->e);
    int64_t id = found ? last.id : 0;

    w->row_count = below(w, ROWS + 1);
    for (size_t i = 0; i < w->row_count && rc == 0; i++) {
        struct row *r = &w->rows[i];
        r->id = ++id;
        r->role = some_role(w);
        r->division = division_for(w, r->role);
        r->account = w->accounts[below(w, ACCOUNTS)].id;
        r->rank = 1 + (int)below(w, 3);
        r->from = some_day(w);
        r->to = below(w, 2) ? DAY_FOREVER : r->from + (day)below(w, DAYS);
        rc = sql_duty_insert(w->s->d->store, r->id, r->division, r->role, r->account, r->rank,
                             r->from, OPT_INT_NONE, 1, &w->s->e);
        if (rc == 0 && r->to != DAY_FOREVER)
            rc = sql_duty_end(w->s->d->store, r->id, r->to, &w->s->e);
    }
    return rc;
}

static int write_leaves(struct world *w)
{
    struct sql_absence_last last;
    bool found;
    int rc = sql_absence_last(w->s->d->store, &found, &last, &w->s->e);
    int64_t id = found ? last.id : 0;

    w->leave_count = below(w, LEAVES + 1);
    for (size_t i = 0; i < w->leave_count && rc == 0; i++) {
        struct leave *l = &w->leaves[i];
        l->account = w->accounts[below(w, ACCOUNTS)].id;
        l->from = some_day(w);
        l->to = l->from + 1 + (day)below(w, DAYS);
        l->cancelled = below(w, 5) == 0;
        rc = sql_absence_insert(w->s->d->store, ++id, l->account, l->from, l->to, 1, 1, &w->s->e);
        if (rc == 0 && l->cancelled)
            rc = sql_absence_cancel(w->s->d->store, id, 1, &w->s->e);
    }
    return rc;
}

static void make(struct world *w)
{
    OK(w->s, store_begin(w->s->d->store, &w->s->e));
    OK(w->s, write_accounts(w));
    OK(w->s, write_rows(w));
    OK(w->s, write_leaves(w));
    OK(w->s, store_commit(w->s->d->store, &w->s->e));
}

/* ---- the oracle -------------------------------------------------------------------------------------- */

static const struct who *account_of(const struct world *w, int64_t id)
{
    for (size_t i = 0; i < ACCOUNTS; i++)
        if (w->accounts[i].id == id)
            return &w->accounts[i];
    return NULL;
}

static bool on_leave(const struct world *w, int64_t account, day on)
{
    for (size_t i = 0; i < w->leave_count; i++)
        if (w->leaves[i].account == account && !w->leaves[i].cancelled && w->leaves[i].from <= on &&
            on < w->leaves[i].to)
            return true;
    return false;
}

static bool can_hold(const struct who *a)
{
    return a && !a->disabled && a->role >= ROLE_CHILD_DIRECTOR && a->role <= ROLE_CENTRE_WORKER;
}

/* Everybody in the post, in order. */
static size_t stand(const struct world *w, int64_t division, enum role role, day on,
                    int64_t ret[ROWS + ACCOUNTS])
{
    size_t n = 0;

    for (int rank = 1; rank <= 3; rank++)
        for (size_t i = 0; i < w->row_count; i++) {
            const struct row *r = &w->rows[i];
            if (r->rank == rank && r->division == division && r->role == role && r->from <= on &&
                on < r->to && can_hold(account_of(w, r->account)))
                ret[n++] = r->account;
        }
    if (n > 0)
        return n;
    for (size_t i = 0; i < ACCOUNTS; i++)
        if (w->accounts[i].division == division && w->accounts[i].role == role &&
            can_hold(&w->accounts[i]))
            ret[n++] = w->accounts[i].id;
    return n;
}

static void post_of(int64_t village, int step, int64_t *ret_division, enum role *ret_role)
{
    *ret_role = (enum role)(step + 1);
    *ret_division = step == 0   ? village
                    : step == 3 ? village / 1000000 * 1000000
                                : village / 1000 * 1000;
}

static int64_t oracle(const struct world *w, int64_t village, int step, day on, int *ret_step)
{
    for (; step <= 3; step++) {
        int64_t people[ROWS + ACCOUNTS], division;
        enum role role;
        post_of(village, step, &division, &role);
        size_t n = stand(w, division, role, on, people);
        for (size_t i = 0; i < n; i++)
            if (!on_leave(w, people[i], on)) {
                *ret_step = step;
                return people[i];
            }
    }
    return 0;
}

/* Somebody acts for an owner who is away where the line, from a post of the owner's, comes to them. */
static bool oracle_acts(const struct world *w, int64_t account, int64_t owner, int64_t village,
                        day on)
{
    if (account == owner)
        return true;
    if (!on_leave(w, owner, on))
        return false;
    for (int step = 0; step <= 3; step++) {
        int64_t people[ROWS + ACCOUNTS], division;
        enum role role;
        int at;
        post_of(village, step, &division, &role);
        size_t n = stand(w, division, role, on, people);
        for (size_t i = 0; i < n; i++)
            if (people[i] == owner && oracle(w, village, step, on, &at) == account)
                return true;
    }
    return false;
}

/* ---- asking ------------------------------------------------------------------------------------------ */

static void check_owner(struct world *w, int64_t village, int step, day on)
{
    int64_t found = 0;
    int at = -1, expected_step = -1;
    int64_t expected = oracle(w, village, step, on, &expected_step);
    int rc = duty_owner(w->s->d, village, step, on, &found, &at, &w->s->e);

    if (expected == 0) {
        assert_int_equal(rc, -ERR_REFERENCE);
        return;
    }
    OK(w->s, rc);
    if (found != expected || at != expected_step)
        fail_msg("%lld step %d day %d: %lld at %d, should be %lld at %d", (long long)village, step,
                 on, (long long)found, at, (long long)expected, expected_step);
}

static void check_acting(struct world *w, int64_t village, day on)
{
    int64_t account = w->accounts[below(w, ACCOUNTS)].id;
    int64_t owner = w->accounts[below(w, ACCOUNTS)].id;
    bool acts;
    int step;

    int64_t acting = oracle(w, village, 0, on, &step);
    if (acting && below(w, 2)) /* else it is seldom true */
        account = acting;
    OK(w->s, duty_acts_for(w->s->d, account, owner, village, on, &acts, &w->s->e));
    if (acts != oracle_acts(w, account, owner, village, on))
        fail_msg("%lld acts for %lld in %lld on %d: %d", (long long)account, (long long)owner,
                 (long long)village, on, acts);
}

/* The page of the roster says the same. */
static void check_posts(struct world *w, day on)
{
    int64_t after = 0, villages = 0;
    struct post *posts;
    size_t count;

    for (;;) {
        OK(w->s, duty_posts(w->s->d, w->county, after, 1 + below(w, 6), on, 0, &w->s->arena, &posts,
                            &count, &w->s->e));
        if (count == 0)
            break;
        for (size_t i = 0; i < count; i++) {
            int64_t people[ROWS + ACCOUNTS], expected;
            int step = (int)posts[i].role - 1, at = 4;
            size_t n = stand(w, posts[i].division, posts[i].role, on, people);
            assert_true(posts[i].division > after || (i > 0 && posts[i].role > posts[i - 1].role));
            expected = oracle(w, posts[i].division, step, on, &at);
            assert_int_equal(posts[i].acting, expected);
            assert_int_equal(posts[i].acting_step, at);
            assert_int_equal(posts[i].people_count, n);
            for (size_t k = 0; k < n; k++)
                assert_int_equal(posts[i].people[k].account_id, people[k]);
            assert_int_equal(posts[i].vacant, n == 0);
            assert_int_equal(posts[i].on_leave, n > 0 && on_leave(w, people[0], on));
            after = posts[i].division;
            villages += step == 0;
        }
    }
    assert_in_range(villages, 0, 4);
}

static void check(struct world *w)
{
    for (day on = FIRST_DAY - 1; on < FIRST_DAY + DAYS + 2; on++) {
        for (int town = 1; town <= 2; town++)
            for (int village = 1; village <= 2; village++) {
                int64_t code = w->county + town * 1000 + village;
                for (int step = 0; step <= 3; step++)
                    check_owner(w, code, step, on);
                check_acting(w, code, on);
            }
        if (on % 4 == 0)
            check_posts(w, on);
    }
}

static void duty_is_as_the_oracle_says(void **state)
{
    struct scene *s = cast_of(state);
    uint64_t random = random_seed();

    for (int i = 0; i < WORLDS; i++) {
        struct world w = {.s = s, .random = &random, .county = INT64_C(999910000000) + i * 1000000};
        make(&w);
        check(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(duty_is_as_the_oracle_says)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
