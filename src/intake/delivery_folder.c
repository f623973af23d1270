/* A watched folder: FOLDER/FEED/file is taken in and moved to done/, held/ or rejected/, with a report beside it. */
#include "intake/delivery_inside.h"
#include "intake/folder_report.h"
#include "store/sql_delivery.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SETTLED_US INT64_C(5000000) /* untouched for so long, a file is whole: local, unconfirmed */
#define NAME_MAX_SHOWN 200
#define NUMBERS_MAX 10000

struct folder {
    struct intake *in;
    int64_t now;
    int fd; /* of FOLDER/FEED */
    const struct feed *feed;
    struct arena arena;
    uint64_t taken;
    bool left;          /* files that are still on their way */
    struct error first; /* that kept one file or one source, and nobody else, from being taken */
};

/* A file of it, while it is taken in. */
struct filed {
    struct folder *folder;
    struct intake *outer; /* whose context the caller's functions have */
    const char *name;
    struct stat opened; /* as it was when it was opened */
    struct folder_report report;
};

/* ---- which files --------------------------------------------------------------------------------------- */

static bool ends_in(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

static bool on_its_way(const char *name)
{
    return name[0] == '.' || ends_in(name, ".part") || ends_in(name, ".tmp") ||
           ends_in(name, ".crdownload");
}

static bool settled(const struct folder *f, const struct stat *st)
{
    int64_t touched = (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;

    return touched <= f->now - SETTLED_US ||
           touched > f->now + SETTLED_US; /* a clock of their own */
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in a folder, in order. */
static int list(int fd, struct arena *arena, char ***ret, size_t *ret_count, struct error *e)
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = copy < 0 ? NULL : fdopendir(copy);
    char **names = NULL;
    size_t count = 0, capacity = 0;

    if (!dir) {
        if (copy >= 0)
            close(copy);
        return error_set_errno(e, errno, ".");
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        names = arena_grow(arena, names, &capacity, count + 1, sizeof(*names));
        names[count++] = arena_string(arena, slice_from(entry->d_name));
    }
    closedir(dir);
    if (count > 1)
        qsort(names, count, sizeof(*names), compare);
    *ret = names;
    *ret_count = count;
    return 0;
}

/* ---- with a digest beside it ---------------------------------------------------------------------------- */

static bool digest_hex(int fd, char ret[65])
{
    ARENA_AUTO(scratch);
    enum { PIECE = 1 << 18 };
    char *piece = arena_take(&scratch, PIECE);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    bool good = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;
    off_t at = 0;
    ssize_t got = 0;

    while (good && (got = pread(fd, piece, PIECE, at)) > 0) {
        good = EVP_DigestUpdate(md, piece, (size_t)got) == 1;
        at += got;
    }
    good = good && got == 0 && EVP_DigestFinal_ex(md, digest, &n) == 1 && n == 32;
    EVP_MD_CTX_free(md);
    for (unsigned i = 0; good && i < n; i++)
        snprintf(ret + 2 * (size_t)i, 3, "%02x", digest[i]);
    return good;
}

/* Whether NAME.sha256 is there and says otherwise. */
static bool still_copied(const struct folder *f, const char *name, int file)
{
    char beside[NAME_MAX_SHOWN + 64], told[65] = "", is[65];

    if ((size_t)snprintf(beside, sizeof(beside), "%s.sha256", name) >= sizeof(beside))
        return false;
    int fd = openat(f->fd, beside, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return false;
    ssize_t n = read(fd, told, 64);
    close(fd);
    for (ssize_t i = 0; i < n; i++)
        if (told[i] >= 'A' && told[i] <= 'F')
            told[i] = (char)(told[i] - 'A' + 'a');
    return n != 64 || !digest_hex(file, is) || memcmp(told, is, 64) != 0;
}

/* ---- moved, with a report ------------------------------------------------------------------------------ */

static int open_under(int fd, const char *name, int *ret, struct error *e)
{
    if (mkdirat(fd, name, 0770) < 0 && errno != EEXIST)
        return error_set_errno(e, errno, name);
    *ret = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return *ret < 0 ? error_set_errno(e, errno, name) : 0;
}

/* "a.csv", "a-2.csv", "a-3.csv" … */
static const char *numbered(const char *name, int number, char *buffer, size_t size)
{
    const char *dot = strrchr(name, '.');
    int stem = dot && dot != name ? (int)(dot - name) : (int)strlen(name);

    if (number == 1)
        snprintf(buffer, size, "%s", name);
    else
        snprintf(buffer, size, "%.*s-%d%s", stem, name, number, name + stem);
    return buffer;
}

/* Whether it is the very file that was read. Somebody may have put another one there by the same name meanwhile, or
 * gone on writing to it: what nobody has read stays for the next run. */
static bool as_read(const struct filed *m, int folder, const char *name)
{
    const struct stat *was = &m->opened;
    struct stat st;

    return fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_dev == was->st_dev &&
           st.st_ino == was->st_ino && st.st_size == was->st_size &&
           st.st_mtim.tv_sec == was->st_mtim.tv_sec && st.st_mtim.tv_nsec == was->st_mtim.tv_nsec;
}

/* The name is taken, or the one of its report is: of a delivered file that ends in ".txt", which has a report itself. */
static bool is_taken(int folder, const char *as)
{
    char report[NAME_MAX_SHOWN + 96];
    struct stat st;

    snprintf(report, sizeof(report), "%s.txt.txt", as);
    return fstatat(folder, as, &st, AT_SYMLINK_NOFOLLOW) == 0 ||
           fstatat(folder, report, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* The report stands before the file moves: killed in between, the next run writes it again. */
static int move_as(struct filed *m, int to, const char *as, bool *ret_there, struct error *e)
{
    int fd = m->folder->fd;

    *ret_there = is_taken(to, as);
    if (*ret_there)
        return 0;
    if (!as_read(m, fd, m->name)) {
        m->folder->left = true;
        return 0;
    }
    int rc = folder_report_write(&m->report, to, as, e);
    if (rc < 0)
        return rc;
    if (renameat2(fd, m->name, to, as, RENAME_NOREPLACE) == 0) {
        if (!as_read(m, to, as)) { /* replaced in this very moment: back to where it came from */
            renameat2(to, as, fd, m->name, RENAME_NOREPLACE);
            m->folder->left = true;
        }
        return 0;
    }
    *ret_there = errno == EEXIST;
    if (*ret_there || errno == ENOENT) /* gone: somebody has taken it away */
        return 0;
    return error_set_errno(e, errno, m->name);
}

static void move_digest(const struct filed *m, int to, const char *as)
{
    char from[NAME_MAX_SHOWN + 64], name[NAME_MAX_SHOWN + 96];

    snprintf(from, sizeof(from), "%s.sha256", m->name);
    snprintf(name, sizeof(name), "%s.sha256", as);
    renameat2(m->folder->fd, from, to, name, RENAME_NOREPLACE); /* most have none */
}

static int move(struct filed *m, const char *under, struct error *e)
{
    char as[NAME_MAX_SHOWN + 64];
    bool there = true;
    int to = -1;
    int rc = open_under(m->folder->fd, under, &to, e);

    for (int number = 1; rc == 0 && there && number < NUMBERS_MAX; number++)
        rc = move_as(m, to, numbered(m->name, number, as, sizeof(as)), &there, e);
    if (rc == 0 && there)
        rc = error_set_errno(e, EEXIST, m->name);
    if (rc == 0)
        move_digest(m, to, as);
    if (rc == 0 && (fsync(to) < 0 || fsync(m->folder->fd) < 0))
        rc = error_set_errno(e, errno, under);
    if (to >= 0)
        close(to);
    return rc;
}

/* ---- one file ----------------------------------------------------------------------------------------- */

static void note_refusal(void *context, const struct refusal *refusal)
{
    struct filed *m = context;

    folder_report_refusal(&m->report, refusal);
    if (m->outer->refusals.tell)
        m->outer->refusals.tell(m->outer->refusals.context, refusal);
}

static void pass_changed(void *context, const int64_t *divisions, size_t count, bool everywhere)
{
    const struct filed *m = context;

    m->outer->changed(m->outer->context, divisions, count, everywhere);
}

static bool pass_stop(void *context)
{
    const struct filed *m = context;

    return m->outer->stop(m->outer->context);
}

static int done(void *context, const struct delivery_totals *totals, struct error *e)
{
    struct filed *m = context;

    folder_report_totals(&m->report, totals);
    return move(m, "done", e);
}

static int take(struct folder *f, const char *name, const struct delivery_bytes *b, struct error *e)
{
    struct filed m = {.folder = f, .outer = f->in, .name = name};
    struct intake in = *f->in;
    struct delivery_totals totals;
    const struct delivery_file file = {
        .path = name, .feed = f->feed, .channel = CHANNEL_FOLDER, .keep = true, .tell = done};
    enum language language = e->language;

    in.refusals = (struct refusal_sink){note_refusal, &m};
    in.changed = f->in->changed ? pass_changed : NULL;
    in.stop = f->in->stop ? pass_stop : NULL;
    in.context = &m;
    if (fstat(b->fd, &m.opened) < 0)
        return error_set_errno(e, errno, name);
    folder_report_begin(&m.report, name, f->now, language);
    *e = (struct error){.language = language};
    int rc = delivery_file_of(&in, &file, b, &totals, e);
    if (rc == 0 && totals.state == DELIVERY_HELD) {
        folder_report_reason(&m.report, N_("It waits for a person to decide."), e);
        rc = move(&m, "held", e);
    } else if (rc == 0 && totals.state == DELIVERY_REJECTED) {
        folder_report_reason(&m.report, N_("It was rejected; nothing of it was taken."), e);
        rc = move(&m, "rejected", e);
    }
    folder_report_end(&m.report);
    f->taken += rc == 0 && totals.state != DELIVERY_RUNNING;
    return rc;
}

static int try_file(struct folder *f, const char *name, struct error *e)
{
    struct delivery_bytes b;
    struct stat st;

    if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode) ||
        ends_in(name, ".sha256"))
        return 0;
    if (on_its_way(name) || !settled(f, &st) || strlen(name) > NAME_MAX_SHOWN) {
        f->left = true;
        return 0;
    }
    int rc = delivery_open_in(f->in->d, f->fd, name, &b, e);
    if (rc < 0)
        return rc == -ERR_IO ? 0 : rc; /* gone meanwhile, or no file any more */
    if (still_copied(f, name, b.fd))
        f->left = true;
    else
        rc = take(f, name, &b, e);
    delivery_bytes_close(&b);
    return rc;
}

/* ---- one feed, and all of them -------------------------------------------------------------------------- */

/* A file or folder that cannot be read, or not moved, is the matter of one source: the others go on, and it is told
 * when all have had their turn. */
static int pass_over(struct folder *f, int rc, struct error *e)
{
    if (rc != -ERR_IO && rc != -ERR_PERMISSION)
        return rc;
    f->left = true;
    if (!f->first.code)
        f->first = *e;
    error_clear(e);
    return 0;
}

static bool stopped(const struct folder *f) { return f->in->stop && f->in->stop(f->in->context); }

static int take_feed(struct folder *f, struct error *e)
{
    char **names;
    size_t count;
    int rc = list(f->fd, &f->arena, &names, &count, e);

    for (size_t i = 0; i < count && rc == 0 && !stopped(f); i++)
        rc = pass_over(f, try_file(f, names[i], e), e);
    return rc;
}

/* Whoever puts files there is told by a file, once: it is still there the next time. */
static void warn(int folder, const char *name, enum language language)
{
    char as[NAME_MAX_SHOWN + 64];

    if ((size_t)snprintf(as, sizeof(as), "%s.txt", name) >= sizeof(as))
        return;
    int fd = openat(folder, as, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (fd < 0)
        return;
    dprintf(
        fd,
        text_in(language,
                N_("There is no source of the name %s: what lies in this folder is not read.\n")),
        name);
    close(fd);
}

/* One process at a time reads a folder: whoever comes second leaves it alone. */
static int enter(struct folder *f, int folder, const char *name, struct error *e)
{
    struct stat st;

    if (name[0] == '.' || fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
        !S_ISDIR(st.st_mode))
        return 0;
    f->feed = feed_library_find(f->in->feeds, slice_from(name));
    if (!f->feed) {
        warn(folder, name, e->language);
        return 0;
    }
    f->fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (f->fd < 0)
        return error_set_errno(e, errno, name);
    int rc = 0;
    if (flock(f->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
        f->left = true;
    else
        rc = take_feed(f, e);
    close(f->fd);
    return rc < 0 ? error_of_file(e, name) : 0;
}

/* A file that was moved, and whose process ended before it noted that. */
static int settle_untold(struct folder *f, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_delivery_untold row;
    struct store *s = f->in->d->store;
    int rc = sql_delivery_untold(s, CHANNEL_FOLDER, &rows, e);

    while (rc >= 0 && (rc = sql_delivery_untold_next(&rows, &row, e)) > 0) {
        rc = store_begin(s, e);
        if (rc == 0)
            rc = sql_delivery_done(s, row.id, instant_now(), e);
        if (rc == 0)
            rc = store_commit(s, e);
        if (rc < 0)
            store_rollback(s);
    }
    return rc;
}

int delivery_folder(struct intake *in, const char *folder, int64_t now, uint64_t *ret_taken,
                    struct error *e)
{
    struct folder f = {.in = in, .now = now};
    struct error own = {.language = LANGUAGE_EN};
    char **names;
    size_t count = 0;
    int rc, fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (!e)
        e = &own;
    if (fd < 0)
        return error_set_errno(e, errno, folder);
    rc = list(fd, &f.arena, &names, &count, e);
    for (size_t i = 0; i < count && rc == 0 && !stopped(&f); i++)
        rc = pass_over(&f, enter(&f, fd, names[i], e), e);
    if (rc == 0 && !f.left && !stopped(&f))
        rc = settle_untold(&f, e);
    close(fd);
    arena_end(&f.arena);
    *ret_taken = f.taken;
    if (rc == 0 && f.first.code) {
        *e = f.first;
        rc = -(int)f.first.code;
    }
    return rc < 0 ? error_of_file(e, folder) : 0;
}
