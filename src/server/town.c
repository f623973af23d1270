/* What a supervisor plans by: what cannot be decided, and baseline waves (api/town.yaml). What
 * is coming up stands in coming.c. */
#include "care/level.h"
#include "care/review.h"
#include "care/wave.h"
#include "server/cared.h"
#include "server/handlers.h"
#include "server/shelf.h"

/* ---- what cannot be decided ---- */

static struct view_value review_items(struct request *r, const struct review *v)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < v->item_count; i++) {
        json_object_begin(r->out);
        json_name(r->out, "category");
        json_put_string(r->out, v->items[i].category);
        json_name(r->out, "missing");
        json_put_string(r->out, v->items[i].missing);
        json_object_end(r->out);
    }
    return sublist_end(r, &s);
}

static bool lacks(const struct review *v, struct slice missing)
{
    for (size_t i = 0; i < v->item_count; i++)
        if (slice_equal(v->items[i].missing, missing))
            return true;
    return !missing.p;
}

static void write_review(struct request *r, const struct review *x, const struct cared *of)
{
    struct view_value v[FIELD_REVIEW_COUNT] = {[FIELD_REVIEW_CHILD] = view_number(x->child_id),
                                               [FIELD_REVIEW_NAME] = seen_text(of->child.name),
                                               [FIELD_REVIEW_DIVISION] = seen_number(x->division),
                                               [FIELD_REVIEW_SINCE] = seen_day(x->since),
                                               [FIELD_REVIEW_ITEMS] = review_items(r, x)};

    view_write(r->out, &view_of_review, &of->sights, &(struct mask_context){.today = r->today}, v);
}

static int write_reviews(struct request *r, const struct review *list, size_t count)
{
    struct cared *of = ARENA_ARRAY(r->arena, count, struct cared);

    for (size_t i = 0; i < count; i++)
        of[i] = (struct cared){.child_id = list[i].child_id, .division = list[i].division};
    int rc = cared_see(r, r->d, of, count);
    for (size_t i = 0; rc == 0 && i < count; i++)
        if (of[i].relation != RELATION_NONE)
            write_review(r, &list[i], &of[i]);
    return rc;
}

#define CHUNK 200 /* rows opened at once where most may not lack what is asked for */

/* The rows that lack what is asked for, at most `limit`: they are sealed, so each is looked at.
 * `ret_last` is the child behind whom the next page begins; 0: there is none. */
static int find_reviews(struct request *r, int64_t division, int64_t after, size_t limit,
                        struct review *ret, size_t *ret_count, int64_t *ret_last)
{
    size_t chunk = r->query[1].p ? CHUNK : limit, n = chunk, count = 0;
    int rc = 0;

    *ret_last = 0;
    while (rc == 0 && n == chunk && count < limit) {
        struct review *list;
        rc = review_list(r->d, division, after, chunk, r->arena, &list, &n, r->error);
        for (size_t i = 0; rc == 0 && i < n && count < limit; i++) {
            after = list[i].child_id;
            if (lacks(&list[i], r->query[1]))
                ret[count++] = list[i];
        }
    }
    if (count == limit)
        *ret_last = after;
    *ret_count = count;
    return rc;
}

int route_review_list(struct request *r)
{
    size_t count = 0, limit = page_limit(r->query[3]);
    struct review *list = ARENA_ARRAY(r->arena, limit, struct review);
    int64_t division, after, last = 0;
    int rc = cared_scope(r, r->query[0], &division);

    if (rc == 0)
        rc = page_after(r, r->query[2], &after);
    if (rc == 0)
        rc = find_reviews(r, division, after, limit, list, &count, &last);
    if (rc < 0)
        return rc;
    page_begin(r);
    rc = write_reviews(r, list, count);
    page_end(r, last ? arena_printf(r->arena, "%lld", (long long)last) : NULL);
    r->audit.detail = arena_printf(r->arena, "%zu", count);
    return rc;
}

int route_review_group(struct request *r)
{
    struct review_group *groups;
    int64_t division;
    size_t count;
    int rc = cared_scope(r, r->query[0], &division);

    if (rc == 0)
        rc = review_groups(r->d, division, r->arena, &groups, &count, r->error);
    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(r->out);
        json_name(r->out, "missing");
        json_put_string(r->out, groups[i].missing);
        json_name(r->out, "category");
        json_put_string(r->out, groups[i].category);
        json_name(r->out, "children");
        json_put_integer(r->out, (int64_t)groups[i].children);
        json_object_end(r->out);
    }
    json_array_end(r->out);
    json_object_end(r->out);
    return 0;
}

/* ---- baseline waves ---- */

static void write_wave(struct request *r, struct deployment *d, struct names_seen *names,
                       const struct wave *w)
{
    struct view_value v[FIELD_WAVE_COUNT] = {
        [FIELD_WAVE_ID] = view_number(w->id),
        [FIELD_WAVE_DIVISION] = seen_number(w->division),
        [FIELD_WAVE_ACCOUNT] = view_text(seen_account_name(r, d, names, w->account_id)),
        [FIELD_WAVE_PER_WEEK] = view_number(w->per_week),
        [FIELD_WAVE_FROM] = seen_day(w->from),
        [FIELD_WAVE_STATE] = seen_name(w->ended_at    ? "ended"
                                       : w->paused_at ? "paused"
                                                      : "running")};
    struct sights sights;

    seen_nobody(r, &sights);
    view_write(r->out, &view_of_wave, &sights, &(struct mask_context){.today = r->today}, v);
}

static void write_held(struct request *r, const int64_t held[5])
{
    json_object_begin(r->out);
    for (int level = LEVEL_EXTREME; level < LEVEL_COUNT; level++) {
        json_name(r->out, level_name((enum level)level));
        json_put_integer(r->out, held[level]);
    }
    json_object_end(r->out);
}

int route_wave_list(struct request *r)
{
    struct names_seen names = {0};
    int64_t division, held[5] = {0};
    struct wave *list;
    size_t count;
    int rc = cared_scope(r, SLICE_NONE, &division);

    if (rc == 0)
        rc = wave_held(r->d, division, held, r->error);
    if (rc == 0)
        rc = wave_list(r->d, division, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    json_name(r->out, "held");
    write_held(r, held);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (size_t i = 0; i < count; i++)
        write_wave(r, r->d, &names, &list[i]);
    json_array_end(r->out);
    json_object_end(r->out);
    return 0;
}

static int write_own_wave(struct request *r, struct deployment *d, int64_t id)
{
    struct names_seen names = {0};
    struct wave wave;
    int rc = wave_get(d, id, &wave, r->error);

    if (rc == 0)
        write_wave(r, d, &names, &wave);
    return rc;
}

static int end_wave_change(struct request *r, struct deployment *d, struct care *c,
                           enum audit_event event, int64_t id, const char *detail)
{
    struct audit_entry entry = {
        .event = event, .account_id = r->account.id, .object_id = id, .detail = detail};

    request_changed(r, r->account.division);
    return cared_end(r, d, c, &entry);
}

static int order(struct request *r, struct deployment *d, void *context)
{
    const int64_t *division = context;
    int per_week = (int)body_integer(r->body, "per_week", 1);
    int64_t id;
    struct care c;
    int rc = cared_begin(r, d, &c);

    if (rc == 0)
        rc = wave_order(&c, *division, per_week, r->today, r->account.id, &id, r->error);
    if (rc == 0)
        rc = end_wave_change(r, d, &c, AUDIT_WAVE_ORDERED, id,
                             arena_printf(r->arena, "%d", per_week));
    if (rc < 0)
        return rc;
    r->status = 201;
    return write_own_wave(r, d, id);
}

#define RELEASE_AT_ONCE 32 /* alerts a transaction: other writes come in between */

static int release(struct request *r, struct deployment *d, void *context)
{
    size_t *released = context;
    struct care c;
    int rc = cared_begin(r, d, &c);

    if (rc == 0)
        rc = wave_release(&c, r->today, RELEASE_AT_ONCE, released, r->error);
    return rc < 0 ? rc : cared_end(r, d, &c, &(struct audit_entry){.event = AUDIT_NONE});
}

/* The order stands; what cannot be released now is released with the next day's. */
static int release_all(struct request *r)
{
    size_t released = RELEASE_AT_ONCE;

    r->idempotency_key = SLICE_NONE; /* it was the order's */
    while (released > 0)
        if (request_write(r, release, &released) < 0) {
            error_clear(r->error);
            break;
        }
    return 0;
}

int route_wave_order(struct request *r)
{
    int64_t division;
    int rc = cared_scope(r, body_text(r->body, "division"), &division);

    if (rc == 0)
        rc = request_write(r, order, &division);
    return rc < 0 ? rc : release_all(r);
}

struct change {
    int64_t id;
    const char *event;
};

static int change(struct request *r, struct deployment *d, void *context)
{
    const struct change *x = context;
    struct wave wave;
    struct care c;
    int rc = wave_get(d, x->id, &wave, r->error);

    if (rc == 0 && !division_covers(r->account.division, wave.division))
        rc = error_set(r->error, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc < 0)
        return rc;
    if (strcmp(x->event, "end") == 0)
        rc = wave_end(&c, x->id, r->error);
    else
        rc = wave_pause(&c, x->id, strcmp(x->event, "pause") == 0, r->error);
    if (rc == 0)
        rc = end_wave_change(r, d, &c, AUDIT_WAVE_CHANGED, x->id, x->event);
    return rc < 0 ? rc : write_own_wave(r, d, x->id);
}

int route_wave_step(struct request *r)
{
    struct change x = {.event = arena_string(r->arena, body_text(r->body, "event"))};
    int rc = request_id(r, r->path[0], &x.id);

    if (rc == 0)
        rc = request_write(r, change, &x);
    return rc < 0 || strcmp(x.event, "resume") != 0 ? rc : release_all(r);
}
