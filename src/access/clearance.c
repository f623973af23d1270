#include "access/clearance_inside.h"

#include "access/builtin_clearance.h" /* made by the build from masks/ */

/* ---- names ---- */

static const char *const relation_names[RELATION_COUNT] = {
#define RELATION(symbol, number, name) [symbol] = name,
#include "access/relations.def"
#undef RELATION
};

static const char *const purpose_names[PURPOSE_COUNT] = {
    [PURPOSE_NONE] = "",
#define PURPOSE(symbol, number, name) [symbol] = name,
#include "access/purposes.def"
#undef PURPOSE
};

static const struct {
    const char *name;
    enum mask_form mask;
} classes[CLASS_COUNT] = {
#define CLASS(symbol, number, name, mask) [symbol] = {name, mask},
#include "access/classes.def"
#undef CLASS
};

_Static_assert(CLASS_COUNT <= 63, "a set of classes is kept in a signed 64-bit column");
_Static_assert(ROLE_COUNT <= 31 && RELATION_COUNT <= 31 && PURPOSE_COUNT <= 31, "sets of 32 bits");

int relation_parse(struct slice name)
{
    for (int i = 0; i < RELATION_COUNT; i++)
        if (slice_is(name, relation_names[i]))
            return i;
    return -1;
}

const char *relation_name(enum relation r) { return r < RELATION_COUNT ? relation_names[r] : ""; }

enum purpose purpose_parse(struct slice name)
{
    for (int i = PURPOSE_NONE + 1; i < PURPOSE_COUNT; i++)
        if (slice_is(name, purpose_names[i]))
            return (enum purpose)i;
    return PURPOSE_NONE;
}

const char *purpose_name(enum purpose p) { return p < PURPOSE_COUNT ? purpose_names[p] : ""; }

int data_class_parse(struct slice name)
{
    for (int i = 0; i < CLASS_COUNT; i++)
        if (slice_is(name, classes[i].name))
            return i;
    return -1;
}

const char *data_class_name(enum data_class c) { return c < CLASS_COUNT ? classes[c].name : ""; }
enum mask_form data_class_mask(enum data_class c)
{
    return c < CLASS_COUNT ? classes[c].mask : MASK_HIDDEN;
}

/* ---- compiling ---- */

/* Puts a row into every combination it names. */
static int fill_row(struct table *t, const struct clearance_row *row)
{
    struct clearance *c = t->compiled;
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int relation = 0; relation < RELATION_COUNT; relation++)
            for (int purpose = 0; purpose < PURPOSE_COUNT; purpose++) {
                if (!has(row->roles, role) || !has(row->relations, relation) ||
                    !has(row->purposes, purpose))
                    continue;
                struct clearance_rule *rule = &c->rules[role][relation][purpose][row->class];
                if (rule->line) {
                    table_fault(t, row->rule.line, row->role_word.column,
                                N_("%s, %s, %s for %s is on line %u already"),
                                data_class_name(row->class), role_name((enum role)role),
                                relation_name((enum relation)relation),
                                purpose_name((enum purpose)purpose), rule->line);
                    return error_hint(t->error, N_("No line goes before another: leave one of the "
                                                   "two."));
                }
                *rule = row->rule;
                c->sights[role][relation][purpose][row->class] = row->rule.sight;
            }
    return 0;
}

/* Of all purposes that show more than the routine, the easiest way; WAY_NONE when none does. */
static uint8_t easiest_way(const struct clearance *c, int role, int relation, int class)
{
    const struct clearance_rule *routine = &c->rules[role][relation][PURPOSE_ROUTINE][class];
    uint8_t best = WAY_NONE;
    for (int purpose = PURPOSE_ROUTINE + 1; purpose < PURPOSE_COUNT; purpose++) {
        const struct clearance_rule *rule = &c->rules[role][relation][purpose][class];
        if (rule->sight > routine->sight && (best == WAY_NONE || rule->way < best))
            best = rule->way;
    }
    return best;
}

static void fill_ways(struct clearance *c)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int relation = 0; relation < RELATION_COUNT; relation++)
            for (int class = 0; class < CLASS_COUNT; class ++)
                c->ways[role][relation][class] = easiest_way(c, role, relation, class);
}

static void fill_permissions(struct table *t)
{
    struct clearance *c = t->compiled;
    c->permission_count = t->permission_count;
    c->permissions = ARENA_ARRAY(t->arena, t->permission_count + 1, const char *);
    c->permitted = ARENA_ARRAY(t->arena, t->permission_count + 1, uint32_t);
    for (size_t i = 0; i < t->permission_count; i++) {
        c->permissions[i] = arena_string(t->arena, t->permissions[i].name);
        c->permitted[i] = t->permissions[i].roles;
        if (c->permitted[i] == ROLES_ALL) /* everybody: also who waits for a post */
            c->permitted[i] |= UINT32_C(1) << ROLE_NONE;
    }
}

int clearance_compile(struct slice text, const char *name, struct arena *arena,
                      const struct clearance **ret, struct error *e)
{
    struct error unasked = {.language = LANGUAGE_EN};
    struct table t = {.name = name, .arena = arena, .error = e ? e : &unasked};
    t.compiled = ARENA_NEW(arena, struct clearance);
    int status = table_read(&t, text);
    for (size_t i = 0; status == 0 && i < t.row_count; i++)
        status = fill_row(&t, &t.rows[i]);
    if (status == 0)
        status = check_whole(&t);
    if (status != 0)
        return status;
    fill_ways(t.compiled);
    fill_permissions(&t);
    *ret = t.compiled;
    return 0;
}

struct slice clearance_builtin_text(void)
{
    return (struct slice){(const char *)builtin_clearance[0].text, builtin_clearance[0].size};
}

int clearance_builtin(struct arena *arena, const struct clearance **ret, struct error *e)
{
    return clearance_compile(clearance_builtin_text(), builtin_clearance[0].file, arena, ret, e);
}

/* ---- asking ---- */

static bool is_known(enum role role, enum relation relation, enum purpose purpose)
{
    return role > ROLE_NONE && role < ROLE_COUNT && relation < RELATION_COUNT &&
           purpose > PURPOSE_NONE && purpose < PURPOSE_COUNT;
}

struct clearance_rule clearance_rule(const struct clearance *c, enum data_class class,
                                     enum role role, enum relation relation, enum purpose purpose)
{
    if (!is_known(role, relation, purpose) || class >= CLASS_COUNT)
        return (struct clearance_rule){.sight = SIGHT_ABSENT};
    return c->rules[role][relation][purpose][class];
}

const uint8_t *clearance_sights(const struct clearance *c, enum role role, enum relation relation,
                                enum purpose purpose)
{
    /* Nothing is ever filled in for no role: what is unknown sees nothing. */
    return is_known(role, relation, purpose) ? c->sights[role][relation][purpose]
                                             : c->sights[ROLE_NONE][0][PURPOSE_NONE];
}

const uint8_t *clearance_ways(const struct clearance *c, enum role role, enum relation relation)
{
    return is_known(role, relation, PURPOSE_ROUTINE) ? c->ways[role][relation]
                                                     : c->ways[ROLE_NONE][0];
}

bool clearance_permits(const struct clearance *c, enum role role, struct slice permission)
{
    if (role < ROLE_NONE || role >= ROLE_COUNT)
        return false;
    for (size_t i = 0; i < c->permission_count; i++)
        if (slice_is(permission, c->permissions[i]))
            return has(c->permitted[i], role);
    return false;
}

bool clearance_approves(const struct clearance *c, enum role approver, enum role asker)
{
    return approver > ROLE_NONE && approver < ROLE_COUNT && asker > ROLE_NONE &&
           asker < ROLE_COUNT && has(c->approvers[asker], approver);
}

const char *const *clearance_permissions(const struct clearance *c, size_t *ret_count)
{
    *ret_count = c->permission_count;
    return c->permissions;
}
