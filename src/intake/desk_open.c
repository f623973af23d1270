/* A refused row, opened: its cells under their names, and why it was refused. */
#include "access/packed.h"
#include "intake/desk_inside.h"
#include "intake/refusal_text.h"

#include <string.h>

#define QUARANTINE_TEXTS 6 /* row, column, detail, hint, cell, why it was set aside */
#define DELIVERY_TEXTS 4   /* name, header, holds, reason */

static struct seal_place place_of(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("quarantine.sealed"), id};
}

/* ---- cells ---------------------------------------------------------------------------------- */

/* One cell from `*at` on; moves behind the comma. */
static struct slice next_cell(struct slice raw, size_t *at, struct arena *arena)
{
    char *text;
    size_t n = 0, i = *at;

    if (i >= raw.n || raw.p[i] != '"') {
        while (i < raw.n && raw.p[i] != ',')
            i++;
        struct slice plain = {raw.p + *at, i - *at};
        *at = i + 1;
        return arena_copy(arena, plain);
    }
    text = ARENA_ARRAY(arena, raw.n - i + 1, char);
    for (i++; i < raw.n; i++) {
        if (raw.p[i] == '"' && (i + 1 >= raw.n || raw.p[i + 1] != '"'))
            break;
        i += raw.p[i] == '"';
        text[n++] = raw.p[i];
    }
    while (i < raw.n && raw.p[i] != ',')
        i++;
    *at = i + 1;
    return (struct slice){text, n};
}

void desk_split(struct slice raw, struct arena *arena, struct slice **ret, size_t *ret_count)
{
    struct slice *cells = NULL;
    size_t count = 0, capacity = 0;

    for (size_t at = 0; at <= raw.n && raw.n > 0 && count < SHEET_COLUMNS_MAX;) {
        cells = arena_grow(arena, cells, &capacity, count + 1, sizeof(*cells));
        cells[count++] = next_cell(raw, &at, arena);
    }
    *ret = cells;
    *ret_count = count;
}

static const char *record_column_name(int i)
{
    return record_columns[i][0] == '?' ? record_columns[i] + 1 : record_columns[i];
}

int desk_column(const struct desk_kept *k, struct slice name)
{
    const struct desk_row *row = &k->row;

    for (size_t i = 0; i < row->count; i++)
        if (slice_equal(slice_trim(row->header[i]), slice_trim(name)))
            return (int)i;
    int column = k->feed ? feed_column_of(k->feed, name) : -1;
    if (column < 0 && k->feed)
        column = feed_column_find(k->feed, name);
    int place = column < 0 || !k->places ? -1 : k->places->place[column];
    return place >= 0 && (size_t)place < row->count ? place : -1;
}

void desk_record_cells(const struct desk_kept *k, struct slice ret[RECORD_COLUMN_COUNT])
{
    for (int i = 0; i < RECORD_COLUMN_COUNT; i++) {
        int place = k->places->place[i];
        ret[i] = place >= 0 && (size_t)place < k->row.count ? k->row.cells[place] : SLICE_NONE;
    }
    if (k->row.department.n) /* whoever pushed them cannot make them those of another */
        ret[RECORD_DEPARTMENT] = k->row.department;
}

/* ---- the header ----------------------------------------------------------------------------- */

/* Rows that came without one: records, if they look like it. */
static void guess_header(struct desk_header *h, const struct slice *cells, size_t count,
                         struct arena *arena)
{
    bool records = (count == RECORD_COLUMN_COUNT || count == RECORD_COLUMN_COUNT - 1) &&
                   record_kind_parse(slice_trim(cells[RECORD_KIND])) != KIND_NONE;

    h->count = count;
    h->names = ARENA_ARRAY(arena, count + 1, struct slice);
    for (size_t i = 0; i < count; i++)
        h->names[i] = records ? slice_from(record_column_name((int)i))
                              : slice_from(arena_printf(arena, "%zu", i + 1));
    h->delivery_id = 0; /* of this row alone */
}

static void place_records(struct desk_header *h)
{
    size_t found = 0;

    for (int i = 0; i < FEED_COLUMNS_MAX; i++)
        h->places.place[i] = -1;
    for (int c = 0; c < RECORD_COLUMN_COUNT; c++)
        for (size_t i = 0; i < h->count && h->places.place[c] < 0; i++)
            if (slice_is(slice_trim(h->names[i]), record_column_name(c))) {
                h->places.place[c] = (int)i;
                found++;
            }
    h->places.header = h->names;
    h->places.width = h->count;
    if (found >= RECORD_COLUMN_COUNT - 1)
        h->form = DESK_OF_RECORDS;
}

static void place_feed(struct desk_header *h, struct arena *arena)
{
    struct sheet_cell *cells = ARENA_ARRAY(arena, h->count + 1, struct sheet_cell);

    for (size_t i = 0; i < h->count; i++)
        cells[i].text = h->names[i];
    struct sheet_row row = {.cells = cells, .count = h->count, .line = 1, .number = 1};
    if (!feed_match_header(h->feed, &row, arena, &h->places))
        return;
    h->form = DESK_OF_FEED;
    for (size_t i = 0; i < h->feed->column_count; i++)
        if (h->places.place[i] >= 0 && (size_t)h->places.place[i] < h->count)
            h->columns[h->places.place[i]] = &h->feed->columns[i];
}

static int open_header(const struct desk_reader *r, const struct sql_quarantine_of_id *row,
                       struct slice *ret, struct error *e)
{
    struct slice plain, texts[DELIVERY_TEXTS];

    *ret = SLICE_NONE;
    if (!row->delivery_sealed.p || !row->delivery_salt.p)
        return 0;
    int rc = sealer_set_subject(r->d->sealer, (const uint8_t *)row->delivery_salt.p, e);
    if (rc == 0)
        rc = sealer_open(r->d->sealer,
                         (struct seal_place){SLICE_LITERAL("delivery.sealed"), row->delivery_id},
                         row->delivery_sealed, r->arena, &plain, e);
    if (rc == 0 && !packed_read(plain, texts, DELIVERY_TEXTS))
        rc = error_set(e, ERR_DATABASE_DAMAGED, NULL);
    if (rc == 0)
        *ret = texts[1];
    return rc;
}

static int read_header(struct desk_reader *r, const struct sql_quarantine_of_id *row,
                       const struct slice *cells, size_t count, struct error *e)
{
    struct desk_header *h;
    struct slice line;
    int rc;

    if (r->header && r->header->delivery_id == row->delivery_id)
        return 0;
    if ((rc = open_header(r, row, &line, e)) < 0)
        return rc;
    h = ARENA_NEW(r->arena, struct desk_header);
    h->delivery_id = row->delivery_id;
    h->feed = row->feed.p ? feed_library_find(r->feeds, row->feed) : NULL;
    if (line.n > 0)
        desk_split(line, r->arena, &h->names, &h->count);
    else
        guess_header(h, cells, count, r->arena);
    h->columns = ARENA_ARRAY(r->arena, h->count + 1, const struct feed_column *);
    if (h->feed)
        place_feed(h, r->arena);
    else if (!row->feed.p)
        place_records(h);
    r->header = h;
    return 0;
}

/* ---- the row -------------------------------------------------------------------------------- */

void desk_reader_begin(struct desk_reader *r, struct deployment *d,
                       const struct feed_library *feeds, struct arena *arena,
                       enum language language)
{
    *r = (struct desk_reader){.d = d, .feeds = feeds, .arena = arena, .language = language};
    r->batch = ARENA_NEW(arena, struct delivery_batch);
}

void desk_reader_end(struct desk_reader *r) { arena_end(&r->batch->arena); }

static int open_texts(struct desk_reader *r, const struct sql_quarantine_of_id *row,
                      struct slice texts[QUARANTINE_TEXTS], bool *ret_erased, struct error *e)
{
    struct slice plain;

    *ret_erased = !row->salt.p;
    for (int i = 0; i < QUARANTINE_TEXTS; i++)
        texts[i] = SLICE_LITERAL("");
    if (*ret_erased)
        return 0;
    int rc = sealer_set_subject(r->d->sealer, (const uint8_t *)row->salt.p, e);
    if (rc == 0)
        rc = sealer_open(r->d->sealer, place_of(row->id), row->sealed, r->arena, &plain, e);
    if (rc == 0 && !packed_read(plain, texts, QUARANTINE_TEXTS))
        rc = error_set(e, ERR_DATABASE_DAMAGED, NULL);
    return rc;
}

/* Every column of the header has a cell, so that what is missing at the end can be mended; and every
 * cell a name. */
static void lay_out(struct desk_kept *k, const struct desk_reader *r, const struct slice *cells,
                    size_t count)
{
    const struct desk_header *h = r->header;
    size_t width = h->count > count ? h->count : count;
    struct slice *names = ARENA_ARRAY(r->arena, width + 1, struct slice);
    struct slice *texts = ARENA_ARRAY(r->arena, width + 1, struct slice);
    const struct feed_column **columns = ARENA_ARRAY(r->arena, width + 1,
                                                     const struct feed_column *);

    for (size_t i = 0; i < width; i++) {
        names[i] = i < h->count ? h->names[i] : SLICE_LITERAL("");
        texts[i] = i < count ? cells[i] : SLICE_LITERAL("");
        columns[i] = i < h->count ? h->columns[i] : NULL;
    }
    k->form = h->form;
    k->feed = h->feed;
    k->places = h->form == DESK_OF_NOTHING ? NULL : &h->places;
    k->row.header = names;
    k->row.cells = texts;
    k->row.columns = columns;
    k->row.count = width;
}

static void explain(struct desk_reader *r, struct desk_kept *k)
{
    struct error primary = {.language = r->language, .code = k->row.error};
    struct desk_refusal again;
    struct slice detail = k->detail, hint = k->hint;

    /* What is written down is in the language of whoever handed the row in. */
    if (!k->erased && desk_refused(r, k, &again) && again.reason.code == k->row.error) {
        const char *why = k->form == DESK_OF_FEED ? refusal_without_column(&again.reason)
                                                  : again.reason.detail;
        detail = arena_copy(r->arena, slice_from(why));
        hint = arena_copy(r->arena, slice_from(again.reason.hint));
    }
    k->row.reason = slice_from(arena_printf(r->arena, "%s%s%.*s", error_primary(&primary),
                                            detail.n ? ": " : "", (int)detail.n,
                                            detail.p ? detail.p : ""));
    k->row.remedy = hint.n ? hint : SLICE_NONE;
}

int desk_open(struct desk_reader *r, const struct sql_quarantine_of_id *row, struct desk_kept *ret,
              struct error *e)
{
    struct slice texts[QUARANTINE_TEXTS], *cells;
    struct desk_kept k = {0};
    size_t count;
    int rc = open_texts(r, row, texts, &k.erased, e);

    if (rc < 0)
        return rc;
    k.row = (struct desk_row){.id = row->id,
                              .delivery_id = row->delivery_id,
                              .at = row->known_from,
                              .settled_at = row->settled_at.set ? row->settled_at.v : 0,
                              .line = (uint64_t)row->line,
                              .feed = arena_copy(r->arena, row->feed),
                              .department = arena_copy(r->arena, row->department),
                              .error = (enum error_code)row->error,
                              .column = texts[1].n ? texts[1] : SLICE_NONE,
                              .value = texts[1].n ? texts[4] : SLICE_NONE,
                              .state = (int)row->state};
    k.raw = texts[0];
    k.detail = texts[2];
    k.hint = texts[3];
    k.set_aside = texts[5].n ? texts[5] : SLICE_NONE;
    desk_split(texts[0], r->arena, &cells, &count);
    if ((rc = read_header(r, row, cells, count, e)) < 0)
        return rc;
    lay_out(&k, r, cells, count);
    explain(r, &k);
    *ret = k;
    return 0;
}

/* ---- what it is read by --------------------------------------------------------------------- */

static bool refused_by_feed(struct desk_reader *r, const struct desk_kept *k,
                            struct desk_refusal *ret)
{
    struct sheet_cell *cells = ARENA_ARRAY(r->arena, k->row.count + 1, struct sheet_cell);
    int formula = k->row.error == ERR_FORMULA_CELL && k->row.column.p && !k->mended
                      ? desk_column(k, k->row.column)
                      : -1;

    for (size_t i = 0; i < k->row.count; i++)
        cells[i] = (struct sheet_cell){.text = k->row.cells[i],
                                       .kind = (int)i == formula ? CELL_FORMULA : CELL_TEXT};
    struct sheet_row row = {
        .cells = cells, .count = k->row.count, .line = k->row.line, .number = k->row.line};
    r->batch->feed = k->feed;
    r->batch->places = k->places;
    r->batch->language = r->language;
    delivery_batch_reset(r->batch, 0);
    row.raw = SLICE_LITERAL("");
    if (!delivery_batch_add(r->batch, &row, NULL) || r->batch->count == 0 ||
        !r->batch->rows[0].refused)
        return false;
    ret->reason = r->batch->rows[0].reason;
    ret->cell = r->batch->rows[0].cell;
    ret->cell.named = arena_copy(r->arena, ret->cell.named);
    ret->cell.value = arena_copy(r->arena, ret->cell.value);
    return true;
}

static bool refused_by_record(struct desk_reader *r, const struct desk_kept *k,
                              struct desk_refusal *ret)
{
    struct slice cells[RECORD_COLUMN_COUNT];
    struct record record;
    int column = -1;

    desk_record_cells(k, cells);
    if (record_check(cells, r->arena, &record, &column, &ret->reason) == 0)
        return false;
    if (column >= 0) {
        const char *name = record_column_name(column);
        ret->cell = (struct quarantine_cell){name, slice_from(name), cells[column]};
    }
    return true;
}

bool desk_refused(struct desk_reader *r, const struct desk_kept *k, struct desk_refusal *ret)
{
    *ret = (struct desk_refusal){.reason = {.language = r->language}};
    return k->form == DESK_OF_FEED      ? refused_by_feed(r, k, ret)
           : k->form == DESK_OF_RECORDS ? refused_by_record(r, k, ret)
                                        : false;
}

int desk_reseal(struct deployment *d, const struct desk_kept *k, struct arena *arena,
                struct slice *ret, struct error *e)
{
    size_t count = k->row.count;

    while (count > 0 && k->row.cells[count - 1].n == 0)
        count--;
    struct slice texts[QUARANTINE_TEXTS] = {k->edited ? delivery_csv_row(k->row.cells, count, arena)
                                                      : k->raw,
                                            k->row.column.p ? k->row.column : SLICE_LITERAL(""),
                                            k->detail,
                                            k->hint,
                                            k->row.value.p ? k->row.value : SLICE_LITERAL(""),
                                            k->set_aside.p ? k->set_aside : SLICE_LITERAL("")};
    return sealer_seal_arena(d->sealer, place_of(k->row.id),
                             packed_from(texts, QUARANTINE_TEXTS, arena), arena, ret, e);
}
