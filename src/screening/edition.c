#include "screening/edition.h"

#include "screening/builtin_policies.h" /* made by the build from policies/ */

#include <openssl/evp.h>

#define POLICY_FILE_MAX (1u << 20)

static int read_directory(const char *directory, struct arena *arena, struct source **ret,
                          size_t *ret_count, struct error *e)
{
    int rc = source_read_folder(directory, ".policy", POLICY_FILE_MAX, ERR_POLICY, arena, ret,
                                ret_count, e);

    if (rc < 0 || *ret_count > 0)
        return rc;
    error_set(e, ERR_POLICY, N_("%s holds no *.policy file"), directory);
    return error_hint(e, N_("A policy directory holds files such as orphan.policy."));
}

static void built_in(struct arena *arena, struct source **ret, size_t *ret_count)
{
    *ret_count = sizeof(builtin_policies) / sizeof(builtin_policies[0]);
    *ret = ARENA_ARRAY(arena, *ret_count, struct source);
    for (size_t i = 0; i < *ret_count; i++)
        (*ret)[i] = (struct source){
            builtin_policies[i].file,
            {(const char *)builtin_policies[i].text, builtin_policies[i].size}};
}

int edition_read(const char *directory, struct arena *arena, struct edition *ret, struct error *e)
{
    struct source *sources = NULL;
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
