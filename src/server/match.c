#include "server/match.h"

static const char *const method_names[METHOD_COUNT] = {"", "GET", "POST", "PUT", "DELETE"};

static int answer_options(struct request *r)
{
    r->status = 204;
    return 0;
}

static const struct route options_route = {
    .path = "*", .operation = "options", .handler = answer_options};

/* ---- paths ---- */

/* Whether the path fits the template; parameters go to `ret`. `ret_fixed` counts the bytes before the
 * first parameter: of two templates that fit, the longer fixed beginning is meant. */
static bool fits(const char *template, struct slice path, struct slice ret[REQUEST_PARAMS_MAX],
                 size_t *ret_fixed)
{
    size_t at = 0, parameters = 0;
    const char *t = template;

    *ret_fixed = SIZE_MAX;
    while (*t) {
        if (*t != '{') {
            if (at >= path.n || path.p[at] != *t)
                return false;
            at++;
            t++;
            continue;
        }
        size_t begin = at;
        while (at < path.n && path.p[at] != '/')
            at++;
        if (at == begin)
            return false;
        if (parameters == 0)
            *ret_fixed = begin;
        ret[parameters++] = (struct slice){path.p + begin, at - begin};
        t = strchr(t, '}') + 1;
    }
    return at == path.n;
}

static enum http_method method_of(struct slice name)
{
    if (slice_is(name, "HEAD"))
        return METHOD_GET;
    for (int m = METHOD_GET; m < METHOD_COUNT; m++)
        if (slice_is(name, method_names[m]))
            return (enum http_method)m;
    return METHOD_NONE;
}

/* The template that the path means, as the index of its first route; -1. */
static int find_template(struct slice path)
{
    struct slice parameters[REQUEST_PARAMS_MAX];
    size_t fixed, best_fixed = 0;
    int best = -1;

    for (size_t i = 0; i < route_count; i++)
        if (fits(routes[i].path, path, parameters, &fixed) && fixed > best_fixed) {
            best = (int)i;
            best_fixed = fixed;
        }
    return best;
}

int match_route(struct request *r, const struct incoming *in)
{
    enum http_method method = method_of(in->method);
    int template = find_template(in->path);
    const char *allow = "OPTIONS";
    size_t fixed;

    if (template <0)
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    for (size_t i = 0; i < route_count; i++) {
        if (strcmp(routes[i].path, routes[template].path) != 0)
            continue;
        if (routes[i].method == method)
            r->route = &routes[i];
        allow = arena_printf(r->arena, "%s, %s%s", allow, method_names[routes[i].method],
                             routes[i].method == METHOD_GET ? ", HEAD" : "");
    }
    r->allow = allow;
    if (!r->route && slice_is(in->method, "OPTIONS"))
        r->route = &options_route;
    if (!r->route)
        return error_set(r->error, ERR_METHOD, NULL);
    if (r->route != &options_route)
        fits(r->route->path, in->path, r->path, &fixed);
    return 0;
}

/* ---- parameters ---- */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* %XX and '+'; NONE where it is not well formed. */
static struct slice decode(struct arena *arena, struct slice s)
{
    char *text = arena_take(arena, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '%') {
            text[n++] = s.p[i] == '+' ? ' ' : s.p[i];
            continue;
        }
        if (i + 2 >= s.n || hex(s.p[i + 1]) < 0 || hex(s.p[i + 2]) < 0)
            return SLICE_NONE;
        text[n++] = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
        i += 2;
    }
    text[n] = '\0';
    return (struct slice){text, n};
}

static int complain(struct request *r, const char *name, const char *message)
{
    return schema_complain(&r->faults, r->arena, r->error, name,
                           text_in(r->error->language, message));
}

static void take_query(struct request *r, struct slice pair)
{
    const char *equals = memchr(pair.p, '=', pair.n);
    size_t name_size = equals ? (size_t)(equals - pair.p) : pair.n;
    struct slice name = decode(r->arena, (struct slice){pair.p, name_size});
    struct slice value = SLICE_LITERAL("");

    if (equals)
        value = decode(r->arena, (struct slice){equals + 1, pair.n - name_size - 1});
    for (size_t i = 0; name.p && i < r->route->query_count; i++) {
        const struct route_parameter *p = &r->route->queries[i];
        if (!slice_is(name, p->name))
            continue;
        if (r->query[i].p)
            complain(r, p->name, N_("is given twice"));
        else if (!value.p)
            complain(r, p->name, N_("is not well formed"));
        else if (schema_check_text(p->schema, p->name, value, r->arena, &r->faults, r->error) == 0)
            r->query[i] = value;
        return;
    }
    complain(r, "?", N_("a parameter that is not known here is given"));
}

int match_parameters(struct request *r, const struct incoming *in)
{
    const struct route *route = r->route;
    struct schema_faults unsaid = {.count = 0};

    for (size_t i = 0; i < route->parameter_count; i++)
        if (schema_check_text(route->parameters[i].schema, route->parameters[i].name, r->path[i],
                              r->arena, &unsaid, r->error) < 0)
            return error_set(r->error, ERR_NOT_FOUND, NULL);
    for (size_t at = 0; at < in->query.n;) {
        size_t end = at;
        while (end < in->query.n && in->query.p[end] != '&')
            end++;
        if (end > at)
            take_query(r, (struct slice){in->query.p + at, end - at});
        at = end + 1;
    }
    for (size_t i = 0; i < route->query_count; i++)
        if (route->queries[i].required && !r->query[i].p && r->faults.count == 0)
            complain(r, route->queries[i].name, N_("is missing"));
    return r->faults.count ? -ERR_SCHEMA : 0;
}
