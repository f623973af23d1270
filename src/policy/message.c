/* What is said of a policy that cannot be compiled: place, source line, caret, nearest known
 * name. */
#include "policy/set.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_SHOWN 150 /* bytes of a source line in a message */

/* Chinese characters take two columns of a terminal. */
static int columns(unsigned char first) { return first >= 0xE2 ? 2 : 1; }

/* The line and under it a caret; "" where the line is not at hand or the place is beyond what is
 * shown. */
static void show_line(struct compiler *c, struct place at, char *buffer, size_t size)
{
    buffer[0] = '\0';
    if (!at.line_start)
        return;
    struct slice text = c->sources[at.source].text;
    const char *end = at.line_start;
    while (end < text.p + text.n && *end != '\n' && *end != '\r' &&
           end - at.line_start < LINE_SHOWN)
        end++;
    while (end < text.p + text.n && end > at.line_start && (*end & 0xC0) == 0x80)
        end--;
    char caret[LINE_SHOWN * 2 + 2];
    size_t n = 0;
    int left = at.column - 1;
    const char *p = at.line_start;
    for (; p < end && left > 0; p++)
        if ((*p & 0xC0) != 0x80) {
            for (int i = columns((unsigned char)*p); i > 0; i--)
                caret[n++] = *p == '\t' ? '\t' : ' ';
            left--;
        }
    caret[n] = '\0';
    snprintf(buffer, size, left ? "\n%.*s" : "\n%.*s\n%s^", (int)(end - at.line_start),
             at.line_start, caret);
}

int policy_fail(struct compiler *c, struct place at, const char *what, ...)
{
    char said[200], line[LINE_SHOWN * 3 + 8];
    va_list arguments;
    va_start(arguments, what);
    enum language language = c->error ? c->error->language : LANGUAGE_EN;
    vsnprintf(said, sizeof said, text_in(language, what), arguments);
    va_end(arguments);
    show_line(c, at, line, sizeof line);
    return error_set(c->error, ERR_POLICY, "%.80s:%d:%d: %s%s", c->sources[at.source].file, at.line,
                     at.column, said, line);
}

struct nearest nearest_to(struct slice wanted)
{
    return (struct nearest){wanted, NULL, wanted.n < 2 ? 0 : wanted.n / 3 + 1};
}

/* Levenshtein's distance of two words of at most POLICY_NAME_MAX bytes. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[POLICY_NAME_MAX + 1];
    for (size_t k = 0; k <= b.n; k++)
        row[k] = k;
    for (size_t i = 1; i <= a.n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            size_t best = corner + (a.p[i - 1] != b.p[k - 1]);
            corner = row[k];
            if (row[k] + 1 < best)
                best = row[k] + 1;
            if (row[k - 1] + 1 < best)
                best = row[k - 1] + 1;
            row[k] = best;
        }
    }
    return row[b.n];
}

void nearest_try(struct nearest *n, const char *name)
{
    struct slice known = slice_from(name);
    if (known.n > POLICY_NAME_MAX || n->wanted.n > POLICY_NAME_MAX)
        return;
    size_t d = distance(n->wanted, known);
    if (d < n->distance || (d == n->distance && !n->best)) {
        n->best = name;
        n->distance = d;
    }
}

int nearest_hint(struct compiler *c, const struct nearest *n)
{
    if (n->best)
        error_hint(c->error, N_("Did you mean \"%s\"?"), n->best);
    return -ERR_POLICY;
}
