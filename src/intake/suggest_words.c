/* Names of columns, folded, and the words in them. */
#include "intake/suggest_inside.h"

#include <string.h>

const char *const suggest_uses[USE_COUNT] = {
    [USE_RECORD_KEY] = "record_key",
    [USE_ID_NO] = "id_no",
    [USE_NAME] = "name",
    [USE_BIRTH_DATE] = "birth_date",
    [USE_DIVISION] = "division",
    [USE_FROM] = "from",
    [USE_TO] = "to",
    [USE_VALUE] = "value",
    [USE_NOTE] = "note",
    [USE_REVISION] = "revision",
    [USE_KIND] = "kind",
    [USE_OTHER_PARTY] = "other_party",
    [USE_OTHER_NAME] = "other_name",
    [USE_STATE] = "state",
    [USE_IGNORE] = "ignore",
};

static const struct word {
    enum suggest_use use;
    int weight;
    const char *text;
} words[] = {
#define WORD(use, weight, text) {use, weight, text},
#include "intake/words.def"
#undef WORD
};
#define WORD_COUNT (sizeof words / sizeof words[0])

/* One character of UTF-8 from `at`; what is none is taken byte by byte. */
static size_t character(struct slice s, size_t at, uint32_t *ret)
{
    unsigned char c = (unsigned char)s.p[at];
    size_t n = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;

    if (at + n > s.n)
        n = 1;
    *ret = n == 1   ? c
           : n == 2 ? (uint32_t)(c & 0x1f)
           : n == 3 ? (uint32_t)(c & 0x0f)
                    : (uint32_t)(c & 0x07);
    for (size_t i = 1; i < n; i++)
        *ret = *ret << 6 | ((unsigned char)s.p[at + i] & 0x3f);
    return n;
}

static bool left_out(uint32_t c)
{
    return c <= 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa1) || c == 0x3000 || c == 0xfeff ||
           (c >= 0x2000 && c <= 0x200f) || (c < 0x80 && strchr("()[]{}*.:_-/'\"", (int)c)) ||
           c == 0x3010 || c == 0x3011 || c == 0x3002 || c == 0x3001;
}

struct folding {
    struct slice text;
    size_t at;
    int depth; /* of brackets */
    bool outside;
};

/* The next character that is left, as its bytes; their number, 0 at the end. */
static size_t fold_next(struct folding *f, char to[4])
{
    while (f->at < f->text.n) {
        uint32_t c;
        const char *from = f->text.p + f->at;
        size_t step = character(f->text, f->at, &c);
        f->at += step;
        if (c >= 0xff01 && c <= 0xff5e) /* full width */
            c = c - 0xff01 + 0x21;
        if (c == '(' || c == '[' || c == 0x3010)
            f->depth++;
        if ((c == ')' || c == ']' || c == 0x3011) && f->depth > 0)
            f->depth--;
        if (left_out(c) || (f->outside && f->depth > 0))
            continue;
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if (c >= 0x80) {
            memcpy(to, from, step);
            return step;
        }
        to[0] = (char)c;
        return 1;
    }
    return 0;
}

static struct slice fold(struct slice s, bool outside, struct arena *arena)
{
    struct folding f = {.text = s, .outside = outside};
    char to[FOLDED_MAX];
    size_t n = 0, step;

    while (n + 4 <= FOLDED_MAX && (step = fold_next(&f, to + n)) > 0)
        n += step;
    return arena_copy(arena, (struct slice){to, n});
}

bool suggest_folds_to(struct slice s, struct slice folded)
{
    struct folding f = {.text = s};
    char next[4];
    size_t n = 0, step;

    if (s.n < folded.n) /* folding makes nothing longer */
        return false;
    while (n + 4 <= FOLDED_MAX && (step = fold_next(&f, next)) > 0) {
        if (step > folded.n - n || memcmp(next, folded.p + n, step) != 0)
            return false;
        n += step;
    }
    return n == folded.n;
}

struct slice suggest_fold(struct slice s, struct arena *arena) { return fold(s, false, arena); }

struct slice suggest_fold_outside(struct slice s, struct arena *arena)
{
    struct slice short_form = fold(s, true, arena);

    return short_form.n ? short_form : fold(s, false, arena);
}

/* A word at the end says what a name is (申请人身份证号), one at its beginning rather about what (身份证号类型). */
static double fits(struct slice name, const struct word *w)
{
    size_t n = strlen(w->text);
    double share = name.n ? (double)n / (double)name.n : 0, weight = w->weight / 100.0;

    if (n > name.n)
        return 0;
    if (n == name.n && memcmp(name.p, w->text, n) == 0)
        return weight;
    if (n < 3 || (n == 3 && (w->weight > 75 || w->use == USE_FROM || w->use == USE_TO)))
        return 0; /* "no", "起" and their like say nothing within another word */
    if (memcmp(name.p + name.n - n, w->text, n) == 0)
        return weight * (0.62 + 0.3 * share);
    return memmem(name.p, name.n, w->text, n) ? weight * (0.2 + 0.4 * share) : 0;
}

void suggest_words(struct slice folded, struct word_scores *ret)
{
    double longest[USE_COUNT] = {0};

    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < WORD_COUNT; i++) {
        double fit = fits(folded, &words[i]);
        if (fit > longest[words[i].use]) {
            longest[words[i].use] = ret->use[words[i].use] = fit;
            ret->word[words[i].use] = words[i].text;
        }
    }
}

double suggest_words_best(const struct word_scores *w)
{
    double best = 0;

    for (int u = USE_NONE + 1; u < USE_COUNT; u++)
        best = w->use[u] > best ? w->use[u] : best;
    return best;
}
