#include "access/random.h"

#include <openssl/rand.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>

#define PAGE_SIZE 4096

struct random_page {
    size_t
        left; /* unused bytes, at the end of the buffer; 0 in a forked child: the page is wiped */
    uint8_t bytes[PAGE_SIZE - sizeof(size_t)];
};

struct random_page *random_page_new(struct error *e)
{
    struct random_page *page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        error_set(e, ERR_MEMORY, NULL);
        return NULL;
    }
    if (madvise(page, sizeof *page, MADV_WIPEONFORK) != 0) {
        munmap(page, sizeof *page);
        error_set(e, ERR_CRYPTO, N_("step: %s"), "MADV_WIPEONFORK");
        return NULL;
    }
    /* Of use only: a core dump or a swapped page would show bytes that are still to be used. */
    madvise(page, sizeof *page, MADV_DONTDUMP);
    mlock(page, sizeof *page);
    return page;
}

struct random_page *random_page_free(struct random_page *page)
{
    if (page) {
        sodium_memzero(page, sizeof *page);
        munmap(page, sizeof *page);
    }
    return NULL;
}

int random_take(struct random_page *page, void *ret, size_t n, struct error *e)
{
    if (n > sizeof page->bytes)
        return RAND_bytes(ret, (int)n) == 1 ? 0
                                            : error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    if (page->left < n) {
        if (RAND_bytes(page->bytes, sizeof page->bytes) != 1)
            return error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
        page->left = sizeof page->bytes;
    }
    uint8_t *from = page->bytes + sizeof page->bytes - page->left;
    memcpy(ret, from, n);
    sodium_memzero(from, n); /* what was given out is not here any more */
    page->left -= n;
    return 0;
}
