#include "people/quarantine.h"

#include "people/packed.h"
#include "store/sql_quarantine.h"
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

int quarantine_keep(struct deployment *d, struct id_source *ids, int64_t delivery_id,
                    const struct csv_row *row, const char *column, const struct error *reason,
                    struct error *e)
{
    ARENA_AUTO(scratch);
    uint8_t salt[SEAL_SALT_SIZE];
    struct slice fields[4] = {row->raw, slice_from(column ? column : ""),
                              slice_from(reason->detail), slice_from(reason->hint)};
    struct slice sealed;
    int64_t id;
    int rc = subject_new(d, ids, &id, salt, e);

    if (rc == 0)
        rc = sealer_seal_arena(d->sealer,
                               (struct seal_place){SLICE_LITERAL("quarantine.sealed"), id},
                               packed_from(fields, 4, &scratch), &scratch, &sealed, e);
    if (rc == 0)
        rc = sql_quarantine_insert(d->store, id, delivery_id, (int64_t)row->line, reason->code,
                                   instant_now(), sealed, e);
    return rc;
}
