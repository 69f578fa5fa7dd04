#include "tip_arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Large enough that a change-set (24 KiB at most) decodes from one or two
 * blocks, small enough that an idle node keeps little. */
enum {
    FIRST_BYTES_MAX = 16 * 1024,
    FIRST_SHARE = 16 /* Of what may be handed out: a block is zeroed whole. */
};

struct tip_arena_block {
    struct tip_arena_block *older;
    size_t capacity;
    size_t used;
    alignas(max_align_t) uint8_t data[];
};

/* A plain memset before free() is dropped by the optimiser. */
static void wipe(void *data, size_t size)
{
    static void *(*const volatile wipe_memset)(void *, int, size_t) = memset;

    wipe_memset(data, 0, size);
}

static void block_free(struct tip_arena_block *block)
{
    wipe(block->data, block->used);
    free(block);
}

void tip_arena_init(struct tip_arena *arena, size_t bytes_max)
{
    *arena = (struct tip_arena){.used_bytes_max = bytes_max};
}

void tip_arena_deinit(struct tip_arena *arena)
{
    while (arena->newest != NULL) {
        struct tip_arena_block *block = arena->newest;

        arena->newest = block->older;
        block_free(block);
    }
    arena->used_bytes = 0;
}

void tip_arena_clear(struct tip_arena *arena)
{
    struct tip_arena_block *keep = arena->newest;

    if (keep == NULL) {
        return;
    }
    /* The newest block is the largest: sizes only grow. */
    arena->newest = keep->older;
    tip_arena_deinit(arena);
    wipe(keep->data, keep->used);
    keep->used = 0;
    keep->older = NULL;
    arena->newest = keep;
}

/* Make a block with room for @size; blocks double, so their number is small. */
static struct tip_arena_block *block_add(struct tip_arena *arena, size_t size)
{
    size_t share = arena->used_bytes_max / FIRST_SHARE;
    size_t first = share < FIRST_BYTES_MAX ? share : FIRST_BYTES_MAX;
    size_t capacity =
        arena->newest == NULL ? first : arena->newest->capacity * 2;
    struct tip_arena_block *block;

    if (capacity < size) {
        capacity = size;
    }
    block = calloc(1, sizeof *block + capacity);
    if (block == NULL) {
        return NULL;
    }
    block->capacity = capacity;
    block->older = arena->newest;
    arena->newest = block;
    return block;
}

void *tip_arena_alloc(struct tip_arena *arena, size_t size)
{
    const size_t align = alignof(max_align_t);
    struct tip_arena_block *block = arena->newest;
    void *memory;

    if (size > SIZE_MAX - align) {
        return NULL;
    }
    size = (size + align - 1) / align * align;
    if (size > arena->used_bytes_max - arena->used_bytes) {
        return NULL;
    }
    if (block == NULL || block->capacity - block->used < size) {
        block = block_add(arena, size);
        if (block == NULL) {
            return NULL;
        }
    }
    memory = block->data + block->used;
    block->used += size;
    arena->used_bytes += size;
    return memory;
}

void *tip_arena_alloc_array(struct tip_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    return tip_arena_alloc(arena, count * size);
}

enum tip_err tip_arena_copy(struct tip_arena *arena, struct tip_bytes bytes,
                            struct tip_bytes *out_copy)
{
    uint8_t *copy = tip_arena_alloc(arena, bytes.size);

    if (copy == NULL) {
        return TIP_ENOMEM;
    }
    if (bytes.size != 0) {
        memcpy(copy, bytes.data, bytes.size);
    }
    *out_copy = tip_bytes(copy, bytes.size);
    return TIP_OK;
}
