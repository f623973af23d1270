#include "care/wave.h"

#include "care/alert.h"
#include "care/care_inside.h"
#include "care/duty.h"
#include "people/relation.h"
#include "store/sql_wave.h"

#define PER_WEEK_MAX 100
#define DAY_LENGTH INT64_C(86400000000) /* in microseconds */

/* ---- orders ------------------------------------------------------------------------------------------- */

static int next_id(struct care *c, int64_t *ret, struct error *e)
{
    struct sql_wave_last last;
    bool found;
    int rc = sql_wave_last(c->d->store, &found, &last, e);
    struct id_source ids = {rc == 0 && found ? last.id : 0};

    return rc < 0 ? rc : id_source_next(&ids, c->d->sealer, ret, e);
}

int wave_order(struct care *c, int64_t division, int per_week, day from, int64_t by,
               int64_t *ret_id, struct error *e)
{
    int64_t id;

    if (division <= 0 || per_week < 1 || per_week > PER_WEEK_MAX)
        return error_set(e, ERR_VALUE,
                         N_("an order names a division, and 1 to %d alerts a director a week"),
                         PER_WEEK_MAX);
    int rc = next_id(c, &id, e);
    if (rc == 0)
        rc = sql_wave_replace(c->d->store, division, c->now, e);
    if (rc == 0)
        rc = sql_wave_insert(c->d->store, id, division, by, per_week, from, c->now, e);
    if (rc == 0) {
        care_changed(c, division);
        *ret_id = id;
    }
    return rc;
}

int wave_get(struct deployment *d, int64_t wave_id, struct wave *ret, struct error *e)
{
    struct sql_wave_get row;
    bool found;
    int rc = sql_wave_get(d->store, wave_id, &found, &row, e);

    if (rc == 0 && !found)
        return error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = (struct wave){.id = wave_id,
                             .division = row.division,
                             .account_id = row.account_id,
                             .per_week = (int)row.per_week,
                             .from = (day)row.from_day,
                             .at = row.at,
                             .paused_at = care_instant(row.paused_at),
                             .ended_at = care_instant(row.ended_at)};
    return rc;
}

static int change(struct care *c, int64_t wave_id, bool paused, bool ended, struct error *e)
{
    struct wave wave;
    int rc = wave_get(c->d, wave_id, &wave, e);

    if (rc == 0 && wave.ended_at)
        return error_set(e, ERR_WRONG_STATE, N_("this order has ended"));
    if (rc < 0 || (!ended && paused == (wave.paused_at != 0)))
        return rc;
    if (!ended)
        wave.paused_at = paused ? c->now : 0;
    rc = sql_wave_set(c->d->store, wave_id, care_opt(wave.paused_at),
                      ended ? opt_int(c->now) : OPT_INT_NONE, e);
    if (rc == 0)
        care_changed(c, wave.division);
    return rc;
}

int wave_pause(struct care *c, int64_t wave_id, bool paused, struct error *e)
{
    return change(c, wave_id, paused, false, e);
}

int wave_end(struct care *c, int64_t wave_id, struct error *e)
{
    return change(c, wave_id, false, true, e);
}

int wave_list(struct deployment *d, int64_t division, struct arena *arena, struct wave **ret,
              size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_wave_all row;
    struct wave *list = NULL;
    size_t count = 0, capacity = 0;
    int64_t last = division ? division_last(division) : INT64_MAX;
    int rc = sql_wave_all(d->store, division, last, division / 1000 * 1000,
                          division / 1000000 * 1000000, division / 100000000 * 100000000,
                          division / 10000000000 * 10000000000, &rows, e);

    while (rc >= 0 && (rc = sql_wave_all_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct wave){.id = row.id,
                                      .division = row.division,
                                      .account_id = row.account_id,
                                      .per_week = (int)row.per_week,
                                      .from = (day)row.from_day,
                                      .at = row.at,
                                      .paused_at = care_instant(row.paused_at),
                                      .ended_at = care_instant(row.ended_at)};
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

int wave_held(struct deployment *d, int64_t division, int64_t ret[5], struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_wave_held_levels row;
    int rc = sql_wave_held_levels(d->store, division,
                                  division ? division_last(division) : INT64_MAX, &rows, e);

    memset(ret, 0, 5 * sizeof(*ret));
    while (rc >= 0 && (rc = sql_wave_held_levels_next(&rows, &row, e)) > 0)
        if (row.level >= 1 && row.level <= 4)
            ret[row.level] = row.held;
    return rc < 0 ? rc : 0;
}

/* ---- releasing ---------------------------------------------------------------------------------------- */

struct order {
    int64_t division;
    int per_week;
    bool paused;
};

/* A village where alerts are held and an order runs, and who acts for it. */
struct village {
    int64_t division, director;
    int per_week;
};

struct held {
    int64_t id;
    int level;
};

struct release {
    struct care *c;
    struct arena *arena;
    struct order *orders;
    size_t order_count;
    struct village *villages;
    size_t village_count, village_capacity;
    size_t left; /* of this call's limit */
    size_t released;
};

static int read_orders(struct release *r, day on, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_wave_standing row;
    size_t capacity = 0;
    int rc = sql_wave_standing(r->c->d->store, on, &rows, e);

    while (rc >= 0 && (rc = sql_wave_standing_next(&rows, &row, e)) > 0) {
        r->orders = arena_grow(r->arena, r->orders, &capacity, r->order_count + 1,
                               sizeof(*r->orders));
        r->orders[r->order_count++] = (struct order){row.division, (int)row.per_week,
                                                     row.paused_at.set};
    }
    return rc < 0 ? rc : 0;
}

/* The order of the narrowest division that covers the village; of the same, the newest. */
static const struct order *order_for(const struct release *r, int64_t division)
{
    const struct order *best = NULL;

    for (size_t i = 0; i < r->order_count; i++) {
        const struct order *o = &r->orders[i];
        if (division_covers(o->division, division) &&
            (!best || division_covers(best->division, o->division)))
            best = o;
    }
    return best;
}

/* Held alerts of a village for which nobody acts stay: they would fall to an empty post. */
static int add_village(struct release *r, int64_t division, day on, struct error *e)
{
    struct error nobody = {.language = e ? e->language : LANGUAGE_ZH};
    const struct order *order = order_for(r, division);
    int64_t director;
    int step, rc;

    if (!order || order->paused)
        return 0;
    rc = duty_owner(r->c->d, division, 0, on, &director, &step, &nobody);
    if (rc == -ERR_REFERENCE)
        return 0;
    if (rc < 0) {
        if (e)
            *e = nobody;
        return rc;
    }
    r->villages = arena_grow(r->arena, r->villages, &r->village_capacity, r->village_count + 1,
                             sizeof(*r->villages));
    r->villages[r->village_count++] = (struct village){division, director, order->per_week};
    return 0;
}

static int read_villages(struct release *r, day on, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_wave_held_divisions row;
    int rc = sql_wave_held_divisions(r->c->d->store, 0, INT64_MAX, &rows, e);

    while (rc >= 0 && (rc = sql_wave_held_divisions_next(&rows, &row, e)) > 0)
        if ((rc = add_village(r, row.division, on, e)) < 0)
            return rc;
    return rc < 0 ? rc : 0;
}

static int by_director(const void *a, const void *b)
{
    const struct village *x = a, *y = b;

    if (x->director != y->director)
        return x->director < y->director ? -1 : 1;
    return x->division < y->division ? -1 : x->division > y->division;
}

static int by_urgency(const void *a, const void *b)
{
    const struct held *x = a, *y = b;

    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* How many more the director may get: days in Shanghai count, this one and the six before. */
static int room_of(struct release *r, const struct village *of, size_t count, size_t *ret,
                   struct error *e)
{
    struct sql_wave_released_to row;
    int64_t first_day = day_of_instant(r->c->now) - INT64_C(6);
    int64_t since = first_day * DAY_LENGTH - INT64_C(8) * 3600 * 1000000;
    int64_t least = of[0].per_week; /* under several orders, the fewest */
    bool found;

    for (size_t i = 1; i < count; i++)
        if (of[i].per_week < least)
            least = of[i].per_week;
    int rc = sql_wave_released_to(r->c->d->store, of[0].director, since, &found, &row, e);
    if (rc == 0)
        *ret = found && row.released < least ? (size_t)(least - row.released) : 0;
    return rc;
}

/* The most urgent of all of the director's villages, at most `room`. */
static int most_urgent(struct release *r, const struct village *of, size_t count, size_t room,
                       struct held **ret, size_t *ret_count, struct error *e)
{
    struct held *list = NULL;
    size_t n = 0, capacity = 0;
    int rc = 0;

    for (size_t i = 0; i < count && rc >= 0; i++) {
        STORE_ROWS_AUTO struct store_rows rows = {0};
        struct sql_wave_held_in row;
        rc = sql_wave_held_in(r->c->d->store, of[i].division, (int64_t)room, &rows, e);
        while (rc >= 0 && (rc = sql_wave_held_in_next(&rows, &row, e)) > 0) {
            list = arena_grow(r->arena, list, &capacity, n + 1, sizeof(*list));
            list[n++] = (struct held){row.id, (int)row.level};
        }
    }
    if (n > 0)
        qsort(list, n, sizeof(*list), by_urgency);
    *ret = list;
    *ret_count = n < room ? n : room;
    return rc < 0 ? rc : 0;
}

static int release_for(struct release *r, const struct village *of, size_t count, struct error *e)
{
    const struct care_step step = {.event = "release"};
    struct held *held;
    size_t room = 0, n = 0;
    int rc = room_of(r, of, count, &room, e);

    if (room > r->left)
        room = r->left;
    if (rc < 0 || room == 0)
        return rc;
    rc = most_urgent(r, of, count, room, &held, &n, e);
    for (size_t i = 0; i < n && rc == 0; i++) {
        rc = alert_fire(r->c, held[i].id, &step, e);
        if (rc == 0)
            rc = sql_wave_mark(r->c->d->store, held[i].id, r->c->now, of[0].director, e);
        r->left -= rc == 0;
        r->released += rc == 0;
    }
    return rc;
}

int wave_release(struct care *c, day on, size_t limit, size_t *ret_released, struct error *e)
{
    ARENA_AUTO(scratch);
    struct release r = {.c = c, .arena = &scratch, .left = limit};
    int rc = read_orders(&r, on, e);

    if (rc == 0 && r.order_count > 0)
        rc = read_villages(&r, on, e);
    if (r.village_count > 0)
        qsort(r.villages, r.village_count, sizeof(*r.villages), by_director);
    for (size_t i = 0, n; i < r.village_count && rc == 0 && r.left > 0; i += n) {
        for (n = 1;
             i + n < r.village_count && r.villages[i + n].director == r.villages[i].director;)
            n++;
        rc = release_for(&r, &r.villages[i], n, e);
    }
    if (rc == 0)
        *ret_released = r.released;
    return rc;
}
