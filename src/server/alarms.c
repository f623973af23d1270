/* Unusual openings (api/alarms.yaml). */
#include "server/handlers.h"
#include "server/seen.h"

int route_alarm_list(struct request *r)
{
    struct names_seen names = {0};
    struct alarm *alarms;
    struct sights sights;
    size_t count, limit = page_limit(r->query[2]);
    int64_t after;
    int rc = page_after(r, r->query[1], &after);

    if (rc == 0)
        rc = alarm_list(r->d, slice_is(r->query[0], "true"), after, limit, r->arena, &alarms,
                        &count, r->error);
    if (rc < 0)
        return rc;
    seen_nobody(r, &sights);
    page_begin(r);
    for (size_t i = 0; i < count; i++) {
        const struct alarm *a = &alarms[i];
        struct view_value v[FIELD_ALARM_COUNT] = {
            [FIELD_ALARM_ID] = view_number(a->id),
            [FIELD_ALARM_KIND] = view_text(slice_from(alarm_kind_name(a->kind))),
            [FIELD_ALARM_ACCOUNT] = seen_number(a->account_id),
            [FIELD_ALARM_ACCOUNT_NAME] = view_text(
                seen_account_name(r, r->d, &names, a->account_id)),
            [FIELD_ALARM_OPENING] = seen_number(a->opening_id),
            [FIELD_ALARM_FIGURE] = view_number(a->figure),
            [FIELD_ALARM_RAISED_AT] = view_number(a->raised_at),
            [FIELD_ALARM_SEEN_AT] = seen_number(a->seen_at)};
        view_write(r->out, &view_of_alarm, &sights, &(struct mask_context){.today = r->today}, v);
    }
    page_end(r, page_next(r, count, limit, count ? alarms[count - 1].id : 0));
    return 0;
}

static int see(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    int rc = alarm_see(d, *id, r->account.id, r->now, r->error);

    if (rc == 0)
        r->status = 204;
    return rc;
}

int route_alarm_see(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    return rc < 0 ? rc : request_write(r, see, &id);
}
