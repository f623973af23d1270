#include "store/sweeper.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* In pages. Up to LONG, 16 MiB, a look-up in the log costs the same; there the thread is woken. The writer
 * folds REST itself, in some milliseconds. Each pass takes what was written during the one before. */
enum { LONG = 4096, REST = 256, PASSES = 8 };

struct sweeper {
    struct store *store;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards the next two */
    pthread_cond_t woken;
    bool wanted, stopping;
    atomic_bool busy, done; /* under way; finished, and the rest is the writer's */
    size_t next; /* the writer's: how long the log may become until the thread is woken */
};

static void sweep(struct sweeper *s)
{
    size_t left = LONG;

    for (int pass = 0; pass < PASSES && left > REST; pass++)
        if (store_fold_log(s->store, &left, NULL) < 0)
            return;
}

static bool wait(struct sweeper *s)
{
    pthread_mutex_lock(&s->mutex);
    while (!s->wanted && !s->stopping)
        pthread_cond_wait(&s->woken, &s->mutex);
    bool wanted = !s->stopping;
    s->wanted = false;
    pthread_mutex_unlock(&s->mutex);
    return wanted;
}

static void *run(void *argument)
{
    struct sweeper *s = argument;

    while (wait(s)) {
        sweep(s);
        atomic_store(&s->done, true);
        atomic_store(&s->busy, false);
    }
    return NULL;
}

static void wake(struct sweeper *s)
{
    atomic_store(&s->busy, true);
    pthread_mutex_lock(&s->mutex);
    s->wanted = true;
    pthread_cond_signal(&s->woken);
    pthread_mutex_unlock(&s->mutex);
}

void sweeper_committed(struct sweeper *s, struct store *store)
{
    size_t pages, left;

    if (!s || atomic_load(&s->busy))
        return;
    pages = store_log_pages(store);
    if (atomic_exchange(&s->done, false)) {
        store_fold_log(store, &left, NULL);
        s->next = pages + LONG; /* where a reader keeps the log from beginning anew */
        return;
    }
    if (pages < LONG)
        s->next = LONG;
    if (pages >= s->next)
        wake(s);
}

int sweeper_start(const char *url, struct sweeper **ret, struct error *e)
{
    struct sweeper *s = calloc(1, sizeof *s);

    if (!s)
        return error_set(e, ERR_MEMORY, NULL);
    int r = store_open(url, STORE_WRITE, &s->store, e);
    if (r < 0) {
        free(s);
        return r;
    }
    s->next = LONG;
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->woken, NULL);
    if (pthread_create(&s->thread, NULL, run, s) == 0) {
        *ret = s;
        return 0;
    }
    store_close(s->store);
    free(s);
    return error_set(e, ERR_MEMORY, NULL);
}

void sweeper_stop(struct sweeper *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->mutex);
    s->stopping = true;
    pthread_cond_signal(&s->woken);
    pthread_mutex_unlock(&s->mutex);
    pthread_join(s->thread, NULL);
    pthread_mutex_destroy(&s->mutex);
    pthread_cond_destroy(&s->woken);
    store_close(s->store);
    free(s);
}
