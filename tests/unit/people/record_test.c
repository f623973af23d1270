/* One row of records.csv: every kind with what it takes, every refusal with its column and code, and
 * that no refusal repeats what was in the row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "people/record.h"

#include <stdio.h>
#include <string.h>

#define GOOD_ID "999999201503010016"

struct row {
    const char *cells[RECORD_COLUMN_COUNT];
};

static struct row row_of(const char *kind, const char *value)
{
    return (struct row){{[RECORD_KEY] = "k-1",
                         [RECORD_DEPARTMENT] = "civil_affairs",
                         [RECORD_KIND] = kind,
                         [RECORD_ID_NO] = GOOD_ID,
                         [RECORD_NAME] = "某甲",
                         [RECORD_BIRTH_DATE] = "2015-03-01",
                         [RECORD_DIVISION] = "999901001001",
                         [RECORD_FROM] = "2024-06-30",
                         [RECORD_VALUE] = value,
                         [RECORD_NOTE] = "a note"}};
}

static int check(struct arena *a, const struct row *row, struct record *ret, int *column,
                 struct error *e)
{
    struct slice cells[RECORD_COLUMN_COUNT];

    for (int i = 0; i < RECORD_COLUMN_COUNT; i++)
        cells[i] = row->cells[i] ? slice_from(row->cells[i]) : SLICE_NONE;
    return record_check(cells, a, ret, column, e);
}

static const char *text(struct arena *a, struct slice s) { return arena_string(a, s); }

static void test_record__kinds(void **state)
{
    static const struct {
        const char *kind, *good[5], *bad[7];
    } table[] = {
        {"dead", {"natural", "declared"}, {"", "Natural", "missing", "natural/1"}},
        {"missing_declared", {""}, {"yes", "declared"}},
        {"disability",
         {"visual/1", "multiple/4", "mental/3", "hearing/2", "speech/1"},
         {"", "visual", "visual/", "visual/0", "visual/5", "visual/10", "mind/1"}},
        {"serious_illness", {"", "list-entry", "白血病"}, {NULL}},
        {"imprisoned",
         {"", "P6M", "P3Y", "P1Y6M", "P26W"},
         {"6 months", "P", "P6", "PT6H", "-P6M"}},
        {"compulsory_rehab", {"", "P2Y"}, {"two years", "P1.5Y"}},
        {"other_custody", {"", "P15D"}, {"15D"}},
        {"lost_contact", {"reported", "determined"}, {"", "lost"}},
        {"guardianship_revoked", {""}, {"x"}},
        {"deported", {""}, {"x"}},
        {"parents_not_found", {""}, {"x"}},
        {"hiv", {""}, {"positive"}},
        {"low_income", {""}, {"x"}},
        {"low_income_edge", {""}, {"x"}},
        {"destitute", {""}, {"x"}},
        {"divorced", {"999999200802290025", "P1234567"}, {"", "999999200802290024"}},
        {"married", {"999999200802290025"}, {"", "999999200802290024"}},
        {"residence", {"999901001001", "110000000000"}, {"", "9999", "浙江", "99990100100a"}},
        {"outside_for_work", {"", "310000000000", "Shanghai"}, {NULL}},
        {"school_enrolled", {"", "school"}, {NULL}},
        {"school_suspended", {"", "illness"}, {NULL}},
        {"school_dropout", {"", "work"}, {NULL}},
        {"school_absent", {"", "x"}, {NULL}},
        {"self_harm_visit", {"", "X78", "minor"}, {NULL}},
        {"sleep_disorder_visit", {"", "F51.0"}, {NULL}},
        {"psychiatric_diagnosis", {"", "F32.1"}, {NULL}},
        {"abnormal_injury_visit", {"", "T74"}, {NULL}},
        {"domestic_violence_call", {"", "witness"}, {NULL}},
        {"abuse_report", {"", "victim"}, {NULL}},
        {"bullying", {"", "victim"}, {NULL}},
        {"runaway", {"", "x"}, {NULL}},
        {"vagrant", {"", "x"}, {NULL}},
        {"screening_result", {"SCARED/2", "A/B"}, {"", "SCARED", "/2", "SCARED/", "/"}},
    };
    assert_int_equal(sizeof table / sizeof *table, KIND_COUNT - 1);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ARENA_AUTO(a);
        struct record r;
        int column = -1;
        for (int j = 0; j < 5 && table[i].good[j]; j++) {
            struct error e = {.language = LANGUAGE_EN};
            struct row row = row_of(table[i].kind, table[i].good[j]);
            if (check(&a, &row, &r, &column, &e) < 0)
                fail_msg("%s %s: %s", table[i].kind, table[i].good[j], e.detail);
            assert_string_equal(record_kind_name(r.kind), table[i].kind);
            assert_false(r.withdrawn);
        }
        for (int j = 0; j < 7 && table[i].bad[j]; j++) {
            struct error e = {.language = LANGUAGE_EN};
            struct row row = row_of(table[i].kind, table[i].bad[j]);
            column = -1;
            if (check(&a, &row, &r, &column, &e) != -ERR_VALUE || column != RECORD_VALUE)
                fail_msg("%s %s: code %d column %d", table[i].kind, table[i].bad[j], e.code,
                         column);
        }
    }
}

static void test_record__fields(void **state)
{
    ARENA_AUTO(a);
    struct error e = {.language = LANGUAGE_EN};
    struct row row = row_of("married", " 99999920080229002５ ");
    struct record r;

    row.cells[RECORD_KEY] = "  k-1\t";
    row.cells[RECORD_ID_NO] = "９９９９９９201503010016";
    row.cells[RECORD_TO] = "2025-01-01";
    assert_int_equal(check(&a, &row, &r, NULL, &e), 0);
    assert_string_equal(text(&a, r.key), "k-1");
    assert_string_equal(text(&a, r.department), "civil_affairs");
    assert_string_equal(text(&a, r.id_no), GOOD_ID);
    assert_string_equal(text(&a, r.value), "999999200802290025");
    assert_string_equal(text(&a, r.note), "a note");
    assert_string_equal(text(&a, r.division), "999901001001");
    assert_int_equal(r.to - r.from, 185);
    assert_false(r.revised);
    row = row_of("hiv", "");
    row.cells[RECORD_BIRTH_DATE] = row.cells[RECORD_ID_NO] = row.cells[RECORD_DIVISION] = "";
    assert_int_equal(check(&a, &row, &r, NULL, &e), 0);
    assert_int_equal(r.birth, DAY_BEGINNING);
    assert_int_equal(r.to, DAY_FOREVER);
    assert_int_equal(r.id_no.n, 0);
    row.cells[RECORD_ID_NO] =
        "A passport 123"; /* of another country: nobody has it, the row waits */
    assert_int_equal(check(&a, &row, &r, NULL, &e), 0);
}

static void test_record__icd_is_cut(void **state)
{
    static const char *const table[][2] = {
        {"F32.1", "F30-F39"}, {"X78", "X60-X84"}, {"f321", "F30-F39"}, {"severe", "severe"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        ARENA_AUTO(a);
        struct record r;
        struct row row = row_of("psychiatric_diagnosis", table[i][0]);
        assert_int_equal(check(&a, &row, &r, NULL, NULL), 0);
        assert_string_equal(text(&a, r.value), table[i][1]);
    }
}

/* A withdrawal needs its key and nothing else. */
static void test_record__withdrawal(void **state)
{
    ARENA_AUTO(a);
    struct record r;
    struct row row = row_of("dead", " retracted ");

    row.cells[RECORD_FROM] = row.cells[RECORD_BIRTH_DATE] = "";
    row.cells[RECORD_ID_NO] =
        "999999201503010017"; /* the wrong number may be why it is withdrawn */
    assert_int_equal(check(&a, &row, &r, NULL, NULL), 0);
    assert_true(r.withdrawn);
    assert_int_equal(r.kind, KIND_DEAD);
}

#define CANARY "CANARY"

static const struct refusal {
    int cell;
    const char *text;
    int column;
    enum error_code code;
} refusals[] = {
    {RECORD_KEY, "", RECORD_KEY, ERR_VALUE},
    {RECORD_KEY, "=" CANARY, RECORD_KEY, ERR_FORMULA_CELL},
    {RECORD_KEY, "@" CANARY, RECORD_KEY, ERR_FORMULA_CELL},
    {RECORD_DEPARTMENT, "", RECORD_DEPARTMENT, ERR_VALUE},
    {RECORD_DEPARTMENT, "tax" CANARY, RECORD_DEPARTMENT, ERR_VALUE},
    {RECORD_KIND, "", RECORD_KIND, ERR_VALUE},
    {RECORD_KIND, CANARY, RECORD_KIND, ERR_VALUE},
    {RECORD_ID_NO, "999999201503010017", RECORD_ID_NO, ERR_ID_NUMBER},
    {RECORD_ID_NO, "999999201502300012", RECORD_ID_NO, ERR_ID_NUMBER},
    {RECORD_ID_NO, CANARY "012345678901234567890123456789012345678901234567890123456789",
     RECORD_ID_NO, ERR_TOO_LONG},
    {RECORD_NAME, "+" CANARY, RECORD_NAME, ERR_FORMULA_CELL},
    {RECORD_BIRTH_DATE, "2015-02-30", RECORD_BIRTH_DATE, ERR_DATE},
    {RECORD_BIRTH_DATE, CANARY, RECORD_BIRTH_DATE, ERR_DATE},
    {RECORD_BIRTH_DATE, "2015-03-02", RECORD_BIRTH_DATE, ERR_ID_NUMBER},
    {RECORD_DIVISION, "9999" CANARY, RECORD_DIVISION, ERR_DIVISION},
    {RECORD_FROM, "", RECORD_FROM, ERR_DATE},
    {RECORD_FROM, "2023-02-29", RECORD_FROM, ERR_DATE},
    {RECORD_FROM, "2024-6-30", RECORD_FROM, ERR_DATE},
    {RECORD_FROM, CANARY, RECORD_FROM, ERR_DATE},
    {RECORD_TO, CANARY, RECORD_TO, ERR_DATE},
    {RECORD_TO, "2024-06-30", RECORD_TO, ERR_INTERVAL},
    {RECORD_TO, "2024-06-29", RECORD_TO, ERR_INTERVAL},
    {RECORD_VALUE, CANARY, RECORD_VALUE, ERR_VALUE},
    {RECORD_REVISION, CANARY, RECORD_REVISION, ERR_VALUE},
};

static void refused(const struct row *row, int column, enum error_code code, const char *said)
{
    for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
        ARENA_AUTO(a);
        struct error e = {.language = (enum language)language};
        struct record r = {.key = SLICE_LITERAL("untouched")};
        int at = -1;
        int rc = check(&a, row, &r, &at, &e);
        if (rc != -(int)code || e.code != code || at != column)
            fail_msg("%s: code %d, column %d, %s", said, -rc, at, e.detail);
        assert_true(slice_is(r.key, "untouched"));
        assert_non_null(
            strstr(e.detail, record_columns[column] + (record_columns[column][0] == '?')));
        if (said[0] && (strstr(e.detail, said) || strstr(e.hint, said)))
            fail_msg("the refusal repeats the cell: %s", e.detail);
        assert_null(strstr(e.detail, CANARY));
        assert_null(strstr(e.hint, CANARY));
        assert_null(strstr(e.detail, GOOD_ID));
    }
    ARENA_AUTO(a);
    struct record r;
    assert_true(check(&a, row, &r, NULL, NULL) < 0); /* neither place nor error asked for */
}

static void test_record__refusals(void **state)
{
    static char long_cell[5000];

    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct row row = row_of("dead", "natural");
        row.cells[refusals[i].cell] = refusals[i].text;
        refused(&row, refusals[i].column, refusals[i].code, refusals[i].text);
    }
    struct row row = row_of("dead", "natural");
    row.cells[RECORD_TO] = "2025-06-30"; /* only a declaration can be revoked */
    refused(&row, RECORD_TO, ERR_VALUE, "2025-06-30");
    row = row_of("dead", "declared");
    row.cells[RECORD_TO] = "2025-06-30";
    ARENA_AUTO(a);
    struct record r;
    assert_int_equal(check(&a, &row, &r, NULL, NULL), 0);

    memset(long_cell, 'a', sizeof long_cell - 1);
    for (int c = 0; c < RECORD_COLUMN_COUNT; c++) {
        row = row_of("serious_illness", "");
        row.cells[c] = long_cell;
        refused(&row, c, ERR_TOO_LONG, long_cell);
    }
    row = row_of("serious_illness", "");
    row.cells[RECORD_KEY] = long_cell + sizeof long_cell - 1 - 256;
    assert_int_equal(check(&a, &row, &r, NULL, NULL), 0);
    row.cells[RECORD_KEY] = long_cell + sizeof long_cell - 1 - 257;
    refused(&row, RECORD_KEY, ERR_TOO_LONG, row.cells[RECORD_KEY]);
}

static bool revision(const char *s, int64_t *ret)
{
    ARENA_AUTO(a);
    struct row row = row_of("hiv", "");
    struct record r;
    int column = -1;

    row.cells[RECORD_REVISION] = s;
    if (check(&a, &row, &r, &column, NULL) < 0) {
        assert_int_equal(column, RECORD_REVISION);
        return false;
    }
    assert_true(r.revised);
    *ret = r.revision;
    return true;
}

static void test_record__revisions(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        {"0", 0},
        {"7", 7},
        {"007", 7},
        {"-3", -3},
        {"999999999999999999", 999999999999999999},
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01t00:00:00z", 0},
        {"1970-01-01 00:00:01Z", 1000000},
        {"1970-01-01T08:00:00+08:00", 0},
        {"1970-01-01T00:00:00-01:30", 5400000000},
        {"1969-12-31T23:59:59.5Z", -500000},
        {"2024-06-30T08:00:00+08:00", 1719705600000000},
        {"2024-06-30T00:00:00.000001Z", 1719705600000001},
        {"2024-06-30T00:00:00.123456789Z", 1719705600123456},
        {"2016-12-31T23:59:60Z", 1483228800000000},
    };
    static const char *const bad[] = {
        "-",
        "+7",
        "7a",
        "1.5",
        "0x10",
        "1000000000000000000000",
        "2024-06-30",
        "2024-06-30T08:00:00",
        "2024-06-31T08:00:00Z",
        "2024-06-30T24:00:00Z",
        "2024-06-30T23:60:00Z",
        "2024-06-30T23:59:61Z",
        "2024-06-30T08:00:00+24:00",
        "2024-06-30T08:00:00+08:60",
        "2024-06-30T08:00:00+0800",
        "2024-06-30T08:00:00.5",
        "2024-06-30T08:00:00.Z",
        "2024-06-30T08:00Z",
        "2024-06-30T08:00:00ZZ",
        "2024-06-30X08:00:00Z",
    };
    int64_t value, before = INT64_MIN;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!revision(good[i].text, &value))
            fail_msg("%s is refused", good[i].text);
        if (value != good[i].value)
            fail_msg("%s is %lld", good[i].text, (long long)value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (revision(bad[i], &value))
            fail_msg("%s is taken for %lld", bad[i], (long long)value);
    static const char *const ascending[] = {"2024-06-30T07:59:59+08:00", "2024-06-30T00:00:00Z",
                                            "2024-06-29T20:00:00.1-04:00",
                                            "2024-06-30T09:00:00+08:59"};
    for (size_t i = 0; i < 4; i++, before = value) {
        assert_true(revision(ascending[i], &value));
        assert_true(value > before);
    }
}

static void test_record__departments(void **state)
{
    static const char *const known[] = {"civil_affairs",
                                        "public_security",
                                        "education",
                                        "health",
                                        "justice",
                                        "court",
                                        "procuratorate",
                                        "disabled_federation",
                                        "womens_federation",
                                        "medical_insurance",
                                        "human_resources",
                                        "youth_league",
                                        "town"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(department_known(slice_from(known[i])));
    assert_false(department_known(SLICE_LITERAL("")));
    assert_false(department_known(SLICE_LITERAL("Court")));
    for (const char *p = "=+-@\t\r"; *p; p++)
        assert_true(cell_is_formula((struct slice){p, 1}));
    assert_false(cell_is_formula(SLICE_LITERAL("")));
    assert_false(cell_is_formula(SLICE_LITERAL("a=1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record__kinds),       cmocka_unit_test(test_record__fields),
        cmocka_unit_test(test_record__icd_is_cut),  cmocka_unit_test(test_record__withdrawal),
        cmocka_unit_test(test_record__refusals),    cmocka_unit_test(test_record__revisions),
        cmocka_unit_test(test_record__departments),
    };
    return cmocka_run_group_tests_name("records", tests, NULL, NULL);
}
