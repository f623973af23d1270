/* Whether bytes are UTF-8 (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF. */
#ifndef HUMIAO_BASE_UTF8_H
#define HUMIAO_BASE_UTF8_H

#include "base/slice.h"

/* The number of bytes from the start that are whole, valid characters; s.n when all are. */
size_t utf8_valid_prefix(struct slice s);

#endif
