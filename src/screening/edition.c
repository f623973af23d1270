#include "screening/edition.h"

#include "screening/builtin_policies.h" /* made by the build from policies/ */

#include <dirent.h>
#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#define POLICY_FILE_MAX (1u << 20)

static int is_policy(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return entry->d_name[0] != '.' && n > 7 && strcmp(entry->d_name + n - 7, ".policy") == 0;
}

static int read_text(const char *path, struct arena *arena, struct slice *ret, struct error *e)
{
    FILE *f = fopen(path, "rbe");
    char *text;
    size_t n;

    if (!f)
        return error_set_errno(e, errno, path);
    text = arena_take(arena, POLICY_FILE_MAX + 1);
    n = fread(text, 1, POLICY_FILE_MAX + 1, f);
    int failed = ferror(f);
    fclose(f);
    if (failed)
        return error_set_errno(e, EIO, path);
    if (n > POLICY_FILE_MAX)
        return error_set(e, ERR_POLICY, N_("%s is larger than 1 MiB"), path);
    *ret = (struct slice){text, n};
    return 0;
}

static int read_directory(const char *directory, struct arena *arena, struct policy_source **ret,
                          size_t *ret_count, struct error *e)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, is_policy, alphasort);
    int rc = 0;

    if (count < 0)
        return error_set_errno(e, errno, directory);
    *ret = ARENA_ARRAY(arena, (size_t)count, struct policy_source);
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
        error_set(e, ERR_POLICY, N_("%s holds no *.policy file"), directory);
        rc = error_hint(e, N_("A policy directory holds files such as orphan.policy."));
    }
    return rc;
}

static void built_in(struct arena *arena, struct policy_source **ret, size_t *ret_count)
{
    *ret_count = sizeof(builtin_policies) / sizeof(builtin_policies[0]);
    *ret = ARENA_ARRAY(arena, *ret_count, struct policy_source);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct policy_source){
            builtin_policies[i].file,
            {(const char *)builtin_policies[i].text, builtin_policies[i].size}};
}

int edition_read(const char *directory, struct arena *arena, struct edition *ret, struct error *e)
{
    struct policy_source *sources = NULL;
    uint8_t digest[EVP_MAX_MD_SIZE];
    size_t count = 0;
    int rc = 0;

    if (directory)
        rc = read_directory(directory, arena, &sources, &count, e);
    else
        built_in(arena, &sources, &count);
    if (rc == 0)
        rc = policy_compile(sources, count, arena, &ret->set, e);
    if (rc < 0)
        return rc;
    struct slice text = policy_set_print(ret->set, arena);
    if (EVP_Digest(text.p, text.n, digest, NULL, EVP_sha256(), NULL) != 1)
        return error_set(e, ERR_CRYPTO, NULL);
    memcpy(ret->hash, digest, sizeof(ret->hash));
    ret->category_count = policy_category_count(ret->set);
    return 0;
}
