/* A set as text again: the canonical form, and the words of an explanation. */
#include "policy/set.h"

#include <stdarg.h>
#include <stdio.h>

void write_text(struct writer *w, const char *format, ...)
{
    va_list arguments;
    for (;;) {
        va_start(arguments, format);
        int n = vsnprintf(w->p ? w->p + w->n : NULL, w->capacity - w->n, format, arguments);
        va_end(arguments);
        if (n < 0)
            return;
        if (w->p && w->n + (size_t)n < w->capacity) {
            w->n += (size_t)n;
            return;
        }
        w->p = arena_grow(w->arena, w->p, &w->capacity, w->n + (size_t)n + 1, 1);
    }
}

/* ---- expressions ----------------------------------------------------------------------------- */

static const char *const unit_names[][2] = {[UNIT_DAYS] = {"day", "days"},
                                            [UNIT_WEEKS] = {"week", "weeks"},
                                            [UNIT_MONTHS] = {"month", "months"},
                                            [UNIT_YEARS] = {"year", "years"}};
static const char *const unit_zh[] = {"日", "周", "个月", "年"};

static void write_length(struct writer *w, struct length length)
{
    write_text(w, "%d %s", length.number, unit_names[length.unit][length.number != 1]);
}

static void write_values(struct writer *w, const struct node *n, const char *between)
{
    for (size_t i = 0; i < n->value_count; i++)
        write_text(w, "%s%.*s", i ? between : "", (int)n->values[i].n, n->values[i].p);
}

static void write_tense(struct writer *w, const struct node *n)
{
    static const char *const words[] = {[TENSE_SIMPLE] = "",
                                        [TENSE_TERM] = " with a term of at least ",
                                        [TENSE_AFTER_MORE] = " after more than ",
                                        [TENSE_AFTER_LEAST] = " after at least "};
    if (n->tense == TENSE_SIMPLE)
        return;
    write_text(w, "%s%s", n->value_count ? "," : "", words[n->tense]);
    write_length(w, n->length);
}

static void write_fact(struct writer *w, const struct node *n)
{
    write_text(w, "fact %s", policy_kind_name(n->kind));
    if (n->value_count)
        write_text(w, n->value_count == 1 ? " is " : " is one of ");
    write_values(w, n, ", ");
    write_tense(w, n);
}

static const struct {
    const char *words, *zh, *en;
} groups[GROUP_COUNT] = {
#define GROUP(symbol, words, zh, en) [GROUP_##symbol] = {words, zh, en},
    POLICY_GROUPS
#undef GROUP
};

static void write_quota(struct writer *w, const struct node *n)
{
    struct line_quota q = n->quota;
    const char *group = groups[n->group].words;
    if (q.max == 0)
        write_text(w, "%s %s", n->every ? "every" : "no", group);
    else if (q.min == 1 && q.max == UINT32_MAX)
        write_text(w, "any %s", group);
    else if (q.min == q.max)
        write_text(w, "exactly %u %s%s", q.min, group, q.min == 1 ? "" : "s");
    else if (q.max == UINT32_MAX)
        write_text(w, "at least %u %s%s", q.min, group, q.min == 1 ? "" : "s");
    else
        write_text(w, "at most %u %s%s", q.max, group, q.max == 1 ? "" : "s");
}

static void write_latest(struct writer *w, const struct node *n)
{
    write_text(w, "latest of ");
    for (size_t i = 0; i < n->of_count; i++)
        write_text(w, "%s%s", i ? ", " : "", policy_kind_name(n->of[i]));
    write_text(w, " between the legal parents is %s", policy_kind_name(n->kind));
}

static bool joined(const struct node *n) { return n->op == POLICY_OP_AND || n->op == POLICY_OP_OR; }

static void write_part(struct writer *w, const struct node *n)
{
    write_text(w, joined(n) ? "(" : "");
    write_node(w, n);
    write_text(w, joined(n) ? ")" : "");
}

void write_node(struct writer *w, const struct node *n)
{
    const char *word = policy_operators[n->op].word;
    switch (n->op) {
    case POLICY_OP_AND:
    case POLICY_OP_OR:
        for (size_t i = 0; i < n->part_count; i++) {
            if (i)
                write_text(w, " %s ", word);
            write_part(w, n->parts[i]);
        }
        break;
    case POLICY_OP_NOT:
        write_text(w, "%s ", word);
        write_part(w, n->parts[0]);
        break;
    case POLICY_OP_FACT: write_fact(w, n); break;
    case POLICY_OP_CONDITION:
    case POLICY_OP_CATEGORY: write_text(w, "%.*s", (int)n->name.n, n->name.p); break;
    case POLICY_OP_AGED:
        write_text(w, n->or_over ? "%s %u or over" : "%s under %u", word, n->number);
        break;
    case POLICY_OP_PERSONS:
        write_quota(w, n);
        write_text(w, " (");
        write_node(w, n->parts[0]);
        write_text(w, ")");
        break;
    case POLICY_OP_LATEST: write_latest(w, n); break;
    case POLICY_OP_MINOR:
    case POLICY_OP_ADOPTED:
    case POLICY_OP_MEMBER:
    case POLICY_OP_COUNT: write_text(w, "%s", word); break;
    }
}

/* ---- words of an explanation ----------------------------------------------------------------- */

static void fact_words(struct writer *w, const struct node *n, bool zh)
{
    write_text(w, "%s", policy_kind_label(n->kind, zh ? LANGUAGE_ZH : LANGUAGE_EN));
    if (n->value_count) {
        write_text(w, zh ? "（" : " (");
        write_values(w, n, zh ? "、" : ", ");
        write_text(w, zh ? "）" : ")");
    }
    if (!zh) {
        write_tense(w, n);
        return;
    }
    static const char *const words[] = {"", "，期限在%d%s以上", "，超过%d%s", "，满%d%s"};
    if (n->tense == TENSE_TERM)
        write_text(w, words[1], n->length.number, unit_zh[n->length.unit]);
    else if (n->tense == TENSE_AFTER_MORE)
        write_text(w, words[2], n->length.number, unit_zh[n->length.unit]);
    else if (n->tense == TENSE_AFTER_LEAST)
        write_text(w, words[3], n->length.number, unit_zh[n->length.unit]);
}

static void quota_words(struct writer *w, const struct node *n, bool zh)
{
    struct line_quota q = n->quota;
    const char *group = groups[n->group].zh;
    if (!zh)
        write_quota(w, n);
    else if (q.max == 0)
        write_text(w, n->every ? "每一位%s" : "没有%s", group);
    else if (q.min == 1 && q.max == UINT32_MAX)
        write_text(w, "任何一位%s", group);
    else if (q.min == q.max)
        write_text(w, "恰有%u位%s", q.min, group);
    else if (q.max == UINT32_MAX)
        write_text(w, "至少%u位%s", q.min, group);
    else
        write_text(w, "至多%u位%s", q.max, group);
}

static void latest_words(struct writer *w, const struct node *n, bool zh)
{
    enum language language = zh ? LANGUAGE_ZH : LANGUAGE_EN;
    write_text(w, zh ? "法定父母之间最近一次登记（"
                     : "the latest registration between the legal parents (");
    for (size_t i = 0; i < n->of_count; i++)
        write_text(w, "%s%s", i ? zh ? "、" : ", " : "", policy_kind_label(n->of[i], language));
    write_text(w, zh ? "）为%s" : ") is %s", policy_kind_label(n->kind, language));
}

void write_node_words(struct writer *w, const struct node *n, enum language language)
{
    bool zh = language == LANGUAGE_ZH;
    switch (n->op) {
    case POLICY_OP_FACT: fact_words(w, n, zh); break;
    case POLICY_OP_PERSONS: quota_words(w, n, zh); break;
    case POLICY_OP_LATEST: latest_words(w, n, zh); break;
    case POLICY_OP_AGED:
        write_text(w,
                   zh           ? n->or_over ? "年满%u周岁" : "未满%u周岁"
                   : n->or_over ? "aged %u or over"
                                : "aged under %u",
                   n->number);
        break;
    default: write_text(w, "%s", zh ? policy_operators[n->op].zh : policy_operators[n->op].en);
    }
}

/* ---- declarations ---------------------------------------------------------------------------- */

/* The outermost `and` or `or` has a line for each part. */
static void write_body(struct writer *w, const struct node *n)
{
    if (!joined(n)) {
        write_node(w, n);
        return;
    }
    for (size_t i = 0; i < n->part_count; i++) {
        if (i)
            write_text(w, "\n        %s ", policy_operators[n->op].word);
        write_part(w, n->parts[i]);
    }
}

static void write_declaration(struct writer *w, const struct declaration *d)
{
    const struct policy_info *i = &d->info;
    write_text(w, "%s %s \"%s\" \"%s\"\n",
               d->condition ? "condition"
               : i->signal  ? "signal"
                            : "category",
               i->name, i->zh, i->en);
    for (size_t k = 0; k < i->cite_count; k++) {
        write_text(w, "    cites \"%s\"", i->cites[k].document);
        if (i->cites[k].article[0])
            write_text(w, " \"%s\"", i->cites[k].article);
        write_text(w, "\n");
    }
    for (size_t k = 0; k < i->need_count; k++)
        write_text(w, "%s%s%s", k ? ", " : "    needs ", i->needs[k],
                   k + 1 < i->need_count ? "" : "\n");
    if (i->level[0])
        write_text(w, "    level %s\n", i->level);
    if (i->department[0])
        write_text(w, "    department %s\n", i->department);
    write_text(w, d->condition ? "    when " : "    holds while ");
    write_body(w, d->body);
    write_text(w, "\n");
}

static struct slice written(const struct writer *w)
{
    return (struct slice){w->p ? w->p : "", w->n};
}

struct slice policy_set_print(const struct policy_set *set, struct arena *a)
{
    struct writer w = {.arena = a};
    for (size_t i = 0; i < set->condition_count + set->category_count; i++) {
        write_text(&w, i ? "\n" : "");
        write_declaration(&w, i < set->condition_count
                                  ? &set->conditions[i]
                                  : &set->categories[i - set->condition_count]);
    }
    return written(&w);
}

struct slice policy_category_print(const struct policy_set *set, size_t category, struct arena *a)
{
    struct writer w = {.arena = a};
    write_declaration(&w, &set->categories[category]);
    return written(&w);
}
