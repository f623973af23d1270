#include "server/ticker.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct ticker {
    unsigned seconds;
    void (*call)(struct server *s);
    struct server *server;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t end;
    bool ending;
};

static bool wait_for_next(struct ticker *t)
{
    struct timespec until;
    int waited = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += t->seconds;
    pthread_mutex_lock(&t->mutex);
    while (!t->ending && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&t->end, &t->mutex, &until);
    bool ending = t->ending;
    pthread_mutex_unlock(&t->mutex);
    return !ending;
}

static void *run(void *argument)
{
    struct ticker *t = argument;

    while (wait_for_next(t))
        t->call(t->server);
    return NULL;
}

int ticker_start(unsigned seconds, void (*call)(struct server *s), struct server *s,
                 struct ticker **ret, struct error *e)
{
    struct ticker *t = calloc(1, sizeof(*t));
    pthread_condattr_t steady;

    if (!t)
        return error_set(e, ERR_MEMORY, NULL);
    t->seconds = seconds;
    t->call = call;
    t->server = s;
    pthread_mutex_init(&t->mutex, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&t->end, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&t->thread, NULL, run, t) != 0) {
        free(t);
        return error_set(e, ERR_MEMORY, NULL);
    }
    *ret = t;
    return 0;
}

struct ticker *ticker_stop(struct ticker *t)
{
    if (!t)
        return NULL;
    pthread_mutex_lock(&t->mutex);
    t->ending = true;
    pthread_cond_signal(&t->end);
    pthread_mutex_unlock(&t->mutex);
    pthread_join(t->thread, NULL);
    pthread_cond_destroy(&t->end);
    pthread_mutex_destroy(&t->mutex);
    free(t);
    return NULL;
}
