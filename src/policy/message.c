/* What is said of a policy that cannot be compiled: place, source line, caret, nearest known
 * name. */
#include "policy/set.h"

#include <stdarg.h>
#include <stdio.h>

int policy_fail(struct compiler *c, struct place at, const char *what, ...)
{
    const struct source *source = &c->sources[at.source];
    enum language language = c->error ? c->error->language : LANGUAGE_EN;
    char said[200], excerpt[SOURCE_EXCERPT_SIZE];
    va_list arguments;

    va_start(arguments, what);
    vsnprintf(said, sizeof said, text_in(language, what), arguments);
    va_end(arguments);
    source_excerpt(source->text, at.line_start, (uint32_t)at.column, excerpt);
    return error_set(c->error, ERR_POLICY, "%.80s:%d:%d: %s%s", source_path(source->file), at.line,
                     at.column, said, excerpt);
}

int policy_hint(struct compiler *c, const struct nearest *n)
{
    nearest_hint(n, c->error, NULL);
    return -ERR_POLICY;
}
