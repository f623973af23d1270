#include "access/throttle.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define WAYS 8    /* buckets that share a place */
#define SHARDS 16 /* locks: threads rarely meet at one */

/* A bucket is its time of arrival (GCRA): it is full when `full_at` is past, and has one token less for
 * each interval that `full_at` lies ahead. */
struct bucket {
    uint64_t key[2]; /* 0, 0: none */
    int64_t full_at;
};

struct throttle {
    size_t sets; /* a power of two */
    unsigned char secret[crypto_shorthash_siphashx24_KEYBYTES];
    pthread_mutex_t locks[SHARDS];
    struct bucket buckets[];
};

int throttle_new(size_t buckets, struct throttle **ret, struct error *e)
{
    size_t sets = SHARDS;

    while (sets * WAYS < buckets)
        sets *= 2;
    if (sodium_init() < 0)
        return error_set(e, ERR_CRYPTO, NULL);
    struct throttle *t = calloc(1, sizeof(*t) + sets * WAYS * sizeof(struct bucket));
    if (!t)
        return error_set(e, ERR_MEMORY, NULL);
    t->sets = sets;
    randombytes_buf(t->secret, sizeof(t->secret));
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_init(&t->locks[i], NULL);
    *ret = t;
    return 0;
}

struct throttle *throttle_free(struct throttle *t)
{
    if (!t)
        return NULL;
    for (size_t i = 0; i < SHARDS; i++)
        pthread_mutex_destroy(&t->locks[i]);
    sodium_memzero(t->secret, sizeof(t->secret));
    free(t);
    return NULL;
}

static void key_of(const struct throttle *t, uint32_t number, struct slice who, uint64_t ret[2])
{
    unsigned char secret[sizeof(t->secret)];

    /* The class goes into the key, so that no copy of `who` is needed. */
    memcpy(secret, t->secret, sizeof(secret));
    for (size_t i = 0; i < sizeof(number); i++)
        secret[i] ^= (unsigned char)(number >> (8 * i));
    crypto_shorthash_siphashx24((unsigned char *)ret, (const unsigned char *)who.p, who.n, secret);
    ret[0] |= 1; /* never the mark of an empty bucket */
}

/* The bucket of the key, or the one that it takes over: an empty one, else the fullest. */
static struct bucket *bucket_of(struct throttle *t, size_t set, const uint64_t key[2])
{
    struct bucket *all = &t->buckets[set * WAYS], *fullest = all;

    for (struct bucket *b = all; b < all + WAYS; b++) {
        if (b->key[0] == key[0] && b->key[1] == key[1])
            return b;
        if (b->full_at < fullest->full_at)
            fullest = b;
    }
    *fullest = (struct bucket){.key = {key[0], key[1]}};
    return fullest;
}

bool throttle_take(struct throttle *t, struct throttle_rate rate, struct slice who, int64_t now,
                   int64_t *ret_wait)
{
    uint64_t key[2];
    bool taken;

    key_of(t, rate.number, who, key);
    size_t set = (size_t)(key[1] & (t->sets - 1));
    pthread_mutex_t *lock = &t->locks[set % SHARDS];
    pthread_mutex_lock(lock);
    struct bucket *b = bucket_of(t, set, key);
    int64_t full_at = (b->full_at > now ? b->full_at : now) + rate.interval;
    int64_t wait = full_at - now - (int64_t)rate.burst * rate.interval;
    taken = wait <= 0;
    if (taken)
        b->full_at = full_at;
    pthread_mutex_unlock(lock);
    if (!taken && ret_wait)
        *ret_wait = wait;
    return taken;
}

void throttle_forgive(struct throttle *t, struct throttle_rate rate, struct slice who)
{
    uint64_t key[2];

    key_of(t, rate.number, who, key);
    size_t set = (size_t)(key[1] & (t->sets - 1));
    pthread_mutex_t *lock = &t->locks[set % SHARDS];
    pthread_mutex_lock(lock);
    struct bucket *all = &t->buckets[set * WAYS];
    for (struct bucket *b = all; b < all + WAYS; b++)
        if (b->key[0] == key[0] && b->key[1] == key[1])
            b->full_at = 0;
    pthread_mutex_unlock(lock);
}
