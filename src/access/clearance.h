/* Who may see what: the clearance table (masks/clearance.table), compiled.
 *
 * The table is text that a security administrator reads. It gives, for each class of data, which
 * roles at which relation to the child see it, masked or shown, for which purpose; how a purpose
 * beyond the routine is opened; who approves; and which role has which permission. What it does
 * not name is absent. The compiled form is immutable and shared by all threads. This room decides
 * and never looks up: the relation is computed by the caller.
 *
 * The table holds itself to what no edition may break, as errors with file:line:column: an
 * administrator has no sight of a child's data, two administrators share no permission but what
 * everybody has, nobody sees a child without a relation to it, nobody approves what their own role
 * asks, whoever needs approval has somebody who decides, `emergency` is the only purpose that is
 * opened by breaking the glass, a guardian sees nothing of a report, an opening shows more than
 * the routine. */
#ifndef HUMIAO_ACCESS_CLEARANCE_H
#define HUMIAO_ACCESS_CLEARANCE_H

#include "access/mask.h"
#include "access/role.h"
#include "base/arena.h"
#include "base/error.h"

#include <stdint.h>

enum relation {
#define RELATION(symbol, number, name) symbol = number,
#include "access/relations.def"
#undef RELATION
    RELATION_COUNT
};

enum purpose {
    PURPOSE_NONE = 0,
#define PURPOSE(symbol, number, name) symbol = number,
#include "access/purposes.def"
#undef PURPOSE
    PURPOSE_COUNT
};

enum data_class {
#define CLASS(symbol, number, name, mask) symbol = number,
#include "access/classes.def"
#undef CLASS
    CLASS_COUNT
};

enum sight { SIGHT_ABSENT = 0, SIGHT_MASKED, SIGHT_SHOWN };

/* How a purpose is opened for a class. */
enum opening_way {
    WAY_NONE = 0, /* not at all */
    WAY_FREE,     /* no opening is needed: the purpose is routine */
    WAY_TAP,      /* at once, by saying the purpose; audited */
    WAY_APPROVAL, /* a second person agrees first */
    WAY_GLASS     /* at once, with a reason, reviewed the next day */
};

struct clearance_rule {
    uint8_t sight;    /* enum sight */
    uint8_t way;      /* enum opening_way */
    uint16_t minutes; /* how long an opening lasts */
    uint32_t line;    /* of the table, from 1; 0: no line names it, so it is absent */
};

struct clearance;

/* The names of the tables; -1 (or the *_NONE of the enum) where there is no such name. */
int relation_parse(struct slice name);
const char *relation_name(enum relation r);
enum purpose purpose_parse(struct slice name);
const char *purpose_name(enum purpose p);
int data_class_parse(struct slice name);
const char *data_class_name(enum data_class c);
enum mask_form data_class_mask(enum data_class c);

/* Compiles a table; it lives as long as the arena. `name` stands in errors. ERR_CLEARANCE, with
 * name:line:column in the detail. */
int clearance_compile(struct slice text, const char *name, struct arena *arena,
                      const struct clearance **ret, struct error *e);

/* The table that is built in: masks/clearance.table of the source. There is no switch for
 * another. */
struct slice clearance_builtin_text(void);
int clearance_builtin(struct arena *arena, const struct clearance **ret, struct error *e);

struct clearance_rule clearance_rule(const struct clearance *c, enum data_class class,
                                     enum role role, enum relation relation, enum purpose purpose);

/* One sight a class, CLASS_COUNT bytes: what a serialiser reads. Never NULL; lives as the table
 * does. */
const uint8_t *clearance_sights(const struct clearance *c, enum role role, enum relation relation,
                                enum purpose purpose);

/* One way a class, CLASS_COUNT bytes of enum opening_way: of all purposes that show more than the
 * routine, the easiest; WAY_NONE where none does. Never NULL. */
const uint8_t *clearance_ways(const struct clearance *c, enum role role, enum relation relation);

/* Whether a class tells of a child; no administrator sees one that does. */
bool class_is_of_a_child(enum data_class c);

/* Whether a role has a permission ("child:list", the names of x-permission in api/). An unknown
 * name is nobody's. ROLE_NONE, an account that waits for its post, has what everybody has. */
bool clearance_permits(const struct clearance *c, enum role role, struct slice permission);

/* Whether `approver` may decide what `asker` asks to open. */
bool clearance_approves(const struct clearance *c, enum role approver, enum role asker);

/* All permissions that the table names, NUL-terminated, in its order; for the check against
 * api/. */
const char *const *clearance_permissions(const struct clearance *c, size_t *ret_count);

#endif
