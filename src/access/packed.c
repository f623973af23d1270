#include "access/packed.h"

#include <stdint.h>

/* A length in two bytes; LONG says that it stands in the four bytes behind it. */
#define LONG UINT16_MAX

static size_t head_size(size_t n) { return n < LONG ? 2 : 6; }

struct slice packed_from(const struct slice *texts, size_t count, struct arena *arena)
{
    size_t size = 0, at = 0;

    for (size_t i = 0; i < count; i++)
        size += head_size(texts[i].n) + texts[i].n;
    unsigned char *bytes = arena_take(arena, size + 1);
    for (size_t i = 0; i < count; i++) {
        size_t n = texts[i].n;
        uint16_t head = (uint16_t)(n < LONG ? n : LONG);
        bytes[at++] = (unsigned char)(head & 0xff);
        bytes[at++] = (unsigned char)(head >> 8);
        for (int shift = 0; head == LONG && shift < 32; shift += 8)
            bytes[at++] = (unsigned char)(n >> shift);
        if (n > 0)
            memcpy(bytes + at, texts[i].p, n);
        at += n;
    }
    return (struct slice){(const char *)bytes, size};
}

/* The length at `at`, which moves behind it; SIZE_MAX: cut off. */
static size_t read_length(struct slice packed, size_t *at)
{
    const unsigned char *p = (const unsigned char *)packed.p + *at;
    size_t left = packed.n - *at, n = left < 2 ? SIZE_MAX : (size_t)p[0] | (size_t)p[1] << 8;

    *at += left < 2 ? left : 2;
    if (n != LONG || left < 6)
        return n;
    size_t longer = (size_t)p[2] | (size_t)p[3] << 8 | (size_t)p[4] << 16 | (size_t)p[5] << 24;
    if (longer < LONG || longer > left - 6)
        return n; /* a text of an older edition, cut at that length */
    *at += 4;
    return longer;
}

bool packed_read(struct slice packed, struct slice *ret, size_t count)
{
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        ret[i] = SLICE_LITERAL("");
        if (at == packed.n)
            continue;
        size_t n = read_length(packed, &at);
        if (packed.n - at < n)
            return false;
        ret[i] = (struct slice){packed.p + at, n};
        at += n;
    }
    return true;
}
