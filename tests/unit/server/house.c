#include "house.h"

#include "access/throttle.h"

#include <sched.h>

/* ---- what the HTTP side would do ---- */

int request_write(struct request *r, request_work *work, void *context)
{
    int rc = store_begin(r->d->store, r->error);

    if (rc == 0)
        rc = work(r, r->d, context);
    if (rc < 0) {
        store_rollback(r->d->store);
        return rc;
    }
    return store_commit(r->d->store, r->error);
}

int request_beside(struct request *r, request_work *work, void *context)
{
    return work(r, r->d, context);
}

void request_delivered(struct request *r) {}
void request_changed(struct request *r, int64_t division) {}

#define ELSEWHERE(name)             \
    int name(struct request *r);    \
    int name(struct request *r)     \
    {                               \
        r->raw = SLICE_LITERAL(""); \
        return 0;                   \
    }
ELSEWHERE(route_change_list)
ELSEWHERE(route_health_show)
ELSEWHERE(route_ready_show)
ELSEWHERE(route_metrics_show)

/* ---- a server of one thread ---- */

static void load(struct scene *s)
{
    scene_load(s, load_divisions, false,
               "code,name,level,parent\n"
               "990000000000,北省,province,\n999900000000,北市,city,990000000000\n"
               "999901000000,东县,county,999900000000\n999901001000,河镇,town,999901000000\n"
               "999901001001,一村,village,999901001000\n999902000000,西县,county,999900000000\n"
               "999902001000,山镇,town,999902000000\n999902001001,二村,village,999902001000\n");
    scene_load(
        s, load_people, false,
        PEOPLE_HEADER
        "c1,,欧阳小明,M,2018-03-02,999901001001,999901001001,2018-03-02,一村5号,,\n"
        "c2,,诸葛小红,F,2017-03-02,999902001001,999902001001,2017-03-02,二村6号,,\n"
        "p1,,欧阳大山,M,1990-03-02,999901001001,999901001001,2000-03-02,一村5号,13800000001,\n");
    scene_load(s, load_relations, false, RELATIONS_HEADER "c1,p1,father,,\n");
}

void house_open(struct house *h, void **state)
{
    memset(h, 0, sizeof(*h));
    h->s = scene_of(state);
    load(h->s);
    OK(h->s, throttle_new(4096, &h->throttle, &h->s->e));
    OK(h->s, shelf_open(h->s->d, h->throttle, &h->shelf, &h->s->e));
    OK(h->s, password_hash(SLICE_LITERAL(PASSWORD), h->hash, &h->s->e));
}

void house_close(struct house *h)
{
    router_end(&h->r);
    shelf_close(h->shelf);
    throttle_free(h->throttle);
    arena_end(&h->arena);
}

int64_t house_add_account(struct house *h, const char *name, enum role role, int64_t division,
                          bool must_change)
{
    struct account_row row = {.name = slice_from(name),
                              .display = SLICE_LITERAL("工作人员"),
                              .phone = SLICE_NONE,
                              .department = SLICE_NONE,
                              .team = SLICE_NONE,
                              .role = role,
                              .division = division};
    int64_t id;

    OK(h->s, store_begin(h->s->d->store, &h->s->e));
    OK(h->s, account_put(h->s->d, &row, 0, &h->arena, &id, &h->s->e));
    OK(h->s, account_set_password(h->s->d, id, h->hash, must_change, 0, 0, &h->s->e));
    OK(h->s, store_commit(h->s->d->store, &h->s->e));
    return id;
}

/* One request; its answer is in h->r and h->out. `what` is "METHOD PATH[?QUERY]". */
struct incoming house_incoming(struct house *h, const char *what, const char *body)
{
    const char *space = strchr(what, ' '), *mark = strchr(what, '?');
    struct incoming in = {.method = {what, (size_t)(space - what)},
                          .path = slice_from(space + 1),
                          .body = slice_from(body),
                          .content_type = body ? SLICE_LITERAL("application/json") : SLICE_NONE,
                          .host = SLICE_LITERAL("localhost:8480"),
                          .address = slice_from(arena_printf(&h->arena, "127.0.0.%d", h->client))};

    if (mark) {
        in.path.n = (size_t)(mark - space - 1);
        in.query = slice_from(mark + 1);
    }
    if (h->token)
        in.cookie = slice_from(arena_printf(&h->arena, "a=b; __Host-humiao=%s", h->token));
    if (h->csrf)
        in.csrf = slice_from(h->csrf);
    return in;
}

void house_begin(struct house *h)
{
    router_end(&h->r);
    h->error = (struct error){.language = LANGUAGE_EN};
    json_begin(&h->out, &h->arena);
    h->r = (struct request){.shelf = h->shelf,
                            .arena = &h->arena,
                            .error = &h->error,
                            .d = h->s->d,
                            .clearance = shelf_clearance(h->shelf),
                            .now = instant_now(),
                            .out = &h->out};
    h->r.today = day_of_instant(h->r.now);
}

int house_send(struct house *h, const char *what, const char *body)
{
    struct incoming in = house_incoming(h, what, body);

    house_begin(h);
    return router_dispatch(&h->r, &in);
}

const char *house_text(struct house *h) { return json_text(&h->out).p; }

/* The text of a member that stands in the answer; fails where it does not. */
const char *house_member(struct house *h, const char *name)
{
    const char *at = strstr(house_text(h), arena_printf(&h->arena, "\"%s\":\"", name));

    assert_non_null(at);
    at += strlen(name) + 4;
    return arena_string(&h->arena, (struct slice){at, strcspn(at, "\"")});
}

int house_try_sign_in(struct house *h, const char *name, const char *password)
{
    h->token = h->csrf = NULL;
    return house_send(
        h, "POST /api/v1/session",
        arena_printf(&h->arena, "{\"account\":\"%s\",\"password\":\"%s\"}", name, password));
}

void house_sign_in(struct house *h, const char *name)
{
    h->client++;
    OK(h->s, house_try_sign_in(h, name, PASSWORD));
    assert_non_null(h->r.set_cookie);
    assert_non_null(strstr(h->r.set_cookie, "; Path=/; HttpOnly; Secure; SameSite=Strict"));
    const char *csrf = house_member(h, "csrf");
    h->token = arena_string(
        &h->arena, (struct slice){h->r.set_cookie + strlen("__Host-humiao="), SESSION_TOKEN_SIZE});
    h->csrf = csrf;
}

void house_read_names(struct house *h)
{
    int64_t end = instant_now() + INT64_C(20000000);

    while (!shelf_ready(h->shelf) && instant_now() < end)
        sched_yield();
    assert_true(shelf_ready(h->shelf));
}
