/* Throttling: a bucket of tokens for each (class of rate, who). A bucket fills with time; what is asked
 * takes a token, and an empty bucket says how long to wait.
 *
 * In memory, of a fixed size whatever comes: when its place is full the bucket that has the most tokens
 * is forgotten, which is the one whose loss changes least. Keys are hashed under a random key, so that
 * nobody can choose whose place they share. Safe to use from any thread; the clock is the caller's. */
#ifndef HUMIAO_ACCESS_THROTTLE_H
#define HUMIAO_ACCESS_THROTTLE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct throttle;

struct throttle_rate {
    uint32_t number;  /* of the class: buckets of two classes are strangers */
    uint32_t burst;   /* tokens of a full bucket; at least 1 */
    int64_t interval; /* microseconds in which one token comes back; at least 1 */
};

/* For at least `buckets` at once (rounded up); 24 bytes each. ERR_MEMORY, ERR_CRYPTO. */
int throttle_new(size_t buckets, struct throttle **ret, struct error *e);
struct throttle *throttle_free(struct throttle *t); /* takes NULL, returns NULL */

/* Takes a token of `who` (an account's id, an address, a hash: any bytes). False when there is none;
 * `ret_wait` (may be NULL) is then the microseconds until there will be one. `now` is an instant. */
bool throttle_take(struct throttle *t, struct throttle_rate rate, struct slice who, int64_t now,
                   int64_t *ret_wait);

/* The bucket is full again: after a sign-in that succeeded. */
void throttle_forgive(struct throttle *t, struct throttle_rate rate, struct slice who);

#endif
