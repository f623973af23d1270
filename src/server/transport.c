/* libmicrohttpd: from its callbacks to an exchange, the router, and an answer. */
#include "server/exchange.h"
#include "server/handlers.h"
#include "server/head.h"
#include "server/lane.h"
#include "server/live.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTION_MEMORY \
    49152 /* heads are at most GUARD_HEAD_MAX, and are kept with their index */
#define IDLE_SECONDS 15

/* ---- an exchange begins ---------------------------------------------------------------------- */

static int descriptor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info ? info->connect_fd : -1;
}

static void make_id(struct exchange *x)
{
    /* Different in each request and each run; tells nobody how many there were. */
    uint64_t n = atomic_fetch_add(&x->server->id_next, 1);
    uint64_t id = (n ^ x->server->id_seed) * UINT64_C(0x9e3779b97f4a7c15);

    snprintf(x->id, sizeof(x->id), "%016" PRIx64, id ^ (id >> 29));
}

/* The first line has come: libmicrohttpd keeps what is returned for all further calls. */
static void *on_target(void *context, const char *target, struct MHD_Connection *connection)
{
    struct server *s = context;
    struct arena arena = ARENA_EMPTY;
    struct exchange *x = ARENA_NEW(&arena, struct exchange);

    x->arena = arena;
    x->server = s;
    x->connection = connection;
    x->own_fd = -1;
    make_id(x);
    char *copy = arena_string(&x->arena, slice_from(target));
    char *mark = strchr(copy, '?');
    x->in.path = (struct slice){copy, mark ? (size_t)(mark - copy) : strlen(copy)};
    x->in.query = mark ? slice_from(mark + 1) : SLICE_NONE;
    return x;
}

static struct slice header(struct exchange *x, const char *name)
{
    const char *value = NULL;
    size_t n = 0;

    if (MHD_lookup_connection_value_n(x->connection, MHD_HEADER_KIND, name, strlen(name), &value,
                                      &n) != MHD_YES ||
        !value)
        return SLICE_NONE;
    return arena_copy(&x->arena, (struct slice){value, n}); /* it may outlive its connection */
}

static bool is_loopback(const struct sockaddr *peer)
{
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)peer;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)peer;

    return peer->sa_family == AF_UNIX ||
           (peer->sa_family == AF_INET && ntohl(v4->sin_addr.s_addr) >> 24 == 127) ||
           (peer->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr));
}

/* Who is at the other end: the peer; or, where the peer is a proxy on this machine, whom it names. */
static void take_address(struct exchange *x)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *peer = info ? info->client_addr : NULL;
    struct slice named = header(x, "X-Real-IP");
    char text[INET6_ADDRSTRLEN] = "unix";
    uint8_t binary[16];

    if (peer && is_loopback(peer)) {
        x->local = !named.p;
        if (named.p && named.n < sizeof(text) &&
            (inet_pton(AF_INET, named.p, binary) == 1 ||
             inet_pton(AF_INET6, named.p, binary) == 1)) {
            x->in.address = named;
            return;
        }
    }
    if (peer && peer->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)peer)->sin_addr, text, sizeof(text));
    if (peer && peer->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)peer)->sin6_addr, text, sizeof(text));
    x->in.address = slice_from(arena_string(&x->arena, slice_from(text)));
}

/* The head is whole. */
static void begin(struct exchange *x, const char *method)
{
    struct request *r = &x->request;

    x->began = guard_now();
    atomic_fetch_add(&x->server->running, 1);
    x->in.method = slice_from(arena_string(&x->arena, slice_from(method)));
    x->in.content_type = header(x, "Content-Type");
    x->in.cookie = header(x, "Cookie");
    x->in.csrf = header(x, "X-CSRF-Token");
    x->in.idempotency_key = header(x, "Idempotency-Key");
    x->in.host = header(x, "Host");
    x->in.origin = header(x, "Origin");
    x->in.sec_fetch_site = header(x, "Sec-Fetch-Site");
    x->in.user_agent = header(x, "User-Agent");
    x->in.authorization = header(x, "Authorization");
    take_address(x);
    x->error.language = head_language(header(x, "Accept-Language"));
    r->server = x->server;
    r->shelf = x->server->shelf;
    r->clearance = shelf_clearance(x->server->shelf);
    r->arena = &x->arena;
    r->error = &x->error;
    r->out = &x->out;
    r->now = server_now();
    r->today = day_today();
    r->status = 200;
    r->content_type = "application/json";
    json_begin(&x->out, &x->arena);
}

/* ---- the answer ------------------------------------------------------------------------------ */

static void add_header(void *context, const char *name, const char *value)
{
    MHD_add_response_header(context, name, value);
}

/* What is sent lies in the exchange's arena, which ends after it was sent. */
static enum MHD_Result answer(struct exchange *x, int rc)
{
    struct slice body = exchange_answer(x, rc);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);

    if (!response)
        return MHD_NO;
    exchange_headers(x, add_header, response);
    enum MHD_Result queued = MHD_queue_response(x->connection, (unsigned)x->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- the head is here, the body comes, the body is here -------------------------------------- */

static bool is_page(struct exchange *x)
{
    x->question = (struct page_question){.path = x->in.path,
                                         .accept_encoding = header(x, "Accept-Encoding"),
                                         .if_none_match = header(x, "If-None-Match"),
                                         .host = x->in.host,
                                         .live_address = live_address(x->server->live)};
    return pages_own(&x->question);
}

static route_handler *past_router(struct exchange *x)
{
    static const struct {
        const char *path;
        route_handler *handler;
    } plain[] = {{"/healthz", route_health_show},
                 {"/readyz", route_ready_show},
                 {"/metrics", route_metrics_show}};

    if (!slice_is(x->in.method, "GET") && !slice_is(x->in.method, "HEAD"))
        return NULL;
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (slice_is(x->in.path, plain[i].path))
            return plain[i].handler;
    return is_page(x) ? exchange_page : NULL;
}

static void find_route(struct exchange *x, route_handler *handler)
{
    for (size_t i = 0; i < route_count; i++)
        if (routes[i].handler == handler)
            x->request.route = &routes[i];
}

static uint64_t told_length(struct exchange *x)
{
    struct slice length = header(x, "Content-Length");

    return length.p ? strtoull(length.p, NULL, 10) : 0; /* the guard has read it: digits */
}

/* A body is only waited for from those who may send one. */
static int admit(struct exchange *x)
{
    uint64_t length = told_length(x);
    int rc;

    if (atomic_load(&x->server->stopping))
        return error_set(&x->error, ERR_STOPPING, NULL);
    if ((rc = exchange_take_reader(x)) == 0)
        rc = router_admit(&x->request, &x->in);
    if (rc == 0 && length > x->request.route->body_max)
        rc = error_set(&x->error, ERR_TOO_LARGE, NULL);
    if (rc < 0 || length > 0)
        exchange_give_reader(x);
    if (rc == 0 && length > 0) {
        x->body_capacity = (size_t)length;
        x->body = arena_take(&x->arena, x->body_capacity);
    }
    return rc;
}

/* An answer that is queued before the end of the body closes the connection: so it is given here only where
 * a body would follow, and else by on_end. */
static enum MHD_Result on_head(struct exchange *x, const char *method)
{
    begin(x, method);
    x->plain = past_router(x);
    if (x->plain)
        find_route(x, x->plain);
    else
        x->refused = admit(x);
    return x->refused < 0 && told_length(x) > 0 ? answer(x, x->refused) : MHD_YES;
}

static enum MHD_Result on_body(struct exchange *x, const char *data, size_t n)
{
    if (n > x->body_capacity - x->body_size)
        return MHD_NO;
    memcpy(x->body + x->body_size, data, n);
    x->body_size += n;
    return MHD_YES;
}

/* Passwords take half a second of a core, and some work of intake longer: such a request leaves with its
 * socket for the slow lane, so that the connections of this thread do not wait. */
static bool leave(struct exchange *x, void **state)
{
    int fd = descriptor_of(x->connection);

    if (x->plain || x->refused < 0 || !x->request.route->slow)
        return false;
    x->own_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (x->own_fd < 0)
        return false;
    exchange_give_reader(x);
    guard_socket_hand_over(fd);
    *state = NULL;
    lane_take(x->server->lane, x);
    return true;
}

static enum MHD_Result on_end(struct exchange *x, void **state)
{
    if (leave(x, state))
        return MHD_NO; /* this side of the socket closes without a word */
    return answer(x, exchange_run(x));
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    struct exchange *x = *state;

    if (!x)
        return MHD_NO;
    if (x->began == 0)
        return on_head(x, method);
    if (*upload_size > 0) {
        enum MHD_Result taken = x->answered ? MHD_YES : on_body(x, upload, *upload_size);
        *upload_size = 0;
        return taken;
    }
    return x->answered ? MHD_YES : on_end(x, state);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode how)
{
    struct exchange *x = *state;

    if (!x)
        return;
    *state = NULL;
    if (how == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        guard_socket_answered(descriptor_of(connection));
    exchange_end(x);
}

/* ---- connections ----------------------------------------------------------------------------- */

static void on_connection(void *context, struct MHD_Connection *connection, void **state,
                          enum MHD_ConnectionNotificationCode what)
{
    struct server *s = context;
    int fd = descriptor_of(connection);

    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        atomic_fetch_add(&s->connections, 1);
        if (!guard_socket_begin(s->house, fd))
            shutdown(fd, SHUT_RDWR);
    } else {
        atomic_fetch_sub(&s->connections, 1);
        guard_socket_end(fd);
    }
}

/* The router decodes, once, what it has split. */
static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text)
{
    return strlen(text);
}

int transport_start(struct server *s, struct error *e)
{
    unsigned threads = s->configuration.threads;

    if (threads == 0) {
        long cores = sysconf(_SC_NPROCESSORS_ONLN);
        threads = cores > 0 ? (unsigned)cores : 1;
    }
    unsigned connections = s->configuration.connections > threads ? s->configuration.connections
                                                                  : threads;
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL, on_request, s,
        MHD_OPTION_LISTEN_SOCKET, s->listener, MHD_OPTION_THREAD_POOL_SIZE,
        threads > 1 ? threads : 0, MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK,
        on_target, s, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        s, MHD_OPTION_END);
    return s->daemon ? 0 : error_set(e, ERR_IO, N_("the HTTP server does not start"));
}

void transport_quiesce(struct server *s)
{
    int fd = s->daemon ? MHD_quiesce_daemon(s->daemon) : -1;

    if (fd >= 0) {
        close(fd);
        s->listener = -1;
    }
}

void transport_stop(struct server *s)
{
    if (s->daemon)
        MHD_stop_daemon(s->daemon);
    s->daemon = NULL;
}
