/* The lines of an event: from where to where, by whom and if what, and who is told. */
#include "care/workflow_reader.h"

/* ---- roles ---- */

static int parse_role(struct reader *p, const struct token *name, bool others, uint32_t *ret)
{
    if (others && slice_is(name->text, "owner"))
        *ret = BY_OWNER;
    else if (others && slice_is(name->text, "system"))
        *ret = BY_SYSTEM;
    else
        *ret = role_parse(name->text);
    if (*ret != ROLE_NONE)
        return 0;
    struct nearest n = nearest_to(name->text);
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++)
        nearest_try(&n, role_name((enum role)i));
    if (others) {
        nearest_try(&n, "owner");
        nearest_try(&n, "system");
    }
    reader_fault(p, name, N_("there is no role “%.*s”"), NULL);
    return nearest_hint(&n, p->error,
                        N_("Roles are those of accounts, such as child_director or supervisor; in "
                           "an event also owner and system."));
}

int parse_roles(struct reader *p, bool others, uint32_t *ret)
{
    uint32_t set = 0;
    do {
        struct token name;
        uint32_t role;
        int status = reader_word(p, &name);
        if (status == 0)
            status = parse_role(p, &name, others, &role);
        if (status != 0)
            return status;
        if (has(set, role))
            return reader_fault(p, &name, N_("“%.*s” stands twice in this list"), N_("Leave one."));
        set |= UINT32_C(1) << role;
    } while (reader_comma(p));
    *ret = set;
    return others ? 0 : reader_end(p);
}

/* ---- where it leads ---- */

static int parse_state_name(struct reader *p, struct token *ret, size_t *ret_state)
{
    int status = reader_word(p, ret);
    if (status != 0)
        return status;
    *ret_state = state_find(p->w, ret->text);
    if (*ret_state < p->w->state_count)
        return 0;
    struct nearest n = nearest_to(ret->text);
    for (size_t i = 0; i < p->w->state_count; i++)
        nearest_try(&n, p->w->states[i].name);
    reader_fault(p, ret, N_("there is no state “%.*s”"), NULL);
    return nearest_hint(&n, p->error, N_("States are declared above the first event."));
}

static int parse_states(struct reader *p, uint64_t *ret)
{
    uint64_t set = 0;
    do {
        struct token name;
        size_t state;
        int status = parse_state_name(p, &name, &state);
        if (status != 0)
            return status;
        if (has_state(set, state))
            return reader_fault(p, &name, N_("“%.*s” stands twice in this list"), N_("Leave one."));
        set |= STATE_BIT(state);
    } while (reader_comma(p));
    *ret = set;
    return 0;
}

static void begin_way(struct reader *p, const struct token *first, bool stays)
{
    p->way = ARENA_NEW(p->arena, struct way);
    p->way->place = first->place;
    p->way->stays = stays;
    *p->next_way = p->way;
    p->next_way = &p->way->next;
}

int parse_from(struct reader *p, const struct token *first)
{
    struct token name;
    begin_way(p, first, false);
    int status = parse_states(p, &p->way->from);
    if (status == 0)
        status = reader_expect(p, "to");
    if (status == 0)
        status = parse_state_name(p, &name, &p->way->to);
    return status != 0 ? status : reader_end(p);
}

int parse_stays(struct reader *p, const struct token *first)
{
    begin_way(p, first, true);
    int status = reader_expect(p, "in");
    if (status == 0)
        status = parse_states(p, &p->way->from);
    return status != 0 ? status : reader_end(p);
}

/* ---- who, and if what ---- */

static int parse_guard(struct reader *p)
{
    struct token name;
    bool forbids = reader_take(p, "not");
    int status = reader_word(p, &name);
    if (status != 0)
        return status;
    int guard = guard_parse(name.text);
    if (guard < 0) {
        struct nearest n = nearest_to(name.text);
        for (int i = 0; i < GUARD_COUNT; i++)
            nearest_try(&n, workflow_guard_name((enum workflow_guard)i));
        reader_fault(p, &name, N_("there is no guard “%.*s”"), NULL);
        return nearest_hint(&n, p->error, N_("Guards are those of src/care/workflow_guards.def."));
    }
    uint64_t bit = WORKFLOW_GUARD(guard);
    if ((p->way->needs | p->way->forbids) & bit)
        return reader_fault(p, &name, N_("“%.*s” stands twice in this list"), N_("Leave one."));
    if (forbids)
        p->way->forbids |= bit;
    else
        p->way->needs |= bit;
    return 0;
}

int parse_by(struct reader *p, const struct token *first)
{
    if (p->way->by_place.line)
        return reader_twice(p, first, p->way->by_place);
    p->way->by_place = first->place;
    int status = parse_roles(p, true, &p->way->roles);
    if (status == 0 && reader_take(p, "if"))
        do {
            status = parse_guard(p);
        } while (status == 0 && reader_take(p, "and"));
    return status != 0 ? status : reader_end(p);
}

/* How many notices an event sends; a decision has room for so many. */
static int count_notices(const struct way *w)
{
    int count = 0;
    for (size_t i = 0; i < w->notify_count; i++)
        count += __builtin_popcount(w->notifies[i].to);
    return count;
}

int parse_notifies(struct reader *p, const struct token *first)
{
    struct way *w = p->way;
    struct notify n = {.place = first->place};
    do {
        enum workflow_audience audience;
        int status = parse_audience(p, &audience);
        if (status != 0)
            return status;
        n.to |= UINT32_C(1) << audience;
    } while (reader_comma(p));
    int status = parse_notice(p, &n.kind, &n.place);
    if (status == 0)
        status = reader_end(p);
    if (status != 0)
        return status;
    if (count_notices(w) + __builtin_popcount(n.to) > WORKFLOW_NOTICES_MAX)
        return reader_fault(p, first, N_("“%.*s” is one notice too many"),
                            N_("An event sends at most 8 notices."));
    w->notifies[w->notify_count++] = n;
    return 0;
}
