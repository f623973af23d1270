#include "cli/command.h"
#include "cli/rows.h"
#include "intake/coverage.h"
#include "people/fact.h"
#include "people/person.h"
#include "screening/edition.h"
#include "screening/population.h"
#include "store/sql_delivery.h"
#include "store/sql_person.h"
#include "store/sql_record.h"

#include <stdio.h>

#define DEPTH_MAX 256

/* One explanation on its way to the terminal. */
struct view {
    struct invocation *in;
    struct deployment *d;
    struct edition edition;
    struct population population;
    struct family family;
    day as_of;
};

static const char *mark(enum policy_truth truth)
{
    return truth == POLICY_TRUE ? "✔" : truth == POLICY_UNKNOWN ? "?" : "✘";
}

static const char *status_words(const struct view *v, enum policy_truth truth)
{
    return truth == POLICY_TRUE      ? say(v->in, N_("holds"))
           : truth == POLICY_UNKNOWN ? say(v->in, N_("cannot be decided"))
                                     : say(v->in, N_("does not hold"));
}

static const char *label_of(const struct view *v, const char *zh, const char *en)
{
    return v->in->error->language == LANGUAGE_ZH ? zh : en;
}

static void print_days(const struct view *v, day since, day until)
{
    char a[DAY_TEXT], b[DAY_TEXT];

    if (since != DAY_BEGINNING)
        printf(say(v->in, N_(" since %s")), day_format(since, a));
    if (until != DAY_FOREVER)
        printf(say(v->in, N_(" until %s")), day_format(until, b));
}

static void print_cites(const struct view *v, const struct policy_cite *cites, size_t count,
                        int indent)
{
    for (size_t i = 0; i < count; i++)
        printf("%*s%s %s%s%s\n", indent, "", say(v->in, N_("clause:")), cites[i].document,
               cites[i].article[0] ? " " : "", cites[i].article);
}

static int print_ref(const struct view *v, int person)
{
    struct sql_person_sealed_of row;
    struct person p;
    bool found;
    int64_t id = v->population.persons[v->family.persons[person]].id;
    int rc = sql_person_sealed_of(v->d->store, id, &found, &row, v->in->error);

    if (rc == 0 && found)
        rc = person_open(v->d->sealer, (const uint8_t *)row.salt.p, id, row.sealed, v->in->arena,
                         &p, v->in->error);
    if (rc == 0 && found)
        printf("%.*s", (int)p.ref.n, p.ref.p);
    return rc;
}

/* Who it is, behind the words that say in which role: the ref, or that nobody is registered. */
static int print_whom(const struct view *v, const struct policy_reason *r)
{
    if (r->op != POLICY_OP_MEMBER)
        return 0;
    putchar(' ');
    if (r->person != POLICY_NOBODY)
        return print_ref(v, r->person);
    fputs(say(v->in, N_("(not registered)")), stdout);
    return 0;
}

static int print_fact(const struct view *v, uint32_t index, int indent)
{
    const struct policy_fact *f = &v->family.policy.facts[index];
    struct sql_record_envelope row;
    struct fact_envelope envelope;
    char from[DAY_TEXT], to[DAY_TEXT], learnt[DAY_TEXT];
    bool found;
    int rc = sql_record_envelope(v->d->store, v->family.records[index], &found, &row, v->in->error);

    if (rc == 0 && found)
        rc = fact_open_envelope(v->d->sealer, (const uint8_t *)row.salt.p, v->family.records[index],
                                row.envelope, v->in->arena, &envelope, v->in->error);
    if (rc < 0 || !found)
        return rc;
    /* The other party of a marriage is named by number there: it is not shown. */
    bool party = f->kind == policy_kind_by_name(SLICE_LITERAL("divorced")) ||
                 f->kind == policy_kind_by_name(SLICE_LITERAL("married"));
    day learnt_on = (day)((row.known_from / 1000000 + 8 * 3600) / 86400);
    printf("%*s· %s", indent, "", policy_kind_label(f->kind, v->in->error->language));
    if (f->value.n && !party)
        printf(" %.*s", (int)f->value.n, f->value.p);
    printf(" [%s, %s)", day_format(f->from, from),
           f->to == DAY_FOREVER ? "…" : day_format(f->to, to));
    printf(say(v->in, N_(", %.*s record %.*s, learnt on %s\n")), (int)envelope.department.n,
           envelope.department.p, (int)envelope.key.n, envelope.key.p,
           day_format(learnt_on, learnt));
    return 0;
}

static int print_facts(const struct view *v, const struct policy_reason *r, int depth)
{
    int rc = 0;

    for (size_t i = 0; i < r->fact_count && rc == 0; i++)
        rc = print_fact(v, r->facts[i], 6 + 2 * depth);
    return rc;
}

static int print_reason(const struct view *v, const struct policy_reason *r, int depth)
{
    int indent = 2 + 2 * depth;
    int rc;

    printf("%*s%s %s", indent, "", mark(r->truth), label_of(v, r->zh, r->en));
    if ((rc = print_whom(v, r)) < 0)
        return rc;
    if (r->truth != POLICY_FALSE || r->op == POLICY_OP_FACT)
        print_days(v, r->since, r->until);
    if (r->why == POLICY_WHY_TERM_UNKNOWN) {
        char d[DAY_TEXT];
        printf(say(v->in, N_(" (the term is not known; from %s it counts without)")),
               day_format(r->why_until, d));
    }
    putchar('\n');
    if (r->depth > 0)
        print_cites(v, r->cites, r->cite_count, indent + 4);
    return print_facts(v, r, depth);
}

/* A condition that is one fact, under the condition's own name: nothing new but the fact. */
static bool says_again(const struct policy_reason *above, const struct policy_reason *r)
{
    return above && r->op == POLICY_OP_FACT && r->depth == above->depth + 1 &&
           r->truth == above->truth && r->why == above->why && r->cite_count == 0 &&
           above->fact_count == 0 && strcmp(r->en, above->en) == 0;
}

static bool same_line(const struct policy_reason *a, const struct policy_reason *b)
{
    return a->op == b->op && a->person == b->person && a->role == b->role &&
           strcmp(a->en, b->en) == 0;
}

/* What would decide it, each thing once, though the reasoning may come by it several times. */
static int print_lines(const struct view *v, const struct policy_explanation *x,
                       const size_t *lines, size_t count)
{
    int rc = 0;

    for (size_t i = 0; i < count && rc == 0; i++) {
        const struct policy_reason *r = &x->reasons[lines[i]];
        bool told = false;
        for (size_t j = 0; j < i; j++)
            told |= same_line(r, &x->reasons[lines[j]]);
        if (told)
            continue;
        printf("        - ");
        if (r->op != POLICY_OP_MEMBER && r->role != POLICY_ROLE_NONE)
            printf("%s: ", policy_role_label(r->role, v->in->error->language));
        fputs(label_of(v, r->zh, r->en), stdout);
        rc = print_whom(v, r);
        putchar('\n');
    }
    return rc;
}

static int print_outlook(const struct view *v, const struct policy_explanation *x)
{
    char d[DAY_TEXT];
    int rc = 0;

    if (x->next != DAY_FOREVER)
        printf(say(v->in, N_("    by what is known, from %s it %s\n")), day_format(x->next, d),
               status_words(v, x->next_truth));
    if (x->undecided_count > 0) {
        printf("    %s\n", say(v->in, N_("these would decide it:")));
        rc = print_lines(v, x, x->undecided, x->undecided_count);
    }
    if (x->change_count > 0 && rc == 0) {
        size_t *lines = ARENA_ARRAY(v->in->arena, x->change_count, size_t);
        for (size_t i = 0; i < x->change_count; i++)
            lines[i] = x->changes[i].reason;
        printf("    %s\n", say(v->in, N_("it would hold if these were otherwise:")));
        rc = print_lines(v, x, lines, x->change_count);
    }
    return rc;
}

static int print_category(const struct view *v, size_t category)
{
    const struct policy_info *info = policy_category_info(v->edition.set, category);
    bool all = invocation_value(v->in, "--all") != NULL;
    struct policy_explanation x;
    int rc = 0;

    policy_explain(v->edition.set, &v->family.policy, category, v->as_of, v->in->arena, &x);
    printf("\n%s %s (%s): %s", mark(x.truth), policy_info_label(info, v->in->error->language),
           info->name, status_words(v, x.truth));
    if (x.truth != POLICY_FALSE)
        print_days(v, x.since, x.until);
    putchar('\n');
    print_cites(v, info->cites, info->cite_count, 4);
    int shown[DEPTH_MAX] = {0}; /* how many lines stand above, by depth */
    const struct policy_reason *above = NULL;
    for (size_t i = 1; i < x.reason_count && rc == 0; i++) {
        const struct policy_reason *r = &x.reasons[i];
        int depth = r->depth < DEPTH_MAX ? r->depth : DEPTH_MAX - 1;
        /* Short: what decided, without the words that only join it together. */
        bool joins = r->op == POLICY_OP_AND || r->op == POLICY_OP_OR;
        bool show = all || (r->decisive && !joins && x.truth != POLICY_FALSE);
        bool again = show && says_again(above, r);
        shown[depth] = (depth > 0 ? shown[depth - 1] : 0) + (show && !again);
        if (again)
            rc = print_facts(v, r, shown[depth]);
        else if (show)
            rc = print_reason(v, above = r, shown[depth]);
    }
    return rc < 0 ? rc : print_outlook(v, &x);
}

static int print_reach(const struct view *v)
{
    struct sql_delivery_newest newest;
    char d[DAY_TEXT];
    bool found;
    int rc = sql_delivery_newest(v->d->store, &found, &newest, v->in->error);

    if (rc == 0 && found) {
        day told = (day)((newest.finished_at / 1000000 + 8 * 3600) / 86400);
        printf(say(v->in,
                   N_("\nThis is as far as the departments told us by %s; silence is not a no.\n")),
               day_format(told, d));
    } else if (rc == 0) {
        printf("%s\n", say(v->in, N_("\nNo department has told us anything yet.")));
    }
    return rc;
}

/* ---- how far knowledge of each kind reaches ---- */

static void print_line(const struct view *v, const struct reach_line *l)
{
    enum language language = v->in->error->language;
    char until[DAY_TEXT];

    printf(" %s: ", l->role == POLICY_ROLE_NONE ? say(v->in, N_("child"))
                                                : policy_role_label(l->role, language));
    if (!l->registered)
        fputs(say(v->in, N_("not registered")), stdout);
    else if (l->of.reach == REACH_NOT_COVERED && l->province)
        printf(say(v->in, N_("NOT COVERED (registered in %lld)")),
               (long long)(l->province / 1000000)); /* as GB/T 2260 has it */
    else if (l->of.reach == REACH_NOT_COVERED)
        fputs(say(v->in, N_("NOT COVERED (where they are registered is not known)")), stdout);
    else if (l->of.heard_at == 0)
        printf(say(v->in, N_("never told yet (%.*s)")), (int)l->of.feed.n, l->of.feed.p);
    else
        printf(l->of.silent ? say(v->in, N_("until %s (%.*s, silent since)"))
                            : say(v->in, N_("until %s (%.*s)")),
               day_format(day_of_instant(l->of.heard_at), until), (int)l->of.feed.n, l->of.feed.p);
}

static void print_reach_lines(const struct view *v, const struct reach_line *lines, size_t count)
{
    enum record_kind kind = KIND_NONE;

    if (count == 0)
        return;
    printf("%s\n", say(v->in, N_("\nHow far it reaches, by kind of record:")));
    for (size_t i = 0; i < count; i++) {
        const struct reach_line *l = &lines[i];
        if (l->kind != kind)
            printf("%s  %s —", i ? "\n" : "",
                   policy_kind_label(policy_kind_by_name(slice_from(record_kind_name(l->kind))),
                                     v->in->error->language));
        else
            putchar(';');
        kind = l->kind;
        print_line(v, l);
    }
    putchar('\n');
}

static int print_coverage(const struct view *v)
{
    struct policy_asked asked = {0};
    struct feed_library feeds;
    struct division_tree tree = {0}; /* codes say by themselves what they lie in */
    struct coverage_map *map;
    struct reach_line *lines;
    size_t count = 0;
    int rc = feed_library_read(v->d, v->in->arena, &feeds, v->in->error);

    for (size_t c = 0; c < v->edition.category_count; c++)
        policy_asks(v->edition.set, c, &asked);
    if (rc == 0)
        rc = coverage_map_read(v->d, &feeds, &tree, v->in->arena, &map, v->in->error);
    if (rc == 0)
        rc = coverage_lines(v->d, map, v->edition.set, &asked, &v->population, &v->family, v->as_of,
                            v->in->arena, &lines, &count, v->in->error);
    if (rc == 0)
        print_reach_lines(v, lines, count);
    return rc;
}

static int run(struct invocation *in)
{
    DEPLOYMENT_AUTO(d);
    struct view v = {.in = in};
    char as_of[DAY_TEXT];
    int64_t child;
    int rc = invocation_day(in, "--as-of", day_today(), &v.as_of);

    if (rc == 0)
        rc = edition_read(invocation_value(in, "--policy"), in->arena, &v.edition, in->error);
    if (rc == 0)
        rc = invocation_open(in, STORE_READ, &d);
    v.d = d;
    if (rc == 0)
        rc = person_id_of_ref(in, d, in->positional[0], &child);
    if (rc == 0)
        rc = population_read_child(d, child, in->arena, &v.population, &v.family, in->error);
    if (rc < 0)
        return rc;
    printf(say(in, N_("%s on %s\n")), in->positional[0], day_format(v.as_of, as_of));
    for (size_t c = 0; c < v.edition.category_count && rc == 0; c++)
        rc = print_category(&v, c);
    if (rc == 0)
        rc = print_reach(&v);
    return rc < 0 ? rc : print_coverage(&v);
}

static const struct option options[] = {
    OPTION_DB,
    OPTION_AS_OF,
    OPTION_POLICY,
    {"--all", NULL, N_("every line of the reasoning, not only what decided")},
    OPTION_END};

extern const struct command command_explain;
const struct command command_explain = {
    "explain",
    TASK_VERDICTS,
    "CHILD_REF --db URL [--as-of DATE]",
    N_("Why a child is, or is not, in each category: facts, clauses, what would change it."),
    options,
    1,
    1,
    run};
