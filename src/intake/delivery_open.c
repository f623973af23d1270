/* The file of a delivery, open: where it lies, or from its pieces in memory that nobody can change. */
#include "intake/delivery_inside.h"
#include "intake/file_hash.h"
#include "store/sql_delivery_piece.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPOOL_PIECE (1u << 18)
#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static int new_memory(int *ret, struct error *e)
{
    int fd = memfd_create("delivery", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (fd < 0)
        return error_set(e, ERR_MEMORY, NULL);
    *ret = fd;
    return 0;
}

static int write_all(int fd, struct slice bytes, struct error *e)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return error_set(e, ERR_MEMORY, NULL);
        bytes.p += n;
        bytes.n -= (size_t)n;
    }
    return 0;
}

static int seal_memory(int fd, struct error *e)
{
    return fcntl(fd, F_ADD_SEALS, SEALS) < 0 ? error_set(e, ERR_MEMORY, NULL) : 0;
}

/* A pipe is read twice like any file, so it is kept in memory meanwhile. */
static int spool(int from, const char *path, struct delivery_bytes *ret, struct error *e)
{
    ARENA_AUTO(scratch);
    const int64_t most = (int64_t)DELIVERY_PIECE_MAX * DELIVERY_PIECES_MAX;
    char *piece = arena_take(&scratch, SPOOL_PIECE);
    int rc = new_memory(&ret->fd, e);

    while (rc == 0) {
        ssize_t n = read(from, piece, SPOOL_PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            rc = error_set_errno(e, errno, path);
        if (n <= 0)
            break;
        ret->size += n;
        rc = ret->size > most ? error_set(e, ERR_SHEET_LIMIT, NULL)
                              : write_all(ret->fd, (struct slice){piece, (size_t)n}, e);
    }
    return rc < 0 ? rc : seal_memory(ret->fd, e);
}

/* `fd` is taken over. */
static int open_fd(struct deployment *d, int fd, const char *path, bool regular,
                   struct delivery_bytes *ret, struct error *e)
{
    struct delivery_bytes b = {.fd = -1};
    struct stat st;
    int rc = fstat(fd, &st) < 0 ? error_set_errno(e, errno, path) : 0;

    if (rc == 0 && S_ISREG(st.st_mode)) {
        b = (struct delivery_bytes){.fd = fd, .size = st.st_size};
        fd = -1;
    } else if (rc == 0) {
        rc = regular               ? error_set(e, ERR_IO, N_("%s: it is no regular file"), path)
             : S_ISDIR(st.st_mode) ? error_set_errno(e, EISDIR, path)
                                   : spool(fd, path, &b, e);
    }
    if (fd >= 0)
        close(fd);
    if (rc == 0 && lseek(b.fd, 0, SEEK_SET) < 0)
        rc = error_set_errno(e, errno, path);
    if (rc == 0)
        rc = file_hash_of(d->sealer, b.fd, path, b.hash, e);
    if (rc < 0) {
        delivery_bytes_close(&b);
        return rc;
    }
    *ret = b;
    return 0;
}

int delivery_open_path(struct deployment *d, const char *path, struct delivery_bytes *ret,
                       struct error *e)
{
    int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                    : open(path, O_RDONLY | O_CLOEXEC);

    return fd < 0 ? error_set_errno(e, errno, path) : open_fd(d, fd, path, false, ret, e);
}

/* Without waiting: what lies in a folder may be a pipe that nobody writes to. */
int delivery_open_in(struct deployment *d, int folder, const char *name, struct delivery_bytes *ret,
                     struct error *e)
{
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0 && errno == ELOOP)
        return error_set(e, ERR_IO, N_("%s: it is a link, and links are not followed"), name);
    return fd < 0 ? error_set_errno(e, errno, name) : open_fd(d, fd, name, true, ret, e);
}

static int read_piece(struct deployment *d, const struct delivery_entry *entry, int64_t number,
                      struct arena *arena, struct slice *ret, struct error *e)
{
    struct sql_delivery_piece_get piece;
    struct slice plain;
    bool found;
    int rc = sql_delivery_piece_get(d->store, entry->id, number, &found, &piece, e);

    if (rc == 0 && !found)
        rc = error_set(e, ERR_SHEET_CUT, N_("a piece is missing"));
    if (rc < 0)
        return rc;
    struct seal_place place = {SLICE_LITERAL("delivery_piece.sealed"), piece.id};
    struct slice sealed = arena_copy(arena, piece.sealed);
    rc = delivery_entry_subject(d, entry, e);
    if (rc == 0)
        rc = sealer_open(d->sealer, place, sealed, arena, &plain, e);
    if (rc == 0)
        *ret = plain;
    return rc;
}

int delivery_open_pieces(struct deployment *d, const struct delivery_entry *entry,
                         struct delivery_bytes *ret, struct error *e)
{
    ARENA_AUTO(arena);
    struct delivery_bytes b = {.fd = -1};
    struct slice piece;
    int rc = new_memory(&b.fd, e);

    for (int64_t i = 0; rc == 0 && b.size < entry->size; i++) {
        arena_reset(&arena);
        rc = read_piece(d, entry, i, &arena, &piece, e);
        if (rc == 0)
            rc = write_all(b.fd, piece, e);
        if (rc == 0)
            b.size += (int64_t)piece.n;
    }
    if (rc == 0)
        rc = seal_memory(b.fd, e);
    if (rc < 0) {
        delivery_bytes_close(&b);
        return rc;
    }
    memcpy(b.hash, entry->file_hash, SEAL_HASH_SIZE);
    *ret = b;
    return 0;
}

void delivery_bytes_close(struct delivery_bytes *b)
{
    if (b->fd >= 0)
        close(b->fd);
    b->fd = -1;
}
