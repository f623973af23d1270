/* Which row is the header, and what of it is known. */
#include "feed_bench.h"

static const char mapping[] = "feed: list\n"
                              "title: {zh: 名单, en: List}\n"
                              "department: justice\n"
                              "columns:\n"
                              "  key: {named: [编号, 罪犯编号（新）]}\n"
                              "  id_no: {named: [身份证号, 证件号码], form: id_number}\n"
                              "  from: {named: [入监日期], form: date}\n"
                              "  to: {named: [ID of END], form: date, optional: yes}\n"
                              "ignore: [序号, 罪名]\n"
                              "records:\n"
                              "  - {kind: imprisoned, record_key: \"{key}\", id_no: \"{id_no}\", "
                              "from: \"{from}\", to: \"{to}\"}\n";

static bool match(struct arena *a, const char *row, struct feed_places *p)
{
    struct sheet_row cells = bench_row(a, row);

    return feed_match_header(feed_of_text(a, mapping), &cells, a, p);
}

static void test_match__spellings(void **state)
{
    ARENA_AUTO(a);
    struct feed_places p;

    assert_true(match(&a, "序 号|*罪犯编号(新)|　身份证号 |入监\n日期|id OF end", &p));
    assert_int_equal(p.place[0], 1);
    assert_int_equal(p.place[1], 2);
    assert_int_equal(p.place[2], 3);
    assert_int_equal(p.place[3], 4);
    assert_int_equal(p.matched, 4);
    assert_int_equal(p.width, 5);
    assert_int_equal(p.missing_count + p.unknown_count, 0);
    assert_true(slice_is(p.header[2], "身份证号"));
}

static void test_match__missing_and_unknown(void **state)
{
    ARENA_AUTO(a);
    struct feed_places p;

    assert_true(match(&a, "编号|证件号码|收监日|身份证号||编号", &p));
    assert_int_equal(p.place[0], 0);
    assert_int_equal(p.place[1], 3); /* the name that the mapping lists first */
    assert_int_equal(p.missing_count, 1);
    assert_int_equal(p.missing[0], 2);
    assert_int_equal(p.unknown_count, 3);
    assert_int_equal(p.unknown[0], 1);
    assert_int_equal(p.unknown[1], 2);
    assert_int_equal(p.unknown[2], 5);
}

static void test_match__what_is_no_header(void **state)
{
    ARENA_AUTO(a);
    struct feed_places p;

    assert_false(match(&a, "2024年6月入监人员名单", &p));
    assert_false(match(&a, "", &p));
    assert_false(match(&a, "编号", &p));
    assert_false(match(&a, "R-7|999999198502280036|2024-06-30", &p));
    assert_true(match(&a, "编号|入监日期", &p));
}

static void test_match__names(void **state)
{
    ARENA_AUTO(a);
    struct feed *f = feed_of_text(&a, mapping);

    assert_int_equal(feed_column_of(f, slice_from(" 证件 号码")), 1);
    assert_int_equal(feed_column_of(f, slice_from("罪名")), -2);
    assert_int_equal(feed_column_of(f, slice_from("地址")), -1);
    assert_int_equal(feed_column_find(f, slice_from("to")), 3);
    assert_int_equal(feed_form_parse(slice_from("moment")), FORM_MOMENT);
    assert_int_equal(feed_form_parse(slice_from("data")), FORM_COUNT);
    assert_string_equal(feed_form_name(FORM_COUNT), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match__spellings),
        cmocka_unit_test(test_match__missing_and_unknown),
        cmocka_unit_test(test_match__what_is_no_header),
        cmocka_unit_test(test_match__names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
