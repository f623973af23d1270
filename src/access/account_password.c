/* Passwords and the second factor. */
#include "access/account_inside.h"
#include "access/opening.h"
#include "access/totp.h"
#include "store/sql_account.h"
#include "store/sql_session.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>

_Static_assert(PASSWORD_HASH_SIZE >= crypto_pwhash_STRBYTES, "a hash fits");

/* A name shorter than this is found in too many passwords to mean anything. */
#define NAME_TELLING 3

/* ---- passwords: pure ------------------------------------------------------------------------------ */

/* What is tried for an account that is not there: hashes of nothing anybody knows, with the parameters
 * of real ones, so that the same work is done. */
static const char dummy_moderate[] = "$argon2id$v=19$m=262144,t=3,p=1$"
                                     "aHVtaWFvIG5vYm9keSAhIQ$"
                                     "bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBub3QgZXY";
static const char dummy_interactive[] = "$argon2id$v=19$m=65536,t=2,p=1$"
                                        "aHVtaWFvIG5vYm9keSAhIQ$"
                                        "bm9ib2R5IGhhcyB0aGlzIHBhc3N3b3JkLCBub3QgZXY";

static bool interactive(void)
{
    const char *limits = getenv("HUMIAO_ARGON2");

    return limits && strcmp(limits, "interactive") == 0;
}

static size_t characters(struct slice s)
{
    size_t count = 0;

    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return count;
}

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c); }

static bool contains(struct slice text, struct slice part)
{
    for (size_t i = 0; i + part.n <= text.n; i++) {
        size_t n = 0;
        while (n < part.n && lower(text.p[i + n]) == lower(part.p[n]))
            n++;
        if (n == part.n)
            return true;
    }
    return false;
}

/* The whole is its first character again and again. */
static bool one_character(struct slice s)
{
    size_t width = 1;

    while (width < s.n && ((unsigned char)s.p[width] & 0xc0) == 0x80)
        width++;
    for (size_t i = width; i < s.n; i++)
        if (s.p[i] != s.p[i - width])
            return false;
    return true;
}

int password_check(struct slice password, struct slice account_name, struct error *e)
{
    if (characters(password) < PASSWORD_LEAST)
        return error_set(e, ERR_PASSWORD, N_("it is shorter than %d characters"), PASSWORD_LEAST);
    if (password.n > PASSWORD_MOST)
        return error_set(e, ERR_PASSWORD, N_("it is longer than %d bytes"), PASSWORD_MOST);
    if (one_character(password))
        return error_set(e, ERR_PASSWORD, N_("it is one character only"));
    if (account_name.n >= NAME_TELLING && contains(password, account_name))
        return error_set(e, ERR_PASSWORD, N_("the account's name is in it"));
    return 0;
}

int password_hash(struct slice password, char ret[PASSWORD_HASH_SIZE], struct error *e)
{
    bool light = interactive();

    if (sodium_init() < 0)
        return error_set(e, ERR_CRYPTO, NULL);
    if (crypto_pwhash_str(
            ret, password.p, password.n,
            light ? crypto_pwhash_OPSLIMIT_INTERACTIVE : crypto_pwhash_OPSLIMIT_MODERATE,
            light ? crypto_pwhash_MEMLIMIT_INTERACTIVE : crypto_pwhash_MEMLIMIT_MODERATE) != 0)
        return error_set(e, ERR_MEMORY, NULL);
    return 0;
}

int password_verify(const char *hash, struct slice password, bool *ret, struct error *e)
{
    const char *tried = hash ? hash : interactive() ? dummy_interactive : dummy_moderate;

    if (sodium_init() < 0)
        return error_set(e, ERR_CRYPTO, NULL);
    errno = 0;
    bool good = crypto_pwhash_str_verify(tried, password.p ? password.p : "", password.n) == 0;
    if (!good && errno == ENOMEM)
        return error_set(e, ERR_MEMORY, NULL);
    *ret = good && hash;
    return 0;
}

bool password_matches(const char *hash, struct slice password)
{
    bool good;

    return password_verify(hash, password, &good, NULL) == 0 && good;
}

int password_make(struct sealer *sealer, char ret[PASSWORD_MADE_SIZE], struct error *e)
{
    /* Without 0 o, 1 i l, and capitals. */
    static const char alphabet[] = "23456789abcdefghjkmnpqrstuvwxyz";
    size_t n = 0;

    while (n < PASSWORD_MADE_SIZE - 1) {
        uint8_t byte;
        int rc = sealer_random(sealer, &byte, sizeof(byte), e);
        if (rc < 0)
            return rc;
        if (n % 5 == 4)
            ret[n++] = '-';
        if ((byte & 31) < sizeof(alphabet) - 1) /* else again: none is likelier than another */
            ret[n++] = alphabet[byte & 31];
    }
    ret[n] = '\0';
    return 0;
}

/* ---- secrets of an account ------------------------------------------------------------------------ */

static struct seal_place totp_place(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("account.totp"), id};
}

int account_secrets_read(struct deployment *d, int64_t id, struct arena *arena, bool *ret_found,
                         struct account_secrets *ret, struct error *e)
{
    struct sql_account_secrets row;
    int rc = sql_account_secrets(d->store, id, ret_found, &row, e);

    if (rc < 0 || !*ret_found)
        return rc;
    *ret = (struct account_secrets){
        .role = (enum role)row.role,
        .password = arena_copy(arena, row.password),
        .password_at = row.password_at,
        .must_change = row.must_change,
        .totp_confirmed = row.totp_confirmed,
        .disabled = row.disabled_at.set,
        .totp_step = row.totp_step,
        .failures = row.failures,
        .locked_until = row.locked_until.set ? row.locked_until.v : 0,
    };
    rc = sealer_set_subject(d->sealer, (const uint8_t *)row.salt.p, e);
    if (rc == 0 && row.totp.p)
        rc = sealer_open(d->sealer, totp_place(id), row.totp, arena, &ret->totp, e);
    return rc;
}

static int secrets_of(struct deployment *d, int64_t id, struct arena *arena,
                      struct account_secrets *ret, struct error *e)
{
    bool found;
    int rc = account_secrets_read(d, id, arena, &found, ret, e);

    if (rc == 0 && !found)
        return error_set(e, ERR_NOT_FOUND, N_("there is no such account"));
    return rc;
}

int account_set_password(struct deployment *d, int64_t id, const char *hash, bool must_change,
                         int64_t keep_session, int64_t by, struct error *e)
{
    ARENA_AUTO(scratch);
    struct account_secrets secrets;
    int64_t now = instant_now();
    int rc = secrets_of(d, id, &scratch, &secrets, e);

    /* Whoever replaces another's password could sign in with it: somebody else is told. */
    if (rc == 0 && must_change && secrets.password.p)
        rc = alarm_raise(d, ALARM_PASSWORD_GIVEN, id, 0, 0, now, e);
    if (rc == 0)
        rc = sql_account_set_password(d->store, id, slice_from(hash), now, must_change, e);
    if (rc == 0)
        rc = sql_session_end_all(d->store, id, keep_session, now, e);
    return rc < 0 ? rc
                  : account_tell(d, AUDIT_PASSWORD_SET, by, id, must_change ? "given" : "own", e);
}

/* ---- the second factor ---------------------------------------------------------------------------- */

int account_totp_give(struct deployment *d, int64_t id, int64_t by, struct arena *arena,
                      struct slice *ret_base32, struct error *e)
{
    struct account_secrets secrets;
    uint8_t secret[TOTP_SECRET_SIZE];
    struct slice sealed;
    int rc = secrets_of(d, id, arena, &secrets, e);

    if (rc == 0 && secrets.totp_confirmed) {
        error_set(e, ERR_WRONG_STATE, N_("this account has a second factor already"));
        return error_hint(e, N_("The security administrator can clear it."));
    }
    if (rc == 0)
        rc = sealer_random(d->sealer, secret, sizeof(secret), e);
    if (rc == 0) /* the sealer is set to the account, which was just read */
        rc = sealer_seal_arena(d->sealer, totp_place(id), SLICE_OF(secret), arena, &sealed, e);
    if (rc == 0)
        rc = sql_account_set_totp(d->store, id, sealed, e);
    if (rc == 0)
        rc = account_tell(d, AUDIT_TOTP_SET, by, id, "begun", e);
    if (rc == 0)
        *ret_base32 = base32_from(SLICE_OF(secret), arena);
    sodium_memzero(secret, sizeof(secret));
    return rc;
}

int account_totp_begin(struct deployment *d, int64_t id, struct arena *arena,
                       struct slice *ret_base32, struct error *e)
{
    return account_totp_give(d, id, id, arena, ret_base32, e);
}

int account_totp_confirm(struct deployment *d, int64_t id, struct slice code, int64_t now,
                         struct error *e)
{
    ARENA_AUTO(scratch);
    struct account_secrets secrets;
    int64_t step;
    int rc = secrets_of(d, id, &scratch, &secrets, e);

    if (rc < 0)
        return rc;
    if (!secrets.totp.p || secrets.totp_confirmed)
        return error_set(e, ERR_WRONG_STATE, N_("no second factor waits to be confirmed"));
    if (!totp_matches(secrets.totp, code, now, secrets.totp_step, &step))
        return error_set(e, ERR_SIGN_IN, NULL);
    rc = sql_account_totp_confirmed(d->store, id, step, e);
    return rc < 0 ? rc : account_tell(d, AUDIT_TOTP_SET, id, id, "confirmed", e);
}

int account_totp_clear(struct deployment *d, int64_t id, int64_t by, struct error *e)
{
    ARENA_AUTO(scratch);
    struct account_secrets secrets;
    int rc = secrets_of(d, id, &scratch, &secrets, e);

    if (rc < 0 || !secrets.totp.p)
        return rc;
    rc = sql_account_set_totp(d->store, id, SLICE_NONE, e);
    if (rc == 0)
        rc = sql_session_end_all(d->store, id, 0, instant_now(), e);
    return rc < 0 ? rc : account_tell(d, AUDIT_TOTP_CLEARED, by, id, NULL, e);
}

struct slice account_totp_uri(struct slice account_name, struct slice base32, struct arena *arena)
{
    /* No character of an account's name but '@' needs escaping in a URI, and that one may stand. */
    return slice_from(arena_printf(
        arena,
        "otpauth://totp/Humiao:%.*s?secret=%.*s&issuer=Humiao&algorithm=SHA1&digits=6&period=30",
        (int)account_name.n, account_name.p, (int)base32.n, base32.p));
}
