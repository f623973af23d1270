#include "people/fact.h"

#include "access/packed.h"
#include "store/sql_record.h"

static struct seal_place fact_place(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("record.fact"), id};
}

static struct seal_place envelope_place(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("record.envelope"), id};
}

int fact_seal(struct sealer *sealer, int64_t record_id, const struct record *r, struct arena *arena,
              struct slice *ret_fact, struct slice *ret_envelope, struct error *e)
{
    struct slice fact[2] = {slice_from(record_kind_name(r->kind)), r->value};
    char birth[DAY_TEXT];
    struct slice envelope[8] = {r->department,
                                r->key,
                                r->id_no,
                                r->name,
                                r->division,
                                r->note,
                                slice_from(day_format(r->birth, birth)),
                                r->note_marks};
    int rc = sealer_seal_arena(sealer, fact_place(record_id), packed_from(fact, 2, arena), arena,
                               ret_fact, e);

    if (rc == 0)
        rc = sealer_seal_arena(sealer, envelope_place(record_id), packed_from(envelope, 8, arena),
                               arena, ret_envelope, e);
    return rc;
}

static int open_fields(struct sealer *sealer, const uint8_t *salt, struct seal_place place,
                       struct slice sealed, struct arena *arena, struct slice *fields, size_t count,
                       struct error *e)
{
    struct slice plain;
    int rc = sealer_set_subject(sealer, salt, e);

    if (rc == 0)
        rc = sealer_open(sealer, place, sealed, arena, &plain, e);
    if (rc == 0 && !packed_read(plain, fields, count))
        rc = error_set(e, ERR_SEAL_BROKEN, NULL);
    return rc;
}

int fact_open(struct sealer *sealer, const uint8_t salt[SEAL_SALT_SIZE], int64_t record_id,
              struct slice sealed, struct arena *arena, struct fact *ret, struct error *e)
{
    struct slice f[2];
    int rc = open_fields(sealer, salt, fact_place(record_id), sealed, arena, f, 2, e);

    if (rc == 0)
        *ret = (struct fact){record_kind_parse(f[0]), f[1]};
    return rc;
}

int fact_open_envelope(struct sealer *sealer, const uint8_t salt[SEAL_SALT_SIZE], int64_t record_id,
                       struct slice sealed, struct arena *arena, struct fact_envelope *ret,
                       struct error *e)
{
    struct slice f[8];
    int rc = open_fields(sealer, salt, envelope_place(record_id), sealed, arena, f, 8, e);

    if (rc == 0)
        *ret = (struct fact_envelope){f[0], f[1], f[2], f[3], f[4], f[5], f[7]};
    return rc;
}

/* Opens both values under one salt and seals them under the other. */
static int move(struct deployment *d, int64_t record_id, const uint8_t *from_salt,
                struct slice fact, struct slice envelope, int64_t to, const uint8_t *to_salt,
                bool linked, struct error *e)
{
    ARENA_AUTO(scratch);
    struct slice plain[2], sealed[2];
    struct seal_place places[2] = {fact_place(record_id), envelope_place(record_id)};
    const struct slice from[2] = {fact, envelope};
    int rc = sealer_set_subject(d->sealer, from_salt, e);

    for (int i = 0; i < 2 && rc == 0; i++)
        rc = sealer_open(d->sealer, places[i], from[i], &scratch, &plain[i], e);
    if (rc == 0)
        rc = sealer_set_subject(d->sealer, to_salt, e);
    for (int i = 0; i < 2 && rc == 0; i++)
        rc = sealer_seal_arena(d->sealer, places[i], plain[i], &scratch, &sealed[i], e);
    if (rc == 0)
        rc = sql_record_move(d->store, record_id, to, linked, sealed[0], sealed[1], e);
    return rc;
}

int fact_link(struct deployment *d, const uint8_t id_hash[SEAL_HASH_SIZE], int64_t person_id,
              const uint8_t salt[SEAL_SALT_SIZE], struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_record_of_stub row;
    int rc = sql_record_of_stub(d->store, (struct slice){(const char *)id_hash, SEAL_HASH_SIZE},
                                &rows, e);

    while (rc >= 0 && (rc = sql_record_of_stub_next(&rows, &row, e)) > 0)
        rc = move(d, row.id, (const uint8_t *)row.salt.p, row.fact, row.envelope, person_id, salt,
                  true, e);
    return rc < 0 ? rc : 0;
}

int fact_unlink(struct deployment *d, const uint8_t id_hash[SEAL_HASH_SIZE], int64_t person_id,
                const uint8_t salt[SEAL_SALT_SIZE], int64_t stand_in,
                const uint8_t stand_in_salt[SEAL_SALT_SIZE], struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_record_of_id_hash_linked row;
    int rc = sql_record_of_id_hash_linked(
        d->store, person_id, (struct slice){(const char *)id_hash, SEAL_HASH_SIZE}, &rows, e);

    while (rc >= 0 && (rc = sql_record_of_id_hash_linked_next(&rows, &row, e)) > 0)
        rc = move(d, row.id, salt, row.fact, row.envelope, stand_in, stand_in_salt, false, e);
    return rc < 0 ? rc : 0;
}
