#include "people/quarantine.h"

#include "access/packed.h"
#include "store/sql_quarantine.h"

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
