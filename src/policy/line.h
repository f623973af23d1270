/* Truth timelines: the interval algebra in three-valued logic. For this room only.
 *
 * A line says for every day of one window [from, to) whether something is true, false or unknown:
 * an array of steps, the first at the window's first day, each later than the one before and of
 * another truth. A line of one step is a constant. Lines live as long as the `struct lines` and
 * its arena. */
#ifndef HUMIAO_POLICY_LINE_H
#define HUMIAO_POLICY_LINE_H

#include "policy/policy.h"

struct step {
    day at;
    int32_t truth; /* enum policy_truth */
};

struct line {
    const struct step *steps;
    size_t count; /* 0: not made yet */
};

/* The window and the memory of the lines of one family. Most families need no more than what
 * stands in `near`, so that evaluating them takes nothing from the arena. */
struct lines {
    day from, to;
    struct arena *arena;
    struct step *spare;
    size_t spare_count;
    struct step constants[3];
    struct step near[96];
};

/* [from, to) must not be empty. The lines keep pointers into *l: it must not move. */
void lines_begin(struct lines *l, day from, day to, struct arena *a);

static inline struct line line_constant(const struct lines *l, enum policy_truth truth)
{
    return (struct line){&l->constants[truth], 1};
}

static inline bool line_is(struct line a, enum policy_truth truth)
{
    return a.count == 1 && a.steps->truth == (int32_t)truth;
}

/* Unknown on [unknown_from, true_from), true on [true_from, to), else false. */
struct line line_span(struct lines *l, day unknown_from, day true_from, day to);

struct line line_not(struct lines *l, struct line a);
struct line line_and(struct lines *l, struct line a, struct line b);
struct line line_or(struct lines *l, struct line a, struct line b);

/* How many must be true: [min, max]. Where some are unknown the answer is known only if it is the
 * same whatever they are. */
struct line_quota {
    uint32_t min, max;
};

enum policy_truth line_quota_truth(struct line_quota quota, size_t known, size_t unknown);

/* Writing a line day by day, in ascending order. */
struct line_writer {
    struct lines *lines;
    struct step *steps;
    size_t count;
};

/* Makes room for `most` steps. Until line_end nothing else may be made. */
struct line_writer line_begin(struct lines *l, size_t most);
void line_put(struct line_writer *w, day at, enum policy_truth truth); /* from that day on */
struct line line_end(struct line_writer *w);

/* Puts on [from, to) whether as many of the lines are true as the quota wants; takes at most one
 * step for each step of theirs, and one. `cursors` is scratch for `count` numbers. */
void line_put_quota(struct line_writer *w, const struct line *lines, size_t *cursors, size_t count,
                    struct line_quota quota, day from, day to);

/* The truth on a day of the window, and the stretch around it; until is the window's end at
 * most. */
enum policy_truth line_at(const struct lines *l, struct line a, day d, day *ret_since,
                          day *ret_until);

#endif
