#include "access/audit_verify.h"

#include "store/sql_audit.h"

#define NEAR 64          /* rows that are tried even when the budget is spent */
#define CHUNK 256        /* rows read at once in a search */
#define REMOVED_MAX 4096 /* rows removed and renumbered over, that are counted */

static bool same(struct slice mac, const uint8_t with[CIPHER_MAC_SIZE])
{
    return mac.n == CIPHER_MAC_SIZE && memcmp(mac.p, with, CIPHER_MAC_SIZE) == 0;
}

/* A stored MAC, whatever its length, as what the next row was made from. */
static void take_mac(uint8_t ret[CIPHER_MAC_SIZE], struct slice mac)
{
    memset(ret, 0, CIPHER_MAC_SIZE);
    memcpy(ret, mac.p, mac.n < CIPHER_MAC_SIZE ? mac.n : CIPHER_MAC_SIZE);
}

/* Whether a row verifies as number `seq` (and as `id`) behind a MAC: 1 or 0. */
static int fits(struct walk *w, const uint8_t before[CIPHER_MAC_SIZE], struct chain_row row,
                int64_t id, int64_t seq, struct slice mac, struct error *e)
{
    uint8_t c[CIPHER_MAC_SIZE];

    row.id = id;
    row.seq = seq;
    int rc = chain_mac(w->v->d->audit, before, &row, c, e);
    return rc < 0 ? rc : same(mac, c);
}

int walk_begin(struct walk *w, struct verify *v, struct place *p, struct error *e)
{
    *w = (struct walk){.v = v, .p = p, .next = 1};
    int rc = audit_key_use(v->d->audit, p->key_id, e);

    if (rc == -ERR_KEY_MISSING) {
        error_clear(e);
        p->keyless = true;
        return 0;
    }
    return rc < 0 ? rc
                  : chain_seed(v->d->audit, slice_from(p->writer), p->day, p->id, w->before, e);
}

void walk_end(struct walk *w)
{
    if (!w->p)
        return;
    w->p->last = w->next - 1;
    w->p->genuine = w->next - 1 - w->shift;
    w->p->last_sure = !w->p->keyless && !w->blind;
    memcpy(w->p->mac, w->before, sizeof w->before);
    arena_end(&w->arena);
}

static void step(struct walk *w, struct slice mac)
{
    take_mac(w->before, mac);
    w->next++;
}

/* ---- what is wrong with a row that does not verify ---------------------------------------------------- */

struct trouble {
    const struct chain_row *row;
    struct slice mac;
    uint8_t computed[CIPHER_MAC_SIZE]; /* what its MAC should be, if its columns are true */
    bool has_next;
    struct chain_row next; /* in the walk's arena */
    struct slice next_mac;
};

static int read_next(struct walk *w, struct trouble *t, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_from row;
    int rc = sql_audit_from(w->v->peer, t->row->segment_id, t->row->seq, 8, &rows, e);

    while (rc >= 0 && (rc = sql_audit_from_next(&rows, &row, e)) > 0) {
        if (row.seq == t->row->seq && row.id <= t->row->id)
            continue;
        t->has_next = true;
        t->next = CHAIN_ROW(&row);
        t->next.detail = arena_copy(&w->arena, row.detail);
        t->next_mac = arena_copy(&w->arena, row.mac);
        return 0;
    }
    return rc;
}

/* The row that belongs to the place in question, further down: how many places, 0 where there is none.
 * `ret_swapped` when the row that stands here belongs to that one's place. */
struct search {
    int64_t distance;
    bool swapped;
    struct chain_row row;
    struct slice mac;
};

static int candidate(struct walk *w, const struct trouble *t, const struct chain_row *row,
                     struct slice mac, const uint8_t before_it[CIPHER_MAC_SIZE], struct search *ret,
                     struct error *e)
{
    int64_t here = t->row->seq - w->shift, there = row->seq - w->shift;
    /* Exchanged were either the places alone, or the ids too. */
    for (int ids = 0; ids < 2; ids++) {
        int rc = fits(w, w->before, *row, ids ? t->row->id : row->id, here, mac, e);
        if (rc < 0)
            return rc;
        if (rc == 0)
            continue;
        ret->distance = row->seq - t->row->seq;
        int back = fits(w, row->seq == t->row->seq + 1 ? (const uint8_t *)mac.p : before_it,
                        *t->row, ids ? row->id : t->row->id, there, t->mac, e);
        if (back < 0)
            return back;
        ret->swapped = back && row->seq > t->row->seq;
        ret->row = *t->row;
        ret->row.id = ids ? row->id : t->row->id;
        ret->mac = arena_copy(&w->arena, mac);
        return 1;
    }
    return 0;
}

static int search(struct walk *w, const struct trouble *t, struct search *ret, struct error *e)
{
    uint8_t before_it[CIPHER_MAC_SIZE];
    int64_t from = t->row->seq;
    uint64_t tried = 0;

    take_mac(before_it, t->mac);
    for (;;) {
        STORE_ROWS_AUTO struct store_rows rows = {0};
        struct sql_audit_from row;
        bool any = false;
        int rc = sql_audit_from(w->v->peer, t->row->segment_id, from, CHUNK, &rows, e);
        while (rc >= 0 && (rc = sql_audit_from_next(&rows, &row, e)) > 0) {
            from = row.seq + 1;
            if (row.seq == t->row->seq && row.id <= t->row->id)
                continue;
            any = true;
            if (++tried > NEAR && w->v->budget == 0)
                return 0;
            w->v->budget -= w->v->budget > 0;
            struct chain_row r = CHAIN_ROW(&row);
            int found = candidate(w, t, &r, row.mac, before_it, ret, e);
            if (found != 0)
                return found;
            take_mac(before_it, row.mac);
        }
        if (rc < 0 || !any)
            return rc;
    }
}

/* Rows were removed here and those behind renumbered: how many, by the next row; 0: no. */
static int count_removed(struct walk *w, const struct trouble *t, int64_t *ret, struct error *e)
{
    uint8_t before[CIPHER_MAC_SIZE];

    take_mac(before, t->mac);
    for (int64_t k = 1; t->has_next && k <= REMOVED_MAX && (k <= NEAR || w->v->budget > 0); k++) {
        w->v->budget -= w->v->budget > 0;
        int rc = fits(w, before, t->next, t->next.id, t->next.seq - w->shift + k, t->next_mac, e);
        if (rc < 0)
            return rc;
        if (rc) {
            *ret = k;
            return 1;
        }
    }
    return 0;
}

static int found_elsewhere(struct walk *w, const struct trouble *t, const struct search *s)
{
    int64_t here = t->row->seq;

    if (!s->swapped) {
        /* Forged rows stand before the true one. Of equal number: beside it, and nothing was shifted. */
        int64_t forged = s->distance ? s->distance : 1;
        verify_tell(w->v, w->p, FAULT_INSERTED, here, forged, 0);
        w->shift += s->distance;
        w->next = here + s->distance;
        w->skip = here + s->distance - 1;
        return 0;
    }
    verify_tell(w->v, w->p, FAULT_SWAPPED, here, 0, here + s->distance);
    if (w->swap_count < WALK_SWAPS) {
        struct swap *swap = &w->swaps[w->swap_count++];
        *swap = (struct swap){.seq = here + s->distance, .row = s->row};
        swap->row.detail = arena_copy(&w->arena, s->row.detail);
        take_mac(swap->mac, t->mac);
    }
    step(w, s->mac);
    return 0;
}

/* The row's MAC is told by what the next row was made from: it, or the one that was computed. */
static int altered_alone(struct walk *w, const struct trouble *t, bool *ret, struct error *e)
{
    const uint8_t *made_from[2] = {t->computed, NULL};
    uint8_t stored[CIPHER_MAC_SIZE];

    take_mac(stored, t->mac);
    made_from[1] = stored;
    for (int i = 0; i < 2 && t->has_next; i++) {
        int rc = fits(w, made_from[i], t->next, t->next.id, t->next.seq - w->shift, t->next_mac, e);
        if (rc < 0)
            return rc;
        if (rc) {
            verify_tell(w->v, w->p, FAULT_ALTERED, t->row->seq, 0, 0);
            step(w, (struct slice){(const char *)made_from[i], CIPHER_MAC_SIZE});
            *ret = true;
            return 0;
        }
    }
    return 0;
}

static int judge(struct walk *w, struct trouble *t, struct error *e)
{
    struct search s = {0};
    bool done = false;
    int64_t removed = 0;
    int rc = read_next(w, t, e);

    if (rc >= 0)
        rc = altered_alone(w, t, &done, e);
    if (rc < 0 || done)
        return rc;
    if ((rc = search(w, t, &s, e)) != 0)
        return rc < 0 ? rc : found_elsewhere(w, t, &s);
    if ((rc = count_removed(w, t, &removed, e)) < 0)
        return rc;
    if (rc) {
        verify_tell(w->v, w->p, FAULT_REMOVED, t->row->seq, removed, 0);
        w->shift -= removed;
        step(w, t->mac);
        return 0;
    }
    if (!t->has_next && w->p->listed && t->row->seq > w->p->listed_rows) {
        verify_tell(w->v, w->p, FAULT_INSERTED, t->row->seq, 1, 0);
        return 0;
    }
    verify_tell(w->v, w->p, FAULT_ALTERED, t->row->seq, 0, 0);
    step(w, t->mac);
    w->blind = true;
    return 0;
}

/* ---- a row -------------------------------------------------------------------------------------------- */

/* The place of a row that was exchanged with an earlier one: 1 when the earlier one belongs here. */
static int swapped_back(struct walk *w, const struct chain_row *row, struct error *e)
{
    for (size_t i = 0; i < w->swap_count; i++) {
        struct swap *s = &w->swaps[i];
        if (s->seq != row->seq)
            continue;
        struct slice mac = SLICE_OF(s->mac);
        int rc = fits(w, w->before, s->row, s->row.id, row->seq - w->shift, mac, e);
        if (rc > 0)
            step(w, mac);
        return rc;
    }
    return 0;
}

int walk_row(struct walk *w, const struct chain_row *row, struct slice mac, bool *ret_whole,
             struct error *e)
{
    struct trouble t = {.row = row, .mac = mac};
    int rc;

    *ret_whole = false;
    w->p->seen = true;
    if (w->p->keyless) {
        w->next = row->seq + 1;
        return 0;
    }
    if (row->seq <= w->skip)
        return 0;
    if (row->seq < w->next ||
        (row->seq > w->next && w->p->listed && row->seq > w->p->listed_rows)) {
        verify_tell(w->v, w->p, FAULT_INSERTED, row->seq, 1, 0);
        return 0;
    }
    if (row->seq > w->next) {
        verify_tell(w->v, w->p, FAULT_REMOVED, w->next, row->seq - w->next, 0);
        w->next = row->seq;
        w->blind = true;
    }
    if (w->blind) { /* nobody knows what it was made from; what follows it tells whether its MAC is true */
        w->blind = false;
        step(w, mac);
        return 0;
    }
    struct chain_row as_written = *row;
    as_written.seq = row->seq - w->shift;
    if ((rc = chain_mac(w->v->d->audit, w->before, &as_written, t.computed, e)) < 0)
        return rc;
    if (same(mac, t.computed)) {
        *ret_whole = true;
        step(w, mac);
        return 0;
    }
    if (w->swap_count && (rc = swapped_back(w, row, e)) != 0)
        return rc < 0 ? rc : 0;
    return judge(w, &t, e);
}
