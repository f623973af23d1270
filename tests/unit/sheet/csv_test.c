/* CSV as departments write it: encodings, separators, and what costs one row alone. */
#include "base/csv.h"
#include "maker.h"

#include "../base/random.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct slice encoded(struct arena *a, const char *encoding, const char *text)
{
    size_t in_n = strlen(text), out_n = 4 * in_n + 8;
    char *in = (char *)text, *begin = arena_take(a, out_n), *out = begin;
    iconv_t converter = iconv_open(encoding, "UTF-8");

    assert_int_equal(iconv(converter, &in, &in_n, &out, &out_n), 0);
    iconv_close(converter);
    return (struct slice){begin, (size_t)(out - begin)};
}

static struct slice joined(struct arena *a, struct slice one, struct slice two)
{
    char *p = arena_take(a, one.n + two.n + 1);

    memcpy(p, one.p, one.n);
    memcpy(p + one.n, two.p, two.n);
    return (struct slice){p, one.n + two.n};
}

static void every_encoding_gives_the_same_rows(void **state)
{
    static const char text[] = "姓名,住址\r\n苗苗,稠城街道\r\n𠮷野,é—€\r\n";
    static const struct {
        const char *encoding, *mark, *name;
        size_t mark_n;
    } cases[] = {{"UTF-8", "", "utf-8", 0},
                 {"UTF-8", "\xEF\xBB\xBF", "utf-8", 3},
                 {"GB18030", "", "gb18030", 0},
                 {"UTF-16LE", "\xFF\xFE", "utf-16", 2},
                 {"UTF-16BE", "\xFE\xFF", "utf-16", 2}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ARENA_AUTO(a);
        struct slice bytes = joined(&a, (struct slice){cases[i].mark, cases[i].mark_n},
                                    encoded(&a, cases[i].encoding, text));
        struct seen *s = see(&a, bytes, NULL);
        assert_int_equal(s->rc, 0);
        assert_string_equal(s->nature.format, "csv");
        assert_string_equal(s->nature.encoding, cases[i].name);
        assert_int_equal(s->count, 3);
        assert_string_equal(cell(s, 0, 0, &a), "姓名");
        assert_string_equal(cell(s, 2, 0, &a), "𠮷野");
        assert_string_equal(cell(s, 2, 1, &a), "é—€");
        assert_int_equal(s->rows[2].line, 3);
        assert_int_equal(s->rows[2].number, 3);
        assert_true(slice_is(s->rows[1].raw, "苗苗,稠城街道"));
    }
}

/* Each character of the basic plane and some beyond, there and back. */
static void gb18030_knows_every_character(void **state)
{
    ARENA_AUTO(a);
    iconv_t converter = iconv_open("GB18030", "UTF-32LE"), utf8 = iconv_open("UTF-8", "UTF-32LE");
    size_t known = 0;

    for (uint32_t from = 0xA0; from < 0x30000; from += 64) {
        char gb[1024], text[1024], *g = gb, *t = text;
        size_t g_n = sizeof(gb), t_n = sizeof(text);
        for (uint32_t c = from; c < from + 64; c++) {
            bool surrogate = c >= 0xD800 && c < 0xE000, private = c >= 0xE000 && c < 0xF900,
                 none = (c & 0xFFFE) == 0xFFFE || c == 0xFFFD || (c >= 0xFE10 && c < 0xFE20) ||
                        (c >= 0x9FB4 && c < 0x9FBC) || c == 0x1E3F || c == 0x20087 ||
                        c == 0x20089 || c == 0x200CC || c == 0x215D7 || c == 0x2298F || c == 0x241FE;
            if (surrogate || private || none) /* differ between editions, or are no text */
                continue;
            uint32_t one = c;
            char *in = (char *)&one;
            size_t in_n = 4;
            if (iconv(converter, &in, &in_n, &g, &g_n) != 0)
                continue;
            in = (char *)&one;
            in_n = 4;
            iconv(utf8, &in, &in_n, &t, &t_n);
            known++;
        }
        struct slice bytes = {gb, (size_t)(g - gb)};
        if (bytes.n == 0)
            continue;
        struct seen *s = see(&a, bytes, &(struct sheet_options){.encoding = "gb18030"});
        assert_int_equal(s->count, 1);
        assert_int_equal(s->refusals[0].code, 0);
        assert_true(slice_equal(s->rows[0].raw, (struct slice){text, (size_t)(t - text)}));
        arena_reset(&a);
    }
    assert_true(known > 150000);
    iconv_close(converter);
    iconv_close(utf8);
}

static void the_separator_is_found_out(void **state)
{
    static const char *const files[] = {"a,b;c\n1,2;3\n", "a\tb;c\n1\t2;3\n", "甲，乙;b;c\n1;2;3\n"};
    static const char *const first[] = {"a", "a", "甲，乙"};

    for (int i = 0; i < 3; i++) {
        ARENA_AUTO(a);
        struct seen *s = see(&a, slice_from(files[i]), NULL);
        assert_string_equal(cell(s, 0, 0, &a), first[i]);
        assert_int_equal(s->rows[1].count, i == 2 ? 3 : 2);
    }
    ARENA_AUTO(a);
    struct seen *s = see(&a, slice_from("a;b\n\"x,y\";\"say \"\"so\"\"\"\n"), NULL);
    assert_string_equal(cell(s, 1, 0, &a), "x,y");
    assert_true(slice_is(s->rows[1].raw, "\"x,y\",\"say \"\"so\"\"\""));
}

static void a_row_of_another_encoding_costs_that_row(void **state)
{
    ARENA_AUTO(a);
    static const char most[] = "姓名,住址\n苗苗,街道\n", odd[] = "欣怡,道路\n";
    struct slice gb = joined(&a, joined(&a, encoded(&a, "GB18030", most), slice_from(odd)),
                             encoded(&a, "GB18030", "子轩,路\n"));
    struct slice utf8 = joined(&a, joined(&a, slice_from(most), encoded(&a, "GB18030", odd)),
                               slice_from("子轩,路\n"));

    for (int i = 0; i < 2; i++) {
        struct seen *s = see(&a, i ? utf8 : gb, NULL);
        assert_int_equal(s->rc, 0);
        assert_int_equal(s->count, 4);
        assert_int_equal(s->refusals[2].code, ERR_ENCODING);
        assert_true(s->refusals[2].hint[0] != '\0');
        assert_true(slice_is(s->rows[2].raw, "欣怡,道路"));
        assert_string_equal(cell(s, 3, 0, &a), "子轩");
        assert_int_equal(s->rows[3].number, 4);
    }
}

static void trouble_costs_one_row(void **state)
{
    static const struct {
        const char *text;
        int code;
    } rows[] = {{"a\"b,c", ERR_CSV},     {"\"a\"b,c", ERR_CSV}, {"\"open,c", ERR_CSV},
                {"a\xFF\xFF,c", ERR_ENCODING}, {"a\rb,c", ERR_CSV}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ARENA_AUTO(a);
        struct seen *s = see(
            &a, slice_from(arena_printf(&a, "x,y\n苗,1\n%s\n苗,2\n", rows[i].text)), NULL);
        assert_int_equal(s->rc, 0);
        assert_int_equal(s->count, 4);
        assert_int_equal(s->refusals[2].code, rows[i].code);
        assert_int_equal(s->rows[2].line, 3);
        assert_string_equal(cell(s, 3, 1, &a), "2");
    }
}

static void limits(void **state)
{
    ARENA_AUTO(a);
    size_t n = SHEET_ROW_MAX + 100;
    char *text = arena_take(&a, n + 32);

    memset(text, 'x', n);
    memcpy(text + n, "\na,b\n", 5);
    struct seen *s = see(&a, (struct slice){text, n + 5}, NULL);
    assert_int_equal(s->refusals[0].code, ERR_TOO_LONG);
    assert_string_equal(cell(s, 1, 1, &a), "b");
    memset(text, ',', 400);
    text[400] = 'x';
    s = see(&a, (struct slice){text, 401}, NULL);
    assert_int_equal(s->refusals[0].code, ERR_CSV);
    s = see(&a, (struct slice){"a,\0\nb\n", 6}, NULL);
    assert_int_equal(s->refusals[0].code, ERR_CSV);
    assert_string_equal(cell(s, 1, 0, &a), "b");
}

static void whole_files_that_are_none(void **state)
{
    static const struct {
        const char *text;
        int code;
    } files[] = {{"", ERR_FILE_EMPTY},
                 {" \r\n\n", ERR_FILE_EMPTY},
                 {"\xEF\xBB\xBF", ERR_FILE_EMPTY},
                 {"<html><table>", ERR_SHEET},
                 {"%PDF-1.7", ERR_SHEET},
                 {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", ERR_SHEET},
                 {"a,b\n\"cut o", ERR_SHEET_CUT}};

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        ARENA_AUTO(a);
        assert_int_equal(see(&a, slice_from(files[i].text), NULL)->rc, -files[i].code);
    }
    ARENA_AUTO(a);
    assert_int_equal(see(&a, slice_from("a\n"), &(struct sheet_options){.encoding = "klingon"})->rc,
                     -ERR_ENCODING);
}

/* ---- the same as base/csv.h, by any bytes of UTF-8 --------------------------------------------------- */

static struct slice random_text(uint64_t *seed, struct arena *a)
{
    static const char *const pieces[] = {"a", "b1", ",", ",", "\n", "\r\n", "\"", "\"\"", "苗", "é", "\xFF", ",\"x\",", " "};
    size_t n = 1 + random_below(seed, 60), at = 3;
    char *text = arena_take(a, 4 * n + 8);

    memcpy(text, "\xEF\xBB\xBF", 3); /* the encoding is not in question */
    for (size_t i = 0; i < n; i++) {
        const char *piece = pieces[random_below(seed, sizeof(pieces) / sizeof(pieces[0]))];
        memcpy(text + at, piece, strlen(piece));
        at += strlen(piece);
    }
    text[at++] = '\n';
    return (struct slice){text, at};
}

/* A row of which base/csv.h says that its cells are all empty is blank here. */
static bool is_blank(const struct csv_row *row)
{
    for (size_t i = 0; i < row->count; i++)
        if (row->cells[i].n > 0)
            return false;
    return true;
}

static void the_same_as_the_slow_reader(void **state)
{
    uint64_t seed = random_seed();

    for (int i = 0; i < 3000; i++) {
        ARENA_AUTO(a);
        struct slice text = random_text(&seed, &a);
        struct seen *s = see(&a, text, NULL);
        struct csv_reader *r;
        struct csv_row row;
        size_t at = 0;
        int rc;
        if (memchr(text.p, ';', text.n) || s->rc == -ERR_FILE_EMPTY)
            continue;
        assert_int_equal(s->rc, 0);
        assert_int_equal(csv_open_bytes(text, NULL, &r, NULL), 0);
        while ((rc = csv_next(r, &row, NULL)) != 0) {
            if (rc == 1 && is_blank(&row))
                continue;
            assert_true(at < s->count);
            assert_int_equal(s->rows[at].line, row.line);
            assert_int_equal(s->refusals[at].code != 0, rc < 0);
            for (size_t k = 0; rc == 1 && k < row.count; k++)
                assert_true(slice_equal(row.cells[k], k < s->rows[at].count
                                                          ? s->rows[at].cells[k].text
                                                          : SLICE_LITERAL("")));
            at++;
        }
        assert_int_equal(at, s->count);
        csv_close(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_gives_the_same_rows),
        cmocka_unit_test(gb18030_knows_every_character),
        cmocka_unit_test(the_separator_is_found_out),
        cmocka_unit_test(a_row_of_another_encoding_costs_that_row),
        cmocka_unit_test(trouble_costs_one_row),
        cmocka_unit_test(limits),
        cmocka_unit_test(whole_files_that_are_none),
        cmocka_unit_test(the_same_as_the_slow_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
