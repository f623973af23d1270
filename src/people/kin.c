#include "people/kin.h"

static const char *const names[KIN_COUNT] = {
    [KIN_NONE] = "",
    [KIN_FATHER] = "father",
    [KIN_MOTHER] = "mother",
    [KIN_ADOPTIVE_FATHER] = "adoptive_father",
    [KIN_ADOPTIVE_MOTHER] = "adoptive_mother",
    [KIN_STEP_FATHER] = "step_father",
    [KIN_STEP_MOTHER] = "step_mother",
    [KIN_GRANDPARENT] = "grandparent",
    [KIN_SIBLING] = "sibling",
    [KIN_RELATIVE] = "relative",
    [KIN_GUARDIAN] = "guardian",
    [KIN_FOSTER_PARENT] = "foster_parent",
    [KIN_INSTITUTION] = "institution",
};

enum kin_role kin_role_parse(struct slice s)
{
    for (int role = KIN_NONE + 1; role < KIN_COUNT; role++)
        if (slice_is(s, names[role]))
            return (enum kin_role)role;
    return KIN_NONE;
}

const char *kin_role_name(enum kin_role role)
{
    return role > KIN_NONE && role < KIN_COUNT ? names[role] : "";
}
