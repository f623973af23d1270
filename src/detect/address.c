#include "detect/scan.h"

/* An address is found by its number: 路12号, 村45号, 苑3幢. From there it goes back over the road or
 * village and the divisions before it, and on over building, staircase and room. */

static bool begins(const char *p, const char *end, const char *what)
{
    size_t n = strlen(what);
    return (size_t)(end - p) >= n && memcmp(p, what, n) == 0;
}

static bool ends(const char *begin, const char *p, const char *what)
{
    size_t n = strlen(what);
    return (size_t)(p - begin) >= n && memcmp(p - n, what, n) == 0;
}

/* ---- on ---- */

static bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_ascii_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/* What the number of a house is made of besides ASCII digits. */
static bool is_numeral(uint32_t c)
{
    static const uint16_t numerals
        [] = {0x3007, 0x4E00, 0x4E03, 0x4E09, 0x4E1C, 0x4E59, 0x4E5D,
              0x4E8C, 0x4E94, 0x516B, 0x516D, 0x5317, 0x5341, 0x5357,
              0x56DB, 0x7532, 0x767E, 0x897F, 0x96F6, 0xFF0D}; /* 〇一七三东乙九二五八六北十南四甲百西零－ */
    if (c >= 0xFF10 && c <= 0xFF19)
        return true;
    for (size_t i = 0; i < sizeof numerals / sizeof numerals[0]; i++)
        if (c == numerals[i])
            return true;
    return c == 0x4E4B; /* 之 */
}

#define NUMBER_BYTES 24
#define PARTS_MAX 8 /* 12号3幢2单元…: more are no address, and would be read again and again */

static const char *skip_number(const char *p, const char *end)
{
    const char *begin = p;
    while (p < end && p - begin < NUMBER_BYTES) {
        uint32_t c;
        size_t n = word_decode(p, end, &c);
        bool more = is_ascii_digit(*p) || (p > begin && (*p == '-' || *p == '#'));
        /* A letter that belongs to a number: A座, 3B */
        if (is_ascii_letter(*p))
            more = p + 1 == end || !scan_is_ascii_word(p[1]) || is_ascii_digit(p[1]);
        if (!more && !(c >= 0x80 && is_numeral(c)))
            break;
        p += n;
    }
    return p;
}

static const char *const units[] = {"号楼", "单元", "号", "弄", "幢", "栋", "座",
                                    "室",   "楼",   "层", "组", "巷", "户", "房"};

/* 12号楼下: below the house, not house 12 of an estate. */
static bool is_floor(const char *p, const char *end)
{
    return begins(p, end, "下") || begins(p, end, "上") || begins(p, end, "道") ||
           begins(p, end, "梯") || begins(p, end, "顶");
}

static const char *skip_unit(const struct scan *s, const char *p)
{
    const char *end = s->end;
    uint32_t c = 0;
    if (p < end)
        word_decode(p, end, &c);
    if (c < 0x80 || c > 0xFFFF || !(s->flags[c] & CHAR_UNIT))
        return NULL;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (begins(p, end, units[i]) && !(i == 0 && is_floor(p + 6, end)))
            return p + strlen(units[i]);
    return NULL;
}

/* 3号文件, 2号线: a number of something else. */
static bool is_of_something(const char *unit, const char *p, const char *end)
{
    static const char *const others[] = {"文", "令",   "线",   "公告", "通知", "决", "案",
                                         "机", "店",   "车",   "生",   "选",   "码", "称",
                                         "召", "命令", "会议", "人",   "长",   "教", "公交"};
    if (!begins(unit, end, "号") || p - unit != 3)
        return begins(unit, end, "组") && (begins(p, end, "织") || begins(p, end, "成") ||
                                           begins(p, end, "长") || begins(p, end, "员"));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (begins(p, end, others[i]))
            return true;
    return false;
}

/* Number and unit, again and again; a last number may stand without: 3幢201. NULL where not even
 * one is there. */
static const char *go_on(const struct scan *s, const char *p)
{
    const char *end = s->end;
    const char *reached = NULL;
    for (unsigned part = 0; part < PARTS_MAX; part++) {
        const char *number = p;
        while (reached && p < end && (*p == ' ' || *p == '-'))
            number = ++p;
        const char *unit = skip_number(number, end);
        if (unit == number)
            return reached;
        const char *next = skip_unit(s, unit);
        if (!next) {
            bool digits = *number >= '0' && *number <= '9';
            return reached && digits && unit - number <= 5 && unit - number >= 2 ? unit : reached;
        }
        if (is_of_something(unit, next, end))
            return reached;
        reached = p = next;
    }
    return reached;
}

/* ---- back ---- */

/* What the name of a road, a village or an estate ends with. */
static bool is_site_end(const char *begin, const char *p)
{
    static const char *const tails[] = {
        "路", "街", "大道", "道", "巷", "弄", "村",   "苑", "园",   "小区", "社区", "新区", "区",
        "城", "庄", "坊",   "里", "湾", "坞", "街道", "镇", "乡",   "公寓", "花园", "广场", "大厦",
        "组", "段", "公馆", "府", "庭", "居", "墅",   "屯", "寨",   "畈",   "桥",   "塘",   "宅",
        "店", "口", "山",   "岗", "坪", "岭", "溪",   "田", "家园", "新村", "华庭", "名邸"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
        if (ends(begin, p, tails[i]))
            return true;
    return false;
}

/* 在 and its kin, which stand before an address. */
static bool is_stop(uint32_t c)
{
    switch (c) {
    case 0x4E3A:              /* 为 */
    case 0x4E86:              /* 了 */
    case 0x4E8E:              /* 于 */
    case 0x4ECE:              /* 从 */
    case 0x4F4F:              /* 住 */
    case 0x5230:              /* 到 */
    case 0x53BB:              /* 去 */
    case 0x56DE:              /* 回 */
    case 0x5728:              /* 在 */
    case 0x5C06:              /* 将 */
    case 0x5F80:              /* 往 */
    case 0x628A:              /* 把 */
    case 0x662F:              /* 是 */
    case 0x7531:              /* 由 */
    case 0x7684:              /* 的 */
    case 0x7ECF:              /* 经 */
    case 0x81F3:              /* 至 */
    case 0x88AB:              /* 被 */
    case 0x8D74:              /* 赴 */
    case 0x8DDD: return true; /* 距 */
    default: return false;
    }
}

/* Words that stand before an address and are no part of it. */
static bool is_stop_word(const struct scan *s, const char *p, const char *end, size_t *ret_n)
{
    uint32_t c;
    word_decode(p, end, &c);
    if (c > 0xFFFF)
        return false;
    uint8_t flags = s->flags[c];
    if (flags & CHAR_WORD) {
        struct word w = word_at(p, end, c);
        if (w.n && (w.classes & (WORD_SITE | WORD_LEFT | WORD_LABEL | WORD_TITLE | WORD_SAYS |
                                 WORD_CALL | WORD_IDENT))) {
            *ret_n = w.n;
            return true;
        }
    }
    *ret_n = 3;
    return is_stop(c);
}

#define BACK_MAX 40     /* characters of an address before its number */
#define BACK_BOUNDED 10 /* of what a bound of the sentence begins */
#define BACK_UNKNOWN 6  /* of a road or village that no list knows */

/* Where the run of Han characters and digits before `p` begins that can belong to an address. */
static const char *run_before(const struct scan *s, const char *p)
{
    /* What was taken for a name may be a road's: 方家路. */
    size_t k = s->count;
    while (k > 0 && s->spans[k - 1].kind == DETECT_NAME &&
           p - s->begin < (ptrdiff_t)s->spans[k - 1].end + 4 * BACK_MAX)
        k--;
    const char *limit = k ? s->begin + s->spans[k - 1].end : s->begin;
    for (unsigned i = 0; i < BACK_MAX && p > limit; i++) {
        const char *q = word_before(limit, p);
        uint32_t c;
        word_decode(q, p, &c);
        if (!word_is_han(c))
            break;
        p = q;
    }
    return p;
}

static bool is_division_end(const char *begin, const char *p)
{
    static const char *const tails[] = {"省",     "市",     "县",     "区",   "镇", "乡",  "街道",
                                        "自治区", "自治州", "自治县", "社区", "村", "小区"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
        if (ends(begin, p, tails[i]))
            return true;
    return false;
}

/* The last stop word before the number ends where the address begins. */
static const char *after_stops(const struct scan *s, const char *from, const char *p)
{
    const char *start = from;
    for (const char *q = from; q < p;) {
        size_t n;
        if (is_stop_word(s, q, p, &n) && q + n < p) {
            q += n;
            start = q;
            continue;
        }
        uint32_t c;
        q += word_decode(q, p, &c);
    }
    return start;
}

static size_t characters(const char *p, const char *end)
{
    size_t n = 0;
    for (; p < end; p++)
        n += ((unsigned char)*p & 0xC0) != 0x80;
    return n;
}

/* Back over the places that the lexicon knows, one before the other; `p` where there is none. */
static const char *over_places(const struct scan *s, const char *from, const char *p)
{
    while (s->lexicon && s->lexicon->place_max) {
        const char *q = lexicon_place_before(s->lexicon, from, p);
        if (!q || q == p)
            break;
        p = q;
    }
    return p;
}

static bool is_bounded(const struct scan *s, const char *p)
{
    uint32_t c;
    if (p == s->begin)
        return true;
    word_decode(word_before(s->begin, p), p, &c);
    return !word_is_han(c);
}

/* Where the address begins whose number is at `p`; NULL where there is no road or village before it. */
static const char *go_back(const struct scan *s, const char *p)
{
    const char *run = run_before(s, p);
    if (run == p || !is_site_end(run, p))
        return NULL;
    const char *known = over_places(s, run, p);
    if (known < p)
        return after_stops(s, run, known) < known && is_division_end(run, known)
                   ? after_stops(s, run, known)
                   : known;
    const char *start = after_stops(s, run, p);
    /* A known division before the road: 稠城街道幸福路 */
    for (const char *q = word_before(run, p); q > start; q = word_before(run, q)) {
        const char *place = over_places(s, start, q);
        if (place < q)
            return is_division_end(start, place) ? start : place;
    }
    for (const char *q = word_before(run, p); q > start; q = word_before(run, q))
        if (characters(start, q) >= 2 && is_division_end(start, q) && characters(q, p) >= 2)
            return start;
    bool bounded = start > run || is_bounded(s, start);
    while (characters(start, p) > (bounded ? BACK_BOUNDED : BACK_UNKNOWN))
        start += 3;
    return characters(start, p) >= 2 ? start : NULL;
}

/* The word that ends at the number has a road's suffix and is none: 报道, 思路. */
static bool is_no_road(const struct scan *s, const char *start, const char *p)
{
    for (const char *q = word_before(start, p); q >= start && p - q <= 12;
         q = word_before(start, q)) {
        uint32_t c;
        word_decode(q, p, &c);
        struct word w = word_at(q, p, c);
        if (w.n == (size_t)(p - q) && (w.classes & WORD_ROAD) && q == start)
            return true;
        if (q == start)
            break;
    }
    return false;
}

/* A name before the address is none of its own; within it, it is none at all: 方家路. */
static const char *after_name(const struct scan *s, const char *start, const char *p)
{
    for (size_t k = s->count; k > 0; k--) {
        const struct detect_span *span = &s->spans[k - 1];
        if (s->begin + span->end <= start)
            break;
        if (s->begin + span->start <= start && characters(s->begin + span->end, p) >= 3)
            return s->begin + span->end;
        if (s->begin + span->start < start)
            return s->begin + span->start;
    }
    return start;
}

const char *scan_address(struct scan *s, const char *p)
{
    const char *end = go_on(s, p);
    if (!end)
        return NULL;
    const char *start = go_back(s, p);
    if (!start || is_no_road(s, start, p))
        return NULL;
    start = after_name(s, start, p);
    while (s->count && s->begin + s->spans[s->count - 1].start >= start)
        s->count--;
    scan_add(s, start, end, DETECT_ADDRESS);
    return end;
}
