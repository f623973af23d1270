/* Inside the mapping assistant: what its files share. */
#ifndef HUMIAO_INTAKE_SUGGEST_INSIDE_H
#define HUMIAO_INTAKE_SUGGEST_INSIDE_H

#include "intake/suggest.h"

enum suggest_use {
    USE_NONE = 0,
    USE_RECORD_KEY,
    USE_ID_NO,
    USE_NAME,
    USE_BIRTH_DATE,
    USE_DIVISION,
    USE_FROM,
    USE_TO,
    USE_VALUE,
    USE_NOTE,
    USE_REVISION,
    USE_KIND,
    USE_OTHER_PARTY,
    USE_OTHER_NAME,
    USE_STATE, /* says which rows count, or are withdrawn */
    USE_IGNORE,
    USE_COUNT
};
extern const char *const suggest_uses[USE_COUNT]; /* spellings; NULL for none */

#define FOLDED_MAX 192         /* bytes; a longer text is cut there */
#define SUGGEST_HEADER_MAX 200 /* bytes of a name that a mapping can hold */
#define REASONS_MAX 8
#define DISTINCT_MAX 40 /* distinct values that still make a table of codes */

/* ---- suggest_words.c ---- */

/* Small letters, half width, no blanks, no control characters, no brackets, no full stops and colons. */
struct slice suggest_fold(struct slice s, struct arena *arena);
/* Without what stands in brackets: 出生日期（公历） as 出生日期. */
struct slice suggest_fold_outside(struct slice s, struct arena *arena);
/* Whether a text is this one when it is folded. Takes no memory: each header is held against every name of every feed. */
bool suggest_folds_to(struct slice s, struct slice folded);
/* How well a folded name says each use, 0 to 1, and by which word. */
struct word_scores {
    double use[USE_COUNT];
    const char *word[USE_COUNT];
};
void suggest_words(struct slice folded, struct word_scores *ret);
/* The best of them; 0: no word. */
double suggest_words_best(const struct word_scores *w);

/* ---- suggest_contents.c ---- */

struct profile {
    size_t cells, empty, distinct;
    size_t id_numbers, id_near, dates, months, divisions, phones, icd, terms, names, numbers,
        free_texts;
    bool counts_rows; /* 1, 2, 3 … */
    double
        birth; /* share of dates that agree with the identity number beside them; -1: not compared */
    const struct slice *values; /* cells that are not empty, in the order of the rows */
    const size_t *value_rows;
    const struct slice *different; /* the first DISTINCT_MAX distinct values */
    size_t different_count;
};
/* The cell of a column in a row; empty beyond the row's end. */
struct sheet_cell suggest_cell(const struct sheet_row *row, size_t column);
void suggest_profile(const struct sheet_row *rows, size_t count, size_t column, struct arena *arena,
                     struct profile *ret);
/* A date in any form that a mapping reads, as a day. */
bool suggest_date(struct slice text, enum sheet_cell_kind kind, struct arena *arena, day *ret);
/* 3年6个月, 有期徒刑三年, P3Y. */
bool suggest_is_term(struct slice text);
bool suggest_is_icd(struct slice text);

/* ---- suggest_header.c ---- */

/* Where the header stands: an index into rows. ERR_SHEET: there is none, or it takes two rows. */
int suggest_header(const struct feed_library *known, const struct sheet_row *rows, size_t count,
                   struct arena *arena, size_t *ret, struct error *e);
/* 合计, total: a row that sums up and says nothing of anybody. */
bool suggest_sums_up(const struct sheet_row *row, struct arena *arena);

/* ---- suggest_like.c ---- */

/* What a feed's column is used for, by its records' templates. */
enum suggest_use suggest_use_of(const struct feed *f, int column);
/* The column of a feed that has this (folded) name; -1: none. */
int suggest_column_named(const struct feed *f, struct slice folded);
bool suggest_ignores(const struct feed *f, struct slice folded);
/* The nearest feed. `headers` are folded. */
const struct feed *suggest_like(const struct feed_library *known, const struct slice *headers,
                                size_t count, double *ret_likeness);
/* The one kind of all its records; KIND_NONE: several, or a column says it. */
enum record_kind suggest_only_kind(const struct feed *f);
/* Whether a feed of another kind is nearly as near. */
bool suggest_has_rival(const struct feed_library *known, const struct feed *like, double likeness,
                       const struct slice *headers, size_t count);

/* ---- the work on one sheet ---- */

struct weighed {
    struct slice header, folded;
    struct word_scores words;
    struct profile profile;
    double score[USE_COUNT];
    struct suggest_reason reasons[USE_COUNT][REASONS_MAX];
    size_t reason_count[USE_COUNT];
    enum suggest_use use;
    double sureness;
    enum feed_form form;
    enum record_kind group_kind; /* of the vocabulary that its values are of */
    int group;                   /* of a value: 1 first part, 2 second; 0: whole */
    bool last_day;               /* of an end: the day written is the last on which it holds */
    bool unusable, twin;         /* its name cannot stand in a mapping; another column has it */
    struct detect_column contents;
    bool sensitive;
    const struct feed_code *codes;
    size_t code_count;
};
struct suggesting {
    const struct feed_library *known;
    const struct sheet_row *rows; /* below the header */
    size_t row_count;
    const struct sheet_row *titles; /* above it */
    size_t title_count;
    struct weighed *columns;
    size_t column_count;
    const struct feed *like;
    double likeness;
    bool rival; /* another feed is nearly as near, and of another kind */
    enum record_kind kind;
    struct suggest_reason kind_reasons[REASONS_MAX];
    size_t kind_reason_count;
    struct slice department, name;
    struct arena *arena;
};
void suggest_say(struct weighed *c, enum suggest_use use, const char *msgid, size_t hits,
                 size_t cells, struct slice what);

void suggest_weigh(struct suggesting *s);  /* suggest_weigh.c: scores and reasons */
void suggest_assign(struct suggesting *s); /* suggest_assign.c: one use a column */
void suggest_kind(struct suggesting *s);   /* suggest_kind.c */
/* suggest_codes.c: the table of a column of codes, against the vocabulary of a kind and group (0: any). */
struct vocabulary_fit {
    enum record_kind kind;
    int group;
    size_t hits, cells; /* of the distinct values */
};
struct vocabulary_fit suggest_vocabulary(const struct profile *p, enum record_kind kind, int group,
                                         struct arena *arena);
void suggest_codes(struct suggesting *s);
/* suggest_settle.c: columns by what the kind asks of its value. */
void suggest_settle(struct suggesting *s);
struct slice suggest_unit(const struct weighed *c); /* of bare numbers, by the name */
const char *suggest_constant(
    enum record_kind kind); /* a value that stands where no column gives one; NULL */
struct slice suggest_print(const struct suggesting *s); /* suggest_print.c: the mapping */

#endif
