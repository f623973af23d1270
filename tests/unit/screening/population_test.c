/* The two ways to fill a population give the same families, and a screening of everybody says of each
 * child what the child alone would get. */
#include "crowd.h"

#include "screening/screen.h"
#include "screening/verdict_text.h"

#include <string.h>

static uint64_t seed;

static void same_person(struct scene *s, const struct edition *edition,
                        const struct population *all, const struct population *few, int64_t id)
{
    ARENA_AUTO(a);
    struct slice one = crowd_verdict(all, edition, id, &a, NULL);
    struct slice two = crowd_verdict(few, edition, id, &a, NULL);

    if (one.n != two.n || (one.n && memcmp(one.p, two.p, one.n) != 0))
        fail_msg("person %lld\nof all:\n%.*sof few:\n%.*s", (long long)id, (int)one.n,
                 one.p ? one.p : "", (int)two.n, two.p ? two.p : "");
    struct population alone;
    struct family family;
    int rc = population_read_child(s->d, id, &a, &alone, &family, &s->e);
    if (!one.p) {
        assert_int_equal(rc, -ERR_NOT_FOUND);
        return;
    }
    assert_int_equal(rc, 0);
    struct policy_timeline *timelines = ARENA_ARRAY(&a, edition->category_count,
                                                    struct policy_timeline);
    policy_evaluate(edition->set, &family.policy, &a, timelines);
    assert_true(slice_equal(verdict_text(edition->set, timelines, &a), one));
    for (size_t f = 0; f < family.policy.fact_count; f++) {
        uint32_t person = family.persons[family.policy.facts[f].person];
        assert_true(person < alone.person_count);
        assert_true(family.records[f] > 0);
    }
}

static void compare_reads(struct scene *s, const struct edition *edition, uint64_t *r)
{
    ARENA_AUTO(a);
    struct population all, few;
    int64_t ids[CROWD_SIZE + 2];
    size_t count = 0;

    OK(s, population_read_all(s->d, &a, &all, &s->e));
    for (int i = 0; i < CROWD_SIZE; i++) /* some twice, some not, in any order */
        for (unsigned n = random_below(r, 3); n > 0 && count < CROWD_SIZE; n--)
            ids[count++] = scene_person(
                s, arena_printf(&a, "p%u", (unsigned)random_below(r, CROWD_SIZE)));
    ids[count++] = INT64_MAX; /* nobody */
    OK(s, population_read(s->d, ids, count, &a, &few, &s->e));
    assert_int_equal(population_find(&few, INT64_MAX), POPULATION_NOBODY);
    for (size_t i = 1; i < all.person_count; i++)
        assert_true(all.persons[i - 1].id < all.persons[i].id);
    for (size_t i = 1; i < few.person_count; i++)
        assert_true(few.persons[i - 1].id < few.persons[i].id);
    for (size_t i = 0; i + 1 < count; i++)
        same_person(s, edition, &all, &few, ids[i]);
}

/* "ref category status since until" of every minor, evaluated one by one. */
static void compare_screening(struct scene *s, const struct edition *edition, day as_of)
{
    ARENA_AUTO(a);
    struct population all;
    struct screen_result result;
    size_t found = 0, children = 0;

    OK(s, population_read_all(s->d, &a, &all, &s->e));
    OK(s, screen_all(s->d, edition, as_of, &a, &result, &s->e));
    for (int i = 0; i < CROWD_SIZE; i++) {
        const char *ref = arena_printf(&a, "p%d", i);
        int64_t id = scene_person(s, ref);
        struct policy_timeline *timelines;
        if (!crowd_verdict(&all, edition, id, &a, &timelines).p)
            continue;
        day birth = all.persons[population_find(&all, id)].birth;
        children += birth <= as_of && as_of < day_anniversary(birth, 18);
        for (size_t c = 0; c < edition->category_count; c++) {
            const struct policy_stretch *stretch = policy_timeline_at(&timelines[c], as_of);
            size_t r = 0;
            while (r < result.count &&
                   (result.rows[r].category != c || !slice_is(result.rows[r].child_ref, ref)))
                r++;
            assert_int_equal(r < result.count, stretch != NULL);
            if (!stretch)
                continue;
            found++;
            assert_int_equal(result.rows[r].status, stretch->status);
            assert_int_equal(result.rows[r].since, stretch->from);
            assert_int_equal(result.rows[r].until, stretch->to);
        }
    }
    assert_int_equal(found, result.count);
    assert_int_equal(children, result.children);
    for (size_t r = 1; r < result.count; r++) {
        int order = slice_compare(result.rows[r - 1].child_ref, result.rows[r].child_ref);
        assert_true(order < 0 ||
                    (order == 0 && result.rows[r - 1].category < result.rows[r].category));
    }
}

static void two_ways(void **state)
{
    struct scene *s = scene_of(state);
    struct edition edition;
    struct crowd c;
    struct scene_text rows = {0};
    uint64_t r = seed;

    OK(s, edition_read(NULL, &s->arena, &edition, &s->e));
    crowd_begin(&c, seed);
    crowd_load(&c, s);
    for (int round = 0; round < 6; round++) {
        rows.n = 0;
        for (int i = 0; i < 25; i++)
            crowd_record(&c, &rows);
        crowd_ingest(s, &edition, rows.p);
        compare_reads(s, &edition, &r);
        compare_screening(s, &edition, crowd_day() + (day)random_below(&r, 500) - 250);
    }
    /* A number that changes moves facts, and with PostgreSQL the order of rows on disk. */
    for (int i = 0; i < 3; i++) {
        const char *text = arena_printf(&s->arena, PEOPLE_HEADER "p%d,,n,,%s,,,,,,h1\n", i,
                                        c.birth[i]);
        scene_load(s, load_people, false, text);
        compare_reads(s, &edition, &r);
        compare_screening(s, &edition, crowd_day());
    }
    scene_load(
        s, load_people, true,
        arena_printf(&s->arena, PEOPLE_HEADER "p9,,n,,%s,,,,,,h1\np1,,n,,,,,,,,h1\n", c.birth[9]));
    compare_reads(s, &edition, &r);
    compare_screening(s, &edition, crowd_day());
    scene_text_end(&rows);
    crowd_end(&c);
}

/* More than one step of 64 children, households and facts. */
static void many(void **state)
{
    struct scene *s = scene_of(state);
    struct edition edition;
    struct scene_text people = {0}, kin = {0}, rows = {0};
    struct population all, few;
    int64_t ids[200];

    OK(s, edition_read(NULL, &s->arena, &edition, &s->e));
    scene_print(&people, "%s", PEOPLE_HEADER);
    scene_print(&kin, "%s", RELATIONS_HEADER);
    for (unsigned i = 0; i < 200; i++) {
        struct scene_id_number id = scene_id_number("1980-01-01", i);
        scene_print(&people, "c%u,,c,,2015-03-01,,,,,,h%u\nf%u,%s,f,,,,,,,,h%u\n", i, i % 150, i,
                    id.text, i % 150);
        scene_print(&kin, "c%u,f%u,father,,\nc%u,f%u,mother,,\n", i, i, i, (i + 1) % 200);
        scene_print(&rows, "k%u,justice,%s,%s,,,,2024-01-01,,%s,,\n", i,
                    i % 3   ? "low_income"
                    : i % 2 ? "married"
                            : "dead",
                    id.text,
                    i % 3   ? ""
                    : i % 2 ? scene_id_number("1980-01-01", (i + 199) % 200).text
                            : "natural");
    }
    scene_load(s, load_people, false, people.p);
    scene_load(s, load_relations, false, kin.p);
    crowd_ingest(s, &edition, rows.p);
    for (unsigned i = 0; i < 200; i++)
        ids[i] = scene_person(s, arena_printf(&s->arena, "c%u", i));
    OK(s, population_read_all(s->d, &s->arena, &all, &s->e));
    OK(s, population_read(s->d, ids, 200, &s->arena, &few, &s->e));
    assert_int_equal(all.person_count, 400);
    assert_int_equal(all.fact_count, 200);
    for (unsigned i = 0; i < 200; i++)
        same_person(s, &edition, &all, &few, ids[i]);
    struct screen_result result;
    OK(s, screen_all(s->d, &edition, crowd_day(), &s->arena, &result, &s->e));
    assert_int_equal(result.children, 200);
    scene_text_end(&people);
    scene_text_end(&kin);
    scene_text_end(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(two_ways), EACH(many)};

    seed = random_seed();
    return cmocka_run_group_tests_name("populations", tests, NULL, NULL);
}
