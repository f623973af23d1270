/* The name index against a slow and obvious oracle: every name tried, every cut of the query tried. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "names.h"
#include "people/name_fold.h"
#include "people/name_index.h"
#include "people/pinyin.h"

enum { NAMES = 1500, NAME_BYTES = 64, POINTS = 64, ROUNDS = 400 };

static uint64_t seed;

struct folded {
    uint32_t c[POINTS];
    bool begins_piece[POINTS];
    unsigned n;
};

static struct folded fold(const char *text)
{
    struct folded f = {.n = 0};
    struct slice s = slice_from(text);
    bool pending = false, ends;
    for (size_t at = 0; at < s.n;) {
        uint32_t c = name_fold_next(s, &at, &ends);
        pending |= ends;
        if (!c)
            continue;
        f.begins_piece[f.n] = pending && f.n;
        f.c[f.n++] = c;
        pending = false;
    }
    return f;
}

/* Whether query from p on gives the first k letters of the reading as one piece. */
static bool gives(const struct folded *q, unsigned p, const char *reading, unsigned k)
{
    if (p + k > q->n)
        return false;
    for (unsigned i = 0; i < k; i++)
        if (q->c[p + i] != (uint32_t)reading[i] || (i && q->begins_piece[p + i]))
            return false;
    return true;
}

static void try_cuts(const struct folded *q, unsigned p, const struct folded *name, unsigned i,
                     unsigned begin, bool whole, int *best)
{
    if (p == q->n) {
        int rank = (begin == 0 && i == name->n ? 0 : begin == 0 ? 2 : 4) + !whole;
        if (rank < *best)
            *best = rank;
        return;
    }
    if (i == name->n)
        return;
    if (q->c[p] == name->c[i])
        try_cuts(q, p + 1, name, i + 1, begin, whole, best);
    for (const uint16_t *r = pinyin_set(name->c[i]); *r; r++) {
        const char *reading = pinyin_reading(*r);
        unsigned n = (unsigned)strlen(reading), rest = q->n - p;
        if (gives(q, p, reading, n))
            try_cuts(q, p + n, name, i + 1, begin, whole, best);
        if (gives(q, p, reading, 1))
            try_cuts(q, p + 1, name, i + 1, begin, false, best);
        if (reading[1] == 'h' && strchr("zcs", reading[0]) && gives(q, p, reading, 2))
            try_cuts(q, p + 2, name, i + 1, begin, false, best);
        if (rest < n && gives(q, p, reading, rest))
            try_cuts(q, q->n, name, i + 1, begin, false, best);
    }
}

static int oracle_rank(const struct folded *q, const char *text)
{
    struct folded name = fold(text);
    int best = 6;
    if (q->n)
        for (unsigned begin = 0; begin < name.n; begin++)
            try_cuts(q, 0, &name, begin, begin, true, &best);
    return best;
}

struct sample {
    char names[NAMES][NAME_BYTES];
    struct name_index *index;
};

/* Ids are the number of the name plus 1. */
static struct sample *make_sample(uint64_t *random, size_t batch_count)
{
    struct sample *s = calloc(1, sizeof *s);
    struct name_batch *batches[4];
    struct error e = {0};
    for (size_t i = 0; i < batch_count; i++)
        batches[i] = name_batch_new();
    for (size_t i = 0; i < NAMES; i++) {
        make_name(random, 300, s->names[i], NAME_BYTES);
        assert_int_equal(
            name_batch_add(batches[i % batch_count], (int64_t)i + 1, slice_from(s->names[i]), &e),
            0);
    }
    assert_int_equal(name_index_build(batches, batch_count, &s->index, &e), 0);
    assert_int_equal(name_index_measure(s->index).entries, NAMES);
    return s;
}

static void free_sample(struct sample *s)
{
    name_index_free(s->index);
    free(s);
}

static void check_query(const struct sample *s, const char *text)
{
    struct folded q = fold(text);
    static int ranks[NAMES];
    size_t total = 0, limits[] = {0, 1, 7, NAME_LIMIT_MAX};
    struct error e = {0};
    for (size_t i = 0; i < NAMES; i++)
        total += (ranks[i] = oracle_rank(&q, s->names[i])) < 6;
    for (size_t k = 0; k < 4; k++) {
        int64_t ids[NAME_LIMIT_MAX];
        bool seen[NAMES] = {false};
        struct name_found found;
        assert_int_equal(name_index_search(s->index, slice_from(text), ids, limits[k], &found, &e),
                         0);
        if (found.total != total)
            fail_msg("'%s' finds %zu, not %zu", text, found.total, total);
        assert_int_equal(found.count, total < limits[k] ? total : limits[k]);
        /* None twice, ranks ascending, and none left out that is better than the last. */
        for (size_t i = 0; i < found.count; i++) {
            assert_true(ids[i] >= 1 && ids[i] <= NAMES && !seen[ids[i] - 1]);
            seen[ids[i] - 1] = true;
            assert_true(ranks[ids[i] - 1] < 6);
            if (i)
                assert_true(ranks[ids[i - 1] - 1] <= ranks[ids[i] - 1]);
        }
        for (size_t i = 0; i < NAMES && found.count; i++)
            if (!seen[i])
                assert_true(ranks[i] >= ranks[ids[found.count - 1] - 1]);
    }
}

/* A piece of a name as somebody might type it: characters, readings, initials, beginnings. */
static void make_query(uint64_t *random, const char *name, char *to, size_t size)
{
    struct folded f = fold(name);
    unsigned begin = f.n ? random_below(random, f.n) : 0, style = random_below(random, 5);
    unsigned count = f.n ? 1 + random_below(random, f.n - begin) : 0;
    size_t n = 0;
    if (random_below(random, 2))
        begin = 0, count = random_below(random, 2) ? f.n : count;
    to[0] = '\0';
    for (unsigned i = begin; i < begin + count && n + 24 < size; i++) {
        const uint16_t *set = pinyin_set(f.c[i]);
        unsigned readings = 0, how = style == 4 ? random_below(random, 4) : style;
        while (set[readings])
            readings++;
        if (how == 0 || readings == 0) {
            char utf8[8];
            uint32_t c = f.c[i];
            if (c < 0x80)
                snprintf(utf8, sizeof utf8, "%c", (char)c);
            else if (c < 0x800)
                snprintf(utf8, sizeof utf8, "%c%c", (char)(0xC0 | c >> 6), (char)(0x80 | (c & 63)));
            else if (c < 0x10000)
                snprintf(utf8, sizeof utf8, "%c%c%c", (char)(0xE0 | c >> 12),
                         (char)(0x80 | (c >> 6 & 63)), (char)(0x80 | (c & 63)));
            else
                snprintf(utf8, sizeof utf8, "%c%c%c%c", (char)(0xF0 | c >> 18),
                         (char)(0x80 | (c >> 12 & 63)), (char)(0x80 | (c >> 6 & 63)),
                         (char)(0x80 | (c & 63)));
            n += (size_t)snprintf(to + n, size - n, "%s", utf8);
            continue;
        }
        const char *reading = pinyin_reading(set[random_below(random, readings)]);
        int letters = how == 2 ? 1 : how == 3 ? 1 + (int)random_below(random, 6) : 16;
        n += (size_t)snprintf(to + n, size - n, "%.*s%s", letters, reading,
                              random_below(random, 4) ? "" : " ");
    }
}

static void test_people_name_index__as_the_oracle(void **state)
{
    (void)state;
    uint64_t random = seed;
    for (size_t batches = 1; batches <= 3; batches += 2) {
        struct sample *s = make_sample(&random, batches);
        for (int round = 0; round < ROUNDS; round++) {
            char query[256];
            make_query(&random, s->names[random_below(&random, NAMES)], query, sizeof query);
            check_query(s, query);
        }
        static const char *const fixed[] = {
            "",        " ",           "a",        "e",         "l",    "z",        "zh",
            "li",      "wei",         "zhangwei", "zhang wei", "zw",   "zhangw",   "zhang  w",
            "xi an",   "xian",        "xi'an",    "lv",        "lu",   "lyu",      "dan",
            "shan",    "单",          "张w",      "ZHANG",     "ｚｗ", "·",        "买买提",
            "maria g", "mariagarcia", "oneil",    "müller",    "𠮷",   "𠀀",       "moqi",
            "yuchi",   "ouyang",      "q",        "张伟国华",  "~",    "wang w w", "n",
            "ng",      "r",           "\xFF",
        };
        for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
            check_query(s, fixed[i]);
        free_sample(s);
    }
}

static void test_people_name_index__exact_as_the_oracle(void **state)
{
    (void)state;
    uint64_t random = seed;
    struct error e = {0};
    struct sample *s = make_sample(&random, 2);
    for (int i = 0; i < NAMES; i++) {
        struct folded q = fold(s->names[i]);
        size_t total = 0;
        for (int k = 0; k < NAMES; k++) {
            struct folded name = fold(s->names[k]);
            total += name.n == q.n && memcmp(name.c, q.c, q.n * sizeof *q.c) == 0;
        }
        int64_t ids[5];
        struct name_found found = name_index_exact(s->index, slice_from(s->names[i]), ids, 5);
        assert_int_equal(found.total, total);
        assert_int_equal(found.count, total < 5 ? total : 5);
        for (size_t k = 1; k < found.count; k++)
            assert_true(ids[k - 1] < ids[k]);
    }
    int64_t id;
    assert_int_equal(name_index_exact(s->index, SLICE_LITERAL("没有这个人"), &id, 1).total, 0);
    assert_int_equal(name_index_exact(s->index, SLICE_LITERAL(" · "), &id, 1).total, 0);
    struct name_found found;
    char too_long[NAME_QUERY_MAX + 2];
    memset(too_long, 'a', sizeof too_long - 1);
    too_long[sizeof too_long - 1] = '\0';
    assert_int_equal(name_index_search(s->index, slice_from(too_long), &id, 1, &found, &e), 0);
    assert_int_equal(found.total, 0);
    free_sample(s);
}

static struct name_index *index_of(const char *const *names, size_t n)
{
    struct name_batch *batch = name_batch_new();
    struct name_index *index = NULL;
    struct error e = {0};
    for (size_t i = 0; i < n; i++)
        assert_int_equal(name_batch_add(batch, (int64_t)i + 1, slice_from(names[i]), &e), 0);
    assert_int_equal(name_index_build(&batch, 1, &index, &e), 0);
    assert_null(batch);
    return index;
}

/* The ids found, as text, so that an expectation can be read. */
static void expect(const struct name_index *index, const char *query, const char *expected)
{
    int64_t ids[20];
    struct name_found found;
    struct error e = {0};
    char text[128] = "";
    size_t n = 0;
    assert_int_equal(name_index_search(index, slice_from(query), ids, 20, &found, &e), 0);
    for (size_t i = 0; i < found.count; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%d", i ? " " : "", (int)ids[i]);
    if (strcmp(text, expected) != 0)
        fail_msg("'%s' finds %s, not %s", query, text, expected);
}

static void test_people_name_index__examples(void **state)
{
    (void)state;
    static const char *const names[] = {
        "张伟",        /* 1 */
        "张伟国",      /* 2 */
        "小张伟",      /* 3 */
        "单雄信",      /* 4 */
        "吕略",        /* 5 */
        "尉迟恭",      /* 6 */
        "买买提·艾力", /* 7 */
        "Wei Zhang",   /* 8 */
        "張偉",        /* 9 */
        "张维",        /* 10 */
        "西安",        /* 11 */
        "先",          /* 12 */
    };
    struct name_index *index = index_of(names, sizeof names / sizeof *names);
    expect(index, "张伟", "1 2 3");
    expect(index, "張偉", "9");
    expect(index, "zhangwei", "1 10 9 2 3");
    expect(index, "zhang wei", "1 10 9 2 3");
    expect(index, "ZW", "1 10 9 2 3");
    expect(index, "zhangw", "1 10 9 2 3");
    expect(index, "张w", "1 10 2 3");
    expect(index, "wei", "8 6 3 1 2 10 9");
    expect(index, "shan", "4");
    expect(index, "danxx", "4");
    expect(index, "lvlue", "5");
    expect(index, "lü lüe", "5");
    expect(index, "lyulyue", "5");
    expect(index, "yuchigong", "6");
    expect(index, "weichi", "6");
    expect(index, "买买提艾力", "7");
    expect(index, "艾力", "7");
    expect(index, "mmt·al", "7");
    expect(index, "zhang", "1 2 10 9 8 3");
    expect(index, "xian", "12 11");
    expect(index, "xi'an", "11");
    expect(index, "没有", "");
    name_index_free(index);
}

static void test_people_name_index__odd_input(void **state)
{
    (void)state;
    struct name_index *index = index_of(NULL, 0);
    expect(index, "a", "");
    name_index_free(index);

    char long_name[2000];
    memset(long_name, 'b', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    const char *const names[] = {"",
                                 "  ",
                                 long_name,
                                 "\xE5\xBC",
                                 "a\xFF"
                                 "b",
                                 "张\xF0\x9F"};
    index = index_of(names, 6);
    assert_int_equal(name_index_measure(index).entries, 4);
    expect(index, "bbb", "3");
    expect(index, "a\xEF\xBF\xBD", "5");
    expect(index, "张", "6");
    name_index_free(index);
    assert_null(name_index_free(NULL));
    assert_null(name_batch_free(NULL));
    struct error e = {0};
    index = NULL;
    assert_int_equal(name_index_build(NULL, 0, &index, &e), 0);
    expect(index, "a", "");
    name_index_free(index);
}

int main(void)
{
    seed = random_seed();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_name_index__examples),
        cmocka_unit_test(test_people_name_index__odd_input),
        cmocka_unit_test(test_people_name_index__as_the_oracle),
        cmocka_unit_test(test_people_name_index__exact_as_the_oracle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
