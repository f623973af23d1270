/* A workbook's rows (ECMA-376, SpreadsheetML). */
#include "base/day.h"
#include "sheet/book.h"
#include "sheet/parse.h"
#include "sheet/xml.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SHEET_XML_MAX (4ull << 30)
#define FROM_1900 (-25569) /* 1899-12-30, as a day */
#define FROM_1904 (-24107) /* 1904-01-01 */

struct rows {
    struct parse *p;
    const struct book *book;
    uint64_t row; /* the row's own number */
    size_t count; /* cells of the row so far, gaps included */
    size_t column,
        next;  /* of the cell that is read; of one behind it that does not say where it is */
    char type; /* of the cell: n s i(nline) t(string of a formula) b e d */
    bool date, formula;
    bool in_value, in_text;
    int phonetic;
    size_t begin; /* of the cell's text, in p->text */
    struct {
        size_t begin, n;
    } at[SHEET_COLUMNS_MAX]; /* texts move while the row grows */
    bool too_long;
};

/* ---- numbers and days ------------------------------------------------------------------------------- */

/* The shortest form that reads back as the same number. */
static int print_number(double v, char out[40])
{
    if (fabs(v) < 1e21 && v == floor(v))
        return snprintf(out, 40, "%.0f", v);
    int n = snprintf(out, 40, "%.15g", v);
    if (strtod(out, NULL) != v)
        n = snprintf(out, 40, "%.17g", v);
    return n;
}

/* Days since 1899-12-30 (or 1904-01-01); the 29 February 1900 that never was has number 60. */
static int print_day(double v, bool from_1904, char out[40])
{
    double whole = floor(v);
    long second = lround((v - whole) * 86400);
    day date;
    char text[DAY_TEXT];

    if (!(v >= 0) || v >= 2958466) /* 10000-01-01 */
        return print_number(v, out);
    if (second == 86400) {
        second = 0;
        whole += 1;
    }
    if (from_1904)
        date = FROM_1904 + (day)whole;
    else if (whole < 60)
        date = FROM_1900 + 1 + (day)whole;
    else
        date = FROM_1900 + (day)whole;
    if (second == 0)
        return snprintf(out, 40, "%s", day_format(date, text));
    return snprintf(out, 40, "%sT%02ld:%02ld:%02ld", day_format(date, text), second / 3600,
                    second / 60 % 60, second % 60);
}

/* ---- cells ----------------------------------------------------------------------------------------- */

/* "BC12": its column from 0; SIZE_MAX where there are too many, or none. */
static size_t column_of(const char *reference)
{
    size_t column = 0;

    for (; *reference >= 'A' && *reference <= 'Z' && column < 100000; reference++)
        column = column * 26 + (size_t)(*reference - 'A' + 1);
    return column - 1;
}

static void put(struct rows *r, const char *text, size_t n)
{
    if (r->p->text_n + n > SHEET_ROW_MAX) {
        r->too_long = true;
        return;
    }
    parse_room(r->p, n + 1);
    memcpy(r->p->text + r->p->text_n, text, n);
    r->p->text_n += n;
}

/* What was written as the value becomes the text. */
static enum sheet_cell_kind finish(struct rows *r)
{
    struct parse *p = r->p;
    char number[64];
    size_t n = p->text_n - r->begin;

    if (r->type == 's') {
        snprintf(number, sizeof(number), "%.*s", n < 20 ? (int)n : 20, p->text + r->begin);
        p->text_n = r->begin;
        struct slice s = book_string(r->book, strtoul(number, NULL, 10));
        put(r, s.p, s.n);
        return CELL_TEXT;
    }
    if (r->type == 'b') {
        bool on = n == 1 && p->text[r->begin] == '1';
        p->text_n = r->begin;
        put(r, on ? "TRUE" : "FALSE", on ? 4 : 5);
        return CELL_BOOLEAN;
    }
    if (r->type == 'e')
        return CELL_ERROR;
    if (r->type == 'd')
        return CELL_DATE;
    if (r->type != 'n')
        return CELL_TEXT;
    if (n == 0 || n > 40)
        return CELL_TEXT;
    memcpy(number, p->text + r->begin, n);
    number[n] = '\0';
    char *end;
    double v = strtod(number, &end);
    if (*end || !isfinite(v))
        return CELL_TEXT;
    char out[40];
    int size = r->date ? print_day(v, r->book->from_1904, out) : print_number(v, out);
    p->text_n = r->begin;
    put(r, out, (size_t)size);
    return r->date ? CELL_DATE : CELL_NUMBER;
}

static void begin_cell(struct rows *r, const char **attributes)
{
    const char *reference = xml_attribute(attributes, "r"), *type = xml_attribute(attributes, "t"),
               *style = xml_attribute(attributes, "s");
    size_t s = style ? strtoul(style, NULL, 10) : 0;

    r->column = reference ? column_of(reference) : r->next;
    r->next = r->column + 1;
    r->type = !type                            ? 'n'
              : strcmp(type, "str") == 0       ? 't'
              : strcmp(type, "inlineStr") == 0 ? 'i'
                                               : type[0];
    r->date = s < r->book->style_count && r->book->dates[s];
    r->formula = false;
    r->begin = r->p->text_n;
}

static void end_cell(struct rows *r)
{
    enum sheet_cell_kind kind = finish(r);
    size_t n = r->p->text_n - r->begin;

    if (n == 0 && !r->formula)
        return;
    if (r->column >= SHEET_COLUMNS_MAX) {
        r->too_long |= n > 0;
        return;
    }
    while (r->count <= r->column) {
        r->p->cells[r->count].kind = CELL_TEXT;
        r->at[r->count].n = 0;
        r->count++;
    }
    r->p->cells[r->column].kind = r->formula ? CELL_FORMULA : kind;
    r->at[r->column].begin = r->begin;
    r->at[r->column].n = n;
}

/* ---- rows --------------------------------------------------------------------------------------------- */

static int end_row(struct rows *r)
{
    struct parse *p = r->p;

    for (size_t i = 0; i < r->count; i++)
        p->cells[i].text = r->at[i].n ? (struct slice){p->text + r->at[i].begin, r->at[i].n}
                                      : SLICE_LITERAL("");
    if (!r->too_long)
        return parse_tell(p, r->row, r->count, SLICE_NONE);
    struct error reason = {.language = p->e->language};
    error_set(&reason, ERR_TOO_LONG, N_("row %llu has more cells or text than a row may have"),
              (unsigned long long)r->row);
    ARENA_AUTO(scratch);
    return parse_refuse(p, r->row, arena_copy(&scratch, (struct slice){p->text, p->text_n}),
                        &reason);
}

static int on_start(void *context, const char *name, const char **attributes)
{
    struct rows *r = context;

    if (strcmp(name, "row") == 0) {
        const char *number = xml_attribute(attributes, "r");
        uint64_t before = r->row;
        r->row = number ? strtoull(number, NULL, 10) : r->row + 1;
        r->count = r->next = 0;
        r->too_long = false;
        r->p->text_n = 0;
        if (r->row > SHEET_XLSX_ROWS_MAX || r->row == 0)
            return error_set(r->p->e, ERR_SHEET_LIMIT, N_("a sheet has at most %u rows"),
                             SHEET_XLSX_ROWS_MAX);
        if (r->row <= before) /* without this their number had no bound */
            return error_set(r->p->e, ERR_SHEET, N_("row %llu of the sheet comes twice"),
                             (unsigned long long)r->row);
    } else if (strcmp(name, "c") == 0) {
        begin_cell(r, attributes);
    } else if (strcmp(name, "v") == 0) {
        r->in_value = true;
    } else if (strcmp(name, "f") == 0) {
        r->formula = true;
    } else if (strcmp(name, "t") == 0) {
        r->in_text = r->type == 'i' && r->phonetic == 0;
    } else if (strcmp(name, "rPh") == 0) {
        r->phonetic++;
    }
    return 0;
}

static int on_end(void *context, const char *name)
{
    struct rows *r = context;

    if (strcmp(name, "v") == 0)
        r->in_value = false;
    else if (strcmp(name, "t") == 0)
        r->in_text = false;
    else if (strcmp(name, "rPh") == 0)
        r->phonetic--;
    else if (strcmp(name, "c") == 0)
        end_cell(r);
    else if (strcmp(name, "row") == 0)
        return end_row(r);
    return 0;
}

static int on_text(void *context, const char *text, size_t n)
{
    struct rows *r = context;

    if (r->in_value || r->in_text)
        put(r, text, n);
    return 0;
}

/* ---- the sheet ------------------------------------------------------------------------------------- */

static const struct book_sheet *choose(const struct book *b, const char *wanted)
{
    for (size_t i = 0; i < b->sheet_count; i++) {
        const struct book_sheet *s = &b->sheets[i];
        if (!s->part || (wanted ? fnmatch(wanted, s->name, FNM_NOESCAPE) != 0 : s->hidden))
            continue;
        return s;
    }
    return NULL;
}

static void tell_nature(const struct parse *p, const struct book *b, const struct book_sheet *sheet)
{
    const char **names = ARENA_ARRAY(b->arena, b->sheet_count + 1, const char *);
    struct sheet_nature nature = {"xlsx", "utf-8", sheet->name, names, b->sheet_count};

    for (size_t i = 0; i < b->sheet_count; i++)
        names[i] = b->sheets[i].name;
    if (p->sink->nature)
        p->sink->nature(p->sink->context, &nature);
}

/* The parts' packed sizes, as the archive's directory says them, fit into the archive together. Where they do not, parts
 * lie over one another, or the sizes are lies; what a part may unfold to is measured by them (xml.c). */
static int check_sizes(zip_t *zip, size_t archive, struct error *e)
{
    uint64_t packed = 0;

    for (zip_int64_t i = 0; i < zip_get_num_entries(zip, 0); i++) {
        zip_stat_t about;
        if (zip_stat_index(zip, (zip_uint64_t)i, 0, &about) < 0)
            return error_set(e, ERR_SHEET_CUT, NULL);
        if (about.comp_size > archive - packed)
            return error_set(e, ERR_SHEET_HOSTILE, "%s",
                             text_in(e->language, N_("the sizes that it says it has cannot be")));
        packed += about.comp_size;
    }
    return 0;
}

static int read_sheet(struct parse *p, zip_t *zip, size_t archive)
{
    ARENA_AUTO(arena);
    struct book book = {0};
    const struct book_sheet *sheet;
    int rc = check_sizes(zip, archive, p->e);

    if (rc >= 0)
        rc = book_read(zip, &arena, &book, p->e);

    if (rc >= 0 && !(sheet = choose(&book, p->options->sheet)))
        rc = error_set(p->e, ERR_SHEET, "%s",
                       text_in(p->e->language,
                               p->options->sheet ? N_("the workbook has no sheet of that name")
                                                 : N_("the workbook has no sheet that is shown")));
    if (rc >= 0) {
        struct rows *r = ARENA_NEW(&arena, struct rows);
        struct xml xml = {r, on_start, on_end, on_text};
        r->p = p;
        r->book = &book;
        tell_nature(p, &book, sheet);
        rc = xml_read(zip, sheet->part, SHEET_XML_MAX, &xml, p->e);
    }
    book_end(&book);
    return rc < 0 ? rc : 0;
}

int parse_xlsx(struct parse *p, struct slice bytes)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &why);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    int rc;

    if (!zip) {
        zip_source_free(source);
        zip_error_fini(&why);
        error_set(p->e, ERR_SHEET_CUT, NULL);
        return error_hint(p->e, N_("Hand in the file again; its end is missing or damaged."));
    }
    rc = read_sheet(p, zip, bytes.n);
    zip_discard(zip);
    zip_error_fini(&why);
    return rc;
}
