/* Inside access/: how a deployment's handle comes by its data keys, and keeps up with their changes. */
#ifndef HUMIAO_ACCESS_DEPLOYMENT_INSIDE_H
#define HUMIAO_ACCESS_DEPLOYMENT_INSIDE_H

#include "access/deployment.h"

/* Reads the keys of the handle's database, whose `store` is open: vault, epoch and sealer are made. */
int deployment_keys_open(struct deployment *d, struct error *e);

/* A sealer of its own over the vault of another handle. */
int deployment_keys_fork(struct deployment *fork, const struct deployment *d, struct error *e);

/* Also of a handle that was not wholly made. */
void deployment_keys_close(struct deployment *d);

/* Fetches the master key and opens the stored blob with it, for those who change the blob. The caller
 * wipes `ret_master` (set on success). */
int deployment_keys_unwrap(struct store *store, struct master_key *ret_master,
                           struct vault **ret_vault, int64_t *ret_epoch, struct error *e);

#endif
