/* The child that opens what comes from outside: `humiao sheet-reader`. */
#include "sheet/jail.h"
#include "sheet/wire.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MEMORY (1536ull << 20) /* beside the file itself */
#define PIPE_MAX (256u << 20)  /* of what comes by a pipe and has to be kept */
#define SECONDS 900

static int tell_row(void *context, const struct sheet_row *row, const struct error *refusal)
{
    struct wire_out *w = context;

    wire_row(w, row, refusal);
    return w->broken ? -ERR_IO : 0;
}

static void tell_nature(void *context, const struct sheet_nature *nature)
{
    wire_nature(context, nature);
}

/* The file as memory; what is mapped is looked at only within the jail. */
static int map_file(uint64_t bytes_max, struct slice *ret, struct error *e)
{
    struct stat about;

    *ret = SLICE_NONE;
    if (fstat(STDIN_FILENO, &about) != 0)
        return error_set(e, ERR_SHEET, NULL);
    if (!S_ISREG(about.st_mode))
        return 0;
    if ((uint64_t)about.st_size > bytes_max)
        return error_set(e, ERR_SHEET_LIMIT, NULL);
    if (about.st_size == 0)
        return error_set(e, ERR_FILE_EMPTY, NULL);
    void *p = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    if (p == MAP_FAILED)
        return error_set(e, ERR_MEMORY, NULL);
    madvise(p, (size_t)about.st_size, MADV_SEQUENTIAL);
    *ret = (struct slice){p, (size_t)about.st_size};
    return 0;
}

static int read_pipe(uint64_t bytes_max, struct slice *ret, struct error *e)
{
    size_t n = 0, capacity = 1u << 20;
    char *text = malloc(capacity);
    ssize_t got = 0;

    while (text && (got = read(STDIN_FILENO, text + n, capacity - n)) > 0) {
        n += (size_t)got;
        if (n > bytes_max || n > PIPE_MAX)
            return error_set(e, ERR_SHEET_LIMIT, NULL);
        if (n == capacity)
            text = realloc(text, capacity *= 2);
    }
    if (!text)
        return error_set(e, ERR_MEMORY, NULL);
    *ret = (struct slice){text, n};
    return got < 0 ? error_set(e, ERR_SHEET_CUT, NULL) : 0;
}

static int read_sheet(const struct sheet_options *o, struct wire_out *w, struct error *e)
{
    struct sheet_sink sink = {tell_row, tell_nature, w};
    struct slice bytes;
    int rc = map_file(o->bytes_max, &bytes, e);

    /* The archive's dates are turned into times, and the zone's file cannot be opened in the jail. */
    setenv("TZ", "UTC0", 1);
    tzset();
    if (rc == 0)
        rc = jail_enter(MEMORY + bytes.n, SECONDS, e);
    if (rc == 0 && !bytes.p)
        rc = read_pipe(o->bytes_max, &bytes, e);
    return rc == 0 ? sheet_parse(bytes, o, &sink, e) : rc;
}

static const char *given(const char *argument) { return argument[0] ? argument : NULL; }

/* sheet-reader ENCODING SHEET LANGUAGE BYTES; what is not said is "". */
int sheet_reader_main(int argc, char **argv)
{
    struct error e = {.language = LANGUAGE_EN};
    struct wire_out w;

    if (argc != 6 || wire_out_begin(&w, STDOUT_FILENO) < 0)
        return 2;
    if (argv[4][0] == 'z')
        e.language = LANGUAGE_ZH;
    const struct sheet_options o = {.encoding = given(argv[2]),
                                    .sheet = given(argv[3]),
                                    .bytes_max = strtoull(argv[5], NULL, 10)};
    int rc = read_sheet(&o, &w, &e);
    wire_end(&w, rc < 0 ? &e : NULL);
    _exit(0); /* no handler of anybody runs behind the jail */
}
