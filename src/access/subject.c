#include "access/subject.h"

#include "store/sql_salt.h"

int subject_ids_begin(struct deployment *d, struct id_source *ret, struct error *e)
{
    struct sql_salt_last row;
    bool found;
    int rc = sql_salt_last(d->store, &found, &row, e);

    if (rc == 0)
        ret->last = found ? row.id : 0;
    return rc;
}

int subject_new(struct deployment *d, struct id_source *ids, int64_t *ret_id,
                uint8_t ret_salt[SEAL_SALT_SIZE], struct error *e)
{
    int rc = id_source_next(ids, d->sealer, ret_id, e);

    if (rc == 0)
        rc = sealer_random(d->sealer, ret_salt, SEAL_SALT_SIZE, e);
    if (rc == 0)
        rc = sql_salt_insert(d->store, *ret_id,
                             (struct slice){(const char *)ret_salt, SEAL_SALT_SIZE}, e);
    if (rc == 0)
        rc = sealer_set_subject(d->sealer, ret_salt, e);
    return rc;
}
