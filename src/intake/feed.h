/* A feed: what one department hands in, and the mapping by which its own file becomes records. No code adds a department.
 *
 * A mapping is YAML (feeds/NAME.yaml, docs/feeds.md): which column is which, under which names it is met; how its text
 * is read (date, term, code, number …); which records a row makes. Built in ones are the first edition; what a person
 * has confirmed (feed_edition) stands before them. Errors of a mapping: ERR_MAPPING with file:line:column, the line and a
 * hint.
 *
 * Pure but for feed_library_*. */
#ifndef HUMIAO_INTAKE_FEED_H
#define HUMIAO_INTAKE_FEED_H

#include "access/deployment.h"
#include "base/day.h"
#include "base/source.h"
#include "people/record.h"
#include "sheet/sheet.h"

#define FEED_RECORDS_MAX 4 /* that one row may make */
#define FEED_COLUMNS_MAX 64
#define FEED_NAMES_MAX 16 /* under which one column is met */
#define FEED_HASH_SIZE 16

enum feed_form {
    FORM_TEXT = 0,
    FORM_ID_NUMBER, /* blanks, full-width digits and x mended; checked by the record */
    FORM_DATE, /* 2024-06-30 2024/6/30 2024.6.30 20240630 2024年6月30日 二〇二四年六月三十日, Excel serials, with or
                     * without a time. Two-digit years and day-month order are refused, never guessed */
    FORM_MONTH, /* 2024-06, 202406, 2024年6月: the first of the month */
    FORM_TERM,  /* 3年6个月, 有期徒刑三年, P3Y6M, 42 (with `unit`): a duration */
    FORM_CODE,  /* through a table of the mapping */
    FORM_NUMBER,
    FORM_DIVISION, /* 12 digits; 6 and 9 are filled up with zeros */
    FORM_ICD,      /* cut to its block at once */
    FORM_MOMENT,   /* a date with its time: 2024-06-30T08:30:00+08:00, for `revision` */
    FORM_COUNT
};

struct feed_code {
    struct slice from, to;
};
struct feed_column {
    const char *name; /* ours, within the mapping */
    struct slice named[FEED_NAMES_MAX];
    size_t named_count;
    enum feed_form form;
    bool optional;     /* may be missing from the file */
    bool last_day;     /* FORM_DATE: the last day on which it holds; becomes the day after */
    struct slice unit; /* FORM_TERM of bare numbers: day, month or year */
    const struct feed_code *codes;
    size_t code_count;
    struct slice otherwise;    /* code for what the table does not have; NONE: refused */
    const struct slice *empty; /* texts that say "nothing"; NULL: those of FEED_EMPTY */
    size_t empty_count;
    uint32_t line; /* in the text */
};

struct feed_condition {         /* `when`, `unless` (negated), `withdrawn` */
    int column;                 /* -1: none */
    const struct slice *values; /* one of these, after reading */
    size_t count;
    bool negated;
};
struct feed_record {
    enum record_kind kind; /* KIND_NONE: the template of RECORD_KIND says it */
    struct slice templates[RECORD_COLUMN_COUNT]; /* "{key}-h"; NONE: empty */
    struct feed_condition when, withdrawn;
};

struct feed {
    const char *name; /* a-z, 0-9, hyphen */
    struct slice title_zh, title_en;
    struct slice department;
    struct duration interval,
        grace; /* usual between two deliveries; how long after it silence alarms. 0: none is expected */
    const struct feed_column *columns;
    size_t column_count;
    const struct slice *ignored; /* columns that are known and not taken */
    size_t ignored_count;
    const struct feed_record *records;
    size_t record_count;
    const struct slice
        *empty; /* the mapping's own list, which its columns share; NULL: FEED_EMPTY */
    size_t empty_count;
    const char *sheet;              /* name of the sheet, may end in *; NULL: the first */
    const char *exchange_table;     /* on the exchange side; NULL: none */
    const char *exchange_cursor[2]; /* its ascending columns; the second may be NULL */
    struct slice text;              /* the YAML */
    uint8_t hash[FEED_HASH_SIZE];
};

#define FEED_TEXT_MAX (1u << 16) /* bytes of a mapping */

/* What says "nothing" where a mapping has no list of its own. */
#define FEED_EMPTY                                                                                \
    {                                                                                             \
        "无", "空", "暂无", "不详", "未知", "-", "--", "—", "——", "–", "/", "\\", "NULL", "null", \
            "N/A", "n/a"                                                                          \
    }

const char *feed_form_name(enum feed_form form);   /* "id_number" */
enum feed_form feed_form_parse(struct slice name); /* FORM_COUNT: no such form */

/* A text as headers and codes are compared: full-width forms as ASCII, small letters, without blanks, asterisks and what
 * cannot be seen. */
struct slice feed_fold(struct slice text, struct arena *arena);

/* Our column of that name; -1: none. */
int feed_column_find(const struct feed *f, struct slice name);

/* Our column that is met under this name, compared as in feed_match_header; -1: none; -2: it is ignored. */
int feed_column_of(const struct feed *f, struct slice name);

/* One record's template as pieces, in order: text as it stands, or a column ("{key}-h" gives the column key, then
 * "-h"). Returns their number; 0 also for a template that is not well formed. */
#define FEED_PIECES_MAX 8
struct feed_piece {
    struct slice text;
    bool column; /* `text` is its name */
};
size_t feed_pieces(struct slice template, struct feed_piece ret[FEED_PIECES_MAX]);

/* All of it lives in the arena. */
int feed_parse(const struct source *text, struct arena *arena, struct feed **ret, struct error *e);

/* The same mapping as text, in canonical order: what the assistant saves. feed_parse of it gives an equal feed. */
struct slice feed_print(const struct feed *f, struct arena *arena);

/* ---- reading a file by it ---- */

struct feed_places {
    int place[FEED_COLUMNS_MAX]; /* of each column in the file; -1: not there */
    uint64_t header_line, header_number;
    size_t width;               /* columns of the file */
    const struct slice *header; /* the arena's copy */
    const int *unknown;         /* columns of the file that the mapping neither takes nor ignores */
    size_t unknown_count;
    const int *missing; /* columns of the mapping that are not there and not optional */
    size_t missing_count;
    size_t matched;
};
/* Whether this row is the header, and where everything stands. Names are compared without blanks, brackets' width and
 * case. A header is a row that names at least half of the columns that are not optional, or three. */
bool feed_match_header(const struct feed *f, const struct sheet_row *row, struct arena *arena,
                       struct feed_places *ret);

/* One row as records, each as cells for record_check (department and kind set). Conditions that do not hold make no record, and a row
 * that makes none is no error (ret_count 0); so is a line of totals, which begins with 合计, 总计, 小计 or 共计. A refusal names our column and its column in the file; its error
 * holds no value. ERR_DATE, ERR_CODE, ERR_VALUE, ERR_FORMULA_CELL, ERR_DIVISION, ERR_ID_NUMBER. A template of whose columns one is
 * empty is empty. */
struct feed_cells {
    struct slice cells[RECORD_COLUMN_COUNT];
    int record; /* which of feed->records made it */
};
int feed_convert(const struct feed *f, const struct feed_places *p, const struct sheet_cell *cells,
                 size_t count, struct arena *arena, struct feed_cells ret[FEED_RECORDS_MAX],
                 size_t *ret_count, int *ret_column, struct error *e);

/* One cell by a form, alone; for the assistant. */
int feed_read_cell(const struct feed_column *c, const struct sheet_cell *cell, struct arena *arena,
                   struct slice *ret, struct error *e);

/* A cell's text by what it is, masked for whoever may not see it: identity numbers, telephones and names by their usual
 * forms, dates to the year, codes and numbers as they stand, other text through `detect`. */
struct slice feed_mask_cell(const struct feed_column *c, struct slice text, struct arena *arena);

/* ---- which feeds there are ---- */

struct feed_library {
    struct feed **feeds; /* by name */
    size_t count;
};
/* Built-in ones, and over them the newest edition of each name in the database. `d` NULL: built-in ones alone. */
int feed_library_read(struct deployment *d, struct arena *arena, struct feed_library *ret,
                      struct error *e);
const struct feed *feed_library_find(const struct feed_library *l, struct slice name);

/* A new edition, inside a write transaction; ERR_MAPPING when it does not parse, ERR_CONFLICT when the department differs from
 * the one that the name had. The audit row is written here. */
int feed_save(struct deployment *d, struct slice text, int64_t account_id, int64_t now,
              int64_t *ret_id, struct error *e);

#endif
