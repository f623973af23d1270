#include "access/key_source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_MAX 1024

static int fetch_file(const struct key_source *source, struct master_key *ret, struct error *e)
{
    return keys_master_read(source->place, ret, e);
}

struct key_source key_source_file(const char *path)
{
    return (struct key_source){fetch_file, path, true};
}

/* ---- a program ------------------------------------------------------------------------------------- */

/* Whoever may change the program, or put another in its place, would read the key. */
static int check_rights(const char *path, bool directory, struct error *e)
{
    struct stat st;
    if (stat(path, &st) < 0 && (errno == ENOENT || errno == ENOTDIR))
        return error_set(e, ERR_KEY_MISSING, N_("looked for it in %s"), path);
    if (stat(path, &st) < 0)
        return error_set_errno(e, errno, path);
    if (!directory && (!S_ISREG(st.st_mode) || !(st.st_mode & 0111)))
        return error_set(e, ERR_KEY_MISSING, N_("not a program: %s"), path);
    if (st.st_mode & 022) {
        error_set(e, ERR_KEY_EXPOSED, N_("rights of %s: %04o"), path, (unsigned)st.st_mode & 07777);
        return error_hint(e, N_("Let only its owner change it: chmod go-w %s"), path);
    }
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return error_set(e, ERR_KEY_EXPOSED, N_("%s belongs to another user"), path);
    return 0;
}

static int check_program(const char *path, struct error *e)
{
    ARENA_AUTO(scratch);
    size_t n = (size_t)(strrchr(path, '/') - path);
    const char *parent = arena_string(&scratch, (struct slice){path, n ? n : 1});
    int r = check_rights(path, false, e);
    return r < 0 ? r : check_rights(parent, true, e);
}

/* An errno, 0 when it runs. The child leads a group of its own, so that all of it can be ended. */
static int spawn(const char *path, int output, pid_t *ret)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char *const arguments[] = {(char *)path, NULL}, *const environment[] = {NULL};
    sigset_t all, none;
    if (posix_spawn_file_actions_init(&files) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&files);
        return ENOMEM;
    }
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETPGROUP);
    /* An empty file rather than no descriptor 0: the next file that it opens would take that place. */
    int failed = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&files, output, 1);
    if (!failed)
        failed = posix_spawn_file_actions_addclosefrom_np(&files, 3);
    if (!failed)
        failed = posix_spawn(ret, path, &files, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

static int64_t milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Reads to the end of the output. An errno: ETIME when the time is over, EFBIG when it is too long. */
static int read_output(int fd, int64_t until, char buffer[OUTPUT_MAX], size_t *ret_n)
{
    size_t n = 0;
    for (;;) {
        int64_t left = until - milliseconds();
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return ready < 0 ? errno : ETIME;
        if (n == OUTPUT_MAX)
            return EFBIG;
        ssize_t got = read(fd, buffer + n, OUTPUT_MAX - n);
        if (got < 0 && errno != EINTR)
            return errno;
        if (got == 0) {
            *ret_n = n;
            return 0;
        }
        n += got > 0 ? (size_t)got : 0;
    }
}

/* Waits for its end, by force after `until`. True when it ended with 0. */
static bool reap(pid_t child, int64_t until, bool force)
{
    int status = 0, fd = pidfd_open(child, 0);
    for (int ready = 0; fd >= 0 && !force && ready <= 0;) {
        int64_t left = until - milliseconds();
        struct pollfd p = {.fd = fd, .events = POLLIN};
        ready = left > 0 ? poll(&p, 1, (int)left) : 0;
        force = ready == 0 || (ready < 0 && errno != EINTR);
    }
    if (fd >= 0)
        close(fd);
    if (force || fd < 0)
        kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int no_key_from(const char *path, const char *why, struct error *e)
{
    error_set(e, ERR_KEY_MISSING, "%s: %s", path, text_in(e ? e->language : LANGUAGE_EN, why));
    return error_hint(e, N_("HUMIAO_KEY_COMMAND names a program that prints the key; its own "
                            "messages stand above."));
}

static int run_program(const char *path, char text[OUTPUT_MAX], size_t *ret_n, struct error *e)
{
    int ends[2];
    pid_t child = 0;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_set_errno(e, errno, path);
    int64_t until = milliseconds() + KEY_COMMAND_SECONDS * 1000;
    int failed = spawn(path, ends[1], &child);
    close(ends[1]);
    if (failed) {
        close(ends[0]);
        return error_set_errno(e, failed, path);
    }
    failed = read_output(ends[0], until, text, ret_n);
    close(ends[0]);
    bool well = reap(child, until, failed != 0);
    if (failed == ETIME)
        return no_key_from(path, N_("it took too long"), e);
    if (failed == EFBIG)
        return error_set(e, ERR_KEY_WRONG, N_("no key is written in %s"), path);
    if (failed)
        return error_set_errno(e, failed, path);
    return well ? 0 : no_key_from(path, N_("it failed"), e);
}

static int fetch_command(const struct key_source *source, struct master_key *ret, struct error *e)
{
    char text[OUTPUT_MAX];
    size_t n = 0;
    struct master_key master;
    if (source->place[0] != '/')
        return error_set(e, ERR_USAGE, N_("HUMIAO_KEY_COMMAND is not an absolute path: %s"),
                         source->place);
    int r = check_program(source->place, e);
    if (r == 0)
        r = run_program(source->place, text, &n, e);
    if (r == 0 && !keys_master_parse((struct slice){text, n}, &master))
        r = error_set(e, ERR_KEY_WRONG, N_("no key is written in %s"), source->place);
    if (r == 0)
        *ret = master;
    sodium_memzero(text, sizeof text);
    keys_master_wipe(&master);
    return r;
}

struct key_source key_source_command(const char *path)
{
    return (struct key_source){fetch_command, path, false};
}

/* ---------------------------------------------------------------------------------------------------- */

int key_source_find(const char *deployment_id, struct arena *arena, struct key_source *ret,
                    struct error *e)
{
    const char *command = getenv("HUMIAO_KEY_COMMAND"), *file = getenv("HUMIAO_KEY_FILE");
    if (command && *command) {
        if (file && *file)
            return error_set(e, ERR_USAGE,
                             N_("both HUMIAO_KEY_COMMAND and HUMIAO_KEY_FILE are set"));
        *ret = key_source_command(arena_string(arena, slice_from(command)));
        return 0;
    }
    const char *path;
    int r = keys_master_path(deployment_id, arena, &path, e);
    if (r == 0)
        *ret = key_source_file(path);
    return r;
}

int key_source_fetch(const struct key_source *source, struct master_key *ret, struct error *e)
{
    return source->fetch(source, ret, e);
}
