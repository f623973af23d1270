/* Sessions: signing in, the cookie's token, CSRF, revocation. Rows in the database, tokens only as keyed
 * hashes. Idle limit 30 min for administrators and bureau leaders, 12 h for others; 12 h and 7 days in
 * all (local, unconfirmed). */
#ifndef HUMIAO_ACCESS_SESSION_H
#define HUMIAO_ACCESS_SESSION_H

#include "access/account.h"

#define SESSION_TOKEN_SIZE 43 /* base64url of 32 random bytes, without padding */

struct session {
    int64_t id, account_id;
    int64_t began_at, seen_at, ends_at; /* instants */
    bool second_factor, revoked;
    struct slice device; /* a class: phone, desk, program; whatever else is given is "other" */
    uint8_t csrf_hash[SEAL_HASH_SIZE]; /* only from session_find and sign_in_finish */
};

struct sign_in {
    struct slice account, password, code; /* `code`: SLICE_NONE when none was given */
    struct slice device;
    int64_t now;
};

/* First half, on a reader, outside any transaction, the slow part: looks up the account and checks the
 * password (against a dummy hash when there is no such account, so that the time tells nothing). The
 * verdict is only a finding: sign_in_finish counts failures and makes the session. */
struct sign_in_finding {
    int64_t account_id; /* 0: no such account */
    bool password_good;
    int64_t password_at; /* which password was tried: a new one may come before sign_in_finish */
};
int sign_in_check(struct deployment *d, const struct sign_in *s, struct sign_in_finding *ret,
                  struct error *e);

/* Second half, in a write transaction. Returns 0 and sets `ret_refused` to ERR_SIGN_IN, ERR_SECOND_FACTOR
 * (a code is needed) where the sign-in is refused: the failure itself is written and must be committed.
 * Five failures lock an account for 1 min, each further one for twice as long up to 1 h; meanwhile the
 * answer is ERR_SIGN_IN, whatever was given. Else the token and CSRF token, each NUL-terminated, which are
 * stored only as hashes. */
struct sign_in_result {
    enum error_code refused; /* ERR_NONE: signed in */
    bool must_change_password, must_enrol_totp;
    struct session session;
    char token[SESSION_TOKEN_SIZE + 1], csrf[SESSION_TOKEN_SIZE + 1];
};
int sign_in_finish(struct deployment *d, const struct sign_in *s,
                   const struct sign_in_finding *finding, struct sign_in_result *ret,
                   struct error *e);

/* The session of a cookie's token and its account. ERR_NOT_SIGNED_IN: unknown, ended, idle too long,
 * revoked, or its account disabled. */
int session_find(struct deployment *d, struct slice token, int64_t now, struct arena *arena,
                 struct session *ret, struct account *ret_account, struct error *e);
bool session_csrf_matches(struct deployment *d, const struct session *s, struct slice csrf);

/* The role needs a second factor and this session has not given it: nothing may be done in it but to
 * enrol one, and to give its code (session_give_code). */
bool session_lacks_second_factor(const struct session *s, const struct account *account);

/* account_totp_confirm saw a good code in this session: it has its second factor from now on. */
int session_give_code(struct deployment *d, int64_t session_id, struct error *e);

/* Microseconds without a request after which a session of this role has ended; and in all. */
int64_t session_idle_limit(enum role role);
int64_t session_whole_limit(enum role role);

/* session_touch writes seen_at when it is more than a minute old; true when a write is due. */
bool session_touch_due(const struct session *s, int64_t now);
int session_touch(struct deployment *d, int64_t session_id, int64_t now, struct error *e);

/* Those not ended, idle too long or revoked, oldest first. */
int session_list(struct deployment *d, int64_t account_id, int64_t now, struct arena *arena,
                 struct session **ret, size_t *ret_count, struct error *e);
/* ERR_NOT_FOUND when it is not one of that account. */
int session_revoke(struct deployment *d, int64_t account_id, int64_t session_id, int64_t by,
                   struct error *e);
int session_revoke_all(struct deployment *d, int64_t account_id, int64_t keep_session, int64_t by,
                       struct error *e);

/* Drops the rows of sessions that ended more than 30 days ago: the trail keeps what happened. */
int session_sweep(struct deployment *d, int64_t now, struct error *e);

#endif
