/* Half-open intervals of days: [from, to). `from` may be DAY_BEGINNING, `to` DAY_FOREVER. */
#ifndef HUMIAO_BASE_INTERVAL_H
#define HUMIAO_BASE_INTERVAL_H

#include "base/day.h"

struct interval {
    day from, to;
};

#define INTERVAL_ALWAYS ((struct interval){DAY_BEGINNING, DAY_FOREVER})

static inline bool interval_holds(struct interval i, day d) { return i.from <= d && d < i.to; }
static inline bool interval_empty(struct interval i) { return i.to <= i.from; }
static inline struct interval interval_meet(struct interval a, struct interval b)
{
    return (struct interval){a.from > b.from ? a.from : b.from, a.to < b.to ? a.to : b.to};
}

#endif
