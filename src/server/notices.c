/* What has happened that the caller should know of (api/notices.yaml). */
#include "notify/outbox.h"
#include "server/handlers.h"
#include "server/seen.h"

static void write_notice(struct request *r, const struct notice *n)
{
    struct view_value v[FIELD_NOTICE_COUNT] = {
        [FIELD_NOTICE_ID] = view_number(n->id),
        [FIELD_NOTICE_KIND] = view_text(slice_from(notice_kind_name(n->kind))),
        [FIELD_NOTICE_WORKFLOW] = view_text(n->workflow),
        [FIELD_NOTICE_OBJECT] = view_number(n->object_id),
        [FIELD_NOTICE_AT] = view_number(n->at),
        [FIELD_NOTICE_SEEN] = view_number(n->seen_at != 0)};
    struct sights sights;

    seen_nobody(r, &sights);
    view_write(r->out, &view_of_notice, &sights, &(struct mask_context){.today = r->today}, v);
}

int route_notice_list(struct request *r)
{
    size_t count, limit = page_limit(r->query[1]);
    struct notice *list;
    int64_t before, unseen;
    int rc = page_after(r, r->query[0], &before);

    if (rc == 0)
        rc = outbox_list(r->d, r->account.id, before, limit, r->arena, &list, &count, &unseen,
                         r->error);
    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (size_t i = 0; i < count; i++)
        write_notice(r, &list[i]);
    json_array_end(r->out);
    json_name(r->out, "next");
    json_put_string(r->out, slice_from(page_next(r, count, limit, count ? list[count - 1].id : 0)));
    json_name(r->out, "unseen");
    json_put_integer(r->out, unseen);
    json_object_end(r->out);
    return 0;
}

static int see(struct request *r, struct deployment *d, void *context)
{
    const int64_t *up_to = context;
    int rc = outbox_seen(d, r->account.id, *up_to, r->now, r->error);

    if (rc == 0)
        r->status = 204;
    return rc;
}

int route_notice_seen(struct request *r)
{
    int64_t up_to;

    if (request_id(r, body_text(r->body, "up_to"), &up_to) < 0)
        return schema_complain(&r->faults, r->arena, r->error, "/up_to",
                               text_in(r->error->language, N_("is no id")));
    return request_write(r, see, &up_to);
}
