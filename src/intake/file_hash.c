#include "intake/file_hash.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE (1u << 18)

static int digest_of(int fd, const char *path, uint8_t *ret, unsigned *ret_n, struct error *e)
{
    ARENA_AUTO(scratch);
    char *piece = arena_take(&scratch, PIECE);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    ssize_t n = 0;
    int rc = 0;

    if (!md || EVP_DigestInit_ex(md, EVP_sha256(), NULL) != 1)
        rc = error_set(e, ERR_CRYPTO, NULL);
    while (rc == 0 && (n = read(fd, piece, PIECE)) > 0)
        if (EVP_DigestUpdate(md, piece, (size_t)n) != 1)
            rc = error_set(e, ERR_CRYPTO, NULL);
    if (rc == 0 && n < 0)
        rc = error_set_errno(e, errno, path);
    if (rc == 0 && EVP_DigestFinal_ex(md, ret, ret_n) != 1)
        rc = error_set(e, ERR_CRYPTO, NULL);
    EVP_MD_CTX_free(md);
    return rc;
}

int file_hash_of(struct sealer *sealer, int fd, const char *path, uint8_t ret[SEAL_HASH_SIZE],
                 struct error *e)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    int rc = digest_of(fd, path, digest, &n, e);

    if (rc == 0)
        rc = sealer_hash(sealer, HASH_FILE, (struct slice){(const char *)digest, n}, ret, e);
    return rc;
}

int file_hash(struct sealer *sealer, const char *path, uint8_t ret[SEAL_HASH_SIZE], struct error *e)
{
    struct stat st;

    if (strcmp(path, "-") == 0)
        return sealer_random(sealer, ret, SEAL_HASH_SIZE, e);
    /* Asked before opening: to open a pipe and close it again would break it for its writer. */
    if (stat(path, &st) < 0)
        return error_set_errno(e, errno, path);
    if (!S_ISREG(st.st_mode))
        return sealer_random(sealer, ret, SEAL_HASH_SIZE, e);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(e, errno, path);
    int rc = file_hash_of(sealer, fd, path, ret, e);
    close(fd);
    return rc;
}
