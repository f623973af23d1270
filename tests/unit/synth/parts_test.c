/* The small parts: random numbers, identity numbers, names, lines, arrivals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fixture.h"
#include "synth/arrivals.h"
#include "synth/identity.h"
#include "synth/line.h"
#include "synth/names.h"

/* xoshiro256** after splitmix64: the first numbers of a seed are part of what a seed means. */
static void test_random_is_the_same_everywhere(void **state)
{
    struct synth_random a, b;

    synth_random_seed(&a, 1, 0);
    synth_random_seed(&b, 1, 0);
    for (int i = 0; i < 100; i++)
        assert_true(synth_random_next(&a) == synth_random_next(&b));
    synth_random_seed(&b, 1, 1);
    assert_false(synth_random_next(&a) == synth_random_next(&b));
    /* The generator itself against the published algorithm, from the state 1, 2, 3, 4. */
    a = (struct synth_random){{1, 2, 3, 4}};
    assert_true(synth_random_next(&a) == 11520);
    assert_true(synth_random_next(&a) == 0);
    assert_true(synth_random_next(&a) == 1509978240);
    assert_true(synth_random_next(&a) == UINT64_C(1215971899390074240));
}

static void test_random_keeps_its_bounds(void **state)
{
    static const uint32_t weights[3] = {1, 0, 3};
    struct synth_random r;
    unsigned seen[3] = {0};

    synth_random_seed(&r, 7, 7);
    for (int i = 0; i < 40000; i++) {
        int32_t n = synth_random_between(&r, -3, 4);
        assert_true(n >= -3 && n <= 4);
        assert_true(synth_random_below(&r, 5) < 5);
        seen[synth_random_weighted(&r, weights, 3)]++;
    }
    assert_int_equal(seen[1], 0);
    assert_true(seen[0] > 9500 && seen[0] < 10500);
    assert_int_equal(synth_random_between(&r, 4, 4), 4);
    assert_int_equal(synth_random_between(&r, 4, 3), 4);
}

static void test_identity_check_character(void **state)
{
    assert_int_equal(synth_identity_check("11010519491231002"), 'X'); /* the standard's example */
    assert_int_equal(synth_identity_check("99999920150301001"), '6');
    assert_int_equal(synth_identity_check("99999920080229002"), '5');
    assert_int_equal(synth_identity_check("99999920121231012"), '3');
}

static int compare_ids(const void *a, const void *b) { return memcmp(a, b, 18); }

/* 1,200 boys of one birthday need three divisions; all numbers differ. */
static void test_identities_are_unique_and_spill_over(void **state)
{
    enum { MANY = 1200 };
    static char ids[MANY][SYNTH_ID_MAX];
    struct synth_identities *all = synth_identities_new();
    struct error e = {.language = LANGUAGE_EN};
    day birth = fixture_day("2012-02-29");
    char other[SYNTH_ID_MAX];

    for (int i = 0; i < MANY; i++) {
        assert_int_equal(synth_identities_next(all, birth, 'M', ids[i], &e), 0);
        assert_memory_equal(ids[i], i < 499 ? "999999" : i < 998 ? "999998" : "999997", 6);
        assert_memory_equal(ids[i] + 6, "20120229", 8);
        assert_true((ids[i][16] - '0') % 2 == 1);
        assert_int_equal(ids[i][17], synth_identity_check(ids[i]));
        assert_memory_not_equal(ids[i] + 14, "000", 3);
    }
    qsort(ids, MANY, SYNTH_ID_MAX, compare_ids);
    for (int i = 1; i < MANY; i++)
        assert_memory_not_equal(ids[i - 1], ids[i], 18);
    assert_int_equal(synth_identities_next(all, birth, 'F', other, &e), 0);
    assert_memory_equal(other, "999999", 6);
    assert_true((other[16] - '0') % 2 == 0);
    synth_identities_end(all);
}

static void test_identities_run_out(void **state)
{
    struct synth_identities *all = synth_identities_new();
    struct error e = {.language = LANGUAGE_EN};
    char id[SYNTH_ID_MAX];

    for (int i = 0; i < 49900; i++)
        assert_int_equal(synth_identities_next(all, 0, 'F', id, &e), 0);
    assert_memory_equal(id, "999900", 6);
    assert_int_equal(synth_identities_next(all, 0, 'F', id, &e), -ERR_USAGE);
    assert_int_equal(synth_identities_next(all, fixture_day("1899-12-31"), 'F', id, &e),
                     -ERR_USAGE);
    synth_identities_end(all);
}

static void test_phones_differ(void **state)
{
    char a[SYNTH_PHONE_MAX], b[SYNTH_PHONE_MAX];

    synth_identity_phone(1, a);
    synth_identity_phone(99999999, b);
    assert_int_equal(strlen(a), 11);
    assert_memory_equal(a, "194", 3);
    assert_string_not_equal(a, b);
}

static void test_names(void **state)
{
    struct synth_random r;
    char name[SYNTH_NAME_MAX];
    unsigned wang = 0, compound = 0;

    synth_random_seed(&r, 3, 0);
    for (int i = 0; i < 50000; i++) {
        const char *surname = synth_names_surname_text(synth_names_surname(&r));
        wang += strcmp(surname, "王") == 0;
        compound += strlen(surname) == 6;
    }
    assert_true(wang > 3500 && wang < 4700); /* 7.25 in 100, of a table that holds 88 in 100 */
    assert_true(compound > 20 && compound < 200);
    synth_names_make(&r, SYNTH_MINORITY, 0, 'M', NULL, name);
    assert_non_null(strstr(name, "·"));
    synth_names_make(&r, SYNTH_HAN, 0, 'F', NULL, name);
    assert_memory_equal(name, "王", 3);
}

static void test_lines_are_csv(void **state)
{
    struct synth_line l;

    synth_line_begin(&l);
    synth_line_cell(&l, "");
    synth_line_cell(&l, "a,\"b\"");
    synth_line_day(&l, fixture_day("2024-02-29"));
    synth_line_day(&l, DAY_FOREVER);
    synth_line_ref(&l, 'P', 42);
    synth_line_end(&l);
    assert_int_equal(l.n, strlen(",\"a,\"\"b\"\"\",2024-02-29,,P000000042\n"));
    assert_memory_equal(l.text, ",\"a,\"\"b\"\"\",2024-02-29,,P000000042\n", l.n);
    synth_line_begin(&l);
    for (int i = 0; i < 400; i++)
        synth_line_cell(&l, "abcdef"); /* cut, not overrun */
    synth_line_end(&l);
    assert_int_equal(l.n, SYNTH_LINE_MAX);
}

static char *arrive(size_t piece)
{
    struct synth_arrivals *a = synth_arrivals_new("/tmp", piece);
    struct error e = {.language = LANGUAGE_EN};
    struct synth_random r;
    char *text = NULL, line[32];
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);

    synth_random_seed(&r, 11, 0);
    for (int i = 0; i < 5000; i++) {
        day on = synth_random_between(&r, -40, 40);
        int n = snprintf(line, sizeof(line), "%d,%d\n", (int)on, i);
        assert_int_equal(synth_arrivals_add(a, on, line, (size_t)n, &e), 0);
    }
    assert_int_equal(synth_arrivals_write(a, f, &e), 0);
    fclose(f);
    synth_arrivals_end(a);
    return text;
}

/* By day, then by order of telling; the same from memory and from twenty pieces on disk. */
static void test_arrivals_are_sorted(void **state)
{
    char *whole = arrive(0), *pieces = arrive(2000), *at = whole;
    int last_day = -1000, last = -1, count = 0, on, i;

    assert_string_equal(whole, pieces);
    for (; sscanf(at, "%d,%d\n", &on, &i) == 2; at = strchr(at, '\n') + 1, count++) {
        assert_true(on > last_day || (on == last_day && i > last));
        last_day = on;
        last = i;
    }
    assert_int_equal(count, 5000);
    free(whole);
    free(pieces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_is_the_same_everywhere),
        cmocka_unit_test(test_random_keeps_its_bounds),
        cmocka_unit_test(test_identity_check_character),
        cmocka_unit_test(test_identities_are_unique_and_spill_over),
        cmocka_unit_test(test_identities_run_out),
        cmocka_unit_test(test_phones_differ),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_lines_are_csv),
        cmocka_unit_test(test_arrivals_are_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
