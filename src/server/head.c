#include "server/head.h"

static struct slice cut(struct slice *rest, char at)
{
    const char *end = rest->n ? memchr(rest->p, at, rest->n) : NULL;
    struct slice first = {rest->p, end ? (size_t)(end - rest->p) : rest->n};

    *rest = end ? (struct slice){end + 1, rest->n - first.n - 1} : (struct slice){rest->p, 0};
    return first;
}

/* "q=0.8" to 800; 1000 where there is none. Beyond three digits it is not looked at. */
static int quality(struct slice parameters)
{
    struct slice q = slice_trim(parameters);
    int value = 0;

    if (q.n < 3 || (q.p[0] != 'q' && q.p[0] != 'Q') || q.p[1] != '=')
        return 1000;
    if (q.p[2] == '1')
        return 1000;
    for (size_t i = 4; i < 7; i++)
        value = value * 10 + (i < q.n && q.p[i] >= '0' && q.p[i] <= '9' ? q.p[i] - '0' : 0);
    return value;
}

static bool begins(struct slice tag, const char *language)
{
    return tag.n >= 2 && (tag.p[0] | 32) == language[0] && (tag.p[1] | 32) == language[1] &&
           (tag.n == 2 || tag.p[2] == '-');
}

enum language head_language(struct slice accept)
{
    int en = 0, zh = 0;

    while (accept.n > 0) {
        struct slice item = cut(&accept, ',');
        struct slice tag = slice_trim(cut(&item, ';'));
        int q = quality(item);
        if (begins(tag, "en"))
            en = q > en ? q : en;
        else if (begins(tag, "zh"))
            zh = q > zh ? q : zh;
    }
    return en > zh ? LANGUAGE_EN : LANGUAGE_ZH;
}

/* The host without its port; an IPv6 address keeps its brackets. */
static struct slice without_port(struct slice host)
{
    size_t n = host.n;

    while (n > 0 && host.p[n - 1] >= '0' && host.p[n - 1] <= '9')
        n--;
    if (n > 1 && n < host.n && host.p[n - 1] == ':')
        host.n = n - 1;
    return host;
}

static bool same_letters(struct slice a, struct slice b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        char x = a.p[i], y = b.p[i];
        x = (char)(x >= 'A' && x <= 'Z' ? x + 32 : x);
        y = (char)(y >= 'A' && y <= 'Z' ? y + 32 : y);
        if (x != y)
            return false;
    }
    return true;
}

bool head_same_host(struct slice origin, struct slice host)
{
    static const char *const schemes[] = {"http://", "https://"};

    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(schemes[i]);
        if (origin.n > n && memcmp(origin.p, schemes[i], n) == 0)
            return same_letters(without_port((struct slice){origin.p + n, origin.n - n}),
                                without_port(host));
    }
    return false;
}
