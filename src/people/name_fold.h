/* Inside people/: the folding of names and queries that name_index.h describes. */
#ifndef HUMIAO_PEOPLE_NAME_FOLD_H
#define HUMIAO_PEOPLE_NAME_FOLD_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes the next code point of UTF-8 from `*at`, folded; 0 for one that folding leaves out, and then
 * `*ret_break` tells whether it ends a piece of pinyin. What is no UTF-8 gives U+FFFD. */
uint32_t name_fold_next(struct slice s, size_t *at, bool *ret_break);

/* Writes folded UTF-16, at most `room` units and only whole characters; returns the units written. */
size_t name_fold(struct slice s, uint16_t *to, size_t room);

#endif
