/* The time behind a date: read so that what is no time is refused, and so that another zone's day becomes ours. */
#include "intake/feed_inside.h"

#define DAY_SECONDS 86400
#define SHANGHAI (8 * 3600)

/* Digits at the beginning, from `least` to `most` of them. */
static bool take_digits(struct slice *text, size_t least, size_t most, int *ret)
{
    size_t n = 0;
    int v = 0;

    while (n < text->n && n < most && text->p[n] >= '0' && text->p[n] <= '9')
        v = v * 10 + (text->p[n++] - '0');
    if (n < least)
        return false;
    *text = (struct slice){text->p + n, text->n - n};
    *ret = v;
    return true;
}

/* 1: before noon; 2: after; 0: not said. */
static int take_half(struct slice *text)
{
    if (feed_take(text, "上午") || feed_take(text, "AM") || feed_take(text, "am"))
        return 1;
    return feed_take(text, "下午") || feed_take(text, "PM") || feed_take(text, "pm") ? 2 : 0;
}

static void take_weekday(struct slice *text)
{
    static const char *const names[] = {"一", "二", "三", "四", "五", "六", "日", "天"};
    struct slice rest = *text;
    bool bracket = feed_take(&rest, "(");

    if (!feed_take(&rest, "星期") && !feed_take(&rest, "周"))
        return;
    for (size_t i = 0; i < COUNT(names); i++)
        if (feed_take(&rest, names[i])) {
            if (bracket && !feed_take(&rest, ")"))
                return;
            feed_take_blanks(&rest);
            *text = rest;
            return;
        }
}

static bool take_seconds(struct slice *text, int *ret)
{
    int fraction;

    if (!take_digits(text, 1, 2, ret))
        return false;
    if (feed_take(text, ".") && !take_digits(text, 1, 9, &fraction))
        return false;
    feed_take(text, "秒");
    return *ret <= 60;
}

static bool take_clock(struct slice *text, int *ret)
{
    int hour, minute = 0, second = 0, half = take_half(text);

    feed_take_blanks(text);
    if (!take_digits(text, 1, 2, &hour))
        return false;
    if (feed_take(text, ":")) {
        if (!take_digits(text, 2, 2, &minute) ||
            (feed_take(text, ":") && !take_seconds(text, &second)))
            return false;
    } else if (feed_take(text, "时") || feed_take(text, "点")) {
        if (take_digits(text, 1, 2, &minute) &&
            (!feed_take(text, "分") ||
             (text->n > 0 && text->p[0] != ' ' && !take_seconds(text, &second))))
            return false;
    } else
        return false;
    feed_take_blanks(text);
    if (half == 0)
        half = take_half(text);
    if (half && (hour < 1 || hour > 12))
        return false;
    hour = half == 1 && hour == 12 ? 0 : half == 2 && hour < 12 ? hour + 12 : hour;
    *ret = hour * 3600 + minute * 60 + second;
    return hour <= 24 && minute <= 59 && *ret <= DAY_SECONDS;
}

static bool take_zone(struct slice *text, bool *ret_given, int *ret)
{
    bool west = text->n > 0 && text->p[0] == '-';
    int hours, minutes = 0;

    *ret_given = true;
    *ret = 0;
    if (feed_take(text, "Z") || feed_take(text, "z"))
        return true;
    *ret_given = feed_take(text, "+") || feed_take(text, "-");
    if (!*ret_given)
        return true;
    if (!take_digits(text, 2, 2, &hours))
        return false;
    feed_take(text, ":");
    if (text->n > 0 && !take_digits(text, 2, 2, &minutes))
        return false;
    *ret = (west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return hours <= 23 && minutes <= 59;
}

bool feed_time_read(struct slice text, struct feed_moment *io)
{
    bool zoned;
    int second, offset;

    if (!feed_take(&text, "T"))
        feed_take(&text, "t");
    feed_take_blanks(&text);
    take_weekday(&text);
    if (text.n == 0)
        return true;
    if (!take_clock(&text, &second) || !take_zone(&text, &zoned, &offset) || text.n > 0)
        return false;
    if (zoned) {
        second += SHANGHAI - offset;
        io->day += second < 0 ? -1 : second / DAY_SECONDS;
        second = (second + DAY_SECONDS) % DAY_SECONDS;
    }
    io->second = second < DAY_SECONDS ? second : DAY_SECONDS - 1;
    return true;
}
