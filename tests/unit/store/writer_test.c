/* Group commit: shared waits, separate fates, and nothing acknowledged lost. */
#include "fixture.h"

#include "store/engine.h"
#include "store/writer.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8, JOBS = 40 };

/* Writes two rows, which must both be there or neither; every tenth job then fails. */
static int insert_pair(struct store *s, void *context, struct error *e)
{
    int64_t id = *(int64_t *)context;
    int r = fixture_insert(s, id, e);
    if (r == 0 && id % 10 == 0)
        return error_set(e, ERR_CONFLICT, NULL);
    return r == 0 ? fixture_insert(s, -id, e) : r;
}

struct submitter {
    struct writer *writer;
    int64_t first;
    int failures, wrong;
};

static void *submit(void *argument)
{
    struct submitter *t = argument;
    for (int64_t id = t->first; id < t->first + JOBS; id++) {
        struct error e = {.language = LANGUAGE_EN};
        int r = writer_submit(t->writer, insert_pair, &id, &e);
        t->failures += r < 0;
        t->wrong += (r < 0) != (id % 10 == 0) || (r < 0 && e.code != ERR_CONFLICT);
    }
    return NULL;
}

static void concurrent_submitters(void **state)
{
    struct fixture *f = fixture_of(state);
    struct writer *w;
    struct submitter submitters[THREADS];
    pthread_t threads[THREADS];
    OK(f, writer_start(f->database.url, &w, &f->e));
    for (int i = 0; i < THREADS; i++) {
        submitters[i] = (struct submitter){.writer = w, .first = 1 + i * JOBS};
        assert_int_equal(pthread_create(&threads[i], NULL, submit, &submitters[i]), 0);
    }
    int failures = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        failures += submitters[i].failures;
        assert_int_equal(submitters[i].wrong, 0);
    }
    struct writer_figures figures = writer_figures(w);
    writer_stop(w);
    print_message("# %llu jobs in %llu transactions\n", (unsigned long long)figures.jobs,
                  (unsigned long long)figures.transactions);
    assert_int_equal(figures.jobs, THREADS * JOBS);
    assert_true(figures.transactions < figures.jobs);
    assert_int_equal(failures, THREADS * JOBS / 10);
    assert_int_equal(fixture_count(f, f->store), 2 * (THREADS * JOBS - failures));
}

/* A statement that the database refuses, rather than the job. */
static void refused_by_the_database(void **state)
{
    struct fixture *f = fixture_of(state);
    struct writer *w;
    int64_t one = 1, two = 2;
    OK(f, writer_start(f->database.url, &w, &f->e));
    OK(f, writer_submit(w, insert_pair, &one, &f->e));
    FAILS(f, ERR_DATABASE, writer_submit(w, insert_pair, &one, &f->e));
    OK(f, writer_submit(w, insert_pair, &two, &f->e));
    writer_stop(w);
    writer_stop(NULL);
    assert_int_equal(fixture_count(f, f->store), 4);
}

/* As after a restart of the server. */
static void connection_lost(void **state)
{
    struct fixture *f = fixture_of(state);
    struct writer *w;
    int64_t one = 1, two = 2;
    OK(f, writer_start(f->database.url, &w, &f->e));
    OK(f, writer_submit(w, insert_pair, &one, &f->e));
    OK(f, store_run(f->store,
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()",
                    &f->e));
    OK(f, writer_submit(w, insert_pair, &two, &f->e));
    writer_stop(w);
    assert_int_equal(fixture_count(f, f->store), 4);
}

static int terminate_self(struct store *s, void *context, struct error *e)
{
    int r = fixture_insert(s, 7, e);
    return r == 0 ? store_run(s, "SELECT pg_terminate_backend(pg_backend_pid())", e) : r;
}

static void connection_lost_in_a_job(void **state)
{
    struct fixture *f = fixture_of(state);
    struct writer *w;
    int64_t one = 1;
    OK(f, writer_start(f->database.url, &w, &f->e));
    FAILS(f, ERR_DATABASE, writer_submit(w, terminate_self, NULL, &f->e));
    OK(f, writer_submit(w, insert_pair, &one, &f->e));
    writer_stop(w);
    assert_int_equal(fixture_count(f, f->store), 2);
}

static int wait_long(struct store *s, void *context, struct error *e)
{
    return store_set_timeout(s, 1, e);
}

/* While another process writes, jobs fail and say so; afterwards the writer goes on. */
static void locked_for_a_while(void **state)
{
    struct fixture *f = fixture_of(state);
    struct writer *w;
    int64_t one = 1;
    OK(f, writer_start(f->database.url, &w, &f->e));
    OK(f, writer_submit(w, wait_long, NULL, &f->e));
    OK(f, store_begin(f->store, &f->e));
    FAILS(f, ERR_DATABASE_LOCKED, writer_submit(w, insert_pair, &one, &f->e));
    store_rollback(f->store);
    OK(f, writer_submit(w, insert_pair, &one, &f->e));
    writer_stop(w);
}

struct teller {
    struct writer *writer;
    int64_t first;
    int out;
};

/* Tells each id once it was acknowledged. */
static void *submit_and_tell(void *argument)
{
    struct teller *t = argument;
    for (int64_t id = t->first;; id += 10 * THREADS)
        if (writer_submit(t->writer, insert_pair, &id, NULL) < 0 ||
            write(t->out, &id, sizeof id) != sizeof id)
            _exit(1);
}

static void child(const char *url, int out)
{
    struct writer *w;
    struct teller tellers[THREADS];
    pthread_t thread;
    if (writer_start(url, &w, NULL) < 0)
        _exit(1);
    for (int i = 0; i < THREADS; i++) {
        tellers[i] = (struct teller){w, 1 + i * 10, out};
        pthread_create(&thread, NULL, submit_and_tell, &tellers[i]);
    }
    for (;;)
        pause();
}

static void killed(void **state)
{
    struct fixture *f = fixture_of(state);
    int pipes[2], acknowledged = 0;
    int64_t id, *ids = calloc(1000000, sizeof *ids);
    assert_int_equal(pipe(pipes), 0);
    pid_t pid = fork();
    if (pid == 0)
        child(f->database.url, pipes[1]);
    close(pipes[1]);
    while (read(pipes[0], &id, sizeof id) == sizeof id) {
        ids[acknowledged++] = id;
        if (acknowledged == 200)
            kill(pid, SIGKILL); /* what was told before it died is read all the same */
    }
    close(pipes[0]);
    waitpid(pid, NULL, 0);
    assert_true(acknowledged >= 200);
    /* A backend that was committing when its client died has come to its end behind this. */
    OK(f, store_begin(f->store, &f->e));
    store_rollback(f->store);
    struct fixture_thing_get row;
    bool found;
    for (int i = 0; i < 2 * acknowledged; i++) {
        OK(f, fixture_thing_get(f->store, i % 2 ? ids[i / 2] : -ids[i / 2], &found, &row, &f->e));
        assert_true(found);
    }
    int64_t kept = fixture_count(f, f->store);
    print_message("# %d jobs acknowledged, %lld kept\n", acknowledged, (long long)kept / 2);
    assert_int_equal(kept % 2, 0);
    free(ids);
}

static int insert_much(struct store *s, void *context, struct error *e)
{
    char sql[96];
    snprintf(sql, sizeof sql, "INSERT INTO thing (id, bytes) VALUES (%d, zeroblob(1000000))",
             *(int *)context);
    return store_run(s, sql, e);
}

/* However much is written, the log begins anew again and again, beside a reader too, and nothing is lost. */
static void log_stays_short(void **state)
{
    enum { MUCH = 160 };
    struct fixture *f = fixture_of(state);
    struct writer *w;
    char path[sizeof f->database.path + 8];
    struct stat log;
    OK(f, writer_start(f->database.url, &w, &f->e));
    OK(f, store_begin_read(f->store, &f->e));
    for (int i = 1; i <= MUCH; i++) {
        if (i == MUCH / 4) { /* the reader goes */
            assert_int_equal(fixture_count(f, f->store), 0);
            OK(f, store_commit(f->store, &f->e));
        }
        OK(f, writer_submit(w, insert_much, &i, &f->e));
    }
    snprintf(path, sizeof path, "%s-wal", f->database.path);
    assert_int_equal(stat(path, &log), 0);
    writer_stop(w);
    print_message("# a log of %lld MB after %d MB\n", (long long)log.st_size / 1000000, MUCH);
    assert_true(log.st_size < (off_t)MUCH * 1000000 * 3 / 4);
    assert_int_equal(fixture_count(f, f->store), MUCH);
}

/* A command that writes one short transaction after the other, as ingest does. */
static void write_on_and_on(const char *url, int ready)
{
    struct store *s;
    struct error e = {.language = LANGUAGE_EN};
    if (store_open(url, STORE_WRITE, &s, &e) < 0 || write(ready, "+", 1) != 1)
        _exit(1);
    for (int64_t id = 1;; id++) {
        struct timespec work = {0, 2000000};
        if (store_begin(s, &e) < 0 || fixture_insert(s, id, &e) < 0 || nanosleep(&work, NULL) < 0 ||
            store_commit(s, &e) < 0)
            _exit(1);
    }
}

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A server is not shut out by a command beside it: each waits for about one transaction of the other. The
 * bound is wide, for a machine under load; without turns one wait lasts as long as the command. */
static void two_processes_take_turns(void **state)
{
    struct fixture *f = fixture_of(state);
    int ready[2];
    char sign;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0)
        write_on_and_on(f->database.url, ready[1]);
    close(ready[1]);
    assert_int_equal(read(ready[0], &sign, 1), 1);
    close(ready[0]);
    double worst = 0, began = seconds_now();
    int turns = 0;
    for (; seconds_now() - began < 2; turns++) {
        double asked = seconds_now();
        OK(f, store_begin(f->store, &f->e));
        double waited = seconds_now() - asked;
        worst = waited > worst ? waited : worst;
        OK(f, fixture_insert(f->store, -1 - turns, &f->e));
        OK(f, store_commit(f->store, &f->e));
    }
    assert_int_equal(kill(pid, SIGKILL), 0);
    waitpid(pid, NULL, 0);
    int64_t theirs = fixture_count(f, f->store) - turns;
    print_message("# %d turns against %lld, longest wait %.0f ms\n", turns, (long long)theirs,
                  worst * 1000);
    assert_true(turns > 20 && theirs > 20);
    assert_true(worst < 0.5);
}

/* Somebody who was stopped while waiting keeps the turn: that costs others time, and nothing else. */
static void a_turn_that_is_kept_shuts_nobody_out(void **state)
{
    struct fixture *f = fixture_of(state);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    char path[512];
    snprintf(path, sizeof path, "%s.lock", strchr(f->database.url, ':') + 1);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
    OK(f, store_set_timeout(f->store, 400, &f->e));
    double asked = seconds_now();
    OK(f, store_begin(f->store, &f->e));
    OK(f, fixture_insert(f->store, 1, &f->e));
    OK(f, store_commit(f->store, &f->e));
    assert_true(seconds_now() - asked >= 0.2);
    assert_int_equal(fixture_count(f, f->store), 1);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(concurrent_submitters),
        EACH(refused_by_the_database),
        POSTGRESQL(connection_lost),
        POSTGRESQL(connection_lost_in_a_job),
        SQLITE(locked_for_a_while),
        EACH(two_processes_take_turns),
        SQLITE(log_stays_short),
        SQLITE(a_turn_that_is_kept_shuts_nobody_out),
        EACH(killed),
    };
    return cmocka_run_group_tests_name("store writer", tests, NULL, NULL);
}
