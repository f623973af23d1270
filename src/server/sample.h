/* Inside the handlers of the mapping assistant: the first rows of a delivery, and what of a cell
 * is left for whoever works with its form and not with its people. */
#ifndef HUMIAO_SERVER_SAMPLE_H
#define HUMIAO_SERVER_SAMPLE_H

#include "intake/suggest.h"
#include "server/intake_seen.h"

struct sample {
    struct delivery_story story;
    const struct feed_library *feeds;
    const struct sheet_row *rows;
    size_t count;
    struct sheet_nature nature;
};

/* At most `limit` rows of the caller's delivery of r->path[0]; ERR_NOT_FOUND, ERR_WRONG_STATE. */
int sample_read(struct request *r, size_t limit, struct sample *ret);

/* The first row that is the feed's header; its index, or -1. */
int sample_header(struct request *r, const struct sample *s, const struct feed *f,
                  struct feed_places *ret);

/* A name as 陈**. */
struct slice sample_name(struct request *r, struct slice text);
/* By a form, whatever the column is. */
struct slice sample_form(struct request *r, enum feed_form form, struct slice text);

#endif
