/* Whether the server lives, whether it can work, and its figures: answered past the router, so that they
 * say something whatever has become of the database. */
#include "server/exchange.h"
#include "server/handlers.h"

static int say(struct request *r, struct slice text)
{
    r->content_type = "text/plain; charset=utf-8";
    r->raw = text;
    return 0;
}

int route_health_show(struct request *r) { return say(r, SLICE_LITERAL("alive\n")); }

int route_ready_show(struct request *r)
{
    if (server_ready(r->server))
        return say(r, SLICE_LITERAL("ready\n"));
    r->status = 503;
    return say(r, SLICE_LITERAL("not ready\n"));
}

/* For who sits on this machine: the proxy in front does not pass it on. */
int route_metrics_show(struct request *r)
{
    struct metrics_seen seen;

    if (!exchange_of(r)->local)
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    server_figures(r->server, r->arena, &seen);
    r->content_type = "text/plain; version=0.0.4; charset=utf-8";
    r->raw = metrics_text(r->server->metrics, &seen, r->arena);
    return 0;
}
