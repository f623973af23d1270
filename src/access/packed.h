/* Several texts in one sealed value: each with its length before it. */
#ifndef HUMIAO_ACCESS_PACKED_H
#define HUMIAO_ACCESS_PACKED_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* Texts of less than 4 GiB each. In the arena. */
struct slice packed_from(const struct slice *texts, size_t count, struct arena *arena);

/* Finds up to `count` texts, which point into `packed`; those that are missing become empty, so that a
 * value written by an older edition with fewer texts still opens. False when it is damaged. */
bool packed_read(struct slice packed, struct slice *ret, size_t count);

#endif
