/* What the files of this room share about a care transaction. Of this room only. */
#ifndef HUMIAO_CARE_CARE_INSIDE_H
#define HUMIAO_CARE_CARE_INSIDE_H

#include "care/care.h"

/* Sets the sealer to the child. ERR_ERASED when nothing can be written or read about it any more. */
int care_subject(struct deployment *d, int64_t child_id, struct error *e);

/* One row of the history. `actor` NULL: the system. `at` 0: now. */
int care_record_step(struct care *c, const char *workflow, int64_t object_id, int64_t child_id,
                     const char *event, struct slice from, struct slice to,
                     const struct account *actor, struct slice reason, int64_t at, struct error *e);

/* Where the child's duty lies: residence, else household registration. ERR_NOT_FOUND when it left the
 * register. */
int care_division(struct deployment *d, int64_t child_id, int64_t *ret, struct error *e);

/* An instant of a column that may be empty, as the structs have it: 0 is none; and back. */
static inline int64_t care_instant(struct opt_int v) { return v.set ? v.v : 0; }
static inline struct opt_int care_opt(int64_t v) { return v ? opt_int(v) : OPT_INT_NONE; }

#endif
