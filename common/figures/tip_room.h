/* Internal: room in an array that grows. */
#ifndef TIP_ROOM_H
#define TIP_ROOM_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "tip_err.h"

/**
 * Return @array, moved if need be, with room for @needed items of @size bytes;
 * *@max says how many fit now. NULL when memory is exhausted: the old array is
 * then as it was and still the caller's.
 */
static inline void *tip_room(void *array, size_t needed, size_t *max,
                             size_t size)
{
    size_t next = *max == 0 ? 16 : *max;
    void *moved;

    if (needed <= *max && array != NULL) {
        return array;
    }
    while (next < needed) {
        if (next > SIZE_MAX / 2 / size) {
            return NULL;
        }
        next += next / 2;
    }
    moved = realloc(array, next * size);
    if (moved != NULL) {
        *max = next;
    }
    return moved;
}

#endif /* TIP_ROOM_H */
