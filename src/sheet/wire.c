#include "sheet/wire.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define FLUSH_AT (256u << 10)
#define NAMES_MAX 1024

/* ---- writing ----------------------------------------------------------------------------------------- */

int wire_out_begin(struct wire_out *w, int fd)
{
    *w = (struct wire_out){.fd = fd, .capacity = FLUSH_AT + WIRE_FRAME_MAX};
    w->buffer = malloc(w->capacity);
    return w->buffer ? 0 : -1;
}

static void flush(struct wire_out *w)
{
    for (size_t done = 0; done < w->n && !w->broken;) {
        ssize_t n = write(w->fd, w->buffer + done, w->n - done);
        if (n > 0)
            done += (size_t)n;
        else if (errno != EINTR)
            w->broken = true;
    }
    w->n = 0;
}

static void put(struct wire_out *w, const void *bytes, size_t n)
{
    if (n > 0)
        memcpy(w->buffer + w->n, bytes, n);
    w->n += n;
}

static void put_u32(struct wire_out *w, uint32_t v) { put(w, &v, 4); }
static void put_u64(struct wire_out *w, uint64_t v) { put(w, &v, 8); }
static void put_sized(struct wire_out *w, const char *text)
{
    size_t n = strlen(text);

    put_u32(w, (uint32_t)n);
    put(w, text, n);
}

/* Where the frame's size will stand. */
static size_t begin(struct wire_out *w, enum wire_kind kind)
{
    size_t at = w->n;

    put_u32(w, 0);
    w->buffer[w->n++] = (char)kind;
    return at;
}

static void finish(struct wire_out *w, size_t at)
{
    uint32_t size = (uint32_t)(w->n - at - WIRE_HEAD);

    memcpy(w->buffer + at, &size, 4);
    if (w->n >= FLUSH_AT)
        flush(w);
}

void wire_nature(struct wire_out *w, const struct sheet_nature *n)
{
    size_t at = begin(w, WIRE_NATURE);
    const char *own[] = {n->format, n->encoding, n->sheet};

    for (size_t i = 0; i < 3 + n->sheet_count && i < NAMES_MAX; i++) {
        const char *name = i < 3 ? own[i] : n->sheets[i - 3];
        size_t size = strlen(name);
        put(w, name, (size < 255 ? size : 255));
        w->buffer[w->n++] = '\0';
    }
    finish(w, at);
}

/* Whether the cells lie one after the other in the row as it stands, one byte between them. */
static bool is_joined(const struct sheet_row *row)
{
    const char *p = row->raw.p;

    for (size_t i = 0; i < row->count; i++) {
        if (row->cells[i].text.p != p)
            return false;
        p += row->cells[i].text.n + 1;
    }
    return row->count > 0 && p - 1 <= row->raw.p + row->raw.n;
}

void wire_row(struct wire_out *w, const struct sheet_row *row, const struct error *refusal)
{
    size_t at = begin(w, WIRE_ROW);
    bool joined = !refusal && is_joined(row);

    put_u64(w, row->line);
    put_u64(w, row->number);
    put_u32(w, refusal ? (uint32_t)refusal->code : 0);
    put_u32(w, (uint32_t)row->count);
    w->buffer[w->n++] = joined;
    for (size_t i = 0; i < row->count; i++)
        put_u32(w, (uint32_t)(row->cells[i].text.n << 3 | (unsigned)row->cells[i].kind));
    if (refusal) {
        put_sized(w, refusal->detail);
        put_sized(w, refusal->hint);
    }
    if (!joined)
        put_u32(w, (uint32_t)row->raw.n);
    put(w, row->raw.p, row->raw.n);
    for (size_t i = 0; i < row->count && !joined; i++)
        put(w, row->cells[i].text.p, row->cells[i].text.n);
    finish(w, at);
}

void wire_end(struct wire_out *w, const struct error *e)
{
    size_t at = begin(w, WIRE_END);

    put_u32(w, e ? (uint32_t)e->code : 0);
    put_sized(w, e ? e->detail : "");
    put_sized(w, e ? e->hint : "");
    finish(w, at);
    flush(w);
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static bool take(struct slice *body, void *ret, size_t n)
{
    if (body->n < n)
        return false;
    memcpy(ret, body->p, n);
    *body = (struct slice){body->p + n, body->n - n};
    return true;
}

static bool take_run(struct slice *body, size_t n, struct slice *ret)
{
    if (body->n < n)
        return false;
    *ret = (struct slice){body->p, n};
    *body = (struct slice){body->p + n, body->n - n};
    return true;
}

static bool take_sized(struct slice *body, struct slice *ret)
{
    uint32_t n;

    return take(body, &n, 4) && take_run(body, n, ret);
}

static bool take_ascii(struct slice *body)
{
    struct slice gap;

    return take_run(body, 1, &gap) && (unsigned char)gap.p[0] < 0x80;
}

/* UTF-8 without NUL; a refused row may hold one: it may have been refused for it. */
static bool is_text(struct slice s, bool nul)
{
    return s.n == 0 || (utf8_valid_prefix(s) == s.n && (nul || !memchr(s.p, '\0', s.n)));
}

/* A sentence of the child's: of a known code, and as a sentence: no control characters, whole characters. */
static int take_error(uint32_t code, struct slice detail, struct slice hint, struct error *e)
{
    char text[2][384];
    struct slice said[2] = {detail, hint};
    static const uint32_t known[] = {ERR_CSV,         ERR_ENCODING,  ERR_TOO_LONG,
                                     ERR_FILE_EMPTY,  ERR_SHEET,     ERR_SHEET_HOSTILE,
                                     ERR_SHEET_LIMIT, ERR_SHEET_CUT, ERR_MEMORY};
    size_t k = 0;

    while (k < sizeof(known) / sizeof(known[0]) && known[k] != code)
        k++;
    if (k == sizeof(known) / sizeof(known[0]))
        return 1;
    for (int i = 0; i < 2; i++) {
        size_t n = said[i].n < sizeof(text[i]) ? said[i].n : sizeof(text[i]) - 1;
        n = n ? utf8_valid_prefix((struct slice){said[i].p, n}) : 0;
        for (size_t j = 0; j < n; j++)
            text[i][j] = (unsigned char)said[i].p[j] < 0x20 ? ' ' : said[i].p[j];
        text[i][n] = '\0';
    }
    int rc = text[0][0] ? error_set(e, (enum error_code)code, "%s", text[0])
                        : error_set(e, (enum error_code)code, NULL);
    return text[1][0] ? error_hint(e, "%s", text[1]) : rc;
}

int wire_read_row(struct slice body, struct sheet_cell cells[SHEET_COLUMNS_MAX],
                  struct sheet_row *ret, struct error *e)
{
    uint32_t code, count, size[SHEET_COLUMNS_MAX];
    unsigned char joined;
    struct sheet_row row = {.cells = cells};
    struct slice detail, hint;

    if (!take(&body, &row.line, 8) || !take(&body, &row.number, 8) || !take(&body, &code, 4) ||
        !take(&body, &count, 4) || !take(&body, &joined, 1) || count > SHEET_COLUMNS_MAX ||
        !take(&body, size, 4 * (size_t)count))
        return 0;
    if (code && (!take_sized(&body, &detail) || !take_sized(&body, &hint)))
        return 0;
    if (joined)
        row.raw = body;
    else if (!take_sized(&body, &row.raw))
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!take_run(&body, size[i] >> 3, &cells[i].text) || (size[i] & 7) > CELL_ERROR)
            return 0;
        cells[i].kind = (enum sheet_cell_kind)(size[i] & 7);
        /* What parts two cells is ASCII, so that each is whole characters where the row is. */
        if (joined && body.n > 0 && !take_ascii(&body))
            return 0;
    }
    /* What is not UTF-8 would be somebody's trouble later: texts of a sound child always are. */
    if ((!joined && body.n > 0) || !is_text(row.raw, code != 0))
        return 0;
    for (uint32_t i = 0; i < count && !joined; i++)
        if (!is_text(cells[i].text, false))
            return 0;
    row.count = count;
    if (code && take_error(code, detail, hint, e) == 1)
        return 0;
    *ret = row;
    return code ? -(int)code : 1;
}

int wire_read_end(struct slice body, struct error *e)
{
    uint32_t code;
    struct slice detail, hint;

    if (!take(&body, &code, 4) || !take_sized(&body, &detail) || !take_sized(&body, &hint))
        return 1;
    return code ? take_error(code, detail, hint, e) : 0;
}

bool wire_read_nature(struct slice body, struct arena *arena, struct sheet_nature *ret)
{
    const char *names[NAMES_MAX], *p, *end;
    size_t count = 0;

    if (body.n == 0 || body.p[body.n - 1] != '\0' || utf8_valid_prefix(body) != body.n)
        return false;
    body = arena_copy(arena, body);
    for (p = body.p, end = body.p + body.n; p < end && count < NAMES_MAX; p += strlen(p) + 1)
        names[count++] = p;
    if (count < 3)
        return false;
    *ret = (struct sheet_nature){names[0], names[1], names[2], NULL, count - 3};
    const char **sheets = ARENA_ARRAY(arena, count, const char *);
    memcpy(sheets, names + 3, (count - 3) * sizeof(*names));
    ret->sheets = sheets;
    return true;
}
