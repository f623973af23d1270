/* Inside detect/: the words that this room knows (the .def files), found again in a text. */
#ifndef HUMIAO_DETECT_WORDS_H
#define HUMIAO_DETECT_WORDS_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* What a word is; it may be several things. The order is that of tools/detect_table.py. */
enum word_class {
    WORD_HARD = 1 << 0, /* an ordinary word */
    WORD_SOFT = 1 << 1, /* an ordinary word that people are called as well */
    WORD_LABEL = 1 << 2,
    WORD_LEFT = 1 << 3,
    WORD_TITLE = 1 << 4,
    WORD_SAYS = 1 << 5,
    WORD_SITE = 1 << 6,
    WORD_IDENT = 1 << 7,
    WORD_CALL = 1 << 8,
    WORD_OTHER = 1 << 9,
    WORD_ROAD = 1 << 10,
    WORD_HEALTH = 1 << 11,
    WORD_OFFENCE = 1 << 12,
    WORD_ABUSE = 1 << 13,
    WORD_NOT = 1 << 14
};

/* What a character can begin, or is. */
enum char_flag {
    CHAR_NAME = 1 << 0,    /* a registered name begins so; set by a lexicon */
    CHAR_SURNAME = 1 << 1, /* of one character, or the first of two */
    CHAR_WORD = 1 << 2,
    CHAR_UNIT = 1 << 3,     /* 号 and its kin, behind the number of a house */
    CHAR_FUNCTION = 1 << 4, /* 的 and its kin, which names do not hold */
    CHAR_PUNCTUATION = 1 << 5,
    CHAR_WEAK = 1 << 6,  /* a surname that is an everyday word as well */
    CHAR_BEHIND = 1 << 7 /* begins what stands behind a name */
};

struct word {
    size_t n; /* bytes; 0: none */
    unsigned classes;
};

const uint8_t *word_char_flags(void); /* 65536, by code point */

/* The longest word that a text begins with; the first character is `c`. */
struct word word_at(const char *p, const char *end, uint32_t c);

/* The longest English term that a text begins with, whole and in any case. */
struct word word_term_at(const char *p, const char *end);

bool word_is_double_surname(const char *p, const char *end);

/* The character at `p` < `end`: its bytes, 1 where it is no UTF-8 (then *ret_c is 0). */
static inline size_t word_decode(const char *p, const char *end, uint32_t *ret_c)
{
    const unsigned char *s = (const unsigned char *)p;
    size_t left = (size_t)(end - p);
    *ret_c = 0;
    if (s[0] < 0x80) {
        *ret_c = s[0];
        return 1;
    }
    if (s[0] >= 0xE0 && s[0] < 0xF0 && left >= 3 && (s[1] & 0xC0) == 0x80 &&
        (s[2] & 0xC0) == 0x80) {
        *ret_c = (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (s[2] & 0x3F);
        return 3;
    }
    if (s[0] >= 0xC2 && s[0] < 0xE0 && left >= 2 && (s[1] & 0xC0) == 0x80) {
        *ret_c = (uint32_t)(s[0] & 0x1F) << 6 | (s[1] & 0x3F);
        return 2;
    }
    if (s[0] >= 0xF0 && s[0] < 0xF5 && left >= 4 && (s[1] & 0xC0) == 0x80 &&
        (s[2] & 0xC0) == 0x80 && (s[3] & 0xC0) == 0x80) {
        *ret_c = (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3F) << 12 |
                 (uint32_t)(s[2] & 0x3F) << 6 | (s[3] & 0x3F);
        return 4;
    }
    return 1;
}

/* Where the character before `p` > `begin` begins. */
static inline const char *word_before(const char *begin, const char *p)
{
    const char *q = p - 1;
    while (q > begin && p - q < 4 && ((unsigned char)*q & 0xC0) == 0x80)
        q--;
    return q;
}

static inline bool word_is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x323AF);
}

#endif
