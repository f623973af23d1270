/* One part of a workbook, read as XML in pieces. Of this room only.
 *
 * No document type, no entity but the five of XML, no depth beyond 64: what a workbook does not need is refused. */
#ifndef HUMIAO_SHEET_XML_H
#define HUMIAO_SHEET_XML_H

#include "base/error.h"

#include <zip.h>

struct xml {
    void *context;
    /* Names without their prefix; attributes as expat gives them. Not 0 stops the reading (1: enough was read). */
    int (*start)(void *context, const char *name, const char **attributes);
    int (*end)(void *context, const char *name);
    int (*text)(void *context, const char *text, size_t n);
};

/* `bytes_max`: unfolded. ERR_SHEET_HOSTILE, ERR_SHEET_CUT, ERR_SHEET_LIMIT, ERR_SHEET. 1: a handler had enough. A handler's own error is
 * handed on. */
int xml_read(zip_t *zip, const char *part, uint64_t bytes_max, const struct xml *xml,
             struct error *e);

/* An attribute by its name without a prefix; NULL: not there. */
const char *xml_attribute(const char **attributes, const char *name);

#endif
