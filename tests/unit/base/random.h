/* Numbers for property tests: the same seed, the same run. The seed is printed, and taken from
 * HUMIAO_TEST_SEED where that is set. */
#ifndef HUMIAO_TESTS_RANDOM_H
#define HUMIAO_TESTS_RANDOM_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline uint64_t random_seed(void)
{
    const char *given = getenv("HUMIAO_TEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    printf("# HUMIAO_TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

/* SplitMix64. */
static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline unsigned random_below(uint64_t *state, unsigned limit)
{
    return (unsigned)(random_next(state) % limit);
}

#endif
