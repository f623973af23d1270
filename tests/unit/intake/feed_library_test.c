/* Which mappings are in force, saving a new edition, and how cells look to whoever may not see them. */
#include "people/scene.h"

#include "intake/feed.h"

#include <string.h>

#define NOW INT64_C(1795485930123456)

static int save(struct scene *s, const char *text, int64_t *ret_id)
{
    int rc = store_begin(s->d->store, &s->e);

    if (rc == 0)
        rc = feed_save(s->d, slice_from(text), 7, NOW, ret_id, &s->e);
    if (rc < 0) {
        store_rollback(s->d->store);
        return rc;
    }
    return store_commit(s->d->store, &s->e);
}

static const char *mapping(struct scene *s, const char *name, const char *department,
                           const char *column)
{
    return arena_printf(
        &s->arena,
        "feed: %s\ntitle: {zh: 名单, en: List}\ndepartment: %s\ncolumns:\n  key: {named: [%s]}\n"
        "  id_no: {named: [身份证号], form: id_number}\n  from: {named: [日期], form: date}\n"
        "records:\n  - {kind: dead, record_key: \"{key}\", id_no: \"{id_no}\", from: \"{from}\", "
        "value: natural}\n",
        name, department, column);
}

static void test_library__built_in(void **state)
{
    ARENA_AUTO(a);
    struct error e = {.language = LANGUAGE_EN};
    struct feed_library l;

    assert_int_equal(feed_library_read(NULL, &a, &l, &e), 0);
    assert_true(l.count >= 19);
    for (size_t i = 1; i < l.count; i++)
        assert_true(strcmp(l.feeds[i - 1]->name, l.feeds[i]->name) < 0);
    assert_non_null(feed_library_find(&l, slice_from("prison-admissions")));
    assert_null(feed_library_find(&l, slice_from("prison")));
}

static void test_library__newest_edition(void **state)
{
    struct scene *s = scene_of(state);
    struct feed_library l;
    int64_t first, second;

    OK(s, save(s, mapping(s, "deaths", "public_security", "甲"), &first));
    OK(s, save(s, mapping(s, "deaths", "public_security", "乙"), &second));
    OK(s, save(s, mapping(s, "a-new-one", "town", "丙"), NULL));
    assert_true(second > first);
    OK(s, feed_library_read(s->d, &s->arena, &l, &s->e));
    const struct feed *deaths = feed_library_find(&l, slice_from("deaths"));
    assert_true(slice_is(deaths->columns[0].named[0], "乙"));
    assert_string_equal(l.feeds[0]->name, "a-new-one");
    assert_non_null(feed_library_find(&l, slice_from("divorces")));
}

static void test_library__refused(void **state)
{
    struct scene *s = scene_of(state);
    struct feed_library l;
    int64_t id = 0;

    assert_int_equal(save(s, "feed: x\n", &id), -ERR_MAPPING);
    assert_int_equal(save(s, mapping(s, "deaths", "health", "甲"), &id), -ERR_CONFLICT);
    assert_int_equal(id, 0);
    OK(s, feed_library_read(s->d, &s->arena, &l, &s->e));
    assert_false(slice_is(feed_library_find(&l, slice_from("deaths"))->columns[0].named[0], "甲"));
}

static const struct masked {
    const char *name;
    enum feed_form form;
    const char *text, *expected;
} masked[] = {
    {"name", FORM_TEXT, "陈某某", "陈**"},
    {"id_no", FORM_ID_NUMBER, "999999 198502280036", "999***********"},
    {"id_no", FORM_ID_NUMBER, "陈某某", "***"},
    {"from", FORM_DATE, "2024年6月30日", "2024-**-**"},
    {"from", FORM_DATE, "2024-13-01", "2024-**-**"},
    {"from", FORM_DATE, "31/12/2024", "***"},
    {"from", FORM_DATE, "999999198502280036", "***"},
    {"status", FORM_CODE, "在押", "在押"},
    {"visit", FORM_ICD, "X61.x00", "***"},
    {"term", FORM_TERM, "三年", "三年"},
    {"key", FORM_TEXT, "R-17", "R-17"},
    {"key", FORM_TEXT, "99999919850228003663", "999***********"},
    {"key", FORM_TEXT, "", ""},
};

static void test_mask(void **state)
{
    for (size_t i = 0; i < sizeof masked / sizeof masked[0]; i++) {
        ARENA_AUTO(a);
        struct feed_code codes[] = {{SLICE_LITERAL("在押"), SLICE_LITERAL("in")}};
        struct feed_column c = {
            .name = masked[i].name, .form = masked[i].form, .codes = codes, .code_count = 1};
        struct slice got = feed_mask_cell(&c, slice_from(masked[i].text), &a);
        assert_string_equal(arena_string(&a, got), masked[i].expected);
    }
    ARENA_AUTO(a);
    assert_true(slice_is(feed_mask_cell(NULL, slice_from("某甲"), &a), "***"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_library__built_in),
        EACH(test_library__newest_edition),
        EACH(test_library__refused),
        cmocka_unit_test(test_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
