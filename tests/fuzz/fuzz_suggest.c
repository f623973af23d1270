/* Any bytes as a CSV of which nobody knows what it holds, shown to the mapping assistant beside the feeds that are built
 * in. What it suggests reads as a mapping or is refused with a reason, finds its own columns, and reads the rows without
 * harm; a column that holds what is sensitive is never passed over as known and not taken. Bits of the first byte say
 * what stands by: 1 a lexicon, 2 a department, 4 a name, 8 the name of a feed that is built in. */
#include "sheet_checks.h"

#include "intake/suggest.h"
#include "people/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sample {
    struct arena *arena;
    struct sheet_row *rows;
    size_t count, capacity;
};

static int keep_row(void *context, const struct sheet_row *row, const struct error *refusal)
{
    struct sample *s = context;

    if (refusal || s->count == SUGGEST_SAMPLE)
        return 0;
    struct sheet_cell *cells = ARENA_ARRAY(s->arena, row->count, struct sheet_cell);
    for (size_t i = 0; i < row->count; i++)
        cells[i] = (struct sheet_cell){arena_copy(s->arena, row->cells[i].text),
                                       row->cells[i].kind};
    s->rows = arena_grow(s->arena, s->rows, &s->capacity, s->count + 1, sizeof(*s->rows));
    s->rows[s->count] = *row;
    s->rows[s->count].raw = SLICE_NONE;
    s->rows[s->count++].cells = cells;
    return 0;
}

static const struct feed_library *built_in(void)
{
    static struct arena arena;
    static struct feed_library library;
    struct error e = {.language = LANGUAGE_EN};

    if (library.count == 0)
        MUST(feed_library_read(NULL, &arena, &library, &e) == 0 && library.count > 0);
    return &library;
}

static const struct detect_lexicon *names(void)
{
    static struct detect_lexicon *lexicon;

    if (!lexicon) {
        struct detect_lexicon_builder *b = detect_lexicon_begin();
        MUST(b && detect_lexicon_name(b, SLICE_LITERAL("骆思远"), NULL) == 0 &&
             detect_lexicon_name(b, SLICE_LITERAL("高峰"), NULL) == 0 &&
             detect_lexicon_place(b, SLICE_LITERAL("稠城街道"), NULL) == 0 &&
             detect_lexicon_end(b, &lexicon, NULL) == 0);
    }
    return lexicon;
}

static void check_reasons(const struct suggest_reason *reasons, size_t count, struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        MUST(*suggest_reason_text(&reasons[i], i % 2 ? LANGUAGE_ZH : LANGUAGE_EN, arena));
}

static void check_columns(const struct suggestion *s, struct arena *arena)
{
    MUST(s->likeness >= 0 && s->likeness <= 1 && s->mapping.n > 0);
    check_reasons(s->kind_reasons, s->kind_reason_count, arena);
    for (size_t i = 0; i < s->column_count; i++) {
        const struct suggest_column *c = &s->columns[i];
        MUST(c->sureness >= 0 && c->sureness <= 1 && c->form < FORM_COUNT);
        MUST(!c->sensitive || !c->use);
        check_reasons(c->reasons, c->reason_count, arena);
    }
}

/* Whoever saves a mapping under its old name has decided before what becomes of such a column. */
static bool decided_before(const struct suggestion *s, const struct feed *f, size_t column)
{
    return s->like && strcmp(s->like->name, f->name) == 0 &&
           feed_column_of(s->like, s->columns[column].header) == -2;
}

/* A column whose name another one has before it is found by no name, so it stays unknown to the mapping. */
static void check_sensitive(const struct suggestion *s, const struct feed *f,
                            const struct feed_places *p)
{
    for (size_t i = 0; i < p->width; i++) {
        bool met = !detect_column_sensitive(&s->columns[i].contents) ||
                   s->columns[i].header.n == 0 || decided_before(s, f, i);
        for (size_t c = 0; c < f->column_count; c++)
            met = met || p->place[c] == (int)i;
        for (size_t u = 0; u < p->unknown_count; u++)
            met = met || p->unknown[u] == (int)i;
        MUST(met || feed_column_of(f, s->columns[i].header) == -1);
    }
}

/* A cell of any column, shown to whoever may not see it, whatever its form is. */
static void mask_each(struct slice header, struct slice text, struct arena *arena)
{
    struct feed_column c = {.name = "x", .named = {header}, .named_count = 1};

    for (int form = 0; form <= FORM_COUNT; form++) {
        c.form = (enum feed_form)form;
        struct slice shown = feed_mask_cell(form < FORM_COUNT ? &c : NULL, text, arena);
        MUST(shown.p && utf8_valid_prefix(shown) == shown.n);
    }
}

static void read_row(const struct feed *f, const struct feed_places *p, const struct sheet_row *row)
{
    ARENA_AUTO(arena);
    struct feed_cells made[FEED_RECORDS_MAX];
    struct record r;
    struct error e = {.language = LANGUAGE_EN};
    size_t count;
    int column = -1;

    if (feed_convert(f, p, row->cells, row->count, &arena, made, &count, &column, &e) < 0)
        MUST(column < (int)f->column_count && e.detail[0] && e.hint[0]);
    else
        for (size_t i = 0; i < count; i++)
            record_check(made[i].cells, &arena, &r, &column, &e);
    for (size_t c = 0; c < f->column_count; c++)
        if (p->place[c] >= 0 && (size_t)p->place[c] < row->count)
            feed_mask_cell(&f->columns[c], row->cells[p->place[c]].text, &arena);
    for (size_t i = 0; i < row->count && i < p->width; i++)
        mask_each(p->header[i], row->cells[i].text, &arena);
}

static void preview(const struct suggestion *s, const struct sample *sample, struct arena *arena)
{
    const struct source source = {"suggestion", s->mapping};
    struct error e = {.language = LANGUAGE_EN};
    struct feed_places places;
    struct feed *f;
    size_t at = 0;
    int rc = feed_parse(&source, arena, &f, &e);

    if (rc < 0) {
        MUST(rc == -ERR_MAPPING && e.detail[0]);
        return;
    }
    while (sample->rows[at].number != s->header_number)
        MUST(++at < sample->count);
    MUST(feed_match_header(f, &sample->rows[at], arena, &places));
    MUST(places.missing_count == 0 && places.matched == f->column_count);
    check_sensitive(s, f, &places);
    for (size_t i = at + 1; i < sample->count; i++)
        read_row(f, &places, &sample->rows[i]);
}

/* The same file where one of the built-in feeds is awaited, with its columns renamed. */
static void seek_renamed(const struct suggestion *s, const struct sample *sample,
                         struct arena *arena)
{
    struct error e = {.language = LANGUAGE_EN};
    struct feed_places places;
    size_t at = 0;
    int *columns;

    while (sample->rows[at].number != s->header_number)
        at++;
    if (!s->like || !feed_match_header(s->like, &sample->rows[at], arena, &places))
        return;
    MUST(suggest_renamed(s->like, &places, sample->rows, sample->count, arena, &columns, &e) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(arena);
    struct sample sample = {.arena = &arena};
    const struct sheet_options o = {.encoding = "utf-8"};
    const struct sheet_sink sink = {keep_row, NULL, &sample};
    struct error e = {.language = LANGUAGE_EN};
    struct suggestion s;

    if (size == 0 ||
        sheet_parse((struct slice){(const char *)data + 1, size - 1}, &o, &sink, &e) < 0)
        return 0;
    int rc = suggest(built_in(), data[0] & 1 ? names() : NULL, sample.rows, sample.count,
                     data[0] & 2 ? SLICE_LITERAL("health") : SLICE_LITERAL(""),
                     data[0] & 8   ? SLICE_LITERAL("deaths")
                     : data[0] & 4 ? SLICE_LITERAL("a name: {#}")
                                   : SLICE_LITERAL(""),
                     &arena, &s, &e);
    if (rc < 0) {
        MUST(rc == -ERR_SHEET && e.detail[0] && e.hint[0]);
        return 0;
    }
    check_columns(&s, &arena);
    preview(&s, &sample, &arena);
    seek_renamed(&s, &sample, &arena);
    return 0;
}
