/* What records set in motion: the children they touch are judged, and what is told goes to care. Of this room
 * only. */
#ifndef HUMIAO_INTAKE_JUDGE_H
#define HUMIAO_INTAKE_JUDGE_H

#include "care/tables.h"
#include "intake/batch.h"
#include "screening/verdict.h"

struct judgement {
    const struct edition *edition;
    const struct care_tables *tables; /* NULL: verdicts alone */
    bool baseline;                    /* alerts that arise are held back */
    void (*tell)(void *context, const struct verdict_change *change); /* may be NULL */
    void *context;
    /* What came of it. */
    uint64_t told;    /* changes of verdicts */
    int64_t *changed; /* divisions in which something changed; the arena's */
    size_t changed_count;
    bool everywhere; /* in too many to name */
};

/* After batch_store, in its transaction. */
int batch_judge(const struct batch *b, struct judgement *j, struct error *e);

#endif
