/* Open work follows the roster: to whom a piece of work belongs today, and the moving of what lies elsewhere. */
#include "care/duty.h"

#include "care/alert.h"
#include "care/duty_inside.h"
#include "care/tables.h"
#include "care/visit.h"
#include "people/relation.h"
#include "store/sql_duty.h"

/* One open alert, or one visit of the rounds. */
struct work {
    int64_t id, division, owner_id; /* owner 0: nobody */
    bool alert, new, accepted, in_field;
};

/* Who acts for a division; asked once for all the work there. */
struct line {
    int64_t division, account_id; /* account 0: nobody up to the county */
    bool holder;                  /* of the village, and not somebody who stands in */
};

struct move {
    struct care *c;
    struct arena *arena;
    bool home;    /* also brings home what lies with somebody who stood in */
    size_t *left; /* how many may still be moved */
    day on;
    struct work *list;
    size_t count, capacity;
    struct line line;
};

/* ---- what there is --------------------------------------------------------------------------------- */

static void add(struct move *m, const struct work *w)
{
    m->list = arena_grow(m->arena, m->list, &m->capacity, m->count + 1, sizeof(*m->list));
    m->list[m->count++] = *w;
}

static bool in_field(struct slice visit_state)
{
    return slice_is(visit_state, "under_way") || slice_is(visit_state, "back");
}

/* Only what waits for its owner can be handed over; what waits for nobody yet is to be given out. */
static void add_alert(struct move *m, int64_t id, int64_t division, struct slice state,
                      struct opt_int owner, struct slice visit_state)
{
    const struct workflow *w = care_workflow(m->c->tables, "alert");
    bool new = slice_is(state, "new");

    if (!new &&workflow_waits_for(w, state) != AUDIENCE_OWNER)
        return;
    add(m, &(struct work){.id = id,
                          .division = division,
                          .owner_id = owner.set ? owner.v : 0,
                          .alert = true,
                          .new = new,
                          .accepted = !new && !slice_is(state, "pushed"),
                          .in_field = in_field(visit_state)});
}

static void add_visit(struct move *m, int64_t id, int64_t division, struct slice state,
                      struct opt_int owner)
{
    add(m, &(struct work){.id = id,
                          .division = division,
                          .owner_id = owner.set ? owner.v : 0,
                          .in_field = in_field(state)});
}

/* Alerts, then visits, by two statements that have the same columns. */
#define READ_WORK(which, m, rc, e, ...)                                                  \
    do {                                                                                 \
        STORE_ROWS_AUTO struct store_rows alerts = {0};                                  \
        STORE_ROWS_AUTO struct store_rows visits = {0};                                  \
        struct sql_duty_alerts_##which alert;                                            \
        struct sql_duty_visits_##which visit;                                            \
        struct store *s = (m)->c->d->store;                                              \
        rc = sql_duty_alerts_##which(s, __VA_ARGS__, &alerts, e);                        \
        while (rc >= 0 && (rc = sql_duty_alerts_##which##_next(&alerts, &alert, e)) > 0) \
            add_alert(m, alert.id, alert.division, alert.state, alert.owner_id,          \
                      alert.visit_state);                                                \
        if (rc >= 0)                                                                     \
            rc = sql_duty_visits_##which(s, __VA_ARGS__, &visits, e);                    \
        while (rc >= 0 && (rc = sql_duty_visits_##which##_next(&visits, &visit, e)) > 0) \
            add_visit(m, visit.id, visit.division, visit.state, visit.owner_id);         \
    } while (0)

static int read_area(struct move *m, int64_t first, int64_t last, struct error *e)
{
    int rc;

    READ_WORK(in, m, rc, e, first, last);
    return rc;
}

static int read_owned(struct move *m, int64_t account_id, struct error *e)
{
    int rc;

    READ_WORK(of, m, rc, e, account_id);
    return rc;
}

/* Of nobody, of those who are away and of those who are gone. */
static int read_adrift(struct move *m, struct error *e)
{
    int rc;

    READ_WORK(adrift, m, rc, e, m->on);
    return rc;
}

/* Of those who work elsewhere by now. */
static int read_strange(struct move *m, struct error *e)
{
    int rc;

    READ_WORK(strange, m, rc, e, m->on);
    return rc;
}

/* ---- whose it is ----------------------------------------------------------------------------------- */

static int find_line(struct move *m, int64_t division, struct error *e)
{
    struct line line = {.division = division};
    int rc = 0;

    if (m->line.division == division)
        return 0;
    for (int step = 0; step < DUTY_STEPS && rc == 0 && line.account_id == 0; step++) {
        bool first = false;
        rc = duty_acting(m->c->d, duty_place_at(division, step), m->on, &line.account_id, &first,
                         e);
        line.holder = step == 0 && first;
    }
    if (rc == 0)
        m->line = line;
    return rc;
}

static int in_line(struct move *m, const struct work *w, bool *ret, struct error *e)
{
    bool away;
    int rc = 0;

    *ret = false;
    for (int step = 0; step < DUTY_STEPS && rc == 0 && !*ret; step++)
        rc = duty_stands(m->c->d, duty_place_at(w->division, step), w->owner_id, m->on, ret, &away,
                         e);
    return rc;
}

/* Handed over by a person; or a visit that its owner planned for themselves, and works there still. */
static int by_hand(struct move *m, const struct work *w, bool *ret, struct error *e)
{
    struct sql_duty_handed_by row;
    bool found;
    int rc = sql_duty_handed_by(m->c->d->store, slice_from(w->alert ? "alert" : "visit"), w->id,
                                &found, &row, e);

    *ret = false;
    if (rc < 0 || !found || !row.account_id.set)
        return rc;
    if (!slice_is(row.event, "begun")) {
        *ret = true;
        return 0;
    }
    return w->alert || row.account_id.v != w->owner_id ? 0 : in_line(m, w, ret, e);
}

/* Whether it stays although its owner is not who acts. */
static int stays(struct move *m, const struct work *w, bool *ret, struct error *e)
{
    struct duty_staff owner;
    int rc = duty_staff(m->c->d, w->owner_id, m->on, &owner, e);

    if (rc == -ERR_NOT_FOUND) { /* the account is no more */
        error_clear(e);
        owner.able = false;
    } else if (rc < 0) {
        return rc;
    }
    *ret = owner.able && w->in_field;
    if (*ret || !owner.able || owner.away)
        return 0;
    if (!m->home) {
        *ret = true;
        return 0;
    }
    rc = by_hand(m, w, ret, e);
    if (rc == 0 && !*ret && w->accepted && !m->line.holder)
        rc = in_line(m, w, ret, e);
    return rc;
}

/* ---- moving ---------------------------------------------------------------------------------------- */

static int fire(struct move *m, const struct work *w, struct error *e)
{
    struct error refused = {.language = e ? e->language : LANGUAGE_ZH};
    struct care_step step = {.event = "hand_over", .to_account = m->line.account_id};
    int rc;

    if (w->new)
        step.event = "push";
    rc = w->alert ? alert_fire(m->c, w->id, &step, &refused)
                  : visit_fire(m->c, w->id, &step, &refused);
    if (rc == -ERR_WRONG_STATE) /* the table does not let it go now: another day */
        return 0;
    if (rc < 0 && e)
        *e = refused;
    *m->left -= rc == 0;
    return rc;
}

static int move_all(struct move *m, struct error *e)
{
    int rc = 0;

    for (size_t i = 0; i < m->count && rc == 0 && *m->left > 0; i++) {
        const struct work *w = &m->list[i];
        bool stay = false;
        rc = find_line(m, w->division, e);
        if (rc < 0 || m->line.account_id == 0 || m->line.account_id == w->owner_id)
            continue;
        if (w->owner_id)
            rc = stays(m, w, &stay, e);
        if (rc == 0 && !stay)
            rc = fire(m, w, e);
    }
    m->count = 0;
    return rc;
}

static struct move begin(struct care *c, struct arena *arena, day on, bool home, size_t *left)
{
    return (struct move){
        .c = c, .arena = arena, .home = home, .left = left, .on = on, .line = {.division = -1}};
}

static int move_owned(struct care *c, int64_t account_id, day on, size_t *left, struct error *e)
{
    ARENA_AUTO(scratch);
    struct move m = begin(c, &scratch, on, true, left);
    int rc = read_owned(&m, account_id, e);

    return rc < 0 ? rc : move_all(&m, e);
}

static int move_area(struct care *c, int64_t division, day on, size_t *left, struct error *e)
{
    ARENA_AUTO(scratch);
    struct move m = begin(c, &scratch, on, true, left);
    int rc = read_area(&m, division, division_last(division), e);

    return rc < 0 ? rc : move_all(&m, e);
}

static int turn_on(struct care *c, int64_t account_id, day on, size_t *left, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_duty_places row;
    struct duty_staff staff;
    int rc = duty_staff(c->d, account_id, on, &staff, e);

    if (rc == 0 && staff.division && staff.role >= ROLE_CHILD_DIRECTOR &&
        staff.role <= ROLE_CENTRE_WORKER)
        rc = move_area(c, staff.division, on, left, e);
    if (rc >= 0)
        rc = sql_duty_places(c->d->store, account_id, &rows, e);
    while (rc >= 0 && (rc = sql_duty_places_next(&rows, &row, e)) > 0)
        if ((rc = move_area(c, row.division, on, left, e)) < 0)
            return rc;
    return rc < 0 ? rc : move_owned(c, account_id, on, left, e);
}

int duty_turn(struct care *c, int64_t account_id, struct error *e)
{
    size_t all = SIZE_MAX;

    return turn_on(c, account_id, c->today, &all, e);
}

int duty_account_gone(struct care *c, int64_t account_id, struct error *e)
{
    return duty_turn(c, account_id, e);
}

int duty_account_gone_some(struct care *c, int64_t account_id, size_t limit, size_t *ret_moved,
                           struct error *e)
{
    size_t left = limit;
    int rc = turn_on(c, account_id, c->today, &left, e);

    if (rc == 0)
        *ret_moved = limit - left;
    return rc;
}

int duty_settle(struct care *c, int64_t account_id, struct error *e)
{
    size_t all = SIZE_MAX;

    return move_owned(c, account_id, c->today, &all, e);
}

int duty_roll_some(struct care *c, day from, day until, size_t limit, size_t *ret_moved,
                   struct error *e)
{
    ARENA_AUTO(scratch);
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_duty_turns row;
    size_t left = limit;
    struct move adrift = begin(c, &scratch, until, false, &left);
    struct move strange = begin(c, &scratch, until, true, &left);
    int rc = sql_duty_turns(c->d->store, from, until, &rows, e);

    while (rc >= 0 && left > 0 && (rc = sql_duty_turns_next(&rows, &row, e)) > 0)
        if ((rc = turn_on(c, row.account_id, until, &left, e)) < 0)
            return rc;
    if (rc >= 0 && left > 0)
        rc = read_adrift(&adrift, e);
    if (rc >= 0)
        rc = move_all(&adrift, e);
    if (rc == 0 && left > 0)
        rc = read_strange(&strange, e);
    if (rc == 0)
        rc = move_all(&strange, e);
    if (rc == 0)
        *ret_moved = limit - left;
    return rc;
}

int duty_roll(struct care *c, day from, day until, struct error *e)
{
    size_t moved;

    return duty_roll_some(c, from, until, SIZE_MAX, &moved, e);
}
