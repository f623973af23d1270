/* A workbook whose parts are any bytes: parts are parted by a byte FF, in the order rows, strings, styles, workbook,
 * relations, types, relations of the archive; those that are not given are sound, and an eighth is the name of one part
 * more, a ninth of the sheet that is asked for. The archive around them is made here, so that its checksums are right. */
#include "sheet_checks.h"

#include <zip.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PARTS 7

static const char *const names[PARTS] = {
    "xl/worksheets/sheet1.xml",   "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels", "[Content_Types].xml",  "_rels/.rels"};
static const char *const sound[PARTS] = {
    "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\" "
    "s=\"1\"><v>0</v></c></row></sheetData></worksheet>",
    "<sst><si><t>a</t></si></sst>",
    "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
    "<workbook xmlns:r=\"x\"><sheets><sheet name=\"S\" sheetId=\"1\" "
    "r:id=\"r1\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"r1\" Type=\"" OFFICE
    "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"r2\" Type=\"" OFFICE "/sharedStrings\" Target=\"sharedStrings.xml\"/>"
    "<Relationship Id=\"r3\" Type=\"" OFFICE "/styles\" Target=\"styles.xml\"/></Relationships>",
    "<Types><Override PartName=\"/xl/workbook.xml\" ContentType=\"sheet.main+xml\"/></Types>",
    "<Relationships><Relationship Id=\"r\" Type=\"" OFFICE
    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"};

static void add(zip_t *zip, const char *name, const void *bytes, size_t n)
{
    zip_int64_t i = zip_file_add(zip, name, zip_source_buffer(zip, bytes, n, 0), 0);

    MUST(i >= 0);
    zip_set_file_compression(zip, (zip_uint64_t)i, ZIP_CM_STORE, 0);
}

/* The next part, cut off the text. */
static struct slice next_part(struct slice *text)
{
    const char *mark = text->n ? memchr(text->p, 0xFF, text->n) : NULL;
    struct slice part = {text->p, mark ? (size_t)(mark - text->p) : text->n};

    *text = mark ? (struct slice){mark + 1, text->n - part.n - 1} : SLICE_NONE;
    return part;
}

/* Another part of any name; one that the archive cannot have is left out. */
static void add_named(zip_t *zip, const char *name)
{
    zip_source_t *one = *name ? zip_source_buffer(zip, "x", 1, 0) : NULL;

    if (one && zip_file_add(zip, name, one, 0) < 0)
        zip_source_free(one);
}

/* malloc'd. */
static char *make_book(struct slice *text, size_t *ret_n)
{
    ARENA_AUTO(arena);
    zip_error_t why;
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &why);
    zip_stat_t about;

    MUST(zip);
    zip_source_keep(source);
    for (int i = 0; i < PARTS; i++) {
        struct slice part = next_part(text);
        if (part.n == 0)
            part = slice_from(sound[i]);
        add(zip, names[i], part.p, part.n);
    }
    add_named(zip, arena_string(&arena, next_part(text)));
    MUST(zip_close(zip) == 0 && zip_source_stat(source, &about) == 0);
    char *bytes = malloc(about.size);
    MUST(bytes && zip_source_open(source) == 0);
    MUST(zip_source_read(source, bytes, about.size) == (zip_int64_t)about.size);
    zip_source_close(source);
    zip_source_free(source);
    *ret_n = about.size;
    return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct seen_rows seen = {0};
    const struct sheet_sink sink = {check_row, check_nature, &seen};
    struct error e = {.language = LANGUAGE_EN};
    struct sheet_options o = {0};
    struct slice text = {(const char *)data, size};
    ARENA_AUTO(arena);
    size_t n;
    char *bytes = make_book(&text, &n);

    if (text.n > 0)
        o.sheet = arena_string(&arena, text);
    int rc = sheet_parse((struct slice){bytes, n}, &o, &sink, &e);
    MUST(rc == 0 || rc == -(int)e.code);
    check_end(rc < 0 ? &e : NULL);
    free(bytes);
    return 0;
}
