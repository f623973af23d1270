/* Finding people: by identity number and telephone through keyed hashes in the database, by name and
 * pinyin through an index in memory, because names are sealed. */
#ifndef HUMIAO_PEOPLE_SEARCH_H
#define HUMIAO_PEOPLE_SEARCH_H

#include "access/deployment.h"
#include "people/name_index.h"

/* Reads and opens every name, on two threads, and builds the index. ERR_DATABASE, ERR_SEAL_BROKEN,
 * ERR_MEMORY. Ended by name_index_free. */
int search_index_build(struct deployment *d, struct name_index **ret, struct error *e);

/* Ids of whoever holds this number, as people write it; at most `limit`. Numbers that are no identity
 * (telephone) numbers find nobody. */
int search_by_id_number(struct deployment *d, struct slice number, int64_t *ids, size_t limit,
                        size_t *ret_count, struct error *e);
int search_by_phone(struct deployment *d, struct slice phone, int64_t *ids, size_t limit,
                    size_t *ret_count, struct error *e);

#endif
