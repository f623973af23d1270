#include "server/server.h"

#include "access/audit.h"
#include "server/beside.h"
#include "server/lane.h"
#include "server/live.h"
#include "server/listen.h"
#include "server/news.h"
#include "server/pages.h"
#include "server/porter.h"
#include "server/postman.h"
#include "server/route.h"
#include "server/server_inside.h"
#include "server/ticker.h"
#include "server/today.h"
#include "store/sql_server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <unistd.h>

#define THROTTLE_BUCKETS 65536
#define DESCRIPTORS_BESIDE 1024 /* databases, files, pages about to sign in */
#define SECOND INT64_C(1000000)

/* ---- start ----------------------------------------------------------------------------------- */

static uint64_t largest_body(void)
{
    uint64_t most = 0;

    for (size_t i = 0; i < route_count; i++)
        most = routes[i].body_max > most ? routes[i].body_max : most;
    return most;
}

static int tell_start(struct server *s, struct deployment *d, void *context, struct error *e)
{
    struct audit_entry entry = {.event = AUDIT_SERVER_STARTED};

    (void)s;
    (void)context;
    return audit_append(d, &entry, e);
}

static int tell_stop(struct server *s, struct deployment *d, void *context, struct error *e)
{
    struct audit_entry entry = {.event = AUDIT_SERVER_STOPPED};

    (void)s;
    (void)context;
    return audit_append(d, &entry, e);
}

/* The database: its lock, its keys, its writer, and the first row of the trail. */
static int start_database(struct server *s, struct error *e)
{
    int rc = deployment_open(s->url, STORE_READ, &s->base, e);

    if (rc == 0)
        rc = store_lock_server(s->url, &s->lock, e);
    if (rc == 0)
        rc = writer_start(s->url, &s->writer, e);
    if (rc == 0)
        rc = server_write(s, tell_start, NULL, e);
    if (rc == 0)
        rc = deployment_fork(s->base, STORE_READ, &s->keeping, e);
    if (rc < 0)
        return rc;
    s->keeping->audit_writer = SERVER_WRITER;
    return minute_publish(s, e);
}

static int start_parts(struct server *s, struct error *e)
{
    int rc = readers_new(s->base, &s->readers, e);

    if (rc == 0)
        rc = throttle_new(THROTTLE_BUCKETS, &s->throttle, e);
    if (rc == 0)
        rc = shelf_open(s->base, s->throttle, &s->shelf, e);
    if (rc == 0)
        rc = changes_new(&s->changes, e);
    if (rc == 0)
        rc = metrics_new(&s->metrics, e);
    if (rc == 0)
        rc = guard_house_new(largest_body(), &s->house, e);
    if (rc == 0)
        rc = beside_new(&s->beside, e);
    if (rc == 0)
        rc = pages_load(s->configuration.web, &s->pages, e);
    return rc;
}

static void watch(struct server *s) { guard_house_watch(s->house); }

static int start_sockets(struct server *s, struct error *e)
{
    char live[CONFIGURATION_ADDRESS_MAX];
    int rc = listen_on(s->configuration.listen, &s->listener, s->address, e);

    if (rc == 0 && !s->configuration.live[0])
        rc = listen_beside(s->configuration.listen, live, e);
    else
        memcpy(live, s->configuration.live, sizeof(live));
    if (rc == 0)
        rc = live_start(s, live, &s->live, e);
    if (rc == 0)
        rc = lane_start(s, &s->lane, e);
    if (rc == 0)
        rc = transport_start(s, e);
    if (rc == 0)
        rc = ticker_start(1, watch, s, &s->watch, e);
    if (rc == 0)
        rc = news_start(s, &s->news, e);
    if (rc == 0)
        rc = postman_start(s, &s->postman, e);
    if (rc == 0)
        rc = today_start(s, &s->today, e);
    if (rc == 0)
        rc = porter_start(s, &s->porter, e);
    if (rc == 0)
        rc = ticker_start(60, minute_work, s, &s->minute, e);
    return rc;
}

/* Shells and services begin with 1,024 descriptors, whatever the machine would give. */
static void raise_limit(const struct configuration *c)
{
    struct rlimit limit;
    rlim_t wanted = (rlim_t)c->connections + c->pages + DESCRIPTORS_BESIDE;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int server_start(const char *url, const struct configuration *c, struct server **ret,
                 struct error *e)
{
    struct server *s = calloc(1, sizeof(*s));
    int rc = 0;

    if (!s)
        return error_set(e, ERR_MEMORY, NULL);
    raise_limit(c);
    s->url = url;
    s->configuration = *c;
    s->listener = -1;
    s->log.fd = STDERR_FILENO;
    atomic_store(&s->log.least, c->log);
    if (getrandom(&s->id_seed, sizeof(s->id_seed), 0) != (ssize_t)sizeof(s->id_seed))
        rc = error_set(e, ERR_CRYPTO, NULL);
    if (rc == 0)
        rc = start_database(s, e);
    if (rc == 0)
        rc = start_parts(s, e);
    if (rc == 0)
        rc = start_sockets(s, e);
    if (rc < 0) {
        server_stop(s, NULL);
        return rc;
    }
    LOG(&s->log, LOG_INFO, "started", log_word("listen", s->address));
    *ret = s;
    return 0;
}

const char *server_address(const struct server *s) { return s->address; }
const char *server_live_address(const struct server *s) { return live_address(s->live); }

/* ---- reload, and stop ------------------------------------------------------------------------ */

static int nothing(struct server *s, struct deployment *d, void *context, struct error *e)
{
    return 0;
}

void server_reload(struct server *s, const struct configuration *c)
{
    struct error e = {.language = LANGUAGE_EN};

    atomic_store(&s->log.least, c->log);
    /* Each job of the writer looks at the keys; readers are made anew with those of today. */
    if (server_write(s, nothing, NULL, &e) < 0)
        LOG(&s->log, LOG_ERROR, "reload", log_number("code", e.code));
    readers_renew(s->readers);
    LOG(&s->log, LOG_INFO, "reloaded", log_number("level", c->log));
}

static void wait_for_running(struct server *s)
{
    int64_t until = guard_now() + s->configuration.stop_seconds * SECOND;
    const struct timespec pause = {.tv_nsec = 10000000};

    while (atomic_load(&s->running) > 0 && guard_now() < until)
        clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, NULL);
}

static int end_trail(struct server *s, struct error *e)
{
    int rc = server_write(s, tell_stop, NULL, e);

    return rc == 0 && s->keeping ? minute_publish(s, e) : rc;
}

static void end_parts(struct server *s)
{
    shelf_close(s->shelf);
    readers_free(s->readers);
    deployment_close(s->keeping);
    beside_free(s->beside);
    writer_stop(s->writer);
    if (s->writing)
        s->writing->store = NULL; /* it went with the writer */
    deployment_close(s->writing);
    deployment_close(s->base);
    throttle_free(s->throttle);
    changes_free(s->changes);
    metrics_free(s->metrics);
    guard_house_free(s->house);
    pages_free(s->pages);
    store_lock_release(s->lock);
}

int server_stop(struct server *s, struct error *e)
{
    bool ran = s && s->minute;
    int rc = 0;

    if (!s)
        return 0;
    atomic_store(&s->stopping, true);
    transport_quiesce(s);
    if (ran)
        wait_for_running(s);
    transport_stop(s);
    lane_stop(s->lane);
    live_stop(s->live);
    ticker_stop(s->watch);
    ticker_stop(s->minute);
    news_stop(s->news);
    postman_stop(s->postman);
    today_stop(s->today);
    porter_stop(s->porter);
    if (ran)
        rc = end_trail(s, e);
    if (s->listener >= 0)
        close(s->listener);
    if (s->address[0] == '/')
        unlink(s->address);
    end_parts(s);
    if (ran)
        LOG(&s->log, LOG_INFO, "stopped", log_number("code", rc < 0 && e ? (int64_t)e->code : 0));
    free(s);
    return rc;
}

/* ---- how it fares ---------------------------------------------------------------------------- */

int64_t server_now(void)
{
    int64_t now = instant_now();

    return now + (int64_t)(day_today() - day_of_instant(now)) * 86400 * SECOND;
}

static int64_t heads_age(struct server *s)
{
    int64_t at = atomic_load(&s->published_at);

    return at == 0 ? -1 : (guard_now() - at) / SECOND;
}

static bool database_answers(struct server *s, struct arena *arena, struct metrics_seen *seen)
{
    struct error e = {.language = LANGUAGE_EN};
    struct sql_server_audit_rows row;
    struct deployment *d = NULL;
    bool found = false;
    int rc = readers_take(s->readers, &d, &e);

    if (rc == 0)
        rc = sql_server_audit_rows(d->store, &found, &row, &e);
    if (rc == 0 && found && seen) {
        seen->audit_rows = row.rows;
        porter_figures(d, arena, seen);
    }
    readers_give(s->readers, d, e.code);
    return rc == 0;
}

bool server_ready(struct server *s)
{
    int64_t age = heads_age(s);

    return !atomic_load(&s->stopping) && age >= 0 && age <= HEADS_AGE_MAX &&
           shelf_ready(s->shelf) && database_answers(s, NULL, NULL);
}

void server_figures(struct server *s, struct arena *arena, struct metrics_seen *ret)
{
    struct writer_figures figures = writer_figures(s->writer);

    *ret = (struct metrics_seen){.transactions = figures.transactions,
                                 .jobs = figures.jobs,
                                 .connections = atomic_load(&s->connections),
                                 .running = atomic_load(&s->running),
                                 .pages = live_pages(s->live),
                                 .audit_rows = -1,
                                 .heads_age = heads_age(s),
                                 .ready = server_ready(s)};
    guard_house_refusals(s->house, ret->refusals);
    database_answers(s, arena, ret);
}
