/* Workflows as a graph in Graphviz's language: states are boxes, with whom they wait for and until when;
 * events are arrows, with who fires them. What leaves a state as it is stands below its box's name. */
#include "care/workflow_writer.h"

/* Labels may hold whatever stands between two quotes on a line. */
static void write_escaped(struct writer *w, const char *text)
{
    for (; *text; text++)
        write_format(w, *text == '\\' || *text == '"' ? "\\%c" : "%c", *text);
}

static void dot_state(struct writer *w, const struct workflow *of, size_t number, size_t graph,
                      enum language language)
{
    const struct state *s = &of->states[number];
    write_format(w, "        w%zu_%s [label=\"", graph, s->name);
    write_escaped(w, s->label[language]);
    write_format(w, "\\n%s", s->name);
    if (s->kind != STATE_END && s->waits_place.line)
        write_format(w, "\\n%s", workflow_audience_name(s->waits_for));
    if (s->clock.place.line) {
        write_format(w, "\\n%s", anchor_words(s->anchor));
        write_lengths(w, &s->clock, s->repeats);
    }
    for (size_t i = 0; i < of->event_count; i++)
        for (const struct way *way = of->events[i].ways; way; way = way->next)
            if (way->stays && has_state(way->from, number)) {
                write_format(w, "\\n↻ ");
                write_escaped(w, of->events[i].label[language]);
                break;
            }
    write_format(w, "\"%s];\n",
                 s->kind == STATE_INITIAL ? ", style=\"rounded,bold\""
                 : s->kind == STATE_END   ? ", peripheries=2"
                                          : "");
}

static void dot_way(struct writer *w, const struct workflow *of, const struct event *event,
                    const struct way *way, size_t graph, enum language language)
{
    for (size_t i = 0; !way->stays && i < of->state_count; i++) {
        if (!has_state(way->from, i))
            continue;
        write_format(w, "        w%zu_%s -> w%zu_%s [label=\"", graph, of->states[i].name, graph,
                     of->states[way->to].name);
        write_escaped(w, event->label[language]);
        write_format(w, "\\n");
        write_roles(w, way->roles);
        write_guards(w, way);
        write_format(w, "\"];\n");
    }
}

struct slice workflow_dot(const struct workflow *const *list, size_t count, enum language language,
                          struct arena *arena)
{
    struct writer w = {.arena = arena};
    write_format(&w, "digraph workflows {\n"
                     "    node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=11];\n"
                     "    edge [fontname=\"sans-serif\", fontsize=9];\n");
    for (size_t g = 0; g < count; g++) {
        const struct workflow *of = list[g];
        write_format(&w, "    subgraph cluster_%s {\n        label=\"", of->name);
        write_escaped(&w, of->label[language]);
        write_format(&w, "\";\n");
        for (size_t i = 0; i < of->state_count; i++)
            dot_state(&w, of, i, g, language);
        for (size_t i = 0; i < of->event_count; i++)
            for (const struct way *way = of->events[i].ways; way; way = way->next)
                dot_way(&w, of, &of->events[i], way, g, language);
        write_format(&w, "    }\n");
    }
    write_format(&w, "}\n");
    return (struct slice){w.text, w.n};
}
