#include "access/account.h"

#include "access/account_inside.h"
#include "access/packed.h"
#include "access/subject.h"
#include "store/sql_account.h"
#include "store/sql_session.h"

enum {
    TEXT_NAME,
    TEXT_DISPLAY,
    TEXT_PHONE,
    TEXT_COUNT
}; /* in the order in which they are sealed */

static struct seal_place place_of(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("account.sealed"), id};
}

static struct opt_int optional(int64_t v) { return v ? opt_int(v) : OPT_INT_NONE; }

static struct slice text_or_none(struct slice s) { return s.n ? s : SLICE_NONE; }

int account_tell(struct deployment *d, enum audit_event event, int64_t by, int64_t object,
                 const char *detail, struct error *e)
{
    struct audit_entry entry = {
        .event = event, .account_id = by, .object_id = object, .detail = detail};

    return audit_append(d, &entry, e);
}

/* ---- names ---------------------------------------------------------------------------------------- */

bool account_name_valid(struct slice name)
{
    if (name.n == 0 || name.n > ACCOUNT_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '.' && c != '_' && c != '-' && c != '@')
            return false;
    }
    return true;
}

int account_name_hash(struct deployment *d, struct slice name, uint8_t ret[SEAL_HASH_SIZE],
                      struct error *e)
{
    char lower[ACCOUNT_NAME_MAX];

    for (size_t i = 0; i < name.n; i++)
        lower[i] = (char)(name.p[i] >= 'A' && name.p[i] <= 'Z' ? name.p[i] + 32 : name.p[i]);
    return sealer_hash(d->sealer, HASH_ACCOUNT, (struct slice){lower, name.n}, ret, e);
}

int account_team_hash(struct deployment *d, struct slice team_id, uint8_t ret[SEAL_HASH_SIZE],
                      struct error *e)
{
    return sealer_hash(d->sealer, HASH_TEAM, team_id, ret, e);
}

/* ---- reading -------------------------------------------------------------------------------------- */

static int open_account(struct deployment *d, const struct sql_account_by_id *row,
                        struct arena *arena, struct account *ret, struct error *e)
{
    struct slice plain, texts[TEXT_COUNT];
    int rc = sealer_set_subject(d->sealer, (const uint8_t *)row->salt.p, e);

    if (rc == 0)
        rc = sealer_open(d->sealer, place_of(row->id), row->sealed, arena, &plain, e);
    if (rc < 0)
        return rc;
    if (!packed_read(plain, texts, TEXT_COUNT))
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    *ret = (struct account){
        .id = row->id,
        .role = (enum role)row->role,
        .division = row->division.set ? row->division.v : 0,
        .department = arena_copy(arena, row->department),
        .team = arena_copy(arena, row->team),
        .person_id = row->person_id.set ? row->person_id.v : 0,
        .name = arena_copy(arena, texts[TEXT_NAME]),
        .display = arena_copy(arena, texts[TEXT_DISPLAY]),
        .phone = arena_copy(arena, texts[TEXT_PHONE]),
        .has_password = row->has_password,
        .must_change = row->must_change,
        .has_totp = row->totp_confirmed,
        .disabled = row->disabled_at.set,
        .locked_until = row->locked_until.set ? row->locked_until.v : 0,
        .created_at = row->created_at,
        .roster_id = row->roster_id.set ? row->roster_id.v : 0,
    };
    return 0;
}

/* 1 found, 0 not, or a negative error. */
static int read_account(struct deployment *d, int64_t id, struct arena *arena, struct account *ret,
                        struct error *e)
{
    struct sql_account_by_id row;
    bool found;
    int rc = sql_account_by_id(d->store, id, &found, &row, e);

    if (rc == 0 && found)
        rc = open_account(d, &row, arena, ret, e);
    return rc < 0 ? rc : found;
}

static int id_of(struct deployment *d, struct slice name, int64_t *ret, struct error *e)
{
    uint8_t hash[SEAL_HASH_SIZE];
    struct sql_account_id_of row;
    bool found = false;
    int rc = 0;

    if (account_name_valid(name)) {
        rc = account_name_hash(d, name, hash, e);
        if (rc == 0)
            rc = sql_account_id_of(d->store, SLICE_OF(hash), &found, &row, e);
    }
    if (rc == 0)
        *ret = found ? row.id : 0;
    return rc;
}

int account_get(struct deployment *d, int64_t id, struct arena *arena, struct account *ret,
                struct error *e)
{
    int rc = read_account(d, id, arena, ret, e);

    if (rc == 0)
        return error_set(e, ERR_NOT_FOUND, N_("there is no such account"));
    return rc < 0 ? rc : 0;
}

int account_find(struct deployment *d, struct slice name, struct arena *arena, struct account *ret,
                 struct error *e)
{
    int64_t id = 0;
    int rc = id_of(d, name, &id, e);

    return rc < 0 ? rc : account_get(d, id, arena, ret, e);
}

int account_list(struct deployment *d, int64_t after_id, size_t limit, struct arena *arena,
                 struct account **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_account_ids_after row;
    struct account *all = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_account_ids_after(d->store, after_id, (int64_t)limit, &rows, e);

    while (rc >= 0 && (rc = sql_account_ids_after_next(&rows, &row, e)) > 0) {
        all = arena_grow(arena, all, &capacity, count + 1, sizeof(*all));
        if ((rc = read_account(d, row.id, arena, &all[count], e)) < 0)
            return rc;
        count += (size_t)rc;
    }
    if (rc < 0)
        return rc;
    *ret = all;
    *ret_count = count;
    return 0;
}

/* ---- writing -------------------------------------------------------------------------------------- */

static int seal_texts(struct deployment *d, int64_t id, const struct account_row *row,
                      struct arena *arena, struct slice *ret, struct error *e)
{
    struct slice texts[TEXT_COUNT] = {row->name, row->display, row->phone};

    return sealer_seal_arena(d->sealer, place_of(id), packed_from(texts, TEXT_COUNT, arena), arena,
                             ret, e);
}

static int create(struct deployment *d, const struct account_row *row, int64_t by,
                  struct arena *arena, int64_t *ret_id, struct error *e)
{
    uint8_t hash[SEAL_HASH_SIZE], salt[SEAL_SALT_SIZE];
    struct id_source ids;
    struct slice sealed;
    int64_t id;
    int rc = subject_ids_begin(d, &ids, e);

    if (rc == 0)
        rc = subject_new(d, &ids, &id, salt, e);
    if (rc == 0)
        rc = seal_texts(d, id, row, arena, &sealed, e);
    if (rc == 0)
        rc = account_name_hash(d, row->name, hash, e);
    if (rc == 0)
        rc = sql_account_insert(d->store, id, SLICE_OF(hash), row->role, optional(row->division),
                                text_or_none(row->department), text_or_none(row->team),
                                optional(row->person_id), sealed, instant_now(),
                                optional(row->roster_id), e);
    if (rc == 0)
        rc = account_tell(d, AUDIT_ACCOUNT_CREATED, by, id, role_name(row->role), e);
    if (rc == 0)
        *ret_id = id;
    return rc;
}

static bool same_post(const struct account *old, const struct account_row *row)
{
    return old->role == row->role && old->division == row->division &&
           old->person_id == row->person_id && slice_equal(old->department, row->department) &&
           slice_equal(old->team, row->team);
}

static int change(struct deployment *d, const struct account *old, const struct account_row *row,
                  int64_t by, struct arena *arena, struct error *e)
{
    bool post = !same_post(old, row);
    int64_t roster_id = row->roster_id ? row->roster_id : old->roster_id;
    struct slice sealed;

    if (!post && roster_id == old->roster_id && slice_equal(old->name, row->name) &&
        slice_equal(old->display, row->display) && slice_equal(old->phone, row->phone))
        return 0;
    /* The sealer is still set to the account, which was just read. */
    int rc = seal_texts(d, old->id, row, arena, &sealed, e);
    if (rc == 0)
        rc = sql_account_update(d->store, old->id, row->role, optional(row->division),
                                text_or_none(row->department), text_or_none(row->team),
                                optional(row->person_id), sealed, optional(roster_id), e);
    if (rc == 0 && post)
        rc = sql_session_end_all(d->store, old->id, 0, instant_now(), e);
    if (rc == 0)
        rc = account_tell(d, AUDIT_ACCOUNT_CHANGED, by, old->id,
                          post ? arena_printf(arena, "post %s", role_name(row->role)) : "texts", e);
    return rc;
}

int account_put(struct deployment *d, const struct account_row *row, int64_t by,
                struct arena *arena, int64_t *ret_id, struct error *e)
{
    struct account old;
    int64_t id = 0;

    if (!account_name_valid(row->name))
        return error_set(e, ERR_VALUE,
                         N_("an account's name is 1 to 64 letters of ASCII, digits, . _ - or @"));
    int rc = id_of(d, row->name, &id, e);
    if (rc == 0 && id == 0)
        return create(d, row, by, arena, ret_id, e);
    if (rc == 0)
        rc = account_get(d, id, arena, &old, e);
    if (rc == 0)
        rc = change(d, &old, row, by, arena, e);
    if (rc == 0)
        *ret_id = id;
    return rc;
}

int account_disable(struct deployment *d, int64_t id, int64_t by, struct error *e)
{
    ARENA_AUTO(scratch);
    struct account account;
    int64_t now = instant_now();
    int rc = account_get(d, id, &scratch, &account, e);

    if (rc < 0 || account.disabled)
        return rc;
    rc = sql_account_set_disabled(d->store, id, opt_int(now), e);
    if (rc == 0)
        rc = sql_session_end_all(d->store, id, 0, now, e);
    return rc < 0 ? rc : account_tell(d, AUDIT_ACCOUNT_DISABLED, by, id, NULL, e);
}

int account_enable(struct deployment *d, int64_t id, int64_t by, struct error *e)
{
    ARENA_AUTO(scratch);
    struct account account;
    int rc = account_get(d, id, &scratch, &account, e);

    if (rc < 0 || !account.disabled)
        return rc;
    rc = sql_account_set_disabled(d->store, id, OPT_INT_NONE, e);
    return rc < 0 ? rc : account_tell(d, AUDIT_ACCOUNT_ENABLED, by, id, NULL, e);
}

int account_of_roster(struct deployment *d, int64_t roster_id, bool *ret_found, struct error *e)
{
    struct sql_account_by_roster row;

    return sql_account_by_roster(d->store, roster_id, ret_found, &row, e);
}

int account_disable_roster(struct deployment *d, int64_t roster_id, struct error *e)
{
    struct sql_account_by_roster row;
    bool found;
    int rc = sql_account_by_roster(d->store, roster_id, &found, &row, e);

    return rc < 0 || !found ? rc : account_disable(d, row.id, 0, e);
}
