/* The small parts of the room: ICD-10 blocks, packed texts, divisions, the graph of kin, and the tables
 * that two rooms keep of the same words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../base/random.h"
#include "people/division.h"
#include "people/icd10.h"
#include "people/kin_graph.h"
#include "access/packed.h"
#include "people/record.h"
#include "policy/policy.h"

#include <string.h>

static uint64_t seed;

static void test_icd10(void **state)
{
    static const char *const table[][2] = {
        {"F32.1", "F30-F39"},
        {"F32", "F30-F39"},
        {"f32", "F30-F39"},
        {"F321", "F30-F39"},
        {"X78", "X60-X84"},
        {"X60", "X60-X84"},
        {"X84.9", "X60-X84"},
        {"X85", "X85-Y09"},
        {"X59", "W00-X59"},
        {"W19", "W00-X59"},
        {"Y09", "X85-Y09"},
        {"Y10", "Y10-Y34"},
        {"A00", "A00-A09"},
        {"Z99", "Z80-Z99"},
        {"C97", "C97-C97"},
        {"F99", "F99-F99"},
        {"F51.0", "F50-F59"},
        {"T74.1", "T66-T78"},
        {"S06.0", "S00-S09"},
        {"G01*", "G00-G09"},
        {"A17+", "A15-A19"},
        {"S52.10x", "S50-S59"},
        {"A12", "A"},
        {"U99", "U"}, /* of no block */
        {"", ""},
        {"F3", "F3"},
        {"severe", "severe"},
        {"minor", "minor"},
        {"class 3", "class 3"},
        {"F32.1 and more", "F32.1 and more"},
        {"123", "123"},
        {"重", "重"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct slice s = icd10_block_of(slice_from(table[i][0]));
        if (!slice_is(s, table[i][1]))
            fail_msg("%s gives %.*s", table[i][0], (int)s.n, s.p);
    }
    /* Whatever the code: its block contains it, and nothing of it remains. */
    for (char letter = 'A'; letter <= 'Z'; letter++)
        for (int n = 0; n < 100; n++) {
            char code[8];
            snprintf(code, sizeof code, "%c%02d.%d", letter, n, n % 10);
            struct slice s = icd10_block_of(slice_from(code));
            if (s.n == 1) {
                assert_int_equal(s.p[0], letter);
                continue;
            }
            assert_int_equal(s.n, 7);
            assert_true(memcmp(s.p, code, 3) <= 0 && memcmp(code, s.p + 4, 3) <= 0);
        }
}

/* Exactly as large as the text: a read beyond it is seen by AddressSanitizer. */
static struct slice tight(struct arena *a, struct slice s)
{
    char *p = arena_take(a, s.n ? s.n : 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    return (struct slice){p, s.n};
}

static void test_packed__round_trip(void **state)
{
    uint64_t r = seed;

    for (int round = 0; round < 500; round++) {
        ARENA_AUTO(a);
        struct slice in[8], out[10];
        size_t count = 1 + random_below(&r, 8);
        for (size_t i = 0; i < count; i++) {
            size_t n = random_below(&r, 4) ? random_below(&r, 40) : random_below(&r, 70000);
            char *p = arena_take(&a, n);
            for (size_t j = 0; j < n; j++)
                p[j] = (char)random_next(&r);
            in[i] = (struct slice){p, n};
        }
        struct slice packed = tight(&a, packed_from(in, count, &a));
        assert_true(packed_read(packed, out, count + 2));
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(out[i].n, in[i].n);
            assert_memory_equal(out[i].p, in[i].p, in[i].n);
        }
        assert_int_equal(out[count].n, 0); /* an older edition had fewer */
        assert_non_null(out[count + 1].p);
        assert_true(packed_read(packed, out, 1)); /* and a newer one has more */
    }
}

/* Texts were cut at 65,535 bytes once: they still open. */
static void test_packed__of_an_older_edition(void **state)
{
    ARENA_AUTO(a);
    char *bytes = arena_take(&a, 2 + UINT16_MAX);
    struct slice out[1];

    memset(bytes, 'x', 2 + UINT16_MAX);
    memset(bytes, 0xFF, 2);
    assert_true(packed_read((struct slice){bytes, 2 + UINT16_MAX}, out, 1));
    assert_int_equal(out[0].n, UINT16_MAX);
}

static void test_packed__truncated(void **state)
{
    ARENA_AUTO(a);
    struct slice in[3] = {SLICE_LITERAL("abc"), SLICE_LITERAL(""), SLICE_LITERAL("defgh")}, out[3];
    struct slice whole = packed_from(in, 3, &a);

    assert_int_equal(whole.n, 14);
    for (size_t n = 0; n < whole.n; n++) {
        bool border = n == 0 || n == 5 ||
                      n == 7; /* where a text ends: it may be an older edition's */
        struct slice cut = tight(&a, (struct slice){whole.p, n});
        assert_int_equal(packed_read(cut, out, 3), border);
        for (int i = 0; border && i < 3; i++)
            assert_true(out[i].n == 0 || out[i].p + out[i].n <= cut.p + cut.n);
    }
    uint64_t r = seed;
    for (int round = 0; round < 5000; round++) {
        char noise[24];
        size_t n = random_below(&r, sizeof noise);
        for (size_t i = 0; i < n; i++)
            noise[i] = (char)(random_below(&r, 3) ? random_below(&r, 6) : random_next(&r));
        struct slice s = tight(&a, (struct slice){noise, n});
        if (packed_read(s, out, 3))
            for (int i = 0; i < 3; i++)
                assert_true(out[i].n == 0 || (out[i].p >= s.p && out[i].p + out[i].n <= s.p + s.n));
        if (round % 100 == 0)
            arena_reset(&a);
    }
}

static void test_division(void **state)
{
    static const struct division known[] = {
        {110000000000, "a province known to its counties", 1},
        {110100000000, "a city", 2},
        {110101000000, "a county", 3},
        {999900000000, "a city of a province that is known to its towns", 2},
        {999901000000, "a county", 3},
        {999901001000, "a town", 4},
        {999901001001, "a village", 5},
    };
    struct division_tree tree = {known, sizeof known / sizeof *known}, none = {NULL, 0};
    int64_t code;

    for (size_t i = 0; i < tree.count; i++) {
        assert_ptr_equal(division_find(&tree, known[i].code), &known[i]);
        assert_true(division_exists(&tree, known[i].code));
    }
    assert_null(division_find(&tree, 999901001002));
    assert_false(division_exists(&tree, 999901001002));
    assert_false(division_exists(&tree, 999902000000));
    assert_false(division_exists(&tree, 990000000000)); /* not there, though its parts are */
    assert_true(division_exists(&tree, 110102000000));  /* too little is known to say no */
    assert_true(division_exists(&tree, 330000000000));
    assert_true(division_exists(&none, 999901001002));
    assert_true(division_parse(SLICE_LITERAL("999901001001"), &code));
    assert_true(code == 999901001001);
    static const char *const bad[] = {
        "", "99990100100", "9999010010011", "99990100100a", "009901001001", " 99901001001"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(division_parse(slice_from(bad[i]), &code));
    assert_int_equal(division_level_parse(SLICE_LITERAL("province")), 1);
    assert_int_equal(division_level_parse(SLICE_LITERAL("village")), 5);
    assert_int_equal(division_level_parse(SLICE_LITERAL("hamlet")), 0);
}

/* ---- the graph of kin, against a search that is slow and plain --------------------------------------- */

#define PEOPLE 14
#define ROWS 60

struct plain {
    int child[ROWS], person[ROWS], count;
    enum kin_role role[ROWS];
};

static bool reaches(const struct plain *p, int ancestor, int person, int depth)
{
    if (ancestor == person)
        return true;
    for (int i = 0; i < p->count && depth > 0; i++)
        if (p->child[i] == person && p->role[i] >= KIN_FATHER &&
            p->role[i] <= KIN_ADOPTIVE_MOTHER && reaches(p, ancestor, p->person[i], depth - 1))
            return true;
    return false;
}

static void test_kin_graph__ancestors(void **state)
{
    uint64_t r = seed;
    int refused = 0, rows = 0;

    for (int round = 0; round < 60; round++) {
        struct kin_graph g = {0};
        struct plain p = {.count = 0};
        int64_t id[PEOPLE];
        for (int i = 0; i < PEOPLE; i++) /* ids of any size, some of one home */
            id[i] = random_below(&r, 2) ? i + 1 : (int64_t)(random_next(&r) >> 2 | 1) + i * 2;
        for (int step = 0; step < 120 && p.count < ROWS; step++) {
            int child = (int)random_below(&r, PEOPLE), person = (int)random_below(&r, PEOPLE);
            enum kin_role role = (enum kin_role)(1 + random_below(&r, KIN_COUNT - 1));
            if (random_below(&r, 3)) /* mostly parents, or no cycle would come */
                role = (enum kin_role)(KIN_FATHER + random_below(&r, 4));
            bool above = reaches(&p, child, person, PEOPLE);
            assert_int_equal(kin_graph_is_ancestor(&g, id[child], id[person], false), above);
            if (kin_role_is_parent(role) && above) {
                refused++;
                continue; /* as a load does: so that no cycle is ever there */
            }
            struct kin_edge *e = kin_graph_add(&g, p.count + 1, id[child], id[person], role,
                                               p.count, DAY_FOREVER);
            assert_int_equal(e->id, p.count + 1);
            p.child[p.count] = child;
            p.person[p.count] = person;
            p.role[p.count++] = role;
            rows++;
        }
        for (int i = 0; i < p.count; i++) {
            struct kin_edge *e = kin_graph_find(&g, id[p.child[i]], id[p.person[i]], p.role[i], i);
            assert_non_null(e);
            assert_int_equal(e->id, i + 1);
            assert_null(kin_graph_find(&g, id[p.child[i]], id[p.person[i]], p.role[i], i + 1000));
        }
        kin_graph_end(&g);
    }
    assert_true(refused > 0 && rows > 0);
}

/* Thousands of nodes and a line of ancestors that is longer than any stack of calls should be. */
static void test_kin_graph__long_line(void **state)
{
    struct kin_graph g = {0};
    const int n = 20000;

    for (int i = 1; i < n; i++)
        kin_graph_add(&g, i, i, i + 1, i % 2 ? KIN_FATHER : KIN_ADOPTIVE_MOTHER, DAY_BEGINNING,
                      DAY_FOREVER);
    assert_true(kin_graph_is_ancestor(&g, n, 1, false));
    assert_false(kin_graph_is_ancestor(&g, 1, n, false));
    assert_true(kin_graph_is_ancestor(&g, 7, 7, false));
    assert_false(kin_graph_is_ancestor(&g, n + 1, 1, false));
    assert_non_null(kin_graph_find(&g, 77, 78, KIN_FATHER, DAY_BEGINNING));
    assert_null(kin_graph_find(&g, 77, 79, KIN_FATHER, DAY_BEGINNING));
    assert_null(kin_graph_find(&g, n + 5, 79, KIN_FATHER, DAY_BEGINNING));
    kin_graph_end(&g);
    assert_null(kin_graph_find(&g, 1, 2, KIN_FATHER, DAY_BEGINNING));
    assert_false(kin_graph_is_ancestor(&g, 1, 2, false));
    kin_graph_end(&g);
}

/* ---- two rooms, one vocabulary ------------------------------------------------------------------------ */

static void test_tables__kinds(void **state)
{
    assert_int_equal(policy_kind_count(), KIND_COUNT - 1);
    for (int k = KIND_NONE + 1; k < KIND_COUNT; k++) {
        struct slice name = slice_from(record_kind_name((enum record_kind)k));
        assert_true(name.n > 0);
        assert_int_equal(record_kind_parse(name), k);
        if (policy_kind_by_name(name) < 0)
            fail_msg("policies do not know %s", name.p);
    }
    for (int k = 0; k < policy_kind_count(); k++)
        if (record_kind_parse(slice_from(policy_kind_name(k))) == KIND_NONE)
            fail_msg("records do not know %s", policy_kind_name(k));
    assert_int_equal(record_kind_parse(SLICE_LITERAL("")), KIND_NONE);
    assert_int_equal(record_kind_parse(SLICE_LITERAL("Dead")), KIND_NONE);
    assert_string_equal(record_kind_name(KIND_NONE), "");
    for (int k = 0; k < KIND_COUNT; k++)
        assert_int_equal(record_kind_is_of_household((enum record_kind)k),
                         k == KIND_LOW_INCOME || k == KIND_LOW_INCOME_EDGE || k == KIND_DESTITUTE);
}

static void test_tables__roles(void **state)
{
    assert_int_equal(POLICY_ROLE_COUNT, KIN_COUNT);
    for (int role = KIN_NONE + 1; role < KIN_COUNT; role++) {
        struct slice name = slice_from(kin_role_name((enum kin_role)role));
        assert_true(name.n > 0);
        assert_int_equal(kin_role_parse(name), role);
        if (policy_role_by_name(name) == POLICY_ROLE_NONE)
            fail_msg("policies do not know %s", name.p);
    }
    for (int role = POLICY_ROLE_NONE + 1; role < POLICY_ROLE_COUNT; role++)
        if (kin_role_parse(slice_from(policy_role_name((enum policy_role)role))) == KIN_NONE)
            fail_msg("people do not know %s", policy_role_name((enum policy_role)role));
    assert_int_equal(kin_role_parse(SLICE_LITERAL("aunt")), KIN_NONE);
    assert_string_equal(kin_role_name(KIN_COUNT), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_icd10),
        cmocka_unit_test(test_packed__round_trip),
        cmocka_unit_test(test_packed__of_an_older_edition),
        cmocka_unit_test(test_packed__truncated),
        cmocka_unit_test(test_division),
        cmocka_unit_test(test_kin_graph__ancestors),
        cmocka_unit_test(test_kin_graph__long_line),
        cmocka_unit_test(test_tables__kinds),
        cmocka_unit_test(test_tables__roles),
    };
    seed = random_seed();
    return cmocka_run_group_tests_name("parts of people", tests, NULL, NULL);
}
