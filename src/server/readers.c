#include "server/readers.h"

#include <pthread.h>
#include <stdlib.h>

#define KEPT_MAX 64

struct reader {
    struct deployment *d;
    unsigned edition;
};

struct readers {
    const struct deployment *base;
    pthread_mutex_t mutex;
    struct reader kept[KEPT_MAX];
    size_t count;
    unsigned edition; /* readers forked before the last readers_renew have a lower one */
    struct reader *lent;
    size_t lent_count, lent_capacity;
};

int readers_new(const struct deployment *base, struct readers **ret, struct error *e)
{
    struct readers *r = calloc(1, sizeof(*r));

    if (!r)
        return error_set(e, ERR_MEMORY, NULL);
    r->base = base;
    pthread_mutex_init(&r->mutex, NULL);
    *ret = r;
    return 0;
}

struct readers *readers_free(struct readers *r)
{
    if (!r)
        return NULL;
    for (size_t i = 0; i < r->count; i++)
        deployment_close(r->kept[i].d);
    pthread_mutex_destroy(&r->mutex);
    free(r->lent);
    free(r);
    return NULL;
}

/* Under the mutex. False: no memory. */
static bool note(struct readers *r, struct reader reader)
{
    if (r->lent_count == r->lent_capacity) {
        size_t capacity = r->lent_capacity ? 2 * r->lent_capacity : 16;
        struct reader *more = realloc(r->lent, capacity * sizeof(*more));
        if (!more)
            return false;
        r->lent = more;
        r->lent_capacity = capacity;
    }
    r->lent[r->lent_count++] = reader;
    return true;
}

int readers_take(struct readers *r, struct deployment **ret, struct error *e)
{
    struct reader reader = {NULL, 0};

    pthread_mutex_lock(&r->mutex);
    reader.edition = r->edition;
    if (r->count > 0)
        reader = r->kept[--r->count];
    pthread_mutex_unlock(&r->mutex);
    if (!reader.d) {
        int rc = deployment_fork(r->base, STORE_READ, &reader.d, e);
        if (rc == 0)
            rc = store_share(reader.d->store, e);
        if (rc < 0) {
            deployment_close(reader.d);
            return rc;
        }
    }
    pthread_mutex_lock(&r->mutex);
    bool noted = note(r, reader);
    pthread_mutex_unlock(&r->mutex);
    if (!noted) {
        deployment_close(reader.d);
        return error_set(e, ERR_MEMORY, NULL);
    }
    *ret = reader.d;
    return 0;
}

static bool is_broken(enum error_code outcome)
{
    return outcome == ERR_DATABASE || outcome == ERR_DATABASE_DAMAGED ||
           outcome == ERR_KEY_UNKNOWN || outcome == ERR_IO;
}

void readers_give(struct readers *r, struct deployment *d, enum error_code outcome)
{
    struct reader reader = {d, 0};
    bool keep;

    if (!d)
        return;
    store_rollback(d->store);
    pthread_mutex_lock(&r->mutex);
    for (size_t i = 0; i < r->lent_count; i++) {
        if (r->lent[i].d == d) {
            reader = r->lent[i];
            r->lent[i] = r->lent[--r->lent_count];
            break;
        }
    }
    keep = reader.edition == r->edition && r->count < KEPT_MAX && !is_broken(outcome);
    if (keep)
        r->kept[r->count++] = reader;
    pthread_mutex_unlock(&r->mutex);
    if (!keep)
        deployment_close(d);
}

void readers_renew(struct readers *r)
{
    struct reader old[KEPT_MAX];
    size_t count;

    pthread_mutex_lock(&r->mutex);
    r->edition++;
    count = r->count;
    memcpy(old, r->kept, count * sizeof(old[0]));
    r->count = 0;
    pthread_mutex_unlock(&r->mutex);
    for (size_t i = 0; i < count; i++)
        deployment_close(old[i].d);
}
