/* Why a category holds, or does not, on a day (api/timeline.yaml). */
#include "intake/coverage.h"
#include "people/fact.h"
#include "people/fact_class.h"
#include "screening/population.h"
#include "server/cared.h"
#include "server/handlers.h"
#include "server/shelf.h"
#include "store/sql_heard.h"
#include "store/sql_record.h"

#include <stdio.h>

#define DEPTH_MAX 64

/* One explanation on its way out. */
struct telling {
    struct request *r;
    const struct seen *s;
    const struct family *family;
    enum language language;
    int shown[DEPTH_MAX]; /* how many lines stand above, by depth */
    int rc;
};

static const char *status_name(enum policy_truth truth)
{
    return truth == POLICY_TRUE ? "holds" : truth == POLICY_UNKNOWN ? "review" : "no";
}

static const char *truth_name(enum policy_truth truth)
{
    return truth == POLICY_TRUE ? "yes" : truth == POLICY_UNKNOWN ? "unknown" : "no";
}

static void write_line(struct telling *t, int depth, const char *truth, const char *text)
{
    struct json *j = t->r->out;

    json_object_begin(j);
    json_name(j, "depth");
    json_put_integer(j, depth);
    json_name(j, "truth");
    json_put_string(j, slice_from(truth));
    json_name(j, "text");
    json_put_string(j, slice_from(text));
    json_object_end(j);
}

static const char *days_text(const struct telling *t, day since, day until)
{
    char a[DAY_TEXT], b[DAY_TEXT];
    const char *from = since == DAY_BEGINNING
                           ? ""
                           : arena_printf(t->r->arena, text_in(t->language, N_(" since %s")),
                                          day_format(since, a));
    const char *to = until == DAY_FOREVER
                         ? ""
                         : arena_printf(t->r->arena, text_in(t->language, N_(" until %s")),
                                        day_format(until, b));

    return arena_printf(t->r->arena, "%s%s", from, to);
}

/* ---- facts ---- */

static int department_of(struct telling *t, int64_t record, struct slice *ret, day *ret_learnt)
{
    struct sql_record_envelope row;
    struct fact_envelope envelope;
    bool found;
    int rc = sql_record_envelope(t->r->d->store, record, &found, &row, t->r->error);

    *ret = SLICE_NONE;
    *ret_learnt = DAY_BEGINNING;
    if (rc == 0 && found) {
        rc = fact_open_envelope(t->r->d->sealer, (const uint8_t *)row.salt.p, record, row.envelope,
                                t->r->arena, &envelope, t->r->error);
        if (rc == 0) {
            *ret = envelope.department;
            *ret_learnt = day_of_instant(row.known_from);
        }
    }
    return rc;
}

/* A fact is told to whom its own class is shown, beside the basis: an opening of one is none of
 * the other. */
static int write_fact(struct telling *t, uint32_t index, int depth)
{
    const struct policy_fact *f = &t->family->policy.facts[index];
    enum record_kind kind = record_kind_parse(slice_from(policy_kind_name(f->kind)));
    char from[DAY_TEXT], to[DAY_TEXT], learnt[DAY_TEXT];
    struct slice department;
    day learnt_on;

    if (t->s->sights.of[fact_class(kind)] != SIGHT_SHOWN)
        return 0;
    int rc = department_of(t, t->family->records[index], &department, &learnt_on);
    if (rc < 0)
        return rc;
    const char *value = fact_value_is_private(kind) || f->value.n == 0
                            ? ""
                            : arena_printf(t->r->arena, " %.*s", (int)f->value.n, f->value.p);
    write_line(t, depth, "none",
               arena_printf(t->r->arena,
                            text_in(t->language, N_("%s%s, from %s to %s; %.*s, learnt on %s")),
                            policy_kind_label(f->kind, t->language), value,
                            f->from == DAY_BEGINNING ? "…" : day_format(f->from, from),
                            f->to == DAY_FOREVER ? "…" : day_format(f->to, to), (int)department.n,
                            department.p, day_format(learnt_on, learnt)));
    return 0;
}

static int write_facts(struct telling *t, const struct policy_reason *reason, int depth)
{
    int rc = 0;

    for (size_t i = 0; i < reason->fact_count && rc == 0; i++)
        rc = write_fact(t, reason->facts[i], depth);
    return rc;
}

/* ---- reasons ---- */

static const char *label_of(const struct telling *t, const struct policy_reason *reason)
{
    return t->language == LANGUAGE_ZH ? reason->zh : reason->en;
}

/* The words, whom they are about by what that person is to the child, and the days. Never a
 * name. */
static const char *reason_text(const struct telling *t, const struct policy_reason *reason)
{
    bool member = reason->op == POLICY_OP_MEMBER;
    const char *absent = member && reason->person == POLICY_NOBODY
                             ? arena_printf(t->r->arena, "%s%s",
                                            t->language == LANGUAGE_EN ? " " : "",
                                            text_in(t->language, N_("(not registered)")))
                             : "";
    const char *days = reason->truth != POLICY_FALSE || reason->op == POLICY_OP_FACT
                           ? days_text(t, reason->since, reason->until)
                           : "";
    const char *term = "";
    char until[DAY_TEXT];

    if (reason->why == POLICY_WHY_TERM_UNKNOWN)
        term = arena_printf(
            t->r->arena,
            text_in(t->language, N_(" (the term is not known; from %s it counts without)")),
            day_format(reason->why_until, until));
    return arena_printf(t->r->arena, "%s%s%s%s", label_of(t, reason), absent, days, term);
}

/* A condition that is one fact, under the condition's own name: nothing new but the fact. */
static bool says_again(const struct policy_reason *above, const struct policy_reason *reason)
{
    return above && reason->op == POLICY_OP_FACT && reason->depth == above->depth + 1 &&
           reason->truth == above->truth && reason->why == above->why && reason->cite_count == 0 &&
           above->fact_count == 0 && strcmp(reason->en, above->en) == 0;
}

/* What decided; where nothing holds, every condition that was looked at. Words that only join
 * are left out. */
static int write_reasons(struct telling *t, const struct policy_explanation *x)
{
    const struct policy_reason *above = NULL;
    int rc = 0;

    for (size_t i = 1; i < x->reason_count && rc == 0; i++) {
        const struct policy_reason *reason = &x->reasons[i];
        int depth = reason->depth < DEPTH_MAX ? reason->depth : DEPTH_MAX - 1;
        bool joins = reason->op == POLICY_OP_AND || reason->op == POLICY_OP_OR;
        bool show = !joins && (reason->decisive || x->truth == POLICY_FALSE);
        bool again = show && says_again(above, reason);
        int base = depth > 0 ? t->shown[depth - 1] : 0;
        t->shown[depth] = base + (show && !again);
        if (show && !again) {
            write_line(t, base, truth_name(reason->truth), reason_text(t, reason));
            above = reason;
        }
        if (show)
            rc = write_facts(t, reason, t->shown[depth]);
    }
    return rc;
}

static struct view_value cites_of(struct request *r, const struct policy_info *info)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < info->cite_count; i++) {
        const struct policy_cite *cite = &info->cites[i];
        json_put_string(r->out,
                        slice_from(arena_printf(r->arena, "%s%s%s", cite->document,
                                                cite->article[0] ? " " : "", cite->article)));
    }
    return sublist_end(r, &s);
}

/* In a sentence; the timeline has the day of each department. */
static int heard_text(struct request *r, struct view_value *ret)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_heard_all row;
    int64_t newest = 0;
    char on[DAY_TEXT];
    int rc = sql_heard_all(r->d->store, &rows, r->error);

    while (rc >= 0 && (rc = sql_heard_all_next(&rows, &row, r->error)) > 0)
        newest = row.at > newest ? row.at : newest;
    if (rc < 0)
        return rc;
    const char *text = text_in(r->error->language, N_("No department has told us anything yet."));
    if (newest)
        text = arena_printf(
            r->arena,
            text_in(r->error->language,
                    N_("As far as the departments told us by %s; silence is not a no.")),
            day_format(day_of_instant(newest), on));
    *ret = view_text(slice_from(text));
    return 0;
}

/* ---- how far it reaches ---- */

static void write_reach(struct request *r, const struct reach_line *l)
{
    struct json *j = r->out;
    int kind = policy_kind_by_name(slice_from(record_kind_name(l->kind)));

    json_object_begin(j);
    json_name(j, "kind");
    json_put_string(j, slice_from(record_kind_name(l->kind)));
    json_name(j, "label");
    json_put_string(j, slice_from(policy_kind_label(kind, r->error->language)));
    json_name(j, "about");
    json_put_string(j,
                    slice_from(l->role == POLICY_ROLE_NONE ? "self" : policy_role_name(l->role)));
    json_name(j, "registered");
    json_put_boolean(j, l->registered);
    json_name(j, "reach");
    json_put_string(j, slice_from(reach_name(l->of.reach)));
    json_name(j, "feed");
    json_put_string(j, l->of.feed);
    json_name(j, "department");
    json_put_string(j, l->of.department);
    json_name(j, "until");
    if (l->of.heard_at) {
        char on[DAY_TEXT];
        json_put_string(j, slice_from(day_format(day_of_instant(l->of.heard_at), on)));
    } else {
        json_put_null(j);
    }
    json_name(j, "silent");
    json_put_boolean(j, l->of.silent);
    json_name(j, "province");
    if (l->of.reach == REACH_NOT_COVERED && l->province)
        json_put_string(j, slice_from(arena_printf(r->arena, "%lld", (long long)l->province)));
    else
        json_put_null(j);
    json_object_end(j);
}

static int read_reach(struct request *r, const struct policy_set *set, size_t category,
                      const struct population *population, const struct family *family, day as_of,
                      struct view_value *ret)
{
    struct policy_asked asked = {0};
    struct division_tree tree = {0}; /* codes say by themselves what they lie in */
    const struct feed_library *feeds;
    struct coverage_map *map;
    struct reach_line *lines;
    struct sublist list;
    size_t count;
    int rc = request_feeds(r, &feeds);

    policy_asks(set, category, &asked);
    if (rc == 0)
        rc = coverage_map_read(r->d, feeds, &tree, r->arena, &map, r->error);
    if (rc == 0)
        rc = coverage_lines(r->d, map, set, &asked, population, family, as_of, r->arena, &lines,
                            &count, r->error);
    if (rc < 0)
        return rc;
    sublist_begin(r, &list);
    for (size_t i = 0; i < count; i++)
        write_reach(r, &lines[i]);
    *ret = sublist_end(r, &list);
    return 0;
}

static int read_lines(struct request *r, const struct seen *s, const struct family *family,
                      const struct policy_explanation *x, struct view_value *ret)
{
    struct telling t = {.r = r, .s = s, .family = family, .language = r->error->language};
    struct sublist list;

    sublist_begin(r, &list);
    int rc = write_reasons(&t, x);
    *ret = sublist_end(r, &list);
    return rc;
}

static int explain(struct request *r, const struct seen *s, size_t category, day as_of)
{
    const struct policy_set *set = shelf_edition(r->shelf)->set;
    const struct policy_info *info = policy_category_info(set, category);
    struct view_value lines = VIEW_NULL, heard = VIEW_NULL, reach = VIEW_NULL;
    struct policy_explanation x = {0};
    struct population population;
    struct family family;
    int rc = 0;

    if (s->sights.of[CLASS_CATEGORY] == SIGHT_SHOWN || s->sights.of[CLASS_BASIS] == SIGHT_SHOWN) {
        rc = population_read_child(r->d, s->child_id, r->arena, &population, &family, r->error);
        if (rc < 0)
            return rc;
        policy_explain(set, &family.policy, category, as_of, r->arena, &x);
    }
    if (s->sights.of[CLASS_BASIS] == SIGHT_SHOWN) {
        rc = read_lines(r, s, &family, &x, &lines);
        if (rc == 0)
            rc = heard_text(r, &heard);
        if (rc == 0)
            rc = read_reach(r, set, category, &population, &family, as_of, &reach);
    }
    if (rc < 0)
        return rc;
    struct view_value v[FIELD_CHILD_EXPLANATION_COUNT] = {
        [FIELD_CHILD_EXPLANATION_CATEGORY] = view_text(slice_from(info->name)),
        [FIELD_CHILD_EXPLANATION_LABEL] = view_text(
            slice_from(policy_info_label(info, r->error->language))),
        [FIELD_CHILD_EXPLANATION_STATUS] = view_text(slice_from(status_name(x.truth))),
        [FIELD_CHILD_EXPLANATION_SINCE] = seen_day(x.since),
        [FIELD_CHILD_EXPLANATION_UNTIL] = seen_day(x.until),
        [FIELD_CHILD_EXPLANATION_CITES] = cites_of(r, info),
        [FIELD_CHILD_EXPLANATION_LINES] = lines,
        [FIELD_CHILD_EXPLANATION_HEARD] = heard,
        [FIELD_CHILD_EXPLANATION_REACH] = reach};
    view_write(r->out, &view_of_child_explanation, &s->sights, &s->mask, v);
    return 0;
}

int route_explanation_read(struct request *r)
{
    day as_of = r->today;
    struct seen s;
    int category, rc = seen_child(r, r->path[0], &s);

    if (rc < 0)
        return rc;
    if (r->query[1].p && !day_parse(r->query[1], &as_of))
        return schema_complain(&r->faults, r->arena, r->error, "as_of",
                               text_in(r->error->language, N_("is no day of the calendar")));
    category = policy_category_by_name(shelf_edition(r->shelf)->set, r->query[0]);
    if (category < 0)
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    r->audit.detail = "explanation";
    return explain(r, &s, (size_t)category, as_of);
}
