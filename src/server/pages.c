#include "server/pages.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MOST (4 << 20) /* bytes; the largest built today has 200 thousand */
#define FILES_MOST 2000
#define DEPTH_MOST 4
#define LIVE_PATH "/api/v1/live"

enum copy { COPY_PLAIN = 0, COPY_GZIP, COPY_BROTLI, COPY_COUNT };

struct page_file {
    const char *path; /* "/assets/phone-1a2b3c.js"; of an index.html the folder: "/phone/" */
    const char *type;
    const char *etag;
    bool hashed; /* its name changes with its content */
    struct slice copies[COPY_COUNT];
};

struct pages {
    struct arena arena;
    const char *folder;
    struct page_file *files;
    size_t count, capacity;
};

const struct page_header page_headers[] = {
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy",
     "accelerometer=(), autoplay=(), camera=(), display-capture=(), "
     "encrypted-media=(), fullscreen=(self), geolocation=(), gyroscope=(), hid=(), "
     "idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), "
     "publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), "
     "xr-spatial-tracking=()"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {NULL, NULL},
};

/* ---- reading the folder ---------------------------------------------------------------------- */

static bool ends(const char *text, const char *ending)
{
    size_t n = strlen(text), m = strlen(ending);

    return n >= m && strcmp(text + n - m, ending) == 0;
}

static const char *type_of(const char *path)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".json", "application/json"},
                 {".webmanifest", "application/manifest+json"},
                 {".txt", "text/plain; charset=utf-8"}};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (ends(path, types[i].ending))
            return types[i].type;
    return NULL; /* what has no type is not served */
}

/* FNV-1a: tells one edition of a file from another, and guards nothing. Weak, as it is one for all copies. */
static const char *make_etag(struct arena *arena, struct slice bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < bytes.n; i++)
        hash = (hash ^ (uint8_t)bytes.p[i]) * UINT64_C(0x100000001b3);
    return arena_printf(arena, "W/\"%016" PRIx64 "-%zu\"", hash, bytes.n);
}

static int read_file(struct arena *arena, int at, const char *name, size_t size, struct slice *ret,
                     struct error *e)
{
    char *bytes = arena_take(arena, size + 1);
    size_t have = 0;
    ssize_t n = 0;
    int fd = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    if (fd < 0)
        return error_set_errno(e, errno, name);
    while (have < size && (n = read(fd, bytes + have, size - have)) > 0)
        have += (size_t)n;
    int failed = n < 0 ? errno : 0;
    close(fd);
    if (failed)
        return error_set_errno(e, failed, name);
    *ret = (struct slice){bytes, have};
    return 0;
}

static struct page_file *file_at(struct pages *p, const char *path)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->files[i].path, path) == 0)
            return &p->files[i];
    if (p->count == p->capacity)
        return NULL;
    p->files[p->count] = (struct page_file){.path = path};
    return &p->files[p->count++];
}

/* "phone/index.html.br" is the copy br of "/phone/". */
static int take_file(struct pages *p, int at, const char *folder, const char *name, size_t size,
                     struct error *e)
{
    static const char *const endings[COPY_COUNT] = {"", ".gz", ".br"};
    enum copy copy = ends(name, ".gz") ? COPY_GZIP : ends(name, ".br") ? COPY_BROTLI : COPY_PLAIN;
    size_t n = strlen(name) - strlen(endings[copy]);
    char *path = arena_printf(&p->arena, "%s/%.*s", folder, (int)n, name);
    const char *type = type_of(path);

    if (!type)
        return 0;
    if (size > FILE_MOST)
        return error_set(e, ERR_IO, N_("%s is too large for a page"), path);
    if (ends(path, "/index.html"))
        path[strlen(path) - strlen("index.html")] = '\0';
    struct page_file *f = file_at(p, path);
    if (!f)
        return error_set(e, ERR_IO, N_("there are too many files in %s"), p->folder);
    f->type = type;
    f->hashed = strncmp(path, "/assets/", 8) == 0;
    int rc = read_file(&p->arena, at, name, size, &f->copies[copy], e);
    if (rc == 0 && copy == COPY_PLAIN)
        f->etag = make_etag(&p->arena, f->copies[copy]);
    return rc;
}

static int take_folder(struct pages *p, int at, const char *folder, int depth, struct error *e)
{
    DIR *open = fdopendir(at);
    struct dirent *entry;
    int rc = 0;

    if (!open) {
        rc = error_set_errno(e, errno, folder);
        close(at);
        return rc;
    }
    while (rc == 0 && (entry = readdir(open))) {
        struct stat s;
        if (entry->d_name[0] == '.' ||
            fstatat(dirfd(open), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISREG(s.st_mode))
            rc = take_file(p, dirfd(open), folder, entry->d_name, (size_t)s.st_size, e);
        else if (S_ISDIR(s.st_mode) && depth < DEPTH_MOST) {
            int below = openat(dirfd(open), entry->d_name,
                               O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
            if (below >= 0)
                rc = take_folder(p, below, arena_printf(&p->arena, "%s/%s", folder, entry->d_name),
                                 depth + 1, e);
        }
    }
    closedir(open);
    return rc;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const struct page_file *)a)->path, ((const struct page_file *)b)->path);
}

/* A copy without its original is none of ours. */
static void drop_orphans(struct pages *p)
{
    size_t kept = 0;

    for (size_t i = 0; i < p->count; i++)
        if (p->files[i].copies[COPY_PLAIN].p)
            p->files[kept++] = p->files[i];
    p->count = kept;
}

/* ---- finding the folder ---------------------------------------------------------------------- */

/* Built pages, not the sources of pages: the worker is made by the build. */
static bool holds_pages(const char *folder)
{
    char path[PAGES_PATH_MAX + 32];

    snprintf(path, sizeof(path), "%s/index.html", folder);
    if (access(path, R_OK) != 0)
        return false;
    snprintf(path, sizeof(path), "%s/worker.js", folder);
    return access(path, R_OK) == 0;
}

static const char *beside_program(struct arena *arena)
{
    char program[PAGES_PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);
    char *slash;

    if (n <= 0 || n == (ssize_t)sizeof(program) - 1)
        return NULL;
    program[n] = '\0';
    for (int up = 0; up < 4 && (slash = strrchr(program, '/')); up++) {
        *slash = '\0';
        char *folder = arena_printf(arena, "%s/web", program);
        if (holds_pages(folder))
            return folder;
        folder = arena_printf(arena, "%s/../share/humiao/web", program);
        if (up == 0 && holds_pages(folder))
            return folder;
    }
    return NULL;
}

int pages_load(const char *folder, struct pages **ret, struct error *e)
{
    struct pages *p = calloc(1, sizeof(*p));
    const char *named = folder && *folder ? folder : getenv("HUMIAO_WEB");
    int at, rc = 0;

    if (!p)
        return error_set(e, ERR_MEMORY, NULL);
    p->arena = (struct arena)ARENA_EMPTY;
    p->folder = named && *named ? arena_string(&p->arena, slice_from(named))
                                : beside_program(&p->arena);
    if (p->folder) {
        p->capacity = FILES_MOST;
        p->files = ARENA_ARRAY(&p->arena, FILES_MOST, struct page_file);
        at = open(p->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        rc = at < 0 ? error_set_errno(e, errno, p->folder) : take_folder(p, at, "", 0, e);
    }
    if (rc == 0)
        drop_orphans(p);
    if (rc == 0 && p->folder && p->count == 0)
        rc = error_set(e, ERR_IO, N_("there are no pages in %s"), p->folder);
    if (rc < 0) {
        pages_free(p);
        return rc;
    }
    if (p->count > 0)
        qsort(p->files, p->count, sizeof(p->files[0]), compare_paths);
    *ret = p;
    return 0;
}

void pages_free(struct pages *p)
{
    if (!p)
        return;
    arena_end(&p->arena);
    free(p);
}

const char *pages_folder(const struct pages *p) { return p->count > 0 ? p->folder : NULL; }

/* ---- answering ------------------------------------------------------------------------------- */

bool pages_own(const struct page_question *q)
{
    static const char api[] = "/api/";

    if (slice_is(q->path, LIVE_PATH))
        return q->live_address && q->live_address[0] != '/' && q->host.p;
    return q->path.n < sizeof(api) - 1 || memcmp(q->path.p, api, sizeof(api) - 1) != 0;
}

static const struct page_file *find(const struct pages *p, const char *path)
{
    struct page_file key = {.path = path};

    return p->count == 0 ? NULL : bsearch(&key, p->files, p->count, sizeof(key), compare_paths);
}

/* Whether a coding is accepted: its name stands in the list, and not with q=0. */
static bool accepts(struct slice list, const char *coding)
{
    size_t n = strlen(coding);

    for (size_t i = 0; i + n <= list.n; i++) {
        bool begins = i == 0 || list.p[i - 1] == ',' || list.p[i - 1] == ' ';
        size_t after = i + n;
        if (!begins || strncasecmp(list.p + i, coding, n) != 0 ||
            (after < list.n && list.p[after] != ',' && list.p[after] != ';' &&
             list.p[after] != ' '))
            continue;
        while (after < list.n && (list.p[after] == ' ' || list.p[after] == ';'))
            after++;
        if (list.n - after < 3 || memcmp(list.p + after, "q=0", 3) != 0)
            return true;
        for (after += 3; after < list.n && list.p[after] != ','; after++)
            if (list.p[after] >= '1' && list.p[after] <= '9')
                return true; /* q=0.5 */
        return false;
    }
    return false;
}

static struct slice host_name(struct slice host)
{
    const char *colon = host.n > 0 && host.p[host.n - 1] != ']' ? memrchr(host.p, ':', host.n)
                                                                : NULL;

    return colon ? (struct slice){host.p, (size_t)(colon - host.p)} : host;
}

/* Of this very machine, without a proxy in front: the live listener on the same host. NULL: there is no such. */
static const char *live_origin(const struct page_question *q, struct arena *arena)
{
    struct slice name = host_name(q->host);
    const char *port = q->live_address ? strrchr(q->live_address, ':') : NULL;

    if (!port || q->live_address[0] == '/' || name.n == 0 || name.n == q->host.n || name.n > 255)
        return NULL;
    for (size_t i = 0; i < name.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[]:",
                    name.p[i]))
            return NULL;
    return arena_printf(arena, "http://%.*s%s", (int)name.n, name.p, port);
}

static const char *make_policy(const struct page_question *q, struct arena *arena)
{
    const char *live = live_origin(q, arena);

    return arena_printf(arena,
                        "default-src 'self'; connect-src 'self'%s%s; object-src 'none'; "
                        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
                        live ? " " : "", live ? live : "");
}

static int redirect(struct page_answer *ret, int status, const char *location)
{
    ret->status = status;
    ret->location = location;
    ret->cache = "no-store";
    return 0;
}

static int not_found(const struct pages *p, struct error *e)
{
    error_set(e, ERR_NOT_FOUND, NULL);
    if (p->count == 0)
        error_hint(e, N_("This server has no pages. Build them with script/build, or name their "
                         "folder as `web` in its configuration."));
    return -(int)ERR_NOT_FOUND;
}

static void answer_file(const struct page_file *f, const struct page_question *q,
                        struct page_answer *ret)
{
    static const char *const codings[COPY_COUNT] = {NULL, "gzip", "br"};

    ret->type = f->type;
    ret->etag = f->etag;
    ret->cache = f->hashed ? "public, max-age=31536000, immutable" : "no-cache";
    ret->varies = f->copies[COPY_GZIP].p || f->copies[COPY_BROTLI].p;
    if (q->if_none_match.p && f->etag && slice_is(q->if_none_match, f->etag)) {
        ret->status = 304;
        return;
    }
    ret->status = 200;
    ret->body = f->copies[COPY_PLAIN];
    for (int copy = COPY_BROTLI; copy > COPY_PLAIN; copy--) {
        if (f->copies[copy].p && accepts(q->accept_encoding, codings[copy])) {
            ret->body = f->copies[copy];
            ret->encoding = codings[copy];
            return;
        }
    }
}

int pages_answer(const struct pages *p, const struct page_question *q, struct arena *arena,
                 struct page_answer *ret, struct error *e)
{
    const char *path = arena_string(arena, q->path);
    const struct page_file *f;

    *ret = (struct page_answer){.policy = make_policy(q, arena)};
    if (slice_is(q->path, LIVE_PATH)) {
        const char *origin = live_origin(q, arena);
        return origin ? redirect(ret, 307, arena_printf(arena, "%s" LIVE_PATH, origin))
                      : not_found(p, e);
    }
    if ((f = find(p, path))) {
        answer_file(f, q, ret);
        return 0;
    }
    path = arena_printf(arena, "%s/", path);
    if (find(p, path))
        return redirect(ret, 308, path);
    return not_found(p, e);
}
