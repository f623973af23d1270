/* What a compiled workflow consists of. */
#include "care/workflow_inside.h"

size_t state_find(const struct workflow *w, struct slice name)
{
    size_t i = 0;
    while (i < w->state_count && !slice_is(name, w->states[i].name))
        i++;
    return i;
}

size_t event_find(const struct workflow *w, struct slice name)
{
    size_t i = 0;
    while (i < w->event_count && !slice_is(name, w->events[i].name))
        i++;
    return i;
}

static const struct state *state_named(const struct workflow *w, struct slice name)
{
    size_t i = state_find(w, name);
    return i < w->state_count ? &w->states[i] : NULL;
}

const char *workflow_name(const struct workflow *w) { return w->name; }

const char *workflow_label(const struct workflow *w, enum language language)
{
    return w->label[language];
}

size_t workflow_state_count(const struct workflow *w) { return w->state_count; }
size_t workflow_event_count(const struct workflow *w) { return w->event_count; }

const char *workflow_state(const struct workflow *w, size_t number)
{
    return number < w->state_count ? w->states[number].name : NULL;
}

const char *workflow_event(const struct workflow *w, size_t number)
{
    return number < w->event_count ? w->events[number].name : NULL;
}

bool workflow_has_state(const struct workflow *w, struct slice state)
{
    return state_find(w, state) < w->state_count;
}

bool workflow_has_event(const struct workflow *w, const char *event)
{
    return event_find(w, slice_from(event)) < w->event_count;
}

bool workflow_is_initial(const struct workflow *w, struct slice state)
{
    const struct state *s = state_named(w, state);
    return s && s->kind == STATE_INITIAL;
}

bool workflow_is_end(const struct workflow *w, struct slice state)
{
    const struct state *s = state_named(w, state);
    return s && s->kind == STATE_END;
}

enum workflow_audience workflow_waits_for(const struct workflow *w, struct slice state)
{
    const struct state *s = state_named(w, state);
    return s && s->kind != STATE_END ? s->waits_for : AUDIENCE_COUNT;
}

struct slice workflow_state_label(const struct workflow *w, struct slice state,
                                  enum language language)
{
    const struct state *s = state_named(w, state);
    return s ? slice_from(s->label[language]) : state;
}

struct slice workflow_event_label(const struct workflow *w, struct slice event,
                                  enum language language)
{
    size_t i = event_find(w, event);
    return i < w->event_count ? slice_from(w->events[i].label[language]) : event;
}

bool workflow_tells_together(const struct workflow *w, struct slice state)
{
    const struct state *s = state_named(w, state);
    return s && s->together;
}

bool workflow_may_own(const struct workflow *w, enum role role)
{
    return role > ROLE_NONE && role < ROLE_COUNT && has(w->owners, role);
}
