/* A mapping from any text, and any cells by fixed mappings. A mapping that is refused says where and how to mend it; one
 * that is taken prints to a text that reads as the same, and reads any row without harm. What follows a NUL is a
 * row; before the first stands the mapping. */
#include "intake/feed.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

/* Each form once. */
static const char fixed[] =
    "feed: every-form\n"
    "title: {zh: 每种形式, en: Every form}\n"
    "department: health\n"
    "columns:\n"
    "  a: {named: [a]}\n"
    "  b: {named: [b], form: id_number}\n"
    "  c: {named: [c], form: date}\n"
    "  d: {named: [d], form: month}\n"
    "  e: {named: [e], form: term, unit: month}\n"
    "  f: {named: [f], form: code, codes: {在: imprisoned, 无: dead}, otherwise: deported}\n"
    "  g: {named: [g], form: number}\n"
    "  h: {named: [h], form: division}\n"
    "  i: {named: [i], form: icd}\n"
    "  j: {named: [j], form: moment}\n"
    "  k: {named: [k], form: date, last_day: yes}\n"
    "records:\n"
    "  - {kind: \"{f}\", record_key: \"{a}-{g}\", id_no: \"{b}\", from: \"{c}\", to: \"{k}\", "
    "value: \"{e}\",\n"
    "     division: \"{h}\", birth_date: \"{c}\", revision: \"{j}\", unless: {g: \"0\"}}\n"
    "  - {kind: self_harm_visit, record_key: \"{a}\", id_no: \"{b}\", from: \"{d}\", value: "
    "\"{i}\", withdrawn: {a: \"\"}}\n";

/* Cells are separated by newlines; a cell's first byte says its kind where it is a control character. */
static size_t split(struct slice text, struct sheet_cell *cells, size_t max)
{
    size_t count = 0;

    for (size_t i = 0; i <= text.n && count < max; i++) {
        size_t start = i;
        while (i < text.n && text.p[i] != '\n')
            i++;
        struct slice s = {text.p ? text.p + start : "", i - start};
        bool kind = s.n > 0 && s.p[0] > 0 && s.p[0] <= CELL_ERROR;
        cells[count++] = (struct sheet_cell){{s.p + kind, s.n - kind},
                                             kind ? (enum sheet_cell_kind)s.p[0] : CELL_TEXT};
    }
    return count;
}

static void read_row(const struct feed *f, struct slice text, struct arena *arena)
{
    struct sheet_cell cells[FEED_COLUMNS_MAX];
    struct feed_cells records[FEED_RECORDS_MAX];
    struct slice header[FEED_COLUMNS_MAX] = {{NULL, 0}};
    struct feed_places places = {.width = f->column_count, .header = header};
    struct error e = {.language = LANGUAGE_EN};
    size_t count = split(text, cells, FEED_COLUMNS_MAX), made;
    int column;

    for (size_t i = 0; i < f->column_count; i++) {
        places.place[i] = (int)i;
        header[i] = f->columns[i].named[0];
    }
    int rc = feed_convert(f, &places, cells, count, arena, records, &made, &column, &e);
    if (rc < 0) {
        MUST(column >= 0 && (size_t)column < f->column_count && e.detail[0] && e.hint[0]);
        return;
    }
    MUST(made <= f->record_count);
    for (size_t i = 0; i < made; i++) {
        struct record checked;
        day d;
        MUST(records[i].cells[RECORD_KIND].n > 0);
        MUST(records[i].cells[RECORD_FROM].n == 0 || day_parse(records[i].cells[RECORD_FROM], &d));
        MUST(records[i].cells[RECORD_TO].n == 0 || day_parse(records[i].cells[RECORD_TO], &d));
        record_check(records[i].cells, arena, &checked, &column, &e);
    }
}

static void read_rows(const struct feed *f, struct slice rows, struct arena *arena)
{
    for (size_t i = 0; i <= rows.n; i++) {
        size_t begin = i;
        while (i < rows.n && rows.p[i] != '\0')
            i++;
        read_row(f, (struct slice){rows.p + begin, i - begin}, arena);
    }
}

static void read_header(const struct feed *f, struct arena *arena)
{
    struct sheet_cell cells[FEED_COLUMNS_MAX];
    struct feed_places places;

    for (size_t i = 0; i < f->column_count; i++)
        cells[i] = (struct sheet_cell){f->columns[i].named[f->columns[i].named_count - 1],
                                       CELL_TEXT};
    MUST(feed_match_header(f, &(struct sheet_row){.cells = cells, .count = f->column_count}, arena,
                           &places));
    MUST(places.missing_count == 0 && places.unknown_count == 0 &&
         places.matched == f->column_count);
    for (size_t i = 0; i < f->column_count; i++)
        MUST(feed_column_of(f, cells[i].text) == (int)i);
    for (size_t i = 0; i < f->ignored_count; i++)
        MUST(feed_column_of(f, f->ignored[i]) != -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(a);
    struct error e = {.language = size % 2 ? LANGUAGE_ZH : LANGUAGE_EN};
    struct slice text = {(const char *)data, size}, rows = SLICE_LITERAL("");
    const char *nul = size ? memchr(data, '\0', size) : NULL;
    struct feed *f, *again;

    if (nul) {
        rows = (struct slice){nul + 1, size - (size_t)(nul + 1 - text.p)};
        text.n = (size_t)(nul - text.p);
        MUST(feed_parse(&(struct source){"fixed", slice_from(fixed)}, &a, &f, &e) == 0);
        read_rows(f, rows, &a);
    }
    int rc = feed_parse(&(struct source){"fuzz", text}, &a, &f, &e);
    if (rc < 0) {
        MUST(rc == -ERR_MAPPING && e.detail[0] != '\0');
        return 0;
    }
    struct slice printed = feed_print(f, &a);
    MUST(feed_parse(&(struct source){"printed", printed}, &a, &again, &e) == 0);
    MUST(slice_equal(feed_print(again, &a), printed));
    read_header(f, &a);
    read_rows(f, rows, &a);
    return 0;
}
