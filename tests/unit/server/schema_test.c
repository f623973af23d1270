/* The validator over schemas, and the parsing of bodies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "server/schema.h"

/* {q: 1 to 4 characters, n: 1 to 9, flag, kind: a or b, list: 1 to 2 of digits, note: null too} */
static const struct schema q = {.type = SCHEMA_STRING, .minimum = 1, .maximum = 4};
static const struct schema n = {.type = SCHEMA_INTEGER, .minimum = 1, .maximum = 9};
static const struct schema flag = {.type = SCHEMA_BOOLEAN};
static const char *const kinds[] = {"a", "b"};
static const struct schema kind = {.type = SCHEMA_STRING, .choices = kinds, .choice_count = 2};
static const struct schema digits = {.type = SCHEMA_STRING,
                                     .minimum = 1,
                                     .maximum = 3,
                                     .patterned = true,
                                     .bytes = {0, 0x03ff0000u, 0, 0}};
static const struct schema list = {
    .type = SCHEMA_ARRAY, .minimum = 1, .maximum = 2, .unique = true, .items = &digits};
static const struct schema note = {
    .type = SCHEMA_STRING, .nullable = true, .minimum = 0, .maximum = 4};
/* Members of any name, each a cell. */
static const struct schema cell = {.type = SCHEMA_SCALAR, .nullable = true, .maximum = 4};
static const struct schema row = {.type = SCHEMA_OBJECT, .maximum = 2, .items = &cell};
static const struct schema_property properties[] = {
    {"q", true, &q},        {"n", false, &n},       {"flag", false, &flag}, {"kind", false, &kind},
    {"list", false, &list}, {"note", false, &note}, {"row", false, &row}};
static const struct schema body = {
    .type = SCHEMA_OBJECT, .properties = properties, .property_count = 7};

/* The pointers of all faults, one behind the other; "!" where it is no JSON. */
static const char *faults_of(struct arena *arena, const char *text)
{
    struct error e = {.language = LANGUAGE_EN};
    struct schema_faults faults = {.count = 0};
    const char *said = "";
    json_t *value;

    if (schema_parse(slice_from(text), &value, &e) < 0) {
        assert_int_equal(e.code, ERR_JSON);
        return "!";
    }
    int rc = schema_check(&body, value, arena, &faults, &e);
    json_decref(value);
    assert_int_equal(rc, faults.count ? -ERR_SCHEMA : 0);
    for (size_t i = 0; i < faults.count; i++) {
        assert_true(strlen(faults.list[i].message) > 0);
        said = arena_printf(arena, "%s%s;", said, faults.list[i].pointer);
    }
    return said;
}

static const struct {
    const char *text, *faults;
} cases[] = {
    {"{\"q\":\"x\"}", ""},
    {"{\"q\":\"x\",\"row\":{\"姓名\":\"一二三四\",\"b\":1.5}}", ""},
    {"{\"q\":\"x\",\"row\":{\"姓名\":null,\"b\":\"a\\u202e\\n\"}}",
     ""}, /* the mapping says what it is */
    {"{\"q\":\"x\",\"row\":{\"a\":\"12345\"}}", "/row;"},
    {"{\"q\":\"x\",\"row\":{\"a\":true}}", "/row;"},
    {"{\"q\":\"x\",\"row\":{\"a\":[]}}", "/row;"},
    {"{\"q\":\"x\",\"row\":{\"a\":1,\"b\":1,\"c\":1}}", "/row;"},
    {"{\"q\":\"x\",\"row\":[]}", "/row;"},
    {"{\"q\":\"a\\u202eb\"}", "/q;"}, /* would be read in another order than it was written */
    {"{\"q\":\"a\\u2066b\"}", "/q;"},
    {"{\"q\":\"\\ufeffa\"}", "/q;"},
    {"{\"q\":\"a\\u2014b\"}", ""},
    {"{\"q\":\"a\\nb\"}", "/q;"},
    {"{\"q\":\"x\",\"n\":9,\"flag\":false,\"kind\":\"b\",\"list\":[\"1\",\"22\"],\"note\":null}",
     ""},
    {"{\"q\":\"一二三四\"}", ""},
    {"{\"q\":\"一二三四五\"}", "/q;"},
    {"{\"q\":\"\"}", "/q;"},
    {"{\"q\":\"a\\nb\"}", "/q;"},
    {"{\"q\":1}", "/q;"},
    {"{\"q\":null}", "/q;"},
    {"{}", "/q;"},
    {"[]", ";"},
    {"null", ";"},
    {"{\"q\":\"x\",\"other\":1}", ";"},
    {"{\"q\":\"x\",\"n\":0}", "/n;"},
    {"{\"q\":\"x\",\"n\":10}", "/n;"},
    {"{\"q\":\"x\",\"n\":1.0}", "/n;"},
    {"{\"q\":\"x\",\"n\":\"1\"}", "/n;"},
    {"{\"q\":\"x\",\"flag\":0}", "/flag;"},
    {"{\"q\":\"x\",\"kind\":\"c\"}", "/kind;"},
    {"{\"q\":\"x\",\"list\":[]}", "/list;"},
    {"{\"q\":\"x\",\"list\":[\"1\",\"2\",\"3\"]}", "/list;"},
    {"{\"q\":\"x\",\"list\":[\"1\",\"1\"]}", "/list/1;"},
    {"{\"q\":\"x\",\"list\":[\"a\",7]}", "/list/0;/list/1;"},
    {"{\"n\":0,\"flag\":1}", "/q;/n;/flag;"},
    {"", "!"},
    {"{", "!"},
    {"{} {}", "!"},
    {"{\"q\":\"x\",\"q\":\"y\"}", "!"},
    {"{\"q\":\"\\ud800\"}", "!"},
    {"{\"q\":\"a\\u0000b\"}", "!"},
    {"{\"q\":\"\xff\"}", "!"},
    {"{\"q\":NaN}", "!"},
    {"{\"n\":99999999999999999999999}", "!"},
    {"[[[[[[[[[]]]]]]]]]", "!"},
    {"{\"q\":\"[[[[[[[[[\"}", "/q;"},
};

static void test_bodies(void **state)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ARENA_AUTO(arena);
        print_message("# %s\n", cases[i].text);
        assert_string_equal(faults_of(&arena, cases[i].text), cases[i].faults);
    }
}

/* Nothing that was sent is said again: it may be a name. */
static void test_faults_hold_no_value(void **state)
{
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    struct schema_faults faults = {.count = 0};
    json_t *value;

    assert_int_equal(
        schema_parse(SLICE_LITERAL("{\"secret1\":1,\"q\":\"secret2\",\"kind\":\"secret3\"}"),
                     &value, &e),
        0);
    assert_int_equal(schema_check(&body, value, &arena, &faults, &e), -ERR_SCHEMA);
    json_decref(value);
    assert_null(strstr(e.detail, "secret"));
    for (size_t i = 0; i < faults.count; i++)
        assert_null(strstr(faults.list[i].message, "secret"));
    assert_int_equal(schema_parse(SLICE_LITERAL("{\"secret\" \"secret\"}"), &value, &e), -ERR_JSON);
    assert_null(strstr(e.detail, "secret"));
}

static void test_many_faults_are_cut(void **state)
{
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    struct schema_faults faults = {.count = 0};
    const char *text = "{\"q\":\"x\"";
    json_t *value;

    for (int i = 0; i < 40; i++)
        text = arena_printf(&arena, "%s,\"x%d\":1", text, i);
    text = arena_printf(&arena, "%s}", text);
    assert_int_equal(schema_parse(slice_from(text), &value, &e), 0);
    assert_int_equal(schema_check(&body, value, &arena, &faults, &e), -ERR_SCHEMA);
    assert_int_equal(faults.count, SCHEMA_FAULTS_MAX);
    json_decref(value);
}

static int of_text(const struct schema *schema, const char *text)
{
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    struct schema_faults faults = {.count = 0};

    return schema_check_text(schema, "p", slice_from(text), &arena, &faults, &e);
}

static void test_parameters(void **state)
{
    assert_int_equal(of_text(&n, "1"), 0);
    assert_int_equal(of_text(&n, "9"), 0);
    assert_int_equal(of_text(&n, "10"), -ERR_SCHEMA);
    assert_int_equal(of_text(&n, "01"), -ERR_SCHEMA);
    assert_int_equal(of_text(&n, "+1"), -ERR_SCHEMA);
    assert_int_equal(of_text(&n, ""), -ERR_SCHEMA);
    assert_int_equal(of_text(&n, "99999999999999999999"), -ERR_SCHEMA);
    assert_int_equal(of_text(&flag, "true"), 0);
    assert_int_equal(of_text(&flag, "1"), -ERR_SCHEMA);
    assert_int_equal(of_text(&digits, "12"), 0);
    assert_int_equal(of_text(&digits, "1x"), -ERR_SCHEMA);
    assert_int_equal(of_text(&kind, "a"), 0);
    assert_int_equal(of_text(&kind, "A"), -ERR_SCHEMA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_faults_hold_no_value),
        cmocka_unit_test(test_many_faults_are_cut),
        cmocka_unit_test(test_parameters),
    };
    return cmocka_run_group_tests_name("server_schema", tests, NULL, NULL);
}
