#include "access/audit.h"

#include "access/audit_chain.h"
#include "store/sql_audit.h"

#include <stdio.h>

static const struct {
    enum audit_event event;
    const char *name;
} events[] = {
#define EVENT(symbol, number, name) {symbol, name},
#include "access/events.def"
#undef EVENT
};

#define EVENTS (sizeof events / sizeof *events)

const char *audit_event_name(enum audit_event e)
{
    for (size_t i = 0; i < EVENTS; i++)
        if (events[i].event == e)
            return events[i].name;
    return "unknown";
}

enum audit_event audit_event_parse(struct slice name)
{
    for (size_t i = 0; i < EVENTS; i++)
        if (slice_is(name, events[i].name))
            return events[i].event;
    return AUDIT_NONE;
}

/* ---- appending ---------------------------------------------------------------------------------------- */

struct segment {
    int64_t id, key_id, rows;
    int64_t last_id; /* of any row */
    uint8_t head[CIPHER_MAC_SIZE];
};

static int next_id(struct deployment *d, int64_t last, int64_t *ret, struct error *e)
{
    struct id_source ids = {.last = last};

    return id_source_next(&ids, d->sealer, ret, e);
}

/* The row is told by everything but id, segment and place, which are given here. */
static int append_row(struct deployment *d, struct segment *s, struct chain_row row,
                      struct error *e)
{
    uint8_t mac[CIPHER_MAC_SIZE];
    int rc = next_id(d, s->last_id, &row.id, e);

    row.segment_id = s->id;
    row.seq = s->rows + 1;
    row.at = instant_now();
    if (rc == 0)
        rc = audit_key_use(d->audit, s->key_id, e);
    if (rc == 0)
        rc = chain_mac(d->audit, s->head, &row, mac, e);
    if (rc == 0)
        rc = sql_audit_insert(d->store, row.id, row.segment_id, row.seq, row.at, row.event,
                              row.account_id, row.child_id, row.object_id, row.detail,
                              SLICE_OF(mac), e);
    if (rc == 0)
        rc = sql_audit_segment_advance(d->store, s->id, row.seq, SLICE_OF(mac), e);
    if (rc < 0)
        return rc;
    s->rows = row.seq;
    s->last_id = row.id;
    memcpy(s->head, mac, sizeof mac);
    return 0;
}

/* A row with the heads of the other segments: of yesterday and today, and of each writer the newest. */
static int append_heads(struct deployment *d, struct segment *s, struct error *e)
{
    ARENA_AUTO(arena);
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_segments_recent other;
    const char *detail = "";
    int rc = sql_audit_segments_recent(d->store, day_today() - 1, &rows, e);

    while (rc >= 0 && (rc = sql_audit_segments_recent_next(&rows, &other, e)) > 0) {
        if (other.id == s->id || other.head.n != CIPHER_MAC_SIZE || !chain_is_writer(other.writer))
            continue; /* one that was tampered with is found by verifying, not here */
        struct chain_head head = {other.writer, (day)other.day, other.id, other.rows, {0}};
        memcpy(head.mac, other.head.p, sizeof head.mac);
        detail = arena_printf(&arena, "%s%s%s", detail, *detail ? " " : "",
                              chain_head_word(&arena, &head));
    }
    if (rc < 0)
        return rc;
    return append_row(
        d, s, (struct chain_row){.event = AUDIT_HEADS_LINKED, .detail = slice_from(detail)}, e);
}

static int begin_segment(struct deployment *d, struct slice writer, day on, struct segment *ret,
                         struct error *e)
{
    struct sql_audit_segment_last last;
    struct sql_audit_last row;
    struct segment s = {.key_id = audit_key_newest(d->audit)};
    bool found, any;
    int rc = sql_audit_segment_last(d->store, &found, &last, e);

    if (rc == 0)
        rc = next_id(d, found ? last.id : 0, &s.id, e);
    if (rc == 0)
        rc = sql_audit_last(d->store, &any, &row, e);
    s.last_id = rc == 0 && any ? row.id : 0;
    if (rc == 0)
        rc = audit_key_use(d->audit, s.key_id, e);
    if (rc == 0)
        rc = chain_seed(d->audit, writer, on, s.id, s.head, e);
    if (rc == 0)
        rc = sql_audit_segment_insert(d->store, s.id, writer, on, s.key_id, SLICE_OF(s.head), e);
    if (rc == 0)
        rc = append_heads(d, &s, e);
    if (rc == 0)
        *ret = s;
    return rc;
}

/* The segment of this writer and today, begun where there is none. */
static int open_segment(struct deployment *d, struct segment *ret, bool *ret_begun, struct error *e)
{
    struct slice writer = slice_from(d->audit_writer ? d->audit_writer : "cli");
    struct sql_audit_segment_of row;
    day on = day_today();
    bool found;
    int rc = audit_keys_need(d->audit, e);

    if (rc < 0)
        return rc;
    if (!chain_is_writer(writer) || !store_in_transaction(d->store))
        return error_set(e, ERR_INTERNAL, NULL);
    if ((rc = sql_audit_segment_of(d->store, writer, on, &found, &row, e)) < 0)
        return rc;
    *ret_begun = !found;
    if (!found)
        return begin_segment(d, writer, on, ret, e);
    if (row.head.n != CIPHER_MAC_SIZE)
        return error_set(e, ERR_AUDIT_BROKEN, N_("the head of today's segment"));
    *ret = (struct segment){
        .id = row.id, .key_id = row.key_id, .rows = row.rows, .last_id = row.last_id};
    memcpy(ret->head, row.head.p, sizeof ret->head);
    return 0;
}

static struct opt_int unless_zero(int64_t v) { return v ? opt_int(v) : OPT_INT_NONE; }

int audit_append(struct deployment *d, const struct audit_entry *entry, struct error *e)
{
    struct segment s = {0};
    bool begun = false;
    int rc = open_segment(d, &s, &begun, e);

    if (rc < 0)
        return rc;
    return append_row(d, &s,
                      (struct chain_row){.event = entry->event,
                                         .account_id = unless_zero(entry->account_id),
                                         .child_id = unless_zero(entry->child_id),
                                         .object_id = unless_zero(entry->object_id),
                                         .detail = slice_from(entry->detail ? entry->detail : "")},
                      e);
}

int audit_link(struct deployment *d, struct error *e)
{
    struct segment s = {0};
    bool begun = false;
    int rc = open_segment(d, &s, &begun, e);

    return rc < 0 || begun ? rc : append_heads(d, &s, e);
}

static int rotate(struct deployment *d, int64_t *ret_number, struct error *e)
{
    char detail[64];
    int64_t number;
    int rc = audit_key_add(d->audit, &number, e);

    if (rc < 0)
        return rc;
    snprintf(detail, sizeof detail, "audit %d %s", (int)number, seal_suite_name(d->audit->suite));
    rc = audit_append(d, &(struct audit_entry){.event = AUDIT_KEY_ADDED, .detail = detail}, e);
    if (rc == 0)
        *ret_number = number;
    return rc;
}

/* Inside the write transaction, so that two do not write the file at once. */
int audit_rotate_key(struct deployment *d, int64_t *ret_number, struct error *e)
{
    int rc = store_begin(d->store, e);

    if (rc == 0)
        rc = rotate(d, ret_number, e);
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

struct listing {
    struct arena *arena;
    struct audit_row *rows;
    size_t count, capacity;
};

/* The statements differ in their filter alone; their rows are alike. */
#define TAKE_ROW(l, r)                                                                \
    do {                                                                              \
        (l)->rows = arena_grow((l)->arena, (l)->rows, &(l)->capacity, (l)->count + 1, \
                               sizeof *(l)->rows);                                    \
        (l)->rows[(l)->count++] = (struct audit_row){                                 \
            .id = (r).id,                                                             \
            .at = (r).at,                                                             \
            .account_id = (r).account_id.v,                                           \
            .child_id = (r).child_id.v,                                               \
            .object_id = (r).object_id.v,                                             \
            .event = (enum audit_event)(r).event,                                     \
            .detail = arena_copy((l)->arena, (r).detail)};                            \
    } while (0)

static int list_all(struct deployment *d, int64_t before, int64_t most, struct listing *l,
                    struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_page row;
    int rc = sql_audit_page(d->store, before, most, &rows, e);

    while (rc >= 0 && (rc = sql_audit_page_next(&rows, &row, e)) > 0)
        TAKE_ROW(l, row);
    return rc;
}

static int list_account(struct deployment *d, int64_t before, int64_t most, int64_t account,
                        struct listing *l, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_page_of_account row;
    int rc = sql_audit_page_of_account(d->store, before, most, account, &rows, e);

    while (rc >= 0 && (rc = sql_audit_page_of_account_next(&rows, &row, e)) > 0)
        TAKE_ROW(l, row);
    return rc;
}

static int list_child(struct deployment *d, int64_t before, int64_t most, int64_t child,
                      int64_t account, struct listing *l, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_page_of_child row;
    int rc = sql_audit_page_of_child(d->store, before, most, child, account, &rows, e);

    while (rc >= 0 && (rc = sql_audit_page_of_child_next(&rows, &row, e)) > 0)
        TAKE_ROW(l, row);
    return rc;
}

int audit_list(struct deployment *d, int64_t before_id, int64_t account_id, int64_t child_id,
               size_t limit, struct arena *arena, struct audit_row **ret, size_t *ret_count,
               struct error *e)
{
    struct listing l = {.arena = arena};
    int64_t before = before_id ? before_id : INT64_MAX, most = (int64_t)limit;
    int rc = child_id     ? list_child(d, before, most, child_id, account_id, &l, e)
             : account_id ? list_account(d, before, most, account_id, &l, e)
                          : list_all(d, before, most, &l, e);

    if (rc < 0)
        return rc;
    *ret = l.rows;
    *ret_count = l.count;
    return 0;
}
