#include "access/mask.h"

#include "base/utf8.h"

#include <stdint.h>

static size_t put(char *buffer, size_t at, const char *p, size_t n)
{
    memcpy(buffer + at, p, n);
    return at + n;
}

/* The length of the first character of valid UTF-8. */
static size_t first_character(struct slice s)
{
    unsigned char c = (unsigned char)s.p[0];
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* ---- names ---- */

/* Surnames of two characters, each six bytes of UTF-8. Left out are those that read as well as a
 * surname of one with a given name (乐正, 贺兰, 宗政, 梁丘): there one character less is kept, never one
 * more. In the order of their bytes. */
static const char compound_surnames[][7] = {
    "万俟", "上官", "东方", "东郭", "亓官", "令狐", "公冶", "公孙", "公孫", "公羊", "公良",
    "公西", "北郭", "南宫", "南宮", "南郭", "叔孙", "叔孫", "司徒", "司空", "司馬", "司马",
    "呼延", "哥舒", "壤驷", "夏侯", "太叔", "夹谷", "子車", "子车", "宇文", "完顏", "完颜",
    "宰父", "尉迟", "尉遲", "左丘", "巫馬", "巫马", "微生", "愛新", "慕容", "拓跋", "東方",
    "東郭", "欧阳", "歐陽", "淳于", "漆雕", "澹台", "澹臺", "濮阳", "濮陽", "爱新", "独孤",
    "獨孤", "申屠", "百里", "皇甫", "端木", "第五", "納蘭", "纳兰", "羊舌", "耶律", "聞人",
    "萬俟", "西門", "西门", "諸葛", "诸葛", "赫连", "赫連", "軒轅", "轩辕", "达奚", "鍾離",
    "钟离", "長孫", "长孙", "閭丘", "闻人", "闾丘", "顓孫", "颛孙", "鮮于", "鲜于",
};

static bool begins_with_compound_surname(struct slice s)
{
    size_t low = 0, high = sizeof compound_surnames / sizeof compound_surnames[0];
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = memcmp(s.p, compound_surnames[middle], 6);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

/* The dot between the parts of a name, in the forms in which it is typed. */
static bool has_middle_dot(struct slice s)
{
    static const char dots[][4] = {"‧", "•", "∙", "⋅", "・", "．", "･"};
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '.' || (c == 0xC2 && s.p[i + 1] == '\xB7')) /* U+00B7, which most write */
            return true;
        if (c != 0xE2 && c != 0xE3 && c != 0xEF)
            continue;
        for (size_t k = 0; k < sizeof dots / sizeof dots[0]; k++)
            if (memcmp(s.p + i, dots[k], 3) == 0)
                return true;
    }
    return false;
}

static size_t mask_name(struct slice value, char *buffer)
{
    value = slice_trim(value);
    if (value.n == 0 || utf8_valid_prefix(value) != value.n)
        return 0;
    size_t kept = first_character(value);
    if (kept == 1 && ((unsigned char)value.p[0] < ' ' || value.p[0] == 0x7F))
        return 0;
    /* 欧阳 alone is 欧 with the given name 阳: the surname of two needs something behind it. */
    if (kept == 3 && value.n > 6 && begins_with_compound_surname(value) && !has_middle_dot(value))
        kept = 6;
    return put(buffer, put(buffer, 0, value.p, kept), "**", 2);
}

/* ---- numbers ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool all_digits(struct slice s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

static size_t mask_id_number(struct slice value, char *buffer)
{
    if (value.n != 18 || !all_digits((struct slice){value.p, 17}) ||
        !(is_digit(value.p[17]) || value.p[17] == 'X'))
        return 0;
    return put(buffer, put(buffer, 0, value.p, 3), "***********", 11);
}

#define PHONE_DIGITS_MAX 20

/* The digits of a telephone number without +86 and what people write between them; 0 where
 * anything else stands there. */
static size_t phone_digits(struct slice s, char digits[PHONE_DIGITS_MAX])
{
    size_t n = 0;
    if (s.n >= 3 && memcmp(s.p, "+86", 3) == 0)
        s.p += 3, s.n -= 3;
    for (size_t i = 0; i < s.n; i++) {
        if (is_digit(s.p[i])) {
            if (n == PHONE_DIGITS_MAX)
                return 0;
            digits[n++] = s.p[i];
        } else if (!strchr("- ()", s.p[i]) || s.p[i] == '\0') {
            return 0;
        }
    }
    return n;
}

static size_t mask_phone(struct slice value, char *buffer)
{
    char digits[PHONE_DIGITS_MAX];
    size_t n = phone_digits(value, digits);
    if (n == 11 && digits[0] == '1' && digits[1] >= '3') {
        size_t at = put(buffer, put(buffer, 0, digits, 3), "****", 4);
        return put(buffer, at, digits + 7, 4);
    }
    /* 010 and 02x are area codes of three digits, all others have four. */
    if (n >= 10 && digits[0] == '0') {
        size_t area = digits[1] == '1' || digits[1] == '2' ? 3 : 4;
        return put(buffer, put(buffer, 0, digits, area), "-******", 7);
    }
    return 0;
}

static size_t mask_division(struct slice value, size_t kept, char *buffer)
{
    if (value.n != 12 || !all_digits(value))
        return 0;
    return put(buffer, put(buffer, 0, value.p, kept), "000000000000", 12 - kept);
}

/* ---- addresses and ages ---- */

static size_t mask_address(struct slice value, const struct mask_context *context, char *buffer)
{
    struct slice town = context ? context->town : SLICE_NONE;
    if (value.n == 0)
        return 0;
    size_t at = 0;
    if (town.p && town.n <= MASK_SIZE - 3 && utf8_valid_prefix(town) == town.n)
        at = put(buffer, 0, town.p, town.n);
    return put(buffer, at, "***", 3);
}

static size_t mask_age_band(struct slice value, const struct mask_context *context, char *buffer)
{
    static const struct {
        int below;
        const char *text;
    } bands[] = {{3, "0-2"}, {6, "3-5"}, {12, "6-11"}, {16, "12-15"}, {18, "16-17"}};
    day birth;
    int year, year_today, month, dom;
    if (!context || !day_parse(value, &birth))
        return 0;
    day_to_date(birth, &year, &month, &dom);
    day_to_date(context->today, &year_today, &month, &dom);
    int age = year_today - year;
    if (context->today < day_anniversary(birth, age))
        age--;
    if (age < 0) /* not born, or no today */
        return 0;
    const char *text = "18+";
    for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++)
        if (age < bands[i].below) {
            text = bands[i].text;
            break;
        }
    return put(buffer, 0, text, strlen(text));
}

size_t mask_write(enum mask_form form, struct slice value, const struct mask_context *context,
                  char buffer[MASK_SIZE])
{
    if (!value.p)
        return 0;
    switch (form) {
    case MASK_NAME: return mask_name(value, buffer);
    case MASK_ID_NUMBER: return mask_id_number(value, buffer);
    case MASK_PHONE: return mask_phone(value, buffer);
    case MASK_ADDRESS: return mask_address(value, context, buffer);
    case MASK_AGE_BAND: return mask_age_band(value, context, buffer);
    case MASK_TOWN: return mask_division(value, 9, buffer);
    case MASK_COUNTY: return mask_division(value, 6, buffer);
    case MASK_HIDDEN:
    case MASK_FORM_COUNT: break;
    }
    return 0;
}
