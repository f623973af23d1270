/* Policies: the law as text, compiled, and evaluated from timelines to timelines.
 *
 * A child's situation is a timeline, and a policy is a function from timelines to timelines. This
 * room reads the text of policies (docs/policy-language.md), and for one child with its family
 * gives the stretches of days in which each category holds or cannot be decided, and the reasons.
 *
 * The room is pure: arrays in, arrays out; no file, no clock, no store. A compiled set never
 * changes, so any number of threads may use it at once, each with an arena of its own. */
#ifndef HUMIAO_POLICY_POLICY_H
#define HUMIAO_POLICY_POLICY_H

#include "base/arena.h"
#include "base/day.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- words the law's text and the family's arrays share ------------------------------------- */

/* Kleene's three values; the order is such that `and` is the lesser and `or` the greater. */
enum policy_truth { POLICY_FALSE, POLICY_UNKNOWN, POLICY_TRUE };

/* The relations of relations.csv, spelled as there (roles.def). */
enum policy_role {
    POLICY_ROLE_NONE,
#define ROLE(symbol, name, zh, en) POLICY_ROLE_##symbol,
#include "policy/roles.def"
#undef ROLE
    POLICY_ROLE_COUNT
};

/* POLICY_ROLE_NONE where there is no such relation. */
enum policy_role policy_role_by_name(struct slice name);
const char *policy_role_name(enum policy_role role); /* "" for NONE */
const char *policy_role_label(enum policy_role role, enum language language);

/* The kinds of facts of records.csv (kinds.def), numbered from 0. */
int policy_kind_by_name(struct slice name); /* -1 where there is no such kind */
int policy_kind_count(void);
const char *policy_kind_name(int kind);
const char *policy_kind_label(int kind, enum language language);

/* ---- the family: what is known of one child -------------------------------------------------- */

/* Persons are named by their index; 0 is the child. Everybody of the child's household and
 * everybody with a kin row must be there. */
struct policy_person {
    bool same_household; /* has the child's household, which is not empty (the child itself: any) */
    bool household_empty; /* has no household of its own */
};

/* One record in force; retracted and superseded ones are not handed in. */
struct policy_fact {
    int person;         /* index of whom it is about */
    int kind;           /* policy_kind_by_name */
    day from, to;       /* [from, to); `to` DAY_FOREVER where it is open */
    struct slice value; /* as in records.csv; NONE or empty where there is none */
    int other; /* of divorced and married: index of the other party, -1 where not in the family */
    const void *tag; /* the caller's; never read */
};

/* One row of relations.csv about the child. */
struct policy_kin {
    int person;
    enum policy_role role; /* of that person to the child */
    day from, to;          /* [from, to); DAY_BEGINNING is "since birth", DAY_FOREVER open */
};

struct policy_family {
    day birth;                           /* the child's */
    const struct policy_person *persons; /* persons[0] is the child */
    size_t person_count;                 /* at least 1 */
    const struct policy_fact *facts;     /* all of one person's together, in ascending `person` */
    size_t fact_count;
    const struct policy_kin *kin; /* in the order of entry: of equal rows the later counts */
    size_t kin_count;
};

/* ---- the compiled set ------------------------------------------------------------------------ */

struct policy_set;

/* Compiles the sources, in the order given, to one set, which lives in the arena together with
 * copies of all it needs: the texts may go. Error: ERR_POLICY, with detail "file:line:column:
 * what" followed by the source line with a caret under the place, and the hint where there is
 * one. */
int policy_compile(const struct source *sources, size_t count, struct arena *a,
                   const struct policy_set **ret, struct error *e);

struct policy_cite {
    const char *document; /* "民发〔2019〕62号" */
    const char *article;  /* "一"; "" where none is given */
};

/* What a set says about one category, condition or signal. */
struct policy_info {
    const char *name;    /* as screen prints it */
    const char *zh, *en; /* labels */
    bool signal;         /* a signal is a category that gives no right: a hint only */
    const struct policy_cite *cites;
    size_t cite_count;
    const char *const *needs; /* needs that follow; names */
    size_t need_count;
    const char *level;      /* default level, or "" */
    const char *department; /* responsible department, or "" */
    const char *file;
    int line;
};

/* Categories and signals, sorted by name (by code point), numbered from 0. */
size_t policy_category_count(const struct policy_set *set);
const struct policy_info *policy_category_info(const struct policy_set *set, size_t category);
int policy_category_by_name(const struct policy_set *set, struct slice name); /* or -1 */
static inline const char *policy_info_label(const struct policy_info *i, enum language language)
{
    return language == LANGUAGE_ZH ? i->zh : i->en;
}

/* The set in its canonical form: conditions, then categories, each sorted by name; compiling the
 * text gives the same set again. NUL-terminated, in the arena. */
struct slice policy_set_print(const struct policy_set *set, struct arena *a);

/* One category (or signal) in canonical form. */
struct slice policy_category_print(const struct policy_set *set, size_t category, struct arena *a);

/* ---- evaluation ------------------------------------------------------------------------------ */

/* A longest run of days with one status. */
struct policy_stretch {
    day from, to;             /* within [birth, 18th birthday); never empty */
    enum policy_truth status; /* POLICY_TRUE: holds; POLICY_UNKNOWN: review */
};

/* Ascending; days in between are POLICY_FALSE. Two that touch differ in status. */
struct policy_timeline {
    const struct policy_stretch *stretches; /* in the arena; NULL when count is 0 */
    size_t count;
};

/* Evaluates every category; `ret` has room for policy_category_count(set). Cannot fail: rows that
 * name no person of the family, no kind or an empty interval count as absent. The arena holds the
 * stretches and, for large families, some scratch. */
void policy_evaluate(const struct policy_set *set, const struct policy_family *family,
                     struct arena *a, struct policy_timeline *ret);

/* The stretch around the day, or NULL where the category is false on it. */
const struct policy_stretch *policy_timeline_at(const struct policy_timeline *t, day d);

/* The first day after `d` on which any of the timelines changes; DAY_FOREVER when none does. */
day policy_timeline_next(const struct policy_timeline *timelines, size_t count, day d);

/* ---- explanation ----------------------------------------------------------------------------- */

/* What a line of an explanation is about (operators.def). */
enum policy_op {
#define OPERATOR(symbol, word, about, zh, en) POLICY_OP_##symbol,
#include "policy/operators.def"
#undef OPERATOR
    POLICY_OP_COUNT
};

/* Why something is not known. */
enum policy_why {
    POLICY_WHY_NONE,
    POLICY_WHY_NOT_REGISTERED, /* that parent is not registered on the day */
    POLICY_WHY_TERM_UNKNOWN,   /* custody of unknown term, before the months are up */
};

#define POLICY_NOBODY (-1) /* a parent who is not registered; or: the line is about no person */

/* One line; a tree in reading order, each line's parts following it one deeper. */
struct policy_reason {
    int depth;
    enum policy_op op;
    const char *zh, *en;   /* words of this line, without person, truth and days */
    int person;            /* index of whom it is about; 0 the child; POLICY_NOBODY */
    enum policy_role role; /* in which that person counts here; NONE outside a quantifier */
    enum policy_truth truth;
    day since, until; /* the stretch of that truth around the day, within [birth, 18th birthday) */
    bool decisive;    /* has a share in the verdict: a short explanation shows only these */
    /* The line under which its parts stand: itself, or an earlier one that is about the same. A
     * false condition without a share in the verdict has no parts. */
    size_t parts_at;
    const uint32_t *facts; /* indexes of the family's facts that bear on it on the day */
    size_t fact_count;
    const struct policy_cite *cites;
    size_t cite_count;
    enum policy_why why; /* set on unknown facts and members */
    day why_until;       /* TERM_UNKNOWN: the day on which it will be true if nothing is entered */
};

/* Something that would have to be otherwise. */
struct policy_change {
    size_t reason; /* index of the line */
    bool becomes;  /* the truth it would have to take */
};

struct policy_explanation {
    enum policy_truth truth; /* of the category on the day; FALSE outside [birth, 18th birthday) */
    day since, until; /* of that truth; outside the window: the window's near end, and for ever */
    /* The next day after as_of on which its truth changes by what is known, and to what;
     * DAY_FOREVER when none. */
    day next;
    enum policy_truth next_truth;
    const struct policy_reason *reasons; /* [0] is the category itself */
    size_t reason_count;
    const size_t *undecided; /* for review: the lines (facts, members) whose truth would decide */
    size_t undecided_count;
    /* When it does not hold: the fewest conditions or facts that, changed, would make it hold; at
     * most 3, else none is named. */
    const struct policy_change *changes;
    size_t change_count;
};

/* Why the category is what it is on the day. All in the arena. */
void policy_explain(const struct policy_set *set, const struct policy_family *family,
                    size_t category, day as_of, struct arena *a, struct policy_explanation *ret);

/* ---- what is wanting --------------------------------------------------------------------------- */

/* A fact that is not known and would decide: the table missing.def. */
enum policy_missing {
    POLICY_MISSING_NONE,
#define MISSING(symbol, name, zh, en) POLICY_MISSING_##symbol,
#include "policy/missing.def"
#undef MISSING
    POLICY_MISSING_COUNT
};

enum policy_missing policy_missing_by_name(struct slice name); /* NONE: no such name */
const char *policy_missing_name(enum policy_missing missing);  /* "" for NONE */
const char *policy_missing_label(enum policy_missing missing, enum language language);

/* Of a category that cannot be decided on the day: what would decide it, each once, in the order of the
 * table; at least one. Returns how many; 0 where the category is decided. */
size_t policy_missing_of(const struct policy_set *set, const struct policy_family *family,
                         size_t category, day as_of, struct arena *a,
                         enum policy_missing ret[POLICY_MISSING_COUNT]);

/* ---- what is asked ------------------------------------------------------------------------------- */

/* Kinds of facts as bits, by of whom they are asked. */
struct policy_asked {
    uint64_t child, parents, others; /* others: guardians, the household */
};
/* Adds what the category asks, with all that it refers to. */
void policy_asks(const struct policy_set *set, size_t category, struct policy_asked *io);

/* The legal parents on a day: at most two; 0 where the child's window is empty. */
struct policy_parent {
    int person; /* POLICY_NOBODY: not registered */
    enum policy_role role;
};
size_t policy_legal_parents(const struct policy_set *set, const struct policy_family *family,
                            day on, struct arena *arena, struct policy_parent ret[2]);

#endif
