/* Alerts: the board of who answers for a town or a county, one alert, and what is done with it
 * (api/alerts.yaml). */
#include "care/level.h"
#include "server/cared.h"
#include "server/handlers.h"
#include "server/shelf.h"

static const char *origin_name(enum alert_origin origin)
{
    switch (origin) {
    case ALERT_OF_RECORD: return "record";
    case ALERT_OF_BOUNDARY: return "boundary";
    case ALERT_OF_BASELINE: return "baseline";
    case ALERT_BY_HAND: return "hand";
    }
    return "";
}

static bool is_overdue(const struct request *r, const struct alert *a)
{
    return a->closed_at == 0 && a->due_at != 0 && a->due_at <= r->now;
}

/* ---- the board ---- */

static enum alert_view read_view(struct slice name)
{
    static const char *const names[] = {
        [ALERTS_OPEN] = "open",           [ALERTS_OVERDUE] = "overdue", [ALERTS_WATCH] = "watch",
        [ALERTS_WITHDRAWN] = "withdrawn", [ALERTS_HELD] = "held",       [ALERTS_CLOSED] = "closed"};

    for (int i = ALERTS_OPEN; i <= ALERTS_CLOSED; i++)
        if (slice_is(name, names[i]))
            return (enum alert_view)i;
    return ALERTS_OPEN; /* the schema lets no other through */
}

static void write_alert_item(struct request *r, const struct alert *a, const struct cared *of,
                             struct names_seen *names)
{
    struct view_value v[FIELD_ALERT_ITEM_COUNT] = {
        [FIELD_ALERT_ITEM_ID] = view_number(a->id),
        [FIELD_ALERT_ITEM_CHILD] = view_number(a->child_id),
        [FIELD_ALERT_ITEM_NAME] = seen_text(of->child.name),
        [FIELD_ALERT_ITEM_DIVISION] = seen_number(a->division),
        [FIELD_ALERT_ITEM_LEVEL] = seen_name(level_name((enum level)a->level)),
        [FIELD_ALERT_ITEM_STATE] = view_text(a->state),
        [FIELD_ALERT_ITEM_OWNER] = view_text(seen_account_name(r, r->d, names, a->owner_id)),
        [FIELD_ALERT_ITEM_STEP] = view_number(a->step),
        [FIELD_ALERT_ITEM_OPENED] = view_number(a->opened_at),
        [FIELD_ALERT_ITEM_DUE] = seen_number(a->due_at),
        [FIELD_ALERT_ITEM_OVERDUE] = view_number(is_overdue(r, a)),
        [FIELD_ALERT_ITEM_BASIS_WITHDRAWN] = view_number(a->basis_withdrawn),
        [FIELD_ALERT_ITEM_VISIT] = seen_number(a->visit_id)};
    view_write(r->out, &view_of_alert_item, &of->sights, &(struct mask_context){.today = r->today},
               v);
}

static int write_alerts(struct request *r, const struct alert *list, size_t count,
                        size_t *ret_written)
{
    struct cared *of = ARENA_ARRAY(r->arena, count, struct cared);
    struct names_seen names = {0};
    size_t written = 0;

    for (size_t i = 0; i < count; i++)
        of[i] = (struct cared){.child_id = list[i].child_id,
                               .division = list[i].division,
                               .mine = list[i].owner_id == r->account.id};
    int rc = cared_see(r, r->d, of, count);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (of[i].relation == RELATION_NONE)
            continue;
        write_alert_item(r, &list[i], &of[i], &names);
        written++;
    }
    *ret_written = written;
    return rc;
}

/* A place is "LEVEL.DUE.ID"; DUE 0: there is none. */
static int read_place(struct request *r, struct slice after, struct alert_place *ret)
{
    int64_t place[3];
    int rc = page_place(r, after, 3, place);

    *ret = (struct alert_place){place[0], place[1] || !after.p ? place[1] : INT64_MAX, place[2]};
    return rc;
}

static const char *next_place(struct request *r, const struct alert *last)
{
    return arena_printf(r->arena, "%d.%lld.%lld", last->level, (long long)last->due_at,
                        (long long)last->id);
}

int route_alert_list(struct request *r)
{
    struct alert_filter f = {.view = read_view(r->query[0]), .now = r->now};
    size_t count, written, limit = page_limit(r->query[4]);
    struct alert_place after;
    struct alert *list;
    int rc = cared_scope(r, r->query[1], &f.division);

    if (rc == 0)
        rc = read_place(r, r->query[3], &after);
    if (rc < 0)
        return rc;
    if (r->query[2].p)
        f.level = (int)level_parse(r->query[2]);
    rc = alert_list(r->d, &f, after, limit, r->arena, &list, &count, r->error);
    if (rc < 0)
        return rc;
    page_begin(r);
    rc = write_alerts(r, list, count, &written);
    page_end(r, count == limit ? next_place(r, &list[count - 1]) : NULL);
    r->audit.detail = arena_printf(r->arena, "%.*s %zu", (int)r->query[0].n, r->query[0].p,
                                   written);
    return rc;
}

int route_alert_count(struct request *r)
{
    static const char *const names[] = {
        [ALERTS_OPEN] = "open",           [ALERTS_OVERDUE] = "overdue", [ALERTS_WATCH] = "watch",
        [ALERTS_WITHDRAWN] = "withdrawn", [ALERTS_HELD] = "held",       [ALERTS_CLOSED] = "closed"};
    int64_t division, counts[ALERTS_CLOSED + 1] = {0};
    int rc = cared_scope(r, r->query[0], &division);

    if (rc == 0)
        rc = alert_counts(r->d, division, r->now, counts, r->error);
    if (rc < 0)
        return rc;
    json_object_begin(r->out);
    for (int i = ALERTS_OPEN; i <= ALERTS_CLOSED; i++) {
        json_name(r->out, names[i]);
        json_put_integer(r->out, counts[i]);
    }
    json_object_end(r->out);
    return 0;
}

/* ---- one alert ---- */

/* What is told of one alert beside its own row. */
struct file {
    struct view_value needs, causes, events, visits, history;
};

static int read_needs(struct request *r, struct deployment *d, const struct alert *a,
                      struct view_value *ret)
{
    struct sublist s;
    struct slice *needs;
    size_t count;
    int rc = alert_needs(d, a, r->arena, &needs, &count, r->error);

    if (rc < 0)
        return rc;
    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++)
        json_put_string(r->out, needs[i]);
    *ret = sublist_end(r, &s);
    return 0;
}

static int read_causes(struct request *r, struct deployment *d, const struct alert *a,
                       const struct cared *of, struct view_value *ret)
{
    struct mask_context mask = {.today = r->today};
    struct alert_cause *causes;
    struct sublist s;
    size_t count;
    int rc = alert_causes(d, a, r->arena, &causes, &count, r->error);

    if (rc < 0)
        return rc;
    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++) {
        struct view_value v[FIELD_ALERT_CAUSE_COUNT] = {
            [FIELD_ALERT_CAUSE_CATEGORY] = view_text(causes[i].category),
            [FIELD_ALERT_CAUSE_ON] = seen_day(causes[i].on_day),
            [FIELD_ALERT_CAUSE_KNOWN] = view_number(causes[i].known_at),
            [FIELD_ALERT_CAUSE_WITHDRAWN] = seen_number(causes[i].withdrawn_at)};
        view_write(r->out, &view_of_alert_cause, &of->sights, &mask, v);
    }
    *ret = sublist_end(r, &s);
    return 0;
}

#define VISITS_MAX 200

static int read_visits(struct request *r, struct deployment *d, const struct alert *a,
                       const struct cared *of, struct names_seen *names, struct view_value *ret)
{
    struct visit_filter f = {.child_id = a->child_id, .closed = true};
    struct sublist s;
    struct visit *list;
    size_t count;
    int rc = visit_list(d, &f, 0, VISITS_MAX, r->arena, &list, &count, r->error);

    if (rc < 0)
        return rc;
    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++)
        if (list[i].alert_id == a->id)
            write_visit_item(r, d, of, names, &list[i]);
    *ret = sublist_end(r, &s);
    return 0;
}

static int read_file(struct request *r, struct deployment *d, const struct alert *a,
                     const struct cared *of, struct names_seen *names, struct file *ret)
{
    bool why = of->sights.of[CLASS_CATEGORY] == SIGHT_SHOWN;
    const char **events;
    size_t count;
    int rc = alert_open_events(d, shelf_tables(r->shelf), a, &r->account, r->now, r->arena, &events,
                               &count, r->error);

    /* Why is not even looked up for whom it is not shown to (PR-06). */
    if (rc == 0 && why)
        rc = read_needs(r, d, a, &ret->needs);
    if (rc == 0 && why)
        rc = read_causes(r, d, a, of, &ret->causes);
    if (rc == 0)
        rc = read_visits(r, d, a, of, names, &ret->visits);
    if (rc == 0)
        rc = cared_history(r, d, of, "alert", a->id, names, &ret->history);
    if (rc == 0)
        ret->events = cared_events(r, events, count);
    return rc;
}

static int write_alert_file(struct request *r, struct deployment *d, const struct alert *a,
                            const struct cared *of)
{
    const struct level_rule *rule = care_level(shelf_tables(r->shelf), a->level);
    struct names_seen names = {0};
    struct file f = {0};
    int rc = read_file(r, d, a, of, &names, &f);

    if (rc < 0)
        return rc;
    struct view_value v[FIELD_ALERT_FILE_COUNT] = {
        [FIELD_ALERT_FILE_ID] = view_number(a->id),
        [FIELD_ALERT_FILE_CHILD] = view_number(a->child_id),
        [FIELD_ALERT_FILE_NAME] = seen_text(of->child.name),
        [FIELD_ALERT_FILE_DIVISION] = seen_number(a->division),
        [FIELD_ALERT_FILE_LEVEL] = seen_name(level_name((enum level)a->level)),
        [FIELD_ALERT_FILE_ESCORT] = rule ? seen_name(escort_name((enum visit_escort)rule->escort))
                                         : VIEW_NULL,
        [FIELD_ALERT_FILE_STATE] = view_text(a->state),
        [FIELD_ALERT_FILE_OWNER] = view_text(seen_account_name(r, d, &names, a->owner_id)),
        [FIELD_ALERT_FILE_STEP] = view_number(a->step),
        [FIELD_ALERT_FILE_ORIGIN] = seen_name(origin_name(a->origin)),
        [FIELD_ALERT_FILE_OPENED] = view_number(a->opened_at),
        [FIELD_ALERT_FILE_DUE] = seen_number(a->due_at),
        [FIELD_ALERT_FILE_CLOSED] = seen_number(a->closed_at),
        [FIELD_ALERT_FILE_BASIS_WITHDRAWN] = view_number(a->basis_withdrawn),
        [FIELD_ALERT_FILE_NEEDS] = f.needs,
        [FIELD_ALERT_FILE_CAUSES] = f.causes,
        [FIELD_ALERT_FILE_EVENTS] = f.events,
        [FIELD_ALERT_FILE_VISITS] = f.visits,
        [FIELD_ALERT_FILE_HISTORY] = f.history};
    view_write(r->out, &view_of_alert_file, &of->sights, &(struct mask_context){.today = r->today},
               v);
    return 0;
}

static int see_alert(struct request *r, struct deployment *d, int64_t id, struct alert *ret,
                     struct cared *ret_of)
{
    int rc = alert_get(d, id, r->arena, ret, r->error);

    return rc < 0 ? rc
                  : cared_see_one(r, d, id, ret->child_id, ret->division, ret->owner_id, ret_of);
}

int route_alert_read(struct request *r)
{
    struct alert alert;
    struct cared of;
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    if (rc == 0)
        rc = see_alert(r, r->d, id, &alert, &of);
    return rc < 0 ? rc : write_alert_file(r, r->d, &alert, &of);
}

/* ---- a step ---- */

struct stepping {
    int64_t id;
    struct care_step step;
};

static int step_alert(struct request *r, struct deployment *d, void *context)
{
    const struct stepping *s = context;
    struct alert before, after;
    struct cared of;
    struct care c;
    int rc = see_alert(r, d, s->id, &before, &of);

    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = alert_fire(&c, s->id, &s->step, r->error);
    if (rc == 0)
        rc = alert_get(d, s->id, r->arena, &after, r->error);
    if (rc < 0)
        return rc;
    struct audit_entry entry = {.event = AUDIT_ALERT_STEPPED,
                                .account_id = r->account.id,
                                .child_id = before.child_id,
                                .object_id = s->id,
                                .detail = arena_printf(r->arena, "%s %.*s %.*s", s->step.event,
                                                       (int)before.state.n, before.state.p,
                                                       (int)after.state.n, after.state.p)};
    if ((rc = cared_end(r, d, &c, &entry)) < 0)
        return rc;
    /* What the caller sees may have changed with it: accepting is a task, and handing over ends
     * one. */
    rc = cared_tell_owner(r, d, after.owner_id);
    if (rc == 0)
        rc = cared_see_again(r, d, &of);
    return rc < 0 ? rc : write_alert_file(r, d, &after, &of);
}

int route_alert_step(struct request *r)
{
    struct stepping s = {0};
    int rc = request_id(r, r->path[0], &s.id);

    if (rc == 0)
        rc = cared_step(r, &s.step);
    if (s.step.at > r->now) /* a clock that goes fast tells nothing of the future */
        s.step.at = 0;
    return rc < 0 ? rc : request_write(r, step_alert, &s);
}

/* ---- raising one by hand ---- */

static void needs_of_body(struct request *r, struct slice **ret, size_t *ret_count)
{
    const json_t *list = json_object_get(r->body, "needs");
    size_t count = json_array_size(list);
    struct slice *needs = ARENA_ARRAY(r->arena, count, struct slice);

    for (size_t i = 0; i < count; i++)
        needs[i] = slice_from(json_string_value(json_array_get(list, i)));
    *ret = needs;
    *ret_count = count;
}

static int raise_alert(struct request *r, struct deployment *d, void *context)
{
    const int64_t *child_id = context;
    enum relation relation;
    struct slice *needs;
    struct alert alert;
    struct cared of;
    struct care c;
    size_t count;
    int64_t id = 0;
    int rc = seen_relation(r, d, *child_id, &relation);

    needs_of_body(r, &needs, &count);
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = alert_raise_by_hand(&c, *child_id, level_parse(body_text(r->body, "level")), needs,
                                 count, body_text(r->body, "reason"), &r->account, &id, r->error);
    if (rc < 0)
        return rc;
    const struct audit_entry entry = {.event = AUDIT_ALERT_STEPPED,
                                      .account_id = r->account.id,
                                      .child_id = *child_id,
                                      .object_id = id,
                                      .detail = "raise"};
    rc = cared_end(r, d, &c, &entry);
    if (rc == 0)
        rc = see_alert(r, d, id, &alert, &of);
    if (rc == 0)
        rc = cared_tell_owner(r, d, alert.owner_id);
    if (rc < 0)
        return rc;
    r->status = 201;
    return write_alert_file(r, d, &alert, &of);
}

int route_alert_raise(struct request *r)
{
    int64_t child_id;
    int rc = request_id(r, r->path[0], &child_id);

    return rc < 0 ? rc : request_write(r, raise_alert, &child_id);
}
