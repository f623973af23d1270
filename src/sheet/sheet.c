#include "sheet/sheet.h"

#include "sheet/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WINDOW (WIRE_FRAME_MAX + (1u << 20))
#define BYTES_MAX (2ull << 30)

struct sheet {
    pid_t child; /* 0: ended and waited for */
    int pipe;
    char *window; /* what was read and not used yet */
    size_t begin, end;
    bool over; /* the last frame, or an error that ends the reading, was met */
    struct arena arena;
    struct sheet_nature nature;
    struct sheet_cell cells[SHEET_COLUMNS_MAX];
};

/* ---- the child ---------------------------------------------------------------------------------------- */

/* A description of the file of the child's own, at its beginning; of a pipe the same one. */
static int own_copy(int fd, struct error *e)
{
    struct stat about;
    char path[40];
    int copy;

    if (fstat(fd, &about) != 0)
        return error_set_errno(e, errno, "");
    if (S_ISREG(about.st_mode)) {
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        copy = open(path, O_RDONLY | O_CLOEXEC);
        if (copy >= 0 && copy < 3) { /* its place is the child's own */
            int low = copy;
            copy = fcntl(low, F_DUPFD_CLOEXEC, 3);
            close(low);
        }
    } else {
        copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    }
    return copy < 0 ? error_set_errno(e, errno, "") : copy;
}

/* Nothing but the file and the pipe is open in the child, and it inherits no environment. */
static int spawn(const char *program, char *const arguments[], int in, int out, pid_t *ret)
{
    static char *const no_environment[] = {NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t all;
    int rc;

    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    rc = posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    if (rc == 0)
        rc = posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO);
    posix_spawnattr_setsigdefault(&attributes, &all);
    sigemptyset(&all);
    posix_spawnattr_setsigmask(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETPGROUP);
    if (rc == 0)
        rc = posix_spawn(ret, program, &files, &attributes, arguments, no_environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

static int start_child(struct sheet *s, int fd, const struct sheet_options *o, struct error *e)
{
    char bytes[24], *arguments[] = {"humiao",
                                    "sheet-reader",
                                    (char *)(o->encoding ? o->encoding : ""),
                                    (char *)(o->sheet ? o->sheet : ""),
                                    e->language == LANGUAGE_EN ? "en" : "zh",
                                    bytes,
                                    NULL};
    int pipes[2], in = own_copy(fd, e), rc;

    if (in < 0)
        return in;
    snprintf(bytes, sizeof(bytes), "%llu",
             (unsigned long long)(o->bytes_max ? o->bytes_max : BYTES_MAX));
    if (pipe2(pipes, O_CLOEXEC) != 0) {
        rc = errno;
        close(in);
        return error_set_errno(e, rc, "");
    }
    fcntl(pipes[1], F_SETPIPE_SZ, 1 << 20); /* fewer turns; the kernel may give less */
    rc = spawn(o->program ? o->program : "/proc/self/exe", arguments, in, pipes[1], &s->child);
    close(in);
    close(pipes[1]);
    s->pipe = pipes[0];
    if (rc == 0)
        return 0;
    s->child = 0;
    return error_set_errno(e, rc, "");
}

int sheet_open(int fd, const struct sheet_options *o, struct sheet **ret, struct error *e)
{
    struct sheet *s = calloc(1, sizeof(*s));
    int rc;

    if (!s || !(s->window = malloc(WINDOW))) {
        free(s);
        return error_set(e, ERR_MEMORY, NULL);
    }
    s->pipe = -1;
    s->nature = (struct sheet_nature){"", "", "", NULL, 0};
    if ((rc = start_child(s, fd, o, e)) < 0)
        sheet_close(s);
    else
        *ret = s;
    return rc;
}

static int wait_for(struct sheet *s)
{
    int status = 0;

    while (s->child && waitpid(s->child, &status, 0) < 0 && errno == EINTR)
        ;
    s->child = 0;
    return status;
}

struct sheet *sheet_close(struct sheet *s)
{
    if (!s)
        return NULL;
    if (s->child) {
        kill(s->child, SIGKILL);
        wait_for(s);
    }
    if (s->pipe >= 0)
        close(s->pipe);
    arena_end(&s->arena);
    free(s->window);
    free(s);
    return NULL;
}

const struct sheet_nature *sheet_nature(const struct sheet *s) { return &s->nature; }

/* ---- frames ------------------------------------------------------------------------------------------- */

/* The pipe ended without the last frame: by what did the child die? */
static int child_died(struct sheet *s, struct error *e)
{
    int status = wait_for(s), by = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    s->over = true;
    if (by == SIGSYS)
        return error_set(e, ERR_SHEET_HOSTILE, "%s",
                         text_in(e->language, N_("its reading asked for what no sheet needs")));
    if (by == SIGXCPU || by == SIGABRT || by == SIGKILL)
        return error_set(
            e, ERR_SHEET_LIMIT, "%s",
            text_in(e->language, N_("its reading took more memory or time than it may")));
    return error_set(e, ERR_SHEET, "%s",
                     text_in(e->language, N_("its reading broke off; the file is damaged")));
}

static int damaged(struct sheet *s, struct error *e)
{
    s->over = true;
    return error_set(e, ERR_SHEET_HOSTILE, "%s",
                     text_in(e->language, N_("its reading gave an answer that cannot be")));
}

/* So many bytes are in the window. 1: yes; 0: the pipe has ended before. */
static int have(struct sheet *s, size_t n, struct error *e)
{
    while (s->end - s->begin < n) {
        if (WINDOW - s->begin < n) {
            memmove(s->window, s->window + s->begin, s->end - s->begin);
            s->end -= s->begin;
            s->begin = 0;
        }
        ssize_t got = read(s->pipe, s->window + s->end, WINDOW - s->end);
        if (got == 0)
            return 0;
        if (got < 0 && errno != EINTR) {
            s->over = true;
            return error_set_errno(e, errno, "");
        }
        s->end += got > 0 ? (size_t)got : 0;
    }
    return 1;
}

/* The next frame's kind, and its body within the window. */
static int next_frame(struct sheet *s, struct slice *ret, struct error *e)
{
    uint32_t size;
    int rc;

    if (s->begin == s->end)
        s->begin = s->end = 0;
    if ((rc = have(s, WIRE_HEAD, e)) <= 0)
        return rc < 0 ? rc : child_died(s, e);
    memcpy(&size, s->window + s->begin, 4);
    if (size > WIRE_FRAME_MAX - WIRE_HEAD)
        return damaged(s, e);
    if ((rc = have(s, WIRE_HEAD + size, e)) <= 0)
        return rc < 0 ? rc : child_died(s, e);
    *ret = (struct slice){s->window + s->begin + WIRE_HEAD, size};
    int kind = (unsigned char)s->window[s->begin + 4];
    s->begin += WIRE_HEAD + size;
    return kind;
}

int sheet_next(struct sheet *s, struct sheet_row *ret, struct error *e)
{
    struct slice body;

    while (!s->over) {
        int rc, kind = next_frame(s, &body, e);
        if (kind < 0)
            return kind;
        switch (kind) {
        case WIRE_NATURE:
            if (!wire_read_nature(body, &s->arena, &s->nature))
                return damaged(s, e);
            break;
        case WIRE_ROW:
            rc = wire_read_row(body, s->cells, ret, e);
            return rc == 0 ? damaged(s, e) : rc;
        case WIRE_END:
            s->over = true;
            rc = wire_read_end(body, e);
            return rc == 1 ? damaged(s, e) : rc;
        default: return damaged(s, e);
        }
    }
    return 0;
}
