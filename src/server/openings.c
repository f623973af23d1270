/* Opening what is masked, and the trace of it (api/openings.yaml, the trace of api/children.yaml). */
#include "server/handlers.h"
#include "server/seen.h"

/* ---- one's own, which the table is not asked for ---- */

void seen_own_opening(struct request *r, const struct opening *o)
{
    struct view_value v[FIELD_OWN_OPENING_COUNT] = {
        [FIELD_OWN_OPENING_ID] = view_number(o->id),
        [FIELD_OWN_OPENING_CHILD] = view_number(o->child_id),
        [FIELD_OWN_OPENING_PURPOSE] = view_text(slice_from(purpose_name(o->purpose))),
        [FIELD_OWN_OPENING_CLASSES] = view_text(seen_classes(r, o->classes)),
        [FIELD_OWN_OPENING_STATE] = view_text(slice_from(opening_state_name(o->state))),
        [FIELD_OWN_OPENING_GLASS] = view_number(o->glass),
        [FIELD_OWN_OPENING_ASKED_AT] = view_number(o->asked_at),
        [FIELD_OWN_OPENING_DECIDED_AT] = seen_number(o->decided_at),
        [FIELD_OWN_OPENING_EXPIRES_AT] = seen_number(o->expires_at),
        [FIELD_OWN_OPENING_REVIEW_DUE] = seen_day(o->review_due),
        [FIELD_OWN_OPENING_JUSTIFIED] = o->reviewed_at ? view_number(o->justified) : VIEW_NULL,
        [FIELD_OWN_OPENING_REASON] = seen_text(o->reason)};
    struct sights sights;

    seen_nobody(r, &sights);
    view_write(r->out, &view_of_own_opening, &sights, &(struct mask_context){.today = r->today}, v);
}

/* ---- those of others ---- */

static void write_opening(struct request *r, struct deployment *d, struct names_seen *names,
                          enum relation relation, const struct opening *o)
{
    struct account asker = {.role = ROLE_NONE};
    struct error unsaid = {.language = r->error->language};
    struct sights sights;

    if (account_get(d, o->account_id, r->arena, &asker, &unsaid) < 0)
        asker.role = ROLE_NONE;
    struct view_value v[FIELD_OPENING_COUNT] = {
        [FIELD_OPENING_ID] = view_number(o->id),
        [FIELD_OPENING_CHILD] = view_number(o->child_id),
        [FIELD_OPENING_ACCOUNT] = view_text(seen_account_name(r, d, names, o->account_id)),
        [FIELD_OPENING_ROLE] = view_text(slice_from(role_name(asker.role))),
        [FIELD_OPENING_PURPOSE] = view_text(slice_from(purpose_name(o->purpose))),
        [FIELD_OPENING_CLASSES] = view_text(seen_classes(r, o->classes)),
        [FIELD_OPENING_STATE] = view_text(slice_from(opening_state_name(o->state))),
        [FIELD_OPENING_GLASS] = view_number(o->glass),
        [FIELD_OPENING_ASKED_AT] = view_number(o->asked_at),
        [FIELD_OPENING_DECIDED_BY] = view_text(seen_account_name(r, d, names, o->decided_by)),
        [FIELD_OPENING_DECIDED_AT] = seen_number(o->decided_at),
        [FIELD_OPENING_EXPIRES_AT] = seen_number(o->expires_at),
        [FIELD_OPENING_REVIEW_DUE] = seen_day(o->review_due),
        [FIELD_OPENING_REVIEWED_BY] = view_text(seen_account_name(r, d, names, o->reviewed_by)),
        [FIELD_OPENING_REVIEWED_AT] = seen_number(o->reviewed_at),
        [FIELD_OPENING_JUSTIFIED] = o->reviewed_at ? view_number(o->justified) : VIEW_NULL,
        [FIELD_OPENING_REASON] = seen_text(o->reason)};
    sights_routine(r->clearance, r->account.role, relation, &sights);
    view_write(r->out, &view_of_opening, &sights, &(struct mask_context){.today = r->today}, v);
}

/* ---- asking ---- */

static int read_classes(struct request *r, uint64_t *ret)
{
    const json_t *list = body_array(r->body, "classes");
    uint64_t classes = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        int class = data_class_parse(
            (struct slice){json_string_value(item), json_string_length(item)});
        if (class < 0)
            return schema_complain(&r->faults, r->arena, r->error,
                                   arena_printf(r->arena, "/classes/%zu", i),
                                   text_in(r->error->language, N_("is no data class")));
        classes |= UINT64_C(1) << class;
    }
    *ret = classes;
    return 0;
}

static int ask(struct request *r, struct deployment *d, void *context)
{
    struct opening_request *q = context;
    struct opening opening;
    int rc = seen_relation(r, d, q->child_id, &q->relation);

    if (rc == 0)
        rc = opening_ask(d, r->clearance, q, r->arena, &opening, r->error);
    if (rc < 0)
        return rc;
    r->status = 201;
    seen_own_opening(r, &opening);
    request_changed(r, r->account.division);
    return 0;
}

int route_opening_ask(struct request *r)
{
    struct opening_request q = {.account_id = r->account.id,
                                .role = r->account.role,
                                .purpose = purpose_parse(body_text(r->body, "purpose")),
                                .reason = body_text(r->body, "reason"),
                                .now = r->now};
    int rc = request_id(r, r->path[0], &q.child_id);

    if (rc == 0)
        rc = read_classes(r, &q.classes);
    return rc < 0 ? rc : request_write(r, ask, &q);
}

/* ---- lists ---- */

static bool may_list(const struct request *r)
{
    return clearance_permits(r->clearance, r->account.role, SLICE_LITERAL("opening:list"));
}

/* Whether the caller decides on what this account asked, of a child in the caller's scope. Sets the
 * relation; RELATION_NONE: no. */
static int is_mine_to_decide(struct request *r, struct deployment *d, const struct opening *o,
                             enum relation *ret)
{
    struct account asker;
    struct error unsaid = {.language = r->error->language};

    *ret = RELATION_NONE;
    if (o->account_id == r->account.id ||
        account_get(d, o->account_id, r->arena, &asker, &unsaid) < 0 ||
        !clearance_approves(r->clearance, r->account.role, asker.role))
        return 0;
    return relation_of(d, &r->account, o->child_id, r->now, ret, r->error);
}

/* Of a scan by id, so many are looked at for one page: few may be the caller's. */
#define SCAN_MAX 1000

static int list_of_others(struct request *r, enum opening_list which, int64_t after, size_t limit)
{
    struct names_seen names = {0};
    size_t count = limit, written = 0, looked = 0;
    int rc = 0;

    page_begin(r);
    while (rc == 0 && count == limit && written < limit && looked < SCAN_MAX) {
        struct opening *openings;
        rc = opening_list(r->d, which, 0, after, limit, r->now, r->arena, &openings, &count,
                          r->error);
        for (size_t i = 0; rc == 0 && i < count && written < limit; i++) {
            enum relation relation;
            rc = is_mine_to_decide(r, r->d, &openings[i], &relation);
            if (rc == 0 && relation != RELATION_NONE) {
                write_opening(r, r->d, &names, relation, &openings[i]);
                written++;
            }
            after = openings[i].id;
        }
        looked += count;
    }
    bool more = written == limit || count == limit;
    page_end(r, more ? arena_printf(r->arena, "%lld", (long long)after) : NULL);
    return rc;
}

static int list_own(struct request *r, int64_t after, size_t limit)
{
    struct opening *openings;
    size_t count;
    int rc = opening_list(r->d, OPENINGS_OF_ACCOUNT, r->account.id, after, limit, r->now, r->arena,
                          &openings, &count, r->error);

    if (rc < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; i < count; i++)
        seen_own_opening(r, &openings[i]);
    page_end(r, page_next(r, count, limit, count ? openings[count - 1].id : 0));
    return 0;
}

int route_opening_list(struct request *r)
{
    int64_t after;
    int rc = page_after(r, r->query[1], &after);
    size_t limit = page_limit(r->query[2]);

    if (rc < 0)
        return rc;
    if (slice_is(r->query[0], "own"))
        return list_own(r, after, limit);
    if (!may_list(r))
        return error_set(r->error, ERR_FORBIDDEN, NULL);
    return list_of_others(r, slice_is(r->query[0], "asked") ? OPENINGS_ASKED : OPENINGS_TO_REVIEW,
                          after, limit);
}

int route_opening_read(struct request *r)
{
    struct names_seen names = {0};
    struct opening opening;
    enum relation relation;
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    if (rc == 0)
        rc = opening_get(r->d, id, r->now, r->arena, &opening, r->error);
    if (rc < 0)
        return rc;
    if (opening.account_id == r->account.id) {
        seen_own_opening(r, &opening);
        return 0;
    }
    if (!may_list(r))
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    if ((rc = is_mine_to_decide(r, r->d, &opening, &relation)) < 0)
        return rc;
    if (relation == RELATION_NONE)
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    write_opening(r, r->d, &names, relation, &opening);
    return 0;
}

/* ---- the trace ---- */

int route_child_trace(struct request *r)
{
    struct names_seen names = {0};
    struct opening *openings;
    struct seen s;
    size_t count, limit = page_limit(r->query[1]);
    int64_t after;
    int rc = page_after(r, r->query[0], &after);

    if (rc == 0)
        rc = seen_child(r, r->path[0], &s);
    if (rc == 0)
        rc = opening_list(r->d, OPENINGS_OF_CHILD, s.child_id, after, limit, r->now, r->arena,
                          &openings, &count, r->error);
    if (rc < 0)
        return rc;
    page_begin(r);
    for (size_t i = 0; i < count; i++)
        write_opening(r, r->d, &names, s.relation, &openings[i]);
    page_end(r, page_next(r, count, limit, count ? openings[count - 1].id : 0));
    return 0;
}

/* ---- decisions ---- */

struct verdict_on {
    int64_t id;
    bool review; /* of a broken glass; else a decision */
};

static int decide(struct request *r, struct deployment *d, void *context)
{
    const struct verdict_on *v = context;
    struct names_seen names = {0};
    struct opening opening;
    enum relation relation;
    int rc = opening_get(d, v->id, r->now, r->arena, &opening, r->error);

    if (rc == 0)
        rc = seen_relation(r, d, opening.child_id, &relation);
    if (rc == 0 && v->review)
        rc = opening_review(d, r->clearance, v->id, &r->account,
                            body_boolean(r->body, "justified", false), r->now, r->arena, &opening,
                            r->error);
    else if (rc == 0)
        rc = opening_decide(d, r->clearance, v->id, &r->account,
                            body_boolean(r->body, "grant", false), r->now, r->arena, &opening,
                            r->error);
    if (rc < 0)
        return rc;
    write_opening(r, d, &names, relation, &opening);
    request_changed(r, r->account.division);
    return 0;
}

static int decide_of_path(struct request *r, bool review)
{
    struct verdict_on v = {.review = review};
    int rc = request_id(r, r->path[0], &v.id);

    return rc < 0 ? rc : request_write(r, decide, &v);
}

int route_opening_decide(struct request *r) { return decide_of_path(r, false); }
int route_opening_review(struct request *r) { return decide_of_path(r, true); }

static int end(struct request *r, struct deployment *d, void *context)
{
    const int64_t *id = context;
    struct opening opening;
    int rc = opening_get(d, *id, r->now, r->arena, &opening, r->error);

    if (rc == 0 && opening.account_id != r->account.id)
        rc = error_set(r->error, ERR_NOT_FOUND, NULL);
    if (rc == 0)
        rc = opening_end(d, *id, r->account.id, r->now, r->error);
    if (rc == 0)
        r->status = 204;
    return rc;
}

int route_opening_end(struct request *r)
{
    int64_t id;
    int rc = request_id(r, r->path[0], &id);

    return rc < 0 ? rc : request_write(r, end, &id);
}
