/* The evaluator: from a family's facts to the days on which each category holds. */
#include "policy/evaluation.h"

/* ---- the family made ready ------------------------------------------------------------------- */

static void index_facts(struct evaluation *e)
{
    const struct policy_family *f = e->family;
    e->kinds = 0;
    memset(e->persons, 0, f->person_count * sizeof *e->persons);
    for (size_t i = 0; i < f->fact_count; i++) {
        const struct policy_fact *fact = &f->facts[i];
        if (fact->person < 0 || (size_t)fact->person >= f->person_count || fact->kind < 0 ||
            fact->kind >= policy_kind_count())
            continue;
        struct person_facts *p = &e->persons[fact->person];
        if (p->count == 0)
            p->first = i;
        p->count = i - p->first + 1;
        p->kinds |= UINT64_C(1) << fact->kind;
        e->kinds |= UINT64_C(1) << fact->kind;
    }
}

bool evaluation_begin(struct evaluation *e, const struct policy_set *set,
                      const struct policy_family *family, struct arena *a)
{
    day adult = day_anniversary(family->birth, 18);
    if (adult <= family->birth)
        return false;
    e->set = set;
    e->family = family;
    e->arena = a;
    lines_begin(&e->lines, family->birth, adult, a);
    e->persons = family->person_count <= NEAR_PERSONS
                     ? e->near_persons
                     : ARENA_ARRAY(a, family->person_count, struct person_facts);
    index_facts(e);
    size_t memo = set->slot_count * family->person_count;
    if (memo <= NEAR_MEMO) {
        e->memo = e->near_memo;
        memset(e->memo, 0, memo * sizeof *e->memo);
    } else {
        e->memo = ARENA_ARRAY(a, memo, struct line);
    }
    e->categories = set->category_count <= NEAR_CATEGORIES
                        ? e->near_categories
                        : ARENA_ARRAY(a, set->category_count, struct line);
    memset(e->categories, 0, set->category_count * sizeof *e->categories);
    evaluation_find_parents(e);
    return true;
}

/* ---- facts ----------------------------------------------------------------------------------- */

/* A pattern's parts between '/' are compared one by one; "*" is any. */
static bool value_matches(struct slice pattern, struct slice value)
{
    const char *p = pattern.p, *p_end = p + pattern.n, *v = value.p, *v_end = v + value.n;
    while (p < p_end) {
        if (*p == '*') {
            while (v < v_end && *v != '/')
                v++;
            p++;
        } else if (v < v_end && *p == *v) {
            p++;
            v++;
        } else {
            return false;
        }
    }
    return v == v_end;
}

static bool fact_matches(const struct node *n, const struct policy_fact *f)
{
    if (f->kind != n->kind || f->to <= f->from)
        return false;
    if (n->value_count == 0)
        return true;
    for (size_t i = 0; f->value.p && i < n->value_count; i++)
        if (value_matches(n->values[i], f->value))
            return true;
    return false;
}

/* Custody and the like: the term is what the value says; else what `to` says; else it is not known
 * until it has lasted for so long. With a term and no `to` it ends when the term does. */
static struct line term_line(struct lines *l, const struct node *n, const struct policy_fact *f)
{
    day enough = day_add_duration(f->from, policy_length_duration(n->length));
    struct duration term;
    bool known = f->value.n && duration_parse(f->value, &term);
    day end = known ? day_add_duration(f->from, term) : f->to;
    if (!known && f->to == DAY_FOREVER)
        return line_span(l, f->from, enough, DAY_FOREVER);
    if (end < enough)
        return line_constant(l, POLICY_FALSE);
    return line_span(l, f->from, f->from, f->to == DAY_FOREVER ? end : f->to);
}

struct line evaluation_record(struct evaluation *e, const struct node *n,
                              const struct policy_fact *f)
{
    struct lines *l = &e->lines;
    if (!fact_matches(n, f))
        return line_constant(l, POLICY_FALSE);
    day from = f->from;
    switch (n->tense) {
    case TENSE_TERM: return term_line(l, n, f);
    case TENSE_AFTER_MORE:
        from = day_add_days(day_add_duration(from, policy_length_duration(n->length)), 1);
        break;
    case TENSE_AFTER_LEAST: from = day_add_duration(from, policy_length_duration(n->length)); break;
    case TENSE_SIMPLE: break;
    }
    return line_span(l, from, from, f->to);
}

/* Each record alone, then `or`; halved, so that many records stay cheap. */
static struct line records_line(struct evaluation *e, const struct node *n, size_t first,
                                size_t count)
{
    if (count == 0)
        return line_constant(&e->lines, POLICY_FALSE);
    if (count == 1)
        return evaluation_record(e, n, &e->family->facts[first]);
    struct line a = records_line(e, n, first, count / 2);
    struct line b = records_line(e, n, first + count / 2, count - count / 2);
    return line_or(&e->lines, a, b);
}

/* ---- persons --------------------------------------------------------------------------------- */

static struct line memoised(struct evaluation *e, int slot, const struct node *body, int person)
{
    struct line *memo = &e->memo[(size_t)slot * e->family->person_count + (size_t)person];
    if (memo->count == 0)
        *memo = evaluation_node(e, body, person);
    return *memo;
}

struct line evaluation_of_member(struct evaluation *e, const struct node *n, int person)
{
    if (person == POLICY_NOBODY)
        return line_constant(&e->lines, POLICY_UNKNOWN);
    const struct node *body = n->parts[0];
    if (!(body->kinds & e->persons[person].kinds))
        return line_constant(&e->lines, body->bare);
    return memoised(e, n->slot, body, person);
}

/* What is counted: whether it is so, or for `every` whether it is not. */
static struct line counted(struct evaluation *e, const struct node *n, int person)
{
    struct line a = evaluation_of_member(e, n, person);
    return n->every ? line_not(&e->lines, a) : a;
}

static struct line quota_line(struct evaluation *e, const struct node *n, const struct line *lines,
                              size_t *cursors, size_t count)
{
    size_t most = 1, known = 0, unknown = 0;
    for (size_t i = 0; i < count; i++) {
        most += lines[i].count;
        known += lines[i].steps->truth == POLICY_TRUE;
        unknown += lines[i].steps->truth == POLICY_UNKNOWN;
    }
    if (most == count + 1)
        return line_constant(&e->lines, line_quota_truth(n->quota, known, unknown));
    struct line_writer w = line_begin(&e->lines, most);
    line_put_quota(&w, lines, cursors, count, n->quota, e->lines.from, e->lines.to);
    return line_end(&w);
}

static struct line legal_parents_line(struct evaluation *e, const struct node *n)
{
    struct line near[2 * NEAR_PARENTS], *all = near;
    size_t cursors[2], most = 1;
    if (e->parents_count > NEAR_PARENTS)
        all = ARENA_ARRAY(e->arena, 2 * e->parents_count, struct line);
    for (size_t i = 0; i < e->parents_count; i++)
        for (int k = 0; k < e->parents[i].count; k++) {
            all[2 * i + (size_t)k] = counted(e, n, e->parents[i].who[k]);
            most += all[2 * i + (size_t)k].count;
        }
    if (e->parents_count == 1)
        return quota_line(e, n, all, cursors, (size_t)e->parents[0].count);
    struct line_writer w = line_begin(&e->lines, most);
    for (size_t i = 0; i < e->parents_count; i++)
        line_put_quota(&w, all + 2 * i, cursors, (size_t)e->parents[i].count, n->quota,
                       e->parents[i].from, e->parents[i].to);
    return line_end(&w);
}

/* Guardians and the household: a person counts on the days of belonging to it. */
static struct line group_line(struct evaluation *e, const struct node *n)
{
    const struct node *body = n->parts[0];
    bool bare_counts = (n->every ? POLICY_TRUE - body->bare : body->bare) != POLICY_FALSE;
    if (!(body->kinds & e->kinds) && !bare_counts)
        return line_constant(&e->lines, line_quota_truth(n->quota, 0, 0));
    struct line near[NEAR_PERSONS], *all = near;
    size_t near_cursors[NEAR_PERSONS], *cursors = near_cursors, count = 0;
    if (e->family->person_count > NEAR_PERSONS) {
        all = ARENA_ARRAY(e->arena, e->family->person_count, struct line);
        cursors = ARENA_ARRAY(e->arena, e->family->person_count, size_t);
    }
    for (int person = 0; (size_t)person < e->family->person_count; person++) {
        struct line a = counted(e, n, person);
        if (!line_is(a, POLICY_FALSE))
            a = line_and(&e->lines, a, evaluation_member(e, n->group, person));
        if (!line_is(a, POLICY_FALSE))
            all[count++] = a;
    }
    return quota_line(e, n, all, cursors, count);
}

/* ---- the latest registration between the legal parents --------------------------------------- */

struct latest {
    const struct policy_fact *fact;
    size_t rank; /* of its kind in the list: of two of one day the one listed first counts */
};

static void latest_try(const struct node *n, const struct policy_fact *f, struct latest *best)
{
    for (size_t i = 0; i < n->of_count; i++)
        if (n->of[i] == f->kind && (!best->fact || f->from > best->fact->from ||
                                    (f->from == best->fact->from && i < best->rank)))
            *best = (struct latest){f, i};
}

/* Looks at what `person` has with `other` on the day, and at when that next changes. */
static void latest_scan(const struct evaluation *e, const struct node *n, int person, int other,
                        day at, struct latest *best, day *next)
{
    const struct person_facts *p = &e->persons[person];
    for (size_t i = p->first; i < p->first + p->count; i++) {
        const struct policy_fact *f = &e->family->facts[i];
        if (f->other != other || f->to <= f->from || !(n->kinds >> f->kind & 1))
            continue;
        if (f->from <= at && at < f->to)
            latest_try(n, f, best);
        if (f->from > at && f->from < *next)
            *next = f->from;
        if (f->to > at && f->to < *next)
            *next = f->to;
    }
}

static void put_latest(const struct evaluation *e, const struct node *n, const struct parents *p,
                       struct line_writer *w)
{
    if (p->count == 2 && (p->who[0] == POLICY_NOBODY || p->who[1] == POLICY_NOBODY)) {
        line_put(w, p->from, POLICY_UNKNOWN);
        return;
    }
    if (p->count == 1) {
        line_put(w, p->from, POLICY_FALSE);
        return;
    }
    for (day at = p->from; at < p->to;) {
        struct latest best = {NULL, 0};
        day next = p->to;
        latest_scan(e, n, p->who[0], p->who[1], at, &best, &next);
        latest_scan(e, n, p->who[1], p->who[0], at, &best, &next);
        line_put(w, at, best.fact && best.fact->kind == n->kind ? POLICY_TRUE : POLICY_FALSE);
        at = next;
    }
}

static struct line latest_line(struct evaluation *e, const struct node *n)
{
    size_t most = 2;
    for (size_t i = 0; i < e->parents_count; i++) {
        const struct parents *p = &e->parents[i];
        most += 1;
        for (int k = 0; k < p->count; k++)
            if (p->who[k] != POLICY_NOBODY && e->persons[p->who[k]].kinds & n->kinds)
                most += 2 * e->persons[p->who[k]].count;
    }
    struct line_writer w = line_begin(&e->lines, most);
    for (size_t i = 0; i < e->parents_count; i++)
        put_latest(e, n, &e->parents[i], &w);
    return line_end(&w);
}

/* ---- expressions ----------------------------------------------------------------------------- */

static struct line adopted_line(struct evaluation *e)
{
    struct line_writer w = line_begin(&e->lines, e->parents_count + 1);
    for (size_t i = 0; i < e->parents_count; i++)
        line_put(&w, e->parents[i].from, e->parents[i].adoptive ? POLICY_TRUE : POLICY_FALSE);
    return line_end(&w);
}

static struct line aged_line(struct evaluation *e, const struct node *n)
{
    day birthday = day_anniversary(e->family->birth, (int)n->number);
    return n->or_over ? line_span(&e->lines, birthday, birthday, DAY_FOREVER)
                      : line_span(&e->lines, e->lines.from, e->lines.from, birthday);
}

static struct line joined_line(struct evaluation *e, const struct node *n, int person)
{
    bool any = n->op == POLICY_OP_OR;
    struct line all = evaluation_node(e, n->parts[0], person);
    for (size_t i = 1; i < n->part_count && !line_is(all, any ? POLICY_TRUE : POLICY_FALSE); i++) {
        struct line part = evaluation_node(e, n->parts[i], person);
        all = any ? line_or(&e->lines, all, part) : line_and(&e->lines, all, part);
    }
    return all;
}

struct line evaluation_node(struct evaluation *e, const struct node *n, int person)
{
    if (n->personal && !(n->kinds & e->persons[person].kinds))
        return line_constant(&e->lines, n->bare);
    switch (n->op) {
    case POLICY_OP_OR:
    case POLICY_OP_AND: return joined_line(e, n, person);
    case POLICY_OP_NOT: return line_not(&e->lines, evaluation_node(e, n->parts[0], person));
    case POLICY_OP_FACT:
        return records_line(e, n, e->persons[person].first, e->persons[person].count);
    case POLICY_OP_CONDITION:
        return memoised(e, n->slot, e->set->conditions[n->target].body, person);
    case POLICY_OP_CATEGORY: return evaluation_category(e, n->target);
    case POLICY_OP_MINOR: return line_constant(&e->lines, POLICY_TRUE); /* what the window is */
    case POLICY_OP_AGED: return aged_line(e, n);
    case POLICY_OP_ADOPTED: return adopted_line(e);
    case POLICY_OP_PERSONS:
        return n->group == GROUP_LEGAL_PARENTS ? legal_parents_line(e, n) : group_line(e, n);
    case POLICY_OP_LATEST: return latest_line(e, n);
    case POLICY_OP_MEMBER: /* only in explanations */
    case POLICY_OP_COUNT: break;
    }
    return line_constant(&e->lines, POLICY_FALSE);
}

struct line evaluation_category(struct evaluation *e, size_t category)
{
    struct line *memo = &e->categories[category];
    if (memo->count == 0)
        *memo = evaluation_node(e, e->set->categories[category].body, 0);
    return *memo;
}

/* ---- the face -------------------------------------------------------------------------------- */

static struct policy_timeline timeline_of(const struct evaluation *e, struct line a)
{
    struct policy_timeline t = {NULL, 0};
    if (line_is(a, POLICY_FALSE))
        return t;
    struct policy_stretch *all = ARENA_ARRAY(e->arena, a.count, struct policy_stretch);
    for (size_t i = 0; i < a.count; i++) {
        day to = i + 1 < a.count ? a.steps[i + 1].at : e->lines.to;
        if (a.steps[i].truth != POLICY_FALSE)
            all[t.count++] = (struct policy_stretch){a.steps[i].at, to,
                                                     (enum policy_truth)a.steps[i].truth};
    }
    t.stretches = all;
    return t;
}

void policy_evaluate(const struct policy_set *set, const struct policy_family *family,
                     struct arena *a, struct policy_timeline *ret)
{
    struct evaluation e;
    bool some = evaluation_begin(&e, set, family, a);
    for (size_t i = 0; i < set->category_count; i++)
        ret[i] = some ? timeline_of(&e, evaluation_category(&e, i))
                      : (struct policy_timeline){NULL, 0};
}

const struct policy_stretch *policy_timeline_at(const struct policy_timeline *t, day d)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->stretches[i].from <= d && d < t->stretches[i].to)
            return &t->stretches[i];
    return NULL;
}

day policy_timeline_next(const struct policy_timeline *timelines, size_t count, day d)
{
    day next = DAY_FOREVER;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < timelines[i].count; k++) {
            const struct policy_stretch *s = &timelines[i].stretches[k];
            if (s->from > d && s->from < next)
                next = s->from;
            if (s->to > d && s->to < next)
                next = s->to;
        }
    return next;
}
