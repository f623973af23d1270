/* Search by name: an index in memory over all people, built at start, because names are sealed in the
 * database. It holds folded names and ids and gives back ids.
 *
 * Folding, of names and queries alike: full-width forms become ASCII, letters small; blanks, dots
 * (· and its kin), hyphens and apostrophes are left out. A traditional form stays what it is.
 *
 * A query matches where it can be cut into pieces that fit consecutive characters of a name. A piece
 * fits a character when it is
 *     the character itself,
 *     for a Han character one of its readings ("zhang"),
 *     the reading's initial, one letter or zh, ch, sh ("z", "zh"),
 *     and for the last piece of the query any beginning of a reading ("zhan").
 * A blank, dot, hyphen or apostrophe in the query ends a piece of pinyin ("xi an" is not "xian").
 * So 张伟, zhangwei, "zhang wei", wei, zw, zhangw, 张w all find 张伟, and dan and shan both find 单.
 *
 * Best first: the whole name before its beginning before anywhere in it; of each of these, whole
 * readings before initials and beginnings; then by name, then by id. */
#ifndef HUMIAO_PEOPLE_NAME_INDEX_H
#define HUMIAO_PEOPLE_NAME_INDEX_H

#include "base/error.h"
#include "base/slice.h"

#include <stddef.h>
#include <stdint.h>

#define NAME_QUERY_MAX 48  /* folded characters of a query; a longer one finds nothing */
#define NAME_MAX_UNITS 255 /* UTF-16 units of a folded name that are indexed; the rest is cut */

/* Names on their way into an index. Each thread that reads names fills a batch of its own. */
struct name_batch;

struct name_batch *name_batch_new(void);                      /* NULL when memory has run out */
struct name_batch *name_batch_free(struct name_batch *batch); /* takes NULL, returns NULL */

/* Takes a copy. One id may have several names (and is then found, and counted, under each). Bytes
 * that are not UTF-8 become U+FFFD. A name that folds to nothing is left out. ERR_MEMORY; ERR_TOO_LONG
 * beyond 2^32 units in all. */
int name_batch_add(struct name_batch *batch, int64_t id, struct slice name, struct error *e);

struct name_index;

/* Makes the index of all batches, which are used up and freed, whether it succeeds or not. It does
 * not change afterwards, so all threads may search it. ERR_MEMORY, ERR_TOO_LONG. */
int name_index_build(struct name_batch **batches, size_t batch_count, struct name_index **ret,
                     struct error *e);
struct name_index *name_index_free(struct name_index *index); /* takes NULL, returns NULL */

struct name_index_size {
    size_t entries, distinct_names, bytes;
};
struct name_index_size name_index_measure(const struct name_index *index);

/* Ids found: at most `limit` in `ids`, and how many there are in all. */
struct name_found {
    size_t count; /* set in ids */
    size_t total;
};

#define NAME_LIMIT_MAX 1000

/* Everybody of exactly this name, as folded; no pinyin. `ids` has room for `limit`. */
struct name_found name_index_exact(const struct name_index *index, struct slice name, int64_t *ids,
                                   size_t limit);

/* The search described above. `ids` has room for `limit`, at most NAME_LIMIT_MAX (more is cut).
 * ERR_MEMORY. A query that folds to nothing, or is too long, finds nothing. */
int name_index_search(const struct name_index *index, struct slice query, int64_t *ids,
                      size_t limit, struct name_found *ret, struct error *e);

#endif
