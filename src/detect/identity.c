#include "detect/scan.h"

#include "base/day.h"
#include "people/id_number.h"

/* GB/T 2260: the provinces that are assigned. */
static bool is_province(int code)
{
    return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) ||
           (code >= 41 && code <= 46) || (code >= 50 && code <= 54) || (code >= 61 && code <= 65) ||
           code == 71 || (code >= 81 && code <= 83);
}

static bool all_digits(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    return true;
}

static int number(const char *p, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (p[i] - '0');
    return value;
}

/* A province, 9999 of tests, or the 9 of a foreigner's card and a province. */
static bool prefix_fits(const char *p)
{
    if (!all_digits(p, 6))
        return false;
    return is_province(number(p, 2)) || memcmp(p, "9999", 4) == 0 ||
           (p[0] == '9' && is_province(number(p + 1, 2)));
}

static bool birth_fits(const char *p)
{
    day ignored;
    if (!(p[0] == '1' && p[1] == '9') && !(p[0] == '2' && p[1] == '0'))
        return false;
    return all_digits(p, 8) && number(p, 4) < 2040 &&
           day_from_date(number(p, 4), number(p + 4, 2), number(p + 6, 2), &ignored);
}

bool identity_is_good(const char digits[18])
{
    return prefix_fits(digits) && birth_fits(digits + 6) && all_digits(digits + 14, 3) &&
           id_number_check_digit(digits) == digits[17];
}

/* One of 18 is another. The last four hold no proof but the check digit; of the rest one change must
 * make all of it good. */
static bool near_by_change(const char *digits)
{
    char tried[18];
    if (!all_digits(digits, 17))
        return false;
    if (prefix_fits(digits) && birth_fits(digits + 6))
        return true;
    memcpy(tried, digits, 18);
    for (size_t i = 0; i < 14; i++) {
        for (int c = '0'; c <= '9'; c++) {
            tried[i] = (char)c;
            if (c != digits[i] && identity_is_good(tried))
                return true;
        }
        tried[i] = digits[i];
    }
    return false;
}

/* One of 18 is missing. In the place where any is, one digit of eleven makes the check right. */
static bool near_by_missing(const char *digits)
{
    char tried[18];
    for (size_t i = 0; i < 18; i++) {
        memcpy(tried, digits, i);
        memcpy(tried + i + 1, digits + i, 17 - i);
        for (int c = '0'; c <= '9' + (i == 17); c++) {
            tried[i] = c > '9' ? 'X' : (char)c;
            if (identity_is_good(tried))
                return true;
        }
    }
    return false;
}

static bool near_by_added(const char *digits)
{
    char tried[18];
    for (size_t i = 0; i < 19; i++) {
        memcpy(tried, digits, i < 18 ? i : 18);
        if (i < 18)
            memcpy(tried + i, digits + i + 1, 18 - i);
        if (identity_is_good(tried))
            return true;
    }
    return false;
}

bool identity_is_near(const char *digits, size_t n)
{
    switch (n) {
    case 17: return near_by_missing(digits);
    case 18: return near_by_change(digits);
    case 19: return near_by_added(digits);
    default: return false;
    }
}
