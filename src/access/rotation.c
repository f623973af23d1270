#include "access/rotation.h"

#include "access/audit.h"
#include "access/rotation_inside.h"
#include "store/sql_deployment.h"
#include "store/sql_key_rotation.h"

#include <sodium.h>

static int tell_key(struct deployment *d, enum audit_event event, struct vault_key_info key,
                    struct error *e)
{
    char detail[64];

    snprintf(detail, sizeof(detail), "key %u %s", (unsigned)key.number, seal_suite_name(key.suite));
    return audit_append(d, &(struct audit_entry){.event = event, .detail = detail}, e);
}

/* Ends the transaction; after a commit the handle goes over to what was written. */
static int finish(struct deployment *d, int rc, struct error *e)
{
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0) {
        store_rollback(d->store);
        return rc;
    }
    return deployment_refresh(d, e);
}

/* ---- a key more ------------------------------------------------------------------------------------ */

static int add_key(struct deployment *d, enum seal_suite suite, struct error *e)
{
    ARENA_AUTO(scratch);
    struct master_key master;
    struct vault *vault = NULL;
    struct slice blob;
    int64_t epoch;
    struct vault_key_info added = {.suite = suite};
    int rc = deployment_keys_unwrap(d->store, &master, &vault, &epoch, e);

    if (rc < 0)
        return rc;
    rc = vault_add_key(vault, &master, suite, &scratch, &blob, &added.number, e);
    keys_master_wipe(&master);
    vault_close(vault);
    if (rc == 0)
        rc = sql_deployment_set_keys(d->store, blob, e);
    if (rc == 0)
        rc = sql_key_rotation_clear(d->store, e);
    return rc < 0 ? rc : tell_key(d, AUDIT_KEY_ADDED, added, e);
}

int rotation_begin(struct deployment *d, enum seal_suite suite, bool *ret_added,
                   struct vault_key_info *ret_newest, struct error *e)
{
    struct vault_key_info keys[VAULT_KEYS_MAX];
    bool added = false;
    int rc = store_begin(d->store, e); /* which also brings the vault up to date */

    if (rc < 0)
        return rc;
    struct vault_key_info newest = rotation_newest(d);
    bool going_on = vault_keys(d->vault, keys) > 1;
    if (going_on && suite != SUITE_NONE && suite != newest.suite) {
        error_set(e, ERR_WRONG_STATE, N_("a rotation to key %u (%s) is not finished"),
                  (unsigned)newest.number, seal_suite_name(newest.suite));
        rc = error_hint(e, N_("Finish it first: humiao keys rotate, without --suite."));
    } else if (!going_on) {
        rc = add_key(d, suite == SUITE_NONE ? newest.suite : suite, e);
        added = true;
    }
    rc = finish(d, rc, e);
    if (rc < 0)
        return rc;
    *ret_added = added;
    *ret_newest = rotation_newest(d);
    return 0;
}

/* ---- counting -------------------------------------------------------------------------------------- */

struct counting {
    const char *column;
    void (*tell)(void *context, const struct rotation_count *c);
    void *context;
};

static void pass_on(void *context, const struct sealed_count *c)
{
    struct counting *to = context;

    to->tell(to->context, &(struct rotation_count){to->column, c->number, c->rows, c->erased});
}

int rotation_count(struct deployment *d,
                   void (*tell)(void *context, const struct rotation_count *c), void *context,
                   struct error *e)
{
    int rc = 0;

    for (size_t i = 0; i < sealed_column_count && rc == 0; i++) {
        struct counting to = {sealed_columns[i].name, tell, context};
        rc = sealed_columns[i].count(d->store, pass_on, &to, e);
    }
    return rc;
}

/* ---- old keys go ------------------------------------------------------------------------------------ */

struct in_use {
    uint64_t rows[UINT8_MAX + 1]; /* that can be opened, by key number */
};

static void add_use(void *context, const struct rotation_count *c)
{
    struct in_use *use = context;

    use->rows[c->number] += c->rows - c->erased;
}

/* Drops all keys but the newest from the stored blob. Nothing comes under them any more since the newest
 * was added, because each write transaction looks for the newest; so a count made before still holds. */
static int drop_keys(struct deployment *d, struct arena *arena, unsigned *ret_dropped,
                     struct error *e)
{
    struct vault_key_info keys[VAULT_KEYS_MAX];
    struct master_key master;
    struct vault *vault = NULL;
    struct slice blob;
    int64_t epoch;
    int rc = deployment_keys_unwrap(d->store, &master, &vault, &epoch, e);

    if (rc < 0)
        return rc;
    size_t count = vault_keys(vault, keys);
    for (size_t i = 0; i + 1 < count && rc == 0; i++) {
        rc = vault_drop_key(vault, &master, keys[i].number, arena, &blob, e);
        vault = vault_close(vault);
        if (rc == 0)
            rc = vault_open(&master, blob, &vault, e);
        if (rc == 0)
            rc = tell_key(d, AUDIT_KEY_RETIRED, keys[i], e);
    }
    keys_master_wipe(&master);
    vault_close(vault);
    if (rc == 0 && count > 1)
        rc = sql_deployment_set_keys(d->store, blob, e);
    if (rc == 0)
        rc = sql_key_rotation_clear(d->store, e);
    if (rc == 0)
        *ret_dropped = (unsigned)count - 1;
    return rc;
}

int rotation_retire(struct deployment *d, unsigned *ret_dropped, struct error *e)
{
    ARENA_AUTO(arena);
    struct vault_key_info keys[VAULT_KEYS_MAX];
    struct in_use use = {{0}};
    unsigned dropped = 0;
    int rc = deployment_refresh(d, e);
    int64_t epoch = d->key_epoch;

    if (rc == 0)
        rc = rotation_count(d, add_use, &use, e);
    size_t count = vault_keys(d->vault, keys);
    for (size_t i = 0; i + 1 < count && rc == 0; i++)
        if (use.rows[keys[i].number])
            rc = error_set(e, ERR_WRONG_STATE, N_("%llu values are still sealed under key %u"),
                           (unsigned long long)use.rows[keys[i].number], (unsigned)keys[i].number);
    if (rc == 0)
        rc = store_begin(d->store, e);
    if (rc < 0)
        return rc;
    /* Two may have rotated together, and the other has dropped the old keys already. */
    if (d->key_epoch != epoch && vault_keys(d->vault, keys) > 1)
        rc = error_set(e, ERR_WRONG_STATE, N_("another sealing key was added meanwhile"));
    if (rc == 0)
        rc = drop_keys(d, &arena, &dropped, e);
    rc = finish(d, rc, e);
    if (rc == 0)
        *ret_dropped = dropped;
    return rc;
}

/* ---- another master key ------------------------------------------------------------------------------ */

static int read_or_make(const char *path, struct master_key *ret, struct error *e)
{
    int rc = keys_master_read(path, ret, e);

    if (rc == -ERR_KEY_MISSING) {
        error_clear(e);
        rc = keys_master_create(path, ret, e);
    }
    return rc;
}

static int rewrap(struct deployment *d, const struct master_key *fresh, struct error *e)
{
    ARENA_AUTO(scratch);
    struct master_key master;
    struct vault *vault = NULL;
    struct slice blob;
    int64_t epoch;
    int rc = deployment_keys_unwrap(d->store, &master, &vault, &epoch, e);

    if (rc < 0)
        return rc;
    if (sodium_memcmp(master.bytes, fresh->bytes, sizeof(master.bytes)) == 0)
        rc = error_set(e, ERR_WRONG_STATE, N_("that file holds the master key in use"));
    else
        rc = vault_rewrap(vault, fresh, &scratch, &blob, e);
    keys_master_wipe(&master);
    vault_close(vault);
    if (rc == 0)
        rc = sql_deployment_rewrap(d->store, blob, e);
    return rc < 0 ? rc : audit_append(d, &(struct audit_entry){.event = AUDIT_MASTER_REPLACED}, e);
}

int rotation_replace_master(struct deployment *d, const char *new_file, struct error *e)
{
    struct master_key fresh;
    int rc = read_or_make(new_file, &fresh, e);

    if (rc < 0)
        return rc;
    rc = store_begin(d->store, e);
    if (rc == 0)
        rc = rewrap(d, &fresh, e);
    keys_master_wipe(&fresh);
    /* The data keys are the same, so nobody needs to read them anew. */
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}
