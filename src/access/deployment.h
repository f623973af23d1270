/* A deployment: one database and the keys that open what is sealed in it.
 *
 * Everything that works with people begins here. The handle is for one thread; a second thread makes
 * its own with deployment_fork, which shares the vault.
 *
 * Data keys may change while a handle is in use (rotation.h). Each write transaction looks for that as it
 * begins, and whoever meets a value under a key that is not known yet reads the keys anew; so a value is
 * sealed inside the write transaction that stores it, never before. */
#ifndef HUMIAO_ACCESS_DEPLOYMENT_H
#define HUMIAO_ACCESS_DEPLOYMENT_H

#include "access/keys.h"
#include "access/seal.h"
#include "base/day.h"
#include "base/error.h"
#include "store/store.h"

struct deployment {
    struct store *store;
    struct vault *vault;
    struct sealer *sealer;
    const char *url; /* the caller's */
    bool ticked;
    day last_tick;        /* as it was when the handle was made; the store has the newest */
    int64_t key_epoch;    /* of `vault`: counts the changes of the data keys */
    struct vault *before; /* until the change before last; NULL: there was none */
    bool borrows_store;
    const char *audit_writer; /* whose segments the rows of the audit trail go to; NULL: "cli". The
                               * caller's, set after opening; forks take it over */
    struct audit *audit;      /* inside access/ */
};

/* Makes or migrates the database; a new one gets its master key (keys_master_path), its data keys
 * under `suite`, and its row. `ret_created` tells which it was, `ret_key_path` (may be NULL, arena)
 * where the master key of a new one lies. An existing database keeps its suite. */
int deployment_create(const char *url, enum seal_suite suite, struct arena *arena,
                      bool *ret_created, const char **ret_key_path, struct error *e);

/* ERR_DATABASE_*, ERR_KEY_*. Ended by deployment_close. */
int deployment_open(const char *url, enum store_mode mode, struct deployment **ret,
                    struct error *e);
int deployment_fork(const struct deployment *d, enum store_mode mode, struct deployment **ret,
                    struct error *e);

/* A fork over a connection that belongs to somebody else, such as a writer's, who keeps it open until the
 * fork is closed. `url` is that of the connection. */
int deployment_fork_over(const struct deployment *d, struct store *store, struct deployment **ret,
                         struct error *e);

/* Reads the data keys anew if they have changed; no stream may be open on the handle's store. Write
 * transactions and openings do it by themselves. ERR_KEY_*. */
int deployment_refresh(struct deployment *d, struct error *e);

struct deployment *deployment_close(struct deployment *d); /* takes NULL, returns NULL */

/* For `__attribute__((cleanup(deployment_close_at)))`. */
void deployment_close_at(struct deployment **d);
#define DEPLOYMENT_AUTO(name) \
    __attribute__((cleanup(deployment_close_at))) struct deployment *name = NULL

/* Microseconds since 1970, UTC: when we learn something. */
int64_t instant_now(void);

/* Ids of one table, ascending with random gaps: rows are appended where the tree ends, and the number
 * of rows between two ids cannot be told. */
struct id_source {
    int64_t last;
};
int id_source_next(struct id_source *ids, struct sealer *sealer, int64_t *ret, struct error *e);

#endif
