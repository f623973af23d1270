/* CSV in its encodings: by example, against base/csv.h, and against iconv. */
#include "../base/random.h"
#include "base/csv.h"
#include "books.h"
#include "sheet/decode.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

#define READS(text, want) assert_string_equal(read_here(SLICE_LITERAL(text), NULL, &arena), want)

static struct slice in_encoding(struct slice utf8, const char *encoding, struct arena *arena)
{
    iconv_t converter = iconv_open(encoding, "UTF-8");
    size_t left = 4 * utf8.n + 16, in_left = utf8.n;
    char *out = arena_take(arena, left), *at = out, *in = (char *)utf8.p;

    assert_true(iconv(converter, &in, &in_left, &at, &left) != (size_t)-1);
    iconv_close(converter);
    return (struct slice){out, (size_t)(at - out)};
}

static void rows_by_example(void **state)
{
    ARENA_AUTO(arena);

    READS("a,b\r\n1,2\r\n", "a|b/1|2");
    READS("\xEF\xBB\xBF甲,乙\n", "甲|乙");
    READS("a,\"b,\"\"c\"\"\nd\",e,\n", "a|b,\"c\"\nd|e");
    READS("a\tb,c\td\n1\t2\t3\n", "a|b,c|d/1|2|3");
    READS("a;b;c\n1;2,5;3\n", "a|b|c/1|2,5|3");
    READS("a,b\n1,\"2\n3,4\n5,6\n",
          arena_printf(&arena, "a|b/!%d@2/3|4/5|6",
                       (int)ERR_CSV)); /* one stray quote costs one line */
    READS("a,b\nx\"y,2\n3,4\n", arena_printf(&arena, "a|b/!%d@2/3|4", (int)ERR_CSV));
    READS("a,b\n\"x\"y,2\n3,4\n", arena_printf(&arena, "a|b/!%d@2/3|4", (int)ERR_CSV));
    READS("a\nb\0c\nd\n", arena_printf(&arena, "a/!%d@2/d", (int)ERR_CSV));
}

static void encodings(void **state)
{
    ARENA_AUTO(arena);
    static const char text[] = "姓名,备注\n张三,\"引号\"\"与,逗号\"\n㐂𠮷,①€\n";
    const char *want = "姓名|备注/张三|引号\"与,逗号/㐂𠮷|①€";
    static const char *const names[] = {"UTF-8", "GB18030", "UTF-16"};

    for (size_t i = 0; i < 3; i++)
        assert_string_equal(
            read_here(in_encoding(slice_from(text), names[i], &arena), NULL, &arena), want);
}

/* A row of another encoding costs that row. */
static void mixed_encodings(void **state)
{
    ARENA_AUTO(arena);
    static const char head[] = "姓名,村\n李四,前村\n", stray[] = "王五,后村\n",
                      tail[] = "赵六,西村\n周七,东村\n";
    static const char *const names[] = {"GB18030", "UTF-8"};

    for (int i = 0; i < 2; i++) {
        struct slice a = in_encoding(slice_from(head), names[i], &arena),
                     b = in_encoding(slice_from(stray), names[!i], &arena),
                     c = in_encoding(slice_from(tail), names[i], &arena);
        char *all = arena_take(&arena, a.n + b.n + c.n);
        memcpy(all, a.p, a.n);
        memcpy(all + a.n, b.p, b.n);
        memcpy(all + a.n + b.n, c.p, c.n);
        assert_string_equal(
            read_here((struct slice){all, a.n + b.n + c.n}, NULL, &arena),
            arena_printf(&arena, "姓名|村/李四|前村/!%d@3/赵六|西村/周七|东村", (int)ERR_ENCODING));
    }
}

/* Every character of GB 18030 as iconv and our table read it. */
static void every_character(void **state)
{
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    size_t compared = 0, differ = 0;

    for (int lead = 0x81; lead <= 0xFE; lead++)
        for (int trail = 0x30; trail <= 0xFE; trail++)
            for (int more = 0; more < (trail < 0x40 ? 1260 : 1); more++) {
                char bytes[4] = {(char)lead, (char)trail, (char)(0x81 + more / 10),
                                 (char)(0x30 + more % 10)};
                size_t n = trail < 0x40 ? 4 : 2, at, left = 8, in_left = n;
                char ours[16], theirs[8], *in = bytes, *out = theirs;
                if (trail == 0x7F || (trail > 0x39 && trail < 0x40))
                    continue;
                size_t size = gb18030_decode((struct slice){bytes, n}, ours, &at);
                bool good = iconv(converter, &in, &in_left, &out, &left) != (size_t)-1 &&
                            in_left == 0;
                if (!good) {
                    iconv(converter, NULL, NULL, NULL, NULL);
                    continue;
                }
                compared++;
                differ += at != n || size != 8 - left || memcmp(ours, theirs, size) != 0;
            }
    iconv_close(converter);
    assert_true(compared > 1000000);
    /* The editions of 2005 and 2022 give a few characters other places; iconv follows its own. */
    printf("# %zu characters compared, %zu differ\n", compared, differ);
    assert_true(differ <= 120);
}

/* Random text against the slow reader that all other files go through. */
static void as_the_other_reader(void **state)
{
    static const char *const pieces[] = {"a",  ",",   "\n",    "\r\n", "\"", "\"\"",
                                         "甲", "x,y", "\"q\"", " ",    "9",  "\r"};
    uint64_t r = random_seed();

    for (int round = 0; round < 20000; round++) {
        ARENA_AUTO(arena);
        char text[512], *mine, *want = NULL;
        size_t n = 0, size = 0;
        /* A comma that decides the separator, and a character that decides the encoding. */
        n += (size_t)snprintf(text, sizeof(text), "甲,乙,丙,丁,戊,己,庚,辛\n");
        for (int i = (int)random_below(&r, 30); i > 0; i--)
            n += (size_t)snprintf(text + n, sizeof(text) - n, "%s",
                                  pieces[random_below(&r, sizeof(pieces) / sizeof(pieces[0]))]);
        /* The last line has its end: where it lacks it, an open quote says that the file is cut. */
        n += (size_t)snprintf(text + n, sizeof(text) - n, "\n");
        mine = (char *)read_here((struct slice){text, n}, NULL, &arena);
        FILE *f = open_memstream(&want, &size);
        struct csv_reader *reader;
        struct csv_row row;
        struct error e = {.language = LANGUAGE_EN};
        int rc;
        assert_int_equal(csv_open_bytes((struct slice){text, n}, NULL, &reader, &e), 0);
        while ((rc = csv_next(reader, &row, &e)) != 0) {
            while (rc > 0 && row.count > 0 && row.cells[row.count - 1].n == 0)
                row.count--;
            if (rc > 0 && row.count == 0)
                continue; /* nothing but commas: blank for a sheet */
            if (ftell(f) > 0)
                fputc('/', f);
            if (rc < 0)
                fprintf(f, "!%d@%d", -rc, (int)row.line);
            for (size_t i = 0; rc > 0 && i < row.count; i++) {
                fprintf(f, "%s", i ? "|" : "");
                fwrite(row.cells[i].p, 1, row.cells[i].n, f);
            }
        }
        csv_close(reader);
        fclose(f);
        if (strcmp(mine, want) != 0)
            print_error("round %d of: %.*s\n", round, (int)n, text);
        assert_string_equal(mine, want);
        free(want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_by_example), cmocka_unit_test(encodings),
        cmocka_unit_test(mixed_encodings), cmocka_unit_test(every_character),
        cmocka_unit_test(as_the_other_reader)};

    return cmocka_run_group_tests_name("sheet_csv_rows", tests, NULL, NULL);
}
