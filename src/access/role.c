#include "access/role.h"

static const struct {
    const char *name;
    bool second_factor, administrator;
} rows[ROLE_COUNT] = {
    [ROLE_NONE] = {"", false, false},
#define ROLE(symbol, number, name, second_factor, administrator) \
    [symbol] = {name, second_factor, administrator},
#include "access/roles.def"
#undef ROLE
};

static bool is_role(enum role role) { return role > ROLE_NONE && role < ROLE_COUNT; }

enum role role_parse(struct slice name)
{
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++)
        if (slice_is(name, rows[i].name))
            return (enum role)i;
    return ROLE_NONE;
}

const char *role_name(enum role role) { return is_role(role) ? rows[role].name : ""; }
bool role_needs_second_factor(enum role role) { return is_role(role) && rows[role].second_factor; }
bool role_is_administrator(enum role role) { return is_role(role) && rows[role].administrator; }
