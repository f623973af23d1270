/* Where the CSV reader's text comes from: a file, a pipe or bytes in memory, as UTF-8.
 *
 * The source holds a window of text: `text[0..n)`, at most CSV_ROW_MAX and a block. What iconv cannot
 * decode appears as the byte 0xFF, which no UTF-8 text holds, so that the row it stands in is refused
 * and the next is not. */
#ifndef HUMIAO_BASE_CSV_SOURCE_H
#define HUMIAO_BASE_CSV_SOURCE_H

#include "base/error.h"
#include "base/slice.h"

#include <iconv.h>
#include <stdint.h>

struct csv_source {
    const char *text; /* the window */
    size_t n;
    bool end; /* nothing follows the window */

    char *buffer; /* where the window is kept; NULL when it lies in the caller's memory */
    int file;     /* -1: bytes in memory */
    char *path;
    struct slice memory; /* what is left of them */
    iconv_t converter;   /* (iconv_t)-1: none */
    char *undecoded;     /* CSV_BLOCK bytes of input that wait for iconv */
    size_t undecoded_n;
    uint64_t taken, size; /* bytes of input */
};

#define CSV_BLOCK (1u << 20)

int csv_source_open(struct csv_source *s, const char *path, const char *encoding, struct error *e);
int csv_source_open_bytes(struct csv_source *s, struct slice bytes, const char *encoding,
                          struct error *e);
void csv_source_close(struct csv_source *s);

/* Drops the first `used` bytes of the window and appends what comes next; sets `end` when nothing
 * does. The rest of the window must be shorter than CSV_ROW_MAX. Errors: ERR_IO, ERR_PERMISSION. */
int csv_source_advance(struct csv_source *s, size_t used, struct error *e);

#endif
