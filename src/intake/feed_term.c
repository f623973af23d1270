/* Terms as judgments and decisions write them: 有期徒刑三年六个月, 3年6个月, P3Y6M. */
#include "intake/feed_inside.h"

#define LIFE "P9999Y" /* ends beyond every day that can be written */
#define PART_MAX 9999

enum { YEARS, MONTHS, WEEKS, DAYS, UNITS };

struct term {
    int part[UNITS];
    int last; /* unit that was read last; -1: none */
};

static const char *const measures[] = {
    "判处",     "有期徒刑", "拘役", "管制", "强制隔离戒毒", "强制戒毒", "行政拘留", "刑事拘留",
    "司法拘留", "拘留",     "羁押", "刑期", "期限",         "为",       ":"};
static const char *const for_life[] = {"无期徒刑",         "无期",         "终身监禁",
                                       "死刑缓期二年执行", "死刑缓期执行", "死缓"};

static const struct unit_word {
    const char *word;
    int unit;
} words[] = {{"年", YEARS},     {"个月", MONTHS}, {"月", MONTHS}, {"周", WEEKS},
             {"个星期", WEEKS}, {"星期", WEEKS},  {"天", DAYS},   {"日", DAYS}};

static void take_measures(struct slice *text)
{
    for (size_t i = 0; i < COUNT(measures); i++)
        if (feed_take(text, measures[i]))
            i = (size_t)-1;
}

static bool take_unit(struct slice *text, int *ret)
{
    for (size_t i = 0; i < COUNT(words); i++)
        if (feed_take(text, words[i].word)) {
            *ret = words[i].unit;
            return true;
        }
    return false;
}

static bool add(struct term *t, int unit, int value)
{
    if (unit <= t->last || value > PART_MAX)
        return false;
    t->part[unit] = value;
    t->last = unit;
    return true;
}

/* 半年, 三年半, 半个月 (15 days, as the courts count it). */
static bool take_half(struct slice *text, struct term *t, bool *ret_taken)
{
    int unit = t->last;

    *ret_taken = feed_take(text, "半");
    if (!*ret_taken)
        return true;
    if (t->last < 0 && !take_unit(text, &unit))
        return false;
    if (unit == YEARS)
        return add(t, MONTHS, 6);
    return unit == MONTHS && add(t, DAYS, 15);
}

static bool take_part(struct slice *text, struct term *t)
{
    struct feed_numeral number;
    bool half;
    int unit;

    if (!take_half(text, t, &half))
        return false;
    if (half)
        return true;
    /* 一年零三个月 */
    if (t->last >= 0 && !feed_take(text, "零"))
        feed_take(text, "又");
    size_t n = feed_numeral(*text, &number);
    *text = (struct slice){text->p + n, text->n - n};
    return n > 0 && take_unit(text, &unit) && add(t, unit, number.value);
}

static bool written(struct slice text, struct term *t)
{
    *t = (struct term){.last = -1};
    take_measures(&text);
    if (text.n == 0)
        return false;
    while (text.n > 0)
        if (!take_part(&text, t))
            return false;
    return true;
}

static bool iso(struct slice text, struct term *t)
{
    struct duration d;

    if (!duration_parse(text, &d))
        return false;
    *t = (struct term){{d.years, d.months, d.weeks, d.days}, DAYS};
    return true;
}

/* A number alone, in the unit that the mapping names. */
static bool bare(struct slice text, struct slice unit, struct term *t)
{
    struct feed_numeral number;

    *t = (struct term){.last = -1};
    return unit.n > 0 && feed_numeral(text, &number) == text.n && text.n > 0 &&
           add(t,
               slice_is(unit, "year")    ? YEARS
               : slice_is(unit, "month") ? MONTHS
                                         : DAYS,
               number.value);
}

static struct slice print(const struct term *t, struct arena *arena)
{
    static const char letters[UNITS] = {'Y', 'M', 'W', 'D'};
    char *text = arena_take(arena, 32);
    size_t n = 0;

    text[n++] = 'P';
    for (int i = 0; i < UNITS; i++)
        if (t->part[i] > 0) {
            char digits[8];
            size_t count = 0;
            for (int v = t->part[i]; v > 0; v /= 10)
                digits[count++] = (char)('0' + v % 10);
            while (count > 0)
                text[n++] = digits[--count];
            text[n++] = letters[i];
        }
    return (struct slice){text, n};
}

bool feed_term_read(struct slice text, struct slice unit, struct arena *arena, struct slice *ret,
                    struct feed_fault *fault)
{
    struct slice s = feed_unspaced(text, arena);
    struct term t;

    for (size_t i = 0; i < COUNT(for_life); i++)
        if (slice_is(s, for_life[i])) {
            *ret = SLICE_LITERAL(LIFE);
            return true;
        }
    bool good = s.n <= 128 && (iso(s, &t) || bare(s, unit, &t) || written(s, &t));
    if (good && t.part[YEARS] + t.part[MONTHS] + t.part[WEEKS] + t.part[DAYS] > 0) {
        *ret = print(&t, arena);
        return true;
    }
    *fault = (struct feed_fault){
        ERR_VALUE, N_("this is no term that can be read"),
        N_("Write it as 3年6个月 or P3Y6M, or leave it empty where it is not known.")};
    return false;
}
