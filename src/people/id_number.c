#include "people/id_number.h"

#include <stdint.h>
#include <string.h>

#define EARLIEST_BIRTH_YEAR 1850 /* nobody alive is older; an earlier year is a slip of the pen */

/* The ASCII form of a full-width form (U+FF01 to U+FF5E, U+3000), else the byte itself. Moves `*at`. */
static char next_ascii(struct slice s, size_t *at)
{
    const uint8_t *b = (const uint8_t *)s.p + *at;
    size_t left = s.n - *at;
    if (left >= 3 && b[0] == 0xEF && (b[1] == 0xBC || b[1] == 0xBD)) {
        unsigned code = 0xF000u | (b[1] & 0x3Fu) << 6 | (b[2] & 0x3Fu);
        if (code >= 0xFF01 && code <= 0xFF5E) {
            *at += 3;
            return (char)(code - 0xFF01 + '!');
        }
    }
    if (left >= 3 && b[0] == 0xE3 && b[1] == 0x80 && b[2] == 0x80) { /* ideographic space */
        *at += 3;
        return ' ';
    }
    if (left >= 2 && b[0] == 0xC2 && b[1] == 0xA0) { /* no-break space */
        *at += 2;
        return ' ';
    }
    *at += 1;
    return s.p[*at - 1];
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

size_t id_number_normalise(struct slice raw, char *buffer, size_t buffer_size)
{
    struct slice s = slice_trim(raw);
    size_t n = 0;
    for (size_t at = 0; at < s.n; n++) {
        char c = next_ascii(s, &at);
        if (n + 1 < buffer_size)
            buffer[n] = c == 'x' ? 'X' : c;
    }
    if (buffer_size)
        buffer[n < buffer_size ? n : buffer_size - 1] = '\0';
    return n;
}

char id_number_check_digit(const char digits[17])
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        if (!is_digit(digits[i]))
            return 0;
        sum += (digits[i] - '0') * weights[i];
    }
    return "10X98765432"[sum % 11];
}

static int number_at(const char *p, int digits)
{
    int v = 0;
    for (int i = 0; i < digits; i++)
        v = v * 10 + (p[i] - '0');
    return v;
}

static bool all_digits(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!is_digit(p[i]))
            return false;
    return true;
}

enum id_number_fault id_number_check(struct slice raw, struct id_number *ret)
{
    struct id_number id = {0};
    size_t n = id_number_normalise(raw, id.text, sizeof id.text);
    if (n == 0)
        return ID_NUMBER_EMPTY;
    if (n == 15 && all_digits(id.text, 15))
        return ID_NUMBER_OBSOLETE;
    if (n != ID_NUMBER_SIZE)
        return ID_NUMBER_LENGTH;
    if (!all_digits(id.text, 17) || !(is_digit(id.text[17]) || id.text[17] == 'X'))
        return ID_NUMBER_CHARACTER;
    int year = number_at(id.text + 6, 4);
    if (year < EARLIEST_BIRTH_YEAR ||
        !day_from_date(year, number_at(id.text + 10, 2), number_at(id.text + 12, 2), &id.birth))
        return ID_NUMBER_BIRTH_DATE;
    if (id.text[17] != id_number_check_digit(id.text))
        return ID_NUMBER_CHECK_DIGIT;
    id.sex = (id.text[16] - '0') % 2 ? 'M' : 'F';
    memcpy(id.division, id.text, 6);
    if (ret)
        *ret = id;
    return ID_NUMBER_GOOD;
}

const char *id_number_fault_text(enum id_number_fault fault)
{
    static const char *const texts[ID_NUMBER_FAULT_COUNT] = {
        [ID_NUMBER_GOOD] = N_("the identity number is good"),
        [ID_NUMBER_EMPTY] = N_("the identity number is empty"),
        [ID_NUMBER_OBSOLETE] = N_("an identity number of 15 digits is obsolete"),
        [ID_NUMBER_LENGTH] = N_("an identity number has 18 characters"),
        [ID_NUMBER_CHARACTER] = N_("an identity number has 17 digits, then a digit or X"),
        [ID_NUMBER_BIRTH_DATE] = N_("the birth date in the identity number does not exist"),
        [ID_NUMBER_CHECK_DIGIT] = N_("the check digit of the identity number does not fit"),
    };
    return texts[fault < ID_NUMBER_FAULT_COUNT ? fault : ID_NUMBER_CHARACTER];
}

int id_number_parse(struct slice raw, struct id_number *ret, struct error *e)
{
    enum id_number_fault fault = id_number_check(raw, ret);
    if (fault == ID_NUMBER_GOOD)
        return 0;
    return error_set(e, ERR_ID_NUMBER, "%s",
                     text_in(e ? e->language : LANGUAGE_EN, id_number_fault_text(fault)));
}

bool id_number_agrees_birth(const struct id_number *id, day birth)
{
    return birth == DAY_BEGINNING || birth == id->birth;
}

bool id_number_agrees_sex(const struct id_number *id, char sex)
{
    return sex == 0 || sex == id->sex;
}

/* Value of a character in the alphabet of GB 32100: digits, and letters without I O S V Z; -1 else. */
static int uscc_value(char c)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* GB 11714: positions 9 to 16, checked by position 17. */
static bool uscc_inner_good(const char *text)
{
    static const int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 8; i++) {
        char c = text[8 + i];
        sum += (is_digit(c) ? c - '0' : c - 'A' + 10) * weights[i];
    }
    return text[16] == "0X987654321"[sum % 11]; /* 11 - sum mod 11, with 10 as X and 11 as 0 */
}

static char uscc_check_character(const char *text)
{
    int sum = 0, weight = 1;
    for (int i = 0; i < 17; i++, weight = weight * 3 % 31)
        sum += uscc_value(text[i]) * weight;
    return "0123456789ABCDEFGHJKLMNPQRTUWXY"[(31 - sum % 31) % 31];
}

enum uscc_fault uscc_check(struct slice raw, char ret_text[USCC_SIZE + 1])
{
    char text[USCC_SIZE + 1];
    size_t n = id_number_normalise(raw, text, sizeof text);
    if (n == 0)
        return USCC_EMPTY;
    if (n != USCC_SIZE)
        return USCC_LENGTH;
    for (int i = 0; i < USCC_SIZE; i++) {
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 'a' + 'A');
        if (uscc_value(text[i]) < 0 || (i >= 2 && i < 8 && !is_digit(text[i])))
            return USCC_CHARACTER;
    }
    if (!uscc_inner_good(text))
        return USCC_INNER_CHECK;
    if (text[17] != uscc_check_character(text))
        return USCC_CHECK_CHARACTER;
    if (ret_text)
        memcpy(ret_text, text, sizeof text);
    return USCC_GOOD;
}

const char *uscc_fault_text(enum uscc_fault fault)
{
    static const char *const texts[USCC_FAULT_COUNT] = {
        [USCC_GOOD] = N_("the unified social credit code is good"),
        [USCC_EMPTY] = N_("the unified social credit code is empty"),
        [USCC_LENGTH] = N_("a unified social credit code has 18 characters"),
        [USCC_CHARACTER] = N_("a unified social credit code has digits and capital letters without "
                              "I, O, S, V, Z, and a division in places 3 to 8"),
        [USCC_INNER_CHECK] = N_("the organisation code in the unified social credit code is wrong"),
        [USCC_CHECK_CHARACTER] = N_(
            "the check character of the unified social credit code does not "
            "fit"),
    };
    return texts[fault < USCC_FAULT_COUNT ? fault : USCC_CHARACTER];
}

int division_code_level(struct slice code)
{
    if (code.n != 12 || !all_digits(code.p, 12))
        return 0;
    static const struct {
        int at, digits;
    } parts[5] = {{0, 2}, {2, 2}, {4, 2}, {6, 3}, {9, 3}};
    int level = 0;
    for (int i = 0; i < 5; i++)
        if (number_at(code.p + parts[i].at, parts[i].digits) != 0)
            level = i + 1;
    /* A county in no city (a few are: 4290, 4690) still has a city part; no part above may be zero. */
    for (int i = 0; i < level; i++)
        if (number_at(code.p + parts[i].at, parts[i].digits) == 0)
            return 0;
    return level;
}

/* Digits with at most one '+' in front; what people write between them is dropped. */
static bool phone_digits(struct slice raw, char *ret, size_t size, size_t *ret_n)
{
    struct slice s = slice_trim(raw);
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        char c = next_ascii(s, &at);
        if (c == ' ' || c == '-' || c == '.' || c == '(' || c == ')')
            continue;
        if (!is_digit(c) && !(c == '+' && n == 0))
            return false;
        if (n + 1 >= size)
            return false;
        ret[n++] = c;
    }
    ret[n] = '\0';
    *ret_n = n;
    return true;
}

static bool is_mobile(const char *p, size_t n)
{
    return n == 11 && p[0] == '1' && p[1] >= '3' && p[1] <= '9';
}

/* Without the leading 0: 10 and 2x have two digits and an 8-digit number, other areas three. */
static bool is_landline(const char *p, size_t n)
{
    if (n < 10 || n > 11 || p[0] == '0')
        return false;
    bool short_area = (p[0] == '1' && p[1] == '0') || p[0] == '2';
    if (!short_area && p[0] == '1')
        return false;
    size_t local = n - (short_area ? 2 : 3);
    const char *first = p + (short_area ? 2 : 3);
    return (local == 8 || (local == 7 && !short_area)) && first[0] >= '2';
}

bool phone_normalise(struct slice raw, char ret[PHONE_SIZE])
{
    char digits[24];
    size_t n = 0;
    if (!phone_digits(raw, digits, sizeof digits, &n))
        return false;
    const char *p = digits;
    bool country_said = false;
    if (n > 3 && strncmp(p, "+86", 3) == 0) {
        p += 3, n -= 3, country_said = true;
    } else if (n > 4 && strncmp(p, "0086", 4) == 0) {
        p += 4, n -= 4, country_said = true;
    } else if (p[0] == '+') {
        if (n < 8 || n > 16 || p[1] == '0')
            return false;
        memcpy(ret, p, n + 1);
        return true;
    } else if (n == 13 && strncmp(p, "86", 2) == 0 && is_mobile(p + 2, n - 2)) {
        p += 2, n -= 2;
    }
    if (n && p[0] == '0') {
        if (!is_landline(p + 1, n - 1))
            return false;
        p += 1, n -= 1;
    } else if (!is_mobile(p, n) && !(country_said && is_landline(p, n))) {
        return false;
    }
    memcpy(ret, "+86", 3);
    memcpy(ret + 3, p, n);
    ret[3 + n] = '\0';
    return true;
}
