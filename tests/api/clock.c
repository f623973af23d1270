/* A clock that tests can move, for LD_PRELOAD: the time of day is the real one and as many microseconds as
 * stand in the file HUMIAO_TEST_CLOCK (8 bytes, mapped). The steady clock and how long one waits stay
 * real, so that nothing else of a program changes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

typedef int gettime(clockid_t id, struct timespec *t);

static gettime *real;
static const volatile int64_t *offset;

static int64_t microseconds(void) { return offset ? *offset : 0; }

static gettime *found(void)
{
    if (!real)
        real = (gettime *)dlsym(RTLD_NEXT, "clock_gettime");
    return real;
}

__attribute__((constructor)) static void begin(void)
{
    const char *name = getenv("HUMIAO_TEST_CLOCK");
    int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;

    found();
    if (fd < 0)
        return;
    void *p = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (p != MAP_FAILED)
        offset = p;
}

static void move(struct timespec *t, int64_t by)
{
    int64_t nanoseconds = t->tv_nsec + by % 1000000 * 1000;

    t->tv_sec += (time_t)(by / 1000000);
    if (nanoseconds < 0)
        t->tv_sec--, nanoseconds += 1000000000;
    if (nanoseconds >= 1000000000)
        t->tv_sec++, nanoseconds -= 1000000000;
    t->tv_nsec = nanoseconds;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
    int rc = found()(id, t);

    if (rc == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE))
        move(t, microseconds());
    return rc;
}

time_t time(time_t *ret)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    if (ret)
        *ret = t.tv_sec;
    return t.tv_sec;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
    struct timespec t;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &t);
    ret->tv_sec = t.tv_sec;
    ret->tv_usec = t.tv_nsec / 1000;
    return 0;
}

/* A moment later than 2001 is one of the time of day: no machine has run for thirty years. */
int pthread_cond_timedwait(pthread_cond_t *restrict c, pthread_mutex_t *restrict m,
                           const struct timespec *restrict until)
{
    struct timespec moved = *until;

    if (until->tv_sec < 1000000000)
        return pthread_cond_clockwait(c, m, CLOCK_MONOTONIC, until);
    move(&moved, -microseconds());
    return pthread_cond_clockwait(c, m, CLOCK_REALTIME, &moved);
}
