/* Free text about a child, as the caller may see it: what is sensitive in it is shown to whoever sees its class of data
 * without an opening or a mask, and masked in place for everybody else (detect/detect.h). */
#ifndef HUMIAO_SERVER_MARKED_H
#define HUMIAO_SERVER_MARKED_H

#include "server/request.h"

/* The kinds (bits 1 << enum detect_kind) whose class the caller does not see as shown. */
uint32_t marked_hidden(const struct sights *sights);

/* `marks`: the spans that are kept beside the text. Where it was never searched, it is searched now. */
int marked_text(struct request *r, const struct sights *sights, struct slice text,
                struct slice marks, struct slice *ret);

#endif
