/* Files built to do harm, files that are cut, and a reader's child that is killed. This program is its own child's
 * program (sheet_options.program NULL). */
#include "books.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ROW "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"
#define FIRST "a,b\n"

struct outcome {
    struct error e;
    uint64_t rows, refused;
    int rc;
    char last[64]; /* the first cell of the last row */
};

static int count_row(void *context, const struct sheet_row *row, const struct error *refusal)
{
    struct outcome *o = context;

    o->rows += !refusal;
    o->refused += refusal != NULL;
    if (!refusal)
        snprintf(o->last, sizeof(o->last), "%.*s", (int)row->cells[0].text.n, row->cells[0].text.p);
    return 0;
}

static struct outcome outcome_of(struct slice bytes)
{
    static const struct sheet_options none;
    struct outcome o = {.e = {.language = LANGUAGE_EN}};
    const struct sheet_sink sink = {count_row, NULL, &o};
    /* Exactly as large as the file, so that one byte too far is seen. */
    char *exact = malloc(bytes.n ? bytes.n : 1);

    memcpy(exact, bytes.p, bytes.n);
    o.rc = sheet_parse((struct slice){exact, bytes.n}, &none, &sink, &o.e);
    free(exact);
    return o;
}

/* ---- workbooks -------------------------------------------------------------------------------------- */

/* An entity that nobody declared, in what would be a cell. */
static void entities_are_refused(void **state)
{
    ARENA_AUTO(a);
    struct outcome o = outcome_of(
        book("<row r=\"1\"><c t=\"str\"><v>&lol;</v></c></row>", NULL, NULL, NULL, &a));

    assert_int_equal(o.rc, -ERR_SHEET_HOSTILE);
    assert_int_equal(o.rows, 0);
}

/* Programs and links are known by what they are, whatever they are called. */
static void programs_by_what_they_are(void **state)
{
    static const struct part parts[] = {
        {"xl/ExternalLinks/link.xml", {"<x/>", 4}},
        {"xl/MacroSheets/sheet1.xml", {"<x/>", 4}},
        {"[Content_Types].xml",
         SLICE_LITERAL("<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\""
                       "application/vnd.ms-excel.sheet.macroEnabled.main+xml\"/></Types>")},
        {"[Content_Types].xml",
         SLICE_LITERAL("<Types><Override PartName=\"/xl/harmless.bin\" ContentType=\""
                       "application/vnd.ms-office.vbaProject\"/></Types>")}};

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        ARENA_AUTO(a);
        struct outcome o = outcome_of(book(ROW, NULL, NULL, &parts[i], &a));
        assert_int_equal(o.rc, -ERR_SHEET_HOSTILE);
        assert_int_equal(o.rows, 0);
        assert_true(o.e.hint[0] != '\0');
    }
}

static void rows_have_an_end(void **state)
{
    static const struct {
        const char *rows;
        int code;
    } cases[] = {{"<row r=\"18446744073709551615\"/>", ERR_SHEET_LIMIT},
                 {"<row r=\"-1\"/>", ERR_SHEET_LIMIT},
                 {"<row r=\"0\"/>", ERR_SHEET_LIMIT},
                 {"<row r=\"5\"/><row r=\"5\"/>", ERR_SHEET},
                 {"<row r=\"5\"/><row r=\"4\"/>", ERR_SHEET}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ARENA_AUTO(a);
        assert_int_equal(outcome_of(book(cases[i].rows, NULL, NULL, NULL, &a)).rc, -cases[i].code);
    }
}

/* More rows than a sheet may have, without numbers of their own, and of values that differ, so that they pack like a true
 * sheet's. However many more there were: the first that is too many is the last that is looked at. */
static void a_sheet_without_end(void **state)
{
    ARENA_AUTO(a);
    size_t n = SHEET_XLSX_ROWS_MAX + 1000, size = 28, at = 0;
    char *rows = arena_take(&a, n * size + 1);
    uint32_t value = 1;

    for (size_t i = 0; i < n; i++) {
        value = value * 1664525u + 1013904223u;
        at += (size_t)snprintf(rows + at, size + 1, "<row><c><v>%u</v></c></row>", value >> 24);
    }
    struct outcome o = outcome_of(book(rows, NULL, NULL, NULL, &a));
    assert_int_equal(o.rc, -ERR_SHEET_LIMIT);
    assert_int_equal(o.rows, SHEET_XLSX_ROWS_MAX);
}

/* Sizes of 2 GiB in the archive's directory: they would excuse whatever a part unfolds to. */
static void sizes_that_lie(void **state)
{
    ARENA_AUTO(a);
    struct slice whole = book(ROW, NULL, NULL, NULL, &a);
    char *copy = (char *)arena_copy(&a, whole).p;

    for (size_t at = 0; at + 28 < whole.n; at++)
        if (memcmp(copy + at, "PK\x01\x02", 4) == 0)
            memset(copy + at + 20, 0x7F, 8);
    struct outcome o = outcome_of((struct slice){copy, whole.n});
    assert_int_equal(o.rc, -ERR_SHEET_HOSTILE);
    assert_int_equal(o.rows, 0);
}

/* Each byte in turn is another: an answer, never a fault. */
static void every_byte_damaged(void **state)
{
    static const unsigned char bytes[] = {0x00, 0x7F, 0xFF};
    ARENA_AUTO(a);
    struct slice whole = book(ROW, NULL, NULL, NULL, &a);
    char *copy = (char *)arena_copy(&a, whole).p;

    for (size_t at = 4; at < whole.n; at++) { /* without its first bytes it would be text */
        char before = copy[at];
        copy[at] = (char)bytes[at % 3];
        struct outcome o = outcome_of((struct slice){copy, whole.n});
        assert_true(o.rc <= 0 && o.rc != -ERR_INTERNAL && o.rows + o.refused <= 1);
        copy[at] = before;
    }
}

/* ---- text -------------------------------------------------------------------------------------------- */

static void text_that_is_none_or_cut(void **state)
{
    static const struct {
        const char *text;
        int code;
    } files[] = {{"", ERR_FILE_EMPTY},
                 {" \r\n\n", ERR_FILE_EMPTY},
                 {"\xEF\xBB\xBF", ERR_FILE_EMPTY},
                 {"\xFF\xFE", ERR_FILE_EMPTY},
                 {"%PDF-1.7", ERR_SHEET},
                 {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ERR_SHEET},
                 {"a,b\n1,\"cut o", ERR_SHEET_CUT}};

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        assert_int_equal(outcome_of(slice_from(files[i].text)).rc, -files[i].code);
    /* With a line end behind it, it is a stray quote and costs its line. */
    struct outcome o = outcome_of(SLICE_LITERAL("a,b\n1,\"cut o\n"));
    assert_int_equal(o.rc, 0);
    assert_int_equal(o.refused, 1);
}

static void rows_too_long_or_too_wide(void **state)
{
    ARENA_AUTO(a);
    size_t n = SHEET_ROW_MAX + 100;
    char *text = arena_take(&a, n + 8);

    memset(text, 'x', n);
    memcpy(text + n, "\nlast\n", 6);
    struct outcome o = outcome_of((struct slice){text, n + 6});
    assert_int_equal(o.rc, 0);
    assert_int_equal(o.refused, 1);
    assert_string_equal(o.last, "last");
    memset(text, ',', 400);
    memcpy(text + 400, "x\nlast", 6);
    o = outcome_of((struct slice){text, 406});
    assert_int_equal(o.refused, 1);
    assert_string_equal(o.last, "last");
}

/* ---- the child ------------------------------------------------------------------------------------------ */

static int file_of(struct slice bytes)
{
    int fd = memfd_create("test", MFD_CLOEXEC);

    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        assert_true(n > 0);
        done += (size_t)n;
    }
    return fd;
}

static struct sheet *opened(int fd)
{
    static const struct sheet_options none;
    struct error e = {.language = LANGUAGE_EN};
    struct sheet *s = NULL;

    assert_int_equal(sheet_open(fd, &none, &s, &e), 0);
    return s;
}

static void the_callers_place_stays(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    struct sheet_row row;
    int fd = file_of(SLICE_LITERAL("a,b\nc,d\n"));

    lseek(fd, 2, SEEK_SET);
    struct sheet *s = opened(fd);
    assert_int_equal(sheet_next(s, &row, &e), 1);
    assert_int_equal(row.count, 2);
    sheet_close(s);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 2);
    close(fd);
}

static void a_pipe_is_taken(void **state)
{
    struct error e = {.language = LANGUAGE_EN};
    struct sheet_row row;
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], "a;b\n1;2\n", 8), 8);
    close(ends[1]);
    struct sheet *s = opened(ends[0]);
    assert_int_equal(sheet_next(s, &row, &e), 1);
    assert_int_equal(sheet_next(s, &row, &e), 1);
    assert_true(slice_is(row.cells[1].text, "2"));
    assert_int_equal(sheet_next(s, &row, &e), 0);
    sheet_close(s);
    close(ends[0]);
}

static pid_t child_of_ours(void)
{
    char path[64], text[64];

    snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = read(fd, text, sizeof(text) - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return (pid_t)strtol(text, NULL, 10);
}

/* Killed from outside in the middle of a file that is longer than the pipe: an error, not the end. */
static void a_killed_child_is_an_error(void **state)
{
    ARENA_AUTO(a);
    struct error e = {.language = LANGUAGE_EN};
    struct sheet_row row;
    size_t n = 40u << 20;
    char *text = arena_take(&a, n);
    uint64_t rows = 1;
    int rc = 1;

    for (size_t i = 0; i < n; i += sizeof(FIRST) - 1)
        memcpy(text + i, FIRST, sizeof(FIRST) - 1);
    int fd = file_of((struct slice){text, n});
    struct sheet *s = opened(fd);
    assert_int_equal(sheet_next(s, &row, &e), 1);
    pid_t child = child_of_ours();
    assert_true(child > 0);
    kill(child, SIGKILL);
    while ((rc = sheet_next(s, &row, &e)) == 1)
        rows++;
    assert_int_equal(rc, -ERR_SHEET_LIMIT);
    assert_true(rows < n / (sizeof(FIRST) - 1));
    sheet_close(s);
    close(fd);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entities_are_refused),
        cmocka_unit_test(programs_by_what_they_are),
        cmocka_unit_test(rows_have_an_end),
        cmocka_unit_test(a_sheet_without_end),
        cmocka_unit_test(sizes_that_lie),
        cmocka_unit_test(every_byte_damaged),
        cmocka_unit_test(text_that_is_none_or_cut),
        cmocka_unit_test(rows_too_long_or_too_wide),
        cmocka_unit_test(the_callers_place_stays),
        cmocka_unit_test(a_pipe_is_taken),
        cmocka_unit_test(a_killed_child_is_an_error),
    };

    if (argc == 6 && strcmp(argv[1], "sheet-reader") == 0)
        return sheet_reader_main(argc, argv);
    return cmocka_run_group_tests_name("sheet_hostile", tests, NULL, NULL);
}
