/* Binary search in an array of structs sorted by their number, the first
 * member of each. */
#ifndef TIP_FIND_H
#define TIP_FIND_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** The element whose number is @number, or NULL; elements are @size bytes. */
static inline const void *tip_find_number(const void *array, size_t count,
                                          size_t size, uint32_t number)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *element = (const char *)array + middle * size;
        uint32_t at;

        memcpy(&at, element, sizeof at);
        if (at == number) {
            return element;
        }
        if (at < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

#endif /* TIP_FIND_H */
