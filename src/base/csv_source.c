#include "base/csv_source.h"

#include "base/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define NO_CONVERTER ((iconv_t)-1)

static bool is_utf8_name(const char *encoding)
{
    return !encoding || strcasecmp(encoding, "utf-8") == 0 || strcasecmp(encoding, "utf8") == 0;
}

static int set_encoding(struct csv_source *s, const char *encoding, struct error *e)
{
    s->converter = NO_CONVERTER;
    if (is_utf8_name(encoding))
        return 0;
    s->converter = iconv_open("UTF-8", encoding);
    if (s->converter == NO_CONVERTER) {
        error_set(e, ERR_ENCODING, N_("no encoding is named \"%s\""), encoding);
        return error_hint(e, N_("Name it as iconv does, for instance gb18030."));
    }
    s->undecoded = malloc(CSV_BLOCK);
    return s->undecoded ? 0 : error_set(e, ERR_MEMORY, NULL);
}

static int set_buffer(struct csv_source *s, struct error *e)
{
    s->buffer = malloc(CSV_ROW_MAX + CSV_BLOCK);
    s->text = s->buffer;
    return s->buffer ? 0 : error_set(e, ERR_MEMORY, NULL);
}

static int open_file(struct csv_source *s, const char *path, struct error *e)
{
    if (strcmp(path, "-") == 0) {
        s->file = STDIN_FILENO;
        return 0;
    }
    s->file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (s->file < 0 || fstat(s->file, &about) != 0)
        return error_set_errno(e, errno, path);
    if (S_ISDIR(about.st_mode))
        return error_set_errno(e, EISDIR, path);
    if (S_ISREG(about.st_mode)) {
        s->size = (uint64_t)about.st_size;
        posix_fadvise(s->file, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    return 0;
}

int csv_source_open(struct csv_source *s, const char *path, const char *encoding, struct error *e)
{
    *s = (struct csv_source){.file = -1, .converter = NO_CONVERTER, .path = strdup(path)};
    int status = s->path ? 0 : error_set(e, ERR_MEMORY, NULL);
    if (status == 0)
        status = set_encoding(s, encoding, e);
    if (status == 0)
        status = open_file(s, path, e);
    if (status == 0)
        status = set_buffer(s, e);
    if (status != 0)
        csv_source_close(s);
    return status;
}

int csv_source_open_bytes(struct csv_source *s, struct slice bytes, const char *encoding,
                          struct error *e)
{
    if (!bytes.p)
        bytes = SLICE_LITERAL("");
    *s = (struct csv_source){
        .file = -1, .converter = NO_CONVERTER, .memory = bytes, .size = bytes.n};
    int status = set_encoding(s, encoding, e);
    if (status == 0 && s->converter == NO_CONVERTER) {
        s->text = bytes.p;
        s->n = bytes.n;
        s->end = true;
        s->taken = bytes.n;
    } else if (status == 0) {
        status = set_buffer(s, e);
    }
    if (status != 0)
        csv_source_close(s);
    return status;
}

void csv_source_close(struct csv_source *s)
{
    if (s->file > STDIN_FILENO)
        close(s->file);
    if (s->converter != NO_CONVERTER)
        iconv_close(s->converter);
    free(s->buffer);
    free(s->undecoded);
    free(s->path);
    *s = (struct csv_source){.file = -1, .converter = NO_CONVERTER};
}

/* The next bytes of input, at most `room`; 0 at the end. */
static int take(struct csv_source *s, char *place, size_t room, size_t *ret_n, struct error *e)
{
    if (s->file < 0) {
        size_t n = s->memory.n < room ? s->memory.n : room;
        if (n)
            memcpy(place, s->memory.p, n);
        s->memory.p += n;
        s->memory.n -= n;
        *ret_n = n;
    } else {
        ssize_t n;
        do
            n = read(s->file, place, room);
        while (n < 0 && errno == EINTR);
        if (n < 0)
            return error_set_errno(e, errno, s->path);
        *ret_n = (size_t)n;
    }
    s->taken += *ret_n;
    return 0;
}

/* Decodes what it can of `undecoded` to the end of the window. A sequence that is cut off waits for
 * its rest, unless this is the last of the input. */
static void decode(struct csv_source *s, bool last)
{
    char *in = s->undecoded, *out = s->buffer + s->n;
    size_t in_n = s->undecoded_n, out_n = CSV_ROW_MAX + CSV_BLOCK - s->n;
    while (in_n > 0 && out_n > 0) {
        if (iconv(s->converter, &in, &in_n, &out, &out_n) != (size_t)-1 || errno == E2BIG)
            break;
        if (errno == EINVAL && !last)
            break;
        *out++ = (char)0xFF;
        out_n--;
        in++;
        in_n--;
        iconv(s->converter, NULL, NULL, NULL, NULL);
    }
    memmove(s->undecoded, in, in_n);
    s->undecoded_n = in_n;
    s->n = (size_t)(out - s->buffer);
}

/* Input may yield no text (the first byte of a pair), so it goes on until some comes or none is left. */
static int advance_decoding(struct csv_source *s, struct error *e)
{
    size_t before = s->n;
    while (s->n == before && !s->end) {
        size_t n = 0, room = CSV_BLOCK - s->undecoded_n;
        if (room) {
            int status = take(s, s->undecoded + s->undecoded_n, room, &n, e);
            if (status != 0)
                return status;
        }
        s->undecoded_n += n;
        bool last = room && n == 0;
        decode(s, last);
        s->end = last && s->undecoded_n == 0;
    }
    return 0;
}

int csv_source_advance(struct csv_source *s, size_t used, struct error *e)
{
    if (!s->buffer) { /* the whole text is in the window already */
        s->text += used;
        s->n -= used;
        return 0;
    }
    memmove(s->buffer, s->buffer + used, s->n - used);
    s->n -= used;
    if (s->converter != NO_CONVERTER)
        return advance_decoding(s, e);
    size_t n = 0;
    int status = take(s, s->buffer + s->n, CSV_BLOCK, &n, e);
    if (status != 0)
        return status;
    s->n += n;
    s->end = n == 0;
    return 0;
}
