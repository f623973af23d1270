/* What remains of a text, spans kept beside it, and what a column holds. */
#include "marked_text.h"

#define ALL_KINDS (~0u)

static const char *masked(const char *text, uint32_t hidden, struct arena *arena)
{
    struct detect_span *spans;
    size_t count;
    assert_int_equal(detect_find(NULL, slice_from(text), arena, &spans, &count, NULL), 0);
    return arena_string(arena, detect_mask(slice_from(text), spans, count, hidden, arena));
}

static void test_forms(void **state)
{
    ARENA_AUTO(a);
    assert_string_equal(masked("姓名：陈建国，电话13800138000。", ALL_KINDS, &a),
                        "姓名：陈**，电话138****8000。");
    assert_string_equal(masked("姓名：欧阳志远", ALL_KINDS, &a), "姓名：欧阳**");
    assert_string_equal(masked("证999901-20120315-1233", ALL_KINDS, &a), "证999***********");
    assert_string_equal(masked("座机0579-85123456", ALL_KINDS, &a), "座机0579-******");
    assert_string_equal(masked("+86 138 0013 8000", ALL_KINDS, &a), "138****8000");
    assert_string_equal(masked("１３８００１３８０００", ALL_KINDS, &a), "138****8000");
    assert_string_equal(masked("卡6228 4800 1234 5671", ALL_KINDS, &a), "卡622***********");
    assert_string_equal(masked("住义乌市稠城街道幸福路12号", ALL_KINDS, &a), "住义乌市稠城街道***");
    assert_string_equal(masked("住在幸福路12号3幢", ALL_KINDS, &a), "住在***");
    assert_string_equal(masked("他曾自杀。", ALL_KINDS, &a), "他曾**。");
}

static void test_only_the_hidden(void **state)
{
    ARENA_AUTO(a);
    assert_string_equal(masked("姓名：陈建国，电话13800138000", 1u << DETECT_PHONE, &a),
                        "姓名：陈建国，电话138****8000");
    assert_string_equal(masked("姓名：陈建国，电话13800138000", 0, &a),
                        "姓名：陈建国，电话13800138000");
}

static void test_spans_that_do_not_fit(void **state)
{
    ARENA_AUTO(a);
    const struct detect_span spans[] = {
        {2, 1, DETECT_NAME}, {1, 3, DETECT_HEALTH}, {2, 4, DETECT_HEALTH}, {5, 99, DETECT_HEALTH}};
    struct slice got = detect_mask(SLICE_LITERAL("abcdef"), spans, 4, ALL_KINDS, &a);
    assert_true(slice_is(got, "a**def"));
}

static void test_spans_come_back(void **state)
{
    ARENA_AUTO(a);
    const struct detect_span spans[] = {
        {0, 6, DETECT_NAME}, {300, 318, DETECT_ID_NUMBER}, {70000, 70009, DETECT_ABUSE}};
    struct slice packed = detect_spans_pack(spans, 3, &a);
    struct detect_span *got;
    assert_int_equal(detect_spans_read(packed, 80000, &a, &got), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(got[i].start == spans[i].start && got[i].end == spans[i].end &&
                    got[i].kind == spans[i].kind);
    assert_int_equal(detect_spans_read(packed, 70008, &a, &got), 0); /* the text is shorter */
    for (size_t n = 0; n < packed.n; n++)
        assert_true(detect_spans_read((struct slice){packed.p, n}, 80000, &a, &got) <= 3);
    assert_int_equal(detect_spans_read(SLICE_LITERAL("\x01\x63\x00\x01"), 10, &a, &got), 0);
    assert_int_equal(detect_spans_read(SLICE_LITERAL(""), 10, &a, &got), 0);
    packed = detect_spans_pack(NULL, 0, &a);
    assert_true(packed.n > 0);
    assert_int_equal(detect_spans_read(packed, 10, &a, &got), 0);
}

static struct detect_column column_of(const char *hit, size_t hits, const char *other,
                                      size_t others)
{
    ARENA_AUTO(a);
    struct detect_column column;
    struct slice *cells = ARENA_ARRAY(&a, hits + others + 1, struct slice);
    for (size_t i = 0; i < hits + others; i++)
        cells[i] = slice_from(i < hits ? hit : other);
    cells[hits + others] = SLICE_LITERAL("  ");
    assert_int_equal(detect_column(NULL, cells, hits + others + 1, &a, &column, NULL), 0);
    assert_int_equal(column.cells, hits + others);
    return column;
}

static void test_columns(void **state)
{
    struct detect_column c = column_of("13800138000", 3, "无", 97);
    assert_true(c.kind == DETECT_PHONE && c.hits == 3 && detect_column_sensitive(&c));
    c = column_of("13800138000", 1, "无", 99);
    assert_false(detect_column_sensitive(&c));
    c = column_of("13800138000", 2, "无", 1);
    assert_false(detect_column_sensitive(&c)); /* too few cells to tell */
    c = column_of("13800138000", 2, "无", 0);
    assert_true(detect_column_sensitive(&c)); /* few, and all of them */
    c = column_of("999901201203151233", 1, "无", 999);
    assert_true(c.kind == DETECT_ID_NUMBER && detect_column_sensitive(&c));
    c = column_of("正常", 10, "一般", 10);
    assert_true(c.kind == DETECT_NONE && !detect_column_sensitive(&c));
}

static void test_kinds(void **state)
{
    for (int kind = DETECT_NONE + 1; kind < DETECT_KIND_COUNT; kind++)
        assert_int_equal(detect_kind_parse(slice_from(detect_kind_name((enum detect_kind)kind))),
                         kind);
    assert_int_equal(detect_kind_parse(SLICE_LITERAL("none")), DETECT_NONE);
    assert_int_equal(detect_kind_parse(SLICE_LITERAL("NAME")), DETECT_NONE);
    assert_string_equal(detect_kind_name(DETECT_ID_NUMBER_NEAR), "id_number_near");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_only_the_hidden),
        cmocka_unit_test(test_spans_that_do_not_fit),
        cmocka_unit_test(test_spans_come_back),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
