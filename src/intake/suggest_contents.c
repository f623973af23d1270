/* What the cells of a column are, by themselves. */
#include "intake/suggest_inside.h"

#include "base/utf8.h"
#include "people/id_number.h"

#include <stdlib.h>
#include <string.h>

/* The commonest hundred and the district's own, one character each, and the compound ones. */
static const char surnames[] = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭肖"
                               "蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔"
                               "谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江闫薛尹段雷黎史龙陶贺顾毛郝"
                               "龚邵万钱严覃武莫孔向汤常温康施文楼骆虞鲍俞翁应"
                               "单仇解查盖区朴乐翟冼缪召员种逄华宁曲纪折繁黑洪季包左符卓柳欧毕项祝"
                               "阎牛管童庄盛葛柯耿路岳凌关代祖焦齐申";
static const char *const compound_surnames[] = {"欧阳", "上官", "皇甫", "令狐", "诸葛", "司徒",
                                                "司马", "申屠", "夏侯", "慕容", "尉迟", "长孙",
                                                "万俟", "东方", "公孙", "宇文"};

struct sheet_cell suggest_cell(const struct sheet_row *row, size_t column)
{
    struct sheet_cell none = {SLICE_LITERAL(""), CELL_TEXT};

    if (column >= row->count)
        return none;
    none = row->cells[column];
    none.text = none.text.p ? slice_trim(none.text) : SLICE_LITERAL("");
    return none;
}

bool suggest_date(struct slice text, enum sheet_cell_kind kind, struct arena *arena, day *ret)
{
    const struct feed_column date = {.name = "date", .form = FORM_DATE};
    const struct sheet_cell cell = {text, kind};
    struct slice read;
    struct error e = {.language = LANGUAGE_EN};

    return text.n >= 8 && text.n <= 64 && feed_read_cell(&date, &cell, arena, &read, &e) == 0 &&
           day_parse(read, ret);
}

static bool is_month(struct slice text, struct arena *arena)
{
    const struct feed_column month = {.name = "month", .form = FORM_MONTH};
    const struct sheet_cell cell = {text, CELL_TEXT};
    struct slice read;
    struct error e = {.language = LANGUAGE_EN};

    return text.n >= 6 && text.n <= 32 && feed_read_cell(&month, &cell, arena, &read, &e) == 0;
}

static bool holds(struct slice text, const char *word)
{
    return text.p && memmem(text.p, text.n, word, strlen(word)) != NULL;
}

/* 42年 is a term, 2024年 is not, and neither is 二〇二四年 or 三年级. */
bool suggest_is_term(struct slice text)
{
    static const char *const counts[] = {"一", "二", "三", "四", "五", "六",
                                         "七", "八", "九", "十", "两", "半"};
    struct duration d;
    size_t digits = 0;
    bool counted = false;

    if (text.n < 2 || text.n > 64)
        return false;
    if (duration_parse(text, &d) || holds(text, "徒刑") || holds(text, "拘役"))
        return true;
    while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
        digits++;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        counted = counted || (text.n > 3 && memcmp(text.p, counts[i], 3) == 0);
    counted = digits ? digits <= 3 : counted && !holds(text, "〇") && !holds(text, "零");
    return counted && !holds(text, "年级") && !holds(text, "月份") &&
           (holds(text, "年") || holds(text, "个月") || holds(text, "天") || holds(text, "日") ||
            holds(text, "周"));
}

bool suggest_is_icd(struct slice s)
{
    size_t at = 3;

    if (s.n < 3 || s.n > 8 ||
        !((s.p[0] >= 'A' && s.p[0] <= 'Z') || (s.p[0] >= 'a' && s.p[0] <= 'z')))
        return false;
    if (s.p[1] < '0' || s.p[1] > '9' || s.p[2] < '0' || s.p[2] > '9')
        return false;
    if (at < s.n && (s.p[at] == '.' || s.p[at] == '-'))
        at++;
    for (; at < s.n; at++)
        if (!((s.p[at] >= '0' && s.p[at] <= '9') || s.p[at] == 'x' || s.p[at] == 'X' ||
              (s.p[at] >= 'A' && s.p[at] <= 'Z')))
            return false;
    return true;
}

static bool is_name(struct slice s)
{
    size_t characters = s.n / 3;

    if (s.n % 3 != 0 || characters < 2 || characters > 4 || utf8_valid_prefix(s) != s.n)
        return false;
    for (size_t i = 0; i < s.n; i += 3)
        if ((unsigned char)s.p[i] < 0xe4 || (unsigned char)s.p[i] > 0xe9)
            return false; /* no Han of the basic plane */
    for (size_t i = 0; i < sizeof compound_surnames / sizeof compound_surnames[0]; i++)
        if (memcmp(s.p, compound_surnames[i], 6) == 0)
            return characters > 2;
    for (size_t i = 0; characters < 4 && i + 3 < sizeof surnames; i += 3)
        if (memcmp(s.p, surnames + i, 3) == 0)
            return true;
    return false;
}

static bool is_number(struct slice s)
{
    size_t digits = 0, points = 0;

    for (size_t i = 0; i < s.n; i++) {
        digits += s.p[i] >= '0' && s.p[i] <= '9';
        points += s.p[i] == '.' || (i == 0 && s.p[i] == '-');
    }
    return digits > 0 && digits + points == s.n && points < 3;
}

static bool is_division(struct slice s)
{
    return s.n == 12 && is_number(s) && s.p[0] >= '1' && s.p[0] <= '8' &&
           division_code_level(s) > 0;
}

static void look_at(struct profile *p, struct slice text, enum sheet_cell_kind kind,
                    struct arena *arena)
{
    enum id_number_fault fault = id_number_check(text, NULL);
    char phone[PHONE_SIZE];
    day d;

    p->id_numbers += fault == ID_NUMBER_GOOD;
    p->id_near += fault == ID_NUMBER_CHECK_DIGIT || fault == ID_NUMBER_BIRTH_DATE;
    p->divisions += is_division(text);
    p->phones += phone_normalise(text, phone) && !is_division(text);
    p->icd += suggest_is_icd(text);
    p->names += is_name(text);
    p->numbers += is_number(text);
    p->terms += suggest_is_term(text);
    p->free_texts += text.n > 24;
    if (suggest_date(text, kind, arena, &d))
        p->dates++;
    else
        p->months += is_month(text, arena);
}

static int by_text(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

static void count_different(struct profile *p, struct arena *arena)
{
    struct slice *sorted = ARENA_ARRAY(arena, p->cells + 1, struct slice);
    struct slice *different = ARENA_ARRAY(arena, DISTINCT_MAX, struct slice);

    memcpy(sorted, p->values, p->cells * sizeof *sorted);
    qsort(sorted, p->cells, sizeof *sorted, by_text);
    for (size_t i = 0; i < p->cells; i++) {
        if (i > 0 && slice_equal(sorted[i], sorted[i - 1]))
            continue;
        if (p->distinct < DISTINCT_MAX)
            different[p->different_count++] = sorted[i];
        p->distinct++;
    }
    p->different = different;
}

/* 1, 2, 3 …, whatever it is called: no key of anything. */
static bool counts_rows(const struct profile *p)
{
    long long last = 0;

    for (size_t i = 0; i < p->cells; i++) {
        char text[16] = "";
        if (p->values[i].n >= sizeof text || !is_number(p->values[i]))
            return false;
        memcpy(text, p->values[i].p, p->values[i].n);
        long long n = strtoll(text, NULL, 10);
        if (n <= last || n - last > 3 || (i == 0 && n > 1))
            return false;
        last = n;
    }
    return p->cells > 1;
}

void suggest_profile(const struct sheet_row *rows, size_t count, size_t column, struct arena *arena,
                     struct profile *ret)
{
    struct profile p = {.birth = -1};
    struct slice *values = ARENA_ARRAY(arena, count + 1, struct slice);
    size_t *value_rows = ARENA_ARRAY(arena, count + 1, size_t);
    struct arena scratch = ARENA_EMPTY;

    for (size_t i = 0; i < count; i++) {
        struct sheet_cell cell = suggest_cell(&rows[i], column);
        if (cell.text.n == 0) {
            p.empty++;
            continue;
        }
        value_rows[p.cells] = i;
        values[p.cells++] = cell.text;
        look_at(&p, cell.text, cell.kind, &scratch);
        arena_reset(&scratch);
    }
    arena_end(&scratch);
    p.values = values;
    p.value_rows = value_rows;
    count_different(&p, arena);
    p.counts_rows = counts_rows(&p);
    if (p.cells >= 20 && p.distinct * 10 >= p.cells * 9)
        p.icd = 0; /* C10007, C10014 …: numbers of cases, each different; diagnoses come again */
    *ret = p;
}
