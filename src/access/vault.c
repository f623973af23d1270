/* The key blob. All of it before the nonce is the associated data of the wrapping.
 *
 *     offset  bytes  what
 *          0      4  "HMKV"
 *          4      1  version, 2
 *          5      1  suite of the wrapping and of hashes
 *          6     16  salt, random
 *         22     16  key check: tells a wrong master key from an altered blob
 *         38      1  how many sealing keys, 1 to 8
 *         39     2k  number and suite of each, the newest last
 *      39+2k      n  nonce | hashing key, sealing keys, encrypted | tag, by the suite's cipher
 *
 * Version 1 had one sealing key, number 1, of the one suite: it ends its head at 38, and its data keys
 * stand the other way round, sealing key first. It is read, and written as version 2 when it changes. */
#include "access/vault.h"

#include "access/cipher.h"

#include <openssl/rand.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define BLOB_VERSION 2
#define BLOB_SALT 6
#define BLOB_CHECK 22
#define BLOB_COUNT 38 /* where a head of version 1 ends */
#define BLOB_KEYS 39
#define SALT_SIZE 16
#define CHECK_SIZE 16
#define PLAIN_MAX ((size_t)DATA_KEY_SIZE * (1 + VAULT_KEYS_MAX))

static const char blob_magic[4] = {'H', 'M', 'K', 'V'};
static const char *const suite_names[SUITE_COUNT] = {
    [SUITE_NONE] = "none",
    [SUITE_INTERNATIONAL] = "international",
    [SUITE_NATIONAL] = "national",
};

bool seal_suite_parse(struct slice name, enum seal_suite *ret)
{
    for (int i = SUITE_NONE + 1; i < SUITE_COUNT; i++)
        if (slice_is(name, suite_names[i])) {
            *ret = (enum seal_suite)i;
            return true;
        }
    return false;
}

const char *seal_suite_name(enum seal_suite suite)
{
    return suite < SUITE_COUNT ? suite_names[suite] : suite_names[SUITE_NONE];
}

/* The wrapping cipher, keyed from master key and salt, and the key check of the two. */
static int wrapping(const struct master_key *master, enum seal_suite suite, const uint8_t *salt,
                    struct aead *ret, uint8_t ret_check[CHECK_SIZE], struct error *e)
{
    struct mac mac;
    int r = mac_new(suite, &mac, e);
    if (r < 0)
        return r;
    r = aead_new(suite, ret, e);
    if (r < 0) {
        mac_free(&mac);
        return r;
    }
    uint8_t check[CIPHER_MAC_SIZE];
    struct slice salt_part = {(const char *)salt, SALT_SIZE};
    struct slice parts[] = {SLICE_LITERAL("humiao key check"), salt_part};
    r = mac_set_key(&mac, master->bytes, sizeof master->bytes, e);
    if (r == 0)
        r = mac_of(&mac, parts, 2, check, e);
    if (r == 0)
        r = aead_derive(ret, &mac, SLICE_LITERAL("humiao wrap"), salt_part, e);
    mac_free(&mac);
    if (r == 0)
        memcpy(ret_check, check, CHECK_SIZE);
    else
        aead_free(ret);
    return r;
}

static bool is_suite(int suite) { return suite == SUITE_INTERNATIONAL || suite == SUITE_NATIONAL; }

/* The keys one after the other, as they are encrypted. */
static size_t write_plain(const struct data_keys *keys, uint8_t *to)
{
    memcpy(to, keys->hashing, DATA_KEY_SIZE);
    for (size_t i = 0; i < keys->count; i++)
        memcpy(to + DATA_KEY_SIZE * (1 + i), keys->sealing[i].bytes, DATA_KEY_SIZE);
    return DATA_KEY_SIZE * (1 + keys->count);
}

static int wrap(const struct master_key *master, enum seal_suite suite,
                const struct data_keys *keys, struct arena *arena, struct slice *ret_blob,
                struct error *e)
{
    size_t nonce_size = aead_nonce_size(suite), head_size = BLOB_KEYS + 2 * keys->count;
    size_t plain_size = DATA_KEY_SIZE * (1 + keys->count);
    size_t size = head_size + nonce_size + plain_size + aead_tag_size(suite);
    uint8_t *blob = arena_take(arena, size), plain[PLAIN_MAX];
    memcpy(blob, blob_magic, sizeof blob_magic);
    blob[4] = BLOB_VERSION;
    blob[5] = (uint8_t)suite;
    blob[BLOB_COUNT] = (uint8_t)keys->count;
    for (size_t i = 0; i < keys->count; i++) {
        blob[BLOB_KEYS + 2 * i] = keys->sealing[i].number;
        blob[BLOB_KEYS + 2 * i + 1] = keys->sealing[i].suite;
    }
    if (RAND_bytes(blob + BLOB_SALT, SALT_SIZE) != 1 ||
        RAND_bytes(blob + head_size, (int)nonce_size) != 1)
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    struct aead aead;
    int r = wrapping(master, suite, blob + BLOB_SALT, &aead, blob + BLOB_CHECK, e);
    if (r < 0)
        return r;
    struct slice head = {(char *)blob, head_size};
    r = aead_seal(&aead, head, (struct slice){(char *)plain, write_plain(keys, plain)},
                  blob + head_size, e);
    sodium_memzero(plain, sizeof plain);
    aead_free(&aead);
    if (r == 0)
        *ret_blob = (struct slice){(char *)blob, size};
    return r;
}

int vault_create(const struct master_key *master, enum seal_suite suite, struct arena *arena,
                 struct slice *ret_blob, struct error *e)
{
    if (!is_suite(suite))
        return error_set(e, ERR_INTERNAL, N_("there is no such suite of algorithms"));
    struct data_keys keys = {.count = 1, .sealing = {{.number = 1, .suite = (uint8_t)suite}}};
    int r = 0;
    if (RAND_priv_bytes(keys.hashing, DATA_KEY_SIZE) != 1 ||
        RAND_priv_bytes(keys.sealing[0].bytes, DATA_KEY_SIZE) != 1)
        r = error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    if (r == 0)
        r = wrap(master, suite, &keys, arena, ret_blob, e);
    sodium_memzero(&keys, sizeof keys);
    return r;
}

static int blob_broken(struct error *e)
{
    return error_set(e, ERR_SEAL_BROKEN, N_("the wrapped keys in the database are damaged"));
}

/* Numbers and suites from the head. The size of the head, 0 when it is none. */
static size_t read_head(struct slice blob, struct data_keys *keys)
{
    const uint8_t *b = (const uint8_t *)blob.p;
    if (blob.n < BLOB_KEYS || memcmp(b, blob_magic, sizeof blob_magic) != 0 || !is_suite(b[5]))
        return 0;
    if (b[4] == 1) {
        keys->count = 1;
        keys->sealing[0].number = 1;
        keys->sealing[0].suite = b[5];
        return BLOB_COUNT;
    }
    size_t count = b[BLOB_COUNT], head = BLOB_KEYS + 2 * count;
    if (b[4] != BLOB_VERSION || count == 0 || count > VAULT_KEYS_MAX || blob.n < head)
        return 0;
    for (size_t i = 0; i < count; i++) {
        keys->sealing[i].number = b[BLOB_KEYS + 2 * i];
        keys->sealing[i].suite = b[BLOB_KEYS + 2 * i + 1];
        if (keys->sealing[i].number == 0 || !is_suite(keys->sealing[i].suite))
            return 0;
    }
    keys->count = count;
    return head;
}

static void read_plain(const uint8_t *plain, int version, struct data_keys *keys)
{
    if (version == 1) {
        memcpy(keys->sealing[0].bytes, plain, DATA_KEY_SIZE);
        memcpy(keys->hashing, plain + DATA_KEY_SIZE, DATA_KEY_SIZE);
        return;
    }
    memcpy(keys->hashing, plain, DATA_KEY_SIZE);
    for (size_t i = 0; i < keys->count; i++)
        memcpy(keys->sealing[i].bytes, plain + DATA_KEY_SIZE * (1 + i), DATA_KEY_SIZE);
}

static int unwrap(const struct master_key *master, struct slice blob, size_t head_size,
                  struct vault *vault, struct error *e)
{
    const uint8_t *b = (const uint8_t *)blob.p;
    struct aead aead;
    uint8_t check[CHECK_SIZE], plain[PLAIN_MAX];
    int r = wrapping(master, vault->suite, b + BLOB_SALT, &aead, check, e);
    if (r < 0)
        return r;
    struct slice head = {blob.p, head_size};
    struct slice sealed = {blob.p + head_size, blob.n - head_size};
    if (sodium_memcmp(check, b + BLOB_CHECK, CHECK_SIZE) != 0) {
        error_set(e, ERR_KEY_WRONG, NULL);
        r = error_hint(e, N_("Name the key file that was made with this database in "
                             "HUMIAO_KEY_FILE."));
    } else {
        r = aead_open(&aead, head, sealed, plain, e);
        if (r == -ERR_SEAL_BROKEN)
            r = blob_broken(e);
    }
    aead_free(&aead);
    if (r == 0)
        read_plain(plain, b[4], vault->keys);
    sodium_memzero(plain, sizeof plain);
    return r;
}

static struct vault *vault_new(struct error *e)
{
    struct vault *vault = calloc(1, sizeof *vault);
    if (vault)
        vault->keys = sodium_malloc(sizeof *vault->keys);
    if (!vault || !vault->keys) {
        free(vault);
        error_set(e, ERR_MEMORY, NULL);
        return NULL;
    }
    memset(vault->keys, 0, sizeof *vault->keys);
    atomic_init(&vault->references, 1);
    return vault;
}

int vault_open(const struct master_key *master, struct slice blob, struct vault **ret,
               struct error *e)
{
    if (sodium_init() < 0)
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "sodium");
    struct vault *vault = vault_new(e);
    if (!vault)
        return -ERR_MEMORY;
    size_t head = read_head(blob, vault->keys);
    int r = head ? 0 : blob_broken(e);
    if (r == 0) {
        vault->suite = (enum seal_suite)blob.p[5];
        if (blob.n != head + aead_nonce_size(vault->suite) +
                          DATA_KEY_SIZE * (1 + vault->keys->count) + aead_tag_size(vault->suite))
            r = blob_broken(e);
    }
    if (r == 0)
        r = unwrap(master, blob, head, vault, e);
    if (r < 0) {
        vault_close(vault);
        return r;
    }
    sodium_mprotect_readonly(vault->keys);
    *ret = vault;
    return 0;
}

int vault_rewrap(const struct vault *vault, const struct master_key *new_master,
                 struct arena *arena, struct slice *ret_blob, struct error *e)
{
    return wrap(new_master, vault->suite, vault->keys, arena, ret_blob, e);
}

int vault_add_key(const struct vault *vault, const struct master_key *master, enum seal_suite suite,
                  struct arena *arena, struct slice *ret_blob, uint8_t *ret_number, struct error *e)
{
    if (!is_suite(suite))
        return error_set(e, ERR_INTERNAL, N_("there is no such suite of algorithms"));
    if (vault->keys->count == VAULT_KEYS_MAX)
        return error_set(e, ERR_WRONG_STATE, N_("there are %d sealing keys already"),
                         VAULT_KEYS_MAX);
    struct data_keys keys = *vault->keys;
    struct sealing_key *added = &keys.sealing[keys.count++];
    *added = (struct sealing_key){.number = vault_newest(vault)->number, .suite = (uint8_t)suite};
    do
        added->number = added->number == UINT8_MAX ? 1 : (uint8_t)(added->number + 1);
    while (vault_key(vault, added->number));
    int r = 0;
    if (RAND_priv_bytes(added->bytes, DATA_KEY_SIZE) != 1)
        r = error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    if (r == 0)
        r = wrap(master, vault->suite, &keys, arena, ret_blob, e);
    if (r == 0)
        *ret_number = added->number;
    sodium_memzero(&keys, sizeof keys);
    return r;
}

int vault_drop_key(const struct vault *vault, const struct master_key *master, uint8_t number,
                   struct arena *arena, struct slice *ret_blob, struct error *e)
{
    if (!vault_key(vault, number))
        return error_set(e, ERR_NOT_FOUND, N_("there is no sealing key %u"), (unsigned)number);
    if (vault_newest(vault)->number == number)
        return error_set(e, ERR_WRONG_STATE, N_("sealing key %u is in use"), (unsigned)number);
    struct data_keys keys = *vault->keys;
    keys.count = 0;
    for (size_t i = 0; i < vault->keys->count; i++)
        if (vault->keys->sealing[i].number != number)
            keys.sealing[keys.count++] = vault->keys->sealing[i];
    int r = wrap(master, vault->suite, &keys, arena, ret_blob, e);
    sodium_memzero(&keys, sizeof keys);
    return r;
}

const struct sealing_key *vault_key(const struct vault *vault, uint8_t number)
{
    for (size_t i = vault->keys->count; i-- > 0;)
        if (vault->keys->sealing[i].number == number)
            return &vault->keys->sealing[i];
    return NULL;
}

const struct sealing_key *vault_newest(const struct vault *vault)
{
    return &vault->keys->sealing[vault->keys->count - 1];
}

size_t vault_keys(const struct vault *vault, struct vault_key_info ret[VAULT_KEYS_MAX])
{
    for (size_t i = 0; i < vault->keys->count; i++)
        ret[i] = (struct vault_key_info){vault->keys->sealing[i].number,
                                         (enum seal_suite)vault->keys->sealing[i].suite};
    return vault->keys->count;
}

enum seal_suite vault_suite(const struct vault *vault) { return vault->suite; }

struct vault *vault_share(struct vault *vault)
{
    atomic_fetch_add(&vault->references, 1);
    return vault;
}

struct vault *vault_close(struct vault *vault)
{
    if (vault && atomic_fetch_sub(&vault->references, 1) == 1) {
        sodium_free(vault->keys); /* zeroes */
        free(vault);
    }
    return NULL;
}
