/* The router and its handlers over a deployment, without sockets: a server of one thread for a test. */
#ifndef HUMIAO_TESTS_HOUSE_H
#define HUMIAO_TESTS_HOUSE_H

#include "people/scene.h"

#include "server/router.h"
#include "server/shelf.h"

#define PASSWORD "a long enough password"
#define VILLAGE INT64_C(999901001001)
#define OTHER_COUNTY INT64_C(999902000000)

struct house {
    struct scene *s;
    struct throttle *throttle;
    struct shelf *shelf;
    char hash[PASSWORD_HASH_SIZE];
    struct arena arena;
    struct error error;
    struct json out;
    struct request r;
    const char *token, *csrf; /* of the last sign-in */
    int client;               /* each who signs in has an address of their own */
};

/* Two villages in two counties: child c1 (欧阳小明) with father p1 (欧阳大山) here, c2 (诸葛小红) there. */
void house_open(struct house *h, void **state);
void house_close(struct house *h);

/* Waits for the name index. */
void house_read_names(struct house *h);

/* An account with PASSWORD. */
int64_t house_add_account(struct house *h, const char *name, enum role role, int64_t division,
                          bool must_change);

/* One request; its answer is in h->r and house_text. `what` is "METHOD PATH[?QUERY]". */
struct incoming house_incoming(struct house *h, const char *what, const char *body);
void house_begin(struct house *h);
int house_send(struct house *h, const char *what, const char *body);
const char *house_text(struct house *h);

/* The text of the first member of that name in the answer; fails where there is none. */
const char *house_member(struct house *h, const char *name);

int house_try_sign_in(struct house *h, const char *name, const char *password);
void house_sign_in(struct house *h, const char *name);

#endif
