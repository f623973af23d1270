/* The sheet's fields and what each takes. Pure. */
#ifndef HUMIAO_CARE_SHEET_H
#define HUMIAO_CARE_SHEET_H

#include "base/arena.h"
#include "base/error.h"
#include "care/visit.h"

enum sheet_type { SHEET_ONE = 1, SHEET_SEVERAL, SHEET_TEXT };

#define SHEET_TEXT_MAX 4000 /* bytes */

enum sheet_type sheet_field_type(enum sheet_field f); /* 0 for FIELD_NONE */

/* The words of a field that chooses, in the order in which they are written; NULL beyond the last. */
const char *sheet_word(enum sheet_field f, size_t number);

/* The value as it is kept: several words in the order of the table, each once; text without blanks around
 * it. Empty: nothing is said. ERR_VALUE names the field and its words; ERR_TOO_LONG. */
int sheet_value_check(enum sheet_field f, struct slice value, struct arena *arena,
                      struct slice *ret, struct error *e);

#endif
