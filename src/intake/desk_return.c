/* Refused rows go back to their department as its own sheet, with the reason beside each; or are set
 * aside. */
#include "intake/desk_inside.h"
#include "people/relation.h"
#include "store/sql_salt.h"
#include "store/sql_source.h"

#define ROWS_MAX 5000 /* at once: others wait for the write transaction meanwhile */
#define PAGE 500
#define IDS 64

struct returning {
    struct deployment *d;
    struct desk_reader reader;
    struct desk_kept *rows;
    size_t count, capacity;
    /* Columns of all, in the order in which they are met; those of a feed are one under any name. */
    struct slice names[SHEET_COLUMNS_MAX];
    const struct feed_column *columns[SHEET_COLUMNS_MAX];
    size_t width;
    uint64_t marked; /* at fault, as bits */
};

/* ---- columns -------------------------------------------------------------------------------- */

/* Of two unmapped columns of one name each has its own place: the first is the first, the second the second. */
static size_t column_of(struct returning *g, const struct desk_row *row, size_t i)
{
    size_t before = 0;

    for (size_t k = 0; k < i && !row->columns[i]; k++)
        before += !row->columns[k] && slice_equal(row->header[k], row->header[i]);
    for (size_t c = 0; c < g->width; c++)
        if (row->columns[i]
                ? g->columns[c] == row->columns[i]
                : !g->columns[c] && slice_equal(g->names[c], row->header[i]) && before-- == 0)
            return c;
    if (g->width == SHEET_COLUMNS_MAX - 2) /* no file has so many that mean something */
        return SIZE_MAX;
    g->names[g->width] = row->header[i];
    g->columns[g->width] = row->columns[i];
    return g->width++;
}

static void note_columns(struct returning *g, const struct desk_kept *k)
{
    int fault = k->row.column.p ? desk_column(k, k->row.column) : -1;

    for (size_t i = 0; i < k->row.count; i++) {
        size_t c = column_of(g, &k->row, i);
        if ((int)i == fault && c < 64)
            g->marked |= UINT64_C(1) << c;
    }
}

/* ---- rows ----------------------------------------------------------------------------------- */

static int collect(struct returning *g, const struct desk_query *q, struct error *e)
{
    int64_t after = 0;
    size_t count;
    int rc;

    do {
        struct desk_kept *page;
        if ((rc = desk_page(&g->reader, q, after, PAGE, &page, &count, e)) < 0)
            return rc;
        for (size_t i = 0; i < count && g->count < ROWS_MAX; i++) {
            after = page[i].row.id;
            if (page[i].erased)
                continue;
            g->rows = arena_grow(g->reader.arena, g->rows, &g->capacity, g->count + 1,
                                 sizeof(*g->rows));
            g->rows[g->count++] = page[i];
            note_columns(g, &page[i]);
        }
    } while (count == PAGE && g->count < ROWS_MAX);
    return 0;
}

static int write_row(struct returning *g, struct sheet_writer *w, const struct desk_row *row,
                     struct error *e)
{
    struct slice cells[SHEET_COLUMNS_MAX];

    for (size_t c = 0; c < g->width; c++)
        cells[c] = SLICE_LITERAL("");
    for (size_t i = 0; i < row->count; i++) {
        size_t c = column_of(g, row, i);
        if (c < g->width)
            cells[c] = row->cells[i];
    }
    cells[g->width] = row->reason;
    cells[g->width + 1] = row->remedy.p ? row->remedy : SLICE_LITERAL("");
    return sheet_writer_row(w, cells, g->width + 2, e);
}

static int write_sheet(struct returning *g, enum language language, struct arena *arena,
                       struct slice *ret, struct error *e)
{
    struct slice header[SHEET_COLUMNS_MAX];
    struct sheet_writer *w;

    for (size_t c = 0; c < g->width; c++)
        header[c] = g->names[c];
    header[g->width] = slice_from(text_in(language, N_("why it was returned")));
    header[g->width + 1] = slice_from(text_in(language, N_("what to do")));
    int rc = sheet_writer_begin(text_in(language, N_("returned rows")), header, g->width + 2,
                                g->marked, &w, e);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < g->count && rc == 0; i++)
        rc = write_row(g, w, &g->rows[i].row, e);
    struct slice bytes;
    struct error own = {.language = language};
    int end = sheet_writer_end(w, arena, &bytes, rc < 0 ? &own : e);
    if (rc == 0 && (rc = end) == 0)
        *ret = bytes;
    return rc;
}

/* Those that wait are returned now; what was returned before stays so. */
static int mark(struct returning *g, int64_t account_id, int64_t now, struct error *e)
{
    struct opt_int account = account_id ? opt_int(account_id) : OPT_INT_NONE;
    int64_t ids[IDS];
    size_t n = 0;
    int rc = 0;

    for (size_t i = 0; i <= g->count && rc == 0; i++) {
        if (i < g->count && g->rows[i].row.state == QUARANTINE_WAITS)
            ids[n++] = g->rows[i].row.id;
        if (n == IDS || (i == g->count && n > 0)) {
            rc = sql_quarantine_settle_all(g->d->store, ids, n, QUARANTINE_RETURNED, opt_int(now),
                                           account, e);
            n = 0;
        }
    }
    return rc;
}

int desk_return(struct deployment *d, const struct feed_library *feeds, const struct desk_filter *f,
                int64_t account_id, int64_t now, struct arena *arena, struct slice *ret_xlsx,
                size_t *ret_rows, struct error *e)
{
    ARENA_AUTO(scratch);
    struct returning *g = ARENA_NEW(&scratch, struct returning);
    enum language language = e ? e->language : LANGUAGE_EN;
    struct desk_query q;
    int rc = desk_query_of(d, f, &scratch, &q, e);

    if (rc < 0)
        return rc;
    q.state = q.state ? q.state : QUARANTINE_WAITS;
    g->d = d;
    desk_reader_begin(&g->reader, d, feeds, &scratch, language);
    rc = collect(g, &q, e);
    if (rc == 0 && g->count == 0)
        rc = error_set(e, ERR_NOT_FOUND, N_("no row waits that matches"));
    if (rc == 0)
        rc = write_sheet(g, language, arena, ret_xlsx, e);
    if (rc == 0)
        rc = mark(g, account_id, now, e);
    if (rc == 0)
        rc = desk_audit(d, AUDIT_QUARANTINE_RETURNED, f->delivery_id, account_id,
                        &(struct desk_totals){.rows = g->count}, e);
    desk_reader_end(&g->reader);
    if (rc == 0)
        *ret_rows = g->count;
    return rc;
}

/* ---- set aside ------------------------------------------------------------------------------ */

int desk_set_aside(struct deployment *d, int64_t id, struct slice reason, int64_t account_id,
                   int64_t now, struct error *e)
{
    ARENA_AUTO(scratch);
    const struct feed_library none = {0};
    struct desk_reader r;
    struct desk_kept k;
    struct sql_salt_of salt;
    struct slice sealed;
    bool found;

    if (slice_trim(reason).n == 0)
        return error_set(e, ERR_VALUE, N_("say why nothing follows from this row"));
    desk_reader_begin(&r, d, &none, &scratch, e ? e->language : LANGUAGE_EN);
    int rc = desk_kept_get(&r, id, &k, e);
    desk_reader_end(&r);
    if (rc == 0 && !desk_open_state(k.row.state))
        rc = error_set(e, ERR_WRONG_STATE, N_("the row waits no longer: %s"),
                       quarantine_state_name(k.row.state));
    if (rc == 0)
        rc = sql_salt_of(d->store, id, &found, &salt, e);
    if (rc < 0)
        return rc;
    if (found) {
        k.set_aside = reason;
        rc = sealer_set_subject(d->sealer, (const uint8_t *)salt.salt.p, e);
        if (rc == 0)
            rc = desk_reseal(d, &k, &scratch, &sealed, e);
        if (rc == 0)
            rc = sql_quarantine_reseal(d->store, id, sealed, e);
    }
    if (rc == 0)
        rc = sql_quarantine_settle(d->store, id, QUARANTINE_SET_ASIDE, opt_int(now),
                                   account_id ? opt_int(account_id) : OPT_INT_NONE, e);
    return rc < 0 ? rc
                  : desk_audit(d, AUDIT_QUARANTINE_SET_ASIDE, id, account_id,
                               &(struct desk_totals){.rows = 1}, e);
}

/* ---- records that wait for their person ----------------------------------------------------- */

int desk_unlinked_list(struct deployment *d, const struct delivery_scope *scope,
                       struct arena *arena, struct desk_unlinked **ret, size_t *ret_count,
                       struct error *e)
{
    const struct delivery_scope of = scope ? *scope : (struct delivery_scope){0};
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_source_unlinked row;
    struct desk_unlinked *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_source_unlinked(d->store, of.division, division_last(of.division), of.covered_on,
                                 &rows, e);

    while (rc >= 0 && (rc = sql_source_unlinked_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct desk_unlinked){.feed = arena_copy(arena, row.feed),
                                               .department = arena_copy(arena, row.department),
                                               .records = row.records,
                                               .without_number = row.without_number,
                                               .oldest_at = row.oldest};
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}
