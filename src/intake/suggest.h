/* The mapping assistant: an unknown sheet is looked at, and a mapping is suggested, with reasons. Pure.
 *
 * Each column of the file is weighed against what a record needs, by its name (words.def and the names that other feeds
 * use) and by its contents (check digits, dates, codes, how many values differ). Nothing is decided here: a
 * person changes what is wrong and confirms. */
#ifndef HUMIAO_INTAKE_SUGGEST_H
#define HUMIAO_INTAKE_SUGGEST_H

#include "detect/detect.h"
#include "intake/feed.h"

#define SUGGEST_SAMPLE 1000 /* rows that are looked at */

struct
    suggest_reason { /* one sentence, to be translated, with its figures: "97 of 100 cells are identity numbers" */
    const char *msgid;
    int64_t hits, cells;
    struct slice what; /* a name of a column or feed that it is like; NONE */
};
/* The sentence, translated, with its figures. */
const char *suggest_reason_text(const struct suggest_reason *r, enum language language,
                                struct arena *arena);

struct suggest_column {
    struct slice header;
    const char *
        use; /* "record_key" "id_no" "name" "birth_date" "division" "from" "to" "value" "note" "revision" "kind"
                        * "other_party" "other_name" "state" (which rows are withdrawn) "ignore"; NULL: not known */
    enum feed_form form;
    double sureness; /* 0 to 1: how far the reasons go */
    const struct suggest_reason *reasons;
    size_t reason_count;
    struct detect_column contents;
    bool sensitive; /* and not used: somebody has to decide */
    const struct feed_code
        *values; /* distinct values where they are few, with the suggested code ("" for none) */
    size_t value_count;
};
struct suggestion {
    const struct feed *like; /* the feed whose columns these are; NULL: none is near */
    double likeness;         /* 0 to 1 */
    enum record_kind kind;   /* KIND_NONE: not known */
    const struct suggest_reason *kind_reasons;
    size_t kind_reason_count;
    uint64_t header_number;
    const struct suggest_column *columns;
    size_t column_count;
    struct slice mapping; /* YAML as it would be saved; it may still lack what a person must say */
};

/* `rows` are the first of the sheet, header and titles among them, at most SUGGEST_SAMPLE. `department` and `name` for the
 * mapping; either may be empty. */
int suggest(const struct feed_library *known, const struct detect_lexicon *lexicon,
            const struct sheet_row *rows, size_t count, struct slice department, struct slice name,
            struct arena *arena, struct suggestion *ret, struct error *e);

/* Columns of a feed that a file no longer has, each with the unknown column of the file that looks most like it:
 * columns renamed overnight. -1: none. */
int suggest_renamed(const struct feed *f, const struct feed_places *p, const struct sheet_row *rows,
                    size_t count, struct arena *arena, int **ret_columns, struct error *e);

#endif
