#include "store/writer.h"

#include "store/sweeper.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A job as it waits, on the stack of the thread that has submitted it. */
struct submission {
    writer_job *job;
    void *context;
    struct error *error; /* the caller's, or `own` */
    struct error own;
    int result;
    bool done;
    pthread_cond_t finished;
    struct submission *next;
};

struct writer {
    struct store *store; /* NULL when it could not be opened again */
    char *url;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t submitted;
    struct submission *first, **last;
    bool stopping;
    struct writer_figures figures;
    struct sweeper *sweeper;
};

/* Those of one transaction; the writer thread's own. */
struct group {
    struct submission *members[WRITER_JOBS_MAX];
    size_t count;
};

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The next job; waits for one only if `wait`. NULL when there is none, or all are done at the
 * end. */
static struct submission *take(struct writer *w, bool wait)
{
    pthread_mutex_lock(&w->mutex);
    while (wait && !w->first && !w->stopping)
        pthread_cond_wait(&w->submitted, &w->mutex);
    struct submission *s = w->first;
    if (s) {
        w->first = s->next;
        if (!w->first)
            w->last = &w->first;
    }
    pthread_mutex_unlock(&w->mutex);
    return s;
}

/* Runs one job in a savepoint. Negative when the transaction as a whole is lost; what became of the
 * job alone stands in its result. */
static int run(struct writer *w, struct submission *s, struct error *e)
{
    int r = store_savepoint(w->store, e);
    if (r < 0)
        return r;
    s->result = s->job(w->store, s->context, s->error);
    if (s->result >= 0)
        s->result = store_release(w->store, s->error);
    if (s->result >= 0 || store_rollback_savepoint(w->store, NULL) == 0)
        return 0;
    *e = *s->error; /* a full disk has ended the whole transaction: the others are told that */
    return s->result;
}

static int run_group(struct writer *w, struct group *g, struct submission *first, struct error *e)
{
    int64_t deadline = now_ms() + WRITER_MS_MAX;
    struct submission *s = first;
    do {
        g->members[g->count++] = s;
        int r = run(w, s, e);
        if (r < 0)
            return r;
    } while (g->count < WRITER_JOBS_MAX && now_ms() < deadline && (s = take(w, false)));
    return store_commit(w->store, e);
}

static void give_up(struct writer *w)
{
    store_close(w->store);
    w->store = NULL;
}

static int open_store(struct writer *w, struct error *e)
{
    int r = store_open(w->url, STORE_WRITE, &w->store, e);
    return r < 0 ? r : store_share(w->store, e);
}

static int open_and_begin(struct writer *w, struct error *e)
{
    int r = w->store ? 0 : open_store(w, e);
    return r < 0 ? r : store_begin(w->store, e);
}

/* PostgreSQL may have been restarted since the last transaction, so a connection that does not
 * begin one is replaced, once: nothing has been done on it yet. */
static int begin(struct writer *w, struct error *e)
{
    int r = open_and_begin(w, e);
    if (r != -ERR_DATABASE)
        return r;
    give_up(w);
    return open_and_begin(w, e);
}

/* The transaction's error goes to those whose own job had none. */
static void fail(struct submission *s, int r, const struct error *e)
{
    if (s->result < 0)
        return;
    enum language language = s->error->language;
    *s->error = *e;
    s->error->language = language;
    s->result = r;
}

static void finish(struct writer *w, const struct group *g)
{
    pthread_mutex_lock(&w->mutex);
    w->figures.transactions++;
    w->figures.jobs += g->count;
    for (size_t i = 0; i < g->count; i++) {
        g->members[i]->done = true;
        pthread_cond_signal(&g->members[i]->finished);
    }
    pthread_mutex_unlock(&w->mutex);
}

static void *writer_thread(void *argument)
{
    struct writer *w = argument;
    struct submission *first;
    while ((first = take(w, true))) {
        struct group g = {.count = 0};
        struct error e = {.language = first->error->language};
        int r = begin(w, &e);
        if (r == 0)
            r = run_group(w, &g, first, &e);
        else
            g = (struct group){.members = {first}, .count = 1};
        if (r < 0) {
            give_up(w);
            for (size_t i = 0; i < g.count; i++)
                fail(g.members[i], r, &e);
        }
        finish(w, &g);
        if (r == 0)
            sweeper_committed(w->sweeper, w->store);
    }
    return NULL;
}

static void writer_free(struct writer *w)
{
    sweeper_stop(w->sweeper);
    store_close(w->store);
    free(w->url);
    free(w);
}

int writer_start(const char *url, struct writer **ret, struct error *e)
{
    struct writer *w = calloc(1, sizeof *w);
    if (!w || !(w->url = strdup(url))) {
        free(w);
        return error_set(e, ERR_MEMORY, NULL);
    }
    w->last = &w->first;
    int r = open_store(w, e);
    if (r == 0 && store_engine(w->store) == STORE_SQLITE)
        r = sweeper_start(url, &w->sweeper, e);
    if (r < 0) {
        writer_free(w);
        return r;
    }
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->submitted, NULL);
    if (pthread_create(&w->thread, NULL, writer_thread, w) != 0) {
        writer_free(w);
        return error_set(e, ERR_MEMORY, NULL);
    }
    *ret = w;
    return 0;
}

int writer_submit(struct writer *w, writer_job *job, void *context, struct error *e)
{
    struct submission s = {.job = job, .context = context};
    s.error = e ? e : &s.own;
    pthread_mutex_lock(&w->mutex);
    if (w->stopping) {
        pthread_mutex_unlock(&w->mutex);
        return error_set(e, ERR_INTERNAL, N_("the writer is stopping"));
    }
    pthread_cond_init(&s.finished, NULL);
    *w->last = &s;
    w->last = &s.next;
    pthread_cond_signal(&w->submitted);
    while (!s.done)
        pthread_cond_wait(&s.finished, &w->mutex);
    pthread_mutex_unlock(&w->mutex);
    pthread_cond_destroy(&s.finished);
    return s.result < 0 ? s.result : 0;
}

struct writer_figures writer_figures(struct writer *w)
{
    pthread_mutex_lock(&w->mutex);
    struct writer_figures figures = w->figures;
    pthread_mutex_unlock(&w->mutex);
    return figures;
}

void writer_stop(struct writer *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->mutex);
    w->stopping = true;
    pthread_cond_signal(&w->submitted);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    pthread_mutex_destroy(&w->mutex);
    pthread_cond_destroy(&w->submitted);
    writer_free(w);
}
