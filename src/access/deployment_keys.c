/* Data keys change while servers and commands run: a key is added, values go over to it, the old one is
 * dropped. Each handle keeps up by itself:
 *
 * - `key_epoch` in the database counts the changes. Each write transaction compares it with the handle's
 *   before anything else, so nothing is sealed under a key that is on its way out.
 * - A reader that meets the number of a key it does not have reads the keys anew, by a connection of its
 *   own, for a stream may be open on the handle's. */
#include "access/deployment_inside.h"

#include "access/key_source.h"
#include "store/sql_deployment.h"

int deployment_keys_unwrap(struct store *store, struct master_key *ret_master,
                           struct vault **ret_vault, int64_t *ret_epoch, struct error *e)
{
    ARENA_AUTO(scratch);
    struct sql_deployment_keys row;
    struct key_source source;
    struct master_key master;
    bool found;
    int rc = sql_deployment_keys(store, &found, &row, e);

    if (rc < 0)
        return rc;
    if (!found) {
        error_set(e, ERR_DATABASE_MISSING, N_("the database is empty"));
        return error_hint(e, N_("Make it with: humiao init --db URL"));
    }
    struct slice blob = arena_copy(&scratch, row.key_wrap);
    rc = key_source_find(arena_string(&scratch, row.deployment_id), &scratch, &source, e);
    if (rc == 0)
        rc = key_source_fetch(&source, &master, e);
    if (rc < 0)
        return rc;
    rc = vault_open(&master, blob, ret_vault, e);
    if (rc == 0) {
        *ret_epoch = row.key_epoch;
        *ret_master = master;
    }
    keys_master_wipe(&master);
    return rc;
}

static int read_vault(struct store *store, struct vault **ret, int64_t *ret_epoch, struct error *e)
{
    struct master_key master;
    int rc = deployment_keys_unwrap(store, &master, ret, ret_epoch, e);

    if (rc == 0)
        keys_master_wipe(&master);
    return rc;
}

/* The vault of today, for which the one before stays at hand. */
static int move_on(struct deployment *d, struct store *store, struct error *e)
{
    struct vault *vault = NULL;
    int64_t epoch = 0;
    int rc = read_vault(store, &vault, &epoch, e);

    if (rc < 0)
        return rc;
    sealer_use(d->sealer, vault, d->vault);
    vault_close(d->before);
    d->before = d->vault;
    d->vault = vault;
    d->key_epoch = epoch;
    return 0;
}

static int look(struct deployment *d, struct store *store, struct error *e)
{
    struct sql_deployment_key_epoch row;
    bool found;
    int rc = sql_deployment_key_epoch(store, &found, &row, e);

    if (rc < 0 || !found || row.key_epoch == d->key_epoch)
        return rc;
    return move_on(d, store, e);
}

int deployment_refresh(struct deployment *d, struct error *e) { return look(d, d->store, e); }

static int at_begin(void *context, struct error *e)
{
    struct deployment *d = context;

    return look(d, d->store, e);
}

static int at_unknown_key(void *context, struct error *e)
{
    struct deployment *d = context;
    STORE_AUTO struct store *store = NULL;
    int rc = store_open(d->url, STORE_READ, &store, e);

    return rc < 0 ? rc : look(d, store, e);
}

static int make_sealer(struct deployment *d, struct error *e)
{
    int rc = sealer_new(d->vault, &d->sealer, e);

    if (rc < 0)
        return rc;
    sealer_on_unknown(d->sealer, at_unknown_key, d);
    store_on_begin(d->store, at_begin, d);
    return 0;
}

int deployment_keys_open(struct deployment *d, struct error *e)
{
    int rc = read_vault(d->store, &d->vault, &d->key_epoch, e);

    return rc < 0 ? rc : make_sealer(d, e);
}

int deployment_keys_fork(struct deployment *fork, const struct deployment *d, struct error *e)
{
    fork->vault = vault_share(d->vault);
    fork->key_epoch = d->key_epoch;
    return make_sealer(fork, e);
}

void deployment_keys_close(struct deployment *d)
{
    sealer_free(d->sealer);
    vault_close(d->vault);
    vault_close(d->before);
    if (d->store)
        store_on_begin(d->store, NULL, NULL);
}
