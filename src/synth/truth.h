/* What is true of a child by the family's story: the day logic of the contract, written out over
 * what happened, and nothing else. No policy is read here. */
#ifndef HUMIAO_SYNTH_TRUTH_H
#define HUMIAO_SYNTH_TRUTH_H

#include "synth/family.h"

/* Ordered so that Kleene's `and` is the smaller, `or` the greater of two. */
enum synth_status { SYNTH_NO, SYNTH_REVIEW, SYNTH_HOLDS };

/* In the order of their names' code points, which is the order of the file. */
#define SYNTH_CATEGORIES(X)               \
    X(DE_FACTO, "de_facto_unattended")    \
    X(DESTITUTE, "destitute")             \
    X(DISABLED, "disabled_child")         \
    X(HIV, "hiv_child")                   \
    X(LOW_INCOME, "low_income")           \
    X(LOW_INCOME_EDGE, "low_income_edge") \
    X(ORPHAN, "orphan")                   \
    X(SINGLE_PARENT, "single_parent")
enum synth_category {
#define X(symbol, name) SYNTH_CATEGORY_##symbol,
    SYNTH_CATEGORIES(X)
#undef X
        SYNTH_CATEGORY_COUNT
};
extern const char *const synth_categories[SYNTH_CATEGORY_COUNT];

/* The status of one category on one day; SYNTH_NO before birth and from the 18th birthday on. */
enum synth_status synth_truth_on(const struct synth_family *f, int child,
                                 enum synth_category category, day d);

struct synth_verdict {
    enum synth_category category;
    enum synth_status status; /* SYNTH_REVIEW or SYNTH_HOLDS */
    struct interval during;   /* the longest unbroken stretch of that status around the day */
};

/* The verdicts on a day, in the order of the categories; returns how many. None for an adult. */
int synth_truth_verdicts(const struct synth_family *f, int child, day as_of,
                         struct synth_verdict ret[SYNTH_CATEGORY_COUNT]);

#endif
