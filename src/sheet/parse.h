/* Rows on their way out of a file. Of this room only. */
#ifndef HUMIAO_SHEET_PARSE_H
#define HUMIAO_SHEET_PARSE_H

#include "sheet/sheet.h"

struct parse {
    const struct sheet_options *options;
    const struct sheet_sink *sink;
    struct error *e;
    uint64_t number; /* of rows told so far */
    struct sheet_cell cells[SHEET_COLUMNS_MAX];
    char *text; /* of the row that is being read: cells, then the row as RFC 4180 */
    size_t text_n, text_capacity;
};

/* Room for so many more bytes in text. */
void parse_room(struct parse *p, size_t n);

/* Tells a row of `count` cells. `raw` NONE: made from the cells. What the sink answers. */
int parse_tell(struct parse *p, uint64_t line, size_t count, struct slice raw);

/* Tells a row that cannot be read; `raw` may hold anything, what is no UTF-8 is replaced. */
int parse_refuse(struct parse *p, uint64_t line, struct slice raw, const struct error *reason);

int parse_csv(struct parse *p, struct slice bytes);
int parse_xlsx(struct parse *p, struct slice bytes);

#endif
