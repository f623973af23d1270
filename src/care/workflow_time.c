/* When a length of time ends: see workflow.h for what the ends are. */
#include "care/workflow_inside.h"

#define MINUTE INT64_C(60000000) /* in microseconds */
#define SHANGHAI (8 * 60 * MINUTE)
#define DAY_LENGTH (24 * 60 * MINUTE)

static int64_t day_begin(day d) { return (int64_t)d * DAY_LENGTH - SHANGHAI; }

/* The last microsecond of the day. */
static int64_t day_end(day d)
{
    if (d >= DAY_LAST)
        return WORKFLOW_NEVER;
    return day_begin(d < DAY_FIRST ? DAY_FIRST : d) + DAY_LENGTH - 1;
}

static int64_t minutes_end(int64_t minutes, int64_t from)
{
    int64_t end;
    if (__builtin_add_overflow(from, minutes * MINUTE + MINUTE - 1, &end))
        return WORKFLOW_NEVER;
    int64_t beyond = end % MINUTE;
    return end - (beyond < 0 ? beyond + MINUTE : beyond);
}

int64_t length_end(struct length l, int64_t from)
{
    if (from == WORKFLOW_NEVER)
        return WORKFLOW_NEVER;
    switch (l.unit) {
    case UNIT_MINUTES: return minutes_end(l.count, from);
    case UNIT_HOURS: return minutes_end(INT64_C(60) * l.count, from);
    case UNIT_DAYS: return day_end(day_add_days(day_of_instant(from), l.count));
    case UNIT_WEEKS: return day_end(day_add_days(day_of_instant(from), INT64_C(7) * l.count));
    case UNIT_MONTHS: return day_end(day_add_months(day_of_instant(from), l.count));
    case UNIT_COUNT: break;
    }
    return WORKFLOW_NEVER;
}

/* A level that there is not counts as the most urgent, and a length that a table does not give as a
 * day: workflow_check refuses such a table, and until then nothing waits for ever. */
static struct length length_at(const struct lengths *l, enum level level)
{
    unsigned at = level > LEVEL_NONE && level < LEVEL_COUNT ? level : LEVEL_EXTREME;
    return has(l->given, at) ? l->of[at] : (struct length){1, UNIT_DAYS};
}

static int64_t anchor_instant(enum anchor anchor, const struct workflow_times *times)
{
    if (anchor == FROM_OPENING)
        return times->opened_at;
    if (anchor == FROM_DAY_SET && times->day_set > DAY_FIRST && times->day_set < DAY_LAST)
        return day_begin(times->day_set);
    return times->now;
}

int64_t state_due(const struct state *s, enum level level, const struct workflow_times *times)
{
    if (s->kind == STATE_END || s->clock.place.line == 0)
        return WORKFLOW_NEVER;
    return length_end(length_at(&s->clock, level), anchor_instant(s->anchor, times));
}

int64_t state_due_again(const struct state *s, enum level level, int64_t due, int64_t now)
{
    struct length l = length_at(&s->each, level);
    int64_t next = length_end(l, due);
    return next > now ? next : length_end(l, now);
}
