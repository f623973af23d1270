/* What a server does each minute: it links the segments of the trail, publishes their heads where a
 * database administrator cannot write, and sweeps what has run out. */
#include "access/audit.h"
#include "access/opening.h"
#include "access/session.h"
#include "server/server_inside.h"
#include "store/sql_idempotency.h"

#define DAY_MICROSECONDS (24 * 3600 * INT64_C(1000000))

static int work(struct server *s, struct deployment *d, void *context, struct error *e)
{
    const int64_t *now = context;
    int rc = audit_link(d, e);

    (void)s;
    if (rc == 0)
        rc = opening_sweep(d, *now, e);
    if (rc == 0)
        rc = session_sweep(d, *now, e);
    if (rc == 0)
        rc = sql_idempotency_forget(d->store, *now - DAY_MICROSECONDS, e);
    return rc;
}

int minute_publish(struct server *s, struct error *e)
{
    int rc = audit_publish_heads(s->keeping, e);

    if (rc == 0)
        atomic_store(&s->published_at, guard_now());
    return rc;
}

/* A connection that was lost is made anew. */
static int take_keeping(struct server *s, struct error *e)
{
    if (s->keeping)
        return 0;
    int rc = deployment_fork(s->base, STORE_READ, &s->keeping, e);
    if (rc == 0)
        s->keeping->audit_writer = SERVER_WRITER;
    return rc;
}

void minute_work(struct server *s)
{
    struct error e = {.language = LANGUAGE_EN};
    int64_t now = server_now();
    int rc = server_write(s, work, &now, &e);

    /* Heads grow old while the writer cannot write, and old heads make the server unready. */
    if (rc == 0)
        rc = take_keeping(s, &e);
    if (rc == 0)
        rc = minute_publish(s, &e);
    if (rc < 0) {
        LOG(&s->log, LOG_ERROR, "minute", log_number("code", e.code));
        s->keeping = deployment_close(s->keeping);
    }
    shelf_refresh(s->shelf);
}
