/* What is settled about a source: its mapping, whom it speaks of, the tokens by which a system
 * hands it in (api/feeds.yaml). */
#include "intake/coverage.h"
#include "server/handlers.h"
#include "server/intake_seen.h"
#include "server/shelf.h"

/* ---- a new edition of a mapping ---- */

#define REMAPPED_MAX 100 /* held deliveries of one feed: more were never held at once */

struct mapping {
    struct slice text;
    struct feed *feed;
    int64_t delivery_id; /* for which it was made; 0: none */
};

static int free_held(struct request *r, struct deployment *d, const struct mapping *m,
                     int64_t *ret_count)
{
    struct delivery_filter filter = {.feed = slice_from(m->feed->name), .state = DELIVERY_HELD};
    struct delivery_story *list;
    size_t count;
    int rc = delivery_list(d, &filter, 0, REMAPPED_MAX, r->arena, &list, &count, r->error);

    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (list[i].id == m->delivery_id)
            continue;
        rc = delivery_remapped(d, list[i].id, m->feed, r->account.id, r->now, r->error);
        *ret_count += rc == 0;
    }
    return rc;
}

static int save(struct request *r, struct deployment *d, void *context)
{
    const struct mapping *m = context;
    int64_t edition, count = 0;
    int rc = feed_save(d, m->text, r->account.id, r->now, &edition, r->error);

    if (rc == 0 && m->delivery_id) {
        rc = delivery_remapped(d, m->delivery_id, m->feed, r->account.id, r->now, r->error);
        count += rc == 0;
    }
    if (rc == 0)
        rc = free_held(r, d, m, &count);
    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    json_name(r->out, "edition");
    json_put_id(r->out, edition);
    json_name(r->out, "deliveries");
    json_put_integer(r->out, count);
    json_object_end(r->out);
    request_changed(r, 0);
    return 0;
}

int route_feed_map(struct request *r)
{
    struct mapping m = {.text = body_text(r->body, "yaml")};
    struct source source = {.file = "mapping", .text = m.text};
    struct slice delivery = body_text(r->body, "delivery");
    struct delivery_story story;
    int rc = feed_parse(&source, r->arena, &m.feed, r->error);

    if (rc == 0 && !slice_is(r->path[0], m.feed->name)) {
        error_set(r->error, ERR_MAPPING, N_("the mapping is named %s"), m.feed->name);
        rc = error_hint(r->error, N_("Save it under its own name, or change `name`."));
    }
    if (rc == 0 && delivery.p && (rc = intake_delivery(r, r->d, delivery, &story)) == 0)
        m.delivery_id = story.id;
    if (rc == 0)
        rc = request_write(r, save, &m);
    if (rc == 0)
        request_delivered(r);
    return rc;
}

/* ---- coverage ---- */

struct covering {
    const struct feed *feed;
    int64_t division;
    day from, to;
    const struct division_tree *tree;
};

static int cover(struct request *r, struct deployment *d, void *context)
{
    const struct covering *c = context;
    int64_t id;
    int rc = coverage_put(d, c->feed, c->tree, c->division, c->from, c->to, r->account.id, r->now,
                          &id, r->error);

    if (rc < 0)
        return rc;
    r->status = 201;
    json_object_begin(r->out);
    json_name(r->out, "id");
    json_put_id(r->out, id);
    json_object_end(r->out);
    request_changed(r, 0);
    return 0;
}

int route_feed_cover(struct request *r)
{
    const struct register_reading *reading;
    struct covering c = {.division = 0};
    int rc = intake_feed(r, r->path[0], &c.feed);

    if (rc == 0)
        rc = intake_day(r, "/from", body_text(r->body, "from"), DAY_BEGINNING, &c.from);
    if (rc == 0)
        rc = intake_day(r, "/to", body_text(r->body, "to"), DAY_FOREVER, &c.to);
    if (rc == 0 && !division_parse(body_text(r->body, "division"), &c.division))
        rc = error_set(r->error, ERR_DIVISION, NULL);
    if (rc == 0)
        rc = shelf_hold(r->shelf, &reading, r->error);
    if (rc < 0)
        return rc;
    c.tree = &reading->divisions;
    rc = request_write(r, cover, &c);
    shelf_let_go(r->shelf, reading);
    return rc;
}

static int uncover(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    int rc = coverage_end(d, *id, r->account.id, r->now, r->error);

    if (rc < 0)
        return rc;
    r->status = 204;
    request_changed(r, 0);
    return 0;
}

int route_feed_uncover(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    return rc < 0 ? rc : request_write(r, uncover, &id);
}

/* ---- tokens ---- */

int route_feed_token_list(struct request *r)
{
    struct names_seen names = {0};
    struct feed_token *list;
    const struct feed *f;
    struct sights sights;
    size_t count;
    int rc = intake_feed(r, r->path[0], &f);

    if (rc == 0)
        rc = feed_token_list(r->d, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (size_t i = count; i-- > 0;) {
        if (!slice_is(list[i].feed, f->name))
            continue;
        struct view_value v[FIELD_FEED_TOKEN_COUNT] = {
            [FIELD_FEED_TOKEN_ID] = view_number(list[i].id),
            [FIELD_FEED_TOKEN_MADE] = view_number(list[i].made_at),
            [FIELD_FEED_TOKEN_BY] = view_text(
                seen_account_name(r, r->d, &names, list[i].account_id)),
            [FIELD_FEED_TOKEN_USED] = seen_number(list[i].used_at),
            [FIELD_FEED_TOKEN_ENDED] = seen_number(list[i].ended_at)};
        view_write(r->out, &view_of_feed_token, &sights, &(struct mask_context){0}, v);
    }
    json_array_end(r->out);
    json_object_end(r->out);
    r->audit.detail = f->name;
    return 0;
}

static int make(struct request *r, struct deployment *d, void *context)
{
    const struct feed *f = context;
    struct slice token;
    int64_t id;
    int rc = feed_token_make(d, f, r->account.id, r->now, r->arena, &id, &token, r->error);

    if (rc < 0)
        return rc;
    r->status = 201;
    json_object_begin(r->out);
    json_name(r->out, "id");
    json_put_id(r->out, id);
    json_name(r->out, "token");
    json_put_string(r->out, token);
    json_object_end(r->out);
    return 0;
}

int route_feed_token_make(struct request *r)
{
    const struct feed *f;
    int rc = intake_feed(r, r->path[0], &f);

    return rc < 0 ? rc : request_write(r, make, (void *)(uintptr_t)f);
}

static int end(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    int rc = feed_token_end(d, *id, r->account.id, r->now, r->error);

    if (rc == 0)
        r->status = 204;
    return rc;
}

int route_feed_token_end(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    return rc < 0 ? rc : request_write(r, end, &id);
}
