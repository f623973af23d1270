/* An arena: memory for one request, one batch, one file; freed all at once.
 *
 * A page of logic has no `free`: it takes from the arena, and whoever made the arena ends it. With
 * AddressSanitizer each piece is an allocation of its own, so that an overrun is seen. Not for two
 * threads at once. When the machine has no memory left the process ends by `abort`; nothing
 * acknowledged is lost by that, as by any other kill. */
#ifndef HUMIAO_BASE_ARENA_H
#define HUMIAO_BASE_ARENA_H

#include "base/slice.h"

#include <stdarg.h>
#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *block;
    size_t total; /* bytes handed out since the last reset */
};

#define ARENA_EMPTY ((struct arena){NULL, 0})

/* Zeroed, aligned to 16 bytes; never NULL. A size of 0 gives a pointer that must not be read. */
void *arena_take(struct arena *a, size_t size);

/* `count` zeroed elements; aborts when the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Grows an array to hold at least `need` elements: capacity doubles, old elements are copied, the new
 * ones are zero. Returns the new place; the old one stays until the arena ends. */
void *arena_grow(struct arena *a, void *old, size_t *capacity, size_t need, size_t size);

char *arena_string(struct arena *a, struct slice s); /* a NUL-terminated copy */
struct slice arena_copy(struct arena *a,
                        struct slice s); /* a copy, NUL-terminated; NONE stays NONE */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

void arena_reset(struct arena *a); /* all pieces are gone; one block is kept for reuse */
void arena_end(struct arena *a);   /* all memory goes back */

#define ARENA_NEW(a, type) ((type *)arena_take((a), sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

/* `ARENA_AUTO(scratch);` declares an arena that ends with the block it stands in. */
#define ARENA_AUTO(name) __attribute__((cleanup(arena_end))) struct arena name = ARENA_EMPTY

#endif
