#include "access/packed.h"

#include <stdint.h>

struct slice packed_from(const struct slice *texts, size_t count, struct arena *arena)
{
    size_t size = 0, at = 0;

    for (size_t i = 0; i < count; i++)
        size += 2 + (texts[i].n > UINT16_MAX ? UINT16_MAX : texts[i].n);
    char *bytes = arena_take(arena, size + 1);
    for (size_t i = 0; i < count; i++) {
        size_t n = texts[i].n > UINT16_MAX ? UINT16_MAX : texts[i].n;
        bytes[at++] = (char)(n & 0xff);
        bytes[at++] = (char)(n >> 8);
        if (n > 0)
            memcpy(bytes + at, texts[i].p, n);
        at += n;
    }
    return (struct slice){bytes, size};
}

bool packed_read(struct slice packed, struct slice *ret, size_t count)
{
    const unsigned char *p = (const unsigned char *)packed.p;
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        ret[i] = SLICE_LITERAL("");
        if (at == packed.n)
            continue;
        if (packed.n - at < 2)
            return false;
        size_t n = (size_t)p[at] | (size_t)p[at + 1] << 8;
        at += 2;
        if (packed.n - at < n)
            return false;
        ret[i] = (struct slice){packed.p + at, n};
        at += n;
    }
    return true;
}
