/* Accounts: who signs in, with what, in which role and where.
 *
 * Reading functions may be called on any thread's deployment; writing ones inside a write transaction of
 * the deployment that is given (in the server: from a writer's job). Each writing function leaves its
 * audit row in the same transaction. Texts belong to the arena that is given. */
#ifndef HUMIAO_ACCESS_ACCOUNT_H
#define HUMIAO_ACCESS_ACCOUNT_H

#include "access/deployment.h"
#include "access/role.h"
#include "base/arena.h"

struct account {
    int64_t id;
    enum role role;
    int64_t division;        /* 12 digits; 0: none */
    struct slice department; /* NONE: none */
    struct slice team;       /* keyed hash of team_id; NONE: none */
    int64_t person_id;       /* of a guardian; 0: none */
    struct slice name;       /* what is typed to sign in */
    struct slice display;    /* the person's own name */
    struct slice phone;
    bool has_password, must_change, has_totp, disabled;
    int64_t locked_until; /* instant; 0: not locked */
    int64_t created_at;
};

/* What is given to make or change an account. */
struct account_row {
    struct slice name, display, phone, department, team; /* `team` is the hash */
    enum role role;
    int64_t division, person_id, roster_id; /* 0: none */
};

/* By what is typed (any case), or by id. ERR_NOT_FOUND. */
int account_find(struct deployment *d, struct slice name, struct arena *arena, struct account *ret,
                 struct error *e);
int account_get(struct deployment *d, int64_t id, struct arena *arena, struct account *ret,
                struct error *e);

/* All accounts after `after_id`, at most `limit`, by id. */
int account_list(struct deployment *d, int64_t after_id, size_t limit, struct arena *arena,
                 struct account **ret, size_t *ret_count, struct error *e);

/* Makes the account, or changes the one of this name. A change of role, division, department, team or
 * person ends its sessions. `by` is the acting account, 0 for the command line. ERR_VALUE for a name that
 * is not 1 to 64 letters, digits, '.', '_', '-' or '@'. */
int account_put(struct deployment *d, const struct account_row *row, int64_t by, struct arena *arena,
                int64_t *ret_id, struct error *e);

/* Cannot sign in any more; its sessions end. Or can again. */
int account_disable(struct deployment *d, int64_t id, int64_t by, struct error *e);
int account_enable(struct deployment *d, int64_t id, int64_t by, struct error *e);

/* Argon2id (libsodium, moderate limits unless HUMIAO_ARGON2=interactive in tests) is computed outside any
 * transaction: it takes a tenth of a second and more. ERR_PASSWORD: shorter than 10 characters, longer
 * than 128 bytes, one character only, or containing the account's name (GB/T 22239-2019). */
#define PASSWORD_HASH_SIZE 128
int password_check(struct slice password, struct slice account_name, struct error *e);
int password_hash(struct slice password, char ret[PASSWORD_HASH_SIZE], struct error *e);
bool password_matches(const char *hash, struct slice password);

/* Stores a hash; ends all sessions but `keep_session` (0: all). `must_change`: given by somebody else. */
int account_set_password(struct deployment *d, int64_t id, const char *hash, bool must_change,
                         int64_t keep_session, int64_t by, struct error *e);

/* Second factor (RFC 6238, SHA-1, 30 s, 6 digits, one step of tolerance; a step is taken once).
 * account_totp_begin makes a secret (20 bytes; base32 text for the QR code) that counts only once
 * account_totp_confirm has seen a code. account_totp_clear is the security administrator's. */
int account_totp_begin(struct deployment *d, int64_t id, struct arena *arena,
                       struct slice *ret_base32, struct error *e);
int account_totp_confirm(struct deployment *d, int64_t id, struct slice code, int64_t now,
                         struct error *e);
int account_totp_clear(struct deployment *d, int64_t id, int64_t by, struct error *e);

#endif
