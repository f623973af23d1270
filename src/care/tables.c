#include "care/tables.h"

#include "care/builtin_care_tables.h" /* made by the build from workflows/ and policies/ */
#include "care/care_inside.h"
#include "care/visit.h"
#include "care/workflow_inside.h"
#include "care/workflow_set.h"

#include <openssl/evp.h>
#include <stdio.h>

#define TABLE_MAX (1u << 16) /* bytes of a table */
#define NEEDS_MAX 16         /* of one rule */

struct care_tables {
    struct workflow_set workflows;
    struct level_rule levels[LEVEL_COUNT];
    struct alert_rule *rules;
    size_t rule_count;
    uint8_t edition[WORKFLOW_EDITION_SIZE];
};

/* One table on its way. */
struct table {
    struct scanner scanner;
    struct statement line;
    size_t at;
    const char *form; /* how a line is written, for hints */
    struct arena *arena;
    struct error *error;
};

static const char *const needs[] = {
#define NEED(symbol, number, name) name,
#include "care/needs.def"
#undef NEED
};

/* ---- words of a line ---------------------------------------------------------------------------- */

static const struct token *now_at(const struct table *t)
{
    return t->at < t->line.count ? &t->line.tokens[t->at] : NULL;
}

static int misplaced(struct table *t)
{
    const struct token *token = now_at(t);
    const struct source *source = &t->scanner.source;

    if (!token)
        workflow_fault(source, t->line.end, t->error, N_("something is missing here"));
    else {
        struct slice shown = clip_word(token->text);
        workflow_fault(source, token->place, t->error, N_("“%.*s” does not belong here"),
                       (int)shown.n, shown.p);
    }
    return error_hint(t->error, N_("A line of this table is written: %s"), t->form);
}

static int take_word(struct table *t, struct token *ret)
{
    const struct token *token = now_at(t);

    if (!token || token->kind != TOKEN_WORD)
        return misplaced(t);
    *ret = *token;
    t->at++;
    return 0;
}

static int take_number(struct table *t, int *ret)
{
    const struct token *token = now_at(t);

    if (!token || token->kind != TOKEN_NUMBER)
        return misplaced(t);
    *ret = token->number;
    t->at++;
    return 0;
}

static int take_length(struct table *t, struct length *ret)
{
    struct token unit;
    int number = 0, rc = take_number(t, &number);

    if (rc == 0)
        rc = take_word(t, &unit);
    if (rc < 0)
        return rc;
    int which = unit_parse(unit.text);
    if (which < 0) {
        t->at--;
        return misplaced(t);
    }
    *ret = (struct length){number, (enum unit)which};
    return 0;
}

/* A word of a fixed list; the hint is the nearest of them. Returns its index. */
static int take_choice(struct table *t, const char *const *choices, size_t count, const char *what,
                       const char *hint, struct token *ret)
{
    int rc = take_word(t, ret);

    if (rc < 0)
        return rc;
    struct nearest near = nearest_to(ret->text);
    for (size_t i = 0; i < count; i++) {
        if (slice_is(ret->text, choices[i]))
            return (int)i;
        nearest_try(&near, choices[i]);
    }
    struct slice shown = clip_word(ret->text);
    workflow_fault(&t->scanner.source, ret->place, t->error, what, (int)shown.n, shown.p);
    return nearest_hint(&near, t->error, hint);
}

static int take_level(struct table *t, struct token *ret)
{
    static const char *const levels[] = {
#define LEVEL(symbol, number, name) name,
#include "care/levels.def"
#undef LEVEL
    };
    int rc = take_choice(t, levels, sizeof levels / sizeof levels[0],
                         N_("there is no level “%.*s”"),
                         N_("Levels are extreme, high, medium and low."), ret);

    return rc < 0 ? rc : (int)level_parse(ret->text);
}

static int take_end(struct table *t) { return now_at(t) ? misplaced(t) : 0; }

static int twice(struct table *t, const struct token *token)
{
    struct slice shown = clip_word(token->text);

    workflow_fault(&t->scanner.source, token->place, t->error,
                   N_("“%.*s” stands in this table already"), (int)shown.n, shown.p);
    return error_hint(t->error, N_("Leave one of the two lines."));
}

/* Reads the table line by line with `read`, which returns negative for a fault. */
static int read_table(struct table *t, struct care_tables *to,
                      int (*read)(struct table *, struct care_tables *))
{
    int rc = 0;

    while (rc >= 0 && (rc = scanner_statement(&t->scanner, &t->line)) >= 0 && t->line.count > 0) {
        t->at = 0;
        rc = read(t, to);
    }
    return rc;
}

/* ---- workflows/levels.table ------------------------------------------------------------------------ */

static int days_of(struct length l)
{
    static const int days[] = {[UNIT_DAYS] = 1, [UNIT_WEEKS] = 7, [UNIT_MONTHS] = 30};

    return l.unit < UNIT_DAYS ? 1 : l.count * days[l.unit];
}

static int minutes_of(struct length l)
{
    return l.unit == UNIT_MINUTES ? l.count
           : l.unit == UNIT_HOURS ? l.count * 60
                                  : days_of(l) * 24 * 60;
}

/* Visits within and again are the workflow's clocks: two tables must not tell two lengths. */
static int check_length(struct table *t, const struct care_tables *to, enum level level,
                        struct length l, const char *state, struct place place)
{
    const struct workflow_edition *alert = workflow_set_find(&to->workflows,
                                                             SLICE_LITERAL("alert"));
    const int64_t some_noon = INT64_C(1700020800000000);
    struct workflow_times times = {some_noon, some_noon, DAY_FOREVER};

    if (!alert || !workflow_has_state(alert->workflow, slice_from(state)) ||
        workflow_deadline(alert->workflow, slice_from(state), level, &times) ==
            length_end(l, some_noon))
        return 0;
    workflow_fault(&t->scanner.source, place, t->error,
                   N_("the state %s of alert.workflow has another length for this level"), state);
    return error_hint(t->error, N_("Write the same length in both tables."));
}

static int read_lengths(struct table *t, struct care_tables *to, struct level_rule *rule)
{
    struct length within, repeat;
    struct place place = now_at(t) ? now_at(t)->place : t->line.end;
    int rc = take_length(t, &within);

    if (rc == 0)
        rc = check_length(t, to, (enum level)rule->level, within, "accepted", place);
    place = now_at(t) ? now_at(t)->place : t->line.end;
    if (rc == 0)
        rc = take_length(t, &repeat);
    if (rc == 0)
        rc = check_length(t, to, (enum level)rule->level, repeat, "watch", place);
    if (rc == 0)
        rule->repeat_days = days_of(repeat);
    return rc;
}

static int read_level(struct table *t, struct care_tables *to)
{
    static const char *const escorts[] = {"alone", "pair", "police"};
    struct token name, escort;
    struct length check_in;
    int level = take_level(t, &name), which, rc;

    if (level < 0)
        return level;
    if (to->levels[level].level)
        return twice(t, &name);
    struct level_rule rule = {.level = level};
    if ((rc = read_lengths(t, to, &rule)) < 0)
        return rc;
    which = take_choice(t, escorts, 3, N_("there is no way “%.*s” to go"),
                        N_("Visitors go alone, as a pair, or with police."), &escort);
    if (which < 0 || (rc = take_length(t, &check_in)) < 0 ||
        (rc = take_number(t, &rule.routine_per_alert)) < 0 || (rc = take_end(t)) < 0)
        return which < 0 ? which : rc;
    rule.escort = ESCORT_ALONE + which;
    rule.check_in_minutes = minutes_of(check_in);
    to->levels[level] = rule;
    return 0;
}

static int check_levels(struct table *t, const struct care_tables *to)
{
    for (int level = LEVEL_NONE + 1; level < LEVEL_COUNT; level++)
        if (!to->levels[level].level) {
            workflow_fault(&t->scanner.source, t->scanner.here, t->error,
                           N_("the level %s is missing"), level_name((enum level)level));
            return error_hint(t->error, N_("A line of this table is written: %s"), t->form);
        }
    return 0;
}

/* ---- policies/alerts.table --------------------------------------------------------------------------- */

static int read_needs(struct table *t, struct alert_rule *rule)
{
    const char **list = ARENA_ARRAY(t->arena, NEEDS_MAX, const char *);

    for (;;) {
        struct token need;
        int which = take_choice(t, needs, sizeof needs / sizeof needs[0],
                                N_("there is no need “%.*s”"),
                                N_("Needs are those of src/care/needs.def."), &need);
        if (which < 0)
            return which;
        for (size_t i = 0; i < rule->need_count; i++)
            if (list[i] == needs[which])
                return twice(t, &need);
        if (rule->need_count == NEEDS_MAX) {
            t->at--;
            return misplaced(t);
        }
        list[rule->need_count++] = needs[which];
        if (!now_at(t) || now_at(t)->kind != TOKEN_COMMA)
            break;
        t->at++;
    }
    rule->needs = list;
    return 0;
}

static int read_rule(struct table *t, struct care_tables *to)
{
    struct token category, level;
    struct alert_rule rule = {.level = 0};
    int rc = take_word(t, &category);

    if (rc < 0)
        return rc;
    rule.category = arena_string(t->arena, category.text);
    if (care_alert_rule(to, rule.category))
        return twice(t, &category);
    if ((rule.level = take_level(t, &level)) < 0)
        return rule.level;
    if ((rc = read_needs(t, &rule)) < 0 || (rc = take_end(t)) < 0)
        return rc;
    size_t capacity = to->rule_count;
    to->rules = arena_grow(t->arena, to->rules, &capacity, to->rule_count + 1, sizeof(*to->rules));
    to->rules[to->rule_count++] = rule;
    return 0;
}

/* ---- files ----------------------------------------------------------------------------------------------- */

static int find_text(const char *directory, const char *name, struct arena *arena,
                     struct source *ret, struct error *e)
{
    if (directory) {
        const char *path = arena_printf(arena, "%s/%s", directory, name);
        return source_read(path, TABLE_MAX, ERR_WORKFLOW, arena, ret, e);
    }
    for (size_t i = 0; i < sizeof builtin_care_tables / sizeof builtin_care_tables[0]; i++) {
        const char *slash = strrchr(builtin_care_tables[i].file, '/');
        if (strcmp(slash ? slash + 1 : builtin_care_tables[i].file, name) == 0) {
            *ret = (struct source){
                builtin_care_tables[i].file,
                {(const char *)builtin_care_tables[i].text, builtin_care_tables[i].size}};
            return 0;
        }
    }
    return error_set(e, ERR_INTERNAL, NULL);
}

static int load(const char *directory, const char *name, const char *form, struct arena *arena,
                struct care_tables *to, int (*read)(struct table *, struct care_tables *),
                struct table *ret, struct error *e)
{
    struct source source;
    int rc = find_text(directory, name, arena, &source, e);

    if (rc < 0)
        return rc;
    *ret = (struct table){.form = form, .arena = arena, .error = e};
    scanner_begin(&ret->scanner, source, e);
    return read_table(ret, to, read);
}

/* What the rooms' code asks of the tables by name. */
static int check_workflows(const struct care_tables *t, struct error *e)
{
    static const char *const wanted[][2] = {
        {"alert", "push"},     {"alert", "hand_over"},      {"alert", "join"},
        {"alert", "recall"},   {"alert", "withdraw_basis"}, {"alert", "release"},
        {"alert", "visit"},    {"alert", "verify"},         {"alert", "dismiss"},
        {"alert", "refuse"},   {"alert", "nobody_home"},    {"alert", "begin_watch"},
        {"visit", "call_off"}, {"visit", "hand_over"},      {"visit", "record"}};

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct workflow *w = care_workflow(t, wanted[i][0]);
        if (w && workflow_has_event(w, wanted[i][1]))
            continue;
        error_set(e, ERR_WORKFLOW, N_("%s.workflow has no event %s"), wanted[i][0], wanted[i][1]);
        return error_hint(e, N_("The program itself fires this event; leave it in the table."));
    }
    return 0;
}

static bool digest_text(EVP_MD_CTX *ctx, const char *text, size_t n)
{
    uint64_t size = n;

    return EVP_DigestUpdate(ctx, &size, sizeof size) == 1 && EVP_DigestUpdate(ctx, text, n) == 1;
}

static int hash_all(struct care_tables *t, struct arena *arena, struct error *e)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1;

    for (size_t i = 0; i < t->workflows.count && ok; i++)
        ok = digest_text(ctx, (const char *)t->workflows.list[i].hash, WORKFLOW_EDITION_SIZE);
    for (int l = LEVEL_NONE + 1; l < LEVEL_COUNT && ok; l++) {
        const struct level_rule *r = &t->levels[l];
        const char *text = arena_printf(arena, "%d %d %d %d %d", r->level, r->escort,
                                        r->routine_per_alert, r->check_in_minutes, r->repeat_days);
        ok = digest_text(ctx, text, strlen(text));
    }
    for (size_t i = 0; i < t->rule_count && ok; i++) {
        const struct alert_rule *r = &t->rules[i];
        const char *text = arena_printf(arena, "%s %d", r->category, r->level);
        ok = digest_text(ctx, text, strlen(text));
        for (size_t n = 0; n < r->need_count && ok; n++)
            ok = digest_text(ctx, r->needs[n], strlen(r->needs[n]));
    }
    ok = ok && EVP_DigestFinal_ex(ctx, digest, NULL) == 1;
    EVP_MD_CTX_free(ctx);
    memcpy(t->edition, digest, sizeof t->edition);
    return ok ? 0 : error_set(e, ERR_CRYPTO, NULL);
}

int care_tables_load(const char *dir, struct arena *arena, const struct care_tables **ret,
                     struct error *e)
{
    struct care_tables *t = ARENA_NEW(arena, struct care_tables);
    struct table reading;
    int rc = workflow_set_read(dir, arena, &t->workflows, e);

    if (rc == 0)
        rc = check_workflows(t, e);
    if (rc == 0)
        rc = load(dir, "levels.table", "extreme 24 hours 7 days pair 120 minutes 2", arena, t,
                  read_level, &reading, e);
    if (rc == 0)
        rc = check_levels(&reading, t);
    if (rc == 0)
        rc = load(dir, "alerts.table", "orphan high guardianship, livelihood", arena, t, read_rule,
                  &reading, e);
    if (rc == 0)
        rc = hash_all(t, arena, e);
    if (rc == 0)
        *ret = t;
    return rc;
}

/* ---- asking --------------------------------------------------------------------------------------------- */

const struct workflow *care_workflow(const struct care_tables *t, const char *name)
{
    const struct workflow_edition *w = workflow_set_find(&t->workflows, slice_from(name));

    return w ? w->workflow : NULL;
}

const struct level_rule *care_level(const struct care_tables *t, int level)
{
    return level > LEVEL_NONE && level < LEVEL_COUNT ? &t->levels[level] : NULL;
}

const struct alert_rule *care_alert_rule(const struct care_tables *t, const char *category)
{
    for (size_t i = 0; i < t->rule_count; i++)
        if (strcmp(t->rules[i].category, category) == 0)
            return &t->rules[i];
    return NULL;
}

const struct alert_rule *care_alert_rules(const struct care_tables *t, size_t *ret_count)
{
    *ret_count = t->rule_count;
    return t->rules;
}

struct slice care_edition(const struct care_tables *t, const char *workflow)
{
    const struct workflow_edition *w = workflow_set_find(&t->workflows, slice_from(workflow));

    return w ? SLICE_OF(w->hash) : SLICE_LITERAL("");
}

struct slice care_tables_edition(const struct care_tables *t) { return SLICE_OF(t->edition); }
