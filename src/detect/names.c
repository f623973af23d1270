#include "detect/scan.h"

/* A name is told from ordinary words by points: what is registered, what stands before and behind, and
 * whether the ordinary words of the sentence run across its bounds. */

enum {
    POINTS_ENOUGH = 3,
    POINTS_REGISTERED_LONG = 4, /* three characters and more: seldom by accident */
    POINTS_REGISTERED_SHORT = 2,
    POINTS_LABEL = 6,  /* 姓名：*/
    POINTS_ROLE = 3,   /* 学生, 母亲 */
    POINTS_TITLE = 3,  /* 同学, （女 */
    POINTS_SAYS = 2,   /* 说, 的母亲 */
    POINTS_BOUND = 1,  /* punctuation, 的, the bounds of a word */
    POINTS_WEAK = -2,  /* a surname that is an everyday word as well, when not registered */
    POINTS_OPEN = -3,  /* behind a label, and goes on without a bound */
    POINTS_ACROSS = -4 /* an ordinary word runs across the bound */
};

#define WINDOW 6 /* characters that are looked at */

struct window {
    uint32_t c[WINDOW];
    const char *at[WINDOW + 1];
    size_t count; /* Han characters, before anything else */
    uint8_t flags[WINDOW];
};

static void read_window(const struct scan *s, const char *p, struct window *w)
{
    w->count = 0;
    w->at[0] = p;
    while (w->count < WINDOW && p < s->end) {
        uint32_t c;
        size_t n = word_decode(p, s->end, &c);
        if (!word_is_han(c) || c > 0xFFFF)
            break;
        p += n;
        w->c[w->count] = c;
        w->flags[w->count++] = s->flags[c];
        w->at[w->count] = p;
    }
}

/* ---- before ---- */

/* What may stand between a role and its name: ：“是 叫 */
static bool is_link(uint32_t c)
{
    switch (c) {
    case ' ':
    case ':':
    case '"':
    case '(':
    case '*':
    case '-':
    case '\t':
    case 0x201C: /* “ */
    case 0x3000:
    case 0x3010: /* 【 */
    case 0x4E3A: /* 为 */
    case 0x53EB: /* 叫 */
    case 0x540D: /* 名 */
    case 0x662F: /* 是 */
    case 0x7CFB: /* 系 */
    case 0xFF08: /* （ */
    case 0xFF1A: return true;
    default: return false;
    }
}

static bool joins(const char *p, const char *end)
{
    while (p < end) {
        uint32_t c;
        p += word_decode(p, end, &c);
        if (!is_link(c))
            return false;
    }
    return true;
}

/* 张伟、李娜 and 张伟和李娜: what follows a name in a list. */
static bool continues_list(const struct scan *s, const char *p)
{
    if (s->count == 0 || s->spans[s->count - 1].kind != DETECT_NAME)
        return false;
    const char *q = s->begin + s->spans[s->count - 1].end;
    if (p - q != 3 && p - q != 1)
        return false;
    uint32_t c;
    word_decode(q, p, &c);
    switch (c) {
    case ',':
    case 0x3001: /* 、 */
    case 0x4E0E: /* 与 */
    case 0x53CA: /* 及 */
    case 0x548C: /* 和 */
    case 0x5411: /* 向 */
    case 0x5BF9: /* 对 */
    case 0x5C06: /* 将 */
    case 0x88AB: /* 被 */
    case 0x8DDF: /* 跟 */
    case 0xFF0C: return true;
    default: return false;
    }
}

static int points_before(const struct scan *s, const char *p)
{
    if (s->word_end && s->word_end <= p && p - s->word_end <= 12 && joins(s->word_end, p)) {
        bool linked = p > s->word_end;
        if (s->word_classes & WORD_LABEL)
            return POINTS_LABEL;
        if (s->word_classes & WORD_LEFT)
            return POINTS_ROLE + linked;
    }
    if (p == s->begin || (unsigned char)p[-1] <= ' ')
        return POINTS_BOUND;
    if (continues_list(s, p))
        return POINTS_ROLE;
    const char *q = word_before(s->begin, p);
    uint32_t c;
    word_decode(q, p, &c);
    if (c == 0x53EB) /* 叫 */
        return POINTS_ROLE;
    if (c < 0x80)
        return scan_is_ascii_word((char)c) ? 0 : POINTS_BOUND;
    if (c <= 0xFFFF && (s->flags[c] & (CHAR_PUNCTUATION | CHAR_FUNCTION)))
        return POINTS_BOUND;
    return s->covered == p ? POINTS_BOUND : 0;
}

static bool is_registered(const struct scan *s, const struct window *w, size_t n)
{
    uint64_t key = 0;
    for (size_t i = 0; i < n; i++)
        key = key << 16 | w->c[i];
    return key_set_has(&s->lexicon->names, key);
}

/* ---- behind ---- */

/* 高峰、王伟: a registered name of three characters follows in a list. */
static bool list_goes_on(const struct scan *s, const char *p, uint32_t c)
{
    if (!s->lexicon || s->end - p < 12 || (c != 0x3001 && c != 0x548C && c != 0x4E0E)) /* 、和与 */
        return false;
    struct window w;
    read_window(s, p + 3, &w);
    return w.count >= 3 && lexicon_has_pair(s->lexicon, w.c[0], w.c[1]) && is_registered(s, &w, 3);
}

static int points_behind(const struct scan *s, const char *p)
{
    if (p == s->end)
        return POINTS_BOUND;
    uint32_t c;
    word_decode(p, s->end, &c);
    uint8_t flags = c <= 0xFFFF ? s->flags[c] : 0;
    if (list_goes_on(s, p, c))
        return POINTS_SAYS;
    if (c < 0x80 && !(flags & CHAR_WORD))
        return scan_is_ascii_word((char)c) ? 0 : POINTS_BOUND;
    if (flags & CHAR_WORD) {
        struct word w = word_at(p, s->end, c);
        if (w.classes & WORD_TITLE)
            return POINTS_TITLE;
        if (w.classes & (WORD_SAYS | WORD_LEFT))
            return POINTS_SAYS;
        if (w.n)
            return POINTS_BOUND;
    }
    if (c == 0x8BF4 || c == 0x79F0) /* 说, 称 */
        return POINTS_SAYS;
    if (c == 0x5BB6) /* 家 */
        return POINTS_BOUND;
    return flags & (CHAR_PUNCTUATION | CHAR_FUNCTION) ? POINTS_BOUND : 0;
}

/* The bytes of 街道, 村, 路 and their kin, which places end with; 0 for none. */
static size_t place_tail(const char *p, const char *end)
{
    static const char tails[][7] = {"街道", "社区", "新村", "大道"};
    uint32_t c;
    if (p == end)
        return 0;
    size_t n = word_decode(p, end, &c);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
        if (end - p >= 6 && memcmp(p, tails[i], 6) == 0)
            return 6;
    switch (c) {
    case 0x4E61: /* 乡 */
    case 0x533A: /* 区 */
    case 0x53BF: /* 县 */
    case 0x5DF7: /* 巷 */
    case 0x5E02: /* 市 */
    case 0x6751: /* 村 */
    case 0x7701: /* 省 */
    case 0x82D1: /* 苑 */
    case 0x8857: /* 街 */
    case 0x8DEF: /* 路 */
    case 0x9547: /* 镇 */ return n;
    default: return 0;
    }
}

/* 江明街道, 王宅村: a place that is called like a person. */
static bool is_place(const struct scan *s, const char *begin, const char *p)
{
    if (p < s->end && place_tail(p, s->end))
        return true;
    if (p == s->end || !s->lexicon)
        return false;
    uint32_t c;
    p += word_decode(p, s->end, &c);
    size_t n = place_tail(p, s->end);
    return n && lexicon_place_before(s->lexicon, begin, p + n) == begin;
}

/* An ordinary word from within the name, at its last character, that goes on behind it. */
static bool runs_across(const struct scan *s, const struct window *w, size_t n)
{
    if (!(w->flags[n - 1] & CHAR_WORD))
        return false;
    struct word word = word_at(w->at[n - 1], s->end, w->c[n - 1]);
    return word.n > (size_t)(w->at[n] - w->at[n - 1]);
}

/* ---- together ---- */

struct candidate {
    size_t n; /* characters */
    int points;
};

/* What speaks against the name from within: ordinary words that it is, or holds. */
static int points_within(const struct scan *s, const struct window *w, size_t n, bool registered,
                         int before, int behind)
{
    int points = 0;
    if (w->flags[0] & CHAR_WORD) {
        struct word word = word_at(w->at[0], s->end, w->c[0]);
        size_t size = (size_t)(w->at[n] - w->at[0]);
        bool soft = word.classes & WORD_SOFT;
        if (word.n > size)
            points += soft ? -3 : -6;
        else if (word.n == size)
            points += soft ? -2 : -6;
        else if (word.n > 3)
            points += soft ? -1 : -3;
    }
    for (size_t i = 1; i < n; i++) {
        if (w->flags[i] & CHAR_FUNCTION)
            points -= registered ? 1 : 6;
        if (i + 1 < n && (w->flags[i] & CHAR_WORD)) {
            struct word word = word_at(w->at[i], s->end, w->c[i]);
            /* A word that fills the given name may be one: 崔依然 */
            bool fills = i == n - 2 && word.n == 6 && before >= POINTS_ROLE;
            if (word.n && !(word.classes & WORD_SOFT))
                points -= registered || fills ? 3 : 6;
        }
    }
    /* Where a word begins at the bound as well, both ways of reading are good: 孙娜家|长期. */
    if (runs_across(s, w, n))
        points += !(registered && n > 2) ? POINTS_ACROSS : behind > 0 ? -1 : -3;
    return points;
}

static size_t surname_length(const struct scan *s, const struct window *w)
{
    if (w->count > 2 && word_is_double_surname(w->at[0], s->end))
        return 2;
    return w->flags[0] & CHAR_SURNAME ? 1 : 0;
}

/* A name that is not registered needs a surname, and something before or behind that says so. */
static int points_unregistered(const struct scan *s, const struct window *w, size_t n, int before,
                               int behind)
{
    size_t surname = surname_length(s, w);
    if (surname == 0 || n <= surname || n > surname + 2)
        return -100;
    if (before < POINTS_ROLE && behind < POINTS_TITLE)
        return -100;
    int points = w->flags[0] & CHAR_WEAK && surname == 1 && before < POINTS_LABEL ? POINTS_WEAK : 0;
    if (n == surname + 2)
        points += 1 + (s->lexicon && lexicon_is_given(s->lexicon, w->c[n - 1]) ? 2 : 0);
    return points;
}

static struct candidate best_candidate(const struct scan *s, const struct window *w)
{
    struct candidate best = {0, POINTS_ENOUGH - 1};
    int before = points_before(s, w->at[0]);
    bool pair = s->lexicon && (w->flags[0] & CHAR_NAME) &&
                lexicon_has_pair(s->lexicon, w->c[0], w->c[1]);
    /* Within an ordinary word no name begins, unless a label says so. */
    bool inside = s->covered > w->at[0];
    for (size_t n = w->count < NAME_SHORT_MAX ? w->count : NAME_SHORT_MAX; n >= 2; n--) {
        bool registered = pair && is_registered(s, w, n);
        if (!registered && before < POINTS_ROLE && !(n < w->count && w->flags[n] & CHAR_BEHIND) &&
            n < w->count)
            continue;
        int behind = points_behind(s, w->at[n]);
        int across = registered && n > 2 ? POINTS_ACROSS + 1 : POINTS_ACROSS;
        int points = before + behind + (inside ? across : 0);
        if (registered)
            points += n > 2 ? POINTS_REGISTERED_LONG : POINTS_REGISTERED_SHORT;
        else
            points += points_unregistered(s, w, n, before, behind);
        if (points <= best.points)
            continue;
        points += points_within(s, w, n, registered, before, behind);
        if (before >= POINTS_LABEL && behind == 0)
            points += POINTS_OPEN;
        if (points > best.points)
            best = (struct candidate){n, points};
    }
    return best;
}

/* 王峰薇，: of two characters somebody is registered, but the sentence gives the name a third. */
static bool takes_one_more(const struct scan *s, const struct window *w, size_t n)
{
    if (n == w->count || n != surname_length(s, w) + 1 || !s->lexicon ||
        !lexicon_is_given(s->lexicon, w->c[n]) || (w->flags[n] & CHAR_FUNCTION))
        return false;
    if (points_behind(s, w->at[n]) > 0)
        return false;
    return points_behind(s, w->at[n + 1]) > 0;
}

const char *scan_name(struct scan *s, const char *p)
{
    if (s->lexicon && s->lexicon->long_max) {
        size_t n = lexicon_long_name_at(s->lexicon, p, s->end);
        if (n) {
            scan_add(s, p, p + n, DETECT_NAME);
            return p + n;
        }
    }
    struct window w;
    read_window(s, p, &w);
    if (w.count < 2)
        return NULL;
    struct candidate best = best_candidate(s, &w);
    if (best.n == 0 || (best.points < POINTS_LABEL && is_place(s, p, w.at[best.n])))
        return NULL;
    if (takes_one_more(s, &w, best.n))
        best.n++;
    scan_add(s, p, w.at[best.n], DETECT_NAME);
    return w.at[best.n];
}
