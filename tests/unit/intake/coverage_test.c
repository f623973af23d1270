/* Whom a feed speaks of, when it falls silent, and what came of what it told. */
#include "../people/cast.h"
#include "screening/crowd.h"

#include "care/alert.h"
#include "care/visit.h"
#include "intake/coverage.h"
#include "intake/delivery.h"
#include "intake/push.h"
#include "store/sql_visit.h"

#include <string.h>

#define COUNTY INT64_C(999901000000)
#define VILLAGE INT64_C(999901001001)
#define ELSEWHERE INT64_C(999801001001)

struct covering {
    struct scene *s;
    struct feed_library feeds;
    struct division_tree tree; /* none loaded: every code exists */
    const struct feed *admissions, *releases;
};

static struct covering begin(void **state)
{
    struct covering t = {.s = cast_of(state)};

    OK(t.s, feed_library_read(t.s->d, &t.s->arena, &t.feeds, &t.s->e));
    t.admissions = feed_library_find(&t.feeds, SLICE_LITERAL("prison-admissions"));
    t.releases = feed_library_find(&t.feeds, SLICE_LITERAL("prison-releases"));
    assert_non_null(t.admissions);
    assert_non_null(t.releases);
    return t;
}

static day day_of(const char *text)
{
    day d;

    assert_true(day_parse(slice_from(text), &d));
    return d;
}

static int put(struct covering *t, const struct feed *f, int64_t division, const char *from,
               const char *to, int64_t *ret_id)
{
    int rc;

    error_clear(&t->s->e);
    CAST_WRITE(t->s, rc,
               coverage_put(t->s->d, f, &t->tree, division, day_of(from),
                            to ? day_of(to) : DAY_FOREVER, 0, CAST_NOW, ret_id, &t->s->e));
    return rc;
}

static struct reach_of reach(struct covering *t, enum record_kind kind, int64_t division,
                             const char *on)
{
    struct coverage_map *m;

    OK(t->s, coverage_map_read(t->s->d, &t->feeds, &t->tree, &t->s->arena, &m, &t->s->e));
    return coverage_reach(m, kind, division, day_of(on));
}

static void said(void **state)
{
    struct covering t = begin(state);
    struct coverage *list;
    size_t count;
    int64_t id, again;
    int rc;

    assert_int_equal(put(&t, NULL, COUNTY, "2024-01-01", NULL, &id), -ERR_NOT_FOUND);
    assert_int_equal(put(&t, t.admissions, 0, "2024-01-01", NULL, &id), -ERR_DIVISION);
    assert_int_equal(put(&t, t.admissions, COUNTY, "2024-01-01", "2024-01-01", &id), -ERR_INTERVAL);
    OK(t.s, put(&t, t.admissions, COUNTY, "2024-01-01", "2025-01-01", &id));
    OK(t.s, put(&t, t.admissions, COUNTY, "2024-01-01", "2025-01-01", &again));
    assert_int_equal(id, again);
    OK(t.s, coverage_list(t.s->d, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].division, COUNTY);
    assert_int_equal(list[0].to, day_of("2025-01-01"));
    CAST_WRITE(t.s, rc, coverage_end(t.s->d, id, 0, CAST_NOW, &t.s->e));
    OK(t.s, rc);
    CAST_WRITE(t.s, rc, coverage_end(t.s->d, id, 0, CAST_NOW, &t.s->e));
    OK(t.s, rc);
    OK(t.s, coverage_list(t.s->d, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 0);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM audit WHERE event = 112"), 2);
    CAST_WRITE(t.s, rc, coverage_end(t.s->d, 4711, 0, CAST_NOW, &t.s->e));
    assert_int_equal(rc, -ERR_NOT_FOUND);
}

static void reached(void **state)
{
    struct covering t = begin(state);
    int64_t id;
    int rc;

    struct reach_of r = reach(&t, KIND_IMPRISONED, VILLAGE, "2024-06-01");
    assert_int_equal(r.reach, REACH_NOT_SAID);
    assert_true(slice_is(r.department, "justice"));
    OK(t.s, put(&t, t.admissions, COUNTY, "2024-01-01", "2025-01-01", &id));
    r = reach(&t, KIND_IMPRISONED, VILLAGE, "2024-06-01");
    assert_int_equal(r.reach, REACH_COVERED);
    assert_true(slice_is(r.feed, "prison-admissions"));
    assert_int_equal(r.heard_at, 0);
    assert_int_equal(reach(&t, KIND_IMPRISONED, VILLAGE, "2025-01-01").reach, REACH_NOT_COVERED);
    assert_int_equal(reach(&t, KIND_IMPRISONED, VILLAGE, "2023-12-31").reach, REACH_NOT_COVERED);
    assert_int_equal(reach(&t, KIND_IMPRISONED, ELSEWHERE, "2024-06-01").reach, REACH_NOT_COVERED);
    assert_int_equal(reach(&t, KIND_IMPRISONED, 0, "2024-06-01").reach, REACH_NOT_COVERED);
    assert_int_equal(reach(&t, KIND_DEAD, VILLAGE, "2024-06-01").reach, REACH_NOT_SAID);
    assert_false(reach(&t, KIND_BULLYING, VILLAGE, "2024-06-01").feed.n >
                 0); /* no feed tells that */
    /* Of two that cover it, the one that was heard. */
    OK(t.s, put(&t, t.releases, COUNTY, "2024-01-01", NULL, &id));
    CAST_WRITE(t.s, rc, feed_heard(t.s->d, "prison-releases", CAST_NOW, &t.s->e));
    OK(t.s, rc);
    r = reach(&t, KIND_IMPRISONED, VILLAGE, "2024-06-01");
    assert_int_equal(r.reach, REACH_COVERED);
    assert_true(slice_is(r.feed, "prison-releases"));
    assert_int_equal(r.heard_at, CAST_NOW);
}

/* ---- silence -------------------------------------------------------------------------------- */

static size_t alarmed(struct covering *t, int64_t now)
{
    size_t n = 99;
    int rc;

    CAST_WRITE(t->s, rc, feed_silence(t->s->d, &t->feeds, now, &n, &t->s->e));
    OK(t->s, rc);
    return n;
}

static void heard(struct covering *t, int64_t now)
{
    int rc;

    CAST_WRITE(t->s, rc, feed_heard(t->s->d, "prison-admissions", now, &t->s->e));
    OK(t->s, rc);
}

static int64_t notices(struct covering *t)
{
    return scene_count(t->s, "SELECT count(*) FROM outbox WHERE kind = 13 AND recalled_at IS NULL");
}

/* Monthly, five days of grace: heard on 23 November, alarmed on 28 December, not before. */
static void silent(void **state)
{
    struct covering t = begin(state);
    struct source_glance *list;
    size_t count, i = 0;
    int64_t late = CAST_NOW + (30 + 5) * CAST_DAY;

    cast_account(t.s, "data", ROLE_DATA_OFFICER, COUNTY, NULL, NULL, 0);
    cast_account(t.s, "other", ROLE_CHILD_DIRECTOR, VILLAGE, NULL, NULL, 0);
    assert_int_equal(alarmed(&t, CAST_NOW), 0); /* nothing was ever said of any feed */
    heard(&t, CAST_NOW);
    assert_int_equal(alarmed(&t, late), 0);
    assert_int_equal(alarmed(&t, late + 1), 1);
    assert_int_equal(alarmed(&t, late + 2), 0); /* once */
    assert_int_equal(notices(&t), 1);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM audit WHERE event = 113"), 1);
    OK(t.s, source_glances(t.s->d, &t.feeds, NULL, late + 2, &t.s->arena, &list, &count, &t.s->e));
    while (strcmp(list[i].feed->name, "prison-admissions") != 0)
        i++;
    assert_int_equal(list[i].silent_at, late + 1);
    assert_int_equal(list[i].heard_at, CAST_NOW);
    assert_int_equal(list[i].due_at, CAST_NOW + 30 * CAST_DAY);
    assert_true(reach(&t, KIND_IMPRISONED, VILLAGE, "2024-06-01").silent);
    heard(&t, late + 3);
    assert_int_equal(notices(&t), 0); /* over */
    assert_int_equal(alarmed(&t, late + 4), 0);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM feed_heard WHERE silent_at IS NULL"),
                     1);
    /* An older word of it does not turn the clock back. */
    heard(&t, late - 1);
    assert_int_equal(
        scene_count(t.s, "SELECT count(*) FROM feed_heard WHERE at > 1798423200000002"), 1);
}

/* Never heard: from its first coverage; and one whose coverage is over is expected no more. */
static void never_heard(void **state)
{
    struct covering t = begin(state);
    int64_t id, late = CAST_NOW + (30 + 5) * CAST_DAY;

    OK(t.s, put(&t, t.admissions, COUNTY, "2024-01-01", NULL, &id));
    OK(t.s, put(&t, t.releases, COUNTY, "2024-01-01", "2026-12-01", &id));
    assert_int_equal(alarmed(&t, late), 0);
    assert_int_equal(alarmed(&t, late + 1), 1);
    assert_int_equal(
        scene_count(t.s,
                    "SELECT count(*) FROM feed_heard WHERE feed = 'prison-admissions' AND at = 0"),
        1);
    heard(&t, late + 2);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM feed_heard WHERE silent_at IS NULL"),
                     1);
}

/* ---- what came of it ------------------------------------------------------------------------ */

struct told {
    struct covering t;
    struct edition edition;
    const struct care_tables *tables;
    struct scene_id_number father, mother;
};

static struct told begin_told(void **state)
{
    struct told w = {.t = begin(state)};
    struct scene *s = w.t.s;
    struct tick_totals totals;

    OK(s, edition_read(NULL, &s->arena, &w.edition, &s->e));
    OK(s, care_tables_load(NULL, &s->arena, &w.tables, &s->e));
    w.father = scene_id_number("1985-02-28", 1);
    w.mother = scene_id_number("1986-02-28", 2);
    scene_load(s, load_people, false,
               arena_printf(&s->arena,
                            PEOPLE_HEADER "c1,,child,,2018-05-01,,999901001001,,,,\n"
                                          "f1,%s,father,,1985-02-28,,999901001001,,,,\n"
                                          "m1,%s,mother,,1986-02-28,,999901001001,,,,\n",
                            w.father.text, w.mother.text));
    scene_load(s, load_relations, false, RELATIONS_HEADER "c1,f1,father,,\nc1,m1,mother,,\n");
    cast_account(s, "d1", ROLE_CHILD_DIRECTOR, VILLAGE, NULL, NULL, 0);
    OK(s, tick_run(s->d, &(struct tick_order){.edition = &w.edition, .date = crowd_day()}, &totals,
                   &s->e));
    return w;
}

static void push_row(struct told *w, const char *key, const char *id, const char *admitted)
{
    struct scene *s = w->t.s;
    const struct slice names[] = {SLICE_LITERAL("入监编号"), SLICE_LITERAL("身份证号"),
                                  SLICE_LITERAL("入监日期"), SLICE_LITERAL("刑期")};
    const struct slice values[] = {slice_from(key), slice_from(id), slice_from(admitted),
                                   SLICE_LITERAL("3年6个月")};
    struct delivery_row row = {.names = names, .values = values, .count = 4};
    struct push p = {.d = s->d,
                     .edition = &w->edition,
                     .tables = w->tables,
                     .now = CAST_NOW,
                     .arena = &s->arena};
    int rc;

    CAST_WRITE(s, rc, delivery_push(&p, w->t.admissions, &row, 1, &s->e));
    OK(s, rc);
}

/* The alert was visited, and that came of it. */
static void visited(struct scene *s, enum visit_outcome outcome)
{
    static const uint8_t edition[16];
    struct alert_filter f = {.view = ALERTS_OPEN};
    struct alert *a;
    size_t count;

    OK(s, alert_list(s->d, &f, (struct alert_place){0}, 9, &s->arena, &a, &count, &s->e));
    assert_int_equal(count, 1);
    OK(s, store_begin(s->d->store, &s->e));
    OK(s, sql_visit_insert(s->d->store, 1, a->child_id, opt_int(a->id), a->division, a->level,
                           SLICE_LITERAL("recorded"), SLICE_OF(edition), OPT_INT_NONE, 0, 1,
                           OPT_INT_NONE, CAST_NOW, OPT_INT_NONE, &s->e));
    OK(s, sql_visit_set(s->d->store, 1, SLICE_LITERAL("recorded"), OPT_INT_NONE, 0, OPT_INT_NONE, 0,
                        OPT_INT_NONE, OPT_INT_NONE, OPT_INT_NONE, opt_int(CAST_NOW),
                        opt_int(outcome), CAST_NOW, opt_int(CAST_NOW), &s->e));
    OK(s, store_commit(s->d->store, &s->e));
}

static const struct yield *yield_of(const struct yield *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(list[i].name, name))
            return &list[i];
    return NULL;
}

static void yields(void **state)
{
    struct told w = begin_told(state);
    struct scene *s = w.t.s;
    struct source_glance *glances;
    struct yield *list;
    size_t count, n, i = 0;

    push_row(&w, "1", w.father.text, "2024-01-10");
    push_row(&w, "2", w.mother.text, "2024-01-12");
    push_row(&w, "3", scene_id_number("1970-01-01", 3).text, "2024-01-12"); /* of nobody yet */
    push_row(&w, "4", w.mother.text, "soon");
    OK(s, yield_read(s->d, DAY_BEGINNING, &s->arena, &list, &count, &s->e));
    const struct yield *feed = yield_of(list, count, "prison-admissions");
    assert_non_null(feed);
    assert_false(feed->policy);
    assert_int_equal(feed->alerts, 1);
    assert_int_equal(feed->visits, 0);
    int64_t policies = 0;
    for (size_t k = 0; k < count; k++)
        policies += list[k].policy;
    assert_true(policies >= 1);
    /* A visit and what it found. */
    assert_int_equal(scene_count(s, "SELECT count(*) FROM alert"), 1);
    visited(s, VISIT_FALSE_ALARM);
    OK(s, yield_read(s->d, DAY_BEGINNING, &s->arena, &list, &count, &s->e));
    for (size_t k = 0; k < count; k++) {
        assert_int_equal(list[k].alerts, 1);
        assert_int_equal(list[k].visits, 1);
        assert_int_equal(list[k].false_alarm, 1);
        assert_int_equal(list[k].verified, 0);
    }
    OK(s, yield_read(s->d, day_of_instant(CAST_NOW) + 1, &s->arena, &list, &count, &s->e));
    assert_int_equal(count, 0);
    OK(s, source_glances(s->d, &w.t.feeds, NULL, CAST_NOW, &s->arena, &glances, &n, &s->e));
    while (strcmp(glances[i].feed->name, "prison-admissions") != 0)
        i++;
    assert_int_equal(glances[i].last_rows, 4);
    assert_int_equal(glances[i].last_refused, 1);
    assert_int_equal(glances[i].last_unlinked, 1);
    assert_int_equal(glances[i].waiting, 1);
    assert_int_equal(glances[i].unlinked, 1);
    assert_int_equal(glances[i].heard_at, CAST_NOW);
    assert_int_equal(glances[i].lag_days,
                     day_of_instant(CAST_NOW) - day_of("2024-01-12")); /* the middle one of three */
    assert_int_equal(glances[0].lag_days, -1);
    assert_int_equal(glances[0].last_id, -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(said), EACH(reached), EACH(silent), EACH(never_heard),
                                       EACH(yields)};

    return cmocka_run_group_tests_name("coverage", tests, NULL, NULL);
}
