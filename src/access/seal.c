#include "access/seal.h"

#include "access/cipher.h"
#include "access/random.h"
#include "access/vault.h"

#include <sodium.h>
#include <string.h>

#define SEAL_VERSION 1
#define PLACE_MAX (3 + SEAL_COLUMN_MAX + 8)

/* In locked memory that is not dumped. */
struct sealer {
    enum seal_suite suite;
    bool subject_set;
    uint8_t salt[SEAL_SALT_SIZE];
    struct mac derive, hash;
    struct aead aead;
    struct random_page *random;
};

int sealer_new(const struct vault *vault, struct sealer **ret, struct error *e)
{
    if (sodium_init() < 0)
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "sodium");
    struct sealer *s = sodium_malloc(sizeof *s);
    if (!s)
        return error_set(e, ERR_MEMORY, NULL);
    memset(s, 0, sizeof *s);
    s->suite = vault->suite;
    s->random = random_page_new(e);
    int r = s->random ? 0 : -ERR_MEMORY;
    if (r == 0)
        r = mac_new(s->suite, &s->derive, e);
    if (r == 0)
        r = mac_set_key(&s->derive, vault->keys.sealing, DATA_KEY_SIZE, e);
    if (r == 0)
        r = mac_new(s->suite, &s->hash, e);
    if (r == 0)
        r = mac_set_key(&s->hash, vault->keys.hashing, DATA_KEY_SIZE, e);
    if (r == 0)
        r = aead_new(s->suite, &s->aead, e);
    if (r < 0) {
        sealer_free(s);
        return r;
    }
    *ret = s;
    return 0;
}

struct sealer *sealer_free(struct sealer *s)
{
    if (s) {
        random_page_free(s->random);
        mac_free(&s->derive);
        mac_free(&s->hash);
        aead_free(&s->aead);
        sodium_free(s);
    }
    return NULL;
}

int sealer_set_subject(struct sealer *s, const uint8_t salt[SEAL_SALT_SIZE], struct error *e)
{
    if (s->subject_set && memcmp(s->salt, salt, SEAL_SALT_SIZE) == 0)
        return 0;
    s->subject_set = false;
    struct slice salt_part = {(const char *)salt, SEAL_SALT_SIZE};
    int r = aead_derive(&s->aead, &s->derive, SLICE_LITERAL("humiao subject"), salt_part, e);
    if (r < 0)
        return r;
    memcpy(s->salt, salt, SEAL_SALT_SIZE);
    s->subject_set = true;
    return 0;
}

size_t seal_size(enum seal_suite suite, size_t plain_size)
{
    return 1 + aead_nonce_size(suite) + plain_size + aead_tag_size(suite);
}

size_t sealer_size(const struct sealer *s, size_t plain_size)
{
    return seal_size(s->suite, plain_size);
}

static void put_big_endian(uint8_t *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

/* The associated data: version, suite, column with its length, row. 0 when the place is no place. */
static size_t write_place(const struct sealer *s, struct seal_place place, uint8_t to[PLACE_MAX])
{
    if (place.column.n == 0 || place.column.n > SEAL_COLUMN_MAX)
        return 0;
    to[0] = SEAL_VERSION;
    to[1] = (uint8_t)s->suite;
    to[2] = (uint8_t)place.column.n;
    memcpy(to + 3, place.column.p, place.column.n);
    put_big_endian(to + 3 + place.column.n, (uint64_t)place.row, 8);
    return 3 + place.column.n + 8;
}

int sealer_seal(struct sealer *s, struct seal_place place, struct slice plain, void *buffer,
                size_t buffer_size, size_t *ret_n, struct error *e)
{
    uint8_t where[PLACE_MAX];
    size_t where_n = write_place(s, place, where);
    if (plain.n > SEAL_PLAIN_MAX)
        return error_set(e, ERR_TOO_LONG, NULL);
    size_t size = sealer_size(s, plain.n);
    if (!s->subject_set || where_n == 0 || buffer_size < size)
        return error_set(e, ERR_INTERNAL, N_("step: %s"), "seal");
    uint8_t *to = buffer;
    to[0] = SEAL_VERSION;
    int r = random_take(s->random, to + 1, aead_nonce_size(s->suite), e);
    if (r == 0)
        r = aead_seal(&s->aead, (struct slice){(char *)where, where_n}, plain, to + 1, e);
    if (r == 0)
        *ret_n = size;
    return r;
}

int sealer_seal_arena(struct sealer *s, struct seal_place place, struct slice plain,
                      struct arena *arena, struct slice *ret_sealed, struct error *e)
{
    if (plain.n > SEAL_PLAIN_MAX)
        return error_set(e, ERR_TOO_LONG, NULL);
    size_t size = sealer_size(s, plain.n), n = 0;
    char *buffer = arena_take(arena, size);
    int r = sealer_seal(s, place, plain, buffer, size, &n, e);
    if (r == 0)
        *ret_sealed = (struct slice){buffer, n};
    return r;
}

int sealer_open_into(struct sealer *s, struct seal_place place, struct slice sealed, void *buffer,
                     size_t buffer_size, size_t *ret_n, struct error *e)
{
    uint8_t where[PLACE_MAX];
    size_t where_n = write_place(s, place, where);
    if (!s->subject_set || where_n == 0 || buffer_size < sealed.n)
        return error_set(e, ERR_INTERNAL, N_("step: %s"), "open");
    size_t overhead = sealer_size(s, 0);
    if (sealed.n < overhead || sealed.n - overhead > SEAL_PLAIN_MAX || sealed.p[0] != SEAL_VERSION)
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    int r = aead_open(&s->aead, (struct slice){(char *)where, where_n},
                      (struct slice){sealed.p + 1, sealed.n - 1}, buffer, e);
    if (r == 0)
        *ret_n = sealed.n - overhead;
    return r;
}

int sealer_open(struct sealer *s, struct seal_place place, struct slice sealed, struct arena *arena,
                struct slice *ret_plain, struct error *e)
{
    if (sealed.n > SEAL_PLAIN_MAX + SEAL_OVERHEAD_MAX)
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    char *buffer = arena_take(arena, sealed.n + 1);
    size_t n = 0;
    int r = sealer_open_into(s, place, sealed, buffer, sealed.n, &n, e);
    if (r < 0)
        return r;
    buffer[n] = '\0';
    *ret_plain = (struct slice){buffer, n};
    return 0;
}

int sealer_hash_parts(struct sealer *s, enum hash_use use, const struct slice *parts, size_t count,
                      uint8_t ret[SEAL_HASH_SIZE], struct error *e)
{
    enum { PARTS_MAX = 16 };
    if (use <= HASH_NONE || use >= HASH_USE_COUNT || count == 0 || count > PARTS_MAX)
        return error_set(e, ERR_INTERNAL, N_("step: %s"), "hash");
    /* Each part behind the use and its own length: one input for each list of parts. */
    uint8_t length[PARTS_MAX][5];
    struct slice input[2 * PARTS_MAX];
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n > UINT32_MAX)
            return error_set(e, ERR_TOO_LONG, NULL);
        length[i][0] = (uint8_t)use;
        put_big_endian(length[i] + 1, parts[i].n, 4);
        input[2 * i] = SLICE_OF(length[i]);
        input[2 * i + 1] = parts[i];
    }
    uint8_t whole[CIPHER_MAC_SIZE];
    int r = mac_of(&s->hash, input, 2 * count, whole, e);
    if (r == 0)
        memcpy(ret, whole, SEAL_HASH_SIZE);
    return r;
}

int sealer_hash(struct sealer *s, enum hash_use use, struct slice text, uint8_t ret[SEAL_HASH_SIZE],
                struct error *e)
{
    return sealer_hash_parts(s, use, &text, 1, ret, e);
}

int sealer_random(struct sealer *s, void *ret, size_t n, struct error *e)
{
    return random_take(s->random, ret, n, e);
}

int sealer_random_id(struct sealer *s, int64_t *ret, struct error *e)
{
    uint64_t bits = 0;
    do {
        int r = random_take(s->random, &bits, sizeof bits, e);
        if (r < 0)
            return r;
        bits &= INT64_MAX;
    } while (bits == 0);
    *ret = (int64_t)bits;
    return 0;
}
