#include "access/deployment_inside.h"

#include "access/audit.h"
#include "access/audit_key.h"
#include "access/key_source.h"
#include "store/migrate.h"
#include "store/sql_audit.h"
#include "store/sql_deployment.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define ID_GAP_BITS 16

/* Makes the audit key beside the master key, and the first row of the trail, in the transaction that makes
 * the database. */
static int tell_creation(struct store *store, const char *id, const struct master_key *master,
                         struct slice blob, enum seal_suite suite, struct error *e)
{
    const struct audit_entry entry = {.event = AUDIT_DATABASE_CREATED,
                                      .detail = seal_suite_name(suite)};
    struct deployment d = {.store = store};
    int rc = audit_handle_new(id, suite, &d.audit, e);

    if (rc == 0)
        rc = audit_handle_create_files(d.audit, e);
    if (rc == 0)
        rc = vault_open(master, blob, &d.vault, e);
    if (rc == 0)
        rc = sealer_new(d.vault, &d.sealer, e);
    if (rc == 0)
        rc = audit_append(&d, &entry, e);
    sealer_free(d.sealer);
    vault_close(d.vault);
    audit_handle_free(d.audit);
    return rc;
}

/* A database of before the trail has no audit key yet. Where there are rows, a key that is missing must be
 * brought back: another could not verify them. */
static int complete_audit(const char *url, struct error *e)
{
    DEPLOYMENT_AUTO(d);
    struct sql_audit_segment_last last;
    bool begun = false;
    int rc = deployment_open(url, STORE_READ, &d, e);

    if (rc == 0)
        rc = sql_audit_segment_last(d->store, &begun, &last, e);
    if (rc == 0 && begun)
        rc = audit_keys_need(d->audit, e);
    return rc < 0 ? rc : audit_handle_create_files(d->audit, e);
}

static int write_deployment(struct store *store, enum seal_suite suite, struct arena *arena,
                            const char **ret_key_path, struct error *e)
{
    uint8_t id[8];
    char name[2 * sizeof(id) + 1];
    struct master_key master;
    struct slice blob;
    struct key_source source;
    int rc = 0;

    if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
        return error_set(e, ERR_CRYPTO, NULL);
    for (size_t i = 0; i < sizeof(id); i++)
        snprintf(name + 2 * i, 3, "%02x", id[i]);
    if ((rc = key_source_find(name, arena, &source, e)) < 0)
        return rc;
    /* A key file named by hand may serve several databases: it is taken as it is. */
    rc = key_source_fetch(&source, &master, e);
    if (rc == -ERR_KEY_MISSING && source.file) {
        error_clear(e);
        rc = keys_master_create(source.place, &master, e);
    }
    if (rc < 0)
        return rc;
    rc = vault_create(&master, suite, arena, &blob, e);
    if (rc == 0)
        rc = store_begin(store, e);
    if (rc == 0)
        rc = sql_deployment_insert(store, slice_from(name), blob, instant_now(), e);
    if (rc == 0)
        rc = tell_creation(store, name, &master, blob, suite, e);
    keys_master_wipe(&master);
    if (rc == 0)
        rc = store_commit(store, e);
    if (rc < 0)
        store_rollback(store);
    else
        *ret_key_path = source.place;
    return rc;
}

int deployment_create(const char *url, enum seal_suite suite, struct arena *arena,
                      bool *ret_created, const char **ret_key_path, struct error *e)
{
    struct store *store = NULL;
    struct sql_deployment_get row;
    const char *path = NULL;
    bool found = false;
    int applied = 0;
    int rc = store_open(url, STORE_CREATE, &store, e);

    if (rc < 0)
        return rc;
    rc = store_migrate(store, &applied, e);
    if (rc == 0)
        rc = sql_deployment_get(store, &found, &row, e);
    if (rc == 0 && !found)
        rc = write_deployment(store, suite, arena, &path, e);
    store_close(store);
    if (rc == 0 && found)
        rc = complete_audit(url, e);
    if (rc == 0) {
        *ret_created = !found;
        if (ret_key_path)
            *ret_key_path = path;
    }
    return rc;
}

/* After the data keys: new audit keys are of their suite. */
static int open_audit(struct deployment *d, struct error *e)
{
    ARENA_AUTO(scratch);
    struct sql_deployment_get row;
    bool found;
    int rc = sql_deployment_get(d->store, &found, &row, e);

    if (rc < 0 || !found)
        return rc < 0 ? rc : error_set(e, ERR_DATABASE_MISSING, NULL);
    return audit_handle_new(arena_string(&scratch, row.deployment_id), vault_suite(d->vault),
                            &d->audit, e);
}

static int read_clock(struct deployment *d, struct error *e)
{
    struct sql_deployment_get row;
    bool found;
    int rc = sql_deployment_get(d->store, &found, &row, e);

    if (rc == 0 && found) {
        d->ticked = row.last_tick.set;
        d->last_tick = (day)row.last_tick.v;
    }
    return rc;
}

int deployment_open(const char *url, enum store_mode mode, struct deployment **ret, struct error *e)
{
    struct deployment *d = calloc(1, sizeof(*d));
    int rc;

    if (!d)
        return error_set(e, ERR_MEMORY, NULL);
    d->url = url;
    rc = store_open(url, mode, &d->store, e);
    if (rc == 0)
        rc = store_check_version(d->store, e);
    if (rc == 0)
        rc = read_clock(d, e);
    if (rc == 0)
        rc = deployment_keys_open(d, e);
    if (rc == 0)
        rc = open_audit(d, e);
    if (rc < 0) {
        deployment_close(d);
        return rc;
    }
    *ret = d;
    return 0;
}

/* `store` may be NULL: then the fork opens its own. */
static int make_fork(const struct deployment *d, struct store *store, enum store_mode mode,
                     struct deployment **ret, struct error *e)
{
    struct deployment *fork = calloc(1, sizeof(*fork));
    int rc = 0;

    if (!fork)
        return error_set(e, ERR_MEMORY, NULL);
    *fork = (struct deployment){.store = store,
                                .url = d->url,
                                .ticked = d->ticked,
                                .last_tick = d->last_tick,
                                .audit_writer = d->audit_writer,
                                .borrows_store = store != NULL};
    if (!store)
        rc = store_open(d->url, mode, &fork->store, e);
    if (rc == 0)
        rc = deployment_keys_fork(fork, d, e);
    if (rc == 0 && store) /* a transaction may have begun on it already */
        rc = deployment_refresh(fork, e);
    if (rc == 0)
        rc = audit_handle_fork(d->audit, &fork->audit, e);
    if (rc < 0) {
        deployment_close(fork);
        return rc;
    }
    *ret = fork;
    return 0;
}

int deployment_fork(const struct deployment *d, enum store_mode mode, struct deployment **ret,
                    struct error *e)
{
    return make_fork(d, NULL, mode, ret, e);
}

int deployment_fork_over(const struct deployment *d, struct store *store, struct deployment **ret,
                         struct error *e)
{
    return make_fork(d, store, STORE_WRITE, ret, e);
}

struct deployment *deployment_close(struct deployment *d)
{
    if (!d)
        return NULL;
    audit_handle_free(d->audit);
    deployment_keys_close(d);
    if (!d->borrows_store)
        store_close(d->store);
    free(d);
    return NULL;
}

void deployment_close_at(struct deployment **d) { *d = deployment_close(*d); }

int64_t instant_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int id_source_next(struct id_source *ids, struct sealer *sealer, int64_t *ret, struct error *e)
{
    uint32_t gap;
    int rc = sealer_random(sealer, &gap, sizeof(gap), e);

    if (rc < 0)
        return rc;
    ids->last += 1 + (gap & ((1u << ID_GAP_BITS) - 1));
    *ret = ids->last;
    return 0;
}
