/* Who a child's legal parents are, and who its household is, day by day (contracts.md). */
#include "policy/evaluation.h"

#include <stdlib.h>

enum { FATHER, MOTHER, ADOPTIVE_FATHER, ADOPTIVE_MOTHER, PARENT_ROLES };

static int parent_role(enum policy_role role)
{
    switch (role) {
    case POLICY_ROLE_FATHER: return FATHER;
    case POLICY_ROLE_MOTHER: return MOTHER;
    case POLICY_ROLE_ADOPTIVE_FATHER: return ADOPTIVE_FATHER;
    case POLICY_ROLE_ADOPTIVE_MOTHER: return ADOPTIVE_MOTHER;
    default: return -1;
    }
}

static bool row_counts(const struct evaluation *e, const struct policy_kin *row)
{
    return row->person >= 0 && (size_t)row->person < e->family->person_count &&
           row->from < row->to && row->from < e->lines.to && row->to > e->lines.from;
}

/* An empty `from` means since birth. */
static day row_from(const struct evaluation *e, const struct policy_kin *row)
{
    return row->from == DAY_BEGINNING ? e->family->birth : row->from;
}

/* From the winning rows of the four roles to the legal parents: adoptive ones, where there are
 * any. */
static struct parents parents_of(const struct policy_kin *const won[PARENT_ROLES], day from, day to)
{
    struct parents p = {.from = from, .to = to};
    for (int i = ADOPTIVE_FATHER; i <= ADOPTIVE_MOTHER; i++)
        if (won[i]) {
            p.who[p.count] = won[i]->person;
            p.role[p.count++] = won[i]->role;
            p.adoptive = true;
        }
    for (int i = FATHER; i <= MOTHER && !p.adoptive; i++) {
        p.who[p.count] = won[i] ? won[i]->person : POLICY_NOBODY;
        p.role[p.count++] = i == FATHER ? POLICY_ROLE_FATHER : POLICY_ROLE_MOTHER;
    }
    return p;
}

/* Of the rows of one role that cover the day the later `from` counts, of equal ones the later
 * row. */
static struct parents parents_on(const struct evaluation *e, day from, day to)
{
    const struct policy_kin *won[PARENT_ROLES] = {NULL};
    for (size_t i = 0; i < e->family->kin_count; i++) {
        const struct policy_kin *row = &e->family->kin[i];
        int role = parent_role(row->role);
        if (role < 0 || !row_counts(e, row) || row->from > from || row->to <= from)
            continue;
        if (!won[role] || row_from(e, row) >= row_from(e, won[role]))
            won[role] = row;
    }
    return parents_of(won, from, to);
}

static bool parents_equal(const struct parents *a, const struct parents *b)
{
    if (a->count != b->count || a->adoptive != b->adoptive)
        return false;
    for (int i = 0; i < a->count; i++)
        if (a->who[i] != b->who[i] || a->role[i] != b->role[i])
            return false;
    return true;
}

static int by_day(const void *a, const void *b)
{
    const day *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

void evaluation_find_parents(struct evaluation *e)
{
    const struct policy_family *f = e->family;
    day near[2 * NEAR_PERSONS], *bounds = near;
    size_t count = 0;
    if (f->kin_count > NEAR_PERSONS)
        bounds = ARENA_ARRAY(e->arena, 2 * f->kin_count, day);
    for (size_t i = 0; i < f->kin_count; i++) {
        if (parent_role(f->kin[i].role) < 0 || !row_counts(e, &f->kin[i]))
            continue;
        if (f->kin[i].from > e->lines.from)
            bounds[count++] = f->kin[i].from;
        if (f->kin[i].to < e->lines.to)
            bounds[count++] = f->kin[i].to;
    }
    if (count > 1)
        qsort(bounds, count, sizeof *bounds, by_day);
    e->parents = count + 1 <= NEAR_PARENTS ? e->near_parents
                                           : ARENA_ARRAY(e->arena, count + 1, struct parents);
    e->parents_count = 0;
    day from = e->lines.from;
    for (size_t i = 0; i <= count; i++) {
        day to = i < count ? bounds[i] : e->lines.to;
        if (to == from)
            continue;
        struct parents p = parents_on(e, from, to);
        from = to;
        struct parents *last = e->parents_count ? &e->parents[e->parents_count - 1] : NULL;
        if (last && parents_equal(last, &p))
            last->to = to;
        else
            e->parents[e->parents_count++] = p;
    }
}

const struct parents *evaluation_parents_on(const struct evaluation *e, day d)
{
    size_t i = 0;
    while (i + 1 < e->parents_count && e->parents[i].to <= d)
        i++;
    return &e->parents[i];
}

static struct line as_legal_parent(struct evaluation *e, int person)
{
    struct line_writer w = line_begin(&e->lines, e->parents_count + 1);
    for (size_t i = 0; i < e->parents_count; i++) {
        const struct parents *p = &e->parents[i];
        bool is = p->who[0] == person || (p->count == 2 && p->who[1] == person);
        line_put(&w, p->from, is ? POLICY_TRUE : POLICY_FALSE);
    }
    return line_end(&w);
}

static struct line as_guardian(struct evaluation *e, int person)
{
    struct line all = line_constant(&e->lines, POLICY_FALSE);
    for (size_t i = 0; i < e->family->kin_count; i++) {
        const struct policy_kin *row = &e->family->kin[i];
        if (row->role == POLICY_ROLE_GUARDIAN && row->person == person && row_counts(e, row))
            all = line_or(&e->lines, all, line_span(&e->lines, row->from, row->from, row->to));
    }
    return all;
}

struct line evaluation_member(struct evaluation *e, enum group group, int person)
{
    const struct policy_person *p = &e->family->persons[person];
    switch (group) {
    case GROUP_LEGAL_PARENTS: return as_legal_parent(e, person);
    case GROUP_GUARDIANS: return as_guardian(e, person);
    default: break;
    }
    if (person == 0 || p->same_household)
        return line_constant(&e->lines, POLICY_TRUE);
    if (!p->household_empty)
        return line_constant(&e->lines, POLICY_FALSE);
    return line_or(&e->lines, as_legal_parent(e, person), as_guardian(e, person));
}
