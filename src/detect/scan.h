/* Inside detect/: one pass over one text. Each of the searchers looks at a place of the text at which
 * something of its kind can begin, and says how far it got. */
#ifndef HUMIAO_DETECT_SCAN_H
#define HUMIAO_DETECT_SCAN_H

#include "detect/lexicon.h"

struct scan {
    const struct detect_lexicon *lexicon; /* or NULL */
    const uint8_t *flags;
    const char *begin, *end;
    struct arena *arena;
    struct detect_span *spans;
    size_t count, capacity;
    const char *covered;     /* the end of the ordinary words so far */
    const char *word_end;    /* of the last word that says what stands behind it */
    unsigned word_classes;   /* of that word */
    const char *number_word; /* the same, of words that say what number follows */
    unsigned number_classes;
};

void scan_add(struct scan *s, const char *start, const char *end, enum detect_kind kind);

/* `p` is at a digit that begins a run. What is sensitive in the run becomes spans; returns its end. */
const char *scan_numbers(struct scan *s, const char *p);

/* `p` is at a character with CHAR_NAME or CHAR_SURNAME. The end of the name that begins there, or
 * NULL. */
const char *scan_name(struct scan *s, const char *p);

/* `p` is at a number that is perhaps a house's. The end of the address around it, which has become a
 * span, or NULL. */
const char *scan_address(struct scan *s, const char *p);

/* Whether 18 characters ('0' to '9', 'X' last) are an identity number: an assigned prefix, a birth date
 * and the check digit. */
bool identity_is_good(const char digits[18]);

/* Whether 17 to 19 characters would be one, were one of them another, away or there. `alike`: what
 * stands for a digit was a letter that looks like it. */
bool identity_is_near(const char *digits, size_t n);

static inline bool scan_is_ascii_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

#endif
