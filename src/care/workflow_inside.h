/* The compiled workflow, and what its files share: for workflow*.c alone. */
#ifndef HUMIAO_CARE_WORKFLOW_INSIDE_H
#define HUMIAO_CARE_WORKFLOW_INSIDE_H

#include "base/source.h"
#include "care/workflow.h"

#define WORKFLOW_STATES_MAX 64 /* sets of states are bits */
#define WORKFLOW_NAME_MAX 40   /* bytes of a name */
#define WORKFLOW_LENGTH_MAX 999

/* Where something stands; line_start leads to the line that an error shows. */
struct place {
    uint32_t line, column; /* from 1; columns count characters, as an editor does */
    const char *line_start;
};

/* ---- lengths of time ---- */

enum unit { UNIT_MINUTES, UNIT_HOURS, UNIT_DAYS, UNIT_WEEKS, UNIT_MONTHS, UNIT_COUNT };

struct length {
    int32_t count;
    enum unit unit;
};

/* One length a level; `given` has a bit for each that is there. */
struct lengths {
    uint32_t given;
    struct length of[LEVEL_COUNT];
    struct place place;
};

enum anchor { FROM_ENTRY, FROM_OPENING, FROM_DAY_SET };

/* ---- states ---- */

enum state_kind { STATE_WAITING, STATE_INITIAL, STATE_END };

struct state {
    const char *name, *label[2]; /* by enum language */
    enum state_kind kind;
    struct place place;
    struct place waits_place; /* line 0: it does not say whom it waits for */
    enum workflow_audience waits_for;
    enum anchor anchor;
    bool repeats;          /* the clock says by when the next visit is made */
    struct lengths clock;  /* place.line 0: none */
    struct lengths each;   /* between steps; place.line 0: none */
    struct place up_place; /* line 0: no escalation */
    bool together;         /* what waits here is told of together */
    size_t up_count;
    enum workflow_audience up[AUDIENCE_COUNT];
    const char *overdue; /* kind of the notice */
    struct place overdue_place;
};

/* ---- events ---- */

struct notify {
    uint32_t to; /* a set of audiences */
    const char *kind;
    struct place place;
};

/* One way an event can go: from a set of states to one, or staying in each of them. */
struct way {
    uint64_t from; /* a set of states */
    bool stays;
    size_t to; /* a state, unless it stays */
    struct place place;
    struct place by_place; /* line 0: nobody may */
    uint32_t roles;        /* a set of roles, and of the two below */
    uint64_t needs, forbids;
    struct notify notifies[WORKFLOW_NOTICES_MAX];
    size_t notify_count;
    struct way *next;
};

#define BY_OWNER 30
#define BY_SYSTEM 31

struct event {
    const char *name, *label[2];
    struct place place;
    struct way *ways; /* in the order of the text */
};

struct workflow {
    const char *file;
    struct slice text;
    const char *name, *label[2];
    struct place place, owned_place; /* owned_place line 0: nobody owns */
    uint32_t owners;                 /* a set of roles */
    struct state states[WORKFLOW_STATES_MAX];
    size_t state_count;
    struct event events[WORKFLOW_EVENTS_MAX];
    size_t event_count;
};

#define STATE_BIT(number) (UINT64_C(1) << (number))

static inline bool has(uint32_t set, unsigned member) { return set >> member & 1; }
static inline bool has_state(uint64_t set, size_t state) { return set >> state & 1; }

/* The number; state_count or event_count where there is none. */
size_t state_find(const struct workflow *w, struct slice name);
size_t event_find(const struct workflow *w, struct slice name);

/* ---- words: workflow_words.c ---- */

int audience_parse(struct slice name); /* -1: none */
int guard_parse(struct slice name);    /* -1: none */
bool guard_is_given(enum workflow_guard guard);
int unit_parse(struct slice name); /* singular or plural; -1: none */
const char *unit_name(enum unit unit, bool plural);
const char *anchor_words(enum anchor anchor); /* "" for the entry */

/* ---- faults: workflow_message.c ---- */

/* ERR_WORKFLOW with file:line:column, what is said (of the catalogue), the line and a caret. */
int workflow_fault(const struct source *s, struct place at, struct error *e, const char *what, ...)
    __attribute__((format(printf, 4, 5)));

/* A word for a message: clipped, and whole characters. */
struct slice clip_word(struct slice word);

/* ---- reading: workflow_read.c ---- */

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_COMMA };

struct token {
    enum token_kind kind;
    struct slice text; /* of a quoted text: what stands between the quotes */
    int32_t number;    /* of a number */
    struct place place;
};

/* A line of the text, carried on where it ends with a comma. */
#define STATEMENT_TOKENS_MAX 128
struct statement {
    struct token tokens[STATEMENT_TOKENS_MAX];
    size_t count;
    struct place end; /* behind the last token */
};

struct scanner {
    struct source source;
    struct error *error;
    const char *p, *end;
    struct place here;
};

void scanner_begin(struct scanner *s, struct source source, struct error *e);
/* The next line that says something; count is 0 at the end of the text. */
int scanner_statement(struct scanner *s, struct statement *ret);

/* ---- time: workflow_time.c ---- */

/* The end of that length from the instant on. */
int64_t length_end(struct length l, int64_t from);

/* The deadline of a state that is entered now; WORKFLOW_NEVER at an end. */
int64_t state_due(const struct state *s, enum level level, const struct workflow_times *times);
/* The next one after a deadline that was missed. */
int64_t state_due_again(const struct state *s, enum level level, int64_t due, int64_t now);

#endif
