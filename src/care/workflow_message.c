/* What is said of a workflow that cannot be read: place, source line, caret, nearest known name. */
#include "base/utf8.h"
#include "care/workflow_inside.h"

#include <stdarg.h>
#include <stdio.h>

#define WORD_SHOWN 40 /* bytes of a word in a message */

int workflow_fault(const struct source *s, struct place at, struct error *e, const char *what, ...)
{
    char said[200], excerpt[SOURCE_EXCERPT_SIZE];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(said, sizeof said, text_in(e->language, what), arguments);
    va_end(arguments);
    source_excerpt(s->text, at.line_start, at.column, excerpt);
    return error_set(e, ERR_WORKFLOW, "%.80s:%u:%u: %s%s", source_path(s->file), at.line, at.column,
                     said, excerpt);
}

struct slice clip_word(struct slice word)
{
    size_t n = word.n < WORD_SHOWN ? word.n : WORD_SHOWN;
    return (struct slice){word.p, utf8_valid_prefix((struct slice){word.p, n})};
}
