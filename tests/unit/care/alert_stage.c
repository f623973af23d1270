#include "alert_stage.h"

#include <string.h>

int alert_stage_follow(struct visit_cast *t, int64_t child, const char *told, const char *holding,
                       bool baseline, int64_t now)
{
    struct alert_change changes[8];
    const char *holds[8];
    size_t count = 0, held = 0;
    char *at, *word;

    for (word = strtok_r(arena_string(&t->s->arena, slice_from(told)), " ", &at); word;
         word = strtok_r(NULL, " ", &at))
        changes[count++] = (struct alert_change){word + 1, *word == '-', *word == '+',
                                                 day_of_instant(now)};
    for (word = strtok_r(arena_string(&t->s->arena, slice_from(holding)), " ", &at); word;
         word = strtok_r(NULL, " ", &at))
        holds[held++] = word;
    visit_cast_begin(t, now);
    t->c.baseline = baseline;
    return visit_cast_end(
        t, alert_follow(&t->c, child, changes, count, holds, held, ALERT_OF_RECORD, &t->s->e));
}

bool alert_stage_thread(struct visit_cast *t, int64_t child, struct alert *ret)
{
    bool found;

    OK(t->s, alert_thread(t->s->d, child, &t->s->arena, &found, ret, &t->s->e));
    return found;
}

struct alert alert_stage_open_alert(struct visit_cast *t, int64_t child)
{
    struct alert a;

    assert_true(alert_stage_thread(t, child, &a));
    return a;
}

struct alert alert_stage_get(struct visit_cast *t, int64_t id)
{
    struct alert a;

    OK(t->s, alert_get(t->s->d, id, &t->s->arena, &a, &t->s->e));
    return a;
}

int alert_stage_fire(struct visit_cast *t, int64_t alert, const struct account *actor,
                     const char *event, const char *reason, int64_t now)
{
    struct care_step step = {
        .event = event, .actor = actor, .reason = reason ? slice_from(reason) : SLICE_NONE};

    error_clear(&t->s->e);
    return CARE(t, now, alert_fire(&t->c, alert, &step, &t->s->e));
}

const char *alert_stage_causes(struct visit_cast *t, int64_t alert)
{
    struct alert a = alert_stage_get(t, alert);
    struct alert_cause *list;
    size_t count;
    const char *text = "";

    OK(t->s, alert_causes(t->s->d, &a, &t->s->arena, &list, &count, &t->s->e));
    for (size_t i = 0; i < count; i++)
        text = arena_printf(&t->s->arena, "%s%s%.*s%s", text, *text ? " " : "",
                            (int)list[i].category.n, list[i].category.p,
                            list[i].withdrawn_at ? "!" : "");
    return text;
}

const char *alert_stage_needs(struct visit_cast *t, int64_t alert)
{
    struct alert a = alert_stage_get(t, alert);
    struct slice *list;
    size_t count;
    const char *text = "";

    OK(t->s, alert_needs(t->s->d, &a, &t->s->arena, &list, &count, &t->s->e));
    for (size_t i = 0; i < count; i++)
        text = arena_printf(&t->s->arena, "%s%s%.*s", text, *text ? " " : "", (int)list[i].n,
                            list[i].p);
    return text;
}

const char *alert_stage_events(struct visit_cast *t, int64_t alert, const struct account *account)
{
    struct alert a = alert_stage_get(t, alert);
    const char **list, *text = "";
    size_t count;

    OK(t->s, alert_open_events(t->s->d, t->tables, &a, account, NOW, &t->s->arena, &list, &count,
                               &t->s->e));
    for (size_t i = 0; i < count; i++)
        text = arena_printf(&t->s->arena, "%s%s%s", text, *text ? " " : "", list[i]);
    return text;
}

int64_t alert_stage_count_of(struct visit_cast *t, const char *sql, int64_t id)
{
    return scene_count(t->s, arena_printf(&t->s->arena, "%s %lld", sql, (long long)id));
}

int64_t alert_stage_clocks(struct visit_cast *t, int64_t object)
{
    return alert_stage_count_of(
        t,
        "SELECT count(*) FROM clock WHERE stopped_at IS NULL AND fired_at IS NULL AND "
        "object_id =",
        object);
}
