/* What the files about coverage, silence and sources share. Of this room only. */
#ifndef HUMIAO_INTAKE_COVERAGE_INSIDE_H
#define HUMIAO_INTAKE_COVERAGE_INSIDE_H

#include "intake/coverage.h"

/* When a feed was last heard, and since when it is alarmed to be silent; 0: never, not. */
struct heard_feed {
    struct slice feed;
    int64_t at, silent_at;
};
struct heard_feeds {
    struct heard_feed *list;
    size_t count;
};
int heard_feeds_read(struct deployment *d, struct arena *arena, struct heard_feeds *ret,
                     struct error *e);
struct heard_feed heard_feed_find(const struct heard_feeds *h, struct slice feed);

/* When the next delivery of a feed is due; 0: none is expected. `covered`: what stands of its coverage. */
int64_t feed_due(const struct feed *f, const struct heard_feed *heard,
                 const struct coverage *covered, size_t count, int64_t now);

/* An instant some days later: the due hour of a day is that of the day before. */
int64_t instant_after(int64_t instant, struct duration length);

#endif
