#include "server/beside.h"

#include "server/exchange.h"

#include <pthread.h>
#include <stdlib.h>

#define WRITER "beside" /* how its segments of the trail are called */

struct beside {
    pthread_mutex_t turn;
    struct deployment *d; /* of whose turn it is; NULL: to be connected anew */
};

int beside_new(struct beside **ret, struct error *e)
{
    struct beside *b = calloc(1, sizeof(*b));

    if (!b)
        return error_set(e, ERR_MEMORY, NULL);
    pthread_mutex_init(&b->turn, NULL);
    *ret = b;
    return 0;
}

struct beside *beside_free(struct beside *b)
{
    if (b) {
        deployment_close(b->d);
        pthread_mutex_destroy(&b->turn);
        free(b);
    }
    return NULL;
}

static int take_connection(struct server *s, struct beside *b, struct error *e)
{
    int rc = b->d ? 0 : deployment_fork(s->base, STORE_WRITE, &b->d, e);

    if (rc == 0)
        b->d->audit_writer = WRITER;
    return rc < 0 ? rc : deployment_refresh(b->d, e);
}

int request_beside(struct request *r, request_work *work, void *context)
{
    struct beside *b = r->server->beside;

    pthread_mutex_lock(&b->turn);
    int rc = take_connection(r->server, b, r->error);
    if (rc == 0)
        rc = work(r, b->d, context);
    /* A refusal leaves the connection as it is; after anything worse it is made anew. */
    if (rc < 0 && error_http_status(r->error->code) >= 500)
        b->d = deployment_close(b->d);
    pthread_mutex_unlock(&b->turn);
    return rc;
}
