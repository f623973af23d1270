#include "detect/detect.h"

/* Packed: a byte of the form, then for each span the kind, the distance from the end of the one
 * before, and the length, each number in sevens of bits, the lowest first. */

#define FORM 1

static size_t put_number(char *p, uint32_t value)
{
    size_t n = 0;
    while (value >= 0x80) {
        p[n++] = (char)(value | 0x80);
        value >>= 7;
    }
    p[n++] = (char)value;
    return n;
}

static bool read_number(struct slice *s, uint32_t *ret)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 35 && s->n; shift += 7) {
        unsigned char b = (unsigned char)*s->p;
        s->p++;
        s->n--;
        value |= (uint64_t)(b & 0x7F) << shift;
        if (!(b & 0x80)) {
            *ret = (uint32_t)value;
            return value <= UINT32_MAX;
        }
    }
    return false;
}

struct slice detect_spans_pack(const struct detect_span *spans, size_t count, struct arena *arena)
{
    char *p = arena_take(arena, 1 + count * 11);
    size_t n = 0;
    uint32_t end = 0;
    p[n++] = FORM;
    for (size_t i = 0; i < count; i++) {
        p[n++] = (char)spans[i].kind;
        n += put_number(p + n, spans[i].start - end);
        n += put_number(p + n, spans[i].end - spans[i].start);
        end = spans[i].end;
    }
    return (struct slice){p, n};
}

int detect_marks(const struct detect_lexicon *lexicon, struct slice text, struct arena *arena,
                 struct slice *ret, struct error *e)
{
    struct detect_span *spans;
    size_t count;
    int status = detect_find(lexicon, text, arena, &spans, &count, e);
    if (status)
        return status;
    *ret = detect_spans_pack(spans, count, arena);
    return 0;
}

size_t detect_spans_read(struct slice packed, size_t text_size, struct arena *arena,
                         struct detect_span **ret)
{
    *ret = NULL;
    if (packed.n < 4 || packed.p[0] != FORM)
        return 0;
    struct detect_span *spans = ARENA_ARRAY(arena, packed.n / 3, struct detect_span);
    size_t count = 0;
    uint64_t end = 0;
    packed.p++;
    packed.n--;
    while (packed.n) {
        unsigned char kind = (unsigned char)*packed.p;
        uint32_t distance, length;
        packed.p++;
        packed.n--;
        if (kind == DETECT_NONE || kind >= DETECT_KIND_COUNT || !read_number(&packed, &distance) ||
            !read_number(&packed, &length) || length == 0 || end + distance + length > text_size)
            return 0;
        spans[count++] = (struct detect_span){(uint32_t)(end + distance),
                                              (uint32_t)(end + distance + length),
                                              (enum detect_kind)kind};
        end += (uint64_t)distance + length;
    }
    *ret = spans;
    return count;
}
