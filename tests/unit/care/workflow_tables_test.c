/* The tables that are built in: sound, as workflow_facts.txt says, and no line of theirs is idle.
 *
 * workflow_facts.txt holds what the engine answers, state by state and event by event: when each
 * deadline falls for a thing that began on 22 November 2026 at 09:00, has 26 November set as its day and
 * enters the state on 24 November at 10:05; who may do what (with * as owner), under which guards; who
 * is told. After a change of a table, HUMIAO_TEST_WRITE=FILE writes what it is now; read it before it
 * replaces the old. */
#include "care/workflow_set.h"

#include "table_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* ---- text that grows ---- */

struct facts {
    struct arena *arena;
    char *text;
    size_t n, capacity;
};

static void put(struct facts *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put(struct facts *f, const char *format, ...)
{
    char line[600];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    assert_true(n >= 0 && n < (int)sizeof line);
    f->text = arena_grow(f->arena, f->text, &f->capacity, f->n + (size_t)n + 1, 1);
    memcpy(f->text + f->n, line, (size_t)n + 1);
    f->n += (size_t)n;
}

/* "11-24 10:05"; ":59" of the last microsecond of a day stands as 24:00. */
static void put_instant(struct facts *f, int64_t instant)
{
    char text[DAY_TEXT];
    if (instant == WORKFLOW_NEVER) {
        put(f, " never");
        return;
    }
    int64_t minute = instant / 60000000 + 8 * 60;
    if (instant % 60000000 == 59999999 && minute % 1440 == 1439)
        put(f, " %s 24:00", day_format(day_of_instant(instant), text) + 5);
    else
        put(f, " %s %02d:%02d", day_format(day_of_instant(instant), text) + 5,
            hour_of_instant(instant), (int)(minute % 60));
}

/* ---- facts of a state ---- */

static const struct workflow_times times = {INT64_C(1795485900000000), INT64_C(1795309200000000),
                                            20783};

static void put_notices(struct facts *f, const struct workflow_notice *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put(f, "%s %s:%s", i ? "," : " tells", workflow_audience_name(list[i].to), list[i].kind);
}

static void put_state(struct facts *f, const struct workflow *w, const char *state)
{
    struct slice name = slice_from(state);
    put(f, "%s: %s “%s” “%s”", workflow_name(w), state,
        workflow_state_label(w, name, LANGUAGE_ZH).p, workflow_state_label(w, name, LANGUAGE_EN).p);
    put(f, "%s%s", workflow_is_initial(w, name) ? ", initial" : "",
        workflow_is_end(w, name) ? ", end\n" : "");
    if (workflow_is_end(w, name))
        return;
    put(f, ", waits for %s\n", workflow_audience_name(workflow_waits_for(w, name)));
    for (int level = LEVEL_NONE + 1; level < LEVEL_COUNT; level++) {
        struct workflow_escalation up = {.step = (int)workflow_waits_for(w, name)};
        up.due = workflow_deadline(w, name, (enum level)level, &times);
        put(f, "    %-8s", level_name((enum level)level));
        put_instant(f, up.due);
        for (int i = 0; i < 4; i++) {
            if (!workflow_escalate(w, name, (enum level)level, up.step, up.due, up.due, &up))
                break;
            put(f, " | %s", workflow_audience_name((enum workflow_audience)up.step));
            put_instant(f, up.due);
        }
        put_notices(f, up.notices, up.notice_count);
        put(f, "%s\n", workflow_tells_together(w, name) ? ", together" : "");
    }
}

/* ---- facts of an event in a state ---- */

/* One answer to a question, the sets of guards that led to it, and who gets it. */
struct answer {
    struct workflow_decision decision;
    uint64_t all, any; /* guards that every such set had, and that any had */
    char who[600];
};

#define ANSWERS_MAX 16

static bool same(const struct workflow_decision *a, const struct workflow_decision *b)
{
    bool equal = a->to == b->to && a->stays == b->stays && a->repeats == b->repeats &&
                 a->notice_count == b->notice_count;
    for (size_t i = 0; equal && i < a->notice_count; i++)
        equal = a->notices[i].to == b->notices[i].to &&
                strcmp(a->notices[i].kind, b->notices[i].kind) == 0;
    return equal;
}

/* The answers to one actor, asking with each set of guards. */
static size_t answers_to(const struct workflow *w, struct workflow_question *q,
                         struct answer list[ANSWERS_MAX])
{
    size_t count = 0;
    for (uint64_t guards = 0; guards < WORKFLOW_GUARD(GUARD_COUNT); guards++) {
        struct workflow_decision d;
        q->guards = guards;
        int status = workflow_step(w, q, &d, NULL);
        if (status == -ERR_FORBIDDEN)
            break; /* whatever the guards */
        if (status != 0)
            continue;
        size_t i = 0;
        while (i < count && !same(&list[i].decision, &d))
            i++;
        if (i == count) {
            assert_true(count < ANSWERS_MAX);
            list[count++] = (struct answer){.decision = d, .all = ~UINT64_C(0)};
        }
        list[i].all &= guards;
        list[i].any |= guards;
    }
    return count;
}

static void put_answer(struct facts *f, const struct answer *a)
{
    put(f, "    %s %s%s by%s", a->decision.event, a->decision.stays ? "stays" : "-> ",
        a->decision.stays ? "" : a->decision.to, a->who);
    for (int g = 0; g < GUARD_COUNT; g++)
        if (a->all >> g & 1 || !(a->any >> g & 1))
            put(f, "%s%s", a->all >> g & 1 ? " if " : " if not ",
                workflow_guard_name((enum workflow_guard)g));
    put_notices(f, a->decision.notices, a->decision.notice_count);
    put(f, "\n");
}

/* Adds an answer to the list, or whom it is given to. */
static void gather(struct answer list[ANSWERS_MAX], size_t *count, const struct answer *answer,
                   const char *who)
{
    size_t i = 0;
    while (i < *count && !(same(&list[i].decision, &answer->decision) &&
                           list[i].all == answer->all && list[i].any == answer->any))
        i++;
    if (i == *count) {
        assert_true(*count < ANSWERS_MAX);
        list[(*count)++] = *answer;
    }
    size_t n = strlen(list[i].who);
    snprintf(list[i].who + n, sizeof list[i].who - n, " %s", who);
}

/* Each actor: every role, as owner (marked with a *) and not, and the system. */
static void put_event(struct facts *f, const struct workflow *w, const char *state,
                      const char *event)
{
    struct answer all[ANSWERS_MAX], list[ANSWERS_MAX];
    struct workflow_question q = {slice_from(state), event, {0}, 0, LEVEL_LOW, times};
    struct workflow_decision none;
    size_t all_count = 0;
    /* Nobody at all is forbidden what is possible here, and told so of what is not. */
    if (workflow_step(w, &q, &none, NULL) == -ERR_WRONG_STATE)
        return;
    for (int role = ROLE_NONE; role < ROLE_COUNT; role++)
        for (int owner = 0; owner < 2 - (role == ROLE_NONE); owner++) {
            char who[80];
            q.actor = (struct workflow_actor){(enum role)role, owner, role == ROLE_NONE};
            snprintf(who, sizeof who, "%s%s", role ? role_name((enum role)role) : "system",
                     owner ? "*" : "");
            size_t count = answers_to(w, &q, list);
            for (size_t i = 0; i < count; i++)
                gather(all, &all_count, &list[i], who);
        }
    for (size_t i = 0; i < all_count; i++)
        put_answer(f, &all[i]);
}

static char *facts_of(const struct workflow *w, struct arena *a)
{
    struct facts f = {.arena = a};
    put(&f, "%s “%s” “%s”\n", workflow_name(w), workflow_label(w, LANGUAGE_ZH),
        workflow_label(w, LANGUAGE_EN));
    for (size_t i = 0; i < workflow_event_count(w); i++) {
        struct slice event = slice_from(workflow_event(w, i));
        put(&f, "%s “%s” “%s”\n", event.p, workflow_event_label(w, event, LANGUAGE_ZH).p,
            workflow_event_label(w, event, LANGUAGE_EN).p);
    }
    for (size_t i = 0; i < workflow_state_count(w); i++) {
        put_state(&f, w, workflow_state(w, i));
        for (size_t k = 0; k < workflow_event_count(w); k++)
            put_event(&f, w, workflow_state(w, i), workflow_event(w, k));
    }
    return f.text;
}

/* ---- the tests ---- */

static bool notice_known(const char *kind)
{
    static const char *const names[] = {
#define NOTICE(symbol, number, name, outside) name,
#include "notify/notices.def"
#undef NOTICE
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(kind, names[i]) == 0)
            return true;
    return false;
}

static void tell(void *context, const struct error *fault) { print_message("%s\n", fault->detail); }

static void they_are_sound(void **state)
{
    ARENA_AUTO(a);
    struct workflow_set set;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(workflow_set_read(NULL, &a, &set, &e), 0);
    assert_true(set.count >= 2);
    for (size_t i = 0; i < set.count; i++)
        assert_int_equal(
            workflow_check(set.list[i].workflow, LANGUAGE_EN, notice_known, tell, NULL), 0);
    assert_non_null(workflow_set_find(&set, SLICE_LITERAL("alert")));
    assert_null(workflow_set_find(&set, SLICE_LITERAL("alarm")));
}

static void the_folder_is_what_is_built_in(void **state)
{
    ARENA_AUTO(a);
    struct workflow_set built_in, folder;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(workflow_set_read(NULL, &a, &built_in, &e), 0);
    assert_int_equal(workflow_set_read(WORKFLOW_DIRECTORY, &a, &folder, &e), 0);
    assert_int_equal(built_in.count, folder.count);
    for (size_t i = 0; i < folder.count; i++)
        assert_memory_equal(built_in.list[i].hash, folder.list[i].hash, WORKFLOW_EDITION_SIZE);
    assert_int_equal(workflow_set_read("/nowhere", &a, &folder, &e), -ERR_IO);
    assert_int_equal(workflow_set_read(WORKFLOW_DIRECTORY "/../masks", &a, &folder, &e),
                     -ERR_WORKFLOW);
}

static void they_say_what_is_expected(void **state)
{
    ARENA_AUTO(a);
    struct workflow_set set;
    struct error e = {.language = LANGUAGE_EN};
    const char *target = getenv("HUMIAO_TEST_WRITE");
    char *expected = table_file_read(&a, WORKFLOW_FACTS), *all = "";
    assert_int_equal(workflow_set_read(NULL, &a, &set, &e), 0);
    for (size_t i = 0; i < set.count; i++)
        all = arena_printf(&a, "%s%s", all, facts_of(set.list[i].workflow, &a));
    if (target) {
        FILE *f = fopen(target, "we");
        assert_non_null(f);
        fputs(all, f);
        fclose(f);
        return;
    }
    for (int line = 1; *all || *expected; line++) {
        size_t n = strcspn(all, "\n"), m = strcspn(expected, "\n");
        if (n != m || memcmp(all, expected, n) != 0)
            fail_msg("workflow_facts.txt:%d\nis   %.*s\nwas  %.*s", line, (int)n, all, (int)m,
                     expected);
        all += n + (all[n] != '\0');
        expected += m + (expected[m] != '\0');
    }
}

/* ---- no line is idle ---- */

static bool says_something(const char *line, size_t n)
{
    size_t blanks = strspn(line, " \t\r");
    return blanks < n && line[blanks] != '#';
}

/* What becomes of the table without these bytes: it cannot be read, it is unsound, or it says
 * something else. */
static bool noticed(const char *path, const char *text, size_t from, size_t n, const char *facts)
{
    ARENA_AUTO(a);
    const struct workflow *w;
    struct error e = {.language = LANGUAGE_EN};
    char *rest = arena_printf(&a, "%.*s%s", (int)from, text, text + from + n);
    return workflow_compile(path, slice_from(rest), &a, &w, &e) != 0 ||
           workflow_check(w, LANGUAGE_EN, NULL, NULL, NULL) > 0 ||
           strcmp(facts_of(w, &a), facts) != 0;
}

static void each_line_matters(void **state)
{
    ARENA_AUTO(a);
    for (const char **path = table_file_list(&a); *path; path++) {
        const struct workflow *w;
        struct error e = {.language = LANGUAGE_EN};
        char *text = table_file_read(&a, *path);
        assert_int_equal(workflow_compile(*path, slice_from(text), &a, &w, &e), 0);
        const char *facts = facts_of(w, &a);
        int lines = 0;
        for (size_t at = 0, line = 1; text[at]; line++) {
            size_t n = strcspn(text + at, "\n") + 1;
            if (says_something(text + at, n - 1)) {
                lines++;
                if (!noticed(*path, text, at, n, facts))
                    fail_msg("%s:%zu can go, and nobody notices", *path, line);
            }
            at += text[at + n - 1] ? n : n - 1;
        }
        print_message("# %s: each of %d lines matters\n", *path, lines);
    }
}

/* ---- graphs ---- */

static void graphs_balance(void **state)
{
    ARENA_AUTO(a);
    struct workflow_set set;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(workflow_set_read(NULL, &a, &set, &e), 0);
    for (size_t i = 0; i < set.count; i++)
        for (int language = 0; language < 2; language++) {
            const struct workflow *w = set.list[i].workflow;
            struct slice text = workflow_dot(&w, 1, (enum language)language, &a);
            int open = 0, boxes = 0;
            bool quoted = false;
            for (size_t k = 0; k < text.n; k++) {
                if (text.p[k] == '\\' && quoted)
                    k++;
                else if (text.p[k] == '"')
                    quoted = !quoted;
                else if (!quoted)
                    open += (text.p[k] == '{' || text.p[k] == '[') -
                            (text.p[k] == '}' || text.p[k] == ']');
                assert_true(open >= 0 && !(quoted && text.p[k] == '\n'));
                boxes += !quoted && k > 0 && text.p[k] == '\n' && text.p[k - 1] == ';';
            }
            assert_int_equal(open, 0);
            assert_false(quoted);
            assert_true(boxes > (int)(workflow_state_count(w) + workflow_event_count(w) / 2));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_sound),
        cmocka_unit_test(the_folder_is_what_is_built_in),
        cmocka_unit_test(they_say_what_is_expected),
        cmocka_unit_test(each_line_matters),
        cmocka_unit_test(graphs_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
