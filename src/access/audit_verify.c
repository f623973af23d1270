#include "access/audit_verify.h"

#include "access/audit_heads.h"
#include "store/sql_audit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define SEARCH_BUDGET 1000000

void verify_tell(struct verify *v, struct place *p, enum audit_fault fault, int64_t seq,
                 int64_t missing, int64_t other)
{
    struct audit_finding finding = {.fault = fault,
                                    .writer = p && p->writer ? p->writer : "",
                                    .day = p ? p->day : DAY_BEGINNING,
                                    .seq = seq,
                                    .missing = missing,
                                    .other = other};

    v->findings++;
    if (p && (p->fault == 0 || seq < p->fault))
        p->fault = seq;
    if (v->tell)
        v->tell(v->context, &finding);
}

/* ---- segments ----------------------------------------------------------------------------------------- */

static struct place *add_place(struct verify *v)
{
    if (v->count == v->capacity) {
        size_t capacity = v->capacity ? 2 * v->capacity : 256;
        struct place *places = realloc(v->places, capacity * sizeof *places);
        if (!places)
            return NULL;
        v->places = places;
        v->capacity = capacity;
    }
    v->places[v->count] = (struct place){.writer = ""};
    return &v->places[v->count++];
}

static int compare_names(const void *a, const void *b, void *places)
{
    const struct place *x = (struct place *)places + *(const size_t *)a,
                       *y = (struct place *)places + *(const size_t *)b;
    int by_writer = strcmp(x->writer, y->writer);

    return by_writer ? by_writer : (x->day > y->day) - (x->day < y->day);
}

static int read_segments(struct verify *v, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_segments row;
    int rc = sql_audit_segments(v->d->store, &rows, e);

    while (rc >= 0 && (rc = sql_audit_segments_next(&rows, &row, e)) > 0) {
        struct place *p = add_place(v);
        if (!p)
            return error_set(e, ERR_MEMORY, NULL);
        *p = (struct place){.id = row.id,
                            .writer = arena_string(&v->arena, row.writer),
                            .day = (day)row.day,
                            .listed = true,
                            .key_id = row.key_id,
                            .listed_rows = row.rows,
                            .listed_head = arena_copy(&v->arena, row.head)};
    }
    v->listed_count = v->figures.segments = v->count;
    return rc;
}

static void sort_names(struct verify *v)
{
    v->by_name = ARENA_ARRAY(&v->arena, v->listed_count, size_t);
    for (size_t i = 0; i < v->listed_count; i++)
        v->by_name[i] = i;
    qsort_r(v->by_name, v->listed_count, sizeof *v->by_name, compare_names, v->places);
}

static struct place *find_by_id(struct verify *v, int64_t id)
{
    size_t low = 0, high = v->listed_count;

    while (low < high) {
        size_t mid = (low + high) / 2;
        if (v->places[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < v->listed_count && v->places[low].id == id)
        return &v->places[low];
    for (size_t i = v->listed_count; i < v->count; i++)
        if (v->places[i].id == id)
            return &v->places[i];
    return NULL;
}

static bool is_named(const struct place *p, const struct chain_head *head)
{
    return p->day == head->day && slice_is(head->writer, p->writer);
}

static struct place *find_by_name(struct verify *v, const struct chain_head *head)
{
    size_t low = 0, high = v->listed_count;
    int order = 0;

    while (low < high) {
        size_t mid = (low + high) / 2;
        const struct place *p = &v->places[v->by_name[mid]];
        order = slice_compare(slice_from(p->writer), head->writer);
        if (order == 0)
            order = (p->day > head->day) - (p->day < head->day);
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    if (low < v->listed_count && is_named(&v->places[v->by_name[low]], head))
        return &v->places[v->by_name[low]];
    for (size_t i = v->listed_count; i < v->count; i++)
        if (is_named(&v->places[i], head))
            return &v->places[i];
    return NULL;
}

static struct place *add_missing(struct verify *v, int64_t id, const struct chain_head *head)
{
    struct place *p = add_place(v);

    if (!p)
        return NULL;
    p->id = id;
    p->day = head ? head->day : DAY_BEGINNING;
    if (head)
        p->writer = arena_string(&v->arena, head->writer);
    return p;
}

/* ---- heads that are told elsewhere -------------------------------------------------------------------- */

/* Whether row `rows` of the segment has the MAC of the head (its first `n` bytes). What is told may be
 * newer than what is being verified, so it is looked up in the newest state. */
static int hold_against(struct verify *v, struct place *p, int64_t id,
                        const struct chain_head *head, size_t n, struct error *e)
{
    struct sql_audit_mac_at at;
    bool found;
    int rc = sql_audit_mac_at(v->peer, id, head->rows, &found, &at, e);

    if (rc < 0)
        return rc;
    if (!found && head->rows > p->claimed)
        p->claimed = head->rows;
    if (found && (at.mac.n < n || memcmp(at.mac.p, head->mac, n) != 0) &&
        (p->unlike == 0 || head->rows < p->unlike))
        p->unlike = head->rows;
    return 0;
}

/* A head told by a row of another segment. */
static int claim_of_row(struct verify *v, const struct chain_head *head, struct error *e)
{
    struct place *p = find_by_id(v, head->segment_id);

    v->figures.heads++;
    if (!p && !(p = add_missing(v, head->segment_id, head)))
        return error_set(e, ERR_MEMORY, NULL);
    if (!p->listed && !*p->writer) {
        p->writer = arena_string(&v->arena, head->writer);
        p->day = head->day;
    }
    return hold_against(v, p, p->id, head, CHAIN_SHORT_MAC, e);
}

/* A head told by the file. A segment that was begun since the verifying began is not among the places. */
static int claim_of_line(struct verify *v, const struct chain_head *head, struct error *e)
{
    struct place *p = find_by_name(v, head), begun = {0};
    struct sql_audit_segment_of row;
    bool found = false;
    int rc = 0;

    v->figures.heads++;
    if (!p)
        rc = sql_audit_segment_of(v->peer, head->writer, head->day, &found, &row, e);
    if (rc < 0)
        return rc;
    if (found) {
        begun.id = row.id;
        rc = hold_against(v, &begun, row.id, head, CIPHER_MAC_SIZE, e);
        if (rc < 0 || (!begun.claimed && !begun.unlike))
            return rc;
    }
    if (!p && !(p = add_missing(v, 0, head)))
        return error_set(e, ERR_MEMORY, NULL);
    return hold_against(v, p, p->id, head, CIPHER_MAC_SIZE, e);
}

static int read_line(struct verify *v, struct slice line, struct error *e)
{
    struct chain_head head = {0};
    int kind = heads_line_read(v->d->audit, line, &head, e);

    if (kind < 0)
        return kind;
    if (kind == HEADS_GOOD)
        return claim_of_line(v, &head, e);
    if (kind == HEADS_WRONG) {
        struct place of = {.writer = head.writer.p ? arena_string(&v->arena, head.writer) : "",
                           .day = head.day};
        verify_tell(v, &of, FAULT_HEADS, head.rows, 0, 0);
    }
    return 0;
}

static int read_heads_file(struct verify *v, struct error *e)
{
    const char *path = v->d->audit->heads_path;
    FILE *f = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    int rc = 0;

    if (!f && errno != ENOENT && errno != ENOTDIR)
        return error_set_errno(e, errno, path);
    if (!f) {
        verify_tell(v, NULL, FAULT_HEADS, 0, 0, 0);
        return 0;
    }
    while (rc == 0 && (n = getline(&line, &size, f)) > 0) {
        if (line[n - 1] == '\n')
            rc = read_line(v, (struct slice){line, (size_t)n - 1}, e);
    }
    if (rc == 0 && ferror(f))
        rc = error_set_errno(e, errno, path);
    free(line);
    fclose(f);
    return rc;
}

/* ---- rows --------------------------------------------------------------------------------------------- */

static int read_links(struct verify *v, struct slice detail, struct error *e)
{
    struct chain_head head;
    int rc = 0;

    while (rc == 0 && detail.n && chain_head_next(&detail, &head))
        rc = claim_of_row(v, &head, e);
    return rc;
}

/* Rows whose segment is in no list are not verified: nobody knows their writer, day and key. */
static int enter_segment(struct verify *v, struct walk *w, int64_t id, struct error *e)
{
    struct place *p = find_by_id(v, id);

    walk_end(w);
    *w = (struct walk){0};
    if (!p && !(p = add_missing(v, id, NULL)))
        return error_set(e, ERR_MEMORY, NULL);
    p->seen = true;
    if (p->listed)
        return walk_begin(w, v, p, e);
    p->keyless = true;
    *w = (struct walk){.v = v, .p = p, .next = 1};
    return 0;
}

/* `add_missing` may move the places while a walk points to one. */
static int take_row(struct verify *v, struct walk *w, const struct sql_audit_scan *row,
                    struct error *e)
{
    struct chain_row r = CHAIN_ROW(row);
    bool whole;
    int rc = walk_row(w, &r, row->mac, &whole, e);

    v->figures.rows++;
    if (rc < 0 || !whole || row->event != AUDIT_HEADS_LINKED)
        return rc;
    size_t at = (size_t)(w->p - v->places);
    rc = read_links(v, row->detail, e);
    w->p = &v->places[at];
    return rc;
}

/* A value that the column cannot hold was put there by hand: it is the next row's. */
static int damaged(struct verify *v, struct walk *w, int rc, struct error *e)
{
    if (rc != -ERR_DATABASE_DAMAGED || !w->p)
        return rc;
    error_clear(e);
    verify_tell(v, w->p, FAULT_ALTERED, w->next, 0, 0);
    return 0;
}

static int read_rows(struct verify *v, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_scan row;
    struct walk w = {0};
    int64_t segment = -1;
    int rc = sql_audit_scan(v->d->store, &rows, e);

    while (rc >= 0 && (rc = sql_audit_scan_next(&rows, &row, e)) > 0) {
        if (!w.p || row.segment_id != segment)
            rc = enter_segment(v, &w, row.segment_id, e);
        segment = row.segment_id;
        if (rc >= 0)
            rc = take_row(v, &w, &row, e);
    }
    if (rc < 0)
        rc = damaged(v, &w, rc, e);
    walk_end(&w);
    return rc;
}

/* ---- the end of a segment ----------------------------------------------------------------------------- */

static bool equals_head(const struct place *p)
{
    return p->listed_head.n == sizeof p->mac &&
           memcmp(p->listed_head.p, p->mac, sizeof p->mac) == 0;
}

static void end_listed(struct verify *v, struct place *p)
{
    int64_t told = p->listed_rows > p->claimed ? p->listed_rows : p->claimed;
    bool tail = told > p->genuine && told > p->last;

    if (p->keyless)
        verify_tell(v, p, FAULT_SEGMENT, 0, 0, 0);
    if (tail)
        verify_tell(v, p, p->last == 0 ? FAULT_SEGMENT : FAULT_TAIL, p->last + 1, told - p->genuine,
                    0);
    if (p->fault == 0 && p->last_sure && (p->listed_rows != p->last || !equals_head(p)))
        verify_tell(v, p, FAULT_HEADS, p->listed_rows, 0, 0);
    if (p->unlike && (p->fault == 0 || p->fault > p->unlike))
        verify_tell(v, p, FAULT_HEADS, p->unlike, 0, 0);
}

static void end_places(struct verify *v)
{
    for (size_t i = 0; i < v->count; i++) {
        struct place *p = &v->places[i];
        if (p->listed)
            end_listed(v, p);
        else
            verify_tell(v, p, FAULT_SEGMENT, 1, p->seen ? 0 : p->claimed, 0);
    }
}

static int verify_all(struct verify *v, struct error *e)
{
    /* All of it is of one state of the database: the caller's, where it reads in one already. */
    bool own = !store_in_transaction(v->d->store);
    int rc = own ? store_begin_read(v->d->store, e) : 0;

    if (rc < 0)
        return rc;
    rc = read_segments(v, e);
    if (rc >= 0)
        rc = read_rows(v, e);
    if (own)
        store_rollback(v->d->store); /* nothing was written */
    if (rc < 0)
        return rc;
    sort_names(v);
    if ((rc = read_heads_file(v, e)) < 0)
        return rc;
    end_places(v);
    return 0;
}

int audit_verify(struct deployment *d, void (*tell)(void *context, const struct audit_finding *f),
                 void *context, struct audit_figures *ret, struct error *e)
{
    struct verify v = {.d = d, .tell = tell, .context = context, .budget = SEARCH_BUDGET};
    int rc = audit_keys_need(d->audit, e);

    if (rc == 0)
        rc = store_open(d->url, STORE_READ, &v.peer, e);
    if (rc == 0)
        rc = verify_all(&v, e);
    store_close(v.peer);
    free(v.places);
    arena_end(&v.arena);
    if (rc < 0)
        return rc;
    *ret = v.figures;
    return v.findings ? error_set(e, ERR_AUDIT_BROKEN, N_("faults found: %llu"),
                                  (unsigned long long)v.findings)
                      : 0;
}
