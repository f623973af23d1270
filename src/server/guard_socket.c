#include "server/guard_socket.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define FDS_MAX 65536
#define LINGER_TIME 2000000
#define DISCARD_MAX (1u << 20) /* bytes in one turn, so that a flood cannot hold its thread */

struct connection {
    struct guard_house *house;
    struct guard guard;
    atomic_bool handed_over;
    _Atomic int64_t deadline;
};

struct guard_house {
    uint64_t body_max;
    pthread_mutex_t
        mutex; /* held while a connection comes, goes, or is shut: no descriptor is reused then */
    int highest;
    _Atomic uint64_t refusals[GUARD_REFUSAL_COUNT];
};

/* recv knows its descriptor and nothing else: the one table of the process. */
static _Atomic(struct connection *) connections[FDS_MAX];

/* The linker's names: what --wrap makes of calls of recv and shutdown, and of what they were. */
ssize_t system_recv(int fd, void *buffer, size_t size, int flags) __asm__("__real_recv");
ssize_t guarded_recv(int fd, void *buffer, size_t size, int flags) __asm__("__wrap_recv");
int system_shutdown(int fd, int how) __asm__("__real_shutdown");
int guarded_shutdown(int fd, int how) __asm__("__wrap_shutdown");

int64_t guard_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct connection *connection_of(int fd)
{
    return fd >= 0 && fd < FDS_MAX ? atomic_load_explicit(&connections[fd], memory_order_acquire)
                                   : NULL;
}

/* ---- houses ---------------------------------------------------------------------------------- */

int guard_house_new(uint64_t body_max, struct guard_house **ret, struct error *e)
{
    struct guard_house *h = calloc(1, sizeof(*h));

    if (!h)
        return error_set(e, ERR_MEMORY, NULL);
    h->body_max = body_max;
    pthread_mutex_init(&h->mutex, NULL);
    *ret = h;
    return 0;
}

struct guard_house *guard_house_free(struct guard_house *h)
{
    if (h) {
        pthread_mutex_destroy(&h->mutex);
        free(h);
    }
    return NULL;
}

bool guard_socket_begin(struct guard_house *h, int fd)
{
    struct connection *c = fd >= 0 && fd < FDS_MAX ? calloc(1, sizeof(*c)) : NULL;

    if (!c)
        return false;
    c->house = h;
    guard_begin(&c->guard, h->body_max);
    /* A connection on which nothing comes is waited for as long as one whose head does not end. */
    atomic_store(&c->deadline, INT64_MAX);
    pthread_mutex_lock(&h->mutex);
    atomic_store_explicit(&connections[fd], c, memory_order_release);
    h->highest = fd > h->highest ? fd : h->highest;
    pthread_mutex_unlock(&h->mutex);
    return true;
}

void guard_socket_end(int fd)
{
    struct connection *c = connection_of(fd);

    if (!c)
        return;
    struct guard_house *h = c->house;
    pthread_mutex_lock(&h->mutex);
    atomic_store(&connections[fd], NULL);
    pthread_mutex_unlock(&h->mutex);
    free(c);
}

void guard_socket_answered(int fd)
{
    struct connection *c = connection_of(fd);

    if (!c)
        return;
    guard_answered(&c->guard);
    if (c->guard.phase != GUARD_REFUSED)
        atomic_store(&c->deadline, guard_deadline(&c->guard));
}

void guard_socket_hand_over(int fd)
{
    struct connection *c = connection_of(fd);

    if (c)
        atomic_store(&c->handed_over, true);
}

int guarded_shutdown(int fd, int how)
{
    const struct connection *c = connection_of(fd);

    return c && atomic_load(&c->handed_over) ? 0 : system_shutdown(fd, how);
}

void guard_house_watch(struct guard_house *h)
{
    int64_t now = guard_now();

    pthread_mutex_lock(&h->mutex);
    for (int fd = 0; fd <= h->highest; fd++) {
        struct connection *c = connection_of(fd);
        if (c && c->house == h && atomic_load(&c->deadline) < now)
            shutdown(fd, SHUT_RD);
    }
    pthread_mutex_unlock(&h->mutex);
}

void guard_house_refusals(struct guard_house *h, uint64_t ret[GUARD_REFUSAL_COUNT])
{
    for (size_t i = 0; i < GUARD_REFUSAL_COUNT; i++)
        ret[i] = atomic_load(&h->refusals[i]);
}

void guard_house_count(struct guard_house *h, enum guard_refusal refusal)
{
    atomic_fetch_add(&h->refusals[refusal], 1);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* After a refusal: what still comes is thrown away, so that the kernel does not answer it with a reset
 * that would overtake our answer. */
static ssize_t discard(struct connection *c, int fd, int flags, int64_t now)
{
    char waste[4096];

    if (now > atomic_load(&c->deadline))
        return 0;
    for (size_t all = 0; all < DISCARD_MAX;) {
        ssize_t n = system_recv(fd, waste, sizeof(waste), flags | MSG_DONTWAIT);
        if (n <= 0)
            return n;
        all += (size_t)n;
    }
    return 0;
}

static ssize_t refuse(struct connection *c, int fd, enum guard_refusal why, int flags, int64_t now)
{
    char answer[GUARD_ANSWER_MAX];
    size_t n = guard_answer(why, answer);

    guard_house_count(c->house, why);
    /* A socket that does not take a kilobyte at once belongs to somebody who does not read answers. */
    if (send(fd, answer, n, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)n)
        return 0;
    shutdown(fd, SHUT_WR);
    atomic_store(&c->deadline, now + LINGER_TIME);
    return discard(c, fd, flags, now);
}

ssize_t guarded_recv(int fd, void *buffer, size_t size, int flags)
{
    struct connection *c = connection_of(fd);

    if (!c)
        return system_recv(fd, buffer, size, flags);
    int64_t now = guard_now();
    if (c->guard.phase == GUARD_REFUSED)
        return discard(c, fd, flags, now);
    ssize_t n = system_recv(fd, buffer, size, flags);
    int failure = errno;
    enum guard_refusal why = n > 0    ? guard_feed(&c->guard, buffer, (size_t)n, now)
                             : n == 0 ? guard_check_time(&c->guard, now)
                                      : GUARD_FINE;
    if (why != GUARD_FINE)
        return refuse(c, fd, why, flags, now);
    atomic_store(&c->deadline, guard_deadline(&c->guard));
    errno = failure;
    return n;
}
