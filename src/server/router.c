#include "server/router.h"

#include "access/throttle.h"
#include "server/cookie.h"
#include "server/mappings.h"
#include "server/match.h"
#include "server/shelf.h"

/* ---- rates (local, unconfirmed) ---- */

#define SECOND INT64_C(1000000)

/* By account, and by address, behind which may be a whole office. */
static const struct throttle_rate account_rates[RATE_CLASS_COUNT] = {
    [RATE_SIGN_IN] = {11, 10, 6 * SECOND}, [RATE_READ] = {12, 300, SECOND / 60},
    [RATE_WRITE] = {13, 60, SECOND / 5},   [RATE_BROAD] = {16, 30, 2 * SECOND},
    [RATE_HEAVY] = {14, 3, 60 * SECOND},   [RATE_PUSH] = {17, 2000, SECOND / 1000},
};
static const struct throttle_rate address_rates[RATE_CLASS_COUNT] = {
    [RATE_SIGN_IN] = {21, 30, 2 * SECOND},   [RATE_READ] = {22, 4000, SECOND / 2000},
    [RATE_WRITE] = {23, 1000, SECOND / 200}, [RATE_BROAD] = {25, 150, SECOND / 3},
    [RATE_HEAVY] = {24, 10, 10 * SECOND},    [RATE_PUSH] = {26, 4000, SECOND / 2000},
};

static int take(struct request *r, const struct throttle_rate *rate, struct slice who)
{
    struct throttle *throttle = shelf_throttle(r->shelf);
    int64_t wait = 0;

    if (rate->burst == 0 || !throttle || throttle_take(throttle, *rate, who, r->now, &wait))
        return 0;
    r->retry_after = (int)(wait / SECOND + 1);
    return error_set(r->error, ERR_TOO_MANY, NULL);
}

/* ---- who asks ---- */

static struct slice device_of(struct slice agent)
{
    static const char *const phones[] = {"Mobile", "Android", "iPhone", "HarmonyOS"};

    for (size_t i = 0; i < sizeof(phones) / sizeof(phones[0]); i++)
        if (agent.n && memmem(agent.p, agent.n, phones[i], strlen(phones[i])))
            return SLICE_LITERAL("phone");
    return agent.n && memmem(agent.p, agent.n, "Mozilla/", 8) ? SLICE_LITERAL("desk")
                                                              : SLICE_LITERAL("program");
}

static int find_session(struct request *r, const struct incoming *in)
{
    r->cookie_token = cookie_token(in->cookie);
    if (!r->cookie_token.p)
        return error_set(r->error, ERR_NOT_SIGNED_IN, NULL);
    int rc = session_find(r->d, r->cookie_token, r->now, r->arena, &r->session, &r->account,
                          r->error);
    r->signed_in = rc == 0;
    return rc;
}

/* A department's system: the token says of which feed, and stands for no account. A token of another feed
 * is nobody's business here: the handler refuses it, and tells of it. */
static int find_token(struct request *r, const struct incoming *in)
{
    const struct slice scheme = SLICE_LITERAL("Bearer ");
    struct slice given = in->authorization;

    if (given.n <= scheme.n || strncasecmp(given.p, scheme.p, scheme.n) != 0)
        return error_set(r->error, ERR_NOT_SIGNED_IN, NULL);
    given = slice_trim((struct slice){given.p + scheme.n, given.n - scheme.n});
    int rc = feed_token_find(r->d, given, r->arena, &r->token, r->error);
    return rc < 0 ? rc : take(r, &account_rates[RATE_PUSH], SLICE_OF(&r->token.id));
}

static bool permitted(const struct request *r)
{
    for (size_t i = 0; i < r->route->permission_count; i++)
        if (clearance_permits(r->clearance, r->account.role, slice_from(r->route->permissions[i])))
            return true;
    return false;
}

/* A session whose account has still to set its own password or its factor does nothing else. */
static int check_state(struct request *r)
{
    if (r->route->restricted)
        return 0;
    if (r->account.must_change) {
        error_set(r->error, ERR_FORBIDDEN, N_("this password was given by somebody else"));
        return error_hint(r->error, N_("Set a password of your own first."));
    }
    if (session_lacks_second_factor(&r->session, &r->account)) {
        error_set(r->error, ERR_SECOND_FACTOR, NULL);
        return error_hint(r->error,
                          N_("Set up the second factor first, or sign in again with its code."));
    }
    if (r->route->second_factor && !r->session.second_factor)
        return error_set(r->error, ERR_SECOND_FACTOR, NULL);
    return 0;
}

/* ---- where it comes from ---- */

static bool same_origin(const struct incoming *in)
{
    static const char *const schemes[] = {"https://", "http://"};

    if (in->sec_fetch_site.p && !slice_is(in->sec_fetch_site, "same-origin"))
        return false;
    if (!in->origin.p)
        return true; /* a program; browsers send it with every write */
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(schemes[i]);
        if (in->origin.n > n && memcmp(in->origin.p, schemes[i], n) == 0)
            return slice_equal((struct slice){in->origin.p + n, in->origin.n - n}, in->host);
    }
    return false;
}

static int check_origin(struct request *r, const struct incoming *in)
{
    if (r->route->method == METHOD_GET || r->route->method == METHOD_NONE)
        return 0;
    if (!same_origin(in))
        return error_set(r->error, ERR_CSRF, N_("it comes from a page of another site"));
    if (r->signed_in && (!in->csrf.p || !session_csrf_matches(r->d, &r->session, in->csrf)))
        return error_set(r->error, ERR_CSRF, NULL);
    return 0;
}

static int take_idempotency_key(struct request *r, const struct incoming *in)
{
    struct slice key = in->idempotency_key;

    r->idempotency_key = SLICE_NONE;
    if (!key.p || !r->route->idempotent)
        return 0;
    bool good = key.n >= 1 && key.n <= 64;
    for (size_t i = 0; good && i < key.n; i++)
        good = key.p[i] == '-' || key.p[i] == '_' || (key.p[i] >= '0' && key.p[i] <= '9') ||
               (key.p[i] >= 'A' && key.p[i] <= 'Z') || (key.p[i] >= 'a' && key.p[i] <= 'z');
    if (!good)
        return schema_complain(
            &r->faults, r->arena, r->error, "Idempotency-Key",
            text_in(r->error->language, N_("must be 1 to 64 letters, digits, '-' or '_'")));
    r->idempotency_key = key;
    return 0;
}

int router_admit(struct request *r, const struct incoming *in)
{
    r->status = 200;
    r->content_type = "application/json";
    r->device = device_of(in->user_agent);
    r->faults.count = 0;
    int rc = match_route(r, in);
    enum rate_class rate = rc == 0 ? r->route->rate : RATE_READ;

    /* The address pays first, also for what is not there. */
    int poor = take(r, &address_rates[rate], in->address);
    if (poor < 0)
        return poor;
    if (rc == 0 && r->route->token)
        rc = find_token(r, in);
    if (rc == 0 && r->route->permission_count > 0) {
        if ((rc = find_session(r, in)) == 0)
            rc = take(r, &account_rates[rate], SLICE_OF(&r->account.id));
        if (rc == 0 && !permitted(r))
            rc = error_set(r->error, ERR_FORBIDDEN, NULL);
        if (rc == 0)
            rc = check_state(r);
    }
    if (rc == 0)
        rc = check_origin(r, in);
    if (rc == 0)
        rc = match_parameters(r, in);
    return rc < 0 ? rc : take_idempotency_key(r, in);
}

/* ---- the body, the work and the trail ---- */

static bool is_json(struct slice type)
{
    const struct slice json = SLICE_LITERAL("application/json");

    if (type.n < json.n || strncasecmp(type.p, json.p, json.n) != 0)
        return false;
    if (type.n == json.n)
        return true;
    struct slice rest = slice_trim((struct slice){type.p + json.n, type.n - json.n});
    return rest.n == 0 ||
           (rest.n >= 14 && rest.p[0] == ';' && memmem(rest.p, rest.n, "utf-8", 5)) ||
           (rest.n >= 14 && rest.p[0] == ';' && memmem(rest.p, rest.n, "UTF-8", 5));
}

static int take_raw(struct request *r, const struct incoming *in)
{
    if (!slice_is(in->content_type, "application/octet-stream"))
        return error_set(r->error, ERR_MEDIA_TYPE, NULL);
    r->raw_body = in->body;
    return 0;
}

static int read_body(struct request *r, const struct incoming *in)
{
    const struct route *route = r->route;

    if (in->body.n > route->body_max)
        return error_set(r->error, ERR_TOO_LARGE, NULL);
    if (!route->body && !route->raw)
        return 0;
    if (in->body.n == 0)
        return route->body_required
                   ? schema_complain(&r->faults, r->arena, r->error, "",
                                     text_in(r->error->language, N_("a body is missing")))
                   : 0;
    if (route->raw)
        return take_raw(r, in);
    if (!is_json(in->content_type))
        return error_set(r->error, ERR_MEDIA_TYPE, NULL);
    int rc = schema_parse(in->body, &r->body, r->error);
    return rc < 0 ? rc : schema_check(route->body, r->body, r->arena, &r->faults, r->error);
}

/* The row of what was read, and the mark that the session lives, in one wait for the disk. */
static int write_trail(struct request *r, struct deployment *d, void *context)
{
    const bool *touch = context;

    if (r->route->reads && r->route->audit != AUDIT_NONE) {
        r->audit.event = r->route->audit;
        r->audit.account_id = r->account.id;
        int rc = audit_append(d, &r->audit, r->error);
        if (rc < 0)
            return rc;
    }
    return *touch ? session_touch(d, r->session.id, r->now, r->error) : 0;
}

static int leave_trail(struct request *r)
{
    bool row = r->route->reads && r->route->audit != AUDIT_NONE;
    bool touch = r->signed_in && !r->set_cookie && session_touch_due(&r->session, r->now);

    if (!row && !touch)
        return 0;
    r->idempotency_key = SLICE_NONE; /* it was the handler's */
    int rc = request_write(r, write_trail, &touch);
    if (rc == 0 || row)
        return rc;
    error_clear(
        r->error); /* the work itself is done and on disk: that the mark is not matters less */
    return 0;
}

/* What only reads sees one state of the database. The state is let go before the audit row is waited
 * for: a log that is still being read cannot be folded away. */
static int run_handler(struct request *r)
{
    if (!r->route->reads || !r->d || store_in_transaction(r->d->store))
        return r->route->handler(r);
    int rc = store_begin_read(r->d->store, r->error);
    if (rc == 0)
        rc = r->route->handler(r);
    store_rollback(r->d->store);
    return rc;
}

int router_run(struct request *r, const struct incoming *in)
{
    int rc = read_body(r, in);

    if (rc == 0)
        rc = run_handler(r);
    return rc < 0 ? rc : leave_trail(r);
}

int router_dispatch(struct request *r, const struct incoming *in)
{
    int rc = router_admit(r, in);

    return rc < 0 ? rc : router_run(r, in);
}

void router_end(struct request *r)
{
    json_decref(r->body);
    r->body = NULL;
    if (r->feeds)
        mappings_let_go(shelf_mappings(r->shelf), r->feeds);
    if (r->reading)
        shelf_let_go(r->shelf, r->reading);
    r->feeds = NULL;
    r->reading = NULL;
}

const struct register_reading *request_reading(struct request *r)
{
    struct error unsaid = {.language = LANGUAGE_EN};

    if (!r->reading && shelf_hold(r->shelf, &r->reading, &unsaid) < 0)
        r->reading = NULL;
    return r->reading;
}

const struct detect_lexicon *request_lexicon(struct request *r)
{
    const struct register_reading *reading = request_reading(r);

    return reading ? reading->lexicon : NULL;
}

int request_feeds(struct request *r, const struct feed_library **ret)
{
    int rc = r->feeds ? 0 : mappings_hold(shelf_mappings(r->shelf), r->d, &r->feeds, r->error);

    if (rc == 0)
        *ret = r->feeds;
    return rc;
}

int request_id(struct request *r, struct slice text, int64_t *ret)
{
    uint64_t v = 0;

    if (text.n == 0 || text.n > 19 || text.p[0] == '0')
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return error_set(r->error, ERR_NOT_FOUND, NULL);
        v = v * 10 + (uint64_t)(text.p[i] - '0');
    }
    if (v > INT64_MAX)
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    *ret = (int64_t)v;
    return 0;
}
