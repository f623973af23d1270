/* Inside the handlers: the texts of a visit's sheet, as the caller reads them and sends them back (marked.h). */
#ifndef HUMIAO_SERVER_VISIT_MARKS_H
#define HUMIAO_SERVER_VISIT_MARKS_H

#include "server/cared.h"

#define VISIT_VALUE_REPLACED 2 /* of visit_value.standing */

/* All versions of the fields of one visit. */
struct visit_sheet {
    struct visit_value *values;
    size_t count;
};
int visit_sheet_read(struct request *r, struct deployment *d, const struct visit *v,
                     struct visit_sheet *ret);

/* The value as the caller reads it: what is sensitive in a text is masked, but not for who wrote it first, whose
 * phone would else send the masks back. */
int visit_value_seen(struct request *r, const struct cared *of, const struct visit_sheet *s,
                     const struct visit_value *x, struct slice *ret);

/* Whoever settles two rivals sends back one of them as they read it, with masks: it becomes the value itself. */
int visit_writes_unmask(struct request *r, struct deployment *d, const struct visit *v,
                        const struct cared *of, struct visit_write *writes, size_t count);

#endif
