/* Does something notice every single flipped bit? */
#ifndef TIP_FLIP_H
#define TIP_FLIP_H

#include <stddef.h>
#include <stdint.h>

/* For every bit of the @size bytes at @bytes: flip it, run the statements that
 * follow, flip it back. */
#define TIP_FOR_EACH_FLIPPED_BIT(bytes, size)                        \
    for (size_t bit_ = 0;                                            \
         bit_ < (size)*8 && ((bytes)[bit_ / 8] ^= TIP_BIT(bit_), 1); \
         (bytes)[bit_ / 8] ^= TIP_BIT(bit_), bit_++)

#define TIP_BIT(bit) ((uint8_t)(1U << (bit) % 8))

#endif /* TIP_FLIP_H */
