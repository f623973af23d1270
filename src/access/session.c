#include "access/session.h"

#include "access/account_inside.h"
#include "store/sql_session.h"

#include <sodium.h>

#define MINUTE INT64_C(60000000) /* microseconds */
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

int64_t session_idle_limit(enum role role)
{
    return role_needs_second_factor(role) ? 30 * MINUTE : 12 * HOUR;
}

int64_t session_whole_limit(enum role role)
{
    return role_needs_second_factor(role) ? 12 * HOUR : 7 * DAY;
}

static int not_signed_in(struct error *e) { return error_set(e, ERR_NOT_SIGNED_IN, NULL); }

int session_find(struct deployment *d, struct slice token, int64_t now, struct arena *arena,
                 struct session *ret, struct account *ret_account, struct error *e)
{
    uint8_t hash[SEAL_HASH_SIZE];
    struct sql_session_by_token row;
    struct account account;
    bool found;

    if (token.n != SESSION_TOKEN_SIZE)
        return not_signed_in(e);
    int rc = sealer_hash(d->sealer, HASH_TOKEN, token, hash, e);
    if (rc == 0)
        rc = sql_session_by_token(d->store, SLICE_OF(hash), &found, &row, e);
    if (rc < 0)
        return rc;
    if (!found || row.revoked_at.set || row.ends_at <= now || row.csrf_hash.n != SEAL_HASH_SIZE)
        return not_signed_in(e);
    struct session session = {.id = row.id,
                              .account_id = row.account_id,
                              .began_at = row.began_at,
                              .seen_at = row.seen_at,
                              .ends_at = row.ends_at,
                              .second_factor = row.second_factor,
                              .device = arena_copy(arena, row.device)};
    memcpy(session.csrf_hash, row.csrf_hash.p, SEAL_HASH_SIZE);
    rc = account_get(d, session.account_id, arena, &account, e);
    if (rc < 0 && rc != -ERR_NOT_FOUND)
        return rc;
    if (rc < 0 || account.disabled || now - session.seen_at >= session_idle_limit(account.role))
        return not_signed_in(e);
    *ret = session;
    *ret_account = account;
    return 0;
}

bool session_csrf_matches(struct deployment *d, const struct session *s, struct slice csrf)
{
    uint8_t hash[SEAL_HASH_SIZE];

    return csrf.n == SESSION_TOKEN_SIZE &&
           sealer_hash(d->sealer, HASH_CSRF, csrf, hash, NULL) == 0 &&
           sodium_memcmp(hash, s->csrf_hash, sizeof(hash)) == 0;
}

bool session_lacks_second_factor(const struct session *s, const struct account *account)
{
    return role_needs_second_factor(account->role) && !s->second_factor;
}

int session_give_code(struct deployment *d, int64_t session_id, struct error *e)
{
    return sql_session_with_code(d->store, session_id, e);
}

bool session_touch_due(const struct session *s, int64_t now) { return now - s->seen_at > MINUTE; }

int session_touch(struct deployment *d, int64_t session_id, int64_t now, struct error *e)
{
    return sql_session_seen(d->store, session_id, now, e);
}

int session_list(struct deployment *d, int64_t account_id, int64_t now, struct arena *arena,
                 struct session **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_session_of_account row;
    struct account account;
    struct session *all = NULL;
    size_t count = 0, capacity = 0;
    int rc = account_get(d, account_id, arena, &account, e);

    if (rc == 0)
        rc = sql_session_of_account(d->store, account_id, now, &rows, e);
    while (rc >= 0 && (rc = sql_session_of_account_next(&rows, &row, e)) > 0) {
        if (now - row.seen_at >= session_idle_limit(account.role))
            continue;
        all = arena_grow(arena, all, &capacity, count + 1, sizeof(*all));
        all[count++] = (struct session){.id = row.id,
                                        .account_id = account_id,
                                        .began_at = row.began_at,
                                        .seen_at = row.seen_at,
                                        .ends_at = row.ends_at,
                                        .second_factor = row.second_factor,
                                        .device = arena_copy(arena, row.device)};
    }
    if (rc < 0)
        return rc;
    *ret = all;
    *ret_count = count;
    return 0;
}

int session_revoke(struct deployment *d, int64_t account_id, int64_t session_id, int64_t by,
                   struct error *e)
{
    struct sql_session_live row;
    bool found;
    int rc = sql_session_live(d->store, session_id, account_id, &found, &row, e);

    if (rc == 0 && !found)
        return error_set(e, ERR_NOT_FOUND, N_("this account has no such session"));
    if (rc == 0)
        rc = sql_session_end(d->store, session_id, instant_now(), e);
    if (rc < 0)
        return rc;
    return account_tell(d, by == account_id ? AUDIT_SIGNED_OUT : AUDIT_SESSION_REVOKED, by,
                        session_id, NULL, e);
}

int session_revoke_all(struct deployment *d, int64_t account_id, int64_t keep_session, int64_t by,
                       struct error *e)
{
    int rc = sql_session_end_all(d->store, account_id, keep_session, instant_now(), e);

    /* The object is the account: its sessions are told by their own rows when they began. */
    return rc < 0 ? rc : account_tell(d, AUDIT_SESSION_REVOKED, by, account_id, "all", e);
}

int session_sweep(struct deployment *d, int64_t now, struct error *e)
{
    return sql_session_forget(d->store, now - 30 * DAY, e);
}
