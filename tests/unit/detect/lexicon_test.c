/* Names and places of a register, known again. */
#include "marked_text.h"

#include <stdio.h>

static void test_empty(void **state)
{
    static const char *const none[] = {NULL};
    struct detect_lexicon *lexicon = lexicon_of(none);
    assert_marked(lexicon, "姓名：[name|王建国]，电话[phone|13800138000]");
    assert_marked(lexicon, "看到王建国走了");
    assert_null(detect_lexicon_free(lexicon));
    assert_null(detect_lexicon_free(NULL));
}

static void test_names_that_are_left_out(void **state)
{
    static const char *const words[] = {"王", "",       "  ",     "·",         "王\xFF国",
                                        "li", "王建国", "王建国", " 王建国　", NULL};
    struct detect_lexicon *lexicon = lexicon_of(words);
    assert_marked(lexicon, "看到[name|王建国]走了, li 王");
    detect_lexicon_free(lexicon);
}

static void test_names_beyond_the_plane(void **state)
{
    static const char *const words[] = {"王𠮷明", "𠮷田茂", "欧阳𠮷子", NULL};
    struct detect_lexicon *lexicon = lexicon_of(words);
    assert_marked(lexicon, "看到[name|王𠮷明]和[name|𠮷田茂]，[name|欧阳𠮷子]");
    detect_lexicon_free(lexicon);
}

static void test_many(void **state)
{
    struct detect_lexicon_builder *b = detect_lexicon_begin();
    struct detect_lexicon *lexicon;
    ARENA_AUTO(arena);
    for (unsigned i = 0; i < 40000; i++) {
        char name[16];
        snprintf(name, sizeof name, "\xE8\xB5\xB5%c%c%c%c%c%c", 0xE5, 0x80 + i / 64 % 64,
                 0x80 + i % 64, 0xE6, 0x80 + i / 4096 % 64, 0x80);
        assert_int_equal(detect_lexicon_name(b, slice_from(name), NULL), 0);
    }
    assert_int_equal(detect_lexicon_end(b, &lexicon, NULL), 0);
    assert_string_equal(marked_text(lexicon, "看到\xE8\xB5\xB5\xE5\x81\x82\xE6\x83\x80。", &arena),
                        "看到[name|\xE8\xB5\xB5\xE5\x81\x82\xE6\x83\x80]。");
    detect_lexicon_free(lexicon);
}

static void test_places(void **state)
{
    static const char *const words[] = {"+诚信村村民委员会", "+江东街道办事处", "+香山社区居委会",
                                        NULL};
    struct detect_lexicon *lexicon = lexicon_of(words);
    assert_marked(lexicon, "看望住户[address|江东街道诚信村12号]，[address|香山社区3号]");
    detect_lexicon_free(lexicon);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_names_that_are_left_out),
        cmocka_unit_test(test_names_beyond_the_plane),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
