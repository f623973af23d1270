/* Baseline waves: what the orders allow, and never more. */
#include "duty_stage.h"

#include "../base/random.h"
#include "care/wave.h"

#define VILLAGES 5
#define ALERTS 40
#define DAYS 24
#define ORDERS 12

static int64_t village_at(int i) { return TOWN + (i % 2) * 1000 + 201 + i / 2; }

static int64_t order(struct stage *t, int64_t division, int per_week, day from)
{
    struct care *c = stage_begin(t, day_of_instant(t->now));
    int64_t id;

    OK(t->s, wave_order(c, division, per_week, from, 1, &id, &t->s->e));
    stage_end(t);
    return id;
}

static size_t release(struct stage *t, day on, size_t limit)
{
    struct care *c = stage_begin(t, on);
    size_t n;

    OK(t->s, wave_release(c, on, limit, &n, &t->s->e));
    stage_end(t);
    return n;
}

static size_t release_all(struct stage *t, day on)
{
    size_t n, all = 0;

    while ((n = release(t, on, 3)) > 0)
        all += n;
    return all;
}

static bool is_held(struct stage *t, int64_t alert)
{
    return slice_is(stage_alert_get(t, alert).state, "held");
}

/* ---- one by one ------------------------------------------------------------------------------------- */

static void the_most_urgent_come_first_and_so_many_a_week(void **state)
{
    struct stage t = stage_of(state);
    int64_t director = stage_account(&t, "director", ROLE_CHILD_DIRECTOR, VILLAGE), held[5];
    int64_t alert[4];

    alert[0] = stage_alert(&t, VILLAGE, 4, true);
    alert[1] = stage_alert(&t, VILLAGE, 2, true);
    alert[2] = stage_alert(&t, VILLAGE, 3, true);
    alert[3] = stage_alert(&t, VILLAGE, 2, true);
    assert_int_equal(release_all(&t, TODAY), 0); /* nobody has ordered it */
    order(&t, COUNTY, 2, TODAY);
    OK(t.s, wave_held(t.s->d, COUNTY, held, &t.s->e));
    assert_true(held[1] == 0 && held[2] == 2 && held[3] == 1 && held[4] == 1);
    assert_int_equal(release_all(&t, TODAY), 2);
    assert_false(is_held(&t, alert[1]) || is_held(&t, alert[3]));
    assert_true(is_held(&t, alert[0]) && is_held(&t, alert[2]));
    struct alert a = stage_alert_get(&t, alert[1]);
    assert_int_equal(a.owner_id, director);
    assert_true(slice_is(a.state, "pushed") && a.released_at != 0 && a.due_at > a.released_at);
    assert_int_equal(release_all(&t, TODAY + 6), 0);
    assert_int_equal(release_all(&t, TODAY + 7), 2);
    assert_false(is_held(&t, alert[0]));
}

static void a_paused_an_ended_and_a_later_order_release_nothing(void **state)
{
    struct stage t = stage_of(state);
    struct wave wave, *list;
    size_t count;

    stage_account(&t, "director", ROLE_CHILD_DIRECTOR, VILLAGE);
    stage_alert(&t, VILLAGE, 3, true);
    int64_t id = order(&t, TOWN, 5, TODAY + 1);
    assert_int_equal(release_all(&t, TODAY), 0);
    struct care *c = stage_begin(&t, TODAY + 1);
    OK(t.s, wave_pause(c, id, true, &t.s->e));
    stage_end(&t);
    assert_int_equal(release_all(&t, TODAY + 1), 0);
    OK(t.s, wave_get(t.s->d, id, &wave, &t.s->e));
    assert_true(wave.paused_at != 0 && wave.per_week == 5 && wave.from == TODAY + 1);
    c = stage_begin(&t, TODAY + 1);
    OK(t.s, wave_end(c, id, &t.s->e));
    assert_int_equal(wave_pause(c, id, false, &t.s->e), -ERR_WRONG_STATE);
    stage_end(&t);
    assert_int_equal(release_all(&t, TODAY + 1), 0);
    order(&t, COUNTY, 5, TODAY);
    OK(t.s, wave_list(t.s->d, TOWN, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 2); /* its own, and the county's */
    OK(t.s, wave_list(t.s->d, COUNTY, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 2);
    assert_int_equal(release_all(&t, TODAY + 1), 1);
}

static void the_narrowest_order_counts(void **state)
{
    struct stage t = stage_of(state);

    stage_account(&t, "one", ROLE_CHILD_DIRECTOR, VILLAGE);
    stage_account(&t, "two", ROLE_CHILD_DIRECTOR, OTHER_VILLAGE);
    for (int i = 0; i < 4; i++) {
        stage_alert(&t, VILLAGE, 3, true);
        stage_alert(&t, OTHER_VILLAGE, 3, true);
    }
    order(&t, COUNTY, 3, TODAY);
    int64_t narrow = order(&t, VILLAGE, 1, TODAY);
    assert_int_equal(release_all(&t, TODAY), 4);
    struct care *c = stage_begin(&t, TODAY);
    OK(t.s, wave_pause(c, narrow, true, &t.s->e));
    stage_end(&t);
    assert_int_equal(release_all(&t, TODAY + 7), 1); /* the last of the other village */
}

static void what_nobody_would_get_stays_held(void **state)
{
    struct stage t = stage_of(state);
    int64_t alert = stage_alert(&t, VILLAGE, 2, true);

    order(&t, COUNTY, 3, TODAY);
    assert_int_equal(release_all(&t, TODAY), 0);
    assert_true(is_held(&t, alert));
    stage_account(&t, "centre", ROLE_CENTRE_WORKER, COUNTY);
    assert_int_equal(release_all(&t, TODAY), 1);
}

static void an_order_is_of_a_number_that_can_be(void **state)
{
    struct stage t = stage_of(state);
    struct care *c = stage_begin(&t, TODAY);
    int64_t id;

    assert_int_equal(wave_order(c, COUNTY, 0, TODAY, 1, &id, &t.s->e), -ERR_VALUE);
    assert_int_equal(wave_order(c, COUNTY, 101, TODAY, 1, &id, &t.s->e), -ERR_VALUE);
    assert_int_equal(wave_order(c, 0, 1, TODAY, 1, &id, &t.s->e), -ERR_VALUE);
    assert_int_equal(wave_end(c, 77, &t.s->e), -ERR_NOT_FOUND);
    stage_end(&t);
}

/* ---- by an oracle -------------------------------------------------------------------------------------- */

struct sample {
    int64_t id, village, released_to;
    int level;
    day released_on;
};
struct standing {
    int64_t id, division;
    int per_week;
    day from;
    bool paused, ended;
};
struct world {
    struct stage *t;
    uint64_t *random;
    struct sample alerts[ALERTS];
    struct standing orders[ORDERS];
    size_t order_count;
    int most; /* of all orders */
};

static unsigned below(struct world *w, unsigned limit) { return random_below(w->random, limit); }

static void make(struct world *w)
{
    int64_t people[VILLAGES];

    stage_account(w->t, "centre", ROLE_CENTRE_WORKER, COUNTY);
    stage_account(w->t, "supervisor", ROLE_SUPERVISOR, TOWN);
    for (int i = 0; i < VILLAGES; i++)
        people[i] = stage_account(w->t, arena_printf(&w->t->s->arena, "d%d", i),
                                  ROLE_CHILD_DIRECTOR, below(w, 4) ? village_at(i) : 0);
    for (int i = 0; i < 4; i++) /* one acts for several, and some stand in */
        stage_give(w->t, village_at((int)below(w, VILLAGES)), ROLE_CHILD_DIRECTOR,
                   people[below(w, VILLAGES)], 1 + (int)below(w, 2), TODAY);
    for (int i = 0; i < 3; i++) {
        day from = TODAY + 1 + (day)below(w, DAYS);
        stage_leave(w->t, people[below(w, VILLAGES)], from, from + 1 + (day)below(w, 6), TODAY);
    }
    for (int i = 0; i < ALERTS; i++) {
        struct sample *a = &w->alerts[i];
        a->village = village_at((int)below(w, VILLAGES));
        a->level = 2 + (int)below(w, 3);
        a->id = stage_alert(w->t, a->village, a->level, true);
    }
}

/* An order comes, is paused or goes on, or ends. */
static void change_orders(struct world *w, day on)
{
    static const int64_t wide[] = {COUNTY, TOWN, TOWN + 1000};
    unsigned pick = below(w, 5);

    if (pick > 1 || (w->order_count > 0 && w->orders[w->order_count - 1].from > on)) {
        return;
    } else if (w->order_count < ORDERS && (w->order_count == 0 || pick == 0)) {
        struct standing *o = &w->orders[w->order_count];
        *o = (struct standing){.division = below(w, 3) ? wide[below(w, 3)]
                                                       : village_at((int)below(w, VILLAGES)),
                               .per_week = 1 + (int)below(w, 3),
                               .from = on + (day)below(w, 2)};
        o->id = order(w->t, o->division, o->per_week, o->from);
        for (size_t i = 0; i < w->order_count; i++)
            w->orders[i].ended |= w->orders[i].division == o->division;
        if (o->per_week > w->most)
            w->most = o->per_week;
        w->order_count++;
    } else if (w->order_count > 0) {
        struct standing *o = &w->orders[below(w, (unsigned)w->order_count)];
        if (o->ended)
            return;
        struct care *c = stage_begin(w->t, on);
        if (below(w, 3) == 0) {
            OK(w->t->s, wave_end(c, o->id, &w->t->s->e));
            o->ended = true;
        } else {
            OK(w->t->s, wave_pause(c, o->id, !o->paused, &w->t->s->e));
            o->paused = !o->paused;
        }
        stage_end(w->t);
    }
}

static int64_t width(int64_t division)
{
    return division % 1000000 == 0 ? 3 : division % 1000 == 0 ? 2 : 1;
}

static bool within(int64_t division, int64_t village)
{
    int64_t open = width(division) == 3 ? 1000000 : width(division) == 2 ? 1000 : 1;

    return village / open == division / open;
}

/* How many a week for this village on the day; 0: none. */
static int allowed(const struct world *w, int64_t village, day on)
{
    const struct standing *best = NULL;

    for (size_t i = 0; i < w->order_count; i++) {
        const struct standing *o = &w->orders[i];
        if (!o->ended && o->from <= on && within(o->division, village) &&
            (!best || width(o->division) <= width(best->division)))
            best = o;
    }
    return best && !best->paused ? best->per_week : 0;
}

/* Which of the held ones should go to this director: marks them in `ret`. */
static void expect_for(const struct world *w, int64_t director, day on, bool ret[ALERTS])
{
    int least = 1000, given = 0;
    bool may[ALERTS] = {false};

    for (int i = 0; i < ALERTS; i++) {
        const struct sample *a = &w->alerts[i];
        int n = allowed(w, a->village, on);
        if (a->released_to == director && a->released_on > on - 7)
            given++;
        if (a->released_to || n == 0 || stage_owner(w->t, a->village, 0, on) != director)
            continue;
        may[i] = true;
        if (n < least)
            least = n;
    }
    for (; given < least; given++) {
        int best = -1;
        for (int i = 0; i < ALERTS; i++)
            if (may[i] && !ret[i] &&
                (best < 0 || w->alerts[i].level < w->alerts[best].level ||
                 (w->alerts[i].level == w->alerts[best].level &&
                  w->alerts[i].id < w->alerts[best].id)))
                best = i;
        if (best < 0)
            return;
        ret[best] = true;
    }
}

static int64_t released_to(struct world *w, const struct sample *a)
{
    char sql[100];

    snprintf(sql, sizeof sql, "SELECT coalesce(max(released_to), 0) FROM alert WHERE id = %lld",
             (long long)a->id);
    return scene_count(w->t->s, sql);
}

static void check_windows(const struct world *w)
{
    for (int i = 0; i < ALERTS; i++) {
        int n = 0;
        for (int k = 0; k < ALERTS; k++)
            n += w->alerts[i].released_to && w->alerts[k].released_to == w->alerts[i].released_to &&
                 w->alerts[k].released_on <= w->alerts[i].released_on &&
                 w->alerts[k].released_on > w->alerts[i].released_on - 7;
        assert_true(n <= w->most);
    }
}

static void check_day(struct world *w, day on)
{
    bool expected[ALERTS] = {false};

    for (int i = 0; i < ALERTS; i++) {
        bool seen = false;
        int64_t director = stage_owner(w->t, w->alerts[i].village, 0, on);
        for (int k = 0; k < i; k++)
            seen |= stage_owner(w->t, w->alerts[k].village, 0, on) == director;
        if (director && !seen)
            expect_for(w, director, on, expected);
    }
    release_all(w->t, on);
    for (int i = 0; i < ALERTS; i++) {
        struct sample *a = &w->alerts[i];
        if (a->released_to)
            continue;
        a->released_to = released_to(w, a);
        a->released_on = on;
        if ((a->released_to != 0) != expected[i] || is_held(w->t, a->id) == expected[i])
            fail_msg("day %d: alert %d of level %d: released to %lld, expected %d", on - TODAY, i,
                     a->level, (long long)a->released_to, expected[i]);
    }
}

static void a_wave_releases_what_the_oracle_says(void **state)
{
    struct stage t = stage_of(state);
    uint64_t random = random_seed();
    struct world w = {.t = &t, .random = &random};

    make(&w);
    for (day on = TODAY; on < TODAY + DAYS; on++) {
        struct care *c = stage_begin(&t, on);
        OK(t.s, duty_roll(c, on, on, &t.s->e));
        stage_end(&t);
        change_orders(&w, on);
        check_day(&w, on);
    }
    check_windows(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(the_most_urgent_come_first_and_so_many_a_week),
        EACH(a_paused_an_ended_and_a_later_order_release_nothing),
        EACH(the_narrowest_order_counts),
        EACH(what_nobody_would_get_stays_held),
        EACH(an_order_is_of_a_number_that_can_be),
        EACH(a_wave_releases_what_the_oracle_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
