/* What becomes of an exchange, whoever holds its socket: the work, the answer, the end. */
#include "server/exchange.h"

#include "server/answer.h"

#include <stdio.h>

int exchange_take_reader(struct exchange *x)
{
    return x->request.d ? 0 : readers_take(x->server->readers, &x->request.d, &x->error);
}

void exchange_give_reader(struct exchange *x)
{
    readers_give(x->server->readers, x->request.d, x->error.code);
    x->request.d = NULL;
}

static int run(struct exchange *x)
{
    int rc;

    if (x->plain)
        return x->plain(&x->request);
    if (x->refused < 0)
        return x->refused;
    if (x->body)
        x->in.body = (struct slice){x->body, x->body_size};
    if ((rc = exchange_take_reader(x)) == 0)
        rc = router_run(&x->request, &x->in);
    exchange_give_reader(x);
    return rc;
}

int exchange_run(struct exchange *x)
{
    int rc = run(x);

    if (rc < 0 && error_http_status(x->error.code) >= 500)
        LOG(&x->server->log, LOG_ERROR, "failure", log_word("request", x->id),
            log_number("code", x->error.code));
    return rc;
}

/* ---- pages ----------------------------------------------------------------------------------- */

int exchange_page(struct request *r)
{
    struct exchange *x = exchange_of(r);
    int rc = pages_answer(x->server->pages, &x->question, &x->arena, &x->page, &x->error);

    if (rc < 0) {
        x->page.status = 0;
        return rc;
    }
    r->status = x->page.status;
    r->content_type = x->page.type;
    r->raw = x->page.body.p ? x->page.body : SLICE_LITERAL("");
    return 0;
}

static void page_headers_add(struct exchange *x, exchange_header *add, void *context)
{
    const struct page_answer *page = &x->page;
    const struct {
        const char *name, *value;
    } own[] = {{"Content-Security-Policy", page->policy},
               {"Cache-Control", page->cache},
               {"Content-Encoding", page->encoding},
               {"ETag", page->etag},
               {"Location", page->location},
               {"Vary", page->varies ? "Accept-Encoding" : NULL},
               {"Content-Type", page->status == 200 ? page->type : NULL}};

    for (const struct page_header *h = page_headers; h->name; h++)
        add(context, h->name, h->value);
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (own[i].value)
            add(context, own[i].name, own[i].value);
}

/* ---- the answer ------------------------------------------------------------------------------ */

static struct slice good_body(struct exchange *x)
{
    struct request *r = &x->request;

    x->type = r->content_type;
    if (r->status == 204)
        return SLICE_LITERAL("");
    return r->raw.p ? r->raw : json_text(&x->out);
}

static struct slice problem_body(struct exchange *x)
{
    struct request *r = &x->request;

    x->error.code = x->error.code ? x->error.code : ERR_INTERNAL;
    r->status = error_http_status(x->error.code);
    r->set_cookie = NULL;
    x->type = "application/problem+json";
    json_begin(&x->out, &x->arena);
    answer_problem(&x->out, &x->error, x->id, x->error.code == ERR_SCHEMA ? &r->faults : NULL);
    return json_text(&x->out);
}

struct slice exchange_answer(struct exchange *x, int rc)
{
    struct slice body = rc < 0 ? problem_body(x) : good_body(x);

    x->status = x->request.status;
    x->answered = true;
    return body;
}

void exchange_headers(struct exchange *x, exchange_header *add, void *context)
{
    struct request *r = &x->request;
    char number[16];

    if (x->page.status)
        page_headers_add(x, add, context);
    for (const struct answer_header *h = answer_headers; h->name && !x->page.status; h++)
        add(context, h->name, h->value);
    add(context, "X-Request-Id", x->id);
    if (r->status != 204 && !x->page.status)
        add(context, "Content-Type", x->type);
    if (r->set_cookie)
        add(context, "Set-Cookie", r->set_cookie);
    if (r->allow && (r->status == 405 || slice_is(x->in.method, "OPTIONS")))
        add(context, "Allow", r->allow);
    if (r->status == 401)
        add(context, "WWW-Authenticate", r->route && r->route->token ? "Bearer" : "Session");
    if (r->status == 429) {
        snprintf(number, sizeof(number), "%d", r->retry_after > 0 ? r->retry_after : 1);
        add(context, "Retry-After", number);
    }
    if (x->own_fd >= 0 || atomic_load(&x->server->stopping))
        add(context, "Connection", "close");
}

void exchange_end(struct exchange *x)
{
    struct server *s = x->server;

    if (x->began) {
        int64_t lasted = guard_now() - x->began;
        atomic_fetch_sub(&s->running, 1);
        if (x->answered) {
            metrics_request(s->metrics, x->request.route, x->status, lasted);
            LOG(&s->log, LOG_INFO, "request", log_word("request", x->id),
                log_word("operation", x->request.route ? x->request.route->operation : "none"),
                log_number("status", x->status), log_number("us", lasted));
        }
        exchange_give_reader(x);
        router_end(&x->request);
    }
    struct arena arena = x->arena;
    arena_end(&arena);
}
