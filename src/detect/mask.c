#include "detect/words.h"

#include "detect/detect.h"

struct writer {
    char *p;
    size_t n;
};

static void put(struct writer *w, const char *p, size_t n)
{
    memcpy(w->p + w->n, p, n);
    w->n += n;
}

/* The digits of a number in ASCII, without what stands between; at most `max`. */
static size_t digits_of(struct slice s, char *ret, size_t max)
{
    size_t n = 0;
    for (const char *p = s.p, *end = s.p + s.n; p < end && n < max;) {
        uint32_t c;
        p += word_decode(p, end, &c);
        if (c >= 0xFF10 && c <= 0xFF19)
            c -= 0xFEE0;
        if (c >= '0' && c <= '9')
            ret[n++] = (char)c;
    }
    return n;
}

static void mask_name(struct writer *w, struct slice s)
{
    uint32_t c;
    size_t n = word_decode(s.p, s.p + s.n, &c);
    if (s.n > 6 && word_is_double_surname(s.p, s.p + s.n))
        n = 6;
    put(w, s.p, n);
    put(w, "**", 2);
}

static void mask_number(struct writer *w, struct slice s)
{
    char digits[3];
    put(w, digits, digits_of(s, digits, 3));
    put(w, "***********", 11);
}

static void mask_phone(struct writer *w, struct slice s)
{
    char all[20], *digits = all;
    size_t n = digits_of(s, all, sizeof all);
    if (n > 11 && memcmp(digits, "0086", 4) == 0)
        digits += 4, n -= 4;
    else if (n > 11 && memcmp(digits, "86", 2) == 0)
        digits += 2, n -= 2;
    if (n == 11 && digits[0] == '1') {
        put(w, digits, 3);
        put(w, "****", 4);
        put(w, digits + 7, 4);
    } else if (n >= 10 && digits[0] == '0') {
        put(w, digits, digits[1] == '1' || digits[1] == '2' ? 3 : 4);
        put(w, "-******", 7);
    } else {
        put(w, "***", 3);
    }
}

/* The bytes down to the township; where none is named, to the county or city; else none. */
static size_t township_end(struct slice s)
{
    static const char *const tails[] = {"街道", "镇", "乡", "县", "区", "市"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        size_t n = strlen(tails[i]);
        /* What follows at once tells 乡镇路 and 镇东路 from a township. */
        for (size_t at = 6; at + n < s.n; at += 3)
            if (memcmp(s.p + at, tails[i], n) == 0 && s.n - at - n >= 6)
                return at + n;
    }
    return 0;
}

static bool all_of_three_bytes(struct slice s, size_t n)
{
    for (size_t i = 0; i < n; i += 3)
        if (((unsigned char)s.p[i] & 0xF0) != 0xE0)
            return false;
    return true;
}

static void mask_address(struct writer *w, struct slice s)
{
    size_t kept = township_end(s);
    if (kept && all_of_three_bytes(s, kept))
        put(w, s.p, kept);
    put(w, "***", 3);
}

static void mask_span(struct writer *w, struct slice s, enum detect_kind kind)
{
    switch (kind) {
    case DETECT_NAME: mask_name(w, s); break;
    case DETECT_ID_NUMBER:
    case DETECT_ID_NUMBER_NEAR:
    case DETECT_BANK_CARD: mask_number(w, s); break;
    case DETECT_PHONE: mask_phone(w, s); break;
    case DETECT_ADDRESS: mask_address(w, s); break;
    default: put(w, "**", 2); break;
    }
}

struct slice detect_mask(struct slice text, const struct detect_span *spans, size_t count,
                         uint32_t hidden, struct arena *arena)
{
    size_t at = 0;
    struct writer w = {arena_take(arena, text.n + count * 16 + 1), 0};
    for (size_t i = 0; i < count; i++) {
        const struct detect_span *span = &spans[i];
        if (span->start < at || span->end < span->start || span->end > text.n)
            continue;
        if (!(hidden >> span->kind & 1))
            continue;
        put(&w, text.p + at, span->start - at);
        mask_span(&w, (struct slice){text.p + span->start, span->end - span->start}, span->kind);
        at = span->end;
    }
    if (text.n > at)
        put(&w, text.p + at, text.n - at);
    return (struct slice){w.p, w.n};
}
