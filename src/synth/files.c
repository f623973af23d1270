#include "synth/files.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)1 << 18)

static const char *const names[SYNTH_FILE_COUNT] = {
    "divisions.csv", "people.csv", "relations.csv", "records.csv",
    "accounts.csv",  "truth.csv",  "manifest.json",
};

static void path_of(const struct synth_files *f, int file, const char *ending, char ret[PATH_MAX])
{
    snprintf(ret, PATH_MAX, "%s/%s%s", f->directory, names[file], ending);
}

int synth_files_open(const char *directory, struct synth_files *ret, struct error *e)
{
    struct synth_files f = {.directory = directory};
    char path[PATH_MAX];

    if (strlen(directory) + 32 > PATH_MAX)
        return error_set(e, ERR_USAGE, N_("the name of the directory is too long"));
    if (mkdir(directory, 0777) != 0 && errno != EEXIST)
        return error_set_errno(e, errno, directory);
    for (int i = 0; i < SYNTH_FILE_COUNT; i++) {
        path_of(&f, i, ".part", path);
        f.open[i] = fopen(path, "we");
        if (!f.open[i]) {
            int status = error_set_errno(e, errno, path);
            synth_files_abandon(&f);
            return status;
        }
        setvbuf(f.open[i], NULL, _IOFBF, BUFFER_SIZE);
    }
    *ret = f;
    return 0;
}

int synth_files_finish(struct synth_files *f, struct error *e)
{
    char part[PATH_MAX], path[PATH_MAX];

    for (int i = 0; i < SYNTH_FILE_COUNT; i++) {
        bool failed = ferror(f->open[i]) != 0, closed = fclose(f->open[i]) == 0;
        f->open[i] = NULL;
        if (failed || !closed) {
            path_of(f, i, "", path);
            return error_set_errno(e, errno, path);
        }
    }
    for (int i = 0; i < SYNTH_FILE_COUNT; i++) {
        path_of(f, i, ".part", part);
        path_of(f, i, "", path);
        if (rename(part, path) != 0)
            return error_set_errno(e, errno, path);
    }
    return 0;
}

void synth_files_abandon(struct synth_files *f)
{
    char part[PATH_MAX];

    for (int i = 0; i < SYNTH_FILE_COUNT; i++) {
        if (f->open[i])
            fclose(f->open[i]);
        f->open[i] = NULL;
        path_of(f, i, ".part", part);
        unlink(part);
    }
}
