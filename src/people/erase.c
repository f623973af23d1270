#include "people/erase.h"

#include "access/audit.h"
#include "store/sql_deployment.h"
#include "store/sql_person.h"
#include "store/sql_salt.h"

static int erase(struct deployment *d, int64_t id, struct error *e)
{
    int rc = sql_salt_drop(d->store, id, e);

    if (rc == 0)
        rc = sql_person_forget_hashes(d->store, id, e);
    if (rc == 0)
        rc = sql_person_end(d->store, id, instant_now(), e);
    if (rc == 0)
        rc = sql_deployment_screen_all(d->store, e);
    return rc;
}

int person_erase_within(struct deployment *d, int64_t person_id, struct error *e)
{
    struct sql_salt_of salt;
    bool found;
    int rc = sql_salt_of(d->store, person_id, &found, &salt, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_ERASED, NULL);
    if (rc == 0)
        rc = erase(d, person_id, e);
    if (rc == 0)
        rc = audit_append(
            d, &(struct audit_entry){.event = AUDIT_PERSON_ERASED, .child_id = person_id}, e);
    return rc;
}

int person_erase(struct deployment *d, int64_t person_id, struct error *e)
{
    /* The bulk form folds the log into the file afterwards: no old page is left in it. */
    int rc = store_bulk_begin(d->store, e);

    if (rc < 0)
        return rc;
    rc = person_erase_within(d, person_id, e);
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}
