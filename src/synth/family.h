/* One family as the generator sees it: who belongs to it, what happened to them, and on which
 * days. */
#ifndef HUMIAO_SYNTH_FAMILY_H
#define HUMIAO_SYNTH_FAMILY_H

#include "base/interval.h"
#include "synth/identity.h"
#include "synth/names.h"
#include "synth/places.h"
#include "synth/rates.h"
#include "synth/synth.h"

enum synth_department {
#define DEPARTMENT(symbol, spelling, key) SYNTH_DEPARTMENT_##symbol,
#include "synth/departments.def"
#undef DEPARTMENT
    SYNTH_DEPARTMENT_COUNT
};

enum synth_meaning {
    SYNTH_MEANS_NOTHING,
    SYNTH_MEANS_GONE,   /* dead or declared missing */
    SYNTH_MEANS_UNABLE, /* one of the conditions of a parent who cannot bring up the child */
    SYNTH_MEANS_FOUNDLING,
    SYNTH_MEANS_DISABLED,
    SYNTH_MEANS_HIV,
    SYNTH_MEANS_LOW_INCOME,
    SYNTH_MEANS_LOW_INCOME_EDGE,
    SYNTH_MEANS_DESTITUTE
};

enum synth_kind {
#define KIND(symbol, spelling, department, meaning) SYNTH_KIND_##symbol,
#include "synth/kinds.def"
#undef KIND
    SYNTH_KIND_COUNT
};

struct synth_kind_row {
    const char *spelling;
    enum synth_department department;
    enum synth_meaning meaning;
};
extern const struct synth_kind_row synth_kinds[SYNTH_KIND_COUNT];

enum synth_relation {
    SYNTH_FATHER,
    SYNTH_MOTHER,
    SYNTH_ADOPTIVE_FATHER,
    SYNTH_ADOPTIVE_MOTHER,
    SYNTH_STEP_FATHER,
    SYNTH_STEP_MOTHER,
    SYNTH_GRANDPARENT,
    SYNTH_SIBLING,
    SYNTH_RELATIVE,
    SYNTH_GUARDIAN,
    SYNTH_FOSTER_PARENT,
    SYNTH_INSTITUTION,
    SYNTH_RELATION_COUNT
};
extern const char *const synth_relations[SYNTH_RELATION_COUNT];

#define SYNTH_NO_DAY DAY_BEGINNING /* no birth date, no day of moving in */

struct synth_person {
    uint64_t number; /* of the ref */
    char sex;
    day birth, since; /* or SYNTH_NO_DAY */
    size_t surname;
    enum synth_style style;
    char id[SYNTH_ID_MAX]; /* "" without a paper */
    char name[SYNTH_NAME_MAX];
    char phone[SYNTH_PHONE_MAX];
    const struct synth_place *hukou, *residence; /* hukou: NULL for a foreigner or without papers */
    unsigned house, room;                        /* room 0: a house of one family */
    uint64_t household;                          /* 0: empty */
};

#define SYNTH_THE_INSTITUTION \
    255 /* in the place of a person of the family: the welfare institution */

struct synth_kin {
    uint8_t child, person;
    uint8_t relation; /* enum synth_relation */
    day from, to;     /* DAY_BEGINNING: since birth */
};

/* What happened, as a department will write it, and what that means. */
struct synth_fact {
    uint8_t person, kind;
    day from, to;
    char value[40];
    enum synth_meaning meaning;
    struct interval holds;   /* the days on which it means that */
    struct interval unknown; /* the days on which nobody can say: custody of unknown term */
};

/* A marriage or a divorce of two people of the family. */
struct synth_bond {
    uint8_t a, b;
    bool married;
    day on;
};

#define SYNTH_PEOPLE_MAX 24
#define SYNTH_KIN_MAX 160
#define SYNTH_FACTS_MAX 160
#define SYNTH_BONDS_MAX 12
#define SYNTH_MINORS_MAX 4

struct synth_family {
    struct synth_person people[SYNTH_PEOPLE_MAX];
    struct synth_kin kin[SYNTH_KIN_MAX];
    struct synth_fact facts[SYNTH_FACTS_MAX];
    struct synth_bond bonds[SYNTH_BONDS_MAX];
    int people_count, kin_count, facts_count, bonds_count;
    int children[SYNTH_MINORS_MAX + 1],
        children_count; /* minors, then perhaps a grown-up sibling */
    int minors_count;
    int father, mother; /* the registered birth parents, -1 for none */
    int carer;          /* a grandparent who could become guardian, -1 for none */
    day eldest;         /* birth of the eldest minor */
};

/* What lasts from family to family. */
struct synth_maker {
    const struct synth_options *options;
    const struct synth_places *places;
    struct synth_identities *identities;
    uint64_t people, households; /* how many so far */
};

/* A family being told. */
struct synth_story {
    struct synth_family *family;
    struct synth_maker *maker;
    struct synth_random *random;
    day as_of;
    int status; /* the first error, in `error`; the rest of the story is then void */
    struct error *error;
};

/* Tells one family with 1 to `most` minors on the as-of date. */
int synth_family_make(struct synth_maker *m, struct synth_random *r, int most,
                      struct synth_family *ret, struct error *e);

/* Below: what the files of this room share. All indices are into family->people. */

struct synth_traits {
    char sex;
    day birth;
    enum synth_style style;
    size_t surname;
    const char *after; /* see names.h */
    bool paper;        /* has an identity number */
};
int synth_person_add(struct synth_story *s, const struct synth_traits *traits);
void synth_person_settle(struct synth_story *s, int person, const struct synth_person *like);
void synth_person_move_out(struct synth_story *s,
                           int person); /* a home and a household of their own */

void synth_kin_add(struct synth_story *s, int child, int person, enum synth_relation relation,
                   day from, day to);
/* Adds a fact whose meaning is the kind's, over [from, to); without a paper it means nothing, for
 * then the record finds nobody. The caller may narrow it. */
struct synth_fact *synth_fact_add(struct synth_story *s, int person, enum synth_kind kind, day from,
                                  day to, const char *value);
/* Both must have a paper and be known to each other; else nothing is recorded. */
void synth_bond_add(struct synth_story *s, int a, int b, bool married, day on);

/* A day for something to happen: from `lo` to the as-of date mostly, sometimes later, sometimes a
 * day on which something tips. Never before `lo`. */
day synth_story_day(struct synth_story *s, day lo);
/* With probability `p` an end after `from`, else DAY_FOREVER. */
day synth_story_end(struct synth_story *s, day from, double p, int longest);
bool synth_story_chance(struct synth_story *s, enum synth_rate rate); /* as the table has it */
bool synth_story_misfortune(struct synth_story *s, enum synth_rate rate,
                            double factor); /* times options */

void synth_kinship_tell(
    struct synth_story *s); /* kinship.c: divorce, step-parents, paternity, guardians */
void synth_adoption_tell(struct synth_story *s, bool foundling); /* adoption.c */
void synth_fate_tell(
    struct synth_story *s); /* fate.c: parents' misfortunes, children's, the lists */
void synth_fate_strike(struct synth_story *s, int person,
                       enum synth_kind kind); /* one of them, for tests */

#endif
