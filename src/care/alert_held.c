/* What is held back is told of together: nobody gets a notice for each of thousands. */
#include "care/alert_inside.h"
#include "store/sql_alert.h"

/* The day on which a deadline has been missed. */
static day missed_on(int64_t due) { return day_of_instant(due + 1); }

static int notify(struct care *c, const struct alert *a, const struct workflow_escalation *up,
                  struct error *e)
{
    struct step_object o = alert_object(c, a);
    int rc = 0;

    for (size_t i = 0; i < up->notice_count && rc == 0; i++)
        rc = step_notify(c, &o, up->notices[i].to, up->notices[i].kind, 0, e);
    if (rc == 0 && up->notice_count > 0)
        care_changed(c, a->division);
    return rc;
}

/* Walks the escalation of one that has waited since it was opened, and tells what was missed in those days. */
static int remind(struct care *c, const struct alert *a, day from, day until, struct error *e)
{
    const struct workflow *w = care_workflow(c->tables, ALERT_WORKFLOW);
    struct workflow_times times = {a->opened_at, a->opened_at, DAY_FOREVER};
    struct workflow_escalation up = {
        .due = workflow_deadline(w, a->state, (enum level)a->level, &times)};
    int rc = 0;

    while (rc == 0 && up.due != WORKFLOW_NEVER && missed_on(up.due) <= until) {
        int64_t due = up.due;
        if (!workflow_escalate(w, a->state, (enum level)a->level, up.step, due, due, &up))
            break;
        if (missed_on(due) > from)
            rc = notify(c, a, &up, e);
        if (up.due <= due)
            break;
    }
    return rc;
}

int alert_remind(struct care *c, day from, day until, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    const struct workflow *w = care_workflow(c->tables, ALERT_WORKFLOW);
    struct sql_alert_oldest_held row;
    int rc = 0;

    if (from >= until || !workflow_tells_together(w, SLICE_LITERAL("held")))
        return 0;
    rc = sql_alert_oldest_held(c->d->store, &rows, e);
    while (rc >= 0 && (rc = sql_alert_oldest_held_next(&rows, &row, e)) > 0) {
        struct alert a;
        rc = alert_get(c->d, row.id, c->arena, &a, e);
        if (rc == 0)
            rc = remind(c, &a, from, until, e);
    }
    return rc < 0 ? rc : 0;
}
