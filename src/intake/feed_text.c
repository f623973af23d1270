/* Texts of cells and headers: one spelling for what people write in several. */
#include "intake/feed_inside.h"

/* ---- characters ---- */

/* The texts are UTF-8 already; a stray byte passes as it is. */
static size_t take_character(struct slice s, uint32_t *ret)
{
    unsigned char first = (unsigned char)s.p[0];
    size_t n = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

    if (n > s.n)
        n = 1;
    *ret = n == 1 ? first : first & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++)
        *ret = *ret << 6 | ((unsigned char)s.p[i] & 0x3F);
    return n;
}

/* What is not seen, or does something to the screen that shows it. */
static bool unseen(uint32_t c)
{
    return (c < 0x20 && !(c >= '\t' && c <= '\r')) || (c >= 0x7F && c <= 0x9F && c != 0x85) ||
           c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || c == 0xAD;
}

static bool blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F;
}

enum { BLANKS = 1, WIDTH = 2 }; /* what is kept */

static struct slice narrow(struct slice text, int kept, struct arena *arena)
{
    char *to = arena_take(arena, text.n + 1);
    size_t n = 0;
    bool gap = false;

    for (size_t i = 0, step; i < text.n; i += step) {
        uint32_t c;
        step = take_character((struct slice){text.p + i, text.n - i}, &c);
        if (unseen(c))
            continue;
        if (blank(c)) {
            gap = n > 0 && (kept & BLANKS);
            continue;
        }
        if (gap)
            to[n++] = ' ';
        gap = false;
        if (c >= 0xFF01 && c <= 0xFF5E && !(kept & WIDTH)) {
            to[n++] = (char)(c - 0xFEE0);
        } else {
            memcpy(to + n, text.p + i, step);
            n += step;
        }
    }
    return (struct slice){to, n};
}

struct slice feed_narrow(struct slice text, struct arena *arena)
{
    return narrow(text, BLANKS, arena);
}

struct slice feed_unspaced(struct slice text, struct arena *arena)
{
    return narrow(text, 0, arena);
}

struct slice feed_clean(struct slice text, struct arena *arena)
{
    return narrow(text, BLANKS | WIDTH, arena);
}

struct slice feed_fold(struct slice text, struct arena *arena)
{
    struct slice s = narrow(text, 0, arena);
    char *to = arena_take(arena, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '*')
            to[n++] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] - 'A' + 'a') : s.p[i];
    return (struct slice){to, n};
}

bool feed_take(struct slice *text, const char *word)
{
    size_t n = strlen(word);

    if (text->n < n || memcmp(text->p, word, n) != 0)
        return false;
    *text = (struct slice){text->p + n, text->n - n};
    return true;
}

void feed_take_blanks(struct slice *text)
{
    while (feed_take(text, " "))
        continue;
}

/* ---- numbers ---- */

static const struct figure {
    const char *written;
    int value; /* 0 to 9: a digit; 10, 100: a place; 20, 30: tens of their own */
} figures[] = {{"〇", 0}, {"零", 0},  {"○", 0},   {"一", 1},  {"壹", 1},  {"二", 2},   {"贰", 2},
               {"两", 2}, {"三", 3},  {"叁", 3},  {"四", 4},  {"肆", 4},  {"五", 5},   {"伍", 5},
               {"六", 6}, {"陆", 6},  {"七", 7},  {"柒", 7},  {"八", 8},  {"捌", 8},   {"九", 9},
               {"玖", 9}, {"十", 10}, {"拾", 10}, {"廿", 20}, {"卅", 30}, {"百", 100}, {"佰", 100}};

static const struct figure *take_figure(struct slice *text)
{
    for (size_t i = 0; i < COUNT(figures); i++)
        if (feed_take(text, figures[i].written))
            return &figures[i];
    return NULL;
}

/* By place, each place once and in falling order: 一百八十, 三十一, 廿一, 一百零五. */
struct spelling {
    int total, pending; /* pending -1: no digit waits for its place */
    int lowest;         /* place that was last */
    bool zero;
};

static bool spell(struct spelling *s, int value)
{
    if (value == 0) {
        if (s->pending >= 0 || s->zero || s->lowest < 100)
            return false;
        s->zero = true;
        return true;
    }
    if (value < 10) {
        if (s->pending >= 0 || s->lowest <= 1)
            return false;
        s->pending = value;
        return true;
    }
    int place = value == 100 ? 100 : 10;
    if (place >= s->lowest || (value > 10 && value < 100 && s->pending >= 0) ||
        (value == 100 && s->pending < 0))
        return false;
    s->total += value > 10 && value < 100 ? value : (s->pending < 0 ? 1 : s->pending) * place;
    s->pending = -1;
    s->lowest = place;
    return true;
}

static size_t chinese(struct slice text, struct feed_numeral *ret)
{
    struct slice rest = text;
    struct spelling s = {.pending = -1, .lowest = 1000};
    const struct figure *f;
    bool by_place = false;
    int count = 0, digits = 0;

    for (struct slice ahead = text; (f = take_figure(&ahead)); count++)
        by_place = by_place || f->value >= 10;
    if (count == 0 || count > 8)
        return 0;
    while ((f = take_figure(&rest))) {
        if (by_place && !spell(&s, f->value))
            return 0;
        digits = by_place ? 0 : digits * 10 + f->value;
    }
    *ret = (struct feed_numeral){by_place ? s.total + (s.pending > 0 ? s.pending : 0) : digits,
                                 by_place ? 0 : count, true};
    return text.n - rest.n;
}

size_t feed_numeral(struct slice text, struct feed_numeral *ret)
{
    size_t n = 0;
    int value = 0;

    while (n < text.n && text.p[n] >= '0' && text.p[n] <= '9') {
        if (n == 8)
            return 0;
        value = value * 10 + (text.p[n++] - '0');
    }
    if (n == 0)
        return chinese(text, ret);
    *ret = (struct feed_numeral){value, (int)n, false};
    return n;
}
