/* A progress bar on standard error for whatever takes over a second, and only on a terminal. */
#ifndef HUMIAO_BASE_PROGRESS_H
#define HUMIAO_BASE_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
    const char *label;
    struct timespec began, shown;
    bool terminal, drawn;
};

void progress_begin(struct progress *p, const char *label);
void progress_show(struct progress *p, uint64_t done,
                   uint64_t total); /* cheap; draws 10 times a second */
void progress_end(struct progress *p);

#endif
