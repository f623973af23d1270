#include "server/live_page.h"

#include "server/answer.h"
#include "server/cookie.h"
#include "server/head.h"
#include "server/server_inside.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct page *page_new(int fd)
{
    struct page *p = calloc(1, sizeof(*p));

    if (p) {
        p->fd = fd;
        guard_begin(&p->guard, 0);
        /* Whoever says nothing has as long as whoever says half. */
        p->due = guard_now() + GUARD_HEAD_TIME;
    }
    return p;
}

void page_free(struct page *p)
{
    close(p->fd);
    free(p->head);
    free(p);
}

/* ---- sending --------------------------------------------------------------------------------- */

/* All at once or not at all: what a page does not take, it asks for when it comes back. */
static void send_all(struct page *p, const char *text, size_t n)
{
    if (send(p->fd, text, n, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)n)
        p->state = PAGE_GONE;
}

static void leave(struct page *p, int64_t now)
{
    if (p->state == PAGE_GONE)
        return;
    shutdown(p->fd, SHUT_WR);
    free(p->head);
    p->head = NULL;
    p->state = PAGE_LEAVING;
    p->due = now + PAGE_LINGER;
}

static void refuse(struct page *p, struct live *l, enum guard_refusal why, int64_t now)
{
    char answer[GUARD_ANSWER_MAX];

    guard_house_count(live_server(l)->house, why);
    send_all(p, answer, guard_answer(why, answer));
    leave(p, now);
}

static void add_common(char *at, size_t size, size_t *n)
{
    for (const struct answer_header *h = answer_headers; h->name && *n < size; h++)
        *n += (size_t)snprintf(at + *n, size - *n, "%s: %s\r\n", h->name, h->value);
}

static void answer_error(struct page *p, enum error_code code, enum language language, int64_t now)
{
    ARENA_AUTO(scratch);
    struct error e = {.language = language, .code = code};
    struct json j;
    char head[1024];
    size_t n;

    json_begin(&j, &scratch);
    answer_problem(&j, &e, "live", NULL);
    struct slice body = json_text(&j);
    n = (size_t)snprintf(head, sizeof(head),
                         "HTTP/1.1 %d Refused\r\nContent-Type: application/problem+json\r\n"
                         "Content-Length: %zu\r\nConnection: close\r\n%s",
                         error_http_status(code), body.n,
                         code == ERR_METHOD          ? "Allow: GET\r\n"
                         : code == ERR_NOT_SIGNED_IN ? "WWW-Authenticate: Session\r\n"
                                                     : "");
    add_common(head, sizeof(head), &n);
    struct slice whole = slice_from(
        arena_printf(&scratch, "%.*s\r\n%.*s", (int)n, head, (int)body.n, body.p));
    send_all(p, whole.p, whole.n);
    leave(p, now);
}

/* ---- its request ----------------------------------------------------------------------------- */

/* The value of a header in a head that the guard has passed. */
static struct slice find_header(const struct page *p, const char *name)
{
    size_t size = strlen(name);
    const char *at = p->head, *end = p->head + p->head_size;

    while ((at = memchr(at, '\n', (size_t)(end - at))) && ++at < end) {
        if ((size_t)(end - at) <= size || strncasecmp(at, name, size) != 0 || at[size] != ':')
            continue;
        const char *stop = memchr(at, '\r', (size_t)(end - at));
        const char *value = at + size + 1;
        return slice_trim((struct slice){value, (size_t)((stop ? stop : end) - value)});
    }
    return SLICE_NONE;
}

static enum error_code check_line(const struct page *p)
{
    static const char line[] = "GET " PAGE_PATH;
    const char *after = p->head + sizeof(line) - 1;

    if (p->head_size < 4 || memcmp(p->head, "GET ", 4) != 0)
        return ERR_METHOD;
    if (p->head_size < sizeof(line) || memcmp(p->head, line, sizeof(line) - 1) != 0 ||
        (*after != ' ' && *after != '?'))
        return ERR_NOT_FOUND;
    return ERR_NONE;
}

static enum error_code find_account(struct page *p, struct deployment *d)
{
    ARENA_AUTO(scratch);
    struct error e = {.language = LANGUAGE_EN};
    struct session session;
    struct account account;
    struct slice token = {p->token, sizeof(p->token)};
    int rc = session_find(d, token, server_now(), &scratch, &session, &account, &e);

    if (rc < 0)
        return e.code;
    if (account.must_change || session_lacks_second_factor(&session, &account))
        return ERR_FORBIDDEN;
    p->account_id = account.id;
    p->division = account.division;
    return ERR_NONE;
}

static enum error_code admit(struct page *p, struct live *l, struct deployment *d,
                             struct slice origin)
{
    enum error_code wrong = check_line(p);
    struct slice token = cookie_token(find_header(p, "Cookie"));

    if (wrong)
        return wrong;
    if (origin.p && !head_same_host(origin, find_header(p, "Host")))
        return ERR_FORBIDDEN;
    if (!token.p)
        return ERR_NOT_SIGNED_IN;
    memcpy(p->token, token.p, sizeof(p->token));
    if ((wrong = find_account(p, d)))
        return wrong;
    return live_takes(l, p->account_id) ? ERR_NONE : ERR_TOO_MANY;
}

static void open_page(struct page *p, struct live *l, struct slice origin, int64_t now)
{
    char text[1536];
    size_t n = (size_t)snprintf(text, sizeof(text),
                                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                                "Connection: close\r\nX-Accel-Buffering: no\r\nVary: Origin\r\n");

    if (origin.p && origin.n < 300)
        n += (size_t)snprintf(text + n, sizeof(text) - n,
                              "Access-Control-Allow-Origin: %.*s\r\n"
                              "Access-Control-Allow-Credentials: true\r\n",
                              (int)origin.n, origin.p);
    add_common(text, sizeof(text), &n);
    p->told = changes_now(live_server(l)->changes);
    n += (size_t)snprintf(text + n, sizeof(text) - n, "\r\n: hello\n\nid: %" PRId64 "\n\n",
                          p->told);
    free(p->head);
    p->head = NULL;
    p->state = PAGE_OPEN;
    p->due = now + PAGE_BEAT;
    send_all(p, text, n);
}

static void on_request(struct page *p, struct live *l, struct deployment *d, int64_t now)
{
    struct slice origin = find_header(p, "Origin");
    enum error_code wrong = admit(p, l, d, origin);

    if (wrong)
        answer_error(p, wrong, head_language(find_header(p, "Accept-Language")), now);
    else
        open_page(p, l, origin, now);
}

static bool keep_head(struct page *p, const char *bytes, size_t n)
{
    if (p->head_capacity - p->head_size < n) {
        size_t capacity = p->head_size + n + 1024;
        char *more = realloc(p->head, capacity);
        if (!more)
            return false;
        p->head = more;
        p->head_capacity = capacity;
    }
    memcpy(p->head + p->head_size, bytes, n);
    p->head_size += n;
    return true;
}

void page_read(struct page *p, struct live *l, struct deployment *d, int64_t now)
{
    char bytes[4096];
    ssize_t n;

    while (p->state != PAGE_GONE && (n = recv(p->fd, bytes, sizeof(bytes), MSG_DONTWAIT)) != 0) {
        if (n < 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
                p->state = PAGE_GONE;
            return;
        }
        if (p->state == PAGE_LEAVING)
            continue;
        /* One that listens has nothing more to say: the guard refuses a second request. */
        enum guard_refusal why = guard_feed(&p->guard, bytes, (size_t)n, now);
        if (p->state == PAGE_OPEN)
            p->state = PAGE_GONE;
        else if (why != GUARD_FINE)
            refuse(p, l, why, now);
        else if (!keep_head(p, bytes, (size_t)n))
            p->state = PAGE_GONE;
        else if (p->guard.phase == GUARD_COMPLETE)
            on_request(p, l, d, now);
    }
    p->state = PAGE_GONE;
}

/* ---- time and changes ------------------------------------------------------------------------ */

void page_tick(struct page *p, struct live *l, struct deployment *d, int64_t now)
{
    if (p->state == PAGE_READING && guard_check_time(&p->guard, now) != GUARD_FINE) {
        refuse(p, l, p->guard.refusal, now);
        return;
    }
    if (now < p->due)
        return;
    if (p->state == PAGE_READING && p->guard.phase == GUARD_HEAD)
        return; /* its own deadline is a little later */
    if (p->state != PAGE_OPEN || find_account(p, d) != ERR_NONE) {
        p->state = PAGE_GONE;
        return;
    }
    p->due = now + PAGE_BEAT;
    send_all(p, ":\n\n", 3);
}

void page_tell(struct page *p, struct live *l)
{
    char text[96];
    int64_t now = 0;

    if (p->state != PAGE_OPEN)
        return;
    bool concerned = changes_since(live_server(l)->changes, p->told, p->division, &now);
    p->told = now;
    if (!concerned)
        return;
    int n = snprintf(text, sizeof(text), "event: change\nid: %" PRId64 "\ndata: %" PRId64 "\n\n",
                     now, now);
    send_all(p, text, (size_t)n);
}
