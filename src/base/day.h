/* Civil days and lengths of time.
 *
 * A day is a whole day in Asia/Shanghai, counted from 1970-01-01 (which is 0) in the proleptic
 * Gregorian calendar; written days run from 0001-01-01 to 9999-12-31. There is no clock in here. */
#ifndef HUMIAO_BASE_DAY_H
#define HUMIAO_BASE_DAY_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

typedef int32_t day;

#define DAY_FOREVER INT32_MAX   /* the end of an interval that is open */
#define DAY_BEGINNING INT32_MIN /* before every day */
#define DAY_FIRST (-719162)     /* 0001-01-01 */
#define DAY_LAST 2932896        /* 9999-12-31 */

bool day_from_date(int year, int month, int dom, day *ret);
void day_to_date(day d, int *ret_year, int *ret_month, int *ret_dom);

/* Reads exactly YYYY-MM-DD; false where that is not a day of the calendar. */
bool day_parse(struct slice s, day *ret);

/* Writes YYYY-MM-DD and a NUL; DAY_FOREVER and DAY_BEGINNING give "". Returns `buffer`. */
#define DAY_TEXT 12
const char *day_format(day d, char buffer[DAY_TEXT]);

/* The corresponding day `months` later, else the last day of that month (Civil Code art. 201-202: the
 * first day is not counted). Beyond DAY_LAST the result is DAY_FOREVER, before DAY_FIRST
 * DAY_BEGINNING; the two ends stay what they are. */
day day_add_months(day d, int months);

/* The n-th birthday: the same day of the year, 28 February for 29 February in a common year. */
day day_anniversary(day birth, int years);

/* Days later (or earlier), with the same treatment of the ends. */
day day_add_days(day d, int64_t days);

/* An ISO 8601 duration without time of day. Not negative. */
struct duration {
    int32_t years, months, weeks, days;
};

/* Reads PnYnMnWnD with at least one part, parts in that order, each at most 9999; no fractions. */
bool duration_parse(struct slice s, struct duration *ret);

/* Years and months by day_add_months, then weeks and days. */
day day_add_duration(day d, struct duration length);

/* Today in Asia/Shanghai (UTC+8, no daylight saving since 1991). Reads the clock: for the edge of the
 * program only. HUMIAO_TODAY=YYYY-MM-DD stands in for the clock where a test or a trial sets it. */
day day_today(void);

/* The day, and the hour of that day (0 to 23), on which an instant falls in Asia/Shanghai. An instant
 * is microseconds since 1970, UTC. */
day day_of_instant(int64_t instant);
int hour_of_instant(int64_t instant);

#endif
