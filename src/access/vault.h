/* Inside access/: what an open vault holds, for the sealer. */
#ifndef HUMIAO_ACCESS_VAULT_H
#define HUMIAO_ACCESS_VAULT_H

#include "access/keys.h"

#define DATA_KEY_SIZE 32

/* Wrapped as one piece, in this order. */
struct data_keys {
    uint8_t sealing[DATA_KEY_SIZE];
    uint8_t hashing[DATA_KEY_SIZE];
};

/* In locked memory that is not dumped, between guard pages. */
struct vault {
    enum seal_suite suite;
    struct data_keys keys;
};

#endif
