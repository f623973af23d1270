/* Inside access/: the two suites over OpenSSL's EVP, with contexts that are kept for reuse. */
#ifndef HUMIAO_ACCESS_CIPHER_H
#define HUMIAO_ACCESS_CIPHER_H

#include "access/keys.h"

#include <openssl/evp.h>

#define CIPHER_KEY_SIZE 32
#define CIPHER_MAC_SIZE 32 /* of SHA-256 and of SM3 */

/* A keyed HMAC that is used again and again under one key. */
struct mac {
    EVP_MAC_CTX *context;
};

int mac_new(enum seal_suite suite, struct mac *ret, struct error *e);
void mac_free(struct mac *m);
int mac_set_key(struct mac *m, const uint8_t *key, size_t key_size, struct error *e);

/* HMAC over the parts one after the other, CIPHER_MAC_SIZE bytes. */
int mac_of(struct mac *m, const struct slice *parts, size_t count, uint8_t ret[CIPHER_MAC_SIZE],
           struct error *e);

/* One key and the contexts to seal and open under it: the authenticated cipher of a suite. */
struct aead {
    enum seal_suite suite;
    EVP_CIPHER_CTX *seal, *open;
    struct mac tag;                   /* national only */
    bool seal_keyed, open_keyed;      /* key schedules are made when first needed */
    uint8_t key[CIPHER_KEY_SIZE];     /* national: 16 bytes of it */
    uint8_t tag_key[CIPHER_MAC_SIZE]; /* national only */
};

int aead_new(enum seal_suite suite, struct aead *ret, struct error *e);
void aead_free(struct aead *a);

/* Derives the key from `from`, a MAC keyed with a parent key, by `label` and `salt`. */
int aead_derive(struct aead *a, struct mac *from, struct slice label, struct slice salt,
                struct error *e);

size_t aead_nonce_size(enum seal_suite suite);
size_t aead_tag_size(enum seal_suite suite);

/* nonce | ciphertext | tag from and to one buffer; the nonce is written by the caller before sealing.
 * Sealed size is nonce + plain.n + tag. */
int aead_seal(struct aead *a, struct slice associated, struct slice plain, uint8_t *buffer,
              struct error *e);

/* Writes sealed.n - nonce - tag bytes to `plain`, zeroed again when the tag is wrong. */
int aead_open(struct aead *a, struct slice associated, struct slice sealed, uint8_t *plain,
              struct error *e);

#endif
