/* Parsing expressions. The grammar is in docs/policy-language.md. */
#include "policy/parser.h"

static struct node *node_new(struct parser *p, enum policy_op op)
{
    struct node *n = ARENA_NEW(p->compiler->arena, struct node);
    n->op = op;
    n->place = NOW(p).place;
    return n;
}

static int want_length(struct parser *p, struct length *ret)
{
    static const char *const units[][2] = {[UNIT_DAYS] = {"day", "days"},
                                           [UNIT_WEEKS] = {"week", "weeks"},
                                           [UNIT_MONTHS] = {"month", "months"},
                                           [UNIT_YEARS] = {"year", "years"}};
    uint32_t number = 0;
    int r = parser_number(p, &number);
    if (r < 0)
        return r;
    ret->number = (int32_t)number;
    for (int i = UNIT_DAYS; i <= UNIT_YEARS; i++)
        if (parser_at(p, units[i][0]) || parser_at(p, units[i][1])) {
            ret->unit = (enum unit)i;
            return parser_next(p);
        }
    return parser_unexpected(p, N_("days, weeks, months or years"));
}

static bool at_tense(const struct parser *p)
{
    return parser_at(p, "with") || parser_at(p, "after");
}

/* "is VALUE", "is one of VALUE, VALUE": a comma may also come before "with" and "after". */
static int fact_values(struct parser *p, struct node *n)
{
    size_t capacity = 0;
    int r = parser_words(p, "is");
    bool several = r == 0 && parser_at(p, "one");
    if (several)
        r = parser_words(p, "one of");
    while (r == 0) {
        if (NOW(p).kind != TOKEN_WORD || policy_word_reserved(NOW(p).text))
            return parser_unexpected(p, N_("a value"));
        r = parser_list_grow(p, &n->values, &capacity, n->value_count, sizeof *n->values);
        if (r < 0)
            return r;
        n->values[n->value_count++] = arena_copy(p->compiler->arena, NOW(p).text);
        r = parser_next(p);
        if (r < 0 || NOW(p).kind != TOKEN_COMMA)
            return r;
        r = parser_next(p);
        if (r == 0 && at_tense(p))
            return 0;
        if (r == 0 && !several)
            return parser_unexpected(p, N_("\"with\" or \"after\""));
    }
    return r;
}

static int fact_tense(struct parser *p, struct node *n)
{
    int r;
    if (parser_at(p, "with")) {
        n->tense = TENSE_TERM;
        r = parser_words(p, "with a term of at least");
    } else {
        r = parser_words(p, "after");
        bool more = r == 0 && parser_at(p, "more");
        n->tense = more ? TENSE_AFTER_MORE : TENSE_AFTER_LEAST;
        if (r == 0)
            r = parser_words(p, more ? "more than" : "at least");
    }
    return r < 0 ? r : want_length(p, &n->length);
}

static int fact(struct parser *p, struct node **ret)
{
    struct node *n = *ret = node_new(p, POLICY_OP_FACT);
    int r = parser_words(p, "fact");
    if (r == 0)
        r = parser_kind(p, &n->kind);
    if (r == 0 && parser_at(p, "is"))
        r = fact_values(p, n);
    else if (r == 0 && NOW(p).kind == TOKEN_COMMA)
        r = parser_next(p);
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
        if (first && !parser_at(p, first))
            continue;
        int r = first ? parser_next(p) : 0;
        if (r < 0)
            return r;
        if (parser_at(p, words[i][1]) || parser_at(p, words[i][2])) {
            *ret = (enum group)i;
            return parser_next(p);
        }
        if (first)
            break;
    }
    return parser_unexpected(p, N_("legal parent, guardian or household member"));
}

/* "every", "any", "no", "exactly N", "at least N", "at most N" */
static int quota(struct parser *p, struct node *n)
{
    static const struct {
        const char *words;
        bool counted, from, to;
    } forms[] = {{"exactly", true, true, true},
                 {"at least", true, true, false},
                 {"at most", true, false, true}};
    n->quota = (struct line_quota){0, UINT32_MAX};
    if (parser_at(p, "every") || parser_at(p, "no")) {
        n->every = parser_at(p, "every");
        n->quota.max = 0;
        return parser_next(p);
    }
    if (parser_at(p, "any")) {
        n->quota.min = 1;
        return parser_next(p);
    }
    int r;
    size_t i = 0;
    if (!parser_at(p, "exactly")) {
        r = parser_words(p, "at");
        if (r < 0)
            return r;
        i = parser_at(p, "most") ? 2 : 1;
    }
    r = parser_words(p, i == 0 ? "exactly" : forms[i].words + 3);
    uint32_t number = 0;
    if (r == 0)
        r = parser_number(p, &number);
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
        r = parser_token(p, TOKEN_OPEN, "(", NULL);
    if (r == 0)
        r = parser_expression(p, &n->parts[0]);
    if (r == 0)
        r = parser_token(p, TOKEN_CLOSE, ")", NULL);
    return r;
}

/* "latest of KIND, KIND between the legal parents is KIND" */
static int latest(struct parser *p, struct node **ret)
{
    struct node *n = *ret = node_new(p, POLICY_OP_LATEST);
    size_t capacity = 0;
    int r = parser_words(p, "latest of");
    while (r == 0) {
        r = parser_list_grow(p, &n->of, &capacity, n->of_count, sizeof *n->of);
        if (r == 0)
            r = parser_kind(p, &n->of[n->of_count]);
        if (r < 0)
            return r;
        n->of_count++;
        if (NOW(p).kind != TOKEN_COMMA)
            break;
        r = parser_next(p);
    }
    if (r == 0)
        r = parser_words(p, "between the legal parents is");
    return r < 0 ? r : parser_kind(p, &n->kind);
}

/* "aged under N", "aged N or over" */
static int aged(struct parser *p, struct node **ret)
{
    struct node *n = *ret = node_new(p, POLICY_OP_AGED);
    int r = parser_words(p, "aged");
    if (r == 0 && parser_at(p, "under")) {
        r = parser_next(p);
        return r < 0 ? r : parser_number(p, &n->number);
    }
    n->or_over = true;
    if (r == 0)
        r = parser_number(p, &n->number);
    return r < 0 ? r : parser_words(p, "or over");
}

static int word_alone(struct parser *p, enum policy_op op, struct node **ret)
{
    *ret = node_new(p, op);
    return parser_next(p);
}

static int atom(struct parser *p, struct node **ret)
{
    if (NOW(p).kind != TOKEN_WORD)
        return parser_unexpected(p, N_("a condition"));
    if (parser_at(p, policy_operators[POLICY_OP_FACT].word))
        return fact(p, ret);
    if (parser_at(p, policy_operators[POLICY_OP_LATEST].word))
        return latest(p, ret);
    if (parser_at(p, policy_operators[POLICY_OP_AGED].word))
        return aged(p, ret);
    if (parser_at(p, policy_operators[POLICY_OP_MINOR].word))
        return word_alone(p, POLICY_OP_MINOR, ret);
    if (parser_at(p, policy_operators[POLICY_OP_ADOPTED].word))
        return word_alone(p, POLICY_OP_ADOPTED, ret);
    if (parser_at(p, "every") || parser_at(p, "any") || parser_at(p, "no") ||
        parser_at(p, "exactly") || parser_at(p, "at"))
        return persons(p, ret);
    if (policy_word_reserved(NOW(p).text))
        return parser_unexpected(p, N_("a condition"));
    /* A name: of a condition or a category, as the check will find. */
    struct node *n = *ret = node_new(p, POLICY_OP_CONDITION);
    return parser_name(p, &n->name);
}

static int unary(struct parser *p, struct node **ret)
{
    int r;
    if (++p->depth > POLICY_DEPTH_MAX)
        return policy_fail(p->compiler, NOW(p).place, N_("this is nested deeper than %d"),
                           POLICY_DEPTH_MAX);
    if (parser_at(p, policy_operators[POLICY_OP_NOT].word)) {
        struct node *n = *ret = node_new(p, POLICY_OP_NOT);
        n->parts = ARENA_ARRAY(p->compiler->arena, 1, struct node *);
        n->part_count = 1;
        r = parser_next(p);
        if (r == 0)
            r = unary(p, &n->parts[0]);
    } else if (NOW(p).kind == TOKEN_OPEN) {
        r = parser_next(p);
        if (r == 0)
            r = parser_expression(p, ret);
        if (r == 0)
            r = parser_token(p, TOKEN_CLOSE, ")", NULL);
    } else {
        r = atom(p, ret);
    }
    p->depth--;
    return r;
}

/* A row of `and`, or a row of `or`; a mixture must say by parentheses what it means. */
int parser_expression(struct parser *p, struct node **ret)
{
    struct node *first = NULL;
    int r = unary(p, &first);
    *ret = first;
    if (r < 0 || (!parser_at(p, "and") && !parser_at(p, "or")))
        return r;
    struct node *n = node_new(p, parser_at(p, "and") ? POLICY_OP_AND : POLICY_OP_OR);
    n->place = first->place;
    size_t capacity = 0;
    for (;;) {
        n->parts = arena_grow(p->compiler->arena, n->parts, &capacity, n->part_count + 1,
                              sizeof *n->parts);
        n->parts[n->part_count++] = first;
        if (!parser_at(p, "and") && !parser_at(p, "or"))
            break;
        if (!parser_at(p, policy_operators[n->op].word)) {
            policy_fail(p->compiler, NOW(p).place, N_("\"and\" and \"or\" are mixed"));
            return error_hint(p->compiler->error,
                              N_("Put parentheses around the part that belongs together."));
        }
        r = parser_next(p);
        if (r == 0)
            r = unary(p, &first);
        if (r < 0)
            return r;
    }
    *ret = n;
    return 0;
}
