/* The proofs: a sound workflow passes each; for each there is one that fails it, and it alone. */
#include "care/workflow.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* A sound workflow, line by line; cases replace, drop or add a line. */
static const char *const sound[] = {
    /*  1 */ "workflow w \"流程\" \"flow\"",
    /*  2 */ "owned by child_director, supervisor",
    /*  3 */ "initial state a \"甲\" \"A\"",
    /*  4 */ "waits for owner",
    /*  5 */ "clock extreme 24 hours, high 3 days, medium 7 days, low 15 days",
    /*  6 */ "escalates to supervisor, then station, then centre, with overdue",
    /*  7 */ "each after extreme 4 hours, high 1 day, medium 2 days, low 3 days",
    /*  8 */ "state b \"乙\" \"B\"",
    /*  9 */ "waits for supervisor",
    /* 10 */ "repeats extreme weekly, high every 2 weeks, medium monthly, low quarterly",
    /* 11 */ "escalates to station, then centre, with overdue",
    /* 12 */ "each after extreme 1 day, high 1 day, medium 1 day, low 1 day",
    /* 13 */ "end state c \"丙\" \"C\"",
    /* 14 */ "event x \"做\" \"X\"",
    /* 15 */ "from a to b",
    /* 16 */ "by owner",
    /* 17 */ "notifies supervisor with visited",
    /* 18 */ "event y \"成\" \"Y\"",
    /* 19 */ "from b to c",
    /* 20 */ "by supervisor if has_reason",
    /* 21 */ "from b to a",
    /* 22 */ "by supervisor if not has_reason",
    /* 23 */ "event v \"记\" \"V\"",
    /* 24 */ "stays in a, b",
    /* 25 */ "by owner, system",
};
#define SOUND (sizeof sound / sizeof sound[0])

static bool notice_known(const char *kind)
{
    return strcmp(kind, "overdue") == 0 || strcmp(kind, "visited") == 0;
}

struct told {
    size_t count;
    char first[200];
};

static void tell(void *context, const struct error *fault)
{
    struct told *told = context;
    assert_int_equal(fault->code, ERR_WORKFLOW_UNSOUND);
    assert_string_not_equal(fault->hint, "");
    if (told->count++ == 0)
        snprintf(told->first, sizeof told->first, "%.*s", (int)strcspn(fault->detail, "\n"),
                 fault->detail);
}

/* The sound text with line `number` replaced (NULL: dropped, its place left empty). */
static struct told check(size_t number, const char *line)
{
    ARENA_AUTO(a);
    const struct workflow *w;
    struct error e = {.language = LANGUAGE_EN};
    struct told told = {0};
    char *text = arena_string(&a, SLICE_LITERAL(""));
    for (size_t i = 0; i < SOUND; i++)
        text = arena_printf(&a, "%s%s\n", text, i + 1 != number ? sound[i] : line ? line : "");
    if (workflow_compile("t", slice_from(text), &a, &w, &e) != 0)
        fail_msg("%s", e.detail);
    size_t count = workflow_check(w, LANGUAGE_EN, notice_known, tell, &told);
    assert_int_equal(count, told.count);
    assert_int_equal(workflow_check(w, LANGUAGE_ZH, notice_known, NULL, NULL), count);
    return told;
}

static void a_sound_one(void **state) { assert_int_equal(check(0, NULL).count, 0); }

static void all_of_them(void **state)
{
    /* What a case breaks may break more than one proof; the first is shown. */
    static const struct {
        size_t number;
        const char *line, *first;
    } cases[] = {
        {3, "state a \"甲\" \"A\"", "t:1:1: nothing begins: no state is initial"},
        {13, "state c \"丙\" \"C\"", "t:1:1: nothing ends: no state is an end"},
        {13, "end state c \"丙\" \"C\"\nend state d \"丁\" \"D\"",
         "t:14:11: the state “d” is never reached"},
        {19, "from b to a", "t:3:15: the state “a” is a dead end: no end state is reached from it"},
        {4, NULL, "t:3:15: the state “a” does not say whom it waits for"},
        {5, NULL, "t:3:15: the state “a” waits without a clock"},
        {6, NULL, "t:3:15: the state “a” waits, and a missed deadline goes up to nobody"},
        {7, NULL, "t:3:15: the state “a” does not say when a missed deadline goes up again"},
        {10, NULL, "t:8:7: the state “b” waits without a clock"},
        {5, "clock extreme 24 hours, high 3 days, low 15 days",
         "t:5:1: the state “a” gives no length for the level medium"},
        {12, "each after extreme 1 day, high 1 day, medium 1 day",
         "t:12:1: the state “b” gives no length for the level low"},
        {5, "clock extreme 73 hours, high 3 days, medium 7 days, low 15 days",
         "t:5:1: the state “a” gives extreme more time than high"},
        {7, "each after extreme 4 hours, high 1 month, medium 4 weeks, low 1 month",
         "t:7:1: the state “a” gives high more time than medium"},
        {6, "escalates to station, then supervisor, then centre, with overdue",
         "t:6:1: the state “a” escalates to supervisor, which is not upward"},
        {6, "escalates to owner, then supervisor, then centre, with overdue",
         "t:6:1: the state “a” escalates to owner, which is not upward"},
        {11, "escalates to supervisor, then centre, with overdue",
         "t:11:1: the state “b” escalates to supervisor, which is not upward"},
        {11, "escalates to station, with overdue",
         "t:11:1: the state “b” escalates to station and no further"},
        {6, "escalates to supervisor, then station, then centre, with overdu",
         "t:6:58: there is no notice “overdu”"},
        {13, "end state c \"丙\" \"C\"\nwaits for owner",
         "t:14:1: the end state “c” waits for nobody and has no clock"},
        {13, "end state c \"丙\" \"C\"\nclock extreme 1 day",
         "t:14:1: the end state “c” waits for nobody and has no clock"},
        {13, "end state c \"丙\" \"C\"\nescalates to centre, with overdue",
         "t:14:1: the end state “c” waits for nobody and has no clock"},
        {13, "end state c \"丙\" \"C\"\neach after extreme 1 day",
         "t:14:1: the end state “c” waits for nobody and has no clock"},
        {9, "waits for guardian",
         "t:9:1: the state “b” waits for guardian, who can do nothing in it"},
        {3,
         "state q \"前\" \"Q\"\nwaits for owner\nclock extreme 1 day, high 1 day, medium 1 day, "
         "low 1 day\nescalates to centre, with overdue\neach after extreme 1 day, high 1 day, "
         "medium 1 day, low 1 day\ninitial state a \"甲\" \"A\"",
         "t:3:7: the state “q” is never reached"}, /* staying leads nowhere */
        {16, "by centre_worker", "t:4:1: the state “a” waits for owner, who can do nothing in it"},
        {16, "by system", NULL}, /* sound: the system acts for the owner */
        {22, "by supervisor if not has_reason\nevent z \"无\" \"Z\"",
         "t:23:7: the event “z” happens nowhere"},
        {22, "by supervisor if not has_reason\nfrom c to a\nby system",
         "t:23:1: “y” is to be possible in the end state “c”"},
        {22, "by supervisor if not has_reason\nstays in c\nby system",
         "t:23:1: “y” is to be possible in the end state “c”"},
        {22, NULL, "t:21:1: “y” may be fired by nobody here"},
        {2, NULL, "t:16:1: “x” is for the owner, and nobody may own this"},
        {16, "by owner, system_administrator",
         "t:16:1: no account that does this can hold the role system_administrator"},
        {2, "owned by child_director, audit_administrator",
         "t:2:1: no account that does this can hold the role audit_administrator"},
        {17, "notifies supervisor with visitd", "t:17:26: there is no notice “visitd”"},
        {22, "by supervisor",
         "t:21:1: “y” is ambiguous: line 19 says the same state for the same roles"},
        {22, "by owner",
         "t:21:1: “y” is ambiguous: line 19 says the same state for the same roles"},
        {22, "by supervisor if second_person",
         "t:21:1: “y” is ambiguous: line 19 says the same state for the same roles"},
        {22, "by station_worker if has_reason", NULL},
        {22, "by system", NULL},
        {21, "stays in a", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct told told = check(cases[i].number, cases[i].line);
        if (cases[i].first ? told.count == 0 || strcmp(told.first, cases[i].first) != 0
                           : told.count != 0)
            fail_msg("line %zu: %s\ngives %zu, %s\nnot   %s", cases[i].number,
                     cases[i].line ? cases[i].line : "(dropped)", told.count, told.first,
                     cases[i].first ? cases[i].first : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_one),
        cmocka_unit_test(all_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
