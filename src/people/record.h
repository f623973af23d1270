/* A department record: what one row of records.csv says, checked (contracts.md, "records.csv").
 *
 * Pure: a row goes in, a checked record or a reason comes out. Who the record is about, and whether it
 * is news, is decided by intake/. */
#ifndef HUMIAO_PEOPLE_RECORD_H
#define HUMIAO_PEOPLE_RECORD_H

#include "base/arena.h"
#include "base/day.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum record_kind {
    KIND_NONE = 0,
#define KIND(symbol, spelling, value, household) KIND_##symbol,
#include "people/kinds.def"
#undef KIND
    KIND_COUNT
};

enum record_kind record_kind_parse(struct slice s); /* KIND_NONE: no such kind */
const char *record_kind_name(enum record_kind kind);
bool record_kind_is_of_household(enum record_kind kind);

/* The columns in the order of contracts.md; `revision` is optional. */
enum record_column {
    RECORD_KEY,
    RECORD_DEPARTMENT,
    RECORD_KIND,
    RECORD_ID_NO,
    RECORD_NAME,
    RECORD_BIRTH_DATE,
    RECORD_DIVISION,
    RECORD_FROM,
    RECORD_TO,
    RECORD_VALUE,
    RECORD_NOTE,
    RECORD_REVISION,
    RECORD_COLUMN_COUNT
};
extern const char *const record_columns[RECORD_COLUMN_COUNT + 1]; /* names for csv_header */

struct record {
    struct slice key, department, name, note;
    struct slice
        note_marks; /* what is sensitive in the note (detect/detect.h); NONE: not searched */
    enum record_kind kind;
    struct slice id_no; /* normalised; empty: not given */
    struct slice
        value; /* normalised: an ICD-10 code is cut to its block, a party's number normalised */
    day birth; /* DAY_BEGINNING: not given */
    struct slice division; /* 12 digits, or empty */
    day from, to;          /* DAY_FOREVER: open */
    bool withdrawn;        /* only key, department, kind and revision matter then */
    struct slice
        withdrawal; /* of a withdrawal: the other columns as they stood, to know it again */
    bool revised;   /* `revision` is set: an integer, or an RFC 3339 time in microseconds */
    int64_t revision;
};

/* Checks one row; cells may hold blanks around them. Texts are copied into the arena. On refusal the
 * error names the column and the way to mend it and holds no sensitive value; `ret_column` (may be
 * NULL) gets the column's index. */
int record_check(const struct slice cells[RECORD_COLUMN_COUNT], struct arena *arena,
                 struct record *ret, int *ret_column, struct error *e);

/* "civil_affairs" and its fellows. */
bool department_known(struct slice s);

/* Whether the cell begins as a spreadsheet formula would (= + - @ TAB CR). */
bool cell_is_formula(struct slice s);

#endif
