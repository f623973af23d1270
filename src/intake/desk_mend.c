/* Refused rows are tried again: one as it was mended, or all that are alike. */
#include "intake/desk_inside.h"
#include "store/sql_salt.h"

#include <string.h>

/* ---- edits ---------------------------------------------------------------------------------- */

/* Records that one department pushed are its own, whatever is written into the cell. */
static bool is_foreign(const struct desk_kept *k, int place, struct slice value)
{
    return k->form == DESK_OF_RECORDS && k->row.department.n &&
           place == k->places->place[RECORD_DEPARTMENT] &&
           !slice_equal(slice_trim(value), k->row.department);
}

static int apply(struct desk_reader *r, struct desk_kept *k, const struct desk_edit *edits,
                 size_t count, struct error *e)
{
    struct slice *cells = ARENA_ARRAY(r->arena, k->row.count + 1, struct slice);

    memcpy(cells, k->row.cells, k->row.count * sizeof(*cells));
    for (size_t i = 0; i < count; i++) {
        int place = desk_column(k, edits[i].column);
        if (place < 0) {
            error_set(e, ERR_VALUE, N_("the row has no such column"));
            return error_hint(e, N_("Columns are named as the department's file names them."));
        }
        if (is_foreign(k, place, edits[i].value)) {
            error_set(e, ERR_VALUE, N_("the row cannot become one of another department"));
            return error_hint(e, N_("That department hands it in itself."));
        }
        cells[place] = edits[i].value;
        /* What a formula gave is nobody's word until a person has put their own in its place. */
        k->mended |= k->row.column.p && desk_column(k, k->row.column) == place;
        k->edited = true;
    }
    k->row.cells = cells;
    return 0;
}

/* ---- what became of it ---------------------------------------------------------------------- */

static int settle(struct desk_trial *t, const struct desk_kept *k, int state, struct error *e)
{
    return sql_quarantine_settle(t->p->d->store, k->row.id, state, opt_int(t->p->now),
                                 t->account_id ? opt_int(t->account_id) : OPT_INT_NONE, e);
}

static int set_subject(struct deployment *d, int64_t id, struct error *e)
{
    struct sql_salt_of salt;
    bool found;
    int rc = sql_salt_of(d->store, id, &found, &salt, e);

    if (rc == 0 && !found)
        return error_set(e, ERR_ERASED, NULL);
    return rc < 0 ? rc : sealer_set_subject(d->sealer, (const uint8_t *)salt.salt.p, e);
}

/* Nothing is news: the same reason, or an edit of many rows that is no good itself. */
static bool stays(const struct desk_trial *t, const struct desk_kept *k,
                  const struct desk_refusal *why)
{
    if (!k->edited)
        return why->reason.code == k->row.error && slice_equal(why->cell.named, k->row.column);
    return t->common && why->cell.named.n &&
           desk_column(k, why->cell.named) == desk_column(k, t->common->column);
}

static int refuse_again(struct desk_trial *t, struct desk_kept *k, const struct desk_refusal *why,
                        struct error *e)
{
    struct deployment *d = t->p->d;
    struct arena *arena = t->reader->arena;
    uint8_t hash[SEAL_HASH_SIZE];
    struct slice sealed;

    t->totals.still_refused++;
    if (stays(t, k, why))
        return 0;
    k->row.column = why->cell.named.n ? why->cell.named : SLICE_NONE;
    k->row.value = why->cell.value;
    k->detail = arena_copy(arena, slice_from(why->reason.detail));
    k->hint = arena_copy(arena, slice_from(why->reason.hint));
    int rc = quarantine_cell_hash(d->sealer, why->cell.column, why->reason.code, why->cell.value,
                                  hash, e);
    if (rc == 0)
        rc = set_subject(d, k->row.id, e);
    if (rc == 0)
        rc = desk_reseal(d, k, arena, &sealed, e);
    return rc < 0 ? rc
                  : sql_quarantine_refuse_again(d->store, k->row.id, why->reason.code,
                                                slice_from(why->cell.column), SLICE_OF(hash),
                                                sealed, e);
}

/* ---- rows of a feed ------------------------------------------------------------------------- */

/* Columns that the mapping does not know were passed over when the file came, and are now. */
static void row_of(const struct desk_trial *t, const struct desk_kept *k, struct delivery_row *ret)
{
    struct slice *names = ARENA_ARRAY(t->reader->arena, k->row.count + 1, struct slice);
    struct slice *values = ARENA_ARRAY(t->reader->arena, k->row.count + 1, struct slice);
    size_t n = 0;

    for (size_t i = 0; i < k->row.count; i++)
        if (k->row.columns[i]) {
            names[n] = k->row.columns[i]->named[0];
            values[n++] = k->row.cells[i];
        }
    *ret = (struct delivery_row){
        .names = names, .values = values, .count = n, .reason = {.language = t->reader->language}};
}

static int try_rows(struct desk_trial *t, struct desk_kept **rows, size_t count, struct error *e)
{
    struct delivery_row *tried = ARENA_ARRAY(t->reader->arena, count + 1, struct delivery_row);
    int rc;

    for (size_t i = 0; i < count; i++)
        row_of(t, rows[i], &tried[i]);
    if ((rc = delivery_push(t->p, rows[0]->feed, tried, count, e)) < 0)
        return rc;
    for (size_t i = 0; i < count && rc == 0; i++) {
        if (tried[i].outcome != PUSH_QUARANTINED) {
            rc = settle(t, rows[i], QUARANTINE_MENDED, e);
            continue;
        }
        struct desk_refusal why = {.reason = tried[i].reason};
        int place = tried[i].column.n ? desk_column(rows[i], tried[i].column) : -1;
        if (place >= 0)
            why.cell = (struct quarantine_cell){
                rows[i]->row.columns[place] ? rows[i]->row.columns[place]->name : NULL,
                rows[i]->row.header[place], rows[i]->row.cells[place]};
        rc = refuse_again(t, rows[i], &why, e);
    }
    return rc;
}

/* ---- records -------------------------------------------------------------------------------- */

static int try_records(struct desk_trial *t, struct desk_kept **rows, size_t count, struct error *e)
{
    struct push_record *tried = ARENA_ARRAY(t->reader->arena, count + 1, struct push_record);
    int rc;

    for (size_t i = 0; i < count; i++) {
        desk_record_cells(rows[i], tried[i].cells);
        tried[i].reason.language = t->reader->language;
    }
    t->p->department = slice_trim(tried[0].cells[RECORD_DEPARTMENT]);
    if ((rc = intake_push(t->p, tried, count, e)) < 0)
        return rc;
    for (size_t i = 0; i < count && rc == 0; i++) {
        if (tried[i].outcome != PUSH_QUARANTINED) {
            rc = settle(t, rows[i], QUARANTINE_MENDED, e);
            continue;
        }
        struct desk_refusal why = {.reason = tried[i].reason};
        int place = tried[i].column ? desk_column(rows[i], slice_from(tried[i].column)) : -1;
        if (place >= 0)
            why.cell = (struct quarantine_cell){tried[i].column, slice_from(tried[i].column),
                                                rows[i]->row.cells[place]};
        rc = refuse_again(t, rows[i], &why, e);
    }
    return rc;
}

/* ---- trying --------------------------------------------------------------------------------- */

int desk_try(struct desk_trial *t, struct error *e)
{
    struct desk_kept **good = ARENA_ARRAY(t->reader->arena, t->count + 1, struct desk_kept *);
    struct desk_refusal why;
    size_t count = 0;
    int rc = 0;

    t->totals.rows += t->count;
    for (size_t i = 0; i < t->count && rc == 0; i++) {
        if (desk_refused(t->reader, &t->rows[i], &why))
            rc = refuse_again(t, &t->rows[i], &why, e);
        else
            good[count++] = &t->rows[i];
    }
    if (rc < 0 || count == 0)
        return rc;
    t->p->channel = CHANNEL_DESK;
    t->p->unkept = true;
    rc = t->rows[0].form == DESK_OF_FEED ? try_rows(t, good, count, e)
                                         : try_records(t, good, count, e);
    if (rc < 0)
        return rc;
    t->totals.accepted += t->p->counts[PUSH_ACCEPTED];
    t->totals.duplicate += t->p->counts[PUSH_DUPLICATE];
    t->totals.unlinked += t->p->counts[PUSH_UNLINKED];
    return 0;
}

static int check_open(const struct desk_kept *k, struct error *e)
{
    if (k->erased)
        return error_set(e, ERR_ERASED, NULL);
    if (!desk_open_state(k->row.state))
        return error_set(e, ERR_WRONG_STATE, N_("the row waits no longer: %s"),
                         quarantine_state_name(k->row.state));
    if (k->form == DESK_OF_NOTHING) {
        error_set(e, ERR_WRONG_STATE, N_("nothing says how this row is read"));
        return error_hint(e, N_("Mend it in its file, and hand the file in again."));
    }
    return 0;
}

int desk_mend(struct push *p, const struct feed_library *feeds, int64_t id,
              const struct desk_edit *edits, size_t count, int64_t account_id,
              struct desk_totals *ret, struct error *e)
{
    struct desk_reader r;
    struct desk_kept k;

    desk_reader_begin(&r, p->d, feeds, p->arena, e ? e->language : LANGUAGE_EN);
    struct desk_trial t = {.p = p, .reader = &r, .rows = &k, .count = 1, .account_id = account_id};
    int rc = desk_kept_get(&r, id, &k, e);
    if (rc == 0)
        rc = check_open(&k, e);
    if (rc == 0)
        rc = apply(&r, &k, edits, count, e);
    if (rc == 0)
        rc = desk_try(&t, e);
    if (rc == 0)
        rc = desk_audit(p->d, AUDIT_QUARANTINE_MENDED, id, account_id, &t.totals, e);
    desk_reader_end(&r);
    if (rc == 0)
        *ret = t.totals;
    return rc;
}

/* ---- all that match ------------------------------------------------------------------------- */

struct retrying {
    struct intake *in;
    const struct desk_filter *f;
    const struct desk_edit *edit; /* NULL: as they stand */
    int64_t account_id;
    struct desk_query q;
    struct desk_reader reader;
    struct desk_kept rows[PUSH_MAX];
    size_t count;
    int64_t after;
    bool more;
    struct push p;
};

/* Whether the row can be tried together with those before. */
static bool goes_with(const struct retrying *g, const struct desk_kept *k)
{
    const struct desk_kept *first = &g->rows[0];
    struct slice a[RECORD_COLUMN_COUNT], b[RECORD_COLUMN_COUNT];

    if (g->count == 0)
        return true;
    if (k->form != first->form || k->feed != first->feed)
        return false;
    if (k->form == DESK_OF_FEED)
        return (g->count + 1) * k->feed->record_count <= PUSH_MAX;
    desk_record_cells(k, a);
    desk_record_cells(first, b);
    return g->count < PUSH_MAX &&
           slice_equal(slice_trim(a[RECORD_DEPARTMENT]), slice_trim(b[RECORD_DEPARTMENT]));
}

/* Rows that the edit does not fit, and those that nothing reads, are passed over. */
static bool can_be_tried(struct retrying *g, struct desk_kept *k)
{
    return !k->erased && k->form != DESK_OF_NOTHING &&
           (!g->edit || apply(&g->reader, k, g->edit, 1, NULL) == 0);
}

/* The row that the others are like is tried last: were it refused for another reason before, what is
 * like it would be others. */
static int take_example(struct retrying *g, struct error *e)
{
    struct desk_kept k;
    int rc;

    g->more = false;
    if (!g->f->like_id || g->count > 0)
        return 0;
    rc = desk_kept_get(&g->reader, g->f->like_id, &k, e);
    if (rc == 0 && desk_open_state(k.row.state) && can_be_tried(g, &k))
        g->rows[g->count++] = k;
    return rc;
}

static int collect(struct retrying *g, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_quarantine_trial row;
    int rc = sql_quarantine_trial(g->in->d->store, g->q.feed, g->q.department, g->q.delivery_id,
                                  g->q.state, g->q.value_hash, g->after,
                                  g->q.only_id ? 0 : PUSH_MAX, g->q.division, g->q.division_last,
                                  g->q.covered_on, &rows, e);

    while (rc >= 0 && (rc = sql_quarantine_trial_next(&rows, &row, e)) > 0) {
        struct sql_quarantine_of_id same;
        struct desk_kept k;
        memcpy(&same, &row, sizeof(same));
        g->more = true;
        if (row.id != g->f->like_id) {
            if ((rc = desk_open(&g->reader, &same, &k, e)) < 0)
                return rc;
            if (can_be_tried(g, &k)) {
                if (!goes_with(g, &k))
                    return 0;
                g->rows[g->count++] = k;
            }
        }
        g->after = row.id;
    }
    return rc < 0 || g->more ? rc : take_example(g, e);
}

static int work(struct retrying *g, struct desk_totals *ret, struct error *e)
{
    struct desk_trial t = {.p = &g->p,
                           .reader = &g->reader,
                           .rows = g->rows,
                           .account_id = g->account_id,
                           .common = g->edit};
    int rc = collect(g, e);

    t.count = g->count;
    if (rc == 0 && t.count > 0) {
        rc = desk_try(&t, e);
        if (rc == 0)
            rc = desk_audit(g->in->d, AUDIT_QUARANTINE_MENDED, g->p.delivery_id, g->account_id,
                            &t.totals, e);
    }
    if (rc == 0)
        *ret = t.totals;
    return rc;
}

int desk_retry(struct intake *in, const struct desk_filter *f, const struct desk_edit *edit,
               int64_t account_id, int64_t *after, bool *ret_more, struct desk_totals *ret,
               struct error *e)
{
    ARENA_AUTO(scratch);
    struct retrying *g = ARENA_NEW(&scratch, struct retrying);
    int rc = store_begin(in->d->store, e);

    if (rc < 0)
        return rc;
    *g = (struct retrying){
        .in = in, .f = f, .edit = edit, .account_id = account_id, .after = *after};
    g->p = (struct push){.d = in->d,
                         .edition = in->edition,
                         .tables = in->tables,
                         .division = f->scope.division,
                         .now = instant_now(),
                         .arena = &scratch};
    desk_reader_begin(&g->reader, in->d, in->feeds, &scratch, e ? e->language : LANGUAGE_EN);
    rc = desk_query_of(in->d, f, &scratch, &g->q, e);
    /* What was sent back is the department's to mend: as it stands it may be older than what came since. */
    if (!edit && g->q.state == 0)
        g->q.state = QUARANTINE_WAITS;
    if (rc == 0)
        rc = work(g, ret, e);
    if (rc == 0)
        rc = store_commit(in->d->store, e);
    if (rc < 0)
        store_rollback(in->d->store);
    desk_reader_end(&g->reader);
    if (rc < 0)
        return rc;
    *after = g->after;
    *ret_more = g->more;
    if (in->changed && (g->p.changed_count || g->p.everywhere))
        in->changed(in->context, g->p.changed, g->p.changed_count, g->p.everywhere);
    return 0;
}
