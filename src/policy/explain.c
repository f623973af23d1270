/* Why a category is what it is on a day: the expression as a tree of lines, each with its truth. */
#include "policy/explanation.h"

static const char *words(struct explanation *x, const struct node *n, enum language language)
{
    const struct operator_row *row = &policy_operators[n->op];
    if (n->op == POLICY_OP_CONDITION || n->op == POLICY_OP_CATEGORY)
        return ""; /* labelled by its declaration */
    if (row->zh[0])
        return language == LANGUAGE_ZH ? row->zh : row->en;
    struct writer w = {.arena = x->arena};
    write_node_words(&w, n, language);
    return w.p ? w.p : "";
}

/* Adds a line under another, with truth and stretch; returns its index. */
static size_t add(struct explanation *x, size_t under, enum policy_op op, int person,
                  enum policy_role role, struct line a)
{
    size_t i = x->count;
    x->lines = arena_grow(x->arena, x->lines, &x->capacity, i + 1, sizeof *x->lines);
    x->behind = arena_grow(x->arena, x->behind, &x->behind_capacity, i + 1, sizeof *x->behind);
    struct policy_reason *line = &x->lines[i];
    *line = (struct policy_reason){.op = op, .person = person, .role = role, .zh = "", .en = ""};
    line->depth = under == EXPLANATION_ROOT ? 0 : x->lines[under].depth + 1;
    line->truth = line_at(&x->e.lines, a, x->at, &line->since, &line->until);
    line->decisive = under == EXPLANATION_ROOT || explanation_shares(x, under, line->truth);
    line->parts_at = i;
    line->why_until = DAY_FOREVER;
    x->behind[i] = (struct behind){.end = i + 1};
    x->count++;
    return i;
}

static void label(struct policy_reason *line, const struct policy_info *info)
{
    line->zh = info->zh;
    line->en = info->en;
    line->cites = info->cites;
    line->cite_count = info->cite_count;
}

/* ---- facts ----------------------------------------------------------------------------------- */

/* The records that make it so; where none does, those of its kind that cover the day. */
static void fact_line(struct explanation *x, size_t i, const struct node *n, int person)
{
    struct policy_reason *line = &x->lines[i];
    const struct person_facts *p = &x->e.persons[person];
    uint32_t *facts = ARENA_ARRAY(x->arena, p->count, uint32_t);
    for (size_t k = p->first; k < p->first + p->count; k++) {
        const struct policy_fact *f = &x->e.family->facts[k];
        day since, until;
        if (f->kind != n->kind || f->to <= f->from)
            continue;
        enum policy_truth truth = line_at(&x->e.lines, evaluation_record(&x->e, n, f), x->at,
                                          &since, &until);
        if (line->truth == POLICY_FALSE ? f->from <= x->at && x->at < f->to : truth == line->truth)
            facts[line->fact_count++] = (uint32_t)k;
    }
    line->facts = facts;
    if (line->truth == POLICY_UNKNOWN) {
        line->why = POLICY_WHY_TERM_UNKNOWN;
        line->why_until = line->until;
    }
}

static void pair_facts(struct explanation *x, struct policy_reason *line, const struct node *n,
                       int one, int other, uint32_t *facts)
{
    const struct person_facts *p = &x->e.persons[one];
    for (size_t k = p->first; k < p->first + p->count; k++) {
        const struct policy_fact *f = &x->e.family->facts[k];
        if (f->other == other && n->kinds >> f->kind & 1 && f->from <= x->at && x->at < f->to)
            facts[line->fact_count++] = (uint32_t)k;
    }
}

static void latest_line(struct explanation *x, size_t i, const struct node *n)
{
    struct policy_reason *line = &x->lines[i];
    const struct parents *p = evaluation_parents_on(&x->e, x->at);
    if (line->truth == POLICY_UNKNOWN)
        line->why = POLICY_WHY_NOT_REGISTERED;
    if (p->count < 2 || p->who[0] == POLICY_NOBODY || p->who[1] == POLICY_NOBODY)
        return;
    uint32_t *facts = ARENA_ARRAY(x->arena, x->e.family->fact_count, uint32_t);
    pair_facts(x, line, n, p->who[0], p->who[1], facts);
    if (p->who[0] != p->who[1])
        pair_facts(x, line, n, p->who[1], p->who[0], facts);
    line->facts = facts;
}

/* ---- the tree -------------------------------------------------------------------------------- */

static void explain_node(struct explanation *x, size_t under, const struct node *n, int person,
                         enum policy_role role);

/* What a condition or category is made of, once; later lines of the same refer to the first. */
static void explain_reference(struct explanation *x, size_t i, const struct declaration *d,
                              size_t *seen)
{
    label(&x->lines[i], &d->info);
    if (*seen) {
        x->lines[i].parts_at = *seen - 1;
        return;
    }
    *seen = i + 1;
    explain_node(x, i, d->body, x->lines[i].person, x->lines[i].role);
}

/* What is false and has no share in the verdict is not worth its parts. */
static void explain_condition(struct explanation *x, size_t i, const struct node *n, int person)
{
    const struct declaration *d = &x->e.set->conditions[n->target];
    const struct policy_reason *line = &x->lines[i];
    size_t slot = (size_t)n->slot * x->e.family->person_count + (size_t)person;
    if (line->decisive || line->truth != POLICY_FALSE)
        explain_reference(x, i, d, &x->seen[line->decisive][slot]);
    else
        label(&x->lines[i], &d->info);
}

static void explain_category(struct explanation *x, size_t i, size_t category)
{
    explain_reference(x, i, &x->e.set->categories[category],
                      &x->seen_category[x->lines[i].decisive][category]);
}

static enum policy_role role_on_day(const struct explanation *x, int person)
{
    for (size_t i = 0; i < x->e.family->kin_count; i++) {
        const struct policy_kin *row = &x->e.family->kin[i];
        if (row->person == person && row->from <= x->at && x->at < row->to)
            return row->role;
    }
    return POLICY_ROLE_NONE;
}

static void explain_member(struct explanation *x, size_t under, const struct node *n, int person,
                           enum policy_role role)
{
    size_t i = add(x, under, POLICY_OP_MEMBER, person, role,
                   evaluation_of_member(&x->e, n, person));
    struct policy_reason *line = &x->lines[i];
    x->behind[i].node = n;
    line->zh = person == 0 ? "儿童本人" : policy_role_label(role, LANGUAGE_ZH);
    line->en = person == 0 ? "the child" : policy_role_label(role, LANGUAGE_EN);
    if (person == POLICY_NOBODY) {
        const struct parents *p = evaluation_parents_on(&x->e, x->at);
        line->since = p->from;
        line->until = p->to;
        line->why = POLICY_WHY_NOT_REGISTERED;
        return;
    }
    explain_node(x, i, n->parts[0], person, role);
    x->behind[i].end = x->count;
}

static void explain_members(struct explanation *x, size_t under, const struct node *n)
{
    if (n->group == GROUP_LEGAL_PARENTS) {
        struct parents p = *evaluation_parents_on(&x->e, x->at);
        for (int i = 0; i < p.count; i++)
            explain_member(x, under, n, p.who[i], p.role[i]);
        return;
    }
    for (int person = 0; (size_t)person < x->e.family->person_count; person++) {
        day since, until;
        struct line member = evaluation_member(&x->e, n->group, person);
        if (line_at(&x->e.lines, member, x->at, &since, &until) == POLICY_TRUE)
            explain_member(x, under, n, person,
                           n->group == GROUP_GUARDIANS ? POLICY_ROLE_GUARDIAN
                                                       : role_on_day(x, person));
    }
}

static void explain_parts(struct explanation *x, size_t i, const struct node *n, int person,
                          enum policy_role role)
{
    switch (n->op) {
    case POLICY_OP_CONDITION: explain_condition(x, i, n, person); break;
    case POLICY_OP_CATEGORY: explain_category(x, i, n->target); break;
    case POLICY_OP_FACT: fact_line(x, i, n, person); break;
    case POLICY_OP_LATEST: latest_line(x, i, n); break;
    case POLICY_OP_PERSONS:
        x->lines[i].person = POLICY_NOBODY;
        x->behind[i].every = n->every;
        x->behind[i].quota = n->quota;
        explain_members(x, i, n);
        break;
    default:
        for (size_t k = 0; k < n->part_count; k++)
            explain_node(x, i, n->parts[k], person, role);
    }
}

static void explain_node(struct explanation *x, size_t under, const struct node *n, int person,
                         enum policy_role role)
{
    if (x->count >= EXPLANATION_MAX)
        return;
    size_t i = add(x, under, n->op, person, role, evaluation_node(&x->e, n, person));
    x->behind[i].node = n;
    x->lines[i].zh = words(x, n, LANGUAGE_ZH);
    x->lines[i].en = words(x, n, LANGUAGE_EN);
    explain_parts(x, i, n, person, role);
    x->behind[i].end = x->count;
}

/* ---- the face -------------------------------------------------------------------------------- */

/* Outside [birth, 18th birthday) nothing holds, and age is all there is to say. */
static void explain_outside(const struct policy_info *info, day birth, struct arena *a,
                            struct policy_explanation *ret)
{
    struct policy_reason *lines = ARENA_ARRAY(a, 2, struct policy_reason);
    for (int i = 0; i < 2; i++)
        lines[i] = (struct policy_reason){.depth = i,
                                          .op = i ? POLICY_OP_MINOR : POLICY_OP_CATEGORY,
                                          .since = ret->since,
                                          .until = ret->until,
                                          .decisive = true,
                                          .parts_at = (size_t)i,
                                          .why_until = DAY_FOREVER};
    label(&lines[0], info);
    bool unborn = ret->until == birth;
    lines[1].zh = unborn ? "已出生" : policy_operators[POLICY_OP_MINOR].zh;
    lines[1].en = unborn ? "born" : policy_operators[POLICY_OP_MINOR].en;
    ret->reasons = lines;
    ret->reason_count = 2;
}

/* What the category's line says of the day and of what comes next. */
static void verdict(const struct lines *l, struct line a, day at, struct policy_explanation *ret)
{
    day end = a.count > 1 ? a.steps[1].at : l->to;
    *ret = (struct policy_explanation){
        .since = DAY_BEGINNING, .until = l->from, .next = DAY_FOREVER};
    if (at < l->from) {
        bool at_birth = a.steps->truth != POLICY_FALSE;
        if (at_birth || a.count > 1) {
            ret->next = at_birth ? l->from : end;
            ret->next_truth = (enum policy_truth)a.steps[at_birth ? 0 : 1].truth;
        }
        return;
    }
    if (at >= l->to) {
        ret->since = l->to;
        ret->until = DAY_FOREVER;
        return;
    }
    ret->truth = line_at(l, a, at, &ret->since, &ret->until);
    if (ret->until < l->to) {
        day since, until;
        ret->next = ret->until;
        ret->next_truth = line_at(l, a, ret->next, &since, &until);
    } else if (ret->truth != POLICY_FALSE) {
        ret->next = l->to;
    }
}

bool explanation_build(struct explanation *x, const struct policy_set *set,
                       const struct policy_family *family, size_t category,
                       struct policy_explanation *ret)
{
    const struct policy_info *info = &set->categories[category].info;
    if (!evaluation_begin(&x->e, set, family, x->arena)) {
        *ret = (struct policy_explanation){
            .since = DAY_BEGINNING, .until = DAY_FOREVER, .next = DAY_FOREVER};
        explain_outside(info, family->birth, x->arena, ret);
        return false;
    }
    struct line line = evaluation_category(&x->e, category);
    verdict(&x->e.lines, line, x->at, ret);
    if (x->at < x->e.lines.from || x->at >= x->e.lines.to) {
        explain_outside(info, family->birth, x->arena, ret);
        return false;
    }
    for (int i = 0; i < 2; i++) {
        x->seen[i] = ARENA_ARRAY(x->arena, set->condition_count * family->person_count, size_t);
        x->seen_category[i] = ARENA_ARRAY(x->arena, set->category_count, size_t);
    }
    size_t root = add(x, EXPLANATION_ROOT, POLICY_OP_CATEGORY, 0, POLICY_ROLE_NONE, line);
    explain_category(x, root, category);
    x->behind[root].end = x->count;
    ret->reasons = x->lines;
    ret->reason_count = x->count;
    explanation_find_undecided(x, ret);
    return true;
}

void policy_explain(const struct policy_set *set, const struct policy_family *family,
                    size_t category, day as_of, struct arena *a, struct policy_explanation *ret)
{
    struct explanation x = {.arena = a, .at = as_of};
    if (explanation_build(&x, set, family, category, ret))
        explanation_find_changes(&x, ret);
}
