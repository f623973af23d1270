/* Turns at the pen. SQLite has one writer at a time, and whoever waits looks again after a nap: beside a
 * command that writes one short transaction after the other, a server would be shut out for as long as it
 * lasts. So a writer first takes its turn, a lock of its own that is held only while waiting for the database: whoever
 * waits there holds the turn, and the one who has just written has to queue behind it.
 *
 * The turn is an open-file-description lock on byte 0 of PATH.lock; a killed process holds none. It is a
 * courtesy, not what keeps writers apart: where that file cannot be made, or whoever has the turn does not
 * move (a stopped process), a writer goes on without it after half of its time. */
#include "store/sqlite.h"

#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The clock tells whole milliseconds begun: one more, so that nobody is sent away before the time is over. */
static int64_t deadline_in(int64_t ms) { return now_ms() + ms + 1; }

/* Short naps first: most transactions last a millisecond or two. */
static void nap(int round)
{
    struct timespec t = {0, round < 100 ? 200000 : 2000000};

    nanosleep(&t, NULL);
}

void sqlite_turn_open(struct sqlite_store *s, const char *path)
{
    char name[4096];

    s->turn = -1;
    if ((size_t)snprintf(name, sizeof name, "%s.lock", path) < sizeof name)
        s->turn = open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
}

void sqlite_turn_close(struct sqlite_store *s)
{
    if (s->turn >= 0)
        close(s->turn);
    s->turn = -1;
}

void sqlite_turn_take(struct sqlite_store *s)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    int64_t deadline = deadline_in(s->timeout / 2);

    if (s->turn < 0)
        return;
    for (int round = 0; fcntl(s->turn, F_OFD_SETLK, &lock) < 0 && now_ms() < deadline; round++)
        nap(round);
}

void sqlite_turn_give(struct sqlite_store *s)
{
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};

    if (s->turn >= 0)
        fcntl(s->turn, F_OFD_SETLK, &lock);
}

/* SQLite asks at each time that it finds the database locked; `times` counts from 0. */
static int busy(void *context, int times)
{
    struct sqlite_store *s = context;

    if (times == 0)
        s->busy_until = deadline_in(s->timeout);
    if (now_ms() >= s->busy_until)
        return 0;
    nap(times);
    return 1;
}

void sqlite_wait(struct sqlite_store *s) { sqlite3_busy_handler(s->db, busy, s); }
