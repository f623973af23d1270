/* A second reading of contracts.md, day by day and slow, that shares no code with the evaluator:
 * for comparing. It knows the shipped categories by name and nothing of the language. */
#ifndef HUMIAO_TESTS_POLICY_ORACLE_H
#define HUMIAO_TESTS_POLICY_ORACLE_H

#define ORACLE_CATEGORIES 8
extern const char *const oracle_names[ORACLE_CATEGORIES];

enum oracle_kind {
    O_DEAD,
    O_MISSING,
    O_DISABILITY,
    O_ILLNESS,
    O_IMPRISONED,
    O_REHAB,
    O_CUSTODY,
    O_LOST,
    O_REVOKED,
    O_DEPORTED,
    O_NOT_FOUND,
    O_HIV,
    O_LOW,
    O_EDGE,
    O_DESTITUTE,
    O_DIVORCED,
    O_MARRIED,
    O_SCHOOL,
    O_KINDS
};
extern const char *const oracle_kind_names[O_KINDS];

struct oracle_fact {
    int person;
    enum oracle_kind kind;
    int from, to; /* to ORACLE_OPEN where it is open */
    char value[24];
    int other;
    int six_months, term_end; /* filled by oracle_prepare; term_end -1 without a term */
};

#define ORACLE_OPEN 1000000
#define ORACLE_BIRTH (-1000000) /* of a kin row that holds since birth */
#define ORACLE_MAX 64

struct oracle_kin {
    int person;
    char role[20];
    int from, to;
    char letter; /* filled by oracle_prepare: of the role, for the roles that count */
};

struct oracle_family {
    int birth, adult;
    int persons, facts, kin;
    int household[ORACLE_MAX]; /* 0: none */
    struct oracle_fact fact[ORACLE_MAX];
    struct oracle_kin row[ORACLE_MAX];
};

/* Days since 1970-01-01, counted one by one. */
int oracle_day(int year, int month, int dom);
void oracle_date(int day, int *year, int *month, int *dom);
int oracle_add(int day, int months, int days);

void oracle_prepare(struct oracle_family *f);

/* 0 no, 1 unknown, 2 yes. */
int oracle_status(const struct oracle_family *f, int category, int day);

/* For reading policies other than the shipped ones. Who is -1 for a parent who is not
 * registered. */
struct oracle_parents {
    int count, who[2], adopted;
};
struct oracle_parents oracle_legal_parents(const struct oracle_family *f, int day);
int oracle_is_guardian(const struct oracle_family *f, int person, int day);
int oracle_in_household(const struct oracle_family *f, int person, int day);

#endif
