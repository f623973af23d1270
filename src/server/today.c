#include "server/today.h"

#include "screening/daily.h"
#include "server/server_inside.h"
#include "server/ticker.h"
#include "store/sql_deployment.h"

#include <stdlib.h>

#define LOOK_SECONDS 5
#define WRITER "today" /* how its segments of the trail are called */

struct today {
    struct deployment *d; /* NULL: to be connected anew */
    struct ticker *ticker;
    bool first; /* looked yet? What was missed while nobody was there is caught up at once */
};

static int take_connection(struct server *s, struct today *t, struct error *e)
{
    int rc = t->d ? 0 : deployment_fork(s->base, STORE_WRITE, &t->d, e);

    if (rc == 0)
        t->d->audit_writer = WRITER;
    return rc < 0 ? rc : deployment_refresh(t->d, e);
}

static int look(struct server *s, struct today *t, struct error *e)
{
    struct sql_deployment_get deployment;
    struct daily_totals totals;
    uint64_t fired = 0;
    int64_t now = server_now();
    day date = day_of_instant(now);
    bool found;
    int rc = take_connection(s, t, e);

    if (rc == 0)
        rc = sql_deployment_get(t->d->store, &found, &deployment, e);
    if (rc < 0 || !deployment.last_tick.set)
        return rc;
    if (deployment.last_tick.v >= date && !t->first)
        return daily_deadlines(t->d, shelf_tables(s->shelf), now, &fired, e);
    t->first = false;
    const struct daily_work w = {.d = t->d,
                                 .edition = shelf_edition(s->shelf),
                                 .tables = shelf_tables(s->shelf),
                                 .date = date,
                                 .now = now};
    rc = daily_run(&w, &totals, e);
    LOG(&s->log, LOG_INFO, "day", log_number("children", (int64_t)totals.tick.children),
        log_number("changes", (int64_t)totals.tick.changes),
        log_number("fired", (int64_t)totals.fired));
    return rc;
}

static void work(struct server *s)
{
    struct error e = {.language = LANGUAGE_EN};

    if (look(s, s->today, &e) < 0) {
        LOG(&s->log, LOG_ERROR, "day", log_number("code", e.code));
        s->today->d = deployment_close(s->today->d);
    }
}

int today_start(struct server *s, struct today **ret, struct error *e)
{
    struct today *t;
    int rc;

    *ret = NULL;
    if (!s->configuration.clock)
        return 0;
    if (!(t = calloc(1, sizeof(*t))))
        return error_set(e, ERR_MEMORY, NULL);
    t->first = true;
    *ret = t; /* the ticker's first call comes later, and finds it */
    if ((rc = ticker_start(LOOK_SECONDS, work, s, &t->ticker, e)) < 0)
        *ret = today_stop(t);
    return rc;
}

struct today *today_stop(struct today *t)
{
    if (t) {
        ticker_stop(t->ticker);
        deployment_close(t->d);
        free(t);
    }
    return NULL;
}
