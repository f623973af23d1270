/* Inside server/: what its parts share. */
#ifndef HUMIAO_SERVER_SERVER_INSIDE_H
#define HUMIAO_SERVER_SERVER_INSIDE_H

#include "access/throttle.h"
#include "base/log.h"
#include "server/changes.h"
#include "server/guard_socket.h"
#include "server/metrics.h"
#include "server/readers.h"
#include "server/server.h"
#include "server/shelf.h"
#include "store/lock.h"
#include "store/writer.h"

#include <microhttpd.h>
#include <stdatomic.h>

#define SERVER_WRITER "server" /* how its segments of the trail are called */
#define HEADS_AGE_MAX 180      /* seconds: older ones make a server unready */

struct beside;
struct lane;
struct live;
struct news;
struct pages;
struct porter;
struct postman;
struct ticker;
struct today;

struct server {
    const char *url;
    struct configuration configuration;
    struct log log;
    struct store_lock *lock;
    struct deployment *base; /* forked by all, used by none */
    struct writer *writer;
    struct deployment *writing; /* over the writer's connection; its thread's alone */
    struct readers *readers;
    struct throttle *throttle;
    struct shelf *shelf;
    struct changes *changes;
    struct metrics *metrics;
    struct guard_house *house;
    struct lane *lane;
    struct live *live;
    struct pages *pages;
    struct ticker *minute, *watch;
    struct news *news;       /* of writes beside the server */
    struct postman *postman; /* NULL: notices stay inside */
    struct today *today;     /* NULL: `humiao tick` moves the clock */
    struct porter *porter;
    struct beside *beside;
    struct deployment *keeping; /* the minute thread's: publishes heads */

    int listener;
    char address[CONFIGURATION_ADDRESS_MAX];
    struct MHD_Daemon *daemon;
    uint64_t id_seed;
    _Atomic uint64_t id_next;
    _Atomic int running, connections;
    _Atomic int64_t published_at; /* by the steady clock, guard_now; 0: never */
    atomic_bool stopping;
};

/* A job of the server on its writer's deployment, in its thread, in a transaction. */
typedef int server_work(struct server *s, struct deployment *d, void *context, struct error *e);
int server_write(struct server *s, server_work *work, void *context, struct error *e);

/* The present moment, on the day that HUMIAO_TODAY gives where a test or a trial sets it, so that moments
 * and days agree. */
int64_t server_now(void);

/* Alive, not stopping, its database answers, heads are fresh, names are read. */
bool server_ready(struct server *s);
void server_figures(struct server *s, struct arena *arena, struct metrics_seen *ret);

/* porter_figures.c: of deliveries and feeds, for the metrics; nothing where the database does not answer. */
void porter_figures(struct deployment *d, struct arena *arena, struct metrics_seen *ret);

/* minute.c: what is done each minute; publishing at the end. */
void minute_work(struct server *s);
int minute_publish(struct server *s, struct error *e);

/* transport.c: libmicrohttpd over a listening socket. */
int transport_start(struct server *s, struct error *e);
void transport_quiesce(struct server *s); /* no new connections */
void transport_stop(struct server *s);

#endif
