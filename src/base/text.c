#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct text_row {
    const char *msgid, *zh;
};

/* Sorted by msgid, byte by byte; made from i18n/zh.po. */
static const struct text_row table[] = {
#include "base/catalogue.inc"
};

static int compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct text_row *)row)->msgid);
}

const char *text_in(enum language language, const char *msgid)
{
    if (language == LANGUAGE_EN)
        return msgid;
    const struct text_row *row = bsearch(msgid, table, sizeof table / sizeof table[0],
                                         sizeof table[0], compare);
    return row ? row->zh : msgid;
}

/* A locale such as "C", "POSIX" or "C.UTF-8" names no language. */
static bool names_language(const char *value)
{
    if (!value || !*value || strcmp(value, "POSIX") == 0)
        return false;
    return !(value[0] == 'C' && (value[1] == '\0' || value[1] == '.'));
}

enum language text_language_of_environment(void)
{
    static const char *const names[] = {"HUMIAO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (names_language(value))
            return strncmp(value, "en", 2) == 0 ? LANGUAGE_EN : LANGUAGE_ZH;
    }
    return LANGUAGE_ZH;
}
