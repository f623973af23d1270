#include "people/register.h"

#include "store/sql_person.h"

#include <stdlib.h>

static void *allocate(size_t count, size_t size)
{
    void *p = calloc(count, size);

    if (!p)
        abort(); /* nothing acknowledged is lost: the transaction is not committed */
    return p;
}

static size_t home_of(const uint8_t *hash, size_t slots)
{
    uint64_t h;

    memcpy(&h, hash, sizeof(h)); /* a keyed hash is evenly spread already */
    return (size_t)h & (slots - 1);
}

static struct hash_slot *slot_for(struct hash_slot *slots, size_t count, const uint8_t *hash)
{
    size_t i = home_of(hash, count);

    while (slots[i].entry && memcmp(slots[i].hash, hash, SEAL_HASH_SIZE) != 0)
        i = (i + 1) & (count - 1);
    return &slots[i];
}

static void put(struct hash_slot **slots, size_t *slot_count, size_t *used, const uint8_t *hash,
                uint32_t entry)
{
    if (*used * 2 >= *slot_count) {
        size_t larger = *slot_count ? *slot_count * 2 : 1024;
        struct hash_slot *fresh = allocate(larger, sizeof(*fresh));
        for (size_t i = 0; i < *slot_count; i++)
            if ((*slots)[i].entry)
                *slot_for(fresh, larger, (*slots)[i].hash) = (*slots)[i];
        free(*slots);
        *slots = fresh;
        *slot_count = larger;
    }
    struct hash_slot *slot = slot_for(*slots, *slot_count, hash);
    if (!slot->entry)
        ++*used;
    memcpy(slot->hash, hash, SEAL_HASH_SIZE);
    slot->entry = entry;
}

static struct register_entry *find(const struct register_map *map, struct hash_slot *slots,
                                   size_t count, const uint8_t *hash)
{
    if (count == 0)
        return NULL;
    struct hash_slot *slot = slot_for(slots, count, hash);
    return slot->entry ? &map->entries[slot->entry - 1] : NULL;
}

struct register_entry *register_by_ref(const struct register_map *map, const uint8_t *hash)
{
    return find(map, map->refs, map->ref_slots, hash);
}

struct register_entry *register_by_id(const struct register_map *map, const uint8_t *hash)
{
    struct register_entry *entry = find(map, map->ids, map->id_slots, hash);

    /* A number that its holder gave up leaves its slot behind. */
    return entry && entry->has_id && memcmp(entry->id_hash, hash, SEAL_HASH_SIZE) == 0 ? entry
                                                                                       : NULL;
}

struct register_entry *register_add(struct register_map *map, const uint8_t *ref_hash,
                                    int64_t person_id)
{
    if (map->count == map->capacity) {
        size_t larger = map->capacity ? map->capacity * 2 : 1024;
        struct register_entry *fresh = allocate(larger, sizeof(*fresh));
        if (map->count > 0)
            memcpy(fresh, map->entries, map->count * sizeof(*fresh));
        free(map->entries);
        map->entries = fresh;
        map->capacity = larger;
    }
    struct register_entry *entry = &map->entries[map->count++];
    entry->person_id = person_id;
    put(&map->refs, &map->ref_slots, &map->ref_count, ref_hash, (uint32_t)map->count);
    return entry;
}

void register_set_id(struct register_map *map, struct register_entry *entry, const uint8_t *id_hash)
{
    entry->has_id = id_hash != NULL;
    if (!id_hash)
        return;
    memcpy(entry->id_hash, id_hash, SEAL_HASH_SIZE);
    put(&map->ids, &map->id_slots, &map->id_count, id_hash, (uint32_t)(entry - map->entries) + 1);
}

int register_read(struct deployment *d, struct register_map *ret, struct error *e)
{
    STORE_ROWS_AUTO struct store_rows rows = {0};
    struct sql_person_register_scan row;
    struct register_map map = {0};
    int rc = sql_person_register_scan(d->store, &rows, e);

    while (rc >= 0 && (rc = sql_person_register_scan_next(&rows, &row, e)) > 0) {
        struct register_entry *entry = register_add(&map, (const uint8_t *)row.ref_hash.p,
                                                    row.person_id);
        memcpy(entry->content, row.content_hash.p, sizeof(entry->content));
        entry->birth = row.birth_day.set ? (day)row.birth_day.v : DAY_BEGINNING;
        entry->ended = row.ended_at.set;
        register_set_id(&map, entry, (const uint8_t *)row.id_hash.p);
    }
    if (rc < 0) {
        register_end(&map);
        return rc;
    }
    *ret = map;
    return 0;
}

void register_end(struct register_map *map)
{
    free(map->entries);
    free(map->refs);
    free(map->ids);
    *map = (struct register_map){0};
}
