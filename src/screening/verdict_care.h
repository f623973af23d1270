/* From a child's verdict to care. Of this room only. */
#ifndef HUMIAO_SCREENING_VERDICT_CARE_H
#define HUMIAO_SCREENING_VERDICT_CARE_H

#include "care/alert.h"
#include "screening/verdict.h"

/* All that one transaction tells of one child. */
struct verdict_news {
    int64_t child_id;
    struct arena *arena;
    struct alert_change *changes; /* in the order of each category's days */
    size_t count, capacity;
    bool boundary;  /* something began or ended on its day, and not because we learnt of it */
    bool law_alone; /* learnt from another edition of the policies */
    const struct policy_family *family;
    const struct policy_timeline *old, *now; /* by category; `old` NULL: the first time */
    day on;                                  /* what holds on that day is what holds */
};

/* Keeps the change, if care has anything to do with it. */
void verdict_news_add(struct verdict_news *news, const struct verdict_work *w,
                      const struct verdict_change *change, bool boundary);

/* Hands them to care, and keeps the child's row of what cannot be decided. */
int verdict_care(struct verdict_work *w, const struct verdict_news *news, struct error *e);

/* Of a child whose verdict stays: the row alone. */
int verdict_care_same(struct verdict_work *w, const struct verdict_news *news, struct error *e);

/* FALSE where no stretch says otherwise. */
enum policy_truth verdict_status(const struct policy_timeline *t, day d);

#endif
