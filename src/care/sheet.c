#include "care/sheet.h"

#include "base/utf8.h"

#include <string.h>

struct field {
    const char *name;
    enum sheet_type type;
};

static const struct field fields[] = {
    [FIELD_NONE] = {"", 0},
#define FIELD(symbol, number, name, type) [symbol] = {name, type},
#include "care/sheet.def"
#undef FIELD
};

#define FIELD_LIMIT (sizeof(fields) / sizeof(fields[0]))

static const struct word {
    enum sheet_field field;
    const char *text;
} words[] = {
#define WORD(field, text) {field, text},
#include "care/sheet_words.def"
#undef WORD
#define NEED(symbol, number, name) {FIELD_NEEDS, name},
#include "care/needs.def"
#undef NEED
};

static bool known(enum sheet_field f)
{
    return f > FIELD_NONE && f < FIELD_LIMIT && fields[f].name;
}

enum sheet_field sheet_field_parse(struct slice name)
{
    for (size_t f = FIELD_NONE + 1; f < FIELD_LIMIT; f++)
        if (fields[f].name && slice_is(name, fields[f].name))
            return (enum sheet_field)f;
    return FIELD_NONE;
}

const char *sheet_field_name(enum sheet_field f) { return known(f) ? fields[f].name : ""; }

enum sheet_type sheet_field_type(enum sheet_field f) { return known(f) ? fields[f].type : 0; }

const char *sheet_word(enum sheet_field f, size_t number)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (words[i].field == f && number-- == 0)
            return words[i].text;
    return NULL;
}

/* The value itself is not repeated: an error holds nothing that was seen at a home. */
static int refuse(enum sheet_field f, struct error *e)
{
    char list[256] = "";
    size_t n = 0;

    for (size_t i = 0; sheet_word(f, i); i++) {
        struct slice word = slice_from(sheet_word(f, i));
        if (n + word.n + 3 > sizeof(list))
            break;
        memcpy(list + n, i ? ", " : "", i ? 2 : 0);
        n += i ? 2 : 0;
        memcpy(list + n, word.p, word.n);
        n += word.n;
    }
    if (fields[f].type == SHEET_ONE)
        return error_set(e, ERR_VALUE, N_("%s takes one of: %s"), fields[f].name, list);
    return error_set(e, ERR_VALUE, N_("%s takes any of these, by commas: %s"), fields[f].name,
                     list);
}

static int check_one(enum sheet_field f, struct slice value, struct slice *ret, struct error *e)
{
    for (size_t i = 0; sheet_word(f, i); i++)
        if (slice_is(value, sheet_word(f, i))) {
            *ret = slice_from(sheet_word(f, i));
            return 0;
        }
    return refuse(f, e);
}

static int check_several(enum sheet_field f, struct slice value, struct arena *arena,
                         struct slice *ret, struct error *e)
{
    uint64_t chosen = 0;
    char *text = arena_take(arena, SHEET_TEXT_MAX + 1);
    size_t n = 0;

    for (size_t at = 0; at <= value.n;) {
        const char *comma = memchr(value.p + at, ',', value.n - at);
        size_t end = comma ? (size_t)(comma - value.p) : value.n;
        struct slice word = slice_trim((struct slice){value.p + at, end - at});
        size_t i = 0;
        while (sheet_word(f, i) && !slice_is(word, sheet_word(f, i)))
            i++;
        if (!sheet_word(f, i))
            return refuse(f, e);
        chosen |= UINT64_C(1) << i;
        at = end + 1;
    }
    for (size_t i = 0; sheet_word(f, i); i++)
        if (chosen >> i & 1) {
            struct slice word = slice_from(sheet_word(f, i));
            if (n)
                text[n++] = ',';
            memcpy(text + n, word.p, word.n);
            n += word.n;
        }
    *ret = (struct slice){text, n};
    return 0;
}

static int check_text(enum sheet_field f, struct slice value, struct slice *ret, struct error *e)
{
    if (utf8_valid_prefix(value) != value.n)
        return error_set(e, ERR_VALUE, N_("%s: the text is not UTF-8"), fields[f].name);
    for (size_t i = 0; i < value.n; i++)
        if (((unsigned char)value.p[i] < 0x20 && !strchr("\n\r\t", value.p[i])) ||
            value.p[i] == 0x7f)
            return error_set(e, ERR_VALUE, N_("%s: the text holds a control character"),
                             fields[f].name);
    *ret = value;
    return 0;
}

int sheet_value_check(enum sheet_field f, struct slice value, struct arena *arena,
                      struct slice *ret, struct error *e)
{
    if (!known(f))
        return error_set(e, ERR_VALUE, N_("the sheet has no such field"));
    value = slice_trim(value);
    if (value.n > SHEET_TEXT_MAX)
        return error_set(e, ERR_TOO_LONG, N_("%s takes at most %d bytes"), fields[f].name,
                         SHEET_TEXT_MAX);
    if (value.n == 0) {
        *ret = SLICE_LITERAL("");
        return 0;
    }
    if (fields[f].type == SHEET_ONE)
        return check_one(f, value, ret, e);
    if (fields[f].type == SHEET_SEVERAL)
        return check_several(f, value, arena, ret, e);
    return check_text(f, value, ret, e);
}
