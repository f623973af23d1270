#include "server/changes.h"

#include "access/deployment.h"
#include "people/relation.h"
#include "server/handlers.h"
#include "server/request.h"
#include "server/server_inside.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct changes {
    pthread_mutex_t mutex;
    int64_t first, next;            /* numbers: of the oldest ever, of the one to come */
    int64_t division[CHANGES_KEPT]; /* of number n, at n % CHANGES_KEPT */
    int descriptor;
};

int changes_new(struct changes **ret, struct error *e)
{
    struct changes *c = calloc(1, sizeof(*c));

    if (!c)
        return error_set(e, ERR_MEMORY, NULL);
    c->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (c->descriptor < 0) {
        free(c);
        return error_set_errno(e, errno, "eventfd");
    }
    c->first = c->next = instant_now() / 1000 + 1;
    pthread_mutex_init(&c->mutex, NULL);
    *ret = c;
    return 0;
}

struct changes *changes_free(struct changes *c)
{
    if (c) {
        close(c->descriptor);
        pthread_mutex_destroy(&c->mutex);
        free(c);
    }
    return NULL;
}

void changes_add(struct changes *c, int64_t division)
{
    uint64_t one = 1;

    pthread_mutex_lock(&c->mutex);
    c->division[c->next % CHANGES_KEPT] = division;
    c->next++;
    pthread_mutex_unlock(&c->mutex);
    /* A full counter can be read already. */
    (void)!write(c->descriptor, &one, sizeof(one));
}

int64_t changes_now(struct changes *c)
{
    pthread_mutex_lock(&c->mutex);
    int64_t now = c->next - 1;
    pthread_mutex_unlock(&c->mutex);
    return now;
}

bool changes_since(struct changes *c, int64_t after, int64_t division, int64_t *ret_now)
{
    bool found = false;

    pthread_mutex_lock(&c->mutex);
    int64_t kept = c->next - c->first > CHANGES_KEPT ? c->next - CHANGES_KEPT : c->first;
    if (after < kept - 1 || after >= c->next)
        found = true;
    for (int64_t n = after + 1 > kept ? after + 1 : kept; n < c->next && !found; n++) {
        int64_t where = c->division[n % CHANGES_KEPT];
        found = where == 0 || (division != 0 && division_covers(division, where));
    }
    *ret_now = c->next - 1;
    pthread_mutex_unlock(&c->mutex);
    return found;
}

int changes_descriptor(const struct changes *c) { return c->descriptor; }

void changes_heard(struct changes *c)
{
    uint64_t count;

    (void)!read(c->descriptor, &count, sizeof(count));
}

/* GET /api/v1/changes: for pages that cannot listen. */
int route_change_list(struct request *r)
{
    int64_t after = -1, now = 0;

    if (r->query[0].p)
        after = strtoll(arena_string(r->arena, r->query[0]), NULL, 10);
    bool changed = changes_since(r->server->changes, after, r->account.division, &now);
    json_object_begin(r->out);
    json_name(r->out, "number");
    json_put_integer(r->out, now);
    json_name(r->out, "changed");
    json_put_boolean(r->out, changed);
    json_object_end(r->out);
    return 0;
}
