/* An edition: the policies in force, compiled, with the hash by which every verdict names them.
 *
 * The first edition is compiled into the binary from policies/; --policy DIR stands in for trials. */
#ifndef HUMIAO_SCREENING_EDITION_H
#define HUMIAO_SCREENING_EDITION_H

#include "base/arena.h"
#include "base/error.h"
#include "policy/policy.h"

#define EDITION_HASH_SIZE 16

struct edition {
    const struct policy_set *set;
    size_t category_count;
    uint8_t hash[EDITION_HASH_SIZE]; /* the first half of SHA-256 over the canonical text */
};

/* `directory` NULL: the policies that are built in. Reads *.policy in name order.
 * ERR_IO, ERR_PERMISSION, ERR_POLICY. Lives in the arena. */
int edition_read(const char *directory, struct arena *arena, struct edition *ret, struct error *e);

#endif
