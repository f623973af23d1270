/* Files built to do harm, and files that are cut. */
#include "maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ROW "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"

static int answer(struct arena *a, const struct book_parts *b) { return see(a, book_of(a, b), NULL)->rc; }

static void entities_are_refused(void **state)
{
    static const char *const sheets[] = {
        "<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
        "<worksheet><sheetData><row r=\"1\"><c t=\"str\"><v>&c;</v></c></row></sheetData></worksheet>",
        "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><worksheet/>",
        "<worksheet><sheetData><row r=\"1\"><c t=\"str\"><v>&lol;</v></c></row></sheetData></worksheet>"};

    for (int i = 0; i < 3; i++) {
        ARENA_AUTO(a);
        assert_int_equal(answer(&a, &(struct book_parts){.sheet = sheets[i]}), -ERR_SHEET_HOSTILE);
    }
    ARENA_AUTO(a);
    assert_int_equal(answer(&a, &(struct book_parts){.rows = ROW, .strings = sheets[0]}), -ERR_SHEET_HOSTILE);
    assert_int_equal(answer(&a, &(struct book_parts){.rows = ROW, .styles = sheets[1]}), -ERR_SHEET_HOSTILE);
}

static void programs_and_links_are_refused(void **state)
{
    static const struct part extra[] = {
        {"xl/vbaProject.bin", {"x", 1}},
        {"xl/externalLinks/externalLink1.xml", {"<x/>", 4}},
        {"xl/ExternalLinks/link.xml", {"<x/>", 4}},
        {"xl/macrosheets/sheet1.xml", {"<x/>", 4}},
        {"[Content_Types].xml",
         SLICE_LITERAL("<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\""
                       "application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>")}};

    for (size_t i = 0; i < sizeof(extra) / sizeof(extra[0]); i++) {
        ARENA_AUTO(a);
        struct seen *s = see(&a, book_of(&a, &(struct book_parts){.rows = ROW, .extra = extra[i]}), NULL);
        assert_int_equal(s->rc, -ERR_SHEET_HOSTILE);
        assert_int_equal(s->count, 0);
        assert_true(s->e.hint[0] != '\0');
    }
}

/* Text that unfolds more than a thousand times. */
static void what_unfolds_without_end_is_refused(void **state)
{
    ARENA_AUTO(a);
    size_t n = 64u << 20;
    char *bomb = arena_take(&a, n + 1);

    memset(bomb, ' ', n);
    memcpy(bomb, "<sst><si><t>", 12);
    bomb[n] = '\0';
    assert_int_equal(answer(&a, &(struct book_parts){.rows = ROW, .strings = bomb}), -ERR_SHEET_HOSTILE);
}

static void nesting_has_an_end(void **state)
{
    ARENA_AUTO(a);
    char *deep = arena_take(&a, 3 * 100000 + 1);

    for (int i = 0; i < 100000; i++)
        memcpy(deep + 3 * i, "<a>", 4);
    assert_int_equal(answer(&a, &(struct book_parts){.sheet = deep}), -ERR_SHEET_HOSTILE);
}

static void rows_have_an_end(void **state)
{
    static const struct {
        const char *rows;
        int code;
    } cases[] = {{"<row r=\"1048577\"/>", ERR_SHEET_LIMIT},
                 {"<row r=\"18446744073709551615\"/>", ERR_SHEET_LIMIT},
                 {"<row r=\"-1\"/>", ERR_SHEET_LIMIT},
                 {"<row r=\"0\"/>", ERR_SHEET_LIMIT},
                 {"<row r=\"5\"/><row r=\"5\"/>", ERR_SHEET}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ARENA_AUTO(a);
        assert_int_equal(answer(&a, &(struct book_parts){.rows = cases[i].rows}), -cases[i].code);
    }
}

/* Ten million rows, without a number each. */
static void a_sheet_of_ten_million_rows(void **state)
{
    ARENA_AUTO(a);
    static const char row[] = "<row><c><v>1</v></c></row>";
    size_t n = 1200000, size = sizeof(row) - 1;
    char *text = arena_take(&a, 64 + n * size);

    memcpy(text, "<worksheet><sheetData>", 22);
    for (size_t i = 0; i < n; i++)
        memcpy(text + 22 + i * size, row, size + 1);
    struct seen *s = see(&a, book_of(&a, &(struct book_parts){.sheet = text}), NULL);
    /* Rows of one kind pack so well that the archive is refused before the last that may be. */
    assert_true(s->rc == -ERR_SHEET_LIMIT || s->rc == -ERR_SHEET_HOSTILE);
    assert_true(s->all <= SHEET_XLSX_ROWS_MAX);
}

static void an_archive_cut_anywhere(void **state)
{
    ARENA_AUTO(a);
    struct slice whole = book_of(&a, &(struct book_parts){.rows = ROW});

    assert_int_equal(see(&a, whole, NULL)->rc, 0);
    for (size_t n = 4; n < whole.n; n += 7) {
        ARENA_AUTO(own);
        assert_true(see(&own, (struct slice){whole.p, n}, NULL)->rc == -ERR_SHEET_CUT);
    }
}

/* Every byte of the archive's directory, damaged: an answer, never a fault; sizes that lie among them. */
static void a_directory_that_lies(void **state)
{
    ARENA_AUTO(a);
    struct slice whole = book_of(&a, &(struct book_parts){.rows = ROW});
    char *copy = arena_take(&a, whole.n);
    static const unsigned char bytes[] = {0x00, 0x7F, 0xFF};

    for (size_t at = 0; at < whole.n; at++) {
        ARENA_AUTO(own);
        memcpy(copy, whole.p, whole.n);
        copy[at] = (char)bytes[at % 3];
        struct seen *s = see(&own, (struct slice){copy, whole.n}, NULL);
        assert_true(s->rc <= 0 && s->rc != -ERR_INTERNAL);
    }
    memcpy(copy, whole.p, whole.n);
    for (size_t at = 0; at + 28 < whole.n; at++)
        if (memcmp(copy + at, "PK\x01\x02", 4) == 0)
            memset(copy + at + 20, 0x7F, 8); /* 2 GiB packed and unfolded */
    assert_true(see(&a, (struct slice){copy, whole.n}, NULL)->rc < 0);
}

static void strings_that_are_not_there(void **state)
{
    ARENA_AUTO(a);
    struct seen *s = see(&a,
                         book_of(&a, &(struct book_parts){
                                         .rows = "<row r=\"1\"><c t=\"s\"><v>99999999999999999999</v></c>"
                                                 "<c t=\"s\"><v>-1</v></c><c><v>7</v></c></row>"}),
                         NULL);

    assert_int_equal(s->rc, 0);
    assert_string_equal(cell(s, 0, 0, &a), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entities_are_refused),
        cmocka_unit_test(programs_and_links_are_refused),
        cmocka_unit_test(what_unfolds_without_end_is_refused),
        cmocka_unit_test(nesting_has_an_end),
        cmocka_unit_test(rows_have_an_end),
        cmocka_unit_test(a_sheet_of_ten_million_rows),
        cmocka_unit_test(an_archive_cut_anywhere),
        cmocka_unit_test(a_directory_that_lies),
        cmocka_unit_test(strings_that_are_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
