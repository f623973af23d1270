#include "detect/words.h"

struct word_entry {
    uint32_t at; /* in the text of all words */
    uint8_t n;
    uint16_t classes; /* and LAST_OF_KEY */
};
#define LAST_OF_KEY (1 << 15) /* the next word begins otherwise */

/* The words that begin with a pair of characters. */
struct word_slot {
    uint32_t pair; /* 0: free */
    uint16_t first;
};

#include "detect_table.inc"

const uint8_t *word_char_flags(void) { return char_flags; }

static uint32_t pair_slot(uint32_t pair) { return (pair * 0x9E3779B1u) >> 16 & (WORD_SLOTS - 1); }

struct word word_at(const char *p, const char *end, uint32_t c)
{
    uint32_t second;
    size_t left = (size_t)(end - p), lead = c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    if (c > 0xFFFF || left <= lead)
        return (struct word){0, 0};
    size_t both = lead + word_decode(p + lead, end, &second);
    if (second == 0 || second > 0xFFFF)
        return (struct word){0, 0};
    uint32_t pair = c << 16 | second, at = pair_slot(pair);
    for (; word_slots[at].pair != pair; at = (at + 1) & (WORD_SLOTS - 1))
        if (word_slots[at].pair == 0)
            return (struct word){0, 0};
    for (const struct word_entry *w = word_list + word_slots[at].first;; w++) {
        if (w->n <= left &&
            (w->n == both || memcmp(word_text + w->at + both, p + both, w->n - both) == 0))
            return (struct word){w->n, w->classes & (LAST_OF_KEY - 1)};
        if (w->classes & LAST_OF_KEY)
            return (struct word){0, 0};
    }
}

static int small(char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The bytes of the text that the term takes with a plural's s; 0 where it is not there whole. */
static size_t term_fits(const char *p, const char *end, const struct word_entry *w)
{
    if ((size_t)(end - p) < w->n)
        return 0;
    for (size_t i = 0; i < w->n; i++)
        if (small(p[i]) != (char)term_text[w->at + i])
            return 0;
    const char *behind = p + w->n;
    if (behind < end && small(*behind) == 's')
        behind++;
    return behind == end || !is_word_byte(*behind) ? (size_t)(behind - p) : 0;
}

struct word word_term_at(const char *p, const char *end)
{
    if (end - p < 3)
        return (struct word){0, 0};
    int a = small(p[0]) - 'a', b = small(p[1]) - 'a';
    if (a < 0 || a > 25 || b < 0 || b > 25)
        return (struct word){0, 0};
    unsigned first = term_first[a * 26 + b];
    if (first == 0)
        return (struct word){0, 0};
    for (const struct word_entry *w = term_list + first - 1;; w++) {
        size_t n = term_fits(p, end, w);
        if (n)
            return (struct word){n, w->classes & (LAST_OF_KEY - 1)};
        if (w->classes & LAST_OF_KEY)
            return (struct word){0, 0};
    }
}

bool word_is_double_surname(const char *p, const char *end)
{
    size_t low = 0, high = sizeof double_surnames / sizeof double_surnames[0];
    if (end - p < 6)
        return false;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = memcmp(p, double_surnames[middle], 6);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}
