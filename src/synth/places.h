/* The division tree as the generator uses it: the home county's communities with a way to write an
 * address in them, and the counties elsewhere from which families come. */
#ifndef HUMIAO_SYNTH_PLACES_H
#define HUMIAO_SYNTH_PLACES_H

#include "base/arena.h"
#include "base/error.h"
#include "synth/random.h"

#include <stdint.h>
#include <stdio.h>

enum synth_level {
    SYNTH_PROVINCE,
    SYNTH_CITY,
    SYNTH_COUNTY,
    SYNTH_TOWN,
    SYNTH_VILLAGE,
    SYNTH_LEVEL_COUNT
};

struct synth_place {
    char code[13];
    enum synth_level level;
    const char *name, *parent; /* parent: its code, "" for a province */
    const char
        *address; /* of a home village: county, town and community, ready for a house number */
};

struct synth_places {
    struct arena arena;
    struct synth_place *all;
    size_t count, capacity;
    const struct synth_place **villages; /* of the home county, by code */
    uint32_t *weights;                   /* how populous each is made */
    size_t villages_count;
    const struct synth_place **near,
        **far; /* other counties of the home province; of other provinces */
    size_t near_count, far_count;
    const struct synth_place *county;
};

/* Reads divisions.csv. Errors as in synth_write. The caller ends it with synth_places_end. */
int synth_places_read(const char *path, const char *county, uint64_t seed, struct synth_places *ret,
                      struct error *e);
void synth_places_end(struct synth_places *p);

/* Writes the part that is used: the home county whole, and everything above the town elsewhere. */
void synth_places_write(const struct synth_places *p, FILE *f);

/* Draws a home community, a county elsewhere. */
const struct synth_place *synth_places_home(const struct synth_places *p, struct synth_random *r);
const struct synth_place *synth_places_elsewhere(const struct synth_places *p,
                                                 struct synth_random *r);

bool synth_place_within(const struct synth_place *place, const struct synth_place *county);

#endif
