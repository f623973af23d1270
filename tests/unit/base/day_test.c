/* Days against a calendar that counts one day at a time. */
#include "base/day.h"
#include "base/interval.h"

#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

struct date {
    int y, m, d;
};

static int length_of(int y, int m)
{
    if (m == 2)
        return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0 ? 29 : 28;
    return m == 4 || m == 6 || m == 9 || m == 11 ? 30 : 31;
}

static struct date tomorrow(struct date t)
{
    if (++t.d > length_of(t.y, t.m)) {
        t.d = 1;
        if (++t.m > 12)
            t.m = 1, t.y++;
    }
    return t;
}

static void every_day_there_is(void **state)
{
    struct date t = {1, 1, 1};
    for (day d = DAY_FIRST; d <= DAY_LAST; d++, t = tomorrow(t)) {
        struct date got;
        day back;
        day_to_date(d, &got.y, &got.m, &got.d);
        if (got.y != t.y || got.m != t.m || got.d != t.d)
            fail_msg("day %d is %d-%d-%d, not %d-%d-%d", d, t.y, t.m, t.d, got.y, got.m, got.d);
        if (!day_from_date(t.y, t.m, t.d, &back) || back != d)
            fail_msg("%d-%d-%d is not day %d", t.y, t.m, t.d, d);
        char text[DAY_TEXT], want[64];
        snprintf(want, sizeof want, "%04d-%02d-%02d", t.y, t.m, t.d);
        if (strcmp(day_format(d, text), want) != 0 || !day_parse(slice_from(text), &back) ||
            back != d)
            fail_msg("%s is written %s", want, text);
    }
    assert_int_equal(t.y, 10000);
}

static void known_days(void **state)
{
    static const struct {
        const char *text;
        day d;
    } known[] = {{"1970-01-01", 0},     {"1969-12-31", -1},        {"2000-02-29", 11016},
                 {"2024-02-29", 19782}, {"0001-01-01", DAY_FIRST}, {"9999-12-31", DAY_LAST}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        day d;
        assert_true(day_parse(slice_from(known[i].text), &d));
        assert_int_equal(d, known[i].d);
    }
}

static void what_is_no_day(void **state)
{
    static const char *const wrong[] = {
        "",           "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31",
        "2024-01-00", "0000-01-01", "2024-1-01",  "2024/01/01", "2024-01-1",  "2024-01-011",
        " 2024-01-1", "+024-01-01", "2024-01-0x", "20240101",   "2024-01--1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        day d = 7;
        assert_false(day_parse(slice_from(wrong[i]), &d));
        assert_int_equal(d, 7);
    }
    day d = 7;
    assert_false(day_parse(SLICE_NONE, &d));
    assert_false(day_from_date(10000, 1, 1, &d));
    assert_false(day_from_date(2024, 2, 30, &d));
}

static void the_ends_have_no_text(void **state)
{
    char text[DAY_TEXT] = "x";
    assert_string_equal(day_format(DAY_FOREVER, text), "");
    assert_string_equal(day_format(DAY_BEGINNING, text), "");
}

static day at(const char *text)
{
    day d;
    assert_true(day_parse(slice_from(text), &d));
    return d;
}

static void assert_day(day got, const char *want)
{
    char text[DAY_TEXT];
    assert_string_equal(day_format(got, text), want);
}

static void months_end_at_the_last_day(void **state)
{
    assert_day(day_add_months(at("2024-01-31"), 1), "2024-02-29");
    assert_day(day_add_months(at("2023-01-31"), 1), "2023-02-28");
    assert_day(day_add_months(at("2023-08-31"), 6), "2024-02-29");
    assert_day(day_add_months(at("2023-12-15"), 1), "2024-01-15");
    assert_day(day_add_months(at("2024-03-31"), -1), "2024-02-29");
    assert_day(day_add_months(at("2024-02-29"), 12), "2025-02-28");
    assert_day(day_add_months(at("2024-02-29"), 48), "2028-02-29");
    assert_day(day_add_months(at("2024-02-29"), -1), "2024-01-29");
    assert_day(day_anniversary(at("2008-02-29"), 18), "2026-02-28");
    assert_day(day_anniversary(at("2008-02-29"), 16), "2024-02-29");
}

static void months_against_the_slow_way(void **state)
{
    uint64_t seed = random_seed();
    for (int i = 0; i < 200000; i++) {
        day from = DAY_FIRST + (day)random_below(&seed, DAY_LAST - DAY_FIRST + 1);
        if (random_below(&seed, 3) == 0) { /* around the end of February */
            int year = 1 + (int)random_below(&seed, 9999);
            day_from_date(year, 2, 28, &from);
            from += (day)random_below(&seed, 3);
        }
        int months = (int)random_below(&seed, 2000) - 1000;
        struct date t;
        day_to_date(from, &t.y, &t.m, &t.d);
        for (int left = months; left > 0; left--)
            if (++t.m > 12)
                t.m = 1, t.y++;
        for (int left = months; left < 0; left++)
            if (--t.m < 1)
                t.m = 12, t.y--;
        day want;
        if (t.y < 1)
            want = DAY_BEGINNING;
        else if (t.y > 9999)
            want = DAY_FOREVER;
        else
            day_from_date(t.y, t.m, t.d > length_of(t.y, t.m) ? length_of(t.y, t.m) : t.d, &want);
        if (day_add_months(from, months) != want)
            fail_msg("day %d and %d months", from, months);
    }
}

static void the_ends_stay(void **state)
{
    assert_int_equal(day_add_months(DAY_FOREVER, -6), DAY_FOREVER);
    assert_int_equal(day_add_months(DAY_BEGINNING, 6), DAY_BEGINNING);
    assert_int_equal(day_add_days(DAY_FOREVER, -1), DAY_FOREVER);
    assert_int_equal(day_add_days(DAY_BEGINNING, 1), DAY_BEGINNING);
    assert_int_equal(day_add_days(DAY_LAST, 1), DAY_FOREVER);
    assert_int_equal(day_add_days(DAY_FIRST, -1), DAY_BEGINNING);
    assert_int_equal(day_add_days(0, INT64_MAX), DAY_FOREVER);
    assert_int_equal(day_add_days(-1, INT64_MIN), DAY_BEGINNING);
    assert_int_equal(day_add_months(0, INT32_MAX), DAY_FOREVER);
    assert_int_equal(day_add_months(0, INT32_MIN), DAY_BEGINNING);
    assert_int_equal(day_anniversary(0, INT32_MAX), DAY_FOREVER);
    assert_int_equal(day_add_days(DAY_FIRST, DAY_LAST - DAY_FIRST), DAY_LAST);
}

static void durations(void **state)
{
    static const struct {
        const char *text;
        struct duration want;
    } good[] = {{"P6M", {0, 6, 0, 0}},   {"P3Y", {3, 0, 0, 0}},       {"P1Y2M3W4D", {1, 2, 3, 4}},
                {"P0D", {0, 0, 0, 0}},   {"P9999D", {0, 0, 0, 9999}}, {"P10W", {0, 0, 10, 0}},
                {"P1Y6D", {1, 0, 0, 6}}, {"P06M", {0, 6, 0, 0}}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct duration got = {-1, -1, -1, -1};
        assert_true(duration_parse(slice_from(good[i].text), &got));
        assert_memory_equal(&got, &good[i].want, sizeof got);
    }
    static const char *const wrong[] = {"",      "P",       "6M",   "P6",      "PM",   "P6M6Y",
                                        "P6M6M", "P10000D", "P-6M", "P1.5Y",   "PT6H", "P6MT1H",
                                        "p6m",   "P 6M",    "P6M ", "P00006M", "P6X"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct duration got = {-1, -1, -1, -1};
        assert_false(duration_parse(slice_from(wrong[i]), &got));
        assert_int_equal(got.years, -1);
    }
    assert_day(day_add_duration(at("2024-01-31"), (struct duration){0, 1, 1, 1}), "2024-03-08");
    assert_day(day_add_duration(at("2023-02-28"), (struct duration){1, 0, 0, 1}), "2024-02-29");
}

static void today_can_be_set(void **state)
{
    setenv("HUMIAO_TODAY", "2024-06-30", 1);
    assert_day(day_today(), "2024-06-30");
    setenv("HUMIAO_TODAY", "2024-06-31", 1);
    day now = (day)((time(NULL) + 8 * 3600) / 86400), today = day_today();
    assert_true(today == now || today == now + 1); /* midnight may pass in between */
    unsetenv("HUMIAO_TODAY");
}

static void instants_fall_on_days(void **state)
{
    static const struct {
        int64_t seconds;
        const char *day;
        int hour;
    } rows[] = {
        {0, "1970-01-01", 8},          {1795449599, "2026-11-23", 23},
        {1795449600, "2026-11-24", 0}, {1795474799, "2026-11-24", 6},
        {1795474800, "2026-11-24", 7}, {-28800, "1970-01-01", 0},
        {-28801, "1969-12-31", 23},    {-115201, "1969-12-30", 23},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int64_t part = 0; part < 1000000; part += 999999) {
            assert_day(day_of_instant(rows[i].seconds * 1000000 + part), rows[i].day);
            assert_int_equal(hour_of_instant(rows[i].seconds * 1000000 + part), rows[i].hour);
        }
}

static void intervals(void **state)
{
    struct interval june = {at("2024-06-01"), at("2024-07-01")},
                    open = {at("2024-06-15"), DAY_FOREVER};
    assert_true(interval_holds(june, at("2024-06-30")));
    assert_false(interval_holds(june, at("2024-07-01")));
    struct interval both = interval_meet(june, open);
    assert_int_equal(both.from, open.from);
    assert_int_equal(both.to, june.to);
    assert_true(interval_empty(interval_meet(june, (struct interval){june.to, DAY_FOREVER})));
    assert_false(interval_empty(INTERVAL_ALWAYS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_there_is),
        cmocka_unit_test(known_days),
        cmocka_unit_test(what_is_no_day),
        cmocka_unit_test(the_ends_have_no_text),
        cmocka_unit_test(months_end_at_the_last_day),
        cmocka_unit_test(months_against_the_slow_way),
        cmocka_unit_test(the_ends_stay),
        cmocka_unit_test(durations),
        cmocka_unit_test(today_can_be_set),
        cmocka_unit_test(instants_fall_on_days),
        cmocka_unit_test(intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
