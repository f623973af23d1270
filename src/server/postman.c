#include "server/postman.h"

#include "access/account.h"
#include "notify/gateway.h"
#include "notify/outbox.h"
#include "server/server_inside.h"
#include "server/ticker.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define ROUND_SECONDS 2
#define ROUND_MAX \
    20 /* notices: what takes longest, ten seconds each, must not keep a stop waiting */
#define TOKEN_MAX 512

struct postman {
    struct deployment *d; /* NULL: to be connected anew */
    struct gateway *gateway;
    struct ticker *ticker;
};

/* What came of one letter, for the writer. */
struct delivered {
    int64_t id;
    const char *failure; /* NULL: taken */
};

static int note(struct server *s, struct deployment *d, void *context, struct error *e)
{
    const struct delivered *l = context;

    (void)s;
    return l->failure ? outbox_failed(d, l->id, server_now(), l->failure, NULL, e)
                      : outbox_sent(d, l->id, server_now(), e);
}

static int deliver(struct server *s, struct postman *p, const struct notice_to_send *n,
                   struct error *e)
{
    ARENA_AUTO(arena);
    struct account account;
    struct delivered l = {.id = n->id};
    int rc = account_get(p->d, n->account_id, &arena, &account, e);

    if (rc == -ERR_NOT_FOUND || rc == -ERR_ERASED || (rc == 0 && account.phone.n == 0)) {
        error_clear(e);
        l.failure = "no_number";
    } else if (rc < 0) {
        return rc;
    } else {
        l.failure = gateway_send(p->gateway, n->id, arena_string(&arena, account.phone));
    }
    if (l.failure)
        LOG(&s->log, LOG_WARNING, "notice", log_word("failed", l.failure));
    return server_write(s, note, &l, e);
}

static int go_round(struct server *s, struct postman *p, struct error *e)
{
    ARENA_AUTO(arena);
    struct notice_to_send *list = NULL;
    size_t count = 0;
    int rc = 0;

    if (!p->d)
        rc = deployment_fork(s->base, STORE_READ, &p->d, e);
    if (rc == 0)
        rc = deployment_refresh(p->d, e);
    if (rc == 0)
        rc = outbox_due(p->d, server_now(), ROUND_MAX, &arena, &list, &count, e);
    for (size_t i = 0; i < count && rc == 0 && !atomic_load(&s->stopping); i++)
        rc = deliver(s, p, &list[i], e);
    return rc;
}

static void work(struct server *s)
{
    struct error e = {.language = LANGUAGE_EN};

    if (go_round(s, s->postman, &e) < 0) {
        LOG(&s->log, LOG_ERROR, "postman", log_number("code", e.code));
        s->postman->d = deployment_close(s->postman->d);
    }
}

/* The token's file holds one line. */
static int read_token(const char *path, char ret[TOKEN_MAX], struct error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, ret, TOKEN_MAX - 1);
    int saved = errno;

    if (fd >= 0)
        close(fd);
    if (n < 0)
        return error_set_errno(e, saved, path);
    ret[n] = '\0';
    ret[strcspn(ret, "\r\n")] = '\0';
    return 0;
}

int postman_start(struct server *s, struct postman **ret, struct error *e)
{
    const struct configuration *c = &s->configuration;
    char token[TOKEN_MAX] = "";
    struct postman *p;
    int rc = 0;

    *ret = NULL;
    if (!c->notice_url[0])
        return 0;
    if (c->notice_token_file[0] && (rc = read_token(c->notice_token_file, token, e)) < 0)
        return rc;
    if (!(p = calloc(1, sizeof(*p))))
        return error_set(e, ERR_MEMORY, NULL);
    rc = gateway_open(c->notice_url, token[0] ? token : NULL, &p->gateway, e);
    explicit_bzero(token, sizeof(token));
    *ret = p; /* the ticker's first call comes later, and finds it */
    if (rc == 0)
        rc = ticker_start(ROUND_SECONDS, work, s, &p->ticker, e);
    if (rc < 0)
        *ret = postman_stop(p);
    return rc;
}

struct postman *postman_stop(struct postman *p)
{
    if (p) {
        ticker_stop(p->ticker);
        gateway_close(p->gateway);
        deployment_close(p->d);
        free(p);
    }
    return NULL;
}
