#include "people/quarantine.h"

#include "access/packed.h"
#include "store/sql_quarantine.h"

#include <stdio.h>

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

int quarantine_cell_hash(struct sealer *s, const char *column, enum error_code error,
                         struct slice value, uint8_t ret[SEAL_HASH_SIZE], struct error *e)
{
    char number[16];
    int n = snprintf(number, sizeof(number), "%d", (int)error);
    struct slice parts[] = {slice_from(column ? column : ""), {number, (size_t)n}, value};

    return sealer_hash_parts(s, HASH_CELL, parts, 3, ret, e);
}

int quarantine_keep_cell(struct deployment *d, struct id_source *ids, int64_t delivery_id,
                         uint64_t line, struct slice raw, const struct quarantine_cell *cell,
                         const struct error *reason, struct error *e)
{
    ARENA_AUTO(scratch);
    uint8_t salt[SEAL_SALT_SIZE], hash[SEAL_HASH_SIZE];
    struct slice fields[5] = {raw, cell->named, slice_from(reason->detail),
                              slice_from(reason->hint), cell->value};
    struct slice sealed;
    int64_t id;
    int rc = subject_new(d, ids, &id, salt, e);

    if (rc == 0)
        rc = quarantine_cell_hash(d->sealer, cell->column, reason->code, cell->value, hash, e);
    if (rc == 0)
        rc = sealer_seal_arena(d->sealer,
                               (struct seal_place){SLICE_LITERAL("quarantine.sealed"), id},
                               packed_from(fields, 5, &scratch), &scratch, &sealed, e);
    if (rc == 0)
        rc = sql_quarantine_insert_cell(d->store, id, delivery_id, (int64_t)line, reason->code,
                                        instant_now(), slice_from(cell->column), SLICE_OF(hash),
                                        sealed, e);
    return rc;
}
