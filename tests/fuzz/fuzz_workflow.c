/* A workflow from any text. One that is refused says where and how to mend it; one that is taken prints to
 * a text that compiles to the same, can be drawn and checked, and its engine answers every question:
 * whatever is open can be fired, and whoever waits has a next deadline. */
#include "care/workflow.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

#define NOW INT64_C(1795485930123456)

static void tell(void *context, const struct error *fault)
{
    MUST(fault->code == ERR_WORKFLOW_UNSOUND && fault->detail[0] != '\0' && fault->hint[0] != '\0');
    ++*(size_t *)context;
}

static void fire_all(const struct workflow *w, struct workflow_question *q)
{
    struct workflow_open open[WORKFLOW_EVENTS_MAX];
    struct workflow_decision d;
    uint64_t guards = q->guards;
    size_t count = workflow_events_open(w, q, open);
    MUST(count <= workflow_event_count(w));
    for (size_t i = 0; i < count; i++) {
        q->event = open[i].event;
        q->guards = guards | open[i].needs;
        int status = workflow_step(w, q, &d, NULL);
        /* A guard that comes with the request and must not: the one that is asked for is another's. */
        MUST(status == 0 || status == -ERR_WRONG_STATE);
        MUST(status != 0 ||
             (workflow_has_state(w, slice_from(d.to)) && d.notice_count <= WORKFLOW_NOTICES_MAX));
        q->guards = guards;
    }
}

static void ask(const struct workflow *w, struct slice state)
{
    struct workflow_question q = {.state = state, .times = {NOW, NOW - 1, DAY_FOREVER}};
    for (int level = LEVEL_NONE; level < LEVEL_COUNT; level++) {
        struct workflow_escalation up;
        q.level = (enum level)level;
        int64_t due = workflow_deadline(w, state, q.level, &q.times);
        MUST(due == WORKFLOW_NEVER || due > NOW - 2);
        if (due != WORKFLOW_NEVER && workflow_escalate(w, state, q.level, 0, due, due + 1, &up))
            MUST(up.due > due && up.step <= WORKFLOW_TOP_STEP && up.notice_count <= 2);
    }
    for (int role = ROLE_NONE; role < ROLE_COUNT; role++)
        for (uint64_t bits = 0; bits < 4; bits++) {
            q.actor = (struct workflow_actor){(enum role)role, bits & 1, bits & 2};
            q.guards = bits & 1 ? 0 : ~UINT64_C(0);
            fire_all(w, &q);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO(a);
    struct error e = {.language = size % 2 ? LANGUAGE_ZH : LANGUAGE_EN};
    const struct workflow *w, *again;
    size_t faults = 0;
    int status = workflow_compile("fuzz", (struct slice){(const char *)data, size}, &a, &w, &e);
    if (status != 0) {
        MUST(status == -ERR_WORKFLOW && e.detail[0] != '\0' && e.hint[0] != '\0');
        return 0;
    }
    struct slice text = workflow_print(w, &a);
    MUST(workflow_compile("printed", text, &a, &again, &e) == 0);
    MUST(slice_equal(workflow_print(again, &a), text));
    MUST(workflow_check(w, e.language, NULL, tell, &faults) == faults);
    MUST(workflow_check(again, e.language, NULL, NULL, NULL) == faults);
    MUST(workflow_dot(&w, 1, e.language, &a).n > 0);
    for (size_t i = 0; i < workflow_state_count(w); i++)
        ask(w, slice_from(workflow_state(w, i)));
    return 0;
}
