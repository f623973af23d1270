#include "store/lock.h"

#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct store_lock {
    int fd;              /* SQLite: the lock file */
    struct store *store; /* PostgreSQL: the session */
};

static int held(const char *by, struct error *e)
{
    if (*by)
        error_set(e, ERR_DATABASE_LOCKED, N_("a server already runs on it, with process number %s"),
                  by);
    else
        error_set(e, ERR_DATABASE_LOCKED, N_("a server already runs on it"));
    return error_hint(e, N_("Stop the other server first, or use it."));
}

static int lock_file(const char *path, struct store_lock *lock, struct error *e)
{
    char name[4096], pid[24];
    if ((size_t)snprintf(name, sizeof name, "%s.lock", path) >= sizeof name)
        return error_set(e, ERR_DATABASE_URL, N_("the path is too long"));
    lock->fd = open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock->fd < 0)
        return error_set_errno(e, errno, name);
    if (flock(lock->fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK)
            return error_set_errno(e, errno, name);
        ssize_t n = pread(lock->fd, pid, sizeof pid - 1, 0);
        pid[n > 0 ? n : 0] = '\0';
        pid[strspn(pid, "0123456789")] = '\0';
        return held(pid, e);
    }
    int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(lock->fd, 0) < 0 || pwrite(lock->fd, pid, (size_t)n, 0) != n)
        return error_set_errno(e, errno, name);
    return 0;
}

struct taken {
    int64_t taken;
    struct slice holder;
};

static const struct store_column taken_columns[] = {
    {"taken", STORE_INT, false, offsetof(struct taken, taken)},
    {"holder", STORE_TEXT, true, offsetof(struct taken, holder)},
};
static const uint8_t taken_params[] = {STORE_TEXT};

/* The holder's application_name is its process number: set in the statement that takes the lock. */
static const struct store_statement take_lock = {
    .name = "server_lock",
    .postgresql =
        "SELECT pg_try_advisory_lock(1215127905, 2), set_config('application_name', $1, false)",
    .column_count = 2,
    .param_count = 1,
    .row_size = sizeof(struct taken),
    .param_types = taken_params,
    .columns = taken_columns,
};
static const struct store_statement who_holds = {
    .name = "server_lock_holder",
    .postgresql =
        "SELECT 0::bigint, a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 1215127905 AND l.objid = 2"
        " AND l.objsubid = 2"
        " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    .index = 1,
    .column_count = 2,
    .row_size = sizeof(struct taken),
    .columns = taken_columns,
};

static int lock_session(const char *url, struct store_lock *lock, struct error *e)
{
    char pid[48];
    struct taken row;
    bool found;
    int r = store_open(url, STORE_WRITE, &lock->store, e);
    if (r < 0)
        return r;
    snprintf(pid, sizeof pid, "humiao server %ld", (long)getpid());
    struct store_value name = store_value_text(slice_from(pid));
    r = store_maybe(lock->store, &take_lock, &name, &found, &row, e);
    if (r < 0 || (found && row.taken))
        return r;
    char by[24] = "";
    static const char prefix[] = "humiao server ";
    r = store_maybe(lock->store, &who_holds, NULL, &found, &row, e);
    if (r == 0 && found && row.holder.n > sizeof prefix - 1 &&
        memcmp(row.holder.p, prefix, sizeof prefix - 1) == 0)
        snprintf(by, sizeof by, "%.*s", (int)(row.holder.n - (sizeof prefix - 1)),
                 row.holder.p + sizeof prefix - 1);
    return held(by, e);
}

int store_lock_server(const char *url, struct store_lock **ret, struct error *e)
{
    struct store_lock *lock = malloc(sizeof *lock);
    if (!lock)
        return error_set(e, ERR_MEMORY, NULL);
    *lock = (struct store_lock){.fd = -1};
    bool sqlite = strncmp(url, "sqlite:", 7) == 0;
    int r = sqlite ? lock_file(url + 7, lock, e) : lock_session(url, lock, e);
    if (r < 0)
        store_lock_release(lock);
    else
        *ret = lock;
    return r;
}

/* The lock file stays: were it removed, a third process could lock a file that nobody else sees. */
void store_lock_release(struct store_lock *lock)
{
    if (!lock)
        return;
    if (lock->fd >= 0)
        close(lock->fd);
    store_close(lock->store);
    free(lock);
}
