/* The same story once more, as departments hand it in: lists with their own columns, codes and ways of writing, as XLSX
 * and as CSV in two encodings, each for one mapping of feeds/. Beside them, what taking them in must come to, and the good
 * records as records.csv. The other files of the district do not depend on whether these are made. */
#ifndef HUMIAO_SYNTH_DELIVERIES_H
#define HUMIAO_SYNTH_DELIVERIES_H

#include "synth/arrivals.h"
#include "synth/record.h"

/* What is gathered of one record of the story for one list, until its file is written. */
struct synth_notice {
    char key[80], id[64], name[SYNTH_NAME_MAX], value[80];
    char other_name[SYNTH_NAME_MAX]; /* of the other party, the id of which is the value */
    day birth, from, to;
    bool known, other_known, withdrawn;
    uint8_t kind; /* enum synth_kind */
};

enum synth_source { /* what a column is filled from */
                    SOURCE_SERIAL,
                    SOURCE_KEY,
                    SOURCE_ID,
                    SOURCE_NAME,
                    SOURCE_BIRTH,
                    SOURCE_FROM,
                    SOURCE_TO,
                    SOURCE_LAST_DAY,  /* the day before the end */
                    SOURCE_DUE,       /* the same, of an end that is still to come */
                    SOURCE_CANCELLED, /* an end, where the last day is not given instead */
                    SOURCE_TERM,
                    SOURCE_DIVISION,
                    SOURCE_ICD,
                    SOURCE_CODE,  /* the first part of the value, by the column's codes */
                    SOURCE_LEVEL, /* the second */
                    SOURCE_STATUS,
                    SOURCE_OTHER_ID,
                    SOURCE_OTHER_NAME,
                    SOURCE_SEX,
                    SOURCE_PHONE,
                    SOURCE_ANYTHING, /* of the column's texts; nothing reads it */
};
struct synth_code {
    const char *code, *texts[4];
};
struct synth_column {
    enum synth_source source;
    const char *names[4];
    const struct synth_code *codes; /* ends with a NULL code */
};

enum synth_recipe { /* what a record's key is made of, and how many records a row makes */
                    RECIPE_KEY,
                    RECIPE_KEY_NAME, /* key-name */
                    RECIPE_KEY_DAY,  /* key-first day */
                    RECIPE_PARTIES   /* key-h and key-w */
};
enum synth_shape { SHAPE_XLSX, SHAPE_XLSX_TEXT, SHAPE_GB18030, SHAPE_UTF8 };

struct synth_list {
    const char *feed, *title;
    enum synth_department department;
    enum synth_shape shape;
    bool titled, totalled; /* with lines above the header, with a last line that sums up */
    enum synth_recipe recipe;
    const char *constant; /* value of every record; NULL: the notice's own */
    int revised;          /* 0: no; else the rank of its records among those of other lists */
    const struct synth_column *columns;
    size_t column_count;
};
extern const struct synth_list synth_lists[];
extern const size_t synth_list_count;

/* The lists that speak of a kind; at most two, -1 for none. */
void synth_lists_of(const struct synth_notice *n, day as_of, int ret[2]);

struct synth_deliveries;
struct synth_deliveries *synth_deliveries_new(const struct synth_options *o);
struct synth_deliveries *synth_deliveries_end(
    struct synth_deliveries *d); /* takes NULL, returns NULL */
/* One record of the story, as it is sent. */
int synth_deliveries_tell(struct synth_deliveries *d, const struct synth_family *f,
                          const struct synth_record *r, day on, enum synth_row row,
                          struct error *e);
/* Writes the folder deliveries/ below the directory. Errors as synth_write. */
int synth_deliveries_write(struct synth_deliveries *d, struct error *e);

/* ---- parts: how things are written (delivery_text.c) ---- */

#define SYNTH_CELL_MAX 128
enum synth_cell_form {
    CELL_IS_TEXT,
    CELL_IS_DATE,
    CELL_IS_SERIAL,
    CELL_IS_NUMBER,
    CELL_IS_FORMULA
};
struct synth_cell {
    char text[SYNTH_CELL_MAX];
    enum synth_cell_form form;
    day date;
};
void synth_text_date(struct synth_random *r, day d, bool book, struct synth_cell *ret);
void synth_text_id(struct synth_random *r, const char *id, struct synth_cell *ret);
void synth_text_term(struct synth_random *r, const char *term, struct synth_cell *ret);
void synth_text_plain_id(const char *id, char ret[64]); /* ASCII, X */

/* ---- parts: one file (delivery_file.c) ---- */

struct synth_sheet;
int synth_sheet_open(const char *path, const struct synth_list *l, struct synth_sheet **ret,
                     struct error *e);
void synth_sheet_titles(struct synth_sheet *s, const char *const *lines, size_t count,
                        size_t width);
void synth_sheet_row(struct synth_sheet *s, const struct synth_cell *cells, size_t count,
                     bool header);
int synth_sheet_close(struct synth_sheet *s, struct error *e); /* frees it */

/* ---- parts: what must come of it (delivery_count.c) ---- */

struct synth_versions;
struct synth_versions *synth_versions_new(void);
void synth_versions_end(struct synth_versions *v);
struct synth_outcome {
    uint64_t rows, accepted, duplicate, quarantined, unlinked;
};
struct synth_made { /* one record of a row */
    char key[160];
    const char *kind;
    enum synth_department department;
    char id[64], name[SYNTH_NAME_MAX], value[80], revision[40];
    day birth, from, to, revised; /* revised: DAY_BEGINNING for none */
    bool known, withdrawn;
};
/* Counts all records of a row; false: the row is refused whole. */
bool synth_versions_take(struct synth_versions *v, const struct synth_made *made, size_t count,
                         struct synth_outcome *counts);

#endif
