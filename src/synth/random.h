/* The generator's own random numbers: xoshiro256** seeded by splitmix64 (Blackman and Vigna 2018),
 * so that a seed means the same district on every machine and with every C library. */
#ifndef HUMIAO_SYNTH_RANDOM_H
#define HUMIAO_SYNTH_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct synth_random {
    uint64_t s[4];
};

/* Each stream of a seed is a sequence of its own: a family's story does not depend on how many
 * random numbers its neighbour used. */
void synth_random_seed(struct synth_random *r, uint64_t seed, uint64_t stream);
uint64_t synth_random_next(struct synth_random *r);

uint32_t synth_random_below(struct synth_random *r, uint32_t bound); /* 0 to bound - 1; bound > 0 */
int32_t synth_random_between(struct synth_random *r, int32_t lo, int32_t hi); /* both included */
bool synth_random_chance(struct synth_random *r, double probability);

/* An index, with probability in proportion to its weight. */
size_t synth_random_weighted(struct synth_random *r, const uint32_t *weights, size_t count);

#endif
