/* Inside access/: what an open vault holds, for the sealer. */
#ifndef HUMIAO_ACCESS_VAULT_H
#define HUMIAO_ACCESS_VAULT_H

#include "access/keys.h"

#include <stdatomic.h>

#define DATA_KEY_SIZE 32

struct sealing_key {
    uint8_t number; /* 1 to 255: the first byte of what it sealed */
    uint8_t suite;
    uint8_t bytes[DATA_KEY_SIZE];
};

/* In locked memory that is not dumped, between guard pages, read-only once filled. */
struct data_keys {
    uint8_t hashing[DATA_KEY_SIZE];
    size_t count;
    struct sealing_key sealing[VAULT_KEYS_MAX]; /* the newest last */
};

struct vault {
    atomic_uint references;
    enum seal_suite suite; /* of hashing, and of the wrapping */
    struct data_keys *keys;
};

/* NULL where the vault has no such key. */
const struct sealing_key *vault_key(const struct vault *vault, uint8_t number);
const struct sealing_key *vault_newest(const struct vault *vault);

#endif
