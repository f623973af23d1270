#include "server/mappings.h"

#include "store/sql_server.h"

#include <pthread.h>
#include <stdlib.h>

/* One reading, and how many hold it. */
struct held {
    struct feed_library library; /* first: it is lent by its address */
    struct arena arena;
    int64_t edition; /* the newest that it knows */
    unsigned holders;
};

struct mappings {
    pthread_mutex_t lock;
    struct held *current; /* NULL: not read yet */
};

static struct held *held_free(struct held *h)
{
    if (h) {
        arena_end(&h->arena);
        free(h);
    }
    return NULL;
}

int mappings_new(struct mappings **ret, struct error *e)
{
    struct mappings *m = calloc(1, sizeof(*m));

    if (!m)
        return error_set(e, ERR_MEMORY, NULL);
    pthread_mutex_init(&m->lock, NULL);
    *ret = m;
    return 0;
}

struct mappings *mappings_free(struct mappings *m)
{
    if (m) {
        held_free(m->current);
        pthread_mutex_destroy(&m->lock);
        free(m);
    }
    return NULL;
}

static int newest_edition(struct deployment *d, int64_t *ret, struct error *e)
{
    struct sql_server_newest_edition row;
    bool found;
    int rc = sql_server_newest_edition(d->store, &found, &row, e);

    if (rc == 0)
        *ret = found ? row.id : 0;
    return rc;
}

/* Takes a hold on the reading of this edition; NULL: it is not there. */
static struct held *take(struct mappings *m, int64_t edition)
{
    pthread_mutex_lock(&m->lock);
    struct held *h = m->current && m->current->edition == edition ? m->current : NULL;
    if (h)
        h->holders++;
    pthread_mutex_unlock(&m->lock);
    return h;
}

static void put_up(struct mappings *m, struct held *h)
{
    pthread_mutex_lock(&m->lock);
    struct held *old = m->current;
    m->current = h;
    h->holders++; /* its own hold */
    bool unused = old && --old->holders == 0;
    pthread_mutex_unlock(&m->lock);
    if (unused)
        held_free(old);
}

int mappings_hold(struct mappings *m, struct deployment *d, const struct feed_library **ret,
                  struct error *e)
{
    int64_t edition = 0;
    struct held *h;
    int rc = newest_edition(d, &edition, e);

    if (rc < 0)
        return rc;
    if (!(h = take(m, edition))) {
        if (!(h = calloc(1, sizeof(*h))))
            return error_set(e, ERR_MEMORY, NULL);
        h->edition = edition;
        h->holders = 1;
        if ((rc = feed_library_read(d, &h->arena, &h->library, e)) < 0) {
            held_free(h);
            return rc;
        }
        put_up(m, h);
    }
    *ret = &h->library;
    return 0;
}

void mappings_let_go(struct mappings *m, const struct feed_library *library)
{
    struct held *h = (struct held *)library;

    if (!h)
        return;
    pthread_mutex_lock(&m->lock);
    bool unused = --h->holders == 0;
    pthread_mutex_unlock(&m->lock);
    if (unused)
        held_free(h);
}
