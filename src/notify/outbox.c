#include "notify/outbox.h"

#include "store/sql_outbox.h"

#define MINUTE INT64_C(60000000) /* in microseconds */
#define LONGEST_PAUSE (24 * 60)  /* in minutes */

static const struct kind {
    enum notice_kind kind;
    const char *name;
    bool outside;
} kinds[] = {
#define NOTICE(symbol, number, name, outside) {symbol, name, outside},
#include "notify/notices.def"
#undef NOTICE
};

static const struct kind *find_kind(enum notice_kind kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].kind == kind)
            return &kinds[i];
    return NULL;
}

enum notice_kind notice_kind_parse(struct slice name)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (slice_is(name, kinds[i].name))
            return kinds[i].kind;
    return NOTICE_NONE;
}

const char *notice_kind_name(enum notice_kind kind)
{
    const struct kind *k = find_kind(kind);

    return k ? k->name : "";
}

/* ---- writing -------------------------------------------------------------------------------------- */

int outbox_ids_begin(struct deployment *d, struct id_source *ret, struct error *e)
{
    return outbox_last(d, &ret->last, e);
}

int outbox_put(struct deployment *d, struct id_source *ids, enum notice_kind kind,
               int64_t account_id, const char *workflow, int64_t object_id, int64_t child_id,
               int64_t now, struct error *e)
{
    const struct kind *k = find_kind(kind);
    int64_t id;

    if (!k || account_id <= 0)
        return error_set(e, ERR_INTERNAL, NULL);
    int rc = id_source_next(ids, d->sealer, &id, e);
    return rc < 0 ? rc
                  : sql_outbox_insert(d->store, id, kind, account_id, slice_from(workflow),
                                      object_id, child_id ? opt_int(child_id) : OPT_INT_NONE, now,
                                      k->outside ? opt_int(now) : OPT_INT_NONE, e);
}

int outbox_seen(struct deployment *d, int64_t account_id, int64_t up_to_id, int64_t now,
                struct error *e)
{
    return sql_outbox_see(d->store, account_id, up_to_id, now, e);
}

int outbox_recall(struct deployment *d, const char *workflow, int64_t object_id, int64_t now,
                  struct error *e)
{
    return sql_outbox_take_back(d->store, object_id, slice_from(workflow), now, e);
}

int outbox_recall_kind(struct deployment *d, const char *workflow, int64_t object_id,
                       enum notice_kind kind, int64_t now, struct error *e)
{
    return sql_outbox_take_back_kind(d->store, object_id, slice_from(workflow), kind, now, e);
}

/* ---- reading -------------------------------------------------------------------------------------- */

int outbox_list(struct deployment *d, int64_t account_id, int64_t before, size_t limit,
                struct arena *arena, struct notice **ret, size_t *ret_count, int64_t *ret_unseen,
                struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_outbox_of_account row;
    struct sql_outbox_unseen unseen;
    struct notice *list = NULL;
    size_t count = 0, capacity = 0;
    bool found;
    int rc = sql_outbox_of_account(d->store, account_id, before ? before : INT64_MAX,
                                   (int64_t)limit, &rows, e);

    while (rc >= 0 && (rc = sql_outbox_of_account_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct notice){
            .id = row.id,
            .kind = (enum notice_kind)row.kind,
            .account_id = account_id,
            .object_id = row.object_id,
            .child_id = row.child_id.set ? row.child_id.v : 0,
            .workflow = arena_copy(arena, row.workflow),
            .at = row.at,
            .seen_at = row.seen_at.set ? row.seen_at.v : 0,
        };
    }
    if (rc >= 0)
        rc = sql_outbox_unseen(d->store, account_id, &found, &unseen, e);
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    *ret_unseen = found ? unseen.unseen : 0;
    return 0;
}

int outbox_unheard(struct deployment *d, const char *workflow, int64_t object_id,
                   int64_t account_id, enum notice_kind kind, bool *ret, struct error *e)
{
    struct sql_outbox_unheard row;

    return sql_outbox_unheard(d->store, account_id, object_id, kind, slice_from(workflow), ret,
                              &row, e);
}

int outbox_last(struct deployment *d, int64_t *ret, struct error *e)
{
    struct sql_outbox_last row;
    bool found;
    int rc = sql_outbox_last(d->store, &found, &row, e);

    if (rc == 0)
        *ret = found ? row.id : 0;
    return rc;
}

/* ---- the channel outside -------------------------------------------------------------------------- */

int outbox_due(struct deployment *d, int64_t now, size_t limit, struct arena *arena,
               struct notice_to_send **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_outbox_to_send row;
    struct notice_to_send *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_outbox_to_send(d->store, now, (int64_t)limit, &rows, e);

    while (rc >= 0 && (rc = sql_outbox_to_send_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct notice_to_send){
            .id = row.id,
            .account_id = row.account_id,
            .at = row.at,
            .kind = (enum notice_kind)row.kind,
            .attempts = (int)row.attempts,
        };
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

int outbox_next(struct deployment *d, int64_t *ret, struct error *e)
{
    struct sql_outbox_next_send row;
    bool found;
    int rc = sql_outbox_next_send(d->store, &found, &row, e);

    if (rc == 0)
        *ret = found && row.send_at.set ? row.send_at.v : INT64_MAX;
    return rc;
}

int outbox_sent(struct deployment *d, int64_t id, int64_t now, struct error *e)
{
    return sql_outbox_sent(d->store, id, now, e);
}

int outbox_failed(struct deployment *d, int64_t id, int64_t now, const char *class,
                  bool *ret_given_up, struct error *e)
{
    struct sql_outbox_attempts row;
    struct opt_int again = OPT_INT_NONE;
    int64_t pause = 1;
    bool found;
    int rc = sql_outbox_attempts(d->store, id, &found, &row, e);

    if (rc == 0 && found) {
        for (int64_t i = 0; i < row.attempts && pause <= LONGEST_PAUSE; i++)
            pause *= 2;
        if (pause <= LONGEST_PAUSE)
            again = opt_int(now + pause * MINUTE);
        rc = sql_outbox_failed(d->store, id, again, slice_from(class), e);
    }
    if (rc == 0 && ret_given_up)
        *ret_given_up = found && !again.set;
    return rc;
}
