/* The files of a district, written beside their places and moved there when all are whole. */
#ifndef HUMIAO_SYNTH_FILES_H
#define HUMIAO_SYNTH_FILES_H

#include "base/error.h"

#include <stdio.h>

enum synth_file {
    SYNTH_FILE_DIVISIONS,
    SYNTH_FILE_PEOPLE,
    SYNTH_FILE_RELATIONS,
    SYNTH_FILE_RECORDS,
    SYNTH_FILE_ACCOUNTS,
    SYNTH_FILE_TRUTH,
    SYNTH_FILE_MANIFEST,
    SYNTH_FILE_COUNT
};

struct synth_files {
    const char *directory;
    FILE *open[SYNTH_FILE_COUNT];
};

/* Makes the directory if need be (not its parents) and opens all. Errors: ERR_IO, ERR_PERMISSION.
 * */
int synth_files_open(const char *directory, struct synth_files *ret, struct error *e);
/* Closes all and gives them their names. Errors: ERR_DISK_FULL, ERR_IO. */
int synth_files_finish(struct synth_files *f, struct error *e);
void synth_files_abandon(struct synth_files *f); /* takes away what is not finished */

#endif
