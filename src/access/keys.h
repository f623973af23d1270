/* Keys: the master key in a file outside the database, and the vault of data keys that it opens.
 *
 *     master key file ──wraps──> data keys (sealing, hashing), a blob in the database
 *     a sealing key + a person's salt ──derives──> a key of that person (see seal.h)
 *
 * Whoever has the database alone reads nothing; whoever has the key file alone has nothing to read.
 * A vault does not change after it was opened, so all threads may share it. */
#ifndef HUMIAO_ACCESS_KEYS_H
#define HUMIAO_ACCESS_KEYS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* Algorithms: of a deployment's hashes, chosen when its database is made, and of each sealing key. The
 * numbers are written into the key blob. */
enum seal_suite {
    SUITE_NONE = 0,
    SUITE_INTERNATIONAL = 1, /* AES-256-GCM (NIST SP 800-38D), HMAC-SHA-256 (FIPS 198-1) */
    SUITE_NATIONAL = 2,      /* SM4-CTR, then HMAC-SM3 (GB/T 32907, GB/T 32905, GB/T 15852.2) */
    SUITE_COUNT
};

/* "international" and "national"; false for any other name. */
bool seal_suite_parse(struct slice name, enum seal_suite *ret);
const char *seal_suite_name(enum seal_suite suite);

#define KEYS_MASTER_SIZE 32

struct master_key {
    uint8_t bytes[KEYS_MASTER_SIZE];
};

/* Where the master key of a deployment lives: HUMIAO_KEY_FILE if that is set and not empty, else
 * $XDG_CONFIG_HOME/humiao/ID.key, else $HOME/.config/humiao/ID.key. `deployment_id` is of letters,
 * digits, '-' and '_' (ERR_USAGE otherwise). ERR_KEY_MISSING when no variable says where.
 * The path belongs to the arena. */
int keys_master_path(const char *deployment_id, struct arena *arena, const char **ret_path,
                     struct error *e);

/* Makes a new random master key and writes it to `path`, a file that must not be there yet
 * (ERR_CONFLICT), readable by its owner only; missing directories are made, mode 0700. File and
 * directory are on disk when this returns 0. On failure no file is left behind. The key goes to
 * `ret` too, which the caller wipes. */
int keys_master_create(const char *path, struct master_key *ret, struct error *e);

/* ERR_KEY_MISSING when there is no such file, ERR_KEY_EXPOSED when group or others have any right to
 * it or it belongs to another user (not root), ERR_KEY_WRONG when it is not a key file; ERR_IO,
 * ERR_PERMISSION. The caller wipes `ret`. */
int keys_master_read(const char *path, struct master_key *ret, struct error *e);

/* The text of a key file: comment lines, then the digits and nothing but blanks. False when it is none,
 * and then `ret` may hold anything; the caller wipes it. */
bool keys_master_parse(struct slice text, struct master_key *ret);

void keys_master_wipe(struct master_key *master);

/* No core dumps of this process from now on, so that no key gets into one. For `main`, once. */
void keys_forbid_core_dumps(void);

struct vault;

/* Fresh random data keys, the sealing key being number 1, wrapped by the master key. The blob (at most
 * VAULT_BLOB_MAX bytes, with its version, suites, numbers and key check) belongs to the arena; the
 * caller stores it as it is. */
#define VAULT_BLOB_MAX 512
int vault_create(const struct master_key *master, enum seal_suite suite, struct arena *arena,
                 struct slice *ret_blob, struct error *e);

/* Opens a stored blob. ERR_KEY_WRONG when the master key is another one, ERR_SEAL_BROKEN when the
 * blob was altered or is not one, ERR_MEMORY, ERR_CRYPTO. The vault is ended by vault_close. */
int vault_open(const struct master_key *master, struct slice blob, struct vault **ret,
               struct error *e);

/* The same data keys wrapped by another master key: how a master key is replaced. */
int vault_rewrap(const struct vault *vault, const struct master_key *new_master,
                 struct arena *arena, struct slice *ret_blob, struct error *e);

/* A vault holds up to so many sealing keys at a time, each with a number and a suite. New values are
 * sealed under the newest; any of them opens what it sealed. The hashing key is one, for ever. */
#define VAULT_KEYS_MAX 8

struct vault_key_info {
    uint8_t number; /* 1 to 255 */
    enum seal_suite suite;
};
size_t vault_keys(const struct vault *vault,
                  struct vault_key_info ret[VAULT_KEYS_MAX]); /* newest last */

/* A blob with one random sealing key more, the newest from now on; its number is the next that is free,
 * after 255 comes 1. ERR_WRONG_STATE when the vault is full. `master` is the one that wraps the vault. */
int vault_add_key(const struct vault *vault, const struct master_key *master, enum seal_suite suite,
                  struct arena *arena, struct slice *ret_blob, uint8_t *ret_number,
                  struct error *e);

/* A blob without the key of this number: what is still sealed under it never opens again.
 * ERR_NOT_FOUND; ERR_WRONG_STATE for the newest. */
int vault_drop_key(const struct vault *vault, const struct master_key *master, uint8_t number,
                   struct arena *arena, struct slice *ret_blob, struct error *e);

/* The suite of hashes and of the wrapping: that in which the vault was made. */
enum seal_suite vault_suite(const struct vault *vault);

/* One holder more: each holder closes once. From any thread. */
struct vault *vault_share(struct vault *vault);

/* The last holder's call zeroes the keys. Takes NULL, returns NULL. Sealers of this vault must be ended,
 * or use another (sealer_use), before. */
struct vault *vault_close(struct vault *vault);

#endif
