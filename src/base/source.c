#include "base/source.h"

#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_SHOWN 120 /* bytes of a line in a message */
#define PATH_SHOWN 80  /* bytes of a path in a message */

/* ---- reading ---- */

int source_read(const char *path, size_t max, enum error_code code, struct arena *arena,
                struct source *ret, struct error *e)
{
    FILE *f = fopen(path, "rbe");

    if (!f)
        return error_set_errno(e, errno, path);
    char *text = arena_take(arena, max + 1);
    size_t n = fread(text, 1, max + 1, f);
    int failed = ferror(f) ? errno : 0;
    fclose(f);
    if (failed)
        return error_set_errno(e, failed, path);
    if (n > max)
        return error_set(e, code, N_("%s is larger than %zu KiB"), path, max / 1024);
    *ret = (struct source){path, {text, n}};
    return 0;
}

static bool ends_so(const char *name, const char *suffix)
{
    size_t n = strlen(name), end = strlen(suffix);

    return name[0] != '.' && n > end && strcmp(name + n - end, suffix) == 0;
}

int source_read_folder(const char *folder, const char *suffix, size_t max, enum error_code code,
                       struct arena *arena, struct source **ret, size_t *ret_count, struct error *e)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    struct source *list = NULL;
    size_t n = 0, capacity = 0;
    int rc = 0;

    if (count < 0)
        return error_set_errno(e, errno, folder);
    for (int i = 0; i < count; i++) {
        if (rc == 0 && ends_so(entries[i]->d_name, suffix)) {
            list = arena_grow(arena, list, &capacity, n + 1, sizeof(*list));
            rc = source_read(arena_printf(arena, "%s/%s", folder, entries[i]->d_name), max, code,
                             arena, &list[n++], e);
        }
        free(entries[i]);
    }
    free(entries);
    if (rc < 0)
        return rc;
    *ret = list;
    *ret_count = n;
    return 0;
}

/* ---- messages ---- */

/* Chinese characters take two columns of a terminal. */
static int columns(unsigned char first) { return first >= 0xE2 ? 2 : 1; }

/* False: the place is beyond what is shown. */
static bool draw_caret(struct slice line, uint32_t column, char caret[LINE_SHOWN * 2 + 2])
{
    uint32_t left = column - 1;
    size_t n = 0;

    for (size_t i = 0; i < line.n && left > 0; i++)
        if (((unsigned char)line.p[i] & 0xC0) != 0x80) {
            for (int k = columns((unsigned char)line.p[i]); k > 0; k--)
                caret[n++] = line.p[i] == '\t' ? '\t' : ' ';
            left--;
        }
    caret[n++] = '^';
    caret[n] = '\0';
    return left == 0;
}

void source_excerpt(struct slice text, const char *line_start, uint32_t column,
                    char ret[SOURCE_EXCERPT_SIZE])
{
    char caret[LINE_SHOWN * 2 + 2];
    struct slice line = {line_start, 0};

    ret[0] = '\0';
    if (!line_start)
        return;
    size_t left = (size_t)(text.p + text.n - line_start);
    while (line.n < left && line.n < LINE_SHOWN && line.p[line.n] != '\n' && line.p[line.n] != '\r')
        line.n++;
    line.n = utf8_valid_prefix(line);
    bool shown = draw_caret(line, column, caret);
    snprintf(ret, SOURCE_EXCERPT_SIZE, "\n%.*s%s%s", (int)line.n, line.p, shown ? "\n" : "",
             shown ? caret : "");
}

const char *source_path(const char *file)
{
    size_t n = strlen(file);
    const char *end = n > PATH_SHOWN ? file + n - PATH_SHOWN : file;
    const char *slash = end > file ? strchr(end, '/') : NULL;

    return slash ? slash + 1 : end;
}

/* ---- the nearest name ---- */

struct nearest nearest_to(struct slice wanted)
{
    return (struct nearest){wanted, NULL, wanted.n < 2 ? 0 : wanted.n / 3 + 1};
}

/* Levenshtein's distance of two words of at most NEAREST_NAME_MAX bytes. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[NEAREST_NAME_MAX + 1];

    for (size_t k = 0; k <= b.n; k++)
        row[k] = k;
    for (size_t i = 1; i <= a.n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b.n; k++) {
            size_t best = corner + (a.p[i - 1] != b.p[k - 1]);
            corner = row[k];
            if (row[k] + 1 < best)
                best = row[k] + 1;
            if (row[k - 1] + 1 < best)
                best = row[k - 1] + 1;
            row[k] = best;
        }
    }
    return row[b.n];
}

void nearest_try(struct nearest *n, const char *name)
{
    struct slice known = slice_from(name);

    if (known.n > NEAREST_NAME_MAX || n->wanted.n > NEAREST_NAME_MAX)
        return;
    size_t d = distance(n->wanted, known);
    if (d < n->distance || (d == n->distance && !n->best)) {
        n->best = name;
        n->distance = d;
    }
}

int nearest_hint(const struct nearest *n, struct error *e, const char *otherwise)
{
    if (n->best)
        return error_hint(e, N_("Did you mean \"%s\"?"), n->best);
    if (!e)
        return -(int)ERR_INTERNAL;
    return otherwise ? error_hint(e, "%s", text_in(e->language, otherwise)) : -(int)e->code;
}
