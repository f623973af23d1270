#include "maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>
#include <cmocka.h>

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct slice archive_of(struct arena *a, const struct part *parts, size_t count)
{
    zip_error_t why;
    zip_stat_t about;

    zip_error_init(&why);
    zip_source_t *buffer = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_source_keep(buffer);
    zip_t *zip = zip_open_from_source(buffer, ZIP_TRUNCATE, &why);
    assert_non_null(zip);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *source = zip_source_buffer(zip, parts[i].bytes.p, parts[i].bytes.n, 0);
        assert_true(zip_file_add(zip, parts[i].name, source, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_stat(buffer, &about), 0);
    char *bytes = arena_take(a, about.size);
    zip_source_open(buffer);
    assert_int_equal(zip_source_read(buffer, bytes, about.size), about.size);
    zip_source_close(buffer);
    zip_source_free(buffer);
    zip_error_fini(&why);
    return (struct slice){bytes, about.size};
}

struct slice book_of(struct arena *a, const struct book_parts *b)
{
    struct part parts[8] = {
        {"_rels/.rels",
         slice_from("<Relationships><Relationship Id=\"rId1\" Type=\"" OFFICE
                    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")},
        {"xl/workbook.xml",
         slice_from(b->workbook
                        ? b->workbook
                        : "<workbook " MAIN " xmlns:r=\"" OFFICE "\"><sheets><sheet name=\"One\" "
                          "sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")},
        {"xl/_rels/workbook.xml.rels",
         slice_from("<Relationships><Relationship Id=\"rId1\" Type=\"" OFFICE
                    "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" OFFICE
                    "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"" OFFICE
                    "/styles\" Target=\"/xl/styles.xml\"/><Relationship Id=\"rId4\" Type=\"" OFFICE
                    "/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>")},
        {"xl/worksheets/sheet1.xml",
         slice_from(b->sheet ? b->sheet
                             : arena_printf(a, "<worksheet " MAIN "><sheetData>%s</sheetData></worksheet>",
                                            b->rows))},
        {"xl/worksheets/sheet2.xml",
         slice_from("<worksheet " MAIN "><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>second</v></c>"
                    "</row></sheetData></worksheet>")},
        {"xl/sharedStrings.xml", slice_from(b->strings ? b->strings : "<sst " MAIN "/>")},
        {"xl/styles.xml", slice_from(b->styles ? b->styles : "<styleSheet " MAIN "/>")},
        b->extra};

    return archive_of(a, parts, b->extra.name ? 8 : 7);
}

static void keep(struct seen *s, const struct sheet_row *row, const struct error *refusal)
{
    s->all++;
    if (s->count == sizeof(s->rows) / sizeof(s->rows[0]))
        return;
    struct sheet_row *own = &s->rows[s->count];
    struct sheet_cell *cells = ARENA_ARRAY(s->arena, row->count + 1, struct sheet_cell);
    *own = *row;
    own->raw = arena_copy(s->arena, row->raw);
    for (size_t i = 0; i < row->count; i++)
        cells[i] = (struct sheet_cell){arena_copy(s->arena, row->cells[i].text), row->cells[i].kind};
    own->cells = cells;
    s->refusals[s->count++] = refusal ? *refusal : (struct error){.code = ERR_NONE};
}

static int on_row(void *context, const struct sheet_row *row, const struct error *refusal)
{
    keep(context, row, refusal);
    return 0;
}

static void keep_nature(struct seen *s, const struct sheet_nature *n)
{
    s->nature = (struct sheet_nature){arena_string(s->arena, slice_from(n->format)),
                                      arena_string(s->arena, slice_from(n->encoding)),
                                      arena_string(s->arena, slice_from(n->sheet)), NULL,
                                      n->sheet_count};
}

static void on_nature(void *context, const struct sheet_nature *nature) { keep_nature(context, nature); }

static struct seen *seen_new(struct arena *a)
{
    struct seen *s = ARENA_NEW(a, struct seen);

    *s = (struct seen){.arena = a, .e = {.language = LANGUAGE_EN}};
    return s;
}

struct seen *see(struct arena *a, struct slice bytes, const struct sheet_options *o)
{
    struct seen *s = seen_new(a);
    struct sheet_sink sink = {on_row, on_nature, s};
    /* Exactly as large as the file, so that one byte too far is seen. */
    char *exact = malloc(bytes.n ? bytes.n : 1);

    memcpy(exact, bytes.p, bytes.n);
    s->rc = sheet_parse((struct slice){exact, bytes.n}, o ? o : &(struct sheet_options){0}, &sink, &s->e);
    free(exact);
    return s;
}

int file_of(struct slice bytes)
{
    int fd = memfd_create("test", MFD_CLOEXEC);

    for (size_t done = 0; done < bytes.n;) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        assert_true(n > 0);
        done += (size_t)n;
    }
    return fd;
}

struct seen *see_by_child(struct arena *a, struct slice bytes, const struct sheet_options *o)
{
    struct seen *s = seen_new(a);
    struct sheet_options own = o ? *o : (struct sheet_options){0};
    struct sheet *sheet;
    struct sheet_row row;
    int fd = file_of(bytes), rc;

    own.program = getenv("HUMIAO_TEST_BINARY");
    s->rc = sheet_open(fd, &own, &sheet, &s->e);
    if (s->rc < 0)
        return s;
    while ((rc = sheet_next(sheet, &row, &s->e)) != 0) {
        bool row_only = rc == -ERR_CSV || rc == -ERR_ENCODING || rc == -ERR_TOO_LONG;
        if (rc < 0 && !row_only)
            break;
        keep(s, &row, rc < 0 ? &s->e : NULL);
    }
    s->rc = rc;
    keep_nature(s, sheet_nature(sheet));
    sheet_close(sheet);
    close(fd);
    return s;
}

const char *cell(const struct seen *s, size_t row, size_t column, struct arena *a)
{
    assert_true(row < s->count);
    return column < s->rows[row].count ? arena_string(a, s->rows[row].cells[column].text) : "";
}
