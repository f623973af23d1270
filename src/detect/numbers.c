#include "detect/scan.h"

/* A run of digits as people write them: full-width ones, and blanks and hyphens between. */

#define RUN_MAX 48 /* digits that are looked at together; a longer run is taken piece by piece */
#define NUMBER_MAX 19

struct digit {
    char value; /* '0' to '9', 'X'; 'O' 'l' for letters that stand for 0 and 1 */
    bool gap;   /* a blank or hyphen stands before */
    const char *start, *end;
};

struct run {
    struct digit digits[RUN_MAX];
    size_t count;
    const char *end; /* of the text that belongs to it */
    bool too_long;
};

/* ---- reading ---- */

/* What a character counts as: '0' to '9', 'X', 'O' or 'l', '-' for a blank or hyphen, else 0. */
static char digit_value(uint32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    if (c >= '0' && c <= '9')
        return (char)c;
    switch (c) {
    case 'x':
    case 'X':
    case 0xD7: return 'X';
    case 'O':
    case 'o': return 'O';
    case 'l':
    case 'I': return 'l';
    case ' ':
    case '-':
    case 0xA0:
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x3000: return '-';
    default: return 0;
    }
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void read_run(const struct scan *s, const char *p, struct run *run)
{
    unsigned gap = 0;
    run->count = 0;
    run->too_long = false;
    run->end = p;
    while (p < s->end) {
        uint32_t c;
        size_t n = word_decode(p, s->end, &c);
        char value = digit_value(c);
        if (value == 0)
            break;
        if (value == '-') {
            if (++gap > 3)
                break;
        } else {
            /* A letter counts only where it goes on with what has begun. */
            if (!is_digit(value) && (gap > 0 || run->count == 0))
                break;
            run->too_long = run->count == RUN_MAX;
            if (run->too_long)
                return;
            run->digits[run->count++] = (struct digit){value, gap > 0, p, p + n};
            gap = 0;
            run->end = p + n;
        }
        p += n;
    }
    /* Letters at the end belong to the word behind: 12 litres. An X after 17 digits stays. */
    while (run->count > 0 && !is_digit(run->digits[run->count - 1].value)) {
        const struct digit *last = &run->digits[run->count - 1];
        if (run->count >= 15 && (last->end == s->end || !scan_is_ascii_word(*last->end)))
            break;
        run->end = last->start;
        run->count--;
    }
}

/* ---- bounds ---- */

static bool begins_clear(const struct scan *s, const char *p)
{
    if (p == s->begin)
        return true;
    if (scan_is_ascii_word(p[-1]))
        return false;
    return !(p[-1] == '.' && p - s->begin > 1 && is_digit(p[-2]));
}

static bool ends_clear(const struct scan *s, const struct run *run, size_t end)
{
    if (end < run->count)
        return run->digits[end].gap;
    const char *p = run->digits[end - 1].end;
    if (p == s->end)
        return true;
    if (scan_is_ascii_word(*p))
        return false;
    return !(*p == '.' && s->end - p > 1 && is_digit(p[1]));
}

/* The words before say that this is an order, a licence: something of no person. */
static unsigned said_before(const struct scan *s, const char *p)
{
    if (!s->number_word || s->number_word > p || p - s->number_word > 16)
        return 0;
    for (const char *q = s->number_word; q < p; q++)
        if (*q == '\n' || *q == ',' || *q == ';' ||
            (q + 2 < p &&
             (memcmp(q, "，", 3) == 0 || memcmp(q, "。", 3) == 0 || memcmp(q, "；", 3) == 0)))
            return 0;
    return s->number_classes;
}

/* ---- what a run holds ---- */

struct found {
    enum detect_kind kind;
    size_t count; /* digits */
};
#define FOUND_NONE ((struct found){DETECT_NONE, 0})

/* The digits from `at`, `n` of them; letters that look like digits as these. Whether there were any. */
static bool copy_digits(const struct run *run, size_t at, size_t n, char *ret, bool *ret_alike)
{
    *ret_alike = false;
    for (size_t i = 0; i < n; i++) {
        char c = run->digits[at + i].value;
        if (c == 'X' && i != n - 1)
            return false;
        *ret_alike = *ret_alike || c == 'O' || c == 'l';
        ret[i] = c == 'O' ? '0' : c == 'l' ? '1' : c;
    }
    return true;
}

static size_t gaps(const struct run *run, size_t at, size_t n)
{
    size_t count = 0;
    for (size_t i = 1; i < n; i++)
        count += run->digits[at + i].gap;
    return count;
}

static struct found find_identity(const struct scan *s, const struct run *run, size_t at)
{
    char digits[18];
    bool alike;
    if (run->count - at < 18 || !ends_clear(s, run, at + 18) ||
        !copy_digits(run, at, 18, digits, &alike) || !identity_is_good(digits))
        return FOUND_NONE;
    return (struct found){alike ? DETECT_ID_NUMBER_NEAR : DETECT_ID_NUMBER, 18};
}

static struct found find_near(const struct scan *s, const struct run *run, size_t at)
{
    char digits[19];
    bool alike;
    /* The whole of the length first: 18 characters, then 19 and 17. */
    static const size_t lengths[] = {18, 19, 17};
    for (size_t i = 0; i < 3; i++) {
        size_t n = lengths[i];
        if (run->count - at < n || !ends_clear(s, run, at + n) || gaps(run, at, n) > 4 ||
            !copy_digits(run, at, n, digits, &alike))
            continue;
        if (identity_is_near(digits, n))
            return (struct found){DETECT_ID_NUMBER_NEAR, n};
    }
    return FOUND_NONE;
}

static bool luhn(const char *digits, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned d = (unsigned)(digits[n - 1 - i] - '0');
        if (i % 2 == 1)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return sum % 10 == 0;
}

/* The first digits that issuers of cards have, and the lengths that go with them. */
static bool issuer(const char *d, size_t n)
{
    int two = (d[0] - '0') * 10 + (d[1] - '0');
    int four = two * 100 + (d[2] - '0') * 10 + (d[3] - '0');
    if (two == 62)
        return n >= 16 && n <= 19;
    if (two == 34 || two == 37)
        return n == 15;
    if (n == 19)
        return two == 60 || two == 68 || two == 69 || two == 90 || two == 95;
    return n == 16 &&
           (d[0] == '4' || (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720) || two == 35);
}

static struct found find_card(const struct scan *s, const struct run *run, size_t at)
{
    char digits[19];
    bool alike;
    for (size_t n = 19; n >= 15; n--) {
        if (run->count - at < n || !ends_clear(s, run, at + n) || gaps(run, at, n) > 4 ||
            !copy_digits(run, at, n, digits, &alike) || alike || digits[n - 1] == 'X')
            continue;
        if (issuer(digits, n) && luhn(digits, n))
            return (struct found){DETECT_BANK_CARD, n};
    }
    return FOUND_NONE;
}

static size_t group_length(const struct run *run, size_t at)
{
    size_t n = 1;
    while (at + n < run->count && !run->digits[at + n].gap)
        n++;
    return n;
}

/* Eleven digits in one, or parted as people part them. */
static bool mobile_grouping(const struct run *run, size_t at)
{
    static const unsigned char forms[][4] = {{11},      {3, 4, 4}, {3, 8}, {7, 4},   {3, 3, 5},
                                             {4, 4, 3}, {3, 5, 3}, {5, 6}, {4, 3, 4}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        size_t place = at, k = 0;
        while (k < 4 && forms[i][k] && place < run->count &&
               group_length(run, place) == forms[i][k])
            place += forms[i][k++];
        if (place == at + 11)
            return true;
    }
    return false;
}

static bool only_digits(const struct run *run, size_t at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_digit(run->digits[at + i].value))
            return false;
    return true;
}

static bool is_mobile(const struct run *run, size_t at)
{
    if (run->count - at < 11 || !only_digits(run, at, 11))
        return false;
    return run->digits[at].value == '1' && run->digits[at + 1].value >= '3';
}

static struct found find_mobile(const struct scan *s, const struct run *run, size_t at)
{
    size_t code = 0;
    if (run->count - at > 11 && run->digits[at].value == '8' && run->digits[at + 1].value == '6')
        code = 2;
    else if (run->count - at > 11 && run->digits[at].value == '0' &&
             run->digits[at + 1].value == '0' && run->digits[at + 2].value == '8' &&
             run->digits[at + 3].value == '6')
        code = 4;
    if (run->count - at < code + 11 || !is_mobile(run, at + code) ||
        !ends_clear(s, run, at + code + 11))
        return FOUND_NONE;
    if (code &&
        !run->digits[at + code].gap) { /* +8613800138000, or with blanks after the third digit */
        struct run tail = *run;
        tail.digits[at + code].gap = true;
        return mobile_grouping(&tail, at + code) ? (struct found){DETECT_PHONE, code + 11}
                                                 : FOUND_NONE;
    }
    return mobile_grouping(run, at + code) ? (struct found){DETECT_PHONE, code + 11} : FOUND_NONE;
}

static bool bracket_at(const struct scan *s, const char *p)
{
    return p < s->end && (*p == ')' || (s->end - p >= 3 && memcmp(p, "）", 3) == 0));
}

/* With the area code apart: 0579-85123456; or in one behind a word that says telephone. */
static struct found find_landline(const struct scan *s, const struct run *run, size_t at)
{
    if (run->count - at < 10 || run->digits[at].value != '0')
        return FOUND_NONE;
    char second = run->digits[at + 1].value;
    size_t area = second == '1' || second == '2' ? 3 : 4;
    if (second == '0' || (second == '1' && run->digits[at + 2].value != '0'))
        return FOUND_NONE;
    bool apart = run->digits[at + area].gap;
    if (!apart && !(said_before(s, run->digits[at].start) & WORD_CALL))
        return FOUND_NONE;
    for (size_t local = 8; local >= (area == 3 ? 8u : 7u); local--) {
        size_t n = area + local;
        if (run->count - at < n || !ends_clear(s, run, at + n) || !only_digits(run, at, n) ||
            gaps(run, at, n) > 2)
            continue;
        char first = run->digits[at + area].value;
        if (first >= '2' && first <= '8' && group_length(run, at) >= (apart ? area : n))
            return (struct found){DETECT_PHONE, n};
    }
    return FOUND_NONE;
}

/* What begins at a digit. */
static struct found find_at(const struct scan *s, const struct run *run, size_t at)
{
    size_t left = run->count - at;
    if (left < 10)
        return FOUND_NONE;
    struct found f = find_identity(s, run, at);
    if (f.kind)
        return f;
    bool other = said_before(s, run->digits[at].start) & WORD_OTHER;
    if (!other && (f = find_card(s, run, at)).kind)
        return f;
    if (!other && ((f = find_mobile(s, run, at)).kind || (f = find_landline(s, run, at)).kind))
        return f;
    return other ? FOUND_NONE : find_near(s, run, at);
}

static const char *span_start(const struct scan *s, const struct run *run, size_t at,
                              enum detect_kind kind)
{
    const char *p = run->digits[at].start;
    if (kind == DETECT_PHONE && p > s->begin && p[-1] == '+')
        return p - 1;
    return p;
}

/* (0579)85123456: the bracket ends the run, the number is behind it. */
static const char *bracketed_landline(struct scan *s, const struct run *run)
{
    size_t area = run->count;
    const char *p = run->end;
    if (area < 3 || area > 4 || run->digits[0].value != '0' || !bracket_at(s, p))
        return NULL;
    p += *p == ')' ? 1 : 3;
    while (p < s->end && *p == ' ')
        p++;
    struct run local;
    read_run(s, p, &local);
    if (local.count < 7 || local.count > 8 || local.too_long || local.digits[0].start != p ||
        !only_digits(&local, 0, local.count) || local.digits[0].value < '2' ||
        local.digits[0].value > '8' || !ends_clear(s, &local, local.count))
        return NULL;
    const char *start = run->digits[0].start;
    if (start > s->begin && start[-1] == '(')
        start--;
    else if (start - s->begin >= 3 && memcmp(start - 3, "（", 3) == 0)
        start -= 3;
    scan_add(s, start, local.end, DETECT_PHONE);
    return local.end;
}

const char *scan_numbers(struct scan *s, const char *p)
{
    struct run run;
    read_run(s, p, &run);
    if (run.count == 0)
        return p + 1;
    const char *end = bracketed_landline(s, &run);
    if (end)
        return end;
    bool clear = begins_clear(s, p);
    size_t at = 0;
    /* What begins near the end of a piece may go on behind it. */
    while (at < run.count - (run.too_long ? NUMBER_MAX : 0)) {
        struct found f = FOUND_NONE;
        if (at > 0 || clear)
            f = find_at(s, &run, at);
        if (f.kind) {
            scan_add(s, span_start(s, &run, at, f.kind), run.digits[at + f.count - 1].end, f.kind);
            at += f.count;
            continue;
        }
        end = scan_address(s, run.digits[at].start);
        if (end && end >= run.end)
            return end;
        at += group_length(&run, at);
        while (end && at < run.count && run.digits[at].start < end)
            at++;
    }
    return at < run.count ? run.digits[at].start : run.end;
}
