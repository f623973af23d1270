/* An open-loop load: requests leave by the clock, whether or not answers have come.
 *
 *     openloop HOST PORT RATE SECONDS CONNECTIONS REQUEST_FILE...
 *
 * Each file holds one whole HTTP/1.1 request, byte for byte; they are taken in turn. Latency is counted from
 * the moment a request was due, not from when a free connection could take it: a server that stalls is charged
 * for all who waited (what a closed loop hides). Answers must say their Content-Length. The first second warms up and is not counted. Prints
 *
 *     sent N  answered N  failed N  p50 US  p95 US  p99 US  max US
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define HEAD_MAX 65536

struct request {
    char *bytes;
    size_t n;
};

struct connection {
    int fd;
    bool busy;
    int64_t due; /* ns; of the request under way */
    size_t sent; /* bytes of it */
    const struct request *request;
    char head[HEAD_MAX];
    size_t head_n;
    int64_t body_left; /* -1: the head is not complete */
    int status;
};

struct load {
    struct sockaddr_in address;
    struct request *requests;
    size_t request_count, next_request;
    struct connection *connections;
    size_t connection_count;
    int64_t *due; /* a ring of those that found no free connection */
    size_t due_head, due_tail, due_size;
    int64_t *latencies;
    size_t latency_count;
    uint64_t sent, failed;
    int64_t counted_from;
    int epoll;
};

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "openloop: %s: %s\n", what, strerror(errno));
    exit(3);
}

static struct request read_request(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct request r = {malloc(1 << 20), 0};

    if (!f || !r.bytes)
        die(path);
    r.n = fread(r.bytes, 1, 1 << 20, f);
    fclose(f);
    return r;
}

static void connect_one(struct load *l, struct connection *c)
{
    int one = 1;

    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&l->address, sizeof(l->address)) < 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &event) < 0)
        die("epoll");
    c->busy = false;
}

static void start(struct load *l, struct connection *c, int64_t due)
{
    c->busy = true;
    c->due = due;
    c->request = &l->requests[l->next_request++ % l->request_count];
    c->head_n = 0;
    c->body_left = -1;
    l->sent++;
    /* A request is far smaller than a socket's buffer. */
    if (send(c->fd, c->request->bytes, c->request->n, MSG_NOSIGNAL) != (ssize_t)c->request->n) {
        l->failed++;
        close(c->fd);
        connect_one(l, c);
    }
}

static void start_due(struct load *l)
{
    for (size_t i = 0; i < l->connection_count && l->due_head != l->due_tail; i++)
        if (!l->connections[i].busy)
            start(l, &l->connections[i], l->due[l->due_head++ % l->due_size]);
}

static void finish(struct load *l, struct connection *c)
{
    c->busy = false;
    if (c->status != 200)
        l->failed++;
    if (c->due >= l->counted_from)
        l->latencies[l->latency_count++] = now_ns() - c->due;
    if (l->due_head != l->due_tail)
        start(l, c, l->due[l->due_head++ % l->due_size]);
}

static void take_head(struct connection *c)
{
    char *end = memmem(c->head, c->head_n, "\r\n\r\n", 4);
    if (!end)
        return;
    char *length = memmem(c->head, c->head_n, "ontent-", 7);
    while (length && strncasecmp(length, "ontent-length:", 14) != 0)
        length = memmem(length + 1, c->head_n - (size_t)(length + 1 - c->head), "ontent-", 7);
    if (!length) {
        fprintf(stderr, "openloop: an answer without Content-Length\n");
        exit(3);
    }
    c->status = (int)strtol(c->head + 9, NULL, 10);
    c->body_left = strtoll(length + 14, NULL, 10);
    c->body_left -= (int64_t)(c->head_n - (size_t)(end + 4 - c->head));
}

static void receive(struct load *l, struct connection *c)
{
    char bytes[HEAD_MAX];

    for (;;) {
        bool heading = c->body_left < 0;
        ssize_t n = heading ? recv(c->fd, c->head + c->head_n, HEAD_MAX - 1 - c->head_n, 0)
                            : recv(c->fd, bytes, sizeof(bytes), 0);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            l->failed += c->busy;
            close(c->fd);
            connect_one(l, c);
            return;
        }
        if (heading) {
            c->head_n += (size_t)n;
            c->head[c->head_n] = '\0';
            take_head(c);
        } else {
            c->body_left -= n;
        }
        if (c->busy && c->body_left == 0) {
            finish(l, c);
            return;
        }
    }
}

static void run(struct load *l, double rate, double seconds)
{
    int64_t step = (int64_t)(1e9 / rate), began = now_ns(), next = began;
    int64_t end = began + (int64_t)(seconds * 1e9);
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    struct epoll_event events[64], tick = {.events = EPOLLIN, .data.ptr = NULL};

    l->counted_from = began + 1000000000;
    epoll_ctl(l->epoll, EPOLL_CTL_ADD, timer, &tick);
    for (;;) {
        int64_t now = now_ns();
        for (; next <= now && next < end; next += step)
            l->due[l->due_tail++ % l->due_size] = next;
        start_due(l);
        if (now > end + 2000000000)
            break;
        int64_t wake = next < end ? next : end + 2000000001;
        struct itimerspec at = {.it_value = {wake / 1000000000, wake % 1000000000}};
        timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
        int n = epoll_wait(l->epoll, events, 64, -1);
        for (int i = 0; i < n; i++) {
            uint64_t expirations;
            if (events[i].data.ptr)
                receive(l, events[i].data.ptr);
            else if (read(timer, &expirations, sizeof(expirations)) < 0 && errno != EAGAIN)
                die("timer");
        }
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static double at(const struct load *l, double share)
{
    return l->latency_count
               ? (double)l->latencies[(size_t)(share * (double)(l->latency_count - 1))] / 1e3
               : 0;
}

int main(int argc, char **argv)
{
    if (argc < 7) {
        fprintf(stderr, "usage: openloop HOST PORT RATE SECONDS CONNECTIONS REQUEST_FILE...\n");
        return 2;
    }
    struct load l = {.request_count = (size_t)argc - 6,
                     .connection_count = (size_t)strtoul(argv[5], NULL, 10)};
    double rate = strtod(argv[3], NULL), seconds = strtod(argv[4], NULL);

    l.address.sin_family = AF_INET;
    l.address.sin_port = htons((uint16_t)strtoul(argv[2], NULL, 10));
    if (inet_pton(AF_INET, argv[1], &l.address.sin_addr) != 1)
        die(argv[1]);
    l.requests = calloc(l.request_count, sizeof(*l.requests));
    l.connections = calloc(l.connection_count, sizeof(*l.connections));
    l.due_size = (size_t)(rate * seconds) + 1000;
    l.due = calloc(l.due_size, sizeof(*l.due));
    l.latencies = calloc(l.due_size, sizeof(*l.latencies));
    l.epoll = epoll_create1(0);
    if (!l.requests || !l.connections || !l.due || !l.latencies || l.epoll < 0)
        die("memory");
    for (size_t i = 0; i < l.request_count; i++)
        l.requests[i] = read_request(argv[6 + i]);
    for (size_t i = 0; i < l.connection_count; i++)
        connect_one(&l, &l.connections[i]);
    run(&l, rate, seconds);
    qsort(l.latencies, l.latency_count, sizeof(*l.latencies), compare);
    printf("sent %llu  answered %zu  failed %llu  p50 %.0f  p95 %.0f  p99 %.0f  max %.0f\n",
           (unsigned long long)l.sent, l.latency_count, (unsigned long long)l.failed, at(&l, 0.5),
           at(&l, 0.95), at(&l, 0.99), at(&l, 1));
    return 0;
}
