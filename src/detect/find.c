#include "detect/scan.h"

#include <stdlib.h>

void scan_add(struct scan *s, const char *start, const char *end, enum detect_kind kind)
{
    if (s->count == s->capacity)
        s->spans = arena_grow(s->arena, s->spans, &s->capacity, s->count + 1, sizeof *s->spans);
    s->spans[s->count++] = (struct detect_span){(uint32_t)(start - s->begin),
                                                (uint32_t)(end - s->begin), kind};
}

static enum detect_kind term_kind(unsigned classes)
{
    if (classes & WORD_NOT)
        return DETECT_NONE;
    return classes & WORD_ABUSE     ? DETECT_ABUSE
           : classes & WORD_OFFENCE ? DETECT_OFFENCE
           : classes & WORD_HEALTH  ? DETECT_HEALTH
                                    : DETECT_NONE;
}

/* Keeps in mind what a word says of what follows it. */
static void remember(struct scan *s, const char *end, unsigned classes)
{
    if (classes & (WORD_LABEL | WORD_LEFT)) {
        s->word_end = end;
        s->word_classes = classes;
    }
    if (classes & (WORD_IDENT | WORD_CALL | WORD_OTHER)) {
        s->number_word = end;
        s->number_classes = classes;
    }
    if (end > s->covered)
        s->covered = end;
}

/* A word begins at `p`: a term becomes a span. Returns the term's end, else NULL. */
static const char *take_word(struct scan *s, const char *p, struct word w)
{
    if (w.n == 0)
        return NULL;
    enum detect_kind kind = term_kind(w.classes);
    if (kind)
        scan_add(s, p, p + w.n, kind);
    remember(s, p + w.n, w.classes);
    return kind ? p + w.n : NULL;
}

/* A letter that begins an English word. Returns where the word, or the term, ends. */
static const char *scan_letters(struct scan *s, const char *p)
{
    const char *end = NULL;
    uint8_t flags = s->flags[(unsigned char)*p];
    if (flags & CHAR_NAME)
        end = scan_name(s, p);
    if (!end && flags & CHAR_WORD)
        end = take_word(s, p, word_at(p, s->end, (unsigned char)*p));
    if (!end) {
        struct word w = word_term_at(p, s->end);
        end = take_word(s, p, w);
    }
    if (end)
        return end;
    while (p < s->end && scan_is_ascii_word(*p))
        p++;
    return p;
}

/* 十二号: from 号 back over Chinese numerals. */
static const char *scan_numeral_address(struct scan *s, const char *p)
{
    static const char numerals[][4] = {"一", "二", "三", "四", "五", "六",
                                       "七", "八", "九", "十", "百"};
    const char *q = p;
    while (q - s->begin >= 3 && p - q < 24) {
        size_t i;
        for (i = 0; i < sizeof numerals / sizeof numerals[0]; i++)
            if (memcmp(q - 3, numerals[i], 3) == 0)
                break;
        if (i == sizeof numerals / sizeof numerals[0])
            break;
        q -= 3;
    }
    return q < p ? scan_address(s, q) : NULL;
}

/* A character of two to four bytes. Returns where to go on. */
static const char *scan_character(struct scan *s, const char *p, uint32_t c, size_t n)
{
    if (c > 0xFFFF) {
        const char *end = s->lexicon && s->lexicon->astral ? scan_name(s, p) : NULL;
        return end ? end : p + n;
    }
    uint8_t flags = s->flags[c];
    const char *end = NULL;
    struct word w = {0, 0};
    if (flags & CHAR_WORD)
        w = word_at(p, s->end, c);
    if (w.n && term_kind(w.classes) && s->covered < p + w.n)
        return take_word(s, p, w);
    if (flags & (CHAR_NAME | CHAR_SURNAME))
        end = scan_name(s, p);
    if (end)
        return end;
    if (w.n && s->covered <= p)
        end = take_word(s, p, w);
    if (!end && flags & CHAR_UNIT)
        end = scan_numeral_address(s, p);
    return end ? end : p + n;
}

static bool is_full_width_digit(const char *p, const char *end)
{
    return end - p >= 3 && p[0] == '\xEF' && p[1] == '\xBC' && (unsigned char)p[2] >= 0x90 &&
           (unsigned char)p[2] <= 0x99;
}

static void scan_text(struct scan *s)
{
    const char *p = s->begin;
    while (p < s->end) {
        unsigned char b = (unsigned char)*p;
        if (b >= 0x80) {
            uint32_t c;
            size_t n = word_decode(p, s->end, &c);
            if (is_full_width_digit(p, s->end))
                p = scan_numbers(s, p);
            else if (c)
                p = scan_character(s, p, c, n);
            else
                p++;
        } else if (b >= '0' && b <= '9') {
            p = scan_numbers(s, p);
        } else if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')) {
            p = scan_letters(s, p);
        } else {
            p++;
        }
    }
}

int detect_find(const struct detect_lexicon *lexicon, struct slice text, struct arena *arena,
                struct detect_span **ret, size_t *ret_count, struct error *e)
{
    if (text.n > UINT32_MAX)
        return error_set(e, ERR_TOO_LONG, NULL);
    struct scan s = {.lexicon = lexicon,
                     .flags = lexicon ? lexicon->flags : word_char_flags(),
                     .begin = text.p,
                     .end = text.p + text.n,
                     .covered = text.p,
                     .arena = arena};
    if (text.n)
        scan_text(&s);
    *ret = s.spans;
    *ret_count = s.count;
    return 0;
}
