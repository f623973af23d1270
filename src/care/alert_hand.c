/* Alerts that a person raises, who has heard something. */
#include "care/alert_inside.h"
#include "people/relation.h"
#include "store/sql_alert.h"

#define NEEDS_MAX 16

static const char *const known_needs[] = {
#define NEED(symbol, number, name) name,
#include "care/needs.def"
#undef NEED
};

/* What a person says: needs by commas, each once. */
struct heard {
    int level;
    struct slice needs;
    struct care_step how;
};

static bool is_known(struct slice need)
{
    for (size_t i = 0; i < sizeof(known_needs) / sizeof(known_needs[0]); i++)
        if (slice_is(need, known_needs[i]))
            return true;
    return false;
}

static bool among(const struct slice *list, size_t count, struct slice need)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(list[i], need))
            return true;
    return false;
}

static int join_needs(struct care *c, const struct slice *needs, size_t count, struct slice *ret,
                      struct error *e)
{
    const char *text = "";

    if (count > NEEDS_MAX)
        return error_set(e, ERR_VALUE, N_("there are not as many needs"));
    for (size_t i = 0; i < count; i++) {
        if (!is_known(needs[i]))
            return error_set(e, ERR_VALUE, N_("there is no such need"));
        if (!among(needs, i, needs[i]))
            text = arena_printf(c->arena, "%s%s%.*s", text, *text ? "," : "", (int)needs[i].n,
                                needs[i].p);
    }
    *ret = slice_from(text);
    return 0;
}

static int check(struct care *c, const struct heard *h, int64_t division, struct error *e)
{
    const struct account *by = h->how.actor;
    bool may = by && (by->role == ROLE_SUPERVISOR || by->role == ROLE_STATION_WORKER ||
                      by->role == ROLE_CENTRE_WORKER);

    if (!may || !division_covers(by->division, division))
        return error_set(e, ERR_FORBIDDEN, NULL);
    if (!care_level(c->tables, h->level))
        return error_set(e, ERR_VALUE, N_("there is no such level"));
    if (h->how.reason.n == 0)
        return error_set(e, ERR_VALUE, N_("it is not said why"));
    return 0;
}

static int open_new(struct care *c, struct alert *a, const struct heard *h, struct error *e)
{
    int rc = id_source_next(&c->alerts, c->d->sealer, &a->id, e);

    a->level = h->level;
    a->state = SLICE_LITERAL("new");
    a->origin = ALERT_BY_HAND;
    a->opened_at = c->now;
    return rc < 0 ? rc : alert_begin(c, a, h->needs, &h->how, e);
}

/* What the open one needs, and what this person names besides. */
static int add_needs(struct care *c, const struct alert *a, const struct heard *h,
                     struct slice *ret, struct error *e)
{
    struct slice *list, text = h->needs;
    size_t count;
    int rc = alert_needs(c->d, a, c->arena, &list, &count, e);

    for (size_t i = 0; i < count && rc == 0; i++) {
        bool named = false;
        for (size_t at = 0, n; at < h->needs.n && !named; at += n + 1) {
            const char *comma = memchr(h->needs.p + at, ',', h->needs.n - at);
            n = comma ? (size_t)(comma - h->needs.p) - at : h->needs.n - at;
            named = slice_equal(list[i], (struct slice){h->needs.p + at, n});
        }
        if (!named)
            text = slice_from(arena_printf(c->arena, "%.*s%s%.*s", (int)text.n, text.p,
                                           text.n ? "," : "", (int)list[i].n, list[i].p));
    }
    *ret = text;
    return rc;
}

static int join_open(struct care *c, struct alert *a, const struct heard *h, struct error *e)
{
    struct slice text, sealed;
    int before = a->level;
    int rc = add_needs(c, a, h, &text, e);

    if (rc == 0)
        rc = alert_seal_needs(c, a, text, &sealed, e);
    if (rc == 0)
        rc = sql_alert_set_by_hand(c->d->store, a->id, ALERT_BY_HAND, sealed, e);
    if (rc < 0)
        return rc;
    a->origin = ALERT_BY_HAND;
    a->basis_withdrawn = false;
    if (h->level < a->level)
        a->level = h->level;
    rc = alert_write_level(c, a, before, e);
    if (rc == 0)
        rc = care_record_step(c, ALERT_WORKFLOW, a->id, a->child_id, "raise", a->state, a->state,
                              h->how.actor, h->how.reason, 0, e);
    care_changed(c, a->division);
    return rc < 0 ? rc : alert_join(c, a, e);
}

int alert_raise_by_hand(struct care *c, int64_t child_id, int level, const struct slice *needs,
                        size_t need_count, struct slice reason, const struct account *actor,
                        int64_t *ret_id, struct error *e)
{
    struct heard h = {.level = level,
                      .how = {.actor = actor, .reason = reason, .planned = DAY_BEGINNING}};
    struct alert a;
    int64_t division;
    bool open;
    int rc = care_division(c->d, child_id, &division, e);

    if (rc == 0)
        rc = check(c, &h, division, e);
    if (rc == 0)
        rc = join_needs(c, needs, need_count, &h.needs, e);
    if (rc == 0)
        rc = alert_thread(c->d, child_id, c->arena, &open, &a, e);
    if (rc < 0)
        return rc;
    if (!open)
        a = (struct alert){.child_id = child_id, .division = division};
    rc = open ? join_open(c, &a, &h, e) : open_new(c, &a, &h, e);
    if (rc == 0)
        *ret_id = a.id;
    return rc;
}
