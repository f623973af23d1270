/* The supervisor's work list: children of whom a category cannot be decided for want of a fact. `review` raises no
 * alert (contracts.md). Rows are kept in the transaction that judges the child. */
#ifndef HUMIAO_CARE_REVIEW_H
#define HUMIAO_CARE_REVIEW_H

#include "care/care.h"

/* One category under review, and the facts that would decide it, as `policy` names them ("father not registered",
 * "term of custody": a code of missing.def). */
struct review_item {
    struct slice category;
    struct slice missing;
};
/* Puts (count > 0) or takes away the child's row. */
int review_put(struct care *c, int64_t child_id, const struct review_item *items, size_t count,
               struct error *e);

struct review {
    int64_t child_id, division;
    day since;
    const struct review_item *items;
    size_t item_count;
};
int review_list(struct deployment *d, int64_t division, int64_t after_child, size_t limit,
                struct arena *arena, struct review **ret, size_t *ret_count, struct error *e);
struct review_group {
    struct slice missing, category;
    size_t children;
};
/* Of a whole subtree, largest first. */
int review_groups(struct deployment *d, int64_t division, struct arena *arena,
                  struct review_group **ret, size_t *ret_count, struct error *e);

#endif
