/* The master key file: two lines of text, so that it can be printed and put into a safe.
 *
 *     # humiao master key: without it the database cannot be read
 *     64 hexadecimal digits
 */
#include "access/keys.h"

#include "access/key_file.h"

#include <openssl/rand.h>
#include <sodium.h>
#include <string.h>
#include <sys/resource.h>

#define HEX_SIZE ((size_t)2 * KEYS_MASTER_SIZE)
#define FILE_MAX 1024

static const char comment[] = "# humiao master key: without it the database cannot be read\n";

int keys_master_path(const char *deployment_id, struct arena *arena, const char **ret_path,
                     struct error *e)
{
    return key_file_path("HUMIAO_KEY_FILE", ".key", deployment_id, arena, ret_path, e);
}

int keys_master_create(const char *path, struct master_key *ret, struct error *e)
{
    struct master_key master;
    if (RAND_priv_bytes(master.bytes, sizeof master.bytes) != 1)
        return error_set(e, ERR_CRYPTO, N_("step: %s"), "random");
    char text[sizeof comment - 1 + HEX_SIZE + 2];
    memcpy(text, comment, sizeof comment - 1);
    sodium_bin2hex(text + sizeof comment - 1, HEX_SIZE + 1, master.bytes, KEYS_MASTER_SIZE);
    text[sizeof text - 2] = '\n';
    int r = key_file_create(path, (struct slice){text, sizeof text - 1}, e);
    sodium_memzero(text, sizeof text);
    if (r == 0)
        *ret = master;
    keys_master_wipe(&master);
    return r;
}

bool keys_master_parse(struct slice text, struct master_key *ret)
{
    while (text.n && text.p[0] == '#') {
        const char *end = memchr(text.p, '\n', text.n);
        size_t line = end ? (size_t)(end - text.p) + 1 : text.n;
        text = (struct slice){text.p + line, text.n - line};
    }
    text = slice_trim(text);
    size_t n = 0;
    return text.n == HEX_SIZE &&
           sodium_hex2bin(ret->bytes, KEYS_MASTER_SIZE, text.p, text.n, NULL, &n, NULL) == 0 &&
           n == KEYS_MASTER_SIZE;
}

int keys_master_read(const char *path, struct master_key *ret, struct error *e)
{
    char text[FILE_MAX];
    size_t n = 0;
    int r = key_file_read(path, "HUMIAO_KEY_FILE", text, sizeof text, &n, e);
    struct master_key master;
    if (r == 0 && !keys_master_parse((struct slice){text, n}, &master))
        r = error_set(e, ERR_KEY_WRONG, N_("no key is written in %s"), path);
    if (r == 0)
        *ret = master;
    sodium_memzero(text, sizeof text);
    keys_master_wipe(&master);
    return r;
}

void keys_master_wipe(struct master_key *master) { sodium_memzero(master, sizeof *master); }

void keys_forbid_core_dumps(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}
