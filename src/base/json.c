#include "base/json.h"

#include <assert.h>

#define FIRST_CAPACITY 1024

static void make_room(struct json *j, size_t more)
{
    if (j->capacity - j->n < more) {
        size_t need = j->n + more;
        j->p = arena_grow(j->arena, j->p, &j->capacity,
                          need < FIRST_CAPACITY ? FIRST_CAPACITY : need, 1);
    }
}

/* Room for a value of `more` bytes, the comma before it and the NUL of json_text behind it. */
static void value_begin(struct json *j, size_t more)
{
    make_room(j, more + 2);
    if (j->comma && !j->after_name)
        j->p[j->n++] = ',';
    j->comma = true;
    j->after_name = false;
}

static void put(struct json *j, const char *p, size_t n)
{
    if (n)
        memcpy(j->p + j->n, p, n);
    j->n += n;
}

static void literal(struct json *j, struct slice text)
{
    value_begin(j, text.n);
    put(j, text.p, text.n);
}

void json_begin(struct json *j, struct arena *arena) { *j = (struct json){.arena = arena}; }

struct slice json_text(const struct json *j)
{
    if (j->n == 0)
        return SLICE_LITERAL("");
    assert(j->n < j->capacity);
    j->p[j->n] = '\0';
    return (struct slice){j->p, j->n};
}

static void bracket_open(struct json *j, char bracket)
{
    assert(j->depth < JSON_DEPTH_MAX);
    value_begin(j, 1);
    j->p[j->n++] = bracket;
    j->depth++;
    j->comma = false;
}

static void bracket_close(struct json *j, char bracket)
{
    assert(j->depth > 0 && !j->after_name);
    make_room(j, 2);
    j->p[j->n++] = bracket;
    j->depth--;
    j->comma = true;
}

void json_object_begin(struct json *j) { bracket_open(j, '{'); }
void json_object_end(struct json *j) { bracket_close(j, '}'); }
void json_array_begin(struct json *j) { bracket_open(j, '['); }
void json_array_end(struct json *j) { bracket_close(j, ']'); }

void json_name(struct json *j, const char *name)
{
    size_t n = strlen(name);
    value_begin(j, n + 3);
    j->p[j->n++] = '"';
    put(j, name, n);
    j->p[j->n++] = '"';
    j->p[j->n++] = ':';
    j->after_name = true;
}

/* ---- strings ---- */

/* What may be copied as it stands: neither a quote, nor a backslash, nor a control character, and
 * no byte of a longer character. */
static bool is_plain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

/* The length of the longer character at p, of which `n` bytes can be read; 0 when it is none (RFC
 * 3629). */
static size_t longer_character(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    if (c >= 0xE1 && c <= 0xEC) /* nearly all of Chinese */
        return n >= 3 && (p[1] & 0xC0) == 0x80 && (p[2] & 0xC0) == 0x80 ? 3 : 0;
    size_t length = c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (length == 0 || n < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (c == 0xE0 && p[1] < 0xA0) || (c == 0xF0 && p[1] < 0x90);
    bool surrogate = c == 0xED && p[1] >= 0xA0, too_high = c == 0xF4 && p[1] >= 0x90;
    return overlong || surrogate || too_high ? 0 : length;
}

/* Writes what one byte that cannot stand becomes: at most six bytes. */
static size_t escape(unsigned char c, char *to)
{
    static const char hex[] = "0123456789abcdef";
    static const char short_forms[] = "btn\0fr";                 /* of 8 to 13; 11 has none */
    static const char replacement[3] = {'\xEF', '\xBF', '\xBD'}; /* U+FFFD */
    static const char long_form[6] = {'\\', 'u', '0', '0'};
    if (c >= 0x80) {
        memcpy(to, replacement, sizeof replacement);
        return sizeof replacement;
    }
    memcpy(to, long_form, sizeof long_form);
    if (c == '"' || c == '\\') {
        to[1] = (char)c;
        return 2;
    }
    if (c >= '\b' && c <= '\r' && c != '\v') {
        to[1] = short_forms[c - '\b'];
        return 2;
    }
    to[4] = hex[c >> 4];
    to[5] = hex[c & 15];
    return 6;
}

void json_put_string(struct json *j, struct slice s)
{
    if (!s.p) {
        json_put_null(j);
        return;
    }
    value_begin(j, s.n + 2);
    j->p[j->n++] = '"';
    const unsigned char *p = (const unsigned char *)s.p;
    size_t at = 0, copied = 0;
    while (at < s.n) {
        size_t n = is_plain(p[at]) ? 1 : p[at] >= 0x80 ? longer_character(p + at, s.n - at) : 0;
        if (n) {
            at += n;
            continue;
        }
        put(j, s.p + copied, at - copied);
        make_room(j, 6 + (s.n - at) + 2);
        j->n += escape(p[at], j->p + j->n);
        copied = ++at;
    }
    put(j, s.p + copied, at - copied);
    j->p[j->n++] = '"';
}

void json_put_raw(struct json *j, struct slice text)
{
    literal(j, text.n ? text : SLICE_LITERAL("null"));
}

/* ---- numbers, days, instants ---- */

#define DIGITS_MAX 20

/* Writes the number's digits to the end of `buffer`; returns where they begin. */
static char *digits(uint64_t v, char buffer[DIGITS_MAX])
{
    char *p = buffer + DIGITS_MAX;
    do
        *--p = (char)('0' + v % 10);
    while ((v /= 10) != 0);
    return p;
}

static void put_integer(struct json *j, int64_t v)
{
    char buffer[DIGITS_MAX];
    char *p = digits(v < 0 ? -(uint64_t)v : (uint64_t)v, buffer);
    if (v < 0)
        j->p[j->n++] = '-';
    put(j, p, (size_t)(buffer + DIGITS_MAX - p));
}

void json_put_integer(struct json *j, int64_t v)
{
    value_begin(j, DIGITS_MAX + 1);
    put_integer(j, v);
}

void json_put_id(struct json *j, int64_t id)
{
    value_begin(j, DIGITS_MAX + 3);
    j->p[j->n++] = '"';
    put_integer(j, id);
    j->p[j->n++] = '"';
}

void json_put_boolean(struct json *j, bool v)
{
    literal(j, v ? SLICE_LITERAL("true") : SLICE_LITERAL("false"));
}

void json_put_null(struct json *j) { literal(j, SLICE_LITERAL("null")); }

void json_put_day(struct json *j, day d)
{
    char text[DAY_TEXT];
    day_format(d, text);
    if (text[0] == '\0') {
        json_put_null(j);
        return;
    }
    value_begin(j, DAY_TEXT + 2);
    j->p[j->n++] = '"';
    put(j, text, strlen(text));
    j->p[j->n++] = '"';
}

static void two_digits(char *to, int64_t v)
{
    to[0] = (char)('0' + v / 10);
    to[1] = (char)('0' + v % 10);
}

void json_put_instant(struct json *j, int64_t microseconds)
{
    const int64_t second = 1000000, day_length = 86400;
    /* Rounded down on both sides of 1970; the offset is added after the division, which cannot
     * overflow. */
    int64_t seconds = microseconds / second - (microseconds % second < 0) + INT64_C(8) * 3600;
    int64_t days = seconds / day_length - (seconds % day_length < 0);
    char date[DAY_TEXT] = "";
    if (days >= DAY_FIRST && days <= DAY_LAST)
        day_format((day)days, date);
    if (date[0] == '\0') {
        json_put_null(j);
        return;
    }
    int64_t of_day = seconds - days * day_length;
    char text[] = "\"0000-00-00T00:00:00+08:00\"";
    memcpy(text + 1, date, 10);
    two_digits(text + 12, of_day / 3600);
    two_digits(text + 15, of_day / 60 % 60);
    two_digits(text + 18, of_day % 60);
    literal(j, (struct slice){text, sizeof text - 1});
}
