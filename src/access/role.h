/* Roles of accounts: the table roles.def. */
#ifndef HUMIAO_ACCESS_ROLE_H
#define HUMIAO_ACCESS_ROLE_H

#include "base/slice.h"

#include <stdbool.h>

enum role {
    ROLE_NONE = 0,
#define ROLE(symbol, number, name, second_factor, administrator) symbol = number,
#include "access/roles.def"
#undef ROLE
    ROLE_COUNT
};

enum role role_parse(struct slice name); /* ROLE_NONE: no such role */
const char *role_name(enum role role);   /* "" for ROLE_NONE */
bool role_needs_second_factor(enum role role);
bool role_is_administrator(enum role role);

#endif
