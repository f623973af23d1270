/* Routes: the table that tools/apigen.py makes from the files of api/. There is no route outside it. */
#ifndef HUMIAO_SERVER_ROUTE_H
#define HUMIAO_SERVER_ROUTE_H

#include "access/audit.h"
#include "server/request.h"
#include "server/schema.h"

enum http_method {
    METHOD_NONE = 0,
    METHOD_GET, /* HEAD is a GET whose body is not sent */
    METHOD_POST,
    METHOD_PUT,
    METHOD_DELETE,
    METHOD_COUNT
};

/* How much of a route one account, or one address, may use: x-rate. */
enum rate_class {
    RATE_OPEN = 0, /* not counted: health and texts for programs */
    RATE_SIGN_IN,
    RATE_READ,
    RATE_WRITE,
    RATE_BROAD, /* what looks through a whole town */
    RATE_HEAVY, /* what costs a hundred times a read */
    RATE_PUSH,  /* what a department's program hands in, all day */
    RATE_CLASS_COUNT
};

struct route_parameter {
    const char *name;
    bool required;
    const struct schema *schema;
};

typedef int route_handler(struct request *r);

struct route {
    enum http_method method;
    const char *path;               /* template from the root: "/api/v1/children/{id}" */
    const char *operation;          /* operationId: "child_read" */
    const char *const *permissions; /* of masks/clearance.table, one suffices */
    size_t permission_count;        /* 0: public or by token, nobody needs to be signed in */
    enum audit_event audit;         /* AUDIT_NONE: leaves no row */
    enum rate_class rate;
    bool second_factor; /* x-second-factor: only in a session that began with one */
    bool restricted; /* x-restricted: also for sessions that must first set a password or factor */
    bool reads;      /* the router itself writes the audit row; else the change does */
    bool idempotent; /* takes an Idempotency-Key */
    size_t body_max; /* bytes; 0: no body */
    const struct schema *body; /* NULL: none */
    bool body_required;
    bool raw;   /* x-raw: the body is bytes, in raw_body */
    bool token; /* x-permission: token: by a feed's token, without a session */
    bool slow;  /* leaves with its socket for the slow lane (lane.h) */
    const struct route_parameter *parameters; /* in the path, in the order of the template */
    size_t parameter_count;
    const struct route_parameter *queries;
    size_t query_count;
    route_handler *handler;
};

extern const struct route routes[];
extern const size_t route_count;

/* api/openapi.json, as it is served; it lives as long as the program. */
struct slice route_openapi(void);

#endif
