/* The clearance table: its faults by example, random tables against an oracle that reads their
 * text, and what the table that is built in says of the twelve roles. */
#include "access/clearance.h"

#include "../base/random.h"
#include "clearance_oracle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static int compile(const char *text, struct arena *a, const struct clearance **ret, struct error *e)
{
    *e = (struct error){.language = LANGUAGE_EN};
    return clearance_compile(slice_from(text), "t", a, ret, e);
}

/* ---- faults ---- */

static void assert_fault(const char *text, const char *detail)
{
    ARENA_AUTO(a);
    const struct clearance *c = NULL;
    struct error e;
    if (compile(text, &a, &c, &e) != -ERR_CLEARANCE || strcmp(e.detail, detail) != 0)
        fail_msg("\n%s\ngives  %s\nnot    %s", text, e.code ? e.detail : "a table", detail);
    assert_null(c);
    assert_string_not_equal(e.hint, "");
    assert_int_equal(clearance_compile(slice_from(text), "t", &a, &c, NULL), -ERR_CLEARANCE);
}

static void what_is_not_understood(void **state)
{
    assert_fault("clas name\n", "t:1:1: “clas” begins no line of this table");
    assert_fault("  helper any routine shown\n",
                 "t:1:3: “helper” is indented and belongs to nothing");
    assert_fault("class\n", "t:1:1: “class” is followed by the name of one class");
    assert_fault("# 一\nclass nam", "t:2:7: there is no class “nam”");
    assert_fault("class name\nclass sex\nclass name\n",
                 "t:3:7: class name began on line 1 already");
    assert_fault("class name\n helper,kepler area routine shown\n",
                 "t:2:9: there is no role “kepler”");
    assert_fault("class name\n helper,,guardian area routine shown\n",
                 "t:2:9: there is no role “”");
    assert_fault("class name\n helper,helper area routine shown\n",
                 "t:2:9: “helper” stands twice in this list");
    assert_fault("class name\n 儿童主任,helper area routine shown\n",
                 "t:2:2: there is no role “儿童主任”");
    assert_fault("class name\n helper 区,area routine shown\n", "t:2:9: there is no relation “区”");
    assert_fault("class name\n helper area,区 routine shown\n",
                 "t:2:14: there is no relation “区”");
    assert_fault("class name\n helper area routin shown\n", "t:2:14: there is no purpose “routin”");
    assert_fault("class name\n helper area routine absent\n",
                 "t:2:22: “absent” is neither shown nor masked");
    assert_fault("class name\n helper area visit shown knock 5m\n",
                 "t:2:26: “knock” is no way of opening");
    static const char *const lengths[] = {"0m", "1441m", "5", "m", "-5m", "05m", "5h", "99999m"};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char text[100], detail[100];
        snprintf(text, sizeof text, "class name\n helper area visit shown tap %s\n", lengths[i]);
        snprintf(detail, sizeof detail, "t:2:30: “%s” is no length of time", lengths[i]);
        assert_fault(text, detail);
    }
    assert_fault("class name\n helper area routine\n",
                 "t:2:14: the line does not have its parts; it ends in “routine”");
    assert_fault("class name\n helper area visit shown tap\n",
                 "t:2:26: the line does not have its parts; it ends in “tap”");
    assert_fault("approval helper guardian\n",
                 "t:1:1: “approval” does not say who decides for whom");
    assert_fault("approval helper of guardian\n",
                 "t:1:1: “approval” does not say who decides for whom");
    assert_fault("permission child:list\n", "t:1:1: “permission” does not say what, and whose");
    assert_fault("permission child helper\n", "t:1:12: “child” is no name of a permission");
    assert_fault("permission a:b:c helper\n", "t:1:12: “a:b:c” is no name of a permission");
    assert_fault("permission :list helper\n", "t:1:12: “:list” is no name of a permission");
    assert_fault("permission a:b helper\n   ghost\n", "t:2:4: there is no role “ghost”");
    assert_fault("permission a:b helper\n   helper\n", "t:2:4: “helper” stands twice in this list");
    assert_fault("permission a:b helper everybody\n",
                 "t:1:23: “everybody” stands alone: it is all roles");
    assert_fault("permission a:b helper\npermission a:b guardian\n",
                 "t:2:12: permission “a:b” stands here a second time");
    assert_fault("class name\n helper\001 area routine shown\n", "t:2:8: this is no text in UTF-8");
    assert_fault("# 陈\xFF\n", "t:1:4: this is no text in UTF-8");
    assert_fault("class 一二三四五六七八九十一二三四五六七八九十\n",
                 "t:1:7: there is no class “一二三四五六七八九十一二三”");
    assert_fault("class 一 二 c d e f g h i j k l m n o p q r s t u v w x\n",
                 "t:1:53: “x” and what follows is too much for one line");
    assert_fault("class a b c d e f g h i j k l m n o p q r s t u v w x y z\n",
                 "t:1:53: “x” and what follows is too much for one line");
}

static void what_no_edition_may_break(void **state)
{
    assert_fault("class name\n helper,audit_administrator area routine masked\n",
                 "t:2:9: audit_administrator is an administrator, and name is a child's");
    assert_fault("class level\n everybody area routine masked\n",
                 "t:2:2: system_administrator is an administrator, and level is a child's");
    assert_fault("class name\n helper area,none routine masked\n",
                 "t:2:14: name is a child's: without a relation to the child nobody sees it");
    assert_fault("class level\n helper any routine masked\n",
                 "t:2:9: level is a child's: without a relation to the child nobody sees it");
    assert_fault(
        "class fact_harm\n helper,guardian guardian routine masked\n",
        "t:2:9: a guardian may be the one who is reported: fact_harm is not theirs to see");
    assert_fault("class name\n helper area routine shown tap 5m\n",
                 "t:2:28: routine needs no way of opening");
    assert_fault("class name\n helper area routine,visit shown tap 5m\n",
                 "t:2:34: routine needs no way of opening");
    assert_fault("class name\n helper area visit shown\n",
                 "t:2:20: it does not say how this purpose is opened");
    assert_fault("class name\n helper area emergency shown tap 5m\n",
                 "t:2:30: emergency is opened by breaking the glass alone");
    assert_fault("class name\n helper area visit,emergency shown glass 5m\n",
                 "t:2:36: the glass is broken in an emergency alone");
    assert_fault("class name\n helper area visit shown approval 5m\n",
                 "t:2:26: nobody decides what helper asks for, nor reviews it");
    assert_fault("approval guardian by helper\nclass name\n"
                 " guardian,helper area emergency shown glass 5m\n",
                 "t:3:39: nobody decides what helper asks for, nor reviews it");
    assert_fault("class name\n helper area,team visit masked tap 5m\n"
                 " guardian,helper team routine masked\n",
                 "t:2:25: helper at team sees that much in the routine already, by line 3");
    assert_fault("class name\n helper area,team routine,visit shown tap 5m\n",
                 "t:2:39: routine needs no way of opening");
    assert_fault("class name\n helper,guardian area routine shown\n"
                 " supervisor,guardian area,team routine masked\n",
                 "t:3:2: name, guardian, area for routine is on line 2 already");
    assert_fault("approval helper,guardian by supervisor,helper\n",
                 "t:1:40: helper would approve what helper asks");
    assert_fault("approval helper by everybody\n", "t:1:20: helper would approve what helper asks");
    assert_fault(
        "approval helper by supervisor,audit_administrator\n",
        "t:1:31: audit_administrator is an administrator and decides nothing about a child");
    assert_fault("approval helper by supervisor\napproval helper by supervisor\n",
                 "t:2:10: “helper”: one of them has this approval already");
    assert_fault("permission child:list helper,system_administrator\n",
                 "t:1:30: system_administrator is an administrator, and child:list is of a child");
    assert_fault("permission trace:read audit_administrator\n",
                 "t:1:23: audit_administrator is an administrator, and trace:read is of a child");
    assert_fault("permission opening:own everybody\n",
                 "t:1:24: system_administrator is an administrator, and opening:own is of a child");
    assert_fault(
        "permission a:b system_administrator\n           audit_administrator\n",
        "t:2:12: system_administrator and audit_administrator are administrators and would "
        "share a:b");
}

static void an_empty_table_shows_nothing(void **state)
{
    ARENA_AUTO(a);
    const struct clearance *c;
    struct error e;
    size_t count;
    assert_int_equal(compile("\n# nothing\n\r\n", &a, &c, &e), 0);
    clearance_permissions(c, &count);
    assert_int_equal(count, 0);
    assert_false(clearance_permits(c, ROLE_HELPER, SLICE_LITERAL("child:list")));
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int class = 0; class < CLASS_COUNT; class ++)
            assert_int_equal(
                clearance_sights(c, (enum role)role, RELATION_ASSIGNED, PURPOSE_ROUTINE)[class],
                SIGHT_ABSENT);
}

static void what_is_unknown_sees_nothing(void **state)
{
    ARENA_AUTO(a);
    const struct clearance *c;
    struct error e;
    assert_int_equal(clearance_builtin(&a, &c, &e), 0);
    static const int wrong[][3] = {{ROLE_NONE, RELATION_AREA, PURPOSE_ROUTINE},
                                   {ROLE_COUNT, RELATION_AREA, PURPOSE_ROUTINE},
                                   {-1, RELATION_AREA, PURPOSE_ROUTINE},
                                   {ROLE_CENTRE_WORKER, RELATION_COUNT, PURPOSE_ROUTINE},
                                   {ROLE_CENTRE_WORKER, -1, PURPOSE_ROUTINE},
                                   {ROLE_CENTRE_WORKER, RELATION_AREA, PURPOSE_NONE},
                                   {ROLE_CENTRE_WORKER, RELATION_AREA, PURPOSE_COUNT}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const uint8_t *sights = clearance_sights(
            c, (enum role)wrong[i][0], (enum relation)wrong[i][1], (enum purpose)wrong[i][2]);
        for (int class = 0; class < CLASS_COUNT; class ++) {
            assert_int_equal(sights[class], SIGHT_ABSENT);
            assert_int_equal(clearance_rule(c, (enum data_class) class, (enum role)wrong[i][0],
                                            (enum relation)wrong[i][1], (enum purpose)wrong[i][2])
                                 .sight,
                             SIGHT_ABSENT);
        }
    }
    assert_int_equal(
        clearance_rule(c, CLASS_COUNT, ROLE_CENTRE_WORKER, RELATION_AREA, PURPOSE_ROUTINE).sight,
        SIGHT_ABSENT);
    assert_true(clearance_permits(c, ROLE_NONE, SLICE_LITERAL("session:own")));
    assert_false(clearance_permits(c, ROLE_NONE, SLICE_LITERAL("child:list")));
    assert_false(clearance_permits(c, (enum role)77, SLICE_LITERAL("session:own")));
    assert_false(clearance_permits(c, ROLE_CENTRE_WORKER, SLICE_LITERAL("child:lis")));
    assert_false(clearance_permits(c, ROLE_CENTRE_WORKER, SLICE_NONE));
    assert_false(clearance_approves(c, ROLE_NONE, ROLE_HELPER));
    assert_int_equal(relation_parse(SLICE_LITERAL("nobody")), -1);
    assert_int_equal(purpose_parse(SLICE_LITERAL("")), PURPOSE_NONE);
    assert_int_equal(data_class_parse(SLICE_LITERAL("names")), -1);
    assert_int_equal(data_class_mask(CLASS_COUNT), MASK_HIDDEN);
}

/* ---- against the oracle ---- */

static const char *sight_word(uint8_t sight)
{
    return sight == SIGHT_SHOWN ? "shown" : sight == SIGHT_MASKED ? "masked" : "";
}

static const char *way_word(uint8_t way)
{
    static const char *const words[] = {"", "", "tap", "approval", "glass"};
    return words[way];
}

static void assert_rule(const struct clearance *c, const char *text, int class, int role,
                        int relation, int purpose)
{
    struct clearance_rule got = clearance_rule(c, (enum data_class) class, (enum role)role,
                                               (enum relation)relation, (enum purpose)purpose);
    struct oracle_answer expected = oracle_ask(
        text, data_class_name((enum data_class) class), role_name((enum role)role),
        relation_name((enum relation)relation), purpose_name((enum purpose)purpose));
    char minutes[10] = "";
    if (got.minutes)
        snprintf(minutes, sizeof minutes, "%um", got.minutes);
    assert_int_equal(got.line, expected.line);
    assert_string_equal(sight_word(got.sight), expected.sight);
    assert_string_equal(way_word(got.way), expected.way);
    assert_string_equal(minutes, expected.minutes);
    assert_int_equal(got.way == WAY_FREE, expected.lines == 1 && purpose == PURPOSE_ROUTINE);
    assert_int_equal(
        clearance_sights(c, (enum role)role, (enum relation)relation, (enum purpose)purpose)[class],
        got.sight);
}

static void assert_as_written(const struct clearance *c, const char *text, int class)
{
    for (int role = 1; role < ROLE_COUNT; role++)
        for (int relation = 0; relation < RELATION_COUNT; relation++) {
            for (int purpose = 1; purpose < PURPOSE_COUNT; purpose++)
                assert_rule(c, text, class, role, relation, purpose);
            uint8_t easiest = clearance_ways(c, (enum role)role, (enum relation)relation)[class];
            uint8_t expected = WAY_NONE;
            for (int purpose = 2; purpose < PURPOSE_COUNT; purpose++) {
                uint8_t way = clearance_rule(c, (enum data_class) class, (enum role)role,
                                             (enum relation)relation, (enum purpose)purpose)
                                  .way;
                if (way != WAY_NONE && (expected == WAY_NONE || way < expected))
                    expected = way;
            }
            assert_int_equal(easiest, expected);
        }
}

static void assert_roles_as_written(const struct clearance *c, const char *text)
{
    size_t count;
    const char *const *permissions = clearance_permissions(c, &count);
    for (int role = 1; role < ROLE_COUNT; role++) {
        for (size_t i = 0; i < count; i++)
            assert_int_equal(clearance_permits(c, (enum role)role, slice_from(permissions[i])),
                             oracle_permits(text, role_name((enum role)role), permissions[i]));
        for (int asker = 1; asker < ROLE_COUNT; asker++)
            assert_int_equal(
                clearance_approves(c, (enum role)role, (enum role)asker),
                oracle_approves(text, role_name((enum role)role), role_name((enum role)asker)));
    }
}

struct page {
    char text[8000];
    size_t n;
};

__attribute__((format(printf, 2, 3))) static void say(struct page *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(p->text + p->n, sizeof p->text - p->n, format, arguments);
    va_end(arguments);
    p->n += (size_t)n;
    assert_true(p->n < sizeof p->text);
}

/* One to three neighbouring members of a table, joined by commas; never one twice. */
static void say_list(struct page *p, uint64_t *seed, const char *(*name)(int), int first, int end)
{
    int count = 1 + (int)random_below(seed, 3), size = end - first;
    int from = (int)random_below(seed, (unsigned)size), step = 1 + (int)random_below(seed, 2);
    for (int i = 0; i < count; i++)
        say(p, "%s%s", i ? "," : "", name(first + (from + i * step) % size));
    say(p, "  ");
}

static const char *name_of_role(int i) { return role_name((enum role)i); }
static const char *name_of_relation(int i) { return relation_name((enum relation)i); }

static void say_row(struct page *p, uint64_t *seed)
{
    static const char *const endings[] = {
        "routine masked",           "routine shown",
        "visit shown tap 15m",      "visit,aid masked tap 5m",
        "aid shown approval 90m",   "casework shown approval 1440m",
        "emergency shown glass 1m", "oversight\tmasked approval 7m",
    };
    static const char *const wrong[] = {"routine shown tap 5m", "visit shown",
                                        "emergency shown approval 5m", "visit shown glass 5m"};
    bool strange = random_below(seed, 40) == 0;
    say(p, random_below(seed, 2) ? "    " : "\t");
    if (strange && random_below(seed, 4) == 0)
        say(p, "everybody ");
    else
        say_list(p, seed, name_of_role, 1, strange ? ROLE_COUNT : (int)ROLE_SYSTEM_ADMINISTRATOR);
    if (strange && random_below(seed, 4) == 0)
        say(p, "any ");
    else
        say_list(p, seed, name_of_relation, strange ? 0 : 1, RELATION_COUNT);
    if (strange && random_below(seed, 2))
        say(p, "%s\n", wrong[random_below(seed, sizeof wrong / sizeof wrong[0])]);
    else
        say(p, "%s%s\n", endings[random_below(seed, sizeof endings / sizeof endings[0])],
            random_below(seed, 4) ? "" : "   # why");
}

static void say_table(struct page *p, uint64_t *seed)
{
    int first = (int)random_below(seed, CLASS_COUNT), step = 1 + (int)random_below(seed, 6);
    for (int i = 0; i < 3; i++) {
        say(p, "class %s\n", data_class_name((enum data_class)((first + i * step) % CLASS_COUNT)));
        for (unsigned k = random_below(seed, 4); k > 0; k--)
            say_row(p, seed);
        say(p, random_below(seed, 2) ? "\n" : "# a comment\n");
    }
    /* Most of the time everybody has somebody who decides. */
    if (random_below(seed, 8)) {
        say(p, "approval child_director,station_worker,centre_worker,department_liaison by "
               "supervisor\napproval supervisor,organisation_manager,helper,guardian,bureau_leader "
               "by centre_worker\n");
    }
    for (unsigned k = random_below(seed, 8) ? 0 : 2; k > 0; k--) {
        say(p, "approval ");
        say_list(p, seed, name_of_role, 1, ROLE_COUNT);
        say(p, "by ");
        say_list(p, seed, name_of_role, 1, ROLE_COUNT);
        say(p, "\n");
    }
    static const char *const names[] = {"trace:read", "trail:read", "opening:own", "staff:see"};
    for (unsigned k = random_below(seed, 4); k > 0; k--) {
        say(p, "permission %s ", names[k]);
        if (random_below(seed, 8))
            say_list(p, seed, name_of_role, 1,
                     random_below(seed, 6) ? (int)ROLE_SYSTEM_ADMINISTRATOR : ROLE_COUNT);
        else
            say(p, "everybody");
        say(p, "\n");
    }
}

static void random_tables(void **state)
{
    uint64_t seed = random_seed();
    int sound = 0, count = 300;
    for (int i = 0; i < count; i++) {
        static struct page p;
        ARENA_AUTO(a);
        const struct clearance *c;
        struct error e;
        p.n = 0;
        say_table(&p, &seed);
        int status = compile(p.text, &a, &c, &e);
        if ((status == 0) != oracle_is_sound(p.text))
            fail_msg("%s:\n%s", status ? e.detail : "taken, but not sound", p.text);
        if (status != 0)
            continue;
        sound++;
        for (int class = 0; class < CLASS_COUNT; class ++)
            if (random_below(&seed, 8) == 0 || class < 4)
                assert_as_written(c, p.text, class);
        assert_roles_as_written(c, p.text);
    }
    print_message("# %d of %d tables were sound\n", sound, count);
    assert_true(sound > count / 8 && sound < count * 7 / 8);
}

static void the_builtin_table_as_written(void **state)
{
    ARENA_AUTO(a);
    const struct clearance *c;
    struct error e = {.language = LANGUAGE_EN};
    if (clearance_builtin(&a, &c, &e) != 0)
        fail_msg("%s", e.detail);
    const char *text = arena_string(&a, clearance_builtin_text());
    for (int class = 0; class < CLASS_COUNT; class ++)
        assert_as_written(c, text, class);
    assert_roles_as_written(c, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_understood),
        cmocka_unit_test(what_no_edition_may_break),
        cmocka_unit_test(an_empty_table_shows_nothing),
        cmocka_unit_test(what_is_unknown_sees_nothing),
        cmocka_unit_test(random_tables),
        cmocka_unit_test(the_builtin_table_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
