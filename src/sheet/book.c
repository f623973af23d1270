#include "sheet/book.h"

#include "sheet/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ENTRIES_MAX 4096
#define PART_MAX (64u << 20)  /* bytes of workbook, styles, relations */
#define SHARED_MAX (1u << 30) /* of the shared strings as XML */
#define SHEETS_MAX 1024
#define STYLES_MAX 65536

/* ---- the archive ---------------------------------------------------------------------------------- */

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && strcasecmp(s + n - m, end) == 0;
}

static int holds_programs(struct error *e)
{
    error_set(e, ERR_SHEET_HOSTILE, "%s",
              text_in(e->language, N_("the workbook holds programs (macros)")));
    return error_hint(e, N_("Save it as .xlsx, without macros, and hand it in again."));
}

static int takes_from_others(struct error *e)
{
    error_set(e, ERR_SHEET_HOSTILE, "%s",
              text_in(e->language, N_("the workbook takes values from other files")));
    return error_hint(e, N_("Paste the values instead of the links, and hand it in again."));
}

static int check_entries(zip_t *zip, struct error *e)
{
    zip_int64_t count = zip_get_num_entries(zip, 0);

    if (count > ENTRIES_MAX)
        return error_set(
            e, ERR_SHEET_HOSTILE, "%s",
            text_in(e->language, N_("the archive has more parts than a workbook has")));
    for (zip_int64_t i = 0; i < count; i++) {
        const char *name = zip_get_name(zip, (zip_uint64_t)i, 0);
        if (!name)
            return error_set(e, ERR_SHEET_CUT, NULL);
        if (ends_with(name, "vbaProject.bin") || strcasestr(name, "/macrosheets/") ||
            strcasestr(name, "/activeX/"))
            return holds_programs(e);
        if (strcasestr(name, "/externalLinks/"))
            return takes_from_others(e);
        if (zip_name_locate(zip, name, 0) != i)
            return error_set(e, ERR_SHEET_HOSTILE, "%s",
                             text_in(e->language, N_("the archive has two parts of one name")));
    }
    return 0;
}

/* ---- relations: which part is what ----------------------------------------------------------------- */

struct relations {
    struct book *book;
    struct error *e;
    const char *folder;   /* of the part whose relations these are, with its slash */
    const char *workbook; /* found among those of the archive */
};

/* What a part says it is: .xlsm and its kin, whatever the file is called. */
static int on_type(void *context, const char *name, const char **attributes)
{
    const char *type = xml_attribute(attributes, "ContentType");

    return type && (strcasestr(type, "macroEnabled") || strcasestr(type, "vbaProject"))
               ? holds_programs(context)
               : 0;
}

/* A target as a name in the archive. */
static const char *target_part(struct book *b, const char *folder, const char *target)
{
    return target[0] == '/' ? arena_string(b->arena, slice_from(target + 1))
                            : arena_printf(b->arena, "%s%s", folder, target);
}

static int on_relation(void *context, const char *name, const char **attributes)
{
    struct relations *r = context;
    const char *type = xml_attribute(attributes, "Type"),
               *target = xml_attribute(attributes, "Target"), *id = xml_attribute(attributes, "Id");

    if (strcmp(name, "Relationship") != 0 || !type || !target)
        return 0;
    if (ends_with(type, "/vbaProject") || ends_with(type, "/xlMacrosheet"))
        return holds_programs(r->e);
    if (ends_with(type, "/externalLink"))
        return takes_from_others(r->e);
    if (ends_with(type, "/officeDocument"))
        r->workbook = target_part(r->book, "", target);
    else if (ends_with(type, "/sharedStrings"))
        r->book->strings_part = target_part(r->book, r->folder, target);
    else if (ends_with(type, "/styles"))
        r->book->styles_part = target_part(r->book, r->folder, target);
    else if (ends_with(type, "/worksheet") && id)
        for (size_t i = 0; i < r->book->sheet_count; i++)
            if (strcmp(r->book->sheets[i].relation, id) == 0)
                r->book->sheets[i].part = target_part(r->book, r->folder, target);
    return 0;
}

/* ---- the workbook ----------------------------------------------------------------------------------- */

static bool is_true(const char *s) { return s && (strcmp(s, "1") == 0 || strcmp(s, "true") == 0); }

static int on_workbook(void *context, const char *name, const char **attributes)
{
    struct book *b = context;

    if (strcmp(name, "workbookPr") == 0) {
        b->from_1904 = is_true(xml_attribute(attributes, "date1904"));
    } else if (strcmp(name, "sheet") == 0 && b->sheet_count < SHEETS_MAX) {
        const char *sheet = xml_attribute(attributes, "name"),
                   *state = xml_attribute(attributes, "state"), *id = NULL;
        for (const char **a = attributes; a[0]; a += 2)
            if (ends_with(a[0], ":id"))
                id = a[1];
        if (!sheet || !id)
            return 0;
        b->sheets = arena_grow(b->arena, b->sheets, &b->sheet_capacity, b->sheet_count + 1,
                               sizeof(*b->sheets));
        b->sheets[b->sheet_count++] = (struct book_sheet){
            .name = arena_string(b->arena, slice_from(sheet)),
            .relation = arena_string(b->arena, slice_from(id)),
            .hidden = state && strcmp(state, "visible") != 0};
    }
    return 0;
}

/* ---- shared strings ----------------------------------------------------------------------------------- */

struct strings {
    struct book *book;
    bool in_text;
    int phonetic; /* depth within how a text is read aloud, which is no part of it */
};

static void *grown(void *old, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity)
        return old;
    while (*capacity < need)
        *capacity = *capacity ? 2 * *capacity : 4096;
    void *new = realloc(old, *capacity * size);
    if (!new)
        abort();
    return new;
}

static int strings_start(void *context, const char *name, const char **attributes)
{
    struct strings *s = context;

    if (strcmp(name, "rPh") == 0)
        s->phonetic++;
    s->in_text = strcmp(name, "t") == 0 && s->phonetic == 0;
    return 0;
}

static int strings_end(void *context, const char *name)
{
    struct strings *s = context;
    struct book *b = s->book;

    s->in_text = false;
    if (strcmp(name, "rPh") == 0)
        s->phonetic--;
    if (strcmp(name, "si") == 0) {
        b->ends = grown(b->ends, &b->string_capacity, b->string_count + 1, sizeof(*b->ends));
        b->ends[b->string_count++] = b->text_n;
    }
    return 0;
}

static int strings_text(void *context, const char *text, size_t n)
{
    struct strings *s = context;
    struct book *b = s->book;

    if (!s->in_text)
        return 0;
    if (b->text_n + n > BOOK_STRINGS_MAX)
        return -ERR_SHEET_LIMIT;
    b->text = grown(b->text, &b->text_capacity, b->text_n + n, 1);
    memcpy(b->text + b->text_n, text, n);
    b->text_n += n;
    return 0;
}

struct slice book_string(const struct book *b, size_t number)
{
    if (number >= b->string_count)
        return SLICE_LITERAL("");
    size_t begin = number ? b->ends[number - 1] : 0;
    return (struct slice){b->text ? b->text + begin : "", b->ends[number] - begin};
}

/* ---- styles: which numbers are days ---------------------------------------------------------------- */

struct format {
    unsigned id;
    bool date;
};
struct styles {
    struct book *book;
    struct format formats[512];
    size_t count;
    bool in_cells; /* within cellXfs */
};

/* Whether a format's code shows days or times: a letter of them outside quotes, brackets and escapes. */
static bool shows_date(const char *code)
{
    for (; *code; code++) {
        if (*code == '\\' || *code == '_' || *code == '*') {
            if (code[1])
                code++;
        } else if (*code == '"') {
            while (code[1] && *++code != '"')
                ;
        } else if (*code == '[') {
            while (code[1] && *++code != ']')
                ;
        } else if (strchr("yYmMdDhHsS", *code)) {
            return true;
        } else if (strncasecmp(code, "General", 7) == 0) {
            code += 6;
        }
    }
    return false;
}

/* Numbers of formats that need no definition (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 of Chinese). */
static bool built_in_date(unsigned id)
{
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

static bool is_date(const struct styles *s, unsigned id)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->formats[i].id == id)
            return s->formats[i].date;
    return built_in_date(id);
}

static int on_style(void *context, const char *name, const char **attributes)
{
    struct styles *s = context;
    const char *id = xml_attribute(attributes, "numFmtId"),
               *code = xml_attribute(attributes, "formatCode");

    if (strcmp(name, "numFmt") == 0 && id && code && s->count < 512)
        s->formats[s->count++] = (struct format){(unsigned)strtoul(id, NULL, 10), shows_date(code)};
    else if (strcmp(name, "cellXfs") == 0)
        s->in_cells = true;
    else if (strcmp(name, "xf") == 0 && s->in_cells && s->book->style_count < STYLES_MAX) {
        struct book *b = s->book;
        b->dates = arena_grow(b->arena, b->dates, &b->style_capacity, b->style_count + 1,
                              sizeof(bool));
        b->dates[b->style_count++] = id && is_date(s, (unsigned)strtoul(id, NULL, 10));
    }
    return 0;
}

static int style_end(void *context, const char *name)
{
    struct styles *s = context;

    if (strcmp(name, "cellXfs") == 0)
        s->in_cells = false;
    return 0;
}

/* ---- all of it --------------------------------------------------------------------------------------- */

static int read_strings(zip_t *zip, struct book *b, struct error *e)
{
    struct strings s = {.book = b};
    struct xml xml = {&s, strings_start, strings_end, strings_text};
    int rc = xml_read(zip, b->strings_part, SHARED_MAX, &xml, e);

    return rc == -ERR_SHEET_LIMIT ? error_set(e, ERR_SHEET_LIMIT, NULL) : rc;
}

static int read_styles(zip_t *zip, struct book *b, struct error *e)
{
    struct styles s = {.book = b};
    struct xml xml = {&s, on_style, style_end, NULL};

    return xml_read(zip, b->styles_part, PART_MAX, &xml, e);
}

static int read_workbook(zip_t *zip, struct book *b, struct error *e)
{
    struct relations r = {.book = b, .e = e, .folder = ""};
    struct xml relations = {&r, on_relation, NULL, NULL}, workbook = {b, on_workbook, NULL, NULL};
    struct xml types = {e, on_type, NULL, NULL};
    int rc = 0;

    if (zip_name_locate(zip, "[Content_Types].xml", 0) >= 0)
        rc = xml_read(zip, "[Content_Types].xml", PART_MAX, &types, e);
    if (rc >= 0)
        rc = xml_read(zip, "_rels/.rels", PART_MAX, &relations, e);

    if (rc >= 0 && !r.workbook)
        rc = error_set(e, ERR_SHEET, "%s",
                       text_in(e->language, N_("the archive holds no workbook")));
    if (rc >= 0)
        rc = xml_read(zip, r.workbook, PART_MAX, &workbook, e);
    if (rc < 0)
        return rc;
    const char *slash = strrchr(r.workbook, '/'), *file = slash ? slash + 1 : r.workbook;
    r.folder = arena_string(b->arena, (struct slice){r.workbook, (size_t)(file - r.workbook)});
    return xml_read(zip, arena_printf(b->arena, "%s_rels/%s.rels", r.folder, file), PART_MAX,
                    &relations, e);
}

int book_read(zip_t *zip, struct arena *arena, struct book *ret, struct error *e)
{
    *ret = (struct book){.arena = arena};
    int rc = check_entries(zip, e);

    if (rc >= 0)
        rc = read_workbook(zip, ret, e);
    if (rc >= 0 && ret->strings_part)
        rc = read_strings(zip, ret, e);
    if (rc >= 0 && ret->styles_part)
        rc = read_styles(zip, ret, e);
    return rc;
}

void book_end(struct book *b)
{
    free(b->text);
    free(b->ends);
}
