/* Inside the feeds: how a cell's text is read. Only feed*.c include this. */
#ifndef HUMIAO_INTAKE_FEED_INSIDE_H
#define HUMIAO_INTAKE_FEED_INSIDE_H

#include "intake/feed.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Why a cell is refused; `why` NULL: it is not. Both are msgids. */
struct feed_fault {
    enum error_code code;
    const char *why, *hint;
};

/* ---- texts (feed_text.c) ---- */

/* Full-width forms as ASCII, every blank and line break one space, none at the ends; what cannot be seen is gone. */
struct slice feed_narrow(struct slice text, struct arena *arena);
struct slice feed_clean(struct slice text,
                        struct arena *arena); /* the same with full-width forms */
struct slice feed_unspaced(struct slice text, struct arena *arena); /* the same without any blank */

/* A number at the beginning of a narrowed text: ASCII digits, or Chinese ones, spelt by place (三十一, 廿一) or digit by
 * digit (二〇二四). Returns the bytes that it takes; 0: there is none, or none that makes sense. */
#define FEED_NUMERAL_MAX 99999999
struct feed_numeral {
    int value;
    int figures; /* how many digits were written; 0: spelt by place */
    bool chinese;
};
size_t feed_numeral(struct slice text, struct feed_numeral *ret);

/* Takes `word` from the beginning; false: it does not begin so. */
bool feed_take(struct slice *text, const char *word);
void feed_take_blanks(struct slice *text);

/* ---- forms (feed_date.c, feed_term.c): `text` is narrowed ---- */

struct feed_moment {
    day day;
    int second; /* of the day, in Shanghai */
};
/* `form` is FORM_DATE, FORM_MONTH (the first of the month) or FORM_MOMENT. False with the fault. */
bool feed_date_read(struct slice text, enum sheet_cell_kind kind, enum feed_form form,
                    struct feed_moment *ret, struct feed_fault *fault);

/* What follows the day in a date with its time. */
bool feed_time_read(struct slice text, struct feed_moment *io);

/* An ISO 8601 duration in the arena. */
bool feed_term_read(struct slice text, struct slice unit, struct arena *arena, struct slice *ret,
                    struct feed_fault *fault);

#endif
