#include "people/name_fold.h"

#include <unicode/uchar.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

/* Blanks, dots, hyphens, apostrophes: written or not by the whim of whoever keyed the name in. */
static bool is_break(uint32_t c)
{
    if (c < 0x80)
        return c <= ' ' || c == '.' || c == '-' || c == '\'' || c == '`';
    switch (c) {
    case 0x00A0:
    case 0x3000:
    case 0x205F:
    case 0x202F: /* blanks */
    case 0x00B7:
    case 0x2022:
    case 0x2024:
    case 0x2027:
    case 0x2219:
    case 0x22C5: /* dots */
    case 0x30FB:
    case 0xFF65:
    case 0x25CF:
    case 0x25AA:
    case 0x2212:
    case 0x00AD: /* hyphens */
    case 0x02BC:
    case 0x02B9:
    case 0x2032: /* apostrophes */ return true;
    default:
        return (c >= 0x2000 && c <= 0x200A) || (c >= 0x2010 && c <= 0x2015) ||
               (c >= 0x2018 && c <= 0x201B);
    }
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
