/* Whole districts: the same seed gives the same bytes, nothing is left after an error, and things
 * happen about as often as the table of rates says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

static const char *const names[] = {"divisions.csv", "people.csv", "relations.csv", "records.csv",
                                    "accounts.csv",  "truth.csv",  "manifest.json", NULL};

static int make(const char *tree, const char *directory, uint64_t children, uint64_t seed,
                struct synth_totals *ret, struct error *e)
{
    struct synth_options o = synth_options_default();

    o.divisions = fixture_path(tree, "tree.csv");
    o.directory = directory;
    o.children = children;
    o.seed = seed;
    int status = synth_write(&o, ret, e);
    free((char *)o.divisions);
    return status;
}

static bool same(const char *a, const char *b, const char *name)
{
    size_t n, m;
    char *x = fixture_read(a, name, &n), *y = fixture_read(b, name, &m);
    bool equal = n == m && memcmp(x, y, n) == 0;

    free(x);
    free(y);
    return equal;
}

static void test_same_seed_same_bytes(void **state)
{
    char *a = fixture_directory(), *b = fixture_directory(), *c = fixture_directory();
    struct error e = {.language = LANGUAGE_EN};
    struct synth_totals t, u;

    assert_int_equal(make(a, a, 700, 42, &t, &e), 0);
    assert_int_equal(make(a, b, 700, 42, &u, &e), 0);
    assert_memory_equal(&t, &u, sizeof(t));
    for (int i = 0; names[i]; i++)
        assert_true(same(a, b, names[i]));
    assert_int_equal(make(a, c, 700, 43, &u, &e), 0);
    assert_false(same(a, c, "people.csv"));
    assert_false(same(a, c, "records.csv"));
    assert_true(same(a, c, "divisions.csv"));
    assert_int_equal(t.children, 700);
    assert_int_equal(u.children, 700);
    assert_int_equal(t.accounts, 3 + 2); /* communities and towns of the fixture */
    fixture_remove(a);
    fixture_remove(b);
    fixture_remove(c);
}

static void test_one_child(void **state)
{
    char *a = fixture_directory();
    struct error e = {.language = LANGUAGE_EN};
    struct synth_totals t;

    for (uint64_t seed = 0; seed < 30; seed++) {
        assert_int_equal(make(a, a, 1, seed, &t, &e), 0);
        assert_int_equal(t.children, 1);
        assert_int_equal(t.families, 1);
    }
    fixture_remove(a);
}

static void test_refusals(void **state)
{
    char *a = fixture_directory(), *tree = fixture_path(a, "tree.csv"), *people;
    struct error e = {.language = LANGUAGE_EN};
    struct synth_options o = synth_options_default(), bad;
    struct synth_totals t;

    o.divisions = tree;
    o.directory = a;
    o.children = 10;
    bad = o;
    bad.children = 0;
    assert_int_equal(synth_write(&bad, &t, &e), -ERR_USAGE);
    bad = o;
    bad.as_of = fixture_day("1989-12-31");
    assert_int_equal(synth_write(&bad, &t, &e), -ERR_USAGE);
    bad = o;
    bad.records_per_child = -1;
    assert_int_equal(synth_write(&bad, &t, &e), -ERR_USAGE);
    bad = o;
    bad.county = "330783000000"; /* not in the file */
    assert_int_equal(synth_write(&bad, &t, &e), -ERR_DIVISION);
    bad.county = "340102000000"; /* no villages in the file */
    assert_int_equal(synth_write(&bad, &t, &e), -ERR_DIVISION);
    bad = o;
    bad.divisions = "/nonexistent/divisions.csv";
    assert_int_equal(synth_write(&bad, &t, &e), -ERR_IO);
    bad = o;
    bad.directory = "/nonexistent/directory";
    assert_int_equal(synth_write(&bad, &t, &e), -ERR_IO);
    people = fixture_path(a, "people.csv");
    assert_int_not_equal(access(people, F_OK), 0); /* nothing has been written */
    free(people);
    free(tree);
    fixture_remove(a); /* and nothing left half-done */
}

/* --- rates ---------------------------------------------------------------- */

struct tally {
    int families, children, no_household, migrants, parents, divorces, dead, disabled, adopted,
        foundlings, boys, no_paper;
};

static void tally_kin(const struct synth_family *f, struct tally *t)
{
    bool adopted = false, institution = false;

    for (int i = 0; i < f->kin_count; i++) {
        adopted |= f->kin[i].relation == SYNTH_ADOPTIVE_MOTHER ||
                   f->kin[i].relation == SYNTH_ADOPTIVE_FATHER;
        institution |= f->kin[i].relation == SYNTH_INSTITUTION;
    }
    t->foundlings += institution;
    t->adopted += adopted && f->father < 0 && !institution;
}

static void tally_family(const struct synth_family *f, struct tally *t)
{
    const struct synth_person *child = &f->people[f->children[0]];

    t->families++;
    t->children += f->minors_count;
    t->no_household += child->household == 0;
    t->migrants += child->hukou && child->hukou->level == SYNTH_COUNTY;
    t->parents += (f->father >= 0) + (f->mother >= 0);
    t->divorces += f->bonds_count > 0;
    for (int i = 0; i < f->facts_count; i++) {
        const struct synth_fact *fact = &f->facts[i];
        bool parent = fact->person == f->father || fact->person == f->mother;
        t->dead += parent && fact->kind == SYNTH_KIND_DEAD;
    }
    for (int i = 0; i < f->minors_count; i++) {
        t->boys += f->people[f->children[i]].sex == 'M';
        t->no_paper += !*f->people[f->children[i]].id;
    }
    tally_kin(f, t);
}

static void near(int count, int of, double rate, double tolerance)
{
    double share = (double)count / of;

    if (share < rate * (1 - tolerance) || share > rate * (1 + tolerance))
        fail_msg("%d of %d is %.5f, not about %.5f", count, of, share, rate);
}

#define RATE_OF(name) synth_rates[SYNTH_RATE_##name].rate

static void test_rates(void **state)
{
    char *directory = fixture_directory(), *tree = fixture_path(directory, "tree.csv");
    struct synth_options o = synth_options_default();
    struct error e = {.language = LANGUAGE_EN};
    struct synth_places places;
    struct synth_maker maker = {.options = &o, .places = &places};
    struct tally t = {0};
    struct synth_family f;
    struct synth_random r;

    assert_int_equal(synth_places_read(tree, o.county, 1, &places, &e), 0);
    maker.identities = synth_identities_new();
    for (uint64_t i = 0; i < 30000; i++) {
        synth_random_seed(&r, 99, i);
        assert_int_equal(synth_family_make(&maker, &r, 4, &f, &e), 0);
        tally_family(&f, &t);
    }
    near(t.no_household, t.families, RATE_OF(NO_HOUSEHOLD), 0.1);
    near(t.migrants, t.families, RATE_OF(MIGRANT), 0.05);
    near(t.divorces, t.families, RATE_OF(DIVORCE), 0.1);
    near(t.foundlings, t.families, RATE_OF(FOUNDLING), 0.6);
    near(t.adopted, t.families, RATE_OF(ADOPTED), 0.4);
    near(t.no_paper, t.children, RATE_OF(NO_PAPER_CHILD), 0.3);
    near(t.boys, t.children, 0.527, 0.03);
    /* the parent's own rate, more after the other's misfortune, and the stricken families */
    near(t.dead, t.parents, RATE_OF(PARENT_DIES) + RATE_OF(STRICKEN) * 30 / 123, 0.25);
    synth_identities_end(maker.identities);
    synth_places_end(&places);
    free(tree);
    fixture_remove(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_bytes),
        cmocka_unit_test(test_one_child),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_rates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
