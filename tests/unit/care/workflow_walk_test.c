/* Random walks through every table, 10,000 steps each, against an interpreter that is slow and plain:
 * at each question it reads the text again from its first line, word by word, and counts days with the C
 * library's calendar. */
#include "care/workflow.h"

#include "../base/random.h"
#include "table_file.h"

#include <time.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define STEPS 10000
#define MINUTE INT64_C(60000000)

/* ---- the plain interpreter: lines of words ---- */

#define LINES 600
#define WORDS 60

struct plain {
    char *words[LINES][WORDS + 1]; /* quoted texts are one word; commas are gone; ends with NULL */
    int count;
};

static void plain_read(struct plain *p, char *text)
{
    char *save_line;
    bool carried = false;
    int n = 0;
    p->count = 0;
    for (char *line = strtok_r(text, "\n", &save_line); line;
         line = strtok_r(NULL, "\n", &save_line)) {
        char **words = p->words[p->count];
        n = carried ? n : 0;
        char *at = line;
        while (*at && *at != '#') {
            if (*at == ' ' || *at == ',') {
                carried = *at == ',' || (carried && n > 0);
                at++;
                continue;
            }
            bool quoted = *at == '"';
            size_t length = quoted ? strcspn(at + 1, "\"") + 2 : strcspn(at, " ,#");
            words[n++] = at;
            carried = at[length] == ',';
            at += length;
            if (*at) {
                bool note = *at == '#';
                *at++ = '\0';
                if (note)
                    break;
            }
        }
        words[n] = NULL;
        if (n > 0 && !carried)
            p->count++;
        assert_true(n < WORDS && p->count < LINES);
    }
}

static bool is(const char *a, const char *b) { return a && strcmp(a, b) == 0; }

static bool among(char **words, const char *word, const char *until)
{
    for (; *words && !is(*words, until); words++)
        if (is(*words, word))
            return true;
    return false;
}

/* The line on which the state begins; -1: none. */
static int plain_state(struct plain *p, const char *state)
{
    for (int i = 0; i < p->count; i++) {
        char **w = p->words[i];
        if ((is(w[0], "state") && is(w[1], state)) ||
            ((is(w[0], "initial") || is(w[0], "end")) && is(w[2], state)))
            return i;
    }
    return -1;
}

/* The line of a state that begins with that word, among the lines below it; -1: none. */
static int plain_below(struct plain *p, const char *state, const char *word)
{
    for (int i = plain_state(p, state) + 1; i > 0 && i < p->count; i++) {
        char **w = p->words[i];
        if (is(w[0], "state") || is(w[0], "initial") || is(w[0], "end") || is(w[0], "event"))
            break;
        if (is(w[0], word))
            return i;
    }
    return -1;
}

static bool plain_admits(struct plain *p, int by, const struct workflow_actor *actor)
{
    char **roles = p->words[by] + 1;
    if (actor->is_system)
        return among(roles, "system", "if");
    if (among(roles, role_name(actor->role), "if") && actor->role != ROLE_NONE)
        return true;
    return actor->is_owner && among(roles, "owner", "if") && actor->role != ROLE_NONE &&
           is(p->words[1][0], "owned") && among(p->words[1] + 2, role_name(actor->role), "");
}

static bool plain_guards(struct plain *p, int by, uint64_t guards)
{
    char **w = p->words[by];
    while (*w && !is(*w, "if"))
        w++;
    for (bool not = false; *w; w++) {
        if (is(*w, "if") || is(*w, "and"))
            continue;
        if (is(*w, "not")) {
            not = true;
            continue;
        }
        for (int g = 0; g < GUARD_COUNT; g++)
            if (is(*w, workflow_guard_name((enum workflow_guard)g)) &&
                (guards >> g & 1) == (uint64_t) not )
                return false;
        not = false;
    }
    return true;
}

/* The line of the from or stays that the question takes; or 0, and why not. */
static int plain_way(struct plain *p, const char *state, const char *event,
                     const struct workflow_actor *actor, uint64_t guards, enum error_code *ret_why)
{
    int at = 0;
    while (at < p->count && !(is(p->words[at][0], "event") && is(p->words[at][1], event)))
        at++;
    *ret_why = ERR_WRONG_STATE;
    bool leaves = false, admits = false;
    for (int i = at + 1; i < p->count && !is(p->words[i][0], "event"); i++) {
        char **w = p->words[i];
        bool from = is(w[0], "from") && among(w + 1, state, "to");
        bool stays = is(w[0], "stays") && among(w + 2, state, "");
        if (!from && !stays)
            continue;
        leaves = true;
        if (!plain_admits(p, i + 1, actor))
            continue;
        admits = true;
        if (plain_guards(p, i + 1, guards))
            return i;
    }
    *ret_why = leaves && !admits ? ERR_FORBIDDEN : ERR_WRONG_STATE;
    return 0;
}

static const char *plain_to(struct plain *p, int way, const char *state)
{
    char **w = p->words[way];
    if (is(w[0], "stays"))
        return state;
    while (!is(*w, "to"))
        w++;
    return w[1];
}

/* ---- the plain calendar ---- */

/* The last microsecond of the day that lies so many days, and months, after that of the instant. */
static int64_t plain_day_end(int64_t instant, int days, int months)
{
    int64_t shifted = instant + 8 * 60 * MINUTE;
    time_t local = (time_t)(shifted / 1000000 - (shifted % 1000000 < 0));
    struct tm t, end;
    gmtime_r(&local, &t);
    t.tm_hour = 23;
    t.tm_min = t.tm_sec = 59;
    t.tm_mday += days;
    int wanted = t.tm_mon + months, day_of_month = t.tm_mday;
    do { /* back from 31 February */
        end = t;
        end.tm_mon = wanted;
        end.tm_mday = day_of_month--;
        local = timegm(&end);
    } while (months > 0 && end.tm_mon != wanted % 12);
    return (int64_t)local * 1000000 + 999999 - 8 * 60 * MINUTE;
}

static int64_t plain_length(const char *number, const char *unit, int64_t from)
{
    int n = (int)strtol(number, NULL, 10);
    if (strncmp(unit, "minute", 6) == 0 || strncmp(unit, "hour", 4) == 0) {
        int64_t end = from + n * (unit[0] == 'h' ? 60 : 1) * MINUTE;
        while (end % MINUTE != 0)
            end += MINUTE - end % MINUTE;
        return end;
    }
    if (strncmp(unit, "month", 5) == 0)
        return plain_day_end(from, 0, n);
    return plain_day_end(from, unit[0] == 'w' ? 7 * n : n, 0);
}

static int64_t plain_lengths(char **w, enum level level, int64_t from)
{
    while (!is(*w, level_name(level)))
        w++;
    w++;
    if (is(*w, "weekly"))
        return plain_length("1", "week", from);
    if (is(*w, "monthly"))
        return plain_length("1", "month", from);
    if (is(*w, "quarterly"))
        return plain_length("3", "months", from);
    if (is(*w, "every"))
        w++;
    return plain_length(w[0], w[1], from);
}

static int64_t plain_due(struct plain *p, const char *state, enum level level,
                         const struct workflow_times *t)
{
    int clock = plain_below(p, state, "clock");
    if (clock < 0)
        clock = plain_below(p, state, "repeats");
    if (clock < 0)
        return WORKFLOW_NEVER;
    char **w = p->words[clock];
    int64_t from = t->now;
    if (among(w, "opening", ""))
        from = t->opened_at;
    else if (among(w, "set", "") && t->day_set != DAY_FOREVER)
        from = ((int64_t)t->day_set * 24 - 8) * 60 * MINUTE;
    return plain_lengths(w, level, from);
}

/* ---- holding the two against each other ---- */

struct walk {
    const struct workflow *w;
    struct plain plain;
    uint64_t seed;
    char state[64];
    enum level level;
    int step;
    int64_t due;
    struct workflow_times times;
    int fired, refused, escalated;
    bool entered[64], happened[64];
};

static void check_notices(struct walk *k, int way, const struct workflow_decision *d)
{
    size_t n = 0;
    for (int i = way + 1; i < k->plain.count && !is(k->plain.words[i][0], "event") &&
                          !is(k->plain.words[i][0], "from") && !is(k->plain.words[i][0], "stays");
         i++) {
        char **w = k->plain.words[i];
        if (!is(w[0], "notifies"))
            continue;
        char **kind = w;
        while (!is(*kind, "with"))
            kind++;
        for (int to = 0; to < AUDIENCE_COUNT; to++)
            if (among(w + 1, workflow_audience_name((enum workflow_audience)to), "with")) {
                assert_true(n < d->notice_count);
                assert_int_equal(d->notices[n].to, to);
                assert_string_equal(d->notices[n].kind, kind[1]);
                n++;
            }
    }
    assert_int_equal(n, d->notice_count);
}

static void check_entered(struct walk *k, const struct workflow_decision *d)
{
    assert_int_equal(d->due, plain_due(&k->plain, d->to, k->level, &k->times));
    assert_int_equal(d->due, workflow_deadline(k->w, slice_from(d->to), k->level, &k->times));
    assert_int_equal(d->ends, is(k->plain.words[plain_state(&k->plain, d->to)][0], "end"));
    assert_int_equal(d->repeats, plain_below(&k->plain, d->to, "repeats") > 0);
    assert_int_equal(d->ends, d->due == WORKFLOW_NEVER);
    int up = plain_below(&k->plain, d->to, "escalates");
    assert_int_equal(d->together, up > 0 && among(k->plain.words[up], "together", ""));
    if (!d->ends) {
        const char *whom = k->plain.words[plain_below(&k->plain, d->to, "waits")][2];
        assert_string_equal(workflow_audience_name(d->waits_for), whom);
        assert_int_equal(d->step, d->waits_for);
    }
    snprintf(k->state, sizeof k->state, "%s", d->to);
    for (size_t i = 0; i < workflow_state_count(k->w); i++)
        k->entered[i] |= is(d->to, workflow_state(k->w, i));
    k->step = d->step;
    k->due = d->due;
}

static void begin(struct walk *k)
{
    struct workflow_decision d;
    const char *state;
    do
        state = workflow_state(k->w, random_below(&k->seed, (unsigned)workflow_state_count(k->w)));
    while (!workflow_is_initial(k->w, slice_from(state)));
    k->level = (enum level)(1 + random_below(&k->seed, 4));
    k->times.opened_at = k->times.now;
    k->times.day_set = random_below(&k->seed, 3) == 0
                           ? DAY_FOREVER
                           : day_of_instant(k->times.now) + (day)random_below(&k->seed, 20);
    assert_int_equal(workflow_begin(k->w, slice_from(state), k->level, &k->times, &d, NULL), 0);
    check_entered(k, &d);
}

static struct workflow_question random_question(struct walk *k)
{
    struct workflow_question q = {
        .state = slice_from(k->state), .level = k->level, .times = k->times};
    q.event = workflow_event(k->w, random_below(&k->seed, (unsigned)workflow_event_count(k->w)));
    q.actor.is_system = random_below(&k->seed, 3) == 0;
    q.actor.is_owner = random_below(&k->seed, 2);
    q.actor.role = (enum role)random_below(&k->seed, random_below(&k->seed, 2) ? 5 : ROLE_COUNT);
    q.guards = random_next(&k->seed) & random_next(&k->seed) & (WORKFLOW_GUARD(GUARD_COUNT) - 1);
    if (random_below(&k->seed, 2))
        q.guards = ~q.guards & (WORKFLOW_GUARD(GUARD_COUNT) - 1);
    /* Half of the time something that is open, so that the walk gets about. */
    struct workflow_open open[WORKFLOW_EVENTS_MAX];
    size_t count = workflow_events_open(k->w, &q, open);
    if (count > 0 && random_below(&k->seed, 4)) {
        size_t i = random_below(&k->seed, (unsigned)count);
        q.event = open[i].event;
        q.guards |= open[i].needs;
    }
    return q;
}

/* What is open now is what the plain interpreter takes, whatever comes with the request. */
static void check_open(struct walk *k, const struct workflow_question *q)
{
    static const uint64_t given = WORKFLOW_GUARD(GUARD_HAS_REASON) |
                                  WORKFLOW_GUARD(GUARD_HAS_OUTCOME) | WORKFLOW_GUARD(GUARD_HAS_DAY);
    struct workflow_open open[WORKFLOW_EVENTS_MAX];
    size_t count = workflow_events_open(k->w, q, open), n = 0;
    for (size_t i = 0; i < workflow_event_count(k->w); i++) {
        const char *event = workflow_event(k->w, i);
        enum error_code why;
        int way = plain_way(&k->plain, k->state, event, &q->actor, q->guards | given, &why);
        if (!way)
            continue;
        assert_true(n < count);
        assert_string_equal(open[n].event, event);
        assert_string_equal(open[n].to, plain_to(&k->plain, way, k->state));
        assert_true(plain_guards(&k->plain, way + 1, q->guards | open[n].needs));
        n++;
    }
    assert_int_equal(n, count);
}

static void fire(struct walk *k)
{
    struct workflow_question q = random_question(k);
    struct workflow_decision d;
    struct error e = {.language = random_below(&k->seed, 2) ? LANGUAGE_ZH : LANGUAGE_EN};
    enum error_code why;
    int way = plain_way(&k->plain, k->state, q.event, &q.actor, q.guards, &why);
    int status = workflow_step(k->w, &q, &d, &e);
    check_open(k, &q);
    if (!way) {
        assert_int_equal(status, -(int)why);
        assert_string_not_equal(e.detail, "");
        assert_string_not_equal(e.hint, "");
        k->refused++;
        return;
    }
    if (status != 0)
        fail_msg("%s in %s: %s", q.event, k->state, e.detail);
    assert_string_equal(d.from, k->state);
    assert_string_equal(d.event, q.event);
    assert_string_equal(d.to, plain_to(&k->plain, way, k->state));
    assert_int_equal(d.stays, is(k->plain.words[way][0], "stays"));
    check_notices(k, way, &d);
    if (!d.stays)
        check_entered(k, &d);
    k->fired++;
    for (size_t i = 0; i < workflow_event_count(k->w); i++)
        k->happened[i] |= is(q.event, workflow_event(k->w, i));
}

static void miss(struct walk *k)
{
    struct workflow_escalation up;
    char **chain = k->plain.words[plain_below(&k->plain, k->state, "escalates")];
    char **each = k->plain.words[plain_below(&k->plain, k->state, "each")];
    int wanted = k->step;
    assert_true(workflow_escalate(k->w, slice_from(k->state), k->level, k->step, k->due,
                                  k->times.now, &up));
    for (int step = k->step + 1; step <= WORKFLOW_TOP_STEP && wanted == k->step; step++)
        if (among(chain, workflow_audience_name((enum workflow_audience)step), "with"))
            wanted = step;
    assert_int_equal(up.step, wanted);
    int64_t due = plain_lengths(each, k->level, k->due);
    assert_int_equal(up.due,
                     due > k->times.now ? due : plain_lengths(each, k->level, k->times.now));
    assert_true(up.due > k->times.now);
    assert_true(up.notice_count >= 1);
    assert_int_equal(up.notices[up.notice_count - 1].to, wanted);
    k->step = up.step;
    k->due = up.due;
    k->escalated++;
}

static void walk(const char *path, uint64_t seed)
{
    ARENA_AUTO(a);
    struct walk *k = ARENA_NEW(&a, struct walk);
    char *text = table_file_read(&a, path);
    struct error e = {.language = LANGUAGE_EN};
    *k = (struct walk){.seed = seed};
    k->times.now = INT64_C(1795485930123456);
    if (workflow_compile(path, slice_from(arena_string(&a, slice_from(text))), &a, &k->w, &e) != 0)
        fail_msg("%s", e.detail);
    plain_read(&k->plain, text);
    begin(k);
    for (int i = 0; i < STEPS; i++) {
        k->times.now += (int64_t)(random_next(&k->seed) % (uint64_t)(36 * 60 * MINUTE)) + 1;
        if (k->times.now > k->due && random_below(&k->seed, 2))
            miss(k);
        else
            fire(k);
        if (workflow_is_end(k->w, slice_from(k->state)))
            begin(k);
    }
    print_message("# %s: %d fired, %d refused, %d escalated\n", path, k->fired, k->refused,
                  k->escalated);
    assert_true(k->fired > STEPS / 100 && k->refused > STEPS / 100 && k->escalated > STEPS / 100);
    for (size_t i = 0; i < workflow_state_count(k->w); i++)
        if (!k->entered[i])
            fail_msg("the walk never came to %s", workflow_state(k->w, i));
    for (size_t i = 0; i < workflow_event_count(k->w); i++)
        if (!k->happened[i])
            fail_msg("the walk never fired %s", workflow_event(k->w, i));
}

static void random_walks(void **state)
{
    ARENA_AUTO(a);
    uint64_t seed = random_seed();
    for (const char **path = table_file_list(&a); *path; path++)
        walk(*path, seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_walks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
