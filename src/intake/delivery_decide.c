/* What a person decides about a delivery that waits. */
#include "intake/delivery_inside.h"
#include "store/sql_delivery.h"
#include "store/sql_delivery_piece.h"

static int wrong_state(struct error *e)
{
    return error_set(e, ERR_WRONG_STATE, N_("this delivery does not wait for a decision"));
}

static int reject(struct deployment *d, struct delivery_entry *entry, struct slice reason,
                  int64_t account_id, int64_t now, struct error *e)
{
    int rc = delivery_entry_reject(d, entry, reason.p ? reason : SLICE_LITERAL(""), account_id, now,
                                   e);

    return rc < 0 ? rc : sql_delivery_piece_drop(d->store, entry->id, 0, e);
}

/* A column that is missing is nothing that could be allowed: who knows what stands under its new name. */
static int allow_some(struct deployment *d, struct delivery_entry *entry, int allow,
                      int64_t account_id, struct error *e)
{
    char words[96];
    int rc;

    if (allow == 0 || (allow & ~entry->held) || (allow & HOLD_COLUMNS_MISSING)) {
        error_set(e, ERR_WRONG_STATE, N_("that is not what this delivery waits for"));
        return error_hint(e, N_("Missing columns are mended in the mapping."));
    }
    entry->allowed |= allow;
    entry->held &= ~allow;
    entry->state = entry->held ? DELIVERY_HELD : DELIVERY_WAITING;
    rc = delivery_entry_settle(d, entry, e);
    return rc < 0 ? rc
                  : delivery_audit(d, AUDIT_DELIVERY_DECIDED, entry, account_id,
                                   delivery_holds_words(allow, words, sizeof(words)), e);
}

static int over(struct deployment *d, const struct delivery_entry *entry, int64_t now,
                struct error *e)
{
    return entry->state == DELIVERY_HELD
               ? 0
               : outbox_recall_kind(d, "delivery", entry->id, NOTICE_DELIVERY_HELD, now, e);
}

int delivery_decide(struct deployment *d, int64_t id, int allow, bool reject_it,
                    struct slice reason, int64_t account_id, int64_t now, struct error *e)
{
    ARENA_AUTO(scratch);
    struct delivery_entry entry;
    int rc = delivery_entry_read(d, id, &scratch, &entry, e);

    if (rc < 0)
        return rc;
    bool waits = entry.state == DELIVERY_HELD || (reject_it && (entry.state == DELIVERY_UNMAPPED ||
                                                                entry.state == DELIVERY_ARRIVING));
    if (!waits)
        return wrong_state(e);
    rc = reject_it ? reject(d, &entry, reason, account_id, now, e)
                   : allow_some(d, &entry, allow, account_id, e);
    return rc < 0 ? rc : over(d, &entry, now, e);
}

int delivery_remapped(struct deployment *d, int64_t id, const struct feed *feed, int64_t account_id,
                      int64_t now, struct error *e)
{
    ARENA_AUTO(scratch);
    struct delivery_entry entry;
    int rc = delivery_entry_read(d, id, &scratch, &entry, e);

    if (rc < 0)
        return rc;
    if (entry.state != DELIVERY_UNMAPPED &&
        (entry.state != DELIVERY_HELD || !slice_is(entry.feed, feed->name)))
        return wrong_state(e);
    rc = sql_delivery_mapped(d->store, id, slice_from(feed->name), feed->department,
                             DELIVERY_WAITING, e);
    entry.state = DELIVERY_WAITING;
    if (rc == 0)
        rc = delivery_audit(d, AUDIT_DELIVERY_DECIDED, &entry, account_id, "mapped", e);
    return rc < 0 ? rc : over(d, &entry, now, e);
}
