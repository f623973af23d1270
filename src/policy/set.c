/* Compiling, and what a set says of itself. */
#include "policy/set.h"

#define SOURCES_MAX 1000

int policy_compile(const struct source *sources, size_t count, struct arena *a,
                   const struct policy_set **ret, struct error *e)
{
    struct compiler c = {.sources = sources, .source_count = count, .arena = a, .error = e};
    if (count > SOURCES_MAX)
        return error_set(e, ERR_POLICY, N_("there are more than %d policy files"), SOURCES_MAX);
    for (size_t i = 0; i < count; i++) {
        int r = policy_parse(&c, (int)i);
        if (r < 0)
            return r;
    }
    struct policy_set *set = ARENA_NEW(a, struct policy_set);
    int r = policy_check(&c, set);
    if (r < 0)
        return r;
    *ret = set;
    return 0;
}

size_t policy_category_count(const struct policy_set *set) { return set->category_count; }

const struct policy_info *policy_category_info(const struct policy_set *set, size_t category)
{
    return &set->categories[category].info;
}

int policy_category_by_name(const struct policy_set *set, struct slice name)
{
    for (size_t i = 0; i < set->category_count; i++)
        if (slice_is(name, set->categories[i].info.name))
            return (int)i;
    return -1;
}
