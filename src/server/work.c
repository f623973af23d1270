/* What the caller has to do: alerts and visits that are theirs, or that they stand in for
 * (api/work.yaml). */
#include "care/duty.h"
#include "care/level.h"
#include "server/cared.h"
#include "server/handlers.h"
#include "server/shelf.h"
#include "store/sql_work.h"

#include <stdlib.h>

#define WORK_MAX 500
#define CHANGED_MAX 1000 /* changes beyond these are told as a whole list */
#define SECOND INT64_C(1000000)

/* A transaction ends after the moment that its rows tell: whoever asks for changes gets those of
 * a little before, too, and nothing is missed. */
#define OVERLAP (60 * SECOND)
#define OLDEST (30 * 24 * 3600 * SECOND) /* who was away longer gets the whole list */

struct item {
    bool is_visit, stands_in;
    union {
        struct alert alert;
        struct visit visit;
    };
    struct cared cared;
};

struct work {
    struct request *r;
    struct item *list;
    size_t count, capacity;
};

static int64_t item_id(const struct item *i) { return i->is_visit ? i->visit.id : i->alert.id; }
static int item_level(const struct item *i)
{
    return i->is_visit ? i->visit.level : i->alert.level;
}
static int64_t item_changed(const struct item *i)
{
    return i->is_visit ? i->visit.changed_at : i->alert.changed_at;
}
/* What has no deadline comes last. */
static int64_t item_due(const struct item *i)
{
    int64_t due = i->is_visit ? i->visit.due_at : i->alert.due_at;

    return due ? due : INT64_MAX;
}

static struct item *add(struct work *w, int64_t owner, int64_t child, int64_t division)
{
    w->list = arena_grow(w->r->arena, w->list, &w->capacity, w->count + 1, sizeof(*w->list));
    struct item *i = &w->list[w->count++];

    *i = (struct item){.stands_in = owner != w->r->account.id,
                       .cared = {.child_id = child, .division = division, .mine = true}};
    return i;
}

static int64_t or_zero(struct opt_int v) { return v.set ? v.v : 0; }

/* ---- whose it is ---- */

/* An alert that waits for somebody else's word, or whose visit stands beside it, asks nothing of
 * its owner. */
static bool asks_its_owner(struct request *r, const struct sql_work_alerts *row)
{
    const struct workflow *alert = care_workflow(shelf_tables(r->shelf), "alert");

    return !row->under_way && (!alert || workflow_waits_for(alert, row->state) == AUDIENCE_OWNER);
}

static int add_alerts(struct work *w, int64_t owner)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_work_alerts row;
    int rc = sql_work_alerts(w->r->d->store, owner, WORK_MAX, &rows, w->r->error);

    while (rc >= 0 && (rc = sql_work_alerts_next(&rows, &row, w->r->error)) > 0) {
        if (!asks_its_owner(w->r, &row))
            continue;
        struct item *i = add(w, owner, row.child_id, row.division);
        i->alert = (struct alert){.id = row.id,
                                  .child_id = row.child_id,
                                  .division = row.division,
                                  .level = (int)row.level,
                                  .state = arena_copy(w->r->arena, row.state),
                                  .owner_id = owner,
                                  .step = (int)row.step,
                                  .origin = (enum alert_origin)row.origin,
                                  .opened_at = row.opened_at,
                                  .changed_at = row.changed_at,
                                  .due_at = or_zero(row.due_at),
                                  .basis_withdrawn = row.basis_withdrawn != 0,
                                  .visit_id = or_zero(row.visit_id)};
    }
    return rc;
}

static int add_visits(struct work *w, int64_t owner)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_work_visits row;
    int rc = sql_work_visits(w->r->d->store, owner, WORK_MAX, &rows, w->r->error);

    while (rc >= 0 && (rc = sql_work_visits_next(&rows, &row, w->r->error)) > 0) {
        struct item *i = add(w, owner, row.child_id, row.division);
        i->is_visit = true;
        i->visit = (struct visit){.id = row.id,
                                  .child_id = row.child_id,
                                  .alert_id = or_zero(row.alert_id),
                                  .division = row.division,
                                  .level = (int)row.level,
                                  .state = arena_copy(w->r->arena, row.state),
                                  .owner_id = owner,
                                  .step = (int)row.step,
                                  .escort = (enum visit_escort)row.escort,
                                  .planned = row.planned_day.set ? (day)row.planned_day.v
                                                                 : DAY_BEGINNING,
                                  .postponed = (int)row.postponed,
                                  .due_at = or_zero(row.due_at),
                                  .started_at = or_zero(row.started_at),
                                  .back_at = or_zero(row.back_at),
                                  .changed_at = row.changed_at};
    }
    return rc;
}

/* ---- whom the caller stands in for ---- */

struct posts {
    struct post_held {
        int64_t division;
        int64_t role;
    } * list;
    size_t count, capacity;
};

static void add_post(struct request *r, struct posts *p, int64_t division, int64_t role)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->list[i].division == division && p->list[i].role == role)
            return;
    p->list = arena_grow(r->arena, p->list, &p->capacity, p->count + 1, sizeof(*p->list));
    p->list[p->count++] = (struct post_held){division, role};
}

/* Posts by the roster, and the one that goes with the account's own division. */
static int read_posts(struct request *r, struct posts *ret)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_work_posts row;
    int rc = sql_work_posts(r->d->store, r->account.id, r->today, &rows, r->error);

    while (rc >= 0 && (rc = sql_work_posts_next(&rows, &row, r->error)) > 0)
        add_post(r, ret, row.division, row.role);
    if (r->account.division)
        add_post(r, ret, r->account.division, (int64_t)r->account.role);
    return rc;
}

struct colleagues {
    int64_t *ids;
    size_t count, capacity;
};

static int read_colleagues(struct request *r, const struct post_held *post, struct colleagues *ret)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_work_colleagues row;
    int rc = sql_work_colleagues(r->d->store, post->division, post->role, r->account.id, r->today,
                                 &rows, r->error);

    while (rc >= 0 && (rc = sql_work_colleagues_next(&rows, &row, r->error)) > 0) {
        ret->ids = arena_grow(r->arena, ret->ids, &ret->capacity, ret->count + 1, sizeof(int64_t));
        ret->ids[ret->count++] = row.id;
    }
    return rc;
}

static int add_work_of(struct work *w, int64_t owner)
{
    int rc = add_alerts(w, owner);

    return rc < 0 ? rc : add_visits(w, owner);
}

/* The roster is asked once for each colleague and post. Open work of who is away has mostly
 * moved already: this is for the hours in between. */
static int add_of_those_away(struct work *w)
{
    struct request *r = w->r;
    struct posts posts = {0};
    struct colleagues taken = {0};
    int rc = read_posts(r, &posts);

    for (size_t p = 0; rc >= 0 && p < posts.count; p++) {
        struct colleagues colleagues = {0};
        rc = read_colleagues(r, &posts.list[p], &colleagues);
        for (size_t i = 0; rc >= 0 && i < colleagues.count; i++) {
            int64_t owner = colleagues.ids[i];
            bool acts = false, known = false;
            for (size_t k = 0; k < taken.count; k++)
                known |= taken.ids[k] == owner;
            if (known)
                continue;
            rc = duty_acts_for(r->d, r->account.id, owner, posts.list[p].division, r->today, &acts,
                               r->error);
            if (rc < 0 || !acts)
                continue;
            taken.ids = arena_grow(r->arena, taken.ids, &taken.capacity, taken.count + 1,
                                   sizeof(int64_t));
            taken.ids[taken.count++] = owner;
            rc = add_work_of(w, owner);
        }
    }
    return rc;
}

/* ---- what is told ---- */

static int by_urgency(const void *a, const void *b)
{
    const struct item *x = a, *y = b;

    if (item_level(x) != item_level(y))
        return item_level(x) < item_level(y) ? -1 : 1;
    if (item_due(x) != item_due(y))
        return item_due(x) < item_due(y) ? -1 : 1;
    return (item_id(x) > item_id(y)) - (item_id(x) < item_id(y));
}

static int see(struct work *w)
{
    struct cared *all = ARENA_ARRAY(w->r->arena, w->count, struct cared);

    for (size_t i = 0; i < w->count; i++)
        all[i] = w->list[i].cared;
    int rc = cared_see(w->r, w->r->d, all, w->count);
    for (size_t i = 0; i < w->count; i++)
        w->list[i].cared = all[i];
    return rc;
}

static int read_events(struct request *r, const struct item *i, struct view_value *ret)
{
    const struct care_tables *tables = shelf_tables(r->shelf);
    const char **events;
    size_t count;
    int rc = i->is_visit ? visit_open_events(r->d, tables, &i->visit, &r->account, r->now, r->arena,
                                             &events, &count, r->error)
                         : alert_open_events(r->d, tables, &i->alert, &r->account, r->now, r->arena,
                                             &events, &count, r->error);

    if (rc == 0)
        *ret = cared_events(r, events, count);
    return rc;
}

/* With whom to go is the level's, before and after the visit is planned: it tells nothing of the
 * child. */
static const char *escort_of(struct request *r, const struct item *i)
{
    const struct level_rule *rule = care_level(shelf_tables(r->shelf), item_level(i));

    if (i->is_visit)
        return escort_name(i->visit.escort);
    return rule ? escort_name((enum visit_escort)rule->escort) : "";
}

static int write_item(struct request *r, const struct item *i)
{
    const struct child *child = &i->cared.child;
    struct view_value events = VIEW_NULL;
    int rc = read_events(r, i, &events);

    if (rc < 0)
        return rc;
    struct view_value v[FIELD_WORK_ITEM_COUNT] = {
        [FIELD_WORK_ITEM_KIND] = seen_name(i->is_visit ? "visit" : "alert"),
        [FIELD_WORK_ITEM_ID] = view_number(item_id(i)),
        [FIELD_WORK_ITEM_ALERT] = i->is_visit ? seen_number(i->visit.alert_id) : VIEW_NULL,
        [FIELD_WORK_ITEM_CHILD] = view_number(i->cared.child_id),
        [FIELD_WORK_ITEM_NAME] = seen_text(child->name),
        [FIELD_WORK_ITEM_BIRTH_DATE] = child->id ? seen_day(child->birth) : VIEW_NULL,
        [FIELD_WORK_ITEM_DIVISION] = seen_number(i->cared.division),
        [FIELD_WORK_ITEM_LEVEL] = seen_name(level_name((enum level)item_level(i))),
        [FIELD_WORK_ITEM_STATE] = view_text(i->is_visit ? i->visit.state : i->alert.state),
        [FIELD_WORK_ITEM_DUE] = seen_number(i->is_visit ? i->visit.due_at : i->alert.due_at),
        [FIELD_WORK_ITEM_PLANNED] = i->is_visit ? seen_day(i->visit.planned) : VIEW_NULL,
        [FIELD_WORK_ITEM_ESCORT] = seen_name(escort_of(r, i)),
        [FIELD_WORK_ITEM_EVENTS] = events,
        [FIELD_WORK_ITEM_STANDS_IN] = view_number(i->stands_in),
        [FIELD_WORK_ITEM_CHANGED] = view_number(item_changed(i))};
    view_write(r->out, &view_of_work_item, &i->cared.sights,
               &(struct mask_context){.today = r->today}, v);
    return 0;
}

/* Ids that changed since then; more than CHANGED_MAX are not told apart. */
static int read_changed(struct request *r, int64_t since, struct colleagues *ret)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_work_changed row;
    int rc = sql_work_changed(r->d->store, since, r->account.id, CHANGED_MAX + 1, &rows, r->error);

    while (rc >= 0 && (rc = sql_work_changed_next(&rows, &row, r->error)) > 0) {
        ret->ids = arena_grow(r->arena, ret->ids, &ret->capacity, ret->count + 1, sizeof(int64_t));
        ret->ids[ret->count++] = row.id;
    }
    return rc;
}

static bool is_in(const struct work *w, int64_t id)
{
    for (size_t i = 0; i < w->count; i++)
        if (item_id(&w->list[i]) == id)
            return true;
    return false;
}

static void write_gone(struct request *r, const struct work *w, const struct colleagues *changed)
{
    json_array_begin(r->out);
    for (size_t i = 0; i < changed->count; i++)
        if (!is_in(w, changed->ids[i]))
            json_put_id(r->out, changed->ids[i]);
    json_array_end(r->out);
}

/* Where the answer begins: 0 for a whole list. */
static int read_since(struct request *r, int64_t *ret)
{
    int64_t since;

    *ret = 0;
    if (!r->query[0].p)
        return 0;
    if (!cared_instant(r->query[0], &since))
        return schema_complain(&r->faults, r->arena, r->error, "since",
                               text_in(r->error->language, N_("is no moment (RFC 3339)")));
    if (since > r->now - OLDEST && since > OVERLAP)
        *ret = since - OVERLAP;
    return 0;
}

static int write_page(struct work *w, int64_t since, const struct colleagues *changed)
{
    struct request *r = w->r;
    size_t written = 0;
    int rc = 0;

    json_object_begin(r->out);
    json_name(r->out, "items");
    json_array_begin(r->out);
    for (size_t i = 0; rc == 0 && i < w->count; i++)
        if (item_changed(&w->list[i]) > since) {
            rc = write_item(r, &w->list[i]);
            written++;
        }
    json_array_end(r->out);
    json_name(r->out, "gone");
    write_gone(r, w, changed);
    json_name(r->out, "whole");
    json_put_boolean(r->out, since == 0);
    json_name(r->out, "now");
    json_put_instant(r->out, r->now);
    json_object_end(r->out);
    r->audit.detail = arena_printf(r->arena, "%zu", written);
    return rc;
}

int route_work_list(struct request *r)
{
    struct work w = {.r = r};
    struct colleagues changed = {0};
    int64_t since;
    int rc = read_since(r, &since);

    if (rc == 0)
        rc = add_work_of(&w, r->account.id);
    if (rc == 0)
        rc = add_of_those_away(&w);
    if (rc == 0 && since)
        rc = read_changed(r, since, &changed);
    if (rc < 0)
        return rc;
    if (changed.count > CHANGED_MAX) {
        since = 0;
        changed.count = 0;
    }
    if (w.count > 0)
        qsort(w.list, w.count, sizeof(*w.list), by_urgency);
    if (w.count > WORK_MAX)
        w.count = WORK_MAX;
    if ((rc = see(&w)) < 0)
        return rc;
    return write_page(&w, since, &changed);
}
