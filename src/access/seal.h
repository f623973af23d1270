/* Sealing: what is written about a person is encrypted under a key of that person, and bound to the
 * column and row where it stands.
 *
 * The person's key is derived from a sealing key of the vault and 16 random bytes, the salt, which the
 * caller keeps in a table of its own: drop the salt, and everything sealed about the person is gone,
 * in every copy made afterwards and in every backup whose salts are dropped too.
 *
 * A sealer is the working place of one thread: cipher contexts, the derived key, a buffer of random
 * bytes. Make one a thread and keep it; nothing in here locks. A sealed value is
 *
 *     1 byte number of the sealing key | nonce: 12 bytes, national 16 | ciphertext
 *                                     | tag: 16 bytes, national 32
 *
 * and its associated data are key number, suite, column, row. The national tag is the whole HMAC-SM3
 * over associated data, nonce and ciphertext. Nonces are random; a key seals one person's values
 * only, far below 2^32. What was sealed before keys had numbers begins with 1, then a version, and is of
 * key 1.
 *
 * Values are sealed under the vault's newest key, so a writer must have the vault of the day: seal inside
 * the write transaction, whose beginning looks whether the keys have changed (deployment.h). */
#ifndef HUMIAO_ACCESS_SEAL_H
#define HUMIAO_ACCESS_SEAL_H

#include "access/keys.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

#define SEAL_SALT_SIZE 16
#define SEAL_HASH_SIZE 16
#define SEAL_OVERHEAD_MAX 49 /* of any suite: sealed size less plain size */
#define SEAL_COLUMN_MAX 64
#define SEAL_PLAIN_MAX (1u << 24) /* 16 MiB */

struct sealer;

/* The vault outlives the sealer. ERR_MEMORY, ERR_CRYPTO. */
int sealer_new(const struct vault *vault, struct sealer **ret, struct error *e);

/* Zeroes what it held. Takes NULL, returns NULL. */
struct sealer *sealer_free(struct sealer *s);

/* Goes over to another vault of the same deployment. Keys that only `before` has (may be NULL) still
 * open, for a reader whose view of the database is older than their retirement. The subject stays. Both
 * vaults outlive the sealer, or its next sealer_use. */
void sealer_use(struct sealer *s, const struct vault *vault, const struct vault *before);

/* What a sealer calls when it meets a key number that it does not know: it may call sealer_use. A
 * negative result is the result of the opening. */
typedef int sealer_unknown(void *context, struct error *e);
void sealer_on_unknown(struct sealer *s, sealer_unknown *call, void *context);

/* From now on this sealer seals and opens for the person with this salt. Setting the salt that is set
 * already costs a comparison; keys are derived when first needed. */
int sealer_set_subject(struct sealer *s, const uint8_t salt[SEAL_SALT_SIZE], struct error *e);

/* Where a sealed value stands. `column` is stable for ever, "table.column", 1 to SEAL_COLUMN_MAX
 * bytes: values sealed under one name do not open under another. `row` is the row's id. */
struct seal_place {
    struct slice column;
    int64_t row;
};

/* Bytes that `plain_size` bytes take when sealed; of a sealer, under its newest key. */
size_t seal_size(enum seal_suite suite, size_t plain_size);
size_t sealer_size(const struct sealer *s, size_t plain_size);

/* Seals into `buffer` of `buffer_size` >= sealer_size(plain.n) bytes, which must not overlap `plain`.
 * SLICE_NONE is sealed like the empty run: keep "no value" outside, as NULL. ERR_TOO_LONG beyond
 * SEAL_PLAIN_MAX; ERR_INTERNAL when no subject is set, the column is too long or the buffer too
 * small; ERR_CRYPTO. */
int sealer_seal(struct sealer *s, struct seal_place place, struct slice plain, void *buffer,
                size_t buffer_size, size_t *ret_n, struct error *e);

/* The same into the arena. */
int sealer_seal_arena(struct sealer *s, struct seal_place place, struct slice plain,
                      struct arena *arena, struct slice *ret_sealed, struct error *e);

/* Opens into the arena; the text gets a NUL behind it. ERR_SEAL_BROKEN when one bit of it was
 * altered, when it stood in another row or column, or belongs to another person; ERR_KEY_UNKNOWN when
 * it is of a key that the vault does not hold. Nothing of the plain text is given out then. */
int sealer_open(struct sealer *s, struct seal_place place, struct slice sealed, struct arena *arena,
                struct slice *ret_plain, struct error *e);

/* Opens into a buffer of at least sealed.n bytes, which must not overlap `sealed`; `ret_n` is the
 * size of the plain text. */
int sealer_open_into(struct sealer *s, struct seal_place place, struct slice sealed, void *buffer,
                     size_t buffer_size, size_t *ret_n, struct error *e);

/* What a keyed hash is of. The same text hashed for two uses has nothing in common. The numbers are
 * stored, so to say, in every hash: none is ever changed or used again. */
enum hash_use {
    HASH_NONE = 0,
    HASH_REF = 1,        /* the district's own reference of a person */
    HASH_ID_NUMBER = 2,  /* normalised by id_number_normalise */
    HASH_PHONE = 3,      /* E.164 */
    HASH_RECORD_KEY = 4, /* parts: department, kind, record key */
    HASH_HOUSEHOLD = 5,
    HASH_FILE = 6,         /* a file's identity for resuming */
    HASH_CONTENT = 7,      /* a record's content, to know a duplicate */
    HASH_TOKEN = 8,        /* session and bearer tokens */
    HASH_ACCOUNT = 9,      /* what is typed to sign in, in lower case */
    HASH_TEAM = 10,        /* team_id */
    HASH_IDEMPOTENCY = 11, /* an Idempotency-Key; a request that carries it */
    HASH_CSRF = 12,        /* a session's second token */
    HASH_ROUND = 13,       /* who is visited first among equals; not stored */
    HASH_FEED_TOKEN = 14,  /* a department's bearer token */
    HASH_CELL = 15,        /* column, error and value of a refused cell, to find its like */
    HASH_USE_COUNT
};

/* Keyed hash for equality (HMAC under the vault's hashing key, the first 128 bits), independent of the
 * subject that is set. The same in every sealer of one vault. */
int sealer_hash(struct sealer *s, enum hash_use use, struct slice text, uint8_t ret[SEAL_HASH_SIZE],
                struct error *e);

/* Of 1 to 16 parts, each with its length, so that ("ab","c") and ("a","bc") differ. One part gives the
 * same as sealer_hash. */
int sealer_hash_parts(struct sealer *s, enum hash_use use, const struct slice *parts, size_t count,
                      uint8_t ret[SEAL_HASH_SIZE], struct error *e);

/* Random bytes fit for salts, ids and nonces, from OpenSSL by way of a buffer that a fork does not
 * inherit. ERR_CRYPTO. */
int sealer_random(struct sealer *s, void *ret, size_t n, struct error *e);

/* A random positive id, 1 to 2^63-1: for rows that people from outside refer to. */
int sealer_random_id(struct sealer *s, int64_t *ret, struct error *e);

#endif
