#include "duty_stage.h"

#include <string.h>

#define HOUR INT64_C(3600000000)

/* Ten in the morning of the day, in Shanghai. */
static int64_t morning(day on) { return on * INT64_C(86400000000) + 2 * HOUR; }

struct stage stage_of(void **state)
{
    struct stage t = {.s = scene_of(state)};

    OK(t.s, care_tables_load(NULL, &t.s->arena, &t.tables, &t.s->e));
    t.now = morning(TODAY);
    return t;
}

struct care *stage_begin(struct stage *t, day today)
{
    if (day_of_instant(t->now) < today)
        t->now = morning(today);
    t->now += 1000000;
    OK(t->s, store_begin(t->s->d->store, &t->s->e));
    OK(t->s, care_begin(&t->c, t->s->d, t->tables, &t->s->arena, t->now, today, &t->s->e));
    return &t->c;
}

void stage_end(struct stage *t) { OK(t->s, store_commit(t->s->d->store, &t->s->e)); }

int64_t stage_account(struct stage *t, const char *name, enum role role, int64_t division)
{
    return cast_account(t->s, name, role, division, NULL, NULL, 0);
}

void stage_disable(struct stage *t, int64_t account_id)
{
    struct care *c = stage_begin(t, TODAY);

    OK(t->s, account_disable(t->s->d, account_id, 0, &t->s->e));
    OK(t->s, duty_account_gone(c, account_id, &t->s->e));
    stage_end(t);
}

int64_t stage_give(struct stage *t, int64_t division, enum role role, int64_t account_id, int rank,
                   day today)
{
    struct care *c = stage_begin(t, today);
    int64_t id;

    OK(t->s, duty_give(c, division, role, account_id, rank, today, 1, &id, &t->s->e));
    stage_end(t);
    return id;
}

int64_t stage_leave(struct stage *t, int64_t account_id, day from, day to, day today)
{
    struct care *c = stage_begin(t, today);
    int64_t id;

    OK(t->s, absence_add(c, account_id, from, to, 1, &id, &t->s->e));
    stage_end(t);
    return id;
}

int64_t stage_owner(struct stage *t, int64_t division, int step, day on)
{
    int64_t account;
    int at, rc = duty_owner(t->s->d, division, step, on, &account, &at, &t->s->e);

    return rc == -ERR_REFERENCE ? 0 : OK(t->s, rc) ? 0 : account;
}

/* The level is that of the category by policies/alerts.table. */
static const char *category_of(int level)
{
    return level == 2 ? "orphan" : level == 3 ? "destitute" : "low_income";
}

int64_t stage_alert(struct stage *t, int64_t village, int level, bool held)
{
    static int children; /* gives each its ref */
    const char *category = category_of(level);
    struct alert_change change = {.category = category, .holds = true, .on_day = TODAY};
    int64_t child = cast_child(t->s, arena_printf(&t->s->arena, "child %d", ++children),
                               "2016-05-05", village);
    day today = day_of_instant(t->now);
    struct care *c = stage_begin(t, today < TODAY ? TODAY : today);

    c->baseline = held;
    OK(t->s, alert_follow(c, child, &change, 1, &category, 1,
                          held ? ALERT_OF_BASELINE : ALERT_OF_RECORD, &t->s->e));
    stage_end(t);
    return c->alerts.last;
}

struct alert stage_alert_get(struct stage *t, int64_t id)
{
    struct alert a;

    OK(t->s, alert_get(t->s->d, id, &t->s->arena, &a, &t->s->e));
    return a;
}

void stage_fire(struct stage *t, int64_t alert, const char *event, int64_t actor, int64_t to)
{
    struct account account;
    struct care_step step = {
        .event = event, .to_account = to, .reason = SLICE_LITERAL("for a test")};
    day today = day_of_instant(t->now);
    struct care *c = stage_begin(t, today);

    if (actor) {
        account = cast_account_get(t->s, actor);
        step.actor = &account;
    }
    OK(t->s, alert_fire(c, alert, &step, &t->s->e));
    stage_end(t);
}
