/* Records about somebody whom the register does not hold wait, and take effect when the person arrives,
 * at the time they say. */
#include "../people/cast.h"
#include "screening/crowd.h"

#include "care/alert.h"
#include "intake/desk.h"
#include "screening/daily.h"

#include <string.h>

struct arriving {
    struct scene *s;
    struct edition edition;
    const struct care_tables *tables;
    struct scene_id_number child, father, mother;
};

static struct arriving begin(void **state)
{
    struct arriving t = {.s = cast_of(state)};
    struct scene *s = t.s;

    OK(s, edition_read(NULL, &s->arena, &t.edition, &s->e));
    OK(s, care_tables_load(NULL, &s->arena, &t.tables, &s->e));
    t.child = scene_id_number("2018-05-01", 4);
    t.father = scene_id_number("1985-02-28", 1);
    t.mother = scene_id_number("1986-02-28", 2);
    cast_account(s, "d1", ROLE_CHILD_DIRECTOR, INT64_C(999901001001), NULL, NULL, 0);
    /* Somebody lives here already, so that the first tick is over. */
    scene_load(s, load_people, false, PEOPLE_HEADER "o1,,other,,2015-05-01,,999901001002,,,,\n");
    return t;
}

static void tick(struct arriving *t, const char *date)
{
    struct scene *s = t->s;
    struct daily_totals totals = {0};
    day on;

    assert_true(day_parse(slice_from(date), &on));
    OK(s, daily_run(&(struct daily_work){.d = s->d,
                                         .edition = &t->edition,
                                         .tables = t->tables,
                                         .alerts = TICK_ALERTS_RAISED,
                                         .date = on,
                                         .now = tick_instant(on)},
                    &totals, &s->e));
}

static void ingest_row(struct arriving *t, const char *row)
{
    crowd_ingest(t->s, &t->edition, row);
}

static void arrive(struct arriving *t)
{
    scene_load(t->s, load_people, false,
               arena_printf(&t->s->arena,
                            PEOPLE_HEADER "c1,%s,child,,2018-05-01,,999901001001,,,,\n"
                                          "f1,%s,father,,1985-02-28,,999901001001,,,,\n"
                                          "m1,%s,mother,,1986-02-28,,999901001001,,,,\n",
                            t->child.text, t->father.text, t->mother.text));
    scene_load(t->s, load_relations, false, RELATIONS_HEADER "c1,f1,father,,\nc1,m1,mother,,\n");
}

static size_t alerts(struct arriving *t, struct alert **ret)
{
    struct alert_filter f = {.view = ALERTS_OPEN};
    size_t count;

    OK(t->s,
       alert_list(t->s->d, &f, (struct alert_place){0}, 9, &t->s->arena, ret, &count, &t->s->e));
    return count;
}

/* The day since which the policies see the category hold of the child, on a day. */
static const char *since(struct arriving *t, const char *category, const char *on)
{
    struct scene *s = t->s;
    struct population population;
    struct family family;
    struct policy_explanation x;
    char *text = ARENA_ARRAY(&s->arena, DAY_TEXT, char);
    day as_of;

    assert_true(day_parse(slice_from(on), &as_of));
    OK(s,
       population_read_child(s->d, scene_person(s, "c1"), &s->arena, &population, &family, &s->e));
    policy_explain(t->edition.set, &family.policy,
                   (size_t)policy_category_by_name(t->edition.set, slice_from(category)), as_of,
                   &s->arena, &x);
    return x.truth == POLICY_TRUE ? day_format(x.since, text) : "no";
}

static struct desk_unlinked waiting(struct arriving *t)
{
    struct desk_unlinked *list, none = {0};
    size_t count;

    OK(t->s, desk_unlinked_list(t->s->d, NULL, &t->s->arena, &list, &count, &t->s->e));
    return count ? list[0] : none;
}

/* Both parents: records from long ago, learnt before anybody knew the family. */
static void parents_arrive(void **state)
{
    struct arriving t = begin(state);
    struct alert *list;

    tick(&t, "2024-03-01");
    ingest_row(&t, arena_printf(&t.s->arena,
                                "k1,civil_affairs,dead,%s,,,,2023-06-01,,natural,,\n"
                                "k2,justice,imprisoned,%s,,,,2024-02-01,,P3Y,,\n",
                                t.father.text, t.mother.text));
    assert_int_equal(waiting(&t).records, 2);
    assert_int_equal(waiting(&t).without_number, 0);
    arrive(&t);
    assert_int_equal(waiting(&t).records, 0);
    assert_string_equal(scene_facts(t.s, scene_person(t.s, "f1")), "dead natural 2023-06-01 \n");
    tick(&t, "2024-03-02");
    assert_string_equal(since(&t, "de_facto_unattended", "2024-03-02"), "2024-02-01");
    assert_string_equal(since(&t, "de_facto_unattended", "2024-01-31"), "no");
    assert_int_equal(alerts(&t, &list), 1);
    assert_int_equal(list[0].child_id, scene_person(t.s, "c1"));
    assert_true(scene_count(t.s, "SELECT count(*) FROM verdict_change WHERE on_day = "
                                 "(SELECT max(on_day) FROM verdict_change)") > 0);
}

/* Several about one; one withdrawn and one corrected while they wait. */
static void while_waiting(void **state)
{
    struct arriving t = begin(state);
    struct alert *list;

    tick(&t, "2024-03-01");
    ingest_row(&t, arena_printf(&t.s->arena,
                                "k1,justice,imprisoned,%s,,,,2023-06-01,,P3Y,,1\n"
                                "k2,justice,other_custody,%s,,,,2023-01-01,2023-06-01,P1Y,,1\n"
                                "k3,civil_affairs,dead,%s,,,,2024-02-01,,natural,,1\n"
                                "k4,civil_affairs,dead,%s,,,,2024-02-01,,natural,,1\n",
                                t.father.text, t.father.text, t.father.text, t.mother.text));
    assert_int_equal(waiting(&t).records, 4);
    ingest_row(&t, arena_printf(&t.s->arena,
                                "k1,justice,imprisoned,%s,,,,2023-09-01,,P3Y,,2\n"
                                "k3,civil_affairs,dead,,,,,,,retracted,,2\n",
                                t.father.text));
    assert_int_equal(waiting(&t).records, 3);
    arrive(&t);
    assert_string_equal(scene_facts(t.s, scene_person(t.s, "f1")),
                        "imprisoned P3Y 2023-09-01 \n"
                        "other_custody P1Y 2023-01-01 2023-06-01\n");
    tick(&t, "2024-03-02");
    assert_string_equal(since(&t, "de_facto_unattended", "2024-03-02"), "2024-02-01");
    assert_int_equal(alerts(&t, &list), 1);
    /* A correction that comes after the arrival finds them as if they had always been here. */
    ingest_row(&t, arena_printf(&t.s->arena, "k1,justice,imprisoned,%s,,,,2024-02-15,,P3Y,,3\n",
                                t.father.text));
    assert_string_equal(since(&t, "de_facto_unattended", "2024-03-02"), "2024-02-15");
}

/* The child's own. */
static void child_arrives(void **state)
{
    struct arriving t = begin(state);
    struct alert *list;

    tick(&t, "2024-03-01");
    ingest_row(&t, arena_printf(&t.s->arena,
                                "k1,health,disability,%s,,,,2024-01-15,,mental/1,,\n"
                                "k2,education,bullying,%s,,,,2024-02-01,,,,\n",
                                t.child.text, t.child.text));
    assert_int_equal(waiting(&t).records, 2);
    arrive(&t);
    assert_int_equal(waiting(&t).records, 0);
    tick(&t, "2024-03-02");
    assert_int_equal(alerts(&t, &list), 1);
    assert_int_equal(list[0].child_id, scene_person(t.s, "c1"));
}

/* Nothing links a record without an identity number; the desk tells how many there are. */
static void without_number(void **state)
{
    struct arriving t = begin(state);

    tick(&t, "2024-03-01");
    ingest_row(&t,
               "k1,civil_affairs,low_income,,somebody,1985-02-28,999901001001,2024-01-15,,,,\n");
    arrive(&t);
    if (scene_count(t.s, "SELECT count(*) FROM record") > 0) {
        assert_int_equal(waiting(&t).records, 1);
        assert_int_equal(waiting(&t).without_number, 1);
    }
}

/* A future record: nothing is told before its day. */
static void at_their_time(void **state)
{
    struct arriving t = begin(state);
    struct alert *list;

    tick(&t, "2024-03-01");
    ingest_row(&t, arena_printf(&t.s->arena,
                                "k1,civil_affairs,dead,%s,,,,2023-06-01,,natural,,\n"
                                "k2,justice,imprisoned,%s,,,,2024-03-10,,P3Y,,\n",
                                t.father.text, t.mother.text));
    arrive(&t);
    tick(&t, "2024-03-02");
    assert_string_equal(since(&t, "de_facto_unattended", "2024-03-02"), "no");
    tick(&t, "2024-03-10");
    assert_string_equal(since(&t, "de_facto_unattended", "2024-03-10"), "2024-03-10");
    assert_int_equal(alerts(&t, &list), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(parents_arrive), EACH(while_waiting),
                                       EACH(child_arrives), EACH(without_number),
                                       EACH(at_their_time)};

    return cmocka_run_group_tests_name("people arrive", tests, NULL, NULL);
}
