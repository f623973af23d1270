#include "access/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_deployment_id(const char *id)
{
    size_t n = id ? strlen(id) : 0;
    return n > 0 && n <= 64 &&
           strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == n;
}

int key_file_path(const char *variable, const char *suffix, const char *deployment_id,
                  struct arena *arena, const char **ret_path, struct error *e)
{
    const char *file = getenv(variable);
    if (file && *file) {
        *ret_path = arena_string(arena, slice_from(file));
        return 0;
    }
    if (!is_deployment_id(deployment_id))
        return error_set(e, ERR_USAGE, N_("a deployment is named by letters, digits, - and _"));
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && *config == '/') { /* a relative one is to be ignored: XDG base directories */
        *ret_path = arena_printf(arena, "%s/humiao/%s%s", config, deployment_id, suffix);
    } else if (home && *home) {
        *ret_path = arena_printf(arena, "%s/.config/humiao/%s%s", home, deployment_id, suffix);
    } else {
        error_set(e, ERR_KEY_MISSING, N_("neither %s, XDG_CONFIG_HOME nor HOME is set"), variable);
        return error_hint(e, N_("Set %s to the path of the file."), variable);
    }
    return 0;
}

static int write_all(int fd, struct slice text)
{
    while (text.n) {
        ssize_t w = write(fd, text.p, text.n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return errno;
        text = (struct slice){text.p + w, text.n - (size_t)w};
    }
    return 0;
}

/* Brings a directory's entries to disk. */
static int sync_directory(const char *path, struct error *e)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(e, errno, path);
    int failed = fsync(fd) ? errno : 0;
    close(fd);
    return failed ? error_set_errno(e, failed, path) : 0;
}

static const char *parent_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : arena_string(arena, (struct slice){path, (size_t)(slash - path)});
}

static int make_directories(struct arena *arena, const char *path, struct error *e)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return S_ISDIR(st.st_mode) ? 0 : error_set_errno(e, ENOTDIR, path);
    if (errno != ENOENT)
        return error_set_errno(e, errno, path);
    const char *parent = parent_of(arena, path);
    int r = make_directories(arena, parent, e);
    if (r < 0)
        return r;
    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return error_set_errno(e, errno, path);
    return sync_directory(parent, e);
}

int key_file_make_directory(const char *path, struct error *e)
{
    ARENA_AUTO(scratch);
    return make_directories(&scratch, parent_of(&scratch, path), e);
}

/* An errno, 0 when the text is on disk. */
static int fill(int fd, struct slice text)
{
    /* The process's umask may have taken the owner's own rights away. */
    int failed = fchmod(fd, 0600) ? errno : 0;
    if (!failed)
        failed = write_all(fd, text);
    if (!failed && fsync(fd) < 0)
        failed = errno;
    if (close(fd) < 0 && !failed)
        failed = errno;
    return failed;
}

int key_file_create(const char *path, struct slice text, struct error *e)
{
    ARENA_AUTO(scratch);
    int r = key_file_make_directory(path, e);
    if (r < 0)
        return r;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) {
        error_set(e, ERR_CONFLICT, N_("there is a key file already: %s"), path);
        return error_hint(e, N_("A key file is never overwritten: move it away, or name another."));
    }
    if (fd < 0)
        return error_set_errno(e, errno, path);
    int failed = fill(fd, text);
    r = failed ? error_set_errno(e, failed, path) : sync_directory(parent_of(&scratch, path), e);
    if (r < 0)
        unlink(path);
    return r;
}

int key_file_replace(const char *path, struct slice text, struct error *e)
{
    ARENA_AUTO(scratch);
    char *fresh = arena_printf(&scratch, "%s.XXXXXX", path);
    int fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(e, errno, path);
    int failed = fill(fd, text);
    if (!failed && rename(fresh, path) < 0)
        failed = errno;
    if (failed) {
        unlink(fresh);
        return error_set_errno(e, failed, path);
    }
    return sync_directory(parent_of(&scratch, path), e);
}

static int check_rights(int fd, const char *path, struct error *e)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return error_set_errno(e, errno, path);
    if (!S_ISREG(st.st_mode))
        return error_set(e, ERR_KEY_WRONG, N_("not a file: %s"), path);
    if (st.st_mode & 077) {
        error_set(e, ERR_KEY_EXPOSED, N_("rights of %s: %04o"), path, (unsigned)st.st_mode & 07777);
        return error_hint(e, N_("Give it to its owner alone: chmod 600 %s"), path);
    }
    if (st.st_uid != geteuid() && st.st_uid != 0) {
        error_set(e, ERR_KEY_EXPOSED, N_("%s belongs to another user"), path);
        return error_hint(e, N_("The key file must belong to the user that runs humiao."));
    }
    return 0;
}

int key_file_read(const char *path, const char *variable, char *buffer, size_t capacity,
                  size_t *ret_n, struct error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        error_set(e, ERR_KEY_MISSING, N_("looked for it in %s"), path);
        return error_hint(e, N_("Bring the key file back to that place, or name it in %s."),
                          variable);
    }
    if (fd < 0)
        return error_set_errno(e, errno, path);
    int r = check_rights(fd, path, e);
    size_t n = 0;
    while (r == 0 && n < capacity) {
        ssize_t got = read(fd, buffer + n, capacity - n);
        if (got == 0)
            break;
        if (got > 0)
            n += (size_t)got;
        else if (errno != EINTR)
            r = error_set_errno(e, errno, path);
    }
    close(fd);
    if (r == 0)
        *ret_n = n;
    return r;
}
