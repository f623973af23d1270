/* Inside detect/: names and places, as a text's characters are looked up in them.
 *
 * A name of two to four Han characters is its own key of 64 bits, so that a name found is the very
 * name; longer ones, and those in letters, and places are known by a hash of 64 bits. A bit for each
 * pair of first characters keeps ordinary text away from the large tables. */
#ifndef HUMIAO_DETECT_LEXICON_H
#define HUMIAO_DETECT_LEXICON_H

#include "detect/detect.h"
#include "detect/words.h"

#define NAME_SHORT_MAX 4 /* characters of a name that is its own key */
#define NAME_LONG_MAX 48 /* folded characters that count of a longer one */
#define PLACE_MAX 16     /* characters of a place */

struct key_set {
    uint64_t *keys; /* 0: free */
    size_t mask;
};

struct detect_lexicon {
    uint8_t flags[65536]; /* enum char_flag, with CHAR_NAME */
    struct key_set names, longs, places;
    uint64_t *pairs; /* bits: first two characters of a short name */
    unsigned pair_shift;
    uint64_t long_pairs[1024]; /* the same of the long ones */
    unsigned long_max, place_max;
    uint8_t given[8192]; /* bits: characters that end many of the names */
    bool astral;         /* a name begins beyond the first plane */
};

static inline uint64_t lexicon_mix(uint64_t x)
{
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    x ^= x >> 32;
    x *= 0xD6E8FEB86659FD93u;
    return x ^ x >> 32;
}

static inline uint64_t lexicon_hash(uint64_t hash, uint32_t c)
{
    return (hash ^ c) * 0x100000001B3u;
}
#define LEXICON_HASH_BEGIN 0xCBF29CE484222325u

static inline bool key_set_has(const struct key_set *s, uint64_t key)
{
    if (!s->keys)
        return false;
    for (size_t at = lexicon_mix(key) & s->mask; s->keys[at]; at = (at + 1) & s->mask)
        if (s->keys[at] == key)
            return true;
    return false;
}

static inline uint64_t lexicon_pair(uint32_t a, uint32_t b)
{
    return ((uint64_t)a << 24 ^ b) * 0x9E3779B97F4A7C15u;
}
static inline bool lexicon_has_pair(const struct detect_lexicon *l, uint32_t a, uint32_t b)
{
    uint64_t h = lexicon_pair(a, b) >> l->pair_shift;
    return l->pairs[h >> 6] >> (h & 63) & 1;
}
static inline bool lexicon_has_long_pair(const struct detect_lexicon *l, uint32_t a, uint32_t b)
{
    uint64_t h = lexicon_pair(a, b) >> 48;
    return l->long_pairs[h >> 6] >> (h & 63) & 1;
}

static inline bool lexicon_is_given(const struct detect_lexicon *l, uint32_t c)
{
    return l->given[c >> 3 & 8191] >> (c & 7) & 1;
}

/* A character as names hold it: small, half-width; 0 where it is left out (dots, blanks, hyphens). */
uint32_t lexicon_fold(uint32_t c);

/* The longest long name that a text begins with: its bytes, else 0. */
size_t lexicon_long_name_at(const struct detect_lexicon *l, const char *p, const char *end);

/* The longest place that ends at `p`, not before `begin`: where it begins, else NULL. */
const char *lexicon_place_before(const struct detect_lexicon *l, const char *begin, const char *p);

#endif
