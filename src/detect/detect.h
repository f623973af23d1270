/* What in a text is sensitive. Pure: a text and a lexicon go in, spans come out, in one pass over the bytes.
 *
 * Found are identity numbers by their check digit (GB 11643-1999), also with blanks or hyphens between, in full-width
 * digits, and those one character off; telephones (mobile and with area code); bank cards (Luhn, with a known first
 * digit and length); names of people and addresses of the district (from the lexicon); terms of health, offence and abuse
 * (terms.def, two languages). Numbers of orders, licences and accounts that merely look alike are not (decision record on recall and
 * precision).
 *
 * Spans do not overlap, come in order, and lie on character bounds. Nothing here keeps or logs a text. */
#ifndef HUMIAO_DETECT_DETECT_H
#define HUMIAO_DETECT_DETECT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum detect_kind {
    DETECT_NONE = 0,
    DETECT_ID_NUMBER,
    DETECT_ID_NUMBER_NEAR, /* one character off: of 18, birth date and all else fit */
    DETECT_PHONE,
    DETECT_BANK_CARD,
    DETECT_NAME,
    DETECT_ADDRESS,
    DETECT_HEALTH,
    DETECT_OFFENCE,
    DETECT_ABUSE,
    DETECT_KIND_COUNT
};
const char *detect_kind_name(enum detect_kind kind); /* "id_number" */
enum detect_kind detect_kind_parse(struct slice name);

struct detect_span {
    uint32_t start, end; /* bytes */
    enum detect_kind kind;
};

/* Names and places to be known again; made once, shared by all threads, never changed. */
struct detect_lexicon;
struct detect_lexicon_builder;
struct detect_lexicon_builder *detect_lexicon_begin(void); /* NULL: no memory */
/* A registered person's name, of at least two characters; the same name again is free. */
int detect_lexicon_name(struct detect_lexicon_builder *b, struct slice name, struct error *e);
/* A division's name, such as 稠城街道 or 诚信村: begins an address. */
int detect_lexicon_place(struct detect_lexicon_builder *b, struct slice place, struct error *e);
/* Uses up and frees the builder. */
int detect_lexicon_end(struct detect_lexicon_builder *b, struct detect_lexicon **ret,
                       struct error *e);
struct detect_lexicon *detect_lexicon_free(struct detect_lexicon *l); /* takes NULL, returns NULL */

/* All spans of a text of at most 4 GiB, in the arena. `lexicon` NULL: numbers, terms, and names that a surname and their
 * surroundings give away. */
int detect_find(const struct detect_lexicon *lexicon, struct slice text, struct arena *arena,
                struct detect_span **ret, size_t *ret_count, struct error *e);

/* The text with those spans masked whose kind is in `hidden` (bits 1 << kind): names 陈**, numbers their first three
 * digits, telephones 138****5678, addresses down to the township, terms two stars. In the arena. */
struct slice detect_mask(struct slice text, const struct detect_span *spans, size_t count,
                         uint32_t hidden, struct arena *arena);

/* What a column holds, from a sample of its cells. `kind` DETECT_NONE: nothing sensitive. */
struct detect_column {
    enum detect_kind kind; /* the most frequent */
    size_t cells, hits;    /* not empty; with a span of that kind */
};
int detect_column(const struct detect_lexicon *lexicon, const struct slice *cells, size_t count,
                  struct arena *arena, struct detect_column *ret, struct error *e);
/* A single identity number or bank card; else 2 in 100 cells, and of fewer than 5 all of them: local, unconfirmed. */
bool detect_column_sensitive(const struct detect_column *c);

/* Finds and packs: what is kept beside a text that enters. Never empty, so that a text that was searched is
 * told from one that was not. */
int detect_marks(const struct detect_lexicon *lexicon, struct slice text, struct arena *arena,
                 struct slice *ret, struct error *e);

/* Spans kept beside a text, packed; what is damaged or does not fit the text reads as none. */
struct slice detect_spans_pack(const struct detect_span *spans, size_t count, struct arena *arena);
size_t detect_spans_read(struct slice packed, size_t text_size, struct arena *arena,
                         struct detect_span **ret);

#endif
