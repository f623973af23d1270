/* Accounts of others (api/accounts.yaml). */
#include "care/duty.h"
#include "people/division.h"
#include "people/record.h"
#include "server/cared.h"
#include "server/handlers.h"

#include <sodium.h>

static void write_account(struct request *r, const struct account *a)
{
    struct view_value v[FIELD_ACCOUNT_COUNT] = {
        [FIELD_ACCOUNT_ID] = view_number(a->id),
        [FIELD_ACCOUNT_ACCOUNT] = view_text(a->name),
        [FIELD_ACCOUNT_DISPLAY] = seen_text(a->display),
        [FIELD_ACCOUNT_PHONE] = seen_text(a->phone),
        [FIELD_ACCOUNT_ROLE] = a->role ? view_text(slice_from(role_name(a->role))) : VIEW_NULL,
        [FIELD_ACCOUNT_DIVISION] = seen_number(a->division),
        [FIELD_ACCOUNT_DEPARTMENT] = seen_text(a->department),
        [FIELD_ACCOUNT_IN_TEAM] = view_number(a->team.n > 0),
        [FIELD_ACCOUNT_PERSON] = seen_number(a->person_id),
        [FIELD_ACCOUNT_HAS_PASSWORD] = view_number(a->has_password),
        [FIELD_ACCOUNT_MUST_CHANGE_PASSWORD] = view_number(a->must_change),
        [FIELD_ACCOUNT_HAS_TOTP] = view_number(a->has_totp),
        [FIELD_ACCOUNT_DISABLED] = view_number(a->disabled),
        [FIELD_ACCOUNT_LOCKED_UNTIL] = seen_number(a->locked_until),
        [FIELD_ACCOUNT_CREATED_AT] = view_number(a->created_at)};
    struct sights sights;

    seen_nobody(r, &sights);
    view_write(r->out, &view_of_account, &sights, &(struct mask_context){.today = r->today}, v);
}

/* ---- reading ---- */

int route_account_list(struct request *r)
{
    struct account *accounts;
    size_t count, limit = page_limit(r->query[1]);
    int64_t after;
    int rc = page_after(r, r->query[0], &after);

    if (rc == 0)
        rc = account_list(r->d, after, limit, r->arena, &accounts, &count, r->error);
    if (rc < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; i < count; i++)
        write_account(r, &accounts[i]);
    page_end(r, page_next(r, count, limit, count ? accounts[count - 1].id : 0));
    return 0;
}

static int find(struct request *r, struct account *ret)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    return rc < 0 ? rc : account_get(r->d, id, r->arena, ret, r->error);
}

int route_account_read(struct request *r)
{
    struct account account;
    int rc = find(r, &account);

    if (rc == 0)
        write_account(r, &account);
    return rc;
}

/* ---- making one, and giving it its post ---- */

static int create(struct request *r, struct deployment *d, void *context)
{
    struct account_row row = {.name = body_text(r->body, "account"),
                              .display = body_text(r->body, "display"),
                              .phone = body_text(r->body, "phone"),
                              .department = SLICE_NONE,
                              .team = SLICE_NONE};
    struct account account;
    struct error unsaid = {.language = r->error->language};
    int64_t id;

    if (account_find(d, row.name, r->arena, &account, &unsaid) == 0)
        return error_set(r->error, ERR_CONFLICT, N_("an account of that name is there"));
    int rc = account_put(d, &row, r->account.id, r->arena, &id, r->error);
    if (rc == 0)
        rc = account_get(d, id, r->arena, &account, r->error);
    if (rc < 0)
        return rc;
    r->status = 201;
    write_account(r, &account);
    return 0;
}

int route_account_create(struct request *r) { return request_write(r, create, NULL); }

static int read_post(struct request *r, struct deployment *d, struct account_row *row,
                     uint8_t team[SEAL_HASH_SIZE])
{
    struct slice role = body_text(r->body, "role"), division = body_text(r->body, "division"),
                 team_id = body_text(r->body, "team"), person = body_text(r->body, "person");

    row->role = role.p ? role_parse(role) : ROLE_NONE;
    row->department = body_text(r->body, "department");
    if (row->department.p && !department_known(row->department))
        return schema_complain(&r->faults, r->arena, r->error, "/department",
                               text_in(r->error->language, N_("is no department")));
    if (division.p && !division_parse(division, &row->division))
        return schema_complain(&r->faults, r->arena, r->error, "/division",
                               text_in(r->error->language, N_("is no division code")));
    if (person.p && request_id(r, person, &row->person_id) < 0)
        return schema_complain(&r->faults, r->arena, r->error, "/person",
                               text_in(r->error->language, N_("is no id")));
    if (!team_id.p)
        return 0;
    row->team = (struct slice){(const char *)team, SEAL_HASH_SIZE};
    return account_team_hash(d, team_id, team, r->error);
}

/* Who comes or goes: open work moves to who acts now. */
static int move_work(struct request *r, struct deployment *d, int64_t id)
{
    struct care c;
    int rc = cared_begin(r, d, &c);

    if (rc == 0)
        rc = duty_account_gone(&c, id, r->error);
    return rc < 0 ? rc : cared_end(r, d, &c, &(struct audit_entry){.event = AUDIT_NONE});
}

static int post(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    uint8_t team[SEAL_HASH_SIZE];
    struct account account;
    int64_t same;
    int rc = account_get(d, *id, r->arena, &account, r->error);

    if (rc < 0)
        return rc;
    struct account_row row = {.name = account.name,
                              .display = account.display,
                              .phone = account.phone,
                              .department = SLICE_NONE,
                              .team = SLICE_NONE};
    if ((rc = read_post(r, d, &row, team)) == 0)
        rc = account_put(d, &row, r->account.id, r->arena, &same, r->error);
    if (rc == 0)
        rc = move_work(r, d, *id);
    if (rc == 0)
        rc = account_get(d, *id, r->arena, &account, r->error);
    if (rc == 0)
        write_account(r, &account);
    return rc;
}

int route_account_post(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    /* Else the security administrator could become whatever they like. */
    if (rc == 0 && id == r->account.id)
        return error_set(r->error, ERR_FORBIDDEN, N_("nobody gives a post to themselves"));
    return rc < 0 ? rc : request_write(r, post, &id);
}

/* ---- its state ---- */

typedef int change_of_account(struct deployment *d, int64_t id, int64_t by, struct error *e);

struct change {
    change_of_account *function;
    int64_t id;
    bool moves_work;
};

static int change(struct request *r, struct deployment *d, void *context)
{
    const struct change *c = context;
    struct account account;
    int rc = account_get(d, c->id, r->arena, &account, r->error);

    if (rc == 0)
        rc = c->function(d, c->id, r->account.id, r->error);
    if (rc == 0 && c->moves_work)
        rc = move_work(r, d, c->id);
    if (rc == 0)
        r->status = 204;
    return rc;
}

static int change_of_path(struct request *r, change_of_account *function)
{
    struct change c = {.function = function,
                       .moves_work = function == account_disable || function == account_enable};
    int rc = request_id(r, r->path[0], &c.id);

    return rc < 0 ? rc : request_write(r, change, &c);
}

int route_account_disable(struct request *r)
{
    int64_t id;

    if (request_id(r, r->path[0], &id) == 0 && id == r->account.id)
        return error_set(r->error, ERR_FORBIDDEN, N_("nobody disables their own account"));
    return change_of_path(r, account_disable);
}

int route_account_enable(struct request *r) { return change_of_path(r, account_enable); }
int route_account_totp_clear(struct request *r) { return change_of_path(r, account_totp_clear); }

/* ---- a temporary password ---- */

struct new_password {
    struct account account;
    char hash[PASSWORD_HASH_SIZE];
};

static int set_password(struct request *r, struct deployment *d, void *context)
{
    const struct new_password *p = context;

    return account_set_password(d, p->account.id, p->hash, true, 0, r->account.id, r->error);
}

int route_account_password(struct request *r)
{
    struct new_password p;
    char password[PASSWORD_MADE_SIZE + 1] = {0};
    int rc = find(r, &p.account);

    if (rc < 0)
        return rc;
    /* One administrator with another's password would be both. The first one has to come from somewhere;
     * after that the command line sets it, before two people. */
    if (role_is_administrator(p.account.role) && p.account.has_password)
        return error_set(r->error, ERR_FORBIDDEN,
                         N_("an administrator's password is set on the command line"));
    if ((rc = password_make(r->d->sealer, password, r->error)) == 0)
        rc = password_hash(slice_from(password), p.hash, r->error);
    if (rc == 0)
        rc = request_write(r, set_password, &p);
    if (rc == 0) {
        json_object_begin(r->out);
        json_name(r->out, "password");
        json_put_string(r->out, slice_from(password));
        json_object_end(r->out);
    }
    sodium_memzero(password, sizeof(password));
    return rc;
}

/* ---- its sessions ---- */

static void write_account_session(struct request *r, const struct sights *sights,
                                  const struct session *s)
{
    struct view_value v[FIELD_ACCOUNT_SESSION_COUNT] = {
        [FIELD_ACCOUNT_SESSION_ID] = view_number(s->id),
        [FIELD_ACCOUNT_SESSION_BEGAN_AT] = view_number(s->began_at),
        [FIELD_ACCOUNT_SESSION_SEEN_AT] = view_number(s->seen_at),
        [FIELD_ACCOUNT_SESSION_ENDS_AT] = view_number(s->ends_at),
        [FIELD_ACCOUNT_SESSION_SECOND_FACTOR] = view_number(s->second_factor),
        [FIELD_ACCOUNT_SESSION_DEVICE] = seen_text(s->device)};

    view_write(r->out, &view_of_account_session, sights, &(struct mask_context){.today = r->today},
               v);
}

int route_account_sessions(struct request *r)
{
    struct account account;
    struct session *sessions;
    struct sights sights;
    size_t count;
    int rc = find(r, &account);

    if (rc == 0)
        rc = session_list(r->d, account.id, r->now, r->arena, &sessions, &count, r->error);
    if (rc < 0)
        return rc;
    seen_nobody(r, &sights);
    page_begin(r);
    for (size_t i = 0; i < count; i++)
        write_account_session(r, &sights, &sessions[i]);
    page_end(r, NULL);
    return 0;
}

static int revoke_all(struct deployment *d, int64_t id, int64_t by, struct error *e)
{
    return session_revoke_all(d, id, 0, by, e);
}

int route_account_sessions_revoke(struct request *r) { return change_of_path(r, revoke_all); }
