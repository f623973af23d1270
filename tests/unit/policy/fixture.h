/* Families and policy files for the tests of the policy room. */
#ifndef HUMIAO_TESTS_POLICY_FIXTURE_H
#define HUMIAO_TESTS_POLICY_FIXTURE_H

#include "policy/policy.h"

#define FIXTURE_MAX 64

struct fixture {
    struct policy_family family;
    struct policy_person persons[FIXTURE_MAX];
    struct policy_fact facts[FIXTURE_MAX];
    struct policy_kin kin[FIXTURE_MAX];
};

/* The shipped policies, from the directory that the build names. Aborts when they do not
 * compile. */
const struct policy_set *fixture_set(struct arena *a);

/* One text as a set; aborts when it does not compile. */
const struct policy_set *fixture_compile(struct arena *a, const char *text);

day on(const char *date); /* YYYY-MM-DD; "" is DAY_FOREVER */

void fixture_begin(struct fixture *f, const char *birth);
int fixture_person(struct fixture *f); /* with no household; returns the index */
void fixture_kin(struct fixture *f, int person, const char *role, const char *from, const char *to);
/* Keeps facts sorted by person. from "" of a kin row is since birth. */
struct policy_fact *fixture_fact(struct fixture *f, int person, const char *kind, const char *from,
                                 const char *to, const char *value);

/* Child 0 with father 1 and mother 2, since birth. */
void fixture_couple(struct fixture *f, const char *birth);

/* "holds", "review" or "" of the category on the day. */
const char *fixture_status(const struct policy_set *set, const struct fixture *f,
                           const char *category, const char *date);

/* "status since until" of the stretch around the day, in a static buffer; "" where false. */
const char *fixture_stretch(const struct policy_set *set, const struct fixture *f,
                            const char *category, const char *date);

#endif
