/* Numbers one after the other, as a hostile peer or a rotten store says them.
 */
#ifndef WIRE_NUMBERS_H
#define WIRE_NUMBERS_H

#include "tip_buf.h"

static inline void put_numbers(struct tip_buf *buf, const uint64_t *numbers,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tip_buf_put_varint(buf, numbers[i]);
    }
}

#define PUT_NUMBERS(buf_, ...)                           \
    put_numbers((buf_), (const uint64_t[]){__VA_ARGS__}, \
                sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

#endif /* WIRE_NUMBERS_H */
