/* Inside the handlers: what of intake the caller may see. A department liaison's is the own
 * department's in the own division: what is another's is answered like one that does not exist. Who keeps the
 * deliveries in order sees those of all, and no cell whole. */
#ifndef HUMIAO_SERVER_INTAKE_SEEN_H
#define HUMIAO_SERVER_INTAKE_SEEN_H

#include "intake/delivery.h"
#include "server/cared.h"

/* The liaison's department; NONE: of all. ERR_FORBIDDEN for a liaison of none. */
int intake_department(struct request *r, struct slice *ret);

/* Which deliveries, and what they brought: of accounts of the caller's division. A liaison meets what
 * a program handed in only where the feed speaks of nobody outside of it. ERR_FORBIDDEN for a liaison
 * of no division. */
int intake_scope(struct request *r, struct delivery_scope *ret);

/* Whether a delivery of this department (NONE: of none yet), or what it brought, may be met at all;
 * ERR_NOT_FOUND. */
int intake_meet(struct request *r, struct deployment *d, int64_t delivery_id,
                struct slice department);

/* A feed of the caller's; ERR_NOT_FOUND. */
int intake_feed(struct request *r, struct slice name, const struct feed **ret);

/* A delivery of the caller's; ERR_NOT_FOUND. Sets the audit row's object. */
int intake_delivery(struct request *r, struct deployment *d, struct slice id,
                    struct delivery_story *ret);

void intake_sights(const struct request *r, struct sights *ret);
bool intake_sees_files(const struct request *r); /* names of files, their headers */

/* The cell of a column for whoever may not see it: by its form; of an unmapped one what the
 * detector leaves. */
struct slice intake_outline(struct request *r, const struct feed_column *column, struct slice text);
/* A text that is nobody's by rights, such as a header: what looks like a value of somebody is
 * masked. */
struct slice intake_text(struct request *r, struct slice text);

const char *intake_code(struct request *r, enum error_code code); /* "HM-3101" */

/* ["…"]: texts as a RAW value. */
struct view_value intake_texts(struct request *r, const struct slice *texts, size_t count);
/* The names of the bits that are set. */
struct view_value intake_holds(struct request *r, int bits);

/* YYYY-MM-DD from a parameter or a body; complains where it is none. NONE gives `otherwise`. */
int intake_day(struct request *r, const char *name, struct slice text, day otherwise, day *ret);

#endif
