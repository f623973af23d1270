/* The text of a kept verdict: a line a stretch, "category status from to". Of this room only. */
#ifndef HUMIAO_SCREENING_VERDICT_TEXT_H
#define HUMIAO_SCREENING_VERDICT_TEXT_H

#include "policy/policy.h"

struct slice verdict_text(const struct policy_set *set, const struct policy_timeline *timelines,
                          struct arena *arena);

/* Reads it into `ret`, which has room for every category of the set and is zeroed; lines of categories
 * that the set does not have are passed over. False when the text is damaged. */
bool verdict_text_read(struct slice text, const struct policy_set *set, struct arena *arena,
                       struct policy_timeline *ret);

#endif
