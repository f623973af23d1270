/* The row of a delivery: read, made, settled; what names people or columns of theirs is sealed. */
#include "access/packed.h"
#include "access/subject.h"
#include "intake/delivery_inside.h"
#include "people/relation.h"
#include "store/sql_delivery.h"
#include "store/sql_salt.h"

#include <stdio.h>

#define TEXTS 4

static int64_t or_none(struct opt_int v) { return v.set ? v.v : 0; }
static struct opt_int opt(int64_t v) { return v ? opt_int(v) : OPT_INT_NONE; }

static struct seal_place place_of(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("delivery.sealed"), id};
}

int delivery_entry_subject(struct deployment *d, const struct delivery_entry *entry,
                           struct error *e)
{
    struct sql_salt_of salt;
    bool found = false;
    int rc = entry->subject_id ? sql_salt_of(d->store, entry->subject_id, &found, &salt, e) : 0;

    if (rc == 0 && !found)
        return error_set(e, ERR_ERASED, NULL);
    return rc < 0 ? rc : sealer_set_subject(d->sealer, (const uint8_t *)salt.salt.p, e);
}

int delivery_entry_open(struct deployment *d, struct slice sealed, struct arena *arena,
                        struct delivery_entry *entry, struct error *e)
{
    struct slice plain,
        texts[TEXTS] = {SLICE_LITERAL(""), SLICE_LITERAL(""), SLICE_LITERAL(""), SLICE_LITERAL("")};
    int rc = 0;

    if (sealed.p && entry->subject_id) {
        rc = delivery_entry_subject(d, entry, e);
        if (rc == 0)
            rc = sealer_open(d->sealer, place_of(entry->id), sealed, arena, &plain, e);
        if (rc == 0 && !packed_read(plain, texts, TEXTS))
            rc = error_set(e, ERR_DATABASE_DAMAGED, NULL);
        if (rc == -ERR_ERASED) {
            error_clear(e);
            rc = 0;
        }
    }
    entry->file_name = texts[0];
    entry->header = texts[1];
    entry->holds = texts[2];
    entry->reason = texts[3];
    return rc;
}

int delivery_entry_read(struct deployment *d, int64_t id, struct arena *arena,
                        struct delivery_entry *ret, struct error *e)
{
    struct sql_delivery_row row;
    bool found;
    int rc = sql_delivery_row(d->store, id, &found, &row, e);

    if (rc < 0)
        return rc;
    if (!found)
        return error_set(e, ERR_NOT_FOUND, N_("there is no such delivery"));
    *ret = (struct delivery_entry){.id = row.id,
                                   .began_at = row.began_at,
                                   .finished_at = or_none(row.finished_at),
                                   .told_at = or_none(row.told_at),
                                   .size = or_none(row.size),
                                   .account_id = or_none(row.account_id),
                                   .subject_id = or_none(row.subject_id),
                                   .accepted = row.accepted,
                                   .duplicate = row.duplicate,
                                   .quarantined = row.quarantined,
                                   .unlinked = row.unlinked,
                                   .changes = row.changes,
                                   .row_count = row.row_count.set ? row.row_count.v : -1,
                                   .rows_done = row.rows_done,
                                   .division = row.division,
                                   .baseline = row.baseline != 0,
                                   .channel = (int)row.channel,
                                   .state = (int)row.state,
                                   .held = (int)row.held,
                                   .allowed = (int)row.allowed,
                                   .feed = arena_copy(arena, row.feed),
                                   .department = arena_copy(arena, row.department)};
    memcpy(ret->file_hash, row.file_hash.p, SEAL_HASH_SIZE);
    return delivery_entry_open(d, arena_copy(arena, row.sealed), arena, ret, e);
}

/* The sealer is set to the delivery's subject already. */
static int seal(struct deployment *d, const struct delivery_entry *entry, struct arena *arena,
                struct slice *ret, struct error *e)
{
    struct slice texts[TEXTS] = {entry->file_name, entry->header, entry->holds, entry->reason};

    return sealer_seal_arena(d->sealer, place_of(entry->id), packed_from(texts, TEXTS, arena),
                             arena, ret, e);
}

int delivery_entry_put(struct deployment *d, struct delivery_entry *entry, struct error *e)
{
    ARENA_AUTO(scratch);
    struct sql_delivery_last last;
    struct id_source ids = {0}, subjects = {0};
    uint8_t salt[SEAL_SALT_SIZE];
    struct slice sealed = SLICE_NONE;
    bool found;
    int rc = sql_delivery_last(d->store, &found, &last, e);

    if (rc < 0)
        return rc;
    ids.last = found ? last.id : 0;
    rc = id_source_next(&ids, d->sealer, &entry->id, e);
    if (rc == 0 && entry->file_name.p) {
        rc = subject_ids_begin(d, &subjects, e);
        if (rc == 0)
            rc = subject_new(d, &subjects, &entry->subject_id, salt, e);
        if (rc == 0)
            rc = seal(d, entry, &scratch, &sealed, e);
    }
    if (rc < 0)
        return rc;
    return sql_delivery_put(d->store, entry->id, SLICE_OF(entry->file_hash), entry->began_at,
                            entry->baseline, entry->feed, entry->department, entry->channel,
                            entry->state, entry->allowed, opt(entry->size), opt(entry->account_id),
                            opt(entry->subject_id), sealed, opt(entry->told_at), entry->division,
                            e);
}

int delivery_entry_settle(struct deployment *d, const struct delivery_entry *entry, struct error *e)
{
    ARENA_AUTO(scratch);
    struct slice sealed;
    int rc = delivery_entry_subject(d, entry, e);

    if (rc == 0)
        rc = seal(d, entry, &scratch, &sealed, e);
    return rc < 0 ? rc
                  : sql_delivery_settle(d->store, entry->id, entry->state, entry->held,
                                        entry->allowed, sealed, e);
}

int delivery_entry_looked(struct deployment *d, const struct delivery_entry *entry,
                          const struct feed *feed, struct error *e)
{
    ARENA_AUTO(scratch);
    struct slice sealed;
    int rc = delivery_entry_subject(d, entry, e);

    if (rc == 0)
        rc = seal(d, entry, &scratch, &sealed, e);
    return rc < 0
               ? rc
               : sql_delivery_looked(d->store, entry->id, entry->state, entry->held, entry->allowed,
                                     SLICE_OF(feed->hash), entry->row_count, sealed, e);
}

int delivery_audit(struct deployment *d, enum audit_event event, const struct delivery_entry *entry,
                   int64_t account_id, const char *detail, struct error *e)
{
    const struct audit_entry row = {
        .event = event, .account_id = account_id, .object_id = entry->id, .detail = detail};

    return audit_append(d, &row, e);
}

static bool sees(const struct sql_delivery_officers *officer, const struct delivery_entry *entry)
{
    return entry->division == 0 || !officer->division.set ||
           division_covers(officer->division.v, entry->division);
}

int delivery_tell(struct deployment *d, enum notice_kind kind, const struct delivery_entry *entry,
                  int64_t also, int64_t now, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_delivery_officers officer;
    struct id_source ids = {0};
    int rc = outbox_ids_begin(d, &ids, e);

    if (rc == 0 && also)
        rc = outbox_put(d, &ids, kind, also, "delivery", entry->id, 0, now, e);
    if (rc == 0)
        rc = sql_delivery_officers(d->store, &rows, e);
    while (rc >= 0 && (rc = sql_delivery_officers_next(&rows, &officer, e)) > 0)
        if (officer.id != also && sees(&officer, entry))
            rc = outbox_put(d, &ids, kind, officer.id, "delivery", entry->id, 0, now, e);
    return rc;
}

int delivery_entry_reject(struct deployment *d, struct delivery_entry *entry, struct slice reason,
                          int64_t account_id, int64_t now, struct error *e)
{
    int rc;

    entry->state = DELIVERY_REJECTED;
    entry->reason = reason;
    rc = delivery_entry_settle(d, entry, e);
    if (rc == 0)
        rc = delivery_audit(d, AUDIT_DELIVERY_REJECTED, entry, account_id, NULL, e);
    if (rc == 0)
        rc = delivery_tell(d, NOTICE_DELIVERY_REJECTED, entry, entry->account_id, now, e);
    return rc;
}

bool delivery_error_of_file(enum error_code code) { return code / 1000 == 3; }

struct slice delivery_reason(const struct error *reason, struct arena *arena)
{
    return slice_from(arena_printf(arena, "%s%s%s%s%s", error_primary(reason),
                                   reason->detail[0] ? ": " : "", reason->detail,
                                   reason->hint[0] ? "\n" : "", reason->hint));
}

void delivery_totals_of(const struct delivery_entry *entry, struct delivery_totals *ret)
{
    ret->id = entry->id;
    ret->state = entry->state;
    ret->held = entry->state == DELIVERY_HELD ? entry->held : 0;
    ret->rows = entry->row_count < 0 ? 0 : (uint64_t)entry->row_count;
    ret->accepted = (uint64_t)entry->accepted;
    ret->duplicate = (uint64_t)entry->duplicate;
    ret->quarantined = (uint64_t)entry->quarantined;
    ret->unlinked = (uint64_t)entry->unlinked;
    ret->changes = (uint64_t)entry->changes;
}
