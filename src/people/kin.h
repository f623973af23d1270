/* Kin: who is what to a child, from when to when (relations.csv). */
#ifndef HUMIAO_PEOPLE_KIN_H
#define HUMIAO_PEOPLE_KIN_H

#include "base/slice.h"

#include <stdbool.h>

/* The numbers are stored: none is ever changed. */
enum kin_role {
    KIN_NONE = 0,
    KIN_FATHER = 1,
    KIN_MOTHER = 2,
    KIN_ADOPTIVE_FATHER = 3,
    KIN_ADOPTIVE_MOTHER = 4,
    KIN_STEP_FATHER = 5,
    KIN_STEP_MOTHER = 6,
    KIN_GRANDPARENT = 7,
    KIN_SIBLING = 8,
    KIN_RELATIVE = 9,
    KIN_GUARDIAN = 10,
    KIN_FOSTER_PARENT = 11,
    KIN_INSTITUTION = 12,
    KIN_COUNT
};

enum kin_role kin_role_parse(struct slice s); /* KIN_NONE: no such relation */
const char *kin_role_name(enum kin_role role);

/* By descent or adoption: nobody can be their own ancestor along these. */
static inline bool kin_role_is_parent(enum kin_role role)
{
    return role >= KIN_FATHER && role <= KIN_ADOPTIVE_MOTHER;
}

#endif
