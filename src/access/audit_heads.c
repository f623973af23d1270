#include "access/audit_heads.h"

#include "access/audit.h"
#include "store/sql_audit.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEX_SIZE ((size_t)2 * CIPHER_MAC_SIZE)

/* ---- a line ------------------------------------------------------------------------------------------- */

static const char *line_of(struct audit *a, struct arena *arena, const struct chain_head *head,
                           struct error *e)
{
    char mac[HEX_SIZE + 1], own[HEX_SIZE + 1], on[DAY_TEXT], at[32];
    uint8_t hmac[CIPHER_MAC_SIZE];
    time_t now = (time_t)(instant_now() / 1000000);
    struct tm utc;

    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    sodium_bin2hex(mac, sizeof mac, head->mac, sizeof head->mac);
    const char *text = arena_printf(arena, "%s %s %.*s %s %lld %s %lld", at, a->deployment_id,
                                    (int)head->writer.n, head->writer.p, day_format(head->day, on),
                                    (long long)head->rows, mac, (long long)a->keyed);
    struct slice parts[] = {SLICE_LITERAL("humiao audit head"), slice_from(text)};
    if (mac_of(&a->mac, parts, 2, hmac, e) < 0)
        return NULL;
    sodium_bin2hex(own, sizeof own, hmac, sizeof hmac);
    return arena_printf(arena, "%s %s\n", text, own);
}

static bool read_hex(struct slice hex, uint8_t ret[CIPHER_MAC_SIZE])
{
    size_t n = 0;

    return hex.n == HEX_SIZE &&
           sodium_hex2bin(ret, CIPHER_MAC_SIZE, hex.p, hex.n, NULL, &n, NULL) == 0 &&
           n == CIPHER_MAC_SIZE;
}

int heads_line_read(struct audit *a, struct slice line, struct chain_head *ret, struct error *e)
{
    struct slice rest = line;
    uint8_t hmac[CIPHER_MAC_SIZE], own[CIPHER_MAC_SIZE];
    int64_t key;

    chain_cut(&rest, ' '); /* the time is for people; the HMAC covers it */
    struct slice deployment = chain_cut(&rest, ' ');
    ret->writer = chain_cut(&rest, ' ');
    struct slice on = chain_cut(&rest, ' '), rows = chain_cut(&rest, ' '),
                 mac = chain_cut(&rest, ' '), number = chain_cut(&rest, ' ');
    if (rest.n < HEX_SIZE)
        return HEADS_CUT;
    if (!slice_is(deployment, a->deployment_id))
        return HEADS_FOREIGN;
    if (!chain_is_writer(ret->writer))
        ret->writer = SLICE_NONE;
    if (!ret->writer.p || !day_parse(on, &ret->day) || !chain_number(rows, &ret->rows) ||
        !read_hex(mac, ret->mac) || !chain_number(number, &key) || !read_hex(rest, own))
        return HEADS_WRONG;
    int rc = audit_key_use(a, key, e);
    if (rc == -ERR_KEY_MISSING) {
        error_clear(e);
        return HEADS_WRONG;
    }
    struct slice parts[] = {SLICE_LITERAL("humiao audit head"),
                            {line.p, (size_t)(rest.p - line.p) - 1}};
    if (rc == 0)
        rc = mac_of(&a->mac, parts, 2, hmac, e);
    if (rc < 0)
        return rc;
    return sodium_memcmp(hmac, own, sizeof own) == 0 ? HEADS_GOOD : HEADS_WRONG;
}

/* ---- the file ----------------------------------------------------------------------------------------- */

/* Never made here: a file that vanished must not come back empty as if nothing had been told. */
static int open_file(const struct audit *a, int *ret, struct error *e)
{
    int fd = open(a->heads_path, O_RDWR | O_APPEND | O_CLOEXEC);

    if (fd < 0 && (errno == EACCES || errno == EPERM)) /* a file one may only append to */
        fd = open(a->heads_path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (fd < 0) {
        int failed = errno;
        int rc = error_set_errno(e, failed, a->heads_path);
        return failed == ENOENT
                   ? error_hint(e, N_("The file of audit heads is missing. Bring it back; where "
                                      "there never was one, `humiao init` makes it."))
                   : rc;
    }
    *ret = fd;
    return 0;
}

/* Behind a line that was cut short a new one begins. */
static bool ends_mid_line(int fd)
{
    struct stat st;
    char last;

    return fstat(fd, &st) == 0 && st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) == 1 &&
           last != '\n';
}

static int write_file(int fd, const char *path, const char *text, struct error *e)
{
    size_t n = strlen(text), done = 0;
    int failed = ends_mid_line(fd) && write(fd, "\n", 1) != 1 ? errno : 0;

    while (!failed && done < n) {
        ssize_t w = write(fd, text + done, n - done);
        if (w >= 0)
            done += (size_t)w;
        else if (errno != EINTR)
            failed = errno;
    }
    if (!failed && fsync(fd) < 0)
        failed = errno;
    return failed ? error_set_errno(e, failed, path) : 0;
}

int audit_publish_heads(struct deployment *d, struct error *e)
{
    ARENA_AUTO(arena);
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_segments_of row;
    struct slice writer = slice_from(d->audit_writer ? d->audit_writer : "cli");
    const char *text = "";
    int fd = -1, rc = audit_keys_need(d->audit, e);

    if (rc == 0)
        rc = audit_key_use(d->audit, audit_key_newest(d->audit), e);
    if (rc == 0)
        rc = sql_audit_segments_of(d->store, writer, day_today() - 1, &rows, e);
    while (rc >= 0 && (rc = sql_audit_segments_of_next(&rows, &row, e)) > 0) {
        struct chain_head head = {.writer = writer, .day = (day)row.day, .rows = row.rows};
        if (row.head.n != sizeof head.mac)
            continue; /* verifying tells of it */
        memcpy(head.mac, row.head.p, sizeof head.mac);
        const char *line = line_of(d->audit, &arena, &head, e);
        if (!line)
            return -ERR_CRYPTO;
        text = arena_printf(&arena, "%s%s", text, line);
    }
    if (rc < 0 || !*text)
        return rc;
    if ((rc = open_file(d->audit, &fd, e)) < 0)
        return rc;
    rc = write_file(fd, d->audit->heads_path, text, e);
    close(fd);
    return rc;
}

int audit_ready(struct deployment *d, struct error *e)
{
    int fd = -1, rc = audit_keys_need(d->audit, e);

    if (rc == 0)
        rc = open_file(d->audit, &fd, e);
    if (rc < 0)
        return rc;
    close(fd);
    return 0;
}

int audit_heads(struct deployment *d, struct arena *arena, struct audit_head **ret,
                size_t *ret_count, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_audit_segments row;
    struct audit_head *heads = NULL;
    size_t count = 0, capacity = 0;
    int rc = sql_audit_segments(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_audit_segments_next(&rows, &row, e)) > 0) {
        heads = arena_grow(arena, heads, &capacity, count + 1, sizeof *heads);
        struct audit_head *head = &heads[count++];
        *head = (struct audit_head){arena_string(arena, row.writer), (day)row.day, row.rows, {0}};
        if (row.head.n == sizeof head->mac)
            memcpy(head->mac, row.head.p, sizeof head->mac);
    }
    if (rc < 0)
        return rc;
    *ret = heads;
    *ret_count = count;
    return 0;
}
