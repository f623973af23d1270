/* Opening: what is missing, foreign, damaged, full, or held by another process. */
#include "fixture.h"

#include "store/engine.h"
#include "store/lock.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void urls(void **state)
{
    struct fixture *f = fixture_of(state);
    static const char *const wrong[] = {"", "sqlite", "sqlite:", "mysql://u:SECRET@h/d",
                                        "/tmp/x.db"};
    struct store *s = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        FAILS(f, ERR_DATABASE_URL, store_open(wrong[i], STORE_WRITE, &s, &f->e));
        assert_null(strstr(f->e.detail, "SECRET"));
    }
    assert_null(s);
    FAILS(f, ERR_DATABASE_URL, store_open("sqlite:/tmp", STORE_WRITE, &s, &f->e));
}

static void missing_file(void **state)
{
    struct fixture *f = fixture_of(state);
    char url[256];
    struct store *s;
    snprintf(url, sizeof url, "sqlite:%s/none.db", f->database.dir);
    FAILS(f, ERR_DATABASE_MISSING, store_open(url, STORE_WRITE, &s, &f->e));
    assert_non_null(strstr(f->e.hint, "humiao init"));
    FAILS(f, ERR_DATABASE_MISSING, store_open(url, STORE_READ, &s, &f->e));
    assert_int_equal(access(url + 7, F_OK), -1);
    snprintf(url, sizeof url, "sqlite:%s/none/none.db", f->database.dir);
    FAILS(f, ERR_DATABASE_MISSING, store_open(url, STORE_READ, &s, &f->e));
    FAILS(f, ERR_IO, store_open(url, STORE_CREATE, &s, &f->e));
}

static void missing_database(void **state)
{
    struct fixture *f = fixture_of(state);
    char url[600];
    struct store *s;
    const char *query = strchr(f->database.url, '?');
    snprintf(url, sizeof url, "%.*s_none%s", (int)(query - f->database.url), f->database.url,
             query);
    FAILS(f, ERR_DATABASE_MISSING, store_open(url, STORE_CREATE, &s, &f->e));
    assert_non_null(strstr(f->e.hint, "createdb"));
    FAILS(f, ERR_DATABASE, store_open("postgresql:///x?host=/nonexistent", STORE_WRITE, &s, &f->e));
}

static void file_is_private(void **state)
{
    struct fixture *f = fixture_of(state);
    static const char *const names[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        char path[256];
        struct stat st;
        snprintf(path, sizeof path, "%s%s", f->database.path, names[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
}

static void write_file(const char *path, const char *bytes, size_t n, off_t at)
{
    int fd = open(path, O_CREAT | O_WRONLY, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, n, at), (ssize_t)n);
    close(fd);
}

static void not_a_database(void **state)
{
    struct fixture *f = fixture_of(state);
    char url[256], text[4096];
    struct store *s;
    memset(text, 'x', sizeof text);
    snprintf(url, sizeof url, "sqlite:%s/letter.txt", f->database.dir);
    write_file(url + 7, text, sizeof text, 0);
    FAILS(f, ERR_DATABASE_DAMAGED, store_open(url, STORE_WRITE, &s, &f->e));
    FAILS(f, ERR_DATABASE_DAMAGED, store_open(url, STORE_CREATE, &s, &f->e));
    assert_non_null(strstr(f->e.hint, "restore"));
}

static void damaged(void **state)
{
    struct fixture *f = fixture_of(state);
    char noise[4096];
    struct fixture_thing_get row;
    bool found;
    OK(f, fixture_insert(f->store, 1, &f->e));
    store_close(f->store); /* folds the log into the file */
    f->store = NULL;
    memset(noise, 0x5a, sizeof noise);
    for (int page = 1; page < 6; page++)
        write_file(f->database.path, noise, sizeof noise, page * 4096);
    int r = store_open(f->database.url, STORE_WRITE, &f->store, &f->e);
    if (r == 0)
        r = fixture_thing_get(f->store, 1, &found, &row, &f->e);
    FAILS(f, ERR_DATABASE_DAMAGED, r);
}

/* Made by SQLite, but not by us. */
static void of_another_program(void **state)
{
    struct fixture *f = fixture_of(state);
    struct store *s;
    OK(f, store_run(f->store, "PRAGMA application_id = 12345", &f->e));
    FAILS(f, ERR_DATABASE, store_open(f->database.url, STORE_CREATE, &s, &f->e));
    OK(f, store_run(f->store, "PRAGMA application_id = 0", &f->e));
    FAILS(f, ERR_DATABASE, store_open(f->database.url, STORE_READ, &s, &f->e));
}

static int fill(struct fixture *f, struct store *s)
{
    static char big[100000];
    int r = store_begin(s, &f->e);
    for (int i = 0; r == 0 && i < 200; i++)
        r = fixture_thing_insert(s, i, OPT_INT_NONE, OPT_INT_NONE, SLICE_OF(big), SLICE_NONE,
                                 &f->e);
    return r == 0 ? store_commit(s, &f->e) : r;
}

static void full_by_page_count(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, store_run(f->store, "PRAGMA max_page_count = 100", &f->e));
    FAILS(f, ERR_DISK_FULL, fill(f, f->store));
    assert_true(f->e.hint[0] != '\0');
    store_rollback(f->store);
    OK(f, store_run(f->store, "PRAGMA max_page_count = 1000000", &f->e));
    assert_int_equal(fixture_count(f, f->store), 0);
    OK(f, fixture_insert(f->store, 1, &f->e));
}

/* A disk of four MiB; only root can have one. */
static void full_disk(void **state)
{
    struct fixture *f = fixture_of(state);
    char dir[128], url[256];
    struct store *s;
    snprintf(dir, sizeof dir, "%s/disk", f->database.dir);
    snprintf(url, sizeof url, "sqlite:%s/small.db", dir);
    mkdir(dir, 0700);
    if (mount("tmpfs", dir, "tmpfs", 0, "size=4m") != 0)
        skip();
    int r = store_open(url, STORE_CREATE, &s, &f->e);
    if (r == 0)
        r = store_migrate_with(s, fixture_migrations, NULL, &f->e);
    int full = r == 0 ? fill(f, s) : 0;
    enum error_code code = f->e.code;
    int64_t kept = -1;
    if (r == 0) {
        store_rollback(s);
        kept = fixture_count(f, s);
        r = fixture_insert(s, 1, &f->e);
        store_close(s);
    }
    umount(dir);
    OK(f, r);
    assert_true(full < 0 && code == ERR_DISK_FULL);
    assert_int_equal(kept, 0);
}

/* A child process that does `hold` and waits; returns when it holds. */
static pid_t child_that(bool (*hold)(const char *url), const char *url)
{
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        byte = hold(url) ? 'y' : 'n';
        if (write(ready[1], &byte, 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    assert_int_equal(byte, 'y');
    return pid;
}

static void kill_child(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static bool hold_transaction(const char *url)
{
    struct store *s;
    return store_open(url, STORE_WRITE, &s, NULL) == 0 && store_begin(s, NULL) == 0 &&
           fixture_insert(s, 99, NULL) == 0;
}

static void locked_by_another_process(void **state)
{
    struct fixture *f = fixture_of(state);
    OK(f, store_set_timeout(f->store, 50, &f->e));
    pid_t pid = child_that(hold_transaction, f->database.url);
    int r = store_begin(f->store, &f->e);
    kill_child(pid);
    FAILS(f, ERR_DATABASE_LOCKED, r);
    OK(f, store_set_timeout(f->store, 5000, &f->e)); /* PostgreSQL has to notice that it is gone */
    OK(f, store_begin(f->store, &f->e));
    assert_int_equal(fixture_count(f, f->store), 0);
    store_rollback(f->store);
}

static bool hold_server_lock(const char *url)
{
    struct store_lock *lock;
    return store_lock_server(url, &lock, NULL) == 0;
}

static void second_server(void **state)
{
    struct fixture *f = fixture_of(state);
    struct store_lock *lock = NULL;
    char number[24];
    pid_t pid = child_that(hold_server_lock, f->database.url);
    int r = store_lock_server(f->database.url, &lock, &f->e);
    kill_child(pid);
    FAILS(f, ERR_DATABASE_LOCKED, r);
    snprintf(number, sizeof number, "%ld", (long)pid);
    assert_non_null(strstr(f->e.detail, number));
    for (int i = 0; i < 500 && (r = store_lock_server(f->database.url, &lock, &f->e)) < 0; i++)
        poll(NULL, 0, 10); /* PostgreSQL has to notice that it is gone */
    OK(f, r);
    OK(f, fixture_insert(f->store, 1, &f->e)); /* a server's lock hinders no command */
    store_lock_release(lock);
    store_lock_release(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SQLITE(urls),
        SQLITE(missing_file),
        POSTGRESQL(missing_database),
        SQLITE(file_is_private),
        SQLITE(not_a_database),
        SQLITE(damaged),
        SQLITE(of_another_program),
        SQLITE(full_by_page_count),
        SQLITE(full_disk),
        EACH(locked_by_another_process),
        EACH(second_server),
    };
    return cmocka_run_group_tests_name("store opening", tests, NULL, NULL);
}
