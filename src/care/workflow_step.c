/* The engine: what an event does, which are open, and what a missed deadline sets in motion. */
#include "care/workflow_inside.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- entering a state ---- */

static void enter(const struct workflow *w, size_t state, enum level level,
                  const struct workflow_times *times, struct workflow_decision *d)
{
    const struct state *s = &w->states[state];
    d->to = s->name;
    d->ends = s->kind == STATE_END;
    d->repeats = s->repeats;
    d->together = s->together;
    d->waits_for = d->ends ? AUDIENCE_COUNT : s->waits_for;
    d->step = d->ends || s->waits_for > WORKFLOW_TOP_STEP ? AUDIENCE_OWNER : (int)s->waits_for;
    d->due = state_due(s, level, times);
}

int workflow_begin(const struct workflow *w, struct slice state, enum level level,
                   const struct workflow_times *times, struct workflow_decision *ret,
                   struct error *e)
{
    size_t i = 0;
    if (state.p)
        i = state_find(w, state);
    else
        while (i < w->state_count && w->states[i].kind != STATE_INITIAL)
            i++;
    if (i >= w->state_count || w->states[i].kind != STATE_INITIAL) {
        struct slice shown = clip_word(state);
        return error_set(e, ERR_WRONG_STATE, N_("nothing of the workflow %s begins in “%.*s”"),
                         w->name, (int)shown.n, shown.p ? shown.p : "");
    }
    *ret = (struct workflow_decision){0};
    enter(w, i, level, times, ret);
    return 0;
}

/* ---- who may ---- */

static bool way_admits(const struct workflow *w, const struct way *way,
                       const struct workflow_actor *actor)
{
    if (actor->is_system)
        return has(way->roles, BY_SYSTEM);
    if (actor->role <= ROLE_NONE || actor->role >= ROLE_COUNT)
        return false;
    return has(way->roles, actor->role) ||
           (has(way->roles, BY_OWNER) && actor->is_owner && workflow_may_own(w, actor->role));
}

static bool way_holds(const struct way *way, uint64_t guards)
{
    return (way->needs & ~guards) == 0 && (way->forbids & guards) == 0;
}

/* Those guards of the set that come with a request. */
static uint64_t given(uint64_t set)
{
    uint64_t result = 0;
    for (int i = 0; i < GUARD_COUNT; i++)
        if (guard_is_given((enum workflow_guard)i))
            result |= set & WORKFLOW_GUARD(i);
    return result;
}

size_t workflow_events_open(const struct workflow *w, const struct workflow_question *question,
                            struct workflow_open ret[WORKFLOW_EVENTS_MAX])
{
    size_t state = state_find(w, question->state), count = 0;
    if (state == w->state_count)
        return 0;
    for (size_t i = 0; i < w->event_count; i++)
        for (const struct way *way = w->events[i].ways; way; way = way->next) {
            uint64_t asked = given(way->needs);
            if (!has_state(way->from, state) || !way_admits(w, way, &question->actor) ||
                !way_holds(way, (question->guards & ~given(way->forbids)) | asked))
                continue;
            ret[count++] = (struct workflow_open){
                w->events[i].name, w->states[way->stays ? state : way->to].name, asked};
            break;
        }
    return count;
}

/* ---- refusals ---- */

/* Text that grows in a buffer and is cut at its end, between characters. */
struct words {
    char text[256];
    size_t n;
};

static void add(struct words *w, const char *text)
{
    size_t n = strlen(text), room = sizeof w->text - 1 - w->n;
    if (n > room)
        for (n = room; n > 0 && ((unsigned char)text[n] & 0xC0) == 0x80;)
            n--;
    memcpy(w->text + w->n, text, n);
    w->text[w->n += n] = '\0';
}

/* The hint of every refusal: what the actor may do now. */
static int hint_open(const struct workflow *w, const struct workflow_question *q, struct error *e)
{
    struct workflow_open open[WORKFLOW_EVENTS_MAX];
    struct words list = {.n = 0};
    size_t count = workflow_events_open(w, q, open);
    if (count == 0)
        return error_hint(e, N_("Nothing is open to you in this state."));
    for (size_t i = 0; i < count; i++) {
        struct slice label = workflow_event_label(w, slice_from(open[i].event), e->language);
        if (list.n + label.n > 160) {
            add(&list, " …");
            break;
        }
        if (i > 0)
            add(&list, text_in(e->language, N_(", ")));
        add(&list, label.p); /* labels end with a NUL */
    }
    return error_hint(e, N_("Open to you now: %s."), list.text);
}

static int refuse_state(const struct workflow *w, const struct workflow_question *q,
                        const struct event *event, size_t state, struct error *e)
{
    enum language l = e->language;
    error_set(e, ERR_WRONG_STATE, N_("“%.80s” is not possible in the state “%.80s”"),
              event->label[l], w->states[state].label[l]);
    return hint_open(w, q, e);
}

static int refuse_actor(const struct workflow *w, const struct workflow_question *q,
                        const struct event *event, struct error *e)
{
    error_set(e, ERR_FORBIDDEN, N_("“%.80s” is for others to do"), event->label[e->language]);
    return hint_open(w, q, e);
}

static int refuse_guards(const struct workflow *w, const struct workflow_question *q,
                         const struct event *event, const struct way *way, struct error *e)
{
    enum language l = e->language;
    uint64_t missing = way->needs & ~q->guards, standing = way->forbids & q->guards;
    struct words list = {.n = 0};
    for (int i = 0; i < GUARD_COUNT; i++) {
        if (!((missing | standing) & WORKFLOW_GUARD(i)))
            continue;
        if (list.n)
            add(&list, text_in(l, N_("; ")));
        if (standing & WORKFLOW_GUARD(i))
            add(&list, text_in(l, N_("it is not so that ")));
        add(&list, workflow_guard_words((enum workflow_guard)i, l));
    }
    error_set(e, ERR_WRONG_STATE, N_("“%.80s” is possible only if %s"), event->label[l], list.text);
    return hint_open(w, q, e);
}

/* ---- a step ---- */

static void take_way(const struct workflow *w, const struct way *way, size_t state,
                     const struct workflow_question *q, struct workflow_decision *d)
{
    if (way->stays) {
        d->to = d->from;
        d->stays = true;
        d->waits_for = w->states[state].waits_for;
    } else {
        enter(w, way->to, q->level, &q->times, d);
    }
    for (size_t i = 0; i < way->notify_count; i++)
        for (int to = 0; to < AUDIENCE_COUNT; to++)
            if (has(way->notifies[i].to, (unsigned)to))
                d->notices[d->notice_count++] = (struct workflow_notice){(enum workflow_audience)to,
                                                                         way->notifies[i].kind};
}

int workflow_step(const struct workflow *w, const struct workflow_question *question,
                  struct workflow_decision *ret, struct error *e)
{
    size_t state = state_find(w, question->state);
    size_t number = event_find(w, slice_from(question->event));
    struct slice shown = clip_word(question->state);
    struct error unheard = {.language = LANGUAGE_EN};
    if (!e)
        e = &unheard;
    if (number == w->event_count)
        return error_set(e, ERR_NOT_FOUND, N_("the workflow %s has no event “%.40s”"), w->name,
                         question->event ? question->event : "");
    if (state == w->state_count)
        return error_set(e, ERR_WRONG_STATE, N_("the workflow %s has no state “%.*s”"), w->name,
                         (int)shown.n, shown.p ? shown.p : "");
    const struct event *event = &w->events[number];
    const struct way *leaves = NULL, *admits = NULL;
    for (const struct way *way = event->ways; way; way = way->next) {
        if (!has_state(way->from, state))
            continue;
        leaves = way;
        if (!way_admits(w, way, &question->actor))
            continue;
        if (!admits)
            admits = way;
        if (!way_holds(way, question->guards))
            continue;
        *ret = (struct workflow_decision){.from = w->states[state].name, .event = event->name};
        take_way(w, way, state, question, ret);
        return 0;
    }
    return !leaves   ? refuse_state(w, question, event, state, e)
           : !admits ? refuse_actor(w, question, event, e)
                     : refuse_guards(w, question, event, admits, e);
}

/* ---- deadlines ---- */

int64_t workflow_deadline(const struct workflow *w, struct slice state, enum level level,
                          const struct workflow_times *times)
{
    size_t i = state_find(w, state);
    return i < w->state_count ? state_due(&w->states[i], level, times) : WORKFLOW_NEVER;
}

bool workflow_escalate(const struct workflow *w, struct slice state, enum level level, int step,
                       int64_t due, int64_t now, struct workflow_escalation *ret)
{
    size_t number = state_find(w, state);
    const struct state *s = &w->states[number];
    if (number == w->state_count || s->kind == STATE_END || s->clock.place.line == 0)
        return false;
    *ret = (struct workflow_escalation){.step = step, .due = state_due_again(s, level, due, now)};
    for (size_t i = 0; i < s->up_count; i++)
        if ((int)s->up[i] > step && s->up[i] <= WORKFLOW_TOP_STEP) {
            ret->step = (int)s->up[i];
            break;
        }
    if (!s->overdue)
        return true;
    ret->notices[ret->notice_count++] = (struct workflow_notice){s->waits_for, s->overdue};
    if (ret->step != (int)s->waits_for)
        ret->notices[ret->notice_count++] = (struct workflow_notice){
            (enum workflow_audience)ret->step, s->overdue};
    return true;
}
