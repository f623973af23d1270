#include "intake/suggest_inside.h"

#include <stdio.h>
#include <string.h>

#define DETECTED 200 /* cells of a column in which what is sensitive is sought */

static bool is_blank(const struct sheet_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (suggest_cell(row, i).text.n > 0)
            return false;
    return true;
}

/* The rows of data: sums, blank rows and the header once more are none. */
static void take_rows(struct suggesting *s, const struct sheet_row *rows, size_t count,
                      size_t header)
{
    struct sheet_row *data = ARENA_ARRAY(s->arena, count + 1, struct sheet_row);
    struct slice head = suggest_cell(&rows[header], 0).text;
    struct arena scratch = ARENA_EMPTY;

    for (size_t i = header + 1; i < count; i++) {
        bool again = head.n && slice_equal(head, suggest_cell(&rows[i], 0).text) &&
                     rows[i].count == rows[header].count;
        if (!again && !is_blank(&rows[i]) && !suggest_sums_up(&rows[i], &scratch))
            data[s->row_count++] = rows[i];
        arena_reset(&scratch);
    }
    arena_end(&scratch);
    s->rows = data;
    s->titles = rows;
    s->title_count = header;
}

static bool can_be_named(struct slice header)
{
    for (size_t i = 0; i < header.n; i++)
        if ((unsigned char)header.p[i] < 0x20 || header.p[i] == 0x7f)
            return false;
    return header.n > 0 && header.n <= SUGGEST_HEADER_MAX;
}

static int take_contents(struct suggesting *s, const struct detect_lexicon *lexicon, size_t at,
                         struct error *e)
{
    struct weighed *c = &s->columns[at];
    struct arena scratch = ARENA_EMPTY;
    int rc;

    suggest_profile(s->rows, s->row_count, at, s->arena, &c->profile);
    rc = detect_column(lexicon, c->profile.values,
                       c->profile.cells < DETECTED ? c->profile.cells : DETECTED, &scratch,
                       &c->contents, e);
    arena_end(&scratch);
    return rc;
}

static int take_columns(struct suggesting *s, const struct detect_lexicon *lexicon,
                        const struct sheet_row *header, struct error *e)
{
    size_t width = header->count;

    for (size_t i = 0; i < s->row_count; i++)
        width = s->rows[i].count > width ? s->rows[i].count : width;
    s->column_count = width < SHEET_COLUMNS_MAX ? width : SHEET_COLUMNS_MAX;
    s->columns = ARENA_ARRAY(s->arena, s->column_count + 1, struct weighed);
    for (size_t i = 0; i < s->column_count; i++) {
        struct weighed *c = &s->columns[i];
        int rc;
        c->header = arena_copy(s->arena, suggest_cell(header, i).text);
        c->folded = suggest_fold_outside(c->header, s->arena);
        c->unusable = !can_be_named(c->header) || c->folded.n == 0;
        for (size_t before = 0; before < i && c->header.n; before++)
            c->twin = c->twin || slice_equal(feed_fold(s->columns[before].header, s->arena),
                                             feed_fold(c->header, s->arena));
        suggest_words(c->folded, &c->words);
        if ((rc = take_contents(s, lexicon, i, e)) < 0)
            return rc;
    }
    return 0;
}

static void find_like(struct suggesting *s)
{
    struct slice *headers = ARENA_ARRAY(s->arena, s->column_count + 1, struct slice);

    for (size_t i = 0; i < s->column_count; i++)
        headers[i] = s->columns[i].folded;
    s->like = suggest_like(s->known, headers, s->column_count, &s->likeness);
    s->rival = suggest_has_rival(s->known, s->like, s->likeness, headers, s->column_count);
}

/* Reasons of the use that was chosen, then those that hold whatever the use. */
static void tell_column(struct suggesting *s, const struct weighed *c, struct suggest_column *ret)
{
    size_t chosen = c->use == USE_NONE ? 0 : c->reason_count[c->use];
    size_t others = c->reason_count[USE_NONE];
    struct suggest_reason *reasons = ARENA_ARRAY(s->arena, chosen + others + 1,
                                                 struct suggest_reason);

    if (chosen)
        memcpy(reasons, c->reasons[c->use], chosen * sizeof *reasons);
    memcpy(reasons + chosen, c->reasons[USE_NONE], others * sizeof *reasons);
    *ret = (struct suggest_column){.header = c->header,
                                   .use = suggest_uses[c->use],
                                   .form = c->form,
                                   .sureness = c->use == USE_NONE ? 0 : c->sureness,
                                   .reasons = reasons,
                                   .reason_count = chosen + others,
                                   .contents = c->contents,
                                   .sensitive = c->sensitive,
                                   .values = c->codes,
                                   .value_count = c->code_count};
}

static void tell(struct suggesting *s, uint64_t header_number, struct suggestion *ret)
{
    struct suggest_column *columns = ARENA_ARRAY(s->arena, s->column_count + 1,
                                                 struct suggest_column);
    struct suggest_reason *reasons = ARENA_ARRAY(s->arena, s->kind_reason_count + 1,
                                                 struct suggest_reason);

    for (size_t i = 0; i < s->column_count; i++)
        tell_column(s, &s->columns[i], &columns[i]);
    memcpy(reasons, s->kind_reasons, s->kind_reason_count * sizeof *reasons);
    *ret = (struct suggestion){.like = s->like,
                               .likeness = s->likeness,
                               .kind = s->kind,
                               .kind_reasons = reasons,
                               .kind_reason_count = s->kind_reason_count,
                               .header_number = header_number,
                               .columns = columns,
                               .column_count = s->column_count,
                               .mapping = suggest_print(s)};
}

int suggest(const struct feed_library *known, const struct detect_lexicon *lexicon,
            const struct sheet_row *rows, size_t count, struct slice department, struct slice name,
            struct arena *arena, struct suggestion *ret, struct error *e)
{
    struct suggesting s = {.known = known, .department = department, .name = name, .arena = arena};
    size_t header = 0;
    int rc;

    count = count < SUGGEST_SAMPLE ? count : SUGGEST_SAMPLE;
    if ((rc = suggest_header(known, rows, count, arena, &header, e)) < 0)
        return rc;
    take_rows(&s, rows, count, header);
    if ((rc = take_columns(&s, lexicon, &rows[header], e)) < 0)
        return rc;
    find_like(&s);
    suggest_weigh(&s);
    suggest_assign(&s);
    suggest_kind(&s);
    suggest_settle(&s);
    suggest_codes(&s);
    tell(&s, rows[header].number, ret);
    return 0;
}

/* ---- reasons as sentences ---- */

/* The sentence with {hits}, {cells} and {what} filled in; translations have them in their own order. */
const char *suggest_reason_text(const struct suggest_reason *r, enum language language,
                                struct arena *arena)
{
    const char *from = text_in(language, r->msgid);
    size_t room = strlen(from) + r->what.n + 64, n = 0;
    char *to = arena_take(arena, room), figure[24];

    while (*from) {
        struct slice put = {from, 1};
        size_t step = 1;
        if (strncmp(from, "{hits}", 6) == 0) {
            snprintf(figure, sizeof figure, "%lld", (long long)r->hits);
            put = slice_from(figure);
            step = 6;
        } else if (strncmp(from, "{cells}", 7) == 0) {
            snprintf(figure, sizeof figure, "%lld", (long long)r->cells);
            put = slice_from(figure);
            step = 7;
        } else if (strncmp(from, "{what}", 6) == 0) {
            put = r->what.p ? r->what : SLICE_LITERAL("");
            step = 6;
        }
        if (n + put.n + 1 > room)
            break;
        memcpy(to + n, put.p, put.n);
        n += put.n;
        from += step;
    }
    to[n] = 0;
    return to;
}
