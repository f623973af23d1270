/* Administrative divisions: 12-digit codes (GB/T 2260, GB/T 10114, statistical codes) in a tree. */
#ifndef HUMIAO_PEOPLE_DIVISION_H
#define HUMIAO_PEOPLE_DIVISION_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct division {
    int64_t code;
    const char *name;
    int level; /* 1 province, 2 city, 3 county, 4 town, 5 village */
};

/* All divisions that were loaded, sorted by code. */
struct division_tree {
    const struct division *divisions;
    size_t count;
};

/* Twelve digits, the first pair not 00. */
bool division_parse(struct slice s, int64_t *ret);

int division_tree_read(struct store *store, struct arena *arena, struct division_tree *ret,
                       struct error *e);
const struct division *division_find(const struct division_tree *tree, int64_t code);

/* Whether there is such a division. Only where the code's province is loaded down to its towns can the
 * tree say no; elsewhere every code counts as existing. */
bool division_exists(const struct division_tree *tree, int64_t code);

/* 1 to 5 for "province city county town village"; 0 for another word. */
int division_level_parse(struct slice s);

#endif
