/* An explanation being written. For this room only. */
#ifndef HUMIAO_POLICY_EXPLANATION_H
#define HUMIAO_POLICY_EXPLANATION_H

#include "policy/evaluation.h"

#define EXPLANATION_MAX 4096 /* lines; further parts are left out */

/* What belongs to a line but is not for the reader. */
struct behind {
    const struct node *node; /* NULL for the root and for members */
    size_t end;              /* index after its last part */
    bool every;              /* PERSONS */
    struct line_quota quota; /* PERSONS */
};

struct explanation {
    struct evaluation e;
    struct arena *arena;
    day at;
    struct policy_reason *lines;
    size_t count, capacity;
    struct behind *behind;
    size_t behind_capacity;
    /* Line + 1 of what is shown with its parts: [0] without a share in the verdict, [1] with
     * one. */
    size_t *seen[2];          /* conditions, by slot, then person */
    size_t *seen_category[2]; /* categories */
};

/* The next part of line `i`: begin with i + 1, until it is behind[i].end. */
static inline size_t explanation_after(const struct explanation *x, size_t part)
{
    return x->behind[part].end;
}

/* Everything but what would change it, which is a search. `x` has the arena and the day. False where the day
 * is outside of the child's years: then there is one line at most. */
bool explanation_build(struct explanation *x, const struct policy_set *set,
                       const struct policy_family *family, size_t category,
                       struct policy_explanation *ret);

#define EXPLANATION_ROOT ((size_t)-1) /* the parent of the first line */

/* decide.c: whether a part of that truth has a share in the verdict, as the line `whole` has it;
 * what is not known; what would change it. */
bool explanation_shares(const struct explanation *x, size_t whole, enum policy_truth part);
void explanation_find_undecided(const struct explanation *x, struct policy_explanation *ret);
void explanation_find_changes(const struct explanation *x, struct policy_explanation *ret);

#endif
