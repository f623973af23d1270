/* Reads the text of a workflow: its head, its states and events; what belongs to them is read by
 * workflow_parse_state.c and workflow_parse_event.c. */
#include "care/workflow_reader.h"

/* ---- tokens ---- */

bool reader_take(struct reader *p, const char *word)
{
    const struct token *t = reader_now(p);
    if (!t || t->kind != TOKEN_WORD || !slice_is(t->text, word))
        return false;
    p->at++;
    return true;
}

int reader_misplaced(struct reader *p)
{
    const struct token *t = reader_now(p);
    if (!t) {
        workflow_fault(&p->scanner.source, p->line.end, p->error,
                       N_("something is missing at the end of this line"));
    } else {
        struct slice shown = clip_word(t->text);
        workflow_fault(&p->scanner.source, t->place, p->error, N_("“%.*s” does not belong here"),
                       (int)shown.n, shown.p);
    }
    return error_hint(p->error, N_("Write: %s"), p->form);
}

int reader_expect(struct reader *p, const char *word)
{
    return reader_take(p, word) ? 0 : reader_misplaced(p);
}

static int take_kind(struct reader *p, enum token_kind kind, struct token *ret)
{
    const struct token *t = reader_now(p);
    if (!t || t->kind != kind)
        return reader_misplaced(p);
    *ret = *t;
    p->at++;
    return 0;
}

int reader_word(struct reader *p, struct token *ret) { return take_kind(p, TOKEN_WORD, ret); }
int reader_number(struct reader *p, struct token *ret) { return take_kind(p, TOKEN_NUMBER, ret); }

bool reader_comma(struct reader *p)
{
    const struct token *t = reader_now(p);
    if (!t || t->kind != TOKEN_COMMA)
        return false;
    p->at++;
    return true;
}

int reader_end(struct reader *p) { return reader_now(p) ? reader_misplaced(p) : 0; }

int reader_fault(struct reader *p, const struct token *t, const char *what, const char *hint)
{
    struct slice shown = clip_word(t->text);
    int status = workflow_fault(&p->scanner.source, t->place, p->error, what, (int)shown.n,
                                shown.p);
    if (!hint)
        return status;
    return error_hint(p->error, "%s", text_in(p->error->language, hint));
}

int reader_twice(struct reader *p, const struct token *t, struct place first)
{
    struct slice shown = clip_word(t->text);
    workflow_fault(&p->scanner.source, t->place, p->error,
                   N_("“%.*s” stands here a second time, after line %u"), (int)shown.n, shown.p,
                   first.line);
    return error_hint(p->error, N_("Leave one."));
}

/* ---- names and labels ---- */

static int parse_labels(struct reader *p, const char *label[2])
{
    struct token zh, en;
    int status = take_kind(p, TOKEN_TEXT, &zh);
    if (status == 0)
        status = take_kind(p, TOKEN_TEXT, &en);
    if (status == 0)
        status = reader_end(p);
    if (status != 0)
        return status;
    label[LANGUAGE_ZH] = arena_string(p->arena, zh.text);
    label[LANGUAGE_EN] = arena_string(p->arena, en.text);
    return 0;
}

/* ---- declarations ---- */

static int parse_workflow(struct reader *p, const struct token *first)
{
    struct workflow *w = p->w;
    struct token name;
    if (w->place.line)
        return reader_twice(p, first, w->place);
    w->place = first->place;
    int status = reader_word(p, &name);
    if (status != 0)
        return status;
    w->name = arena_string(p->arena, name.text);
    return parse_labels(p, w->label);
}

static int parse_owned(struct reader *p, const struct token *first)
{
    if (p->w->owned_place.line)
        return reader_twice(p, first, p->w->owned_place);
    if (p->w->state_count > 0)
        return reader_fault(p, first, N_("“%.*s” stands behind the first state"),
                            N_("Who may own it is said at the top, below the workflow's name."));
    p->w->owned_place = first->place;
    int status = reader_expect(p, "by");
    return status != 0 ? status : parse_roles(p, false, &p->w->owners);
}

static int begin_state(struct reader *p, const struct token *first, enum state_kind kind)
{
    struct workflow *w = p->w;
    struct token name;
    if (w->event_count > 0)
        return reader_fault(p, first, N_("“%.*s” begins a state, and states stand before events"),
                            N_("Put it above the first event."));
    int status = reader_word(p, &name);
    if (status != 0)
        return status;
    size_t same = state_find(w, name.text);
    if (same < w->state_count)
        return reader_twice(p, &name, w->states[same].place);
    if (w->state_count == WORKFLOW_STATES_MAX)
        return reader_fault(p, &name, N_("“%.*s” is one state too many"),
                            N_("A workflow has at most 64 states and 64 events."));
    p->state = &w->states[w->state_count];
    p->state->name = arena_string(p->arena, name.text);
    p->state->kind = kind;
    p->state->place = name.place;
    w->state_count++;
    return parse_labels(p, p->state->label);
}

static int parse_state(struct reader *p, const struct token *first)
{
    return begin_state(p, first, STATE_WAITING);
}

static int parse_initial(struct reader *p, const struct token *first)
{
    int status = reader_expect(p, "state");
    return status != 0 ? status : begin_state(p, first, STATE_INITIAL);
}

static int parse_end_state(struct reader *p, const struct token *first)
{
    int status = reader_expect(p, "state");
    return status != 0 ? status : begin_state(p, first, STATE_END);
}

static int parse_event(struct reader *p, const struct token *first)
{
    struct workflow *w = p->w;
    struct token name;
    int status = reader_word(p, &name);
    if (status != 0)
        return status;
    size_t same = event_find(w, name.text);
    if (same < w->event_count)
        return reader_twice(p, &name, w->events[same].place);
    if (w->event_count == WORKFLOW_EVENTS_MAX)
        return reader_fault(p, &name, N_("“%.*s” is one event too many"),
                            N_("A workflow has at most 64 states and 64 events."));
    p->state = NULL;
    p->way = NULL;
    p->event = &w->events[w->event_count];
    p->next_way = &p->event->ways;
    p->event->name = arena_string(p->arena, name.text);
    p->event->place = name.place;
    w->event_count++;
    return parse_labels(p, p->event->label);
}

/* ---- lines ---- */

/* What a line belongs to. */
enum below { BELOW_NOTHING, BELOW_WORKFLOW, BELOW_STATE, BELOW_EVENT, BELOW_WAY };

static const struct {
    const char *word;
    enum below below;
    int (*parse)(struct reader *p, const struct token *first);
    const char *form;
} lines[] = {
    {"workflow", BELOW_NOTHING, parse_workflow, "workflow NAME \"中文\" \"English\""},
    {"owned", BELOW_WORKFLOW, parse_owned, "owned by ROLE, ROLE"},
    {"initial", BELOW_WORKFLOW, parse_initial, "initial state NAME \"中文\" \"English\""},
    {"state", BELOW_WORKFLOW, parse_state, "state NAME \"中文\" \"English\""},
    {"end", BELOW_WORKFLOW, parse_end_state, "end state NAME \"中文\" \"English\""},
    {"waits", BELOW_STATE, parse_waits, "waits for owner|supervisor|station|centre|guardian"},
    {"clock", BELOW_STATE, parse_clock,
     "clock [from the opening|from the day set] extreme 24 hours, high 3 days, medium 7 days, "
     "low 15 days"},
    {"repeats", BELOW_STATE, parse_repeats,
     "repeats extreme weekly, high every 2 weeks, medium monthly, low quarterly"},
    {"escalates", BELOW_STATE, parse_escalates,
     "escalates [together] to supervisor, then station, then centre, with NOTICE"},
    {"each", BELOW_STATE, parse_each,
     "each after extreme 4 hours, high 1 day, medium 2 days, low 3 days"},
    {"event", BELOW_WORKFLOW, parse_event, "event NAME \"中文\" \"English\""},
    {"from", BELOW_EVENT, parse_from, "from STATE, STATE to STATE"},
    {"stays", BELOW_EVENT, parse_stays, "stays in STATE, STATE"},
    {"by", BELOW_WAY, parse_by, "by ROLE, owner, system if GUARD and not GUARD"},
    {"notifies", BELOW_WAY, parse_notifies, "notifies owner, supervisor with NOTICE"},
};

#define LINE_COUNT (sizeof lines / sizeof lines[0])

static bool is_below(const struct reader *p, enum below below)
{
    return below == BELOW_NOTHING    ? true
           : below == BELOW_WORKFLOW ? p->w->name != NULL
           : below == BELOW_STATE    ? p->state != NULL
           : below == BELOW_EVENT    ? p->event != NULL
                                     : p->way != NULL;
}

static int parse_line(struct reader *p)
{
    const struct token *first = &p->line.tokens[0];
    struct nearest n = nearest_to(first->text);
    p->at = 1;
    for (size_t i = 0; i < LINE_COUNT; i++) {
        if (first->kind != TOKEN_WORD || !slice_is(first->text, lines[i].word)) {
            nearest_try(&n, lines[i].word);
            continue;
        }
        p->form = lines[i].form;
        if (!is_below(p, lines[i].below))
            return reader_fault(p, first, N_("“%.*s” belongs to nothing that stands above it"),
                                N_("A text begins with its workflow; the lines of a state follow "
                                   "the state, those of an event the event, by and notifies a "
                                   "from or stays."));
        return lines[i].parse(p, first);
    }
    reader_fault(p, first, N_("“%.*s” begins no line of this language"), NULL);
    return nearest_hint(&n, p->error,
                        N_("Lines begin with workflow, owned, initial, state, end, waits, clock, "
                           "repeats, escalates, each, event, from, stays, by or notifies."));
}

int workflow_compile(const char *file, struct slice text, struct arena *arena,
                     const struct workflow **ret, struct error *e)
{
    struct error unheard = {.language = LANGUAGE_EN};
    if (!e)
        e = &unheard;
    struct reader p = {.arena = arena, .error = e, .w = ARENA_NEW(arena, struct workflow)};
    p.w->file = file;
    p.w->text = text;
    scanner_begin(&p.scanner, (struct source){file, text}, e);
    for (;;) {
        int status = scanner_statement(&p.scanner, &p.line);
        if (status == 0 && p.line.count == 0)
            break;
        if (status == 0)
            status = parse_line(&p);
        if (status != 0)
            return status;
    }
    if (!p.w->name) {
        workflow_fault(&p.scanner.source, p.scanner.here, e, N_("no workflow stands in this text"));
        return error_hint(e, N_("Write: %s"), lines[0].form);
    }
    *ret = p.w;
    return 0;
}
