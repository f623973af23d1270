/* Inside access/: what the MACs of the trail are over, and how heads are written into a row.
 *
 * seed   = HMAC(key, "humiao audit segment" deployment writer day key-number segment-id)
 * mac(1) = HMAC(key, seed   row 1)        row 1 tells the heads of the other segments
 * mac(n) = HMAC(key, mac(n-1) row n)
 *
 * Each column goes in with its length, or, a number, with a byte that says whether it is NULL and eight
 * more, so that no two rows read alike. */
#ifndef HUMIAO_ACCESS_AUDIT_CHAIN_H
#define HUMIAO_ACCESS_AUDIT_CHAIN_H

#include "access/audit_key.h"
#include "base/day.h"
#include "store/store.h"

#define CHAIN_SHORT_MAC 16 /* of a head told in a row */

struct chain_row {
    int64_t id, segment_id, seq, at, event;
    struct opt_int account_id, child_id, object_id;
    struct slice detail;
};

/* From any typed row of the generated statements that has these columns. */
#define CHAIN_ROW(r)                                                                              \
    ((struct chain_row){(r)->id, (r)->segment_id, (r)->seq, (r)->at, (r)->event, (r)->account_id, \
                        (r)->child_id, (r)->object_id, (r)->detail})

/* A head: so many rows, the last with this mac. */
struct chain_head {
    struct slice writer;
    day day;
    int64_t segment_id, rows;
    uint8_t mac[CIPHER_MAC_SIZE]; /* from a row: CHAIN_SHORT_MAC bytes of it */
};

/* The handle's MAC is keyed with the segment's key before (audit_key_use). */
int chain_seed(struct audit *a, struct slice writer, int64_t on, int64_t segment_id,
               uint8_t ret[CIPHER_MAC_SIZE], struct error *e);
int chain_mac(struct audit *a, const uint8_t before[CIPHER_MAC_SIZE], const struct chain_row *row,
              uint8_t ret[CIPHER_MAC_SIZE], struct error *e);

/* Words of a detail: "WRITER:DAY:SEGMENT:ROWS:HEX". */
const char *chain_head_word(struct arena *arena, const struct chain_head *head);

/* The next word of a detail, which is moved on; false at its end or at a word that is no head. */
bool chain_head_next(struct slice *detail, struct chain_head *ret);

/* Letters, digits, '.', '_' and '-', 1 to 64 of them: what can name a writer. */
bool chain_is_writer(struct slice name);

/* A decimal number that is not negative, and nothing else. */
bool chain_number(struct slice text, int64_t *ret);

/* The text before the next `mark`, which is passed over; NONE where nothing is left. */
struct slice chain_cut(struct slice *text, char mark);

#endif
