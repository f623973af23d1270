#include "intake/judge.h"

#include "store/sql_deployment.h"

static int begin_care(const struct batch *b, const struct judgement *j, day today, struct care *ret,
                      struct error *e)
{
    int rc = care_begin(ret, b->d, j->tables, b->arena, b->now, today, e);

    ret->baseline = j->baseline;
    ret->edition = SLICE_OF(j->edition->hash);
    ret->delivery_id = b->delivery_id;
    return rc;
}

int batch_judge(const struct batch *b, struct judgement *j, struct error *e)
{
    struct sql_deployment_get deployment;
    struct verdict_subjects of = {b->touched, b->touched_count, b->listed, b->listed_count};
    struct care care;
    int64_t *children;
    size_t count;
    bool found;
    int rc = sql_deployment_get(b->d->store, &found, &deployment, e);

    if (rc < 0)
        return rc;
    struct verdict_work w = {.d = b->d,
                             .edition = j->edition,
                             .ticked = deployment.last_tick.set,
                             .clock = deployment.last_tick.set ? (day)deployment.last_tick.v
                                                               : day_today(),
                             .tell = j->tell,
                             .context = j->context};
    rc = verdict_begin(&w, e);
    if (rc == 0 && j->tables) {
        rc = begin_care(b, j, w.clock, &care, e);
        w.care = &care;
    }
    if (rc == 0)
        rc = verdict_children_of(b->d, &of, b->arena, &children, &count, e);
    if (rc == 0)
        rc = verdict_children(&w, children, count, e);
    if (rc < 0)
        return rc;
    j->told = w.told;
    if (w.care) {
        j->changed = ARENA_ARRAY(b->arena, care.changed_count + 1, int64_t);
        memcpy(j->changed, care.changed, care.changed_count * sizeof(*care.changed));
        j->changed_count = care.changed_count;
        j->everywhere = care.everywhere;
    }
    return 0;
}
