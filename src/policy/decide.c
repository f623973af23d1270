/* What an explanation concludes: the lines that have a share in the verdict, the facts that are
 * wanting, and the fewest things that would have to be otherwise. */
#include "policy/explanation.h"

bool explanation_shares(const struct explanation *x, size_t whole, enum policy_truth part)
{
    const struct policy_reason *line = &x->lines[whole];
    const struct behind *b = &x->behind[whole];
    bool persons = line->op == POLICY_OP_PERSONS;
    bool any = line->op == POLICY_OP_OR ||
               (persons && b->quota.min == 1 && b->quota.max == UINT32_MAX);
    bool all = line->op == POLICY_OP_AND || (persons && b->every);
    if (!line->decisive)
        return false;
    if (any)
        return line->truth == POLICY_FALSE || part == line->truth;
    if (all)
        return line->truth == POLICY_TRUE || part == line->truth;
    return true;
}

static bool wanting(const struct policy_reason *line)
{
    return line->decisive && line->truth == POLICY_UNKNOWN && line->why != POLICY_WHY_NONE;
}

void explanation_find_undecided(const struct explanation *x, struct policy_explanation *ret)
{
    if (ret->truth != POLICY_UNKNOWN)
        return;
    size_t *list = ARENA_ARRAY(x->arena, x->count, size_t);
    for (size_t i = 0; i < x->count; i++)
        if (wanting(&x->lines[i]))
            list[ret->undecided_count++] = i;
    ret->undecided = list;
}

/* ---- what would change it -------------------------------------------------------------------- */

/* Something that could be otherwise: a condition or fact of somebody, a parent not registered.
 * Lines that are about the same thing are one. */
#define CANDIDATES_MAX 24
#define CHANGES_MAX 3

struct trial {
    const struct explanation *x;
    size_t candidates[CANDIDATES_MAX]; /* lines */
    bool becomes[CANDIDATES_MAX];
    size_t count;
    size_t chosen[CHANGES_MAX]; /* candidates, ascending */
    size_t chosen_count;
    int8_t *truths; /* by line: what it would be; -1 not found yet */
};

static bool changeable(const struct policy_reason *line)
{
    return line->op == POLICY_OP_FACT || line->op == POLICY_OP_CONDITION ||
           line->op == POLICY_OP_ADOPTED || line->op == POLICY_OP_LATEST ||
           (line->op == POLICY_OP_MEMBER && line->person == POLICY_NOBODY);
}

static bool same_thing(const struct explanation *x, size_t a, size_t b)
{
    const struct policy_reason *la = &x->lines[a], *lb = &x->lines[b];
    if (la->op != lb->op || la->person != lb->person)
        return false;
    if (la->op == POLICY_OP_CONDITION)
        return x->behind[a].node->target == x->behind[b].node->target;
    return la->op == POLICY_OP_ADOPTED ||
           (x->behind[a].node == x->behind[b].node && la->role == lb->role);
}

static enum policy_truth tried(const struct trial *t, size_t i);

static enum policy_truth changed(const struct trial *t, size_t i)
{
    for (size_t k = 0; k < t->chosen_count; k++)
        if (same_thing(t->x, i, t->candidates[t->chosen[k]]))
            return t->becomes[t->chosen[k]] ? POLICY_TRUE : POLICY_FALSE;
    return t->x->lines[i].truth;
}

static enum policy_truth joined(const struct trial *t, size_t i)
{
    const struct explanation *x = t->x;
    const struct policy_reason *line = &x->lines[i];
    const struct behind *b = &x->behind[i];
    if (changeable(line))
        return changed(t, i);
    if (x->lines[i].parts_at != i)
        return tried(t, line->parts_at);
    if (b->end == i + 1 && line->op != POLICY_OP_PERSONS)
        return line->truth;
    size_t known = 0, unknown = 0, parts = 0;
    for (size_t part = i + 1; part < b->end; part = explanation_after(x, part), parts++) {
        enum policy_truth truth = tried(t, part);
        bool turned = line->op == POLICY_OP_NOT || (line->op == POLICY_OP_PERSONS && b->every);
        truth = turned ? (enum policy_truth)(POLICY_TRUE - truth) : truth;
        known += truth == POLICY_TRUE;
        unknown += truth == POLICY_UNKNOWN;
    }
    struct line_quota quota = {line->op == POLICY_OP_OR ? 1 : (uint32_t)parts, UINT32_MAX};
    return line_quota_truth(line->op == POLICY_OP_PERSONS ? b->quota : quota, known, unknown);
}

/* The truth of line `i` if the chosen candidates were as they would become. */
static enum policy_truth tried(const struct trial *t, size_t i)
{
    if (t->truths[i] < 0)
        t->truths[i] = (int8_t)joined(t, i);
    return (enum policy_truth)t->truths[i];
}

static void add_candidate(struct trial *t, size_t line, bool becomes)
{
    if (t->count == CANDIDATES_MAX)
        return;
    t->becomes[t->count] = becomes;
    t->candidates[t->count++] = line;
}

/* In reading order; not within a condition, which changes as a whole. */
static void find_candidates(struct trial *t)
{
    const struct explanation *x = t->x;
    for (size_t i = 1; i < x->count;) {
        const struct policy_reason *line = &x->lines[i];
        if (!changeable(line)) {
            i++;
            continue;
        }
        bool known = false;
        for (size_t k = 0; k < t->count; k++)
            known |= same_thing(x, i, t->candidates[k]);
        if (!known && line->truth != POLICY_TRUE)
            add_candidate(t, i, true);
        if (!known && line->truth != POLICY_FALSE)
            add_candidate(t, i, false);
        i = x->behind[i].end;
    }
}

/* Tries every choice of `wanted` candidates, from `first` on. */
static bool search(struct trial *t, size_t first, size_t wanted)
{
    if (wanted == 0) {
        memset(t->truths, -1, t->x->count);
        return tried(t, 0) == POLICY_TRUE;
    }
    for (size_t i = first; i + wanted <= t->count; i++) {
        t->chosen[t->chosen_count++] = i;
        if (search(t, i + 1, wanted - 1))
            return true;
        t->chosen_count--;
    }
    return false;
}

void explanation_find_changes(const struct explanation *x, struct policy_explanation *ret)
{
    if (ret->truth == POLICY_TRUE || x->count >= EXPLANATION_MAX)
        return;
    struct trial t = {.x = x, .truths = ARENA_ARRAY(x->arena, x->count, int8_t)};
    find_candidates(&t);
    for (size_t wanted = 1; wanted <= CHANGES_MAX; wanted++) {
        if (!search(&t, 0, wanted))
            continue;
        struct policy_change *changes = ARENA_ARRAY(x->arena, wanted, struct policy_change);
        for (size_t i = 0; i < wanted; i++)
            changes[i] = (struct policy_change){t.candidates[t.chosen[i]], t.becomes[t.chosen[i]]};
        ret->changes = changes;
        ret->change_count = wanted;
        return;
    }
}
