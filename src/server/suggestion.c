/* What the mapping assistant makes of a file (api/deliveries.yaml). Nothing is decided here, and
 * no cell is shown whole. */
#include "server/handlers.h"
#include "server/sample.h"
#include "server/shelf.h"

#define SHOWN_ROWS 10

/* ---- the sample ---- */

int sample_read(struct request *r, size_t limit, struct sample *ret)
{
    struct sheet_row *rows;
    int rc = intake_delivery(r, r->d, r->path[0], &ret->story);

    if (rc == 0)
        rc = request_feeds(r, &ret->feeds);
    if (rc == 0)
        rc = delivery_sample(r->d, NULL, ret->story.id, limit, r->arena, &rows, &ret->count,
                             &ret->nature, r->error);
    if (rc == 0)
        ret->rows = rows;
    return rc;
}

int sample_header(struct request *r, const struct sample *s, const struct feed *f,
                  struct feed_places *ret)
{
    for (size_t i = 0; i < s->count; i++)
        if (feed_match_header(f, &s->rows[i], r->arena, ret))
            return (int)i;
    return -1;
}

struct slice sample_name(struct request *r, struct slice text)
{
    char buffer[MASK_SIZE];
    size_t n = mask_write(MASK_NAME, slice_trim(text), &(struct mask_context){0}, buffer);

    return n ? arena_copy(r->arena, (struct slice){buffer, n}) : SLICE_LITERAL("***");
}

struct slice sample_form(struct request *r, enum feed_form form, struct slice text)
{
    struct feed_column column = {.name = "", .form = form};

    return form == FORM_TEXT ? intake_text(r, text) : feed_mask_cell(&column, text, r->arena);
}

/* ---- what is told of a column ---- */

static bool is_about_a_person(const struct suggest_column *c)
{
    return c->contents.kind == DETECT_NAME || (c->use && strcmp(c->use, "name") == 0);
}

static struct slice cell_outline(struct request *r, const struct suggest_column *c,
                                 struct slice text)
{
    if (text.n == 0)
        return SLICE_LITERAL("");
    if (is_about_a_person(c))
        return sample_name(r, text);
    if (c->contents.kind == DETECT_ID_NUMBER || c->contents.kind == DETECT_ID_NUMBER_NEAR)
        return sample_form(r, FORM_ID_NUMBER, text);
    return sample_form(r, c->form, text);
}

static struct view_value reasons_of(struct request *r, const struct suggest_reason *reasons,
                                    size_t count)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++)
        json_put_string(r->out,
                        slice_from(suggest_reason_text(&reasons[i], r->error->language, r->arena)));
    return sublist_end(r, &s);
}

static struct view_value values_of(struct request *r, const struct sights *sights,
                                   const struct suggest_column *c)
{
    bool bare = c->contents.kind == DETECT_NONE && !is_about_a_person(c);
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; bare && i < c->value_count; i++) {
        struct view_value v[FIELD_SUGGESTION_VALUE_COUNT] = {
            [FIELD_SUGGESTION_VALUE_FROM] = view_text(intake_text(r, c->values[i].from)),
            [FIELD_SUGGESTION_VALUE_TO] = view_text(c->values[i].to.p ? c->values[i].to
                                                                      : SLICE_LITERAL(""))};
        view_write(r->out, &view_of_suggestion_value, sights, &(struct mask_context){0}, v);
    }
    return sublist_end(r, &s);
}

static int64_t percent(double share) { return (int64_t)(share * 100 + 0.5); }

static void write_column(struct request *r, const struct sights *sights,
                         const struct suggest_column *c)
{
    bool found = c->contents.kind != DETECT_NONE;
    struct view_value v[FIELD_SUGGESTION_COLUMN_COUNT] = {
        [FIELD_SUGGESTION_COLUMN_HEADER] = view_text(intake_text(r, c->header)),
        [FIELD_SUGGESTION_COLUMN_USE] = seen_name(c->use),
        [FIELD_SUGGESTION_COLUMN_FORM] = view_text(slice_from(feed_form_name(c->form))),
        [FIELD_SUGGESTION_COLUMN_SURENESS] = view_number(percent(c->sureness)),
        [FIELD_SUGGESTION_COLUMN_REASONS] = reasons_of(r, c->reasons, c->reason_count),
        [FIELD_SUGGESTION_COLUMN_CONTENTS] = found ? seen_name(detect_kind_name(c->contents.kind))
                                                   : VIEW_NULL,
        [FIELD_SUGGESTION_COLUMN_HITS] = view_number((int64_t)c->contents.hits),
        [FIELD_SUGGESTION_COLUMN_CELLS] = view_number((int64_t)c->contents.cells),
        [FIELD_SUGGESTION_COLUMN_SENSITIVE] = view_number(c->sensitive),
        [FIELD_SUGGESTION_COLUMN_VALUES] = values_of(r, sights, c)};

    view_write(r->out, &view_of_suggestion_column, sights, &(struct mask_context){0}, v);
}

static struct view_value columns_of(struct request *r, const struct sights *sights,
                                    const struct suggestion *g)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < g->column_count; i++)
        write_column(r, sights, &g->columns[i]);
    return sublist_end(r, &s);
}

/* ---- rows, and what was renamed overnight ---- */

static struct view_value rows_of(struct request *r, const struct sample *s,
                                 const struct suggestion *g)
{
    struct sublist out;
    size_t shown = 0;

    sublist_begin(r, &out);
    for (size_t i = 0; i < s->count && shown < SHOWN_ROWS; i++) {
        const struct sheet_row *row = &s->rows[i];
        if (row->number <= g->header_number)
            continue; /* titles, and the header itself */
        json_array_begin(r->out);
        for (size_t c = 0; c < row->count && c < g->column_count; c++)
            json_put_string(r->out, cell_outline(r, &g->columns[c], row->cells[c].text));
        json_array_end(r->out);
        shown++;
    }
    return sublist_end(r, &out);
}

static int renamed_of(struct request *r, const struct sample *s, const struct sights *sights,
                      struct view_value *ret)
{
    const struct feed *f = s->story.feed.p ? feed_library_find(s->feeds, s->story.feed) : NULL;
    struct feed_places places;
    struct sublist out;
    int *columns = NULL, rc = 0;
    bool met = f && sample_header(r, s, f, &places) >= 0;

    if (met)
        rc = suggest_renamed(f, &places, s->rows, s->count, r->arena, &columns, r->error);
    if (rc < 0)
        return rc;
    sublist_begin(r, &out);
    for (size_t i = 0; met && i < places.missing_count; i++) {
        const struct feed_column *c = &f->columns[places.missing[i]];
        int place = columns[places.missing[i]];
        struct view_value v[FIELD_SUGGESTION_RENAMED_COUNT] = {
            [FIELD_SUGGESTION_RENAMED_COLUMN] = view_text(slice_from(c->name)),
            [FIELD_SUGGESTION_RENAMED_NAMED] = c->named_count ? view_text(c->named[0]) : VIEW_NULL,
            [FIELD_SUGGESTION_RENAMED_HEADER] =
                place >= 0 ? view_text(intake_text(r, places.header[place])) : VIEW_NULL};
        view_write(r->out, &view_of_suggestion_renamed, sights, &(struct mask_context){0}, v);
    }
    *ret = sublist_end(r, &out);
    return 0;
}

/* ---- the suggestion ---- */

static struct view_value sheets_of(struct request *r, const struct sheet_nature *n)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < n->sheet_count; i++)
        json_put_string(r->out, slice_from(n->sheets[i]));
    return sublist_end(r, &s);
}

static int ask(struct request *r, const struct sample *s, struct suggestion *ret)
{
    struct slice none = SLICE_LITERAL("");

    return suggest(s->feeds, request_lexicon(r), s->rows, s->count,
                   s->story.department.p ? s->story.department : none,
                   s->story.feed.p ? s->story.feed : none, r->arena, ret, r->error);
}

int route_delivery_suggest(struct request *r)
{
    struct view_value renamed;
    struct suggestion g;
    struct sights sights;
    struct sample s;
    int rc = sample_read(r, SUGGEST_SAMPLE, &s);

    intake_sights(r, &sights);
    if (rc == 0)
        rc = ask(r, &s, &g);
    if (rc == 0)
        rc = renamed_of(r, &s, &sights, &renamed);
    if (rc < 0)
        return rc;
    struct view_value v[FIELD_SUGGESTION_COUNT] = {
        [FIELD_SUGGESTION_LIKE] = seen_name(g.like ? g.like->name : NULL),
        [FIELD_SUGGESTION_LIKENESS] = view_number(percent(g.likeness)),
        [FIELD_SUGGESTION_KIND] = seen_name(g.kind != KIND_NONE ? record_kind_name(g.kind) : NULL),
        [FIELD_SUGGESTION_KIND_REASONS] = reasons_of(r, g.kind_reasons, g.kind_reason_count),
        [FIELD_SUGGESTION_HEADER_ROW] = view_number((int64_t)g.header_number),
        [FIELD_SUGGESTION_FORMAT] = seen_name(s.nature.format),
        [FIELD_SUGGESTION_ENCODING] = seen_name(s.nature.encoding),
        [FIELD_SUGGESTION_SHEET] = seen_name(s.nature.sheet),
        [FIELD_SUGGESTION_SHEETS] = sheets_of(r, &s.nature),
        [FIELD_SUGGESTION_MAPPING] = view_text(g.mapping),
        [FIELD_SUGGESTION_COLUMNS] = columns_of(r, &sights, &g),
        [FIELD_SUGGESTION_RENAMED] = renamed,
        [FIELD_SUGGESTION_ROWS] = rows_of(r, &s, &g)};
    view_write(r->out, &view_of_suggestion, &sights, &(struct mask_context){.today = r->today}, v);
    r->audit.detail = "suggestion";
    return 0;
}
