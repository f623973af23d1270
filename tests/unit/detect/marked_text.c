#include "marked_text.h"

struct detect_lexicon *lexicon_of(const char *const *words)
{
    struct detect_lexicon_builder *b = detect_lexicon_begin();
    struct detect_lexicon *lexicon = NULL;
    assert_non_null(b);
    for (; *words; words++) {
        if (**words == '+')
            assert_int_equal(detect_lexicon_place(b, slice_from(*words + 1), NULL), 0);
        else
            assert_int_equal(detect_lexicon_name(b, slice_from(*words), NULL), 0);
    }
    assert_int_equal(detect_lexicon_end(b, &lexicon, NULL), 0);
    return lexicon;
}

const char *marked_text(const struct detect_lexicon *lexicon, const char *text, struct arena *arena)
{
    struct detect_span *spans;
    size_t count, at = 0;
    const char *ret = "";
    assert_int_equal(detect_find(lexicon, slice_from(text), arena, &spans, &count, NULL), 0);
    for (size_t i = 0; i < count; i++) {
        ret = arena_printf(arena, "%s%.*s[%s|%.*s]", ret, (int)(spans[i].start - at), text + at,
                           detect_kind_name(spans[i].kind), (int)(spans[i].end - spans[i].start),
                           text + spans[i].start);
        at = spans[i].end;
    }
    return arena_printf(arena, "%s%s", ret, text + at);
}

void assert_marked(const struct detect_lexicon *lexicon, const char *marked)
{
    ARENA_AUTO(arena);
    char *plain = arena_take(&arena, strlen(marked) + 1), *out = plain;
    for (const char *p = marked; *p; p++) {
        const char *stroke = *p == '[' ? strchr(p, '|') : NULL;
        if (stroke)
            p = stroke;
        else if (*p != ']')
            *out++ = *p;
    }
    assert_string_equal(marked_text(lexicon, plain, &arena), marked);
}
