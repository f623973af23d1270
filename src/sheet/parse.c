#include "sheet/parse.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void parse_room(struct parse *p, size_t n)
{
    if (p->text_n + n <= p->text_capacity)
        return;
    while (p->text_capacity < p->text_n + n)
        p->text_capacity = p->text_capacity ? 2 * p->text_capacity : 65536;
    char *old = p->text, *grown = realloc(old, p->text_capacity);
    if (!grown)
        abort();
    p->text = grown;
}

static bool needs_quotes(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == ',' || s.p[i] == '"' || s.p[i] == '\n' || s.p[i] == '\r')
            return true;
    return false;
}

#define DIGITS_KEPT 15 /* of a number, by a spreadsheet */
#define NATURE_MAX 32  /* bytes more than the text has */

/* A row is kept as texts, and may be read once more by them alone. So that no formula and no number that has lost its
 * last digits becomes a good value thereby, these two are written as what they are. */
static size_t write_nature(const struct sheet_cell *cell, char *out)
{
    struct slice s = cell->text;
    size_t digits = 0;

    for (size_t i = 0; i < s.n; i++)
        digits += s.p[i] >= '0' && s.p[i] <= '9';
    if (cell->kind == CELL_FORMULA && (s.n == 0 || s.p[0] != '=')) {
        out[0] = '=';
        return 1;
    }
    if (cell->kind == CELL_NUMBER && digits > DIGITS_KEPT && digits == s.n && s.n < NATURE_MAX) {
        char number[NATURE_MAX];
        memcpy(number, s.p, s.n);
        number[s.n] = '\0';
        return (size_t)snprintf(out, NATURE_MAX, "%.16E", strtod(number, NULL));
    }
    return 0;
}

/* The cells as a row of RFC 4180, behind what text holds. The cells' own texts lie in it and move with it. */
static struct slice join(struct parse *p, size_t count)
{
    size_t need = count + 1, begin;
    const char *before = p->text;

    for (size_t i = 0; i < count; i++)
        need += 2 * p->cells[i].text.n + 2 + NATURE_MAX;
    parse_room(p, need);
    for (size_t i = 0; i < count && before != p->text; i++)
        if (p->cells[i].text.p >= before && p->cells[i].text.p <= before + p->text_n)
            p->cells[i].text.p = p->text + (p->cells[i].text.p - before);
    begin = p->text_n;
    for (size_t i = 0; i < count; i++) {
        struct slice s = p->cells[i].text;
        bool quoted = needs_quotes(s);
        if (i > 0)
            p->text[p->text_n++] = ',';
        if (quoted)
            p->text[p->text_n++] = '"';
        size_t nature = write_nature(&p->cells[i], p->text + p->text_n);
        p->text_n += nature;
        if (nature > 1) /* instead of the text */
            s.n = 0;
        for (size_t j = 0; j < s.n; j++) {
            if (s.p[j] == '"')
                p->text[p->text_n++] = '"';
            p->text[p->text_n++] = s.p[j];
        }
        if (quoted)
            p->text[p->text_n++] = '"';
    }
    return (struct slice){p->text + begin, p->text_n - begin};
}

int parse_tell(struct parse *p, uint64_t line, size_t count, struct slice raw)
{
    while (count > 0 && p->cells[count - 1].text.n == 0)
        count--;
    if (count == 0)
        return 0; /* blank */
    if (!raw.p)
        raw = join(p, count);
    struct sheet_row row = {p->cells, count, line, ++p->number, raw};
    return p->sink->row(p->sink->context, &row, NULL);
}

int parse_refuse(struct parse *p, uint64_t line, struct slice raw, const struct error *reason)
{
    if (raw.n > SHEET_ROW_MAX)
        raw.n = SHEET_ROW_MAX;
    p->text_n = 0;
    parse_room(p, 3 * raw.n + 1);
    while (raw.n > 0) {
        size_t good = utf8_valid_prefix(raw);
        memcpy(p->text + p->text_n, raw.p, good);
        p->text_n += good;
        if (good < raw.n) {
            memcpy(p->text + p->text_n, "\xEF\xBF\xBD", 3);
            p->text_n += 3;
            good++;
        }
        raw = (struct slice){raw.p + good, raw.n - good};
    }
    struct sheet_row row = {p->cells, 0, line, ++p->number, {p->text, p->text_n}};
    return p->sink->row(p->sink->context, &row, reason);
}

/* ---- which format --------------------------------------------------------------------------------- */

static bool begins(struct slice bytes, const char *with)
{
    size_t n = strlen(with);

    return bytes.n >= n && memcmp(bytes.p, with, n) == 0;
}

static int no_sheet(struct error *e, const char *what, const char *remedy)
{
    error_set(e, ERR_SHEET, "%s", text_in(e->language, what));
    return error_hint(e, "%s", text_in(e->language, remedy));
}

int sheet_parse(struct slice bytes, const struct sheet_options *o, const struct sheet_sink *sink,
                struct error *e)
{
    static const char xlsx_remedy[] = N_("Open it in a spreadsheet program and save it as .xlsx.");
    struct parse p = {.options = o, .sink = sink, .e = e};
    struct slice text = bytes;
    int rc;

    while (text.n > 0 && strchr(" \t\r\n", text.p[0]))
        text = (struct slice){text.p + 1, text.n - 1};
    if (text.n == 0)
        return error_set(e, ERR_FILE_EMPTY, NULL);
    if (begins(bytes, "\xD0\xCF\x11\xE0"))
        return no_sheet(e, N_("it is an .xls workbook, or one that is protected by a password"),
                        xlsx_remedy);
    if (begins(text, "<") || begins(text, "\xEF\xBB\xBF<"))
        return no_sheet(e, N_("it is a web page or XML, whatever its name says"), xlsx_remedy);
    if (begins(bytes, "%PDF") || begins(bytes, "Rar!") || begins(bytes, "\x1F\x8B") ||
        begins(bytes, "7z\xBC\xAF"))
        return no_sheet(e, N_("it is neither a workbook nor text"), xlsx_remedy);
    parse_room(&p, 65536);
    rc = begins(bytes, "PK\x03\x04") || begins(bytes, "PK\x05\x06") ? parse_xlsx(&p, bytes)
                                                                    : parse_csv(&p, bytes);
    free(p.text);
    return rc;
}
