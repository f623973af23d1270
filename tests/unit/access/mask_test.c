/* Masks: by example, and that the middle of a value never comes through. */
#include "access/mask.h"
#include "base/utf8.h"

#include "../base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct mask_context context_of(const char *today)
{
    struct mask_context c = {.town = SLICE_LITERAL("稠城街道")};
    assert_true(day_parse(slice_from(today), &c.today));
    return c;
}

static void assert_mask(enum mask_form form, const struct mask_context *context, struct slice value,
                        const char *expected)
{
    char got[MASK_SIZE + 1];
    memset(got, '?', sizeof got);
    size_t n = mask_write(form, value, context, got);
    assert_in_range(n, 0, MASK_SIZE);
    got[n] = '\0';
    if (strcmp(got, expected) != 0)
        fail_msg("“%.*s” gives “%s”, not “%s”", (int)value.n, value.p ? value.p : "", got,
                 expected);
}

struct example {
    const char *value, *masked;
};

static void all_of(enum mask_form form, const struct example *e)
{
    struct mask_context c = context_of("2026-11-24");
    for (; e->value; e++)
        assert_mask(form, &c, slice_from(e->value), e->masked);
    assert_mask(form, &c, SLICE_NONE, "");
}

static void names(void **state)
{
    static const struct example examples[] = {
        {"陈小明", "陈**"},
        {"陈明", "陈**"},
        {"陈", "陈**"},
        {"欧阳小明", "欧阳**"},
        {"欧阳明", "欧阳**"},
        {"諸葛亮", "諸葛**"},
        {"欧阳", "欧**"}, /* the surname 欧 and a given name */
        {"上官婉儿", "上官**"},
        {"乐正明", "乐**"}, /* in doubt, less */
        {"买买提·吐尔逊", "买**"},
        {"欧阳·小明", "欧**"},
        {"阿依古丽•买买提", "阿**"},
        {"𠮷田太郎", "𠮷**"}, /* beyond the basic plane: four bytes */
        {"㛃小明", "㛃**"},
        {"\U000300ABæ", "\U000300AB**"},
        {"邓\U000E0100小明", "邓**"}, /* a variant's selector is not kept */
        {"John Smith", "J**"},
        {"　陈小明 ", "陈**"}, /* blanks around it */
        {"", ""},
        {"  　", ""},
        {"陈\xFF明", ""},
        {"\xE9\x99", ""},
        {"\x01陈明", ""},
        {NULL, NULL},
    };
    all_of(MASK_NAME, examples);
}

static void every_surname_of_two(void **state)
{
    static const char surnames[] = "欧阳 歐陽 诸葛 諸葛 上官 司马 司馬 司徒 司空 夏侯 皇甫 尉迟 "
                                   "尉遲 公孙 公孫 慕容 令狐 宇文 长孙 長孫 鲜于 鮮于 闾丘 閭丘 "
                                   "东方 東方 南宫 南宮 西门 西門 东郭 東郭 百里 呼延 端木 轩辕 "
                                   "軒轅 钟离 鍾離 濮阳 濮陽 淳于 太叔 申屠 公冶 公羊 赫连 赫連 "
                                   "澹台 澹臺 拓跋 独孤 獨孤 万俟 萬俟 闻人 聞人 左丘 亓官 巫马 "
                                   "漆雕 第五 纳兰 完颜 ";
    static const char *const dots[] = {"·", "‧", "•", "・", "･", "∙", "⋅", "．", "."};
    struct mask_context c = context_of("2026-11-24");
    for (const char *s = surnames; *s; s += 7) {
        char value[40], expected[40];
        snprintf(value, sizeof value, "%.6s小明", s);
        snprintf(expected, sizeof expected, "%.6s**", s);
        assert_mask(MASK_NAME, &c, slice_from(value), expected);
        snprintf(expected, sizeof expected, "%.3s**", s);
        for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++) {
            snprintf(value, sizeof value, "%.6s%s小明", s, dots[i]);
            assert_mask(MASK_NAME, &c, slice_from(value), expected);
        }
    }
}

static void numbers(void **state)
{
    static const struct example id_numbers[] = {
        {"999999201503010016", "999***********"},
        {"99999920120229012X", "999***********"},
        {"99999920120229012x", ""}, /* not normalised */
        {"99999920150301001", ""},
        {"9999992015030100166", ""},
        {"99999A201503010016", ""},
        {"", ""},
        {"999999150301001", ""},
        {NULL, NULL},
    };
    static const struct example phones[] = {
        {"13800005678", "138****5678"},
        {"+8613800005678", "138****5678"},
        {"138 0000 5678", "138****5678"},
        {"0579-85550123", "0579-******"},
        {"057985550123", "0579-******"},
        {"+860579-8555012", "0579-******"},
        {"(0571)8555012", "0571-******"},
        {"010-85550123", "010-******"},
        {"021 85550123", "021-******"},
        {"0579-85550123-801", "0579-******"},
        {"85550123", ""}, /* no area code: nothing that may remain */
        {"1380000567", ""},
        {"12000005678", ""},
        {"陈小明13800005678", ""},
        {"13800005678/13900005678", ""},
        {"1380000567a", ""},
        {"", ""},
        {"--", ""},
        {"0123456789012345678901234567890", ""},
        {NULL, NULL},
    };
    static const struct example towns[] = {{"330782001005", "330782001000"},
                                           {"33078200100", ""},
                                           {"3307820010a5", ""},
                                           {"", ""},
                                           {NULL, NULL}};
    static const struct example counties[] = {
        {"330782001005", "330782000000"}, {"330782", ""}, {NULL, NULL}};
    static const struct example hidden[] = {{"anything", ""}, {"", ""}, {NULL, NULL}};
    all_of(MASK_ID_NUMBER, id_numbers);
    all_of(MASK_PHONE, phones);
    all_of(MASK_TOWN, towns);
    all_of(MASK_COUNTY, counties);
    all_of(MASK_HIDDEN, hidden);
    all_of(MASK_FORM_COUNT, hidden);
    struct mask_context c = context_of("2026-11-24");
    assert_mask(MASK_PHONE, &c, (struct slice){"1380000567\0", 11}, "");
}

static void addresses(void **state)
{
    struct mask_context c = context_of("2026-11-24");
    static char long_town[MASK_SIZE];
    memset(long_town, 'a', sizeof long_town);
    assert_mask(MASK_ADDRESS, &c, SLICE_LITERAL("稠城街道某路1号2幢301"), "稠城街道***");
    assert_mask(MASK_ADDRESS, &c, SLICE_LITERAL(""), "");
    assert_mask(MASK_ADDRESS, NULL, SLICE_LITERAL("某路1号"), "***");
    c.town = SLICE_NONE;
    assert_mask(MASK_ADDRESS, &c, SLICE_LITERAL("某路1号"), "***");
    c.town = SLICE_LITERAL("\xE7\xA8");
    assert_mask(MASK_ADDRESS, &c, SLICE_LITERAL("某路1号"), "***");
    c.town = (struct slice){long_town, MASK_SIZE};
    assert_mask(MASK_ADDRESS, &c, SLICE_LITERAL("某路1号"), "***");
    c.town = (struct slice){long_town, MASK_SIZE - 3};
    char got[MASK_SIZE];
    assert_int_equal(mask_write(MASK_ADDRESS, SLICE_LITERAL("某路1号"), &c, got), MASK_SIZE);
}

static void age_bands(void **state)
{
    static const struct {
        const char *birth, *today, *band;
    } cases[] = {
        {"2026-11-24", "2026-11-24", "0-2"},   {"2026-11-25", "2026-11-24", ""},
        {"2023-11-25", "2026-11-24", "0-2"},   {"2023-11-24", "2026-11-24", "3-5"},
        {"2020-11-25", "2026-11-24", "3-5"},   {"2020-11-24", "2026-11-24", "6-11"},
        {"2014-11-24", "2026-11-24", "12-15"}, {"2010-11-25", "2026-11-24", "12-15"},
        {"2010-11-24", "2026-11-24", "16-17"}, {"2008-11-25", "2026-11-24", "16-17"},
        {"2008-11-24", "2026-11-24", "18+"},   {"1930-01-01", "2026-11-24", "18+"},
        {"2012-02-29", "2015-02-27", "0-2"},   {"2012-02-29", "2015-02-28", "3-5"},
        {"2026-02-30", "2026-11-24", ""},      {"", "2026-11-24", ""},
        {"2014/11/24", "2026-11-24", ""},      {"2014-11-24 ", "2026-11-24", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mask_context c = context_of(cases[i].today);
        assert_mask(MASK_AGE_BAND, &c, slice_from(cases[i].birth), cases[i].band);
    }
    assert_mask(MASK_AGE_BAND, NULL, SLICE_LITERAL("2014-11-24"), "");
    struct mask_context no_day = {.today = DAY_FOREVER};
    assert_mask(MASK_AGE_BAND, &no_day, SLICE_LITERAL("2014-11-24"), "");
    no_day.today = DAY_BEGINNING;
    assert_mask(MASK_AGE_BAND, &no_day, SLICE_LITERAL("2014-11-24"), "");
}

/* ---- properties ---- */

static size_t random_value(uint64_t *seed, char *to)
{
    static const char *const pieces[] = {"陈",   "欧", "阳", "司马", "·",    "𠮷",
                                         "小",   "明", " ",  "-",    "0",    "1380",
                                         "5678", "X",  "a",  "*",    "\xFF", "\xE9\x99"};
    size_t n = 0;
    for (unsigned i = random_below(seed, 24); i > 0; i--) {
        const char *piece = pieces[random_below(seed, sizeof pieces / sizeof pieces[0])];
        memcpy(to + n, piece, strlen(piece));
        n += strlen(piece);
    }
    return n;
}

/* Whatever comes in, what remains is whole text, within its size, and without a byte it should not
 * read: the value has no room behind it that AddressSanitizer would let pass. */
static void what_remains_is_text(void **state)
{
    uint64_t seed = random_seed();
    struct mask_context c = context_of("2026-11-24");
    for (int i = 0; i < 100000; i++) {
        char value[200], got[MASK_SIZE];
        size_t n = random_value(&seed, value);
        char *exact = malloc(n ? n : 1);
        memcpy(exact, value, n);
        for (int form = 0; form < MASK_FORM_COUNT; form++) {
            size_t left = mask_write((enum mask_form)form, (struct slice){exact, n}, &c, got);
            assert_in_range(left, 0, MASK_SIZE);
            assert_int_equal(utf8_valid_prefix((struct slice){got, left}), left);
        }
        free(exact);
    }
}

/* Of a name at most its first character, or a surname of two, stands before two stars: the given
 * name is made of characters that no surname has, and none of them comes through. */
static void no_given_name_comes_through(void **state)
{
    static const char *const given[] = {"鑫", "淼", "焱", "垚", "森", "𠮷", "·", "㛃"};
    static const char *const surnames[] = {"陈", "欧阳", "诸葛", "单", "𡘙", "买", "上官"};
    uint64_t seed = random_seed();
    struct mask_context c = context_of("2026-11-24");
    for (int i = 0; i < 20000; i++) {
        char value[100], got[MASK_SIZE + 1];
        int n = snprintf(value, sizeof value, "%s",
                         surnames[random_below(&seed, sizeof surnames / sizeof surnames[0])]);
        for (unsigned k = 1 + random_below(&seed, 5); k > 0; k--)
            n += snprintf(value + n, sizeof value - (size_t)n, "%s",
                          given[random_below(&seed, sizeof given / sizeof given[0])]);
        got[mask_write(MASK_NAME, slice_from(value), &c, got)] = '\0';
        assert_string_equal(got + strlen(got) - 2, "**");
        for (size_t k = 0; k < sizeof given / sizeof given[0]; k++)
            assert_null(strstr(got, given[k]));
    }
}

/* The middle digits of a number say nothing: two numbers that differ there alone look the same. */
static void middles_do_not_matter(void **state)
{
    static const struct {
        enum mask_form form;
        const char *value;
        size_t from, to; /* the middle */
    } cases[] = {
        {MASK_ID_NUMBER, "999999201503010016", 3, 18}, {MASK_PHONE, "13800005678", 3, 7},
        {MASK_PHONE, "057985550123", 4, 12},           {MASK_TOWN, "330782001005", 9, 12},
        {MASK_COUNTY, "330782001005", 6, 12},          {MASK_ADDRESS, "0123456789", 0, 10}};
    uint64_t seed = random_seed();
    struct mask_context c = context_of("2026-11-24");
    for (int i = 0; i < 20000; i++) {
        size_t which = random_below(&seed, sizeof cases / sizeof cases[0]);
        char one[20], other[20], got_one[MASK_SIZE], got_other[MASK_SIZE];
        snprintf(one, sizeof one, "%s", cases[which].value);
        memcpy(other, one, sizeof other);
        for (size_t k = cases[which].from; k < cases[which].to; k++)
            other[k] = (char)('0' + random_below(&seed, 10));
        size_t n = mask_write(cases[which].form, slice_from(one), &c, got_one);
        assert_int_equal(mask_write(cases[which].form, slice_from(other), &c, got_other), n);
        assert_memory_equal(got_one, got_other, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(every_surname_of_two),
        cmocka_unit_test(numbers),
        cmocka_unit_test(addresses),
        cmocka_unit_test(age_bands),
        cmocka_unit_test(what_remains_is_text),
        cmocka_unit_test(no_given_name_comes_through),
        cmocka_unit_test(middles_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
