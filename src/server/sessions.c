/* Signing in, and one's own sessions, password and second factor (api/session.yaml). */
#include "access/throttle.h"
#include "server/cookie.h"
#include "server/handlers.h"
#include "server/seen.h"
#include "server/shelf.h"

#include <sodium.h>

#define SECOND INT64_C(1000000)

/* ---- what a page learns of its own account ---- */

static void write_own_account(struct request *r, const struct account *a)
{
    struct view_value v[FIELD_OWN_ACCOUNT_COUNT] = {
        [FIELD_OWN_ACCOUNT_ID] = view_number(a->id),
        [FIELD_OWN_ACCOUNT_ACCOUNT] = view_text(a->name),
        [FIELD_OWN_ACCOUNT_DISPLAY] = seen_text(a->display),
        [FIELD_OWN_ACCOUNT_ROLE] = view_text(slice_from(role_name(a->role))),
        [FIELD_OWN_ACCOUNT_DIVISION] = seen_number(a->division),
        [FIELD_OWN_ACCOUNT_DEPARTMENT] = view_text(a->department),
        [FIELD_OWN_ACCOUNT_HAS_TOTP] = view_number(a->has_totp)};
    struct sights sights;

    sights_routine(r->clearance, a->role, RELATION_NONE, &sights);
    view_write(r->out, &view_of_own_account, &sights, &(struct mask_context){.today = r->today}, v);
}

static void write_own_session(struct request *r, enum role role, const struct session *s,
                              bool current)
{
    struct view_value v[FIELD_OWN_SESSION_COUNT] = {
        [FIELD_OWN_SESSION_ID] = view_number(s->id),
        [FIELD_OWN_SESSION_BEGAN_AT] = view_number(s->began_at),
        [FIELD_OWN_SESSION_SEEN_AT] = view_number(s->seen_at),
        [FIELD_OWN_SESSION_ENDS_AT] = view_number(s->ends_at),
        [FIELD_OWN_SESSION_SECOND_FACTOR] = view_number(s->second_factor),
        [FIELD_OWN_SESSION_DEVICE] = seen_text(s->device),
        [FIELD_OWN_SESSION_CURRENT] = view_number(current)};
    struct sights sights;

    sights_routine(r->clearance, role, RELATION_NONE, &sights);
    view_write(r->out, &view_of_own_session, &sights, &(struct mask_context){.today = r->today}, v);
}

static void write_session(struct request *r, const struct account *a, const struct session *s,
                          const char *csrf)
{
    size_t count;
    const char *const *permissions = clearance_permissions(r->clearance, &count);

    json_object_begin(r->out);
    json_name(r->out, "account");
    write_own_account(r, a);
    json_name(r->out, "session");
    write_own_session(r, a->role, s, true);
    json_name(r->out, "permissions");
    json_array_begin(r->out);
    for (size_t i = 0; i < count; i++)
        if (clearance_permits(r->clearance, a->role, slice_from(permissions[i])))
            json_put_string(r->out, slice_from(permissions[i]));
    json_array_end(r->out);
    json_name(r->out, "must_change_password");
    json_put_boolean(r->out, a->must_change);
    json_name(r->out, "must_enrol_totp");
    json_put_boolean(r->out, role_needs_second_factor(a->role) && !a->has_totp);
    if (csrf) {
        json_name(r->out, "csrf");
        json_put_string(r->out, slice_from(csrf));
    }
    json_object_end(r->out);
}

/* ---- signing in and out ---- */

struct signing_in {
    struct sign_in asked;
    struct sign_in_finding finding;
    struct sign_in_result result;
    struct account account;
};

static int finish_sign_in(struct request *r, struct deployment *d, void *context)
{
    struct signing_in *s = context;
    int rc = sign_in_finish(d, &s->asked, &s->finding, &s->result, r->error);

    if (rc < 0 || s->result.refused != ERR_NONE)
        return rc;
    return account_get(d, s->result.session.account_id, r->arena, &s->account, r->error);
}

/* One name can be tried so often, from however many addresses, before the slow hash is computed. */
static int take_name(struct request *r, struct slice name)
{
    static const struct throttle_rate rate = {15, 10, 6 * SECOND};
    int64_t wait = 0;
    char *small = arena_string(r->arena, name);

    for (char *c = small; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    if (throttle_take(shelf_throttle(r->shelf), rate, slice_from(small), r->now, &wait))
        return 0;
    r->retry_after = (int)(wait / SECOND + 1);
    return error_set(r->error, ERR_TOO_MANY, NULL);
}

int route_session_begin(struct request *r)
{
    struct signing_in s = {.asked = {.account = body_text(r->body, "account"),
                                     .password = body_text(r->body, "password"),
                                     .code = body_text(r->body, "code"),
                                     .device = r->device,
                                     .now = r->now}};
    int rc = take_name(r, s.asked.account);

    if (rc == 0)
        rc = sign_in_check(r->d, &s.asked, &s.finding, r->error);
    if (rc == 0)
        rc = request_write(r, finish_sign_in, &s);
    if (rc < 0)
        return rc;
    if (s.result.refused != ERR_NONE) {
        error_set(r->error, s.result.refused, NULL);
        return s.result.refused == ERR_SIGN_IN
                   ? error_hint(r->error,
                                N_("After five wrong attempts an account is locked for a minute, "
                                   "then for longer: wait, and try again."))
                   : -(int)s.result.refused;
    }
    r->set_cookie = cookie_give(r->arena, s.result.token,
                                (s.result.session.ends_at - r->now) / SECOND);
    write_session(r, &s.account, &s.result.session, s.result.csrf);
    sodium_memzero(s.result.token, sizeof(s.result.token));
    return 0;
}

int route_session_read(struct request *r)
{
    write_session(r, &r->account, &r->session, NULL);
    return 0;
}

static int end_session(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;

    return session_revoke(d, r->account.id, *id, r->account.id, r->error);
}

int route_session_end(struct request *r)
{
    int rc = request_write(r, end_session, &r->session.id);

    if (rc < 0)
        return rc;
    r->set_cookie = cookie_take_away(r->arena);
    r->status = 204;
    return 0;
}

/* ---- one's own sessions ---- */

int route_session_list(struct request *r)
{
    struct session *sessions;
    size_t count;
    int rc = session_list(r->d, r->account.id, r->now, r->arena, &sessions, &count, r->error);

    if (rc < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; i < count; i++)
        write_own_session(r, r->account.role, &sessions[i], sessions[i].id == r->session.id);
    page_end(r, NULL);
    return 0;
}

int route_session_revoke(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    if (rc == 0)
        rc = request_write(r, end_session, &id);
    if (rc < 0)
        return rc;
    if (id == r->session.id)
        r->set_cookie = cookie_take_away(r->arena);
    r->status = 204;
    return 0;
}

/* ---- one's own password and second factor ---- */

/* Whoever has found a page left open knows no password: it is asked for again. */
static int check_own_password(struct request *r, struct slice password)
{
    struct sign_in asked = {.account = r->account.name, .password = password, .now = r->now};
    struct sign_in_finding finding = {0};
    int rc = take_name(r, r->account.name);

    if (rc == 0)
        rc = sign_in_check(r->d, &asked, &finding, r->error);
    if (rc == 0 && (!finding.password_good || finding.account_id != r->account.id))
        rc = error_set(r->error, ERR_SIGN_IN, NULL);
    return rc;
}

static int set_password(struct request *r, struct deployment *d, void *context)
{
    return account_set_password(d, r->account.id, context, false, r->session.id, r->account.id,
                                r->error);
}

int route_session_password(struct request *r)
{
    char hash[PASSWORD_HASH_SIZE];
    struct slice password = body_text(r->body, "password");
    int rc = password_check(password, r->account.name, r->error);

    if (rc == 0)
        rc = check_own_password(r, body_text(r->body, "current"));
    if (rc == 0 && slice_equal(password, body_text(r->body, "current")))
        rc = error_set(r->error, ERR_PASSWORD, N_("it is the one that was there"));
    if (rc == 0)
        rc = password_hash(password, hash, r->error);
    if (rc == 0)
        rc = request_write(r, set_password, hash);
    if (rc == 0)
        r->status = 204;
    return rc;
}

static int begin_totp(struct request *r, struct deployment *d, void *context)
{
    return account_totp_begin(d, r->account.id, r->arena, context, r->error);
}

int route_session_totp_begin(struct request *r)
{
    struct slice secret;
    int rc = check_own_password(r, body_text(r->body, "password"));

    if (rc == 0)
        rc = request_write(r, begin_totp, &secret);
    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    json_name(r->out, "secret");
    json_put_string(r->out, secret);
    json_name(r->out, "uri");
    json_put_string(r->out, account_totp_uri(r->account.name, secret, r->arena));
    json_object_end(r->out);
    return 0;
}

static int confirm_totp(struct request *r, struct deployment *d, void *context)
{
    const struct slice *code = context;
    int rc = account_totp_confirm(d, r->account.id, *code, r->now, r->error);

    return rc < 0 ? rc : session_give_code(d, r->session.id, r->error);
}

int route_session_totp_confirm(struct request *r)
{
    struct slice code = body_text(r->body, "code");
    int rc = request_write(r, confirm_totp, &code);

    if (rc == 0)
        r->status = 204;
    return rc;
}
