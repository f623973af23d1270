/* Notices: written once, seen, taken back; and what the channel outside is given. */
#include "../access/place.h"

#include "notify/outbox.h"

#define ANNA 1001
#define BERT 1002
#define NOW INT64_C(1795399200000000)
#define MINUTE INT64_C(60000000)

struct inbox {
    struct notice *list;
    size_t count;
    int64_t unseen;
};

static int put(struct place *p, enum notice_kind kind, int64_t account, int64_t object, int64_t at)
{
    struct id_source ids;
    int rc = outbox_ids_begin(p->d, &ids, &p->e);

    return rc < 0 ? rc
                  : outbox_put(p->d, &ids, kind, account, "alert", object, object + 1, at, &p->e);
}

static void tell(struct place *p, enum notice_kind kind, int64_t account, int64_t object)
{
    GOOD(p, WRITES(p, put(p, kind, account, object, NOW)));
}

static struct inbox inbox(struct place *p, int64_t account, int64_t before, size_t limit)
{
    struct inbox i = {0};

    GOOD(p,
         outbox_list(p->d, account, before, limit, &p->arena, &i.list, &i.count, &i.unseen, &p->e));
    return i;
}

static int64_t last(struct place *p)
{
    int64_t id = -1;

    GOOD(p, outbox_last(p->d, &id, &p->e));
    return id;
}

static void a_notice_reaches_its_account(void **state)
{
    struct place *p = place_of(state);

    assert_int_equal(last(p), 0);
    tell(p, NOTICE_ALERT_NEW, ANNA, 7);
    tell(p, NOTICE_VISIT_PLANNED, ANNA, 8);
    tell(p, NOTICE_ALERT_NEW, BERT, 7);
    struct inbox i = inbox(p, ANNA, 0, 10);
    assert_int_equal(i.count, 2);
    assert_int_equal(i.unseen, 2);
    assert_int_equal(i.list[0].kind, NOTICE_VISIT_PLANNED); /* newest first */
    assert_int_equal(i.list[1].kind, NOTICE_ALERT_NEW);
    assert_int_equal(i.list[1].object_id, 7);
    assert_int_equal(i.list[1].child_id, 8);
    assert_int_equal(i.list[1].at, NOW);
    assert_int_equal(i.list[1].seen_at, 0);
    assert_true(slice_is(i.list[1].workflow, "alert"));
    struct inbox page = inbox(p, ANNA, i.list[0].id, 10);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.list[0].id, i.list[1].id);
    assert_int_equal(page.unseen, 2);
    assert_int_equal(inbox(p, BERT, 0, 10).count, 1);
    assert_true(last(p) > i.list[0].id);
}

static void the_same_is_not_told_twice_until_it_is_seen(void **state)
{
    struct place *p = place_of(state);

    tell(p, NOTICE_OVERDUE, ANNA, 7);
    tell(p, NOTICE_OVERDUE, ANNA, 7);
    tell(p, NOTICE_OVERDUE, ANNA, 8);
    tell(p, NOTICE_ALERT_CHANGED, ANNA, 7);
    struct inbox i = inbox(p, ANNA, 0, 10);
    assert_int_equal(i.count, 3);
    GOOD(p, WRITES(p, outbox_seen(p->d, ANNA, i.list[0].id, NOW + 5, &p->e)));
    i = inbox(p, ANNA, 0, 10);
    assert_int_equal(i.unseen, 0);
    assert_int_equal(i.list[2].seen_at, NOW + 5);
    tell(p, NOTICE_OVERDUE, ANNA, 7);
    i = inbox(p, ANNA, 0, 10);
    assert_int_equal(i.count, 4);
    assert_int_equal(i.unseen, 1);
}

static void seeing_goes_up_to_an_id_and_concerns_oneself(void **state)
{
    struct place *p = place_of(state);

    tell(p, NOTICE_ALERT_NEW, ANNA, 1);
    tell(p, NOTICE_ALERT_NEW, BERT, 1);
    tell(p, NOTICE_ALERT_NEW, ANNA, 2);
    struct inbox i = inbox(p, ANNA, 0, 10);
    GOOD(p, WRITES(p, outbox_seen(p->d, ANNA, i.list[1].id, NOW + 1, &p->e)));
    i = inbox(p, ANNA, 0, 10);
    assert_int_equal(i.list[0].seen_at, 0);
    assert_int_equal(i.list[1].seen_at, NOW + 1);
    GOOD(p, WRITES(p, outbox_seen(p->d, ANNA, INT64_MAX, NOW + 2, &p->e)));
    assert_int_equal(inbox(p, ANNA, 0, 10).list[1].seen_at, NOW + 1); /* the first time counts */
    assert_int_equal(inbox(p, BERT, 0, 10).unseen, 1);
}

static void what_is_taken_back_is_gone_and_its_id_is_not_used_again(void **state)
{
    struct place *p = place_of(state);
    int64_t highest;

    tell(p, NOTICE_ALERT_NEW, ANNA, 1);
    GOOD(p, WRITES(p, outbox_seen(p->d, ANNA, INT64_MAX, NOW, &p->e)));
    tell(p, NOTICE_ALERT_CHANGED, ANNA, 1);
    tell(p, NOTICE_ALERT_NEW, BERT, 1);
    tell(p, NOTICE_ALERT_NEW, BERT, 2);
    highest = last(p);
    GOOD(p, WRITES(p, outbox_recall(p->d, "visit", 1, NOW, &p->e))); /* another object */
    assert_int_equal(inbox(p, BERT, 0, 10).count, 2);
    GOOD(p, WRITES(p, outbox_recall(p->d, "alert", 1, NOW, &p->e)));
    GOOD(p, WRITES(p, outbox_recall(p->d, "alert", 2, NOW, &p->e)));
    assert_int_equal(inbox(p, BERT, 0, 10).count, 0);
    assert_int_equal(inbox(p, BERT, 0, 10).unseen, 0);
    assert_int_equal(inbox(p, ANNA, 0, 10).count, 1); /* what was seen stays */
    assert_int_equal(last(p), highest);
    tell(p, NOTICE_ALERT_NEW, BERT, 1);
    assert_int_equal(inbox(p, BERT, 0, 10).count, 1);
    assert_true(last(p) > highest);
}

/* ---- outside -------------------------------------------------------------------------------------- */

static size_t due(struct place *p, int64_t now, struct notice_to_send **ret)
{
    size_t count;

    GOOD(p, outbox_due(p->d, now, 10, &p->arena, ret, &count, &p->e));
    return count;
}

static void only_marked_kinds_go_outside(void **state)
{
    struct place *p = place_of(state);
    struct notice_to_send *list;
    int64_t next;

    GOOD(p, outbox_next(p->d, &next, &p->e));
    assert_int_equal(next, INT64_MAX);
    tell(p, NOTICE_ALERT_NEW, ANNA, 1);     /* outside */
    tell(p, NOTICE_VISIT_PLANNED, ANNA, 2); /* not */
    tell(p, NOTICE_DANGER, BERT, 3);        /* outside */
    tell(p, NOTICE_OVERDUE, BERT, 4);       /* outside, but seen first */
    GOOD(p, WRITES(p, outbox_seen(p->d, ANNA, 0, NOW, &p->e)));
    assert_int_equal(due(p, NOW - 1, &list), 0);
    assert_int_equal(due(p, NOW, &list), 3);
    assert_int_equal(list[0].account_id, ANNA);
    assert_int_equal(list[0].kind, NOTICE_ALERT_NEW);
    assert_int_equal(list[0].attempts, 0);
    GOOD(p, outbox_next(p->d, &next, &p->e));
    assert_int_equal(next, NOW);
    GOOD(p, WRITES(p, outbox_sent(p->d, list[0].id, NOW, &p->e)));
    GOOD(p, WRITES(p, outbox_seen(p->d, BERT, INT64_MAX, NOW, &p->e)));
    assert_int_equal(due(p, INT64_MAX, &list), 0);
    assert_int_equal(place_count(p, "SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL"), 1);
}

static void a_failure_is_tried_again_ever_later_and_then_given_up(void **state)
{
    struct place *p = place_of(state);
    struct notice_to_send *list;
    int64_t now = NOW, pause = 1;
    bool given_up = false;
    int tries = 0;

    tell(p, NOTICE_ALERT_NEW, ANNA, 1);
    for (;; tries++, pause *= 2) {
        assert_int_equal(due(p, now, &list), 1);
        assert_int_equal(list[0].attempts, tries);
        GOOD(p, WRITES(p, outbox_failed(p->d, list[0].id, now, "unreachable", &given_up, &p->e)));
        if (given_up)
            break;
        assert_int_equal(due(p, now + pause * MINUTE - 1, &list), 0);
        now += pause * MINUTE;
    }
    assert_int_equal(tries, 11); /* pauses of 1 to 1024 minutes; the next would be over a day */
    assert_int_equal(due(p, INT64_MAX, &list), 0);
    assert_int_equal(inbox(p, ANNA, 0, 10).unseen, 1); /* the inbox has it all the same */
    GOOD(p, WRITES(p, outbox_failed(p->d, inbox(p, ANNA, 0, 1).list[0].id, now, "unreachable",
                                    &given_up, &p->e)));
    assert_false(given_up); /* was before */
}

static void kinds_have_names(void **state)
{
    (void)state;
    assert_int_equal(notice_kind_parse(SLICE_LITERAL("no_check_in")), NOTICE_NO_CHECK_IN);
    assert_int_equal(notice_kind_parse(SLICE_LITERAL("no_check")), NOTICE_NONE);
    assert_string_equal(notice_kind_name(NOTICE_DECISION), "decision");
    assert_string_equal(notice_kind_name(NOTICE_NONE), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH_ENGINE(a_notice_reaches_its_account),
        EACH_ENGINE(the_same_is_not_told_twice_until_it_is_seen),
        EACH_ENGINE(seeing_goes_up_to_an_id_and_concerns_oneself),
        EACH_ENGINE(what_is_taken_back_is_gone_and_its_id_is_not_used_again),
        EACH_ENGINE(only_marked_kinds_go_outside),
        EACH_ENGINE(a_failure_is_tried_again_ever_later_and_then_given_up),
        cmocka_unit_test(kinds_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
