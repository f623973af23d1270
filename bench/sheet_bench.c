/* How fast the reader's child gives a file's rows: sheet_bench FILE [PROGRAM]. */
#include "sheet/sheet.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct error e = {.language = LANGUAGE_EN}, row_error = e;
    struct sheet_options o = {.program = argc > 2 ? argv[2] : HUMIAO};
    struct sheet *s;
    struct sheet_row row;
    struct stat about;
    unsigned long long rows = 0, refused = 0, text = 0;
    double began = now();
    int fd = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1, rc;

    if (fd < 0 || fstat(fd, &about) != 0 || sheet_open(fd, &o, &s, &e) < 0) {
        fprintf(stderr, "sheet_bench FILE [PROGRAM]\n");
        return 2;
    }
    while ((rc = sheet_next(s, &row, &row_error)) > 0 || rc == -ERR_CSV || rc == -ERR_ENCODING ||
           rc == -ERR_TOO_LONG) {
        rows++;
        refused += rc < 0;
        for (size_t i = 0; rc > 0 && i < row.count; i++)
            text += row.cells[i].text.n;
    }
    if (rc < 0) {
        fprintf(stderr, "%s: %s\n", error_primary(&row_error), row_error.detail);
        return 1;
    }
    printf("rows %llu bytes %llu seconds %.4f format %s encoding %s refused %llu text %llu\n", rows,
           (unsigned long long)about.st_size, now() - began, sheet_nature(s)->format,
           sheet_nature(s)->encoding, refused, text);
    sheet_close(s);
    return 0;
}
