/* Screening: every child against every policy. */
#ifndef HUMIAO_SCREENING_SCREEN_H
#define HUMIAO_SCREENING_SCREEN_H

#include "screening/edition.h"
#include "screening/population.h"

/* One line of the screen output: a category that holds or cannot be decided on the day. */
struct screen_row {
    struct slice child_ref;
    uint32_t child;  /* index in the population */
    size_t category; /* of the edition */
    enum policy_truth status;
    day since, until;
};

struct screen_result {
    struct screen_row *rows; /* sorted by child_ref, then category */
    size_t count;
    size_t children; /* how many minors were looked at */
};

/* All children on that day, with two threads. `arena` holds the result. */
int screen_all(struct deployment *d, const struct edition *edition, day as_of, struct arena *arena,
               struct screen_result *ret, struct error *e);

/* Who gains and who loses a category that holds, from one edition to another. */
struct simulate_row {
    struct slice child_ref;
    const char *category;
    bool gains;
    day since, until;
};
int screen_compare(const struct edition *from, const struct screen_result *before,
                   const struct edition *to, const struct screen_result *after, struct arena *arena,
                   struct simulate_row **ret, size_t *ret_count);

#endif
