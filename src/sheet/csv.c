/* CSV as departments write it. Commas, quotes and line ends are never part of a character in UTF-8 or GB 18030,
 * so rows are cut from the bytes as they stand, and each row is decoded by itself: a row of another encoding costs
 * that row. The rules are those of base/csv.h. */
#include "base/utf8.h"
#include "sheet/decode.h"
#include "sheet/parse.h"

#include <stdlib.h>

struct csv {
    struct parse *p;
    enum encoding encoding;
    bool undecided; /* nothing but ASCII so far */
    char separator;
    const char *at, *end;
    uint64_t line;
};

/* A row of bytes. */
struct cut {
    const char *end, *next; /* of the row without its line end; of the row after it */
    const char *fault;      /* msgid; NULL: well formed */
    bool quoted;            /* there is a quote in it */
    bool unended;           /* the file ends within a quoted cell of its last line */
};

/* ---- cutting ---------------------------------------------------------------------------------------- */

static uint64_t count_lines(const char *p, const char *end)
{
    uint64_t n = 0;

    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        n++;
        p++;
    }
    return n;
}

static struct cut cut_at(const char *begin, const char *lf, const char *end)
{
    struct cut c = {.end = lf ? lf : end, .next = lf ? lf + 1 : end};

    if (c.end > begin && c.end[-1] == '\r')
        c.end--;
    return c;
}

static const char *closing(const char *p, const char *end)
{
    while ((p = p < end ? memchr(p, '"', (size_t)(end - p)) : NULL)) {
        if (p + 1 >= end || p[1] != '"')
            return p;
        p += 2;
    }
    return NULL;
}

/* The line end behind `from`, or the row's bound. */
static const char *line_end(const char *from, const char *end)
{
    return from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
}

/* A row with quotes. What is wrong ends with the line in which the trouble began. */
static struct cut cut_quoted(const struct csv *r)
{
    const char *p = r->at, *bound = r->end;

    if ((size_t)(bound - p) > SHEET_ROW_MAX)
        bound = p + SHEET_ROW_MAX;
    for (;;) {
        const char *open = p, *fault = NULL;
        if (p < bound && *p == '"') {
            const char *close = closing(p + 1, bound);
            if (!close)
                fault = N_("a quote that is opened here is not closed");
            else
                p = close + 1;
            if (close && p < bound && *p != r->separator && *p != '\r' && *p != '\n')
                fault = N_("text after the closing quote of a cell");
        } else {
            while (p < bound && *p != r->separator && *p != '\r' && *p != '\n' && *p != '"')
                p++;
            if (p < bound && *p == '"')
                fault = N_("a quote inside a cell that is not quoted");
        }
        if (!fault && p + 1 < bound && *p == '\r' && p[1] != '\n')
            fault = N_("a carriage return without a line feed");
        if (fault) {
            struct cut c = cut_at(r->at, line_end(open, r->end), r->end);
            c.fault = fault;
            c.unended = *open == '"' && p == open && bound == r->end && c.next == r->end &&
                        (c.end == r->end || r->end[-1] != '\n');
            return c;
        }
        if (p < bound && *p == '\r')
            p++;
        if (p >= bound || *p == '\n') {
            struct cut c = cut_at(r->at, p < bound ? p : NULL, bound);
            c.quoted = true;
            return c;
        }
        p++; /* the separator */
    }
}

static struct cut cut_row(const struct csv *r)
{
    const char *lf = line_end(r->at, r->end);
    struct cut c = cut_at(r->at, lf, r->end);

    if (memchr(r->at, '"', (size_t)(c.end - r->at)))
        c = cut_quoted(r);
    if (!c.fault && (size_t)(c.end - r->at) > SHEET_ROW_MAX)
        c.fault = N_("the row is too long");
    if (!c.fault && memchr(r->at, '\0', (size_t)(c.end - r->at)))
        c.fault = N_("a NUL byte");
    return c;
}

/* ---- decoding --------------------------------------------------------------------------------------- */

static bool has_three_byte_character(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0xE0)
            return true;
    return false;
}

static bool high(struct slice s)
{
    uint64_t all = 0, eight;
    size_t i = 0;

    for (; i + 8 <= s.n; i += 8) {
        memcpy(&eight, s.p + i, 8);
        all |= eight;
    }
    for (; i < s.n; i++)
        all |= (uint64_t)(unsigned char)s.p[i];
    return (all & 0x8080808080808080u) != 0;
}

static int other_encoding(struct csv *r, struct slice raw, const char *what, const char *remedy)
{
    struct error reason = {.language = r->p->e->language};

    error_set(&reason, ERR_ENCODING, N_("line %llu: %s"), (unsigned long long)r->line,
              text_in(reason.language, what));
    error_hint(&reason, "%s", text_in(reason.language, remedy));
    return parse_refuse(r->p, r->line, raw, &reason);
}

/* A row of GB 18030 as UTF-8 at the end of text; its size, SIZE_MAX: no such text. */
static size_t decode_gb(struct slice raw, char *out)
{
    size_t at, n;

    n = gb18030_decode(raw, out, &at);
    return at == raw.n ? n : SIZE_MAX;
}

/* A row of GB 18030 that came among UTF-8, for its place in the quarantine: as the text that it is. */
static int refuse_gb(struct csv *r, struct slice raw)
{
    ARENA_AUTO(scratch);
    char *out = arena_take(&scratch, 2 * raw.n + 8);
    size_t n = decode_gb(raw, out);

    return other_encoding(r, n == SIZE_MAX ? raw : (struct slice){out, n},
                          n == SIZE_MAX ? N_("bytes that are no text in this encoding")
                                        : N_("this row is GB 18030 in a file of UTF-8"),
                          N_("Save the whole file in one encoding and hand it in again."));
}

/* The row's text in UTF-8: the bytes themselves, or in p->text. 1: `*ret`; else the row was told as refused, with
 * what the sink answered in *told. */
static int decode(struct csv *r, struct slice raw, struct slice *ret, int *told)
{
    bool utf8 = !high(raw) || utf8_valid_prefix(raw) == raw.n;

    *ret = raw;
    if (!high(raw))
        return 1;
    if (r->undecided && r->encoding == ENCODING_UTF8 && !utf8)
        r->encoding = ENCODING_GB18030;
    r->undecided = false;
    if (r->encoding == ENCODING_UTF8) {
        if (!utf8)
            *told = refuse_gb(r, raw);
        return utf8;
    }
    if (utf8 && has_three_byte_character(raw)) {
        *told = other_encoding(r, raw, N_("this row is UTF-8 in a file of GB 18030"),
                               N_("Save the whole file in one encoding and hand it in again."));
        return 0;
    }
    parse_room(r->p, 2 * raw.n + 8);
    size_t n = decode_gb(raw, r->p->text);
    if (n == SIZE_MAX) {
        *told = other_encoding(r, raw, N_("bytes that are no text in this encoding"),
                               N_("Ask the department for the file as it was saved."));
        return 0;
    }
    r->p->text_n = n;
    *ret = (struct slice){r->p->text, n};
    return 1;
}

/* ---- cells --------------------------------------------------------------------------------------- */

static int refuse(struct csv *r, struct slice raw, enum error_code code, const char *what)
{
    struct error reason = {.language = r->p->e->language};

    error_set(&reason, code, N_("line %llu: %s"), (unsigned long long)r->line,
              text_in(reason.language, what));
    return parse_refuse(r->p, r->line, raw, &reason);
}

static int plain_row(struct csv *r, struct slice text)
{
    const char *p = text.p, *end = text.p + text.n;
    size_t count = 0;

    for (;;) {
        const char *mark = p < end ? memchr(p, r->separator, (size_t)(end - p)) : NULL;
        if (count == SHEET_COLUMNS_MAX)
            return refuse(r, text, ERR_CSV, N_("more cells than a row may have"));
        r->p->cells[count++] = (struct sheet_cell){{p, (size_t)((mark ? mark : end) - p)},
                                                   CELL_TEXT};
        if (!mark)
            break;
        p = mark + 1;
    }
    /* With commas the row is RFC 4180 as it stands, but for what its trailing empty cells say. */
    return parse_tell(r->p, r->line, count, r->separator == ',' ? text : SLICE_NONE);
}

static int quoted_row(struct csv *r, struct slice text)
{
    const char *p = text.p, *end = text.p + text.n;
    struct parse *parse = r->p;
    ptrdiff_t within = text.p == parse->text ? 0 : -1; /* the text may move when room is made */
    size_t count = 0;

    parse_room(parse, text.n + 1);
    if (within == 0) {
        p = parse->text;
        end = p + text.n;
        text.p = p;
    } else {
        parse->text_n = 0;
    }
    for (;; p++) {
        if (count == SHEET_COLUMNS_MAX)
            return refuse(r, text, ERR_CSV, N_("more cells than a row may have"));
        const char *begin = p;
        struct slice cell;
        if (p < end && *p == '"') {
            const char *close = closing(p + 1, end);
            char *out = parse->text + parse->text_n;
            for (begin++; begin < close; begin++) {
                parse->text[parse->text_n++] = *begin;
                begin += *begin == '"';
            }
            cell = (struct slice){out, (size_t)(parse->text + parse->text_n - out)};
            p = close + 1;
        } else {
            while (p < end && *p != r->separator)
                p++;
            cell = (struct slice){begin, (size_t)(p - begin)};
        }
        parse->cells[count++] = (struct sheet_cell){cell, CELL_TEXT};
        if (p >= end)
            break;
    }
    return parse_tell(parse, r->line, count, r->separator == ',' ? text : SLICE_NONE);
}

static int take_row(struct csv *r, const struct cut *c)
{
    struct slice raw = {r->at, (size_t)(c->end - r->at)}, text;
    int told = 0;

    r->p->text_n = 0;
    if (raw.n == 0)
        return 0;
    if (c->unended) {
        error_set(r->p->e, ERR_SHEET_CUT,
                  N_("line %llu: a quote that is opened here is not closed"),
                  (unsigned long long)r->line);
        return error_hint(r->p->e, N_("Hand in the file again; its end is missing or damaged."));
    }
    if (c->fault)
        return refuse(r, raw, (size_t)(c->end - r->at) > SHEET_ROW_MAX ? ERR_TOO_LONG : ERR_CSV,
                      c->fault);
    if (!decode(r, raw, &text, &told))
        return told;
    if (memchr(text.p, '\r', text.n) && !c->quoted)
        return refuse(r, text, ERR_CSV, N_("a carriage return without a line feed"));
    return c->quoted ? quoted_row(r, text) : plain_row(r, text);
}

/* ---- the file -------------------------------------------------------------------------------------- */

/* Comma, tab or semicolon: whichever the first lines have most of. */
static char guess_separator(struct slice bytes)
{
    size_t count[3] = {0}, lines = 0;
    static const char marks[] = {',', '\t', ';'};

    for (size_t i = 0; i < bytes.n && lines < 20; i++) {
        lines += bytes.p[i] == '\n';
        for (int m = 0; m < 3; m++)
            count[m] += bytes.p[i] == marks[m];
    }
    if (count[1] > count[0])
        return count[2] > count[1] ? ';' : '\t';
    return count[2] > count[0] ? ';' : ',';
}

static int named_encoding(struct csv *r, const char *name)
{
    if (strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0)
        r->encoding = ENCODING_UTF8;
    else if (strcasecmp(name, "gb18030") == 0 || strcasecmp(name, "gbk") == 0 ||
             strcasecmp(name, "gb2312") == 0)
        r->encoding = ENCODING_GB18030;
    else
        return error_set(r->p->e, ERR_ENCODING, N_("no encoding is named \"%s\""), name);
    return 0;
}

static int read_rows(struct csv *r)
{
    int rc = 0;

    while (rc == 0 && r->at < r->end) {
        struct cut c = cut_row(r);
        rc = take_row(r, &c);
        r->line += count_lines(r->at, c.next);
        r->at = c.next;
    }
    return rc;
}

int parse_csv(struct parse *p, struct slice bytes)
{
    struct csv r = {.p = p, .line = 1};
    size_t mark, n;
    char *decoded = NULL;
    int rc = 0;

    r.encoding = encoding_guess(bytes, &mark);
    if (p->options->encoding && mark == 0)
        rc = named_encoding(&r, p->options->encoding);
    if (rc < 0)
        return rc;
    bytes = (struct slice){bytes.p + mark, bytes.n - mark};
    if (bytes.n == 0)
        return error_set(p->e, ERR_FILE_EMPTY, NULL);
    struct sheet_nature nature = {
        .format = "csv", .encoding = encoding_name(r.encoding), .sheet = ""};
    if (p->sink->nature)
        p->sink->nature(p->sink->context, &nature);
    if (r.encoding == ENCODING_UTF16LE || r.encoding == ENCODING_UTF16BE) {
        if (!(decoded = utf16_decode(bytes, r.encoding == ENCODING_UTF16BE, &n)))
            return error_set(p->e, ERR_MEMORY, NULL);
        bytes = (struct slice){decoded, n};
        r.encoding = ENCODING_UTF8;
    }
    r.undecided = r.encoding == ENCODING_ASCII;
    if (r.undecided)
        r.encoding = ENCODING_UTF8;
    r.separator = guess_separator(bytes);
    r.at = bytes.p;
    r.end = bytes.p + bytes.n;
    rc = read_rows(&r);
    free(decoded);
    return rc;
}
