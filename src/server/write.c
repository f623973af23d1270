/* Writes of requests: through the writer, once for each Idempotency-Key. */
#include "server/exchange.h"
#include "server/porter.h"
#include "store/sql_idempotency.h"
#include "store/sql_salt.h"

/* ---- the writer's deployment ----------------------------------------------------------------- */

struct job {
    struct server *server;
    server_work *work;
    void *context;
};

/* The deployment over the writer's connection. The writer takes a new connection after a failure, and a
 * new one may lie where the old one lay, so keys are looked at in each job. */
static int take_deployment(struct server *s, struct store *store, struct deployment **ret,
                           struct error *e)
{
    struct deployment *d = s->writing;
    int rc;

    if (d && d->store != store) {
        d->store = NULL; /* it is gone */
        s->writing = deployment_close(d);
    }
    if (!s->writing) {
        if ((rc = deployment_fork_over(s->base, store, &s->writing, e)) < 0)
            return rc;
        s->writing->audit_writer = SERVER_WRITER;
    }
    if ((rc = deployment_refresh(s->writing, e)) < 0)
        return rc;
    *ret = s->writing;
    return 0;
}

static int run_job(struct store *store, void *context, struct error *e)
{
    struct job *job = context;
    struct deployment *d = NULL;
    int rc = take_deployment(job->server, store, &d, e);

    return rc < 0 ? rc : job->work(job->server, d, job->context, e);
}

int server_write(struct server *s, server_work *work, void *context, struct error *e)
{
    struct job job = {s, work, context};

    return writer_submit(s->writer, run_job, &job, e);
}

/* ---- requests -------------------------------------------------------------------------------- */

struct write {
    struct request *request;
    request_work *work;
    void *context;
};

static int take_subject(struct deployment *d, int64_t account_id, struct error *e)
{
    struct sql_salt_of row;
    bool found;
    int rc = sql_salt_of(d->store, account_id, &found, &row, e);

    if (rc < 0)
        return rc;
    if (!found || row.salt.n != SEAL_SALT_SIZE)
        return error_set(e, ERR_ERASED, NULL);
    return sealer_set_subject(d->sealer, (const uint8_t *)row.salt.p, e);
}

static struct seal_place answer_place(int64_t account_id)
{
    return (struct seal_place){SLICE_LITERAL("idempotency.answer"), account_id};
}

static int hash_request(struct request *r, struct deployment *d, uint8_t key[SEAL_HASH_SIZE],
                        uint8_t request[SEAL_HASH_SIZE])
{
    const struct incoming *in = &exchange_of(r)->in;
    struct slice id = {(const char *)&r->account.id, sizeof(r->account.id)};
    struct slice keys[] = {SLICE_LITERAL("key"), id, r->idempotency_key};
    struct slice parts[] = {SLICE_LITERAL("request"), in->method, in->path,
                            in->query.p ? in->query : SLICE_LITERAL(""),
                            in->body.p ? in->body : SLICE_LITERAL("")};
    int rc = sealer_hash_parts(d->sealer, HASH_IDEMPOTENCY, keys, 3, key, r->error);

    return rc < 0 ? rc
                  : sealer_hash_parts(d->sealer, HASH_IDEMPOTENCY, parts, 5, request, r->error);
}

/* The answer that was given to this key before goes out again. */
static int repeat(struct request *r, struct deployment *d, const struct sql_idempotency_get *row)
{
    struct slice sealed = arena_copy(r->arena, row->answer), text;
    int rc = take_subject(d, r->account.id, r->error);

    if (rc == 0)
        rc = sealer_open(d->sealer, answer_place(r->account.id), sealed, r->arena, &text, r->error);
    if (rc < 0)
        return rc;
    r->status = (int)row->status;
    json_begin(r->out, r->arena);
    if (text.n > 0)
        json_put_raw(r->out, text);
    return 0;
}

static int remember(struct request *r, struct deployment *d, const uint8_t key[SEAL_HASH_SIZE],
                    const uint8_t request[SEAL_HASH_SIZE])
{
    struct slice sealed;
    int rc = take_subject(d, r->account.id, r->error);

    if (rc == 0)
        rc = sealer_seal_arena(d->sealer, answer_place(r->account.id), json_text(r->out), r->arena,
                               &sealed, r->error);
    if (rc < 0)
        return rc;
    return sql_idempotency_insert(
        d->store, (struct slice){(const char *)key, SEAL_HASH_SIZE}, r->account.id,
        (struct slice){(const char *)request, SEAL_HASH_SIZE}, r->status, sealed, r->now, r->error);
}

static int work_once(struct write *w, struct deployment *d)
{
    struct request *r = w->request;
    uint8_t key[SEAL_HASH_SIZE], request[SEAL_HASH_SIZE];
    struct sql_idempotency_get row;
    bool found = false;
    int rc = hash_request(r, d, key, request);

    if (rc == 0)
        rc = sql_idempotency_get(d->store, SLICE_OF(key), &found, &row, r->error);
    if (rc < 0)
        return rc;
    if (found && !slice_equal(row.request_hash, SLICE_OF(request)))
        return error_set(r->error, ERR_IDEMPOTENCY, NULL);
    if (found)
        return repeat(r, d, &row);
    rc = w->work(r, d, w->context);
    return rc < 0 ? rc : remember(r, d, key, request);
}

static int write_request(struct server *s, struct deployment *d, void *context, struct error *e)
{
    struct write *w = context;
    struct exchange *x = exchange_of(w->request);

    (void)s;
    (void)e; /* it is the request's own */
    x->writing = true;
    int rc = w->request->signed_in && w->request->idempotency_key.p
                 ? work_once(w, d)
                 : w->work(w->request, d, w->context);
    x->writing = false;
    return rc;
}

static void tell_changes(struct exchange *x)
{
    for (size_t i = 0; i < x->change_count; i++)
        changes_add(x->server->changes, x->changes[i]);
    x->change_count = 0;
}

int request_write(struct request *r, request_work *work, void *context)
{
    struct write w = {r, work, context};
    struct exchange *x = exchange_of(r);
    int rc = server_write(r->server, write_request, &w, r->error);

    if (rc == 0)
        tell_changes(x);
    else
        x->change_count = 0;
    return rc;
}

void request_delivered(struct request *r) { porter_wake(r->server->porter); }

void request_changed(struct request *r, int64_t division)
{
    struct exchange *x = exchange_of(r);

    for (size_t i = 0; i < x->change_count; i++)
        if (x->changes[i] == division)
            return;
    if (x->change_count == EXCHANGE_CHANGES_MAX) {
        x->changes[0] = 0; /* too many to tell apart: everywhere */
        x->change_count = 1;
        return;
    }
    x->changes[x->change_count++] = division;
    if (!x->writing)
        tell_changes(x);
}
