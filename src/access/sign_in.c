/* Signing in: a slow half that only reads, and a short half that writes. */
#include "access/account_inside.h"
#include "access/opening.h"
#include "access/session.h"
#include "access/totp.h"
#include "store/sql_account.h"
#include "store/sql_session.h"

#include <sodium.h>

#define FREE_FAILURES 5                    /* wrong in a row before the account is locked */
#define FIRST_LOCK (INT64_C(60) * 1000000) /* doubles with each further one */
#define LONGEST_LOCK (INT64_C(3600) * 1000000)

enum {
#define ALARM(symbol, number, name, limit) LIMIT_##symbol = limit,
#include "access/alarms.def"
#undef ALARM
};

/* ---- first half ----------------------------------------------------------------------------------- */

int sign_in_check(struct deployment *d, const struct sign_in *s, struct sign_in_finding *ret,
                  struct error *e)
{
    ARENA_AUTO(scratch);
    struct account_secrets secrets = {0};
    struct sql_account_id_of row;
    uint8_t hash[SEAL_HASH_SIZE];
    bool found = false, good = false;
    int rc = 0;

    if (account_name_valid(s->account)) {
        rc = account_name_hash(d, s->account, hash, e);
        if (rc == 0)
            rc = sql_account_id_of(d->store, SLICE_OF(hash), &found, &row, e);
    }
    int64_t id = found ? row.id : 0;
    if (rc == 0 && found)
        rc = account_secrets_read(d, id, &scratch, &found, &secrets, e);
    /* A password that is too long for anybody's is not tried, but costs as much. */
    bool fits = s->password.n <= PASSWORD_MOST;
    if (rc == 0)
        rc = password_verify(fits ? secrets.password.p : NULL,
                             fits ? s->password : SLICE_LITERAL(""), &good, e);
    if (rc < 0)
        return rc;
    *ret = (struct sign_in_finding){
        .account_id = found ? id : 0, .password_good = good, .password_at = secrets.password_at.v};
    return 0;
}

/* ---- second half ---------------------------------------------------------------------------------- */

static int refuse(struct deployment *d, int64_t account_id, enum error_code code, const char *why,
                  struct sign_in_result *ret, struct error *e)
{
    *ret = (struct sign_in_result){.refused = code};
    return account_tell(d, AUDIT_SIGN_IN_REFUSED, account_id, 0, why, e);
}

static int64_t lock_after(int64_t failures)
{
    int64_t lock = FIRST_LOCK;

    for (int64_t i = FREE_FAILURES; i < failures && lock < LONGEST_LOCK; i++)
        lock *= 2;
    return lock < LONGEST_LOCK ? lock : LONGEST_LOCK;
}

static int fail(struct deployment *d, const struct sign_in *s, int64_t id,
                const struct account_secrets *secrets, const char *why, struct sign_in_result *ret,
                struct error *e)
{
    int64_t failures = secrets->failures + 1;
    bool locks = failures >= FREE_FAILURES;
    int rc = sql_account_failed(d->store, id, failures,
                                locks ? opt_int(s->now + lock_after(failures)) : OPT_INT_NONE, e);

    if (rc == 0 && failures % LIMIT_ALARM_SIGN_IN == 0)
        rc = alarm_raise(d, ALARM_SIGN_IN, id, 0, failures, s->now, e);
    return rc < 0 ? rc : refuse(d, id, ERR_SIGN_IN, why, ret, e);
}

/* 32 random bytes as text, and their keyed hash. */
static int make_token(struct deployment *d, enum hash_use use, char ret[SESSION_TOKEN_SIZE + 1],
                      uint8_t ret_hash[SEAL_HASH_SIZE], struct error *e)
{
    uint8_t bytes[32];
    int rc = sealer_random(d->sealer, bytes, sizeof(bytes), e);

    if (rc < 0)
        return rc;
    sodium_bin2base64(ret, SESSION_TOKEN_SIZE + 1, bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof(bytes));
    return sealer_hash(d->sealer, use, (struct slice){ret, SESSION_TOKEN_SIZE}, ret_hash, e);
}

/* Only words that tell nobody apart. */
static struct slice device_class(struct slice given)
{
    static const char *const classes[] = {"phone", "desk", "program"};

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (slice_is(given, classes[i]))
            return slice_from(classes[i]);
    return SLICE_LITERAL("other");
}

static int begin(struct deployment *d, const struct sign_in *s, int64_t id,
                 const struct account_secrets *secrets, struct sign_in_result *ret, struct error *e)
{
    struct sign_in_result r = {.must_change_password = secrets->must_change,
                               .must_enrol_totp = role_needs_second_factor(secrets->role) &&
                                                  !secrets->totp_confirmed,
                               .session = {.account_id = id,
                                           .began_at = s->now,
                                           .seen_at = s->now,
                                           .ends_at = s->now + session_whole_limit(secrets->role),
                                           .second_factor = secrets->totp_confirmed,
                                           .device = device_class(s->device)}};
    uint8_t token[SEAL_HASH_SIZE];
    int rc = sealer_random_id(d->sealer, &r.session.id, e);

    if (rc == 0)
        rc = make_token(d, HASH_TOKEN, r.token, token, e);
    if (rc == 0)
        rc = make_token(d, HASH_CSRF, r.csrf, r.session.csrf_hash, e);
    if (rc == 0)
        rc = sql_session_insert(d->store, r.session.id, SLICE_OF(token),
                                SLICE_OF(r.session.csrf_hash), id, s->now, r.session.ends_at,
                                r.session.second_factor, r.session.device, e);
    if (rc == 0)
        rc = sql_account_signed_in(d->store, id, secrets->totp_step, e);
    if (rc == 0)
        rc = account_tell(d, AUDIT_SIGNED_IN, id, r.session.id,
                          r.session.second_factor ? "code" : "", e);
    if (rc == 0)
        *ret = r;
    sodium_memzero(r.token, sizeof(r.token));
    sodium_memzero(r.csrf, sizeof(r.csrf));
    return rc;
}

int sign_in_finish(struct deployment *d, const struct sign_in *s,
                   const struct sign_in_finding *finding, struct sign_in_result *ret,
                   struct error *e)
{
    ARENA_AUTO(scratch);
    struct account_secrets secrets;
    int64_t id = finding->account_id;
    bool found = false;
    int rc = id ? account_secrets_read(d, id, &scratch, &found, &secrets, e) : 0;

    if (rc < 0)
        return rc;
    if (!found)
        return refuse(d, 0, ERR_SIGN_IN, "unknown", ret, e);
    /* The answer is that of an unknown name: it tells neither that there is such an account nor, by being
     * another one, that the password was right. */
    if (secrets.locked_until > s->now)
        return refuse(d, id, ERR_SIGN_IN, "locked", ret, e);
    if (!finding->password_good || !secrets.password_at.set ||
        secrets.password_at.v != finding->password_at)
        return fail(d, s, id, &secrets, "password", ret, e);
    if (secrets.disabled)
        return refuse(d, id, ERR_SIGN_IN, "disabled", ret, e);
    if (secrets.totp_confirmed) {
        if (!s->code.n)
            return refuse(d, id, ERR_SECOND_FACTOR, "code missing", ret, e);
        if (!totp_matches(secrets.totp, s->code, s->now, secrets.totp_step, &secrets.totp_step))
            return fail(d, s, id, &secrets, "code", ret, e);
    }
    return begin(d, s, id, &secrets, ret, e);
}
