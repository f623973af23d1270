#include "care/workflow_set.h"

#include "care/builtin_workflows.h" /* made by the build from workflows/ */

#include <dirent.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKFLOW_FILE_MAX (1u << 18)
#define SUFFIX ".workflow"

struct text {
    const char *file;
    struct slice text;
};

static int is_workflow(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), suffix = strlen(SUFFIX);

    return entry->d_name[0] != '.' && n > suffix && strcmp(entry->d_name + n - suffix, SUFFIX) == 0;
}

static int read_text(const char *path, struct arena *arena, struct slice *ret, struct error *e)
{
    FILE *f = fopen(path, "rbe");
    char *text;
    size_t n;

    if (!f)
        return error_set_errno(e, errno, path);
    text = arena_take(arena, WORKFLOW_FILE_MAX + 1);
    n = fread(text, 1, WORKFLOW_FILE_MAX + 1, f);
    int failed = ferror(f);
    fclose(f);
    if (failed)
        return error_set_errno(e, EIO, path);
    if (n > WORKFLOW_FILE_MAX)
        return error_set(e, ERR_WORKFLOW, N_("%s is larger than %d KiB"), path,
                         WORKFLOW_FILE_MAX / 1024);
    *ret = (struct slice){text, n};
    return 0;
}

static int read_directory(const char *directory, struct arena *arena, struct text **ret,
                          size_t *ret_count, struct error *e)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, is_workflow, alphasort);
    int rc = 0;

    if (count < 0)
        return error_set_errno(e, errno, directory);
    *ret = ARENA_ARRAY(arena, (size_t)count, struct text);
    for (int i = 0; i < count; i++) {
        const char *path = arena_printf(arena, "%s/%s", directory, entries[i]->d_name);
        (*ret)[i].file = path;
        if (rc == 0)
            rc = read_text(path, arena, &(*ret)[i].text, e);
        free(entries[i]);
    }
    free(entries);
    *ret_count = (size_t)count;
    if (rc == 0 && count == 0) {
        error_set(e, ERR_WORKFLOW, N_("%s holds no *.workflow file"), directory);
        rc = error_hint(e, N_("A folder of workflows holds files such as alert.workflow."));
    }
    return rc;
}

static void built_in(struct arena *arena, struct text **ret, size_t *ret_count)
{
    *ret_count = sizeof builtin_workflows / sizeof builtin_workflows[0];
    *ret = ARENA_ARRAY(arena, *ret_count, struct text);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct text){
            builtin_workflows[i].file,
            {(const char *)builtin_workflows[i].text, builtin_workflows[i].size}};
}

/* A file is found by the name of what stands in it; so no two have the same. */
static int check_name(const char *file, const struct workflow *w, struct error *e)
{
    const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
    size_t n = strlen(workflow_name(w));

    if (strncmp(base, workflow_name(w), n) == 0 && strcmp(base + n, SUFFIX) == 0)
        return 0;
    error_set(e, ERR_WORKFLOW, N_("%s: in it stands the workflow %s"), file, workflow_name(w));
    return error_hint(e, N_("A workflow stands in the file of its name: %s.workflow"),
                      workflow_name(w));
}

static int compile(const struct text *t, struct arena *arena, struct workflow_edition *ret,
                   struct error *e)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    int rc = workflow_compile(t->file, t->text, arena, &ret->workflow, e);

    if (rc == 0)
        rc = check_name(t->file, ret->workflow, e);
    if (rc < 0)
        return rc;
    struct slice text = workflow_print(ret->workflow, arena);
    if (EVP_Digest(text.p, text.n, digest, NULL, EVP_sha256(), NULL) != 1)
        return error_set(e, ERR_CRYPTO, NULL);
    memcpy(ret->hash, digest, sizeof ret->hash);
    return 0;
}

int workflow_set_read(const char *directory, struct arena *arena, struct workflow_set *ret,
                      struct error *e)
{
    struct text *texts = NULL;
    size_t count = 0;
    int rc = 0;

    if (directory)
        rc = read_directory(directory, arena, &texts, &count, e);
    else
        built_in(arena, &texts, &count);
    struct workflow_edition *list = ARENA_ARRAY(arena, count, struct workflow_edition);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = compile(&texts[i], arena, &list[i], e);
    if (rc == 0)
        *ret = (struct workflow_set){list, count};
    return rc;
}

const struct workflow_edition *workflow_set_find(const struct workflow_set *set, struct slice name)
{
    for (size_t i = 0; i < set->count; i++)
        if (slice_is(name, workflow_name(set->list[i].workflow)))
            return &set->list[i];
    return NULL;
}
