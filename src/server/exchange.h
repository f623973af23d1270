/* Inside server/: one request and its answer, from the first line to the last byte. */
#ifndef HUMIAO_SERVER_EXCHANGE_H
#define HUMIAO_SERVER_EXCHANGE_H

#include "server/pages.h"
#include "server/router.h"
#include "server/server_inside.h"

#define EXCHANGE_ID_SIZE 17
#define EXCHANGE_CHANGES_MAX 8

struct exchange {
    struct request request; /* first: request_write finds the rest by it */
    struct incoming in;
    struct server *server;
    struct MHD_Connection *connection;
    struct arena arena; /* this struct lies in it */
    struct error error;
    struct json out;
    char id[EXCHANGE_ID_SIZE];
    int64_t began; /* steady clock; 0: the head has not come to its end */
    int status;
    const char *type;      /* of the answer's body */
    int own_fd;            /* in the slow lane: its socket; else -1 */
    struct exchange *next; /* in the slow lane's queue */
    route_handler *plain;  /* not NULL: it is answered past the router */
    struct page_question question;
    struct page_answer page; /* status 0: it is no page */
    int refused;             /* negative: not admitted */
    bool answered;
    bool local; /* the peer is on this machine and speaks for itself, not for a client behind it */

    char *body; /* of body_size bytes so far */
    size_t body_size, body_capacity;

    int64_t changes[EXCHANGE_CHANGES_MAX]; /* divisions; told after the commit */
    size_t change_count;
    bool writing; /* inside a request_work */
};

int exchange_take_reader(struct exchange *x);
void exchange_give_reader(struct exchange *x);

/* The work, once the body is there. */
int exchange_run(struct exchange *x);

/* The answer's body, of success or of the error; status and type stand in the exchange then. */
struct slice exchange_answer(struct exchange *x, int rc);

/* The answer's headers, but for Date and Content-Length. */
typedef void exchange_header(void *context, const char *name, const char *value);
void exchange_headers(struct exchange *x, exchange_header *add, void *context);

/* Answers with one of the built pages; a route_handler that has no route. */
int exchange_page(struct request *r);

/* Counts and logs what was answered; the exchange is no more. */
void exchange_end(struct exchange *x);

static inline struct exchange *exchange_of(struct request *r) { return (struct exchange *)r; }

#endif
