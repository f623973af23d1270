#include "care/visit.h"

#include "care/alert.h"
#include "care/care_inside.h"
#include "care/tables.h"
#include "care/visit_inside.h"
#include "people/relation.h"
#include "store/sql_visit.h"

#include <string.h>

#define OPEN_OF_CHILD_MAX 20

/* All statements that give visits have the columns of visit_of_id. */
static struct visit visit_from(const struct sql_visit_of_id *row, struct arena *arena)
{
    return (struct visit){
        .id = row->id,
        .child_id = row->child_id,
        .alert_id = care_instant(row->alert_id),
        .division = row->division,
        .level = (int)row->level,
        .state = arena_copy(arena, row->state),
        .owner_id = care_instant(row->owner_id),
        .step = (int)row->step,
        .escort = (enum visit_escort)row->escort,
        .planned = row->planned_day.set ? (day)row->planned_day.v : DAY_BEGINNING,
        .postponed = (int)row->postponed,
        .opened_at = row->opened_at,
        .due_at = care_instant(row->due_at),
        .started_at = care_instant(row->started_at),
        .back_at = care_instant(row->back_at),
        .recorded_at = care_instant(row->recorded_at),
        .changed_at = row->changed_at,
        .closed_at = care_instant(row->closed_at),
        .outcome = (enum visit_outcome)care_instant(row->outcome),
    };
}

int visit_get(struct deployment *d, int64_t id, struct arena *arena, struct visit *ret,
              struct error *e)
{
    struct sql_visit_of_id row;
    bool found;
    int rc = sql_visit_of_id(d->store, id, &found, &row, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = visit_from(&row, arena);
    return rc;
}

int visit_keep(struct care *c, struct visit *v, struct error *e)
{
    struct opt_int planned = v->planned == DAY_BEGINNING ? OPT_INT_NONE : opt_int(v->planned);

    v->changed_at = c->now;
    return sql_visit_set(c->d->store, v->id, v->state, care_opt(v->owner_id), v->step, planned,
                         v->postponed, care_opt(v->due_at), care_opt(v->started_at),
                         care_opt(v->back_at), care_opt(v->recorded_at), care_opt(v->outcome),
                         c->now, care_opt(v->closed_at), e);
}

struct step_object visit_object(const struct care *c, const struct visit *v)
{
    return (struct step_object){.workflow = care_workflow(c->tables, VISIT_WORKFLOW),
                                .id = v->id,
                                .child_id = v->child_id,
                                .division = v->division,
                                .owner_id = v->owner_id};
}

int64_t visit_moment(const struct care *c, const struct visit *v, int64_t at)
{
    int64_t least = v->opened_at;

    if (v->started_at > least)
        least = v->started_at;
    if (v->back_at > least)
        least = v->back_at;
    return at >= least && at <= c->now ? at : c->now;
}

/* ---- planning ---- */

static int insert(struct care *c, struct visit *v, struct error *e)
{
    int rc = id_source_next(&c->visits, c->d->sealer, &v->id, e);

    return rc < 0 ? rc
                  : sql_visit_insert(c->d->store, v->id, v->child_id, care_opt(v->alert_id),
                                     v->division, v->level, v->state,
                                     care_edition(c->tables, VISIT_WORKFLOW), care_opt(v->owner_id),
                                     v->step, v->escort, opt_int(v->planned), c->now,
                                     care_opt(v->due_at), e);
}

/* Told apart from the alert's: who accepted an alert knows of its visit. */
static int begin(struct care *c, struct visit *v, const struct account *by, struct error *e)
{
    const struct workflow *w = care_workflow(c->tables, VISIT_WORKFLOW);
    struct workflow_times times = {.now = c->now, .opened_at = c->now, .day_set = v->planned};
    struct workflow_decision decision;
    struct care_step how = {.actor = by, .planned = v->planned};
    int rc = workflow_begin(w, SLICE_NONE, (enum level)v->level, &times, &decision, e);

    if (rc < 0)
        return rc;
    v->state = slice_from(decision.to);
    v->step = decision.step;
    v->due_at = decision.due == WORKFLOW_NEVER ? 0 : decision.due;
    rc = insert(c, v, e);
    if (rc < 0)
        return rc;
    struct step_object object = visit_object(c, v);
    rc = step_write(c, &object, &decision, &how, e);
    if (rc == 0 && v->alert_id == 0)
        rc = step_notify(c, &object, AUDIENCE_OWNER, "visit_planned", by ? by->id : 0, e);
    return rc < 0 || v->owner_id == 0 ? rc : step_assign(c, v->child_id, v->owner_id, e);
}

static int plan_routine(struct care *c, const struct account *by, int64_t child_id,
                        int64_t owner_id, day planned, enum visit_escort escort, int64_t *ret_id,
                        struct error *e)
{
    struct visit v = {.child_id = child_id,
                      .level = LEVEL_LOW,
                      .owner_id = owner_id,
                      .escort = escort,
                      .planned = planned > c->today ? planned : c->today};
    int rc = care_division(c->d, child_id, &v.division, e);

    if (rc == 0)
        rc = begin(c, &v, by, e);
    if (rc == 0)
        *ret_id = v.id;
    return rc;
}

int visit_plan_routine(struct care *c, int64_t child_id, int64_t owner_id, day planned,
                       enum visit_escort escort, int64_t *ret_id, struct error *e)
{
    return plan_routine(c, NULL, child_id, owner_id, planned, escort, ret_id, e);
}

enum visit_escort visit_escort_of(const struct care *c, int level)
{
    const struct level_rule *rule = care_level(c->tables, level);

    return rule ? (enum visit_escort)rule->escort : ESCORT_PAIR;
}

int visit_plan_by(struct care *c, const struct account *by, int64_t child_id, int64_t owner_id,
                  day planned, int64_t *ret_id, struct error *e)
{
    return plan_routine(c, by, child_id, owner_id, planned, visit_escort_of(c, LEVEL_LOW), ret_id,
                        e);
}

/* The family is not visited twice: what the round had planned for the child is called off. */
static int call_off_round(struct care *c, int64_t child_id, struct error *e)
{
    const struct visit_filter open = {.child_id = child_id};
    const struct care_step off = {.event = "call_off", .planned = DAY_BEGINNING};
    struct visit *list;
    size_t count;
    int rc = visit_list(c->d, &open, 0, OPEN_OF_CHILD_MAX, c->arena, &list, &count, e);

    for (size_t i = 0; i < count && rc == 0; i++)
        if (!list[i].alert_id && slice_is(list[i].state, "planned"))
            rc = visit_fire(c, list[i].id, &off, e);
    return rc;
}

int visit_plan(struct care *c, const struct alert *alert, int64_t child_id, int64_t owner_id,
               day planned, int64_t *ret_id, struct error *e)
{
    if (!alert)
        return visit_plan_by(c, NULL, child_id, owner_id, planned, ret_id, e);
    struct visit v = {.child_id = child_id,
                      .alert_id = alert->id,
                      .level = alert->level,
                      .owner_id = owner_id,
                      .escort = visit_escort_of(c, alert->level),
                      .planned = planned > c->today ? planned : c->today,
                      .division = alert->division};
    int rc = call_off_round(c, child_id, e);
    if (rc == 0)
        rc = begin(c, &v, NULL, e);
    if (rc == 0)
        rc = deal_village(c, v.division, v.planned, v.planned, false, e);
    if (rc == 0)
        *ret_id = v.id;
    return rc;
}

/* ---- reading ---- */

struct page {
    struct arena *arena;
    struct visit *list;
    size_t count, capacity;
};

#define ADD_ROWS(page, rows, statement, e)                                                   \
    do {                                                                                     \
        struct sql_##statement row;                                                          \
        struct sql_visit_of_id same;                                                         \
        _Static_assert(sizeof(row) == sizeof(same), "the columns are those of visit_of_id"); \
        while (rc >= 0 && (rc = sql_##statement##_next(rows, &row, e)) > 0) {                \
            memcpy(&same, &row, sizeof(row));                                                \
            (page)->list = arena_grow((page)->arena, (page)->list, &(page)->capacity,        \
                                      (page)->count + 1, sizeof(*(page)->list));             \
            (page)->list[(page)->count++] = visit_from(&same, (page)->arena);                \
        }                                                                                    \
    } while (0)

int visit_list(struct deployment *d, const struct visit_filter *f, int64_t after, size_t limit,
               struct arena *arena, struct visit **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct page page = {.arena = arena};
    int64_t first = f->division, last = f->division ? division_last(f->division) : INT64_MAX;
    int rc;

    if (f->owner_id) {
        rc = sql_visit_of_owner(d->store, f->owner_id, f->child_id, first, last, f->closed,
                                f->changed_after, after, (int64_t)limit, &rows, e);
        ADD_ROWS(&page, &rows, visit_of_owner, e);
    } else if (f->child_id) {
        rc = sql_visit_of_child(d->store, f->child_id, first, last, f->closed, f->changed_after,
                                after, (int64_t)limit, &rows, e);
        ADD_ROWS(&page, &rows, visit_of_child, e);
    } else {
        rc = sql_visit_of_area(d->store, first, last, f->changed_after, after, (int64_t)limit,
                               &rows, e);
        ADD_ROWS(&page, &rows, visit_of_area, e);
    }
    if (rc < 0)
        return rc;
    *ret = page.list;
    *ret_count = page.count;
    return 0;
}
