/* Inside access/: the keys of the audit trail, and the file in which they lie.
 *
 *     # humiao audit keys: with them the audit trail is verified; new segments use the last
 *     1 international 64 hexadecimal digits
 *     2 international 64 hexadecimal digits
 *
 * A segment names the key it began with, so that a key that was followed by another still verifies
 * what it made. The lists are read-only once made; all threads share one. */
#ifndef HUMIAO_ACCESS_AUDIT_KEY_H
#define HUMIAO_ACCESS_AUDIT_KEY_H

#include "access/cipher.h"

#include <stdatomic.h>

#define AUDIT_KEY_SIZE 32
#define AUDIT_KEYS_MAX 255

struct audit_key {
    int64_t number;
    enum seal_suite suite; /* HMAC-SHA-256 or HMAC-SM3 */
    uint8_t bytes[AUDIT_KEY_SIZE];
};

struct audit_keys {
    atomic_uint references;
    size_t count; /* the newest last */
    struct audit_key list[AUDIT_KEYS_MAX];
};

/* What one handle of a deployment needs for the trail; for one thread. */
struct audit {
    struct audit_keys *keys; /* NULL: the file was not there when the handle was made */
    enum seal_suite suite;   /* of keys to come */
    struct mac mac;
    enum seal_suite mac_suite; /* NONE: there is no `mac` yet */
    int64_t keyed;             /* the number of the key that `mac` holds; 0: none */
    char *deployment_id, *key_path, *heads_path;
};

/* Reads the keys where they are; that they are missing shows when they are needed. */
int audit_handle_new(const char *deployment_id, enum seal_suite suite, struct audit **ret,
                     struct error *e);
int audit_handle_fork(const struct audit *from, struct audit **ret, struct error *e);
struct audit *audit_handle_free(struct audit *a); /* takes NULL, returns NULL */

/* Makes the first key, and an empty file of heads where there is none. A file of keys that is there is
 * taken as it is. */
int audit_handle_create_files(struct audit *a, struct error *e);

/* A new key behind the others, on disk when this returns 0. */
int audit_key_add(struct audit *a, int64_t *ret_number, struct error *e);

/* ERR_KEY_MISSING and the other errors of key_file_read. */
int audit_keys_need(struct audit *a, struct error *e);

/* The newest. Only after audit_keys_need. */
int64_t audit_key_newest(const struct audit *a);

/* Keys the handle's MAC with this number; the file is read again where the number is not known.
 * ERR_KEY_MISSING when it is not in the file either. */
int audit_key_use(struct audit *a, int64_t number, struct error *e);

#endif
