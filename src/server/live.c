#include "server/live.h"

#include "server/listen.h"
#include "server/live_page.h"
#include "server/server_inside.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 256
#define TICK_MS 1000
#define TELL_MS 200     /* between two rounds of news, however many changes there are */
#define READING_MAX 512 /* pages beyond `pages` that may be about to sign in */
#define PAGES_OF_ACCOUNT 16

struct live {
    struct server *server;
    struct deployment *d; /* the thread's own */
    int listener, epoll, end;
    char address[CONFIGURATION_ADDRESS_MAX];
    pthread_t thread;
    bool started;
    struct page *pages;
    size_t count; /* of all, whatever their state */
    _Atomic int64_t open;
    int64_t tell_at; /* steady clock; INT64_MAX: no news */
    bool some_gone;
    bool deaf; /* takes no new pages until the next tick */
};

struct server *live_server(struct live *l) { return l->server; }

bool live_takes(struct live *l, int64_t account_id)
{
    unsigned mine = 0;

    for (const struct page *p = l->pages; p; p = p->next)
        mine += p->state == PAGE_OPEN && p->account_id == account_id;
    return mine < PAGES_OF_ACCOUNT && atomic_load(&l->open) < l->server->configuration.pages;
}

/* ---- pages come and go ----------------------------------------------------------------------- */

static void add_page(struct live *l, int fd)
{
    struct page *p = l->count < l->server->configuration.pages + READING_MAX ? page_new(fd) : NULL;
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = p};

    if (!p) {
        close(fd);
        return;
    }
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        page_free(p);
        return;
    }
    p->next = l->pages;
    p->link = &l->pages;
    if (p->next)
        p->next->link = &p->next;
    l->pages = p;
    l->count++;
}

static void listen_to(struct live *l, bool on)
{
    struct epoll_event event = {.events = on ? EPOLLIN : 0, .data.ptr = &l->listener};

    epoll_ctl(l->epoll, EPOLL_CTL_MOD, l->listener, &event);
    l->deaf = !on;
}

static void accept_pages(struct live *l)
{
    for (int i = 0; i < EVENTS_MAX; i++) {
        int fd = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != ECONNABORTED)
            listen_to(l, false); /* no descriptor is left: until the next tick */
        if (fd < 0)
            return;
        add_page(l, fd);
    }
}

/* Walks over all; those that are gone are closed here and nowhere else, so that no event of this round
 * finds a page that is no more. */
static void sweep(struct live *l, int64_t now, bool tell)
{
    int64_t open = 0;

    for (struct page *p = l->pages, *next; p; p = next) {
        next = p->next;
        page_tick(p, l, l->d, now);
        if (tell)
            page_tell(p, l);
        open += p->state == PAGE_OPEN;
        if (p->state != PAGE_GONE)
            continue;
        *p->link = next;
        if (next)
            next->link = p->link;
        page_free(p);
        l->count--;
    }
    atomic_store(&l->open, open);
}

/* A connection to the database that was lost is made anew; pages whose session cannot be looked at are
 * closed meanwhile, and come back. */
static void renew_deployment(struct live *l)
{
    struct error e = {.language = LANGUAGE_EN};
    struct deployment *d = NULL;

    if (deployment_refresh(l->d, &e) == 0)
        return;
    error_clear(&e);
    if (deployment_fork(l->server->base, STORE_READ, &d, &e) < 0) {
        LOG(&l->server->log, LOG_ERROR, "live", log_number("code", e.code));
        return;
    }
    deployment_close(l->d);
    l->d = d;
}

/* ---- the loop -------------------------------------------------------------------------------- */

static bool take_events(struct live *l, const struct epoll_event *events, int n, int64_t now)
{
    for (int i = 0; i < n; i++) {
        void *what = events[i].data.ptr;
        if (what == &l->end)
            return false;
        if (what == &l->listener) {
            accept_pages(l);
        } else if (what == l) {
            changes_heard(l->server->changes);
            l->tell_at = l->tell_at == INT64_MAX ? now : l->tell_at;
        } else {
            struct page *p = what;
            enum page_state before = p->state;
            page_read(p, l, l->d, now);
            atomic_fetch_add(&l->open, (p->state == PAGE_OPEN) - (before == PAGE_OPEN));
            l->some_gone |= p->state == PAGE_GONE;
        }
    }
    return true;
}

static void *run(void *argument)
{
    struct live *l = argument;
    struct epoll_event events[EVENTS_MAX];
    int64_t tick_at = guard_now(), told_at = 0, renew_at = tick_at;

    for (;;) {
        int64_t now = guard_now();
        int64_t next = l->tell_at < tick_at ? l->tell_at : tick_at;
        int wait = next > now ? (int)((next - now) / 1000 + 1) : 0;
        int n = epoll_wait(l->epoll, events, EVENTS_MAX, wait);
        now = guard_now();
        if (n < 0 && errno != EINTR)
            return NULL;
        if (!take_events(l, events, n, now))
            return NULL;
        if (l->tell_at != INT64_MAX && l->tell_at < told_at + TELL_MS * 1000)
            l->tell_at = told_at + TELL_MS * 1000;
        bool tell = l->tell_at <= now;
        if (!tell && tick_at > now && !l->some_gone)
            continue;
        sweep(l, now, tell);
        l->some_gone = false;
        if (tell) {
            told_at = now;
            l->tell_at = INT64_MAX;
        }
        if (tick_at <= now && l->deaf)
            listen_to(l, true);
        if (tick_at <= now)
            tick_at = now + TICK_MS * 1000;
        if (renew_at <= now) {
            renew_deployment(l);
            renew_at = now + 10 * INT64_C(1000000);
        }
    }
}

static int watch(struct live *l, int fd, void *what, struct error *e)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};

    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event) == 0 ? 0
                                                               : error_set_errno(e, errno, "epoll");
}

static int start(struct live *l, const char *address, struct error *e)
{
    int rc = listen_on(address, &l->listener, l->address, e);

    if (rc < 0)
        return rc;
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->end = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (l->epoll < 0 || l->end < 0)
        return error_set_errno(e, errno, "epoll");
    rc = watch(l, l->listener, &l->listener, e);
    if (rc == 0)
        rc = watch(l, l->end, &l->end, e);
    if (rc == 0)
        rc = watch(l, changes_descriptor(l->server->changes), l, e);
    if (rc == 0)
        rc = deployment_fork(l->server->base, STORE_READ, &l->d, e);
    if (rc == 0 && pthread_create(&l->thread, NULL, run, l) != 0)
        rc = error_set(e, ERR_MEMORY, NULL);
    l->started = rc == 0;
    return rc;
}

int live_start(struct server *server, const char *address, struct live **ret, struct error *e)
{
    struct live *l = calloc(1, sizeof(*l));

    if (!l)
        return error_set(e, ERR_MEMORY, NULL);
    l->server = server;
    l->listener = l->epoll = l->end = -1;
    l->tell_at = INT64_MAX;
    int rc = start(l, address, e);
    if (rc < 0) {
        live_stop(l);
        return rc;
    }
    *ret = l;
    return 0;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

void live_stop(struct live *l)
{
    uint64_t one = 1;

    if (!l)
        return;
    if (l->started) {
        (void)!write(l->end, &one, sizeof(one));
        pthread_join(l->thread, NULL);
    }
    while (l->pages) {
        struct page *p = l->pages;
        l->pages = p->next;
        page_free(p);
    }
    close_if_open(l->listener);
    close_if_open(l->epoll);
    close_if_open(l->end);
    if (l->address[0] == '/')
        unlink(l->address);
    deployment_close(l->d);
    free(l);
}

const char *live_address(const struct live *l) { return l->address; }
int64_t live_pages(const struct live *l)
{
    return l ? atomic_load(&((struct live *)(uintptr_t)l)->open) : 0;
}
