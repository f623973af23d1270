/* A reading that is killed anywhere carries on, and two readings of one file share it: nothing is lost,
 * nothing is counted twice. */
#include "oracle.h"

#include "intake/ingest.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t seed;

#define ROWS 2500

struct run {
    struct scene *s;
    struct edition edition;
    struct oracle *o;
    const char *path;
};

static void run_begin(struct run *run, void **state, uint64_t random, bool settled)
{
    struct scene_text t = {0};

    run->s = scene_of(state);
    run->o = malloc(sizeof *run->o);
    OK(run->s, edition_read(NULL, &run->s->arena, &run->edition, &run->s->e));
    oracle_begin(run->o);
    oracle_load(run->o, run->s, 4);
    scene_print(&t, "%s", RECORDS_HEADER);
    for (int i = 0; i < ROWS; i++) {
        struct oracle_row row = oracle_row_random(run->o, &random, settled, i);
        oracle_take(run->o, &row);
        scene_print(&t, "%s", row.text);
    }
    run->path = scene_file(run->s, t.p);
    scene_text_end(&t);
}

static void run_end(struct run *run) { free(run->o); }

/* The child's whole life: exit status 0 when the file was read to its end. With `start` it begins when
 * the parent closes that pipe. */
static pid_t reader(const struct run *run, const int *start)
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    struct ingest_options o = {.path = run->path};
    struct ingest_totals totals;
    struct error e = {.language = LANGUAGE_EN};
    struct deployment *d;
    char byte;
    int rc = deployment_open(run->s->database.url, STORE_WRITE, &d, &e);
    if (start && (close(start[1]) != 0 || read(start[0], &byte, 1) != 0))
        _exit(1);
    if (rc == 0)
        rc = ingest_file(d, &run->edition, &o, &totals, &e);
    if (rc < 0)
        fprintf(stderr, "# HM-%d %s\n", -rc, e.detail);
    _exit(rc == 0 ? 0 : 1);
}

#define SUM(column) \
    scene_count(s, "SELECT coalesce(sum(" column "), 0) FROM delivery WHERE id > 0" LATER)
#define LATER " AND id > (SELECT min(id) FROM delivery)" /* the first is that of people.csv */

static void delivered(const struct run *run)
{
    struct scene *s = run->s;

    assert_int_equal(scene_count(s, "SELECT count(*) FROM delivery WHERE finished_at IS NULL"), 0);
    assert_int_equal(SUM("accepted"), run->o->accepted);
    assert_int_equal(SUM("duplicate"), run->o->duplicate);
    assert_int_equal(SUM("unlinked"), run->o->unlinked);
    assert_int_equal(SUM("quarantined"), run->o->quarantined);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM quarantine"), run->o->quarantined);
    oracle_compare(run->o, s);
}

static void killed(void **state)
{
    struct run run;
    uint64_t r = seed;
    int status, kills = 0;
    bool done = false;

    run_begin(&run, state, seed, false);
    scene_close(run.s); /* a connection is not carried over a fork */
    for (int attempt = 0; !done; attempt++) {
        pid_t pid = reader(&run, NULL);
        poll(NULL, 0, (int)random_below(&r, (unsigned)(60 + 10 * attempt)));
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        /* One that had read the file to its end may still be killed before it has ended itself. */
        done = WIFEXITED(status) ||
               scene_count(run.s, "SELECT count(*) FROM delivery WHERE finished_at IS NOT NULL") ==
                   2;
        kills += !done;
    }
    print_message("# killed %d times\n", kills);
    scene_open(run.s);
    delivered(&run);
    assert_int_equal(scene_count(run.s, "SELECT count(*) FROM delivery"), 2);
    run_end(&run);
}

/* Kills a reader when its first batch is in the database; false when it had ended before. */
static bool killed_within(struct run *run)
{
    pid_t pid;
    int status;
    bool begun = false;

    scene_close(run->s);
    pid = reader(run, NULL);
    while (!begun && waitpid(pid, &status, WNOHANG) == 0) {
        begun = scene_count(run->s, "SELECT count(*) FROM delivery WHERE finished_at IS NULL AND "
                                    "next_offset > 0") > 0;
        poll(NULL, 0, 1);
    }
    if (begun) {
        kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        begun = scene_count(run->s, "SELECT count(*) FROM delivery WHERE finished_at IS NULL") > 0;
    }
    scene_open(run->s);
    return begun;
}

static void carries_on(void **state)
{
    struct run run;
    struct ingest_totals t;

    run_begin(&run, state, seed, false);
    struct ingest_options o = {.path = run.path};
    if (killed_within(&run)) {
        OK(run.s, ingest_file(run.s->d, &run.edition, &o, &t, &run.s->e));
        assert_true(t.resumed);
        assert_int_equal(t.accepted, run.o->accepted);
        assert_int_equal(t.accepted + t.duplicate + t.quarantined + t.unlinked, ROWS);
        assert_int_equal(scene_count(run.s, "SELECT count(*) FROM delivery"), 2);
    }
    delivered(&run);
    run_end(&run);
}

static void two_readers(void **state)
{
    struct run run;

    run_begin(&run, state, seed, true);
    scene_close(run.s);
    int start[2], status;
    assert_int_equal(pipe(start), 0);
    pid_t readers[2] = {reader(&run, start), reader(&run, start)};
    close(start[0]);
    close(start[1]);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(waitpid(readers[i], &status, 0), readers[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    scene_open(run.s);
    struct scene *s = run.s;
    int64_t deliveries = scene_count(s, "SELECT count(*) FROM delivery") - 1;
    assert_true(deliveries == 1 || deliveries == 2);
    print_message("# in %d deliveries\n", (int)deliveries);
    assert_int_equal(SUM("accepted + duplicate + unlinked + quarantined"), deliveries * ROWS);
    assert_int_equal(SUM("accepted"), run.o->accepted);
    assert_int_equal(SUM("unlinked"), run.o->unlinked);
    assert_int_equal(SUM("quarantined"), deliveries * run.o->quarantined);
    assert_int_equal(scene_count(s, "SELECT count(*) FROM quarantine"),
                     deliveries * run.o->quarantined);
    oracle_compare(run.o, s);
    run_end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {EACH(killed), EACH(carries_on), EACH(two_readers)};

    seed = random_seed();
    return cmocka_run_group_tests_name("readings that are killed", tests, NULL, NULL);
}
