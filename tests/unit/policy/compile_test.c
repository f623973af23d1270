/* Reading policies: what is refused, where and with which hint; and that the printed form is the
 * same policy again. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define CONDITION "condition ill \"病\" \"ill\" when fact serious_illness\n"

/* Appends to a text of 100,000 bytes. */
#define SAY(text, p, ...) ((p) += snprintf((p), 100000 - (size_t)((p) - (text)), __VA_ARGS__))

static void refused(const char *text, const char *place, const char *what, const char *hint)
{
    ARENA_AUTO(a);
    const struct policy_set *set = NULL;
    struct error e = {.language = LANGUAGE_EN};
    struct source source = {"t.policy", slice_from(text)};
    assert_int_equal(policy_compile(&source, 1, &a, &set, &e), -ERR_POLICY);
    char begin[64];
    snprintf(begin, sizeof begin, "t.policy:%s: ", place);
    if (strncmp(e.detail, begin, strlen(begin)) != 0 || !strstr(e.detail, what) ||
        (*hint ? !strstr(e.hint, hint) : e.hint[0]))
        fail_msg("for: %.300s\nwanted: %s%s [%s]\ngot: %s [%s]", text, begin, what, hint, e.detail,
                 e.hint);
    assert_null(set);
}

static void errors_of_words(void **state)
{
    refused("categry k \"a\" \"a\" holds while minor", "1:1", "\"categry\" stands where",
            "\"category\"");
    refused("# first\n  category k \"甲\" \"a\"\n    holds while minr", "3:17",
            "no condition or category \"minr\"", "");
    refused("category k \"甲乙\" b", "1:17", "\"b\" stands where a text in quotation marks", "");
    refused("category k \"甲\" \"a\" holds when minor", "1:26", "\"when\" stands where holds while",
            "");
    refused("category k \"甲\" \"a\"", "1:19", "the text ends where \"holds while\"", "");
    refused("category k \"甲\" \"a\" holds while minor @", "1:38", "no place here", "");
    refused("category k \"甲", "1:12", "does not end on its line", "");
    refused("category k \"甲\n\" \"a\"", "1:12", "does not end on its line", "");
    refused("category any \"甲\" \"a\" holds while minor", "1:10", "\"any\" stands where a name",
            "");
    refused("category A \"甲\" \"a\" holds while minor", "1:10", "stands where a name", "");
    refused("category k \"甲\" \"a\" holds while (minor", "1:38", "the text ends where )", "");
    refused("category k \"甲\" \"a\" level high level low holds while minor", "1:31", "twice", "");
    refused("\xFF", "1:1", "not UTF-8", "");
    refused("category k \"\xE7\x94\" \"a\"", "1:13", "not UTF-8", "");
}

static void errors_of_names(void **state)
{
    refused(CONDITION "category k \"a\" \"a\" holds while any legal parent (il)", "2:50",
            "no condition or category \"il\"", "Did you mean \"ill\"?");
    refused("category k \"a\" \"a\" holds while fact imprisonned", "1:37",
            "no kind of fact \"imprisonned\"", "Did you mean \"imprisoned\"?");
    refused("category k \"a\" \"a\" holds while deported", "1:32", "no condition or category",
            "Write \"fact deported\"");
    refused(CONDITION CONDITION, "2:11", "\"ill\" is declared already, in t.policy, line 1", "");
    refused(CONDITION "signal ill \"a\" \"a\" holds while minor", "2:8", "declared already", "");
    refused("category k \"a\" \"a\" holds while b\ncategory b \"b\" \"b\" holds while not k",
            "1:32", "\"b\" refers to itself", "");
    refused("condition k \"a\" \"a\" when k", "1:26", "\"k\" refers to itself", "");
}

static void errors_of_types(void **state)
{
    refused("condition k \"a\" \"a\" when minor", "1:26", "about the child", "speak of one person");
    refused(CONDITION "category k \"a\" \"a\" holds while any guardian (every legal parent (ill))",
            "2:46", "about the child", "speak of one person");
    refused("category k \"a\" \"a\" holds while any legal parent (b) category b \"b\" \"b\" holds "
            "while minor",
            "1:50", "about the child", "speak of one person");
    refused("condition k \"a\" \"a\" when fact disability is one of */1, mentl/3", "1:26",
            "fact disability is never \"mentl/3\"", "Did you mean \"mental\"?");
    refused("condition k \"a\" \"a\" when fact disability is visual", "1:26", "never \"visual\"",
            "");
    refused("condition k \"a\" \"a\" when fact disability is visual/1/1", "1:26",
            "never \"visual/1/1\"", "");
    refused("condition k \"a\" \"a\" when fact lost_contact is repoted", "1:26",
            "never \"repoted\"", "Did you mean \"reported\"?");
    refused("condition k \"a\" \"a\" when fact deported is x", "1:26", "has no value to compare",
            "");
    refused("condition k \"a\" \"a\" when fact dead with a term of at least 6 months", "1:26",
            "has no term", "");
    refused("condition k \"a\" \"a\" when fact dead after more than 0 days", "1:26",
            "length of time is 0", "");
    refused("condition k \"a\" \"a\" when fact dead after more than 6 mnths", "1:54",
            "stands where days, weeks, months or years", "\"months\"");
    refused("condition k \"a\" \"a\" when fact dead after more than 10000 days", "1:52",
            "larger than 9999", "");
    refused("category k \"a\" \"a\" holds while latest of dead between the legal parents is dead",
            "1:32", "not between two persons", "");
    refused("category k \"a\" \"a\" holds while latest of married between the legal parents is "
            "divorced",
            "1:32", "not among those compared", "");
    refused("category k \"a\" \"a\" holds while minor and adopted or minor", "1:50", "mixed",
            "parentheses");
}

static void shows_the_line_and_a_caret(void **state)
{
    ARENA_AUTO(a);
    const struct policy_set *set;
    struct error e = {.language = LANGUAGE_EN};
    struct source source = {"t.policy", slice_from("\ncategory k \"孤儿\" \"a\" holds while no\n")};
    assert_true(policy_compile(&source, 1, &a, &set, &e) < 0);
    assert_string_equal(e.detail,
                        "t.policy:3:1: the text ends where legal parent, guardian or household "
                        "member is wanted\n\n^");
    source.text = slice_from("\ncategory k \"孤儿\" \"a\" holds wile minor\n");
    assert_true(policy_compile(&source, 1, &a, &set, &e) < 0);
    assert_string_equal(e.detail, "t.policy:2:27: \"wile\" stands where holds while is wanted\n"
                                  "category k \"孤儿\" \"a\" holds wile minor\n"
                                  "                            ^");
    assert_string_equal(e.hint, "Did you mean \"while\"?");
}

/* Depth of parentheses and `not`, and of references, ends in an error and not in the stack. */
static void bounds(void **state)
{
    ARENA_AUTO(a);
    char *deep = arena_take(&a, 100000), *p = deep;
    SAY(deep, p, "category k \"a\" \"a\" holds while ");
    for (int i = 0; i < 20000; i++)
        SAY(deep, p, "(");
    refused(deep, "1:96", "nested deeper than 64", "");
    p = deep;
    SAY(deep, p, "category k \"a\" \"a\" holds while ");
    for (int i = 0; i < 20000; i++)
        SAY(deep, p, "not ");
    refused(deep, "1:288", "nested deeper than 64", "");
    p = deep;
    for (int i = 0; i < 999; i++)
        SAY(deep, p, "category c%d \"a\" \"a\" holds while c%d\n", i, i + 1);
    SAY(deep, p, "category c999 \"a\" \"a\" holds while minor\n");
    refused(deep, "257:35", "more than 256 deep", "");
    p = deep;
    for (int i = 0; i < 1001; i++)
        SAY(deep, p, "category c%d \"a\" \"a\" holds while minor\n", i);
    refused(deep, "1001:1", "more than 1000 declarations", "");
    memset(deep, 'a', 65);
    deep[65] = '\0';
    refused(deep, "1:1", "longer than 64 bytes", "");
    struct slice large = {arena_take(&a, (1 << 20) + 1), (1 << 20) + 1};
    struct source source = {"large", large};
    const struct policy_set *set;
    struct error e = {.language = LANGUAGE_EN};
    assert_true(policy_compile(&source, 1, &a, &set, &e) < 0);
    assert_non_null(strstr(e.detail, "larger than"));
}

/* References that fan out are evaluated and explained once each, and not 2^n times. */
static void references_that_fan_out(void **state)
{
    ARENA_AUTO(a);
    char *text = arena_take(&a, 100000), *p = text;
    SAY(text, p, "category c0 \"a\" \"a\" holds while fact hiv\n");
    for (int i = 1; i < 60; i++)
        SAY(text, p, "category c%d \"a\" \"a\" holds while c%d or (c%d and not c%d)\n", i, i - 1,
            i - 1, i - 1);
    const struct policy_set *set = fixture_compile(&a, text);
    struct fixture f;
    fixture_couple(&f, "2012-05-01");
    fixture_fact(&f, 0, "hiv", "2015-05-01", "", "");
    assert_int_equal(policy_category_count(set), 60);
    struct policy_timeline all[60];
    policy_evaluate(set, &f.family, &a, all);
    int last = policy_category_by_name(set, SLICE_LITERAL("c59"));
    assert_int_equal(all[last].stretches[0].from, on("2015-05-01"));
    struct policy_explanation x;
    policy_explain(set, &f.family, (size_t)last, on("2014-05-01"), &a, &x);
    assert_int_equal(x.truth, POLICY_FALSE);
    assert_int_equal(x.change_count, 1);
    assert_string_equal(x.reasons[x.changes[0].reason].en, "HIV infection");
}

static void same_again(const struct policy_set *set, struct arena *a)
{
    struct slice once = policy_set_print(set, a);
    struct slice twice = policy_set_print(fixture_compile(a, once.p), a);
    assert_string_equal(once.p, twice.p);
}

static void shipped_policies_print_and_read_again(void **state)
{
    ARENA_AUTO(a);
    const struct policy_set *set = fixture_set(&a);
    same_again(set, &a);
    int orphan = policy_category_by_name(set, SLICE_LITERAL("orphan"));
    assert_string_equal(
        policy_category_print(set, (size_t)orphan, &a).p,
        "category orphan \"孤儿\" \"orphan\"\n"
        "    cites \"国办发〔2010〕54号\"\n"
        "    department civil_affairs\n"
        "    holds while minor\n"
        "        and (every legal parent (absent) or (fact parents_not_found and not adopted))\n");
    const struct policy_info *info = policy_category_info(
        set, (size_t)policy_category_by_name(set, SLICE_LITERAL("single_parent")));
    assert_true(info->signal);
    assert_string_equal(info->file, "single_parent.policy");
    for (size_t i = 1; i < policy_category_count(set); i++)
        assert_true(
            strcmp(policy_category_info(set, i - 1)->name, policy_category_info(set, i)->name) < 0);
}

static void every_form_prints_and_reads_again(void **state)
{
    ARENA_AUTO(a);
    const struct policy_set *set = fixture_compile(
        &a, "category z \"子\" \"z\" cites \"法\" \"一\" cites \"规\" needs visit, money level "
            "high department health\n"
            "holds while aged under 16 and not (aged 6 or over or adopted) and no guardian (p and "
            "not q)\n"
            "and exactly one legal parent (p) and exactly 2 legal parents (p) and at least two "
            "household\n"
            "members (q) and at most 3 guardians (q) and at most 0 guardians (q) and at least 1 "
            "guardian (q)\n"
            "and (minor or (minor or minor)) and not not minor\n"
            "condition p \"p\" \"p\" when fact dead is natural, after at least 1 year or fact "
            "dead, after more than\n"
            "2 weeks or fact imprisoned with a term of at least 10 days\n"
            "condition q \"q\" \"q\" when fact school_absent is one of *, a/b, c/*");
    same_again(set, &a);
    assert_string_equal(policy_set_print(set, &a).p,
                        "condition p \"p\" \"p\"\n"
                        "    when fact dead is natural, after at least 1 year\n"
                        "        or fact dead after more than 2 weeks\n"
                        "        or fact imprisoned with a term of at least 10 days\n"
                        "\n"
                        "condition q \"q\" \"q\"\n"
                        "    when fact school_absent is one of *, a/b, c/*\n"
                        "\n"
                        "category z \"子\" \"z\"\n"
                        "    cites \"法\" \"一\"\n"
                        "    cites \"规\"\n"
                        "    needs visit, money\n"
                        "    level high\n"
                        "    department health\n"
                        "    holds while aged under 16\n"
                        "        and not (aged 6 or over or adopted)\n"
                        "        and no guardian (p and not q)\n"
                        "        and exactly 1 legal parent (p)\n"
                        "        and exactly 2 legal parents (p)\n"
                        "        and at least 2 household members (q)\n"
                        "        and at most 3 guardians (q)\n"
                        "        and no guardian (q)\n"
                        "        and any guardian (q)\n"
                        "        and (minor or (minor or minor))\n"
                        "        and not not minor\n");
}

/* Damaged policies: bytes changed, dropped, doubled. Nothing but an error or a set may come of
 * it. */
static void damaged_text(void **state)
{
    ARENA_AUTO(a);
    struct slice good = policy_set_print(fixture_set(&a), &a);
    uint32_t seed = 1;
    for (int round = 0; round < 3000; round++) {
        ARENA_AUTO(b);
        char *text = arena_string(&b, good);
        for (int k = 0; k < 3; k++) {
            seed = seed * 1664525u + 1013904223u;
            size_t at = (seed >> 8) % good.n;
            const char bytes[] = "()\",# \nab*/9\xE5\xFF";
            if (seed & 64)
                memmove(text + at, text + good.n / 2, good.n - at > 40 ? 40 : good.n - at);
            else
                text[at] = bytes[(seed >> 3) % (sizeof bytes - 1)];
        }
        struct source source = {"t", {text, good.n - (seed >> 20) % 200}};
        struct error e = {.language = LANGUAGE_EN};
        const struct policy_set *set;
        if (policy_compile(&source, 1, &b, &set, &e) == 0)
            same_again(set, &b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_of_words),
        cmocka_unit_test(errors_of_names),
        cmocka_unit_test(errors_of_types),
        cmocka_unit_test(shows_the_line_and_a_caret),
        cmocka_unit_test(bounds),
        cmocka_unit_test(references_that_fan_out),
        cmocka_unit_test(shipped_policies_print_and_read_again),
        cmocka_unit_test(every_form_prints_and_reads_again),
        cmocka_unit_test(damaged_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
