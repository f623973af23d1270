/* CSV by property: what is written is read back, through memory, files and both encodings, and damage
 * costs the damaged rows alone. */
#include "base/arena.h"
#include "base/csv.h"

#include "random.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct table {
    size_t rows, columns;
    struct slice *cells;
};

static struct slice random_cell(uint64_t *seed, struct arena *a, size_t limit)
{
    static const char *const pieces[] = {"a",    "B", "7", " ",  ",",  "\"", "\n",
                                         "\r\n", "'", "=", "苗", "𠮷", "é",  "，"};
    size_t n = random_below(seed, 4) == 0 ? 0 : random_below(seed, (unsigned)limit);
    char *text = arena_take(a, n * 4 + 1);
    for (size_t i = 0; i < n; i++) {
        bool plain = random_below(seed, 3) != 0;
        const char *piece =
            pieces[random_below(seed, plain ? 3 : sizeof pieces / sizeof pieces[0])];
        memcpy(text + strlen(text), piece, strlen(piece));
    }
    return slice_from(text);
}

static struct table random_table(uint64_t *seed, struct arena *a)
{
    struct table t = {1 + random_below(seed, 40), 2 + random_below(seed, 6), NULL};
    t.cells = ARENA_ARRAY(a, t.rows * t.columns, struct slice);
    size_t limit = random_below(seed, 50) == 0 ? 3000 : 40;
    for (size_t i = 0; i < t.rows * t.columns; i++)
        t.cells[i] = random_cell(seed, a, limit);
    return t;
}

static struct slice write_table(struct arena *a, const struct table *t, bool crlf)
{
    char *text;
    size_t n;
    FILE *f = open_memstream(&text, &n);
    for (size_t i = 0; i < t->rows; i++) {
        for (size_t k = 0; k < t->columns; k++) {
            if (k)
                putc(',', f);
            csv_write_cell(f, t->cells[i * t->columns + k], false);
        }
        fputs(crlf ? "\r\n" : "\n", f);
    }
    fclose(f);
    struct slice copy = arena_copy(a, (struct slice){text, n});
    free(text);
    return copy;
}

static void expect_table(struct csv_reader *r, const struct table *t, struct slice text)
{
    struct csv_row row;
    for (size_t i = 0; i < t->rows; i++) {
        assert_int_equal(csv_next(r, &row, NULL), 1);
        assert_int_equal(row.count, t->columns);
        assert_memory_equal(row.raw.p, text.p + row.offset, row.raw.n);
        for (size_t k = 0; k < t->columns; k++)
            assert_true(slice_equal(row.cells[k], t->cells[i * t->columns + k]));
    }
    assert_int_equal(csv_next(r, &row, NULL), 0);
    csv_close(r);
}

static void written_rows_are_read_back(void **state)
{
    uint64_t seed = random_seed();
    ARENA_AUTO(a);
    for (int i = 0; i < 2000; i++, arena_reset(&a)) {
        struct table t = random_table(&seed, &a);
        struct slice text = write_table(&a, &t, random_below(&seed, 2));
        struct csv_reader *r;
        assert_int_equal(csv_open_bytes(text, NULL, &r, NULL), 0);
        expect_table(r, &t, text);
    }
}

/* The other encoding gives the same cells; offsets are those of the UTF-8 text. */
static void gb18030_reads_the_same(void **state)
{
    uint64_t seed = random_seed();
    ARENA_AUTO(a);
    for (int i = 0; i < 500; i++, arena_reset(&a)) {
        struct table t = random_table(&seed, &a);
        struct slice text = write_table(&a, &t, false);
        char path[] = "/tmp/humiao-csv-XXXXXX", *encoded = arena_take(&a, text.n * 4 + 1);
        char *in = (char *)text.p, *out = encoded;
        size_t in_n = text.n, out_n = text.n * 4;
        iconv_t converter = iconv_open("gb18030", "UTF-8");
        assert_int_equal(iconv(converter, &in, &in_n, &out, &out_n), 0);
        iconv_close(converter);
        int file = mkstemp(path);
        assert_int_equal(write(file, encoded, (size_t)(out - encoded)), out - encoded);
        close(file);
        struct csv_reader *r;
        assert_int_equal(csv_open(path, "gb18030", &r, NULL), 0);
        unlink(path);
        expect_table(r, &t, text);
    }
}

/* Many blocks, so that rows lie across their borders; once as a file, once in another encoding. */
static void a_long_file(void **state)
{
    char path[] = "/tmp/humiao-csv-XXXXXX";
    int file = mkstemp(path);
    FILE *f = fdopen(file, "w");
    enum { ROWS = 150000 };
    for (int i = 0; i < ROWS; i++)
        fprintf(f, "%d,\"name \"\"%d\"\"\",\"line\nbreak\",%.*s\n", i, i, i % 60,
                "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh");
    fclose(f);
    static const char *const encodings[] = {NULL, "gb18030"};
    for (int k = 0; k < 2; k++) {
        struct csv_reader *r;
        struct csv_row row;
        assert_int_equal(csv_open(path, encodings[k], &r, NULL), 0);
        for (int i = 0; i < ROWS; i++) {
            char name[32];
            snprintf(name, sizeof name, "name \"%d\"", i);
            if (csv_next(r, &row, NULL) != 1 || row.count != 4 ||
                row.line != 2u * (unsigned)i + 1 || !slice_is(row.cells[1], name) ||
                row.cells[3].n != (size_t)(i % 60))
                fail_msg("row %d", i);
        }
        assert_int_equal(csv_next(r, &row, NULL), 0);
        assert_int_equal(csv_consumed(r), csv_size(r));
        csv_close(r);
    }
    unlink(path);
}

/* Rows without line breaks in their cells; one is damaged. All others must come, in their order. */
static void damage_costs_one_row(void **state)
{
    static const char *const damages[] = {"\"",       "x\"y\"", "\"z",   "\xFF",
                                          "\xE6\x8A", "\r",     "\"a\"b"};
    uint64_t seed = random_seed();
    for (int i = 0; i < 5000; i++) {
        char text[4096];
        size_t n = 0;
        unsigned rows = 2 + random_below(&seed, 30), damaged = random_below(&seed, rows);
        bool quoted = random_below(&seed, 2);
        for (unsigned k = 0; k < rows; k++) {
            const char *damage =
                k == damaged ? damages[random_below(&seed, sizeof damages / sizeof damages[0])]
                             : "";
            n += (size_t)snprintf(text + n, sizeof text - n,
                                  quoted && k != damaged ? "%u,%s\"b,\",c\n" : "%u,%s,c\n", k,
                                  damage);
        }
        struct csv_reader *r;
        struct csv_row row;
        assert_int_equal(csv_open_bytes((struct slice){text, n}, NULL, &r, NULL), 0);
        unsigned next = 0, refused = 0;
        int status;
        while ((status = csv_next(r, &row, NULL)) != 0) {
            if (status < 0) {
                refused++;
                continue;
            }
            unsigned number = (unsigned)atol(row.cells[0].p);
            if (number == damaged)
                continue;
            next += next == damaged;
            assert_int_equal(number, next++);
            assert_int_equal(row.line, number + 1);
        }
        next += next == damaged;
        csv_close(r);
        if (next != rows || refused > 2)
            fail_msg("of %u rows %u came, %u were refused: %.*s", rows, next, refused, (int)n,
                     text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_rows_are_read_back),
        cmocka_unit_test(gb18030_reads_the_same),
        cmocka_unit_test(a_long_file),
        cmocka_unit_test(damage_costs_one_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
