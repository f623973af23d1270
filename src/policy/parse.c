/* From the text of one policy file to declarations. The grammar is in docs/policy-language.md. */
#include "policy/parser.h"

static int text_of(struct parser *p, const char **ret)
{
    struct slice s = SLICE_NONE;
    int r = parser_token(p, TOKEN_TEXT, N_("a text in quotation marks"), &s);
    if (r == 0)
        *ret = arena_string(p->compiler->arena, s);
    return r;
}

static int cites(struct parser *p, struct declaration *d)
{
    int r = parser_list_grow(p, &d->cites, &d->cite_capacity, d->info.cite_count, sizeof *d->cites);
    if (r == 0)
        r = parser_next(p);
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
        r = parser_list_grow(p, &list, &capacity, info->need_count, sizeof *list);
        if (r == 0)
            r = parser_next(p);
        if (r == 0)
            r = parser_name(p, &name);
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
    int r = parser_next(p);
    if (r == 0)
        r = parser_name(p, &name);
    if (r == 0)
        *ret = name.p;
    return r;
}

/* Whether the clause that begins here, which may stand only once, has stood already. */
static bool clause_again(const struct parser *p, const struct declaration *d)
{
    return parser_at(p, "needs")        ? d->info.need_count > 0
           : parser_at(p, "level")      ? d->info.level[0] != '\0'
           : parser_at(p, "department") ? d->info.department[0] != '\0'
                                        : d->body != NULL;
}

/* One clause under a declaration's head. Says by *ret_more whether there was one. */
static int clause(struct parser *p, struct declaration *d, bool *ret_more)
{
    *ret_more = true;
    if (parser_at(p, "cites"))
        return cites(p, d);
    bool body = parser_at(p, d->condition ? "when" : "holds");
    bool more = !d->condition &&
                (parser_at(p, "needs") || parser_at(p, "level") || parser_at(p, "department"));
    if ((body || more) && clause_again(p, d))
        return policy_fail(p->compiler, NOW(p).place, N_("\"%.*s\" stands here twice"),
                           (int)NOW(p).text.n, NOW(p).text.p);
    if (body) {
        int r = parser_words(p, d->condition ? "when" : "holds while");
        return r < 0 ? r : parser_expression(p, &d->body);
    }
    if (more && parser_at(p, "needs"))
        return needs(p, &d->info);
    if (more)
        return name_clause(p, parser_at(p, "level") ? &d->info.level : &d->info.department);
    *ret_more = false;
    return 0;
}

static bool at_declaration(const struct parser *p)
{
    return parser_at(p, "condition") || parser_at(p, "category") || parser_at(p, "signal");
}

static int declaration(struct parser *p, int source)
{
    struct compiler *c = p->compiler;
    if (!at_declaration(p))
        return parser_unexpected(p, N_("condition, category or signal"));
    if (c->count >= POLICY_DECLARATIONS_MAX)
        return policy_fail(c, NOW(p).place, N_("there are more than %d declarations"),
                           POLICY_DECLARATIONS_MAX);
    struct declaration d = {.condition = parser_at(p, "condition"), .place = NOW(p).place};
    d.info.signal = parser_at(p, "signal");
    d.info.level = d.info.department = "";
    d.info.file = arena_string(c->arena, slice_from(c->sources[source].file));
    int r = parser_next(p);
    struct slice name = SLICE_NONE;
    d.place = NOW(p).place;
    d.info.line = d.place.line;
    if (r == 0)
        r = parser_name(p, &name);
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
        return parser_unexpected(p, d.condition ? N_("\"when\"") : N_("\"holds while\""));
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
