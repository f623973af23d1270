#include "base/progress.h"

#include <stdio.h>
#include <unistd.h>

#define BAR_WIDTH 30

void progress_begin(struct progress *p, const char *label)
{
    *p = (struct progress){.label = label, .terminal = isatty(STDERR_FILENO) == 1};
    if (p->terminal) {
        clock_gettime(CLOCK_MONOTONIC, &p->began);
        p->shown = p->began;
    }
}

static double seconds_between(struct timespec from, struct timespec to)
{
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static void draw(const struct progress *p, uint64_t done, uint64_t total, double seconds)
{
    if (total == 0) {
        fprintf(stderr, "\r\033[K%s  %llu", p->label, (unsigned long long)done);
        return;
    }
    double part = done < total ? (double)done / (double)total : 1.0;
    char bar[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < (int)(part * BAR_WIDTH) ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    int left = part > 0 ? (int)(seconds / part - seconds) : 0;
    fprintf(stderr, "\r\033[K%s  [%s] %3d %%  -%d:%02d", p->label, bar, (int)(part * 100),
            left / 60, left % 60);
}

void progress_show(struct progress *p, uint64_t done, uint64_t total)
{
    if (!p->terminal)
        return;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds = seconds_between(p->began, now);
    if (seconds < 1.0 || seconds_between(p->shown, now) < 0.1)
        return;
    draw(p, done, total, seconds);
    fflush(stderr);
    p->shown = now;
    p->drawn = true;
}

void progress_end(struct progress *p)
{
    if (!p->drawn)
        return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    p->drawn = false;
}
