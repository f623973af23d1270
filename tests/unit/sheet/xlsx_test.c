/* Workbooks by example: what is read of them, and what is refused. */
#include "base/error.h"
#include "books.h"

#include <stdio.h>
#include <stdlib.h>

#define READS(bytes, want) assert_string_equal(read_here(bytes, NULL, &arena), want)
#define ROWS(rows, want) READS(book(rows, NULL, NULL, NULL, &arena), want)
#define CODE(code) text_of_code(code, &arena)

static const char *text_of_code(enum error_code code, struct arena *arena)
{
    return arena_printf(arena, "?%d", (int)code);
}

static void cells_of_each_kind(void **state)
{
    ARENA_AUTO(arena);

    ROWS("<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>张 三</t></is></c><c "
         "r=\"B2\"><v>12</v></c>"
         "<c r=\"C2\" t=\"b\"><v>1</v></c><c r=\"D2\" t=\"e\"><v>#N/A</v></c>"
         "<c r=\"E2\" t=\"str\"><f>A1</f><v>x</v></c><c r=\"F2\"><f>1+1</f><v>2</v></c></row>",
         "张 三|n12|bTRUE|e#N/A|fx|f2");
    ROWS("<row><c><v>1.5</v></c><c><v>0.1</v></c><c><v>330102199001011E2</v></c><c><v>-3</v></c>"
         "<c><v>33010219900101123</v></c></row>",
         "n1.5|n0.1|n33010219900101100|n-3|n33010219900101124");
    /* Gaps stay gaps; blank rows are none; what is not well formed as a number is text. */
    ROWS("<row r=\"1\"><c r=\"C1\"><v>1</v></c></row><row r=\"2\"/><row r=\"9\"><c "
         "r=\"A9\"><v>a</v></c></row>",
         "||n1/a");
}

static int keep_raw(void *context, const struct sheet_row *row, const struct error *refusal)
{
    struct slice *raw = context;

    assert_null(refusal);
    assert_true(row->raw.n < 200);
    raw->n = row->raw.n;
    memcpy((char *)raw->p, row->raw.p, row->raw.n);
    return 0;
}

/* As texts alone, too, a formula stays one and a number that has lost its last digits is none that is whole. */
static void a_row_as_it_is_kept(void **state)
{
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    char text[200];
    struct slice raw = {text, 0};
    const struct sheet_sink sink = {.row = keep_raw, .context = &raw};
    struct slice bytes = book("<row><c><v>999999198502017000</v></c><c><f>1+1</f><v>2</v></c>"
                              "<c t=\"str\"><f>A1</f><v>a,b</v></c><c><v>45473</v></c></row>",
                              NULL, NULL, NULL, &arena);

    assert_int_equal(sheet_parse(bytes, &(struct sheet_options){0}, &sink, &e), 0);
    assert_int_equal(raw.n, strlen("9.9999919850201702E+17,=2,\"=a,b\",45473"));
    assert_memory_equal(raw.p, "9.9999919850201702E+17,=2,\"=a,b\",45473", raw.n);
}

static void shared_strings(void **state)
{
    ARENA_AUTO(arena);

    READS(book("<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c>"
               "<c t=\"s\"><v>99</v></c><c t=\"s\"><v>0</v></c></row>",
               "<si><t>甲 &amp; 乙</t></si><si><r><t>红</t></r><r><t>色</t></r>"
               "<rPh sb=\"0\" eb=\"1\"><t>あか</t></rPh></si><si/>",
               NULL, NULL, &arena),
          "甲 & 乙|红色|||甲 & 乙");
}

static void days_by_their_format(void **state)
{
    ARENA_AUTO(arena);
    static const char styles[] =
        "<numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/>"
        "<numFmt numFmtId=\"171\" formatCode=\"0.00&quot;days&quot;\"/><numFmt numFmtId=\"172\" "
        "formatCode=\"[Red]General\"/></numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
        "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf "
        "numFmtId=\"171\"/>"
        "<xf numFmtId=\"172\"/><xf numFmtId=\"31\"/></cellXfs>";

    READS(book("<row><c s=\"0\"><v>45473</v></c><c s=\"1\"><v>45473</v></c><c "
               "s=\"2\"><v>45473.5</v></c>"
               "<c s=\"3\"><v>45473</v></c><c s=\"4\"><v>45473</v></c><c s=\"5\"><v>1</v></c>"
               "<c s=\"1\"><v>59</v></c><c s=\"1\"><v>61</v></c><c s=\"1\"><v>-1</v></c></row>",
               NULL, styles, NULL, &arena),
          "n45473|d2024-06-30|d2024-06-30T12:00:00|n45473|n45473|d1900-01-01|d1900-02-28|d1900-03-"
          "01|d-1");
}

static void a_sheet_by_its_name(void **state)
{
    ARENA_AUTO(arena);
    struct slice bytes = book("<row><c><v>1</v></c></row>", NULL, NULL, NULL, &arena);

    assert_string_equal(read_here(bytes, &(struct sheet_options){.sheet = "名单*"}, &arena), "n1");
    assert_string_equal(read_here(bytes, &(struct sheet_options){.sheet = "藏"}, &arena), "n7");
    assert_string_equal(read_here(bytes, &(struct sheet_options){.sheet = "名"}, &arena),
                        CODE(ERR_SHEET));
}

static void what_is_no_workbook(void **state)
{
    ARENA_AUTO(arena);
    const struct part stranger = {"word/document.xml", SLICE_LITERAL("<a/>")};

    READS(SLICE_LITERAL(""), CODE(ERR_FILE_EMPTY));
    READS(SLICE_LITERAL(" \r\n\n"), CODE(ERR_FILE_EMPTY));
    READS(SLICE_LITERAL("\xD0\xCF\x11\xE0\xA1\xB1"), CODE(ERR_SHEET));
    READS(SLICE_LITERAL("<html><table>"), CODE(ERR_SHEET));
    READS(SLICE_LITERAL("%PDF-1.7"), CODE(ERR_SHEET));
    READS(archive(&stranger, 1, &arena), CODE(ERR_SHEET));
    READS(SLICE_LITERAL("PK\x03\x04 and nothing"), CODE(ERR_SHEET_CUT));
}

static void programs_and_links(void **state)
{
    ARENA_AUTO(arena);
    static const char *const names[] = {"xl/vbaProject.bin", "xl/macrosheets/sheet1.xml",
                                        "xl/externalLinks/externalLink1.xml",
                                        "xl/activeX/activeX1.bin"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct part more = {names[i], SLICE_LITERAL("x")};
        READS(book("", NULL, NULL, &more, &arena), CODE(ERR_SHEET_HOSTILE));
    }
}

static void bombs(void **state)
{
    ARENA_AUTO(arena);
    static const char entities[] = "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
                                   "\"&a;&a;&a;&a;&a;&a;&a;&a;\">]><sst>&b;</sst>";
    struct part parts[] = {{"_rels/.rels", slice_from(entities)}};
    char *deep = arena_take(&arena, 1000);
    size_t huge = 64u << 20;
    char *blank = arena_take(&arena, huge + 64);

    READS(archive(parts, 1, &arena), CODE(ERR_SHEET_HOSTILE));
    for (int i = 0; i < 100; i++)
        memcpy(deep + 3 * i, "<b>", 3);
    parts[0].bytes = (struct slice){deep, 300};
    READS(archive(parts, 1, &arena), CODE(ERR_SHEET_HOSTILE));
    /* 64 MiB of blanks in some kilobytes. */
    memset(blank, ' ', huge);
    memcpy(blank, "<row>", 5);
    memcpy(blank + huge - 6, "</row>", 7);
    READS(book(blank, NULL, NULL, NULL, &arena), CODE(ERR_SHEET_HOSTILE));
    ROWS("<row r=\"1048577\"><c><v>1</v></c></row>", CODE(ERR_SHEET_LIMIT));
    ROWS("<row r=\"10000000\"><c><v>1</v></c></row>", CODE(ERR_SHEET_LIMIT));
    /* Too many cells cost the row. */
    ROWS("<row r=\"1\"><c r=\"ZZ1\"><v>1</v></c></row><row r=\"2\"><c><v>2</v></c></row>",
         arena_printf(&arena, "!%d@1/n2", (int)ERR_TOO_LONG));
}

static void cut_at_every_place(void **state)
{
    ARENA_AUTO(arena);
    struct slice whole = book("<row><c><v>1</v></c></row>", "<si><t>甲</t></si>", NULL, NULL,
                              &arena);

    for (size_t n = 4; n < whole.n; n += 7) {
        const char *got = read_here((struct slice){whole.p, n}, NULL, &arena);
        assert_string_equal(got, CODE(ERR_SHEET_CUT));
    }
}

/* What lies within is damaged: whatever comes of it, it is no row that was not there. */
static void damaged_within(void **state)
{
    ARENA_AUTO(arena);
    struct slice whole = book("<row><c><v>1</v></c></row>", NULL, NULL, NULL, &arena);

    for (size_t i = 30; i + 30 < whole.n; i += 3) {
        ARENA_AUTO(scratch);
        struct slice copy = arena_copy(&scratch, whole);
        ((char *)copy.p)[i] ^= 0x55;
        const char *got = read_here(copy, NULL, &scratch);
        assert_true(strcmp(got, "n1") == 0 || strchr(got, '?') || got[0] == '\0' ||
                    strchr(got, 'n'));
    }
}

static void written_and_read_back(void **state)
{
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    struct slice header[] = {SLICE_LITERAL("姓名"), SLICE_LITERAL("身份证号"),
                             SLICE_LITERAL("退回原因")};
    struct slice row[] = {SLICE_LITERAL("=cmd|' /C calc'!A0"), SLICE_LITERAL("999999201503010016"),
                          SLICE_LITERAL("")};
    struct sheet_writer *w;
    struct slice bytes;

    assert_int_equal(sheet_writer_begin("退回", header, 3, 2, &w, &e), 0);
    assert_int_equal(sheet_writer_row(w, row, 3, &e), 0);
    assert_int_equal(sheet_writer_end(w, &arena, &bytes, &e), 0);
    /* A cell that would be a formula is text: no 'f' before it. */
    READS(bytes, "姓名|身份证号|退回原因/=cmd|' /C calc'!A0|999999201503010016");
}

/* A cell ends where the format ends it, and not within a character. */
static void cut_between_characters(void **state)
{
    ARENA_AUTO(arena);
    struct error e = {.language = LANGUAGE_EN};
    char *text = arena_take(&arena, 40003), *want = arena_take(&arena, 40003);
    struct slice cell = {text, 40000}, bytes;
    struct sheet_writer *w;

    for (int ascii = 0; ascii < 4; ascii++) {
        memset(text, 'a', 40000);
        for (size_t i = (size_t)ascii; i + 3 <= 40000; i += 3)
            memcpy(text + i, "中", 3);
        size_t n = (size_t)ascii + (32767 - (size_t)ascii) / 3 * 3;
        memcpy(want, text, n);
        want[n] = '\0';
        assert_int_equal(sheet_writer_begin("x", &cell, 1, 0, &w, &e), 0);
        assert_int_equal(sheet_writer_end(w, &arena, &bytes, &e), 0);
        READS(bytes, want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_each_kind),    cmocka_unit_test(a_row_as_it_is_kept),
        cmocka_unit_test(shared_strings),        cmocka_unit_test(days_by_their_format),
        cmocka_unit_test(a_sheet_by_its_name),   cmocka_unit_test(what_is_no_workbook),
        cmocka_unit_test(programs_and_links),    cmocka_unit_test(bombs),
        cmocka_unit_test(cut_at_every_place),    cmocka_unit_test(damaged_within),
        cmocka_unit_test(written_and_read_back), cmocka_unit_test(cut_between_characters)};

    return cmocka_run_group_tests_name("sheet_xlsx", tests, NULL, NULL);
}
