/* A run of bytes that somebody else owns. A NULL pointer is "no value"; an empty run is a value. */
#ifndef HUMIAO_BASE_SLICE_H
#define HUMIAO_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *p;
    size_t n;
};

#define SLICE_NONE ((struct slice){NULL, 0})
#define SLICE_LITERAL(s) ((struct slice){"" s, sizeof(s) - 1})
#define SLICE_OF(array) ((struct slice){(const char *)(array), sizeof(array)})

static inline struct slice slice_from(const char *s)
{
    return (struct slice){s, s ? strlen(s) : 0};
}
static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool slice_is(struct slice a, const char *s) { return slice_equal(a, slice_from(s)); }

/* By code point, which for UTF-8 is by byte; a prefix comes first. */
int slice_compare(struct slice a, struct slice b);

/* Without leading and trailing ASCII blanks, NO-BREAK SPACE and IDEOGRAPHIC SPACE. */
struct slice slice_trim(struct slice s);

#endif
