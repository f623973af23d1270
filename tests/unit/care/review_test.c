/* The work list of what cannot be decided. */
#include "duty_stage.h"

#include "care/review.h"

static const struct review_item father[] = {
    {{"de_facto_unattended", 19}, {"father not registered", 21}},
    {{"orphan", 6}, {"father not registered", 21}},
};
static const struct review_item term[] = {{{"de_facto_unattended", 19}, {"term of custody", 15}}};

static void put(struct stage *t, int64_t child, const struct review_item *items, size_t count,
                day on)
{
    struct care *c = stage_begin(t, on);

    OK(t->s, review_put(c, child, items, count, &t->s->e));
    stage_end(t);
}

static struct review *list(struct stage *t, int64_t division, int64_t after, size_t *ret_count)
{
    struct review *all = NULL;

    OK(t->s, review_list(t->s->d, division, after, 10, &t->s->arena, &all, ret_count, &t->s->e));
    return all;
}

static void a_row_comes_changes_and_goes(void **state)
{
    struct stage t = stage_of(state);
    int64_t child = cast_child(t.s, "a", "2016-05-05", VILLAGE);
    size_t count;

    put(&t, child, father, 2, TODAY);
    struct review *all = list(&t, COUNTY, 0, &count);
    assert_int_equal(count, 1);
    assert_int_equal(all[0].child_id, child);
    assert_int_equal(all[0].division, VILLAGE);
    assert_int_equal(all[0].since, TODAY);
    assert_int_equal(all[0].item_count, 2);
    assert_true(slice_is(all[0].items[0].category, "de_facto_unattended"));
    assert_true(slice_is(all[0].items[1].category, "orphan"));
    assert_true(slice_is(all[0].items[1].missing, "father not registered"));
    put(&t, child, term, 1, TODAY + 3);
    all = list(&t, TOWN, 0, &count);
    assert_int_equal(all[0].since, TODAY); /* it has been open since then */
    assert_int_equal(all[0].item_count, 1);
    assert_int_equal(list(&t, OTHER_VILLAGE, 0, &count) != NULL, 0);
    assert_null(list(&t, COUNTY, child, &count));
    put(&t, child, NULL, 0, TODAY + 4);
    assert_null(list(&t, COUNTY, 0, &count));
    put(&t, child, NULL, 0, TODAY + 4);
    put(&t, child, term, 1, TODAY + 5);
    assert_int_equal(list(&t, COUNTY, 0, &count)[0].since, TODAY + 5);
}

static void what_stands_already_tells_nobody(void **state)
{
    struct stage t = stage_of(state);
    int64_t child = cast_child(t.s, "a", "2016-05-05", VILLAGE);

    put(&t, child, father, 2, TODAY);
    struct care *c = stage_begin(&t, TODAY);
    OK(t.s, review_put(c, child, father, 2, &t.s->e));
    assert_int_equal(c->changed_count, 0);
    OK(t.s, review_put(c, child, father, 1, &t.s->e));
    assert_int_equal(c->changed_count, 1);
    stage_end(&t);
}

static void groups_count_children_largest_first(void **state)
{
    struct stage t = stage_of(state);
    struct review_group *groups;
    size_t count;

    for (int i = 0; i < 5; i++) {
        int64_t child = cast_child(t.s, arena_printf(&t.s->arena, "c%d", i), "2016-05-05",
                                   i < 4 ? VILLAGE : TOWN + 1001);
        put(&t, child, i < 3 ? term : father, i < 3 ? 1 : 2, TODAY);
    }
    OK(t.s, review_groups(t.s->d, COUNTY, &t.s->arena, &groups, &count, &t.s->e));
    assert_int_equal(count, 3);
    assert_true(slice_is(groups[0].missing, "term of custody") && groups[0].children == 3);
    assert_true(slice_is(groups[1].category, "de_facto_unattended") && groups[1].children == 2);
    assert_true(slice_is(groups[2].category, "orphan") && groups[2].children == 2);
    OK(t.s, review_groups(t.s->d, TOWN, &t.s->arena, &groups, &count, &t.s->e));
    assert_int_equal(groups[1].children, 1);
    OK(t.s, review_groups(t.s->d, OTHER_VILLAGE, &t.s->arena, &groups, &count, &t.s->e));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_row_comes_changes_and_goes),
        EACH(what_stands_already_tells_nobody),
        EACH(groups_count_children_largest_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
