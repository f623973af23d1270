/* What the files of accounts and sessions share; of this room only. */
#ifndef HUMIAO_ACCESS_ACCOUNT_INSIDE_H
#define HUMIAO_ACCESS_ACCOUNT_INSIDE_H

#include "access/account.h"
#include "access/audit.h"

/* The keyed hash under which an account is found: of the name, an account_name_valid one, in lower
 * case. */
int account_name_hash(struct deployment *d, struct slice name, uint8_t ret[SEAL_HASH_SIZE],
                      struct error *e);

/* The secrets of an account, as signing in needs them; texts in the arena, the sealer set to it. */
struct account_secrets {
    enum role role;
    struct slice password; /* the hash; NONE: none */
    struct opt_int password_at;
    bool must_change, totp_confirmed, disabled;
    struct slice totp; /* opened; NONE: none */
    int64_t totp_step, failures, locked_until;
};
int account_secrets_read(struct deployment *d, int64_t id, struct arena *arena, bool *ret_found,
                         struct account_secrets *ret, struct error *e);

/* One row of the trail. */
int account_tell(struct deployment *d, enum audit_event event, int64_t by, int64_t object,
                 const char *detail, struct error *e);

#endif
