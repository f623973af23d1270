/* Visits and their sheet, which is the same for every child (api/visits.yaml). */
#include "care/duty.h"
#include "care/level.h"
#include "server/cared.h"
#include "server/handlers.h"
#include "server/shelf.h"
#include "server/visit_marks.h"

/* ---- what is told of a visit ---- */

void write_visit_item(struct request *r, struct deployment *d, const struct cared *of,
                      struct names_seen *names, const struct visit *v)
{
    struct view_value values[FIELD_VISIT_ITEM_COUNT] = {
        [FIELD_VISIT_ITEM_ID] = view_number(v->id),
        [FIELD_VISIT_ITEM_CHILD] = view_number(v->child_id),
        [FIELD_VISIT_ITEM_STATE] = view_text(v->state),
        [FIELD_VISIT_ITEM_OWNER] = view_text(seen_account_name(r, d, names, v->owner_id)),
        [FIELD_VISIT_ITEM_PLANNED] = seen_day(v->planned),
        [FIELD_VISIT_ITEM_STARTED] = seen_number(v->started_at),
        [FIELD_VISIT_ITEM_RECORDED] = seen_number(v->recorded_at),
        [FIELD_VISIT_ITEM_OUTCOME] = seen_name(outcome_name(v->outcome))};
    view_write(r->out, &view_of_visit_item, &of->sights, &(struct mask_context){.today = r->today},
               values);
}

static const char *standing_name(int standing)
{
    return standing == 1 ? "in_force" : standing == 2 ? "replaced" : standing == 3 ? "rival" : "";
}

static int write_value(struct request *r, struct deployment *d, const struct cared *of,
                       struct names_seen *names, const struct visit_sheet *s,
                       const struct visit_value *x)
{
    struct sights sights = of->sights;
    struct slice seen;
    int rc = visit_value_seen(r, of, s, x, &seen);

    if (rc < 0)
        return rc;
    struct view_value v[FIELD_VISIT_VALUE_COUNT] = {
        [FIELD_VISIT_VALUE_ID] = view_number(x->id),
        [FIELD_VISIT_VALUE_FIELD] = seen_name(sheet_field_name(x->field)),
        [FIELD_VISIT_VALUE_VERSION] = view_number(x->version),
        [FIELD_VISIT_VALUE_BASE] = view_number(x->base),
        [FIELD_VISIT_VALUE_STANDING] = seen_name(standing_name(x->standing)),
        [FIELD_VISIT_VALUE_ACCOUNT] = view_text(seen_account_name(r, d, names, x->account_id)),
        [FIELD_VISIT_VALUE_AT] = view_number(x->written_at),
        [FIELD_VISIT_VALUE_VALUE] = view_text(seen)};

    if (x->account_id == r->account.id) /* whoever wrote it knows it */
        sights.of[CLASS_VISIT_FINDING] = SIGHT_SHOWN;
    view_write(r->out, &view_of_visit_value, &sights, &(struct mask_context){.today = r->today}, v);
    return 0;
}

static int read_values(struct request *r, struct deployment *d, const struct visit *v,
                       const struct cared *of, struct names_seen *names, struct view_value *ret)
{
    struct sublist list;
    struct visit_sheet s;
    int rc = visit_sheet_read(r, d, v, &s);

    if (rc < 0)
        return rc;
    sublist_begin(r, &list);
    for (size_t i = 0; i < s.count && rc == 0; i++)
        if (s.values[i].standing != VISIT_VALUE_REPLACED)
            rc = write_value(r, d, of, names, &s, &s.values[i]);
    *ret = sublist_end(r, &list);
    return rc;
}

/* What is told beside the visit's own row. */
struct file {
    struct view_value values, events, history;
};

static int read_file(struct request *r, struct deployment *d, const struct visit *v,
                     const struct cared *of, struct names_seen *names, struct file *ret)
{
    const char **events;
    size_t count;
    int rc = visit_open_events(d, shelf_tables(r->shelf), v, &r->account, r->now, r->arena, &events,
                               &count, r->error);

    if (rc == 0)
        rc = read_values(r, d, v, of, names, &ret->values);
    if (rc == 0)
        rc = cared_history(r, d, of, "visit", v->id, names, &ret->history);
    if (rc == 0)
        ret->events = cared_events(r, events, count);
    return rc;
}

static int write_visit_file(struct request *r, struct deployment *d, const struct visit *v,
                            const struct cared *of)
{
    const struct child *child = &of->child;
    struct names_seen names = {0};
    struct file f = {0};
    int rc = read_file(r, d, v, of, &names, &f);

    if (rc < 0)
        return rc;
    struct view_value values[FIELD_VISIT_FILE_COUNT] = {
        [FIELD_VISIT_FILE_ID] = view_number(v->id),
        [FIELD_VISIT_FILE_ALERT] = seen_number(v->alert_id),
        [FIELD_VISIT_FILE_CHILD] = view_number(v->child_id),
        [FIELD_VISIT_FILE_NAME] = seen_text(child->name),
        [FIELD_VISIT_FILE_BIRTH_DATE] = child->id ? seen_day(child->birth) : VIEW_NULL,
        [FIELD_VISIT_FILE_DIVISION] = seen_number(v->division),
        [FIELD_VISIT_FILE_LEVEL] = seen_name(level_name((enum level)v->level)),
        [FIELD_VISIT_FILE_ESCORT] = seen_name(escort_name(v->escort)),
        [FIELD_VISIT_FILE_STATE] = view_text(v->state),
        [FIELD_VISIT_FILE_OWNER] = view_text(seen_account_name(r, d, &names, v->owner_id)),
        [FIELD_VISIT_FILE_PLANNED] = seen_day(v->planned),
        [FIELD_VISIT_FILE_POSTPONED] = view_number(v->postponed),
        [FIELD_VISIT_FILE_DUE] = seen_number(v->due_at),
        [FIELD_VISIT_FILE_STARTED] = seen_number(v->started_at),
        [FIELD_VISIT_FILE_BACK] = seen_number(v->back_at),
        [FIELD_VISIT_FILE_RECORDED] = seen_number(v->recorded_at),
        [FIELD_VISIT_FILE_OUTCOME] = seen_name(outcome_name(v->outcome)),
        [FIELD_VISIT_FILE_VALUES] = f.values,
        [FIELD_VISIT_FILE_EVENTS] = f.events,
        [FIELD_VISIT_FILE_HISTORY] = f.history,
        [FIELD_VISIT_FILE_CHANGED] = view_number(v->changed_at)};
    view_write(r->out, &view_of_visit_file, &of->sights, &(struct mask_context){.today = r->today},
               values);
    return 0;
}

static int see_visit(struct request *r, struct deployment *d, int64_t id, struct visit *ret,
                     struct cared *ret_of)
{
    int rc = visit_get(d, id, r->arena, ret, r->error);

    return rc < 0 ? rc
                  : cared_see_one(r, d, id, ret->child_id, ret->division, ret->owner_id, ret_of);
}

int route_visit_read(struct request *r)
{
    struct visit visit;
    struct cared of;
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    if (rc == 0)
        rc = see_visit(r, r->d, id, &visit, &of);
    return rc < 0 ? rc : write_visit_file(r, r->d, &visit, &of);
}

/* ---- of one child ---- */

#define LIST_MAX 200

/* The last LIST_MAX of them, by planned day. */
static int list_last(struct request *r, int64_t child, struct visit **ret, size_t *ret_count)
{
    struct visit_filter f = {.child_id = child, .closed = true};
    struct visit *all = NULL, *page;
    size_t count = 0, capacity = 0, n = LIST_MAX;
    int64_t after = 0;
    int rc = 0;

    while (rc == 0 && n == LIST_MAX) {
        rc = visit_list(r->d, &f, after, LIST_MAX, r->arena, &page, &n, r->error);
        if (rc < 0 || n == 0)
            break;
        all = arena_grow(r->arena, all, &capacity, count + n, sizeof(*all));
        memcpy(all + count, page, n * sizeof(*all));
        count += n;
        after = page[n - 1].id;
    }
    *ret = count > LIST_MAX ? all + (count - LIST_MAX) : all;
    *ret_count = count > LIST_MAX ? LIST_MAX : count;
    return rc;
}

int route_visit_list(struct request *r)
{
    struct names_seen names = {0};
    struct visit *list = NULL;
    struct seen s;
    size_t count = 0;
    int rc = seen_child(r, r->path[0], &s);

    if (rc == 0)
        rc = list_last(r, s.child_id, &list, &count);
    if (rc < 0)
        return rc;
    struct cared of = {.child_id = s.child_id, .relation = s.relation, .sights = s.sights};
    page_begin(r);
    for (size_t i = count; i > 0; i--)
        write_visit_item(r, r->d, &of, &names, &list[i - 1]);
    page_end(r, NULL);
    r->audit.detail = "visits";
    return 0;
}

/* ---- planning ---- */

struct planning {
    int64_t child_id;
    day on;
};

/* A director plans for themselves; who answers for more, for whom the roster names. */
static int find_visitor(struct request *r, struct deployment *d, const struct planning *p,
                        const struct child *child, int64_t *ret)
{
    int step, rc;

    *ret = r->account.id;
    if (r->account.role == ROLE_CHILD_DIRECTOR)
        return 0;
    rc = duty_owner(d, child->residence ? child->residence : child->hukou, 0, p->on, ret, &step,
                    r->error);
    return rc;
}

static int plan(struct request *r, struct deployment *d, void *context)
{
    const struct planning *p = context;
    struct audit_entry entry = {
        .event = AUDIT_VISIT_PLANNED, .account_id = r->account.id, .child_id = p->child_id};
    enum relation relation;
    struct child child;
    struct visit visit;
    struct cared of;
    struct care c;
    int64_t visitor;
    int rc = seen_relation(r, d, p->child_id, &relation);

    if (rc == 0)
        rc = child_get(d, p->child_id, r->today, r->arena, &child, r->error);
    if (rc == 0)
        rc = find_visitor(r, d, p, &child, &visitor);
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = visit_plan_by(&c, &r->account, p->child_id, visitor, p->on, &entry.object_id,
                           r->error);
    if (rc == 0)
        rc = cared_end(r, d, &c, &entry);
    if (rc == 0)
        rc = see_visit(r, d, entry.object_id, &visit, &of);
    if (rc < 0)
        return rc;
    r->status = 201;
    return write_visit_file(r, d, &visit, &of);
}

int route_visit_plan(struct request *r)
{
    struct planning p = {.on = DAY_BEGINNING};
    const char *message = NULL;
    int rc = request_id(r, r->path[0], &p.child_id);

    if (rc < 0)
        return rc;
    if (!day_parse(body_text(r->body, "day"), &p.on))
        message = text_in(r->error->language, N_("is no day of the calendar"));
    else if (p.on < r->today)
        message = text_in(r->error->language, N_("is over"));
    else if (p.on > r->today + 366)
        message = text_in(r->error->language, N_("is more than a year away"));
    if (message)
        return schema_complain(&r->faults, r->arena, r->error, "/day", message);
    return request_write(r, plan, &p);
}

/* ---- a step ---- */

struct stepping {
    int64_t id;
    struct care_step step;
};

/* What the caller sees after it. */
static int answer(struct request *r, struct deployment *d, int64_t id, struct cared *of)
{
    struct visit visit;
    int rc = visit_get(d, id, r->arena, &visit, r->error);

    if (rc == 0)
        rc = cared_tell_owner(r, d, visit.owner_id);
    if (rc == 0)
        rc = cared_see_again(r, d, of);
    return rc < 0 ? rc : write_visit_file(r, d, &visit, of);
}

static int step_visit(struct request *r, struct deployment *d, void *context)
{
    const struct stepping *s = context;
    struct visit before, after;
    struct cared of;
    struct care c;
    int rc = see_visit(r, d, s->id, &before, &of);

    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0)
        rc = visit_fire(&c, s->id, &s->step, r->error);
    if (rc == 0)
        rc = visit_get(d, s->id, r->arena, &after, r->error);
    if (rc < 0)
        return rc;
    struct audit_entry entry = {.event = AUDIT_VISIT_STEPPED,
                                .account_id = r->account.id,
                                .child_id = before.child_id,
                                .object_id = s->id,
                                .detail = arena_printf(r->arena, "%s %.*s %.*s", s->step.event,
                                                       (int)before.state.n, before.state.p,
                                                       (int)after.state.n, after.state.p)};
    rc = cared_end(r, d, &c, &entry);
    return rc < 0 ? rc : answer(r, d, s->id, &of);
}

int route_visit_step(struct request *r)
{
    struct stepping s = {0};
    int rc = request_id(r, r->path[0], &s.id);

    if (rc == 0)
        rc = cared_step(r, &s.step);
    return rc < 0 ? rc : request_write(r, step_visit, &s);
}

/* ---- the sheet ---- */

struct filling {
    int64_t id;
    struct visit_write *writes;
    size_t count;
    const struct register_reading *reading; /* NULL: not there yet */
};

static int complain(struct request *r, size_t i, const char *member, const char *message)
{
    return schema_complain(&r->faults, r->arena, r->error,
                           arena_printf(r->arena, "/fields/%zu/%s", i, member), message);
}

static int read_merges(struct request *r, size_t i, const json_t *list, struct visit_write *w)
{
    size_t count = json_array_size(list);
    int64_t *ids = ARENA_ARRAY(r->arena, count, int64_t);

    for (size_t k = 0; k < count; k++) {
        const json_t *item = json_array_get(list, k);
        struct slice text = {json_string_value(item), json_string_length(item)};
        if (request_id(r, text, &ids[k]) < 0)
            return complain(r, i, "merges", text_in(r->error->language, N_("is no id")));
    }
    w->merges = ids;
    w->merge_count = count;
    return 0;
}

static int read_write(struct request *r, size_t i, const json_t *item, struct visit_write *w)
{
    struct slice at = body_text(item, "at");

    *w = (struct visit_write){.field = sheet_field_parse(body_text(item, "field")),
                              .base = (int)body_integer(item, "base", 0),
                              .value = body_text(item, "value"),
                              .written_at = r->now};
    if (w->field == FIELD_NONE)
        return complain(r, i, "field", text_in(r->error->language, N_("is no field of the sheet")));
    if (at.p && !cared_instant(at, &w->written_at))
        return complain(r, i, "at", text_in(r->error->language, N_("is no moment (RFC 3339)")));
    return read_merges(r, i, body_array(item, "merges"), w);
}

static int read_writes(struct request *r, struct filling *f)
{
    const json_t *list = body_array(r->body, "fields");
    int rc = 0;

    f->count = json_array_size(list);
    f->writes = ARENA_ARRAY(r->arena, f->count, struct visit_write);
    for (size_t i = 0; rc == 0 && i < f->count; i++)
        rc = read_write(r, i, json_array_get(list, i), &f->writes[i]);
    return rc;
}

static int count_rivals(struct request *r, struct deployment *d, const struct visit *v, size_t *ret)
{
    struct visit_value *values;
    size_t count;
    int rc = visit_values(d, v, false, r->arena, &values, &count, r->error);

    *ret = 0;
    for (size_t i = 0; rc == 0 && i < count; i++)
        *ret += values[i].standing == 3;
    return rc;
}

static int fill(struct request *r, struct deployment *d, void *context)
{
    const struct filling *f = context;
    struct visit visit;
    struct cared of;
    struct care c;
    size_t rivals;
    int rc = see_visit(r, d, f->id, &visit, &of);

    if (rc == 0)
        rc = visit_writes_unmask(r, d, &visit, &of, f->writes, f->count);
    if (rc == 0)
        rc = cared_begin(r, d, &c);
    if (rc == 0) {
        c.lexicon = f->reading ? f->reading->lexicon : NULL;
        rc = visit_save(&c, f->id, &r->account, f->writes, f->count, r->error);
    }
    if (rc == 0)
        rc = count_rivals(r, d, &visit, &rivals);
    if (rc < 0)
        return rc;
    struct audit_entry entry = {.event = AUDIT_VISIT_SAVED,
                                .account_id = r->account.id,
                                .child_id = visit.child_id,
                                .object_id = f->id,
                                .detail = arena_printf(r->arena, "%zu %zu", f->count, rivals)};
    rc = cared_end(r, d, &c, &entry);
    return rc < 0 ? rc : answer(r, d, f->id, &of);
}

int route_visit_fill(struct request *r)
{
    struct filling f = {0};
    int rc = request_id(r, r->path[0], &f.id);

    if (rc == 0)
        rc = read_writes(r, &f);
    if (rc < 0)
        return rc;
    if (shelf_hold(r->shelf, &f.reading, NULL) < 0)
        f.reading = NULL;
    rc = request_write(r, fill, &f);
    if (f.reading)
        shelf_let_go(r->shelf, f.reading);
    return rc;
}
