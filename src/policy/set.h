/* The compiled set, as the rest of the room sees it. For this room only. */
#ifndef HUMIAO_POLICY_SET_H
#define HUMIAO_POLICY_SET_H

#include "policy/line.h"
#include "policy/policy.h"

#define POLICY_TEXT_MAX (1u << 20)   /* bytes of one source */
#define POLICY_DECLARATIONS_MAX 1000 /* of a set */
#define POLICY_DEPTH_MAX 64          /* of parentheses and `not` */
#define POLICY_HEIGHT_MAX 256        /* of an expression with all it refers to */
#define POLICY_LIST_MAX 64           /* values, kinds, cites, needs in one list */
#define POLICY_LABEL_MAX 200         /* bytes of a quoted text */
#define POLICY_NAME_MAX 64           /* bytes of a name or a value */
#define POLICY_NUMBER_MAX 9999

/* Of whom an expression speaks. */
enum about { ABOUT_ANY, ABOUT_CHILD };

struct operator_row {
    const char *word;
    enum about about;
    const char *zh, *en;
};
extern const struct operator_row policy_operators[POLICY_OP_COUNT];

/* The kinds, with what their values may be. */
extern const char VALUE_ANY[], VALUE_NONE[], VALUE_TERM[], VALUE_PARTY[];
struct kind_row {
    const char *name, *values, *zh, *en;
};
const struct kind_row *policy_kind_row(int kind);

/* The persons that `every`, `any` … range over: GROUP(symbol, words, zh, en). */
#define POLICY_GROUPS                                                \
    GROUP(LEGAL_PARENTS, "legal parent", "法定父母", "legal parent") \
    GROUP(GUARDIANS, "guardian", "监护人", "guardian")               \
    GROUP(HOUSEHOLD, "household member", "家庭成员", "household member")

enum group {
#define GROUP(symbol, words, zh, en) GROUP_##symbol,
    POLICY_GROUPS
#undef GROUP
        GROUP_COUNT
};

/* How a record's own days become the days on which it counts. */
enum tense {
    TENSE_SIMPLE,      /* on its days */
    TENSE_TERM,        /* with a term of at least …: on its days, if it is for so long */
    TENSE_AFTER_MORE,  /* after more than …: from the day after so long */
    TENSE_AFTER_LEAST, /* after at least …: from the day on which it is so long */
};

enum unit { UNIT_DAYS, UNIT_WEEKS, UNIT_MONTHS, UNIT_YEARS };

struct length {
    int32_t number;
    enum unit unit;
};
struct duration policy_length_duration(struct length length);

struct place {
    int source; /* index of the source */
    int line, column;
    const char *line_start; /* in the source's text: only while compiling */
};

struct node {
    enum policy_op op;
    struct place place;
    struct node **parts; /* of OR, AND (two or more), NOT, PERSONS (one) */
    size_t part_count;
    bool personal;          /* speaks of one person's facts only, whoever that is */
    uint64_t kinds;         /* the kinds of facts that can change its truth, a bit each */
    enum policy_truth bare; /* personal: its truth of a person who has none of these */
    int slot;               /* CONDITION: its number; PERSONS: a number of its own; for the memo */
    /* CONDITION, CATEGORY: name as written, and the index in the set */
    struct slice name;
    size_t target;
    /* FACT */
    int kind;
    struct slice *values; /* patterns; none: any value */
    size_t value_count;
    enum tense tense;
    struct length length;
    /* AGED: under `number` years, or `number` or over */
    bool or_over;
    uint32_t number;
    /* PERSONS: how many of the group must be so; `every` is "none is not" */
    enum group group;
    struct line_quota quota;
    bool every;
    /* LATEST: of the kinds, the one that must be the latest */
    int *of;
    size_t of_count;
};

struct declaration {
    struct policy_info info;
    bool condition; /* else a category or signal */
    struct place place;
    struct policy_cite *cites; /* what info.cites shows */
    size_t cite_capacity;
    struct node *body;
    int visit; /* of the check for cycles: 0 not yet, 1 under way, else height + 1 */
};

struct policy_set {
    struct declaration *conditions, *categories; /* sorted by name */
    size_t condition_count, category_count;
    size_t slot_count;
};

/* Parsing one source: appends to the declarations. Resolving and checking the whole. */
struct compiler {
    const struct source *sources;
    size_t source_count;
    struct arena *arena;
    struct error *error;
    struct declaration *all;
    size_t count, capacity;
};

int policy_parse(struct compiler *c, int source);
int policy_check(struct compiler *c, struct policy_set *set);

/* The error with its place, the source line and a caret. */
int policy_fail(struct compiler *c, struct place at, const char *what, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the nearest name as the hint; returns -ERR_POLICY. */
int policy_hint(struct compiler *c, const struct nearest *n);

/* A word that the grammar keeps for itself. */
bool policy_word_reserved(struct slice word);
bool policy_word_is_name(struct slice word);

/* Text. */
struct writer {
    struct arena *arena;
    char *p;
    size_t n, capacity;
};
void write_text(struct writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));
void write_node(struct writer *w, const struct node *n); /* on one line, as the language has it */
void write_node_words(struct writer *w, const struct node *n, enum language language);

#endif
