/* Mappings that cannot be read: each says where, and how to mend it. */
#include "feed_bench.h"

static const char good[] =
    "feed: prison\n"
    "title: {zh: 名单, en: List}\n"
    "department: justice\n"
    "interval: P1M\n"
    "grace: P5D\n"
    "columns:\n"
    "  key: {named: [编号]}\n"
    "  id_no: {named: [身份证号], form: id_number}\n"
    "  from: {named: [入监日期], form: date}\n"
    "  status: {named: [状态], form: code, codes: {在押: in, 撤销: void}, otherwise: in}\n"
    "ignore: [序号]\n"
    "records:\n"
    "  - kind: imprisoned\n"
    "    record_key: \"{key}\"\n"
    "    id_no: \"{id_no}\"\n"
    "    from: \"{from}\"\n"
    "    withdrawn: {status: void}\n";

/* The good text with one piece replaced: where the fault is told, words of it and of its hint. */
static const struct fault {
    const char *piece, *instead, *place, *said, *hint;
} faults[] = {
    {"department: justice", "departmnt: justice", ":3:1:", "departmnt", "\"department\""},
    {"department: justice", "department: justise", ":3:13:", "justise", "spelt like"},
    {"feed: prison", "feed: Prison 1", ":1:7:", "no name for a feed", "hyphens"},
    {"feed: prison", "feed: [prison]", ":1:7:", "one text", "Quote"},
    {"feed: prison", "feed: \"\"", ":1:7:", "empty", "leave the key out"},
    {"feed: prison\n", "", ":1:1:", "feed is missing", "docs/feeds.md"},
    {"interval: P1M", "interval: monthly", ":4:11:", "no length of time", "P1D"},
    {"interval: P1M", "interval: P0D", ":4:11:", "no length of time", "P1D"},
    {"interval: P1M\n", "", ":4:8:", "without `interval`", "interval: P1M"},
    {"grace: P5D", "interval: P5D", ":5:1:", "already", "Leave one"},
    {"title: {zh: 名单, en: List}", "title: {zh: 名单}", ":2:8:", "en is missing", "docs/feeds.md"},
    {"title: {zh: 名单, en: List}", "title: List", ":2:8:", "keys with values", "key: value"},
    {"title: {zh: 名单", "title: {zh: &a 名单", ":2:13:", "anchors", "quote"},
    {"title: {zh: 名单", "title: {zh: *a", ":2:13:", "anchors", "quote"},
    {"title: {zh: 名单", "title: {zh: !!str 名单", ":2:13:", "anchors", "quote"},
    {"title: {zh: 名单", "title: {zh: 名\xE2\x80\xAE单", ":2:13:", "cannot be seen", "anew"},
    {"title: {zh: 名单", "title: {zh: \"名\\n单\"", ":2:13:", "cannot be seen", "anew"},
    {"title: {zh: 名单", "title: {zh: 名单\xFF", ":2:15:", "UTF-8", "Save"},
    {"title: {zh: 名单", "title: {zh: 名单\x01", ":2:15:", "from here on", "indentation"},
    {"title: {zh: 名单, en: List}", "title: {zh: 名单, en: List", ":3:", "from here on",
     "brackets"},
    {"title: {zh: 名单", "title: {[a]: 名单", ":2:9:", "one word", "key: value"},
    {"title: {zh: 名单", "title: {zh: [[[[[[[名单]]]]]]]", ":2:", "nested", "6 levels"},
    {"ignore: [序号]", "ignore: [序号]\n---\nfeed: other", ":12:1:", "second document",
     "one mapping"},
    {"ignore: [序号]", "ignore: {序号: 1}", ":11:9:", "a list is needed", "[one, another]"},
    {"ignore: [序号]", "sheet: 入*监", ":11:8:", "at the end alone", "beginning"},
    {"ignore: [序号]", "exchange: {table: a-b, cursor: [id]}", ":11:11:", "a table and",
     "underscores"},
    {"ignore: [序号]", "exchange: {table: a, cursor: [id, b, c]}", ":11:30:", "longer than 2", ""},
    {"ignore: [序号]", "exchange: {table: a.b.c, cursor: id}", ":11:11:", "a table and",
     "underscores"},
    {"  key: {named: [编号]}", "  Key: {named: [编号]}", ":7:3:", "no name for a column",
     "small letters"},
    {"  key: {named: [编号]}", "  id_no: {named: [编号]}", ":8:3:", "already", "Leave one"},
    {"  key: {named: [编号]}", "  key: {name: [编号]}", ":7:9:", "name", "\"named\""},
    {"  key: {named: [编号]}", "  key: {named: []}", ":7:16:", "empty", "names"},
    {"  key: {named: [编号]}", "  key: {named: [身份证号]}", ":8:19:", "already", "once"},
    {"  key: {named: [编号]}", "  key: {named: [编号, 编 号]}", ":7:21:", "already", "once"},
    {"  key: {named: [编号]}", "  key: {named: [序号]}", ":7:17:", "already", "ignored"},
    {"  key: {named: [编号]}", "  key: {named: [编号], unit: day}", ":7:28:", "`unit` belongs",
     "form"},
    {"  key: {named: [编号]}", "  key: {named: [编号], last_day: yes}",
     ":7:32:", "`last_day` belongs", "form"},
    {"  key: {named: [编号]}", "  key: {named: [编号], codes: {a: b}}", ":7:29:", "`codes` belongs",
     "form"},
    {"  key: {named: [编号]}", "  key: {named: [编号], form: code}", ":7:8:", "needs `codes`",
     "codes:"},
    {"  key: {named: [编号]}", "  key: {named: [编号], optional: maybe}", ":7:32:", "yes or no",
     "yes or no"},
    {"  key: {named: [编号]}", "  key: {named: [编号]}\n  x: {named: [甲]}", ":8:1:", "column x",
     "ignore"},
    {"form: id_number", "form: idnumber", ":8:32:", "idnumber", "\"id_number\""},
    {"form: date", "form: term, unit: week", ":9:43:", "no unit", "day, month"},
    {"{在押: in,", "{在押: in, 在 押: in,", ":10:53:", "code stands", "Leave one"},
    {"kind: imprisoned", "kind: imprisonned", ":13:11:", "imprisonned", "\"imprisoned\""},
    {"kind: imprisoned", "kind: \"{status}\"", ":13:11:", "there is no kind of record",
     "humiao help kinds"},
    {"kind: imprisoned", "kind: \"{key}\"", ":13:11:", "cannot be made", "form code"},
    {"kind: imprisoned", "kind: self_harm_visit\n    value: \"{key}\"", ":14:12:", "diagnosis",
     "icd"},
    {"\"{key}\"", "\"{kee}\"", ":14:17:", "kee", "\"key\""},
    {"\"{key}\"", "\"{key\"", ":14:17:", "braces", "{column}"},
    {"\"{key}\"", "\"}\"", ":14:17:", "braces", "{column}"},
    {"\"{key}\"", "\"{}\"", ":14:17:", "braces", "{column}"},
    {"\"{from}\"", "\"{key}\"", ":16:11:", "`from` cannot be made", "date or month"},
    {"\"{from}\"", "2024-06-30", ":16:11:", "`from` cannot be made", "date or month"},
    {"    from: \"{from}\"\n", "", ":13:5:", "from is missing", "docs/feeds.md"},
    {"withdrawn: {status: void}", "withdrawn: {status: voyd}", ":17:25:", "never gives",
     "\"void\""},
    {"withdrawn: {status: void}", "withdrawn: {state: void}", ":17:17:", "state", "\"status\""},
    {"withdrawn: {status: void}", "withdrawn: {status: []}", ":17:25:", "empty", "at least one"},
    {"withdrawn: {status: void}", "withdrawn: void", ":17:16:", "one column", "{status: void}"},
    {"withdrawn: {status: void}", "when: {status: in}\n    unless: {status: in}",
     ":18:13:", "either", "Leave one"},
    {"columns:\n", "columns: []\nx:\n", ":7:1:", "x", ""},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *replaced(struct arena *a, const char *piece, const char *instead)
{
    const char *at = strstr(good, piece);

    assert_non_null(at);
    return arena_printf(a, "%.*s%s%s", (int)(at - good), good, instead, at + strlen(piece));
}

static void test_parse__says_where_and_how(void **state)
{
    size_t wrong = 0;

    for (size_t i = 0; i < COUNT(faults); i++) {
        ARENA_AUTO(a);
        const struct fault *f = &faults[i];
        struct error e = {.language = LANGUAGE_EN};
        struct source source = {"test.yaml", slice_from(replaced(&a, f->piece, f->instead))};
        struct feed *ret = NULL;
        if (feed_parse(&source, &a, &ret, &e) != -ERR_MAPPING)
            fail_msg("%s was taken", f->instead);
        if (!strstr(e.detail, f->place) || !strstr(e.detail, f->said) || !strstr(e.hint, f->hint))
            print_error("%s (%s %s %s):\n%s\n%s\n", f->instead, f->place, f->said, f->hint,
                        e.detail, e.hint),
                wrong++;
        assert_null(ret);
    }
    assert_int_equal(wrong, 0);
}

static void test_parse__bounds(void **state)
{
    ARENA_AUTO(a);
    struct error e = {.language = LANGUAGE_EN};
    struct feed *ret;
    char *large = arena_take(&a, FEED_TEXT_MAX + 2);
    char *deep = arena_take(&a, 40001);

    memset(large, ' ', FEED_TEXT_MAX + 1);
    assert_int_equal(
        feed_parse(&(struct source){"large", {large, FEED_TEXT_MAX + 1}}, &a, &ret, &e),
        -ERR_MAPPING);
    memset(deep, '[', 40000);
    assert_int_equal(feed_parse(&(struct source){"deep", {deep, 40000}}, &a, &ret, &e),
                     -ERR_MAPPING);
    for (size_t i = 0; i + 2 < 40000; i += 2)
        memcpy(deep + i, i ? "a," : "[ ", 2);
    memcpy(deep + 39998, "a]", 2);
    assert_int_equal(feed_parse(&(struct source){"wide", {deep, 40000}}, &a, &ret, &e),
                     -ERR_MAPPING);
    assert_int_equal(feed_parse(&(struct source){"none", SLICE_LITERAL("")}, &a, &ret, &e),
                     -ERR_MAPPING);
    assert_int_equal(feed_parse(&(struct source){"none", SLICE_NONE}, &a, &ret, NULL),
                     -ERR_MAPPING);
}

static void test_parse__everything(void **state)
{
    ARENA_AUTO(a);
    struct feed *f = feed_of_text(
        &a, "feed: all\n"
            "title: {zh: \"一: 二\", en: 'it''s \"all\"'}\n"
            "department: health\n"
            "interval: P1Y2M3W4D\n"
            "sheet: 名单*\n"
            "empty: [\"-\", 无]\n"
            "columns:\n"
            "  k: {named: key, optional: no}\n"
            "  i: {named: [id], form: id_number}\n"
            "  d: {named: [day], form: month}\n"
            "  n: {named: [n], form: number, optional: true}\n"
            "  t: {named: [t], form: term, unit: month}\n"
            "  v: {named: [v], form: division}\n"
            "  m: {named: [m], form: moment}\n"
            "  c: {named: [c], form: code, codes: {\"\": dead, 失踪: missing_declared, 无: \"\"}}\n"
            "  e: {named: [e], form: date, last_day: yes}\n"
            "records:\n"
            "- kind: \"{c}\"\n"
            "  record_key: \"{k}-{n}/h\"\n"
            "  id_no: \"{i}\"\n"
            "  division: \"{v}\"\n"
            "  from: \"{d}\"\n"
            "  to: \"{e}\"\n"
            "  value: \"{t}\"\n"
            "  note: fixed words\n"
            "  revision: \"{m}\"\n"
            "  unless: {k: [\"\", \"0\"]}\n"
            "exchange: {table: outside.list, cursor: id}\n");
    struct slice text = feed_print(f, &a);
    struct feed *g = feed_of_text(&a, arena_string(&a, text));
    struct slice again = feed_print(g, &a);

    assert_string_equal(arena_string(&a, again), arena_string(&a, text));
    assert_true(slice_is(g->title_zh, "一: 二") && slice_is(g->title_en, "it's \"all\""));
    assert_int_equal(g->interval.weeks, 3);
    assert_string_equal(g->sheet, "名单*");
    assert_int_equal(g->empty_count, 2);
    assert_true(g->columns[8].last_day && g->columns[8].empty_count == 2);
    assert_int_equal(g->columns[7].code_count, 3);
    assert_true(slice_is(g->columns[4].unit, "month"));
    assert_true(g->records[0].when.negated && g->records[0].when.count == 2 &&
                g->records[0].withdrawn.column == -1);
    assert_string_equal(g->exchange_table, "outside.list");
    assert_string_equal(g->exchange_cursor[0], "id");
    assert_null(g->exchange_cursor[1]);
    assert_memory_not_equal(f->hash, g->hash, FEED_HASH_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse__says_where_and_how),
        cmocka_unit_test(test_parse__bounds),
        cmocka_unit_test(test_parse__everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
