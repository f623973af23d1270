#include "intake/refusal_text.h"

#include <string.h>

/* Behind what a format says before its n-th place, where the text says the same; NULL: it does not. Moves the format
 * behind the place too. */
static const char *behind(const char **format, const char *text, const char *place)
{
    const char *end = strstr(*format, place);
    size_t n = end ? (size_t)(end - *format) : 0;

    if (!end || strncmp(text, *format, n) != 0)
        return NULL;
    *format = end + strlen(place);
    return text + n;
}

/* The names of our columns are small letters, digits, hyphens and underscores. */
static const char *behind_name(const char *text)
{
    size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-");

    return n > 0 ? text + n : NULL;
}

/* "column %s: %s" */
static const char *behind_column(const char *format, const char *text)
{
    text = behind(&format, text, "%s");
    text = text ? behind_name(text) : NULL;
    return text ? behind(&format, text, "%s") : NULL;
}

/* "column %s (%.*s): %s" */
static const char *behind_both_columns(const char *format, const char *text)
{
    text = behind(&format, text, "%s");
    text = text ? behind_name(text) : NULL;
    text = text ? behind(&format, text, "%.*s") : NULL;
    const char *end = text ? strstr(format, "%s") : NULL;
    if (!end)
        return NULL;
    for (size_t n = (size_t)(end - format); *text; text++)
        if (strncmp(text, format, n) == 0)
            return text + n;
    return NULL;
}

const char *refusal_without_column(const struct error *e)
{
    const char *rest = behind_both_columns(text_in(e->language, N_("column %s (%.*s): %s")),
                                           e->detail);

    if (!rest)
        rest = behind_column(text_in(e->language, N_("column %s: %s")), e->detail);
    return rest ? rest : e->detail;
}

struct error refusal_of_column(const struct error *e, const char *named)
{
    struct error told = *e;
    const char *rest = refusal_without_column(e);

    if (rest == e->detail || !named)
        return told;
    error_set(&told, e->code, N_("column %s: %s"), named, rest);
    if (e->hint[0])
        error_hint(&told, "%s", e->hint);
    return told;
}
