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
    int64_t roster_id; /* the row of accounts.csv it came from; 0: none */
};

/* What is given to make or change an account. */
struct account_row {
    struct slice name, display, phone, department, team; /* `team` is the hash */
    enum role role;
    int64_t division, person_id, roster_id; /* 0: none */
};

/* 1 to 64 ASCII letters, digits, '.', '_', '-' or '@'. Case does not tell two accounts apart. */
#define ACCOUNT_NAME_MAX 64
bool account_name_valid(struct slice name);

/* The keyed hash of a team's id, as `team` holds it. */
int account_team_hash(struct deployment *d, struct slice team_id, uint8_t ret[SEAL_HASH_SIZE],
                      struct error *e);

/* By what is typed (any case), or by id. ERR_NOT_FOUND. */
int account_find(struct deployment *d, struct slice name, struct arena *arena, struct account *ret,
                 struct error *e);
int account_get(struct deployment *d, int64_t id, struct arena *arena, struct account *ret,
                struct error *e);

/* All accounts after `after_id`, at most `limit`, by id. */
int account_list(struct deployment *d, int64_t after_id, size_t limit, struct arena *arena,
                 struct account **ret, size_t *ret_count, struct error *e);

/* Makes the account, or changes the one of this name; says nothing and writes nothing when it stands so
 * already. A change of role, division, department, team or person ends its sessions. ROLE_NONE: nobody
 * has given it a post yet; it can sign in and may do nothing. `by` is the acting account, 0 for the
 * command line. A `roster_id` of 0 leaves the one that is there. ERR_VALUE for no account_name_valid. */
int account_put(struct deployment *d, const struct account_row *row, int64_t by,
                struct arena *arena, int64_t *ret_id, struct error *e);

/* Cannot sign in any more; its sessions end. Or can again. */
int account_disable(struct deployment *d, int64_t id, int64_t by, struct error *e);
int account_enable(struct deployment *d, int64_t id, int64_t by, struct error *e);

/* Whether an account came from this row of accounts.csv; and when the row has ended: it is disabled, and
 * nothing happens when there is none. */
int account_of_roster(struct deployment *d, int64_t roster_id, bool *ret_found, struct error *e);
int account_disable_roster(struct deployment *d, int64_t roster_id, struct error *e);

/* Argon2id (libsodium, moderate limits unless HUMIAO_ARGON2=interactive in tests) is computed outside any
 * transaction: it takes a tenth of a second and more. ERR_PASSWORD: shorter than 10 characters, longer
 * than 128 bytes, one character only, or containing the account's name (GB/T 22239-2019). */
#define PASSWORD_HASH_SIZE 128
#define PASSWORD_LEAST 10 /* characters */
#define PASSWORD_MOST 128 /* bytes */
int password_check(struct slice password, struct slice account_name, struct error *e);
int password_hash(struct slice password, char ret[PASSWORD_HASH_SIZE], struct error *e);
bool password_matches(const char *hash, struct slice password);

/* The same, telling a wrong password from a machine that has no memory left (256 MiB are needed, 64 MiB
 * with the interactive limits): ERR_MEMORY. `hash` may be NULL, for an account that is not there: the
 * answer is no, after the same work. */
int password_verify(const char *hash, struct slice password, bool *ret, struct error *e);

/* 16 characters that are not taken for one another when they are read aloud or from paper, in groups of
 * four: 79 bits. */
#define PASSWORD_MADE_SIZE 20
int password_make(struct sealer *sealer, char ret[PASSWORD_MADE_SIZE], struct error *e);

/* Stores a hash; ends all sessions but `keep_session` (0: all). `must_change`: given by somebody else. */
int account_set_password(struct deployment *d, int64_t id, const char *hash, bool must_change,
                         int64_t keep_session, int64_t by, struct error *e);

/* Second factor (RFC 6238, SHA-1, 30 s, 6 digits, one step of tolerance; a step is taken once).
 * account_totp_begin makes a secret (20 bytes; base32 text for the QR code) that counts only once
 * account_totp_confirm has seen a code (ERR_SIGN_IN: a wrong one; ERR_WRONG_STATE: nothing was begun, or it was
 * confirmed before). Beginning anew replaces what is not confirmed, and is ERR_WRONG_STATE once it is.
 * account_totp_clear is the security administrator's; it ends all sessions. account_totp_give is
 * account_totp_begin by another's hand. */
int account_totp_begin(struct deployment *d, int64_t id, struct arena *arena,
                       struct slice *ret_base32, struct error *e);
int account_totp_give(struct deployment *d, int64_t id, int64_t by, struct arena *arena,
                      struct slice *ret_base32, struct error *e);

/* otpauth://totp/… of a secret, for a QR code. In the arena. */
struct slice account_totp_uri(struct slice account_name, struct slice base32, struct arena *arena);
int account_totp_confirm(struct deployment *d, int64_t id, struct slice code, int64_t now,
                         struct error *e);
int account_totp_clear(struct deployment *d, int64_t id, int64_t by, struct error *e);

#endif
