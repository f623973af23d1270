/* Text that grows in an arena: for workflow_print.c and workflow_dot.c alone. */
#ifndef HUMIAO_CARE_WORKFLOW_WRITER_H
#define HUMIAO_CARE_WORKFLOW_WRITER_H

#include "care/workflow_inside.h"

struct writer {
    struct arena *arena;
    char *text;
    size_t n, capacity;
};

void write_format(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "a, b" of a list that has begun if *begun; sets it. */
void write_item(struct writer *w, bool *begun, const char *name);

void write_length(struct writer *w, struct length l);
/* "extreme 24 hours, high 3 days, …"; `often` writes weekly, every 2 weeks. */
void write_lengths(struct writer *w, const struct lengths *l, bool often);
/* "owner, supervisor, system". */
void write_roles(struct writer *w, uint32_t roles);
/* " if has_reason and not often_postponed", or nothing. */
void write_guards(struct writer *w, const struct way *way);

#endif
