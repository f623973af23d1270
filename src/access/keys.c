/* The master key file: two lines of text, so that it can be printed and put into a safe.
 *
 *     # humiao master key: without it the database cannot be read
 *     64 hexadecimal digits
 */
#include "access/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEX_SIZE ((size_t)2 * KEYS_MASTER_SIZE)
#define FILE_MAX 1024

static const char comment[] = "# humiao master key: without it the database cannot be read\n";

static bool is_deployment_id(const char *id)
{
    size_t n = id ? strlen(id) : 0;
    return n > 0 && n <= 64 &&
           strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == n;
}

int keys_master_path(const char *deployment_id, struct arena *arena, const char **ret_path,
                     struct error *e)
{
    const char *file = getenv("HUMIAO_KEY_FILE");
    if (file && *file) {
        *ret_path = arena_string(arena, slice_from(file));
        return 0;
    }
    if (!is_deployment_id(deployment_id))
        return error_set(e, ERR_USAGE, N_("a deployment is named by letters, digits, - and _"));
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && *config == '/') { /* a relative one is to be ignored: XDG base directories */
        *ret_path = arena_printf(arena, "%s/humiao/%s.key", config, deployment_id);
    } else if (home && *home) {
        *ret_path = arena_printf(arena, "%s/.config/humiao/%s.key", home, deployment_id);
    } else {
        error_set(e, ERR_KEY_MISSING, N_("neither HUMIAO_KEY_FILE nor HOME is set"));
        return error_hint(e, N_("Set HUMIAO_KEY_FILE to the file of the master key."));
    }
    return 0;
}

static int write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t w = write(fd, p, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return errno;
        p += w;
        n -= (size_t)w;
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

/* Makes the directory and those above it that are missing, mode 0700, each on disk. */
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

static int write_key_file(int fd, const struct master_key *master)
{
    char text[sizeof comment - 1 + HEX_SIZE + 2];
    memcpy(text, comment, sizeof comment - 1);
    sodium_bin2hex(text + sizeof comment - 1, HEX_SIZE + 1, master->bytes, KEYS_MASTER_SIZE);
    text[sizeof text - 2] = '\n';
    /* The process's umask may have taken the owner's own rights away. */
    int failed = fchmod(fd, 0600) ? errno : 0;
    if (!failed)
        failed = write_all(fd, text, sizeof text - 1);
    if (!failed && fsync(fd) < 0)
        failed = errno;
    sodium_memzero(text, sizeof text);
    return failed;
}

int keys_master_create(const char *path, struct master_key *ret, struct error *e)
{
    ARENA_AUTO(scratch);
    const char *directory = parent_of(&scratch, path);
    int r = make_directories(&scratch, directory, e);
    if (r < 0)
        return r;
    struct master_key master;
    if (RAND_priv_bytes(master.bytes, sizeof master.bytes) != 1)
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 && errno == EEXIST) {
        error_set(e, ERR_CONFLICT, N_("there is a key file already: %s"), path);
        r = error_hint(e, N_("A key file is never overwritten: move it away, or name another."));
    } else if (fd < 0) {
        r = error_set_errno(e, errno, path);
    } else {
        int failed = write_key_file(fd, &master);
        if (close(fd) < 0 && !failed)
            failed = errno;
        r = failed ? error_set_errno(e, failed, path) : sync_directory(directory, e);
        if (r < 0)
            unlink(path);
    }
    if (r == 0)
        *ret = master;
    keys_master_wipe(&master);
    return r;
}

/* Comment lines, then the digits and nothing but blanks. */
static bool parse_key_file(struct slice text, struct master_key *ret)
{
    while (text.n && text.p[0] == '#') {
        const char *end = memchr(text.p, '\n', text.n);
        size_t line = end ? (size_t)(end - text.p) + 1 : text.n;
        text = (struct slice){text.p + line, text.n - line};
    }
    text = slice_trim(text);
    size_t n = 0;
    return text.n == HEX_SIZE &&
           sodium_hex2bin(ret->bytes, KEYS_MASTER_SIZE, text.p, text.n, NULL, &n, NULL) == 0 &&
           n == KEYS_MASTER_SIZE;
}

static int check_key_file(int fd, const char *path, struct error *e)
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

int keys_master_read(const char *path, struct master_key *ret, struct error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        error_set(e, ERR_KEY_MISSING, N_("looked for it in %s"), path);
        return error_hint(e, N_("Bring the key file back to that place, or name it in "
                                "HUMIAO_KEY_FILE."));
    }
    if (fd < 0)
        return error_set_errno(e, errno, path);
    int r = check_key_file(fd, path, e);
    char text[FILE_MAX];
    ssize_t n = 0;
    if (r == 0) {
        n = read(fd, text, sizeof text);
        if (n < 0)
            r = error_set_errno(e, errno, path);
    }
    close(fd);
    struct master_key master;
    if (r == 0 && !parse_key_file((struct slice){text, (size_t)n}, &master))
        r = error_set(e, ERR_KEY_WRONG, N_("no key is written in %s"), path);
    if (r == 0)
        *ret = master;
    sodium_memzero(text, sizeof text);
    keys_master_wipe(&master);
    return r;
}

void keys_master_wipe(struct master_key *master) { sodium_memzero(master, sizeof *master); }

void keys_forbid_core_dumps(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}
