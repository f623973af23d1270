/* From the text of one policy file to declarations. The grammar is in docs/policy-language.md. */
#include "policy/lexer.h"

struct parser {
    struct lexer lexer;
    struct compiler *compiler;
    int depth;
};

#define NOW(p) ((p)->lexer.now)

/* ---- small steps ----------------------------------------------------------------------------- */

static const char *const reserved[] = {
    "condition", "category", "signal", "cites", "needs", "level", "department", "when", "holds", "while",
    "or", "and", "not", "fact", "is", "one", "of", "two", "with", "a", "term", "at", "least", "most",
    "after", "more", "than", "minor", "adopted", "aged", "under", "over", "every", "any", "no",
    "exactly", "legal", "parent", "parents", "guardian", "guardians", "household", "member", "members",
    "latest", "between", "the", "day", "days", "week", "weeks", "month", "months", "year", "years",
};

bool policy_word_reserved(struct slice word)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (slice_is(word, reserved[i]))
            return true;
    return false;
}

bool policy_word_is_name(struct slice word)
{
    if (word.n == 0 || word.p[0] < 'a' || word.p[0] > 'z')
        return false;
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

static bool at_word(const struct parser *p, const char *word)
{
    return NOW(p).kind == TOKEN_WORD && slice_is(NOW(p).text, word);
}

static int next(struct parser *p)
{
    return lexer_next(&p->lexer);
}

/* What stands at the place where something else is wanted. */
static int unexpected(struct parser *p, const char *wanted)
{
    struct compiler *c = p->compiler;
    const char *said = text_in(c->error ? c->error->language : LANGUAGE_EN, wanted);
    if (NOW(p).kind == TOKEN_END)
        return policy_fail(c, NOW(p).place, N_("the text ends where %s is wanted"), said);
    policy_fail(c, NOW(p).place, N_("\"%.*s\" stands where %s is wanted"), (int)NOW(p).text.n,
                NOW(p).text.p, said);
    struct nearest near = nearest_to(NOW(p).text);
    for (size_t i = 0; NOW(p).kind == TOKEN_WORD && i < sizeof reserved / sizeof *reserved; i++)
        nearest_try(&near, reserved[i]);
    return near.distance == 0 ? -ERR_POLICY : nearest_hint(c, &near);
}

/* Several words that belong together: "at least". */
static int want_words(struct parser *p, const char *words)
{
    for (const char *w = words; *w;) {
        size_t n = strcspn(w, " ");
        if (NOW(p).kind != TOKEN_WORD || !slice_equal(NOW(p).text, (struct slice){w, n}))
            return unexpected(p, words);
        int r = next(p);
        if (r < 0)
            return r;
        w += n + (w[n] == ' ');
    }
    return 0;
}

static int want_kind(struct parser *p, enum token_kind kind, const char *what, struct slice *ret)
{
    if (NOW(p).kind != kind)
        return unexpected(p, what);
    if (ret)
        *ret = NOW(p).text;
    return next(p);
}

static int want_name(struct parser *p, struct slice *ret)
{
    if (NOW(p).kind != TOKEN_WORD || !policy_word_is_name(NOW(p).text) ||
        policy_word_reserved(NOW(p).text))
        return unexpected(p, N_("a name"));
    *ret = arena_copy(p->compiler->arena, NOW(p).text);
    return next(p);
}

static int want_number(struct parser *p, uint32_t *ret)
{
    uint32_t number = 0;
    struct slice s = NOW(p).text;
    if (NOW(p).kind != TOKEN_WORD)
        return unexpected(p, N_("a number"));
    if (slice_is(s, "one") || slice_is(s, "two")) {
        *ret = s.p[0] == 'o' ? 1 : 2;
        return next(p);
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return unexpected(p, N_("a number"));
        number = number * 10 + (uint32_t)(s.p[i] - '0');
        if (number > POLICY_NUMBER_MAX)
            return policy_fail(p->compiler, NOW(p).place, N_("a number is larger than %d"),
                               POLICY_NUMBER_MAX);
    }
    *ret = number;
    return next(p);
}

/* Appends to a list that must stay short; element types differ, so the caller casts. */
static int list_grow(struct parser *p, void *list, size_t *capacity, size_t count, size_t size)
{
    if (count >= POLICY_LIST_MAX)
        return policy_fail(p->compiler, NOW(p).place, N_("a list is longer than %d"), POLICY_LIST_MAX);
    void **array = list;
    *array = arena_grow(p->compiler->arena, *array, capacity, count + 1, size);
    return 0;
}

static int want_fact_kind(struct parser *p, int *ret)
{
    if (NOW(p).kind != TOKEN_WORD)
        return unexpected(p, N_("a kind of fact"));
    *ret = policy_kind_by_name(NOW(p).text);
    if (*ret >= 0)
        return next(p);
    struct nearest near = nearest_to(NOW(p).text);
    for (int i = 0; i < policy_kind_count(); i++)
        nearest_try(&near, policy_kind_name(i));
    policy_fail(p->compiler, NOW(p).place, N_("there is no kind of fact \"%.*s\""), (int)NOW(p).text.n,
                NOW(p).text.p);
    return nearest_hint(p->compiler, &near);
}

static struct node *node_new(struct parser *p, enum policy_op op)
{
    struct node *n = ARENA_NEW(p->compiler->arena, struct node);
    n->op = op;
    n->place = NOW(p).place;
    return n;
}

/* ---- expressions ----------------------------------------------------------------------------- */

static int expression(struct parser *p, struct node **ret);

static int want_length(struct parser *p, struct length *ret)
{
    static const char *const units[][2] = {[UNIT_DAYS] = {"day", "days"},
                                           [UNIT_WEEKS] = {"week", "weeks"},
                                           [UNIT_MONTHS] = {"month", "months"},
                                           [UNIT_YEARS] = {"year", "years"}};
    uint32_t number = 0;
    int r = want_number(p, &number);
    if (r < 0)
        return r;
    ret->number = (int32_t)number;
    for (int i = UNIT_DAYS; i <= UNIT_YEARS; i++)
        if (at_word(p, units[i][0]) || at_word(p, units[i][1])) {
            ret->unit = (enum unit)i;
            return next(p);
        }
    return unexpected(p, N_("days, weeks, months or years"));
}

static bool at_tense(const struct parser *p)
{
    return at_word(p, "with") || at_word(p, "after");
}

/* "is VALUE", "is one of VALUE, VALUE": a comma may also come before "with" and "after". */
static int fact_values(struct parser *p, struct node *n)
{
    size_t capacity = 0;
    int r = want_words(p, "is");
    bool several = r == 0 && at_word(p, "one");
    if (several)
        r = want_words(p, "one of");
    while (r == 0) {
        if (NOW(p).kind != TOKEN_WORD || policy_word_reserved(NOW(p).text))
            return unexpected(p, N_("a value"));
        r = list_grow(p, &n->values, &capacity, n->value_count, sizeof *n->values);
        if (r < 0)
            return r;
        n->values[n->value_count++] = arena_copy(p->compiler->arena, NOW(p).text);
        r = next(p);
        if (r < 0 || NOW(p).kind != TOKEN_COMMA)
            return r;
        r = next(p);
        if (r == 0 && at_tense(p))
            return 0;
        if (r == 0 && !several)
            return unexpected(p, N_("\"with\" or \"after\""));
    }
    return r;
}

static int fact_tense(struct parser *p, struct node *n)
{
    int r;
    if (at_word(p, "with")) {
        n->tense = TENSE_TERM;
        r = want_words(p, "with a term of at least");
    } else {
        r = want_words(p, "after");
        bool more = r == 0 && at_word(p, "more");
        n->tense = more ? TENSE_AFTER_MORE : TENSE_AFTER_LEAST;
        if (r == 0)
            r = want_words(p, more ? "more than" : "at least");
    }
    return r < 0 ? r : want_length(p, &n->length);
}

static int fact(struct parser *p, struct node **ret)
{
    struct node *n = *ret = node_new(p, POLICY_OP_FACT);
    int r = want_words(p, "fact");
    if (r == 0)
        r = want_fact_kind(p, &n->kind);
    if (r == 0 && at_word(p, "is"))
        r = fact_values(p, n);
    else if (r == 0 && NOW(p).kind == TOKEN_COMMA)
        r = next(p);
    if (r == 0 && at_tense(p))
        r = fact_tense(p, n);
    return r;
}

static int group(struct parser *p, enum group *ret)
{
    static const char *const words[GROUP_COUNT][3] = {
        [GROUP_LEGAL_PARENTS] = {"legal", "parent", "parents"},
        [GROUP_GUARDIANS] = {NULL, "guardian", "guardians"},
        [GROUP_HOUSEHOLD] = {"household", "member", "members"},
    };
    for (int i = 0; i < GROUP_COUNT; i++) {
        const char *first = words[i][0];
        if (first && !at_word(p, first))
            continue;
        int r = first ? next(p) : 0;
        if (r < 0)
            return r;
        if (at_word(p, words[i][1]) || at_word(p, words[i][2])) {
            *ret = (enum group)i;
            return next(p);
        }
        if (first)
            break;
    }
    return unexpected(p, N_("legal parent, guardian or household member"));
}

/* "every", "any", "no", "exactly N", "at least N", "at most N" */
static int quota(struct parser *p, struct node *n)
{
    static const struct {
        const char *words;
        bool counted, from, to;
    } forms[] = {{"exactly", true, true, true}, {"at least", true, true, false},
                 {"at most", true, false, true}};
    n->quota = (struct line_quota){0, UINT32_MAX};
    if (at_word(p, "every") || at_word(p, "no")) {
        n->every = at_word(p, "every");
        n->quota.max = 0;
        return next(p);
    }
    if (at_word(p, "any")) {
        n->quota.min = 1;
        return next(p);
    }
    int r;
    size_t i = 0;
    if (!at_word(p, "exactly")) {
        r = want_words(p, "at");
        if (r < 0)
            return r;
        i = at_word(p, "most") ? 2 : 1;
    }
    r = want_words(p, i == 0 ? "exactly" : forms[i].words + 3);
    uint32_t number = 0;
    if (r == 0)
        r = want_number(p, &number);
    if (forms[i].from)
        n->quota.min = number;
    if (forms[i].to)
        n->quota.max = number;
    return r;
}

static int persons(struct parser *p, struct node **ret)
{
    struct node *n = *ret = node_new(p, POLICY_OP_PERSONS);
    n->parts = ARENA_ARRAY(p->compiler->arena, 1, struct node *);
    n->part_count = 1;
    int r = quota(p, n);
    if (r == 0)
        r = group(p, &n->group);
    if (r == 0)
        r = want_kind(p, TOKEN_OPEN, "(", NULL);
    if (r == 0)
        r = expression(p, &n->parts[0]);
    if (r == 0)
        r = want_kind(p, TOKEN_CLOSE, ")", NULL);
    return r;
}

/* "latest of KIND, KIND between the legal parents is KIND" */
static int latest(struct parser *p, struct node **ret)
{
    struct node *n = *ret = node_new(p, POLICY_OP_LATEST);
    size_t capacity = 0;
    int r = want_words(p, "latest of");
    while (r == 0) {
        r = list_grow(p, &n->of, &capacity, n->of_count, sizeof *n->of);
        if (r == 0)
            r = want_fact_kind(p, &n->of[n->of_count]);
        if (r < 0)
            return r;
        n->of_count++;
        if (NOW(p).kind != TOKEN_COMMA)
            break;
        r = next(p);
    }
    if (r == 0)
        r = want_words(p, "between the legal parents is");
    return r < 0 ? r : want_fact_kind(p, &n->kind);
}

/* "aged under N", "aged N or over" */
static int aged(struct parser *p, struct node **ret)
{
    struct node *n = *ret = node_new(p, POLICY_OP_AGED);
    int r = want_words(p, "aged");
    if (r == 0 && at_word(p, "under")) {
        r = next(p);
        return r < 0 ? r : want_number(p, &n->number);
    }
    n->or_over = true;
    if (r == 0)
        r = want_number(p, &n->number);
    return r < 0 ? r : want_words(p, "or over");
}

static int word_alone(struct parser *p, enum policy_op op, struct node **ret)
{
    *ret = node_new(p, op);
    return next(p);
}

static int atom(struct parser *p, struct node **ret)
{
    if (NOW(p).kind != TOKEN_WORD)
        return unexpected(p, N_("a condition"));
    if (at_word(p, policy_operators[POLICY_OP_FACT].word))
        return fact(p, ret);
    if (at_word(p, policy_operators[POLICY_OP_LATEST].word))
        return latest(p, ret);
    if (at_word(p, policy_operators[POLICY_OP_AGED].word))
        return aged(p, ret);
    if (at_word(p, policy_operators[POLICY_OP_MINOR].word))
        return word_alone(p, POLICY_OP_MINOR, ret);
    if (at_word(p, policy_operators[POLICY_OP_ADOPTED].word))
        return word_alone(p, POLICY_OP_ADOPTED, ret);
    if (at_word(p, "every") || at_word(p, "any") || at_word(p, "no") || at_word(p, "exactly") ||
        at_word(p, "at"))
        return persons(p, ret);
    if (policy_word_reserved(NOW(p).text))
        return unexpected(p, N_("a condition"));
    /* A name: of a condition or a category, as the check will find. */
    struct node *n = *ret = node_new(p, POLICY_OP_CONDITION);
    return want_name(p, &n->name);
}

static int unary(struct parser *p, struct node **ret)
{
    int r;
    if (++p->depth > POLICY_DEPTH_MAX)
        return policy_fail(p->compiler, NOW(p).place, N_("this is nested deeper than %d"),
                           POLICY_DEPTH_MAX);
    if (at_word(p, policy_operators[POLICY_OP_NOT].word)) {
        struct node *n = *ret = node_new(p, POLICY_OP_NOT);
        n->parts = ARENA_ARRAY(p->compiler->arena, 1, struct node *);
        n->part_count = 1;
        r = next(p);
        if (r == 0)
            r = unary(p, &n->parts[0]);
    } else if (NOW(p).kind == TOKEN_OPEN) {
        r = next(p);
        if (r == 0)
            r = expression(p, ret);
        if (r == 0)
            r = want_kind(p, TOKEN_CLOSE, ")", NULL);
    } else {
        r = atom(p, ret);
    }
    p->depth--;
    return r;
}

/* A row of `and`, or a row of `or`; a mixture must say by parentheses what it means. */
static int expression(struct parser *p, struct node **ret)
{
    struct node *first = NULL;
    int r = unary(p, &first);
    *ret = first;
    if (r < 0 || (!at_word(p, "and") && !at_word(p, "or")))
        return r;
    struct node *n = node_new(p, at_word(p, "and") ? POLICY_OP_AND : POLICY_OP_OR);
    n->place = first->place;
    size_t capacity = 0;
    for (;;) {
        n->parts = arena_grow(p->compiler->arena, n->parts, &capacity, n->part_count + 1,
                              sizeof *n->parts);
        n->parts[n->part_count++] = first;
        if (!at_word(p, "and") && !at_word(p, "or"))
            break;
        if (!at_word(p, policy_operators[n->op].word)) {
            policy_fail(p->compiler, NOW(p).place, N_("\"and\" and \"or\" are mixed"));
            return error_hint(p->compiler->error,
                              N_("Put parentheses around the part that belongs together."));
        }
        r = next(p);
        if (r == 0)
            r = unary(p, &first);
        if (r < 0)
            return r;
    }
    *ret = n;
    return 0;
}

/* ---- declarations ---------------------------------------------------------------------------- */

static int text_of(struct parser *p, const char **ret)
{
    struct slice s = SLICE_NONE;
    int r = want_kind(p, TOKEN_TEXT, N_("a text in quotation marks"), &s);
    if (r == 0)
        *ret = arena_string(p->compiler->arena, s);
    return r;
}

static int cites(struct parser *p, struct declaration *d)
{
    int r = list_grow(p, &d->cites, &d->cite_capacity, d->info.cite_count, sizeof *d->cites);
    if (r == 0)
        r = next(p);
    if (r < 0)
        return r;
    struct policy_cite *cite = &d->cites[d->info.cite_count++];
    d->info.cites = d->cites;
    cite->article = "";
    r = text_of(p, &cite->document);
    return r == 0 && NOW(p).kind == TOKEN_TEXT ? text_of(p, &cite->article) : r;
}

static int needs(struct parser *p, struct policy_info *info)
{
    const char **list = NULL;
    size_t capacity = 0;
    info->need_count = 0;
    int r;
    do {
        struct slice name = SLICE_NONE;
        r = list_grow(p, &list, &capacity, info->need_count, sizeof *list);
        if (r == 0)
            r = next(p);
        if (r == 0)
            r = want_name(p, &name);
        if (r < 0)
            return r;
        list[info->need_count++] = name.p;
    } while (NOW(p).kind == TOKEN_COMMA);
    info->needs = list;
    return 0;
}

static int name_clause(struct parser *p, const char **ret)
{
    struct slice name = SLICE_NONE;
    int r = next(p);
    if (r == 0)
        r = want_name(p, &name);
    if (r == 0)
        *ret = name.p;
    return r;
}

/* Whether the clause that begins here, which may stand only once, has stood already. */
static bool clause_again(const struct parser *p, const struct declaration *d)
{
    return at_word(p, "needs")        ? d->info.need_count > 0
           : at_word(p, "level")      ? d->info.level[0] != '\0'
           : at_word(p, "department") ? d->info.department[0] != '\0'
                                      : d->body != NULL;
}

/* One clause under a declaration's head. Says by *ret_more whether there was one. */
static int clause(struct parser *p, struct declaration *d, bool *ret_more)
{
    *ret_more = true;
    if (at_word(p, "cites"))
        return cites(p, d);
    bool body = at_word(p, d->condition ? "when" : "holds");
    bool more = !d->condition && (at_word(p, "needs") || at_word(p, "level") || at_word(p, "department"));
    if ((body || more) && clause_again(p, d))
        return policy_fail(p->compiler, NOW(p).place, N_("\"%.*s\" stands here twice"),
                           (int)NOW(p).text.n, NOW(p).text.p);
    if (body) {
        int r = want_words(p, d->condition ? "when" : "holds while");
        return r < 0 ? r : expression(p, &d->body);
    }
    if (more && at_word(p, "needs"))
        return needs(p, &d->info);
    if (more)
        return name_clause(p, at_word(p, "level") ? &d->info.level : &d->info.department);
    *ret_more = false;
    return 0;
}

static bool at_declaration(const struct parser *p)
{
    return at_word(p, "condition") || at_word(p, "category") || at_word(p, "signal");
}

static int declaration(struct parser *p, int source)
{
    struct compiler *c = p->compiler;
    if (!at_declaration(p))
        return unexpected(p, N_("condition, category or signal"));
    if (c->count >= POLICY_DECLARATIONS_MAX)
        return policy_fail(c, NOW(p).place, N_("there are more than %d declarations"),
                           POLICY_DECLARATIONS_MAX);
    struct declaration d = {.condition = at_word(p, "condition"), .place = NOW(p).place};
    d.info.signal = at_word(p, "signal");
    d.info.level = d.info.department = "";
    d.info.file = arena_string(c->arena, slice_from(c->sources[source].file));
    int r = next(p);
    struct slice name = SLICE_NONE;
    d.place = NOW(p).place;
    d.info.line = d.place.line;
    if (r == 0)
        r = want_name(p, &name);
    d.info.name = name.p;
    if (r == 0)
        r = text_of(p, &d.info.zh);
    if (r == 0)
        r = text_of(p, &d.info.en);
    for (bool more = true; r == 0 && more;)
        r = clause(p, &d, &more);
    if (r < 0)
        return r;
    if (!d.body)
        return unexpected(p, d.condition ? N_("\"when\"") : N_("\"holds while\""));
    c->all = arena_grow(c->arena, c->all, &c->capacity, c->count + 1, sizeof *c->all);
    c->all[c->count++] = d;
    return 0;
}

int policy_parse(struct compiler *c, int source)
{
    struct parser p = {.compiler = c};
    int r = lexer_begin(&p.lexer, c, source);
    while (r == 0 && NOW(&p).kind != TOKEN_END)
        r = declaration(&p, source);
    return r;
}
