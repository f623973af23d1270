/* JSON out: by example, and read back by another library whatever went in. */
#include "base/json.h"

#include "random.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void assert_text(struct json *j, const char *expected)
{
    struct slice got = json_text(j);
    assert_string_equal(got.p, expected);
    assert_int_equal(got.n, strlen(expected));
}

static void every_kind_of_value(void **state)
{
    ARENA_AUTO(a);
    struct json j;
    json_begin(&j, &a);
    assert_text(&j, "");
    json_object_begin(&j);
    json_name(&j, "text");
    json_put_string(&j, SLICE_LITERAL("陈“小”明"));
    json_name(&j, "nothing");
    json_put_string(&j, SLICE_NONE);
    json_name(&j, "empty");
    json_put_string(&j, SLICE_LITERAL(""));
    json_name(&j, "list");
    json_array_begin(&j);
    json_put_integer(&j, 0);
    json_put_integer(&j, INT64_MIN);
    json_put_integer(&j, INT64_MAX);
    json_put_boolean(&j, true);
    json_put_boolean(&j, false);
    json_put_null(&j);
    json_array_begin(&j);
    json_array_end(&j);
    json_object_begin(&j);
    json_object_end(&j);
    json_put_raw(&j, SLICE_LITERAL("[1,2]"));
    json_array_end(&j);
    json_name(&j, "id");
    json_put_id(&j, 9007199254740993);
    json_object_end(&j);
    assert_text(&j, "{\"text\":\"陈“小”明\",\"nothing\":null,\"empty\":\"\",\"list\":[0,"
                    "-9223372036854775808,9223372036854775807,true,false,null,[],{},[1,2]],"
                    "\"id\":\"9007199254740993\"}");
}

static void days_and_instants(void **state)
{
    ARENA_AUTO(a);
    struct json j;
    day d;
    assert_true(day_parse(SLICE_LITERAL("2024-02-29"), &d));
    json_begin(&j, &a);
    json_array_begin(&j);
    json_put_day(&j, d);
    json_put_day(&j, DAY_FOREVER);
    json_put_day(&j, DAY_BEGINNING);
    json_put_instant(&j, 0);
    json_put_instant(&j, -1);
    json_put_instant(&j, INT64_C(1719705599999999)); /* 2024-06-29T23:59:59.999999Z */
    json_put_instant(&j, INT64_C(-86400000001));
    json_put_instant(&j, INT64_MAX);
    json_put_instant(&j, INT64_MIN);
    json_array_end(&j);
    assert_text(&j, "[\"2024-02-29\",null,null,\"1970-01-01T08:00:00+08:00\","
                    "\"1970-01-01T07:59:59+08:00\",\"2024-06-30T07:59:59+08:00\","
                    "\"1969-12-31T07:59:59+08:00\",null,null]");
}

static void what_cannot_stand_is_escaped(void **state)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"a\"b\\c/", "\"a\\\"b\\\\c/\""},
        {"\b\t\n\v\f\r\x1f\x7f", "\"\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\""},
        {"\xFF陈\xE9\x99", "\"\uFFFD陈\uFFFD\uFFFD\""},
        {"\xC0\xAF", "\"\uFFFD\uFFFD\""}, /* overlong */
        {"\xE0\x80\xAF", "\"\uFFFD\uFFFD\uFFFD\""},
        {"\xF0\x80\x80\xAF", "\"\uFFFD\uFFFD\uFFFD\uFFFD\""},
        {"\xED\xA0\x80", "\"\uFFFD\uFFFD\uFFFD\""},           /* a surrogate */
        {"\xF4\x90\x80\x80", "\"\uFFFD\uFFFD\uFFFD\uFFFD\""}, /* above U+10FFFF */
        {"𠮷\U0010FFFF", "\"𠮷\U0010FFFF\""},
    };
    ARENA_AUTO(a);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json j;
        json_begin(&j, &a);
        json_put_string(&j, slice_from(cases[i].in));
        assert_text(&j, cases[i].out);
    }
    struct json j;
    json_begin(&j, &a);
    json_put_string(&j, (struct slice){"a\0b", 3});
    assert_text(&j, "\"a\\u0000b\"");
}

/* What a string reads back as: bytes that are no UTF-8 replaced one by one, by the plainest means. */
static size_t replaced(const char *in, size_t n, char *out)
{
    size_t at = 0, written = 0;
    while (at < n) {
        size_t length = 0;
        for (size_t k = 1; k <= 4 && at + k <= n && !length; k++) {
            json_t *whole = json_stringn(in + at, k); /* NULL when it is no UTF-8 */
            if (whole)
                length = k;
            json_decref(whole);
        }
        memcpy(out + written, length ? in + at : "\uFFFD", length ? length : 3);
        written += length ? length : 3;
        at += length ? length : 1;
    }
    return written;
}

static size_t random_bytes(uint64_t *seed, char *to, size_t limit)
{
    static const char *const pieces[] = {"陈",       "欧阳", "·",    "𠮷",           "\"",
                                         "\\",       "\n",   "a",    "\xE9\x99",     "\xC3",
                                         "\xF0\x9F", "\x80", "\xFF", "\xED\xA0\x80", "\x01"};
    size_t n = 0, pieces_count = random_below(seed, 60);
    for (size_t i = 0; i < pieces_count && n + 8 < limit; i++) {
        if (random_below(seed, 4) == 0) {
            to[n++] = (char)random_next(seed);
            continue;
        }
        const char *piece = pieces[random_below(seed, sizeof pieces / sizeof pieces[0])];
        memcpy(to + n, piece, strlen(piece));
        n += strlen(piece);
    }
    return n;
}

/* A random value with its like in jansson. */
static json_t *random_value(uint64_t *seed, struct json *j, int depth)
{
    char bytes[600], expected[2000];
    unsigned kind = random_below(seed, depth < 5 ? 8 : 6);
    int64_t number = (int64_t)random_next(seed) >> random_below(seed, 64);
    switch (kind) {
    case 0: json_put_null(j); return json_null();
    case 1: json_put_boolean(j, number & 1); return json_boolean(number & 1);
    case 2: json_put_integer(j, number); return json_integer(number);
    case 3:
        json_put_id(j, number);
        snprintf(expected, sizeof expected, "%lld", (long long)number);
        return json_string(expected);
    case 4:
    case 5: {
        size_t n = random_bytes(seed, bytes, sizeof bytes);
        json_put_string(j, (struct slice){bytes, n});
        return json_stringn(expected, replaced(bytes, n, expected));
    }
    case 6: {
        json_t *list = json_array();
        json_array_begin(j);
        for (unsigned i = random_below(seed, 5); i > 0; i--)
            json_array_append_new(list, random_value(seed, j, depth + 1));
        json_array_end(j);
        return list;
    }
    default: {
        json_t *object = json_object();
        json_object_begin(j);
        for (unsigned i = random_below(seed, 5); i > 0; i--) {
            char name[8] = {(char)('a' + i), '_', '\0'};
            json_name(j, name);
            json_object_set_new(object, name, random_value(seed, j, depth + 1));
        }
        json_object_end(j);
        return object;
    }
    }
}

static void what_is_written_reads_back(void **state)
{
    uint64_t seed = random_seed();
    for (int i = 0; i < 3000; i++) {
        ARENA_AUTO(a);
        struct json j;
        json_begin(&j, &a);
        json_t *expected = random_value(&seed, &j, 0);
        struct slice text = json_text(&j);
        assert_int_equal(strlen(text.p), text.n);
        json_error_t why;
        json_t *got = json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
        if (!got || !json_equal(got, expected))
            fail_msg("%s: %s", got ? "another value" : why.text, text.p);
        json_decref(got);
        json_decref(expected);
    }
}

static void long_texts_grow_the_buffer(void **state)
{
    ARENA_AUTO(a);
    struct json j;
    static char zeros[100000];
    json_begin(&j, &a);
    json_array_begin(&j);
    for (int i = 0; i < 3; i++)
        json_put_string(&j, SLICE_OF(zeros));
    json_array_end(&j);
    assert_int_equal(json_text(&j).n, 3 * (6 * sizeof zeros + 2) + 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_value),
        cmocka_unit_test(days_and_instants),
        cmocka_unit_test(what_cannot_stand_is_escaped),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(long_texts_grow_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
