/* Records from memory: the same decisions as of a file, an outcome for each, in the caller's transaction. */
#include "../people/cast.h"
#include "screening/crowd.h"

#include "care/alert.h"
#include "intake/push.h"

#include <string.h>

#define VILLAGE INT64_C(999901001001)

struct pushing {
    struct scene *s;
    struct edition edition;
    const struct care_tables *tables;
    struct scene_id_number father, mother;
};

static struct pushing begin(void **state)
{
    struct pushing t = {.s = scene_of(state)};
    struct scene *s = t.s;
    struct tick_totals totals;

    OK(s, edition_read(NULL, &s->arena, &t.edition, &s->e));
    OK(s, care_tables_load(NULL, &s->arena, &t.tables, &s->e));
    t.father = scene_id_number("1985-02-28", 1);
    t.mother = scene_id_number("1986-02-28", 2);
    scene_load(s, load_people, false,
               arena_printf(&s->arena,
                            PEOPLE_HEADER "c1,,child,,2018-05-01,,999901001001,,,,\n"
                                          "f1,%s,father,,1985-02-28,,999901001001,,,,\n"
                                          "m1,%s,mother,,1986-02-28,,999901001001,,,,\n",
                            t.father.text, t.mother.text));
    scene_load(s, load_relations, false, RELATIONS_HEADER "c1,f1,father,,\nc1,m1,mother,,\n");
    cast_account(s, "d1", ROLE_CHILD_DIRECTOR, VILLAGE, NULL, NULL, 0);
    OK(s, tick_run(s->d, &(struct tick_order){.edition = &t.edition, .date = crowd_day()}, &totals,
                   &s->e));
    return t;
}

static struct push_record record(const char *key, const char *kind, const char *id,
                                 const char *from, const char *value)
{
    struct push_record r = {.reason = {.language = LANGUAGE_EN}};

    r.cells[RECORD_KEY] = slice_from(key);
    r.cells[RECORD_KIND] = slice_from(kind);
    r.cells[RECORD_ID_NO] = slice_from(id);
    r.cells[RECORD_FROM] = slice_from(from);
    r.cells[RECORD_VALUE] = slice_from(value);
    return r;
}

static struct push push_of(struct pushing *t, const char *department, int64_t now)
{
    return (struct push){.d = t->s->d,
                         .edition = &t->edition,
                         .tables = t->tables,
                         .department = slice_from(department),
                         .now = now,
                         .arena = &t->s->arena};
}

static int push(struct pushing *t, struct push *p, struct push_record *records, size_t count)
{
    struct scene *s = t->s;
    int rc;

    error_clear(&s->e);
    CAST_WRITE(s, rc, intake_push(p, records, count, &s->e));
    return rc;
}

static void outcomes(void **state)
{
    struct pushing t = begin(state);
    struct push p = push_of(&t, "justice", CAST_NOW);
    struct push_record records[] = {
        record("k1", "dead", t.father.text, "2024-01-02", "natural"),
        record("k1", "dead", t.father.text, "2024-01-02", "natural"),
        record("k2", "imprisoned", scene_id_number("1970-01-01", 3).text, "2024-01-02", "P3Y"),
        record("k3", "imprisoned", t.mother.text, "2024-13-02", "P3Y"),
        record("k4", "no_such", t.mother.text, "2024-01-02", ""),
    };
    struct alert *list;
    size_t count;

    records[0].cells[RECORD_DEPARTMENT] = SLICE_LITERAL("health"); /* not whose these are */
    OK(t.s, push(&t, &p, records, 5));
    assert_int_equal(records[0].outcome, PUSH_ACCEPTED);
    assert_int_equal(records[1].outcome, PUSH_DUPLICATE);
    assert_int_equal(records[2].outcome, PUSH_UNLINKED);
    assert_int_equal(records[3].outcome, PUSH_QUARANTINED);
    assert_string_equal(records[3].column, "from");
    assert_int_equal(records[3].reason.code, ERR_DATE);
    assert_int_equal(records[4].outcome, PUSH_QUARANTINED);
    assert_string_equal(records[4].column, "kind");
    assert_int_equal(p.counts[PUSH_ACCEPTED], 1);
    assert_int_equal(p.counts[PUSH_QUARANTINED], 2);
    assert_int_equal(p.changes, 1);
    assert_int_equal(p.changed_count, 1);
    assert_int_equal(p.changed[0], VILLAGE);
    struct alert_filter f = {.view = ALERTS_OPEN};
    OK(t.s,
       alert_list(t.s->d, &f, (struct alert_place){0}, 9, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 1);
    assert_int_equal(list[0].level, 4);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM heard WHERE department = 'justice'"),
                     1);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM quarantine"), 2);
    /* A day and a department are one delivery; another of each is another. */
    int64_t first = p.delivery_id;
    struct push_record one = record("k5", "dead", t.mother.text, "2024-01-02", "natural");
    OK(t.s, push(&t, &p, &one, 1));
    assert_int_equal(one.outcome, PUSH_ACCEPTED);
    assert_int_equal(p.delivery_id, first);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM record WHERE line = 6"), 1);
    assert_int_equal(scene_count(t.s, "SELECT accepted FROM delivery ORDER BY id DESC LIMIT 1"), 2);
    p = push_of(&t, "health", CAST_NOW);
    OK(t.s, push(&t, &p, &one, 1));
    assert_int_equal(one.outcome, PUSH_ACCEPTED); /* its own key */
    assert_int_not_equal(p.delivery_id, first);
    p = push_of(&t, "justice", CAST_NOW + CAST_DAY);
    OK(t.s, push(&t, &p, &one, 1));
    assert_int_equal(one.outcome, PUSH_DUPLICATE);
    assert_int_not_equal(p.delivery_id, first);
    OK(t.s,
       alert_list(t.s->d, &f, (struct alert_place){0}, 9, &t.s->arena, &list, &count, &t.s->e));
    assert_int_equal(count, 1); /* one thread */
    assert_int_equal(list[0].level, 2);
    assert_int_equal(p.changed_count, 0); /* a duplicate moves nothing */
}

static void refused(void **state)
{
    struct pushing t = begin(state);
    struct push p = push_of(&t, "nobody", CAST_NOW);
    struct push_record one = record("k1", "dead", t.father.text, "2024-01-02", "natural");
    int64_t rows = scene_count(t.s, "SELECT count(*) FROM delivery");

    assert_int_equal(push(&t, &p, &one, 1), -ERR_VALUE);
    p = push_of(&t, "justice", CAST_NOW);
    assert_int_equal(push(&t, &p, &one, 0), -ERR_TOO_MANY);
    assert_int_equal(push(&t, &p, &one, PUSH_MAX + 1), -ERR_TOO_MANY);
    assert_int_equal(scene_count(t.s, "SELECT count(*) FROM delivery"), rows);
    /* Commas and quotes of a refused record are kept as a row of records.csv. */
    one.cells[RECORD_NOTE] = SLICE_LITERAL("a \"note\", with commas");
    one.cells[RECORD_FROM] = SLICE_LITERAL("2024-02-31");
    OK(t.s, push(&t, &p, &one, 1));
    assert_int_equal(one.outcome, PUSH_QUARANTINED);
}

/* Single records, each a transaction's savepoint of its own as in a server's group commit: how fast. Told, not
 * judged: other work may run on the machine. */
static void speed(void **state)
{
    enum { SINGLES = 400, GROUP = 20 };
    struct pushing t = begin(state);
    struct timespec from, to;

    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < SINGLES; i += GROUP) {
        OK(t.s, store_begin(t.s->d->store, &t.s->e));
        for (int k = 0; k < GROUP; k++) {
            ARENA_AUTO(arena);
            struct push p = push_of(&t, "justice", CAST_NOW);
            struct push_record one = record(arena_printf(&arena, "k%d", (i + k) / 2), "imprisoned",
                                            k % 2 ? t.father.text : t.mother.text, "2023-01-02",
                                            i / GROUP % 2 ? "P3Y" : "P2M");
            p.arena = &arena;
            OK(t.s, intake_push(&p, &one, 1, &t.s->e));
        }
        OK(t.s, store_commit(t.s->d->store, &t.s->e));
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    double seconds = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
    printf("# %d single records: %.0f a second, %lld alerts\n", SINGLES, SINGLES / seconds,
           (long long)scene_count(t.s, "SELECT count(*) FROM alert"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(outcomes), EACH(refused), EACH(speed)};

    return cmocka_run_group_tests_name("pushed records", tests, NULL, NULL);
}
