#include "base/csv.h"

#include "base/csv_source.h"
#include "base/utf8.h"

#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct csv_reader {
    struct csv_source source;
    size_t at;       /* of the next row, in the window */
    uint64_t line;   /* of the next row */
    uint64_t offset; /* of the window's first byte, in the text */
    bool skipping;   /* the row was too long: what is left of its line is to be dropped */
    char *scratch;   /* cells that held doubled quotes */
    size_t scratch_n;
    struct slice cells[CSV_COLUMNS_MAX];
    size_t expected; /* cells a row must have; 0: any number */
};

/* One attempt at the row that begins at `begin`. */
struct parse {
    const char *begin, *end; /* the text that may be looked at */
    bool last;               /* nothing follows it */
    size_t count;
    const char *row_end, *next; /* set when the row is whole */
    const char *suspect;        /* what is wrong stands here, or was opened here */
    const char *fault;          /* msgid */
    const char *wrong_at;       /* where the fault shows */
    unsigned high;              /* not 0: the row may hold bytes beyond ASCII */
};

enum outcome { ROW_WHOLE, ROW_BAD, ROW_CUT };

static int reader_new(struct csv_reader **ret, struct error *e)
{
    *ret = calloc(1, sizeof **ret);
    if (!*ret)
        return error_set(e, ERR_MEMORY, NULL);
    (*ret)->line = 1;
    return 0;
}

int csv_open(const char *path, const char *encoding, struct csv_reader **ret, struct error *e)
{
    struct csv_reader *r;
    int status = reader_new(&r, e);
    if (status != 0)
        return status;
    status = csv_source_open(&r->source, path, encoding, e);
    if (status != 0)
        free(r);
    else
        *ret = r;
    return status;
}

int csv_open_bytes(struct slice bytes, const char *encoding, struct csv_reader **ret,
                   struct error *e)
{
    struct csv_reader *r;
    int status = reader_new(&r, e);
    if (status != 0)
        return status;
    status = csv_source_open_bytes(&r->source, bytes, encoding, e);
    if (status != 0)
        free(r);
    else
        *ret = r;
    return status;
}

void csv_close(struct csv_reader *r)
{
    if (!r)
        return;
    csv_source_close(&r->source);
    free(r->scratch);
    free(r);
}

uint64_t csv_size(const struct csv_reader *r) { return r->source.size; }

uint64_t csv_consumed(const struct csv_reader *r)
{
    uint64_t waiting = r->source.n - r->at;
    return r->source.taken > waiting ? r->source.taken - waiting : 0;
}

/* The first comma, quote, CR, LF or NUL in [p, end), or end. Notes bytes beyond ASCII; it may note one
 * that stands after the place it returns, which costs no more than a needless look. */
static inline const char *find_mark(const char *p, const char *end, unsigned *high)
{
#ifdef __SSE2__
    const __m128i comma = _mm_set1_epi8(','), quote = _mm_set1_epi8('"'), cr = _mm_set1_epi8('\r'),
                  lf = _mm_set1_epi8('\n'), nul = _mm_setzero_si128();
    for (; end - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)p);
        __m128i line = _mm_or_si128(_mm_cmpeq_epi8(v, cr), _mm_cmpeq_epi8(v, lf));
        __m128i cell = _mm_or_si128(_mm_cmpeq_epi8(v, comma), _mm_cmpeq_epi8(v, quote));
        __m128i any = _mm_or_si128(_mm_or_si128(line, cell), _mm_cmpeq_epi8(v, nul));
        unsigned hits = (unsigned)_mm_movemask_epi8(any);
        *high |= (unsigned)_mm_movemask_epi8(v);
        if (hits)
            return p + __builtin_ctz(hits);
    }
#endif
    for (; p < end; p++) {
        if (*p == ',' || *p == '"' || *p == '\r' || *p == '\n' || *p == '\0')
            return p;
        *high |= (unsigned char)*p & 0x80u;
    }
    return end;
}

static enum outcome bad(struct parse *p, const char *suspect, const char *at, const char *fault)
{
    p->suspect = suspect;
    p->wrong_at = at;
    p->fault = fault;
    return ROW_BAD;
}

/* The closing quote of the cell whose text begins at `text`, or NULL; counts the doubled ones. */
static const char *find_closing(const char *text, const char *end, size_t *ret_doubled)
{
    *ret_doubled = 0;
    while (text < end) {
        const char *quote = memchr(text, '"', (size_t)(end - text));
        if (!quote || quote + 1 == end || quote[1] != '"')
            return quote;
        ++*ret_doubled;
        text = quote + 2;
    }
    return NULL;
}

/* Doubled quotes become single ones, in the scratch memory: the row itself stays as it was, and what
 * the row's cells need together is never more than the row. */
static struct slice undouble(struct csv_reader *r, struct slice cell)
{
    char *place = r->scratch + r->scratch_n, *out = place;
    for (size_t i = 0; i < cell.n; i++) {
        *out++ = cell.p[i];
        if (cell.p[i] == '"')
            i++;
    }
    r->scratch_n += (size_t)(out - place);
    return (struct slice){place, (size_t)(out - place)};
}

/* A quoted cell, from its opening quote at `open`; *ret_after is the byte after the closing one. */
static enum outcome quoted_cell(struct csv_reader *r, struct parse *p, const char *open,
                                const char **ret_after)
{
    size_t doubled, place = p->count++;
    const char *text = open + 1, *close = find_closing(text, p->end, &doubled);
    if (!close || (close + 1 == p->end && !p->last)) {
        p->suspect = open;
        return ROW_CUT;
    }
    size_t n = (size_t)(close - text);
    const char *nul = memchr(text, '\0', n);
    if (nul)
        return bad(p, nul, nul, N_("a NUL byte"));
    struct slice cell = {text, n};
    if (doubled) {
        if (!r->scratch && !(r->scratch = malloc(CSV_ROW_MAX)))
            abort();
        cell = undouble(r, cell);
    }
    p->high = 0x80; /* nobody looked */
    r->cells[place] = cell;
    *ret_after = close + 1;
    return ROW_WHOLE;
}

/* The end of the row, whose line end begins at `mark` (a CR, an LF or the end of the text). */
static enum outcome row_end(struct parse *p, const char *mark, const char *suspect)
{
    p->row_end = mark;
    p->next = mark < p->end ? mark + 1 : mark;
    if (mark == p->end)
        return p->last ? ROW_WHOLE : ROW_CUT;
    if (*mark == '\n' || (p->last && mark + 1 == p->end))
        return ROW_WHOLE;
    if (mark + 1 == p->end)
        return ROW_CUT;
    if (mark[1] != '\n')
        return bad(p, suspect, mark, N_("a carriage return without a line feed"));
    p->next = mark + 2;
    return ROW_WHOLE;
}

static enum outcome parse_row(struct csv_reader *r, struct parse *p)
{
    const char *at = p->begin;
    p->count = 0;
    p->high = 0;
    r->scratch_n = 0;
    for (;;) {
        const char *mark, *suspect = at;
        if (p->count == CSV_COLUMNS_MAX)
            return bad(p, at, at, N_("more cells than a row may have"));
        if (at < p->end && *at == '"') {
            enum outcome o = quoted_cell(r, p, at, &mark);
            if (o != ROW_WHOLE)
                return o;
        } else {
            mark = suspect = find_mark(at, p->end, &p->high);
            r->cells[p->count++] = (struct slice){at, (size_t)(mark - at)};
        }
        if (mark == p->end || *mark == '\n' || *mark == '\r')
            return row_end(p, mark, suspect);
        if (*mark != ',')
            return bad(p, suspect, mark,
                       *mark == '\0'     ? N_("a NUL byte")
                       : suspect == mark ? N_("a quote inside a cell that is not quoted")
                                         : N_("text after the closing quote of a cell"));
        at = mark + 1;
    }
}

static int advance(struct csv_reader *r, struct error *e)
{
    size_t used = r->at;
    int status = csv_source_advance(&r->source, used, e);
    if (status != 0)
        return status;
    r->offset += used;
    r->at = 0;
    return 0;
}

static const char *here(const struct csv_reader *r) { return r->source.text + r->at; }
static size_t left(const struct csv_reader *r) { return r->source.n - r->at; }

static uint64_t count_lines(const char *p, const char *end)
{
    uint64_t lines = 0;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL)
        lines++, p++;
    return lines;
}

static void step_over(struct csv_reader *r, const char *next)
{
    r->line += count_lines(here(r), next);
    r->at = (size_t)(next - r->source.text);
}

/* Drops the rest of a line that was too long. */
static int skip_line(struct csv_reader *r, struct error *e)
{
    for (;;) {
        const char *lf = left(r) ? memchr(here(r), '\n', left(r)) : NULL;
        if (lf) {
            step_over(r, lf + 1);
            break;
        }
        r->at = r->source.n;
        if (r->source.end)
            break;
        int status = advance(r, e);
        if (status != 0)
            return status;
    }
    r->skipping = false;
    return 0;
}

/* "line 12, column 3 (byte 17): …"; the column is the cell's number, both from 1. */
static int refuse(const struct csv_reader *r, enum error_code code, const char *at, size_t column,
                  const char *fault, struct error *e)
{
    const char *line_start = at;
    while (line_start > here(r) && line_start[-1] != '\n')
        line_start--;
    uint64_t line = r->line + count_lines(here(r), line_start);
    return error_set(e, code, N_("line %llu, column %zu (byte %zu): %s"), (unsigned long long)line,
                     column, (size_t)(at - line_start) + 1,
                     text_in(e ? e->language : LANGUAGE_EN, fault));
}

/* The row is not well formed. It ends with the line in which the trouble began, at r->at + suspect. */
static int give_up(struct csv_reader *r, size_t suspect, size_t wrong_at, size_t column,
                   const char *fault, struct csv_row *ret, struct error *e)
{
    const char *lf;
    for (;;) {
        lf = suspect < left(r) ? memchr(here(r) + suspect, '\n', left(r) - suspect) : NULL;
        if (lf || r->source.end || left(r) >= CSV_ROW_MAX)
            break;
        int status = advance(r, e);
        if (status != 0)
            return status;
    }
    const char *end = lf ? lf : here(r) + left(r);
    if ((size_t)(end - here(r)) > CSV_ROW_MAX) {
        lf = NULL;
        end = here(r) + CSV_ROW_MAX;
    }
    r->skipping = !lf && (end < here(r) + left(r) || !r->source.end);
    size_t n = (size_t)(end - here(r));
    int status = refuse(r, ERR_CSV, here(r) + wrong_at, column, fault, e);
    ret->raw = (struct slice){here(r), n && end[-1] == '\r' ? n - 1 : n};
    step_over(r, lf ? lf + 1 : end);
    return status;
}

static int check_encoding(const struct csv_reader *r, const struct parse *p, struct error *e)
{
    struct slice raw = {p->begin, (size_t)(p->row_end - p->begin)};
    size_t good = utf8_valid_prefix(raw);
    if (good == raw.n)
        return 0;
    size_t column = 1;
    bool quoted = false;
    for (size_t i = 0; i < good; i++) {
        quoted ^= raw.p[i] == '"';
        column += raw.p[i] == ',' && !quoted;
    }
    return refuse(r, ERR_ENCODING, raw.p + good, column,
                  N_("bytes that are no text in this encoding"), e);
}

/* What stands at r->at: a row, or the cause why not, or not enough of it yet. */
static enum outcome attempt(struct csv_reader *r, struct parse *p)
{
    size_t n = left(r) < CSV_ROW_MAX ? left(r) : CSV_ROW_MAX;
    *p = (struct parse){
        .begin = here(r), .end = here(r) + n, .last = r->source.end && n == left(r)};
    enum outcome o = parse_row(r, p);
    if (o != ROW_CUT || (n < CSV_ROW_MAX && !r->source.end))
        return o;
    if (p->suspect)
        return bad(p, p->suspect, p->suspect, N_("a quote that is opened here is not closed"));
    return bad(p, p->end, p->begin, N_("the row is too long"));
}

/* Makes sure that the window holds something, without a byte order mark and blank lines. */
static int find_row(struct csv_reader *r, struct error *e)
{
    for (;;) {
        if (r->skipping) {
            int status = skip_line(r, e);
            if (status != 0)
                return status;
        }
        bool first = r->offset + r->at == 0;
        if (first && left(r) >= 3 && memcmp(here(r), "\xEF\xBB\xBF", 3) == 0)
            r->at += 3;
        if (left(r) > 0 && *here(r) == '\n')
            step_over(r, here(r) + 1);
        else if (left(r) > 1 && here(r)[0] == '\r' && here(r)[1] == '\n')
            step_over(r, here(r) + 2);
        else if (left(r) > 3 || (left(r) > 0 && r->source.end))
            return 1;
        else if (r->source.end)
            return 0;
        else {
            int status = advance(r, e);
            if (status != 0)
                return status;
        }
    }
}

void csv_expect_cells(struct csv_reader *r, size_t cells) { r->expected = cells; }

int csv_next(struct csv_reader *r, struct csv_row *ret, struct error *e)
{
    int status = find_row(r, e);
    if (status <= 0)
        return status;
    struct parse p;
    enum outcome o;
    while ((o = attempt(r, &p)) == ROW_CUT) {
        status = advance(r, e);
        if (status != 0)
            return status;
    }
    *ret = (struct csv_row){.cells = r->cells, .line = r->line, .offset = r->offset + r->at};
    if (o == ROW_BAD)
        return give_up(r, (size_t)(p.suspect - p.begin), (size_t)(p.wrong_at - p.begin),
                       p.count > 0 ? p.count : 1, p.fault, ret, e);
    ret->raw = (struct slice){p.begin, (size_t)(p.row_end - p.begin)};
    status = p.high ? check_encoding(r, &p, e) : 0;
    if (status == 0)
        ret->count = p.count;
    step_over(r, p.next);
    if (status == 0 && r->expected && ret->count != r->expected) {
        status = error_set(e, ERR_CSV, N_("line %llu has %zu cells, the header has %zu"),
                           (unsigned long long)ret->line, ret->count, r->expected);
        error_hint(e, N_("A comma inside a cell needs quotes around the cell."));
    }
    return status == 0 ? 1 : status;
}
