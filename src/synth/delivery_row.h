/* Rows of one list being made. */
#ifndef HUMIAO_SYNTH_DELIVERY_ROW_H
#define HUMIAO_SYNTH_DELIVERY_ROW_H

#include "synth/deliveries.h"

struct synth_row_maker {
    const struct synth_list *list;
    struct synth_random *random;
    day as_of;
    bool book;   /* a workbook with cells of its own kinds */
    bool strict; /* its codes have no "otherwise" */
    uint64_t serial;
};

void synth_row_cells(struct synth_row_maker *m, const struct synth_notice *n,
                     struct synth_cell *ret); /* one a column */
size_t synth_row_records(const struct synth_row_maker *m, const struct synth_notice *n,
                         struct synth_made ret[2]);
/* Makes the row one that must be refused. */
void synth_row_spoil(struct synth_row_maker *m, const struct synth_notice *n,
                     struct synth_cell *cells);

#endif
