#include "base/utf8.h"

#include <stdint.h>

static bool is_tail(unsigned char c) { return (c & 0xC0) == 0x80; }

/* The length of the character at p, of which `n` bytes can be read; 0 when it is not one. */
static size_t character(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    if (c < 0xC2)
        return 0;
    if (c < 0xE0)
        return n >= 2 && is_tail(p[1]) ? 2 : 0;
    if (n < 3 || !is_tail(p[1]) || !is_tail(p[2]))
        return 0;
    if (c < 0xF0) {
        bool overlong = c == 0xE0 && p[1] < 0xA0, surrogate = c == 0xED && p[1] >= 0xA0;
        return overlong || surrogate ? 0 : 3;
    }
    if (c > 0xF4 || n < 4 || !is_tail(p[3]))
        return 0;
    return (c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] >= 0x90) ? 0 : 4;
}

size_t utf8_valid_prefix(struct slice s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t at = 0;
    while (at < s.n) {
        uint64_t eight;
        if (s.n - at >= sizeof eight) {
            memcpy(&eight, p + at, sizeof eight);
            if (!(eight & UINT64_C(0x8080808080808080))) {
                at += sizeof eight;
                continue;
            }
        }
        size_t n = character(p + at, s.n - at);
        if (n == 0)
            return at;
        at += n;
    }
    return at;
}
