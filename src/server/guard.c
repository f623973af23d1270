#include "server/guard.h"

#include <stdio.h>

enum state {
    AT_METHOD = 0,
    AT_TARGET,
    AT_VERSION,
    AT_LINE_LF, /* after the CR of the request line or of a header */
    AT_HEADER,  /* at the first byte of a header line */
    AT_NAME,
    AT_VALUE,
    AT_HEAD_LF /* after the CR of the empty line */
};

enum method { GET = 1, HEAD, POST, PUT, PATCH, DELETE, OPTIONS };

static const struct {
    const char *name;
    bool body;         /* may have one */
    bool needs_length; /* must say how long it is */
} methods[] = {
    [GET] = {"GET", false, false},         [HEAD] = {"HEAD", false, false},
    [POST] = {"POST", true, true},         [PUT] = {"PUT", true, true},
    [PATCH] = {"PATCH", true, true},       [DELETE] = {"DELETE", true, false},
    [OPTIONS] = {"OPTIONS", false, false},
};

/* Headers that may be there once. Two of them, and two programs may each believe another one. */
enum header {
    OTHER = 0,
    HOST,
    CONTENT_LENGTH,
    TRANSFER_ENCODING,
    EXPECT,
    SINGLE /* any beyond here is counted, and not looked into */
};

static const char *const once[] = {
    [HOST] = "host",
    [CONTENT_LENGTH] = "content-length",
    [TRANSFER_ENCODING] = "transfer-encoding",
    [EXPECT] = "expect",
    [SINGLE] = "content-type",
    "authorization",
    "cookie",
    "origin",
    "idempotency-key",
    "x-csrf-token",
    "x-real-ip",
    "sec-fetch-site",
    "user-agent",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void guard_begin(struct guard *g, uint64_t body_max)
{
    *g = (struct guard){.phase = GUARD_IDLE, .body_max = body_max};
}

void guard_answered(struct guard *g)
{
    if (g->phase == GUARD_COMPLETE)
        guard_begin(g, g->body_max);
}

/* RFC 9110 section 5.6.2. */
static bool is_token(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

/* Keeps a byte in lower case; a word that is too long is no known one, which its size tells. */
static void keep(struct guard *g, uint8_t c, bool lower)
{
    if (g->word_size < GUARD_WORD_MAX)
        g->word[g->word_size++] = (char)(lower && c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool kept(const struct guard *g, const char *word)
{
    return slice_is((struct slice){g->word, g->word_size}, word);
}

static void begin_word(struct guard *g, enum state state)
{
    g->state = (uint8_t)state;
    g->word_size = 0;
    g->line_size = 0;
}

/* ---- the request line ------------------------------------------------------------------------ */

static enum guard_refusal method_byte(struct guard *g, uint8_t c)
{
    if (c >= 'A' && c <= 'Z' && g->word_size < GUARD_WORD_MAX) {
        keep(g, c, false);
        return GUARD_FINE;
    }
    if (c != ' ' || g->word_size == 0)
        return GUARD_REQUEST_LINE;
    for (size_t i = 1; i < COUNT(methods); i++)
        if (kept(g, methods[i].name))
            g->method = (uint8_t)i;
    begin_word(g, AT_TARGET);
    return g->method ? GUARD_FINE : GUARD_METHOD;
}

static enum guard_refusal target_byte(struct guard *g, uint8_t c)
{
    if (g->line_size == 0 && c != '/')
        return GUARD_TARGET;
    if (c == ' ') {
        begin_word(g, AT_VERSION);
        return GUARD_FINE;
    }
    if (c == '\r' || c == '\n')
        return GUARD_REQUEST_LINE;
    if (c <= 0x20 || c >= 0x7f || c == '#')
        return GUARD_TARGET;
    return ++g->line_size > GUARD_TARGET_MAX ? GUARD_TARGET_LONG : GUARD_FINE;
}

static enum guard_refusal version_byte(struct guard *g, uint8_t c)
{
    static const char version[] = "HTTP/1.1\r";

    if (c == '\n')
        return GUARD_LINE_END;
    if (c != (uint8_t)version[g->line_size])
        return GUARD_VERSION;
    if (!version[++g->line_size])
        g->state = AT_LINE_LF;
    return GUARD_FINE;
}

/* ---- headers --------------------------------------------------------------------------------- */

static enum guard_refusal line_lf_byte(struct guard *g, uint8_t c)
{
    if (c != '\n')
        return GUARD_LINE_END;
    begin_word(g, AT_HEADER);
    return GUARD_FINE;
}

static enum guard_refusal name_end(struct guard *g)
{
    g->header = OTHER;
    for (size_t i = 1; i < COUNT(once); i++)
        if (kept(g, once[i]))
            g->header = (uint8_t)i;
    begin_word(g, AT_VALUE);
    g->padded = false;
    if (g->header == OTHER)
        return GUARD_FINE;
    if (g->header == TRANSFER_ENCODING)
        return GUARD_ENCODING;
    if (g->seen & (1u << g->header))
        return g->header == HOST             ? GUARD_HOST
               : g->header == CONTENT_LENGTH ? GUARD_LENGTH
                                             : GUARD_TWICE;
    g->seen |= 1u << g->header;
    return GUARD_FINE;
}

static enum guard_refusal name_byte(struct guard *g, uint8_t c)
{
    if (c == ':' && g->state == AT_NAME)
        return name_end(g);
    if (!is_token(c))
        return c == '\n' ? GUARD_LINE_END : GUARD_NAME;
    g->state = AT_NAME;
    keep(g, c, true);
    return GUARD_FINE;
}

static enum guard_refusal header_byte(struct guard *g, uint8_t c)
{
    if (c == '\r') {
        g->state = AT_HEAD_LF;
        return GUARD_FINE;
    }
    if (c == ' ' || c == '\t')
        return GUARD_FOLD;
    if (++g->headers > GUARD_HEADERS_MAX)
        return GUARD_HEADERS_MANY;
    return name_byte(g, c);
}

static enum guard_refusal length_byte(struct guard *g, uint8_t c)
{
    /* A number beyond all limits stays there; it cannot wrap. */
    if (c < '0' || c > '9')
        return GUARD_LENGTH;
    g->length = g->length > UINT64_MAX / 16 ? g->length : g->length * 10 + (c - '0');
    return ++g->line_size > 19 ? GUARD_LENGTH : GUARD_FINE;
}

static enum guard_refusal host_byte(struct guard *g, uint8_t c)
{
    bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                (c && strchr(".-_:[]", c));
    return !good || ++g->line_size > 255 ? GUARD_HOST : GUARD_FINE;
}

/* A value that has no blank inside: blanks before it are skipped, after those behind it nothing comes. */
static enum guard_refusal single_byte(struct guard *g, uint8_t c)
{
    static const enum guard_refusal wrong[] = {
        [HOST] = GUARD_HOST, [CONTENT_LENGTH] = GUARD_LENGTH, [EXPECT] = GUARD_EXPECT};

    if (c == ' ' || c == '\t') {
        g->padded = g->line_size > 0;
        return GUARD_FINE;
    }
    if (g->padded)
        return wrong[g->header];
    if (g->header == HOST)
        return host_byte(g, c);
    if (g->header == CONTENT_LENGTH)
        return length_byte(g, c);
    g->line_size++;
    keep(g, c, true);
    return GUARD_FINE;
}

static enum guard_refusal value_end(struct guard *g)
{
    g->state = AT_LINE_LF;
    if (g->header == HOST && g->line_size == 0)
        return GUARD_HOST;
    if (g->header == CONTENT_LENGTH && g->line_size == 0)
        return GUARD_LENGTH;
    if (g->header == EXPECT && !kept(g, "100-continue"))
        return GUARD_EXPECT;
    return GUARD_FINE;
}

static enum guard_refusal value_byte(struct guard *g, uint8_t c)
{
    if (c == '\r')
        return value_end(g);
    if (c == '\n')
        return GUARD_LINE_END;
    if ((c < 0x20 && c != '\t') || c == 0x7f)
        return GUARD_VALUE;
    if (g->header == HOST || g->header == CONTENT_LENGTH || g->header == EXPECT)
        return single_byte(g, c);
    return GUARD_FINE;
}

static enum guard_refusal head_end(struct guard *g, uint8_t c, int64_t now)
{
    bool told = g->seen & (1u << CONTENT_LENGTH);

    if (c != '\n')
        return GUARD_LINE_END;
    if (!(g->seen & (1u << HOST)))
        return GUARD_HOST;
    if (!told && methods[g->method].needs_length)
        return GUARD_LENGTH_MISSING;
    if (g->length > 0 && !methods[g->method].body)
        return GUARD_LENGTH;
    if (g->length > g->body_max)
        return GUARD_BODY_LARGE;
    g->phase = g->length > 0 ? GUARD_BODY : GUARD_COMPLETE;
    g->body_began = now;
    return GUARD_FINE;
}

/* ---- the bytes of a connection --------------------------------------------------------------- */

static enum guard_refusal head_byte(struct guard *g, uint8_t c, int64_t now)
{
    if (++g->head_size > GUARD_HEAD_MAX)
        return GUARD_HEAD_LARGE;
    switch ((enum state)g->state) {
    case AT_METHOD: return method_byte(g, c);
    case AT_TARGET: return target_byte(g, c);
    case AT_VERSION: return version_byte(g, c);
    case AT_LINE_LF: return line_lf_byte(g, c);
    case AT_HEADER: return header_byte(g, c);
    case AT_NAME: return name_byte(g, c);
    case AT_VALUE: return value_byte(g, c);
    case AT_HEAD_LF: return head_end(g, c, now);
    }
    return GUARD_REQUEST_LINE;
}

static enum guard_refusal refuse(struct guard *g, enum guard_refusal why)
{
    if (why != GUARD_FINE) {
        g->phase = GUARD_REFUSED;
        g->refusal = why;
    }
    return why;
}

static enum guard_refusal feed(struct guard *g, const uint8_t *p, size_t n, int64_t now)
{
    for (size_t i = 0; i < n; i++) {
        enum guard_refusal why = GUARD_FINE;
        if (g->phase == GUARD_IDLE) {
            g->phase = GUARD_HEAD;
            g->began = now;
        }
        if (g->phase == GUARD_BODY) {
            uint64_t rest = g->length - g->body_read, here = n - i < rest ? n - i : rest;
            g->body_read += here;
            i += here - 1;
            if (g->body_read == g->length)
                g->phase = GUARD_COMPLETE;
        } else if (g->phase == GUARD_COMPLETE) {
            why = GUARD_PIPELINE;
        } else {
            why = head_byte(g, p[i], now);
        }
        if (why != GUARD_FINE)
            return why;
    }
    return GUARD_FINE;
}

enum guard_refusal guard_feed(struct guard *g, const void *bytes, size_t n, int64_t now)
{
    if (g->phase == GUARD_REFUSED)
        return g->refusal;
    enum guard_refusal why = guard_check_time(g, now);
    return why != GUARD_FINE ? why : refuse(g, feed(g, bytes, n, now));
}

int64_t guard_deadline(const struct guard *g)
{
    if (g->phase == GUARD_HEAD)
        return g->began + GUARD_HEAD_TIME;
    if (g->phase == GUARD_BODY)
        return g->body_began + GUARD_BODY_GRACE +
               (int64_t)(g->body_read * 1000000 / GUARD_BODY_RATE);
    return INT64_MAX;
}

enum guard_refusal guard_check_time(struct guard *g, int64_t now)
{
    if (g->phase == GUARD_REFUSED)
        return g->refusal;
    if (now <= guard_deadline(g))
        return GUARD_FINE;
    return refuse(g, g->phase == GUARD_BODY ? GUARD_SLOW_BODY : GUARD_SLOW_HEAD);
}

/* ---- the answer to what is refused ----------------------------------------------------------- */

static const struct {
    const char *name;
    int status;
    const char *reason;
    enum error_code error;
    const char *text;
} refusals[] = {
    [GUARD_FINE] = {"fine", 200, "OK", ERR_NONE, ""},
#define GUARD(symbol, name, status, reason, error, text) \
    [symbol] = {name, status, reason, error, text},
#include "server/guard.def"
#undef GUARD
};

const char *guard_refusal_name(enum guard_refusal refusal) { return refusals[refusal].name; }
int guard_refusal_status(enum guard_refusal refusal) { return refusals[refusal].status; }

size_t guard_answer(enum guard_refusal refusal, char buffer[GUARD_ANSWER_MAX])
{
    char body[512];
    int n = snprintf(body, sizeof(body),
                     "{\"type\":\"urn:humiao:error:%d\",\"title\":\"%s\",\"status\":%d,"
                     "\"detail\":\"%s\",\"code\":\"HM-%d\"}\n",
                     refusals[refusal].error, refusals[refusal].reason, refusals[refusal].status,
                     refusals[refusal].text, refusals[refusal].error);
    int all = snprintf(
        buffer, GUARD_ANSWER_MAX,
        "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n"
        "Connection: close\r\n%sCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
        "Referrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\n\r\n%s",
        refusals[refusal].status, refusals[refusal].reason, n,
        refusal == GUARD_METHOD ? "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n" : "",
        body);
    return (size_t)all;
}
