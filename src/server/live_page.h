/* Inside server/: one live page, from its request to its end. */
#ifndef HUMIAO_SERVER_LIVE_PAGE_H
#define HUMIAO_SERVER_LIVE_PAGE_H

#include "access/session.h"
#include "server/guard.h"

#define PAGE_BEAT 25000000  /* microseconds between two signs of life */
#define PAGE_LINGER 2000000 /* how long a refused one is read on */
#define PAGE_PATH "/api/v1/live"

enum page_state {
    PAGE_READING, /* its request comes */
    PAGE_OPEN,    /* it listens */
    PAGE_LEAVING, /* it was answered with a refusal */
    PAGE_GONE     /* to be closed */
};

struct page {
    struct page *next, **link; /* in the list of all */
    int fd;
    enum page_state state;
    int64_t due; /* steady clock: the next beat, or the end of the lingering */
    int64_t account_id, division, told; /* `told`: the change it heard of last */
    char token[SESSION_TOKEN_SIZE];
    struct guard guard;
    char *head; /* while reading; NULL afterwards */
    size_t head_size, head_capacity;
};

struct server;
struct live;

/* The descriptor is the page's from now on; NULL: no memory. */
struct page *page_new(int fd);
void page_free(struct page *p);

/* There is something to read. `d` is the live thread's. */
void page_read(struct page *p, struct live *l, struct deployment *d, int64_t now);

/* Time passes: lateness, signs of life, the session. */
void page_tick(struct page *p, struct live *l, struct deployment *d, int64_t now);

/* Tells it of a change if one is in its division. */
void page_tell(struct page *p, struct live *l);

/* live.c, for pages. */
struct server *live_server(struct live *l);
bool live_takes(struct live *l, int64_t account_id); /* room for one more of this account */

#endif
