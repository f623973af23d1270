/* Deliveries: the list, the story of one, and the decision on one that is held
 * (api/deliveries.yaml). */
#include "base/csv.h"
#include "server/handlers.h"
#include "server/intake_seen.h"

/* ---- the list ---- */

static int state_parse(struct slice name)
{
#define DELIVERY_STATE(symbol, number, word) \
    if (slice_is(name, word))                \
        return symbol;
#include "intake/delivery_states.def"
#undef DELIVERY_STATE
    return 0;
}

static struct view_value rows_of(const struct delivery_story *s)
{
    return s->row_count < 0 ? VIEW_NULL : view_number(s->row_count);
}

static struct view_value file_name_of(const struct request *r, const struct delivery_story *s)
{
    return intake_sees_files(r) ? seen_text(s->file_name) : VIEW_NULL;
}

static void write_item(struct request *r, const struct sights *sights,
                       const struct delivery_story *s)
{
    struct view_value v[FIELD_DELIVERY_ITEM_COUNT] = {
        [FIELD_DELIVERY_ITEM_ID] = view_number(s->id),
        [FIELD_DELIVERY_ITEM_FEED] = seen_text(s->feed),
        [FIELD_DELIVERY_ITEM_DEPARTMENT] = seen_text(s->department),
        [FIELD_DELIVERY_ITEM_CHANNEL] = seen_name(delivery_channel_name(s->channel)),
        [FIELD_DELIVERY_ITEM_STATE] = seen_name(delivery_state_name(s->state)),
        [FIELD_DELIVERY_ITEM_HELD] = intake_holds(r, s->held),
        [FIELD_DELIVERY_ITEM_BEGAN] = view_number(s->began_at),
        [FIELD_DELIVERY_ITEM_FINISHED] = seen_number(s->finished_at),
        [FIELD_DELIVERY_ITEM_ROWS] = rows_of(s),
        [FIELD_DELIVERY_ITEM_DONE] = view_number(s->rows_done),
        [FIELD_DELIVERY_ITEM_ACCEPTED] = view_number(s->accepted),
        [FIELD_DELIVERY_ITEM_DUPLICATE] = view_number(s->duplicate),
        [FIELD_DELIVERY_ITEM_QUARANTINED] = view_number(s->quarantined),
        [FIELD_DELIVERY_ITEM_UNLINKED] = view_number(s->unlinked),
        [FIELD_DELIVERY_ITEM_FILE_NAME] = file_name_of(r, s)};

    view_write(r->out, &view_of_delivery_item, sights, &(struct mask_context){.today = r->today},
               v);
}

int route_delivery_list(struct request *r)
{
    size_t count, limit = page_limit(r->query[3]);
    struct delivery_filter filter = {.feed = r->query[0]};
    struct delivery_story *list;
    struct sights sights;
    int64_t before;
    int rc = intake_department(r, &filter.department);

    if (rc == 0)
        rc = intake_scope(r, &filter.scope);
    if (rc == 0)
        rc = page_after(r, r->query[2], &before);
    if (rc < 0)
        return rc;
    if (r->query[1].p)
        filter.state = state_parse(r->query[1]);
    rc = delivery_list(r->d, &filter, before, limit, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    page_begin(r);
    for (size_t i = 0; i < count; i++)
        write_item(r, &sights, &list[i]);
    page_end(r, page_next(r, count, limit, count ? list[count - 1].id : 0));
    r->audit.detail = arena_printf(r->arena, "deliveries %zu", count);
    return 0;
}

/* ---- one story ---- */

/* The header as the file has it: RFC 4180. A file without one begins with somebody's row: what
 * looks like a value is masked. */
static struct view_value header_of(struct request *r, const struct delivery_story *s)
{
    struct error unsaid = {.language = r->error->language};
    struct view_value ret = VIEW_NULL;
    struct csv_reader *reader;
    struct csv_row row;
    struct sublist out;

    if (!intake_sees_files(r) || s->header.n == 0 ||
        csv_open_bytes(s->header, NULL, &reader, &unsaid) < 0)
        return ret;
    if (csv_next(reader, &row, &unsaid) > 0) {
        sublist_begin(r, &out);
        for (size_t i = 0; i < row.count; i++)
            json_put_string(r->out, intake_text(r, row.cells[i]));
        ret = sublist_end(r, &out);
    }
    csv_close(reader);
    return ret;
}

int route_delivery_read(struct request *r)
{
    struct delivery_story s;
    struct names_seen names = {0};
    struct sights sights;
    int rc = intake_delivery(r, r->d, r->path[0], &s);

    if (rc < 0)
        return rc;
    intake_sights(r, &sights);
    struct view_value v[FIELD_DELIVERY_FILE_COUNT] = {
        [FIELD_DELIVERY_FILE_ID] = view_number(s.id),
        [FIELD_DELIVERY_FILE_FEED] = seen_text(s.feed),
        [FIELD_DELIVERY_FILE_DEPARTMENT] = seen_text(s.department),
        [FIELD_DELIVERY_FILE_CHANNEL] = seen_name(delivery_channel_name(s.channel)),
        [FIELD_DELIVERY_FILE_STATE] = seen_name(delivery_state_name(s.state)),
        [FIELD_DELIVERY_FILE_HELD] = intake_holds(r, s.held),
        [FIELD_DELIVERY_FILE_ALLOWED] = intake_holds(r, s.allowed),
        [FIELD_DELIVERY_FILE_BEGAN] = view_number(s.began_at),
        [FIELD_DELIVERY_FILE_FINISHED] = seen_number(s.finished_at),
        [FIELD_DELIVERY_FILE_BY] = view_text(seen_account_name(r, r->d, &names, s.account_id)),
        [FIELD_DELIVERY_FILE_SIZE] = seen_number(s.size),
        [FIELD_DELIVERY_FILE_ROWS] = rows_of(&s),
        [FIELD_DELIVERY_FILE_DONE] = view_number(s.rows_done),
        [FIELD_DELIVERY_FILE_ACCEPTED] = view_number(s.accepted),
        [FIELD_DELIVERY_FILE_DUPLICATE] = view_number(s.duplicate),
        [FIELD_DELIVERY_FILE_QUARANTINED] = view_number(s.quarantined),
        [FIELD_DELIVERY_FILE_UNLINKED] = view_number(s.unlinked),
        [FIELD_DELIVERY_FILE_CHANGES] = view_number(s.changes),
        [FIELD_DELIVERY_FILE_WAITING] = view_number(s.waiting),
        [FIELD_DELIVERY_FILE_ALERTS] = view_number(s.alerts),
        [FIELD_DELIVERY_FILE_FILE_NAME] = file_name_of(r, &s),
        [FIELD_DELIVERY_FILE_REASON] = intake_sees_files(r) ? seen_text(intake_text(r, s.reason))
                                                            : VIEW_NULL,
        [FIELD_DELIVERY_FILE_HEADER] = header_of(r, &s)};
    view_write(r->out, &view_of_delivery_file, &sights, &(struct mask_context){.today = r->today},
               v);
    r->audit.detail = "story";
    return 0;
}

/* ---- the decision ---- */

struct decision {
    int64_t id;
    int allow;
    bool reject;
    struct slice reason;
};

static int decide(struct request *r, struct deployment *d, void *context)
{
    const struct decision *c = context;
    int rc = delivery_decide(d, c->id, c->allow, c->reject, c->reason, r->account.id, r->now,
                             r->error);

    if (rc < 0)
        return rc;
    r->status = 204;
    request_changed(r, 0);
    return 0;
}

static int hold_parse(struct slice name)
{
#define HOLD(symbol, bit, word) \
    if (slice_is(name, word))   \
        return symbol;
#include "intake/holds.def"
#undef HOLD
    return 0;
}

int route_delivery_decide(struct request *r)
{
    struct decision c = {.reject = body_boolean(r->body, "reject", false),
                         .reason = body_text(r->body, "reason")};
    const json_t *allow = body_array(r->body, "allow");
    struct delivery_story story;

    for (size_t i = 0; i < json_array_size(allow); i++)
        c.allow |= hold_parse(slice_from(json_string_value(json_array_get(allow, i))));
    if (c.reject == (c.allow != 0))
        return schema_complain(
            &r->faults, r->arena, r->error, "/allow",
            text_in(r->error->language, N_("either something is allowed, or it is rejected")));
    int rc = intake_delivery(r, r->d, r->path[0], &story);
    if (rc < 0)
        return rc;
    c.id = story.id;
    rc = request_write(r, decide, &c);
    if (rc == 0)
        request_delivered(r);
    return rc;
}
