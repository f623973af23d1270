/* The configuration of a server: a file of `key = value` lines, and what the command line puts over it.
 * The keys are described in docs/operators/server.md. */
#ifndef HUMIAO_SERVER_CONFIGURATION_H
#define HUMIAO_SERVER_CONFIGURATION_H

#include "base/error.h"
#include "base/slice.h"
#include "base/log.h"

#define CONFIGURATION_ADDRESS_MAX 128
#define CONFIGURATION_URL_MAX 256

struct configuration {
    char listen
        [CONFIGURATION_ADDRESS_MAX];      /* ADDR:PORT, [ADDR]:PORT, or the path of a Unix socket */
    char live[CONFIGURATION_ADDRESS_MAX]; /* "": beside `listen`: the next port, or PATH.live */
    unsigned threads;                     /* 0: one a core */
    unsigned connections;                 /* at once; more wait to be taken */
    unsigned pages;                       /* live ones at once */
    unsigned stop_seconds;                /* how long running requests are waited for */
    enum log_level log;
    char web[CONFIGURATION_URL_MAX];        /* folder of the built pages; "": found by pages_load */
    char notice_url[CONFIGURATION_URL_MAX]; /* of the county's message platform; "": none */
    char notice_token_file[CONFIGURATION_URL_MAX]; /* "": no token */
    char feed_folder[CONFIGURATION_URL_MAX];       /* watched; "": none */
    char exchange_url_file
        [CONFIGURATION_URL_MAX]; /* with the address of the exchange side; "": none */
    bool clock; /* the days and deadlines of the deployment are this server's to move on */
};

void configuration_defaults(struct configuration *c);

/* Reads the file over what `ret` holds. ERR_USAGE with file and line for an unknown key or a value that
 * is none of its; ERR_IO, ERR_PERMISSION. `ret` is only changed on success. */
int configuration_read(const char *path, struct configuration *ret, struct error *e);

#endif
