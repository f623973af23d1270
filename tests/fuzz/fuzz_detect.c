/* Sensitive text in any bytes. The spans must lie within the text, in order and apart, on the bounds of characters where
 * the text is UTF-8; packed they come back the same; and what is masked is found no more where it was. The first byte
 * chooses with or without a lexicon. */
#include "detect/detect.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

static struct detect_lexicon *make_lexicon(void)
{
    static const char *const names[] = {"王建国",      "陈伟",        "高峰",   "欧阳志远",
                                        "买买提·艾山", "maria lopez", "𠮷田茂", "方可"};
    static const char *const places[] = {"稠城街道", "诚信村村民委员会", "江明社区"};
    struct detect_lexicon_builder *b = detect_lexicon_begin();
    struct detect_lexicon *lexicon;
    MUST(b != NULL);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        MUST(detect_lexicon_name(b, slice_from(names[i]), NULL) == 0);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        MUST(detect_lexicon_place(b, slice_from(places[i]), NULL) == 0);
    MUST(detect_lexicon_end(b, &lexicon, NULL) == 0);
    return lexicon;
}

/* One lexicon with the bytes themselves as a name and a place. */
static void take_any_name(struct slice text)
{
    struct detect_lexicon_builder *b = detect_lexicon_begin();
    struct detect_lexicon *lexicon;
    struct detect_span *spans;
    size_t count;
    ARENA_AUTO(arena);
    MUST(b != NULL);
    MUST(detect_lexicon_name(b, text, NULL) == 0 && detect_lexicon_place(b, text, NULL) == 0);
    MUST(detect_lexicon_end(b, &lexicon, NULL) == 0);
    MUST(detect_find(lexicon, text, &arena, &spans, &count, NULL) == 0);
    detect_lexicon_free(lexicon);
}

static bool begins_character(struct slice text, size_t at)
{
    return at == text.n || ((unsigned char)text.p[at] & 0xC0) != 0x80;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct detect_lexicon *lexicon;
    if (size < 1)
        return 0;
    if (!lexicon)
        lexicon = make_lexicon();
    struct slice text = {(const char *)data + 1, size - 1};
    bool valid = utf8_valid_prefix(text) == text.n;
    struct detect_span *spans, *again;
    size_t count, at = 0;
    ARENA_AUTO(arena);
    MUST(detect_find(data[0] & 1 ? lexicon : NULL, text, &arena, &spans, &count, NULL) == 0);
    for (size_t i = 0; i < count; i++) {
        MUST(spans[i].start >= at && spans[i].end > spans[i].start && spans[i].end <= text.n);
        MUST(spans[i].kind > DETECT_NONE && spans[i].kind < DETECT_KIND_COUNT);
        MUST(!valid ||
             (begins_character(text, spans[i].start) && begins_character(text, spans[i].end)));
        at = spans[i].end;
    }
    struct slice packed = detect_spans_pack(spans, count, &arena);
    MUST(detect_spans_read(packed, text.n, &arena, &again) == count);
    MUST(count == 0 || memcmp(spans, again, count * sizeof *spans) == 0);
    struct slice marks;
    MUST(detect_marks(data[0] & 1 ? lexicon : NULL, text, &arena, &marks, NULL) == 0 &&
         marks.n > 0);
    MUST(detect_spans_read(marks, text.n, &arena, &again) == count);
    MUST(count == 0 ||
         detect_kind_parse(slice_from(detect_kind_name(spans[0].kind))) == spans[0].kind);
    struct slice masked = detect_mask(text, spans, count,
                                      1u << DETECT_ID_NUMBER | 1u << DETECT_NAME, &arena);
    MUST(!valid || utf8_valid_prefix(masked) == masked.n);
    masked = detect_mask(text, spans, count, ~0u, &arena);
    MUST(!valid || utf8_valid_prefix(masked) == masked.n);
    MUST(slice_equal(detect_mask(text, spans, count, 0, &arena), text));
    /* Bytes that somebody else packed. */
    count = detect_spans_read(text, text.n, &arena, &again);
    detect_mask(text, again, count, ~0u, &arena);
    struct detect_column column;
    MUST(detect_column(lexicon, &text, 1, &arena, &column, NULL) == 0 && column.cells <= 1);
    if (data[0] & 2)
        take_any_name(text);
    return 0;
}
