/* Keys change under a district at work, on both engines: what is sealed opens at every moment, in handles
 * opened before and after, through streams and transactions; and nothing is left under the old key. */
#include "oracle.h"

#include "access/rotation.h"
#include "intake/ingest.h"
#include "people/erase.h"
#include "store/sql_record.h"

#include <string.h>
#include <unistd.h>

static uint64_t seed;

struct run {
    struct scene *s;
    struct edition edition;
    struct oracle *o;
    uint64_t random;
    int rows;
    int kept; /* a key that no further record has; -1: there is none */
};

static void run_begin(struct run *run, void **state)
{
    run->s = scene_of(state);
    run->o = malloc(sizeof *run->o);
    run->random = seed;
    run->rows = 0;
    run->kept = -1;
    OK(run->s, edition_read(NULL, &run->s->arena, &run->edition, &run->s->e));
    oracle_begin(run->o);
    oracle_load(run->o, run->s, 4);
}

static void run_end(struct run *run)
{
    oracle_compare(run->o, run->s);
    free(run->o);
}

/* Random records go through a handle. */
static void take_records(struct run *run, struct deployment *d, int count)
{
    struct scene_text t = {0};
    struct ingest_totals totals;

    scene_print(&t, "%s", RECORDS_HEADER);
    for (int i = 0; i < count; i++) {
        struct oracle_row row;
        do
            row = oracle_row_random(run->o, &run->random, false, run->rows++);
        while (row.key == run->kept);
        oracle_take(run->o, &row);
        scene_print(&t, "%s", row.text);
    }
    struct ingest_options o = {.path = scene_file(run->s, t.p)};
    OK(run->s, ingest_file(d, &run->edition, &o, &totals, &run->s->e));
    scene_text_end(&t);
}

static unsigned begin(struct run *run, enum seal_suite suite)
{
    struct vault_key_info newest;
    bool added;

    OK(run->s, rotation_begin(run->s->d, suite, &added, &newest, &run->s->e));
    return newest.number;
}

static struct rotation_figures reseal(struct run *run)
{
    struct rotation_figures figures;

    OK(run->s, rotation_reseal(run->s->d, NULL, NULL, &figures, &run->s->e));
    return figures;
}

struct tally {
    uint64_t rows[256], erased[256];
};

static void add(void *context, const struct rotation_count *c)
{
    struct tally *t = context;

    t->rows[c->number] += c->rows;
    t->erased[c->number] += c->erased;
}

static struct tally tally(struct run *run)
{
    struct tally t = {{0}, {0}};

    OK(run->s, rotation_count(run->s->d, add, &t, &run->s->e));
    return t;
}

static void test_rotation__there_and_back(void **state)
{
    struct run run;
    unsigned dropped;

    run_begin(&run, state);
    take_records(&run, run.s->d, 300);
    struct tally before = tally(&run);
    assert_int_equal(begin(&run, SUITE_NATIONAL), 2);
    take_records(&run, run.s->d, 100);
    struct tally mixed = tally(&run);
    assert_int_equal(mixed.rows[1] > 0 && mixed.rows[2] > 0, 1);
    assert_int_equal(rotation_retire(run.s->d, &dropped, &run.s->e), -ERR_WRONG_STATE);
    oracle_compare(run.o, run.s);
    assert_int_equal(reseal(&run).resealed, mixed.rows[1]);
    assert_int_equal(reseal(&run).resealed, 0);
    OK(run.s, rotation_retire(run.s->d, &dropped, &run.s->e));
    assert_int_equal(dropped, 1);
    struct tally after = tally(&run);
    assert_int_equal(after.rows[1], 0);
    assert_true(after.rows[2] >= before.rows[1]);
    oracle_compare(run.o, run.s);

    assert_int_equal(begin(&run, SUITE_INTERNATIONAL), 3);
    reseal(&run);
    OK(run.s, rotation_retire(run.s->d, &dropped, &run.s->e));
    assert_int_equal(tally(&run).rows[3], after.rows[2]);
    scene_close(run.s);
    scene_open(run.s);
    run_end(&run);
}

/* Two handles at work, one of which changes the keys under the other. */
static void test_rotation__another_handle_goes_over(void **state)
{
    struct run run;
    struct deployment *other;
    unsigned dropped;

    run_begin(&run, state);
    OK(run.s, deployment_fork(run.s->d, STORE_WRITE, &other, &run.s->e));
    take_records(&run, other, 100);
    begin(&run, SUITE_NATIONAL);
    uint64_t old = tally(&run).rows[1];
    take_records(&run, other, 100); /* a writer: its transactions look for the newest key */
    assert_true(tally(&run).rows[1] <= old);
    reseal(&run);
    OK(run.s, rotation_retire(run.s->d, &dropped, &run.s->e));
    take_records(&run, other, 100);
    assert_int_equal(tally(&run).rows[1], 0);
    deployment_close(other);
    run_end(&run);
}

static void open_fact(struct scene *s, struct deployment *d, const struct sql_record_scan *row)
{
    struct slice plain;

    OK(s, sealer_set_subject(d->sealer, (const uint8_t *)row->salt.p, &s->e));
    OK(s, sealer_open(d->sealer, (struct seal_place){SLICE_LITERAL("record.fact"), row->id},
                      row->fact, &s->arena, &plain, &s->e));
}

static bool next_fact(struct scene *s, struct deployment *d, struct store_rows *rows,
                      struct sql_record_scan *ret)
{
    if (OK(s, sql_record_scan_next(rows, ret, &s->e)) == 0)
        return false;
    open_fact(s, d, ret);
    return true;
}

/* A reader whose stream began half-way between two keys, by a handle that knew only the first. When it
 * meets the second the first is gone; it opens both. */
static void test_rotation__a_stream_older_than_the_change(void **state)
{
    struct run run;
    struct deployment *reader;
    struct store_rows rows = {0};
    struct sql_record_scan row, first;
    unsigned dropped;

    run_begin(&run, state);
    OK(run.s, deployment_fork(run.s->d, STORE_READ, &reader, &run.s->e));
    /* One record of before must outlast those that come, which replace each other. */
    do
        take_records(&run, run.s->d, 200);
    while ((run.kept = oracle_key_in_force(run.o)) < 0);
    begin(&run, SUITE_NATIONAL);
    const char *fresh = arena_printf(&run.s->arena,
                                     "SELECT count(*) FROM record WHERE known_to IS NULL AND "
                                     "withdrawn = 0 AND linked = 1 AND id > %lld",
                                     (long long)scene_count(run.s, "SELECT max(id) FROM record"));
    while (scene_count(run.s, fresh) < 2)
        take_records(&run, run.s->d, 1);
    OK(run.s, sql_record_scan(reader->store, &rows, &run.s->e));
    assert_true(next_fact(run.s, reader, &rows, &first));
    first.salt = arena_copy(&run.s->arena, first.salt);
    first.fact = arena_copy(&run.s->arena, first.fact);
    reseal(&run);
    OK(run.s, rotation_retire(run.s->d, &dropped, &run.s->e));
    assert_int_equal(dropped, 1);
    bool met[3] = {[1] = first.fact.p[0] == 1};
    while (next_fact(run.s, reader, &rows, &row))
        met[(int)row.fact.p[0]] = true;
    assert_true(met[1] && met[2]);
    open_fact(run.s, reader, &first);

    /* And what it reads afterwards is of the new key alone. */
    OK(run.s, sql_record_scan(reader->store, &rows, &run.s->e));
    while (next_fact(run.s, reader, &rows, &row))
        assert_int_equal(row.fact.p[0], 2);
    deployment_close(reader);
    run_end(&run);
}

static void check_none_broken(void *context, const struct rotation_check *c)
{
    struct rotation_check *sum = context;

    assert_int_equal(c->broken, 0);
    sum->opened += c->opened;
    sum->erased += c->erased;
}

static void test_rotation__erased_subjects_are_left(void **state)
{
    struct run run;
    unsigned dropped;
    struct rotation_check sum = {0};

    run_begin(&run, state);
    take_records(&run, run.s->d, 100);
    int64_t victim = scene_count(run.s, "SELECT min(id) FROM person");
    OK(run.s, person_erase(run.s->d, victim, &run.s->e));
    uint64_t erased = tally(&run).erased[1], rows = tally(&run).rows[1];
    assert_true(erased > 0);
    begin(&run, SUITE_NONE);
    assert_int_equal(reseal(&run).resealed, rows - erased);
    OK(run.s, rotation_retire(run.s->d, &dropped, &run.s->e));
    struct tally after = tally(&run);
    assert_int_equal(after.rows[1], erased);
    assert_int_equal(after.erased[1], erased);
    OK(run.s, rotation_check(run.s->d, NULL, check_none_broken, &sum, &run.s->e));
    assert_int_equal(sum.opened, rows - erased);
    assert_int_equal(sum.erased, erased);
    free(run.o);
}

static void test_rotation__one_at_a_time(void **state)
{
    struct run run;
    struct vault_key_info newest;
    bool added;

    run_begin(&run, state);
    assert_int_equal(begin(&run, SUITE_NATIONAL), 2);
    assert_int_equal(begin(&run, SUITE_NONE), 2);
    assert_int_equal(begin(&run, SUITE_NATIONAL), 2);
    assert_int_equal(rotation_begin(run.s->d, SUITE_INTERNATIONAL, &added, &newest, &run.s->e),
                     -ERR_WRONG_STATE);
    run_end(&run);
}

static void test_rotation__another_master_key(void **state)
{
    struct run run;

    run_begin(&run, state);
    const char *old = arena_printf(&run.s->arena, "%s/master.key", run.s->database.dir);
    const char *new = arena_printf(&run.s->arena, "%s/new.key", run.s->database.dir);
    struct deployment *d;
    OK(run.s, deployment_fork(run.s->d, STORE_WRITE, &d, &run.s->e));
    assert_int_equal(rotation_replace_master(run.s->d, old, &run.s->e), -ERR_WRONG_STATE);
    OK(run.s, rotation_replace_master(run.s->d, new, &run.s->e));
    /* Who is at work goes on: the data keys are the same. */
    take_records(&run, d, 50);
    deployment_close(d);
    assert_int_equal(deployment_open(run.s->database.url, STORE_READ, &d, &run.s->e),
                     -ERR_KEY_WRONG);
    setenv("HUMIAO_KEY_FILE", new, 1);
    OK(run.s, deployment_open(run.s->database.url, STORE_WRITE, &d, &run.s->e));
    take_records(&run, d, 50);
    deployment_close(d);
    unlink(new);
    run_end(&run);
}

int main(void)
{
    seed = random_seed();
    const struct CMUnitTest tests[] = {
        EACH(test_rotation__there_and_back),
        EACH(test_rotation__another_handle_goes_over),
        EACH(test_rotation__a_stream_older_than_the_change),
        EACH(test_rotation__erased_subjects_are_left),
        EACH(test_rotation__one_at_a_time),
        EACH(test_rotation__another_master_key),
    };
    return cmocka_run_group_tests_name("access_rotation", tests, NULL, NULL);
}
