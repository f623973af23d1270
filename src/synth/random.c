#include "synth/random.h"

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void synth_random_seed(struct synth_random *r, uint64_t seed, uint64_t stream)
{
    uint64_t state = seed;

    state = splitmix(&state) ^ (stream * UINT64_C(0xd1342543de82ef95));
    for (size_t i = 0; i < 4; i++)
        r->s[i] = splitmix(&state);
}

static uint64_t rotate(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

uint64_t synth_random_next(struct synth_random *r)
{
    uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t synth_random_below(struct synth_random *r, uint32_t bound)
{
    return (uint32_t)(((synth_random_next(r) >> 32) * bound) >> 32);
}

int32_t synth_random_between(struct synth_random *r, int32_t lo, int32_t hi)
{
    if (hi <= lo)
        return lo;
    return lo + (int32_t)synth_random_below(r, (uint32_t)(hi - lo) + 1);
}

bool synth_random_chance(struct synth_random *r, double probability)
{
    return (double)(synth_random_next(r) >> 11) * 0x1p-53 < probability;
}

size_t synth_random_weighted(struct synth_random *r, const uint32_t *weights, size_t count)
{
    uint32_t total = 0, at;

    for (size_t i = 0; i < count; i++)
        total += weights[i];
    at = synth_random_below(r, total);
    for (size_t i = 0; i + 1 < count; i++) {
        if (at < weights[i])
            return i;
        at -= weights[i];
    }
    return count - 1;
}
