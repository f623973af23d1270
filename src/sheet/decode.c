#include "sheet/decode.h"

#include "base/utf8.h"
#include "sheet/gb18030_table.h"

#include <stdlib.h>

#define GUESS_BYTES (1u << 20)
#define TRAILS 190    /* 40–7E, 80–FE */
#define QUADS 39420   /* of the Basic Multilingual Plane: 81308130 to 8431A439 */
#define ASTRAL 189000 /* linear place of 90308130, which is U+10000 */

const char *encoding_name(enum encoding encoding)
{
    static const char *const names[] = {"utf-8", "gb18030", "utf-16", "utf-16", "utf-8"};

    return names[encoding];
}

/* ---- guessing ------------------------------------------------------------------------------------- */

static bool is_ascii(struct slice s)
{
    unsigned char all = 0;

    for (size_t i = 0; i < s.n; i++)
        all |= (unsigned char)s.p[i];
    return all < 0x80;
}

enum encoding encoding_guess(struct slice bytes, size_t *ret_mark)
{
    size_t utf8 = 0, other = 0;
    const char *p = bytes.p, *end = bytes.p + (bytes.n < GUESS_BYTES ? bytes.n : GUESS_BYTES);

    *ret_mark = 0;
    if (bytes.n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) {
        *ret_mark = 3;
        return ENCODING_UTF8;
    }
    if (bytes.n >= 2 && (memcmp(p, "\xFF\xFE", 2) == 0 || memcmp(p, "\xFE\xFF", 2) == 0)) {
        *ret_mark = 2;
        return p[0] == '\xFF' ? ENCODING_UTF16LE : ENCODING_UTF16BE;
    }
    while (p < end) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        struct slice line = {p, (size_t)((lf ? lf : end) - p)};
        if (!is_ascii(line) && (lf || end == bytes.p + bytes.n))
            *(utf8_valid_prefix(line) == line.n ? &utf8 : &other) += 1;
        p = line.p + line.n + 1;
    }
    if (other == 0 && utf8 == 0)
        return ENCODING_ASCII;
    return other >= utf8 ? ENCODING_GB18030 : ENCODING_UTF8;
}

/* ---- GB 18030 --------------------------------------------------------------------------------------- */

static uint32_t packed(uint32_t c)
{
    unsigned char b[4] = {0};

    if (c < 0x80) {
        b[0] = (unsigned char)c;
        b[3] = 1;
    } else if (c < 0x800) {
        b[0] = (unsigned char)(0xC0 | c >> 6);
        b[1] = (unsigned char)(0x80 | (c & 63));
        b[3] = 2;
    } else if (c < 0x10000 && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFD) {
        b[0] = (unsigned char)(0xE0 | c >> 12);
        b[1] = (unsigned char)(0x80 | (c >> 6 & 63));
        b[2] = (unsigned char)(0x80 | (c & 63));
        b[3] = 3;
    }
    uint32_t v;
    memcpy(&v, b, 4);
    return v;
}

static size_t put_astral(uint32_t c, char *out)
{
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

/* Four bytes from p; the size of what was written, 0: no character. */
static size_t decode_quad(const unsigned char *p, char *out)
{
    if (p[1] < 0x30 || p[1] > 0x39 || p[2] < 0x81 || p[2] > 0xFE || p[3] < 0x30 || p[3] > 0x39)
        return 0;
    uint32_t linear = (((uint32_t)(p[0] - 0x81) * 10 + (p[1] - 0x30u)) * 126 + (p[2] - 0x81u)) *
                          10 +
                      (p[3] - 0x30u);
    if (linear < QUADS) {
        memcpy(out, &gb18030_quads[linear], 4);
        return gb18030_quads[linear] ? (unsigned char)out[3] : 0;
    }
    if (linear < ASTRAL || linear - ASTRAL > 0xFFFFF)
        return 0;
    return put_astral(0x10000 + linear - ASTRAL, out);
}

/* Copies plain ASCII by eights; returns how far it came. */
static inline size_t copy_ascii(const unsigned char *p, size_t n, char *out)
{
    size_t i = 0;
    uint64_t eight;

    for (; i + 8 <= n; i += 8) {
        memcpy(&eight, p + i, 8);
        if (eight & 0x8080808080808080u)
            break;
        memcpy(out + i, &eight, 8);
    }
    for (; i < n && p[i] < 0x80; i++)
        out[i] = (char)p[i];
    return i;
}

size_t gb18030_decode(struct slice bytes, char *out, size_t *ret_at)
{
    const unsigned char *p = (const unsigned char *)bytes.p, *end = p + bytes.n;
    char *begin = out;

    while (p < end) {
        if (*p < 0x80) {
            size_t n = copy_ascii(p, (size_t)(end - p), out);
            p += n;
            out += n;
            continue;
        }
        if (*p == 0x80 || *p == 0xFF || p + 1 >= end)
            break;
        unsigned trail = p[1];
        if (trail >= 0x40 && trail != 0x7F && trail != 0xFF) {
            uint32_t c = gb18030_pairs[(*p - 0x81) * TRAILS + trail - 0x40 - (trail > 0x7F)];
            if (!c)
                break;
            memcpy(out, &c, 4);
            out += (unsigned char)out[3];
            p += 2;
            continue;
        }
        size_t n = end - p >= 4 ? decode_quad(p, out) : 0;
        if (n == 0)
            break;
        out += n;
        p += 4;
    }
    *ret_at = (size_t)((const char *)p - bytes.p);
    return (size_t)(out - begin);
}

/* ---- UTF-16 ------------------------------------------------------------------------------------------ */

static size_t put_character(uint32_t c, char *out)
{
    if (c >= 0x10000)
        return put_astral(c, out);
    uint32_t v = packed(c);
    if (!v)
        v = packed(0xFFFC) + 0x010000; /* EF BF BD, U+FFFD */
    memcpy(out, &v, 3);
    return v >> 24;
}

char *utf16_decode(struct slice bytes, bool big_endian, size_t *ret_n)
{
    size_t units = bytes.n / 2, n = 0;
    const unsigned char *p = (const unsigned char *)bytes.p;
    char *out = malloc(units * 3 + 8);

    for (size_t i = 0; out && i < units; i++) {
        uint32_t c = big_endian ? (uint32_t)p[2 * i] << 8 | p[2 * i + 1]
                                : (uint32_t)p[2 * i + 1] << 8 | p[2 * i];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < units) {
            uint32_t low = big_endian ? (uint32_t)p[2 * i + 2] << 8 | p[2 * i + 3]
                                      : (uint32_t)p[2 * i + 3] << 8 | p[2 * i + 2];
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i++;
            }
        }
        n += put_character(c, out + n);
    }
    *ret_n = n;
    return out;
}
