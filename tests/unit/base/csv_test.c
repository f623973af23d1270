/* CSV by example: what is read, what is refused, and where reading goes on. */
#include "base/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

/* Rows as "a|b|c" with '/' between them; a refused row is "!CODE@LINE". */
static const char *read_all(struct slice text, const char *encoding)
{
    static char out[4096];
    out[0] = '\0';
    FILE *f = fmemopen(out, sizeof out, "w");
    struct csv_reader *r;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(csv_open_bytes(text, encoding, &r, &e), 0);
    struct csv_row row;
    int status;
    while ((status = csv_next(r, &row, &e)) != 0) {
        if (ftell(f) > 0)
            fputc('/', f);
        if (status < 0)
            fprintf(f, "!%d@%d", -status, (int)row.line);
        for (size_t i = 0; status > 0 && i < row.count; i++) {
            assert_non_null(row.cells[i].p);
            fprintf(f, "%s%.*s", i ? "|" : "", (int)row.cells[i].n, row.cells[i].p);
        }
    }
    csv_close(r);
    fclose(f);
    return out;
}

#define READS(text, want) assert_string_equal(read_all(SLICE_LITERAL(text), NULL), want)

static void good_rows(void **state)
{
    READS("", "");
    READS("\n\r\n\n", "");
    READS("a", "a");
    READS("a,b\n1,2\n", "a|b/1|2");
    READS("a,b\r\n1,2\r\n", "a|b/1|2");
    READS("\xEF\xBB\xBF"
          "a,b\n",
          "a|b");
    READS("\xEF\xBB\xBF", "");
    READS("a,,c\n,\n", "a||c/|");
    READS("a\n\n\nb\n", "a/b");
    READS("\"a,b\",\"c\"\"d\"\"\",\"\"\n", "a,b|c\"d\"|");
    READS("\"a\nb\",c\nd\n", "a\nb|c/d");
    READS("\"a\r\nb\"\r\nd", "a\r\nb/d");
    READS("\"\"\"\"\n", "\"");
    READS("\"a\"", "a");
    READS("\"a\"\r", "a");
    READS("护苗,儿童\n", "护苗|儿童");
    READS("0123456789abcdef0123456789abcdef,0123456789abcde,x\n",
          "0123456789abcdef0123456789abcdef|0123456789abcde|x");
}

static void bad_rows_cost_themselves_alone(void **state)
{
    READS("a,b\n1,x\"y\n3,4\n", "a|b/!3001@2/3|4");
    READS("a\n\"x\"y,z\nb\n", "a/!3001@2/b");
    READS("a\n\"x\n1,2\n3,4\n", "a/!3001@2/1|2/3|4");
    READS("a\n\"x\n\"y\" z\n3,4\n", "a/!3001@2/!3001@3/3|4");
    READS("a\n\"m\nn\",\"x\n1,2\n", "a/!3001@2/1|2");
    READS("a\n1\0,2\n3\n", "a/!3001@2/3");
    READS("a\n\"1\0\",2\n3\n", "a/!3001@2/3");
    READS("a\n1\r2\n3\n", "a/!3001@2/3");
    READS("a\n\"1\"\r2\n3\n", "a/!3001@2/3");
    READS("a\n\xE6\x8A,2\n3\n", "a/!3002@2/3");
    READS("a\n\"\xFF\"\n3\n", "a/!3002@2/3");
    READS("\"", "!3001@1");
    READS("\"\"\"", "!3001@1");
    READS("a\"", "!3001@1");
}

static void fault_names_its_place(void **state)
{
    struct csv_reader *r;
    struct csv_row row;
    struct error e = {.language = LANGUAGE_EN};
    struct slice text = SLICE_LITERAL("h\n\"m\nn\",b,c\"d\r\nx,\"y\",\xFF\n\"open\n");
    assert_int_equal(csv_open_bytes(text, NULL, &r, &e), 0);
    assert_int_equal(csv_next(r, &row, &e), 1);
    assert_int_equal(csv_next(r, &row, &e), -ERR_CSV);
    assert_string_equal(e.detail,
                        "line 3, column 3 (byte 7): a quote inside a cell that is not quoted");
    assert_int_equal(row.line, 2);
    assert_int_equal(row.offset, 2);
    assert_int_equal(row.count, 0);
    assert_true(slice_is(row.raw, "\"m\nn\",b,c\"d"));
    assert_int_equal(csv_next(r, &row, &e), -ERR_ENCODING);
    assert_string_equal(e.detail,
                        "line 4, column 3 (byte 7): bytes that are no text in this encoding");
    e.language = LANGUAGE_ZH;
    assert_int_equal(csv_next(r, &row, &e), -ERR_CSV);
    assert_string_equal(e.detail, "第 5 行第 1 列（第 1 字节）：此处的引号没有配对的结束引号");
    assert_int_equal(csv_next(r, &row, &e), 0);
    assert_int_equal(csv_consumed(r), text.n);
    assert_int_equal(csv_size(r), text.n);
    csv_close(r);
}

static void cells_lie_in_the_text(void **state)
{
    struct csv_reader *r;
    struct csv_row row;
    static const char text[] = "ab,\"cd\",\"e\"\"f\"\n";
    assert_int_equal(csv_open_bytes(slice_from(text), NULL, &r, NULL), 0);
    assert_int_equal(csv_next(r, &row, NULL), 1);
    assert_ptr_equal(row.cells[0].p, text);
    assert_ptr_equal(row.cells[1].p, text + 4);
    assert_true(slice_is(row.cells[2], "e\"f"));
    csv_close(r);
}

static void too_many_cells(void **state)
{
    char text[2 * CSV_COLUMNS_MAX + 8];
    memset(text, ',', sizeof text);
    memcpy(text + CSV_COLUMNS_MAX, "\nb\n", 4);
    assert_string_equal(read_all(slice_from(text), NULL), "!3001@1/b");
    memcpy(text + CSV_COLUMNS_MAX - 1, "\nb\n", 4);
    assert_non_null(strstr(read_all(slice_from(text), NULL), "|/b"));
}

static void encodings(void **state)
{
    assert_string_equal(read_all(SLICE_LITERAL("\xBB\xA4\xC3\xE7,x\n"), "gb18030"), "护苗|x");
    /* The lead byte of a pair before a line end, and one at the end of the file. */
    assert_string_equal(read_all(SLICE_LITERAL("a\n\xBB\nb\n\xBB\xA4\n"), "gb18030"),
                        "a/!3002@2/b/护");
    assert_string_equal(read_all(SLICE_LITERAL("a\n\xBB"), "gb18030"), "a/!3002@2");
    assert_string_equal(read_all(SLICE_LITERAL("护\n"), "UTF-8"), "护");
    assert_string_equal(read_all(SLICE_NONE, "gb18030"), "");
    struct csv_reader *r;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(csv_open_bytes(SLICE_LITERAL("a"), "no-such", &r, &e), -ERR_ENCODING);
    assert_true(e.hint[0] != '\0');
}

static void note_unknown(void *context, struct slice name)
{
    char *list = context;
    strncat(list, "+", 2);
    strncat(list, name.p, name.n);
}

static int header_of(const char *text, int *places, char *unknown, struct error *e)
{
    static const char *const names[] = {"ref", "name", "?household", NULL};
    struct csv_reader *r;
    assert_int_equal(csv_open_bytes(slice_from(text), NULL, &r, e), 0);
    int status = csv_header(r, names, places, note_unknown, unknown, e);
    csv_close(r);
    return status;
}

static void header_finds_columns(void **state)
{
    int places[3];
    char unknown[64] = "";
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(header_of("name,extra, ref ,,\n", places, unknown, &e), 0);
    assert_int_equal(places[0], 2);
    assert_int_equal(places[1], 0);
    assert_int_equal(places[2], -1);
    assert_string_equal(unknown, "+extra");
    assert_int_equal(header_of("household,name,ref", places, unknown, &e), 0);
    assert_int_equal(places[2], 0);
    assert_int_equal(header_of("", places, unknown, &e), -ERR_FILE_EMPTY);
    assert_int_equal(header_of("ref\n", places, unknown, &e), -ERR_COLUMN_MISSING);
    assert_string_equal(e.detail, "line 1: no column is named \"name\"");
    assert_int_equal(header_of("ref,name,ref\n", places, unknown, &e), -ERR_CSV);
    assert_int_equal(header_of("ref,\"name\n", places, unknown, &e), -ERR_CSV);
}

static const char *written(struct slice cell, bool guard)
{
    static char out[64];
    out[0] = '\0';
    FILE *f = fmemopen(out, sizeof out, "w");
    csv_write_cell(f, cell, guard);
    fclose(f);
    return out;
}

static void cells_are_quoted_where_they_must(void **state)
{
    assert_string_equal(written(SLICE_LITERAL("plain 苗"), true), "plain 苗");
    assert_string_equal(written(SLICE_NONE, true), "");
    assert_string_equal(written(SLICE_LITERAL("a,b"), true), "\"a,b\"");
    assert_string_equal(written(SLICE_LITERAL("a\"b"), true), "\"a\"\"b\"");
    assert_string_equal(written(SLICE_LITERAL("a\nb"), true), "\"a\nb\"");
    assert_string_equal(written(SLICE_LITERAL("=1+1"), true), "'=1+1");
    assert_string_equal(written(SLICE_LITERAL("-5"), false), "-5");
    assert_string_equal(written(SLICE_LITERAL("@a,b"), true), "\"'@a,b\"");
    assert_string_equal(written(SLICE_LITERAL("\tx"), true), "'\tx");
    assert_string_equal(written(SLICE_LITERAL("\rx"), true), "\"'\rx\"");
}

static void files_that_cannot_be_opened(void **state)
{
    struct csv_reader *r;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(csv_open("/nonexistent/a.csv", NULL, &r, &e), -ERR_IO);
    assert_int_equal(csv_open("/", NULL, &r, &e), -ERR_IO);
    assert_string_equal(e.detail, "/: it is a directory");
}

static void one_line_without_an_end(void **state)
{
    size_t n = 5u << 20;
    char *text = malloc(n);
    memset(text, 'x', n);
    memcpy(text, "a\n", 2);
    memcpy(text + n - 3, "\nb\n", 3);
    assert_string_equal(read_all((struct slice){text, n}, NULL), "a/!3001@2/b");
    memset(text + 2, '\n', 100);
    text[2] = '"'; /* an open quote does not swallow what follows within CSV_ROW_MAX */
    text[3] = '\n';
    memcpy(text + 4, "c\nd", 3);
    assert_string_equal(read_all((struct slice){text, n}, NULL), "a/!3001@2/c/d/!3001@99/b");
    free(text);
}

static void longest_row(void **state)
{
    for (int over = -2; over <= 2; over++) {
        size_t row = CSV_ROW_MAX - 1 + (size_t)(over + 1);
        char *text = malloc(row + 3);
        memset(text, 'x', row);
        memcpy(text + row, "\nb\n", 3);
        struct csv_reader *r;
        struct csv_row got;
        assert_int_equal(csv_open_bytes((struct slice){text, row + 3}, NULL, &r, NULL), 0);
        int status = csv_next(r, &got, NULL);
        if (row < CSV_ROW_MAX)
            assert_int_equal(status, 1);
        else
            assert_int_equal(status, -ERR_CSV);
        assert_int_equal(got.raw.n, row < CSV_ROW_MAX ? row : CSV_ROW_MAX);
        assert_int_equal(csv_next(r, &got, NULL), 1);
        assert_int_equal(got.line, 2);
        assert_int_equal(csv_next(r, &got, NULL), 0);
        csv_close(r);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_rows),
        cmocka_unit_test(bad_rows_cost_themselves_alone),
        cmocka_unit_test(fault_names_its_place),
        cmocka_unit_test(cells_lie_in_the_text),
        cmocka_unit_test(too_many_cells),
        cmocka_unit_test(encodings),
        cmocka_unit_test(header_finds_columns),
        cmocka_unit_test(cells_are_quoted_where_they_must),
        cmocka_unit_test(files_that_cannot_be_opened),
        cmocka_unit_test(one_line_without_an_end),
        cmocka_unit_test(longest_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
