/* What a workbook holds besides its rows: which sheets, which strings, which formats are dates. Of this room only. */
#ifndef HUMIAO_SHEET_BOOK_H
#define HUMIAO_SHEET_BOOK_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <zip.h>

#define BOOK_STRINGS_MAX (512u << 20) /* bytes of all shared strings */

struct book_sheet {
    const char *name, *relation, *part; /* part: in the archive; NULL until it is found */
    bool hidden;
};
struct book {
    struct arena *arena;
    struct book_sheet *sheets;
    size_t sheet_count, sheet_capacity;
    bool from_1904; /* days are counted from 1904 */
    const char *strings_part, *styles_part;
    char *text; /* all shared strings, one after the other; malloc'd */
    size_t text_n, text_capacity;
    size_t *ends; /* of each string in text; malloc'd */
    size_t string_count, string_capacity;
    bool *dates; /* by style */
    size_t style_count, style_capacity;
};

/* Reads all of it. Archives that hold programs or links to other files are refused. */
int book_read(zip_t *zip, struct arena *arena, struct book *ret, struct error *e);
void book_end(struct book *b);

/* "" for a number that is none. */
struct slice book_string(const struct book *b, size_t number);

#endif
