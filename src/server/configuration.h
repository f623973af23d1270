/* The configuration of a server: a file of `key = value` lines, and what the command line puts over it.
 * The keys are described in docs/operators/server.md. */
#ifndef HUMIAO_SERVER_CONFIGURATION_H
#define HUMIAO_SERVER_CONFIGURATION_H

#include "base/error.h"
#include "base/slice.h"
#include "base/log.h"

#define CONFIGURATION_ADDRESS_MAX 128

struct configuration {
    char listen
        [CONFIGURATION_ADDRESS_MAX];      /* ADDR:PORT, [ADDR]:PORT, or the path of a Unix socket */
    char live[CONFIGURATION_ADDRESS_MAX]; /* "": beside `listen`: the next port, or PATH.live */
    unsigned threads;                     /* 0: one a core */
    unsigned connections;                 /* at once; more wait to be taken */
    unsigned pages;                       /* live ones at once */
    unsigned stop_seconds;                /* how long running requests are waited for */
    enum log_level log;
};

void configuration_defaults(struct configuration *c);

/* Reads the file over what `ret` holds. ERR_USAGE with file and line for an unknown key or a value that
 * is none of its; ERR_IO, ERR_PERMISSION. `ret` is only changed on success. */
int configuration_read(const char *path, struct configuration *ret, struct error *e);

#endif
