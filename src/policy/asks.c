/* Of whom a category asks what: for telling how far knowledge reaches, whatever is known. */
#include "policy/evaluation.h"

struct asking {
    const struct policy_set *set;
    struct policy_asked *ret;
};

static uint64_t *kinds_of(const struct asking *a, int group)
{
    switch (group) {
    case GROUP_LEGAL_PARENTS: return &a->ret->parents;
    case GROUP_GUARDIANS:
    case GROUP_HOUSEHOLD: return &a->ret->others;
    default: return &a->ret->child;
    }
}

/* References have no cycles: policy_check saw to that. `group` GROUP_COUNT: the child. */
static void ask(const struct asking *a, const struct node *n, int group)
{
    switch (n->op) {
    case POLICY_OP_FACT: *kinds_of(a, group) |= UINT64_C(1) << n->kind; break;
    case POLICY_OP_CONDITION: ask(a, a->set->conditions[n->target].body, group); break;
    case POLICY_OP_CATEGORY: ask(a, a->set->categories[n->target].body, GROUP_COUNT); break;
    case POLICY_OP_LATEST: /* between the child's parents */
        for (size_t i = 0; i < n->of_count; i++)
            a->ret->parents |= UINT64_C(1) << n->of[i];
        break;
    case POLICY_OP_PERSONS: ask(a, n->parts[0], (int)n->group); break;
    default:
        for (size_t i = 0; i < n->part_count; i++)
            ask(a, n->parts[i], group);
    }
}

void policy_asks(const struct policy_set *set, size_t category, struct policy_asked *io)
{
    const struct asking a = {set, io};

    ask(&a, set->categories[category].body, GROUP_COUNT);
}

size_t policy_legal_parents(const struct policy_set *set, const struct policy_family *family,
                            day on, struct arena *arena, struct policy_parent ret[2])
{
    struct evaluation *e = ARENA_NEW(arena, struct evaluation);

    if (!evaluation_begin(e, set, family, arena))
        return 0;
    const struct parents *p = evaluation_parents_on(e, on);
    for (int i = 0; i < p->count; i++)
        ret[i] = (struct policy_parent){p->who[i], p->role[i]};
    return (size_t)p->count;
}
