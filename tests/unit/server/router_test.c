/* The router: who is let in, with what, and in which order it is asked for. */
#include "house.h"

/* ---- paths and methods ---- */

static void paths_and_methods(void **state)
{
    struct house h;

    house_open(&h, state);
    assert_int_equal(house_send(&h, "GET /nowhere", NULL), -ERR_NOT_FOUND);
    assert_int_equal(house_send(&h, "GET /api/v1/children/", NULL), -ERR_NOT_FOUND);
    assert_int_equal(house_send(&h, "GET /api/v1/session/", NULL), -ERR_NOT_FOUND);
    assert_int_equal(house_send(&h, "PUT /api/v1/session", NULL), -ERR_METHOD);
    assert_string_equal(h.r.allow, "OPTIONS, POST, GET, HEAD, DELETE");
    assert_int_equal(house_send(&h, "BREW /api/v1/session", NULL), -ERR_METHOD);
    assert_int_equal(house_send(&h, "OPTIONS /api/v1/session", NULL), 0);
    assert_int_equal(h.r.status, 204);
    assert_int_equal(house_send(&h, "GET /api/v1/openapi.json", NULL), 0);
    assert_true(h.r.raw.n > 10000);
    assert_int_equal(house_send(&h, "HEAD /api/v1/openapi.json", NULL), 0);
    /* A fixed word is meant before a parameter. */
    assert_int_equal(house_send(&h, "GET /api/v1/children/search", NULL), -ERR_METHOD);
    house_close(&h);
}

/* A path that fits the template. */
static const char *path_of(struct house *h, const struct route *route)
{
    static const char *const methods[] = {"", "GET", "POST", "PUT", "DELETE"};
    const char *path = route->path, *brace;

    while ((brace = strchr(path, '{'))) {
        const char *value = strncmp(brace, "{code}", 6) == 0     ? "999901000000"
                            : strncmp(brace, "{number}", 8) == 0 ? "0"
                                                                 : "4711";
        path = arena_printf(&h->arena, "%.*s%s%s", (int)(brace - path), path, value,
                            strchr(brace, '}') + 1);
    }
    return arena_printf(&h->arena, "%s %s", methods[route->method], path);
}

static int admit(struct house *h, const struct route *route)
{
    struct incoming in = house_incoming(h, path_of(h, route), NULL);

    house_begin(h);
    int rc = router_admit(&h->r, &in);
    /* A parameter that must be given is only asked for when everything else is well. */
    return rc == -ERR_SCHEMA ? 0 : rc;
}

static void nobody_gets_in(void **state)
{
    struct house h;

    house_open(&h, state);
    for (size_t i = 0; i < route_count; i++) {
        int rc = admit(&h, &routes[i]);
        assert_ptr_equal(h.r.route, &routes[i]);
        bool open = routes[i].permission_count == 0 && !routes[i].token;
        if (rc != (open ? 0 : -ERR_NOT_SIGNED_IN))
            fail_msg("%s: %d", routes[i].operation, rc);
    }
    house_close(&h);
}

/* ---- every role at every route, beside the table ---- */

static bool table_permits(struct house *h, enum role role, const struct route *route)
{
    for (size_t i = 0; i < route->permission_count; i++)
        if (clearance_permits(shelf_clearance(h->shelf), role, slice_from(route->permissions[i])))
            return true;
    return route->permission_count == 0;
}

static void every_role_at_every_route(void **state)
{
    struct house h;
    size_t checked = 0;

    house_open(&h, state);
    for (int role = ROLE_CHILD_DIRECTOR; role < ROLE_COUNT; role++) {
        house_add_account(&h, role_name(role), (enum role)role, VILLAGE, false);
        house_sign_in(&h, role_name(role));
        const char *token = h.token, *csrf = h.csrf;
        for (size_t i = 0; i < route_count; i++) {
            h.token = token;
            h.csrf = csrf;
            /* A token stands beside sessions: nobody's session opens its route. */
            int expected = routes[i].token                                   ? -ERR_NOT_SIGNED_IN
                           : !table_permits(&h, (enum role)role, &routes[i]) ? -ERR_FORBIDDEN
                           : routes[i].permission_count == 0 || routes[i].restricted ||
                                   !role_needs_second_factor((enum role)role)
                               ? 0
                               : -ERR_SECOND_FACTOR;
            int rc = admit(&h, &routes[i]);
            if (rc != expected)
                fail_msg("%s at %s: %d, not %d", role_name(role), routes[i].operation, rc,
                         expected);
            checked++;
        }
    }
    assert_true(checked > 400);
    house_close(&h);
}

/* ---- sessions, origin and CSRF ---- */

static void writes_need_the_token(void **state)
{
    struct house h;

    house_open(&h, state);
    house_add_account(&h, "worker", ROLE_STATION_WORKER, VILLAGE / 1000 * 1000, false);
    house_sign_in(&h, "worker");
    const char *csrf = h.csrf;
    h.csrf = NULL;
    assert_int_equal(house_send(&h, "GET /api/v1/session", NULL), 0);
    assert_int_equal(house_send(&h, "DELETE /api/v1/session", NULL), -ERR_CSRF);
    h.csrf = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_int_equal(house_send(&h, "DELETE /api/v1/session", NULL), -ERR_CSRF);
    h.csrf = csrf;
    static const struct {
        const char *origin, *site;
        int rc;
    } rows[] = {{"https://localhost:8480", "same-origin", 0},
                {"http://localhost:8480", NULL, 0},
                {NULL, NULL, 0},
                {"https://evil.example", NULL, -ERR_CSRF},
                {"https://localhost:8480.evil.example", NULL, -ERR_CSRF},
                {"null", NULL, -ERR_CSRF},
                {NULL, "cross-site", -ERR_CSRF},
                {NULL, "same-site", -ERR_CSRF}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct incoming in = house_incoming(&h, "DELETE /api/v1/session", NULL);
        in.origin = slice_from(rows[i].origin);
        in.sec_fetch_site = slice_from(rows[i].site);
        house_begin(&h);
        assert_int_equal(router_admit(&h.r, &in), rows[i].rc);
    }
    /* Nor can somebody else's page sign a browser in. */
    struct incoming in = house_incoming(&h, "POST /api/v1/session", NULL);
    in.origin = SLICE_LITERAL("https://evil.example");
    house_begin(&h);
    assert_int_equal(router_admit(&h.r, &in), -ERR_CSRF);
    assert_int_equal(house_send(&h, "DELETE /api/v1/session", NULL), 0);
    assert_int_equal(h.r.status, 204);
    assert_non_null(strstr(h.r.set_cookie, "Max-Age=0"));
    assert_int_equal(house_send(&h, "GET /api/v1/session", NULL), -ERR_NOT_SIGNED_IN);
    house_close(&h);
}

static void a_given_password_is_changed_first(void **state)
{
    struct house h;

    house_open(&h, state);
    house_add_account(&h, "worker", ROLE_STATION_WORKER, VILLAGE / 1000 * 1000, true);
    house_sign_in(&h, "worker");
    assert_non_null(strstr(house_text(&h), "\"must_change_password\":true"));
    assert_int_equal(house_send(&h, "GET /api/v1/children", NULL), -ERR_FORBIDDEN);
    assert_int_equal(house_send(&h, "POST /api/v1/session/password",
                                "{\"current\":\"wrong\",\"password\":\"quite another one\"}"),
                     -ERR_SIGN_IN);
    assert_int_equal(house_send(&h, "POST /api/v1/session/password",
                                "{\"current\":\"" PASSWORD "\",\"password\":\"" PASSWORD "\"}"),
                     -ERR_PASSWORD);
    assert_int_equal(house_send(&h, "POST /api/v1/session/password",
                                "{\"current\":\"" PASSWORD
                                "\",\"password\":\"quite another one\"}"),
                     0);
    assert_int_equal(house_send(&h, "GET /api/v1/children", NULL), 0);
    house_close(&h);
}

static void guesses_are_shed(void **state)
{
    struct house h;
    int rc = 0, tries = 0;

    house_open(&h, state);
    house_add_account(&h, "worker", ROLE_STATION_WORKER, VILLAGE / 1000 * 1000, false);
    while (rc != -ERR_TOO_MANY && tries++ < 20)
        rc = house_try_sign_in(&h, "worker", "wrong password");
    assert_in_range(tries, 5, 12);
    assert_true(h.r.retry_after > 0);
    house_close(&h);
}

/* ---- parameters and bodies ---- */

static void parameters_and_bodies(void **state)
{
    struct house h;

    house_open(&h, state);
    house_add_account(&h, "worker", ROLE_STATION_WORKER, VILLAGE / 1000 * 1000, false);
    house_sign_in(&h, "worker");
    static const char *const bad[] = {"limit=0", "limit=101", "limit=x",    "limit=1&limit=1",
                                      "other=1", "after=x",   "division=1", "after=%zz",
                                      "limit",   "after=1",   "after=1.",   "after=1.2.3"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int rc = house_send(&h, arena_printf(&h.arena, "GET /api/v1/children?%s", bad[i]), NULL);
        if (rc != -ERR_SCHEMA || h.r.faults.count == 0)
            fail_msg("%s: %d", bad[i], rc);
    }
    OK(h.s, house_send(&h, "GET /api/v1/children?limit=1&after=999901001001.0", NULL));
    assert_int_equal(house_send(&h, "GET /api/v1/children/x", NULL), -ERR_NOT_FOUND);
    assert_int_equal(house_send(&h, "GET /api/v1/children/99999999999999999999", NULL),
                     -ERR_NOT_FOUND);
    assert_int_equal(house_send(&h, "GET /api/v1/children/9999999999999999999", NULL),
                     -ERR_NOT_FOUND);
    assert_int_equal(house_send(&h, "POST /api/v1/children/search", NULL), -ERR_SCHEMA);
    assert_int_equal(house_send(&h, "POST /api/v1/children/search", "{"), -ERR_JSON);
    struct incoming in = house_incoming(&h, "POST /api/v1/children/search", "{\"q\":\"a\"}");
    in.content_type = SLICE_LITERAL("text/plain");
    house_begin(&h);
    assert_int_equal(router_dispatch(&h.r, &in), -ERR_MEDIA_TYPE);
    in.content_type = SLICE_LITERAL("application/json; charset=utf-8");
    in.body.n = 0;
    in.body.p = "";
    house_begin(&h);
    assert_int_equal(router_dispatch(&h.r, &in), -ERR_SCHEMA);
    char *large = arena_take(&h.arena, 20000);
    memset(large, ' ', 19999);
    assert_int_equal(house_send(&h, "POST /api/v1/children/search", large), -ERR_TOO_LARGE);
    house_close(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(paths_and_methods),
        EACH(nobody_gets_in),
        EACH(every_role_at_every_route),
        EACH(writes_need_the_token),
        EACH(a_given_password_is_changed_first),
        EACH(guesses_are_shed),
        EACH(parameters_and_bodies),
    };
    return cmocka_run_group_tests_name("server_router", tests, NULL, NULL);
}
