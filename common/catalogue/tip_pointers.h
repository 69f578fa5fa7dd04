/* Private to this folder: arrays of pointers in an arena. */
#ifndef TIP_POINTERS_H
#define TIP_POINTERS_H

#include "tip_arena.h"

/** Room for @count pointers to objects, all NULL; NULL as tip_arena_alloc. */
static inline void *tip_pointers_alloc(struct tip_arena *arena, size_t count)
{
    return tip_arena_alloc_array(arena, count, sizeof(void *));
}

#endif /* TIP_POINTERS_H */
