/* Texts that cannot be read, and what is said of them; texts that can, and their canonical form. */
#include "care/workflow.h"

#include <stdio.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define HEAD "workflow w \"流程\" \"flow\"\n"
#define STATES HEAD "initial state a \"甲\" \"A\"\nend state b \"乙\" \"B\"\n"

/* The first line of the detail, and the hint. */
static void assert_fault(const char *text, const char *detail, const char *hint)
{
    ARENA_AUTO(a);
    const struct workflow *w = NULL;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(workflow_compile("t", slice_from(text), &a, &w, &e), -ERR_WORKFLOW);
    char said[sizeof e.detail];
    snprintf(said, sizeof said, "%.*s", (int)strcspn(e.detail, "\n"), e.detail);
    if (strcmp(said, detail) != 0 || !strstr(e.hint, hint))
        fail_msg("\n%s\ngives  %s / %s\nnot    %s / %s", text, said, e.hint, detail, hint);
    assert_null(w);
    assert_int_equal(workflow_compile("t", slice_from(text), &a, &w, NULL), -ERR_WORKFLOW);
}

static void signs(void **state)
{
    assert_fault("", "t:1:1: no workflow stands in this text", "Write: workflow NAME");
    assert_fault("# 甲\n\n", "t:3:1: no workflow stands in this text", "Write: workflow NAME");
    assert_fault("workflow w \"甲", "t:1:12: this quotation does not end on its line", "Put a \"");
    assert_fault("workflow w \"甲\n\" \"b\"", "t:1:12: this quotation does not end on its line",
                 "");
    assert_fault("workflow w \"\" \"b\"",
                 "t:1:12: a label is not empty, nor does it begin or end with a blank", "");
    assert_fault("workflow w \"a\" \"b \"",
                 "t:1:16: a label is not empty, nor does it begin or end with a blank", "");
    assert_fault("workflow W", "t:1:10: “W” is no sign of this language", "small letters");
    assert_fault("workflow 甲", "t:1:10: “甲” is no sign of this language", "small letters");
    assert_fault("workflow w \"a\x01\" \"b\"", "t:1:14: this is no text in UTF-8", "editor");
    assert_fault("# \xff\n", "t:1:3: this is no text in UTF-8", "editor");
    assert_fault("workflow abcdefghijklmnopqrstuvwxyz_abcdefghijklmnop \"a\" \"b\"",
                 "t:1:10: “abcdefghijklmnopqrstuvwxyz_abcdefghijklm…” is longer than 40 letters",
                 "shorter");
    assert_fault(HEAD "initial state a \"甲\" \"A\"\n    clock extreme 24h",
                 "t:3:19: “24h” is no number up to 999", "24 hours");
    assert_fault(HEAD "initial state a \"甲\" \"A\"\n    clock extreme 1000 hours",
                 "t:3:19: “1000” is no number up to 999", "");
}

static void lines(void **state)
{
    assert_fault("workflo w", "t:1:1: “workflo” begins no line of this language",
                 "Did you mean \"workflow\"?");
    assert_fault("zzzzzzzz w", "t:1:1: “zzzzzzzz” begins no line of this language",
                 "Lines begin with");
    assert_fault("12 w", "t:1:1: “12” begins no line of this language", "Lines begin with");
    assert_fault("workflow", "t:1:9: something is missing at the end of this line",
                 "Write: workflow NAME");
    assert_fault("workflow w \"a\"", "t:1:15: something is missing at the end of this line", "");
    assert_fault("workflow w \"a\" \"b\" c", "t:1:20: “c” does not belong here", "");
    assert_fault(HEAD HEAD, "t:2:1: “workflow” stands here a second time, after line 1", "");
    assert_fault("state a \"甲\" \"A\"", "t:1:1: “state” belongs to nothing that stands above it",
                 "");
    assert_fault(HEAD "waits for owner", "t:2:1: “waits” belongs to nothing that stands above it",
                 "");
    assert_fault(STATES "from a to b", "t:4:1: “from” belongs to nothing that stands above it", "");
    assert_fault(STATES "event x \"甲\" \"X\"\nby owner",
                 "t:5:1: “by” belongs to nothing that stands above it", "");
    assert_fault(STATES "event x \"甲\" \"X\"\nclock extreme 1 day",
                 "t:5:1: “clock” belongs to nothing that stands above it", "");
    assert_fault(STATES "event x \"甲\" \"X\"\nstate c \"丙\" \"C\"",
                 "t:5:1: “state” begins a state, and states stand before events", "");
    assert_fault(STATES "owned by supervisor", "t:4:1: “owned” stands behind the first state", "");
    assert_fault(HEAD "owned by supervisor\nowned by supervisor",
                 "t:3:1: “owned” stands here a second time, after line 2", "");
    assert_fault(HEAD "initial state a \"甲\" \"A\"\nstate a \"甲\" \"A\"",
                 "t:3:7: “a” stands here a second time, after line 2", "");
    assert_fault(STATES "event x \"甲\" \"X\"\nevent x \"甲\" \"X\"",
                 "t:5:7: “x” stands here a second time, after line 4", "");
}

static void states(void **state)
{
    assert_fault(STATES "waits owner", "t:4:7: “owner” does not belong here",
                 "Write: waits for owner");
    assert_fault(STATES "waits for supervisr",
                 "t:4:11: “supervisr” is nobody who is waited for or told",
                 "Did you mean \"supervisor\"?");
    assert_fault(STATES "waits for owner\nwaits for owner",
                 "t:5:1: “waits” stands here a second time, after line 4", "");
    assert_fault(STATES "clock extrem 1 day", "t:4:7: there is no level “extrem”",
                 "Did you mean \"extreme\"?");
    assert_fault(STATES "clock extreme 1 day, extreme 1 day",
                 "t:4:22: “extreme” stands twice in this list", "Leave one.");
    assert_fault(STATES "clock extreme 1 dya", "t:4:17: “dya” is no unit of time",
                 "Did you mean \"days\"?");
    assert_fault(STATES "clock extreme 0 days", "t:4:15: “0” gives nobody time to act", "0 days");
    assert_fault(STATES "clock from the day set extreme 0 hours",
                 "t:4:32: “0” gives nobody time to act", "0 days");
    assert_fault(STATES "clock from the dawn extreme 1 day", "t:4:16: “dawn” does not belong here",
                 "from the opening");
    assert_fault(STATES "clock extreme 1 day, high 1 day,\n\n low 1 day medium",
                 "t:6:12: “medium” does not belong here", "Write: clock");
    assert_fault(STATES "clock extreme 1 day\nrepeats extreme weekly",
                 "t:5:1: “repeats” stands here a second time, after line 4", "");
    assert_fault(STATES "repeats extreme daily", "t:4:17: “daily” does not belong here",
                 "Write: repeats extreme weekly");
    assert_fault(STATES "escalates to station",
                 "t:4:21: something is missing at the end of this line", "");
}

static void events(void **state)
{
#define EVENT STATES "event x \"甲\" \"X\"\n"
    assert_fault(EVENT "from a, c to b", "t:5:9: there is no state “c”", "States are declared");
    assert_fault(EVENT "from a, a to b", "t:5:9: “a” stands twice in this list", "");
    assert_fault(EVENT "from a b", "t:5:8: “b” does not belong here", "Write: from STATE");
    assert_fault(EVENT "stays a", "t:5:7: “a” does not belong here", "Write: stays in");
    assert_fault(EVENT "from a to b\nby supervisr", "t:6:4: there is no role “supervisr”",
                 "Did you mean \"supervisor\"?");
    assert_fault(EVENT "from a to b\nby owner\nby system",
                 "t:7:1: “by” stands here a second time, after line 6", "");
    assert_fault(EVENT "from a to b\nby owner, owner", "t:6:11: “owner” stands twice in this list",
                 "");
    assert_fault(EVENT "from a to b\nby owner if has_reson",
                 "t:6:13: there is no guard “has_reson”", "Did you mean \"has_reason\"?");
    assert_fault(EVENT "from a to b\nby owner if has_reason and not has_reason",
                 "t:6:32: “has_reason” stands twice in this list", "");
    assert_fault(EVENT "from a to b\nnotifies owner",
                 "t:6:15: something is missing at the end of "
                 "this line",
                 "with NOTICE");
    assert_fault(EVENT "from a to b\n"
                       "notifies owner, supervisor, station, centre, guardian with x\n"
                       "notifies owner, supervisor, station, centre with x",
                 "t:7:1: “notifies” is one notice too many", "at most 8");
}

static void the_line_and_a_caret(void **state)
{
    ARENA_AUTO(a);
    const struct workflow *w;
    struct error e = {.language = LANGUAGE_EN};
    assert_int_equal(workflow_compile("f/w.workflow",
                                      slice_from("workflow w \"流程\" \"flow\" \textra\n"), &a, &w,
                                      &e),
                     -ERR_WORKFLOW);
    assert_string_equal(e.detail, "f/w.workflow:1:25: “extra” does not belong here\n"
                                  "workflow w \"流程\" \"flow\" \textra\n"
                                  "                         \t^");
    assert_int_equal(e.code, ERR_WORKFLOW);
}

static void a_text_and_its_canonical_form(void **state)
{
    ARENA_AUTO(a);
    const struct workflow *w, *again;
    struct error e = {.language = LANGUAGE_EN};
    const char *text =
        "workflow w \"流程\"\t\"flow\"  # note\r\n"
        " owned by supervisor,\n   # carried on\n\n child_director\n"
        "initial state a \"甲\" \"A # 1\"\n"
        "clock from the day set low 15 days, extreme 0 days, high 1 day, medium 1 weeks\n"
        "waits for owner\nescalates together to station, then centre with late\n"
        "each after extreme 30 minutes, high 2 hours, medium 1 month, low 3 months\n"
        "state b \"乙\" \"B\"\n"
        "repeats extreme every 1 week, high every 2 weeks, medium every 1 month, low every 3 "
        "months\n"
        "end state c \"丙\" \"C\"\n"
        "event x \"做\" \"X\"\n stays in b, a\n by system, owner if has_reason and not has_day\n"
        " from b to c\n notifies station, owner with told\n notifies guardian with told";
    const char *canonical =
        "workflow w \"流程\" \"flow\"\n"
        "    owned by child_director, supervisor\n\n"
        "initial state a \"甲\" \"A # 1\"\n"
        "    waits for owner\n"
        "    clock      from the day set extreme 0 days, high 1 day, medium 1 week, low 15 days\n"
        "    escalates  together to station, then centre, with late\n"
        "    each after extreme 30 minutes, high 2 hours, medium 1 month, low 3 months\n\n"
        "state b \"乙\" \"B\"\n"
        "    repeats    extreme weekly, high every 2 weeks, medium monthly, low quarterly\n\n"
        "end state c \"丙\" \"C\"\n\n"
        "event x \"做\" \"X\"\n"
        "    stays in a, b\n"
        "        by owner, system if has_reason and not has_day\n"
        "    from b to c\n"
        "        notifies owner, station with told\n"
        "        notifies guardian with told\n";
    assert_int_equal(workflow_compile("t", slice_from(text), &a, &w, &e), 0);
    struct slice printed = workflow_print(w, &a);
    assert_string_equal(arena_string(&a, printed), canonical);
    assert_int_equal(workflow_compile("t", printed, &a, &again, &e), 0);
    assert_true(slice_equal(workflow_print(again, &a), printed));
    assert_string_equal(workflow_label(w, LANGUAGE_ZH), "流程");
    assert_int_equal(workflow_state_count(w), 3);
    assert_string_equal(workflow_state(w, 2), "c");
    assert_null(workflow_state(w, 3));
    assert_null(workflow_event(w, 1));
    assert_true(workflow_may_own(w, ROLE_SUPERVISOR));
    assert_false(workflow_may_own(w, ROLE_HELPER));
}

static void too_many(void **state)
{
    ARENA_AUTO(a);
    const struct workflow *w;
    struct error e = {.language = LANGUAGE_EN};
    for (int events = 0; events < 2; events++) {
        const char *text = events ? STATES : HEAD;
        for (int i = 0; i < 64; i++)
            text = arena_printf(&a, "%s%s x%d \"甲\" \"A\"\n", text, events ? "event" : "state", i);
        assert_int_equal(workflow_compile("t", slice_from(text), &a, &w, &e), 0);
        text = arena_printf(&a, "%s%s y \"甲\" \"A\"\n", text, events ? "event" : "state");
        assert_int_equal(workflow_compile("t", slice_from(text), &a, &w, &e), -ERR_WORKFLOW);
        assert_non_null(strstr(e.detail, events ? "one event too many" : "one state too many"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs),
        cmocka_unit_test(lines),
        cmocka_unit_test(states),
        cmocka_unit_test(events),
        cmocka_unit_test(the_line_and_a_caret),
        cmocka_unit_test(a_text_and_its_canonical_form),
        cmocka_unit_test(too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
