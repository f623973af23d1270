/* The life of an opening: asked, decided, ended, reviewed. What an opening may show is the table's
 * to say (clearance.h), each time anew: here stands only who has asked for what, and until when. */
#include "access/opening.h"

#include "access/audit.h"
#include "access/opening_inside.h"
#include "store/sql_opening.h"
#include "store/sql_salt.h"

#include <stdio.h>

#define MINUTE INT64_C(60000000) /* in microseconds */
#define REASON_MAX 500
#define DETAIL_SIZE 512
#define CLASSES_ALL ((UINT64_C(1) << CLASS_COUNT) - 1)

/* What the table says of all the classes of a request together. */
struct terms {
    enum opening_way way;
    int64_t minutes;
};

/* Approval is the strictest: what needs a second person does not open without one because a glass
 * is broken for something else. */
static int strictness(enum opening_way way)
{
    switch (way) {
    case WAY_TAP: return 1;
    case WAY_GLASS: return 2;
    case WAY_APPROVAL: return 3;
    case WAY_NONE:
    case WAY_FREE: break;
    }
    return 0;
}

/* ERR_FORBIDDEN names the first class that is not opened; the time is the shortest of them. */
static int find_terms(const struct clearance *c, enum role role, enum relation relation,
                      enum purpose purpose, uint64_t classes, struct terms *ret, struct error *e)
{
    struct terms terms = {WAY_NONE, INT64_MAX};

    for (int class = 0; class < CLASS_COUNT; class ++) {
        if (!(classes >> class & 1))
            continue;
        struct clearance_rule rule = clearance_rule(c, (enum data_class) class, role, relation,
                                                    purpose);
        if (strictness((enum opening_way)rule.way) == 0 || rule.sight == SIGHT_ABSENT)
            return error_set(e, ERR_FORBIDDEN, N_("%s is not opened for %s"),
                             data_class_name((enum data_class) class), purpose_name(purpose));
        if (strictness((enum opening_way)rule.way) > strictness(terms.way))
            terms.way = (enum opening_way)rule.way;
        if (rule.minutes < terms.minutes)
            terms.minutes = rule.minutes;
    }
    *ret = terms;
    return 0;
}

/* Purpose and classes in words of the tables: nothing personal. */
static const char *describe(enum purpose purpose, uint64_t classes, char text[DETAIL_SIZE])
{
    size_t n = (size_t)snprintf(text, DETAIL_SIZE, "%s", purpose_name(purpose));

    for (int class = 0; class < CLASS_COUNT && n < DETAIL_SIZE; class ++)
        if (classes >> class & 1)
            n += (size_t)snprintf(text + n, DETAIL_SIZE - n, " %s",
                                  data_class_name((enum data_class) class));
    return text;
}

static int tell(struct deployment *d, enum audit_event event, const struct opening *o, int64_t by,
                const char *detail, struct error *e)
{
    return audit_append(d,
                        &(struct audit_entry){.event = event,
                                              .account_id = by,
                                              .child_id = o->child_id,
                                              .object_id = o->id,
                                              .detail = detail},
                        e);
}

static int check_request(const struct opening_request *r, struct error *e)
{
    if (r->account_id <= 0 || r->child_id <= 0 || r->purpose <= PURPOSE_NONE ||
        r->purpose >= PURPOSE_COUNT)
        return error_set(e, ERR_VALUE, N_("an opening needs an account, a child and a purpose"));
    if (r->classes == 0 || (r->classes & ~CLASSES_ALL))
        return error_set(e, ERR_VALUE, N_("an opening names at least one class of data"));
    if (r->reason.n > REASON_MAX)
        return error_set(e, ERR_VALUE, N_("a reason has at most %d bytes"), REASON_MAX);
    return 0;
}

/* What the same account has open, or waiting for the same approval, that covers the request. One
 * asked under another relation does not: the table may have said something else of that. */
static const struct opening *find_standing(const struct opening *list, size_t count,
                                           const struct opening_request *r, enum opening_way way)
{
    const struct opening *found = NULL;

    for (size_t i = 0; i < count; i++) {
        const struct opening *o = &list[i];
        bool stands = o->state == OPENING_OPEN ||
                      (o->state == OPENING_ASKED && way == WAY_APPROVAL);
        if (stands && o->child_id == r->child_id && o->purpose == r->purpose &&
            o->relation == r->relation && (o->classes & r->classes) == r->classes &&
            (!found || o->state >= found->state))
            found = o;
    }
    return found;
}

static int seal_reason(struct deployment *d, const struct opening *o, struct arena *arena,
                       struct slice *ret, struct error *e)
{
    struct sql_salt_of salt;
    bool found;
    int rc = sql_salt_of(d->store, o->account_id, &found, &salt, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_ERASED, NULL);
    if (rc == 0)
        rc = sealer_set_subject(d->sealer, (const uint8_t *)salt.salt.p, e);
    return rc < 0 ? rc
                  : sealer_seal_arena(d->sealer, opening_reason_place(o->id), o->reason, arena, ret,
                                      e);
}

static int insert(struct deployment *d, struct opening *o, struct arena *arena, struct error *e)
{
    struct sql_opening_last last;
    struct slice sealed;
    bool found;
    int rc = sql_opening_last(d->store, &found, &last, e);

    if (rc < 0)
        return rc;
    struct id_source ids = {found ? last.id : 0};
    rc = id_source_next(&ids, d->sealer, &o->id, e);
    if (rc == 0)
        rc = seal_reason(d, o, arena, &sealed, e);
    if (rc < 0)
        return rc;
    return sql_opening_insert(
        d->store, o->id, o->account_id, o->child_id, (int64_t)o->classes, o->purpose, o->relation,
        o->state, o->glass, o->asked_at, o->expires_at ? opt_int(o->expires_at) : OPT_INT_NONE,
        o->review_due != DAY_FOREVER ? opt_int(o->review_due) : OPT_INT_NONE, sealed, e);
}

/* A new opening on the terms of the table. */
static int begin(struct deployment *d, const struct opening_request *r, const struct terms *terms,
                 struct slice reason, struct arena *arena, struct opening *ret, struct error *e)
{
    bool asks = terms->way == WAY_APPROVAL;
    bool glass = terms->way == WAY_GLASS;
    char detail[DETAIL_SIZE];
    struct opening o = {
        .account_id = r->account_id,
        .child_id = r->child_id,
        .classes = r->classes,
        .purpose = r->purpose,
        .relation = r->relation,
        .state = asks ? OPENING_ASKED : OPENING_OPEN,
        .glass = glass,
        .asked_at = r->now,
        .expires_at = asks ? 0 : r->now + terms->minutes * MINUTE,
        .review_due = glass ? day_add_days(day_of_instant(r->now), 1) : DAY_FOREVER,
        .reason = reason.p ? arena_copy(arena, reason) : SLICE_LITERAL(""),
    };
    int rc = insert(d, &o, arena, e);

    if (rc == 0)
        rc = tell(d,
                  asks    ? AUDIT_OPENING_ASKED
                  : glass ? AUDIT_GLASS_BROKEN
                          : AUDIT_OPENING_GRANTED,
                  &o, o.account_id, describe(o.purpose, o.classes, detail), e);
    if (rc == 0 && !asks)
        rc = opening_alarms(d, &o, r->now, e);
    if (rc == 0)
        *ret = o;
    return rc;
}

int opening_ask(struct deployment *d, const struct clearance *c, const struct opening_request *r,
                struct arena *arena, struct opening *ret, struct error *e)
{
    struct slice reason = slice_trim(r->reason);
    const struct opening *standing;
    struct opening *list;
    struct terms terms;
    size_t count;
    int rc = check_request(r, e);

    if (rc == 0)
        rc = find_terms(c, r->role, r->relation, r->purpose, r->classes, &terms, e);
    if (rc == 0)
        rc = opening_current(d, r->account_id, r->now, arena, &list, &count, e);
    if (rc < 0)
        return rc;
    if ((standing = find_standing(list, count, r, terms.way))) {
        *ret = *standing;
        return 0;
    }
    if (terms.way != WAY_TAP && reason.n == 0)
        return error_set(e, ERR_VALUE, N_("this opening needs a reason"));
    return begin(d, r, &terms, reason, arena, ret, e);
}

/* Whether `by` answers for what the account that asked opens. */
static int check_approver(struct deployment *d, const struct clearance *c, const struct opening *o,
                          const struct account *by, enum role *ret_asker, struct error *e)
{
    struct sql_opening_asker asker;
    bool found;
    int rc = sql_opening_asker(d->store, o->account_id, &found, &asker, e);

    if (rc < 0)
        return rc;
    if (by->id == o->account_id)
        return error_set(e, ERR_FORBIDDEN, N_("nobody decides on what they asked for themselves"));
    if (!found || by->disabled || !clearance_approves(c, by->role, (enum role)asker.role))
        return error_set(e, ERR_FORBIDDEN, N_("that is for another role to decide"));
    *ret_asker = (enum role)asker.role;
    return 0;
}

/* The table is asked again: it may have changed, or the account's role. */
static int grant(struct deployment *d, const struct clearance *c, struct opening *o,
                 enum role asker, int64_t by, struct error *e)
{
    struct terms terms;
    int rc = find_terms(c, asker, o->relation, o->purpose, o->classes, &terms, e);

    if (rc < 0)
        return rc;
    o->state = OPENING_OPEN;
    o->expires_at = o->decided_at + terms.minutes * MINUTE;
    rc = sql_opening_granted(d->store, o->id, by, o->decided_at, o->expires_at, e);
    if (rc == 0)
        rc = tell(d, AUDIT_OPENING_GRANTED, o, by, NULL, e);
    return rc < 0 ? rc : opening_alarms(d, o, o->decided_at, e);
}

int opening_decide(struct deployment *d, const struct clearance *c, int64_t opening_id,
                   const struct account *approver, bool granted, int64_t now, struct arena *arena,
                   struct opening *ret, struct error *e)
{
    enum role asker = ROLE_NONE;
    struct opening o;
    int rc = opening_get(d, opening_id, now, arena, &o, e);

    if (rc == 0)
        rc = check_approver(d, c, &o, approver, &asker, e);
    if (rc == 0 && o.state != OPENING_ASKED)
        rc = error_set(e, ERR_WRONG_STATE, N_("it is %s, and waits for no decision"),
                       opening_state_name(o.state));
    if (rc < 0)
        return rc;
    o.decided_by = approver->id;
    o.decided_at = now;
    if (granted) {
        rc = grant(d, c, &o, asker, approver->id, e);
    } else {
        o.state = OPENING_REFUSED;
        rc = sql_opening_refused(d->store, o.id, approver->id, now, e);
        if (rc == 0)
            rc = tell(d, AUDIT_OPENING_REFUSED, &o, approver->id, NULL, e);
    }
    if (rc == 0)
        *ret = o;
    return rc;
}

static int end(struct deployment *d, struct opening *o, int64_t by, int64_t at, const char *why,
               struct error *e)
{
    o->state = OPENING_ENDED;
    o->expires_at = at;
    int rc = sql_opening_ended(d->store, o->id, at, e);
    return rc < 0 ? rc : tell(d, AUDIT_OPENING_ENDED, o, by, why, e);
}

int opening_end(struct deployment *d, int64_t opening_id, int64_t account_id, int64_t now,
                struct error *e)
{
    ARENA_AUTO(scratch);
    struct opening o;
    int rc = opening_get(d, opening_id, now, &scratch, &o, e);

    if (rc == 0 && o.account_id != account_id)
        rc = error_set(e, ERR_FORBIDDEN, N_("only who opened it closes it"));
    if (rc == 0 && o.state != OPENING_OPEN)
        rc = error_set(e, ERR_WRONG_STATE, N_("it is %s, and not open"),
                       opening_state_name(o.state));
    return rc < 0 ? rc : end(d, &o, account_id, now, "closed", e);
}

int opening_review(struct deployment *d, const struct clearance *c, int64_t opening_id,
                   const struct account *reviewer, bool justified, int64_t now, struct arena *arena,
                   struct opening *ret, struct error *e)
{
    enum role asker;
    struct opening o;
    int rc = opening_get(d, opening_id, now, arena, &o, e);

    if (rc == 0)
        rc = check_approver(d, c, &o, reviewer, &asker, e);
    if (rc == 0 && !o.glass)
        rc = error_set(e, ERR_WRONG_STATE, N_("no glass was broken for it"));
    if (rc == 0 && o.reviewed_at)
        rc = error_set(e, ERR_WRONG_STATE, N_("it was reviewed already"));
    if (rc < 0)
        return rc;
    o.reviewed_by = reviewer->id;
    o.reviewed_at = now;
    o.justified = justified;
    rc = sql_opening_reviewed(d->store, o.id, reviewer->id, now, justified, e);
    if (rc == 0)
        rc = tell(d, AUDIT_GLASS_REVIEWED, &o, reviewer->id,
                  justified ? "justified" : "not_justified", e);
    if (rc == 0 && !justified && o.state == OPENING_OPEN)
        rc = end(d, &o, reviewer->id, now, "not_justified", e);
    if (rc == 0)
        *ret = o;
    return rc;
}

/* Writes down what time has done. */
static int sweep_over(struct deployment *d, int64_t now, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_opening_over row;
    int rc = sql_opening_over(d->store, now, now - OPENING_ANSWER_TIME, &rows, e);

    while (rc >= 0 && (rc = sql_opening_over_next(&rows, &row, e)) > 0) {
        struct opening o = {.id = row.id, .account_id = row.account_id, .child_id = row.child_id};
        if (row.state == OPENING_OPEN) {
            rc = end(d, &o, 0, row.expires_at.v, "time", e);
            continue;
        }
        rc = sql_opening_lapsed(d->store, o.id, e);
        if (rc == 0)
            rc = tell(d, AUDIT_OPENING_ENDED, &o, 0, "lapsed", e);
    }
    return rc < 0 ? rc : 0;
}

int opening_sweep(struct deployment *d, int64_t now, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_opening_review_late row;
    day today = day_of_instant(now);
    int rc = sweep_over(d, now, e);

    if (rc == 0)
        rc = sql_opening_review_late(d->store, today, &rows, e);
    while (rc >= 0 && (rc = sql_opening_review_late_next(&rows, &row, e)) > 0)
        rc = alarm_raise(d, ALARM_NOT_REVIEWED, row.account_id, row.id, today - row.review_due, now,
                         e);
    return rc < 0 ? rc : 0;
}
