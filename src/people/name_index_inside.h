/* Inside people/: how a name index lies in memory.
 *
 * All distinct folded names stand in `text` one after the other, in order, each ended by a 0. For each
 * UTF-16 unit that occurs, `places` lists where. A search goes through the places of the units that
 * can begin a match, or through the whole text when these are many: for 1.7 million names of three
 * characters that is 14 MB and a few milliseconds. */
#ifndef HUMIAO_PEOPLE_NAME_INDEX_INSIDE_H
#define HUMIAO_PEOPLE_NAME_INDEX_INSIDE_H

#include "people/name_index.h"

#define NAME_BLOCK 64 /* units of text whose matches are gathered in one word */

struct name_index {
    uint16_t *text; /* UTF-16, filled up with 0 to whole blocks and one block more */
    size_t block_count;
    uint32_t *name_begin; /* name_count + 1 places in text */
    uint32_t *id_begin;   /* name_count + 1 places in ids */
    int64_t *ids;         /* of one name: ascending */
    uint32_t *block_name; /* the name in which a block begins */
    size_t name_count, id_count;
    uint16_t *unit; /* the distinct units of the text */
    size_t unit_count;
    uint32_t
        *unit_begin;  /* of unit i the places are unit_begin[i] to unit_begin[i + 1] of places */
    uint32_t *places; /* ascending */
    uint16_t *set_of; /* of each possible unit: its list of readings, by pinyin_set_of */
    uint32_t *rare;   /* the distinct characters of two units, ascending */
    size_t rare_count;
};

static inline size_t name_length(const struct name_index *x, size_t name)
{
    return x->name_begin[name + 1] - x->name_begin[name] - 1;
}

#endif
