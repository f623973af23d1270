#include "server/cared.h"

#include "care/duty.h"
#include "care/level.h"
#include "server/shelf.h"

#define SECOND INT64_C(1000000)

/* ---- what may be seen ---- */

/* The child of an id among those that were read, whose order is that of the ids. */
static const struct child *find_child(const struct child *children, size_t count, int64_t id,
                                      size_t *from)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = (*from + i) % count;
        if (children[at].id == id) {
            *from = at;
            return &children[at];
        }
    }
    return NULL;
}

static enum relation at_least_area(const struct request *r, const struct cared *c)
{
    if (c->relation != RELATION_NONE)
        return c->relation;
    return c->mine || division_covers(r->account.division, c->division) ? RELATION_AREA
                                                                        : RELATION_NONE;
}

static void open_sights(struct request *r, struct cared *c, const struct opening *openings,
                        size_t count)
{
    sights_routine(r->clearance, r->account.role, c->relation, &c->sights);
    for (size_t i = 0; i < count; i++)
        if (openings[i].child_id == c->child_id)
            sights_open(r->clearance, r->account.role, c->relation, openings[i].purpose,
                        openings[i].classes, &c->sights);
    if (!seen_anything(&c->sights))
        c->relation = RELATION_NONE;
}

int cared_see(struct request *r, struct deployment *d, struct cared *list, size_t count)
{
    int64_t *ids = ARENA_ARRAY(r->arena, count, int64_t);
    enum relation *relations = ARENA_ARRAY(r->arena, count, enum relation);
    struct opening *openings;
    struct child *children;
    size_t opening_count, child_count, from = 0;

    if (count == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        ids[i] = list[i].child_id;
    int rc = relation_of_all(d, &r->account, ids, count, r->now, relations, r->error);
    if (rc == 0)
        rc = child_get_all(d, ids, count, r->today, r->arena, &children, &child_count, r->error);
    if (rc == 0)
        rc = opening_in_force(d, r->account.id, count == 1 ? ids[0] : 0, r->now, r->arena,
                              &openings, &opening_count, r->error);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const struct child *child = find_child(children, child_count, ids[i], &from);
        list[i].child = child ? *child : (struct child){0};
        list[i].relation = relations[i];
        list[i].relation = at_least_area(r, &list[i]);
        open_sights(r, &list[i], openings, opening_count);
    }
    return rc;
}

/* The roster is asked only where nothing else ties the caller to it. */
static int see_as_deputy(struct request *r, struct deployment *d, int64_t owner_id, struct cared *c)
{
    bool acts = false;
    int rc = duty_acts_for(d, r->account.id, owner_id, c->division, r->today, &acts, r->error);

    if (rc < 0 || !acts)
        return rc;
    c->mine = true;
    return cared_see(r, d, c, 1);
}

int cared_see_one(struct request *r, struct deployment *d, int64_t object_id, int64_t child_id,
                  int64_t division, int64_t owner_id, struct cared *ret)
{
    struct cared c = {
        .child_id = child_id, .division = division, .mine = owner_id == r->account.id};
    int rc = cared_see(r, d, &c, 1);

    if (rc == 0 && c.relation == RELATION_NONE && owner_id != 0)
        rc = see_as_deputy(r, d, owner_id, &c);
    if (rc == 0 && c.relation == RELATION_NONE)
        rc = error_set(r->error, ERR_NOT_FOUND, NULL);
    if (rc < 0)
        return rc;
    r->audit.child_id = child_id;
    r->audit.object_id = object_id;
    *ret = c;
    return 0;
}

int cared_see_again(struct request *r, struct deployment *d, struct cared *of)
{
    struct cared now = *of;
    int rc = cared_see(r, d, &now, 1);

    if (rc == 0 && now.relation != RELATION_NONE)
        *of = now;
    return rc;
}

int cared_scope(struct request *r, struct slice text, int64_t *ret)
{
    int64_t division = r->account.division;

    if (text.p && !division_parse(text, &division))
        return error_set(r->error, ERR_NOT_FOUND, NULL);
    if (!division_covers(r->account.division, division))
        return error_set(r->error, ERR_FORBIDDEN, N_("that division is not in yours"));
    *ret = division;
    return 0;
}

/* ---- writing ---- */

int cared_begin(struct request *r, struct deployment *d, struct care *c)
{
    return care_begin(c, d, shelf_tables(r->shelf), r->arena, r->now, r->today, r->error);
}

int cared_end(struct request *r, struct deployment *d, const struct care *c,
              const struct audit_entry *entry)
{
    int rc = entry->event == AUDIT_NONE ? 0 : audit_append(d, entry, r->error);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < c->changed_count; i++)
        request_changed(r, c->changed[i]);
    if (c->everywhere)
        request_changed(r, 0);
    return 0;
}

int cared_tell_owner(struct request *r, struct deployment *d, int64_t owner_id)
{
    struct account owner;
    int rc = 0;

    if (owner_id == 0 || owner_id == r->account.id)
        return 0;
    rc = account_get(d, owner_id, r->arena, &owner, r->error);
    if (rc == 0 && owner.division)
        request_changed(r, owner.division);
    if (rc == -ERR_NOT_FOUND || rc == -ERR_ERASED) {
        error_clear(r->error);
        rc = 0;
    }
    return rc;
}

/* `n` digits at the place, as a number; -1 where they are none. */
static int digits(struct slice s, size_t at, size_t n)
{
    int v = 0;

    if (at + n > s.n)
        return -1;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return -1;
        v = v * 10 + (s.p[i] - '0');
    }
    return v;
}

/* Minutes east of Greenwich: Z, or +08:00. */
static bool read_offset(struct slice s, int *ret)
{
    int hours = digits(s, 1, 2), minutes = digits(s, 4, 2);

    *ret = 0;
    if (slice_is(s, "Z"))
        return true;
    if (s.n != 6 || (s.p[0] != '+' && s.p[0] != '-') || s.p[3] != ':' || hours < 0 || hours > 23 ||
        minutes < 0 || minutes > 59)
        return false;
    *ret = (s.p[0] == '-' ? -1 : 1) * (60 * hours + minutes);
    return true;
}

/* Of "YYYY-MM-DDThh:mm:ss", a fraction, and the offset. */
bool cared_instant(struct slice text, int64_t *ret)
{
    int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    int64_t micro = 0, unit = SECOND;
    size_t at = 19;
    int offset;
    day d;

    if (text.n < 20 || !day_parse((struct slice){text.p, 10}, &d) || text.p[10] != 'T' ||
        text.p[13] != ':' || text.p[16] != ':' || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return false;
    if (text.p[at] == '.') {
        size_t first = ++at;
        for (; at < text.n && text.p[at] >= '0' && text.p[at] <= '9'; at++)
            micro += (unit /= 10) * (text.p[at] - '0');
        if (at == first)
            return false;
    }
    if (!read_offset((struct slice){text.p + at, text.n - at}, &offset))
        return false;
    *ret = (((int64_t)d * 24 + hour) * 3600 + minute * 60 + second - 60 * offset) * SECOND + micro;
    return true;
}

static int complain(struct request *r, const char *pointer, const char *message)
{
    return schema_complain(&r->faults, r->arena, r->error, pointer, message);
}

static int read_outcome(struct slice name)
{
    for (int i = VISIT_VERIFIED; i <= VISIT_NOBODY_HOME; i++)
        if (name.p && slice_is(name, outcome_name((enum visit_outcome)i)))
            return i;
    return 0;
}

int cared_step(struct request *r, struct care_step *ret)
{
    struct slice at = body_text(r->body, "at"), on = body_text(r->body, "day"),
                 to = body_text(r->body, "to");
    struct care_step s = {.event = arena_string(r->arena, body_text(r->body, "event")),
                          .actor = &r->account,
                          .reason = body_text(r->body, "reason"),
                          .planned = DAY_BEGINNING,
                          .outcome = read_outcome(body_text(r->body, "outcome"))};
    int rc = 0;

    if (at.p && !cared_instant(at, &s.at))
        rc = complain(r, "/at", text_in(r->error->language, N_("is no moment (RFC 3339)")));
    if (on.p && !day_parse(on, &s.planned))
        rc = complain(r, "/day", text_in(r->error->language, N_("is no day of the calendar")));
    if (to.p && request_id(r, to, &s.to_account) < 0)
        rc = complain(r, "/to", text_in(r->error->language, N_("is no id")));
    *ret = s;
    return rc;
}

/* ---- parts of answers ---- */

void sublist_begin(struct request *r, struct sublist *s)
{
    s->outer = r->out;
    json_begin(&s->json, r->arena);
    json_array_begin(&s->json);
    r->out = &s->json;
}

struct view_value sublist_end(struct request *r, struct sublist *s)
{
    json_array_end(&s->json);
    r->out = s->outer;
    return view_text(json_text(&s->json));
}

struct view_value cared_events(struct request *r, const char *const *events, size_t count)
{
    struct sublist s;

    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++)
        json_put_string(r->out, slice_from(events[i]));
    return sublist_end(r, &s);
}

/* A supervisor's words may say why. They are for those who may know why, and for who wrote them (PR-06). */
static struct view_value reason_seen(const struct request *r, const struct cared *of,
                                     const struct care_event *e)
{
    bool shown = of->sights.of[CLASS_CATEGORY] == SIGHT_SHOWN || e->account_id == r->account.id;

    return shown ? seen_text(e->reason) : VIEW_NULL;
}

int cared_history(struct request *r, struct deployment *d, const struct cared *of,
                  const char *workflow, int64_t object_id, struct names_seen *names,
                  struct view_value *ret)
{
    struct mask_context mask = {.today = r->today};
    struct care_event *list;
    struct sublist s;
    size_t count;
    int rc = care_history(d, object_id, of->child_id, r->arena, &list, &count, r->error);

    if (rc < 0)
        return rc;
    sublist_begin(r, &s);
    for (size_t i = 0; i < count; i++) {
        const struct care_event *e = &list[i];
        struct view_value v[FIELD_CARE_EVENT_COUNT] = {
            [FIELD_CARE_EVENT_EVENT] = view_text(e->event),
            [FIELD_CARE_EVENT_FROM] = seen_text(e->from_state),
            [FIELD_CARE_EVENT_TO] = seen_text(e->to_state),
            [FIELD_CARE_EVENT_ACCOUNT] = view_text(seen_account_name(r, d, names, e->account_id)),
            [FIELD_CARE_EVENT_AT] = view_number(e->at),
            [FIELD_CARE_EVENT_REASON] = reason_seen(r, of, e)};
        view_write(r->out, &view_of_care_event, &of->sights, &mask, v);
    }
    *ret = sublist_end(r, &s);
    return 0;
}

const char *escort_name(enum visit_escort escort)
{
    static const char *const names[] = {
        [ESCORT_ALONE] = "alone", [ESCORT_PAIR] = "pair", [ESCORT_POLICE] = "police"};

    return escort >= ESCORT_ALONE && escort <= ESCORT_POLICE ? names[escort] : "";
}

const char *outcome_name(enum visit_outcome outcome)
{
    static const char *const names[] = {[VISIT_VERIFIED] = "verified",
                                        [VISIT_FALSE_ALARM] = "false_alarm",
                                        [VISIT_REFUSED] = "refused",
                                        [VISIT_NOBODY_HOME] = "nobody_home"};

    return outcome >= VISIT_VERIFIED && outcome <= VISIT_NOBODY_HOME ? names[outcome] : "";
}
