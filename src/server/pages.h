/* The built pages (web/, decision 013 and web/README.md), served from memory: every file of a folder is read once, at
 * start, with its compressed copies. Nothing else is on offer: a path is looked up in a table and never opened. */
#ifndef HUMIAO_SERVER_PAGES_H
#define HUMIAO_SERVER_PAGES_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#define PAGES_PATH_MAX 512

struct pages;

/* Reads the folder; without one ("" or NULL) HUMIAO_WEB of the environment, else the folder `web` beside the program or
 * above it (a build folder), else ../share/humiao/web. Where none of these holds pages there are none, which is no
 * error: such a server answers the API alone. ERR_IO where a folder was named that cannot be read or holds no pages. */
int pages_load(const char *folder, struct pages **ret, struct error *e);
void pages_free(struct pages *p);                /* NULL is allowed */
const char *pages_folder(const struct pages *p); /* NULL: there are none */

/* What was asked for, by its headers. NONE: not there. */
struct page_question {
    struct slice path; /* as sent, before '?' */
    struct slice accept_encoding, if_none_match, host;
    const char *live_address; /* ADDR:PORT where live updates are heard, or a socket's path */
};

/* An answer; texts lie in the pages or in the arena. */
struct page_answer {
    int status;                          /* 200, 304, or 307, 308 with `location` */
    struct slice body;                   /* of 200 */
    const char *type;                    /* Content-Type */
    const char *encoding;                /* "br", "gzip"; NULL: as it is */
    const char *cache, *etag, *location; /* NULL: none */
    const char *policy;                  /* Content-Security-Policy */
    bool varies;                         /* by Accept-Encoding */
};

/* Whether the path belongs to the pages at all: everything outside /api/, and the address under which pages ask for
 * live updates, which a server without a proxy in front sends on to its other listener. */
bool pages_own(const struct page_question *q);

/* ERR_NOT_FOUND, with a hint where there are no pages. */
int pages_answer(const struct pages *p, const struct page_question *q, struct arena *arena,
                 struct page_answer *ret, struct error *e);

/* The other headers of a page; ends with a NULL name. */
struct page_header {
    const char *name, *value;
};
extern const struct page_header page_headers[];

#endif
