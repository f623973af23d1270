/* One request, as a handler meets it: parsed, held to the files of api/, its sender known and
 * permitted.
 *
 * A handler reads from `d`, writes by request_write, and fills `out` by view_write; it returns 0,
 * or a negative error that becomes a problem document (RFC 9457). What it takes comes from
 * `arena`. Before it runs the router has checked: the route, its permission, CSRF, rate, every
 * parameter and the body against their schemas. After it ran, the router appends the audit row of
 * a reading route (with what the handler set in `audit`) and waits until it is on disk; only then
 * the answer leaves. */
#ifndef HUMIAO_SERVER_REQUEST_H
#define HUMIAO_SERVER_REQUEST_H

#include "access/audit.h"
#include "access/clearance.h"
#include "access/opening.h"
#include "access/session.h"
#include "access/view.h"
#include "intake/coverage.h"
#include "server/schema.h"

#include <jansson.h>

#define REQUEST_PARAMS_MAX 8

struct server; /* what all requests share; server.h */
struct route;  /* generated; route.h */
struct register_reading;
struct detect_lexicon;
struct shelf; /* what handlers share for reading; shelf.h */

struct request {
    struct server *server;
    struct shelf *shelf;
    const struct route *route; /* set by router_admit */
    struct arena *arena;
    struct error *error;
    struct deployment *d; /* of this request's thread, read only */
    const struct clearance *clearance;
    int64_t now; /* instant */
    day today;

    struct slice path[REQUEST_PARAMS_MAX]; /* in the order of the template */
    struct slice query
        [REQUEST_PARAMS_MAX]; /* in the order of the route's query parameters; NONE: not given */
    json_t *body;             /* NULL: none */
    struct slice raw_body;    /* of a route with x-raw */
    struct slice idempotency_key; /* NONE: none */
    struct slice cookie_token;
    struct slice device; /* a class of device, from the user agent: "phone", "desk", "program" */

    bool signed_in;
    struct account account;
    struct session session;
    const struct register_reading *reading; /* lent by request_reading until the answer has left */
    const struct feed_library *feeds;       /* lent by request_feeds until the answer has left */
    struct feed_token
        token; /* of a route by token; signed_in is false then, and the account nobody's */

    /* the answer */
    struct json *out;
    int status;               /* 200 unless set; 204: no body */
    const char *content_type; /* "application/json" unless set */
    struct slice raw;         /* when content_type is not JSON: the body */
    const char *set_cookie;   /* NULL: none */
    struct audit_entry audit; /* event and account are filled in by the router */

    /* of an error, for the problem document */
    const char *allow;           /* ERR_METHOD: the Allow header; also of OPTIONS */
    int retry_after;             /* ERR_TOO_MANY: seconds */
    struct schema_faults faults; /* ERR_SCHEMA: all of them */
};

/* An id from the path or query: ERR_NOT_FOUND when it is none. */
int request_id(struct request *r, struct slice text, int64_t *ret);

/* Runs `work` in the writer's thread inside a transaction with a savepoint; returns when it is on
 * disk. `d` there is the writer's deployment: whatever was read from `r->d` before may have
 * changed. With an Idempotency-Key the answer is stored in the same transaction, and a repeated
 * request gets it without `work` being run again; so `work` itself writes the answer to r->out. */
typedef int request_work(struct request *r, struct deployment *d, void *context);
int request_write(struct request *r, request_work *work, void *context);

/* Runs `work` over a connection of its own that may write, in no transaction, in this thread: for
 * what takes many transactions and gives way to others between them. One at a time, in the slow
 * lane. */
int request_beside(struct request *r, request_work *work, void *context);

/* The register, as the shelf read it last; NULL while the first reading is not there yet. */
const struct register_reading *request_reading(struct request *r);
const struct detect_lexicon *request_lexicon(
    struct request *r); /* its names and places; NULL likewise */

/* The feeds there are, as r->d sees them. */
int request_feeds(struct request *r, const struct feed_library **ret);

/* A delivery waits: whoever takes deliveries in looks at once. After the commit. */
void request_delivered(struct request *r);

/* Tells all live pages in the division that something has changed; inside a request_work, it goes
 * out after the commit. 0: everywhere. */
void request_changed(struct request *r, int64_t division);

#endif
