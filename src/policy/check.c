/* From declarations to a set: names found, types and values checked, cycles refused, and for every
 * expression what the evaluator wants to know beforehand. */
#include "policy/set.h"

#include <stdlib.h>

/* Who is spoken of at a place: the child of a category, or some person of a condition or a
 * group. */
struct context {
    struct compiler *compiler;
    struct policy_set *set;
    bool person; /* not only the child */
};

static struct declaration *find(struct declaration *list, size_t count, struct slice name)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(name, slice_from(list[middle].info.name));
        if (order == 0)
            return &list[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static int unknown_name(const struct context *x, const struct node *n)
{
    const struct policy_set *set = x->set;
    struct nearest near = nearest_to(n->name);
    for (size_t i = 0; i < set->condition_count; i++)
        nearest_try(&near, set->conditions[i].info.name);
    for (size_t i = 0; i < set->category_count && !x->person; i++)
        nearest_try(&near, set->categories[i].info.name);
    policy_fail(x->compiler, n->place, N_("there is no condition or category \"%.*s\""),
                (int)n->name.n, n->name.p);
    if (!near.best && policy_kind_by_name(n->name) >= 0)
        return error_hint(x->compiler->error, N_("Write \"fact %.*s\" for the record itself."),
                          (int)n->name.n, n->name.p);
    return policy_hint(x->compiler, &near);
}

static int resolve_name(const struct context *x, struct node *n)
{
    struct policy_set *set = x->set;
    struct declaration *d = find(set->conditions, set->condition_count, n->name);
    if (d) {
        n->op = POLICY_OP_CONDITION;
        n->target = (size_t)(d - set->conditions);
        n->slot = (int)n->target;
        return 0;
    }
    d = find(set->categories, set->category_count, n->name);
    if (!d)
        return unknown_name(x, n);
    n->op = POLICY_OP_CATEGORY;
    n->target = (size_t)(d - set->categories);
    return 0;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* The next part of "a b/c d" or of a pattern "a/c". */
static bool next_part(struct slice *rest, struct slice *ret)
{
    if (!rest->p)
        return false;
    const char *slash = memchr(rest->p, '/', rest->n);
    size_t n = slash ? (size_t)(slash - rest->p) : rest->n;
    *ret = (struct slice){rest->p, n};
    *rest = slash ? (struct slice){slash + 1, rest->n - n - 1} : SLICE_NONE;
    return true;
}

static bool word_among(struct slice words, struct slice wanted, struct nearest *near)
{
    for (const char *p = words.p, *end = words.p + words.n; p < end;) {
        const char *blank = memchr(p, ' ', (size_t)(end - p));
        size_t n = blank ? (size_t)(blank - p) : (size_t)(end - p);
        char name[POLICY_NAME_MAX + 1];
        if (slice_equal((struct slice){p, n}, wanted))
            return true;
        if (n <= POLICY_NAME_MAX) {
            memcpy(name, p, n);
            name[n] = '\0';
            nearest_try(near, name);
            if (near->best == name)
                near->best = p; /* a name within the table, cut where it is shown */
        }
        p += n + 1;
    }
    return false;
}

static int bad_value(const struct context *x, const struct node *n, struct slice value,
                     const struct nearest *near)
{
    policy_fail(x->compiler, n->place, N_("fact %s is never \"%.*s\""), policy_kind_name(n->kind),
                (int)value.n, value.p);
    if (near->best)
        return error_hint(x->compiler->error, N_("Did you mean \"%.*s\"?"),
                          (int)strcspn(near->best, " /"), near->best);
    return -ERR_POLICY;
}

static int check_value(const struct context *x, const struct node *n, struct slice value)
{
    const char *words = policy_kind_row(n->kind)->values;
    if (words == VALUE_ANY)
        return 0;
    if (words == VALUE_NONE || words == VALUE_TERM || words == VALUE_PARTY)
        return policy_fail(x->compiler, n->place, N_("fact %s has no value to compare"),
                           policy_kind_name(n->kind));
    struct slice known = slice_from(words), given = value, known_part, given_part;
    struct nearest near = nearest_to(SLICE_NONE);
    for (;;) {
        bool more = next_part(&known, &known_part);
        if (more != next_part(&given, &given_part))
            return bad_value(x, n, value, &near);
        if (!more)
            return 0;
        near = nearest_to(given_part);
        if (!slice_is(given_part, "*") && !word_among(known_part, given_part, &near))
            return bad_value(x, n, value, &near);
        near.best = NULL;
    }
}

static int check_fact(const struct context *x, const struct node *n)
{
    for (size_t i = 0; i < n->value_count; i++) {
        int r = check_value(x, n, n->values[i]);
        if (r < 0)
            return r;
    }
    if (n->tense == TENSE_TERM && policy_kind_row(n->kind)->values != VALUE_TERM)
        return policy_fail(x->compiler, n->place, N_("fact %s has no term"),
                           policy_kind_name(n->kind));
    if (n->tense != TENSE_SIMPLE && n->length.number == 0)
        return policy_fail(x->compiler, n->place, N_("a length of time is 0"));
    return 0;
}

static int check_latest(const struct context *x, const struct node *n)
{
    bool among = false;
    for (size_t i = 0; i < n->of_count; i++) {
        if (policy_kind_row(n->of[i])->values != VALUE_PARTY)
            return policy_fail(x->compiler, n->place, N_("fact %s is not between two persons"),
                               policy_kind_name(n->of[i]));
        among |= n->of[i] == n->kind;
    }
    return among ? 0
                 : policy_fail(x->compiler, n->place, N_("fact %s is not among those compared"),
                               policy_kind_name(n->kind));
}

/* ---- resolving ------------------------------------------------------------------------------- */

static int resolve(const struct context *x, struct node *n)
{
    int r = 0;
    if (n->op == POLICY_OP_CONDITION)
        r = resolve_name(x, n);
    else if (n->op == POLICY_OP_FACT)
        r = check_fact(x, n);
    else if (n->op == POLICY_OP_LATEST)
        r = check_latest(x, n);
    if (r < 0)
        return r;
    if (x->person && policy_operators[n->op].about == ABOUT_CHILD) {
        policy_fail(x->compiler, n->place,
                    N_("this is about the child and cannot be asked of a person"));
        return error_hint(x->compiler->error,
                          N_("Conditions, and what stands in the parentheses after every, any, no, "
                             "exactly and at, speak of one person's facts."));
    }
    struct context inner = *x;
    if (n->op == POLICY_OP_PERSONS) {
        inner.person = true;
        n->slot = (int)x->set->slot_count++;
    }
    for (size_t i = 0; r == 0 && i < n->part_count; i++)
        r = resolve(&inner, n->parts[i]);
    return r;
}

/* ---- heights, cycles, and what is known beforehand ------------------------------------------- */

static int survey(const struct context *x, struct node *n, int depth, int *ret_height);

static int survey_declaration(const struct context *x, struct declaration *d,
                              const struct node *from, int depth, int *ret_height)
{
    if (d->visit == 1)
        return policy_fail(x->compiler, from->place,
                           N_("\"%s\" refers to itself, here or by others"), d->info.name);
    if (d->visit == 0) {
        int height = 0;
        d->visit = 1;
        int r = survey(x, d->body, depth, &height);
        if (r < 0)
            return r;
        d->visit = height + 1;
    }
    *ret_height = d->visit - 1;
    return 0;
}

static int too_deep(const struct context *x, const struct node *n)
{
    return policy_fail(x->compiler, n->place, N_("this refers to others more than %d deep"),
                       POLICY_HEIGHT_MAX);
}

/* The truth that parts give together. */
static enum policy_truth bare_of(const struct node *n)
{
    enum policy_truth truth = n->op == POLICY_OP_OR ? POLICY_FALSE : POLICY_TRUE;
    for (size_t i = 0; i < n->part_count; i++) {
        enum policy_truth part = n->parts[i]->bare;
        if (n->op == POLICY_OP_NOT)
            truth = (enum policy_truth)(POLICY_TRUE - part);
        else if ((part > truth) == (n->op == POLICY_OP_OR))
            truth = part;
    }
    return truth;
}

/* `depth` is how far the expression where the survey began is away, and bounds the recursion. */
static int survey(const struct context *x, struct node *n, int depth, int *ret_height)
{
    int height = 0, r = 0;
    if (depth >= POLICY_HEIGHT_MAX)
        return too_deep(x, n);
    n->personal = policy_operators[n->op].about == ABOUT_ANY;
    if (n->op == POLICY_OP_CONDITION) {
        struct declaration *d = &x->set->conditions[n->target];
        r = survey_declaration(x, d, n, depth + 1, &height);
        n->kinds = d->body->kinds;
        n->bare = d->body->bare;
    } else if (n->op == POLICY_OP_CATEGORY) {
        r = survey_declaration(x, &x->set->categories[n->target], n, depth + 1, &height);
    } else if (n->op == POLICY_OP_FACT) {
        n->kinds = UINT64_C(1) << n->kind;
    }
    for (size_t i = 0; i < n->of_count; i++)
        n->kinds |= UINT64_C(1) << n->of[i];
    for (size_t i = 0; r == 0 && i < n->part_count; i++) {
        int part = 0;
        r = survey(x, n->parts[i], depth + 1, &part);
        n->kinds |= n->parts[i]->kinds;
        n->personal &= n->parts[i]->personal;
        height = part > height ? part : height;
    }
    if (n->part_count)
        n->bare = bare_of(n);
    if (r == 0 && height >= POLICY_HEIGHT_MAX)
        return too_deep(x, n);
    *ret_height = height + 1;
    return r;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    const struct declaration *x = a, *y = b;
    int order = slice_compare(slice_from(x->info.name), slice_from(y->info.name));
    if (order != 0)
        return order;
    int files = (x->place.source > y->place.source) - (x->place.source < y->place.source);
    return files ? files : (x->place.line > y->place.line) - (x->place.line < y->place.line);
}

static int refuse_twice(struct compiler *c)
{
    for (size_t i = 1; i < c->count; i++) {
        const struct declaration *one = &c->all[i - 1], *two = &c->all[i];
        if (strcmp(one->info.name, two->info.name) == 0)
            return policy_fail(c, two->place, N_("\"%s\" is declared already, in %s, line %d"),
                               two->info.name, one->info.file, one->info.line);
    }
    return 0;
}

static void divide(struct compiler *c, struct policy_set *set)
{
    set->conditions = ARENA_ARRAY(c->arena, c->count + 1, struct declaration);
    set->categories = ARENA_ARRAY(c->arena, c->count + 1, struct declaration);
    for (size_t i = 0; i < c->count; i++)
        if (c->all[i].condition)
            set->conditions[set->condition_count++] = c->all[i];
        else
            set->categories[set->category_count++] = c->all[i];
    set->slot_count = set->condition_count;
}

int policy_check(struct compiler *c, struct policy_set *set)
{
    if (c->count)
        qsort(c->all, c->count, sizeof *c->all, by_name);
    int r = refuse_twice(c);
    if (r < 0)
        return r;
    divide(c, set);
    struct context conditions = {c, set, true}, categories = {c, set, false};
    for (size_t i = 0; r == 0 && i < set->condition_count; i++)
        r = resolve(&conditions, set->conditions[i].body);
    for (size_t i = 0; r == 0 && i < set->category_count; i++)
        r = resolve(&categories, set->categories[i].body);
    int height = 0;
    for (size_t i = 0; r == 0 && i < set->condition_count; i++)
        r = survey_declaration(&conditions, &set->conditions[i], set->conditions[i].body, 0,
                               &height);
    for (size_t i = 0; r == 0 && i < set->category_count; i++)
        r = survey_declaration(&categories, &set->categories[i], set->categories[i].body, 0,
                               &height);
    return r;
}
