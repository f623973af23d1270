/* The words that policies and families share: operators, kinds, roles. */
#include "policy/set.h"

const struct operator_row policy_operators[POLICY_OP_COUNT] = {
#define OPERATOR(symbol, word, about, zh, en) [POLICY_OP_##symbol] = {word, about, zh, en},
#include "policy/operators.def"
#undef OPERATOR
};

/* Known by their addresses; what they say is for a debugger. */
const char VALUE_ANY[] = "any", VALUE_NONE[] = "none", VALUE_TERM[] = "term",
           VALUE_PARTY[] = "party";

static const struct kind_row kinds[] = {
#define KIND(symbol, name, values, zh, en) {name, values, zh, en},
#include "policy/kinds.def"
#undef KIND
};

#define KIND_COUNT (sizeof kinds / sizeof *kinds)
_Static_assert(KIND_COUNT <= 64, "a set of kinds is a 64-bit word");

const struct kind_row *policy_kind_row(int kind) { return &kinds[kind]; }

int policy_kind_count(void) { return (int)KIND_COUNT; }

int policy_kind_by_name(struct slice name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (slice_is(name, kinds[i].name))
            return (int)i;
    return -1;
}

const char *policy_kind_name(int kind) { return kinds[kind].name; }

const char *policy_kind_label(int kind, enum language language)
{
    return language == LANGUAGE_ZH ? kinds[kind].zh : kinds[kind].en;
}

static const struct {
    const char *name, *zh, *en;
} roles[POLICY_ROLE_COUNT] = {
    [POLICY_ROLE_NONE] = {"", "", ""},
#define ROLE(symbol, name, zh, en) [POLICY_ROLE_##symbol] = {name, zh, en},
#include "policy/roles.def"
#undef ROLE
};

enum policy_role policy_role_by_name(struct slice name)
{
    for (int i = POLICY_ROLE_NONE + 1; i < POLICY_ROLE_COUNT; i++)
        if (slice_is(name, roles[i].name))
            return (enum policy_role)i;
    return POLICY_ROLE_NONE;
}

const char *policy_role_name(enum policy_role role) { return roles[role].name; }

const char *policy_role_label(enum policy_role role, enum language language)
{
    return language == LANGUAGE_ZH ? roles[role].zh : roles[role].en;
}

struct duration policy_length_duration(struct length length)
{
    struct duration d = {0, 0, 0, 0};
    switch (length.unit) {
    case UNIT_DAYS: d.days = length.number; break;
    case UNIT_WEEKS: d.weeks = length.number; break;
    case UNIT_MONTHS: d.months = length.number; break;
    case UNIT_YEARS: d.years = length.number; break;
    }
    return d;
}
