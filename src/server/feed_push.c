/* Rows of one source as they arise, by a department's system with its token (api/feeds.yaml). */
#include "intake/push.h"
#include "intake/refusal_text.h"
#include "server/handlers.h"
#include "server/intake_seen.h"
#include "server/shelf.h"

struct pushing {
    const struct feed *feed;
    struct delivery_row *rows;
    size_t count;
};

/* ---- what was sent ---- */

/* A number as the shortest text that reads as the same number; whole ones without a point. */
static struct slice number_text(struct request *r, const json_t *v)
{
    if (json_is_integer(v))
        return slice_from(arena_printf(r->arena, "%lld", (long long)json_integer_value(v)));
    for (int digits = 1; digits <= 17; digits++) {
        const char *text = arena_printf(r->arena, "%.*g", digits, json_real_value(v));
        if (strtod(text, NULL) == json_real_value(v))
            return slice_from(text);
    }
    return SLICE_LITERAL("");
}

static void read_row(struct request *r, json_t *members, struct delivery_row *ret)
{
    size_t n = json_object_size(members), at = 0;
    struct slice *names = ARENA_ARRAY(r->arena, n, struct slice);
    struct slice *values = ARENA_ARRAY(r->arena, n, struct slice);
    const char *name;
    json_t *v;

    json_object_foreach(members, name, v)
    {
        names[at] = slice_from(name);
        values[at++] = json_is_string(v)
                           ? (struct slice){json_string_value(v), json_string_length(v)}
                       : json_is_number(v) ? number_text(r, v)
                                           : SLICE_LITERAL("");
    }
    *ret = (struct delivery_row){.names = names, .values = values, .count = n};
    ret->reason.language = r->error->language;
}

static void read_rows(struct request *r, struct pushing *p)
{
    const json_t *list = body_array(r->body, "rows");

    p->count = json_array_size(list);
    p->rows = ARENA_ARRAY(r->arena, p->count, struct delivery_row);
    for (size_t i = 0; i < p->count; i++)
        read_row(r, json_array_get(list, i), &p->rows[i]);
}

/* ---- what is answered ---- */

/* The department's own name of the column, and how to mend it; never the value. */
static void write_refusal(struct request *r, size_t index, const struct delivery_row *row)
{
    const struct error *e = &row->reason;

    json_object_begin(r->out);
    json_name(r->out, "index");
    json_put_integer(r->out, (int64_t)index);
    json_name(r->out, "column");
    json_put_string(r->out, row->column);
    json_name(r->out, "message");
    json_put_string(r->out,
                    slice_from(e->detail[0] ? refusal_without_column(e) : error_primary(e)));
    json_name(r->out, "hint");
    json_put_string(r->out, e->hint[0] ? slice_from(e->hint) : SLICE_NONE);
    json_object_end(r->out);
}

static void write_outcome(struct request *r, const struct push *push, const struct pushing *p)
{
    static const char *const names[] = {[PUSH_ACCEPTED] = "accepted",
                                        [PUSH_DUPLICATE] = "duplicate",
                                        [PUSH_QUARANTINED] = "quarantined",
                                        [PUSH_UNLINKED] = "unlinked"};

    json_object_begin(r->out);
    for (int i = 0; i < PUSH_OUTCOMES; i++) {
        json_name(r->out, names[i]);
        json_put_integer(r->out, (int64_t)push->counts[i]);
    }
    json_name(r->out, "refusals");
    json_array_begin(r->out);
    for (size_t i = 0; i < p->count; i++)
        if (p->rows[i].outcome == PUSH_QUARANTINED)
            write_refusal(r, i, &p->rows[i]);
    json_array_end(r->out);
    json_object_end(r->out);
}

static int leave_row(struct request *r, struct deployment *d, const struct push *push)
{
    struct audit_entry entry = {
        .event = AUDIT_RECORDS_INGESTED,
        .object_id = push->delivery_id,
        .detail = arena_printf(r->arena, "%llu %llu %llu %llu token %lld",
                               (unsigned long long)push->counts[PUSH_ACCEPTED],
                               (unsigned long long)push->counts[PUSH_DUPLICATE],
                               (unsigned long long)push->counts[PUSH_QUARANTINED],
                               (unsigned long long)push->counts[PUSH_UNLINKED],
                               (long long)r->token.id)};

    return audit_append(d, &entry, r->error);
}

static int push(struct request *r, struct deployment *d, void *context)
{
    struct pushing *p = context;
    struct push push = {.d = d,
                        .edition = shelf_edition(r->shelf),
                        .tables = shelf_tables(r->shelf),
                        .lexicon = request_lexicon(r),
                        .department = p->feed->department,
                        .now = r->now,
                        .arena = r->arena};
    int rc = feed_token_used(d, r->token.id, r->now, r->error);

    if (rc == 0)
        rc = delivery_push(&push, p->feed, p->rows, p->count, r->error);
    if (rc == 0)
        rc = leave_row(r, d, &push);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < push.changed_count; i++)
        request_changed(r, push.changed[i]);
    if (push.everywhere)
        request_changed(r, 0);
    write_outcome(r, &push, p);
    return 0;
}

/* ---- a token of another feed ---- */

static int tell_refusal(struct request *r, struct deployment *d, void *context)
{
    struct audit_entry entry = {.event = AUDIT_SIGN_IN_REFUSED,
                                .object_id = r->token.id,
                                .detail = "token of another feed"};

    (void)context;
    return audit_append(d, &entry, r->error);
}

/* Somebody has a token and tries where it leads: that stays in the trail. */
static int refuse(struct request *r)
{
    int rc = request_write(r, tell_refusal, NULL);

    if (rc < 0)
        return rc;
    error_set(r->error, ERR_FORBIDDEN, N_("this token is of another source"));
    return error_hint(r->error, N_("Ask the security administrator for one of this source."));
}

int route_feed_push(struct request *r)
{
    const struct feed_library *feeds;
    struct pushing p = {0};

    if (!slice_equal(r->token.feed, r->path[0]))
        return refuse(r);
    int rc = request_feeds(r, &feeds);
    if (rc < 0)
        return rc;
    /* The department is that of the token: a mapping that changed hands is not read with it. */
    p.feed = feed_library_find(feeds, r->path[0]);
    if (!p.feed || !slice_equal(p.feed->department, r->token.department))
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    read_rows(r, &p);
    return request_write(r, push, &p);
}
