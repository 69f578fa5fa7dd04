/*
 * A bump allocator with a hard cap: many small allocations, one release.
 *
 * Decoders of foreign bytes allocate here, so that the worst a hostile input
 * can do is TIP_ENOMEM at a size we chose. Memory comes zeroed and is zeroed
 * again before it goes back, because what is decoded may name people.
 */
#ifndef TIP_ARENA_H
#define TIP_ARENA_H

#include <stddef.h>

#include "tip_bytes.h"
#include "tip_err.h"

struct tip_arena_block;

/** Caller-allocated; owns its blocks. Not thread-safe. */
struct tip_arena {
    struct tip_arena_block *newest; /* Owned list. */
    size_t used_bytes;              /* Handed out since the last clear. */
    size_t used_bytes_max;          /* What may be handed out. */
};

/** Start empty; allocates nothing yet. Never hands out over @bytes_max. */
void tip_arena_init(struct tip_arena *arena, size_t bytes_max);

/** Release everything. The arena must be initialised again before use. */
void tip_arena_deinit(struct tip_arena *arena);

/** Forget every allocation, keep one block for reuse. */
void tip_arena_clear(struct tip_arena *arena);

/**
 * Return @size zeroed bytes aligned for any type, valid until clear or deinit;
 * NULL when the cap or memory is exhausted. @size 0 gives a valid pointer.
 */
void *tip_arena_alloc(struct tip_arena *arena, size_t size);

/** The same for an array; NULL also when @count * @size overflows. */
void *tip_arena_alloc_array(struct tip_arena *arena, size_t count, size_t size);

/** Copy @bytes into the arena; @out_copy is unchanged on TIP_ENOMEM. */
TIP_MUST_USE enum tip_err tip_arena_copy(struct tip_arena *arena,
                                         struct tip_bytes bytes,
                                         struct tip_bytes *out_copy);

#endif /* TIP_ARENA_H */
