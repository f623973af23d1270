#include "care/care_inside.h"

#include "store/sql_care.h"
#include "store/sql_care_event.h"
#include "store/sql_salt.h"

static struct id_source behind(struct opt_int last)
{
    return (struct id_source){last.set ? last.v : 0};
}

int care_begin(struct care *c, struct deployment *d, const struct care_tables *tables,
               struct arena *arena, int64_t now, day today, struct error *e)
{
    struct sql_care_last last;
    bool found;
    int rc = sql_care_last(d->store, &found, &last, e);

    if (rc < 0)
        return rc;
    *c = (struct care){.d = d,
                       .tables = tables,
                       .arena = arena,
                       .now = now,
                       .today = today,
                       .causes = behind(last.cause),
                       .fields = behind(last.field),
                       .events = behind(last.event),
                       .clocks = behind(last.clock),
                       .outbox = behind(last.outbox)};
    c->alerts.last = last.object.set ? last.object.v : 0;
    return 0;
}

void care_changed(struct care *c, int64_t division)
{
    for (size_t i = 0; i < c->changed_count; i++)
        if (c->changed[i] == division)
            return;
    if (c->changed_count == CARE_CHANGED_MAX)
        c->everywhere = true;
    else
        c->changed[c->changed_count++] = division;
}

int care_subject(struct deployment *d, int64_t child_id, struct error *e)
{
    struct sql_salt_of salt;
    bool found;
    int rc = sql_salt_of(d->store, child_id, &found, &salt, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_ERASED, NULL);
    if (rc == 0)
        rc = sealer_set_subject(d->sealer, (const uint8_t *)salt.salt.p, e);
    return rc;
}

int care_division(struct deployment *d, int64_t child_id, int64_t *ret, struct error *e)
{
    struct sql_care_place place;
    bool found;
    int rc = sql_care_place(d->store, child_id, &found, &place, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        *ret = place.residence.set ? place.residence.v : place.hukou.set ? place.hukou.v : 0;
    return rc;
}

/* ---- the history --------------------------------------------------------------------------------- */

static struct seal_place reason_place(int64_t event)
{
    return (struct seal_place){SLICE_LITERAL("care_event.sealed"), event};
}

int care_record_step(struct care *c, const char *workflow, int64_t object_id, int64_t child_id,
                     const char *event, struct slice from, struct slice to,
                     const struct account *actor, struct slice reason, int64_t at, struct error *e)
{
    ARENA_AUTO(scratch);
    struct slice sealed = SLICE_NONE;
    int64_t id;
    int rc = id_source_next(&c->events, c->d->sealer, &id, e);

    if (rc == 0 && reason.n > 0) {
        rc = care_subject(c->d, child_id, e);
        if (rc == 0)
            rc = sealer_seal_arena(c->d->sealer, reason_place(id), reason, &scratch, &sealed, e);
    }
    if (rc == 0)
        rc = sql_care_event_insert(c->d->store, id, slice_from(workflow), object_id, child_id,
                                   slice_from(event), from.p ? from : SLICE_LITERAL(""), to,
                                   actor ? opt_int(actor->id) : OPT_INT_NONE, at ? at : c->now,
                                   sealed, e);
    return rc;
}

static int open_reason(struct deployment *d, int64_t child_id, int64_t event, struct slice sealed,
                       struct arena *arena, struct slice *ret, struct error *e)
{
    int rc = care_subject(d, child_id, e);

    if (rc == -ERR_ERASED) { /* the history stays, without words */
        *ret = SLICE_NONE;
        error_clear(e);
        return 0;
    }
    return rc < 0 ? rc : sealer_open(d->sealer, reason_place(event), sealed, arena, ret, e);
}

int care_history(struct deployment *d, int64_t object_id, int64_t child_id, struct arena *arena,
                 struct care_event **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_care_event_of row;
    struct care_event *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_care_event_of(d->store, object_id, &rows, e);

    while (rc >= 0 && (rc = sql_care_event_of_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        struct care_event *event = &list[count++];
        *event = (struct care_event){.id = row.id,
                                     .object_id = object_id,
                                     .account_id = row.account_id.set ? row.account_id.v : 0,
                                     .event = arena_copy(arena, row.event),
                                     .from_state = arena_copy(arena, row.from_state),
                                     .to_state = arena_copy(arena, row.to_state),
                                     .at = row.at};
        if (row.sealed.p)
            rc = open_reason(d, child_id, row.id, row.sealed, arena, &event->reason, e);
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}
