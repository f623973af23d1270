/* The small steps of the parser: words, names, numbers, and what is said when they are not
 * there. */
#include "policy/parser.h"

static const char *const reserved[] = {
    "condition", "category",  "signal", "cites",   "needs",   "level",   "department", "when",
    "holds",     "while",     "or",     "and",     "not",     "fact",    "is",         "one",
    "of",        "two",       "with",   "a",       "term",    "at",      "least",      "most",
    "after",     "more",      "than",   "minor",   "adopted", "aged",    "under",      "over",
    "every",     "any",       "no",     "exactly", "legal",   "parent",  "parents",    "guardian",
    "guardians", "household", "member", "members", "latest",  "between", "the",        "day",
    "days",      "week",      "weeks",  "month",   "months",  "year",    "years",
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

bool parser_at(const struct parser *p, const char *word)
{
    return NOW(p).kind == TOKEN_WORD && slice_is(NOW(p).text, word);
}

int parser_next(struct parser *p) { return lexer_next(&p->lexer); }

/* What stands at the place where something else is wanted. */
int parser_unexpected(struct parser *p, const char *wanted)
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
    return near.distance == 0 ? -ERR_POLICY : policy_hint(c, &near);
}

/* Several words that belong together: "at least". */
int parser_words(struct parser *p, const char *words)
{
    for (const char *w = words; *w;) {
        size_t n = strcspn(w, " ");
        if (NOW(p).kind != TOKEN_WORD || !slice_equal(NOW(p).text, (struct slice){w, n}))
            return parser_unexpected(p, words);
        int r = parser_next(p);
        if (r < 0)
            return r;
        w += n + (w[n] == ' ');
    }
    return 0;
}

int parser_token(struct parser *p, enum token_kind kind, const char *what, struct slice *ret)
{
    if (NOW(p).kind != kind)
        return parser_unexpected(p, what);
    if (ret)
        *ret = NOW(p).text;
    return parser_next(p);
}

int parser_name(struct parser *p, struct slice *ret)
{
    if (NOW(p).kind != TOKEN_WORD || !policy_word_is_name(NOW(p).text) ||
        policy_word_reserved(NOW(p).text))
        return parser_unexpected(p, N_("a name"));
    *ret = arena_copy(p->compiler->arena, NOW(p).text);
    return parser_next(p);
}

int parser_number(struct parser *p, uint32_t *ret)
{
    uint32_t number = 0;
    struct slice s = NOW(p).text;
    if (NOW(p).kind != TOKEN_WORD)
        return parser_unexpected(p, N_("a number"));
    if (slice_is(s, "one") || slice_is(s, "two")) {
        *ret = s.p[0] == 'o' ? 1 : 2;
        return parser_next(p);
    }
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return parser_unexpected(p, N_("a number"));
        number = number * 10 + (uint32_t)(s.p[i] - '0');
        if (number > POLICY_NUMBER_MAX)
            return policy_fail(p->compiler, NOW(p).place, N_("a number is larger than %d"),
                               POLICY_NUMBER_MAX);
    }
    *ret = number;
    return parser_next(p);
}

/* Appends to a list that must stay short; element types differ, so the caller casts. */
int parser_list_grow(struct parser *p, void *list, size_t *capacity, size_t count, size_t size)
{
    if (count >= POLICY_LIST_MAX)
        return policy_fail(p->compiler, NOW(p).place, N_("a list is longer than %d"),
                           POLICY_LIST_MAX);
    void **array = list;
    *array = arena_grow(p->compiler->arena, *array, capacity, count + 1, size);
    return 0;
}

int parser_kind(struct parser *p, int *ret)
{
    if (NOW(p).kind != TOKEN_WORD)
        return parser_unexpected(p, N_("a kind of fact"));
    *ret = policy_kind_by_name(NOW(p).text);
    if (*ret >= 0)
        return parser_next(p);
    struct nearest near = nearest_to(NOW(p).text);
    for (int i = 0; i < policy_kind_count(); i++)
        nearest_try(&near, policy_kind_name(i));
    policy_fail(p->compiler, NOW(p).place, N_("there is no kind of fact \"%.*s\""),
                (int)NOW(p).text.n, NOW(p).text.p);
    return policy_hint(p->compiler, &near);
}
