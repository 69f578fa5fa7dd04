/* Arrays that grow; a test program without memory just ends. */
#ifndef SIM_MEMORY_H
#define SIM_MEMORY_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/** @array with room for one more than @count; it may have moved. */
static inline void *sim_memory_room(void *array, size_t count, size_t *capacity,
                                    size_t size)
{
    void *grown = array;

    if (count == *capacity) {
        *capacity = count == 0 ? 64 : 2 * count;
        grown = realloc(array, *capacity * size);
    }
    if (grown == NULL) {
        perror("tip_sim");
        exit(EXIT_FAILURE);
    }
    return grown;
}

#endif /* SIM_MEMORY_H */
