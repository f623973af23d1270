#include "sheet/xml.h"

#include <expat.h>
#include <stdbool.h>
#include <string.h>

#define DEPTH_MAX 64
#define PIECE 65536
#define RATIO_MAX 250 /* unfolded to packed, beyond RATIO_FROM bytes */
#define RATIO_FROM (32u << 20)

struct reading {
    const struct xml *xml;
    XML_Parser parser;
    int depth, result; /* result: of a handler, not 0 */
    bool document_type, deep;
};

static const char *bare(const char *name)
{
    const char *colon = strrchr(name, ':');

    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(bare(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static void stop_at(struct reading *r, int result)
{
    if (result != 0 && r->result == 0) {
        r->result = result;
        XML_StopParser(r->parser, XML_FALSE);
    }
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes)
{
    struct reading *r = context;

    if (++r->depth > DEPTH_MAX) {
        r->deep = true;
        XML_StopParser(r->parser, XML_FALSE);
    } else if (r->result == 0) {
        stop_at(r, r->xml->start(r->xml->context, bare(name), attributes));
    }
}

static void XMLCALL on_end(void *context, const char *name)
{
    struct reading *r = context;

    r->depth--;
    if (r->xml->end && r->result == 0)
        stop_at(r, r->xml->end(r->xml->context, bare(name)));
}

static void XMLCALL on_text(void *context, const char *text, int n)
{
    struct reading *r = context;

    if (r->xml->text && r->result == 0)
        stop_at(r, r->xml->text(r->xml->context, text, (size_t)n));
}

static void XMLCALL on_document_type(void *context, const char *name, const char *system,
                                     const char *public, int internal)
{
    struct reading *r = context;

    r->document_type = true;
    XML_StopParser(r->parser, XML_FALSE);
}

static int refuse(struct reading *r, const char *part, struct error *e)
{
    static const char entities[] = N_("it declares entities, which a workbook never does");

    if (r->result < 0)
        return r->result;
    if (r->document_type)
        return error_set(e, ERR_SHEET_HOSTILE, "%s", text_in(e->language, entities));
    if (r->deep)
        return error_set(e, ERR_SHEET_HOSTILE, "%s",
                         text_in(e->language, N_("its XML is nested without end")));
    switch (XML_GetErrorCode(r->parser)) {
    case XML_ERROR_UNDEFINED_ENTITY:
    case XML_ERROR_RECURSIVE_ENTITY_REF:
    case XML_ERROR_EXTERNAL_ENTITY_HANDLING:
        return error_set(e, ERR_SHEET_HOSTILE, "%s", text_in(e->language, entities));
    case XML_ERROR_NO_MEMORY: return error_set(e, ERR_MEMORY, NULL);
    case XML_ERROR_NO_ELEMENTS:
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR: return error_set(e, ERR_SHEET_CUT, NULL);
    default: break;
    }
    return error_set(e, ERR_SHEET, N_("the part %s of the workbook is not well-formed XML"), part);
}

static int feed(struct reading *r, zip_file_t *file, const zip_stat_t *about, uint64_t bytes_max,
                struct error *e)
{
    uint64_t total = 0;

    for (;;) {
        void *piece = XML_GetBuffer(r->parser, PIECE);
        zip_int64_t n = piece ? zip_fread(file, piece, PIECE) : -1;
        if (!piece)
            return error_set(e, ERR_MEMORY, NULL);
        if (n < 0)
            return error_set(e, ERR_SHEET_CUT, NULL);
        total += (uint64_t)n;
        if (total > RATIO_FROM && total / RATIO_MAX > about->comp_size)
            return error_set(e, ERR_SHEET_HOSTILE, "%s",
                             text_in(e->language, N_("it unfolds far beyond its own size")));
        if (total > bytes_max)
            return error_set(e, ERR_SHEET_LIMIT, NULL);
        if (XML_ParseBuffer(r->parser, (int)n, n == 0) != XML_STATUS_OK)
            return r->result > 0 ? 1 : refuse(r, about->name, e);
        if (n == 0)
            return r->result > 0;
    }
}

int xml_read(zip_t *zip, const char *part, uint64_t bytes_max, const struct xml *xml,
             struct error *e)
{
    zip_stat_t about;
    zip_file_t *file;
    struct reading r = {.xml = xml};
    int rc;

    if (zip_stat(zip, part, 0, &about) < 0)
        return error_set(e, ERR_SHEET, N_("the part %s of the workbook is missing"), part);
    if (about.encryption_method != ZIP_EM_NONE)
        return error_set(e, ERR_SHEET, "%s",
                         text_in(e->language, N_("it is protected by a password")));
    if (!(file = zip_fopen(zip, part, 0)))
        return error_set(e, ERR_SHEET_CUT, NULL);
    r.parser = XML_ParserCreate(NULL);
    if (!r.parser) {
        zip_fclose(file);
        return error_set(e, ERR_MEMORY, NULL);
    }
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_document_type);
    rc = feed(&r, file, &about, bytes_max, e);
    XML_ParserFree(r.parser);
    zip_fclose(file);
    return rc;
}
