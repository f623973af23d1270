#include "server/cookie.h"

#define ATTRIBUTES "; Path=/; HttpOnly; Secure; SameSite=Strict"

static bool is_token(struct slice s)
{
    if (s.n != SESSION_TOKEN_SIZE)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_'))
            return false;
    }
    return true;
}

struct slice cookie_token(struct slice header)
{
    const struct slice name = SLICE_LITERAL(COOKIE_NAME "=");
    struct slice found = SLICE_NONE;

    for (size_t at = 0; at < header.n;) {
        size_t end = at;
        while (end < header.n && header.p[end] != ';')
            end++;
        struct slice pair = slice_trim((struct slice){header.p + at, end - at});
        at = end + 1;
        if (pair.n < name.n || memcmp(pair.p, name.p, name.n) != 0)
            continue;
        if (found.p)
            return SLICE_NONE;
        found = (struct slice){pair.p + name.n, pair.n - name.n};
    }
    return found.p && is_token(found) ? found : SLICE_NONE;
}

const char *cookie_give(struct arena *arena, const char *token, int64_t seconds)
{
    return arena_printf(arena, COOKIE_NAME "=%s; Max-Age=%lld" ATTRIBUTES, token,
                        (long long)seconds);
}

const char *cookie_take_away(struct arena *arena)
{
    return arena_printf(arena, COOKIE_NAME "=; Max-Age=0" ATTRIBUTES);
}
