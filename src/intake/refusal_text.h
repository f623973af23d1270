/* What is said of a refused row to whoever knows the department's own columns and not ours. Of this room and of those
 * above it. */
#ifndef HUMIAO_INTAKE_REFUSAL_TEXT_H
#define HUMIAO_INTAKE_REFUSAL_TEXT_H

#include "base/error.h"

/* "column id_no: the check digit does not fit" and "column from (批准日期): no such day" without what comes before
 * the reason, in the language of the error. Points into the detail. */
const char *refusal_without_column(const struct error *e);

/* The same error, its column called as the department calls it; NULL: as the row as a whole. */
struct error refusal_of_column(const struct error *e, const char *named);

#endif
