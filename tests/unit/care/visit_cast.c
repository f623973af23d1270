#include "visit_cast.h"

#include <string.h>
#include <time.h>

struct visit_cast *visit_cast_of(void **state)
{
    struct scene *s = cast_of(state);
    struct visit_cast *t = ARENA_NEW(&s->arena, struct visit_cast);

    t->s = s;
    OK(s, care_tables_load(NULL, &s->arena, &t->tables, &s->e));
    t->director = cast_account_get(
        s, cast_account(s, "d1", ROLE_CHILD_DIRECTOR, VILLAGE, NULL, NULL, 0));
    t->neighbour = cast_account_get(
        s, cast_account(s, "d2", ROLE_CHILD_DIRECTOR, NEIGHBOUR, NULL, NULL, 0));
    t->supervisor = cast_account_get(s,
                                     cast_account(s, "s1", ROLE_SUPERVISOR, TOWN, NULL, NULL, 0));
    t->station = cast_account_get(s,
                                  cast_account(s, "w1", ROLE_STATION_WORKER, TOWN, NULL, NULL, 0));
    t->centre = cast_account_get(s,
                                 cast_account(s, "c1", ROLE_CENTRE_WORKER, COUNTY, NULL, NULL, 0));
    return t;
}

void visit_cast_begin(struct visit_cast *t, int64_t now)
{
    struct scene *s = t->s;

    OK(s, store_begin(s->d->store, &s->e));
    OK(s, care_begin(&t->c, s->d, t->tables, &s->arena, now, day_of_instant(now), &s->e));
}

int visit_cast_end(struct visit_cast *t, int rc)
{
    if (rc < 0)
        store_rollback(t->s->d->store);
    else
        OK(t->s, store_commit(t->s->d->store, &t->s->e));
    return rc;
}

int64_t visit_cast_plan(struct visit_cast *t, int64_t child, int64_t owner, int64_t now)
{
    int64_t id = 0;

    OK(t->s,
       CARE(t, now, visit_plan(&t->c, NULL, child, owner, day_of_instant(now), &id, &t->s->e)));
    return id;
}

struct alert visit_cast_alert(struct visit_cast *t, int64_t child, const char *category,
                              int64_t now)
{
    struct alert_change change = {category, false, true, day_of_instant(now)};
    struct care_step accept = {.event = "accept", .actor = &t->director};
    struct scene *s = t->s;
    struct alert a;

    OK(s,
       CARE(t, now, alert_follow(&t->c, child, &change, 1, &category, 1, ALERT_OF_RECORD, &s->e)));
    int64_t id = scene_count(
        s,
        arena_printf(&s->arena, "SELECT id FROM alert WHERE child_id = %lld AND closed_at IS NULL",
                     (long long)child));
    OK(s, CARE(t, now, alert_fire(&t->c, id, &accept, &s->e)));
    OK(s, alert_get(s->d, id, &s->arena, &a, &s->e));
    return a;
}

struct visit visit_cast_get(struct visit_cast *t, int64_t visit)
{
    struct visit v;

    OK(t->s, visit_get(t->s->d, visit, &t->s->arena, &v, &t->s->e));
    return v;
}

int visit_cast_fire(struct visit_cast *t, int64_t visit, const struct account *actor,
                    const char *event, int64_t at, int64_t now)
{
    struct care_step step = {
        .event = event, .actor = actor, .at = at, .reason = SLICE_LITERAL("rain")};

    if (strcmp(event, "record") == 0)
        step.outcome = VISIT_FALSE_ALARM;
    return CARE(t, now, visit_fire(&t->c, visit, &step, &t->s->e));
}

int64_t visit_cast_events(struct visit_cast *t, int64_t visit, const char *event)
{
    return scene_count(t->s, arena_printf(&t->s->arena,
                                          "SELECT count(*) FROM care_event WHERE object_id = %lld "
                                          "AND workflow = 'visit' AND event = '%s'",
                                          (long long)visit, event));
}

int64_t visit_cast_notices(struct visit_cast *t, int kind, int64_t account)
{
    return scene_count(
        t->s, arena_printf(&t->s->arena,
                           "SELECT count(*) FROM outbox WHERE kind = %d AND account_id = %lld",
                           kind, (long long)account));
}

bool visit_cast_task(struct visit_cast *t, int64_t child, int64_t account)
{
    return scene_count(t->s, arena_printf(&t->s->arena,
                                          "SELECT count(*) FROM assignment WHERE child_id = %lld "
                                          "AND account_id = %lld AND ended_at IS NULL",
                                          (long long)child, (long long)account)) > 0;
}

uint64_t visit_cast_seed(void)
{
    const char *given = getenv("HUMIAO_TEST_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);

    printf("# seed %llu\n", (unsigned long long)seed);
    return seed ? seed : 1;
}

uint32_t visit_cast_random(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 32) % below;
}
