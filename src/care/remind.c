#include "care/remind.h"

#include "care/step.h"
#include "care/tables.h"
#include "store/sql_alert.h"

#define HELD SLICE_LITERAL("held")

/* A deadline that ends with a day is missed on the next one. */
static day missed_on(int64_t due) { return day_of_instant(due + 1); }

static int remind(struct care *c, const struct workflow *w, const struct sql_alert_held_oldest *row,
                  day from, struct error *e)
{
    const struct step_object oldest = {
        .workflow = w, .id = row->id, .child_id = row->child_id, .division = row->division};
    const struct workflow_times times = {
        .now = row->opened_at, .opened_at = row->opened_at, .day_set = DAY_FOREVER};
    enum level level = (enum level)row->level;
    int64_t due = workflow_deadline(w, HELD, level, &times);
    int step = (int)workflow_waits_for(w, HELD), rc = 0;
    struct workflow_escalation up;

    while (rc == 0 && due != WORKFLOW_NEVER && missed_on(due) <= c->today &&
           workflow_escalate(w, HELD, level, step, due, due, &up)) {
        for (size_t i = 0; i < up.notice_count && missed_on(due) > from && rc == 0; i++)
            rc = step_notify(c, &oldest, up.notices[i].to, up.notices[i].kind, 0, e);
        step = up.step;
        due = up.due;
    }
    return rc;
}

int remind_held(struct care *c, day from, struct error *e)
{
    const struct workflow *w = care_workflow(c->tables, "alert");
    struct sql_alert_held_oldest *list = NULL, row;
    size_t count = 0, capacity = 0;
    STORE_ROWS_AUTO struct store_rows rows = {0};
    int rc = 0;

    if (!workflow_tells_together(w, HELD))
        return 0; /* each has its clock then */
    rc = sql_alert_held_oldest(c->d->store, &rows, e);
    while (rc >= 0 && (rc = sql_alert_held_oldest_next(&rows, &row, e)) > 0) {
        list = arena_grow(c->arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = row;
    }
    for (size_t i = 0; i < count && rc >= 0; i++)
        rc = remind(c, w, &list[i], from, e);
    return rc < 0 ? rc : 0;
}
