/* One row of people.csv: what is taken, normalised and filled in, and every refusal with its column and
 * code; and that what was sealed opens again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "people/person.h"

#include <stdio.h>
#include <string.h>

static const struct division known[] = {
    {999900000000, "a city", 2}, {999901000000, "a county", 3}, {999901001000, "a town", 4}};
static const struct division_tree tree = {known, 3};

struct row {
    const char *cells[PERSON_COLUMN_COUNT];
};

static struct row good_row(void)
{
    return (struct row){{[PERSON_REF] = " r-1 ",
                         [PERSON_ID_NO] = "999999200802290025",
                         [PERSON_NAME] = "某乙",
                         [PERSON_SEX] = "F",
                         [PERSON_BIRTH_DATE] = "2008-02-29",
                         [PERSON_HUKOU] = "999901001000",
                         [PERSON_RESIDENCE] = "330782000000",
                         [PERSON_RESIDENCE_SINCE] = "2010-01-01",
                         [PERSON_ADDRESS] = "某街1号",
                         [PERSON_PHONE] = "138 0013-8000",
                         [PERSON_HOUSEHOLD] = "h-1"}};
}

static int check(struct arena *a, const struct row *row, struct person *ret, int *column,
                 struct error *e)
{
    struct slice cells[PERSON_COLUMN_COUNT];

    for (int i = 0; i < PERSON_COLUMN_COUNT; i++)
        cells[i] = row->cells[i] ? slice_from(row->cells[i]) : SLICE_NONE;
    return person_check(cells, &tree, a, ret, column, e);
}

static void test_person__fields(void **state)
{
    ARENA_AUTO(a);
    struct row row = good_row();
    struct person p;
    char text[DAY_TEXT];

    assert_int_equal(check(&a, &row, &p, NULL, NULL), 0);
    assert_true(slice_is(p.ref, "r-1"));
    assert_true(slice_is(p.phone, "+8613800138000"));
    assert_true(slice_is(p.household, "h-1"));
    assert_int_equal(p.sex, 'F');
    assert_true(p.hukou == 999901001000 && p.residence == 330782000000);
    assert_string_equal(day_format(p.residence_since, text), "2010-01-01");

    row.cells[PERSON_SEX] = row.cells[PERSON_BIRTH_DATE] = ""; /* the number says both */
    assert_int_equal(check(&a, &row, &p, NULL, NULL), 0);
    assert_int_equal(p.sex, 'F');
    assert_string_equal(day_format(p.birth, text), "2008-02-29");

    row.cells[PERSON_PHONE] = "110"; /* nobody is left out for a number that is none */
    assert_int_equal(check(&a, &row, &p, NULL, NULL), 0);
    assert_true(slice_is(p.phone, "110"));

    struct row bare = {{[PERSON_REF] = "r-2"}};
    assert_int_equal(check(&a, &bare, &p, NULL, NULL), 0);
    assert_int_equal(p.birth, DAY_BEGINNING);
    assert_int_equal(p.sex, 0);
    assert_int_equal(p.id_no.n + p.phone.n + p.household.n + p.name.n, 0);
    assert_true(p.hukou == 0 && p.residence == 0);
}

#define CANARY "CANARY"

static void test_person__refusals(void **state)
{
    static const struct {
        int cell;
        const char *text;
        int column;
        enum error_code code;
    } table[] = {
        {PERSON_REF, "", PERSON_REF, ERR_VALUE},
        {PERSON_REF, "=" CANARY, PERSON_REF, ERR_FORMULA_CELL},
        {PERSON_ID_NO, "999999200802290024", PERSON_ID_NO, ERR_ID_NUMBER},
        {PERSON_ID_NO, "999999080229002", PERSON_ID_NO, ERR_ID_NUMBER},
        {PERSON_ID_NO, CANARY, PERSON_ID_NO, ERR_ID_NUMBER},
        {PERSON_ID_NO, "-" CANARY, PERSON_ID_NO, ERR_FORMULA_CELL},
        {PERSON_NAME, "@" CANARY, PERSON_NAME, ERR_FORMULA_CELL},
        {PERSON_SEX, "female" CANARY, PERSON_SEX, ERR_VALUE},
        {PERSON_SEX, "M", PERSON_SEX, ERR_ID_NUMBER},
        {PERSON_BIRTH_DATE, "2009-02-29", PERSON_BIRTH_DATE, ERR_DATE},
        {PERSON_BIRTH_DATE, "2008-02-28", PERSON_BIRTH_DATE, ERR_ID_NUMBER},
        {PERSON_HUKOU, CANARY, PERSON_HUKOU, ERR_DIVISION},
        {PERSON_HUKOU, "999901001001", PERSON_HUKOU, ERR_DIVISION},
        {PERSON_RESIDENCE, "999902000000", PERSON_RESIDENCE, ERR_DIVISION},
        {PERSON_RESIDENCE_SINCE, CANARY, PERSON_RESIDENCE_SINCE, ERR_DATE},
        {PERSON_ADDRESS, "+" CANARY, PERSON_ADDRESS, ERR_FORMULA_CELL},
        {PERSON_HOUSEHOLD, "=" CANARY, PERSON_HOUSEHOLD, ERR_FORMULA_CELL},
    };
    static char long_cell[5000];

    memset(long_cell, 'a', sizeof long_cell - 1);
    for (size_t i = 0; i < sizeof table / sizeof *table + PERSON_COLUMN_COUNT; i++) {
        ARENA_AUTO(a);
        struct row row = good_row();
        size_t n = sizeof table / sizeof *table;
        int cell = i < n ? table[i].cell : (int)(i - n), column = i < n ? table[i].column : cell;
        enum error_code code = i < n ? table[i].code : ERR_TOO_LONG;
        row.cells[cell] = i < n ? table[i].text : long_cell;
        for (int language = LANGUAGE_ZH; language <= LANGUAGE_EN; language++) {
            struct error e = {.language = (enum language)language};
            struct person p = {.ref = SLICE_LITERAL("untouched")};
            int at = -1;
            if (check(&a, &row, &p, &at, &e) != -(int)code || at != column)
                fail_msg("cell %d, %.40s: code %d, column %d", cell, row.cells[cell], e.code, at);
            assert_true(slice_is(p.ref, "untouched"));
            assert_null(strstr(e.detail, CANARY));
            assert_null(strstr(e.hint, CANARY));
            assert_null(strstr(e.detail, "9999"));
        }
        struct person p;
        assert_true(check(&a, &row, &p, NULL, NULL) < 0);
    }
}

static void test_person__sealed(void **state)
{
    ARENA_AUTO(a);
    struct error e = {.language = LANGUAGE_EN};
    struct master_key master = {{1}};
    uint8_t salt[SEAL_SALT_SIZE] = {7}, other[SEAL_SALT_SIZE] = {8};
    struct vault *vault = NULL;
    struct sealer *sealer = NULL;
    struct slice blob, sealed;
    struct person p, opened;
    struct row row = good_row();

    assert_int_equal(vault_create(&master, SUITE_INTERNATIONAL, &a, &blob, &e), 0);
    assert_int_equal(vault_open(&master, blob, &vault, &e), 0);
    assert_int_equal(sealer_new(vault, &sealer, &e), 0);
    assert_int_equal(check(&a, &row, &p, NULL, &e), 0);
    assert_int_equal(sealer_set_subject(sealer, salt, &e), 0);
    assert_int_equal(person_seal(sealer, 42, &p, &a, &sealed, &e), 0);
    assert_null(memmem(sealed.p, sealed.n, "9999992008", 10));
    assert_int_equal(person_open(sealer, salt, 42, sealed, &a, &opened, &e), 0);
    assert_true(slice_equal(opened.ref, p.ref) && slice_equal(opened.name, p.name));
    assert_true(slice_equal(opened.id_no, p.id_no) && slice_equal(opened.address, p.address));
    assert_true(slice_equal(opened.phone, p.phone) && opened.sex == p.sex);
    assert_int_equal(person_open(sealer, salt, 43, sealed, &a, &opened, &e), -ERR_SEAL_BROKEN);
    assert_int_equal(person_open(sealer, other, 42, sealed, &a, &opened, &e), -ERR_SEAL_BROKEN);
    sealer_free(sealer);
    vault_close(vault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_person__fields),
        cmocka_unit_test(test_person__refusals),
        cmocka_unit_test(test_person__sealed),
    };
    return cmocka_run_group_tests_name("persons", tests, NULL, NULL);
}
