/* What pushed records and pushed rows of a feed share. Of this room only. */
#ifndef HUMIAO_INTAKE_PUSH_INSIDE_H
#define HUMIAO_INTAKE_PUSH_INSIDE_H

#include "intake/delivery_inside.h"
#include "intake/push.h"

/* The delivery of the day; `header`: of its rows as the quarantine keeps them, NONE for records as such.
 * ERR_VALUE: no such department. */
int push_begin(struct push *p, struct slice header, struct delivery_entry *ret, struct error *e);

/* Stores, judges, counts; `rows_done`: rows of that delivery with these. */
int push_store(struct push *p, struct delivery_entry *entry, struct batch_row *rows, size_t count,
               uint64_t rows_done, struct error *e);

#endif
