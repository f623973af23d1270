#include "access/deployment.h"

#include "store/migrate.h"
#include "store/sql_deployment.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define ID_GAP_BITS 16

static int write_deployment(struct store *store, enum seal_suite suite, struct arena *arena,
                            const char **ret_key_path, struct error *e)
{
    uint8_t id[8];
    char name[2 * sizeof(id) + 1];
    struct master_key master;
    struct slice blob;
    const char *path = NULL;
    int rc = 0;

    if (getrandom(id, sizeof(id), 0) != (ssize_t)sizeof(id))
        return error_set(e, ERR_CRYPTO, NULL);
    for (size_t i = 0; i < sizeof(id); i++)
        snprintf(name + 2 * i, 3, "%02x", id[i]);
    if ((rc = keys_master_path(name, arena, &path, e)) < 0)
        return rc;
    /* A key file named by hand may serve several databases: it is taken as it is. */
    rc = keys_master_read(path, &master, e);
    if (rc == -ERR_KEY_MISSING) {
        error_clear(e);
        rc = keys_master_create(path, &master, e);
    }
    if (rc < 0)
        return rc;
    rc = vault_create(&master, suite, arena, &blob, e);
    keys_master_wipe(&master);
    if (rc < 0)
        return rc;
    if ((rc = store_begin(store, e)) < 0)
        return rc;
    rc = sql_deployment_insert(store, slice_from(name), blob, instant_now(), e);
    if (rc == 0)
        rc = store_commit(store, e);
    if (rc < 0)
        store_rollback(store);
    else
        *ret_key_path = path;
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
    if (rc == 0) {
        *ret_created = !found;
        if (ret_key_path)
            *ret_key_path = path;
    }
    return rc;
}

static int open_vault(struct deployment *d, struct error *e)
{
    ARENA_AUTO(scratch);
    struct sql_deployment_get row;
    struct master_key master;
    const char *path;
    bool found;
    int rc = sql_deployment_get(d->store, &found, &row, e);

    if (rc < 0)
        return rc;
    if (!found) {
        error_set(e, ERR_DATABASE_MISSING, N_("the database is empty"));
        return error_hint(e, N_("Make it with: humiao init --db URL"));
    }
    d->ticked = row.last_tick.set;
    d->last_tick = (day)row.last_tick.v;
    struct slice blob = arena_copy(&scratch, row.key_wrap);
    if ((rc = keys_master_path(arena_string(&scratch, row.deployment_id), &scratch, &path, e)) <
            0 ||
        (rc = keys_master_read(path, &master, e)) < 0)
        return rc;
    rc = vault_open(&master, blob, &d->vault, e);
    keys_master_wipe(&master);
    d->owns_vault = rc == 0;
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
        rc = open_vault(d, e);
    if (rc == 0)
        rc = sealer_new(d->vault, &d->sealer, e);
    if (rc < 0) {
        deployment_close(d);
        return rc;
    }
    *ret = d;
    return 0;
}

int deployment_fork(const struct deployment *d, enum store_mode mode, struct deployment **ret,
                    struct error *e)
{
    struct deployment *fork = calloc(1, sizeof(*fork));
    int rc;

    if (!fork)
        return error_set(e, ERR_MEMORY, NULL);
    *fork = (struct deployment){
        .vault = d->vault, .url = d->url, .ticked = d->ticked, .last_tick = d->last_tick};
    rc = store_open(d->url, mode, &fork->store, e);
    if (rc == 0)
        rc = sealer_new(fork->vault, &fork->sealer, e);
    if (rc < 0) {
        deployment_close(fork);
        return rc;
    }
    *ret = fork;
    return 0;
}

struct deployment *deployment_close(struct deployment *d)
{
    if (!d)
        return NULL;
    sealer_free(d->sealer);
    if (d->owns_vault)
        vault_close(d->vault);
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
