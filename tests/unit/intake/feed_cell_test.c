/* Cells by their form: what is read, what is refused and with which code. No refusal repeats the cell. */
#include "feed_bench.h"

static const struct feed_code codes[] = {
    {{"在押", 6}, {"in", 2}}, {{"无", 3}, {"none", 4}}, {{"1", 1}, {"one", 3}}};

static const struct cell {
    enum feed_form form;
    enum sheet_cell_kind kind;
    const char *text, *expected; /* NULL: refused */
    enum error_code code;
} cells[] = {
    {FORM_TEXT, CELL_TEXT, "　某甲 ", "某甲", 0},
    {FORM_TEXT, CELL_TEXT, "（2024）\xE2\x80\x8B民特　 1号\n", "（2024）民特 1号", 0},
    {FORM_TEXT, CELL_TEXT, "无", "", 0},
    {FORM_TEXT, CELL_TEXT, "／", "", 0},
    {FORM_TEXT, CELL_TEXT, "——", "", 0},
    {FORM_TEXT, CELL_TEXT, "NULL", "", 0},
    {FORM_TEXT, CELL_TEXT, "无名氏", "无名氏", 0},
    {FORM_TEXT, CELL_NUMBER, "12345", "12345", 0},
    {FORM_TEXT, CELL_NUMBER, "99999919850228003663", NULL, ERR_ID_NUMBER},
    {FORM_TEXT, CELL_TEXT, "99999919850228003663", "99999919850228003663", 0},
    {FORM_TEXT, CELL_TEXT, "=1+1", NULL, ERR_FORMULA_CELL},
    {FORM_TEXT, CELL_TEXT, "@SUM(A1)", NULL, ERR_FORMULA_CELL},
    {FORM_TEXT, CELL_FORMULA, "某甲", NULL, ERR_FORMULA_CELL},
    {FORM_TEXT, CELL_ERROR, "#N/A", NULL, ERR_VALUE},
    {FORM_TEXT, CELL_TEXT, "#N/A", NULL, ERR_VALUE},
    {FORM_TEXT, CELL_TEXT, "＃REF!", NULL, ERR_VALUE},
    {FORM_TEXT, CELL_TEXT, "#12", "#12", ERR_NONE},
    {FORM_TEXT, CELL_BOOLEAN, "TRUE", "TRUE", 0},
    {FORM_ID_NUMBER, CELL_TEXT, "９９９９９９ 19850228 003６", "999999198502280036", 0},
    {FORM_ID_NUMBER, CELL_TEXT, "'999999194912310025", "999999194912310025", 0},
    {FORM_ID_NUMBER, CELL_TEXT, "不详", "", 0},
    {FORM_ID_NUMBER, CELL_TEXT, "", "", 0},
    {FORM_ID_NUMBER, CELL_NUMBER, "999999198502280000", NULL, ERR_ID_NUMBER},
    {FORM_ID_NUMBER, CELL_TEXT, "9.99999E+17", NULL, ERR_ID_NUMBER},
    {FORM_ID_NUMBER, CELL_NUMBER, "9.99999198502280E+17", NULL, ERR_ID_NUMBER},
    {FORM_ID_NUMBER, CELL_TEXT, "E12345678", "E12345678", 0},
    {FORM_ID_NUMBER, CELL_ERROR, "#REF!", NULL, ERR_VALUE},
    {FORM_CODE, CELL_TEXT, "在 押", "in", 0},
    {FORM_CODE, CELL_TEXT, "无", "none", 0},
    {FORM_CODE, CELL_TEXT, "１", "one", 0},
    {FORM_CODE, CELL_NUMBER, "1", "one", 0},
    {FORM_CODE, CELL_TEXT, "", "", 0},
    {FORM_CODE, CELL_TEXT, "出所", NULL, ERR_CODE},
    {FORM_NUMBER, CELL_TEXT, "1,234.50", "1234.50", 0},
    {FORM_NUMBER, CELL_TEXT, "－１２", "-12", 0},
    {FORM_NUMBER, CELL_NUMBER, "7", "7", 0},
    {FORM_NUMBER, CELL_TEXT, "1,23", NULL, ERR_VALUE},
    {FORM_NUMBER, CELL_TEXT, "1,2345", NULL, ERR_VALUE},
    {FORM_NUMBER, CELL_TEXT, "1234,567", NULL, ERR_VALUE},
    {FORM_NUMBER, CELL_TEXT, "1,234,567.8", "1234567.8", 0},
    {FORM_NUMBER, CELL_TEXT, "1.2,345", NULL, ERR_VALUE},
    {FORM_NUMBER, CELL_TEXT, "-", "", 0},
    {FORM_NUMBER, CELL_TEXT, "+-1", NULL, ERR_VALUE},
    {FORM_NUMBER, CELL_TEXT, "1.", NULL, ERR_VALUE},
    {FORM_NUMBER, CELL_TEXT, ".5", NULL, ERR_VALUE},
    {FORM_NUMBER, CELL_TEXT, "1.2.3", NULL, ERR_VALUE},
    {FORM_NUMBER, CELL_TEXT, "十二", NULL, ERR_VALUE},
    {FORM_DIVISION, CELL_TEXT, "999901", "999901000000", 0},
    {FORM_DIVISION, CELL_NUMBER, "999901001", "999901001000", 0},
    {FORM_DIVISION, CELL_TEXT, "999901001001", "999901001001", 0},
    {FORM_DIVISION, CELL_TEXT, "99990100", NULL, ERR_DIVISION},
    {FORM_DIVISION, CELL_TEXT, "某街道", NULL, ERR_DIVISION},
    {FORM_ICD, CELL_TEXT, "x61.x00", "X60-X84", 0},
    {FORM_ICD, CELL_TEXT, "F32.900x001", "F30-F39", 0},
    {FORM_ICD, CELL_TEXT, "Ｆ３２", "F30-F39", 0},
    {FORM_ICD, CELL_TEXT, "抑郁发作", NULL, ERR_CODE},
    {FORM_ICD, CELL_TEXT, "F32,X61", NULL, ERR_CODE},
    {FORM_ICD, CELL_TEXT, "F3", NULL, ERR_CODE},
    {FORM_MOMENT, CELL_TEXT, "2024/6/30 8:05:09", "2024-06-30T08:05:09+08:00", 0},
    {FORM_MOMENT, CELL_DATE, "2024-06-30T08:05:09", "2024-06-30T08:05:09+08:00", 0},
    {FORM_MOMENT, CELL_TEXT, "2024-06-30", "2024-06-30T00:00:00+08:00", 0},
    {FORM_MOMENT, CELL_NUMBER, "45473.5", "2024-06-30T12:00:00+08:00", 0},
    {FORM_MONTH, CELL_TEXT, "2024年6月", "2024-06-01", 0},
    {FORM_MONTH, CELL_TEXT, "202406", "2024-06-01", 0},
    {FORM_MONTH, CELL_TEXT, "2024-06", "2024-06-01", 0},
    {FORM_MONTH, CELL_TEXT, "二〇二四年六月份", "2024-06-01", 0},
    {FORM_MONTH, CELL_DATE, "2024-06-30", "2024-06-01", 0},
    {FORM_MONTH, CELL_NUMBER, "45473", "2024-06-01", 0},
    {FORM_MONTH, CELL_NUMBER, "2024.1", NULL, ERR_DATE},
    {FORM_MONTH, CELL_TEXT, "2024-13", NULL, ERR_DATE},
    {FORM_TERM, CELL_TEXT, "有期徒刑三年六个月", "P3Y6M", 0},
    {FORM_TERM, CELL_TEXT, "3年6个月", "P3Y6M", 0},
    {FORM_TERM, CELL_TEXT, "拘役五个月", "P5M", 0},
    {FORM_TERM, CELL_TEXT, "判处有期徒刑 一年零三个月", "P1Y3M", 0},
    {FORM_TERM, CELL_TEXT, "三年半", "P3Y6M", 0},
    {FORM_TERM, CELL_TEXT, "半年", "P6M", 0},
    {FORM_TERM, CELL_TEXT, "一百八十日", "P180D", 0},
    {FORM_TERM, CELL_TEXT, "两年", "P2Y", 0},
    {FORM_TERM, CELL_TEXT, "15天", "P15D", 0},
    {FORM_TERM, CELL_TEXT, "0年6个月", "P6M", 0},
    {FORM_TERM, CELL_TEXT, "P3Y", "P3Y", 0},
    {FORM_TERM, CELL_TEXT, "无期徒刑", "P9999Y", 0},
    {FORM_TERM, CELL_NUMBER, "42", "P42M", 0},
    {FORM_TERM, CELL_TEXT, "1.5", NULL, ERR_VALUE},
    {FORM_TERM, CELL_TEXT, "有期徒刑", NULL, ERR_VALUE},
    {FORM_TERM, CELL_TEXT, "6个月3年", NULL, ERR_VALUE},
    {FORM_TERM, CELL_TEXT, "三年缓刑", NULL, ERR_VALUE},
    {FORM_TERM, CELL_TEXT, "P0D", NULL, ERR_VALUE},
    {FORM_TERM, CELL_TEXT, "99999天", NULL, ERR_VALUE},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_cell__forms(void **state)
{
    for (size_t i = 0; i < COUNT(cells); i++) {
        ARENA_AUTO(a);
        const struct cell *x = &cells[i];
        struct feed_column c = {
            .name = "c", .form = x->form, .codes = codes, .code_count = 3, .unit = {"month", 5}};
        struct sheet_cell cell = {slice_from(x->text), x->kind};
        struct error e = {.language = LANGUAGE_EN};
        struct slice ret = SLICE_NONE;
        int rc = feed_read_cell(&c, &cell, &a, &ret, &e);
        const char *got = ret.p ? arena_string(&a, ret) : "(refused)";
        if (rc != (x->expected ? 0 : -(int)x->code) ||
            strcmp(got, x->expected ? x->expected : "(refused)") != 0)
            fail_msg("“%s” by %s: %d %s %s", x->text, feed_form_name(x->form), rc, got, e.detail);
        if (rc < 0) {
            assert_true(e.hint[0] != '\0');
            assert_true(strlen(x->text) < 4 ||
                        (!strstr(e.detail, x->text) && !strstr(e.hint, x->text)));
        }
    }
}

static void test_cell__own_list_of_nothing(void **state)
{
    ARENA_AUTO(a);
    struct slice nothing[] = {SLICE_LITERAL("长期")};
    struct feed_column c = {.name = "c", .form = FORM_DATE, .empty = nothing, .empty_count = 1};
    struct slice ret;

    assert_int_equal(
        feed_read_cell(&c, &(struct sheet_cell){SLICE_LITERAL("长 期"), CELL_TEXT}, &a, &ret, NULL),
        -ERR_DATE);
    assert_int_equal(
        feed_read_cell(&c, &(struct sheet_cell){SLICE_LITERAL(" 长期"), CELL_TEXT}, &a, &ret, NULL),
        0);
    assert_int_equal(ret.n, 0);
    assert_int_equal(
        feed_read_cell(&c, &(struct sheet_cell){SLICE_LITERAL("无"), CELL_TEXT}, &a, &ret, NULL),
        -ERR_DATE);
}

static void test_cell__last_day(void **state)
{
    ARENA_AUTO(a);
    struct feed_column c = {.name = "c", .form = FORM_DATE, .last_day = true};
    struct slice ret;

    assert_int_equal(feed_read_cell(&c,
                                    &(struct sheet_cell){SLICE_LITERAL("2024-02-28"), CELL_TEXT},
                                    &a, &ret, NULL),
                     0);
    assert_true(slice_is(ret, "2024-02-29"));
    /* The end of time is no end. */
    assert_int_equal(feed_read_cell(&c,
                                    &(struct sheet_cell){SLICE_LITERAL("9999-12-31"), CELL_TEXT},
                                    &a, &ret, NULL),
                     0);
    assert_int_equal(ret.n, 0);
}

static void test_row__a_refusal_names_the_column(void **state)
{
    ARENA_AUTO(a);
    struct feed *f = feed_of_file(&a, FEEDS_DIR "/prison-admissions.yaml");
    struct sheet_row header = bench_row(&a, "入监编号|证件号码|收监日期|刑期"),
                     row = bench_row(&a, "R-1|999999198502280036|31/12/2024|P3Y"),
                     short_row = bench_row(&a, "R-1"), totals = bench_row(&a, "|合 计|12");
    struct feed_cells records[FEED_RECORDS_MAX];
    struct error e = {.language = LANGUAGE_EN};
    struct feed_places places;
    size_t count;
    int column;

    assert_true(feed_match_header(f, &header, &a, &places));
    assert_int_equal(
        feed_convert(f, &places, row.cells, row.count, &a, records, &count, &column, &e),
        -ERR_DATE);
    assert_string_equal(f->columns[column].name, "admitted");
    assert_non_null(strstr(e.detail, "admitted (收监日期)"));
    assert_null(strstr(e.detail, "31/12"));
    assert_non_null(strstr(e.hint, "never guessed"));
    assert_int_equal(
        feed_convert(f, &places, row.cells, row.count, &a, records, &count, NULL, NULL), -ERR_DATE);
    assert_int_equal(feed_convert(f, &places, short_row.cells, short_row.count, &a, records, &count,
                                  &column, &e),
                     0);
    assert_int_equal(count, 1);
    assert_int_equal(records[0].cells[RECORD_FROM].n, 0);
    assert_int_equal(
        feed_convert(f, &places, totals.cells, totals.count, &a, records, &count, &column, &e), 0);
    assert_int_equal(count, 0);
}

static void test_pieces(void **state)
{
    struct feed_piece p[FEED_PIECES_MAX];

    assert_int_equal(feed_pieces(slice_from("a{b}c{d}"), p), 4);
    assert_true(!p[0].column && slice_is(p[0].text, "a") && p[3].column &&
                slice_is(p[3].text, "d"));
    assert_int_equal(feed_pieces(slice_from("{a}{b}{c}{d}{e}{f}{g}{h}"), p), 8);
    assert_int_equal(feed_pieces(slice_from("{a}{b}{c}{d}{e}{f}{g}{h}{i}"), p), 0);
    assert_int_equal(feed_pieces(slice_from("{a{b}}"), p), 0);
    assert_int_equal(feed_pieces(slice_from(""), p), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cell__forms),
        cmocka_unit_test(test_cell__own_list_of_nothing),
        cmocka_unit_test(test_cell__last_day),
        cmocka_unit_test(test_row__a_refusal_names_the_column),
        cmocka_unit_test(test_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
