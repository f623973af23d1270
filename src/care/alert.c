/* From changes of verdicts to alerts: raising, joining, withdrawing, recalling. */
#include "care/alert.h"

#include "access/packed.h"
#include "care/alert_inside.h"
#include "care/visit.h"
#include "store/sql_alert.h"
#include "store/sql_alert_cause.h"

/* ---- causes ----------------------------------------------------------------------------------------- */

/* A cause in hand: one that stands in the store (id set), or one to be written. */
struct cause {
    int64_t id; /* 0: new */
    struct slice category;
    day on_day;
    bool withdrawn;
};

struct causes {
    struct cause *list;
    size_t count, capacity, old; /* `old` of them were there before */
};

static struct seal_place cause_place(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("alert_cause.sealed"), id};
}

static struct seal_place needs_place(int64_t id)
{
    return (struct seal_place){SLICE_LITERAL("alert.sealed"), id};
}

/* The sealer is set to the child. */
static int open_category(struct deployment *d, int64_t id, struct slice sealed, struct arena *arena,
                         struct slice *ret, struct error *e)
{
    struct slice packed, field;
    int rc = sealer_open(d->sealer, cause_place(id), sealed, arena, &packed, e);

    if (rc == 0 && !packed_read(packed, &field, 1))
        rc = error_set(e, ERR_DATABASE_DAMAGED, NULL);
    if (rc == 0)
        *ret = arena_copy(arena, field);
    return rc;
}

static struct cause *add_cause(struct causes *l, struct arena *arena)
{
    l->list = arena_grow(arena, l->list, &l->capacity, l->count + 1, sizeof(*l->list));
    return &l->list[l->count++];
}

static int read_standing(struct care *c, int64_t alert_id, struct causes *l, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_alert_cause_of row;
    int rc = sql_alert_cause_of(c->d->store, alert_id, &rows, e);

    while (rc >= 0 && (rc = sql_alert_cause_of_next(&rows, &row, e)) > 0) {
        if (row.withdrawn_at.set)
            continue;
        struct cause *cause = add_cause(l, c->arena);
        *cause = (struct cause){.id = row.id, .on_day = (day)row.on_day};
        rc = open_category(c->d, row.id, row.sealed, c->arena, &cause->category, e);
    }
    l->old = l->count;
    return rc < 0 ? rc : 0;
}

static struct cause *standing(const struct causes *l, struct slice category)
{
    for (size_t i = 0; i < l->count; i++)
        if (!l->list[i].withdrawn && slice_equal(l->list[i].category, category))
            return &l->list[i];
    return NULL;
}

static bool holds(const char *const *holding, size_t count, struct slice category)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(category, holding[i]))
            return true;
    return false;
}

/* In the order in which they came: what begins is a cause, unless it is one already; what ends is one no
 * longer. At last nothing stands that does not hold. */
static void take_changes(struct care *c, const struct alert_change *changes, size_t count,
                         const char *const *holding, size_t holding_count, struct causes *l)
{
    for (size_t i = 0; i < count; i++) {
        struct slice category = slice_from(changes[i].category);
        struct cause *cause = standing(l, category);
        if (changes[i].holds && !cause && care_alert_rule(c->tables, changes[i].category))
            *add_cause(l, c->arena) = (struct cause){.category = category,
                                                     .on_day = changes[i].on_day};
        if (!changes[i].holds && cause)
            cause->withdrawn = true;
    }
    for (size_t i = 0; i < l->count; i++)
        if (!holds(holding, holding_count, l->list[i].category))
            l->list[i].withdrawn = true;
}

static bool any_stands(const struct causes *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (!l->list[i].withdrawn)
            return true;
    return false;
}

static bool any_begins(const struct causes *l)
{
    for (size_t i = l->old; i < l->count; i++)
        if (!l->list[i].withdrawn)
            return true;
    return false;
}

static int write_causes(struct care *c, const struct alert *a, struct causes *l, struct error *e)
{
    int rc = 0;

    for (size_t i = 0; i < l->count && rc == 0; i++) {
        struct cause *cause = &l->list[i];
        struct slice fields[2] = {cause->category, c->edition}, sealed;
        if (i < l->old) {
            if (cause->withdrawn)
                rc = sql_alert_cause_withdraw(c->d->store, cause->id, c->now, e);
            continue;
        }
        rc = id_source_next(&c->causes, c->d->sealer, &cause->id, e);
        if (rc == 0)
            rc = sealer_seal_arena(c->d->sealer, cause_place(cause->id),
                                   packed_from(fields, 2, c->arena), c->arena, &sealed, e);
        if (rc == 0)
            rc = sql_alert_cause_insert(c->d->store, cause->id, a->id, a->child_id, cause->on_day,
                                        c->now, cause->withdrawn ? opt_int(c->now) : OPT_INT_NONE,
                                        sealed, care_opt(c->delivery_id), e);
    }
    return rc;
}

/* ---- level and needs: those of the causes that stand ------------------------------------------------ */

static int level_of(const struct care *c, const struct causes *l, int otherwise)
{
    int level = 0;

    for (size_t i = 0; i < l->count; i++) {
        const struct alert_rule *rule = l->list[i].withdrawn
                                            ? NULL
                                            : care_alert_rule(c->tables, l->list[i].category.p);
        if (rule && (level == 0 || rule->level < level))
            level = rule->level;
    }
    return level ? level : otherwise;
}

static bool names(const struct slice *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(list[i], name))
            return true;
    return false;
}

/* Names of needs by commas, each once; behind those that a person named. */
static struct slice needs_of(const struct care *c, const struct causes *l, const struct slice *own,
                             size_t own_count)
{
    struct slice list[64];
    size_t count = 0;
    const char *text = "";

    for (; count < own_count && count < 64; count++) {
        list[count] = own[count];
        text = arena_printf(c->arena, "%s%s%.*s", text, *text ? "," : "", (int)own[count].n,
                            own[count].p);
    }
    for (size_t i = 0; i < l->count; i++) {
        const struct alert_rule *rule = l->list[i].withdrawn
                                            ? NULL
                                            : care_alert_rule(c->tables, l->list[i].category.p);
        for (size_t n = 0; rule && n < rule->need_count && count < 64; n++) {
            if (names(list, count, rule->needs[n]))
                continue;
            list[count++] = slice_from(rule->needs[n]);
            text = arena_printf(c->arena, "%s%s%s", text, *text ? "," : "", rule->needs[n]);
        }
    }
    return slice_from(text);
}

int alert_seal_needs(struct care *c, const struct alert *a, struct slice needs, struct slice *ret,
                     struct error *e)
{
    int rc = care_subject(c->d, a->child_id, e);

    return rc < 0 ? rc
                  : sealer_seal_arena(c->d->sealer, needs_place(a->id), needs, c->arena, ret, e);
}

/* ---- a new thread ------------------------------------------------------------------------------------ */

static int insert(struct care *c, const struct alert *a, struct slice text, struct error *e)
{
    struct slice needs;
    int rc = alert_seal_needs(c, a, text, &needs, e);

    if (rc == 0)
        rc = sql_alert_insert(c->d->store, a->id, a->child_id, a->division, a->level, a->state,
                              care_edition(c->tables, ALERT_WORKFLOW), OPT_INT_NONE, a->step,
                              a->origin, a->opened_at, c->now, care_opt(a->due_at), needs, e);
    return rc;
}

/* Held back: no owner, no clock, no notice. Else it is given out at once; where nobody is on duty its clock
 * runs for the supervisor. */
int alert_begin(struct care *c, struct alert *a, struct slice needs, const struct care_step *how,
                struct error *e)
{
    const struct workflow *w = care_workflow(c->tables, ALERT_WORKFLOW);
    struct care_step push = {.event = "push", .planned = DAY_BEGINNING};
    struct workflow_times times = alert_times(c, a);
    struct workflow_decision decision;
    int rc = workflow_begin(w, a->state, (enum level)a->level, &times, &decision, e);

    if (rc < 0)
        return rc;
    a->step = decision.step;
    if (!alert_is(a, "held")) {
        rc = alert_find_owner(c, a, &push.to_account, e);
        a->due_at = decision.due == WORKFLOW_NEVER ? 0 : decision.due;
    }
    if (rc == 0)
        rc = insert(c, a, needs, e);
    if (rc < 0)
        return rc;
    if (push.to_account == 0 && !alert_is(a, "held")) {
        struct step_object o = alert_object(c, a);
        return step_write(c, &o, &decision, how, e);
    }
    rc = care_record_step(c, ALERT_WORKFLOW, a->id, a->child_id, "begun", SLICE_NONE, a->state,
                          how->actor, how->reason, 0, e);
    care_changed(c, a->division);
    if (alert_is(a, "held"))
        return rc;
    return rc < 0 ? rc : alert_step(c, a, &push, e);
}

static int raise_alert(struct care *c, int64_t child_id, struct causes *l, enum alert_origin origin,
                       struct error *e)
{
    const struct care_step by_system = {.planned = DAY_BEGINNING};
    struct alert a = {.child_id = child_id,
                      .level = level_of(c, l, 0),
                      .state = c->baseline ? SLICE_LITERAL("held") : SLICE_LITERAL("new"),
                      .origin = c->baseline ? ALERT_OF_BASELINE : origin,
                      .opened_at = c->now};
    int rc = care_division(c->d, child_id, &a.division, e);

    if (rc == 0)
        rc = id_source_next(&c->alerts, c->d->sealer, &a.id, e);
    if (rc == 0) /* causes first: guards look for them */
        rc = write_causes(c, &a, l, e);
    return rc < 0 ? rc : alert_begin(c, &a, needs_of(c, l, NULL, 0), &by_system, e);
}

/* ---- the open thread ---------------------------------------------------------------------------------- */

int alert_join(struct care *c, struct alert *a, struct error *e)
{
    const struct care_step joins = {.event = "join", .planned = DAY_BEGINNING};
    const struct care_step release = {.event = "release", .planned = DAY_BEGINNING};
    int rc = alert_step(c, a, &joins, e);

    if (rc == 0 && alert_is(a, "held") && !c->baseline)
        rc = alert_step(c, a, &release, e);
    return rc;
}

/* Nothing supports it any more. */
static int withdraw(struct care *c, struct alert *a, struct error *e)
{
    bool untouched = alert_is(a, "new") || alert_is(a, "held") || alert_is(a, "pushed");
    const struct care_step how = {.event = untouched ? "recall" : "withdraw_basis",
                                  .planned = DAY_BEGINNING};

    return a->basis_withdrawn ? 0 : alert_step(c, a, &how, e);
}

/* Where a person stands behind it, what they named stays. */
static int write_needs(struct care *c, const struct alert *a, const struct causes *l,
                       struct error *e)
{
    struct slice *own = NULL, needs;
    size_t own_count = 0;
    int rc = a->origin == ALERT_BY_HAND ? alert_needs(c->d, a, c->arena, &own, &own_count, e) : 0;

    if (rc == 0)
        rc = alert_seal_needs(c, a, needs_of(c, l, own, own_count), &needs, e);
    return rc < 0 ? rc : sql_alert_set_needs(c->d->store, a->id, needs, e);
}

int alert_write_level(struct care *c, struct alert *a, int before, struct error *e)
{
    bool rose = a->level < before;
    int rc = rose && !alert_is(a, "held") ? alert_hasten(c, a, e) : 0;

    if (rc == 0)
        rc = alert_write(c, a, e);
    return rc == 0 && rose ? visit_hasten(c, a, e) : rc;
}

static int change_thread(struct care *c, struct alert *a, struct causes *l, struct error *e)
{
    bool by_hand = a->origin == ALERT_BY_HAND, supported = by_hand || any_stands(l);
    bool news = any_begins(l);
    int before = a->level, rc = write_causes(c, a, l, e);

    if (rc == 0 && supported)
        rc = write_needs(c, a, l, e);
    if (rc < 0)
        return rc;
    a->level = level_of(c, l, before);
    if (by_hand && a->level > before) /* a person said how urgent it is */
        a->level = before;
    if (supported)
        a->basis_withdrawn = false;
    rc = alert_write_level(c, a, before, e);
    if (rc < 0)
        return rc;
    care_changed(c, a->division);
    return !supported ? withdraw(c, a, e) : news ? alert_join(c, a, e) : 0;
}

static bool anything_new(const struct causes *l)
{
    for (size_t i = 0; i < l->old; i++)
        if (l->list[i].withdrawn)
            return true;
    return l->count > l->old;
}

int alert_follow(struct care *c, int64_t child_id, const struct alert_change *changes,
                 size_t change_count, const char *const *holding, size_t holding_count,
                 enum alert_origin origin, struct error *e)
{
    struct causes causes = {.count = 0};
    struct alert a;
    bool open;
    int rc = alert_thread(c->d, child_id, c->arena, &open, &a, e);

    if (rc == 0)
        rc = care_subject(c->d, child_id, e);
    if (rc == 0 && open)
        rc = read_standing(c, a.id, &causes, e);
    if (rc < 0)
        return rc;
    take_changes(c, changes, change_count, holding, holding_count, &causes);
    if (open)
        return anything_new(&causes) ? change_thread(c, &a, &causes, e) : 0;
    /* What began and ended while nobody looked is in the verdicts' history: nobody can be sent there. */
    return any_stands(&causes) ? raise_alert(c, child_id, &causes, origin, e) : 0;
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

int alert_needs(struct deployment *d, const struct alert *a, struct arena *arena,
                struct slice **ret, size_t *ret_count, struct error *e)
{
    struct sql_alert_needs row;
    struct slice text, *list = NULL;
    size_t count = 0, capacity = 0;
    bool found;
    int rc = care_subject(d, a->child_id, e);

    /* The row is lent until the next statement: it is opened at once. */
    if (rc == 0)
        rc = sql_alert_needs(d->store, a->id, &found, &row, e);
    if (rc == 0 && !found)
        rc = error_set(e, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        rc = sealer_open(d->sealer, needs_place(a->id), row.sealed, arena, &text, e);
    if (rc < 0)
        return rc;
    for (size_t at = 0, n; at < text.n; at += n + 1) {
        const char *comma = memchr(text.p + at, ',', text.n - at);
        n = comma ? (size_t)(comma - text.p) - at : text.n - at;
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        list[count++] = (struct slice){text.p + at, n};
    }
    *ret = list;
    *ret_count = count;
    return 0;
}

int alert_causes(struct deployment *d, const struct alert *a, struct arena *arena,
                 struct alert_cause **ret, size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_alert_cause_of row;
    struct alert_cause *list = NULL;
    size_t count = 0, capacity = 0;
    int rc = care_subject(d, a->child_id, e);

    if (rc == 0)
        rc = sql_alert_cause_of(d->store, a->id, &rows, e);
    while (rc >= 0 && (rc = sql_alert_cause_of_next(&rows, &row, e)) > 0) {
        list = arena_grow(arena, list, &capacity, count + 1, sizeof(*list));
        struct alert_cause *cause = &list[count++];
        *cause = (struct alert_cause){.id = row.id,
                                      .on_day = (day)row.on_day,
                                      .known_at = row.known_at,
                                      .withdrawn_at = care_instant(row.withdrawn_at)};
        rc = open_category(d, row.id, row.sealed, arena, &cause->category, e);
    }
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = count;
    return 0;
}
