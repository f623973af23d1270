/* Reading the statements of a workflow: for workflow_parse*.c alone. */
#ifndef HUMIAO_CARE_WORKFLOW_READER_H
#define HUMIAO_CARE_WORKFLOW_READER_H

#include "care/workflow_inside.h"

struct reader {
    struct scanner scanner;
    struct statement line;
    size_t at;        /* the token that is looked at */
    const char *form; /* how the line is written, for hints */
    struct workflow *w;
    struct arena *arena;
    struct error *error;
    struct state *state; /* the last one that began, if no event has */
    struct event *event;
    struct way *way, **next_way; /* the last of the event's; where the next is hung */
};

/* ---- tokens: workflow_parse.c ---- */

static inline const struct token *reader_now(const struct reader *p)
{
    return p->at < p->line.count ? &p->line.tokens[p->at] : NULL;
}

/* Takes the word if it is the next one. */
bool reader_take(struct reader *p, const char *word);
/* A word that has to stand there. */
int reader_expect(struct reader *p, const char *word);
/* Some word, whichever; some number. */
int reader_word(struct reader *p, struct token *ret);
int reader_number(struct reader *p, struct token *ret);
/* Takes a comma if one is next; then the list goes on. */
bool reader_comma(struct reader *p);
int reader_end(struct reader *p);

/* What is there does not belong there, or something is missing; the hint gives the form. */
int reader_misplaced(struct reader *p);
/* A sentence about one word ("%.*s"), with a hint of the catalogue; or none: the caller sets it. */
int reader_fault(struct reader *p, const struct token *t, const char *what, const char *hint);
/* The same of a line that stands a second time; `first` says where it stood. */
int reader_twice(struct reader *p, const struct token *t, struct place first);

/* ---- the lines of a state: workflow_parse_state.c ---- */

int parse_waits(struct reader *p, const struct token *first);
int parse_clock(struct reader *p, const struct token *first);
int parse_repeats(struct reader *p, const struct token *first);
int parse_escalates(struct reader *p, const struct token *first);
int parse_each(struct reader *p, const struct token *first);
int parse_audience(struct reader *p, enum workflow_audience *ret);
int parse_notice(struct reader *p, const char **ret, struct place *ret_place);

/* ---- the lines of an event: workflow_parse_event.c ---- */

int parse_from(struct reader *p, const struct token *first);
int parse_stays(struct reader *p, const struct token *first);
int parse_by(struct reader *p, const struct token *first);
int parse_notifies(struct reader *p, const struct token *first);
/* A list of roles; `others` admits owner and system. */
int parse_roles(struct reader *p, bool others, uint32_t *ret);

#endif
