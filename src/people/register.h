/* The register in memory, for the length of a load: who is there, by the keyed hash of ref and of
 * identity number. 40 bytes a person. */
#ifndef HUMIAO_PEOPLE_REGISTER_H
#define HUMIAO_PEOPLE_REGISTER_H

#include "access/deployment.h"
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct register_entry {
    int64_t person_id;
    uint8_t content[8]; /* the beginning of the content hash */
    day birth;          /* DAY_BEGINNING: not known */
    bool ended, seen;   /* seen: named by the file that is being loaded */
    bool has_id;
    uint8_t id_hash[SEAL_HASH_SIZE];
};

struct hash_slot {
    uint8_t hash[SEAL_HASH_SIZE];
    uint32_t entry; /* index + 1; 0: free */
};

struct register_map {
    struct register_entry *entries;
    size_t count, capacity;
    struct hash_slot *refs, *ids; /* open addressing, sizes are powers of two */
    size_t ref_slots, id_slots, ref_count, id_count;
};

int register_read(struct deployment *d, struct register_map *ret, struct error *e);
void register_end(struct register_map *map);

struct register_entry *register_by_ref(const struct register_map *map, const uint8_t *hash);
struct register_entry *register_by_id(const struct register_map *map, const uint8_t *hash);

/* Adds a person under a ref that is not there yet. The entry may move with the next addition. */
struct register_entry *register_add(struct register_map *map, const uint8_t *ref_hash,
                                    int64_t person_id);

/* The entry holds this identity number from now on, and no longer the one before. NULL: none. */
void register_set_id(struct register_map *map, struct register_entry *entry,
                     const uint8_t *id_hash);

#endif
