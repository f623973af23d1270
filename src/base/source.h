/* Texts that people write for the program (policies, workflows, tables), and what is said of a place in one: the
 * file, the line with a caret under it, the nearest name to a wrong one. */
#ifndef HUMIAO_BASE_SOURCE_H
#define HUMIAO_BASE_SOURCE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/slice.h"

#include <stdint.h>

/* One text; `file` is its name in messages. */
struct source {
    const char *file;
    struct slice text;
};

/* ---- reading ---- */

/* A file of at most `max` bytes. A larger one is an error of that code; ERR_IO, ERR_PERMISSION. */
int source_read(const char *path, size_t max, enum error_code code, struct arena *arena,
                struct source *ret, struct error *e);

/* All files of a folder whose names end so, by name; hidden ones are passed over. None is no error. */
int source_read_folder(const char *folder, const char *suffix, size_t max, enum error_code code,
                       struct arena *arena, struct source **ret, size_t *ret_count,
                       struct error *e);

/* ---- messages ---- */

#define SOURCE_EXCERPT_SIZE 384

/* "\n" and the line that begins at line_start, clipped, "\n" and a caret under the column (from 1; columns count
 * characters, as an editor does). Without the caret where the place is beyond what is shown; "" where
 * line_start is NULL. */
void source_excerpt(struct slice text, const char *line_start, uint32_t column,
                    char ret[SOURCE_EXCERPT_SIZE]);

/* Of a long path its end: the folders that tell it apart are there. */
const char *source_path(const char *file);

/* The nearest of some names to one that was not found. */
#define NEAREST_NAME_MAX 64 /* bytes; a longer one is near to none */
struct nearest {
    struct slice wanted;
    const char *best; /* NULL: none is near */
    size_t distance;  /* changes of a letter between the two */
};
struct nearest nearest_to(struct slice wanted);
void nearest_try(struct nearest *n, const char *name);
/* The hint: the nearest, else `otherwise` (of the catalogue; NULL: none). Returns what error_hint does. */
int nearest_hint(const struct nearest *n, struct error *e, const char *otherwise);

#endif
