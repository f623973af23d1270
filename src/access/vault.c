/* The key blob. All of it before the nonce is the associated data of the wrapping.
 *
 *     offset  bytes  what
 *          0      4  "HMKV"
 *          4      1  version, 1
 *          5      1  suite
 *          6     16  salt, random
 *         22     16  key check: tells a wrong master key from an altered blob
 *         38      n  nonce | data keys, encrypted | tag, by the suite's authenticated cipher
 */
#include "access/vault.h"

#include "access/cipher.h"

#include <openssl/rand.h>
#include <sodium.h>
#include <string.h>

#define BLOB_VERSION 1
#define BLOB_SALT 6
#define BLOB_CHECK 22
#define BLOB_HEAD 38
#define SALT_SIZE 16
#define CHECK_SIZE 16

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

static int wrap(const struct master_key *master, enum seal_suite suite,
                const struct data_keys *keys, struct arena *arena, struct slice *ret_blob,
                struct error *e)
{
    size_t nonce_size = aead_nonce_size(suite);
    size_t size = BLOB_HEAD + nonce_size + sizeof *keys + aead_tag_size(suite);
    uint8_t *blob = arena_take(arena, size);
    memcpy(blob, blob_magic, sizeof blob_magic);
    blob[4] = BLOB_VERSION;
    blob[5] = (uint8_t)suite;
    if (RAND_bytes(blob + BLOB_SALT, SALT_SIZE) != 1 ||
        RAND_bytes(blob + BLOB_HEAD, (int)nonce_size) != 1)
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    struct aead aead;
    int r = wrapping(master, suite, blob + BLOB_SALT, &aead, blob + BLOB_CHECK, e);
    if (r < 0)
        return r;
    struct slice head = {(char *)blob, BLOB_HEAD};
    struct slice plain = {(const char *)keys, sizeof *keys};
    r = aead_seal(&aead, head, plain, blob + BLOB_HEAD, e);
    aead_free(&aead);
    if (r == 0)
        *ret_blob = (struct slice){(char *)blob, size};
    return r;
}

int vault_create(const struct master_key *master, enum seal_suite suite, struct arena *arena,
                 struct slice *ret_blob, struct error *e)
{
    if (suite != SUITE_INTERNATIONAL && suite != SUITE_NATIONAL)
        return error_set(e, ERR_INTERNAL, N_("there is no such suite of algorithms"));
    struct data_keys keys;
    if (RAND_priv_bytes((uint8_t *)&keys, sizeof keys) != 1)
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    int r = wrap(master, suite, &keys, arena, ret_blob, e);
    sodium_memzero(&keys, sizeof keys);
    return r;
}

static int blob_broken(struct error *e)
{
    return error_set(e, ERR_SEAL_BROKEN, N_("the wrapped keys in the database are damaged"));
}

static int unwrap(const struct master_key *master, struct slice blob, struct vault *vault,
                  struct error *e)
{
    const uint8_t *b = (const uint8_t *)blob.p;
    struct aead aead;
    uint8_t check[CHECK_SIZE];
    int r = wrapping(master, vault->suite, b + BLOB_SALT, &aead, check, e);
    if (r < 0)
        return r;
    struct slice head = {blob.p, BLOB_HEAD};
    struct slice sealed = {blob.p + BLOB_HEAD, blob.n - BLOB_HEAD};
    if (sodium_memcmp(check, b + BLOB_CHECK, CHECK_SIZE) != 0) {
        error_set(e, ERR_KEY_WRONG, NULL);
        r = error_hint(e, N_("Name the key file that was made with this database in "
                             "HUMIAO_KEY_FILE."));
    } else {
        r = aead_open(&aead, head, sealed, (uint8_t *)&vault->keys, e);
        if (r == -ERR_SEAL_BROKEN)
            r = blob_broken(e);
    }
    aead_free(&aead);
    return r;
}

int vault_open(const struct master_key *master, struct slice blob, struct vault **ret,
               struct error *e)
{
    if (blob.n < BLOB_HEAD || memcmp(blob.p, blob_magic, sizeof blob_magic) != 0 ||
        blob.p[4] != BLOB_VERSION)
        return blob_broken(e);
    enum seal_suite suite = (enum seal_suite)blob.p[5];
    if (suite != SUITE_INTERNATIONAL && suite != SUITE_NATIONAL)
        return blob_broken(e);
    if (blob.n !=
        BLOB_HEAD + aead_nonce_size(suite) + sizeof(struct data_keys) + aead_tag_size(suite))
        return blob_broken(e);
    if (sodium_init() < 0)
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "sodium");
    struct vault *vault = sodium_malloc(sizeof *vault);
    if (!vault)
        return error_set(e, ERR_MEMORY, NULL);
    vault->suite = suite;
    int r = unwrap(master, blob, vault, e);
    if (r < 0) {
        vault_close(vault);
        return r;
    }
    sodium_mprotect_readonly(vault);
    *ret = vault;
    return 0;
}

int vault_rewrap(const struct vault *vault, const struct master_key *new_master,
                 struct arena *arena, struct slice *ret_blob, struct error *e)
{
    return wrap(new_master, vault->suite, &vault->keys, arena, ret_blob, e);
}

enum seal_suite vault_suite(const struct vault *vault) { return vault->suite; }

struct vault *vault_close(struct vault *vault)
{
    sodium_free(vault); /* zeroes; takes NULL */
    return NULL;
}
