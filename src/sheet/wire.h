/* What the reader's child writes into its pipe, and how its parent reads it: like a stranger's. Of this room only.
 *
 *     frame  = size (4) kind (1) body             little endian; size is that of the body
 *     nature = format \0 encoding \0 sheet \0 (name \0)*
 *     row    = line (8) number (8) error (4) cells (4) joined (1) texts…
 *              a cell's size and kind (4 each, size << 3 | kind), then the texts. Joined: texts are parted by one byte, and
 *              are the row itself; else the row (size 4) comes first. A refused row has detail and hint (sizes 4)
 *     end    = error (4) detail hint */
#ifndef HUMIAO_SHEET_WIRE_H
#define HUMIAO_SHEET_WIRE_H

#include "sheet/sheet.h"

#define WIRE_FRAME_MAX (8u << 20)
#define WIRE_HEAD 5

enum wire_kind { WIRE_NATURE = 1, WIRE_ROW, WIRE_END };

/* ---- writing ---- */

struct wire_out {
    int fd;
    char *buffer;
    size_t n, capacity;
    bool broken; /* the other side is gone */
};
int wire_out_begin(struct wire_out *w, int fd);
void wire_nature(struct wire_out *w, const struct sheet_nature *nature);
void wire_row(struct wire_out *w, const struct sheet_row *row, const struct error *refusal);
void wire_end(struct wire_out *w, const struct error *e); /* NULL: all is told; flushes */

/* ---- reading ---- */

/* The body of a row; texts point into it. 1: a row; negative: it is refused, with its error; 0: damaged. */
int wire_read_row(struct slice body, struct sheet_cell cells[SHEET_COLUMNS_MAX],
                  struct sheet_row *ret, struct error *e);

/* 0: the sheet's end; negative: what the child could not read; 1: damaged. */
int wire_read_end(struct slice body, struct error *e);

/* False: damaged. The arena's. */
bool wire_read_nature(struct slice body, struct arena *arena, struct sheet_nature *ret);

#endif
