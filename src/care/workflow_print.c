/* A workflow in its canonical form. */
#include "care/workflow_writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void write_format(struct writer *w, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (n < 0)
        abort(); /* no format of this room */
    w->text = arena_grow(w->arena, w->text, &w->capacity, w->n + (size_t)n + 1, 1);
    vsnprintf(w->text + w->n, (size_t)n + 1, format, again);
    va_end(again);
    w->n += (size_t)n;
}

void write_item(struct writer *w, bool *begun, const char *name)
{
    write_format(w, "%s%s", *begun ? ", " : "", name);
    *begun = true;
}

void write_length(struct writer *w, struct length l)
{
    write_format(w, "%d %s", l.count, unit_name(l.unit, l.count != 1));
}

static void write_often(struct writer *w, struct length l)
{
    if (l.unit == UNIT_WEEKS && l.count == 1)
        write_format(w, "weekly");
    else if (l.unit == UNIT_MONTHS && l.count == 1)
        write_format(w, "monthly");
    else if (l.unit == UNIT_MONTHS && l.count == 3)
        write_format(w, "quarterly");
    else {
        write_format(w, "every ");
        write_length(w, l);
    }
}

void write_lengths(struct writer *w, const struct lengths *l, bool often)
{
    bool begun = false;
    for (int level = LEVEL_NONE + 1; level < LEVEL_COUNT; level++)
        if (has(l->given, (unsigned)level)) {
            write_item(w, &begun, level_name((enum level)level));
            write_format(w, " ");
            if (often)
                write_often(w, l->of[level]);
            else
                write_length(w, l->of[level]);
        }
}

void write_roles(struct writer *w, uint32_t roles)
{
    bool begun = false;
    if (has(roles, BY_OWNER))
        write_item(w, &begun, "owner");
    for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++)
        if (has(roles, (unsigned)role))
            write_item(w, &begun, role_name((enum role)role));
    if (has(roles, BY_SYSTEM))
        write_item(w, &begun, "system");
}

void write_guards(struct writer *w, const struct way *way)
{
    const char *before = " if ";
    for (int i = 0; i < GUARD_COUNT; i++) {
        if (!((way->needs | way->forbids) & WORKFLOW_GUARD(i)))
            continue;
        write_format(w, "%s%s%s", before, way->forbids & WORKFLOW_GUARD(i) ? "not " : "",
                     workflow_guard_name((enum workflow_guard)i));
        before = " and ";
    }
}

static void print_state(struct writer *w, const struct state *s)
{
    static const char *const kinds[] = {
        [STATE_WAITING] = "", [STATE_INITIAL] = "initial ", [STATE_END] = "end "};
    write_format(w, "\n%sstate %s \"%s\" \"%s\"\n", kinds[s->kind], s->name, s->label[LANGUAGE_ZH],
                 s->label[LANGUAGE_EN]);
    if (s->waits_place.line)
        write_format(w, "    waits for %s\n", workflow_audience_name(s->waits_for));
    if (s->clock.place.line) {
        write_format(w, s->repeats ? "    repeats    " : "    clock      ");
        write_format(w, "%s", anchor_words(s->anchor));
        write_lengths(w, &s->clock, s->repeats);
        write_format(w, "\n");
    }
    if (s->up_place.line) {
        write_format(w, "    escalates  %sto ", s->together ? "together " : "");
        for (size_t i = 0; i < s->up_count; i++)
            write_format(w, "%s%s", i ? ", then " : "", workflow_audience_name(s->up[i]));
        write_format(w, ", with %s\n", s->overdue);
    }
    if (s->each.place.line) {
        write_format(w, "    each after ");
        write_lengths(w, &s->each, false);
        write_format(w, "\n");
    }
}

static void print_way(struct writer *w, const struct workflow *of, const struct way *way)
{
    bool begun = false;
    write_format(w, way->stays ? "    stays in " : "    from ");
    for (size_t i = 0; i < of->state_count; i++)
        if (has_state(way->from, i))
            write_item(w, &begun, of->states[i].name);
    if (!way->stays)
        write_format(w, " to %s", of->states[way->to].name);
    write_format(w, "\n");
    if (way->by_place.line) {
        write_format(w, "        by ");
        write_roles(w, way->roles);
        write_guards(w, way);
        write_format(w, "\n");
    }
    for (size_t i = 0; i < way->notify_count; i++) {
        write_format(w, "        notifies ");
        begun = false;
        for (int to = 0; to < AUDIENCE_COUNT; to++)
            if (has(way->notifies[i].to, (unsigned)to))
                write_item(w, &begun, workflow_audience_name((enum workflow_audience)to));
        write_format(w, " with %s\n", way->notifies[i].kind);
    }
}

struct slice workflow_print(const struct workflow *of, struct arena *arena)
{
    struct writer w = {.arena = arena};
    write_format(&w, "workflow %s \"%s\" \"%s\"\n", of->name, of->label[LANGUAGE_ZH],
                 of->label[LANGUAGE_EN]);
    if (of->owned_place.line) {
        write_format(&w, "    owned by ");
        write_roles(&w, of->owners);
        write_format(&w, "\n");
    }
    for (size_t i = 0; i < of->state_count; i++)
        print_state(&w, &of->states[i]);
    for (size_t i = 0; i < of->event_count; i++) {
        const struct event *event = &of->events[i];
        write_format(&w, "\nevent %s \"%s\" \"%s\"\n", event->name, event->label[LANGUAGE_ZH],
                     event->label[LANGUAGE_EN]);
        for (const struct way *way = event->ways; way; way = way->next)
            print_way(&w, of, way);
    }
    return (struct slice){w.text, w.n};
}
