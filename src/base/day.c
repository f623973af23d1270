#include "base/day.h"

#include <stdlib.h>
#include <time.h>

/* Both conversions follow C. Neri and L. Schneider, "Euclidean affine functions and their application
 * to calendar algorithms" (Software: Practice and Experience, 2023): years begin on 1 March, so that
 * the leap day is the last of its year, and each division is a multiplication and a shift. */
#define DAYS_BEFORE_EPOCH 719468 /* 0000-03-01 to 1970-01-01 */

static bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int month_length(int year, int month)
{
    static const int8_t length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : length[month - 1];
}

static day from_date(int year, int month, int dom)
{
    bool before_march = month <= 2;
    uint32_t y = (uint32_t)year - before_march;
    uint32_t m = (uint32_t)month + (before_march ? 12 : 0);
    uint32_t century = y / 100;
    uint32_t year_days = 1461 * y / 4 - century + century / 4;
    uint32_t month_days = (979 * m - 2919) / 32;
    return (day)(year_days + month_days + (uint32_t)dom - 1) - DAYS_BEFORE_EPOCH;
}

bool day_from_date(int year, int month, int dom, day *ret)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || dom < 1 ||
        dom > month_length(year, month))
        return false;
    *ret = from_date(year, month, dom);
    return true;
}

static bool is_written(day d) { return d >= DAY_FIRST && d <= DAY_LAST; }

void day_to_date(day d, int *ret_year, int *ret_month, int *ret_dom)
{
    if (!is_written(d)) {
        *ret_year = *ret_month = *ret_dom = 0;
        return;
    }
    uint32_t n1 = 4 * (uint32_t)(d + DAYS_BEFORE_EPOCH) + 3;
    uint32_t century = n1 / 146097;
    uint32_t n2 = (n1 % 146097) | 3;
    uint64_t product = (uint64_t)2939745 * n2;
    uint32_t year_of_century = (uint32_t)(product >> 32);
    uint32_t day_of_year = (uint32_t)product / 2939745 / 4;
    uint32_t n3 = 2141 * day_of_year + 197913;
    bool after_december = day_of_year >= 306;
    *ret_year = (int)(100 * century + year_of_century + after_december);
    *ret_month = (int)(n3 >> 16) - (after_december ? 12 : 0);
    *ret_dom = (int)((n3 & 0xFFFF) / 2141) + 1;
}

static bool read_digits(const char *p, int count, int *ret)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        unsigned digit = (unsigned char)p[i] - (unsigned)'0';
        if (digit > 9)
            return false;
        value = value * 10 + (int)digit;
    }
    *ret = value;
    return true;
}

bool day_parse(struct slice s, day *ret)
{
    int year, month, dom;
    return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' && read_digits(s.p, 4, &year) &&
           read_digits(s.p + 5, 2, &month) && read_digits(s.p + 8, 2, &dom) &&
           day_from_date(year, month, dom, ret);
}

static void write_digits(char *p, int count, int value)
{
    for (int i = count - 1; i >= 0; i--) {
        p[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

const char *day_format(day d, char buffer[DAY_TEXT])
{
    if (!is_written(d)) {
        buffer[0] = '\0';
        return buffer;
    }
    int year, month, dom;
    day_to_date(d, &year, &month, &dom);
    write_digits(buffer, 4, year);
    write_digits(buffer + 5, 2, month);
    write_digits(buffer + 8, 2, dom);
    buffer[4] = buffer[7] = '-';
    buffer[10] = '\0';
    return buffer;
}

static day within(int64_t d)
{
    return d > DAY_LAST ? DAY_FOREVER : d < DAY_FIRST ? DAY_BEGINNING : (day)d;
}

static day add_months(day d, int64_t months)
{
    if (!is_written(d))
        return within(d);
    int year, month, dom;
    day_to_date(d, &year, &month, &dom);
    int64_t total = (int64_t)year * 12 + (month - 1) + months;
    if (total < 12)
        return DAY_BEGINNING;
    if (total >= 10000 * 12)
        return DAY_FOREVER;
    year = (int)(total / 12);
    month = (int)(total % 12) + 1;
    int length = month_length(year, month);
    return from_date(year, month, dom < length ? dom : length);
}

day day_add_months(day d, int months) { return add_months(d, months); }

day day_anniversary(day birth, int years) { return add_months(birth, (int64_t)years * 12); }

day day_add_days(day d, int64_t days)
{
    int64_t sum;
    if (!is_written(d))
        return within(d);
    if (__builtin_add_overflow((int64_t)d, days, &sum))
        return days > 0 ? DAY_FOREVER : DAY_BEGINNING;
    return within(sum);
}

/* Digits and a letter; at most four digits. Returns the bytes read, 0 when there is no such part. */
static size_t read_part(struct slice s, int *ret_value, char *ret_unit)
{
    size_t n = 0;
    while (n < s.n && n < 5 && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    if (n == 0 || n > 4 || n == s.n || !read_digits(s.p, (int)n, ret_value))
        return 0;
    *ret_unit = s.p[n];
    return n + 1;
}

bool duration_parse(struct slice s, struct duration *ret)
{
    static const char units[] = "YMWD";
    int32_t values[4] = {0};
    if (s.n < 3 || s.p[0] != 'P')
        return false;
    s.p++, s.n--;
    size_t next = 0; /* the first unit that may still come */
    while (s.n > 0) {
        int value;
        char unit;
        size_t n = read_part(s, &value, &unit);
        if (n == 0)
            return false;
        while (next < 4 && units[next] != unit)
            next++;
        if (next == 4)
            return false;
        values[next++] = value;
        s.p += n, s.n -= n;
    }
    *ret = (struct duration){values[0], values[1], values[2], values[3]};
    return true;
}

day day_add_duration(day d, struct duration length)
{
    d = add_months(d, (int64_t)length.years * 12 + length.months);
    return day_add_days(d, (int64_t)length.weeks * 7 + length.days);
}

day day_today(void)
{
    const char *stand_in = getenv("HUMIAO_TODAY");
    day today;
    if (stand_in && day_parse(slice_from(stand_in), &today))
        return today;
    int64_t seconds = (int64_t)time(NULL) + INT64_C(8) * 3600;
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    return within(days);
}

#define MICROSECONDS_OF_HOUR INT64_C(3600000000)

/* Whole hours of Shanghai since the beginning of 1970 there, rounded down. */
static int64_t hours_until(int64_t instant)
{
    return instant / MICROSECONDS_OF_HOUR - (instant % MICROSECONDS_OF_HOUR < 0) + 8;
}

day day_of_instant(int64_t instant)
{
    int64_t hours = hours_until(instant);

    return within(hours / 24 - (hours % 24 < 0));
}

int hour_of_instant(int64_t instant)
{
    int64_t hour = hours_until(instant) % 24;

    return (int)(hour < 0 ? hour + 24 : hour);
}
