/* What is found in a text, written into it: 他叫[name|王建国]. */
#ifndef HUMIAO_TESTS_MARKED_TEXT_H
#define HUMIAO_TESTS_MARKED_TEXT_H

#include "detect/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A lexicon of names and, with a + before them, places; ended by NULL. */
struct detect_lexicon *lexicon_of(const char *const *words);

const char *marked_text(const struct detect_lexicon *lexicon, const char *text,
                        struct arena *arena);

/* `marked` without its marks is searched, and must come back as it is. */
void assert_marked(const struct detect_lexicon *lexicon, const char *marked);

#endif
