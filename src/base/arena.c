#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define ONE_BLOCK_A_PIECE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_BLOCK_A_PIECE 1
#endif
#endif
#ifndef ONE_BLOCK_A_PIECE
#define ONE_BLOCK_A_PIECE 0
#endif

#define ALIGNMENT 16
#define BLOCK_MIN (4u << 10)
#define BLOCK_MAX (1u << 20)

struct arena_block {
    struct arena_block *older;
    size_t used, capacity;
    _Alignas(ALIGNMENT) char bytes[];
};

static struct arena_block *block_new(size_t capacity)
{
    if (capacity > SIZE_MAX - sizeof(struct arena_block))
        abort();
    struct arena_block *block = malloc(sizeof *block + capacity);
    if (!block)
        abort();
    block->older = NULL;
    block->used = 0;
    block->capacity = capacity;
    return block;
}

/* A piece too big to share a block gets its own, placed behind the block that is being filled. */
static struct arena_block *block_for(struct arena *a, size_t size)
{
    struct arena_block *head = a->block;
    if (head && head->capacity - head->used >= size && !ONE_BLOCK_A_PIECE)
        return head;
    size_t usual = head ? head->capacity * 2 : BLOCK_MIN;
    usual = usual > BLOCK_MAX ? BLOCK_MAX : usual;
    bool alone = size > usual / 4;
    struct arena_block *block = block_new(ONE_BLOCK_A_PIECE || alone ? size : usual);
    if (head && alone && !ONE_BLOCK_A_PIECE) {
        block->older = head->older;
        head->older = block;
    } else {
        block->older = head;
        a->block = block;
    }
    return block;
}

void *arena_take(struct arena *a, size_t size)
{
    if (size > SIZE_MAX - ALIGNMENT)
        abort();
    /* Under AddressSanitizer the piece keeps its exact size, so that one byte too far is seen. */
    size_t room = ONE_BLOCK_A_PIECE ? size : (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct arena_block *block = block_for(a, room);
    char *piece = block->bytes + block->used;
    block->used += room;
    a->total += size;
    return memset(piece, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        abort();
    return arena_take(a, bytes);
}

void *arena_grow(struct arena *a, void *old, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity && old)
        return old;
    size_t grown = *capacity ? *capacity : 8;
    while (grown < need)
        if (__builtin_mul_overflow(grown, (size_t)2, &grown))
            abort();
    void *place = arena_array(a, grown, size);
    if (old && *capacity)
        memcpy(place, old, *capacity * size);
    *capacity = grown;
    return place;
}

char *arena_string(struct arena *a, struct slice s)
{
    char *copy = arena_take(a, s.n + 1);
    if (s.n)
        memcpy(copy, s.p, s.n);
    return copy;
}

struct slice arena_copy(struct arena *a, struct slice s)
{
    return s.p ? (struct slice){arena_string(a, s), s.n} : SLICE_NONE;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int n = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (n < 0)
        abort();
    char *text = arena_take(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return text;
}

static void blocks_free(struct arena_block *block)
{
    while (block) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_reset(struct arena *a)
{
    if (ONE_BLOCK_A_PIECE || !a->block) {
        arena_end(a);
        return;
    }
    /* The newest shared block is the largest of its kind; a piece of its own may only come first
     * when nothing else is there, and a giant is not worth keeping. */
    struct arena_block *kept = a->block;
    blocks_free(kept->older);
    kept->older = NULL;
    kept->used = 0;
    a->total = 0;
    if (kept->capacity > BLOCK_MAX)
        arena_end(a);
}

void arena_end(struct arena *a)
{
    blocks_free(a->block);
    *a = ARENA_EMPTY;
}
