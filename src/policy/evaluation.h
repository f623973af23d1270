/* One family being evaluated. For this room only. */
#ifndef HUMIAO_POLICY_EVALUATION_H
#define HUMIAO_POLICY_EVALUATION_H

#include "policy/set.h"

/* The legal parents on some days: one or two, POLICY_NOBODY where not registered. */
struct parents {
    day from, to;
    int count;
    int who[2];
    enum policy_role role[2];
    bool adoptive;
};

struct person_facts {
    uint64_t kinds; /* a bit each */
    size_t first, count;
};

#define NEAR_PERSONS 16
#define NEAR_PARENTS 4
#define NEAR_MEMO 160
#define NEAR_CATEGORIES 32

struct evaluation {
    const struct policy_set *set;
    const struct policy_family *family;
    struct arena *arena;
    struct lines lines;
    struct person_facts *persons;
    uint64_t kinds;          /* of all persons together */
    struct parents *parents; /* ascending, without gap, over the window */
    size_t parents_count;
    struct line *memo; /* by slot, then person: of a condition, or of a group's expression */
    struct line *categories;
    /* enough for most families, so that they take nothing from the arena */
    struct person_facts near_persons[NEAR_PERSONS];
    struct parents near_parents[NEAR_PARENTS];
    struct line near_memo[NEAR_MEMO];
    struct line near_categories[NEAR_CATEGORIES];
};

/* False where the child's window is empty and there is nothing to evaluate. Fills *e in place: it
 * holds pointers into itself. */
bool evaluation_begin(struct evaluation *e, const struct policy_set *set,
                      const struct policy_family *family, struct arena *a);

/* parents.c: fills e->parents. */
void evaluation_find_parents(struct evaluation *e);
const struct parents *evaluation_parents_on(const struct evaluation *e, day d);

/* The days on which the person belongs to the group; parents who are not registered have no
 * line. */
struct line evaluation_member(struct evaluation *e, enum group group, int person);

/* The truth of an expression of a person (personal ones), or of the child. */
struct line evaluation_node(struct evaluation *e, const struct node *n, int person);

/* What one record alone gives to a FACT, and for TENSE_TERM of unknown term when it will be
 * true. */
struct line evaluation_record(struct evaluation *e, const struct node *n,
                              const struct policy_fact *f);

/* PERSONS: what the group's expression is of one person, before it is turned for `every`. */
struct line evaluation_of_member(struct evaluation *e, const struct node *n, int person);

struct line evaluation_category(struct evaluation *e, size_t category);

#endif
