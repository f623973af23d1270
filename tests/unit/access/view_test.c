/* Views: what is shown, masked and absent, as the JSON that leaves. */
#include "access/view.h"

#include "../base/random.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const struct view_field child_fields[] = {
    {"id", CLASS_ID, VIEW_ID},
    {"name", CLASS_NAME, VIEW_TEXT},
    {"birth_date", CLASS_BIRTH_DATE, VIEW_DAY},
    {"division", CLASS_DIVISION, VIEW_CODE},
    {"hukou", CLASS_HUKOU, VIEW_CODE},
    {"address", CLASS_ADDRESS, VIEW_TEXT},
    {"kin_phone", CLASS_KIN_PHONE, VIEW_TEXT},
    {"due", CLASS_LEVEL, VIEW_INSTANT},
    {"visits", CLASS_TASK, VIEW_INTEGER},
    {"urgent", CLASS_LEVEL, VIEW_BOOLEAN},
    {"basis", CLASS_BASIS, VIEW_TEXT},
    {"facts", CLASS_FACT, VIEW_RAW},
    {"reporter", CLASS_REPORTER, VIEW_TEXT},
};
#define FIELDS (sizeof child_fields / sizeof child_fields[0])
static const struct view child = {"child", child_fields, FIELDS};

struct scene {
    struct arena arena;
    const struct clearance *table;
    struct mask_context context;
    struct view_value values[FIELDS];
};

static int begin(void **state)
{
    static struct scene s;
    struct error e = {.language = LANGUAGE_EN};
    day birth;
    if (clearance_builtin(&s.arena, &s.table, &e) != 0)
        fail_msg("%s", e.detail);
    assert_true(day_parse(SLICE_LITERAL("2026-11-24"), &s.context.today));
    assert_true(day_parse(SLICE_LITERAL("2015-03-01"), &birth));
    s.context.town = SLICE_LITERAL("稠城街道");
    const struct view_value values[FIELDS] = {
        view_number(7),
        view_text(SLICE_LITERAL("欧阳小明")),
        view_number(birth),
        view_number(330782001005),
        view_number(330109001002),
        view_text(SLICE_LITERAL("稠城街道某路1号")),
        view_text(SLICE_LITERAL("13800005678")),
        view_number(INT64_C(1719705599999999)),
        view_number(3),
        view_number(1),
        view_text(SLICE_LITERAL("father imprisoned")),
        view_text(SLICE_LITERAL("[{\"kind\":\"hiv\"}]")),
        view_text(SLICE_LITERAL("a neighbour")),
    };
    memcpy(s.values, values, sizeof values);
    *state = &s;
    return 0;
}

static int end(void **state)
{
    arena_end(&((struct scene *)*state)->arena);
    return 0;
}

static const char *written(struct scene *s, const struct sights *sights)
{
    struct json j;
    json_begin(&j, &s->arena);
    view_write(&j, &child, sights, &s->context, s->values);
    return json_text(&j).p;
}

/* PR-06: the child is to be visited, and nothing says why. */
static void a_child_director_sees_that_not_why(void **state)
{
    struct scene *s = *state;
    struct sights sights;
    sights_routine(s->table, ROLE_CHILD_DIRECTOR, RELATION_ASSIGNED, &sights);
    assert_string_equal(
        written(s, &sights),
        "{\"id\":\"7\",\"name\":\"欧阳**\",\"birth_date\":\"6-11\",\"division\":\"330782001005\","
        "\"address\":\"稠城街道***\",\"kin_phone\":\"138****5678\","
        "\"due\":\"2024-06-30T07:59:59+08:00\",\"visits\":3,\"urgent\":true,"
        "\"masked\":{\"name\":\"tap\",\"birth_date\":\"none\",\"address\":\"tap\",\"kin_phone\":"
        "\"tap\"}}");
    /* A tap for the visit opens what was tapped. */
    sights_open(s->table, ROLE_CHILD_DIRECTOR, RELATION_ASSIGNED, PURPOSE_VISIT,
                UINT64_C(1) << CLASS_NAME | UINT64_C(1) << CLASS_KIN_PHONE |
                    UINT64_C(1) << CLASS_BASIS,
                &sights);
    assert_string_equal(
        written(s, &sights),
        "{\"id\":\"7\",\"name\":\"欧阳小明\",\"birth_date\":\"6-11\",\"division\":\"330782001005\","
        "\"address\":\"稠城街道***\",\"kin_phone\":\"13800005678\","
        "\"due\":\"2024-06-30T07:59:59+08:00\",\"visits\":3,\"urgent\":true,"
        "\"masked\":{\"birth_date\":\"none\",\"address\":\"tap\"}}");
}

static void a_neighbour_sees_nothing(void **state)
{
    struct scene *s = *state;
    struct sights sights;
    for (int role = 0; role <= ROLE_COUNT; role++) {
        sights_routine(s->table, (enum role)role, RELATION_NONE, &sights);
        const char *expected = role == ROLE_NONE || role == ROLE_COUNT ? "{}" : "{\"id\":\"7\"}";
        assert_string_equal(written(s, &sights), expected);
    }
}

static void a_guardian_sees_their_child_and_no_report(void **state)
{
    struct scene *s = *state;
    struct sights sights;
    sights_routine(s->table, ROLE_GUARDIAN, RELATION_GUARDIAN, &sights);
    assert_string_equal(written(s, &sights),
                        "{\"id\":\"7\",\"name\":\"欧阳小明\",\"birth_date\":\"2015-03-01\","
                        "\"division\":\"330782001005\",\"visits\":3}");
}

static void what_is_absent_and_can_be_opened_is_named(void **state)
{
    struct scene *s = *state;
    struct sights sights;
    sights_routine(s->table, ROLE_CENTRE_WORKER, RELATION_ASSIGNED, &sights);
    const char *text = written(s, &sights);
    assert_non_null(strstr(text, "\"hukou\":\"330109000000\""));
    assert_non_null(strstr(text, "\"basis\":\"approval\",\"facts\":\"approval\","
                                 "\"reporter\":\"approval\"}}"));
    assert_null(strstr(text, "hiv"));
    assert_null(strstr(text, "neighbour"));
}

/* Which fields are named does not tell which have a value. */
static void an_empty_value_is_not_told_apart(void **state)
{
    struct scene *s = *state;
    struct sights sights;
    sights_routine(s->table, ROLE_CENTRE_WORKER, RELATION_ASSIGNED, &sights);
    const char *full = strstr(written(s, &sights), "\"masked\"");
    struct view_value kept[FIELDS];
    memcpy(kept, s->values, sizeof kept);
    for (size_t i = 0; i < FIELDS; i++)
        s->values[i] = VIEW_NULL;
    const char *text = written(s, &sights);
    memcpy(s->values, kept, sizeof kept);
    assert_string_equal(strstr(text, "\"masked\""), full);
    assert_non_null(strstr(text, "\"name\":null,\"birth_date\":null,\"division\":null,"
                                 "\"hukou\":null,\"address\":null"));
}

/* Of two openings the one that shows more holds, whichever came first; what is still masked keeps
 * a way. */
static void an_opening_takes_nothing_back(void **state)
{
    ARENA_AUTO(a);
    const struct clearance *c;
    struct sights one, other;
    uint64_t name = UINT64_C(1) << CLASS_NAME;
    assert_int_equal(clearance_compile(SLICE_LITERAL("class name\n"
                                                     " helper area visit masked tap 5m\n"
                                                     " helper area casework shown approval 5m\n"
                                                     "approval helper by supervisor\n"),
                                       "t", &a, &c, NULL),
                     0);
    sights_routine(c, ROLE_HELPER, RELATION_AREA, &one);
    assert_int_equal(one.of[CLASS_NAME], SIGHT_ABSENT);
    assert_int_equal(one.way[CLASS_NAME], WAY_TAP);
    other = one;
    sights_open(c, ROLE_HELPER, RELATION_AREA, PURPOSE_VISIT, name, &one);
    assert_int_equal(one.of[CLASS_NAME], SIGHT_MASKED);
    assert_int_equal(one.way[CLASS_NAME], WAY_APPROVAL);
    sights_open(c, ROLE_HELPER, RELATION_AREA, PURPOSE_CASEWORK, name, &one);
    sights_open(c, ROLE_HELPER, RELATION_AREA, PURPOSE_CASEWORK, name, &other);
    sights_open(c, ROLE_HELPER, RELATION_AREA, PURPOSE_VISIT, name, &other);
    assert_memory_equal(&one, &other, sizeof one);
    assert_int_equal(one.of[CLASS_NAME], SIGHT_SHOWN);
    assert_int_equal(one.way[CLASS_NAME], WAY_NONE);
}

/* A masked number, id, boolean, instant or nested JSON leaves nothing, whatever the form of its
 * class. */
static void what_has_no_form_is_null(void **state)
{
    static const struct view_field fields[] = {
        {"a", CLASS_NAME, VIEW_INTEGER}, {"b", CLASS_NAME, VIEW_ID},
        {"c", CLASS_NAME, VIEW_BOOLEAN}, {"d", CLASS_NAME, VIEW_INSTANT},
        {"e", CLASS_NAME, VIEW_RAW},     {"f", CLASS_LEVEL, VIEW_TEXT},
        {"g", CLASS_LEVEL, VIEW_DAY},
    };
    static const struct view view = {"odd", fields, sizeof fields / sizeof fields[0]};
    struct view_value values[sizeof fields / sizeof fields[0]];
    struct scene *s = *state;
    struct sights sights;
    struct json j;
    memset(sights.of, SIGHT_MASKED, sizeof sights.of);
    memset(sights.way, WAY_FREE, sizeof sights.way);
    for (size_t i = 0; i < view.count; i++)
        values[i] = (struct view_value){true, SLICE_LITERAL("\"secret\""), 16000};
    json_begin(&j, &s->arena);
    view_write(&j, &view, &sights, &s->context, values);
    assert_string_equal(json_text(&j).p, "{\"a\":null,\"b\":null,\"c\":null,\"d\":null,\"e\":null,"
                                         "\"f\":null,\"g\":null,\"masked\":{\"a\":\"none\","
                                         "\"b\":\"none\",\"c\":\"none\",\"d\":\"none\","
                                         "\"e\":\"none\",\"f\":\"none\",\"g\":\"none\"}}");
    memset(sights.of, 77, sizeof sights.of); /* an unknown sight is none */
    json_begin(&j, &s->arena);
    view_write(&j, &view, &sights, &s->context, values);
    assert_string_equal(json_text(&j).p, "{}");
}

static void a_code_out_of_range_is_null(void **state)
{
    struct scene *s = *state;
    struct sights sights;
    struct view_value kept = s->values[3];
    memset(&sights, 0, sizeof sights);
    sights.of[CLASS_DIVISION] = SIGHT_SHOWN;
    s->values[3] = view_number(-1);
    assert_string_equal(written(s, &sights), "{\"division\":null}");
    s->values[3] = view_number(INT64_C(1000000000000));
    assert_string_equal(written(s, &sights), "{\"division\":null}");
    sights.of[CLASS_DIVISION] = SIGHT_MASKED;
    assert_string_equal(written(s, &sights),
                        "{\"division\":null,\"masked\":{\"division\":\"none\"}}");
    s->values[3] = kept;
}

/* Random sights, read back: each field is there exactly when it is not absent, its value is the
 * one that was given exactly when it is shown, and "masked" holds exactly what is masked, and what
 * is absent and has a way. */
static void every_field_obeys_its_sight(void **state)
{
    static const char *const ways[] = {"none", "none", "tap", "approval", "glass"};
    struct scene *s = *state;
    uint64_t seed = random_seed();
    for (int run = 0; run < 2000; run++) {
        struct sights sights, all;
        ARENA_AUTO(a);
        struct json j;
        for (int i = 0; i < CLASS_COUNT; i++) {
            sights.of[i] = (uint8_t)random_below(&seed, 3);
            sights.way[i] = (uint8_t)random_below(&seed, 5);
        }
        memset(&all, 0, sizeof all);
        memset(all.of, SIGHT_SHOWN, sizeof all.of);
        json_begin(&j, &a);
        view_write(&j, &child, &all, &s->context, s->values);
        json_t *whole = json_loads(json_text(&j).p, 0, NULL);
        json_begin(&j, &a);
        view_write(&j, &child, &sights, &s->context, s->values);
        json_t *got = json_loads(json_text(&j).p, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(whole);
        assert_non_null(got);
        json_t *masked = json_object_get(got, "masked");
        size_t members = masked ? 1 : 0, named = 0;
        for (size_t i = 0; i < FIELDS; i++) {
            const struct view_field *f = &child_fields[i];
            uint8_t sight = sights.of[f->class], way = sights.way[f->class];
            json_t *value = json_object_get(got, f->name);
            assert_int_equal(value != NULL, sight != SIGHT_ABSENT);
            members += value != NULL;
            if (value)
                assert_int_equal(json_equal(value, json_object_get(whole, f->name)),
                                 sight == SIGHT_SHOWN);
            json_t *opened = json_object_get(masked, f->name);
            assert_int_equal(opened != NULL,
                             sight == SIGHT_MASKED || (sight == SIGHT_ABSENT && way >= WAY_TAP));
            named += opened != NULL;
            if (opened)
                assert_string_equal(json_string_value(opened), ways[way]);
        }
        assert_int_equal(json_object_size(got), members);
        assert_int_equal(json_object_size(masked), named);
        json_decref(whole);
        json_decref(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_director_sees_that_not_why),
        cmocka_unit_test(a_neighbour_sees_nothing),
        cmocka_unit_test(a_guardian_sees_their_child_and_no_report),
        cmocka_unit_test(what_is_absent_and_can_be_opened_is_named),
        cmocka_unit_test(an_empty_value_is_not_told_apart),
        cmocka_unit_test(an_opening_takes_nothing_back),
        cmocka_unit_test(what_has_no_form_is_null),
        cmocka_unit_test(a_code_out_of_range_is_null),
        cmocka_unit_test(every_field_obeys_its_sight),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
