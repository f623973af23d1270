/* Bytes of an encoding to UTF-8. Of this room only. */
#ifndef HUMIAO_SHEET_DECODE_H
#define HUMIAO_SHEET_DECODE_H

#include "base/error.h"
#include "base/slice.h"

#include <stdint.h>

enum encoding {
    ENCODING_UTF8,
    ENCODING_GB18030,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE,
    ENCODING_ASCII /* nothing else in the part that was looked at */
};

const char *encoding_name(enum encoding encoding);

/* What the bytes most likely are: by their mark; else by lines, UTF-8 or GB 18030, whichever more of the lines that
 * are not plain ASCII could be. `ret_mark` is the size of the mark. */
enum encoding encoding_guess(struct slice bytes, size_t *ret_mark);

/* GB 18030-2005. Appends to `out`, which has room for 3 bytes for each 2 and 4 of the input and 8 more. Returns bytes written; stops at what is no
 * character, at *ret_at (bytes.n when all are). */
size_t gb18030_decode(struct slice bytes, char *out, size_t *ret_at);

/* The whole text in memory of its own (freed by the caller); lone surrogates become U+FFFD. NULL: no memory. */
char *utf16_decode(struct slice bytes, bool big_endian, size_t *ret_n);

#endif
