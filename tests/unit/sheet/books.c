#include "books.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

struct slice archive(const struct part *parts, size_t count, struct arena *arena)
{
    zip_error_t why;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &why);
    zip_stat_t about;

    assert_non_null(zip);
    zip_source_keep(source);
    for (size_t i = 0; i < count; i++)
        assert_true(zip_file_add(zip, parts[i].name,
                                 zip_source_buffer(zip, parts[i].bytes.p, parts[i].bytes.n, 0),
                                 0) >= 0);
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_stat(source, &about), 0);
    char *bytes = arena_take(arena, about.size + 1);
    assert_int_equal(zip_source_open(source), 0);
    assert_int_equal(zip_source_read(source, bytes, about.size), about.size);
    zip_source_close(source);
    zip_source_free(source);
    return (struct slice){bytes, about.size};
}

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct slice book(const char *rows, const char *strings, const char *styles,
                  const struct part *more, struct arena *arena)
{
    struct part parts[8];
    size_t n = 0;

    parts[n++] = (struct part){"_rels/.rels",
                               SLICE_LITERAL("<Relationships><Relationship Id=\"r1\" Type=\"" OFFICE
                                             "/officeDocument\" Target=\"xl/workbook.xml\"/>"
                                             "</Relationships>")};
    parts[n++] = (struct part){
        "xl/workbook.xml",
        SLICE_LITERAL("<workbook xmlns:r=\"" OFFICE "\"><sheets>"
                      "<sheet name=\"藏\" sheetId=\"1\" state=\"hidden\" r:id=\"r9\"/>"
                      "<sheet name=\"名单2024\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>")};
    parts[n++] = (struct part){
        "xl/_rels/workbook.xml.rels",
        SLICE_LITERAL(
            "<Relationships><Relationship Id=\"r2\" Type=\"" OFFICE
            "/worksheet\" Target=\"worksheets/sheet2.xml\"/><Relationship Id=\"r9\" Type=\"" OFFICE
            "/worksheet\" Target=\"/xl/worksheets/hidden.xml\"/><Relationship Id=\"r3\" "
            "Type=\"" OFFICE
            "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"r4\" Type=\"" OFFICE
            "/styles\" Target=\"styles.xml\"/></Relationships>")};
    const char *sheet = arena_printf(arena, "<worksheet><sheetData>%s</sheetData></worksheet>",
                                     rows);
    parts[n++] = (struct part){"xl/worksheets/sheet2.xml", slice_from(sheet)};
    parts[n++] = (struct part){
        "xl/worksheets/hidden.xml",
        SLICE_LITERAL(
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>7</v></c></row></sheetData>"
            "</worksheet>")};
    parts[n++] = (struct part){
        "xl/sharedStrings.xml",
        slice_from(arena_printf(arena, "<sst>%s</sst>", strings ? strings : ""))};
    parts[n++] = (struct part){
        "xl/styles.xml",
        slice_from(arena_printf(arena, "<styleSheet>%s</styleSheet>", styles ? styles : ""))};
    if (more)
        parts[n++] = *more;
    return archive(parts, n, arena);
}

/* ---- rows as one text --------------------------------------------------------------------------------- */

static void print_row(FILE *f, const struct sheet_row *row, const struct error *refusal)
{
    static const char letters[] = "?ndbfe";

    if (ftell(f) > 0)
        fputc('/', f);
    if (refusal) {
        fprintf(f, "!%d@%d", (int)refusal->code, (int)row->line);
        return;
    }
    for (size_t i = 0; i < row->count; i++) {
        const struct sheet_cell *c = &row->cells[i];
        fprintf(f, "%s", i ? "|" : "");
        if (c->kind != CELL_TEXT)
            fputc(letters[c->kind], f);
        fwrite(c->text.p, 1, c->text.n, f);
    }
}

static int print_sink(void *context, const struct sheet_row *row, const struct error *refusal)
{
    print_row(context, row, refusal);
    return 0;
}

static const char *finish(FILE *f, char **text, struct arena *arena)
{
    fclose(f);
    const char *copy = arena_string(arena, slice_from(*text));
    free(*text);
    return copy;
}

const char *read_here(struct slice bytes, const struct sheet_options *o, struct arena *arena)
{
    char *text;
    size_t n;
    FILE *f = open_memstream(&text, &n);
    const struct sheet_sink sink = {print_sink, NULL, f};
    struct error e = {.language = LANGUAGE_EN};
    static const struct sheet_options none;

    if (sheet_parse(bytes, o ? o : &none, &sink, &e) < 0)
        fprintf(f, "?%d", (int)e.code);
    return finish(f, &text, arena);
}

const char *read_in_child(struct slice bytes, const struct sheet_options *o, struct arena *arena)
{
    char *text;
    size_t n;
    FILE *f = open_memstream(&text, &n);
    struct error e = {.language = LANGUAGE_EN};
    struct sheet *s = NULL;
    struct sheet_row row;
    int fd = memfd_create("test", MFD_CLOEXEC), rc;
    static const struct sheet_options none;

    assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
    assert_int_equal(sheet_open(fd, o ? o : &none, &s, &e), 0);
    while ((rc = sheet_next(s, &row, &e)) > 0 || rc == -ERR_CSV || rc == -ERR_ENCODING ||
           rc == -ERR_TOO_LONG)
        print_row(f, &row, rc < 0 ? &e : NULL);
    if (rc < 0)
        fprintf(f, "?%d", (int)e.code);
    sheet_close(s);
    close(fd);
    return finish(f, &text, arena);
}
