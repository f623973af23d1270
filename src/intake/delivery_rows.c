/* Rows of a file become records by their mapping; a row of which one record is refused is refused whole. */
#include "intake/delivery_inside.h"

#include <stdio.h>

/* Rows that make no record cost no write, but what is read must be written down now and then. */
#define FILE_ROWS_MAX 500

void delivery_batch_reset(struct delivery_batch *b, uint64_t next)
{
    arena_reset(&b->arena);
    b->count = 0;
    b->file_rows = 0;
    b->next = next;
}

bool delivery_batch_room(const struct delivery_batch *b, size_t limit)
{
    return b->count < limit && b->count + b->feed->record_count <= BATCH_MAX &&
           b->file_rows < FILE_ROWS_MAX;
}

/* ---- which cell a refusal is of -------------------------------------------------------------------- */

static struct quarantine_cell cell_of(const struct delivery_batch *b, int column,
                                      const struct sheet_row *row)
{
    int place = column < 0 ? -1 : b->places->place[column];

    if (column < 0)
        return (struct quarantine_cell){0};
    return (struct quarantine_cell){
        .column = b->feed->columns[column].name,
        .named = place < 0 ? b->feed->columns[column].named[0] : b->places->header[place],
        .value = place < 0 || (size_t)place >= row->count ? SLICE_LITERAL("")
                                                          : row->cells[place].text};
}

/* The first column of the mapping that a cell of the record is made from; -1: none. */
static int column_of(const struct feed *f, const struct feed_record *record, int record_column)
{
    struct feed_piece pieces[FEED_PIECES_MAX];
    size_t count = record_column < 0 ? 0 : feed_pieces(record->templates[record_column], pieces);

    for (size_t i = 0; i < count; i++)
        if (pieces[i].column)
            return feed_column_find(f, pieces[i].text);
    return -1;
}

/* ---- one row ------------------------------------------------------------------------------------------ */

struct conversion {
    struct delivery_batch *b;
    const struct sheet_row *row;
    struct record records[FEED_RECORDS_MAX];
    size_t count;
    struct quarantine_cell cell; /* of a refusal */
    struct error reason;
};

static bool convert(struct conversion *c)
{
    const struct feed *f = c->b->feed;
    struct feed_cells made[FEED_RECORDS_MAX];
    int column = -1;

    if (feed_convert(f, c->b->places, c->row->cells, c->row->count, &c->b->arena, made, &c->count,
                     &column, &c->reason) < 0) {
        c->cell = cell_of(c->b, column, c->row);
        return false;
    }
    for (size_t i = 0; i < c->count; i++) {
        column = -1;
        if (record_check(made[i].cells, &c->b->arena, &c->records[i], &column, &c->reason) < 0) {
            c->cell = cell_of(c->b, column_of(f, &f->records[made[i].record], column), c->row);
            return false;
        }
    }
    return true;
}

static struct batch_row *new_row(struct delivery_batch *b, const struct sheet_row *row,
                                 struct slice raw)
{
    struct batch_row *r = &b->rows[b->count++];

    *r = (struct batch_row){.reason = {.language = b->language}};
    r->csv = (struct csv_row){.line = row->line, .offset = b->next, .raw = raw};
    return r;
}

static struct quarantine_cell keep(struct quarantine_cell cell, struct arena *arena)
{
    return (struct quarantine_cell){cell.column, arena_copy(arena, cell.named),
                                    arena_copy(arena, cell.value)};
}

bool delivery_batch_add(struct delivery_batch *b, const struct sheet_row *row,
                        const struct error *refusal)
{
    struct conversion c = {.b = b, .row = row, .reason = {.language = b->language}};
    bool good = !refusal && convert(&c);
    size_t made = good ? c.count : 1;

    if (b->count + made > BATCH_MAX)
        return false;
    struct slice raw = made ? arena_copy(&b->arena, row->raw) : SLICE_NONE;
    if (!good) {
        struct batch_row *r = new_row(b, row, raw);
        r->refused = true;
        r->reason = refusal ? *refusal : c.reason;
        r->cell = keep(c.cell, &b->arena);
    }
    for (size_t i = 0; good && i < c.count; i++) {
        struct batch_row *r = new_row(b, row, raw);
        r->record = c.records[i];
        r->siblings = i == 0 ? c.count - 1 : 0;
    }
    b->next++;
    b->file_rows++;
    return true;
}

void delivery_batch_skip(struct delivery_batch *b, uint64_t rows_done)
{
    size_t first = 0;

    while (first < b->count && b->rows[first].csv.offset < rows_done)
        first++;
    if (first == 0)
        return;
    memmove(b->rows, b->rows + first, (b->count - first) * sizeof(b->rows[0]));
    b->count -= first;
}

/* ---- lines under the table ------------------------------------------------------------------------------ */

static bool begins_so(struct slice text)
{
    static const char *const words[] = {"合计",   "总计",   "小计",   "共计",     "制表人",
                                        "填表人", "审核人", "负责人", "制表单位", "制表日期"};

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        size_t n = strlen(words[i]);
        if (text.n >= n && memcmp(text.p, words[i], n) == 0)
            return true;
    }
    return false;
}

/* Nothing, or a sum. */
static bool names_nobody(struct slice text)
{
    text = slice_trim(text);
    if (text.n > 12)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!strchr("0123456789.,", text.p[i]))
            return false;
    return true;
}

static bool names_somebody(const struct feed *f, const struct feed_places *p,
                           const struct sheet_row *row, size_t but)
{
    static const int columns[] = {RECORD_KEY, RECORD_ID_NO, RECORD_NAME};

    for (size_t i = 0; i < f->record_count; i++)
        for (size_t k = 0; k < sizeof(columns) / sizeof(*columns); k++) {
            int column = column_of(f, &f->records[i], columns[k]);
            int place = column < 0 ? -1 : p->place[column];
            if (place >= 0 && (size_t)place != but && (size_t)place < row->count &&
                !names_nobody(row->cells[place].text))
                return true;
        }
    return false;
}

bool delivery_row_sums_up(const struct feed *f, const struct feed_places *p,
                          const struct sheet_row *row)
{
    for (size_t i = 0; i < row->count; i++) {
        struct slice text = slice_trim(row->cells[i].text);
        if (text.n > 0)
            return begins_so(text) && !names_somebody(f, p, row, i);
    }
    return false;
}
