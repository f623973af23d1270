/* The tables as they stand in workflows/, for tests that read them on their own. */
#ifndef HUMIAO_TESTS_CARE_TABLE_FILE_H
#define HUMIAO_TESTS_CARE_TABLE_FILE_H

#include "base/arena.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

static inline char *table_file_read(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rbe");
    char *text = arena_take(a, 1 << 18);
    if (!f)
        abort();
    text[fread(text, 1, (1 << 18) - 1, f)] = '\0';
    fclose(f);
    return text;
}

/* Paths of all of them, by name; ends with NULL. */
static inline const char **table_file_list(struct arena *a)
{
    struct dirent **entries;
    int count = scandir(WORKFLOW_DIRECTORY, &entries, NULL, alphasort);
    if (count < 0)
        abort();
    const char **list = ARENA_ARRAY(a, (size_t)count + 1, const char *);
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        if (dot && strcmp(dot, ".workflow") == 0)
            list[n++] = arena_printf(a, "%s/%s", WORKFLOW_DIRECTORY, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return list;
}

#endif
