/* Records in the order in which they arrive. Families are told one after the other, their records
 * arrive over years; so lines are gathered, sorted in pieces of bounded size, and merged from
 * disk. */
#ifndef HUMIAO_SYNTH_ARRIVALS_H
#define HUMIAO_SYNTH_ARRIVALS_H

#include "base/day.h"
#include "base/error.h"

#include <stdio.h>

struct synth_arrivals;

/* `directory` is where pieces are put, in files without a name; `piece` is the size in bytes that
 * is held in memory (0: 64 MiB). Aborts when memory runs out. */
struct synth_arrivals *synth_arrivals_new(const char *directory, size_t piece);
void synth_arrivals_end(struct synth_arrivals *a);

/* Adds one line, with its LF. Lines of one day keep the order in which they were added. */
int synth_arrivals_add(struct synth_arrivals *a, day on, const char *line, size_t n,
                       struct error *e);

/* Writes all of them in order; to be called once. */
int synth_arrivals_write(struct synth_arrivals *a, FILE *f, struct error *e);

#endif
