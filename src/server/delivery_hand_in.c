/* Handing in a file, piece by piece (api/deliveries.yaml). */
#include "server/handlers.h"
#include "server/intake_seen.h"

/* ---- the beginning ---- */

struct beginning {
    const struct feed *feed; /* NULL: for the assistant */
    struct slice department, file_name;
    int64_t size;
};

static int begin(struct request *r, struct deployment *d, void *context)
{
    const struct beginning *b = context;
    int64_t id;
    int rc = delivery_begin(d, b->feed, b->department, b->file_name, CHANNEL_PAGE, b->size,
                            r->account.id, r->account.division, r->now, &id, r->error);

    if (rc < 0)
        return rc;
    r->status = 201;
    json_object_begin(r->out);
    json_name(r->out, "id");
    json_put_id(r->out, id);
    json_name(r->out, "piece");
    json_put_integer(r->out, DELIVERY_PIECE_MAX);
    json_name(r->out, "pieces");
    json_put_integer(r->out, (b->size + DELIVERY_PIECE_MAX - 1) / DELIVERY_PIECE_MAX);
    json_object_end(r->out);
    return 0;
}

int route_delivery_begin(struct request *r)
{
    struct beginning b = {.file_name = body_text(r->body, "file_name"),
                          .size = body_integer(r->body, "size", 0)};
    struct slice feed = body_text(r->body, "feed");
    int rc = intake_department(r, &b.department);

    if (rc == 0 && feed.p)
        rc = intake_feed(r, feed, &b.feed);
    if (rc < 0)
        return rc;
    if (b.feed)
        b.department = b.feed->department;
    return request_write(r, begin, &b);
}

/* ---- the pieces ---- */

/* Pieces come from who began it: the same file from two is two deliveries, until the second is
 * known as the same. */
static int own_story(struct request *r, struct delivery_story *ret)
{
    struct delivery_story story;
    int rc = intake_delivery(r, r->d, r->path[0], &story);

    if (rc == 0 && story.account_id != r->account.id)
        rc = error_set(r->error, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = story;
    return rc;
}

static int own_delivery(struct request *r, int64_t *ret)
{
    struct delivery_story story;
    int rc = own_story(r, &story);

    if (rc == 0)
        *ret = story.id;
    return rc;
}

struct piece {
    int64_t delivery_id;
    int number;
};

static int keep(struct request *r, struct deployment *d, void *context)
{
    const struct piece *p = context;
    int rc = delivery_piece(d, p->delivery_id, p->number, r->raw_body, r->error);

    if (rc == 0)
        r->status = 204;
    return rc;
}

int route_delivery_piece(struct request *r)
{
    struct piece p = {.number = 0};
    int rc = own_delivery(r, &p.delivery_id);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < r->path[1].n; i++) /* its schema has read it: few digits */
        p.number = p.number * 10 + (r->path[1].p[i] - '0');
    return request_write(r, keep, &p);
}

/* ---- the end ---- */

struct closing {
    int64_t id;
    struct delivery_digest digest;
};

static int close_it(struct request *r, struct deployment *d, void *context)
{
    const struct closing *c = context;
    int64_t same;
    int rc = delivery_close_by(d, c->id, &c->digest, body_text(r->body, "sha256"), r->now, &same,
                               r->error);

    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    json_name(r->out, "id");
    json_put_id(r->out, same ? same : c->id);
    json_name(r->out, "same");
    json_put_boolean(r->out, same != 0 && same != c->id);
    json_object_end(r->out);
    request_changed(r, 0);
    return 0;
}

int route_delivery_close(struct request *r)
{
    struct closing c;
    int rc = own_delivery(r, &c.id);

    /* The whole file is read for it, beside the writer. */
    if (rc == 0)
        rc = delivery_digest(r->d, c.id, &c.digest, r->error);
    if (rc == 0)
        rc = request_write(r, close_it, &c);
    if (rc == 0)
        request_delivered(r);
    return rc;
}

/* ---- given up ---- */

static int give_up(struct request *r, struct deployment *d, void *context)
{
    const struct delivery_story *s = context;
    const char *why = text_in(r->error->language, N_("it was given up before it had arrived"));
    int rc = delivery_decide(d, s->id, 0, true, slice_from(why), r->account.id, r->now, r->error);

    if (rc == 0)
        r->status = 204;
    return rc;
}

int route_delivery_give_up(struct request *r)
{
    struct delivery_story story;
    int rc = own_story(r, &story);

    if (rc == 0 && story.state != DELIVERY_ARRIVING)
        rc = error_set(r->error, ERR_WRONG_STATE, N_("it has arrived already"));
    return rc < 0 ? rc : request_write(r, give_up, &story);
}
