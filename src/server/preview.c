/* The first rows of a file, read by a mapping that is not saved yet (api/deliveries.yaml). */
#include "server/handlers.h"
#include "server/sample.h"

#define PREVIEW_ROWS 100
#define TITLE_ROWS 20 /* that may stand above the header */

/* ---- one record ---- */

static struct slice record_outline(struct request *r, int column, struct slice text)
{
    switch (column) {
    case RECORD_NAME: return sample_name(r, text);
    case RECORD_ID_NO: return sample_form(r, FORM_ID_NUMBER, text);
    case RECORD_BIRTH_DATE: return sample_form(r, FORM_DATE, text);
    case RECORD_DIVISION: return sample_form(r, FORM_DIVISION, text);
    case RECORD_DEPARTMENT:
    case RECORD_KIND:
    case RECORD_FROM:
    case RECORD_TO:
    case RECORD_REVISION: return text;
    default: return intake_text(r, text);
    }
}

static void write_record(struct request *r, const struct sights *sights,
                         const struct feed_cells *record)
{
    struct slice kind = record->cells[RECORD_KIND];
    struct sublist s;

    sublist_begin(r, &s);
    for (int i = 0; i < RECORD_COLUMN_COUNT; i++) {
        struct slice text = record->cells[i];
        if (text.n == 0 || i == RECORD_DEPARTMENT || i == RECORD_KIND)
            continue;
        const char *name = record_columns[i][0] == '?' ? record_columns[i] + 1 : record_columns[i];
        struct view_value v[FIELD_PREVIEW_CELL_COUNT] = {
            [FIELD_PREVIEW_CELL_COLUMN] = view_text(slice_from(name)),
            [FIELD_PREVIEW_CELL_VALUE] = view_text(text),
            [FIELD_PREVIEW_CELL_OUTLINE] = view_text(record_outline(r, i, text))};
        view_write(r->out, &view_of_preview_cell, sights, &(struct mask_context){0}, v);
    }
    struct view_value cells = sublist_end(r, &s);
    struct view_value v[FIELD_PREVIEW_RECORD_COUNT] = {
        [FIELD_PREVIEW_RECORD_KIND] = view_text(kind.p ? kind : SLICE_LITERAL("")),
        [FIELD_PREVIEW_RECORD_CELLS] = cells};
    view_write(r->out, &view_of_preview_record, sights, &(struct mask_context){0}, v);
}

/* ---- one row ---- */

struct outcome {
    struct feed_cells records[FEED_RECORDS_MAX];
    size_t count;
    bool refused;
    const char *column;  /* ours, or that of the record; NULL: the row as a whole */
    struct slice header; /* the file's; NONE */
    struct error reason;
};

static void refuse_conversion(const struct feed *f, const struct feed_places *p, int column,
                              struct outcome *o)
{
    o->refused = true;
    o->count = 0;
    if (column < 0)
        return;
    o->column = f->columns[column].name;
    if (p->place[column] >= 0)
        o->header = p->header[p->place[column]];
}

/* What the mapping makes of a row, and whether each of its records would stand. */
static void read_row(struct request *r, const struct feed *f, const struct feed_places *p,
                     const struct sheet_row *row, struct outcome *o)
{
    int column = -1;

    *o = (struct outcome){.reason = {.language = r->error->language}};
    if (feed_convert(f, p, row->cells, row->count, r->arena, o->records, &o->count, &column,
                     &o->reason) < 0) {
        refuse_conversion(f, p, column, o);
        return;
    }
    for (size_t i = 0; i < o->count && !o->refused; i++) {
        struct record record;
        column = -1;
        if (record_check(o->records[i].cells, r->arena, &record, &column, &o->reason) == 0)
            continue;
        o->refused = true;
        if (column >= 0)
            o->column = record_columns[column][0] == '?' ? record_columns[column] + 1
                                                         : record_columns[column];
    }
}

static void write_row(struct request *r, const struct sights *sights, const struct sheet_row *row,
                      const struct outcome *o)
{
    const struct error *e = &o->reason;
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; !o->refused && i < o->count; i++)
        write_record(r, sights, &o->records[i]);
    struct view_value records = sublist_end(r, &s);
    struct view_value v[FIELD_PREVIEW_ROW_COUNT] = {
        [FIELD_PREVIEW_ROW_LINE] = view_number((int64_t)row->line),
        [FIELD_PREVIEW_ROW_RECORDS] = records};
    if (o->refused) {
        v[FIELD_PREVIEW_ROW_COLUMN] = seen_name(o->column);
        v[FIELD_PREVIEW_ROW_HEADER] = seen_text(intake_text(r, o->header));
        v[FIELD_PREVIEW_ROW_CODE] = seen_name(intake_code(r, e->code));
        v[FIELD_PREVIEW_ROW_MESSAGE] = seen_name(e->detail[0] ? e->detail : error_primary(e));
        v[FIELD_PREVIEW_ROW_HINT] = seen_name(e->hint);
    }
    view_write(r->out, &view_of_preview_row, sights, &(struct mask_context){0}, v);
}

/* ---- the preview ---- */

static struct view_value missing_of(struct request *r, const struct feed *f,
                                    const struct feed_places *p)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < p->missing_count; i++)
        json_put_string(r->out, slice_from(f->columns[p->missing[i]].name));
    return sublist_end(r, &s);
}

static struct view_value unknown_of(struct request *r, const struct feed_places *p)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < p->unknown_count; i++)
        json_put_string(r->out, intake_text(r, p->header[p->unknown[i]]));
    return sublist_end(r, &s);
}

static struct view_value rows_of(struct request *r, const struct sights *sights,
                                 const struct sample *s, const struct feed *f,
                                 const struct feed_places *p, size_t first, int64_t *ret_refused)
{
    struct sublist out;
    struct outcome *o = ARENA_NEW(r->arena, struct outcome);

    sublist_begin(r, &out);
    for (size_t i = first; i < s->count && i < first + PREVIEW_ROWS; i++) {
        read_row(r, f, p, &s->rows[i], o);
        write_row(r, sights, &s->rows[i], o);
        *ret_refused += o->refused;
    }
    return sublist_end(r, &out);
}

int route_delivery_preview(struct request *r)
{
    struct source source = {.file = "mapping", .text = body_text(r->body, "yaml")};
    struct feed_places places;
    struct sights sights;
    struct sample s;
    struct feed *f;
    int64_t refused = 0;
    int rc = feed_parse(&source, r->arena, &f, r->error);

    if (rc == 0)
        rc = sample_read(r, PREVIEW_ROWS + TITLE_ROWS, &s);
    if (rc < 0)
        return rc;
    int header = sample_header(r, &s, f, &places);
    if (header < 0) {
        error_set(r->error, ERR_COLUMN_MISSING, N_("no row of the file is this mapping's header"));
        return error_hint(r->error, N_("Give its columns the names that the file has."));
    }
    intake_sights(r, &sights);
    struct view_value rows = rows_of(r, &sights, &s, f, &places, (size_t)header + 1, &refused);
    struct view_value v[FIELD_PREVIEW_COUNT] = {[FIELD_PREVIEW_ROWS] = rows,
                                                [FIELD_PREVIEW_REFUSED] = view_number(refused),
                                                [FIELD_PREVIEW_MISSING] = missing_of(r, f, &places),
                                                [FIELD_PREVIEW_UNKNOWN] = unknown_of(r, &places)};
    view_write(r->out, &view_of_preview, &sights, &(struct mask_context){.today = r->today}, v);
    r->audit.detail = "preview";
    return 0;
}
