/* Workflows: what is done for a child, step by step, as tables; and the one engine that runs them all.
 *
 * A workflow (workflows/NAME.workflow, docs/workflows.md) says in which states something can be, which
 * event leads from which state to which, by whom and under which conditions, who is told, by when
 * whoever has to act must have acted, and to whom it goes up when they have not. The engine knows no
 * alert and no visit: it reads the table and answers.
 *
 * Pure: no store, no clock, no file. Who asks has looked up the state, who the actor is and which
 * guards hold; who gets an answer writes it down: the state, the deadline and the notices, in one
 * transaction. A compiled workflow never changes, so any number of threads may use it at once.
 *
 * Instants are microseconds since 1970, UTC. A length in days, weeks or months ends with the last
 * microsecond of its last day in Shanghai, the first day not counted (Civil Code art. 201); so
 * day_of_instant(due) is the day to show. A length in minutes or hours ends on a whole minute, rounded
 * up. A deadline is missed when now > due. */
#ifndef HUMIAO_CARE_WORKFLOW_H
#define HUMIAO_CARE_WORKFLOW_H

#include "access/role.h"
#include "base/arena.h"
#include "base/day.h"
#include "base/error.h"
#include "base/slice.h"
#include "care/level.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct workflow; /* compiled; lives in its arena */

#define WORKFLOW_NEVER INT64_MAX /* no deadline */

/* ---- words ---------------------------------------------------------------------------------- */

/* Who is waited for, who is told. The first four are also the steps of an escalation: 0 owner,
 * 1 supervisor, 2 station, 3 centre. */
enum workflow_audience {
    AUDIENCE_OWNER,
    AUDIENCE_SUPERVISOR,
    AUDIENCE_STATION,
    AUDIENCE_CENTRE,
    AUDIENCE_GUARDIAN,
    AUDIENCE_COUNT
};

#define WORKFLOW_TOP_STEP AUDIENCE_CENTRE

/* Numbers of guards, from 0 (workflow_guards.def), and the bit of each in a set of guards. */
enum workflow_guard {
#define GUARD(symbol, name, given, zh, en) GUARD_##symbol,
#include "care/workflow_guards.def"
#undef GUARD
    GUARD_COUNT
};

#define WORKFLOW_GUARD(guard) (UINT64_C(1) << (guard))

const char *workflow_audience_name(enum workflow_audience audience);
/* The role that answers for a post: supervisor, station worker, centre worker, guardian; ROLE_NONE for
 * the owner, who is an account and not a post. */
enum role workflow_audience_role(enum workflow_audience audience);
const char *workflow_guard_name(enum workflow_guard guard);
/* Continues “only if …”. */
const char *workflow_guard_words(enum workflow_guard guard, enum language language);

/* ---- compiling and printing ------------------------------------------------------------------ */

/* Reads the text of one workflow; `file` stands in errors and must live as long as the arena, as
 * must the text. ERR_WORKFLOW with file:line:column, the source line, and how to mend it. What is
 * read is well formed, and every name in it is known; whether it keeps what each workflow promises is
 * workflow_check's to say. */
int workflow_compile(const char *file, struct slice text, struct arena *arena,
                     const struct workflow **ret, struct error *e);

/* The workflow in its canonical form: compiles to the same, and is what an edition is the hash of. */
struct slice workflow_print(const struct workflow *w, struct arena *arena);

/* A graph in Graphviz's language, labelled in that language; several workflows make one graph with a
 * cluster each. */
struct slice workflow_dot(const struct workflow *const *list, size_t count, enum language language,
                          struct arena *arena);

/* Proves that the workflow keeps what docs/workflows.md promises of each. Every proof that fails is
 * handed to `tell` as an ERR_WORKFLOW_UNSOUND (file:line:column in its detail). `notice_known` says whether there
 * is a notice of that kind; NULL: any is taken. Returns how many failed. */
typedef void workflow_tell(void *context, const struct error *fault);
size_t workflow_check(const struct workflow *w, enum language language,
                      bool (*notice_known)(const char *kind), workflow_tell *tell, void *context);

/* ---- what a workflow consists of -------------------------------------------------------------- */

const char *workflow_name(const struct workflow *w);
const char *workflow_label(const struct workflow *w, enum language language);

/* States and events, numbered from 0 in the order of the text; names live with the workflow. NULL
 * beyond the last. */
size_t workflow_state_count(const struct workflow *w);
size_t workflow_event_count(const struct workflow *w);
const char *workflow_state(const struct workflow *w, size_t number);
const char *workflow_event(const struct workflow *w, size_t number);

bool workflow_has_event(const struct workflow *w, const char *event);
bool workflow_has_state(const struct workflow *w, struct slice state);
bool workflow_is_initial(const struct workflow *w,
                         struct slice state);                       /* false: or no such state */
bool workflow_is_end(const struct workflow *w, struct slice state); /* false: or no such state */
/* Whether what waits in the state is told of together: whoever asks keeps no clock for each, but tells once
 * of all in a division and of one level, when the deadline of the oldest (workflow_deadline with the instant
 * at which it entered as `now`) or a step of its escalation falls due. */
bool workflow_tells_together(const struct workflow *w, struct slice state);
/* Whom the state waits for; AUDIENCE_COUNT for an end state, or where there is no such state. */
enum workflow_audience workflow_waits_for(const struct workflow *w, struct slice state);
/* The label of a state or an event; the name itself where the workflow does not know it (any more). */
struct slice workflow_state_label(const struct workflow *w, struct slice state,
                                  enum language language);
struct slice workflow_event_label(const struct workflow *w, struct slice event,
                                  enum language language);
/* Whether accounts of this role can own what goes through the workflow. */
bool workflow_may_own(const struct workflow *w, enum role role);

/* ---- asking the engine ------------------------------------------------------------------------ */

struct workflow_actor {
    enum role role; /* ROLE_NONE: nobody's account */
    bool is_owner;  /* the account owns this thing now; counts only with a role that may own */
    bool is_system; /* the clock, or a change of verdict; then the others do not count */
};

/* What deadlines are counted from. */
struct workflow_times {
    int64_t now;
    int64_t opened_at; /* when the thing began or was released; for clocks “from the opening” */
    day day_set; /* such as the planned day, for clocks “from the day set”; DAY_FOREVER: none, and
                        * they count from today */
};

struct workflow_question {
    struct slice state;
    const char *event;
    struct workflow_actor actor;
    uint64_t guards; /* WORKFLOW_GUARD bits of those that hold */
    enum level level;
    struct workflow_times times;
};

struct workflow_notice {
    enum workflow_audience to;
    const char *kind; /* a name of notices.def */
};

#define WORKFLOW_NOTICES_MAX 8

struct workflow_decision {
    const char *from, *event, *to; /* names that live with the workflow; from and event NULL at the
                                    * beginning */
    bool stays; /* nothing but the event is to be written down: the state, its deadline
                                    * and its step go on; due and step below mean nothing */
    bool ends;  /* `to` is an end state: due is WORKFLOW_NEVER */
    bool
        repeats; /* `to` asks for another visit: to be planned now for day_of_instant(due), made by due */
    bool
        together; /* `to` is told of together: no clock for this one, see workflow_tells_together */
    enum workflow_audience waits_for; /* AUDIENCE_COUNT at an end */
    int step;                         /* where the escalation begins: whom it waits for */
    int64_t due;                      /* may be past already: then it fires at once */
    size_t notice_count;
    struct workflow_notice notices[WORKFLOW_NOTICES_MAX];
};

/* Puts something into an initial state (SLICE_NONE: the first of the table). ERR_WRONG_STATE where the
 * state is none, or not initial. */
int workflow_begin(const struct workflow *w, struct slice state, enum level level,
                   const struct workflow_times *times, struct workflow_decision *ret,
                   struct error *e);

/* What the event does. ERR_NOT_FOUND: the workflow has no such event. ERR_WRONG_STATE: not in this state,
 * or a guard does not hold. ERR_FORBIDDEN: others may, this actor may not. The detail says why, the hint
 * which events are open to this actor now. */
int workflow_step(const struct workflow *w, const struct workflow_question *question,
                  struct workflow_decision *ret, struct error *e);

/* An event that is open to the actor now. */
struct workflow_open {
    const char *event;
    const char *to; /* the same state where it stays */
    uint64_t needs; /* guards that come with the request, such as a reason: a page asks for them */
};

#define WORKFLOW_EVENTS_MAX 64

/* The events that the actor may fire now, in the order of the table, at most WORKFLOW_EVENTS_MAX.
 * question->event is not looked at; guards that come with the request need not be set. Returns how
 * many. */
size_t workflow_events_open(const struct workflow *w, const struct workflow_question *question,
                            struct workflow_open ret[WORKFLOW_EVENTS_MAX]);

/* The deadline of a state, counted anew, such as when the level rises; WORKFLOW_NEVER at an end, or
 * where there is no such state. */
int64_t workflow_deadline(const struct workflow *w, struct slice state, enum level level,
                          const struct workflow_times *times);

/* A deadline has been missed: who is told, and when it fires again. */
struct workflow_escalation {
    int step; /* the next in the state's chain; at the top it stays, and fires again and again */
    int64_t due;
    size_t notice_count; /* the step's post, and whom the state waits for */
    struct workflow_notice notices[2];
};

/* `step` is where it stood, `due` the deadline that passed, `now` when that is noted. The next deadline is
 * counted from `due`, or from `now` where that would be past: after an outage nobody is passed over
 * for want of time. False at an end state, or where there is no such state: nothing to do. */
bool workflow_escalate(const struct workflow *w, struct slice state, enum level level, int step,
                       int64_t due, int64_t now, struct workflow_escalation *ret);

#endif
