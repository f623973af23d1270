/* Dates in all their spellings against a slow oracle that counts days one by one; and what must be refused. */
#include "../base/random.h"
#include "feed_bench.h"

/* ---- the oracle: a calendar that is walked ---- */

#define FIRST_YEAR 1850
#define LAST_YEAR 2250

struct walked {
    int year, month, dom;
};

static int length_of(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return lengths[month - 1] + (month == 2 && leap);
}

static struct walked *walk(struct arena *a, size_t *ret_count)
{
    struct walked *days = ARENA_ARRAY(a, (LAST_YEAR - FIRST_YEAR + 1) * 366, struct walked);
    size_t n = 0;

    for (int y = FIRST_YEAR; y <= LAST_YEAR; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; d <= length_of(y, m); d++)
                days[n++] = (struct walked){y, m, d};
    *ret_count = n;
    return days;
}

/* The day 45473 after 1899-12-30 by counting. */
static size_t serial_zero(const struct walked *days)
{
    size_t i = 0;

    while (days[i].year != 1899 || days[i].month != 12 || days[i].dom != 30)
        i++;
    return i;
}

/* ---- spellings ---- */

static const char *const digit[] = {"〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"};

static const char *spelt(struct arena *a, int n, uint64_t *seed)
{
    const char *ones = n % 10 ? digit[n % 10] : "";

    if (n < 10)
        return random_below(seed, 3) ? digit[n] : arena_printf(a, "〇%s", digit[n]);
    if (n < 20)
        return arena_printf(a, "十%s", ones);
    if (random_below(seed, 2))
        return arena_printf(a, "%s%s", n < 30 ? "廿" : "卅", ones);
    return arena_printf(a, "%s十%s", digit[n / 10], ones);
}

static const char *wide(struct arena *a, const char *text)
{
    const char *ret = "";

    for (const char *p = text; *p; p++)
        ret = *p >= '0' && *p <= '9' ? arena_printf(a, "%s\xEF\xBC%c", ret, *p - '0' + 0x90)
                                     : arena_printf(a, "%s%c", ret, *p);
    return ret;
}

static const char *with_time(struct arena *a, const char *date, uint64_t *seed)
{
    static const char *const times[] = {
        "",          " 00:00:00",  " 0:00",       "T08:30:00",       " 23:59:59.999", " 8时30分",
        " 上午9:15", " 下午 3:05", " 9:15:00 PM", "T08:30:00+08:00", " 星期日",       " 8点"};

    return arena_printf(a, "%s%s", date, times[random_below(seed, sizeof times / sizeof times[0])]);
}

static const char *spell(struct arena *a, struct walked d, uint64_t *seed)
{
    static const char *const separators[] = {"-", "/", "."};
    const char *sep = separators[random_below(seed, 3)];

    switch (random_below(seed, 7)) {
    case 0:
        return with_time(a, arena_printf(a, "%04d%s%02d%s%02d", d.year, sep, d.month, sep, d.dom),
                         seed);
    case 1:
        return with_time(a, arena_printf(a, "%d%s%d%s%d", d.year, sep, d.month, sep, d.dom), seed);
    case 2: return with_time(a, arena_printf(a, "%04d%02d%02d", d.year, d.month, d.dom), seed);
    case 3: return with_time(a, arena_printf(a, "%d年%d月%d日", d.year, d.month, d.dom), seed);
    case 4: return arena_printf(a, " %d 年 %02d 月 %02d 号 ", d.year, d.month, d.dom);
    case 5: return wide(a, arena_printf(a, "%d-%d-%d", d.year, d.month, d.dom));
    default:
        return arena_printf(
            a, "%s%s%s%s年%s月%s日", digit[d.year / 1000],
            random_below(seed, 2) && d.year / 100 % 10 == 0 ? "零" : digit[d.year / 100 % 10],
            digit[d.year / 10 % 10], digit[d.year % 10], spelt(a, d.month, seed),
            spelt(a, d.dom, seed));
    }
}

static int read(struct arena *a, const char *text, enum sheet_cell_kind kind, struct slice *ret,
                struct error *e)
{
    struct feed_column c = {.name = "c", .form = FORM_DATE};

    return feed_read_cell(&c, &(struct sheet_cell){slice_from(text), kind}, a, ret, e);
}

static void expect(struct arena *a, const char *text, enum sheet_cell_kind kind, struct walked d)
{
    struct error e = {.language = LANGUAGE_EN};
    struct slice got = SLICE_LITERAL("(refused)");

    read(a, text, kind, &got, &e);
    if (!slice_is(got, arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.dom)))
        fail_msg("“%s” is read as %.*s, not %04d-%02d-%02d", text, (int)got.n, got.p, d.year,
                 d.month, d.dom);
}

static void test_date__every_spelling(void **state)
{
    ARENA_AUTO(calendar);
    uint64_t seed = random_seed();
    size_t count;
    struct walked *days = walk(&calendar, &count);

    for (int i = 0; i < 20000; i++) {
        ARENA_AUTO(a);
        struct walked d = days[random_below(&seed, (unsigned)count)];
        expect(&a, spell(&a, d, &seed), CELL_TEXT, d);
    }
}

static void test_date__serials(void **state)
{
    ARENA_AUTO(calendar);
    size_t count;
    struct walked *days = walk(&calendar, &count);
    size_t zero = serial_zero(days);

    for (int serial = 10000; serial < 99999 && zero + (size_t)serial < count; serial += 7) {
        ARENA_AUTO(a);
        struct walked d = days[zero + (size_t)serial];
        expect(&a, arena_printf(&a, "%d", serial), CELL_TEXT, d);
        expect(&a, arena_printf(&a, "%d", serial), CELL_NUMBER, d);
        expect(&a, arena_printf(&a, "%d.75", serial), CELL_NUMBER, d);
    }
}

/* What is one letter off is refused or another day of the calendar, never a crash and never a day that is none. */
static void test_date__damaged(void **state)
{
    ARENA_AUTO(calendar);
    uint64_t seed = random_seed();
    size_t count;
    struct walked *days = walk(&calendar, &count);

    for (int i = 0; i < 20000; i++) {
        ARENA_AUTO(a);
        const char *good = spell(&a, days[random_below(&seed, (unsigned)count)], &seed);
        char *text = arena_string(&a, slice_from(good));
        text[random_below(&seed, (unsigned)strlen(text))] =
            "0123456789-/.T :x"[random_below(&seed, 17)];
        struct error e = {.language = LANGUAGE_EN};
        struct slice got;
        day d;
        if (read(&a, text, CELL_TEXT, &got, &e) == 0)
            assert_true(got.n == 0 || day_parse(got, &d));
        else
            assert_true(e.hint[0] != '\0');
    }
}

static void test_date__refused(void **state)
{
    static const char *const texts[] = {"24-06-30",
                                        "24年6月30日",
                                        "二四年六月三十日",
                                        "31/12/2024",
                                        "12-31-2024",
                                        "2024-13-01",
                                        "2024-02-30",
                                        "2023-02-29",
                                        "20241301",
                                        "20240631",
                                        "2024-06/30",
                                        "2024-6",
                                        "2024年6月",
                                        "2024年",
                                        "202406",
                                        "240630",
                                        "2024-00-10",
                                        "2024-06-00",
                                        "1024-06-30",
                                        "0024-06-30",
                                        "2024-06-30x",
                                        "2024-06-30 25:00",
                                        "2024-06-30 8",
                                        "2024-06-30 13:00 PM",
                                        "2024-06-30 08:61",
                                        "2024年13月1日",
                                        "2024年6月31日",
                                        "六月三十日",
                                        "二〇二四年六月初五",
                                        "昨天",
                                        "45473.5",
                                        "100000",
                                        "9999",
                                        "1234567",
                                        "2024年6月三十一十日",
                                        "20240630246060",
                                        "2024-06-30T08:00:00+99:00",
                                        "2024-006-30",
                                        "2024--06-30"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ARENA_AUTO(a);
        struct error e = {.language = LANGUAGE_EN};
        struct slice got;
        if (read(&a, texts[i], CELL_TEXT, &got, &e) != -ERR_DATE)
            fail_msg("“%s” was read as %.*s", texts[i], (int)got.n, got.p);
        assert_true(e.hint[0] != '\0');
        assert_null(strstr(e.detail, texts[i]));
    }
}

/* Another zone's evening is our next morning. */
static void test_date__zones(void **state)
{
    ARENA_AUTO(a);

    expect(&a, "2024-06-30T20:00:00Z", CELL_TEXT, (struct walked){2024, 7, 1});
    expect(&a, "2024-06-30T15:59:59Z", CELL_TEXT, (struct walked){2024, 6, 30});
    expect(&a, "2024-07-01T02:00:00+14:00", CELL_TEXT, (struct walked){2024, 6, 30});
    expect(&a, "2024-06-30T23:00:00-12:00", CELL_TEXT, (struct walked){2024, 7, 1});
    expect(&a, "2024-06-30T24:00:00", CELL_TEXT, (struct walked){2024, 6, 30});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date__every_spelling), cmocka_unit_test(test_date__serials),
        cmocka_unit_test(test_date__damaged),        cmocka_unit_test(test_date__refused),
        cmocka_unit_test(test_date__zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
