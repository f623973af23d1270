#include "server/lane.h"

#include "server/exchange.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define THREADS_MAX 8
#define WAITING_MAX 256
#define NICE 5
#define SEND_MS 5000

struct lane {
    struct server *server;
    pthread_t threads[THREADS_MAX];
    size_t thread_count;
    pthread_mutex_t mutex; /* guards all below */
    pthread_cond_t come;
    struct exchange *first, **last;
    size_t waiting;
    bool ending;
};

/* ---- the answer, without libmicrohttpd ------------------------------------------------------- */

struct text {
    char bytes[2048];
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
    size_t room = sizeof(t->bytes) - t->n;
    va_list arguments;

    va_start(arguments, format);
    int n = vsnprintf(t->bytes + t->n, room, format, arguments);
    va_end(arguments);
    t->n += n > 0 && (size_t)n < room ? (size_t)n : 0;
}

static void add_header(void *context, const char *name, const char *value)
{
    add(context, "%s: %s\r\n", name, value);
}

static void send_all(int fd, const char *p, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        if (sent < 0 && (errno != EAGAIN || poll(&wait, 1, SEND_MS) <= 0))
            return;
        p += sent > 0 ? sent : 0;
        n -= sent > 0 ? (size_t)sent : 0;
    }
}

static void add_date(struct text *t)
{
    time_t now = time(NULL);
    struct tm utc;
    char date[40];

    /* The process never sets a locale: names of days and months are those of HTTP. */
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
    add_header(t, "Date", date);
}

static void answer(struct exchange *x, int rc)
{
    struct text head = {.n = 0};
    struct slice body = exchange_answer(x, rc);

    add(&head, "HTTP/1.1 %d %s\r\n", x->status, MHD_get_reason_phrase_for((unsigned)x->status));
    add_date(&head);
    exchange_headers(x, add_header, &head);
    if (x->status != 204)
        add(&head, "Content-Length: %zu\r\n", body.n);
    add(&head, "\r\n");
    send_all(x->own_fd, head.bytes, head.n);
    send_all(x->own_fd, body.p, body.n);
    shutdown(x->own_fd, SHUT_WR);
}

static void finish(struct exchange *x)
{
    close(x->own_fd);
    exchange_end(x);
}

/* ---- the queue ------------------------------------------------------------------------------- */

static struct exchange *next(struct lane *l, bool *ret_ending)
{
    pthread_mutex_lock(&l->mutex);
    while (!l->first && !l->ending)
        pthread_cond_wait(&l->come, &l->mutex);
    struct exchange *x = l->first;
    if (x) {
        l->first = x->next;
        l->last = l->first ? l->last : &l->first;
        l->waiting--;
    }
    *ret_ending = l->ending;
    pthread_mutex_unlock(&l->mutex);
    return x;
}

static void *run(void *argument)
{
    struct lane *l = argument;
    struct exchange *x;
    bool ending;

    setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
    while ((x = next(l, &ending))) {
        if (!ending)
            answer(x, exchange_run(x));
        finish(x);
    }
    return NULL;
}

void lane_take(struct lane *l, struct exchange *x)
{
    pthread_mutex_lock(&l->mutex);
    bool room = l->waiting < WAITING_MAX;
    if (room) {
        x->next = NULL;
        *l->last = x;
        l->last = &x->next;
        l->waiting++;
        pthread_cond_signal(&l->come);
    }
    pthread_mutex_unlock(&l->mutex);
    if (room)
        return;
    x->request.retry_after = 5;
    answer(x, error_set(&x->error, ERR_TOO_MANY, NULL));
    finish(x);
}

int lane_start(struct server *server, struct lane **ret, struct error *e)
{
    struct lane *l = calloc(1, sizeof(*l));
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;

    if (!l)
        return error_set(e, ERR_MEMORY, NULL);
    l->server = server;
    l->last = &l->first;
    pthread_mutex_init(&l->mutex, NULL);
    pthread_cond_init(&l->come, NULL);
    while (l->thread_count < wanted &&
           pthread_create(&l->threads[l->thread_count], NULL, run, l) == 0)
        l->thread_count++;
    if (l->thread_count < wanted) {
        lane_stop(l);
        return error_set(e, ERR_MEMORY, NULL);
    }
    *ret = l;
    return 0;
}

struct lane *lane_stop(struct lane *l)
{
    if (!l)
        return NULL;
    pthread_mutex_lock(&l->mutex);
    l->ending = true;
    pthread_cond_broadcast(&l->come);
    pthread_mutex_unlock(&l->mutex);
    for (size_t i = 0; i < l->thread_count; i++)
        pthread_join(l->threads[i], NULL);
    pthread_cond_destroy(&l->come);
    pthread_mutex_destroy(&l->mutex);
    free(l);
    return NULL;
}
