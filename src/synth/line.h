/* One line of CSV being built: cells are appended, quoted where RFC 4180 wants it, and the whole is
 * written at once. Millions of lines are made, so there is no allocation and no format string. */
#ifndef HUMIAO_SYNTH_LINE_H
#define HUMIAO_SYNTH_LINE_H

#include "base/day.h"

#include <stdio.h>

#define SYNTH_LINE_MAX 1024 /* the longest row is under 400 bytes; what does not fit is cut */

struct synth_line {
    size_t n;
    bool begun; /* a cell stands before this one */
    char text[SYNTH_LINE_MAX];
};

static inline void synth_line_begin(struct synth_line *l)
{
    l->n = 0;
    l->begun = false;
}
void synth_line_cell(struct synth_line *l, const char *text);
void synth_line_day(struct synth_line *l,
                    day d); /* DAY_FOREVER and DAY_BEGINNING give an empty cell */
void synth_line_ref(struct synth_line *l, char letter, uint64_t number); /* P000000123 */
void synth_line_end(struct synth_line *l);                               /* the LF */
void synth_line_write(struct synth_line *l, FILE *f);                    /* ends and writes it */

#endif
