/* The proofs: what every workflow has to keep (docs/workflows.md). */
#include "care/workflow_inside.h"

struct check {
    const struct workflow *w;
    struct source source;
    enum language language;
    bool (*notice_known)(const char *kind);
    workflow_tell *tell;
    void *context;
    size_t faults;
};

/* Sets a fault, adds its hint, hands it on. */
#define FAIL(c, at, hint, ...)                                 \
    do {                                                       \
        struct error fault = {.language = (c)->language};      \
        workflow_fault(&(c)->source, at, &fault, __VA_ARGS__); \
        fault.code = ERR_WORKFLOW_UNSOUND;                     \
        error_hint(&fault, hint);                              \
        (c)->faults++;                                         \
        if ((c)->tell)                                         \
            (c)->tell((c)->context, &fault);                   \
    } while (0)

/* ---- where ways lead ---- */

static bool leads(const struct way *way, size_t from, size_t to)
{
    return !way->stays && way->to == to && has_state(way->from, from);
}

static bool any_leads(const struct workflow *w, size_t from, size_t to)
{
    for (size_t i = 0; i < w->event_count; i++)
        for (const struct way *way = w->events[i].ways; way; way = way->next)
            if (leads(way, from, to))
                return true;
    return false;
}

static uint64_t states_of(const struct workflow *w, enum state_kind kind)
{
    uint64_t set = 0;
    for (size_t i = 0; i < w->state_count; i++)
        if (w->states[i].kind == kind)
            set |= STATE_BIT(i);
    return set;
}

/* The states to be reached from the set, or (backwards) from which the set is reached. */
static uint64_t closure(const struct workflow *w, uint64_t set, bool backwards)
{
    for (bool grown = true; grown;) {
        grown = false;
        for (size_t a = 0; a < w->state_count; a++)
            for (size_t b = 0; b < w->state_count; b++) {
                size_t known = backwards ? b : a, other = backwards ? a : b;
                if (has_state(set, known) && !has_state(set, other) && any_leads(w, a, b)) {
                    set |= STATE_BIT(other);
                    grown = true;
                }
            }
    }
    return set;
}

static void check_paths(struct check *c)
{
    const struct workflow *w = c->w;
    uint64_t initial = states_of(w, STATE_INITIAL), end = states_of(w, STATE_END);
    uint64_t reached = closure(w, initial, false), ending = closure(w, end, true);
    if (!initial)
        FAIL(c, w->place, N_("Write: initial state NAME"),
             N_("nothing begins: no state is initial"));
    if (!end)
        FAIL(c, w->place, N_("Write: end state NAME"), N_("nothing ends: no state is an end"));
    for (size_t i = 0; i < w->state_count; i++) {
        const struct state *s = &w->states[i];
        if (initial && !has_state(reached, i))
            FAIL(c, s->place, N_("Let an event lead to it, or leave it out."),
                 N_("the state “%s” is never reached"), s->name);
        if (end && !has_state(ending, i))
            FAIL(c, s->place, N_("Let an event lead on from it, towards an end state."),
                 N_("the state “%s” is a dead end: no end state is reached from it"), s->name);
    }
}

/* ---- clocks ---- */

/* Minutes, a month having 30 days: enough to tell which of two lengths is the shorter. */
static int64_t minutes_of(struct length l)
{
    static const int64_t minutes[UNIT_COUNT] = {[UNIT_MINUTES] = 1,
                                                [UNIT_HOURS] = 60,
                                                [UNIT_DAYS] = 24 * 60,
                                                [UNIT_WEEKS] = 7 * 24 * 60,
                                                [UNIT_MONTHS] = 30 * 24 * 60};
    return l.count * minutes[l.unit];
}

static void check_lengths(struct check *c, const struct state *s, const struct lengths *l)
{
    int before = LEVEL_NONE;
    for (int level = LEVEL_NONE + 1; level < LEVEL_COUNT; level++) {
        if (!has(l->given, (unsigned)level)) {
            FAIL(c, l->place, N_("Give a length for extreme, high, medium and low."),
                 N_("the state “%s” gives no length for the level %s"), s->name,
                 level_name((enum level)level));
            continue;
        }
        if (before && minutes_of(l->of[level]) < minutes_of(l->of[before]))
            FAIL(c, l->place, N_("What is more urgent has no more time."),
                 N_("the state “%s” gives %s more time than %s"), s->name,
                 level_name((enum level)before), level_name((enum level)level));
        before = level;
    }
}

static void check_escalation(struct check *c, const struct state *s)
{
    if (!s->up_place.line) {
        FAIL(c, s->place,
             N_("Write: escalates to supervisor, then station, then centre, with overdue"),
             N_("the state “%s” waits, and a missed deadline goes up to nobody"), s->name);
        return;
    }
    int below = s->waits_for == AUDIENCE_CENTRE ? AUDIENCE_STATION : (int)s->waits_for;
    if (s->waits_for > WORKFLOW_TOP_STEP)
        below = AUDIENCE_OWNER;
    for (size_t i = 0; i < s->up_count; i++) {
        if (s->up[i] > WORKFLOW_TOP_STEP || (int)s->up[i] <= below)
            FAIL(c, s->up_place, N_("The order is owner, supervisor, station, centre."),
                 N_("the state “%s” escalates to %s, which is not upward"), s->name,
                 workflow_audience_name(s->up[i]));
        below = (int)s->up[i];
    }
    if (s->up[s->up_count - 1] != AUDIENCE_CENTRE)
        FAIL(c, s->up_place, N_("Let it go on to the centre."),
             N_("the state “%s” escalates to %s and no further"), s->name,
             workflow_audience_name(s->up[s->up_count - 1]));
    if (c->notice_known && !c->notice_known(s->overdue))
        FAIL(c, s->overdue_place, N_("Notices are those of src/notify/notices.def."),
             N_("there is no notice “%s”"), s->overdue);
}

static void check_waiting(struct check *c, const struct state *s)
{
    if (!s->waits_place.line)
        FAIL(c, s->place, N_("Write: waits for owner"),
             N_("the state “%s” does not say whom it waits for"), s->name);
    if (!s->clock.place.line)
        FAIL(c, s->place,
             N_("Write: clock extreme 24 hours, high 3 days, medium 7 days, low 15 days"),
             N_("the state “%s” waits without a clock"), s->name);
    else
        check_lengths(c, s, &s->clock);
    check_escalation(c, s);
    if (!s->each.place.line)
        FAIL(c, s->place,
             N_("Write: each after extreme 4 hours, high 1 day, medium 2 days, low 3 days"),
             N_("the state “%s” does not say when a missed deadline goes up again"), s->name);
    else
        check_lengths(c, s, &s->each);
}

static void check_end(struct check *c, const struct state *s)
{
    const struct place places[] = {s->waits_place, s->clock.place, s->up_place, s->each.place};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (places[i].line)
            FAIL(c, places[i], N_("Leave this line out."),
                 N_("the end state “%s” waits for nobody and has no clock"), s->name);
}

/* ---- who may ---- */

#define ROLES_ONLY ((UINT32_C(1) << ROLE_COUNT) - 1)

/* All roles that a way admits, those of an owner among them. */
static uint32_t admitted(const struct workflow *w, const struct way *way)
{
    uint32_t roles = way->roles & ROLES_ONLY;
    return has(way->roles, BY_OWNER) ? roles | w->owners : roles;
}

static void check_roles(struct check *c, uint32_t roles, struct place at)
{
    for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++)
        if (has(roles, (unsigned)role) && role_is_administrator((enum role)role))
            FAIL(c, at, N_("Administrators do nothing for a child."),
                 N_("no account that does this can hold the role %s"), role_name((enum role)role));
}

/* Whether whoever is waited for can do something: the owner, the post, or the system for it. */
static bool can_act(const struct workflow *w, size_t state)
{
    enum role post = workflow_audience_role(w->states[state].waits_for);
    for (size_t i = 0; i < w->event_count; i++)
        for (const struct way *way = w->events[i].ways; way; way = way->next)
            if (!way->stays && has_state(way->from, state) &&
                (has(way->roles, BY_SYSTEM) ||
                 (post == ROLE_NONE ? has(way->roles, BY_OWNER) : has(admitted(w, way), post))))
                return true;
    return false;
}

/* ---- events ---- */

static bool meet(const struct workflow *w, const struct way *a, const struct way *b)
{
    bool who = (admitted(w, a) & admitted(w, b)) != 0 ||
               (has(a->roles, BY_SYSTEM) && has(b->roles, BY_SYSTEM));
    bool what = !(a->needs & b->forbids) && !(a->forbids & b->needs);
    return who && what && (a->from & b->from) != 0;
}

static void check_way(struct check *c, const struct event *event, const struct way *way)
{
    const struct workflow *w = c->w;
    for (size_t i = 0; i < w->state_count; i++)
        if (has_state(way->from, i) && w->states[i].kind == STATE_END)
            FAIL(c, way->place, N_("Nothing happens after an end."),
                 N_("“%s” is to be possible in the end state “%s”"), event->name,
                 w->states[i].name);
    if (!way->by_place.line)
        FAIL(c, way->place, N_("Write: by ROLE, owner, system if GUARD"),
             N_("“%s” may be fired by nobody here"), event->name);
    else if (has(way->roles, BY_OWNER) && !w->owned_place.line)
        FAIL(c, way->by_place, N_("Write at the top: owned by ROLE, ROLE"),
             N_("“%s” is for the owner, and nobody may own this"), event->name);
    check_roles(c, way->roles & ROLES_ONLY, way->by_place);
    for (size_t i = 0; i < way->notify_count; i++)
        if (c->notice_known && !c->notice_known(way->notifies[i].kind))
            FAIL(c, way->notifies[i].place, N_("Notices are those of src/notify/notices.def."),
                 N_("there is no notice “%s”"), way->notifies[i].kind);
    for (const struct way *other = event->ways; other != way; other = other->next)
        if (meet(w, other, way))
            FAIL(c, way->place,
                 N_("Let roles differ, or one say “if GUARD”, the other “if not GUARD”."),
                 N_("“%s” is ambiguous: line %u says the same state for the same roles"),
                 event->name, other->place.line);
}

size_t workflow_check(const struct workflow *w, enum language language,
                      bool (*notice_known)(const char *kind), workflow_tell *tell, void *context)
{
    struct check c = {w, {w->file, w->text}, language, notice_known, tell, context, 0};
    check_roles(&c, w->owners, w->owned_place);
    check_paths(&c);
    for (size_t i = 0; i < w->state_count; i++) {
        const struct state *s = &w->states[i];
        if (s->kind == STATE_END) {
            check_end(&c, s);
            continue;
        }
        check_waiting(&c, s);
        if (s->waits_place.line && !can_act(w, i))
            FAIL(&c, s->waits_place, N_("Give them an event that leads on, or wait for others."),
                 N_("the state “%s” waits for %s, who can do nothing in it"), s->name,
                 workflow_audience_name(s->waits_for));
    }
    for (size_t i = 0; i < w->event_count; i++) {
        if (!w->events[i].ways)
            FAIL(&c, w->events[i].place, N_("Write: from STATE to STATE"),
                 N_("the event “%s” happens nowhere"), w->events[i].name);
        for (const struct way *way = w->events[i].ways; way; way = way->next)
            check_way(&c, &w->events[i], way);
    }
    return c.faults;
}
