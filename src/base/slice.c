#include "base/slice.h"

int slice_compare(struct slice a, struct slice b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static const char no_break_space[] = "\xC2\xA0", ideographic_space[] = "\xE3\x80\x80";

static size_t blank_at_start(struct slice s)
{
    if (s.n && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
        return 1;
    if (s.n >= 2 && memcmp(s.p, no_break_space, 2) == 0)
        return 2;
    return s.n >= 3 && memcmp(s.p, ideographic_space, 3) == 0 ? 3 : 0;
}

static size_t blank_at_end(struct slice s)
{
    if (s.n && (s.p[s.n - 1] == ' ' || (s.p[s.n - 1] >= '\t' && s.p[s.n - 1] <= '\r')))
        return 1;
    if (s.n >= 2 && memcmp(s.p + s.n - 2, no_break_space, 2) == 0)
        return 2;
    return s.n >= 3 && memcmp(s.p + s.n - 3, ideographic_space, 3) == 0 ? 3 : 0;
}

struct slice slice_trim(struct slice s)
{
    size_t n;
    while ((n = blank_at_start(s)) != 0)
        s.p += n, s.n -= n;
    while ((n = blank_at_end(s)) != 0)
        s.n -= n;
    return s;
}
