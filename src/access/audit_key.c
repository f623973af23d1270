#include "access/audit_chain.h"
#include "access/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#define NUMBER_MAX 9999
#define VARIABLE "HUMIAO_AUDIT_KEY_FILE"
#define LINE_MAX_SIZE (32 + 2 * AUDIT_KEY_SIZE)

static const char comment[] =
    "# humiao audit keys: with them the audit trail is verified; new segments use the last\n";

/* ---- the list ----------------------------------------------------------------------------------------- */

static struct audit_keys *keys_new(void)
{
    struct audit_keys *keys = sodium_malloc(sizeof *keys);

    if (keys) {
        memset(keys, 0, sizeof *keys);
        keys->references = 1;
    }
    return keys;
}

static void keys_drop(struct audit_keys *keys)
{
    if (keys && atomic_fetch_sub(&keys->references, 1) == 1)
        sodium_free(keys);
}

/* "NUMBER SUITE HEX"; the numbers rise. */
static bool parse_line(struct slice line, struct audit_keys *keys)
{
    struct slice number = chain_cut(&line, ' '), suite = chain_cut(&line, ' ');
    struct audit_key *key = &keys->list[keys->count];
    size_t n = 0;

    if (keys->count == AUDIT_KEYS_MAX || !chain_number(number, &key->number) ||
        key->number <= (keys->count ? key[-1].number : 0) || key->number > NUMBER_MAX ||
        !seal_suite_parse(suite, &key->suite) || line.n != (size_t)2 * AUDIT_KEY_SIZE ||
        sodium_hex2bin(key->bytes, AUDIT_KEY_SIZE, line.p, line.n, NULL, &n, NULL) != 0 ||
        n != AUDIT_KEY_SIZE)
        return false;
    keys->count++;
    return true;
}

static bool parse_keys(struct slice text, struct audit_keys *keys)
{
    while (text.n) {
        const char *end = memchr(text.p, '\n', text.n);
        size_t n = end ? (size_t)(end - text.p) : text.n, step = end ? n + 1 : n;
        struct slice line = slice_trim((struct slice){text.p, n});
        if (line.n && line.p[0] != '#' && !parse_line(line, keys))
            return false;
        text = (struct slice){text.p + step, text.n - step};
    }
    return keys->count > 0;
}

static int read_keys(const char *path, struct audit_keys **ret, struct error *e)
{
    if (sodium_init() < 0) /* again and again is fine */
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "libsodium");
    struct audit_keys *keys = keys_new();
    char *text = sodium_malloc(KEY_FILE_MAX);
    size_t n = 0;
    int rc = keys && text ? 0 : error_set(e, ERR_MEMORY, NULL);

    if (rc == 0)
        rc = key_file_read(path, VARIABLE, text, KEY_FILE_MAX, &n, e);
    if (rc == -ERR_KEY_MISSING) {
        error_set(e, ERR_KEY_MISSING, N_("looked for the audit key in %s"), path);
        rc = error_hint(e,
                        N_("Bring the file back, or name it in %s; a database that never had one "
                           "gets it by `humiao init`."),
                        VARIABLE);
    }
    if (rc == 0 && !parse_keys((struct slice){text, n}, keys))
        rc = error_set(e, ERR_KEY_WRONG, N_("no audit keys are written in %s"), path);
    sodium_free(text);
    if (rc == 0)
        *ret = keys;
    else
        keys_drop(keys);
    return rc;
}

static size_t write_line(char *at, const struct audit_key *key)
{
    int n = snprintf(at, LINE_MAX_SIZE, "%d %s ", (int)key->number, seal_suite_name(key->suite));

    sodium_bin2hex(at + n, 2 * AUDIT_KEY_SIZE + 1, key->bytes, AUDIT_KEY_SIZE);
    at[n + 2 * AUDIT_KEY_SIZE] = '\n';
    return (size_t)n + 2 * AUDIT_KEY_SIZE + 1;
}

/* The whole list and one more, to a file that must not be there or in the place of what is. */
static int write_keys(const char *path, const struct audit_keys *old, int64_t number,
                      enum seal_suite suite, struct error *e)
{
    size_t n = sizeof comment - 1, count = old ? old->count : 0;
    char *text = sodium_malloc(n + (count + 1) * LINE_MAX_SIZE);
    struct audit_key fresh = {.number = number, .suite = suite};
    int rc;

    if (!text)
        return error_set(e, ERR_MEMORY, NULL);
    memcpy(text, comment, n);
    for (size_t i = 0; i < count; i++)
        n += write_line(text + n, &old->list[i]);
    if (RAND_priv_bytes(fresh.bytes, sizeof fresh.bytes) != 1) {
        rc = error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    } else {
        n += write_line(text + n, &fresh);
        rc = old ? key_file_replace(path, (struct slice){text, n}, e)
                 : key_file_create(path, (struct slice){text, n}, e);
    }
    sodium_memzero(&fresh, sizeof fresh);
    sodium_free(text);
    return rc;
}

/* ---- the handle --------------------------------------------------------------------------------------- */

static const char *beside(struct arena *arena, const char *path, const char *name,
                          const char *suffix)
{
    const char *slash = strrchr(path, '/');

    return arena_printf(arena, "%.*s%s%s", slash ? (int)(slash - path) + 1 : 0, path, name, suffix);
}

/* The keys beside the master key, the heads beside the keys, unless told otherwise. */
static int find_paths(struct audit *a, struct error *e)
{
    ARENA_AUTO(scratch);
    const char *keys = getenv(VARIABLE), *heads = getenv("HUMIAO_AUDIT_HEADS"), *master = NULL;

    if (!keys || !*keys) {
        int rc = keys_master_path(a->deployment_id, &scratch, &master, e);
        if (rc < 0)
            return rc;
        keys = beside(&scratch, master, a->deployment_id, ".audit.key");
    }
    if (!heads || !*heads)
        heads = beside(&scratch, keys, a->deployment_id, ".heads");
    a->key_path = strdup(keys);
    a->heads_path = strdup(heads);
    return a->key_path && a->heads_path ? 0 : error_set(e, ERR_MEMORY, NULL);
}

int audit_handle_new(const char *deployment_id, enum seal_suite suite, struct audit **ret,
                     struct error *e)
{
    struct audit *a = calloc(1, sizeof *a);

    if (!a)
        return error_set(e, ERR_MEMORY, NULL);
    a->suite = suite;
    a->deployment_id = strdup(deployment_id);
    int rc = a->deployment_id ? find_paths(a, e) : error_set(e, ERR_MEMORY, NULL);
    if (rc < 0) {
        audit_handle_free(a);
        return rc;
    }
    struct error ignored = {0};
    read_keys(a->key_path, &a->keys, &ignored);
    *ret = a;
    return 0;
}

int audit_handle_fork(const struct audit *from, struct audit **ret, struct error *e)
{
    struct audit *a = calloc(1, sizeof *a);

    if (!a)
        return error_set(e, ERR_MEMORY, NULL);
    a->suite = from->suite;
    a->deployment_id = strdup(from->deployment_id);
    a->key_path = strdup(from->key_path);
    a->heads_path = strdup(from->heads_path);
    if (!a->deployment_id || !a->key_path || !a->heads_path) {
        audit_handle_free(a);
        return error_set(e, ERR_MEMORY, NULL);
    }
    if (from->keys) {
        a->keys = from->keys;
        atomic_fetch_add(&a->keys->references, 1);
    }
    *ret = a;
    return 0;
}

struct audit *audit_handle_free(struct audit *a)
{
    if (!a)
        return NULL;
    keys_drop(a->keys);
    mac_free(&a->mac);
    free(a->deployment_id);
    free(a->key_path);
    free(a->heads_path);
    free(a);
    return NULL;
}

static int read_again(struct audit *a, struct error *e)
{
    struct audit_keys *keys = NULL;
    int rc = read_keys(a->key_path, &keys, e);

    if (rc < 0)
        return rc;
    keys_drop(a->keys);
    a->keys = keys;
    a->keyed = 0;
    return 0;
}

int audit_keys_need(struct audit *a, struct error *e) { return a->keys ? 0 : read_again(a, e); }

int64_t audit_key_newest(const struct audit *a) { return a->keys->list[a->keys->count - 1].number; }

static const struct audit_key *find_key(const struct audit *a, int64_t number)
{
    for (size_t i = 0; i < a->keys->count; i++)
        if (a->keys->list[i].number == number)
            return &a->keys->list[i];
    return NULL;
}

int audit_key_use(struct audit *a, int64_t number, struct error *e)
{
    if (a->keys && a->keyed == number && number != 0)
        return 0;
    int rc = audit_keys_need(a, e);
    const struct audit_key *key = rc == 0 ? find_key(a, number) : NULL;

    if (rc == 0 && !key) {
        rc = read_again(a, e);
        key = rc == 0 ? find_key(a, number) : NULL;
    }
    if (rc < 0)
        return rc;
    if (!key) {
        error_set(e, ERR_KEY_MISSING, N_("audit key %d is not in %s"), (int)number, a->key_path);
        return error_hint(e, N_("Bring back the file of audit keys that holds it."));
    }
    a->keyed = 0;
    if (a->mac_suite != key->suite) {
        mac_free(&a->mac);
        a->mac_suite = SUITE_NONE;
        if ((rc = mac_new(key->suite, &a->mac, e)) < 0)
            return rc;
        a->mac_suite = key->suite;
    }
    if ((rc = mac_set_key(&a->mac, key->bytes, sizeof key->bytes, e)) < 0)
        return rc;
    a->keyed = number;
    return 0;
}

static int make_heads(const char *path, struct error *e)
{
    int rc = key_file_make_directory(path, e);
    int fd = rc < 0 ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (rc < 0)
        return rc;
    if (fd < 0)
        return error_set_errno(e, errno, path);
    int failed = fsync(fd) ? errno : 0;
    close(fd);
    return failed ? error_set_errno(e, failed, path) : 0;
}

int audit_handle_create_files(struct audit *a, struct error *e)
{
    int rc = audit_keys_need(a, e);

    if (rc == -ERR_KEY_MISSING) {
        error_clear(e);
        rc = write_keys(a->key_path, NULL, 1, a->suite, e);
        if (rc == 0)
            rc = audit_keys_need(a, e);
    }
    return rc < 0 ? rc : make_heads(a->heads_path, e);
}

int audit_key_add(struct audit *a, int64_t *ret_number, struct error *e)
{
    int rc = read_again(a, e);

    if (rc < 0)
        return rc;
    int64_t number = audit_key_newest(a) + 1;
    if (a->keys->count == AUDIT_KEYS_MAX || number > NUMBER_MAX)
        return error_set(e, ERR_CONFLICT, N_("the file of audit keys is full: %s"), a->key_path);
    rc = write_keys(a->key_path, a->keys, number, a->suite, e);
    if (rc == 0)
        rc = read_again(a, e);
    if (rc == 0)
        *ret_number = number;
    return rc;
}
