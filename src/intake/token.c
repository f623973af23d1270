/* Bearer tokens: a department's system may hand in one feed, and nothing else. */
#include "access/audit.h"
#include "intake/coverage.h"
#include "store/sql_feed_token.h"

#include <sodium.h>
#include <string.h>

#define PREFIX "hmf_" /* so that one that was left lying about is known for what it is */
#define TOKEN_SIZE (sizeof(PREFIX) - 1 + 43)
#define MINUTE INT64_C(60000000)

static int64_t or_none(struct opt_int v) { return v.set ? v.v : 0; }

static int not_signed_in(struct error *e) { return error_set(e, ERR_NOT_SIGNED_IN, NULL); }

static int leave_row(struct deployment *d, enum audit_event event, int64_t id, const char *feed,
                     int64_t account_id, struct error *e)
{
    return audit_append(
        d,
        &(struct audit_entry){
            .event = event, .account_id = account_id, .object_id = id, .detail = feed},
        e);
}

static int make_text(struct deployment *d, char text[TOKEN_SIZE + 1], struct error *e)
{
    uint8_t random[32];
    int rc = sealer_random(d->sealer, random, sizeof(random), e);

    if (rc < 0)
        return rc;
    memcpy(text, PREFIX, sizeof(PREFIX));
    sodium_bin2base64(text + sizeof(PREFIX) - 1, 44, random, sizeof(random),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof(random));
    return 0;
}

int feed_token_make(struct deployment *d, const struct feed *feed, int64_t account_id, int64_t now,
                    struct arena *arena, int64_t *ret_id, struct slice *ret_token, struct error *e)
{
    struct sql_feed_token_last last;
    struct id_source ids = {0};
    uint8_t hash[SEAL_HASH_SIZE];
    char *text = ARENA_ARRAY(arena, TOKEN_SIZE + 1, char);
    bool found;
    int64_t id;

    if (!feed)
        return error_set(e, ERR_NOT_FOUND, N_("there is no such feed"));
    int rc = sql_feed_token_last(d->store, &found, &last, e);
    if (rc < 0)
        return rc;
    ids.last = found ? last.id : 0;
    if ((rc = id_source_next(&ids, d->sealer, &id, e)) < 0 || (rc = make_text(d, text, e)) < 0)
        return rc;
    rc = sealer_hash(d->sealer, HASH_FEED_TOKEN, (struct slice){text, TOKEN_SIZE}, hash, e);
    if (rc == 0)
        rc = sql_feed_token_insert(d->store, id, slice_from(feed->name), feed->department,
                                   SLICE_OF(hash), now,
                                   account_id ? opt_int(account_id) : OPT_INT_NONE, e);
    if (rc == 0)
        rc = leave_row(d, AUDIT_FEED_TOKEN_MADE, id, feed->name, account_id, e);
    if (rc < 0)
        return rc;
    *ret_id = id;
    *ret_token = (struct slice){text, TOKEN_SIZE};
    return 0;
}

int feed_token_end(struct deployment *d, int64_t id, int64_t account_id, int64_t now,
                   struct error *e)
{
    struct sql_feed_token_of_id row;
    bool found;
    int rc = sql_feed_token_of_id(d->store, id, &found, &row, e);

    if (rc < 0)
        return rc;
    if (!found)
        return error_set(e, ERR_NOT_FOUND, N_("there is no such token"));
    if (row.ended_at.set)
        return 0;
    rc = sql_feed_token_end(d->store, id, now, e);
    return rc < 0 ? rc : leave_row(d, AUDIT_FEED_TOKEN_ENDED, id, NULL, account_id, e);
}

int feed_token_used(struct deployment *d, int64_t id, int64_t now, struct error *e)
{
    struct sql_feed_token_of_id row;
    bool found;
    int rc = sql_feed_token_of_id(d->store, id, &found, &row, e);

    if (rc < 0)
        return rc;
    if (!found || row.ended_at.set) /* ended since it was looked at */
        return not_signed_in(e);
    return row.used_at.set && now - row.used_at.v < MINUTE
               ? 0
               : sql_feed_token_used(d->store, id, now, e);
}

int feed_token_list(struct deployment *d, struct arena *arena, struct feed_token **ret,
                    size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_feed_token_all row;
    struct feed_token *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_feed_token_all(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_feed_token_all_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct feed_token){.id = row.id,
                                            .made_at = row.made_at,
                                            .account_id = or_none(row.account_id),
                                            .used_at = or_none(row.used_at),
                                            .ended_at = or_none(row.ended_at),
                                            .feed = arena_copy(arena, row.feed),
                                            .department = arena_copy(arena, row.department)};
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

int feed_token_find(struct deployment *d, struct slice token, struct arena *arena,
                    struct feed_token *ret, struct error *e)
{
    struct sql_feed_token_by_hash row;
    uint8_t hash[SEAL_HASH_SIZE];
    bool found;

    if (token.n != TOKEN_SIZE || memcmp(token.p, PREFIX, sizeof(PREFIX) - 1) != 0)
        return not_signed_in(e);
    int rc = sealer_hash(d->sealer, HASH_FEED_TOKEN, token, hash, e);
    if (rc == 0)
        rc = sql_feed_token_by_hash(d->store, SLICE_OF(hash), &found, &row, e);
    if (rc < 0)
        return rc;
    if (!found || row.ended_at.set)
        return not_signed_in(e);
    *ret = (struct feed_token){.id = row.id,
                               .made_at = row.made_at,
                               .account_id = or_none(row.account_id),
                               .used_at = or_none(row.used_at),
                               .feed = arena_copy(arena, row.feed),
                               .department = arena_copy(arena, row.department)};
    return 0;
}
