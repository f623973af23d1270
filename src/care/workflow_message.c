/* What is said of a workflow that cannot be read: place, source line, caret, nearest known name. */
#include "base/utf8.h"
#include "care/workflow_inside.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_SHOWN 120 /* bytes of a source line in a message */
#define PATH_SHOWN 80  /* bytes of a file's path in a message */
#define WORD_SHOWN 40  /* bytes of a word in a message */

/* Chinese characters take two columns of a terminal. */
static int columns(unsigned char first) { return first >= 0xE2 ? 2 : 1; }

/* The line and under it a caret; "" where the line is not at hand. */
static void show_line(struct slice text, struct place at, char *buffer, size_t size)
{
    buffer[0] = '\0';
    if (!at.line_start)
        return;
    const char *end = at.line_start;
    while (end < text.p + text.n && *end != '\n' && *end != '\r' &&
           end - at.line_start < LINE_SHOWN)
        end++;
    struct slice line = {at.line_start, (size_t)(end - at.line_start)};
    line.n = utf8_valid_prefix(line);
    char caret[LINE_SHOWN * 2 + 2];
    size_t n = 0;
    uint32_t left = at.column - 1;
    for (size_t i = 0; i < line.n && left > 0; i++)
        if (((unsigned char)line.p[i] & 0xC0) != 0x80) {
            for (int k = columns((unsigned char)line.p[i]); k > 0; k--)
                caret[n++] = line.p[i] == '\t' ? '\t' : ' ';
            left--;
        }
    caret[n] = '\0';
    snprintf(buffer, size, left ? "\n%.*s" : "\n%.*s\n%s^", (int)line.n, line.p, caret);
}

/* Of a long path its end: the folders that tell it apart are there. */
static const char *path_shown(const char *file)
{
    size_t n = strlen(file);
    const char *end = n > PATH_SHOWN ? file + n - PATH_SHOWN : file;
    const char *slash = end > file ? strchr(end, '/') : NULL;
    return slash ? slash + 1 : end;
}

int source_fault(const struct source *s, struct place at, struct error *e, const char *what, ...)
{
    char said[200], line[LINE_SHOWN * 3 + 8];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(said, sizeof said, text_in(e->language, what), arguments);
    va_end(arguments);
    show_line(s->text, at, line, sizeof line);
    return error_set(e, ERR_WORKFLOW, "%.80s:%u:%u: %s%s", path_shown(s->file), at.line, at.column,
                     said, line);
}

struct slice clip_word(struct slice word)
{
    size_t n = word.n < WORD_SHOWN ? word.n : WORD_SHOWN;
    return (struct slice){word.p, utf8_valid_prefix((struct slice){word.p, n})};
}

struct guess guess_for(struct slice wanted)
{
    return (struct guess){wanted, NULL, wanted.n < 2 ? 0 : wanted.n / 3 + 1};
}

/* Levenshtein's distance of two words of at most WORKFLOW_NAME_MAX bytes. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[WORKFLOW_NAME_MAX + 1];
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

void guess_try(struct guess *n, const char *name)
{
    struct slice known = slice_from(name);
    if (known.n > WORKFLOW_NAME_MAX || n->wanted.n > WORKFLOW_NAME_MAX)
        return;
    size_t d = distance(n->wanted, known);
    if (d < n->distance || (d == n->distance && !n->best)) {
        n->best = name;
        n->distance = d;
    }
}

int guess_hint(const struct guess *n, struct error *e, const char *otherwise)
{
    if (n->best)
        return error_hint(e, N_("Did you mean \"%s\"?"), n->best);
    return error_hint(e, "%s", text_in(e->language, otherwise));
}
