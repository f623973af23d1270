#include "people/name_fold.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

/* Blanks, dots, hyphens, apostrophes: written or not by the whim of whoever keyed the name in. */
static const struct {
    uint16_t first, last;
} breaks[] = {
    {0x00A0, 0x00A0},
    {0x2000, 0x200A},
    {0x202F, 0x202F},
    {0x205F, 0x205F},
    {0x3000, 0x3000},
    /* dots */
    {0x00B7, 0x00B7},
    {0x2022, 0x2022},
    {0x2024, 0x2024},
    {0x2027, 0x2027},
    {0x2219, 0x2219},
    {0x22C5, 0x22C5},
    {0x25AA, 0x25AA},
    {0x25CF, 0x25CF},
    {0x30FB, 0x30FB},
    {0xFF65, 0xFF65},
    /* hyphens */
    {0x00AD, 0x00AD},
    {0x2010, 0x2015},
    {0x2212, 0x2212},
    /* apostrophes */
    {0x02B9, 0x02B9},
    {0x02BC, 0x02BC},
    {0x2018, 0x201B},
    {0x2032, 0x2032},
};

static bool is_break(uint32_t c)
{
    if (c < 0x80)
        return c <= ' ' || c == '.' || c == '-' || c == '\'' || c == '`';
    for (size_t i = 0; i < sizeof breaks / sizeof *breaks; i++)
        if (c >= breaks[i].first && c <= breaks[i].last)
            return true;
    return false;
}

/* Marks without a shape of their own: variation selectors choose a glyph of the same character. */
static bool is_invisible(uint32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) ||
           (c >= 0x200B && c <= 0x200F) || c == 0xFEFF || c == 0x2060;
}

uint32_t name_fold_next(struct slice s, size_t *at, bool *ret_break)
{
    UChar32 c;
    U8_NEXT(s.p, *at, s.n, c);
    *ret_break = false;
    if (c >= 0x3400 && c <= 0x9FFF) /* nearly all of them */
        return (uint32_t)c;
    if (c < 0)
        return 0xFFFD;
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFF01 - '!';
    if (is_break((uint32_t)c)) {
        *ret_break = true;
        return 0;
    }
    if (is_invisible((uint32_t)c))
        return 0;
    return (uint32_t)u_foldCase(c, U_FOLD_CASE_DEFAULT);
}

size_t name_fold(struct slice s, uint16_t *to, size_t room)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        bool ends_piece;
        uint32_t c = name_fold_next(s, &at, &ends_piece);
        if (c == 0)
            continue;
        if (n + U16_LENGTH(c) > room)
            break;
        U16_APPEND_UNSAFE(to, n, c);
    }
    return n;
}
