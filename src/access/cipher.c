#include "access/cipher.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <string.h>

#define GCM_NONCE_SIZE 12
#define GCM_TAG_SIZE 16
#define SM4_NONCE_SIZE 16 /* the whole counter block */
#define SM4_KEY_SIZE 16

static int refused(struct error *e, const char *what)
{
    return error_set(e, ERR_CRYPTO, N_("step: %s"), what);
}

int mac_new(enum seal_suite suite, struct mac *ret, struct error *e)
{
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    EVP_MAC_free(hmac); /* the context keeps its own reference */
    if (!context)
        return refused(e, "HMAC");
    char *digest = (char *)(suite == SUITE_NATIONAL ? "SM3" : "SHA256"); /* only read */
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    if (EVP_MAC_CTX_set_params(context, params) != 1) {
        EVP_MAC_CTX_free(context);
        return refused(e, "HMAC digest");
    }
    ret->context = context;
    return 0;
}

void mac_free(struct mac *m)
{
    EVP_MAC_CTX_free(m->context);
    m->context = NULL;
}

int mac_set_key(struct mac *m, const uint8_t *key, size_t key_size, struct error *e)
{
    return EVP_MAC_init(m->context, key, key_size, NULL) == 1 ? 0 : refused(e, "HMAC key");
}

int mac_of(struct mac *m, const struct slice *parts, size_t count, uint8_t ret[CIPHER_MAC_SIZE],
           struct error *e)
{
    /* Without a key, init begins anew under the key that is set. */
    if (EVP_MAC_init(m->context, NULL, 0, NULL) != 1)
        return refused(e, "HMAC begin");
    for (size_t i = 0; i < count; i++)
        if (parts[i].n && EVP_MAC_update(m->context, (const uint8_t *)parts[i].p, parts[i].n) != 1)
            return refused(e, "HMAC update");
    size_t n = 0;
    if (EVP_MAC_final(m->context, ret, &n, CIPHER_MAC_SIZE) != 1 || n != CIPHER_MAC_SIZE)
        return refused(e, "HMAC final");
    return 0;
}

size_t aead_nonce_size(enum seal_suite suite)
{
    return suite == SUITE_NATIONAL ? SM4_NONCE_SIZE : GCM_NONCE_SIZE;
}

size_t aead_tag_size(enum seal_suite suite)
{
    return suite == SUITE_NATIONAL ? CIPHER_MAC_SIZE : GCM_TAG_SIZE;
}

int aead_new(enum seal_suite suite, struct aead *ret, struct error *e)
{
    *ret = (struct aead){.suite = suite};
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, suite == SUITE_NATIONAL ? "SM4-CTR" : "AES-256-GCM",
                                          NULL);
    ret->seal = EVP_CIPHER_CTX_new();
    ret->open = EVP_CIPHER_CTX_new();
    int r = 0;
    if (!cipher || !ret->seal || !ret->open ||
        EVP_EncryptInit_ex2(ret->seal, cipher, NULL, NULL, NULL) != 1 ||
        EVP_DecryptInit_ex2(ret->open, cipher, NULL, NULL, NULL) != 1)
        r = refused(e, "cipher");
    EVP_CIPHER_free(cipher);
    if (r == 0 && suite == SUITE_NATIONAL)
        r = mac_new(suite, &ret->tag, e);
    if (r < 0)
        aead_free(ret);
    return r;
}

void aead_free(struct aead *a)
{
    EVP_CIPHER_CTX_free(a->seal); /* OpenSSL cleanses the key schedules */
    EVP_CIPHER_CTX_free(a->open);
    mac_free(&a->tag);
    OPENSSL_cleanse(a, sizeof *a);
}

/* One block of the key derivation in counter mode (NIST SP 800-108, with HMAC): counter, label, a
 * zero byte, the salt. Labels differ in every use and none holds a zero byte. */
static int derive_block(struct mac *from, uint8_t counter, struct slice label, struct slice salt,
                        uint8_t ret[CIPHER_MAC_SIZE], struct error *e)
{
    uint8_t begin = counter, zero = 0;
    struct slice parts[] = {{(char *)&begin, 1}, label, {(char *)&zero, 1}, salt};
    return mac_of(from, parts, 4, ret, e);
}

int aead_derive(struct aead *a, struct mac *from, struct slice label, struct slice salt,
                struct error *e)
{
    a->seal_keyed = a->open_keyed = false;
    int r = derive_block(from, 1, label, salt, a->key, e);
    if (r == 0 && a->suite == SUITE_NATIONAL) {
        r = derive_block(from, 2, label, salt, a->tag_key, e);
        if (r == 0)
            r = mac_set_key(&a->tag, a->tag_key, sizeof a->tag_key, e);
    }
    return r;
}

/* The tag goes over the associated data with its length in front, then nonce and ciphertext: no two
 * different triples give one input, because the nonce's length is fixed. */
static int national_tag(struct aead *a, struct slice associated, struct slice nonce_and_text,
                        uint8_t ret[CIPHER_MAC_SIZE], struct error *e)
{
    uint8_t length[8];
    for (int i = 0; i < 8; i++)
        length[i] = (uint8_t)((uint64_t)associated.n >> (56 - 8 * i));
    struct slice parts[] = {SLICE_OF(length), associated, nonce_and_text};
    return mac_of(&a->tag, parts, 3, ret, e);
}

static int national_crypt(EVP_CIPHER_CTX *context, bool *keyed, const uint8_t *key,
                          const uint8_t *nonce, struct slice in, uint8_t *out, struct error *e)
{
    int n = 0;
    /* Counter mode is its own inverse, but each context keeps the direction it was made for. */
    if (EVP_CipherInit_ex2(context, NULL, *keyed ? NULL : key, nonce, -1, NULL) != 1)
        return refused(e, "SM4 begin");
    *keyed = true;
    if (in.n && EVP_CipherUpdate(context, out, &n, (const uint8_t *)in.p, (int)in.n) != 1)
        return refused(e, "SM4");
    return (size_t)n == in.n ? 0 : refused(e, "SM4 length");
}

static int national_seal(struct aead *a, struct slice associated, struct slice plain,
                         uint8_t *buffer, struct error *e)
{
    int r = national_crypt(a->seal, &a->seal_keyed, a->key, buffer, plain, buffer + SM4_NONCE_SIZE,
                           e);
    if (r < 0)
        return r;
    struct slice text = {(char *)buffer, SM4_NONCE_SIZE + plain.n};
    return national_tag(a, associated, text, buffer + text.n, e);
}

static int national_open(struct aead *a, struct slice associated, struct slice sealed,
                         uint8_t *plain, struct error *e)
{
    uint8_t tag[CIPHER_MAC_SIZE];
    struct slice text = {sealed.p, sealed.n - CIPHER_MAC_SIZE};
    int r = national_tag(a, associated, text, tag, e);
    if (r < 0)
        return r;
    if (CRYPTO_memcmp(tag, sealed.p + text.n, sizeof tag) != 0)
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    struct slice in = {text.p + SM4_NONCE_SIZE, text.n - SM4_NONCE_SIZE};
    return national_crypt(a->open, &a->open_keyed, a->key, (const uint8_t *)sealed.p, in, plain, e);
}

static int gcm_seal(struct aead *a, struct slice associated, struct slice plain, uint8_t *buffer,
                    struct error *e)
{
    int n = 0;
    uint8_t *text = buffer + GCM_NONCE_SIZE;
    if (EVP_EncryptInit_ex2(a->seal, NULL, a->seal_keyed ? NULL : a->key, buffer, NULL) != 1)
        return refused(e, "GCM begin");
    a->seal_keyed = true;
    if (EVP_EncryptUpdate(a->seal, NULL, &n, (const uint8_t *)associated.p, (int)associated.n) != 1)
        return refused(e, "GCM associated data");
    n = 0;
    if (plain.n &&
        EVP_EncryptUpdate(a->seal, text, &n, (const uint8_t *)plain.p, (int)plain.n) != 1)
        return refused(e, "GCM");
    int rest = 0;
    if ((size_t)n != plain.n || EVP_EncryptFinal_ex(a->seal, text + n, &rest) != 1 ||
        EVP_CIPHER_CTX_ctrl(a->seal, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_SIZE, text + n) != 1)
        return refused(e, "GCM tag");
    return 0;
}

static int gcm_open(struct aead *a, struct slice associated, struct slice sealed, uint8_t *plain,
                    struct error *e)
{
    const uint8_t *nonce = (const uint8_t *)sealed.p;
    const uint8_t *text = nonce + GCM_NONCE_SIZE;
    size_t size = sealed.n - GCM_NONCE_SIZE - GCM_TAG_SIZE;
    uint8_t tag[GCM_TAG_SIZE];
    memcpy(tag, text + size, sizeof tag);
    int n = 0, rest = 0;
    if (EVP_DecryptInit_ex2(a->open, NULL, a->open_keyed ? NULL : a->key, nonce, NULL) != 1)
        return refused(e, "GCM begin");
    a->open_keyed = true;
    if (EVP_DecryptUpdate(a->open, NULL, &n, (const uint8_t *)associated.p, (int)associated.n) != 1)
        return refused(e, "GCM associated data");
    n = 0;
    if (size && EVP_DecryptUpdate(a->open, plain, &n, text, (int)size) != 1)
        return refused(e, "GCM");
    if (EVP_CIPHER_CTX_ctrl(a->open, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_SIZE, tag) != 1)
        return refused(e, "GCM tag");
    if (EVP_DecryptFinal_ex(a->open, plain + n, &rest) != 1) {
        if (size)
            OPENSSL_cleanse(plain, size);
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    }
    return 0;
}

int aead_seal(struct aead *a, struct slice associated, struct slice plain, uint8_t *buffer,
              struct error *e)
{
    return a->suite == SUITE_NATIONAL ? national_seal(a, associated, plain, buffer, e)
                                      : gcm_seal(a, associated, plain, buffer, e);
}

int aead_open(struct aead *a, struct slice associated, struct slice sealed, uint8_t *plain,
              struct error *e)
{
    if (sealed.n < aead_nonce_size(a->suite) + aead_tag_size(a->suite))
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    return a->suite == SUITE_NATIONAL ? national_open(a, associated, sealed, plain, e)
                                      : gcm_open(a, associated, sealed, plain, e);
}
