#include "access/seal.h"

#include "access/cipher.h"
#include "access/random.h"
#include "access/vault.h"

#include <sodium.h>
#include <string.h>

#define PLACE_MAX (3 + SEAL_COLUMN_MAX + 8)
#define WORKING_MAX (2 * VAULT_KEYS_MAX) /* of the vault and of the one before */

/* What one sealing key works with, made when a value of it is first met. */
struct working_key {
    uint8_t number;   /* 0: free */
    uint64_t subject; /* whom `aead` is keyed for */
    struct mac derive;
    struct aead aead;
};

/* In locked memory that is not dumped. */
struct sealer {
    const struct vault *vault, *before;
    uint64_t subject; /* counts those that were set; 0: none */
    uint8_t salt[SEAL_SALT_SIZE];
    struct mac hash;
    struct working_key working[WORKING_MAX];
    sealer_unknown *unknown;
    void *context;
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
    s->vault = vault;
    s->random = random_page_new(e);
    int r = s->random ? 0 : -ERR_MEMORY;
    if (r == 0)
        r = mac_new(vault->suite, &s->hash, e);
    if (r == 0)
        r = mac_set_key(&s->hash, vault->keys->hashing, DATA_KEY_SIZE, e);
    if (r < 0) {
        sealer_free(s);
        return r;
    }
    *ret = s;
    return 0;
}

static void forget_working(struct sealer *s)
{
    for (size_t i = 0; i < WORKING_MAX && s->working[i].number; i++) {
        mac_free(&s->working[i].derive);
        aead_free(&s->working[i].aead);
        s->working[i] = (struct working_key){0};
    }
}

struct sealer *sealer_free(struct sealer *s)
{
    if (s) {
        random_page_free(s->random);
        mac_free(&s->hash);
        forget_working(s);
        sodium_free(s);
    }
    return NULL;
}

void sealer_use(struct sealer *s, const struct vault *vault, const struct vault *before)
{
    forget_working(s);
    s->vault = vault;
    s->before = before;
}

void sealer_on_unknown(struct sealer *s, sealer_unknown *call, void *context)
{
    s->unknown = call;
    s->context = context;
}

int sealer_set_subject(struct sealer *s, const uint8_t salt[SEAL_SALT_SIZE], struct error *e)
{
    if (s->subject && memcmp(s->salt, salt, SEAL_SALT_SIZE) == 0)
        return 0;
    memcpy(s->salt, salt, SEAL_SALT_SIZE);
    s->subject++;
    return 0;
}

static const struct sealing_key *find_key(const struct sealer *s, uint8_t number)
{
    const struct sealing_key *key = vault_key(s->vault, number);
    return key || !s->before ? key : vault_key(s->before, number);
}

static int make_working(struct sealer *s, uint8_t number, struct working_key **ret, struct error *e)
{
    const struct sealing_key *key = find_key(s, number);
    if (!key && s->unknown) {
        int r = s->unknown(s->context, e);
        if (r < 0)
            return r;
        key = find_key(s, number);
    }
    if (!key) {
        error_set(e, ERR_KEY_UNKNOWN, N_("sealing key %u"), (unsigned)number);
        return error_hint(e, N_("A key was added a moment ago, or the value was altered: run it "
                                "again, and see `humiao keys status`."));
    }
    struct working_key *w = s->working;
    while (w->number)
        w++; /* there are no more keys than places */
    int r = mac_new((enum seal_suite)key->suite, &w->derive, e);
    if (r == 0)
        r = mac_set_key(&w->derive, key->bytes, DATA_KEY_SIZE, e);
    if (r == 0)
        r = aead_new((enum seal_suite)key->suite, &w->aead, e);
    if (r < 0) {
        mac_free(&w->derive);
        return r;
    }
    w->number = number;
    *ret = w;
    return 0;
}

/* The working key of a number, keyed for the subject that is set. */
static int working_key(struct sealer *s, uint8_t number, struct working_key **ret, struct error *e)
{
    struct working_key *w = NULL;
    for (size_t i = 0; i < WORKING_MAX && s->working[i].number && !w; i++)
        if (s->working[i].number == number)
            w = &s->working[i];
    int r = w ? 0 : make_working(s, number, &w, e);
    if (r == 0 && w->subject != s->subject) {
        w->subject = 0;
        struct slice salt = {(const char *)s->salt, SEAL_SALT_SIZE};
        r = aead_derive(&w->aead, &w->derive, SLICE_LITERAL("humiao subject"), salt, e);
    }
    if (r < 0)
        return r;
    w->subject = s->subject;
    *ret = w;
    return 0;
}

size_t seal_size(enum seal_suite suite, size_t plain_size)
{
    return 1 + aead_nonce_size(suite) + plain_size + aead_tag_size(suite);
}

size_t sealer_size(const struct sealer *s, size_t plain_size)
{
    return seal_size((enum seal_suite)vault_newest(s->vault)->suite, plain_size);
}

static void put_big_endian(uint8_t *to, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

/* The associated data: key number, suite, column with its length, row. 0 when the place is no place. */
static size_t write_place(uint8_t number, enum seal_suite suite, struct seal_place place,
                          uint8_t to[PLACE_MAX])
{
    if (place.column.n == 0 || place.column.n > SEAL_COLUMN_MAX)
        return 0;
    to[0] = number;
    to[1] = (uint8_t)suite;
    to[2] = (uint8_t)place.column.n;
    memcpy(to + 3, place.column.p, place.column.n);
    put_big_endian(to + 3 + place.column.n, (uint64_t)place.row, 8);
    return 3 + place.column.n + 8;
}

int sealer_seal(struct sealer *s, struct seal_place place, struct slice plain, void *buffer,
                size_t buffer_size, size_t *ret_n, struct error *e)
{
    const struct sealing_key *key = vault_newest(s->vault);
    enum seal_suite suite = (enum seal_suite)key->suite;
    uint8_t where[PLACE_MAX];
    size_t where_n = write_place(key->number, suite, place, where);
    if (plain.n > SEAL_PLAIN_MAX)
        return error_set(e, ERR_TOO_LONG, NULL);
    size_t size = seal_size(suite, plain.n);
    if (!s->subject || where_n == 0 || buffer_size < size)
        return error_set(e, ERR_INTERNAL, N_("step: %s"), "seal");
    struct working_key *w;
    int r = working_key(s, key->number, &w, e);
    if (r < 0)
        return r;
    uint8_t *to = buffer;
    to[0] = key->number;
    r = random_take(s->random, to + 1, aead_nonce_size(suite), e);
    if (r == 0)
        r = aead_seal(&w->aead, (struct slice){(char *)where, where_n}, plain, to + 1, e);
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
    if (!s->subject || place.column.n == 0 || place.column.n > SEAL_COLUMN_MAX ||
        buffer_size < sealed.n)
        return error_set(e, ERR_INTERNAL, N_("step: %s"), "open");
    if (sealed.n == 0 || sealed.p[0] == 0)
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    uint8_t number = (uint8_t)sealed.p[0];
    struct working_key *w;
    int r = working_key(s, number, &w, e);
    if (r < 0)
        return r;
    size_t overhead = seal_size(w->aead.suite, 0);
    if (sealed.n < overhead || sealed.n - overhead > SEAL_PLAIN_MAX)
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    uint8_t where[PLACE_MAX];
    size_t where_n = write_place(number, w->aead.suite, place, where);
    r = aead_open(&w->aead, (struct slice){(char *)where, where_n},
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
