/* What would decide a category that is under review. */
#include "policy/explanation.h"

static const struct {
    const char *name, *label[2];
} missing[POLICY_MISSING_COUNT] = {
    [POLICY_MISSING_NONE] = {"", {"", ""}},
#define MISSING(symbol, name, zh, en) \
    [POLICY_MISSING_##symbol] = {name, {[LANGUAGE_ZH] = zh, [LANGUAGE_EN] = en}},
#include "policy/missing.def"
#undef MISSING
};

enum policy_missing policy_missing_by_name(struct slice name)
{
    for (int i = POLICY_MISSING_NONE + 1; i < POLICY_MISSING_COUNT; i++)
        if (slice_is(name, missing[i].name))
            return (enum policy_missing)i;
    return POLICY_MISSING_NONE;
}

const char *policy_missing_name(enum policy_missing m)
{
    return m < POLICY_MISSING_COUNT ? missing[m].name : "";
}

const char *policy_missing_label(enum policy_missing m, enum language language)
{
    return m < POLICY_MISSING_COUNT ? missing[m].label[language] : "";
}

static enum policy_missing of_role(enum policy_role role)
{
    switch (role) {
    case POLICY_ROLE_FATHER:
    case POLICY_ROLE_ADOPTIVE_FATHER: return POLICY_MISSING_FATHER;
    case POLICY_ROLE_MOTHER:
    case POLICY_ROLE_ADOPTIVE_MOTHER: return POLICY_MISSING_MOTHER;
    default: return POLICY_MISSING_PARENT;
    }
}

/* A line about both parents together names neither: it wants whoever is not registered. */
static void find_parents(const struct explanation *x, bool found[POLICY_MISSING_COUNT])
{
    const struct parents *p = evaluation_parents_on(&x->e, x->at);

    for (int i = 0; i < p->count; i++)
        if (p->who[i] == POLICY_NOBODY)
            found[of_role(p->role[i])] = true;
}

static void find_missing(const struct explanation *x, const struct policy_reason *line,
                         bool found[POLICY_MISSING_COUNT])
{
    if (line->why == POLICY_WHY_TERM_UNKNOWN)
        found[POLICY_MISSING_TERM] = true;
    else if (line->why == POLICY_WHY_NOT_REGISTERED && line->role != POLICY_ROLE_NONE)
        found[of_role(line->role)] = true;
    else if (line->why == POLICY_WHY_NOT_REGISTERED)
        find_parents(x, found);
}

size_t policy_missing_of(const struct policy_set *set, const struct policy_family *family,
                         size_t category, day as_of, struct arena *a,
                         enum policy_missing ret[POLICY_MISSING_COUNT])
{
    struct explanation x = {.arena = a, .at = as_of};
    struct policy_explanation all;
    bool found[POLICY_MISSING_COUNT] = {false};
    size_t count = 0;

    if (!explanation_build(&x, set, family, category, &all) || all.truth != POLICY_UNKNOWN)
        return 0;
    for (size_t i = 0; i < all.undecided_count; i++)
        find_missing(&x, &all.reasons[all.undecided[i]], found);
    for (int i = POLICY_MISSING_NONE + 1; i < POLICY_MISSING_COUNT; i++)
        if (found[i])
            ret[count++] = (enum policy_missing)i;
    if (count == 0)
        ret[count++] = POLICY_MISSING_OTHER;
    return count;
}
