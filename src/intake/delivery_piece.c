/* A file that is handed in by pieces: begun, piece by piece in any order, closed when it is whole. */
#include "intake/delivery_inside.h"
#include "people/record.h"
#include "store/sql_delivery.h"
#include "store/sql_delivery_piece.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

#define DROPPED_AT_ONCE 16

static int check_begin(const struct feed *feed, struct slice department, int64_t size,
                       struct error *e)
{
    if (size < 1)
        return error_set(e, ERR_FILE_EMPTY, NULL);
    if (size > (int64_t)DELIVERY_PIECE_MAX * DELIVERY_PIECES_MAX) {
        error_set(e, ERR_TOO_LARGE, NULL);
        return error_hint(
            e, N_("A file of a page has at most 512 MiB: divide it, or hand it in by the folder."));
    }
    if (!feed && department.n && !department_known(department))
        return error_set(e, ERR_VALUE, N_("there is no such department"));
    return 0;
}

int delivery_begin(struct deployment *d, const struct feed *feed, struct slice department,
                   struct slice file_name, int channel, int64_t size, int64_t account_id,
                   int64_t division, int64_t now, int64_t *ret_id, struct error *e)
{
    struct delivery_entry entry = {.began_at = now,
                                   .size = size,
                                   .account_id = account_id,
                                   .division = division,
                                   .channel = channel,
                                   .state = DELIVERY_ARRIVING,
                                   .department = feed           ? feed->department
                                                 : department.n ? department
                                                                : SLICE_NONE,
                                   .feed = feed ? slice_from(feed->name) : SLICE_NONE,
                                   .file_name = file_name.p ? file_name : SLICE_LITERAL("")};
    int rc = check_begin(feed, department, size, e);

    if (rc == 0)
        rc = sealer_random(d->sealer, entry.file_hash, SEAL_HASH_SIZE, e);
    if (rc == 0)
        rc = delivery_entry_put(d, &entry, e);
    if (rc == 0)
        rc = delivery_audit(d, AUDIT_DELIVERY_RECEIVED, &entry, account_id,
                            delivery_channel_name(channel), e);
    if (rc == 0)
        *ret_id = entry.id;
    return rc;
}

/* The sealer is set to the delivery's subject. */
static int put_piece(struct deployment *d, int64_t delivery, int number, struct slice bytes,
                     struct error *e)
{
    ARENA_AUTO(scratch);
    struct sql_delivery_piece_last last;
    struct id_source ids = {0};
    struct slice sealed;
    int64_t id = 0;
    bool any;
    int rc = sql_delivery_piece_last(d->store, &any, &last, e);

    if (rc == 0) {
        ids.last = any ? last.id : 0;
        rc = id_source_next(&ids, d->sealer, &id, e);
    }
    if (rc == 0)
        rc = sealer_seal_arena(d->sealer,
                               (struct seal_place){SLICE_LITERAL("delivery_piece.sealed"), id},
                               bytes, &scratch, &sealed, e);
    if (rc == 0)
        rc = sql_delivery_piece_remove(d->store, delivery, number, e);
    return rc < 0 ? rc
                  : sql_delivery_piece_insert(d->store, id, delivery, number, (int64_t)bytes.n,
                                              sealed, e);
}

static int wrong_state(struct error *e)
{
    return error_set(e, ERR_WRONG_STATE, N_("nothing more of this file is waited for"));
}

int delivery_piece(struct deployment *d, int64_t id, int number, struct slice bytes,
                   struct error *e)
{
    ARENA_AUTO(scratch);
    struct delivery_entry entry;
    int rc = delivery_entry_read(d, id, &scratch, &entry, e);

    if (rc < 0)
        return rc;
    if (entry.state != DELIVERY_ARRIVING)
        return wrong_state(e);
    if (number < 0 || number >= DELIVERY_PIECES_MAX || bytes.n > DELIVERY_PIECE_MAX)
        return error_set(e, ERR_TOO_LARGE, NULL);
    if (bytes.n == 0)
        return error_set(e, ERR_FILE_EMPTY, NULL);
    rc = delivery_entry_subject(d, &entry, e);
    return rc < 0 ? rc : put_piece(d, id, number, bytes, e);
}

/* ---- whole ----------------------------------------------------------------------------------------- */

static int digest_of(int fd, uint8_t ret[EVP_MAX_MD_SIZE], unsigned *ret_n, struct error *e)
{
    ARENA_AUTO(scratch);
    char *piece = arena_take(&scratch, DELIVERY_PIECE_MAX);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool good = md && EVP_DigestInit_ex(md, EVP_sha256(), NULL) == 1;
    off_t at = 0;
    ssize_t n = 0;

    while (good && (n = pread(fd, piece, DELIVERY_PIECE_MAX, at)) > 0) {
        good = EVP_DigestUpdate(md, piece, (size_t)n) == 1;
        at += n;
    }
    good = good && n == 0 && EVP_DigestFinal_ex(md, ret, ret_n) == 1;
    EVP_MD_CTX_free(md);
    return good ? 0 : error_set(e, ERR_CRYPTO, NULL);
}

static bool same_hex(const uint8_t *digest, unsigned n, struct slice hex)
{
    char text[2 * EVP_MAX_MD_SIZE + 1];

    for (unsigned i = 0; i < n; i++)
        snprintf(text + 2 * (size_t)i, 3, "%02x", digest[i]);
    if (hex.n != 2 * (size_t)n)
        return false;
    for (size_t i = 0; i < hex.n; i++) {
        char c = hex.p[i];
        if (c >= 'A' && c <= 'F')
            c = (char)(c - 'A' + 'a');
        if (c != text[i])
            return false;
    }
    return true;
}

static int cut(struct error *e)
{
    error_set(e, ERR_SHEET_CUT, N_("not all of it has arrived, or not as it was sent"));
    return error_hint(e, N_("Hand the file in once more."));
}

static int sum_pieces(struct deployment *d, const struct delivery_entry *entry,
                      struct sql_delivery_piece_sum *ret, struct error *e)
{
    bool found;
    int rc = sql_delivery_piece_sum(d->store, entry->id, &found, ret, e);

    if (rc < 0)
        return rc;
    return !found || ret->size != entry->size || ret->pieces != ret->last + 1 ? cut(e) : 0;
}

int delivery_digest(struct deployment *d, int64_t id, struct delivery_digest *ret, struct error *e)
{
    ARENA_AUTO(scratch);
    struct sql_delivery_piece_sum sum;
    struct delivery_entry entry;
    struct delivery_bytes b;
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    int rc = delivery_entry_read(d, id, &scratch, &entry, e);

    if (rc == 0)
        rc = sum_pieces(d, &entry, &sum, e);
    if (rc == 0)
        rc = delivery_open_pieces(d, &entry, &b, e);
    if (rc < 0)
        return rc;
    rc = digest_of(b.fd, digest, &n, e);
    delivery_bytes_close(&b);
    if (rc < 0)
        return rc;
    memcpy(ret->sha256, digest, sizeof(ret->sha256));
    ret->pieces = sum.ids;
    return 0;
}

/* Whether it is whole, and its identity: the one that the same file has by any other channel. */
static int check_whole(struct deployment *d, struct delivery_entry *entry,
                       const struct delivery_digest *digest, struct slice sha256, struct error *e)
{
    struct sql_delivery_piece_sum sum;
    int rc = sum_pieces(d, entry, &sum, e);

    if (rc == 0 && (sum.ids != digest->pieces ||
                    (sha256.p && !same_hex(digest->sha256, sizeof(digest->sha256), sha256))))
        rc = cut(e);
    return rc < 0
               ? rc
               : sealer_hash(d->sealer, HASH_FILE, SLICE_OF(digest->sha256), entry->file_hash, e);
}

/* The one that is there already goes on; this one is the double. */
static int reject_double(struct deployment *d, struct delivery_entry *entry, struct error *e)
{
    const char *why = text_in(e ? e->language : LANGUAGE_EN,
                              N_("the same file is here already, and is not done yet"));
    int rc;

    entry->state = DELIVERY_REJECTED;
    entry->reason = slice_from(why);
    rc = delivery_entry_settle(d, entry, e);
    if (rc == 0)
        rc = sql_delivery_piece_drop(d->store, entry->id, 0, e);
    if (rc == 0)
        rc = delivery_audit(d, AUDIT_DELIVERY_REJECTED, entry, 0, "double", e);
    return rc;
}

int delivery_close_by(struct deployment *d, int64_t id, const struct delivery_digest *digest,
                      struct slice sha256, int64_t now, int64_t *ret_same, struct error *e)
{
    ARENA_AUTO(scratch);
    struct delivery_entry entry;
    struct sql_delivery_same same;
    bool found;
    int rc = delivery_entry_read(d, id, &scratch, &entry, e);

    if (rc < 0)
        return rc;
    if (entry.state != DELIVERY_ARRIVING)
        return wrong_state(e);
    if ((rc = check_whole(d, &entry, digest, sha256, e)) < 0 ||
        (rc = sql_delivery_same(d->store, SLICE_OF(entry.file_hash),
                                entry.feed.p ? entry.feed : SLICE_LITERAL(""), entry.division,
                                &found, &same, e)) < 0)
        return rc;
    if (found) {
        int64_t other = same.id;
        rc = reject_double(d, &entry, e);
        if (rc == 0)
            *ret_same = other;
        return rc;
    }
    rc = sql_delivery_whole(d->store, id, entry.feed.p ? DELIVERY_WAITING : DELIVERY_UNMAPPED,
                            SLICE_OF(entry.file_hash), e);
    if (rc == 0)
        *ret_same = 0;
    return rc;
}

int delivery_close(struct deployment *d, int64_t id, struct slice sha256, int64_t now,
                   int64_t *ret_same, struct error *e)
{
    ARENA_AUTO(scratch);
    struct delivery_digest digest;
    struct delivery_entry entry;
    int rc = delivery_entry_read(d, id, &scratch, &entry, e);

    if (rc == 0 && entry.state != DELIVERY_ARRIVING)
        rc = wrong_state(e);
    if (rc == 0)
        rc = delivery_digest(d, id, &digest, e);
    return rc < 0 ? rc : delivery_close_by(d, id, &digest, sha256, now, ret_same, e);
}

/* ---- a file that is kept ---------------------------------------------------------------------------- */

static int in_transaction(struct deployment *d, int rc, struct error *e)
{
    if (rc == 0)
        rc = store_commit(d->store, e);
    if (rc < 0)
        store_rollback(d->store);
    return rc;
}

int delivery_keep_pieces(struct deployment *d, const struct delivery_entry *entry,
                         const struct delivery_bytes *b, struct error *e)
{
    ARENA_AUTO(scratch);
    char *piece = arena_take(&scratch, DELIVERY_PIECE_MAX);
    int64_t at = 0;

    if (entry->size > (int64_t)DELIVERY_PIECE_MAX * DELIVERY_PIECES_MAX)
        return error_set(e, ERR_SHEET_LIMIT, NULL);
    for (int number = 0; at < entry->size; number++) {
        ssize_t n = pread(b->fd, piece, DELIVERY_PIECE_MAX, at);
        if (n <= 0)
            return n < 0 ? error_set_errno(e, errno, "delivery") : cut(e);
        int rc = store_begin(d->store, e);
        if (rc == 0)
            rc = delivery_entry_subject(d, entry, e);
        if (rc == 0)
            rc = put_piece(d, entry->id, number, (struct slice){piece, (size_t)n}, e);
        if ((rc = in_transaction(d, rc, e)) < 0)
            return rc;
        at += n;
    }
    return 0;
}

int delivery_drop_pieces(struct deployment *d, int64_t id, struct error *e)
{
    struct sql_delivery_piece_sum sum;
    bool found;
    int rc = sql_delivery_piece_sum(d->store, id, &found, &sum, e);

    for (int64_t last = sum.last; rc == 0 && last > 0; last -= DROPPED_AT_ONCE) {
        rc = store_begin(d->store, e);
        if (rc == 0)
            rc = sql_delivery_piece_drop(
                d->store, id, last >= DROPPED_AT_ONCE ? last - DROPPED_AT_ONCE + 1 : 1, e);
        rc = in_transaction(d, rc, e);
    }
    return rc;
}
