/* The sheet of a visit: each value a version of its field, none overwritten. */
#include "access/packed.h"
#include "care/care_inside.h"
#include "care/sheet.h"
#include "care/tables.h"
#include "care/visit.h"
#include "care/visit_inside.h"
#include "people/assignment.h"
#include "detect/detect.h"
#include "people/relation.h"
#include "store/sql_visit.h"
#include "store/sql_visit_field.h"

#include <string.h>

enum standing { IN_FORCE = 1, REPLACED, RIVAL };

/* What a phone wrote for a visit that was taken from its owner meanwhile is taken for so long. Local,
 * unconfirmed. */
#define LATE_DAYS 30
#define DAY_OF INT64_C(86400000000)

static struct seal_place field_place(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("visit_field.sealed"), id};
}

/* A text is kept with what is sensitive in it: a byte that begins no text, and both packed. What was written
 * before texts were searched, and a choice, is the value alone. */
#define MARKED '\xFF'

static int with_marks(struct care *c, const struct visit_write *w, struct slice *ret,
                      struct error *e)
{
    struct slice parts[2] = {w->value}, packed;
    char *p;
    int rc;

    *ret = w->value;
    if (sheet_field_type(w->field) != SHEET_TEXT)
        return 0;
    rc = detect_marks(c->lexicon, w->value, c->arena, &parts[1], e);
    if (rc < 0)
        return rc;
    packed = packed_from(parts, 2, c->arena);
    p = arena_take(c->arena, packed.n + 1);
    p[0] = MARKED;
    memcpy(p + 1, packed.p, packed.n);
    *ret = (struct slice){p, packed.n + 1};
    return 0;
}

static int without_marks(struct visit_value *v, struct error *e)
{
    struct slice parts[2];

    if (v->value.n == 0 || v->value.p[0] != MARKED)
        return 0;
    if (!packed_read((struct slice){v->value.p + 1, v->value.n - 1}, parts, 2))
        return error_set(e, ERR_SEAL_BROKEN, NULL);
    v->value = parts[0];
    v->marks = parts[1];
    return 0;
}

/* ---- reading ---- */

/* Both statements that give values have these columns. The sealer is set to the child. */
static int value_from(struct deployment *d, const struct sql_visit_field_all *row,
                      struct arena *arena, struct visit_value *ret, struct error *e)
{
    *ret = (struct visit_value){.id = row->id,
                                .field = (enum sheet_field)row->field,
                                .version = (int)row->version,
                                .base = (int)row->base,
                                .standing = (int)row->standing,
                                .account_id = row->account_id,
                                .written_at = row->written_at,
                                .saved_at = row->saved_at};
    int rc = sealer_open(d->sealer, field_place(row->id), row->sealed, arena, &ret->value, e);

    return rc < 0 ? rc : without_marks(ret, e);
}

int visit_values(struct deployment *d, const struct visit *v, bool all, struct arena *arena,
                 struct visit_value **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_visit_field_all row;
    struct visit_value *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = care_subject(d, v->child_id, e);

    if (rc == 0)
        rc = sql_visit_field_all(d->store, v->id, all, &rows, e);
    while (rc >= 0 && (rc = sql_visit_field_all_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        rc = value_from(d, &row, arena, &list[count++], e);
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}

/* What a new value of a field is held against. */
struct stand {
    struct visit_value
        *list; /* what is in force, rivals, and what the writer wrote at that moment */
    size_t count;
    const struct visit_value *in_force; /* NULL: none yet */
    int newest;                         /* version; 0: none yet */
};

static int read_stand(struct care *c, const struct visit *v, const struct visit_write *w,
                      int64_t account_id, struct stand *ret, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_visit_field_newest newest;
    struct sql_visit_field_one row;
    struct sql_visit_field_all same;
    size_t capacity = 0;
    bool found;
    int rc = sql_visit_field_newest(c->d->store, v->id, w->field, &found, &newest, e);

    *ret = (struct stand){.newest = rc == 0 && found ? (int)newest.version : 0};
    if (rc == 0)
        rc = sql_visit_field_one(c->d->store, v->id, w->field, account_id, w->written_at, &rows, e);
    while (rc >= 0 && (rc = sql_visit_field_one_next(&rows, &row, e)) > 0) {
        _Static_assert(sizeof(row) == sizeof(same), "the columns are those of visit_field_all");
        memcpy(&same, &row, sizeof(row));
        ret->list = arena_grow(c->arena, ret->list, &capacity, ret->count + 1, sizeof(*ret->list));
        rc = value_from(c->d, &same, c->arena, &ret->list[ret->count++], e);
    }
    for (size_t i = 0; i < ret->count && rc >= 0; i++)
        if (ret->list[i].standing == IN_FORCE)
            ret->in_force = &ret->list[i];
    return rc < 0 ? rc : 0;
}

/* ---- writing ---- */

/* One saving: of all its values. */
struct saving {
    struct care *c;
    struct visit *v;
    const struct account *actor;
    bool changed, danger;
};

static int insert(struct saving *s, const struct visit_write *w, int version,
                  enum standing standing, struct error *e)
{
    struct care *c = s->c;
    struct slice plain, sealed;
    int64_t id;
    int rc = id_source_next(&c->fields, c->d->sealer, &id, e);

    if (rc == 0)
        rc = with_marks(c, w, &plain, e);
    if (rc == 0)
        rc = sealer_seal_arena(c->d->sealer, field_place(id), plain, c->arena, &sealed, e);
    if (rc == 0)
        rc = sql_visit_field_insert(c->d->store, id, s->v->id, s->v->child_id, w->field, version,
                                    w->base, standing, s->actor->id, w->written_at, c->now, sealed,
                                    e);
    s->changed = true;
    s->danger |= w->field == FIELD_SAFETY && slice_is(w->value, "danger");
    return rc;
}

/* Rivals that this value settles. One that was settled before, by somebody else, is settled. */
static int settle(struct saving *s, const struct stand *stand, const struct visit_write *w,
                  struct error *e)
{
    struct store *store = s->c->d->store;
    int rc = 0;

    for (size_t i = 0; i < w->merge_count && rc == 0; i++) {
        struct sql_visit_field_settled row;
        bool found = false;
        for (size_t k = 0; k < stand->count && !found; k++)
            if (stand->list[k].id == w->merges[i] && stand->list[k].standing == RIVAL) {
                found = s->changed = true;
                stand->list[k].standing = REPLACED;
                rc = sql_visit_field_stand(store, w->merges[i], REPLACED, e);
            }
        if (!found)
            rc = sql_visit_field_settled(store, w->merges[i], s->v->id, w->field, &found, &row, e);
        if (rc == 0 && !found)
            rc = error_set(e, ERR_VALUE,
                           N_("%s: a value that is to be merged is not of this field"),
                           sheet_field_name(w->field));
    }
    return rc;
}

/* The value is there already: this account wrote it before, at this moment; or it stands. Upon the version in
 * force a value that stands as a rival is a choice, and is written; a rival that this value settles stands
 * no more. */
static bool is_there(const struct saving *s, const struct stand *stand, const struct visit_write *w)
{
    bool chosen = w->base == (stand->in_force ? stand->in_force->version : 0);

    for (size_t i = 0; i < stand->count; i++) {
        const struct visit_value *v = &stand->list[i];
        if (!slice_equal(v->value, w->value))
            continue;
        if (v->account_id == s->actor->id && v->written_at == w->written_at && v->base == w->base)
            return true;
        if (v->standing == IN_FORCE || (v->standing == RIVAL && !chosen))
            return true;
    }
    return false;
}

/* What the writer wrote upon the same version before, and what stands: a person who thinks again, whose phone
 * has not heard yet which version the first became. NULL: none. */
static const struct visit_value *own_before(const struct saving *s, const struct stand *stand,
                                            const struct visit_write *w)
{
    for (size_t i = 0; i < stand->count; i++)
        if (stand->list[i].standing != REPLACED && stand->list[i].base == w->base &&
            stand->list[i].account_id == s->actor->id)
            return &stand->list[i];
    return NULL;
}

/* Where a new value stands, and which one it takes the place of (NULL: none). */
static enum standing place_of(const struct saving *s, const struct stand *stand,
                              const struct visit_write *w, const struct visit_value **ret_old)
{
    const struct visit_value *own = own_before(s, stand, w);

    *ret_old = stand->in_force;
    if (w->base == (stand->in_force ? stand->in_force->version : 0))
        return IN_FORCE;
    *ret_old = own;
    if (own && own->written_at > w->written_at) {
        *ret_old = NULL;
        return REPLACED;
    }
    return own ? (enum standing)own->standing : RIVAL;
}

static int save_one(struct saving *s, const struct visit_write *w, struct error *e)
{
    const struct visit_value *old;
    struct stand stand;
    int rc = read_stand(s->c, s->v, w, s->actor->id, &stand, e);

    if (rc < 0)
        return rc;
    if (w->base < 0 || w->base > stand.newest)
        return error_set(e, ERR_VALUE, N_("%s: there is no such version to build upon"),
                         sheet_field_name(w->field));
    rc = settle(s, &stand, w, e);
    if (rc < 0 || is_there(s, &stand, w))
        return rc;
    enum standing standing = place_of(s, &stand, w, &old);
    if (old)
        rc = sql_visit_field_stand(s->c->d->store, old->id, REPLACED, e);
    return rc < 0 ? rc : insert(s, w, stand.newest + 1, standing, e);
}

/* ---- who may ---- */

static int may_write(struct care *c, const struct visit *v, const struct account *actor,
                     int64_t written_at, struct error *e)
{
    struct workflow_actor who;
    struct sql_visit_task_had row;
    bool found = false;
    int rc = step_actor(c->d, actor, v->owner_id, v->division, c->today, &who, e);

    if (rc < 0 || who.is_owner)
        return rc;
    if (v->recorded_at && actor->role == ROLE_SUPERVISOR &&
        division_covers(actor->division, v->division))
        return 0;
    rc = sql_visit_task_had(c->d->store, v->child_id, actor->id, TASK_VISIT, written_at,
                            c->now - LATE_DAYS * DAY_OF, &found, &row, e);
    if (rc == 0 && !found)
        rc = error_set(e, ERR_FORBIDDEN, N_("the visit is another's"));
    return rc;
}

/* ---- danger ---- */

/* Told at once, whatever became of the visit. */
static int tell_danger(struct saving *s, int64_t at, struct error *e)
{
    static const enum workflow_audience told[] = {AUDIENCE_SUPERVISOR, AUDIENCE_STATION,
                                                  AUDIENCE_CENTRE};
    struct care *c = s->c;
    struct step_object object = visit_object(c, s->v);
    int rc = care_record_step(c, VISIT_WORKFLOW, s->v->id, s->v->child_id, "danger", s->v->state,
                              s->v->state, s->actor, SLICE_NONE, at, e);

    for (size_t i = 0; i < sizeof(told) / sizeof(told[0]) && rc == 0; i++)
        rc = step_notify(c, &object, told[i], "danger", s->actor->id, e);
    return rc;
}

int visit_save(struct care *c, int64_t visit_id, const struct account *actor,
               const struct visit_write *writes, size_t count, struct error *e)
{
    struct visit v;
    struct saving s = {.c = c, .v = &v, .actor = actor};
    int64_t danger_at = c->now;
    int rc = visit_get(c->d, visit_id, c->arena, &v, e);

    for (size_t i = 0; i < count && rc == 0; i++) {
        struct visit_write w = writes[i];
        bool danger = s.danger;
        if (w.written_at < v.opened_at || w.written_at > c->now)
            w.written_at = c->now;
        rc = may_write(c, &v, actor, w.written_at, e);
        if (rc == 0)
            rc = sheet_value_check(w.field, w.value, c->arena, &w.value, e);
        if (rc == 0)
            rc = care_subject(c->d, v.child_id, e);
        if (rc == 0)
            rc = save_one(&s, &w, e);
        if (s.danger && !danger)
            danger_at = w.written_at;
    }
    if (rc == 0 && s.danger)
        rc = tell_danger(&s, danger_at, e);
    if (rc == 0 && s.changed) {
        rc = sql_visit_touch(c->d->store, v.id, c->now, e);
        care_changed(c, v.division);
    }
    return rc;
}
