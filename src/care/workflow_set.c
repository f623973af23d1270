#include "care/workflow_set.h"

#include "base/source.h"
#include "care/builtin_workflows.h" /* made by the build from workflows/ */

#include <openssl/evp.h>
#include <string.h>

#define WORKFLOW_FILE_MAX (1u << 18)
#define SUFFIX ".workflow"

static int read_directory(const char *directory, struct arena *arena, struct source **ret,
                          size_t *ret_count, struct error *e)
{
    int rc = source_read_folder(directory, SUFFIX, WORKFLOW_FILE_MAX, ERR_WORKFLOW, arena, ret,
                                ret_count, e);

    if (rc < 0 || *ret_count > 0)
        return rc;
    error_set(e, ERR_WORKFLOW, N_("%s holds no *.workflow file"), directory);
    return error_hint(e, N_("A folder of workflows holds files such as alert.workflow."));
}

static void built_in(struct arena *arena, struct source **ret, size_t *ret_count)
{
    *ret_count = sizeof builtin_workflows / sizeof builtin_workflows[0];
    *ret = ARENA_ARRAY(arena, *ret_count, struct source);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct source){
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

static int compile(const struct source *t, struct arena *arena, struct workflow_edition *ret,
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
    struct source *texts = NULL;
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
