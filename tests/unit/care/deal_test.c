/* Routine visits: enough of them beside the alerts' to tell nobody anything, fairly dealt, none too often. */
#include "visit_cast.h"

#include "care/care_inside.h"
#include "store/sql_person.h"

#include <string.h>

#define NOW CAST_NOW
#define CHILDREN 12 /* so few that each has its turn again, and that sometimes nobody is left */
#define DAYS 200

static size_t deal(struct visit_cast *t, int64_t now, size_t limit)
{
    size_t villages, all = 0;

    do {
        OK(t->s, CARE(t, now, visit_deal(&t->c, day_of_instant(now), limit, &villages, &t->s->e)));
        all += villages;
    } while (villages > 0);
    return all;
}

static int64_t routine(struct visit_cast *t, const char *where)
{
    return scene_count(t->s, arena_printf(&t->s->arena,
                                          "SELECT count(*) FROM visit WHERE alert_id IS NULL AND "
                                          "%s",
                                          where));
}

static void children(struct visit_cast *t, int64_t ids[], int count, int64_t village)
{
    for (int i = 0; i < count; i++) {
        char ref[32];
        snprintf(ref, sizeof(ref), "c%lld-%d", (long long)village, i);
        ids[i] = cast_child(t->s, ref, "2015-05-10", village);
    }
}

/* A director without alerts has a round as well, and days that were missed are caught up once. */
static void a_steady_round(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t ids[20];

    children(t, ids, 10, VILLAGE);
    children(t, ids, 10, NEIGHBOUR);
    cast_child(t->s, "grown", "2001-05-10", VILLAGE);
    assert_int_equal(deal(t, NOW, 1), 7 * 2);
    assert_int_equal(routine(t, "division = 999901001001"), VISIT_ROUND);
    assert_int_equal(routine(t, "division = 999901001002"), VISIT_ROUND);
    assert_int_equal(deal(t, NOW, 64), 0);
    assert_int_equal(deal(t, NOW + CAST_DAY, 64), 2);
    assert_int_equal(deal(t, NOW, 64), 0); /* a day that was dealt */
    /* Away for half a year: a week's turns, and no more. */
    assert_int_equal(deal(t, NOW + 180 * CAST_DAY, 64), 7 * 2);
    assert_true(routine(t, "division = 999901001001") <= 3 * VISIT_ROUND);
    assert_int_equal(routine(t, "child_id IN (SELECT id FROM person WHERE birth_day < 12000)"), 0);
}

/* Whoever stands in for a vacant post is not drowned. */
static void a_vacant_post(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t ids[10];

    children(t, ids, 10, INT64_C(999901001009));
    deal(t, NOW, 64);
    assert_int_equal(routine(t, "1 = 1"), 0);
    children(t, ids, 10, INT64_C(999905001009)); /* nobody at all up to the county */
    deal(t, NOW + 7 * CAST_DAY, 64);
    assert_int_equal(routine(t, "1 = 1"), 0);
}

static void beside_an_alert(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t ids[10];

    children(t, ids, 10, VILLAGE);
    struct alert a = visit_cast_alert(t, ids[3], "orphan", NOW);
    struct visit v = visit_cast_get(t, a.visit_id);
    const char *same = arena_printf(&t->s->arena,
                                    "planned_day = %d AND owner_id = %lld AND child_id <> %lld",
                                    v.planned, (long long)t->director.id, (long long)ids[3]);
    assert_int_equal(routine(t, same), 2);
    /* Two who come to one door come to the others. */
    assert_int_equal(v.escort, ESCORT_PAIR);
    assert_int_equal(routine(t, "escort = 2"), 2);
    /* They do for the round of that week. */
    deal(t, NOW, 64);
    assert_true(routine(t, "1 = 1") <= 2 + VISIT_ROUND);
}

/* Whoever moves away is not looked for at the old door. */
static void a_child_that_moved(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    int64_t ids[2];
    day birth;

    assert_true(day_parse(SLICE_LITERAL("2015-05-10"), &birth));
    children(t, ids, 2, VILLAGE);
    deal(t, NOW, 64);
    assert_int_equal(routine(t, "state = 'planned'"), 2);
    OK(t->s, sql_person_update(t->s->d->store, ids[0], opt_int(birth), SLICE_NONE, OPT_INT_NONE,
                               opt_int(NEIGHBOUR), OPT_INT_NONE, 2, &t->s->e));
    deal(t, NOW + 7 * CAST_DAY, 64);
    assert_int_equal(routine(t, "state = 'planned' AND division = 999901001001"), 1);
    assert_int_equal(routine(t, "state = 'cancelled' AND division = 999901001001"), 1);
    /* And where nobody lives any more. */
    OK(t->s, sql_person_update(t->s->d->store, ids[1], opt_int(birth), SLICE_NONE, OPT_INT_NONE,
                               opt_int(NEIGHBOUR), OPT_INT_NONE, 2, &t->s->e));
    deal(t, NOW + 14 * CAST_DAY, 64);
    assert_int_equal(routine(t, "state = 'planned' AND division = 999901001001"), 0);
}

/* ---- a quarter of a year ---- */

struct seen {
    day planned[64];
    int count;
    bool alert;
    int64_t open_visit;
};
struct world {
    int64_t ids[CHILDREN];
    struct seen seen[CHILDREN];
    int64_t last_visit; /* id up to which visits are known */
};

static int index_of(const struct world *w, int64_t child)
{
    for (int i = 0; i < CHILDREN; i++)
        if (w->ids[i] == child)
            return i;
    fail();
    return -1;
}

static day last_seen(const struct seen *s)
{
    day last = DAY_BEGINNING;

    for (int i = 0; i < s->count; i++)
        last = s->planned[i] > last ? s->planned[i] : last;
    return last;
}

static bool may_be_seen(const struct seen *s, day from)
{
    return !s->alert && !s->open_visit && (s->count == 0 || last_seen(s) <= from - VISIT_APART);
}

/* Takes in the visits that were planned since; a routine one must be of whose turn it was. */
static void take_in(struct visit_cast *t, struct world *w, day from)
{
    struct scene *s = t->s;

    for (;;) {
        const char *sql = arena_printf(
            &s->arena, "SELECT coalesce(min(id), 0) FROM visit WHERE id > %lld AND division = %lld",
            (long long)w->last_visit, (long long)VILLAGE);
        int64_t id = scene_count(s, sql);
        if (id == 0)
            return;
        struct visit v = visit_cast_get(t, id);
        int who = index_of(w, v.child_id);
        if (v.alert_id == 0) {
            assert_true(may_be_seen(&w->seen[who], from));
            for (int i = 0; i < CHILDREN; i++)
                if (may_be_seen(&w->seen[i], from))
                    assert_true(last_seen(&w->seen[who]) <= last_seen(&w->seen[i]));
            assert_true(v.planned >= from && v.planned < from + 7);
            assert_int_equal(v.level, LEVEL_LOW);
        }
        w->seen[who].planned[w->seen[who].count++] = v.planned;
        w->seen[who].open_visit = id;
        w->last_visit = id;
    }
}

static void raise(struct visit_cast *t, struct world *w, uint64_t *seed, int64_t now)
{
    static const char *const categories[] = {"orphan", "destitute", "low_income"};
    int who = (int)visit_cast_random(seed, CHILDREN);

    if (w->seen[who].alert || w->seen[who].open_visit)
        return;
    w->seen[who].alert = true;
    struct alert a = visit_cast_alert(t, w->ids[who], categories[visit_cast_random(seed, 3)], now);
    struct visit v = visit_cast_get(t, a.visit_id);
    take_in(t, w, v.planned);
    bool left = false;
    for (int i = 0; i < CHILDREN; i++)
        left |= may_be_seen(&w->seen[i], v.planned);
    assert_true(!left ||
                routine(t, arena_printf(&t->s->arena, "planned_day = %d", v.planned)) >= 2);
}

/* The supervisor closes what is done with, so that the child may be seen again. */
static void close_one(struct visit_cast *t, struct world *w, uint64_t *seed, int64_t now)
{
    struct care_step assess = {.event = "assess", .actor = &t->supervisor};
    struct care_step close = {.event = "close", .actor = &t->supervisor};
    int who = (int)visit_cast_random(seed, CHILDREN);
    struct scene *s = t->s;

    if (!w->seen[who].alert || w->seen[who].open_visit)
        return;
    int64_t id = scene_count(
        s,
        arena_printf(&s->arena, "SELECT id FROM alert WHERE child_id = %lld AND closed_at IS NULL",
                     (long long)w->ids[who]));
    OK(s, CARE(t, now, alert_fire(&t->c, id, &assess, &s->e)));
    OK(s, CARE(t, now, alert_fire(&t->c, id, &close, &s->e)));
    w->seen[who].alert = false;
}

/* What is planned for today is done today. */
static void visit_today(struct visit_cast *t, struct world *w, int64_t now)
{
    struct visit_filter f = {.owner_id = t->director.id};
    struct visit *list;
    size_t count;

    OK(t->s, visit_list(t->s->d, &f, 0, 200, &t->s->arena, &list, &count, &t->s->e));
    for (size_t i = 0; i < count; i++) {
        if (list[i].planned > day_of_instant(now))
            continue;
        OK(t->s, visit_cast_fire(t, list[i].id, &t->director, "start", 0, now));
        OK(t->s, visit_cast_fire(t, list[i].id, &t->director, "check_in", 0, now));
        OK(t->s, visit_cast_fire(t, list[i].id, &t->director, "record", 0, now));
        w->seen[index_of(w, list[i].child_id)].open_visit = 0;
    }
}

static void a_quarter(void **state)
{
    struct visit_cast *t = visit_cast_of(state);
    struct world *w = calloc(1, sizeof(*w));
    uint64_t seed = visit_cast_seed();
    int days = t->s->database.engine == STORE_SQLITE ? DAYS : 30;

    assert_non_null(w);
    children(t, w->ids, CHILDREN, VILLAGE);
    for (int i = 0; i < days; i++) {
        int64_t now = NOW + i * CAST_DAY;
        if (visit_cast_random(&seed, 5) == 0) /* the machine stood still */
            continue;
        deal(t, now, 1 + visit_cast_random(&seed, 3));
        take_in(t, w, day_of_instant(now));
        if (visit_cast_random(&seed, 20) == 0)
            raise(t, w, &seed, now + HOURS);
        visit_today(t, w, now + 6 * HOURS);
        if (visit_cast_random(&seed, 6) == 0)
            close_one(t, w, &seed, now + 7 * HOURS);
    }
    assert_true(routine(t, "1 = 1") >= days / 7);
    assert_int_equal(routine(t, "closed_at IS NULL AND child_id IN (SELECT child_id FROM alert "
                                "WHERE closed_at IS NULL)"),
                     0);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_steady_round),     EACH(a_vacant_post), EACH(beside_an_alert),
        EACH(a_child_that_moved), EACH(a_quarter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
