/* What is kept of each child after every record equals what the policies say when everything is read
 * anew; and what happens to verdicts when policies, register or clock move. */
#include "crowd.h"

#include "screening/screen.h"
#include "screening/verdict_text.h"
#include "store/sql_deployment.h"
#include "store/sql_salt.h"

#include <string.h>

static uint64_t seed;

static void kept_is_fresh(struct scene *s, const struct edition *edition, const char *after)
{
    ARENA_AUTO(a);
    struct population all;

    OK(s, population_read_all(s->d, &a, &all, &s->e));
    for (size_t i = 0; i < all.person_count; i++) {
        int64_t id = all.persons[i].id;
        struct slice fresh = crowd_verdict(&all, edition, id, &a, NULL), kept = crowd_kept(s, id);
        bool grown = all.persons[i].birth == DAY_BEGINNING ||
                     crowd_day() >= day_anniversary(all.persons[i].birth, 18);
        if (grown && !kept.p)
            continue;
        if (!slice_equal(fresh, kept))
            fail_msg("after %s\nperson %lld\nkept:\n%.*sfresh:\n%.*s", after, (long long)id,
                     (int)kept.n, kept.p ? kept.p : "", (int)fresh.n, fresh.p ? fresh.p : "");
    }
}

static void incremental(struct scene *s, uint64_t random, int records)
{
    struct edition edition;
    struct crowd c;
    struct scene_text row = {0};

    OK(s, edition_read(NULL, &s->arena, &edition, &s->e));
    crowd_begin(&c, random);
    crowd_load(&c, s);
    int first_tick = (int)random_below(&random, 3) * 3; /* records may come before any clock */
    for (int i = 0; i < records; i++) {
        if (i == first_tick)
            crowd_tick(s, &edition, crowd_day(), NULL);
        row.n = 0;
        crowd_record(&c, &row);
        crowd_ingest(s, &edition, row.p);
        if (i >= first_tick)
            kept_is_fresh(s, &edition, row.p);
    }
    scene_text_end(&row);
    crowd_end(&c);
}

static void one_by_one(void **state)
{
    struct scene *s = scene_of(state);
    enum store_engine engine = s->database.engine;

    for (int round = 0; round < (engine == STORE_SQLITE ? 6 : 4); round++) {
        struct scene *own = scene_begin(engine);
        incremental(own, seed + (uint64_t)round, 30);
        scene_end(own);
    }
}

/* ---- by example ---------------------------------------------------------------------------------------- */

#define ONE_CHILD                                                           \
    PEOPLE_HEADER "p9,,child,,2015-03-01,,,,,,h1\np0,%s,father,,,,,,,,h1\n" \
                  "p1,%s,mother,,,,,,,,h1\n"

struct small {
    struct scene *s;
    struct edition edition;
    struct scene_id_number father, mother;
    struct crowd_changes told;
};

static void small_begin(struct small *f, void **state)
{
    f->s = scene_of(state);
    f->father = scene_id_number("1980-01-01", 1);
    f->mother = scene_id_number("1980-01-01", 2);
    OK(f->s, edition_read(NULL, &f->s->arena, &f->edition, &f->s->e));
    scene_load(f->s, load_people, false,
               arena_printf(&f->s->arena, ONE_CHILD, f->father.text, f->mother.text));
    scene_load(f->s, load_relations, false, RELATIONS_HEADER "p9,p0,father,,\np9,p1,mother,,\n");
    crowd_listen(&f->told, f->s, &f->edition);
}

static void dies(struct small *f, const char *key, const char *id_no, const char *from,
                 const char *to)
{
    crowd_ingest(f->s, &f->edition,
                 arena_printf(&f->s->arena, "%s,civil_affairs,dead,%s,,,,%s,%s,declared,,\n", key,
                              id_no, from, to));
}

static struct tick_totals tick(struct small *f, const char *date)
{
    day d;

    assert_true(day_parse(slice_from(date), &d));
    f->told.count = 0;
    return crowd_tick(f->s, &f->edition, d, &f->told);
}

#define CHANGES "SELECT count(*) FROM verdict_change"
#define CHANGES_ON "SELECT count(*) FROM verdict_change WHERE on_day = %d"

static int64_t changes_on(struct small *f, const char *date)
{
    day d;

    assert_true(day_parse(slice_from(date), &d));
    return scene_count(f->s, arena_printf(&f->s->arena, CHANGES_ON, d));
}

static void boundaries(void **state)
{
    struct small f;

    small_begin(&f, state);
    dies(&f, "k1", f.father.text, "2024-03-10", "2024-03-20");
    assert_int_equal(scene_count(f.s, CHANGES), 0); /* there is no clock yet */
    tick(&f, "2024-03-01");
    assert_string_equal(crowd_changes_text(&f.told), "");
    tick(&f, "2024-03-09");
    assert_string_equal(crowd_changes_text(&f.told), "");
    tick(&f, "2024-03-10");
    assert_string_equal(crowd_changes_text(&f.told), "p9 single_parent 2024-03-10 0 2\n");
    tick(&f, "2024-03-10");
    assert_string_equal(crowd_changes_text(&f.told), "");
    tick(&f, "2024-03-05"); /* the past has been told */
    assert_string_equal(crowd_changes_text(&f.told), "");
    tick(&f, "2024-04-01");
    assert_string_equal(crowd_changes_text(&f.told), "p9 single_parent 2024-03-20 2 0\n");
    tick(&f, "2024-05-01");
    assert_string_equal(crowd_changes_text(&f.told), "");
    assert_int_equal(scene_count(f.s, CHANGES), 2);
}

/* A record tells on the clock's day, whenever the child was looked at last. */
static void learnt_on_the_clocks_day(void **state)
{
    struct small f;

    small_begin(&f, state);
    dies(&f, "k0", f.mother.text, "2010-01-01", "2010-01-02"); /* kept, and of no consequence now */
    tick(&f, "2024-03-01");
    tick(&f, "2024-04-01");
    dies(&f, "k1", f.father.text, "2024-03-10", "");
    assert_int_equal(changes_on(&f, "2024-04-01"), 1);
    assert_int_equal(scene_count(f.s, CHANGES), 1);
    tick(&f, "2024-04-02");
    assert_string_equal(crowd_changes_text(&f.told), "");
    /* What began and ended before the clock is no news. */
    tick(&f, "2024-06-01");
    dies(&f, "k1", f.father.text, "2024-03-10", "2024-03-15");
    assert_int_equal(changes_on(&f, "2024-06-01"), 1); /* that it holds no longer */
    tick(&f, "2024-07-01");
    dies(&f, "k2", f.mother.text, "2024-06-10", "2024-06-15");
    tick(&f, "2024-07-02");
    assert_int_equal(scene_count(f.s, CHANGES), 2);
}

/* The same where the register was what changed. */
static void loaded_then_ticked(void **state)
{
    struct small f;

    small_begin(&f, state);
    dies(&f, "k1", f.father.text, "2024-03-10", "");
    tick(&f, "2024-03-01");
    tick(&f, "2024-03-20");
    assert_int_equal(scene_count(f.s, CHANGES), 1);
    tick(&f, "2024-05-01");
    scene_load(f.s, load_relations, true, RELATIONS_HEADER "p9,p1,mother,,\n");
    tick(&f, "2024-05-02");
    for (size_t i = 0; i < f.told.count; i++)
        assert_non_null(strstr(f.told.lines[i], " 2024-05-02 "));
    assert_true(f.told.count > 0);
    scene_load(f.s, load_relations, false, RELATIONS_HEADER "p9,p0,father,,\n");
    tick(&f, "2024-05-02"); /* the clock does not move, and still all are looked at */
    assert_true(f.told.count > 0);
    tick(&f, "2024-05-02");
    assert_int_equal(f.told.count, 0);
}

/* Who was erased disappears: from screening, from what is due, and from nobody else's verdict. */
static void erased(void **state)
{
    struct small f;
    ARENA_AUTO(a);
    struct screen_result result;

    small_begin(&f, state);
    dies(&f, "k1", f.father.text, "2024-03-10", "");
    tick(&f, "2024-03-01");
    OK(f.s, sql_salt_drop(f.s->d->store, scene_person(f.s, "p9"), &f.s->e));
    OK(f.s, screen_all(f.s->d, &f.edition, crowd_day() + 30, &a, &result, &f.s->e));
    assert_int_equal(result.count, 0);
    tick(&f, "2024-03-11");
    assert_string_equal(crowd_changes_text(&f.told), "");
    assert_int_equal(scene_count(f.s, "SELECT count(*) FROM person WHERE due IS NOT NULL"), 0);
    dies(&f, "k2", f.mother.text, "2024-03-10", ""); /* whose child was erased */
    OK(f.s, sql_salt_drop(f.s->d->store, scene_person(f.s, "p0"), &f.s->e));
    tick(&f, "2024-03-12");
    dies(&f, "k3", f.father.text, "2024-03-10", ""); /* about one who was erased: it waits */
    scene_load(f.s, load_divisions, false, "code,name,level,parent\n990000000000,a,province,\n");
    tick(&f, "2024-03-13");
    assert_string_equal(crowd_changes_text(&f.told), "");
    OK(f.s, screen_all(f.s->d, &f.edition, crowd_day() + 30, &a, &result, &f.s->e));
    assert_int_equal(result.count, 0);
}

/* A new edition is looked at once by everybody, and then no more. */
static void another_edition(void **state)
{
    struct small f;

    small_begin(&f, state);
    dies(&f, "k1", f.father.text, "2024-01-01", "");
    assert_true(tick(&f, "2024-03-01").children > 0);
    assert_int_equal(f.told.count, 1);
    assert_int_equal(tick(&f, "2024-03-02").children, 0);
    f.edition.hash[0] ^= 1; /* the same words, another edition */
    assert_true(tick(&f, "2024-03-03").children > 0);
    assert_int_equal(f.told.count, 0);
    assert_int_equal(tick(&f, "2024-03-04").children, 0);
}

/* A load that ends while a tick runs is seen by the next one. */
static void load_within(void *context, const struct verdict_change *change)
{
    struct small *f = context;

    (void)change;
    OK(f->s, sql_deployment_screen_all(f->s->d->store, &f->s->e));
}

static void load_during_tick(void **state)
{
    struct small f;
    struct tick_totals totals;

    small_begin(&f, state);
    dies(&f, "k1", f.father.text, "2024-01-01", "");
    OK(f.s,
       tick_run(f.s->d,
                &(struct tick_order){
                    .edition = &f.edition, .date = crowd_day(), .tell = load_within, .context = &f},
                &totals, &f.s->e));
    assert_int_equal(totals.changes, 1);
    assert_true(tick(&f, "2024-03-02").children > 0);
}

/* Who leaves the register leaves what is due. */
static void left(void **state)
{
    struct small f;

    small_begin(&f, state);
    dies(&f, "k1", f.father.text, "2024-03-10", "");
    tick(&f, "2024-03-01");
    scene_load(f.s, load_people, true,
               arena_printf(&f.s->arena,
                            PEOPLE_HEADER "p0,%s,father,,,,,,,,h1\np8,,child,,2015-03-01,,,,,,\n",
                            f.father.text));
    tick(&f, "2024-03-11");
    for (size_t i = 0; i < f.told.count; i++) /* p8 is new, and nothing is known of it */
        assert_null(strstr(f.told.lines[i], "p9 "));
    assert_int_equal(scene_count(f.s, "SELECT count(*) FROM person WHERE due IS NOT NULL"), 1);
    f.edition.hash[0] ^= 1; /* what is kept of them does not call for another edition for ever */
    tick(&f, "2024-03-12");
    assert_int_equal(tick(&f, "2024-03-13").children, 0);
}

static void text_round_trip(void **state)
{
    ARENA_AUTO(a);
    struct error e = {.language = LANGUAGE_EN};
    struct edition edition;
    uint64_t r = seed;

    assert_int_equal(edition_read(NULL, &a, &edition, &e), 0);
    for (int round = 0; round < 200; round++) {
        ARENA_AUTO(b);
        size_t n = edition.category_count;
        struct policy_timeline *in = ARENA_ARRAY(&b, n, struct policy_timeline),
                               *out = ARENA_ARRAY(&b, n, struct policy_timeline);
        for (size_t c = 0; c < n; c++) {
            in[c].count = random_below(&r, 6);
            struct policy_stretch *s = ARENA_ARRAY(&b, in[c].count, struct policy_stretch);
            day at = (day)random_below(&r, 40000) - 20000;
            for (size_t i = 0; i < in[c].count; i++, at += 1 + (day)random_below(&r, 100)) {
                s[i].from = at;
                s[i].to = at += 1 + (day)random_below(&r, 3000);
                s[i].status = random_below(&r, 2) ? POLICY_TRUE : POLICY_UNKNOWN;
            }
            in[c].stretches = s;
        }
        struct slice text = verdict_text(edition.set, in, &b);
        assert_true(verdict_text_read(text, edition.set, &b, out));
        for (size_t c = 0; c < n; c++) {
            assert_int_equal(in[c].count, out[c].count);
            for (size_t i = 0; i < in[c].count; i++)
                assert_memory_equal(&in[c].stretches[i], &out[c].stretches[i],
                                    sizeof(struct policy_stretch));
        }
    }
    struct policy_timeline *out = ARENA_ARRAY(&a, edition.category_count, struct policy_timeline);
    assert_true(verdict_text_read(SLICE_LITERAL("no_such_category 2 1 2\n"), edition.set, &a, out));
    for (size_t c = 0; c < edition.category_count; c++)
        assert_int_equal(out[c].count, 0);
    assert_false(verdict_text_read(SLICE_LITERAL("orphan 2 1\n"), edition.set, &a, out));
    assert_false(verdict_text_read(SLICE_LITERAL("orphan two 1 2\n"), edition.set, &a, out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(one_by_one),         EACH(boundaries), EACH(learnt_on_the_clocks_day),
        EACH(loaded_then_ticked), EACH(erased),     EACH(another_edition),
        EACH(load_during_tick),   EACH(left),       cmocka_unit_test(text_round_trip),
    };

    seed = random_seed();
    return cmocka_run_group_tests_name("verdicts", tests, NULL, NULL);
}
